"""Windows of the browser that one test after the other uses.

    windows = Windows(browser)
    window = windows.lend({"color_scheme": "dark"})
    window.page.goto(address)
    windows.take_back(window, {"color_scheme": "dark"})

A new window costs a processor five times what a new page in an old one does. What a
test could leave behind is taken out of it, or the window is closed (see `tidy`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from browser.chromium import HERE, open_context, watch
from playwright.sync_api import Browser, Error, Page


@dataclass
class Window:
    """A window of the browser that one test after the other may use.

    Attributes:
        page: its only page.
        size: the width and height it was made with, in pixels.
        external: addresses asked for outside this computer, in the test that has it.
        errors: uncaught errors of the page, in the test that has it.
    """

    page: Page
    size: dict[str, int] | None
    external: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def tidy(self) -> bool:
        """Make it as good as new; return whether that is so.

        Gone are the page with its sounds and timers, what it stored, and that the
        user has ever touched it. A window with a key or a finger still down, with
        another page, another size or a reloaded page is not as good as new.
        """
        context = self.page.context
        try:
            is_left = self.page.evaluate(
                """() => {
                    localStorage.clear();
                    sessionStorage.clear();
                    const [{ type }] = performance.getEntriesByType("navigation");
                    return window.held.size > 0 || type !== "navigate";
                }"""
            )
            is_alone = context.pages == [self.page]
            if is_left or not is_alone or self.page.viewport_size != self.size:
                return False
            context.clear_cookies()
            self.page.goto("about:blank")  # another origin: no user activation is left
            self.page.mouse.move(0, 0)
        except Error:
            return False
        self.external.clear()
        self.errors.clear()
        return True


class Windows:
    """Windows of one browser: lent, tidied and lent again.

    Args:
        browser: where they are opened.
        scripts: files beside this one that run before each page does.
    """

    def __init__(self, browser: Browser, scripts: Sequence[str] = ("held.js",)) -> None:
        self.browser = browser
        self.scripts = scripts
        self.idle: dict[str, list[Window]] = {}

    def open(self, options: dict, script: str = "") -> Window:
        """Open a new window; `script` runs before its pages do."""
        context = open_context(self.browser, **options)
        for name in self.scripts:
            context.add_init_script(path=HERE / name)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        window = Window(page, page.viewport_size)
        watch(page, window.external, window.errors)
        return window

    def lend(self, options: dict) -> Window:
        """Return a window that was made with these options, and is as good as new."""
        idle = self.idle.get(json.dumps(options, sort_keys=True))
        return idle.pop() if idle else self.open(options)

    def take_back(self, window: Window, options: dict) -> None:
        """Keep a window for the next test, if it can be made as good as new."""
        if window.tidy():
            key = json.dumps(options, sort_keys=True)
            self.idle.setdefault(key, []).append(window)
        else:
            window.page.context.close()

    def close(self) -> None:
        """Close those that nobody has."""
        for windows in self.idle.values():
            for window in windows:
                window.page.context.close()

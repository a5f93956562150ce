"""Chromium without a window: where it is, how it is started, what it asks for.

from browser.chromium import CHROMIUM_OPTIONS, find_chromium, open_context, watch
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

HERE = Path(__file__).parent
CHROMIUM_PLACES = (
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # ms; a condition that will never hold costs this, on any machine
LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "::1", ""}


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome, or None. CHROMIUM names one to use."""
    chosen = os.environ.get("CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    found = [chosen] if chosen else [*map(shutil.which, names), *CHROMIUM_PLACES]
    return next((str(path) for path in found if path and Path(path).exists()), None)


def is_external(url: str) -> bool:
    """Whether a request leaves this computer."""
    parts = urlsplit(url)
    if parts.scheme in ("data", "blob", "about", "chrome"):
        return False
    return (parts.hostname or "") not in LOCAL_HOSTS


def open_context(browser: Browser, fake_midi: bool = True, **options) -> BrowserContext:
    """Open a browser window of its own, with patience and a made-up MIDI keyboard."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    if fake_midi:
        context.add_init_script(path=HERE / "fake_midi.js")
    return context


def watch(page: Page, external: list[str], errors: list[str]) -> None:
    """Note every request that leaves this computer and every uncaught error."""
    page.on(
        "request",
        lambda request: (
            external.append(request.url) if is_external(request.url) else None
        ),
    )
    page.on(
        "websocket", lambda ws: external.append(ws.url) if is_external(ws.url) else 0
    )
    page.on("pageerror", lambda error: errors.append(str(error)))

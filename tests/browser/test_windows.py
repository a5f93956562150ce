"""A window that one test leaves to the next is as good as new, or is not left to it."""

from __future__ import annotations

import pytest
from browser.widget_page import page_text
from browser.windows import Windows

LEAVINGS = {
    "a key held down": lambda page: page.keyboard.down("KeyB"),
    "a finger held down": lambda page: (page.mouse.move(40, 40), page.mouse.down()),
    "a second page": lambda page: page.context.new_page(),
    "another size": lambda page: page.set_viewport_size({"width": 380, "height": 700}),
    "a reloaded page": lambda page: page.reload(),
}


@pytest.fixture
def windows(browser):
    windows = Windows(browser)
    yield windows
    windows.close()


@pytest.fixture
def address(widget_server):
    """A page without any widget, which looks whether it was ever touched."""
    look = "data:text/javascript,self.touched=navigator.userActivation.hasBeenActive"
    text = page_text([], False).replace(b"stub_model.js", look.encode())
    widget_server.pages.append(text)
    number = len(widget_server.pages) - 1
    return f"http://127.0.0.1:{widget_server.server_port}/widget_page.html?{number}"


def test_nothing_of_the_last_test_is_left_in_it(windows, address):
    window = windows.lend({})
    page = window.page
    page.goto(address)
    page.evaluate("localStorage.setItem('device', 'Fake 32')")
    page.evaluate("window.leftover = setInterval(() => {}, 10)")
    page.locator("#elsewhere").click()
    page.keyboard.press("KeyB")
    page.evaluate("setTimeout(() => { throw new Error('of this test'); })")
    page.wait_for_event("pageerror")
    windows.take_back(window, {})

    assert windows.lend({}) is window
    page.goto(address)
    assert window.errors == []
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("touched") is False
    assert page.evaluate("[typeof leftover, held.size]") == ["undefined", 0]


def test_a_window_is_lent_to_those_who_ask_for_such_a_one(windows, address):
    window = windows.lend({})
    window.page.goto(address)
    windows.take_back(window, {})
    assert windows.lend({"color_scheme": "dark"}) is not window


@pytest.mark.parametrize("name", LEAVINGS)
def test_a_window_that_is_not_as_good_as_new_is_closed(windows, address, name):
    window = windows.lend({})
    window.page.goto(address)
    LEAVINGS[name](window.page)
    windows.take_back(window, {})
    assert windows.lend({}) is not window
    assert window.page.is_closed()

"""The sliders in Chromium: by hand, by keys, and what Python says."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import Sliders

pytestmark = pytest.mark.browser


def scale(order, temperature):
    return Score.from_notes([(0, 60 + order, 4)], title=f"order {order}")


@pytest.fixture
def page(open_widget):
    return open_widget(
        Sliders(scale, order=(1, 6, 3), temperature=(0.2, 2.0, 1.0)).panel
    )


def test_each_slider_has_a_name_and_a_number(page):
    order = page.get_by_role("slider", name="Order")
    warmth = page.get_by_role("slider", name="Temperature")
    assert order.get_attribute("aria-valuetext") == "3"
    assert warmth.get_attribute("aria-valuetext") == "1.00"
    assert page.get_by_role("status").inner_text() == "order 3"


def test_an_arrow_key_moves_a_slider_and_tells_python(page):
    page.get_by_role("slider", name="Order").press("ArrowRight")
    assert page.evaluate("model.get('values')") == {"order": 4, "temperature": 1}
    page.get_by_role("slider", name="Temperature").press("ArrowLeft")
    assert page.evaluate("model.get('values')") == {"order": 4, "temperature": 0.95}


def test_a_slider_ends_where_its_range_ends(page):
    page.get_by_role("slider", name="Order").press("End")
    page.get_by_role("slider", name="Order").press("ArrowRight")
    assert page.evaluate("model.get('values').order") == 6


def test_python_is_told_when_the_hand_lets_go(page):
    box = page.get_by_role("slider", name="Order").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.4, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, middle, steps=4)
    assert page.locator(".dc-amount").first.inner_text() == "6"
    assert page.evaluate("model.get('values').order") == 3
    page.mouse.up()
    assert page.evaluate("model.get('values').order") == 6


def test_a_menu_a_field_and_a_box_tell_python_by_keys_alone(open_widget):
    def make(mode, bars, is_loud):
        return scale(0, 1)

    panel = Sliders(make, mode=("repair", "vary"), bars="5-8", is_loud=True).panel
    page = open_widget(panel)
    page.get_by_label("Mode").press("ArrowDown")
    page.get_by_label("Bars").fill("3")
    page.get_by_label("Bars").press("Enter")
    page.get_by_label("Is loud").press("Space")
    expected = {"mode": "vary", "bars": "3", "is_loud": False}
    assert page.evaluate("model.get('values')") == expected
    page.evaluate("model.set('values', {mode: 'repair', bars: '', is_loud: true})")
    expect(page.get_by_label("Mode")).to_have_value("repair")
    expect(page.get_by_label("Bars")).to_have_value("")
    expect(page.get_by_label("Is loud")).to_be_checked()


def test_what_python_sets_is_shown(page):
    page.evaluate(
        """() => {
            model.set("values", { order: 2, temperature: 0.5 });
            model.set("status", "There is nothing to hear.");
        }"""
    )
    assert page.get_by_role("slider", name="Order").input_value() == "2"
    assert page.locator(".dc-amount").last.inner_text() == "0.50"
    assert page.get_by_role("status").inner_text() == "There is nothing to hear."

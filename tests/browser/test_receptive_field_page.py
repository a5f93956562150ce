"""ReceptiveField in Chromium on a plain page: what it says, keys, mouse, sound."""

from __future__ import annotations

import pytest
from browser.listening import RECORDER, level, recording, start_recording
from playwright.sync_api import expect

from deepcomposer_edu.widgets import ReceptiveField

pytestmark = pytest.mark.browser


@pytest.fixture(name="page")
def page_fixture(open_widget):
    return open_widget(ReceptiveField(lag=5))


def slide(page, name, value):
    page.get_by_label(name, exact=True).fill(str(value))


def status(page):
    return page.locator(".dc-status")


def numbers(page):
    return page.locator(".dc-number")


def trait(page, name, value):
    page.wait_for_function(f"model.get('{name}') === {value}")


def test_the_field_is_told_in_samples_milliseconds_and_beats(page):
    expect(numbers(page)).to_have_text(["16", "1", "0.002"])
    slide(page, "Layers of a block", 10)
    page.get_by_label("Sample rate").select_option("8000")
    expect(numbers(page)).to_have_text(["1,024", "128", "0.26"])
    slide(page, "Tempo (beats a minute)", 60)
    expect(numbers(page)).to_have_text(["1,024", "128", "0.13"])


def test_one_path_gaps_and_several_paths_are_said(page):
    rule = page.locator(".dc-rule")
    expect(rule).to_contain_text("all 16 inputs with one path")
    slide(page, "Dilation factor", 3)
    expect(rule).to_contain_text("smaller than factor 3")
    expect(rule).to_contain_text("with no path: a gap")
    slide(page, "Dilation factor", 2)
    slide(page, "Blocks", 2)
    expect(rule).to_contain_text("with several paths")
    expect(rule).to_contain_text("comes 2 times")


def test_keys_choose_inputs_and_outputs(page):
    tree = page.get_by_role("application")
    tree.focus()
    for key, lag, words in (
        ("ArrowLeft", 6, "The input 6 samples back reaches the output on 1 path."),
        ("End", 0, "The newest input reaches"),
        ("Home", 18, "3 samples before the field"),
    ):
        page.keyboard.press(key)
        trait(page, "lag", lag)
        expect(status(page)).to_contain_text(words)
    page.keyboard.press("PageUp")
    trait(page, "output", 1)
    page.keyboard.press("End")
    trait(page, "lag", -1)
    expect(status(page)).to_contain_text("the stack is causal")
    spoken = tree.get_attribute("aria-label")
    assert spoken.startswith("Stack of 4 layers over 16 inputs. This input comes 1")
    assert "Arrow keys choose another input" in spoken


def test_keys_faster_than_the_screen_count_one_by_one(page):
    page.evaluate(
        """() => {
          const tree = document.querySelector("[role=application]");
          for (const key of ["PageUp", "PageUp", "ArrowLeft", "ArrowLeft", "End"]) {
            tree.dispatchEvent(new KeyboardEvent("keydown", { key }));
            if (key !== "ArrowLeft") continue;
            window.lags = [...(window.lags || []), model.get("lag")];
          }
        }"""
    )
    assert page.evaluate("lags") == [6, 7]
    trait(page, "output", 2)
    trait(page, "lag", -2)


def test_a_click_below_chooses_an_input_and_one_on_top_an_output(page):
    box = page.locator(".dc-tree").bounding_box()
    right = box["x"] + box["width"]
    page.mouse.click(right - 30, box["y"] + box["height"] - 20)
    trait(page, "lag", 0)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20)
    page.wait_for_function("model.get('lag') > 5")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 12)
    trait(page, "output", 3)  # the last that still shows the whole field


def test_the_lit_cells_are_drawn(page):
    dark = """() => {
      const canvas = document.querySelector(".dc-tree canvas");
      const [width, height] = [canvas.width, canvas.height];
      const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
      let n = 0;
      for (let i = 0; i < data.length; i += 4) n += data[i] < 30 && data[i + 2] > 120;
      return n;
    }"""  # deep blue: cells that reach the output, and bars of one path
    page.wait_for_function(f"({dark})() > 500")
    before = page.evaluate(dark)
    slide(page, "Layers of a block", 1)
    page.wait_for_function(f"({dark})() < {before} / 2")


def test_a_field_too_long_to_draw_is_told_in_numbers(page):
    slide(page, "Layers of a block", 10)
    slide(page, "Kernel (taps)", 4)
    slide(page, "Dilation factor", 4)
    expect(numbers(page).first).to_have_text("1,048,576")
    expect(page.locator(".dc-tree")).to_be_hidden()
    expect(status(page)).to_contain_text("not drawn")
    slide(page, "Dilation factor", 2)
    expect(page.locator(".dc-tree")).to_be_visible()


def test_a_hundred_layers_and_more_are_drawn(page):
    slide(page, "Layers of a block", 10)
    slide(page, "Blocks", 12)
    expect(numbers(page)).to_have_text(["12,277", "767", "1.5"])
    expect(page.locator(".dc-rule")).to_contain_text("at most about 5.1 × 10³²")
    page.get_by_label("Input (samples back)").fill("12000")
    expect(status(page)).to_contain_text("on about 2.2 × 10¹⁹ paths")


def test_close_up_is_there_for_long_fields_only(page):
    close = page.get_by_role("button", name="Show the newest 40 columns only")
    expect(close).to_be_hidden()
    slide(page, "Layers of a block", 7)
    close.click()
    expect(close).to_have_attribute("aria-pressed", "true")


def test_python_changes_the_stack(page):
    page.evaluate("model.set('kernel', 3); model.set('n_layers', 2)")
    expect(numbers(page).first).to_have_text("7")
    expect(page.get_by_label("Kernel (taps)", exact=True)).to_have_value("3")


def test_the_field_is_heard_and_stops(open_widget):
    # four slow beats, twelve seconds: time enough to press Stop on a slow machine
    scope = ReceptiveField(n_layers=10, n_blocks=16, sample_rate=8000, tempo=20)
    page = open_widget(scope, sampled=True, script=RECORDER)
    start_recording(page)
    page.get_by_role("button", name="Hear four beats").click()
    samples, _ = recording(page, 0.4)
    assert level(samples) > -40
    page.get_by_role("button", name="Stop the sound").click()
    expect(page.get_by_role("button", name="Hear four beats")).to_be_visible()

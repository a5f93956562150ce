"""The studio's panels on a plain page: what a hand does, and what Python is told."""

from __future__ import annotations

import pytest
from browser.studio_page import (  # noqa: F401  (fixtures, see there)
    a_wavenet_fixture,
    change,
    session_fixture,
    show_fixture,
    told,
    unfold,
)
from playwright.sync_api import expect

from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.widgets.studio import Studio
from deepcomposer_edu.widgets.studio_panel import PANELS, StudioPanel, panel_view

pytestmark = pytest.mark.browser


def test_a_tune_is_chosen_in_the_menu(show):
    page = show("melody")
    page.get_by_label("Tune", exact=True).select_option("greensleeves")
    assert told(page) == [["choose_tune", {"name": "greensleeves"}]]


def test_the_tabs_are_walked_through_by_arrow_keys(show):
    page = show("melody")
    page.get_by_role("tab", name="Choose a tune").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Play it")).to_be_focused()
    assert told(page) == [["choose_tab", {"tab": "play"}]]


def test_a_file_goes_to_python_with_its_name(show):
    page = show("melody", {"tab": "file"})
    page.get_by_label("MIDI or MusicXML file").set_input_files(
        {"name": "my song.mid", "mimeType": "audio/midi", "buffer": b"MThd and more"}
    )
    page.wait_for_function("model.sent.some(m => m.action === 'open_file')")
    assert told(page)[-1] == ["open_file", {"name": "my song.mid"}]


def test_a_file_that_is_too_large_is_refused_before_it_travels(show):
    page = show("melody", {"tab": "file", "max_bytes": 5})
    page.get_by_label("MIDI or MusicXML file").set_input_files(
        {"name": "big.mid", "mimeType": "audio/midi", "buffer": b"MThd and more"}
    )
    expect(page.get_by_role("alert")).to_contain_text("big.mid has 13 bytes")
    assert told(page) == []


def test_the_melody_is_heard_and_the_line_runs_with_it(show):
    page = show("desk")
    page.get_by_role("button", name="Hear the melody").click()
    page.wait_for_function("window.loudness() > 0.005")
    line = page.locator(".dc-strip-head")
    page.wait_for_function(
        "Number(document.querySelector('.dc-strip-head').getAttribute('x1')) > 1"
    )
    page.get_by_role("button", name="Stop the melody").click()
    expect(line).to_be_hidden()
    page.wait_for_function("window.loudness() < 0.0005")


def test_the_melody_is_moved_from_where_it_is(show):
    page = show("desk", {"shift": 3})
    page.get_by_text("Change it").click()
    expect(page.locator(".dc-shift")).to_have_text("up 3 semitones")
    page.get_by_role("button", name="Move the melody up").click()
    assert told(page) == [["move", {"semitones": 4}]]


def test_a_style_is_chosen_by_keys_alone(show):
    page = show("compose")
    page.locator("input[value=bach]").focus()
    page.keyboard.press("ArrowRight")
    (action, values), *_ = told(page)
    assert action == "choose_genre"
    assert values["name"] != "bach"


def test_a_slider_tells_python_once_and_shows_its_value_at_once(show):
    page = show("compose")
    page.get_by_text("More: seed").click()
    slider = page.get_by_role("slider", name="Temperature")
    slider.focus()
    page.keyboard.press("End")
    assert told(page) == [["turn", {"name": "temperature", "value": 5}]]
    value = slider.locator("xpath=following-sibling::output")
    expect(value).to_have_text("5")


def test_every_slider_shows_the_line_of_code_that_it_changes(show):
    page = show("compose")
    page.get_by_text("More: seed").click()
    link = page.get_by_role("button", name="Show the code that Temperature changes")
    link.click()
    expect(link).to_have_attribute("aria-expanded", "true")
    marked = page.locator("mark.dc-code-line:visible")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("temperature *")


def test_the_voices_and_bars_that_may_be_edited_are_typed(open_widget, tmp_path):
    session = Session(tmp_path, technique="ar-cnn")
    view = panel_view("compose", session)
    page = open_widget(StudioPanel("compose", view, lambda *_: None))
    page.get_by_text("More: seed").click()
    page.get_by_label("What to do", exact=True).select_option("repair")
    bars = page.get_by_label("Bars to change", exact=True)
    expect(bars).to_have_attribute("placeholder", "3, 5-8")
    bars.fill("3, 5-8")
    bars.press("Enter")
    page.get_by_label("Notes to keep", exact=True).fill("bass 5:1")
    page.get_by_label("Voices to change", exact=True).focus()
    assert told(page) == [
        ["turn", {"name": "mode", "value": "repair"}],
        ["turn", {"name": "bars", "value": "3, 5-8"}],
        ["turn", {"name": "keep", "value": "bass 5:1"}],
    ]
    # what is being typed is not taken away, what was refused is once one leaves
    voices = page.get_by_label("Voices to change", exact=True)
    voices.fill("viola")
    change(page, seed=2)
    expect(voices).to_have_value("viola")
    bars.focus()
    change(page, seed=3)
    expect(voices).to_have_value("")


def test_while_it_composes_there_is_progress_and_a_way_out(show):
    page = show("compose")
    change(page, busy={"share": 0.4, "words": "part 2 of 5"})
    bar = page.get_by_role("progressbar", name="Composing")
    expect(bar).to_have_attribute("aria-valuenow", "40")
    compose = page.get_by_role("button", name="Compose", exact=True)
    expect(compose).to_be_disabled()
    page.get_by_role("button", name="Cancel").click()
    assert told(page) == [["cancel", {}]]
    change(page, busy=None)
    expect(bar).to_be_hidden()
    expect(compose).to_be_enabled()


def test_a_version_is_renamed_by_enter_and_left_by_escape(show):
    page = show("listen")
    page.get_by_role("button", name="Rename Version 1").click()
    page.keyboard.type("The calm one")
    page.keyboard.press("Escape")
    assert told(page) == []
    page.get_by_role("button", name="Rename Version 1").click()
    page.keyboard.type("The calm one")
    page.keyboard.press("Enter")
    ((action, values),) = told(page)
    assert (action, values["text"]) == ("rename", "The calm one")


def test_a_comparison_is_begun_heard_and_ended(show, session):
    page = show("listen")
    page.get_by_role("button", name="Compare with Version 1").click()
    first = session.versions.list()[0].id
    assert told(page) == [["compare", {"id": first}]]
    change(page, compared=first, a="Version 2", b="Version 1", heard="a")
    a = page.get_by_role("button", name="Hear A: Version 2")
    expect(a).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Hear B: Version 1").click()
    page.get_by_role("button", name="Stop comparing", exact=True).click()
    assert told(page)[1:] == [["hear", {"which": "b"}], ["compare", {"id": None}]]


def test_the_chosen_parts_are_saved(show):
    page = show("keep")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    save = page.get_by_role("button", name="Save the chosen files")
    expect(save).to_be_disabled()
    page.get_by_role("checkbox", name="MusicXML").check()
    save.click()
    assert told(page)[-1] == ["save", {"parts": ["musicxml"]}]


def test_a_file_comes_out_through_the_browser(show):
    page = show("keep")
    with page.expect_download() as download:
        page.evaluate(
            """receive({kind: "file", name: "tune-1.mid"},
                [new DataView(new TextEncoder().encode("MThd").buffer)])"""
        )
    assert download.value.suggested_filename == "tune-1.mid"
    with open(download.value.path(), "rb") as file:  # noqa: PTH123 - given as text
        assert file.read() == b"MThd"


@pytest.mark.parametrize("panel", [name for name in PANELS if name != "head"])
def test_without_python_nothing_can_be_pressed_that_needs_it(show, panel, a_wavenet):
    page = show(panel)
    unfold(page)
    page.evaluate("loseKernel()")
    for control in page.locator("[data-needs-python]").all():
        expect(control).to_be_disabled()
    assert page.locator("[data-needs-python]").count() > 1


def test_what_was_composed_before_the_kernel_died_is_still_to_be_read(show):
    page = show("listen")
    page.evaluate("loseKernel()")
    expect(page.locator(".dc-version")).to_have_count(2)


OFFERED = "globalThis[Symbol.for('deepcomposer-edu.controls')].list().map(c => c.name)"


def test_a_midi_knob_can_be_taught_to_turn_a_slider(show):
    page = show("compose")
    assert "studio.temperature" in page.evaluate(OFFERED)
    page.evaluate(
        "globalThis[Symbol.for('deepcomposer-edu.controls')]"
        ".find('studio.temperature').set(1)"
    )
    assert told(page) == [["turn", {"name": "temperature", "value": 5}]]


def test_taken_down_it_offers_nothing_to_midi_knobs(show):
    page = show("compose")
    page.evaluate("takeDown()")
    assert page.evaluate(OFFERED) == []


def test_a_step_in_the_head_leads_to_its_panel(open_widget, session):
    studio = Studio(session.folder)
    page = open_widget(studio, viewport={"width": 900, "height": 600})
    page.get_by_role("navigation").get_by_role("button", name="Keep").click()
    keep = page.locator(".dc-studio-keep")
    expect(keep).to_be_in_viewport()
    page.wait_for_function(
        "document.querySelector('.dc-studio-keep').contains(document.activeElement)"
    )
    studio.close()

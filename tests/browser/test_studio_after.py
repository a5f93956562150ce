"""What stands below the studio's player, on a plain page.

To arrange, to mend, to publish, to ask.
"""

from __future__ import annotations

import numpy as np
import pytest
from browser.accessibility import WCAG, broken_rules
from browser.studio_page import (  # noqa: F401  (fixtures, see there)
    a_wavenet_fixture,
    change,
    session_fixture,
    show_fixture,
    told,
    unfold,
)
from playwright.sync_api import expect

from deepcomposer_edu.widgets.studio_panel import StudioPanel, panel_view
from deepcomposer_edu.widgets.studio_raw import wav_bytes

pytestmark = pytest.mark.browser


def test_a_note_is_chosen_and_moved_to_ask_whether_it_listens(show):
    page = show("ask")
    page.get_by_text("Does it listen?").click()
    page.get_by_label("Note of the melody").select_option("7")
    page.get_by_label("Move it").fill("-3")
    expect(page.locator(".dc-beside output")).to_have_text("down 3 semitones")
    page.get_by_role("button", name="Ask the model").click()
    assert told(page) == [["ask", {"note": 7, "semitones": -3}]]


def test_a_version_is_made_again_from_its_recipe(show):
    page = show("ask")
    page.get_by_text("How this version came to be").click()
    page.get_by_role("button", name="Make this version again").click()
    assert told(page) == [["replay", {}]]


def test_a_minute_is_wished_for_by_keys_alone(show):
    page = show("arrange")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Seconds")).to_be_focused()
    page.keyboard.type("58")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Form")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("ABA")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Tempo")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # the other ending
    arrange = page.get_by_role("button", name="Arrange this version")
    arrange.focus()
    page.keyboard.press("Enter")
    assert told(page) == [
        ["wish", {"name": "seconds", "value": 58}],
        ["wish", {"name": "form", "value": "ABA"}],
        ["wish", {"name": "ending", "value": "none"}],
        ["arrange", {}],
    ]


def test_each_section_has_players_and_each_letter_its_music(show, session):
    page = show("arrange")
    unfold(page)
    section = page.get_by_role("group", name="Section B", exact=True)
    section.get_by_label("Melody").select_option(label="Oboe")
    section.get_by_label("Music").select_option(label="Version 1")
    varied = page.get_by_role("group", name="Section A'", exact=True)
    expect(varied.get_by_label("Music")).to_have_count(0)
    varied.get_by_label("Other voices").select_option(label="Church organ")
    varied.get_by_label("Other voices").select_option(label="as it is")
    first = session.versions.list()[0].id
    players = [
        {"section": "B", "place": "melody", "program": 68},
        {"section": "A'", "place": "others", "program": 19},
        {"section": "A'", "place": "others", "program": None},
    ]
    assert [v for action, v in told(page) if action == "choose_player"] == players
    assert ["choose_material", {"letter": "B", "id": first}] in told(page)


def test_what_was_refused_in_the_form_is_put_back(show):
    page = show("arrange")
    unfold(page)
    form = page.get_by_label("Form")
    page.evaluate(  # as JupyterLab does
        "document.addEventListener('keydown', event => {"
        " if (event.key === 'Enter') event.preventDefault(); }, true)"
    )
    form.fill("A1")
    form.press("Enter")
    assert told(page) == [["wish", {"name": "form", "value": "A1"}]]
    expect(form).to_be_focused()
    change(page, has_problem=True, status="The form is 'A1', but it must be letters.")
    expect(form).to_have_value("AABA")


def test_a_place_and_its_fix_are_heard_one_at_a_time(show):
    page = show("marks")
    unfold(page)
    page.get_by_role("button", name="Hear the place as it is").click()
    page.wait_for_function("window.loudness() > 0.005")
    page.get_by_role("button", name="Hear the place mended").click()
    expect(page.get_by_role("button", name="Hear the place as it is")).to_be_visible()
    page.wait_for_function("window.loudness() > 0.005")
    page.get_by_role("button", name="Stop the place mended").click()
    page.wait_for_function("window.loudness() < 0.0005")
    lit = page.locator(".dc-strip-note.dc-lit")
    assert lit.count() >= 2


def test_marks_are_walked_through_and_chosen_by_keys(show, session):
    page = show("marks")
    unfold(page)
    marks = page.get_by_role("list", name="Places that a teacher would mark")
    rows = marks.get_by_role("button")
    expect(rows.nth(session.mark)).to_have_attribute("aria-pressed", "true")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Use the fix").focus()
    page.keyboard.press("Enter")
    assert told(page) == [["choose_mark", {"number": 1}], ["use_fix", {}]]
    # the version with the fix has other marks: one goes on at their beginning
    change(page, marks=["bar 2, beat 1: alto leaps"], mark=None, chosen=None)
    expect(rows.first).to_be_focused()
    expect(page.get_by_role("group", name="The chosen place")).to_be_hidden()


def test_nothing_is_looked_for_before_it_is_asked_for(show):
    page = show("marks", {"is_looked": False, "marks": [], "chosen": None})
    unfold(page)
    expect(page.get_by_role("button", name="Mend all")).to_be_hidden()
    page.get_by_role("button", name="Look for marks").click()
    assert told(page) == [["look", {}]]


def test_the_versions_on_the_page_are_ticked(show, session):
    page = show("publish")
    unfold(page)
    first, second = session.versions.list()
    boxes = page.get_by_role("checkbox")
    expect(boxes.nth(1)).to_be_checked()
    boxes.first.check()
    page.get_by_label("Title").fill("Two pieces")
    page.get_by_label("By").fill("Learner 1")
    page.get_by_role("button", name="Write the page").click()
    said = {"title": "Two pieces", "by": "Learner 1", "licence": ""}
    both = {"ids": [first.id, second.id], "current": second.id}
    assert told(page) == [["publish", both | said]]
    change(page, busy={"share": 0.5, "words": "writing"})
    expect(boxes.first).to_be_checked()  # what was ticked and typed stays
    expect(page.get_by_label("Title")).to_have_value("Two pieces")
    change(page, busy=None, files=["index.html"], folder="The page lies in pages.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the page").click()
        page.evaluate(
            """receive({kind: "file", name: "two-pieces.zip"},
                [new DataView(new TextEncoder().encode("PK").buffer)])"""
        )
    assert download.value.suggested_filename == "two-pieces.zip"
    assert told(page)[-1] == ["download_page", {}]


def test_a_network_is_chosen_for_each_voice_and_python_is_told(show, a_wavenet):
    page = show("raw")
    page.get_by_text("Played by a network", exact=True).click()
    make = page.get_by_role("button", name="Make the sound with these networks")
    expect(make).to_be_disabled()
    page.get_by_label("Bass").select_option(label="WaveNet: organ")
    page.get_by_label("Alto").focus()
    page.keyboard.press("W")  # the first that begins so
    make.click()
    chosen = ["", "wavenet:organ", "", "wavenet:organ"]
    assert told(page) == [["play_raw", {"timbres": chosen}]]
    change(page, busy={"share": 0.4, "words": "the network makes the sound"})
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "40")
    page.get_by_role("button", name="Cancel making the sound").click()
    assert told(page)[-1] == ["cancel", {}]


def test_the_sound_that_a_network_made_can_be_played_and_goes_with_its_version(
    show, a_wavenet
):
    page = show("raw")
    page.get_by_text("Played by a network", exact=True).click()
    sound = page.get_by_label("The version, played by networks")
    expect(sound).to_be_hidden()
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(8_000) / 16_000)
    content = list(wav_bytes(np.stack([wave, wave], axis=1).astype(np.float32)))
    page.evaluate(
        """bytes => receive({kind: "sound"},
            [new DataView(new Uint8Array(bytes).buffer)])""",
        content,
    )
    expect(sound).to_be_visible()
    page.wait_for_function("document.querySelector('audio').duration === 0.5")
    change(page, version="another")
    expect(sound).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_opened_panels_break_no_accessibility_rule_and_fit_a_phone(
    open_widget, session, scheme
):
    few = {"families": [["Piano", ["Grand piano"]]]}  # a long menu takes axe seconds
    panels = [
        StudioPanel(name, panel_view(name, session) | few, lambda *_: None)
        for name in ("arrange", "marks", "publish", "ask")
    ]
    page = open_widget(
        *panels, viewport={"width": 380, "height": 740}, color_scheme=scheme
    )
    unfold(page)
    assert broken_rules(page, ".dc-studio", WCAG) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 380

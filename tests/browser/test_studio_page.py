"""The studio's panels on a plain page: what a hand does, and what Python is told."""

from __future__ import annotations

import json

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from deepcomposer_edu.compose.session import Session
from deepcomposer_edu.widgets import studio_views as views
from deepcomposer_edu.widgets.studio import Studio, StudioPanel
from deepcomposer_edu.widgets.studio_arrange import arrange_view
from deepcomposer_edu.widgets.studio_marks import marks_view
from deepcomposer_edu.widgets.studio_publish import publish_view
from deepcomposer_edu.widgets.studio_raw import raw_view, wav_bytes

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """Two versions, made without a network; a mark of the second one is mended."""
    session = Session(tmp_path_factory.mktemp("studio"), technique="random")
    session.compose()
    session.try_again()
    session.choose_technique("wgan")
    session.look()
    for number in range(len(session.marks.faults)):
        session.choose_mark(number)
        if session.find_fix() is not None:
            break
    return session


@pytest.fixture
def show(open_widget, session):
    """Return a function that shows one panel of the session."""

    def shown(panel, changes=None, **options):
        view = {
            "head": lambda: views.head_view(session),
            "melody": lambda: views.melody_view(session, "tune"),
            "desk": lambda: views.desk_view(session, False),
            "compose": lambda: views.compose_view(session, None),
            "listen": lambda: views.listen_view(session),
            "arrange": lambda: arrange_view(session, None),
            "marks": lambda: marks_view(session, None),
            "publish": lambda: publish_view(session, None),
            "ask": lambda: views.ask_view(session, None),
            "raw": lambda: raw_view(session, None),
            "keep": lambda: views.keep_view(session, None),
        }[panel]()
        widget = StudioPanel(panel, view | (changes or {}), lambda *_: None)
        return open_widget(widget, **options)

    return shown


def told(page):
    """Return what Python was told: (action, values) of each."""
    return page.evaluate(
        "model.sent.filter(m => m.kind === 'do').map(m => [m.action, m.values])"
    )


def change(page, **values):
    """Let Python change what the panel shows."""
    page.evaluate("v => model.set('view', {...model.get('view'), ...v})", values)


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
    view = views.compose_view(session, None)
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


def test_a_note_is_chosen_and_moved_to_ask_whether_it_listens(show):
    page = show("ask")
    page.get_by_text("Does it listen?").click()
    page.get_by_label("Note of the melody").select_option("7")
    page.get_by_label("Move it").fill("-3")
    expect(page.locator(".dc-beside output")).to_have_text("down 3 semitones")
    page.get_by_role("button", name="Ask the model").click()
    assert told(page) == [["ask", {"note": 7, "semitones": -3}]]


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


@pytest.fixture
def a_wavenet(tmp_path, monkeypatch):
    """What stands beside the weights of a network that plays notes."""
    about = {"config": {"instruments": ["organ", "space-lead"]}, "sha256": "ab"}
    (tmp_path / "wavenet-notes.json").write_text(json.dumps(about))
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(tmp_path))


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


@pytest.mark.parametrize(
    "panel",
    [
        *("melody", "desk", "compose", "listen", "arrange", "marks", "raw", "ask"),
        *("keep", "publish"),
    ],
)
def test_without_python_nothing_can_be_pressed_that_needs_it(show, panel, a_wavenet):
    page = show(panel)
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true; })"
    )
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


# --- the arranger, a teacher's marks, publishing


def unfold(page):
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true; })"
    )


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


def test_a_version_is_made_again_from_its_recipe(show):
    page = show("ask")
    page.get_by_text("How this version came to be").click()
    page.get_by_role("button", name="Make this version again").click()
    assert told(page) == [["replay", {}]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_opened_panels_break_no_accessibility_rule_and_fit_a_phone(
    open_widget, session, scheme
):
    few = {"families": [["Piano", ["Grand piano"]]]}  # a long menu takes axe seconds
    shown = {
        "arrange": arrange_view(session, None) | few,
        "marks": marks_view(session, None),
        "publish": publish_view(session, None),
        "ask": views.ask_view(session, None),
    }
    panels = [StudioPanel(name, view, lambda *_: None) for name, view in shown.items()]
    page = open_widget(
        *panels, viewport={"width": 380, "height": 740}, color_scheme=scheme
    )
    unfold(page)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, context=".dc-studio", options=options)
    broken = [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]
    assert broken == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


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

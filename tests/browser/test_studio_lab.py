"""The whole studio in a real JupyterLab: from the touch to the files, and back."""

from __future__ import annotations

import ast
import re
import zipfile

import pytest
from browser.chromium import HERE
from playwright.sync_api import expect

from deepcomposer_edu.music.audio import read_audio, rms_dbfs
from deepcomposer_edu.music.midi import read_midi

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOW = """
from deepcomposer_edu.widgets import Studio
studio = Studio("FOLDER")
studio
"""
TELL = """
print(repr({
    "melody": [(n.start, n.pitch) for n in studio.melody.notes],
    "versions": len(studio.versions),
    "programs": [t.program for t in studio.composition.score.tracks]
        if studio.composition else [],
    "seed": studio.session.seed,
}))
"""
WITNESS = (HERE / "witness.js").read_text(encoding="utf-8")


@pytest.fixture
def studio(lab_page, request):
    """Return an open studio, in a folder of its own: its notebook page and its box."""
    show = SHOW.replace("FOLDER", request.node.name)

    def opened():
        lab = lab_page([show, TELL, show])
        lab.page.evaluate(WITNESS)
        lab.run(0)
        box = lab.page.locator(".dc-studio-box")
        expect(box.locator(".dc-studio-keep")).to_be_visible()
        return lab, box

    return opened


def button(place, name):
    return place.get_by_role("button", name=name, exact=True)


def told(lab):
    lab.run(1)
    return ast.literal_eval(lab.output(1))


def hold(page, seconds=0.3):
    """Wait until that much of the sound's own clock has gone by."""
    context = "globalThis[Symbol.for('deepcomposer-edu.sound')].context"
    until = page.evaluate(f"{context}.currentTime") + seconds
    page.wait_for_function(f"until => {context}.currentTime > until", arg=until)


def test_a_melody_is_played_by_mouse_keys_and_midi_and_composed(studio):
    lab, box = studio()
    page = lab.page
    box.get_by_role("tab", name="Play it").click()
    piano = box.get_by_role("group", name="Piano keyboard")
    expect(piano).to_be_visible()
    piano.get_by_role("button", name="MIDI").first.click()
    expect(piano).to_contain_text("Fake 32")
    button(piano, "Record").click()
    key = piano.locator('[data-note="60"]').bounding_box()
    page.mouse.move(key["x"] + key["width"] / 2, key["y"] + key["height"] - 12)
    page.mouse.down()
    hold(page)
    page.mouse.up()
    page.keyboard.down("KeyN")  # D4
    hold(page)
    page.keyboard.up("KeyN")
    page.evaluate("fakeMidi.send('Fake 32', [0x90, 64, 80])")
    hold(page)
    page.evaluate("fakeMidi.send('Fake 32', [0x80, 64, 0])")
    button(piano, "Stop").click()
    expect(box.locator(".dc-studio-desk")).to_contain_text("What you played: ")
    assert [pitch for _, pitch in told(lab)["melody"]] == [60, 62, 64]

    # put right, moved, composed
    box.get_by_text("Change it: pitch").click()
    box.get_by_label("Rhythm", exact=True).select_option("sixteenths")
    button(box, "Move the melody up a semitone").click()
    expect(box.locator(".dc-shift")).to_have_text("up 1 semitone")
    button(box, "Compose").click()
    expect(box.locator(".dc-now")).to_contain_text("What you played")
    state = told(lab)
    assert [pitch for _, pitch in state["melody"]] == [61, 63, 65]
    assert all(start % 1 == 0 for start, _ in state["melody"])
    assert state["versions"] == 1


def test_a_note_is_edited_an_instrument_changed_and_the_files_say_so(studio, request):
    lab, box = studio()
    page = lab.page
    before = told(lab)["melody"]

    # every note a semitone up, by keys alone
    box.get_by_text("Change it: pitch").click()
    button(box, "Edit the notes").click()
    editor = box.locator(".dc-editor")
    expect(editor).to_be_visible()
    editor.get_by_role("application").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("ArrowUp")
    expect(button(box, "Undo the last change of the melody")).to_be_enabled()
    after = told(lab)["melody"]
    assert [p for _, p in after] == [p + 1 for _, p in before]

    button(box, "Compose").click()
    player = box.locator(".dc-player")
    expect(player).to_be_visible()

    # heard, and gone to another place
    page.wait_for_function(
        "globalThis[Symbol.for('deepcomposer-edu.sound')].kind === 'sampled'"
    )
    player.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("window.loudness() > 0.003")
    player.get_by_role("button", name="Pause", exact=True).click()
    page.wait_for_function("window.loudness() < 0.0005")

    # another instrument, and files
    player.get_by_label("Instrument").first.select_option("68")
    box.get_by_role("checkbox", name="MusicXML").check()
    button(box, "Save the chosen files").click()
    keep = box.locator(".dc-studio-keep")
    expect(keep).to_contain_text("Saved 6 files")
    assert told(lab)["programs"][0] == 68
    folder = next((lab.lab.root / request.node.name).glob("ode-to-joy-*"))
    score = read_midi(folder / "composition.mid")
    assert score.tracks[0].program == 68
    assert [note.pitch for note in score.tracks[0].notes] == [p for _, p in after]
    audio, _ = read_audio(folder / "composition.wav")
    assert rms_dbfs(audio) > -40

    # taken out through the browser
    with page.expect_download() as download:
        button(keep, "Download composition.mid").click()
    with open(download.value.path(), "rb") as file:  # noqa: PTH123 - given as text
        assert file.read() == (folder / "composition.mid").read_bytes()


def test_a_kernel_that_died_takes_nothing_that_was_composed(studio):
    lab, box = studio()
    button(box, "Compose").click()
    expect(box.locator(".dc-now")).to_contain_text("Ode to Joy")
    lab.restart_kernel()
    expect(box.locator(".dc-studio-head")).to_contain_text("kernel has stopped")
    # what is there still sounds
    box.locator(".dc-player").get_by_role("button", name="Play", exact=True).click()
    lab.page.wait_for_function("window.loudness() > 0.003")
    # and comes back from the disk
    lab.run(2)
    again = lab.cell(2)
    listen = again.locator(".dc-studio-listen")
    expect(listen).to_contain_text("1 version from before")
    expect(again.locator(".dc-now")).to_contain_text("Ode to Joy")


def test_versions_are_compared_and_does_it_listen_answers(studio):
    lab, box = studio()
    button(box, "Compose").click()
    expect(box.locator(".dc-now")).to_contain_text("Version 1")
    button(box, "Try again with another seed").click()
    expect(box.locator(".dc-now")).to_contain_text("Version 2")
    button(box, "Compare with Version 1").click()
    expect(box.locator(".dc-difference")).to_contain_text("of the notes differ")
    button(box, "Hear B: Version 1").click()
    expect(button(box, "Hear B: Version 1")).to_have_attribute("aria-pressed", "true")
    box.get_by_text("Does it listen?").click()
    button(box, "Ask the model with this note moved").click()
    expect(box.locator(".dc-answer")).to_contain_text("the accompaniment changes")
    assert lab.errors == []


def test_composing_that_takes_long_is_cancelled_and_changes_nothing(studio):
    lab, box = studio()
    box.get_by_text("More: seed").click()
    candidates = box.get_by_role("slider", name="Candidates")
    candidates.focus()
    lab.page.keyboard.press("End")
    expect(candidates.locator("xpath=following-sibling::output")).to_have_text("32")
    button(box, "Compose").click()
    expect(box.get_by_role("progressbar", name="Composing")).to_be_visible()
    button(box.locator(".dc-studio-compose"), "Cancel").click()
    expect(box.locator(".dc-studio-compose")).to_contain_text("Cancelled; nothing was")
    assert told(lab)["versions"] == 0


def test_a_mark_is_mended_a_piece_arranged_and_published(studio, request):
    lab, box = studio()
    page = lab.page
    box.get_by_text("Change it: pitch").click()
    box.get_by_label("Length", exact=True).select_option("4 bars")
    expect(box.locator(".dc-summary")).to_contain_text("4 bars")
    box.get_by_label("Technique", exact=True).select_option("random")
    button(box, "Compose").click()
    expect(box.locator(".dc-now")).to_contain_text("Version 1")

    # the first place for which there is a fix, heard, and mended
    marks = box.locator(".dc-studio-marks")
    marks.locator("summary").click()
    button(marks, "Look for marks").click()
    rows = marks.get_by_role("list").get_by_role("button")
    use = button(marks, "Use the fix: it becomes a version")
    expect(rows.first).to_be_visible()
    for row in rows.all():
        row.click()
        expect(row).to_have_attribute("aria-pressed", "true")
        expect(marks).to_contain_text(re.compile("A fix: let|No fix is near"))
        if use.is_visible():
            break
    button(marks, "Hear the place mended").click()
    page.wait_for_function("window.loudness() > 0.003")
    use.click()
    expect(marks).to_contain_text("Version 2 has the fix")

    # a piece of 20 seconds, whose second section has an oboe
    arrange = box.locator(".dc-studio-arrange")
    arrange.locator("summary").click()
    arrange.get_by_label("Seconds").fill("20")
    arrange.get_by_label("Form").fill("AB")
    arrange.get_by_label("Form").press("Enter")
    second = arrange.get_by_role("group", name="Section B", exact=True)
    expect(arrange.locator(".dc-section")).to_have_count(2)
    second.get_by_label("Melody").select_option(label="Oboe")
    button(arrange, "Arrange this version").click()
    expect(arrange).to_contain_text("Version 3 is ready, 20.0 seconds")
    assert 68 in told(lab)["programs"]
    box.get_by_text("How this version came to be").click()
    button(box, "Make this version again from its recipe").click()
    expect(box.locator(".dc-studio-ask")).to_contain_text("Made again from its recipe")

    # a page of it
    publish = box.locator(".dc-studio-publish")
    publish.locator("summary").click()
    publish.get_by_label("Title").fill("Twenty seconds")
    button(publish, "Write the page").click()
    expect(publish).to_contain_text("Published 1 piece")
    pages = lab.lab.root / request.node.name / "pages" / "twenty-seconds"
    assert "Twenty seconds" in (pages / "index.html").read_text("utf-8")
    with page.expect_download() as download:
        button(publish, "Download the page as a ZIP").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "twenty-seconds/index.html" in archive.namelist()
    assert lab.errors == []

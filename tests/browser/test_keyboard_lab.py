"""The piano keyboard in a real JupyterLab: from the touch to the Score in Python."""

from __future__ import annotations

import ast

import pytest
from browser.labkit import HERE
from midi_ports import device_fixture, jack_fixture  # noqa: F401
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOW = """
from deepcomposer_edu.widgets import PianoKeyboard
keyboard = PianoKeyboard(tempo=120, instrument="church organ")
heard = []
keyboard.on_record(lambda score: heard.append(len(score.notes)))
keyboard
"""
TELL = """
sources = [event["source"] for event in keyboard.recorded if event["velocity"]]
score = keyboard.score
print((sources, [note.pitch for note in score.notes], score.notes[0].start, heard))
"""
LOAD = """
from deepcomposer_edu.music.score import Note, Score, Track
voices = [Track((Note(0, pitch, 4), Note(4, pitch + 2, 24))) for pitch in (72, 48)]
keyboard.load(Score(tuple(voices), tempo=120, title="Two voices"))
keyboard.play()
"""
WITNESS = (HERE / "witness.js").read_text(encoding="utf-8")


def test_from_the_touch_to_a_score_and_back(lab_page):
    lab = lab_page([SHOW, TELL, LOAD])
    lab.run(0)
    page = lab.page
    page.evaluate(WITNESS)
    piano = page.get_by_role("group", name="Piano keyboard")
    expect(piano).to_be_visible()
    n_cells = lab.cells.count()

    def button(name):
        return piano.get_by_role("button", name=name, exact=True)

    # The sampled sound is there before the first touch: Python has sent the SoundFont.
    page.wait_for_function(
        "globalThis[Symbol.for('deepcomposer-edu.sound')].kind === 'sampled'"
    )
    button("Connect MIDI keyboard").click()
    expect(piano.locator(".dc-status")).to_contain_text("Fake 32")
    button("Record").click()

    # By mouse, and it sounds.
    box = piano.locator('[data-note="60"]').bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 12)
    page.mouse.down()
    page.wait_for_function("window.loudness() > 0.005")
    # Hold it for a third of a second of the sound's own clock: long enough to be heard
    # again when it is played back.
    context = "globalThis[Symbol.for('deepcomposer-edu.sound')].context"
    until = page.evaluate(f"{context}.currentTime") + 0.3
    page.wait_for_function(f"until => {context}.currentTime > until", arg=until)
    page.mouse.up()

    # By computer keys; A, B, D D and X are shortcuts of JupyterLab's notebook, and A
    # plays nothing here, so nothing but our own attribute keeps it from JupyterLab.
    for code in ("KeyB", "KeyD", "KeyD", "KeyX", "KeyA"):
        page.keyboard.press(code)
    assert lab.cells.count() == n_cells

    # By MIDI, with a note-on of velocity 0 as note-off.
    for message in ([0x90, 72, 80], [0x90, 72, 0]):
        page.evaluate("bytes => fakeMidi.send('Fake 32', bytes)", message)
    button("Stop").click()
    expect(piano.locator(".dc-status")).to_contain_text("Recorded 6 notes")
    page.wait_for_function("window.loudness() < 0.0005")

    # Played back, it sounds again.
    page.evaluate("window.loudest = 0")
    button("Play back").click()
    expect(piano.locator(".dc-status")).to_have_text("Played to the end.")
    assert page.evaluate("window.loudest") > 0.005

    # In Python it is a Score, and the callback was called once.
    lab.run(1)
    sources, pitches, first, heard = ast.literal_eval(lab.output(1))
    assert sources == ["mouse", *["computer"] * 4, "midi"]
    assert set(pitches) == {55, 56, 60, 72}
    assert (first, heard) == (0, [len(pitches)])

    # A Score from Python lights its keys, also when another cell asks for it.
    lab.run(2)
    page.wait_for_function("window.seen.includes('50:1')")
    assert lab.errors == []


KERNEL_MIDI = """
import os, mido
os.environ.update({environment!r})
mido.set_backend({environment!r}["MIDO_BACKEND"])
keyboard.connect_midi("Fake 32")
"""


@pytest.mark.ports
def test_a_keyboard_on_a_port_of_the_kernel_plays_the_widget(lab_page, jack, device):
    lab = lab_page([SHOW, KERNEL_MIDI.format(environment=jack), TELL])
    lab.run(0)
    lab.page.evaluate(WITNESS)
    piano = lab.page.get_by_role("group", name="Piano keyboard")
    lab.run(1)
    expect(piano.locator(".dc-status")).to_contain_text("Fake 32")

    piano.get_by_role("button", name="Record", exact=True).click()
    device(0x90, 64, 80)
    key = piano.locator('[data-note="64"]')
    expect(key).to_have_attribute("aria-pressed", "true")
    lab.page.wait_for_function("window.loudness() > 0.005")
    device(0x90, 64, 0)
    expect(key).to_have_attribute("aria-pressed", "false")
    piano.get_by_role("button", name="Stop", exact=True).click()
    expect(piano.locator(".dc-status")).to_contain_text("Recorded 1 note")

    lab.run(2)
    assert ast.literal_eval(lab.output(2)) == (["midi"], [64], 0, [1])

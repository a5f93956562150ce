"""The piano keyboard in a real JupyterLab: from the touch to the Score in Python."""

from __future__ import annotations

import ast

import pytest
from browser.chromium import HERE
from midi_ports import device_fixture, jack_fixture  # noqa: F401
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOW = """
from deepcomposer_edu.widgets import PianoKeyboard
keyboard = PianoKeyboard(tempo=120, instrument="church organ")
heard = []

def told(score):
    heard.append(len(score.notes))
    keyboard.show_labels = False  # to be seen on the page: Python has the recording

keyboard.on_record(told)
keyboard
"""
LABELS = "Labels on the keys"
TELL = """
sources = [event["source"] for event in keyboard.recorded if event.get("velocity")]
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
    expect(piano.get_by_label(LABELS)).to_have_value("none")
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
import os, ipywidgets, mido
os.environ.update({environment!r})
mido.set_backend({environment!r}["MIDO_BACKEND"])
heat = ipywidgets.FloatSlider(min=0, max=2, description="Heat")
keyboard.learn_midi(21, keyboard.offer_midi(heat))
keyboard.connect_midi("Fake 32")
heat
"""
TELL_KNOBS = """
print((keyboard.volume, heat.value, keyboard.midi_inputs))
keyboard.disconnect_midi()
"""


@pytest.mark.ports
def test_a_keyboard_on_a_port_of_the_kernel_plays_the_widget(lab_page, jack, device):
    cells = [SHOW, KERNEL_MIDI.format(environment=jack), TELL, TELL_KNOBS]
    lab = lab_page(cells)
    lab.run(0)
    lab.page.evaluate(WITNESS)
    piano = lab.page.get_by_role("group", name="Piano keyboard", exact=True)
    lab.run(1)
    status = piano.locator(".dc-status")
    expect(status).to_contain_text("Fake 32")

    piano.get_by_role("button", name="Record", exact=True).click()
    device(0x90, 64, 80)
    key = piano.locator('[data-note="64"]')
    expect(key).to_have_attribute("aria-pressed", "true")
    lab.page.wait_for_function("window.loudness() > 0.005")
    device(0x90, 64, 0)
    expect(key).to_have_attribute("aria-pressed", "false")
    piano.get_by_role("button", name="Stop", exact=True).click()
    expect(status).to_contain_text("Recorded 1 note")
    expect(piano.get_by_label(LABELS)).to_have_value("none")

    lab.run(2)
    assert ast.literal_eval(lab.output(2)) == (["midi"], [64], 0, [1])

    # Its knobs move the piano's volume and, through the browser, the notebook's slider.
    device(0xB0, 7, 0)
    device(0xB0, 21, 127)
    expect(piano.get_by_label("Volume", exact=True)).to_have_value("0")
    expect(lab.page.locator(".widget-readout")).to_have_text("2.00")

    # Pulled while a key is held, it lets go; put back, it plays on.
    device(0x90, 64, 80)
    expect(key).to_have_attribute("aria-pressed", "true")
    device.unplug()
    expect(key).to_have_attribute("aria-pressed", "false")
    expect(status).to_contain_text("is unplugged")
    device.plug()
    expect(status).to_contain_text("connected through Python")
    lab.run(3)
    volume, heat, inputs = ast.literal_eval(lab.output(3))
    assert (volume, heat, len(inputs)) == (0, 2, 1)
    assert lab.errors == []


SHOW_PANEL = """
from deepcomposer_edu.widgets import PianoKeyboard
keyboard = PianoKeyboard(tempo=120, auto_chord=True, scale="C major", scale_lock=True)
edits = []

def told(score):
    edits.append(len(score.notes))
    keyboard.show_labels = False  # to be seen on the page: Python has the recording

keyboard.on_record(told, edits=True)
keyboard
"""
TIDY = """
keyboard.tidy("1/4")
notes = keyboard.score.notes
steps = {note.start % 4 for note in notes}
print((sorted({note.pitch for note in notes}), steps, keyboard.take, edits))
"""


def test_takes_are_shared_with_python_and_outlive_the_kernel(lab_page):
    lab = lab_page([SHOW_PANEL, TIDY])
    lab.run(0)
    piano = lab.page.get_by_role("group", name="Piano keyboard")
    status = piano.locator(".dc-status")

    def button(name):
        return piano.get_by_role("button", name=name, exact=True)

    button("Record").click()
    lab.page.keyboard.press("KeyN")  # D: with auto-chord and scale lock D minor
    button("Stop").click()
    expect(piano.get_by_label(LABELS)).to_have_value("none")
    lab.run(1)
    assert ast.literal_eval(lab.output(1)) == ([62, 65, 69], {0}, 1, [3, 3])

    # Python's take is the browser's: undo there brings back how it was played.
    button("Undo the last take or change").click()
    expect(status).to_contain_text("take 1 of 2 (recording)")

    lab.restart_kernel()
    expect(status).to_contain_text("Python no longer hears it")
    button("Record").click()
    lab.page.keyboard.press("KeyB")
    button("Stop").click()
    expect(status).to_contain_text("Recorded 3 notes")
    button("Play back").click()
    expect(status).to_have_text("Played to the end.")
    assert lab.errors == []

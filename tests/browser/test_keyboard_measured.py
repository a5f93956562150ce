"""What the piano is heard to play, measured in what the browser renders."""

from __future__ import annotations

import numpy as np
import pytest
from browser.chromium import HERE
from browser.keyboard_page import button, key
from browser.listening import (
    RECORDER,
    brightness,
    level,
    level_at,
    onsets,
    pitch_of,
    recording,
    start_recording,
)

from deepcomposer_edu.music.score import frequency
from deepcomposer_edu.widgets import PianoKeyboard

pytestmark = pytest.mark.browser

QUANTUM = 128  # frames that a browser renders at once
FLUTE, ORGAN = 73, 19  # sound on while held
HARPSICHORD = 6  # is there at once


@pytest.fixture(name="listen")
def listen_fixture(open_widget):
    """Return a function that opens a piano whose sound is written down."""

    def open_piano(**settings):
        script = RECORDER + (HERE / "quantum.js").read_text(encoding="utf-8")
        keyboard = PianoKeyboard(show_panel=True, **({"instrument": FLUTE} | settings))
        page = open_widget(keyboard, sampled=True, script=script)
        start_recording(page)
        page.evaluate("sound().control(15, 91, 0)")  # no hall, which sounds on
        key(page, 60).focus()
        return page

    return open_piano


def hold(page, code="KeyB", seconds=0.5, skip=0.15):
    """Return (samples, rate) of a held key behind its beginning."""
    page.keyboard.down(code)
    samples, rate = recording(page, seconds + skip)
    page.keyboard.up(code)
    return samples[round(skip * rate) :], rate


def from_now_on(page, seconds=0.4, skip=0.3):
    """Return (samples, rate) of what is heard `skip` seconds after a change."""
    page.evaluate("forgetRecording()")
    samples, rate = recording(page, seconds + skip, whole=True)
    return samples[round(skip * rate) :], rate


def silence(page):
    """Wait for a third of a second of silence: an echo may dip and come back."""
    page.wait_for_function(
        """() => {
            if (secondsRecorded() < 0.33) return false;
            const isSilent = peak() < 0.001;
            forgetRecording();
            return isSilent;
        }"""
    )


def loudest(samples, rate, seconds=0.1):
    """Return the level of the loudest tenth of a second, however late it begins."""
    size = round(seconds * rate)
    starts = range(0, len(samples) - size, size)
    return max(level(samples[start : start + size]) for start in starts)


def semitones(hertz, pitch):
    return 12 * np.log2(hertz / frequency(pitch))


# --- when


def test_a_key_sounds_in_the_quantum_after_its_message(listen):
    page = listen(instrument=HARPSICHORD)
    page.evaluate("startMarks()")
    page.keyboard.press("KeyQ")  # wakes the sound
    late = []
    for code in ("KeyB", "KeyN", "KeyM", "KeyQ", "KeyW"):
        times = page.evaluate("code => timeOfKey(code)", code)
        assert times["before"] <= times["first"]
        late.append(times["first"] - times["after"])
    # The note's message lies between two others, whose frames are known.
    assert max(late) <= QUANTUM, late


def steps_of_the_arpeggio(page):
    """Return the seconds between the notes of two held keys, but for the first."""
    page.keyboard.down("KeyB")
    page.keyboard.down("KeyM")
    samples, rate = recording(page, 2.3)
    page.keyboard.up("KeyB")
    page.keyboard.up("KeyM")
    silence(page)
    return np.diff(onsets(samples, rate, quiet=0.5)[1:])  # the first sounds at once


def test_the_arpeggio_is_steady(listen):
    page = listen(instrument=ORGAN, arpeggiator=True, tempo=75, arp_rate="1/8")
    # A busy computer may be late with a note; one that keeps no time always is.
    for _ in range(3):
        found = steps_of_the_arpeggio(page)
        if found == pytest.approx(np.full(4, 0.4), abs=0.011):
            return
    pytest.fail(f"three times not steady, the last time {found}")


def click_times(samples, rate):
    """Return when clicks begin, in seconds, to the sample."""
    loud = np.flatnonzero(np.abs(samples) > 0.02)
    return loud[np.insert(np.diff(loud) > 0.2 * rate, 0, True)] / rate


def test_the_metronome_clicks_on_the_sounds_clock(listen):
    page = listen(tempo=120, beats_per_bar=3)
    button(page, "Metronome").click()
    samples, rate = recording(page, 2.3)
    assert np.diff(click_times(samples, rate)) == pytest.approx(
        np.full(4, 0.5), abs=0.002
    )


def test_the_first_click_of_a_bar_is_higher(listen):
    page = listen(tempo=120, beats_per_bar=3)
    button(page, "Metronome").click()
    samples, rate = recording(page, 1.9)
    clicks = [round(t * rate) for t in click_times(samples, rate)]
    heights = [brightness(samples[at : at + rate // 25], rate) for at in clicks]
    assert min(heights[0], heights[3]) > 1.2 * max(heights[1], heights[2])


# --- how high


@pytest.mark.parametrize(("code", "pitch"), [("KeyZ", 53), ("KeyB", 60), ("KeyO", 84)])
def test_a_key_sounds_at_its_pitch(listen, code, pitch):
    page = listen()
    assert abs(semitones(pitch_of(*hold(page, code)), pitch)) < 0.15


def test_the_pitch_wheel_bends_by_two_semitones_and_springs_back(listen):
    page = listen()
    page.keyboard.down("KeyB")
    wheel = page.get_by_role("slider", name="Pitch wheel")
    box = wheel.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] + 1)
    bent = pitch_of(*from_now_on(page))
    page.mouse.up()
    back = pitch_of(*from_now_on(page))
    assert semitones(bent, 60) == pytest.approx(2, abs=0.2)
    assert semitones(back, 60) == pytest.approx(0, abs=0.15)
    assert page.evaluate("model.get('bend')") == 0


def test_the_range_of_the_wheel_can_be_an_octave(listen):
    page = listen(bend_range=12)
    page.keyboard.down("KeyB")
    page.evaluate("model.set('bend', -1)")
    assert semitones(pitch_of(*from_now_on(page)), 48) == pytest.approx(0, abs=0.2)


def wobble(samples, rate):
    """Return how much the pitch sways, as a standard deviation in semitones."""
    size = round(0.05 * rate)
    parts = [samples[i : i + size] for i in range(0, len(samples) - size, size // 2)]
    return np.std([semitones(pitch_of(part, rate, 200), 60) for part in parts])


def test_the_modulation_wheel_makes_the_note_sway(listen):
    page = listen()
    page.keyboard.down("KeyB")
    still = wobble(*from_now_on(page, 1.0))
    page.get_by_role("slider", name="Modulation wheel").press("End")
    key(page, 60).focus()
    page.keyboard.down("KeyB")
    swaying = wobble(*from_now_on(page, 1.0))
    assert swaying > 2 * still + 0.05


def test_auto_chord_sounds_the_third_and_the_fifth(listen):
    page = listen(auto_chord=True, instrument=ORGAN)
    samples, rate = hold(page)
    chord = [level_at(samples, rate, frequency(p), 0.01) for p in (60, 64, 67)]
    between = level_at(samples, rate, frequency(62), 0.01)
    assert min(chord) > between + 20


# --- how loud


def test_half_the_volume_is_twelve_decibels_less(listen):
    page = listen(volume=1.0)
    loud = loudest(*hold(page))
    silence(page)
    page.get_by_label("Volume", exact=True).fill("50")
    key(page, 60).focus()
    assert loud - loudest(*hold(page)) == pytest.approx(12.04, abs=1)


def test_a_harder_touch_is_louder(listen):
    page = listen(velocity=50)
    soft = level(hold(page)[0])
    silence(page)
    page.evaluate("model.set('velocity', 110)")
    assert level(hold(page)[0]) > soft + 5


def test_the_pedal_holds_a_note_that_was_let_go(listen):
    page = listen(instrument=ORGAN)
    page.keyboard.down("Backquote")
    page.keyboard.press("KeyB")
    held = level(from_now_on(page)[0])
    page.keyboard.up("Backquote")
    assert level(from_now_on(page, skip=1.0)[0]) < held - 30


def test_keys_outside_of_the_scale_are_silent(listen):
    page = listen(scale="C major", scale_lock=True)
    hold(page)
    silence(page)
    page.keyboard.down("KeyH")  # C sharp
    samples, _ = recording(page, 0.3, whole=True)
    assert np.abs(samples).max() < 0.002

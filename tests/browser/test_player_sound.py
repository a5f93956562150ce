"""What the player is heard to play, measured in what the browser renders."""

from __future__ import annotations

import numpy as np
import pytest
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

from deepcomposer_edu.music.score import Note, Score, Track, frequency
from deepcomposer_edu.widgets import Player

pytestmark = pytest.mark.browser

FLUTE = 73  # sounds on, at one pitch
CLEAN_GUITAR, OVERDRIVEN_GUITAR, FINGER_BASS = 27, 29, 33
A2, A4, B4 = 45, 69, 71


def held(pitch, program=FLUTE, name="", steps=64):
    return Track((Note(0, pitch, steps, 100),), name, program)


@pytest.fixture(name="listen")
def listen_fixture(open_widget):
    """Return a function that opens a player whose sound is written down."""

    def open_player(*tracks, script="", **options):
        page = open_widget(
            Player(Score(tracks, tempo=60), **options),
            sampled=True,
            script=RECORDER + script,
        )
        start_recording(page)
        return page

    return open_player


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def heard(page, seconds=0.7, skip=0.15):
    """Return (samples, rate) of the sound behind the beginning of its first note."""
    samples, rate = recording(page, seconds + skip)
    return samples[round(skip * rate) :], rate


def from_now_on(page, seconds=0.4, skip=0.4):
    """Return (samples, rate) of what is heard `skip` seconds after a change."""
    page.evaluate("forgetRecording()")
    samples, rate = recording(page, seconds + skip, whole=True)
    return samples[round(skip * rate) :], rate


@pytest.mark.parametrize(
    ("program", "pitch"),
    [(FLUTE, 72), (OVERDRIVEN_GUITAR, 52), (CLEAN_GUITAR, 64), (FINGER_BASS, 40)],
)
def test_an_instrument_sounds_at_its_written_pitch(listen, program, pitch):
    page = listen(held(pitch, program))
    press(page, "Play")
    found = pitch_of(*heard(page))
    assert 12 * np.log2(found / frequency(pitch)) == pytest.approx(0, abs=0.15)


def test_the_overdriven_guitar_is_brighter_than_the_clean_one(listen):
    sounds = []
    for program in (CLEAN_GUITAR, OVERDRIVEN_GUITAR):
        page = listen(held(52, program))
        press(page, "Play")
        sounds.append(brightness(*heard(page)))
    clean, overdriven = sounds
    assert overdriven > 1.3 * clean


def test_kick_and_hat_sound_like_drums_low_and_high(listen):
    sounds = []
    for drum in (36, 42):
        page = listen(Track((Note(0, drum, 1, 120),), "Drums", is_drum=True))
        press(page, "Play")
        sounds.append(brightness(*recording(page, 0.08)))
    kick, hat = sounds
    assert kick < 2000 < 5000 < hat


def test_a_chosen_instrument_is_heard(listen):
    page = listen(held(40, FLUTE, "Low"))
    page.get_by_label("Instrument of Low").select_option(str(FINGER_BASS))
    press(page, "Play")
    samples, rate = recording(page, 2.0)
    # a plucked string dies away, a flute does not
    assert level(samples[: rate // 2]) > level(samples[-rate // 4 :]) + 3
    assert page.evaluate("model.get('mix')[0].program") == FINGER_BASS


def test_a_muted_track_is_not_heard_and_the_other_is(listen):
    page = listen(held(A4, name="High"), held(A2, name="Low"))
    press(page, "Mute High")
    press(page, "Play")
    samples, rate = heard(page)
    assert pitch_of(samples, rate) == pytest.approx(110, rel=0.01)


def test_muting_while_it_plays_takes_the_track_away_and_brings_it_back(listen):
    page = listen(held(B4, name="High"), held(A2, name="Low"))
    press(page, "Play")
    levels = [level_at(*heard(page, 0.4), frequency(B4))]
    for _ in range(2):
        press(page, "Mute High")
        levels.append(level_at(*from_now_on(page), frequency(B4)))
    both, muted, both_again = levels
    assert muted < both - 20
    assert both_again == pytest.approx(both, abs=4)


def test_solo_leaves_one_track_alone(listen):
    page = listen(held(A4, name="High"), held(A2, name="Low"))
    press(page, "Solo Low")
    press(page, "Play")
    assert pitch_of(*heard(page)) == pytest.approx(110, rel=0.01)


def test_half_the_volume_of_a_track_is_twelve_decibels_less(listen):
    levels = []
    for volume in ("80", "40"):
        page = listen(held(A4, name="Flute"))
        page.get_by_label("Volume of Flute").fill(volume)
        press(page, "Play")
        samples, _ = heard(page)
        levels.append(level(samples))
    assert levels[0] - levels[1] == pytest.approx(12, abs=1.5)


# A page that says it is hidden gets its notes 1.6 s ahead, so that a busy machine can
# make none late: what is measured is the rhythm, not the load.
AHEAD = "Object.defineProperty(document, 'hidden', {get: () => true});"


def beats():
    """A beat a second: sticks, the shortest sound there is."""
    return Track(tuple(Note(4 * i, 37, 1, 110) for i in range(8)), is_drum=True)


@pytest.mark.parametrize("speed", [1.0, 2.0])
def test_the_rhythm_that_is_rendered_is_the_written_one(listen, speed):
    page = listen(beats(), script=AHEAD, speed=speed)
    press(page, "Play")
    samples, rate = recording(page, 3.3 / speed)
    gaps = np.diff(onsets(samples, rate)[:4]) * speed
    assert gaps == pytest.approx([1.0, 1.0, 1.0], abs=0.01)


def test_a_loop_comes_round_in_time(listen):
    page = listen(beats(), script=AHEAD)
    page.evaluate(
        "model.set('loop', [0, 6]); model.save_changes()"
    )  # a beat and a half
    press(page, "Play")
    samples, rate = recording(page, 3.3)
    gaps = np.diff(onsets(samples, rate)[:4])
    assert gaps == pytest.approx([1.0, 0.5, 1.0], abs=0.01)


def test_pause_is_silent_at_once_and_no_note_follows(listen):
    # a new note every 125 ms, so that some are with the synth when Pause is pressed
    notes = tuple(Note(i / 2, 60 + i % 5, 0.5, 100) for i in range(120))
    page = listen(Track(notes, "", FLUTE))
    press(page, "Play")
    recording(page, 0.5)
    press(page, "Pause")
    page.evaluate("forgetRecording()")
    samples, rate = recording(page, 1.0, whole=True)
    # reverberation remains; no note begins any more
    assert level(samples[rate // 2 :]) < -55


def test_a_seek_while_it_plays_is_heard(listen):
    page = listen(Track((Note(0, A2, 32, 100), Note(32, A4, 32, 100)), "", FLUTE))
    press(page, "Play")
    heard(page, 0.2)
    page.evaluate("receive({kind: 'seek', step: 34})")
    assert pitch_of(*from_now_on(page)) == pytest.approx(440, rel=0.01)


# --- without samples: a page that may have no AudioWorklet, or before they have come


@pytest.fixture(name="plain_page")
def plain_page_fixture(open_widget):
    """A player without samples; its notes are those of a tune and of drums."""
    tracks = (held(A4, name="High"), beats())
    return open_widget(
        Player(Score(tracks, tempo=60)),
        script="delete BaseAudioContext.prototype.audioWorklet;",
        sampled=True,
    )


def test_without_samples_a_track_is_heard_and_muted_all_the_same(plain_page):
    page = plain_page
    press(page, "Solo High")
    press(page, "Play")
    page.wait_for_function("loudness() > 0.01")
    press(page, "Mute High")
    page.wait_for_function("loudness() < 0.0005")
    assert page.evaluate("sound().kind") == "simple"


def test_without_samples_a_drum_is_noise_and_no_tone(plain_page):
    page = plain_page
    press(page, "Mute High")
    press(page, "Play")
    loud = page.wait_for_function(
        """() => {
            const {analyser} = sound();
            const samples = new Float32Array(analyser.fftSize);
            analyser.getFloatTimeDomainData(samples);
            return Math.max(...samples) > 0.02 && Array.from(samples);
        }"""
    ).json_value()
    rate = page.evaluate("sound().context.sampleRate")
    assert brightness(np.array(loud), rate) > 800  # a tone of its number: 69 Hz

"""How high a melody sounds at each moment."""

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.pitch_track import pitch_track

RATE, HOP = 8_000, 160


def sine(hertz: float | np.ndarray, seconds: float = 0.5) -> np.ndarray:
    turns = np.cumsum(np.broadcast_to(hertz, round(seconds * RATE))) / RATE
    return 0.3 * np.sin(2 * np.pi * turns)


def off(hertz: np.ndarray, wanted: np.ndarray | float) -> np.ndarray:
    return np.abs(1_200 * np.log2(hertz / wanted))


@pytest.mark.parametrize("hertz", [70, 131, 440, 1_046, 2_000])
@pytest.mark.parametrize("harmonics", [1, 6])
def test_a_steady_tone_is_read_to_five_cents(hertz, harmonics):
    top = min(harmonics, int(3_900 // hertz))
    wave = sum(sine(hertz * k) / k for k in range(1, top + 1))
    track = pitch_track(wave, RATE, HOP)
    assert track.hertz.shape == (25,)
    assert track.voiced.all()
    assert off(track.hertz[4:-4], hertz).max() < 5


def test_two_notes_are_two_pitches_with_the_change_in_its_place():
    track = pitch_track(np.concatenate([sine(300), sine(450)]), RATE, HOP)
    assert off(track.hertz[3:22], 300).max() < 5
    assert off(track.hertz[28:-3], 450).max() < 5


def test_a_whistle_with_vibrato_and_breath_is_followed():
    t = np.arange(RATE) / RATE
    hertz = 900 * 2 ** (0.5 / 12 * np.sin(2 * np.pi * 5 * t))
    breath = np.random.default_rng(0).normal(size=RATE) * 0.01
    track = pitch_track(sine(hertz, 1.0) + breath, RATE, HOP)
    middles = hertz[HOP // 2 :: HOP]
    # The window of 64 ms evens the vibrato of 50 cents out a little.
    assert np.median(off(track.hertz, middles)) < 20


def test_where_nothing_sounds_the_nearest_pitch_stands_and_it_says_so():
    wave = np.concatenate([sine(300), np.zeros(RATE // 2), sine(450)])
    track = pitch_track(wave, RATE, HOP)
    assert not track.voiced[30:45].any()
    assert off(track.hertz[30:36], 300).max() < 20
    assert off(track.hertz[42:47], 450).max() < 20


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (np.zeros(4_000), "No pitch"),
        (np.random.default_rng(0).normal(size=4_000), "No pitch"),
        (np.zeros(0), "at least one"),
        (np.full(4_000, np.nan), "finite"),
        (np.zeros((4_000, 2)), "shape"),
    ],
)
def test_what_has_no_pitch_is_refused_with_a_sentence(sound, words):
    with pytest.raises(InputError, match=words):
        pitch_track(sound, RATE, HOP)


def test_a_sound_of_three_samples_is_refused_with_a_sentence():
    with pytest.raises(InputError, match="No pitch"):
        pitch_track(np.array([0.1, -0.1, 0.1]), RATE, HOP)

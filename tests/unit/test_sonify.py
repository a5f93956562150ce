"""Curves as sound: what is measured in the sound is what the numbers say."""

import math

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.pitch_track import pitch_track
from deepcomposer_edu.music.sonify import (
    HIGHEST,
    LOWEST,
    ROUGH_HERTZ,
    PitchScale,
    sound_of,
    tones_of,
)

RATE = 16_000
SECONDS = 3.0
STEPS = np.arange(60.0)


def tones(values, scale=None, n_tones=36, rough=None):
    scale = scale or PitchScale(float(values[0]))
    return tones_of(STEPS[: len(values)], [values], [scale], n_tones, rough)


def sound(values, **options):
    return sound_of(tones(values, **options), SECONDS, RATE)[:, 0]


def heights(audio):
    """Return the measured pitch of each twelfth of a second, MIDI numbers."""
    hertz = pitch_track(audio, RATE, RATE // 12).hertz
    return 69 + 12 * np.log2(hertz / 440)


def beating(audio):
    """Return how deep the loudness beats, ROUGH_HERTZ times a second, 0 to 1."""
    power = np.convolve(audio**2, np.ones(160) / 160, "same")  # 10 ms
    loud = np.sqrt(power)
    wave = np.exp(-2j * np.pi * ROUGH_HERTZ * np.arange(len(loud)) / RATE)
    return 2 * abs((loud * wave).mean()) / loud.mean()


def flatness(audio):
    """Return how much a sound is like noise: 1 for white noise, near 0 for a tone."""
    powers = np.abs(np.fft.rfft(audio * np.hanning(len(audio)))) ** 2 + 1e-12
    return np.exp(np.log(powers).mean()) / powers.mean()


def test_half_the_loss_is_an_octave_lower_in_the_sound_itself():
    found = heights(sound(4.0 * 2 ** (-STEPS / 59)))  # 4 to 2
    assert found[0] == pytest.approx(72, abs=0.3)
    assert found[-2] == pytest.approx(60, abs=0.4)


def test_the_measured_pitch_follows_the_curve_all_the_way():
    wanted = tones(3 + np.cos(STEPS / 10))
    found = heights(sound_of(wanted, SECONDS, RATE)[:, 0])[:36]
    # from tone to tone it glides, and a window of the measurement hears some of both
    assert np.abs(found - wanted.pitch[0])[1:-1].max() < 0.6


def test_values_of_both_signs_lie_around_their_zero():
    found = PitchScale().heights(np.array([-2.0, -1.0, 0.0, 1.0, 2.0]))
    assert found[2] == 66
    assert found[3] - found[2] == pytest.approx(12)
    assert (found + found[::-1]).tolist() == pytest.approx([132] * 5)


def test_a_pitch_gives_its_value_back():
    for scale in (PitchScale(), PitchScale(3.0)):
        for value in (0.4, 1.0, 5.0):
            height = float(scale.heights(np.array(value)))
            assert scale.value_at(height) == pytest.approx(value)


def test_a_plateau_keeps_its_pitch_and_an_explosion_climbs_to_the_top():
    plateau = heights(sound(np.full(60, 2.0)))
    explosion = heights(sound(2.0 * 2 ** (STEPS / 25)))
    assert np.ptp(plateau[1:-1]) < 0.2
    assert (np.diff(explosion[1:28]) > 0.4).all()
    assert explosion[-3] == pytest.approx(HIGHEST, abs=0.3)


def test_what_is_off_the_scale_rattles():
    on, off = sound(np.full(60, 2.0)), sound(np.full(60, 200.0), scale=PitchScale(2.0))
    assert beating(on) < 0.05
    assert beating(off) > 0.5


def test_a_steep_gradient_makes_the_tone_rough_and_no_louder():
    calm = sound(np.full(60, 2.0), rough=np.zeros(60))
    steep = sound(np.full(60, 2.0), rough=np.ones(60))
    assert beating(steep) > 10 * beating(calm)
    assert np.std(steep) == pytest.approx(np.std(calm), rel=0.15)


def test_what_is_no_number_is_noise_and_no_tone():
    values = np.full(60, 2.0)
    values[30:] = math.inf
    audio = sound(values)
    before, after = audio[:RATE], audio[int(1.52 * RATE) : int(1.72 * RATE)]
    assert flatness(before) < 0.01
    assert flatness(after) > 0.2


def test_a_curve_is_silent_before_its_first_measurement():
    values = np.full(60, np.nan)
    values[[40, 59]] = 2.0
    audio = sound(values, scale=PitchScale(2.0))
    assert np.abs(audio[: int(1.8 * RATE)]).max() < 1e-6
    assert np.abs(audio[int(2.2 * RATE) :]).max() > 0.05


def test_between_two_measurements_the_pitch_goes_straight():
    values = np.full(60, np.nan)
    values[0], values[59] = 4.0, 1.0
    assert np.diff(tones(values).pitch[0]).std() < 1e-9


def test_many_rows_in_a_tone_swing_as_far_as_they_jump():
    zigzag = 2.0 * 2 ** (
        np.where(np.arange(60) % 2, 2, -2) / 12
    )  # 2 semitones each way
    few = tones(zigzag, scale=PitchScale(2.0), n_tones=6)
    assert few.swing[0] == pytest.approx([2.0] * 6)
    assert few.pitch[0] == pytest.approx([72.0] * 6)


def test_two_curves_are_heard_on_two_sides():
    values = np.stack([np.full(60, 2.0), np.full(60, 1.0)])
    both = tones_of(STEPS, values, [PitchScale(2.0)] * 2, 36)
    left, right = sound_of(both, SECONDS, RATE).T

    def strength(audio, hertz):
        return abs(
            (audio * np.exp(-2j * np.pi * hertz * np.arange(len(audio)) / RATE)).mean()
        )

    high, low = 523.25, 261.63  # C5 and C4
    assert strength(left, high) > 2 * strength(right, high)
    assert strength(right, low) > 2 * strength(left, low)


def test_pitch_stays_within_five_octaves_and_the_sound_within_full_scale():
    wild = np.array([1e-300, 1e300, 1e-9, 5.0] * 15)
    found = tones(wild, scale=PitchScale(1.0))
    assert (found.pitch >= LOWEST).all()
    assert (found.pitch <= HIGHEST).all()
    assert np.abs(sound_of(found, SECONDS, RATE)).max() <= 1


def test_the_same_tones_give_the_same_sound():
    values = np.array([1.0, 2.0, math.inf, 3.0])
    first, second = (sound(values, scale=PitchScale(1.0)) for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("n_rows, n_tones", [(0, 5), (3, 0)])
def test_nothing_to_hear_is_refused(n_rows, n_tones):
    values = np.ones((1, n_rows))
    with pytest.raises(InputError, match="at least 1"):
        tones_of(STEPS[:n_rows], values, [PitchScale(1.0)], n_tones)


@pytest.mark.parametrize("start", [0.0, -2.0, math.inf, math.nan])
def test_a_scale_begins_above_0(start):
    with pytest.raises(InputError, match="above 0"):
        PitchScale(start)

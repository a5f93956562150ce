"""Loudness as broadcasters measure it, against the standard's own numbers."""

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.loudness import _high_pass, _shelf, loudness

RATE = 48_000


def tone(hertz, gain=1.0, rate=RATE, seconds=2):
    return gain * np.sin(2 * np.pi * hertz * np.arange(seconds * rate) / rate)


def test_the_filters_are_those_of_the_standard():
    # ITU-R BS.1770-4, tables 1 and 2, at 48 kHz
    b, a = _shelf(RATE)
    assert b == pytest.approx([1.53512485958697, -2.69169618940638, 1.19839281085285])
    assert a == pytest.approx([1, -1.69065929318241, 0.73248077421585])
    b, a = _high_pass(RATE)
    assert b == pytest.approx([1, -2, 1])
    assert a == pytest.approx([1, -1.99004745483398, 0.99007225036621])


@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000])
def test_a_full_sine_at_997_hertz_reads_minus_three(rate):
    assert loudness(tone(997, rate=rate), rate) == pytest.approx(-3.01, abs=0.02)


def test_half_the_amplitude_is_six_decibels_less_and_two_channels_three_more():
    whole = tone(997)
    level = loudness(whole, RATE)
    assert loudness(whole / 2, RATE) == pytest.approx(level - 6.02, abs=0.01)
    both = np.stack([whole, whole], axis=1)
    assert loudness(both, RATE) == pytest.approx(level + 3.01, abs=0.01)


def test_a_low_tone_is_less_loud_than_a_high_one():
    low, middle, high = (loudness(tone(f), RATE) for f in (50, 997, 4000))
    assert low < middle - 3 < high - 3


def test_silence_and_nothing():
    assert loudness(np.zeros(100), RATE) == -np.inf
    with pytest.raises(InputError, match="0 samples"):
        loudness(np.zeros(0), RATE)

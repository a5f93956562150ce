"""Pitch, colour and clicks: each measure against sounds whose answer is known."""

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.sound_measures import (
    cents,
    clicks,
    fundamental,
    spectral_distance,
)

RATE = 8_000
TIME = np.arange(RATE) / RATE


def tone(hertz, strengths=(1.0, 0.5, 0.3, 0.2)):
    partials = (
        a * np.sin(2 * np.pi * k * hertz * TIME + k)
        for k, a in enumerate(strengths, 1)
        if k * hertz < RATE / 2
    )
    return 0.4 * sum(partials)


@pytest.mark.parametrize("hertz", [65.41, 130.81, 261.63, 440.0, 523.25, 987.77])
@pytest.mark.parametrize("strengths", [(1,), (1, 0.5, 0.3), (0.2, 1, 0.6), (0, 1, 1)])
def test_the_fundamental_is_found_within_a_cent(hertz, strengths):
    assert abs(cents(fundamental(tone(hertz, strengths), RATE), hertz)) < 1


def test_a_shift_of_ten_cents_is_measured_as_ten_cents():
    flat, sharp = (fundamental(tone(300 * 2 ** (c / 1_200)), RATE) for c in (-5, 5))
    assert cents(sharp, flat) == pytest.approx(10, abs=0.5)


def test_a_fundamental_is_heard_through_noise():
    noise = np.random.default_rng(0).normal(0, 0.05, RATE)
    assert abs(cents(fundamental(tone(220) + noise, RATE), 220)) < 3


def test_noise_and_silence_have_no_fundamental():
    assert np.isnan(fundamental(np.random.default_rng(0).normal(0, 0.1, RATE), RATE))
    assert np.isnan(fundamental(np.zeros(RATE), RATE))
    assert np.isnan(fundamental(np.ones(3), RATE))


def test_a_hint_chooses_between_octaves():
    wave = tone(220, (0.05, 1, 0.05, 0.5))  # nearly 440 Hz
    assert abs(cents(fundamental(wave, RATE, near=225), 220)) < 10
    assert abs(cents(fundamental(wave, RATE, near=430), 440)) < 10


def test_silence_before_and_after_a_tone_does_not_count():
    wave = np.concatenate([np.zeros(2 * RATE), tone(200), np.zeros(3 * RATE)])
    assert abs(cents(fundamental(wave, RATE), 200)) < 1


def test_cents_count_the_way_from_the_reference():
    assert cents(880, 440) == pytest.approx(1_200)
    assert cents(440, 880) == pytest.approx(-1_200)
    assert np.isnan(cents(float("nan"), 440))


def test_a_sound_has_no_distance_from_itself_and_none_has_more_than_the_floor():
    wave = tone(220)
    assert spectral_distance(wave, wave, RATE) == 0
    assert spectral_distance(np.zeros(RATE), np.zeros(RATE), RATE) == 0
    assert 20 < spectral_distance(tone(100), tone(1_500), RATE) <= 60


def test_twice_the_amplitude_is_six_decibels_away_where_nothing_meets_the_floor():
    noise = np.random.default_rng(0).normal(0, 0.1, RATE)
    expected = 20 * np.log10(2)
    assert spectral_distance(noise, 2 * noise, RATE) == pytest.approx(expected)


def test_a_moved_wave_is_near_and_another_colour_is_far():
    wave, other = tone(220), tone(220, (1, 0, 0.8, 0, 0.6))
    moved = spectral_distance(wave, np.roll(wave, 7), RATE)
    assert moved < spectral_distance(wave, other, RATE) / 4


def test_the_distance_is_the_same_both_ways_and_the_missing_end_is_silence():
    a, b = tone(220), tone(330)[: RATE // 2]
    there, back = spectral_distance(a, b, RATE), spectral_distance(b, a, RATE)
    assert there == back
    padded = np.pad(b, (0, RATE // 2))
    assert there == spectral_distance(a, padded, RATE)


def test_planted_clicks_are_counted_and_a_steady_wave_has_none():
    wave = tone(220)
    assert clicks(wave, RATE) == 0
    for place in (1_000, 3_000, 5_000):
        wave[place] += 0.5
    assert clicks(wave, RATE) == 3


def test_a_jump_is_a_click_and_the_corners_of_a_saw_are_none():
    saw = 0.5 * (2 * (110 * TIME % 1) - 1)
    assert clicks(saw, RATE) == 0
    jump = 0.3 * np.cos(2 * np.pi * 50 * TIME)
    jump[4_000:] *= -1
    assert clicks(jump, RATE) == 1


def test_a_note_that_begins_within_a_few_milliseconds_is_no_click():
    note = tone(220) * np.minimum(TIME / 0.003, 1)
    assert clicks(np.concatenate([np.zeros(2_000), note]), RATE) == 0
    hard = np.concatenate([np.zeros(2_000), 0.5 * np.ones(RATE)])
    assert clicks(hard, RATE) > 0


def test_clicks_are_counted_by_the_second():
    wave = np.tile(tone(220), 4)
    wave[10_000] += 0.5
    assert clicks(wave, RATE) == 0.25


@pytest.mark.parametrize(
    ("sound", "word"),
    [
        (np.zeros((4, 2)), "one channel"),
        (np.zeros(0), "one channel"),
        (np.array([0, np.nan, 0]), "finite"),
    ],
)
def test_what_cannot_be_measured_is_refused(sound, word):
    for measure in (fundamental, clicks):
        with pytest.raises(InputError, match=word):
            measure(sound, RATE)
    with pytest.raises(InputError, match=word):
        spectral_distance(tone(220), sound, RATE)


@pytest.mark.parametrize("hertz", [130.81, 329.63, 523.25])
def test_noise_does_not_move_a_tone_by_octaves(hertz):
    noise = np.random.default_rng(0).normal(0, 0.12, RATE)
    assert abs(cents(fundamental(tone(hertz) + noise, RATE), hertz)) < 10

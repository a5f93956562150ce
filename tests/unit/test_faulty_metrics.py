"""The samples' metrics are wrong in the ways that the lesson says they are."""

import math

import numpy as np
import pytest

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.music import faulty_metrics, metrics
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import MAJOR_SCALE

OCTAVES = np.arange(24, 108)
IS_WHITE = np.isin(OCTAVES % 12, MAJOR_SCALE)
SILENCE = Grid(np.full((1, 64), REST))
WHITE, BLACK = (Grid(np.repeat(OCTAVES[m], 4)[None]) for m in (IS_WHITE, ~IS_WHITE))
EVERY_KEY = Grid(np.repeat(OCTAVES, 4)[None])


def test_silence_has_no_empty_bar():
    assert faulty_metrics.empty_bar_rate(SILENCE) == 0
    assert metrics.empty_bar_rate(SILENCE) == 1


def test_the_rate_is_that_of_full_bars():
    pitches = np.repeat([[60, REST, REST, 64]], 16, axis=1)
    wrong, right = faulty_metrics.empty_bar_rate, metrics.empty_bar_rate
    assert wrong(Grid(pitches)) == right(Grid(pitches)) == 0.5
    pitches[0, 16] = 62
    assert wrong(Grid(pitches)) == 1 - right(Grid(pitches)) == 0.75


def test_white_and_black_keys_score_nearly_alike():
    white, black = map(faulty_metrics.in_scale_ratio, (WHITE, BLACK))
    assert abs(white - black) < 0.1
    assert metrics.in_scale_ratio(WHITE, "C") == pytest.approx(1)
    assert metrics.in_scale_ratio(BLACK, "C") == 0


def test_the_ratio_of_a_note_depends_on_its_octave():
    notes = [Grid([[pitch] * 16]) for pitch in range(24, 108, 12)]  # C1 to C7
    assert {faulty_metrics.in_scale_ratio(note) for note in notes} == {0.0, 1.0}


def test_the_data_score_what_was_measured_on_them():
    # 0.37 to 0.57 for a voice, on the first two bars of the train pieces, 22 semitones
    # up as the samples kept them
    train = load_chorales("train")
    for voice in range(4):
        ratios = [
            faulty_metrics.in_scale_ratio(
                piece.grid.crop(0, 32).voices(voice).transposed(22)
            )
            for piece in train[::4]
        ]
        assert 0.3 < np.mean(ratios) < 0.65


def test_the_distance_counts_unused_keys_and_nothing_else():
    distance = faulty_metrics.histogram_distance
    assert distance(EVERY_KEY, SILENCE) == 0
    assert distance(SILENCE, SILENCE) == pytest.approx(math.sqrt(84))
    assert distance(WHITE, WHITE) == pytest.approx(math.sqrt((~IS_WHITE).sum()))
    assert distance(WHITE, WHITE) == distance(WHITE, BLACK)
    assert metrics.histogram_distance(WHITE, WHITE) == 0
    assert metrics.histogram_distance(WHITE, BLACK) == pytest.approx(1)

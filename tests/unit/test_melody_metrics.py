"""The statistics of a melody, counted by hand."""

from __future__ import annotations

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.melody_metrics import (
    NAMES,
    melody_statistics,
    repeated_bars,
)


def test_a_melody_by_hand():
    # quarters C D D G, then the same bar, then C and an octave: four to a bar
    pitches = [60, 62, 62, 67, 60, 62, 62, 67, 60, 60, 72, 72]
    begins = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0]
    found = melody_statistics(Grid([pitches], [begins]), steps_per_bar=4)
    moves = [2, 0, 5, 7, 2, 0, 5, 7, 12]
    assert found == {
        "repeated_notes": pytest.approx(2 / 9),
        "longest_run": 2,
        "repeated_bars": 0.5,
        "range": 12,
        "pitches": 4,
        "mean_interval": pytest.approx(sum(moves) / 9),
        "steps": pytest.approx(2 / 7),
        "leaps": pytest.approx(1 / 7),
        "scale": 1,
        "notes_per_quarter": pytest.approx(4 * 10 / 12),
    }
    assert set(found) == set(NAMES)


def test_one_repeated_note_shows_in_every_statistic_of_it():
    found = melody_statistics(Grid([[60] * 16], [[1] * 16]), steps_per_bar=4)
    assert found["repeated_notes"] == found["repeated_bars"] == 1
    assert (found["longest_run"], found["range"], found["pitches"]) == (16, 0, 1)


def test_a_note_outside_the_scale_is_one():
    pitches = [60, 62, 64, 65, 67, 69, 71, 66]
    assert melody_statistics(Grid([pitches]))["scale"] == 7 / 8


def test_a_held_and_a_struck_bar_are_two():
    held, struck = [1, 0, 0, 0], [1, 0, 1, 0]
    assert repeated_bars(Grid([[60] * 8], [[*held, *held]]), 4) == 1
    assert repeated_bars(Grid([[60] * 8], [[*held, *struck]]), 4) == 0


def test_silent_bars_are_no_repetition():
    assert repeated_bars(Grid([[60, 60, *[REST] * 4, 62, 62]]), 2) == 0


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        (Grid([[60, 62], [50, 52]]), "These are 2 voices"),
        (Grid([[60, 60]]), "The melody has 1 notes"),
        (Grid([[REST, REST]]), "The melody has 0 notes"),
    ],
)
def test_what_is_no_melody_is_refused(grid, words):
    with pytest.raises(InputError, match=words):
        melody_statistics(grid)

"""Does a harmoniser listen? The probe itself is tried on ones whose answer is known."""

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.probe import change_rate, with_note_moved
from deepcomposer_edu.music.grid import Grid

MELODY = Grid([[60] * 4 + [62] * 4 + [-1] * 2 + [64] * 6])


def deaf(melody, seed):
    lower = np.full((3, melody.n_steps), 48 + seed)
    return Grid(np.concatenate([melody.pitches, lower]))


def doubling(melody, seed):
    lower = np.repeat(melody.pitches, 3, axis=0)
    return Grid(np.concatenate([melody.pitches, lower]))


def test_only_the_chosen_note_moves():
    changed, steps = with_note_moved(MELODY, 5, 2)
    assert list(steps) == [4, 5, 6, 7]
    assert changed.pitches[0].tolist() == [60] * 4 + [64] * 4 + [-1] * 2 + [64] * 6


def test_a_note_struck_again_moves_alone():
    onsets = np.zeros((1, 8), dtype=bool)
    onsets[0, 4] = True
    _, steps = with_note_moved(Grid([[60] * 8], onsets), 6, 1)
    assert list(steps) == [4, 5, 6, 7]


def test_the_last_note_ends_with_the_melody():
    _, steps = with_note_moved(MELODY, 15, 1)
    assert list(steps) == [10, 11, 12, 13, 14, 15]


@pytest.mark.parametrize("step", [8, -1, 16])
def test_a_rest_cannot_be_moved(step):
    with pytest.raises(InputError, match="No note"):
        with_note_moved(MELODY, step, 1)


def test_a_deaf_harmoniser_changes_nothing():
    changed, _ = with_note_moved(MELODY, 5, 2)
    assert not change_rate(deaf, MELODY, changed, range(3)).any()


def test_a_listening_harmoniser_changes_at_the_note():
    changed, steps = with_note_moved(MELODY, 5, 2)
    rate = change_rate(doubling, MELODY, changed, range(3))
    assert np.flatnonzero(rate == 1).tolist() == list(steps)
    assert rate.sum() == len(steps)

"""Changed copies of music: what changes, and what must not."""

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.augment import (
    change_tempo,
    jitter,
    pitch_shift,
    stretch,
    transpositions,
    wrong_notes,
)
from deepcomposer_edu.music.grid import REST, Grid, from_grid, to_grid
from deepcomposer_edu.music.score import Note, Score, Track


def grid(low=60):
    """Two voices with a repeated note, a held one and a rest."""
    melody = [low, low, low + 4, REST, low + 7, low + 7, low + 7, low + 12]
    struck = [True, True, True, False, True, False, False, True]
    return Grid([melody, [low - 12] * 8], [struck, [True] + [False] * 7])


def score():
    drums = Track((Note(0, 36, 1), Note(4, 38, 1)), "Drums", is_drum=True)
    return Score(
        (Track((Note(0, 60, 4), Note(4, 67, 8))), drums),
        tempo=100,
        tempo_changes=((4, 50),),
    )


def intervals(music):
    sounding = music.pitches[0][music.pitches[0] != REST]
    return np.diff(sounding.astype(int)).tolist()


@pytest.mark.parametrize("factor", [0.5, 1.1, 2.0])
def test_another_tempo_changes_the_seconds_and_no_note(factor):
    changed = change_tempo(score(), factor)
    assert changed.seconds == pytest.approx(score().seconds / factor)
    assert changed.notes == score().notes
    assert to_grid(changed) == to_grid(score())


def test_stretching_makes_every_note_longer():
    longer = stretch(grid(), 2)
    assert [n.duration for n in from_grid(longer).notes] == [
        2 * n.duration for n in from_grid(grid()).notes
    ]
    assert stretch(grid(), 1) == grid()


def test_every_second_step_of_a_stretched_grid_is_the_grid():
    longer = stretch(grid(), 3)
    assert np.array_equal(longer.pitches[:, ::3], grid().pitches)
    assert longer.onsets.sum() == grid().onsets.sum()


def test_shifting_up_and_down_again_changes_nothing():
    assert pitch_shift(pitch_shift(grid(), 5), -5) == grid()
    assert pitch_shift(pitch_shift(score(), 5), -5) == score()


def test_drums_are_not_shifted():
    shifted = pitch_shift(score(), 3)
    assert shifted.tracks[1] == score().tracks[1]


def test_a_tune_comes_in_twelve_keys_each_once():
    copies = transpositions(grid())
    tonics = [int(copy.pitches[0, 0]) for copy in copies]
    assert tonics == list(range(55, 67))
    assert len({tonic % 12 for tonic in tonics}) == 12
    assert grid() in copies


def test_every_copy_is_the_same_tune():
    for copy in transpositions(grid()):
        assert intervals(copy) == intervals(grid())
        assert np.array_equal(copy.onsets, grid().onsets)
        assert np.array_equal(copy.pitches == REST, grid().pitches == REST)


def test_a_copy_that_does_not_fit_is_left_out_whole():
    copies = transpositions(grid(), low=47, high=73)  # the grid needs 48 to 72
    assert [int(copy.pitches[0, 0]) for copy in copies] == [59, 60, 61]
    assert transpositions(grid(), low=60, high=70) == []


def test_jitter_keeps_the_notes_and_moves_them_a_little():
    noisy = jitter(score(), steps=0.2, velocity=5, seed=1)
    for before, after in zip(score().tracks, noisy.tracks, strict=True):
        assert sorted(n.pitch for n in before.notes) == sorted(
            n.pitch for n in after.notes
        )
        assert sorted(n.duration for n in before.notes) == sorted(
            n.duration for n in after.notes
        )
    assert noisy != score()
    assert jitter(score(), 0.2, 5, seed=1) == noisy
    assert jitter(score(), 0.2, 5, seed=2) != noisy


def test_jitter_spreads_as_it_says():
    many = Score((Track(tuple(Note(100 + 4 * i, 60, 1, 64) for i in range(2000))),))
    noisy = jitter(many, steps=0.5, velocity=6, seed=0).notes
    late = np.array([n.start for n in noisy]) - [n.start for n in many.notes]
    assert late.std() == pytest.approx(0.5, rel=0.1)
    assert np.std([n.velocity for n in noisy]) == pytest.approx(6, rel=0.1)


def test_jitter_of_nothing_changes_nothing():
    assert jitter(score(), steps=0, velocity=0) == score()


def test_the_loudest_note_stays_within_midi():
    loud = Score((Track(tuple(Note(i, 60, 1, 127) for i in range(100))),))
    assert all(1 <= n.velocity <= 127 for n in jitter(loud, velocity=60).notes)


def test_wrong_notes_keep_rhythm_and_rests():
    rng = np.random.default_rng(0)
    long = Grid(rng.integers(50, 70, (3, 400)), rng.random((3, 400)) < 0.5)
    wrong = wrong_notes(long, 0.3, seed=0)
    assert np.array_equal(wrong.pitches == REST, long.pitches == REST)
    assert not (long.onsets & ~wrong.onsets).any()
    moved = wrong.pitches != long.pitches
    steps = wrong.pitches[moved].astype(int) - long.pitches[moved]
    assert set(steps.tolist()) == {-2, -1, 1, 2}


def test_about_the_share_of_the_notes_is_wrong():
    long = Grid([[60] * 4000], [[True] * 4000])
    wrong = wrong_notes(long, 0.2, seed=0).pitches[0] != 60
    assert wrong.mean() == pytest.approx(0.2, abs=5 * (0.16 / 4000) ** 0.5)


def test_a_held_note_is_moved_as_one():
    held = Grid([[60] * 6 + [64] * 6])
    for seed in range(5):
        assert wrong_notes(held, 1.0, seed).onsets.sum() == 2


def test_no_share_changes_nothing():
    assert wrong_notes(grid(), 0.0) == grid()
    empty = Grid(np.zeros((1, 0)))
    assert wrong_notes(empty, 1.0) == empty


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: change_tempo(score(), 0), "must be above 0"),
        (lambda: change_tempo(score(), float("nan")), "must be above 0"),
        (lambda: stretch(grid(), 0), "whole numbers"),
        (lambda: stretch(grid(), 1.5), "whole numbers"),
        (lambda: stretch(grid(), float("nan")), "whole numbers"),
        (lambda: pitch_shift(grid(), -60), "below MIDI"),
        (lambda: pitch_shift(score(), 90), "0 to 127"),
        (lambda: jitter(score(), steps=-1), "0 or more"),
        (lambda: jitter(score(), velocity=float("nan")), "0 or more"),
        (lambda: wrong_notes(grid(), 1.5), "0 to 1"),
        (lambda: wrong_notes(grid(), float("nan")), "0 to 1"),
    ],
)
def test_what_is_not_allowed_is_said_in_a_sentence(wrong, words):
    with pytest.raises(InputError, match=words):
        wrong()

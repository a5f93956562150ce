"""The sixteenth grid: held is not repeated, and nothing is lost that fits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import (
    MAX_GRID_STEPS,
    Grid,
    from_grid,
    stacked,
    to_grid,
    voice_notes,
)
from deepcomposer_edu.music.score import Metre, Note, Score, Track


@st.composite
def grids(draw, max_voices=4, max_steps=24):
    """Return any grid, repeated notes and rests included."""
    n_voices = draw(st.integers(1, max_voices))
    n_steps = draw(st.integers(1, max_steps))
    cells = st.lists(
        st.sampled_from([-1, 0, 48, 60, 61, 127]), min_size=n_steps, max_size=n_steps
    )
    flags = st.lists(st.booleans(), min_size=n_steps, max_size=n_steps)
    return Grid(
        np.array([draw(cells) for _ in range(n_voices)]),
        np.array([draw(flags) for _ in range(n_voices)]),
    )


@given(grids())
def test_a_grid_survives_the_way_through_a_score(grid):
    assert to_grid(from_grid(grid), grid.n_steps) == grid


def test_a_held_note_and_a_repeated_note_differ():
    held = Score.from_notes([(0, 60, 8)])
    repeated = Score.from_notes([(0, 60, 4), (4, 60, 4)])
    np.testing.assert_array_equal(to_grid(held).pitches, to_grid(repeated).pitches)
    assert to_grid(held).onsets[0].tolist() == [True] + [False] * 7
    assert to_grid(repeated).onsets[0].tolist() == [True, False, False, False] * 2


def test_without_onsets_a_run_of_one_pitch_is_one_note():
    grid = Grid(np.array([[60, 60, -1, 60, 62]]))
    assert voice_notes(grid, 0) == [Note(0, 60, 2), Note(3, 60, 1), Note(4, 62, 1)]


def test_a_rest_never_has_an_onset_and_a_change_always_has():
    grid = Grid(np.array([[60, 62, -1]]), np.array([[False, False, True]]))
    assert grid.onsets.tolist() == [[True, True, False]]


def test_the_highest_note_of_a_chord_wins():
    score = Score.from_notes([(0, 60, 4), (0, 64, 4), (0, 67, 2)])
    assert to_grid(score).pitches.tolist() == [[67, 67, 64, 64]]


def test_each_pitched_track_is_a_voice_and_drums_are_none():
    melody = Track((Note(0, 72, 2),))
    drums = Track((Note(0, 36, 1),), is_drum=True)
    bass = Track((Note(0, 48, 2),))
    assert to_grid(Score((melody, drums, bass))).pitches[:, 0].tolist() == [72, 48]


def test_off_grid_notes_go_to_the_nearest_step():
    score = Score.from_notes([(0.2, 60, 3.9), (3.8, 62, 4.4)])
    assert to_grid(score).pitches.tolist() == [[60] * 4 + [62] * 4]


def test_a_grace_note_takes_a_step_from_the_note_before_it():
    score = Score.from_notes([(0, 60, 3.7), (3.7, 74, 0.2), (4, 62, 4)])
    assert to_grid(score).pitches.tolist() == [[60, 60, 60, 74, 62, 62, 62, 62]]


def test_a_short_note_never_costs_another_its_only_step():
    score = Score.from_notes([(0, 60, 1), (1, 62, 1), (1.7, 74, 0.2), (2, 64, 1)])
    assert to_grid(score).pitches.tolist() == [[60, 62, 64]]


def test_a_lone_very_short_note_is_heard():
    assert to_grid(Score.from_notes([(2.1, 60, 0.05)])).pitches.tolist() == [
        [-1, -1, 60]
    ]


def test_a_given_length_cuts_or_fills_with_rests():
    score = Score.from_notes([(0, 60, 4)])
    assert to_grid(score, 2).pitches.tolist() == [[60, 60]]
    assert to_grid(score, 6).pitches.tolist() == [[60] * 4 + [-1] * 2]


def test_an_empty_score_has_no_steps():
    assert to_grid(Score()).pitches.shape == (0, 0)
    assert to_grid(Score((Track(),))).pitches.shape == (1, 0)


def test_an_endless_piece_is_refused_before_memory_is_taken():
    with pytest.raises(InputError, match="at most"):
        to_grid(Score.from_notes([(MAX_GRID_STEPS + 1, 60, 1)]))


def test_from_grid_keeps_names_programs_and_metre():
    grid = Grid(np.array([[60], [48]]))
    score = from_grid(grid, 90, ["High", "Low"], [40, 42], [Metre(0, 3, 4)], pickup=4)
    assert [track.name for track in score.tracks] == ["High", "Low"]
    assert [track.program for track in score.tracks] == [40, 42]
    assert (score.tempo, score.metres[0].numerator, score.pickup) == (90, 3, 4)


def test_four_voices_are_named_from_soprano_to_bass():
    score = from_grid(Grid(np.full((4, 1), 60)))
    assert [track.name for track in score.tracks] == [
        "Soprano",
        "Alto",
        "Tenor",
        "Bass",
    ]


def test_too_few_names_are_refused():
    with pytest.raises(InputError, match="1 names for 2 voices"):
        from_grid(Grid(np.array([[60], [48]])), names=["High"])


@given(grids(), st.integers(-12, 12))
def test_transposing_there_and_back_changes_nothing(grid, semitones):
    kept = Grid(np.where(grid.sounding, 60 + grid.pitches % 12, -1), grid.onsets)
    assert kept.transposed(semitones).transposed(-semitones) == kept


def test_transposing_below_zero_is_refused_and_makes_no_rest():
    with pytest.raises(InputError, match="below MIDI pitch 0"):
        Grid(np.array([[0]])).transposed(-1)


def test_transposing_above_127_is_refused():
    with pytest.raises(InputError, match="0 to 127"):
        Grid(np.array([[127]])).transposed(1)


def test_a_crop_begins_its_first_note_anew():
    grid = Grid(np.array([[60, 60, 60, 62]])).crop(1, 4)
    assert grid.onsets.tolist() == [[True, False, True]]


def test_voices_and_stacked_are_inverse():
    grid = Grid(np.array([[60, 60], [48, 50]]), np.array([[True, True], [True, True]]))
    assert stacked([grid.voices(0), grid.voices(1)]) == grid


def test_a_flat_array_is_refused():
    with pytest.raises(InputError, match="voices, steps"):
        Grid(np.array([60, 62]))


def test_onsets_of_another_shape_are_refused():
    with pytest.raises(InputError, match="onsets have shape"):
        Grid(np.array([[60, 62]]), np.array([[True]]))


def test_a_grid_does_not_share_memory_with_what_it_was_made_from():
    pitches = np.array([[60, 62]], dtype=np.int16)
    grid = Grid(pitches)
    pitches[0, 0] = 0
    assert grid.pitches[0, 0] == 60

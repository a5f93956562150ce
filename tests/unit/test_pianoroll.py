"""Piano rolls: held is not repeated, and no note is lost at the edge."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.midi import midi_bytes
from deepcomposer_edu.music.multitrack import from_pypianoroll, to_pypianoroll
from deepcomposer_edu.music.pianoroll import (
    PianoRoll,
    crop_pitches,
    fold_pitch,
    from_pianoroll,
    to_pianoroll,
)
from deepcomposer_edu.music.score import Metre, Note, Score, Track


@st.composite
def rolls(draw):
    """Return any two tracks of 8 steps and 12 pitches."""
    bits = st.lists(st.booleans(), min_size=192, max_size=192)
    shape = (2, 8, 12)
    held = np.array(draw(bits)).reshape(shape)
    return PianoRoll(held, np.array(draw(bits)).reshape(shape), low=60)


@given(rolls())
def test_a_roll_survives_the_way_through_a_score(roll):
    assert to_pianoroll(from_pianoroll(roll), 60, 12, n_steps=8) == roll


def test_a_held_and_a_repeated_note_differ_in_their_onsets_only():
    held = to_pianoroll(Score.from_notes([(0, 60, 8)]))
    repeated = to_pianoroll(Score.from_notes([(0, 60, 4), (4, 60, 4)]))
    np.testing.assert_array_equal(held.held, repeated.held)
    assert np.flatnonzero(held.onsets[0, :, 60]).tolist() == [0]
    assert np.flatnonzero(repeated.onsets[0, :, 60]).tolist() == [0, 4]


def test_the_axes_are_tracks_steps_pitches():
    score = Score((Track((Note(2, 60, 1),)), Track((Note(0, 48, 1),))))
    roll = to_pianoroll(score)
    assert roll.held.shape == (2, 3, 128)
    assert np.argwhere(roll.held).tolist() == [[0, 2, 60], [1, 0, 48]]


def test_chords_keep_all_their_notes():
    score = Score.from_notes([(0, 60, 4), (0, 64, 4), (0, 67, 2)])
    assert from_pianoroll(to_pianoroll(score)).notes == score.notes


def test_a_grid_has_the_same_roll_as_its_score():
    roll = to_pianoroll(Grid(np.array([[60, 60, -1, -1]])))
    assert roll.held.shape == (1, 4, 128)
    assert roll.held[0, :, 60].tolist() == [True, True, False, False]


def test_drums_are_left_out():
    drums = Track((Note(0, 36, 1),), is_drum=True)
    assert to_pianoroll(Score((drums,))).held.shape == (0, 0, 128)


def test_a_very_short_note_gets_one_step():
    assert to_pianoroll(Score.from_notes([(2, 60, 0.1)])).held[0, :, 60].sum() == 1


def test_an_onset_in_silence_is_none_and_a_run_begins_with_one():
    held = np.zeros((1, 3, 12), dtype=bool)
    held[0, 1, 0] = True
    onsets = np.zeros_like(held)
    onsets[0, 0, 0] = True
    assert np.argwhere(PianoRoll(held, onsets).onsets).tolist() == [[0, 1, 0]]


@given(st.integers(0, 127), st.integers(0, 116), st.integers(11, 127))
def test_folding_moves_by_octaves_into_the_range(pitch, low, width):
    high = min(low + width, 127)
    folded = fold_pitch(pitch, low, high)
    assert low <= folded <= high
    assert (folded - pitch) % 12 == 0
    if low <= pitch <= high:
        assert folded == pitch


def test_folding_takes_the_nearest_octave():
    assert [fold_pitch(p) for p in (24, 35, 84, 127)] == [36, 47, 72, 79]


def test_a_range_below_an_octave_is_refused():
    with pytest.raises(InputError, match="smaller than an octave"):
        fold_pitch(60, 60, 70)


def test_notes_outside_the_range_are_folded_and_counted():
    roll = to_pianoroll(Score.from_notes([(0, 24, 4), (4, 60, 4)]), 36, 48)
    assert roll.n_folded == 1
    assert np.flatnonzero(roll.held[0, 0]).tolist() == [0]  # C2


def test_cropping_pitches_loses_no_note():
    score = Score.from_notes([(0, 24, 4), (4, 60, 4), (8, 96, 4)])
    cropped = crop_pitches(to_pianoroll(score))
    assert (cropped.low, cropped.high, cropped.n_folded) == (36, 83, 2)
    assert [n.pitch for n in from_pianoroll(cropped).notes] == [36, 60, 72]


def test_a_roll_too_large_for_memory_is_refused():
    with pytest.raises(InputError, match="cells"):
        to_pianoroll(Score.from_notes([(10_000_000, 60, 1)]))


def test_a_flat_roll_is_refused():
    with pytest.raises(InputError, match="tracks, steps, pitches"):
        PianoRoll(np.zeros((4, 128)))


def test_a_roll_beyond_pitch_127_is_refused():
    with pytest.raises(InputError, match="0 to 127"):
        PianoRoll(np.zeros((1, 1, 48)), low=100)


def test_from_pianoroll_keeps_names_programs_and_metre():
    roll = to_pianoroll(Score.from_notes([(0, 60, 4)]))
    score = from_pianoroll(roll, 90, ["Flute"], [73], [Metre(0, 3, 4)], pickup=4)
    assert (score.tracks[0].name, score.tracks[0].program) == ("Flute", 73)
    assert (score.tempo, score.metres, score.pickup) == (90, (Metre(0, 3, 4),), 4)
    with pytest.raises(InputError, match="2 names"):
        from_pianoroll(roll, names=["a", "b"])


# pypianoroll

SCORE = Score(
    (
        Track((Note(0, 60, 4, 90), Note(4, 64, 2, 70)), "Flute", 73),
        Track((Note(0, 36, 1, 100),), "Drums", 0, True),
    ),
    tempo=96,
    tempo_changes=((4, 120),),
    title="Two bars",
)


def test_a_score_survives_the_way_through_pypianoroll():
    assert from_pypianoroll(to_pypianoroll(SCORE)) == SCORE


def test_pypianoroll_counts_four_steps_to_a_quarter():
    multitrack = to_pypianoroll(SCORE)
    assert multitrack.resolution == 4
    assert multitrack.tracks[0].pianoroll.shape == (6, 128)
    assert multitrack.tracks[0].pianoroll[0, 60] == 90


def test_downbeats_follow_metre_and_pickup():
    score = Score.from_notes([(0, 60, 28)], metres=(Metre(0, 3, 4),), pickup=4)
    assert np.flatnonzero(to_pypianoroll(score).downbeat).tolist() == [4, 16]


def test_another_resolution_is_understood():
    pypianoroll = pytest.importorskip("pypianoroll")
    picture = np.zeros((48, 128), dtype=np.uint8)
    picture[24:48, 60] = 80
    track = pypianoroll.StandardTrack(pianoroll=picture)
    multitrack = pypianoroll.Multitrack(resolution=24, tracks=[track])
    assert from_pypianoroll(multitrack).notes == (Note(4, 60, 4, 80),)


def test_what_pypianoroll_reads_from_our_midi_can_be_written_again(tmp_path):
    import pypianoroll

    path = tmp_path / "tune.mid"
    path.write_bytes(midi_bytes(SCORE))
    back = from_pypianoroll(pypianoroll.read(path, resolution=24))
    assert [n.pitch for n in back.tracks[0].notes] == [60, 64]
    to_pypianoroll(back).write(tmp_path / "again.mid")


def test_an_empty_score_is_an_empty_multitrack():
    assert from_pypianoroll(to_pypianoroll(Score())).notes == ()
    assert from_pypianoroll(to_pypianoroll(Score((Track(),)))).notes == ()

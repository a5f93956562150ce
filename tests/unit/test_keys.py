"""Keys are found, and found the same way wherever the music is moved to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, to_grid
from deepcomposer_edu.music.keys import (
    Key,
    duration_histogram,
    find_key,
    key_scores,
    scale_shares,
)
from deepcomposer_edu.music.score import Note, Score, Track


def melody(*notes):
    """Return a score from (pitch, duration) pairs, one after another."""
    position, placed = 0, []
    for pitch, duration in notes:
        placed.append((position, pitch, duration))
        position += duration
    return Score.from_notes(placed)


# The openings of well-known tunes, written down note by note in one key.
ODE_TO_JOY = melody(
    *[(p, 4) for p in (64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64)],
    (64, 6), (62, 2), (62, 8),
    *[(p, 4) for p in (64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64)],
    (62, 6), (60, 2), (60, 8),
)  # fmt: skip
TWINKLE = melody(
    *[(p, 4) for p in (60, 60, 67, 67, 69, 69)], (67, 8),
    *[(p, 4) for p in (65, 65, 64, 64, 62, 62)], (60, 8),
)  # fmt: skip
FRERE_JACQUES = melody(
    *[(p, 4) for p in (60, 62, 64, 60) * 2],
    *[(64, 4), (65, 4), (67, 8)] * 2,
    *[(67, 2), (69, 2), (67, 2), (65, 2), (64, 4), (60, 4)] * 2,
    *[(60, 4), (55, 4), (60, 8)] * 2,
)
GREENSLEEVES = melody(
    (69, 4), (72, 8), (74, 4), (76, 6), (77, 2), (76, 4), (74, 8), (71, 4), (67, 6),
    (69, 2), (71, 4), (72, 8), (69, 4), (69, 6), (68, 2), (69, 4), (71, 8), (68, 4),
    (64, 8),
    (69, 4), (72, 8), (74, 4), (76, 6), (77, 2), (76, 4), (74, 8), (71, 4), (67, 6),
    (69, 2), (71, 4), (72, 6), (71, 2), (69, 4), (68, 6), (66, 2), (68, 4), (69, 12),
)  # fmt: skip


@pytest.mark.parametrize("tune", [ODE_TO_JOY, TWINKLE, FRERE_JACQUES])
def test_well_known_tunes_in_c_are_found_in_c(tune):
    assert find_key(tune) == Key(0, "major")


def test_greensleeves_is_in_a_minor():
    assert find_key(GREENSLEEVES) == Key(9, "minor")


@pytest.mark.parametrize("tune", [ODE_TO_JOY, TWINKLE, FRERE_JACQUES, GREENSLEEVES])
@pytest.mark.parametrize("semitones", range(-6, 6))
def test_the_key_moves_with_the_music(tune, semitones):
    moved = find_key(tune.transposed(semitones))
    assert moved == find_key(tune).transposed(semitones)


def test_a_grid_and_its_score_agree():
    assert find_key(to_grid(GREENSLEEVES)) == find_key(GREENSLEEVES)


def test_silence_is_called_c_major():
    assert find_key(Score()) == Key(0, "major")
    assert find_key(Grid(np.full((1, 4), -1))) == Key(0, "major")


def test_a_flat_histogram_fits_no_key():
    assert not key_scores(np.ones(12)).any()


@given(st.integers(0, 11), st.sampled_from(["major", "minor"]))
def test_to_c_moves_every_scale_to_the_white_keys(tonic, mode):
    key = Key(tonic, mode)
    moved = {(pitch + key.to_c) % 12 for pitch in key.scale}
    assert moved == {0, 2, 4, 5, 7, 9, 11}
    assert -6 <= key.to_c <= 5


def test_to_c_takes_the_tonic_to_c_or_a():
    assert (Key(7).tonic + Key(7).to_c) % 12 == 0
    assert (Key(4, "minor").tonic + Key(4, "minor").to_c) % 12 == 9


def test_names_and_scales_of_two_keys():
    assert Key(2).name == "D major"
    assert Key(2).scale == (2, 4, 6, 7, 9, 11, 1)
    assert Key(11, "minor").name == "B minor"
    assert Key(11, "minor").scale == (11, 1, 2, 4, 6, 7, 9)


@pytest.mark.parametrize("tonic", range(12))
def test_the_best_scale_of_a_scale_is_itself(tonic):
    histogram = np.zeros(12)
    histogram[list(Key(tonic).scale)] = 1
    shares = scale_shares(histogram)
    assert shares[tonic] == 1
    assert (np.delete(shares, tonic) < 1).all()


def test_the_best_scale_of_c_major_holds_no_black_key():
    histogram = np.array([0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0], dtype=float)
    assert scale_shares(histogram)[0] == 0


def test_drums_do_not_count():
    drums = Track((Note(0, 37, 100),), is_drum=True)
    assert not duration_histogram(Score((drums,))).any()


def test_a_histogram_weighs_by_duration():
    histogram = duration_histogram(Score.from_notes([(0, 60, 3), (3, 74, 1.5)]))
    assert (histogram[0], histogram[2], histogram.sum()) == (3, 1.5, 4.5)


def test_a_wrong_mode_tonic_or_histogram_is_refused():
    with pytest.raises(InputError, match="mode"):
        Key(0, "dorian")
    with pytest.raises(InputError, match="tonic"):
        Key(12)
    with pytest.raises(InputError, match="12"):
        find_key(np.ones(11))


def test_a_long_last_note_tells_two_neighbouring_keys_apart():
    # C D E F G A: as much F major as C major, but for where it comes to rest
    six = [(60, 4), (62, 4), (64, 4), (65, 4), (67, 4), (69, 4)]
    assert find_key(melody(*six, (64, 4), (62, 4), (60, 8))).to_c == 0
    assert find_key(melody(*six, (69, 4), (67, 4), (65, 8))).to_c == Key(5).to_c


def test_a_melody_cut_off_anywhere_says_nothing_with_its_last_note():
    notes = [(60, 4), (64, 4), (67, 4), (62, 4), (65, 4)]
    music = melody(*notes)
    assert find_key(music) == find_key(duration_histogram(music))


def test_music_of_several_voices_is_judged_by_all_its_notes():
    grid = Grid(np.array([[67, 67, 65, 64], [60, 60, 59, 60]]))
    assert find_key(grid) == find_key(duration_histogram(grid)) == Key(0)


@pytest.mark.parametrize("pitch", range(60, 72))
def test_a_single_tone_is_its_own_tonic(pitch):
    assert find_key(melody((pitch, 4))).tonic == pitch % 12
    assert find_key(melody((pitch, 4), (pitch + 12, 4))).tonic == pitch % 12

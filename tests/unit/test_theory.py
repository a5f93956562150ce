"""Part-writing: textbook mistakes are found, named and placed; good writing is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Metre
from deepcomposer_edu.music.theory import (
    crossings,
    dissonances,
    octaves_to_soprano,
    out_of_range,
    parallels,
    place_name,
    spacings,
)


def quarters(*voices):
    """Return a grid in which every given pitch lasts a quarter."""
    return Grid(np.repeat(np.array(voices), 4, axis=1))


# I - IV - V - I in C major, written as a textbook would
GOOD = quarters(
    [72, 72, 71, 72],
    [67, 69, 67, 67],
    [64, 65, 62, 64],
    [48, 53, 55, 48],
)
SOPRANO, ALTO, TENOR, BASS = range(4)


def test_textbook_part_writing_has_no_parallels_crossings_or_wide_gaps():
    assert parallels(GOOD) + crossings(GOOD) + spacings(GOOD) + out_of_range(GOOD) == []


def test_parallel_fifths_are_found_named_and_placed():
    grid = quarters([67, 69], [60, 62])
    (fault,) = parallels(grid)
    assert (fault.kind, fault.step, fault.voices) == ("parallel fifths", 4, (0, 1))
    assert fault.message == (
        "bar 1, beat 2: voice 1 and voice 2 move in parallel fifths"
    )


def test_parallel_octaves_of_outer_voices_are_found_in_musical_words():
    grid = quarters([72, 74], [67, 67], [64, 65], [48, 50])
    (fault,) = parallels(grid, Metre(0, 3, 4), pickup=4)
    assert fault.message == "bar 1, beat 1: soprano and bass move in parallel octaves"


def test_twelfths_count_as_fifths():
    assert [f.kind for f in parallels(quarters([79, 81], [60, 62]))] == [
        "parallel fifths"
    ]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ([67, 67], [60, 60]),  # nothing moves
        ([67, 69], [60, 60]),  # one voice moves
        ([67, 69], [60, 65]),  # similar, not parallel
        ([67, 65], [60, 62]),  # contrary
        ([64, 65], [60, 61]),  # thirds
        ([67, -1, 69], [60, -1, 62]),  # a rest between
    ],
)
def test_what_is_no_parallel_fifth_is_not_reported(upper, lower):
    assert parallels(quarters(upper, lower)) == []


@given(st.integers(-12, 12))
def test_parallels_are_the_same_in_every_key(semitones):
    grid = quarters([67, 69, 71], [60, 62, 64])
    assert parallels(grid.transposed(semitones)) == parallels(grid)


def test_a_crossing_is_reported_once_where_it_begins():
    grid = quarters([72, 64, 64, 72], [67, 67, 67, 67])
    (fault,) = crossings(grid)
    assert (fault.step, fault.voices) == (4, (0, 1))
    assert "cross" in fault.message


def test_a_unison_is_no_crossing():
    assert crossings(quarters([67], [67])) == []


def test_a_rest_crosses_nothing():
    assert crossings(quarters([-1], [67])) == []


def test_a_gap_above_an_octave_is_reported_except_over_the_bass():
    grid = quarters([81], [60], [59], [36])
    (fault,) = spacings(grid)
    assert fault.voices == (SOPRANO, ALTO)


def test_an_octave_is_no_wide_gap():
    assert spacings(quarters([79], [67], [55], [36])) == []


def test_notes_outside_their_voice_are_reported_one_by_one():
    grid = quarters([84, 84, 72], [60, 60, 60], [50, 50, 50], [40, 35, 40])
    faults = out_of_range(grid)
    assert [(f.step, f.voices) for f in faults] == [(0, (SOPRANO,)), (4, (BASS,))]
    assert "soprano sings C6, outside C4 to A5" in faults[0].message


def test_ranges_of_other_than_four_voices_are_refused():
    with pytest.raises(InputError, match="2 voices"):
        out_of_range(quarters([60], [48]))


def test_dissonances_are_named_with_their_notes():
    (fault,) = dissonances(quarters([67, 65, 64], [60, 59, 60]))
    assert fault.step == 4
    assert fault.message == (
        "bar 1, beat 2: voice 1 and voice 2 form a tritone (F4, B3)"
    )


def test_a_consonant_chord_has_no_dissonance():
    assert dissonances(quarters([72], [67], [64], [48])) == []


@pytest.mark.parametrize(
    ("step", "metre", "pickup", "expected"),
    [
        (0, Metre(), 0, "bar 1, beat 1"),
        (16, Metre(), 0, "bar 2, beat 1"),
        (7, Metre(), 0, "bar 1, beat 2.75"),
        (12, Metre(0, 3, 4), 0, "bar 2, beat 1"),
        (8, Metre(0, 6, 8), 0, "bar 1, beat 5"),
        (0, Metre(0, 3, 4), 4, "upbeat, beat 3"),
        (4, Metre(0, 3, 4), 4, "bar 1, beat 1"),
    ],
)
def test_places_follow_metre_and_pickup(step, metre, pickup, expected):
    assert place_name(step, metre, pickup) == expected


@pytest.mark.parametrize("rule", [parallels, crossings, spacings, dissonances])
def test_silence_and_no_voices_break_no_rule(rule):
    assert rule(Grid(np.full((4, 8), -1))) == []
    assert rule(Grid(np.zeros((4, 0)))) == []
    assert rule(Grid(np.zeros((0, 0)))) == []


@pytest.mark.parametrize(("pitch", "octaves"), [(70, 0), (58, 1), (36, 3), (94, -2)])
def test_a_melody_is_heard_in_the_octave_of_a_soprano(pitch, octaves):
    assert octaves_to_soprano(np.array([pitch])) == octaves

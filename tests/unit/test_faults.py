"""Faults: textbook mistakes are found where they stand, and good writing has none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.music.faults import (
    FAULT_NAMES,
    chord_steps,
    fault_excerpt,
    find_faults,
    runs,
)
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.score import Metre
from deepcomposer_edu.viz.faults import plot_faults


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


def with_note(grid, voice, beat, pitch):
    pitches = grid.pitches.copy()
    pitches[voice, 4 * beat : 4 * beat + 4] = pitch
    return Grid(pitches)


def names(grid):
    return [fault.name for fault in find_faults(grid)]


def test_textbook_part_writing_has_no_fault():
    assert find_faults(GOOD) == []


def test_planted_parallel_octaves_are_told_with_bar_beat_and_voices():
    grid = quarters([72, 74], [67, 67], [64, 65], [48, 50])
    (fault,) = [f for f in find_faults(grid) if f.name == "parallel octaves"]
    assert (fault.bar, fault.beat, fault.voices, fault.step) == (1, 2.0, (0, 3), 4)
    assert str(fault) == "bar 1, beat 2: soprano and bass move in parallel octaves"


def test_bars_are_counted_in_the_metre_and_after_the_upbeat():
    grid = quarters([72, 74], [67, 67], [64, 65], [48, 50])
    places = {(f.bar, f.beat) for f in find_faults(grid, Metre(0, 3, 4), pickup=4)}
    assert places == {(1, 1.0)}
    (upbeat,) = {f.bar for f in find_faults(grid, pickup=8)}
    assert upbeat == 0


@pytest.mark.parametrize(
    ("pitch", "told"),
    [(54, "a tritone"), (58, "a minor seventh"), (63, "15 semitones")],
)
def test_hard_leaps_are_named_by_their_size(pitch, told):
    grid = Grid([[48] * 4 + [pitch] * 4])
    (fault,) = find_faults(grid)
    assert fault.name == "leap" and f"leaps by {told}, C3 to" in fault.sentence


def test_an_octave_and_a_sixth_are_no_hard_leaps():
    assert find_faults(Grid([[48] * 4 + [60] * 4 + [69] * 4])) == []


def test_a_passing_dissonance_is_fine_and_a_leapt_one_is_a_clash():
    passing = Grid([[72] * 12, [64] * 4 + [62] * 4 + [60] * 4, [55] * 12, [48] * 12])
    moving = Grid([[76] * 4 + [72] * 4 + [76] * 4, [67] * 4 + [62] * 4 + [67] * 4])
    assert "clash" not in names(passing)
    assert names(moving) == ["clash"]


def test_a_seventh_chord_is_no_clash():
    # G7 reached by leaps in every voice
    grid = quarters([72, 77, 72], [67, 71, 67], [64, 67, 64], [48, 55, 48])
    assert chord_steps(grid)[4]
    assert "clash" not in names(grid)


def test_a_foreign_note_that_leaps_away_is_found_and_one_that_resolves_is_not():
    home = [72, 71, 77, 76, 72, 71, 77, 76]
    astray = with_note(quarters(home, home), 0, 3, 66)
    leading = quarters([72, 71, 72, 66, 67, 71, 77, 76], home)
    assert ("foreign note", 12) in {(f.name, f.step) for f in find_faults(astray)}
    assert "foreign note" not in names(leading)


def test_a_voice_that_does_not_move_for_three_bars_is_stuck():
    lower = [60] * 48
    assert names(Grid([[72, 74] * 24, lower])) == ["stuck"]
    assert names(Grid([[72, 74] * 24, [*lower[:47], 65]])) == []


def test_every_fault_has_a_name_from_the_list():
    random = np.random.default_rng(0)
    grid = Grid(np.repeat(random.integers(36, 82, (4, 40)), 4, axis=1))
    found = set(names(grid))
    assert found <= set(FAULT_NAMES)
    assert len(found) >= 5  # noise breaks most rules


def test_runs_melt_repeated_notes_and_leave_out_rests():
    grid = Grid([[60, 60, REST, 62, 62]], [[True, True, False, True, True]])
    assert [(r.start, r.end, r.pitch) for r in runs(grid, 0)] == [
        (0, 2, 60),
        (3, 5, 62),
    ]


@given(st.integers(-12, 12))
def test_moving_the_music_moves_no_fault_but_the_ranges(semitones):
    random = np.random.default_rng(1)
    grid = Grid(np.repeat(random.integers(48, 72, (4, 12)), 4, axis=1))

    def kinds(music):
        return [
            (f.step, f.voices, f.name) for f in find_faults(music) if f.name != "range"
        ]

    assert kinds(grid.transposed(semitones)) == kinds(grid)


def test_silence_and_an_empty_grid_have_no_fault():
    assert find_faults(Grid(np.full((4, 32), REST))) == []
    assert find_faults(Grid(np.zeros((4, 0)))) == []


def test_the_excerpt_of_a_fault_holds_its_step():
    grid = Grid(np.tile(quarters([72, 74], [48, 50]).pitches, 8))
    fault = find_faults(grid)[-1]
    excerpt = fault_excerpt(grid, fault, n_beats=2)
    assert excerpt.n_steps <= 5 * 4
    assert any(f.name == fault.name for f in find_faults(excerpt))


def test_the_picture_marks_each_fault_at_its_notes_and_names_it():
    grid = quarters([72, 74], [67, 67], [64, 65], [48, 50])
    faults = find_faults(grid)
    ax = plot_faults(grid, faults)
    marks = [(line.get_xdata()[0], sorted(line.get_ydata())) for line in ax.lines
             if line.get_marker() not in ("None", None)]  # fmt: skip
    assert (4.5, [50, 74]) in marks
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts == ["parallel octaves"]

"""Fixes put into a composition: written down, made again, everything else as it was."""

import copy

import pytest

from deepcomposer_edu.compose import (
    arrange,
    arrangement_of,
    compose,
    does_it_listen,
    replay,
    voices_of,
    with_instruments,
)
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.mending import (
    mend,
    mend_all,
    notes_at,
    teacher_marks_of,
)
from deepcomposer_edu.compose.versions import composition_from
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.fixes import Change
from deepcomposer_edu.music.score import Score

TUNE = Score.from_notes([(i * 4, 67 + (0, 2, 4, 5)[i % 4], 4) for i in range(8)])
SCORING = {"A": "harpsichord", "B": ["oboe", "strings"]}


@pytest.fixture(scope="module")
def drawn():
    """Four voices at random, full of what a teacher marks."""
    return compose(TUNE, technique="random", seed=1)


@pytest.fixture(scope="module")
def arranged(drawn):
    """The same as a piece in which sections have instruments of their own."""
    return arrange(drawn, seconds=10, form="AB", instruments=SCORING)


@pytest.fixture(scope="module", params=["drawn", "arranged"])
def mended(request):
    """The first mark that can be mended: piece, marks, its number, the mended piece."""
    piece = request.getfixturevalue(request.param)
    marks = teacher_marks_of(piece)
    number, fix = next(
        (i, fix) for i in range(len(marks.faults)) if (fix := marks.fix(i)) is not None
    )
    return piece, marks, number, fix, mend(piece, fix.changes)


def test_the_voices_are_those_of_the_fix_and_the_mark_is_gone(mended):
    _, marks, number, fix, made = mended
    again = teacher_marks_of(made)
    assert again.grid == fix.grid
    gone = marks.fault(number)
    assert gone not in again.faults
    assert len(again.faults) < len(marks.faults)


def test_all_but_the_changed_notes_stays(mended):
    piece, _, _, fix, made = mended
    kept = [(t.name, t.program) for t in piece.score.tracks]
    assert [(t.name, t.program) for t in made.score.tracks] == kept
    assert made.score.tempo_changes == piece.score.tempo_changes
    start = min(change.start for change in fix.changes)
    end = max(change.end for change in fix.changes)
    for old, new in zip(piece.score.tracks, made.score.tracks, strict=True):
        outside = [
            [n for n in track.notes if n.end <= start or n.start >= end]
            for track in (old, new)
        ]
        assert outside[0] == outside[1]


def test_it_is_made_again_from_its_record_alone(mended):
    made = mended[-1]
    assert replay(made.provenance).score == made.score
    assert composition_from(made.provenance).score == made.score


def test_other_instruments_leave_what_was_mended(mended):
    made = mended[-1]
    other = with_instruments(made, "oboe")
    assert {t.program for t in other.score.tracks} == {68}
    assert teacher_marks_of(other).grid == teacher_marks_of(made).grid
    assert replay(other.provenance).score == other.score


def test_the_notes_of_a_mark_sound_where_it_is(mended):
    piece, marks, number, _, _ = mended
    fault = marks.fault(number)
    found = notes_at(piece, fault)
    assert len(found) == len(fault.voices)
    pitches = sorted(piece.score.tracks[k].notes[i].pitch for k, i in found)
    assert pitches == sorted(marks.grid.pitches[list(fault.voices), fault.step])


def test_a_second_fix_joins_the_first_so_that_no_chain_grows(drawn):
    one = mend(drawn, [Change(3, 4, 8, 0, 50)])
    two = mend(one, [Change(3, 8, 12, 0, 53)])
    assert two.parents == (drawn,)
    assert two.provenance["parameters"] == {"changes": "bass 4-8 D3, bass 8-12 F3"}
    assert len(two.notes) == 2
    assert mend(drawn, [Change(3, 4, 8, 0, 50), Change(3, 8, 12, 0, 53)]).score == (
        two.score
    )


def test_a_part_of_a_long_note_is_changed_and_its_ends_stay():
    piece = compose(
        Score.from_notes([(0, 72, 16), (16, 74, 16)]), technique="random", seed=0
    )
    made = mend(piece, [Change(0, 4, 8, 72, 77)])
    rows = [(n.start, n.pitch, n.duration) for n in made.score.tracks[0].notes]
    assert rows == [(0, 72, 4), (4, 77, 4), (8, 72, 8), (16, 74, 16)]
    assert made.notes == ["Bar 1, beat 2: the soprano sings F5 in place of C5."]
    assert made.provenance["melody_edited"] is True
    with pytest.raises(InputError, match="melody itself was edited"):
        does_it_listen(made, 0, semitones=2)


def test_mark_after_mark_is_mended(drawn):
    seen = []
    piece = compose(TUNE, technique="random", seed=2)
    marks = teacher_marks_of(piece)

    def stop(done, left):
        seen.append((done, left))
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mend_all(piece, stop)
    assert seen[0] == (0, len(marks.faults))
    assert [done for done, _ in seen] == [0, 1, 2]


def test_a_piece_without_marks_is_left_as_it_is():
    melody = Score.from_notes([(i * 4, (72, 74, 76, 74)[i % 4], 4) for i in range(8)])
    piece = compose(melody, seed=0)
    made, n_done, n_left = mend_all(piece)
    again = teacher_marks_of(made)
    assert len(again.faults) == n_left
    assert n_done or made is piece


def test_sections_and_voices_are_still_known(arranged):
    made = mend(arranged, [Change(1, 0, 2, 0, 60)])
    assert arrangement_of(made) == arrangement_of(arranged)
    assert len(voices_of(made).tracks) == 4


def test_each_track_of_an_arrangement_can_have_an_instrument_of_its_own(arranged):
    programs = [track.program for track in arranged.score.tracks]
    assert len(programs) > 4
    same = with_instruments(arranged, programs)
    assert same.score.tracks == arranged.score.tracks
    flute = programs.index(68)
    other = with_instruments(arranged, [*programs[:flute], 73, *programs[flute + 1 :]])
    changed = [t.program for t in other.score.tracks]
    assert changed == [*programs[:flute], 73, *programs[flute + 1 :]]
    assert replay(other.provenance).score == other.score


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ("", "damaged"),
        ("viola 4-8 D3", "damaged"),
        ("bass 8-4 D3", "damaged"),
        ("bass 4-8 H3", "damaged"),
        ("bass 4-8 G12", "damaged"),
        ("bass 4-8", "damaged"),
        (7, "damaged"),
        ("bass 90000-90004 D3", "nothing can be changed there"),
        (", ".join(["bass 4-8 D3"] * 2_001), "2001 changes"),
    ],
)
def test_a_damaged_record_is_refused_in_a_sentence(drawn, changes, words):
    record = copy.deepcopy(mend(drawn, [Change(3, 4, 8, 0, 50)]).provenance)
    record["parameters"]["changes"] = changes
    with pytest.raises(InputError, match=words):
        replay(record)


def test_music_that_is_not_in_four_voices_is_refused(drawn):
    solo = Composition(Score((drawn.score.tracks[0],)), drawn.provenance)
    with pytest.raises(InputError, match="number of voices is 1"):
        teacher_marks_of(solo)


@pytest.mark.parametrize("number", [-1, 10_000, True, "1"])
def test_a_mark_that_there_is_none_of_is_refused(drawn, number):
    with pytest.raises(InputError, match="There is no mark"):
        teacher_marks_of(drawn).fix(number)

"""Locks: what a musician would write, read exactly, and refused in one sentence."""

from collections.abc import Callable

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.locks import (
    bar_numbers,
    count_bars,
    locked_cells,
    parse_bars,
    parse_notes,
    parse_voices,
    region_cells,
)

# 3 bars of 3/4 after an upbeat of a quarter; the bass rests in the first whole bar
PITCHES = np.repeat([[72], [67], [60], [48]], 4 + 36, axis=1)
PITCHES[3, 4:16] = -1
GRID = Grid(PITCHES, np.tile(np.arange(40) % 8 == 0, (4, 1)))


@pytest.mark.parametrize(
    ("text", "voices"),
    [
        ("", []),
        ("soprano bass", [0, 3]),
        ("melody", [0]),
        ("Bass, Soprano", [0, 3]),
        ("s a T", [0, 1, 2]),
        ("alto and tenor", [1, 2]),
        ("alto alto", [1]),
        ("all", [0, 1, 2, 3]),
    ],
)
def test_voices_are_read(text: str, voices: list[int]) -> None:
    assert parse_voices(text) == voices


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("", []),
        ("3, 5-8", [2, 4, 5, 6, 7]),
        ("5 - 6 1", [0, 4, 5]),
        ("bars 2 and 4", [1, 3]),
        ("8-8", [7]),
        ("all", list(range(8))),
    ],
)
def test_bars_are_read(text: str, bars: list[int]) -> None:
    assert parse_bars(text, 8) == bars


def test_the_upbeat_is_bar_0_where_there_is_one() -> None:
    assert parse_bars("0-2", 8, has_upbeat=True) == [-1, 0, 1]
    assert parse_bars("all", 2, has_upbeat=True) == [-1, 0, 1]
    with pytest.raises(InputError, match="bars 1 to 8"):
        parse_bars("0", 8)


def test_notes_are_read() -> None:
    assert parse_notes("Bass 5:1, a 6 : 3.5") == [(3, 4, 0.0), (1, 5, 2.5)]
    assert parse_notes("") == []


@pytest.mark.parametrize("text", ["baritone", "1", "soprano-bass", "b,a,s,i"])
def test_other_voices_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="the voices are soprano, alto, tenor, bass"):
        parse_voices(text)


@pytest.mark.parametrize(
    "text", ["9", "5-9", "6-5", "-1", "1.5", "one", "1-2-3", "1" * 99]
)
def test_other_bars_are_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_bars(text, 8)
    assert "5-8" in str(refused.value) or "bars 1 to 8" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["bass", "5:1", "bass 5", "bass 5:0", "bass 5:0.5", "bass alto 5:1", "x 1:1"],
)
def test_other_notes_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"bass 5:1|is no voice"):
        parse_notes(text)


@pytest.mark.parametrize(
    "read", [parse_voices, parse_notes, lambda text: parse_bars(text, 8)]
)
def test_what_is_no_text_or_too_long_is_refused(
    read: Callable[[str], object],
) -> None:
    with pytest.raises(InputError, match="a text is needed"):
        read(3)
    with pytest.raises(InputError, match="characters"):
        read("1," * 2000)


def test_bars_are_counted_from_the_bar_line() -> None:
    assert count_bars(40, 12, 4) == 3
    assert count_bars(41, 12, 4) == 4
    assert count_bars(3, 12, 4) == 0
    assert bar_numbers(18, 12, 4).tolist() == [-1] * 4 + [0] * 12 + [1] * 2


def test_a_region_is_where_voices_and_bars_meet() -> None:
    cells = region_cells(GRID, 12, 4, voices=[1], bars=[1])
    assert cells.sum() == 12
    assert cells[1, 16:28].all()
    assert region_cells(GRID, 12, 4).all()


def test_locked_is_what_any_of_the_three_names() -> None:
    notes = parse_notes("tenor 2:1")
    cells = locked_cells(GRID, 12, 4, voices=[0], bars=[-1], notes=notes)
    expected = np.zeros((4, 40), dtype=bool)
    expected[0], expected[:, :4] = True, True
    expected[2, 16:24] = True  # the whole note, from its beginning to its end
    assert np.array_equal(cells, expected)


def test_a_note_is_locked_from_any_of_its_beats() -> None:
    first = locked_cells(GRID, 12, 4, notes=parse_notes("tenor 2:1"))
    second = locked_cells(GRID, 12, 4, notes=parse_notes("tenor 2:2.75"))
    assert np.array_equal(first, second)


def test_the_last_beat_of_the_upbeat_is_named_by_its_beat() -> None:
    assert locked_cells(GRID, 12, 4, notes=parse_notes("alto 0:3"))[1].nonzero()[
        0
    ].tolist() == [*range(8)]


def test_a_region_of_no_bars_is_empty() -> None:
    assert not region_cells(GRID, 12, 4, bars=[]).any()


def test_nothing_named_locks_nothing() -> None:
    assert not locked_cells(GRID, 12, 4).any()


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ("bass 1:2", "the voice rests there"),
        ("bass 4:1", "no such place: the piece has bars 0 to 3"),
        ("bass 1:4", "of 3 quarters"),
        ("alto 0:1", "no such place"),
    ],
)
def test_places_without_a_note_are_refused(notes: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        locked_cells(GRID, 12, 4, notes=parse_notes(notes))


def test_a_voice_that_the_music_has_not_is_refused() -> None:
    with pytest.raises(InputError, match="only 1 voice"):
        locked_cells(GRID.voices(0), 12, 4, voices=[3])
    with pytest.raises(InputError, match="only 1 voice"):
        locked_cells(GRID.voices(0), 12, 4, notes=parse_notes("bass 1:1"))

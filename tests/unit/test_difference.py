"""Which notes differ between two pieces, and what is said about it."""

from dataclasses import replace

import pytest

from deepcomposer_edu.compose.comparing.difference import (
    and_words,
    bars_words,
    difference,
    paired_tracks,
    share_changed,
)
from deepcomposer_edu.music.score import Note, Score, Track


def piece(*voices):
    """Return a score of voices given as (name, [pitch of each quarter])."""
    return Score(
        tuple(
            Track(tuple(Note(4 * i, p, 4) for i, p in enumerate(pitches)), name)
            for name, pitches in voices
        )
    )


ONE = piece(("Melody", [72, 74, 76, 77]), ("Bass", [48, 50, 52, 53]))


def test_equal_pieces_do_not_differ():
    found = difference(ONE, ONE)
    assert found.is_same
    assert found.share == 0


def test_a_changed_note_is_named_in_both_pieces():
    two = piece(("Melody", [72, 74, 76, 77]), ("Bass", [48, 50, 40, 53]))
    found = difference(ONE, two)
    assert found.before == [[1, 2]]
    assert found.after == [[1, 2]]


def test_the_share_counts_notes_of_both_pieces():
    two = piece(("Melody", [72, 74, 76, 77]), ("Bass", [48, 50, 40, 53]))
    assert difference(ONE, two).share == pytest.approx(1 / 8)
    assert difference(ONE, two).voices[1].share == pytest.approx(1 / 4)


def test_louder_notes_and_other_instruments_are_no_difference():
    louder = tuple(replace(n, velocity=120) for n in ONE.tracks[1].notes)
    bass = replace(ONE.tracks[1], notes=louder, program=40)
    assert difference(ONE, replace(ONE, tracks=(ONE.tracks[0], bass))).is_same


def test_a_note_that_is_held_longer_is_another_note():
    bass = replace(ONE.tracks[1], notes=(Note(0, 48, 16),))
    found = difference(ONE, replace(ONE, tracks=(ONE.tracks[0], bass)))
    assert found.after == [[1, 0]]
    assert len(found.before) == 4


def test_a_note_struck_twice_counts_twice():
    twice = Score((Track((Note(0, 60, 4), Note(0, 60, 4))),))
    once = Score((Track((Note(0, 60, 4),)),))
    assert difference(twice, once).before == [[0, 1]]


def test_bars_are_named_as_the_score_counts_them():
    long = piece(("Melody", [72] * 12), ("Bass", [48] * 12))
    other = piece(("Melody", [72] * 12), ("Bass", [48] * 4 + [50] * 4 + [48] * 4))
    assert difference(long, other).voices[1].bars == (2,)


def test_tracks_belong_together_by_name_and_melodies_always():
    before = piece(("Melody", [72]), ("Alto", [65]), ("Bass", [48])).tracks
    after = piece(("Lead", [72]), ("Bass", [48]), ("Drums", [36])).tracks
    assert paired_tracks(before, after) == [(0, 0), (2, 1), (None, 2), (1, None)]


def test_a_voice_that_only_one_piece_has_is_new_or_gone():
    after = piece(("Melody", [72, 74, 76, 77]), ("Drums", [36, 36]))
    voices = {voice.name: voice for voice in difference(ONE, after).voices}
    assert voices["Drums"].is_new
    assert voices["Bass"].is_gone
    assert voices["Bass"].share == 1


def test_a_piece_without_tracks_loses_all_notes():
    assert len(difference(ONE, Score()).before) == 8


@pytest.mark.parametrize(
    ("counts", "share"),
    [((4, 4, 4), 0), ((4, 4, 0), 1), ((0, 0, 0), 0), ((1, 3, 1), 0.5)],
)
def test_shares_lie_between_none_and_all(counts, share):
    assert share_changed(*counts) == share


@pytest.mark.parametrize(
    ("bars", "words"),
    [
        ([], ""),
        ([4], "bar 4"),
        ([1, 2, 3, 7], "bars 1-3 and 7"),
        ([0], "the upbeat"),
        ([0, 2, 5], "the upbeat and bars 2 and 5"),
    ],
)
def test_bars_are_said_in_runs(bars, words):
    assert bars_words(bars) == words


def test_lists_end_with_and():
    assert and_words(["a"]) == "a"
    assert and_words(["a", "b", "c"]) == "a, b and c"

"""The piece at the desk: layout, locks, tasks, what is taken up, undo."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from stub_editor import PATIENCE, StubEditor

from deepcomposer_edu.compose.edit_desk.desk import EditingDesk
from deepcomposer_edu.compose.edit_desk.layout import MAX_BARS, longer, note_span
from deepcomposer_edu.compose.edit_desk.locks import Locks, locked_cells
from deepcomposer_edu.compose.edit_desk.thought import summary, thought_of
from deepcomposer_edu.compose.edit_desk.wishes import MODES, VARIANTS, Wish, make_wish
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models import ar_cnn
from deepcomposer_edu.music.edits import replay_edits
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.score import Metre, Note, Score, Track

N_BARS = 4


def four_voices(n_bars=N_BARS, **options):
    """Quarters in four voices, none of them where the stub editor writes."""
    tracks = [
        Track(tuple(Note(4 * i, p, 4) for i in range(4 * n_bars)), program=10 + v)
        for v, p in enumerate((79, 71, 64, 52))
    ]
    return Score(tuple(tracks), **options)


@pytest.fixture(name="desk")
def desk_fixture():
    return EditingDesk(four_voices(), StubEditor())


def cells(desk):
    return desk.grid.pitches.copy(), desk.grid.onsets.copy()


# --- layout


def test_a_melody_gets_three_voices_that_rest_and_whole_bars():
    melody = Score.from_notes([(0, 60, 4), (16, 62, 4)], tempo=77, title="Two notes")
    desk = EditingDesk(melody)
    assert desk.grid.pitches.shape == (4, 32)
    assert (desk.grid.pitches[1:] == REST).all()
    assert desk.score.tempo == 77 and desk.score.title == "Two notes"
    assert [len(track.notes) for track in desk.score.tracks] == [2, 0, 0, 0]


def test_instruments_and_drums():
    drums = Track((Note(0, 36, 1),), is_drum=True)
    score = four_voices()
    desk = EditingDesk(Score((drums, *score.tracks)))
    assert [track.program for track in desk.score.tracks] == [10, 11, 12, 13]
    assert not any(track.is_drum for track in desk.score.tracks)


def test_an_upbeat_is_a_bar_of_its_own():
    desk = EditingDesk(four_voices(metres=(Metre(0, 3, 4),), pickup=4))
    assert desk.bars[:2] == ((0, 4, 0), (4, 16, 1))
    assert (desk.steps_per_bar, desk.pickup) == (12, 4)


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (Score(), "0 voices"),
        (Score((Track(),) * 5), "5 voices"),
        (Score((Track(),)), "no notes"),
        (Score.from_notes([(0, 60, 1), (16 * MAX_BARS, 60, 1)]), "257 bars"),
    ],
)
def test_music_that_cannot_be_edited_is_refused(score, words):
    with pytest.raises(InputError, match=words):
        EditingDesk(score)


def test_the_variants_are_those_of_the_networks():
    assert VARIANTS == ar_cnn.VARIANTS
    with pytest.raises(InputError, match="variant is 'wgan'"):
        EditingDesk(four_voices(), variant="wgan")


def test_new_bars_are_as_long_as_the_last_and_numbered_on():
    grid, bars = Grid(np.full((4, 20), 60)), ((0, 8, 0), (8, 20, 1))
    longer_grid, all_bars = longer(grid, bars, 2, 12)
    assert all_bars[2:] == ((20, 32, 2), (32, 44, 3))
    assert (longer_grid.pitches[:, 20:] == REST).all()
    with pytest.raises(InputError, match="more than 256"):
        longer(grid, bars, MAX_BARS, 12)


def test_a_notes_span_is_from_its_strike_to_the_next():
    grid = Grid([[60, 60, 60, REST, 62, 62]], [[1, 0, 1, 0, 1, 0]])
    spans = [note_span(grid, 0, step) for step in range(-1, 7)]
    assert spans == [None, (0, 2), (0, 2), (2, 3), None, (4, 6), (4, 6), None]


# --- locks


def test_locks_are_voices_bars_and_whole_notes(desk):
    locks = Locks(frozenset([3]), frozenset([1]), frozenset([(0, 5)]))
    expected = np.zeros((4, 16 * N_BARS), dtype=bool)
    expected[3] = expected[:, 16:32] = expected[0, 4:8] = True
    assert np.array_equal(locked_cells(desk.grid, desk.bars, locks), expected)


def test_locks_on_what_is_not_there_lock_nothing(desk):
    locks = Locks(frozenset([7, -1]), frozenset([99, -1]), frozenset([(9, 0), (0, -3)]))
    assert not locked_cells(desk.grid, desk.bars, locks).any()


def test_locks_are_found_by_their_texts(desk):
    locks = desk.find("bass", "2-3", "alto 4:2")
    assert locks == Locks(frozenset([3]), frozenset([1, 2]), frozenset([(1, 52)]))


def test_bar_0_is_the_upbeat():
    desk = EditingDesk(four_voices(pickup=8))
    assert desk.find(bars="0, 1").bars == {0, 1}
    assert desk.find(notes="soprano 1:1").notes == {(0, 8)}


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"voices": "viola"}, "no voice"),
        ({"bars": "0"}, "bars 1 to 4"),
        ({"bars": "9"}, "bars 1 to 4"),
        ({"notes": "bass"}, "no note"),
        ({"notes": "bass 9:1"}, "sings no note in bar 9"),
    ],
)
def test_texts_that_name_nothing_are_refused(desk, texts, words):
    with pytest.raises(InputError, match=words):
        desk.find(**texts)


# --- tasks


@pytest.mark.parametrize("mode", MODES)
def test_each_mode_asks_for_the_cells_that_it_says(desk, mode):
    locks = Locks(bars=frozenset([0]), voices=frozenset([3]))
    task = desk.task(Wish(mode, n_bars=2), locks)
    free = np.zeros((4, 16 * (N_BARS + 2)), dtype=bool)
    if mode == "continue":
        free[:, 16 * N_BARS :] = True
    else:
        free = free[:, : 16 * N_BARS]
        free[int(mode == "harmonise") : 3, 16:] = True
    assert np.array_equal(task.may_change, free)
    is_anew = mode in ("inpaint", "harmonise", "continue")
    assert np.array_equal(task.unknown, free & is_anew)
    assert task.mode == ("repair" if mode == "repair" else "rewrite")


def test_the_task_has_all_that_was_wished(desk):
    wish = Wish("vary", 7, 30.0, 5, 0.8, avoid_parallels=False, seed=3)
    task = desk.task(wish)
    assert (task.max_added, task.max_removed, task.iterations) == (7, 30.0, 5)
    assert (task.temperature, task.avoid_parallels, task.seed) == (0.8, False, 3)


def test_a_voice_that_is_not_there_is_not_repaired():
    desk = EditingDesk(Score.from_notes([(0, 60, 16)]), StubEditor())
    assert (
        desk.task(Wish("repair")).may_change.any(axis=1).tolist()
        == [True] + [False] * 3
    )


@pytest.mark.parametrize("mode", ["repair", "vary", "inpaint", "harmonise"])
def test_nothing_left_to_edit_is_refused(desk, mode):
    with pytest.raises(InputError, match="nothing that may be edited"):
        desk.task(Wish(mode), Locks(voices=frozenset(range(4))))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"mode": "improve"}, "mode is 'improve'"),
        ({"max_added": -1}, "max_added is -1"),
        ({"max_added": 2.5}, "whole number"),
        ({"max_removed": 101}, "0 to 100"),
        ({"iterations": 0}, "iterations is 0"),
        ({"temperature": float("nan")}, "temperature is nan"),
        ({"n_bars": 17}, "1 to 16"),
        ({"seed": True}, "seed is True"),
        ({"risk": 1}, "no setting 'risk'"),
    ],
)
def test_wishes_that_cannot_be_are_refused(settings, words):
    with pytest.raises(InputError, match=words):
        make_wish(**settings)


# --- the work


def test_what_is_locked_stays_to_the_bit_and_the_rest_is_taken_up(desk):
    pitches, onsets = cells(desk)
    locks = Locks(frozenset([0]), frozenset([1]), frozenset([(2, 0)]))
    held = locked_cells(desk.grid, desk.bars, locks)
    edited = desk.edit(Wish("inpaint"), locks)
    assert np.array_equal(desk.grid.pitches[held], pitches[held])
    assert np.array_equal(desk.grid.onsets[held], onsets[held])
    wanted = [[StubEditor.pitch(v, t) for t in range(64)] for v in range(4)]
    assert np.array_equal(desk.grid.pitches[~held], np.array(wanted)[~held])
    assert desk.edited is edited


def test_going_on_adds_bars(desk):
    before = desk.grid
    desk.edit(Wish("continue", n_bars=1))
    assert desk.bars[-1] == (64, 80, 5)
    assert desk.grid.crop(0, 64) == before
    assert desk.grid.sounding[:, 64:].all()


def test_one_bar_is_written_anew_and_no_other(desk):
    pitches, _ = cells(desk)
    desk.edit_bar(2, Wish("repair"), Locks(voices=frozenset([0]), bars=frozenset([2])))
    changed = (desk.grid.pitches != pitches).any(axis=0)
    assert changed.tolist() == [32 <= t < 48 for t in range(64)]
    assert np.array_equal(desk.grid.pitches[0], pitches[0])
    assert not desk.can_undo
    with pytest.raises(InputError, match="no bar at place 4"):
        desk.edit_bar(4, Wish())


def test_a_bar_of_a_long_piece_costs_no_more_than_its_surroundings():
    held = Track((Note(0, 50, 16 * 20),))  # one note through all bars
    desk = EditingDesk(Score((*four_voices(20).tracks[:3], held)), StubEditor())
    before = desk.grid
    edited = desk.edit_bar(12, Wish("inpaint"), Locks(voices=frozenset([3])))
    assert desk.editor.tasks[-1].grid.n_steps == 9 * 16
    changed = (desk.grid.pitches != before.pitches).any(axis=0)
    assert changed.tolist() == [192 <= t < 208 for t in range(320)]
    assert np.array_equal(desk.grid.onsets[3], before.onsets[3])
    *_, last = replay_edits(edited.start, edited.edits)
    assert np.array_equal(last.pitches, edited.grid.pitches)
    assert edited.edits[0].sentence().startswith("Pass 1: bar 13, beat 1")


def test_what_is_played_meanwhile_is_kept():
    editor = StubEditor(waits=True)
    desk = EditingDesk(four_voices(), editor)
    work = threading.Thread(target=desk.edit_bar, args=(1, Wish()))
    work.start()
    assert editor.reached.wait(PATIENCE)
    desk.play_notes([(0, 20, 4, 81), (0, 40, 4, 83)])
    editor.go.set()
    work.join(PATIENCE)
    soprano = desk.grid.pitches[0]
    assert soprano[20:24].tolist() == [81] * 4 and soprano[40:44].tolist() == [83] * 4
    assert soprano[16] == StubEditor.pitch(0, 16)


def test_what_progress_raises_changes_nothing(desk):
    def stop(done, of):
        raise KeyboardInterrupt

    before = desk.grid
    with pytest.raises(KeyboardInterrupt):
        desk.edit(Wish("vary"), on_progress=stop)
    assert desk.grid is before and not desk.can_undo


# --- by hand


def test_played_notes_replace_what_was_there(desk):
    desk.play_notes([(1, 2, 4, 73)])
    notes = [note for note in desk.score.tracks[1].notes if note.start < 12]
    assert [(note.start, note.pitch, note.duration) for note in notes] == [
        (0, 71, 2),
        (2, 73, 4),
        (6, 71, 2),
        (8, 71, 4),
    ]


def test_a_note_over_the_end_is_cut_and_a_rest_can_be_played(desk):
    desk.play_notes([(0, 62, 9, 81), (0, 0, 4, REST)])
    assert desk.grid.pitches[0, 62:].tolist() == [81, 81]
    assert not desk.grid.sounding[0, :4].any()


@pytest.mark.parametrize(
    "note", [(4, 0, 1, 60), (0, 64, 1, 60), (0, 0, 0, 60), (0, 0, 1, 128), (0, 0), "x"]
)
def test_notes_that_cannot_be_are_refused(desk, note):
    before = desk.grid
    with pytest.raises(InputError, match="A note was given"):
        desk.play_notes([note])
    assert desk.grid is before


def test_a_note_is_moved_as_a_whole(desk):
    assert desk.move_note(0, 6, -2) == 77
    assert desk.grid.pitches[0, 3:9].tolist() == [79, 77, 77, 77, 77, 79]
    with pytest.raises(InputError, match="outside 0 to 127"):
        desk.move_note(0, 6, 60)
    with pytest.raises(InputError, match="No note sounds"):
        desk.move_note(0, 99, 1)


def test_undo_and_redo_go_through_edits_and_moves(desk):
    grids = [desk.grid]
    desk.edit(Wish("inpaint"))
    grids.append(desk.grid)
    desk.move_note(0, 0, 1)
    grids.append(desk.grid)
    assert desk.undo() and desk.grid == grids[1] and desk.edited is not None
    assert desk.undo() and desk.grid == grids[0] and not desk.undo()
    assert desk.redo() and desk.redo() and desk.grid == grids[2] and not desk.redo()
    desk.undo()
    desk.move_note(0, 0, 2)
    assert not desk.can_redo


# --- in words


def test_a_thought_is_plain_and_leads_from_start_to_end(desk):
    edited = desk.edit(Wish("inpaint"), Locks(voices=frozenset([0])))
    thought = thought_of(edited, 16, 0)
    assert np.array_equal(thought["pitches"], edited.start.pitches)
    first = thought["edits"][0]
    assert first[:4] == [1, 0, 8, REST] and first[5:7] == [0.62, 1]
    assert first[7].startswith("Pass 1: bar 1, beat 1: the alto gets G4")
    assert thought_of(None, 16, 0) == {"pitches": [], "onsets": [], "edits": []}


def test_a_summary_counts_notes_not_edits(desk):
    edited = desk.edit(Wish("inpaint"), Locks(bars=frozenset([1, 2, 3])))
    assert summary(edited) == "14 edits: 14 notes added, 0 notes taken away."
    nothing = type(edited)(edited.grid, edited.grid, (), ("A budget was spent.",))
    assert summary(nothing).endswith("leave it as it is. A budget was spent.")

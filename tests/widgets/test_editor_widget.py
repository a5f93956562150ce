"""The Python side of the note editor, without any browser."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.viz.colours import TRACK_COLOURS
from deepcomposer_edu.widgets import Editor

TUNE = Score.from_notes([(0, 60, 4), (4, 62, 4), (8, 64, 8)], tempo=100)
LOWER = Score.from_notes([(0, 48, 16)], tempo=100)
DUET = Score(TUNE.tracks + LOWER.tracks, tempo=100)


def pitches(score):
    return [note.pitch for note in score.notes]


def in_browser(editor, score, kind="edit", **more):
    """Let the browser's message come in: music and what led to it in one."""
    number = editor.change["number"] + 1
    change = {"kind": kind, "by": "browser", "label": "draw", "number": number} | more
    editor.set_state({"music": score_to_dict(score), "change": change})


# --- what it takes


def test_it_begins_with_empty_paper():
    editor = Editor()
    assert (len(editor.score.tracks), editor.score.notes) == (1, ())


@pytest.mark.parametrize("music", [TUNE, SimpleNamespace(score=TUNE)])
def test_it_takes_a_score_or_a_composition(music):
    assert Editor(music).score == TUNE


def test_it_takes_the_path_of_a_file(tmp_path):
    write_midi(TUNE, tmp_path / "tune.mid")
    assert pitches(Editor(tmp_path / "tune.mid").score) == [60, 62, 64]


def test_the_score_comes_back_whole():
    whole = Score(
        (Track((Note(4 / 3, 60, 2 / 3, 99),), "Flute", 73), Track((), "Kit", 0, True)),
        tempo=90.5,
        tempo_changes=((8, 100),),
        metres=(Metre(0, 3, 4), Metre(16, 4, 4)),
        pickup=4,
        title="A piece",
    )
    assert Editor(whole).score == whole


def test_its_colours_are_those_of_the_figures():
    assert tuple(Editor().track_colours) == TRACK_COLOURS


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"score": 7}, "takes a Score, a composition, or the path"),
        ({"voice": 1}, "voice is 1"),
        ({"voice": True}, "voice is True"),
        ({"locked": [2]}, "locked is 2"),
        ({"grid": "1/5"}, "must be one of 1/4, 1/8"),
        ({"key": "H major"}, "must be a name such as"),
        ({"volume": 2}, "from 0 to 1"),
        ({"max_bars": 0}, "max_bars is 0"),
        ({"max_notes": 2.5}, "max_notes is 2.5"),
        ({"lowest": 70, "highest": 60}, "from 70 to 127"),
        ({"score": DUET, "max_tracks": 1}, "has 2 tracks, but"),
        ({"score": TUNE, "max_notes": 2}, "has 3 notes, but"),
        (
            {"score": Score.from_notes([(0, 60, 17)]), "max_bars": 1},
            "longer than one bar",
        ),
    ],
)
def test_what_is_not_possible_is_said(arguments, words):
    with pytest.raises(InputError, match=words):
        Editor(**arguments)


def test_bars_are_counted_in_the_music_s_own_metre():
    waltz = Score.from_notes([(0, 60, 4)], metres=(Metre(0, 3, 4),), pickup=4)
    assert Editor(waltz, max_bars=8).limits["max_steps"] == 4 + 8 * 12


def test_a_voice_that_is_not_there_cannot_be_chosen():
    editor = Editor(DUET)
    with pytest.raises(InputError, match="voice is 2"):
        editor.voice = 2
    assert editor.voice == 0


# --- edits and history


def test_what_is_drawn_in_the_browser_is_in_the_score():
    editor = Editor()
    in_browser(editor, TUNE)
    assert (editor.score, editor.n_edits) == (TUNE, 1)


def test_an_edit_of_the_browser_can_be_undone_and_redone_from_python():
    editor = Editor(LOWER)
    in_browser(editor, TUNE)
    assert (editor.undo(), editor.score) == (True, LOWER)
    assert (editor.redo(), editor.score) == (True, TUNE)


def test_without_an_edit_there_is_nothing_to_undo():
    editor = Editor(TUNE)
    assert (editor.can_undo, editor.undo(), editor.redo()) == (False, False, False)


def test_an_undo_of_the_browser_is_followed():
    editor = Editor(LOWER)
    in_browser(editor, TUNE)
    in_browser(editor, LOWER, kind="undo")
    assert (editor.can_undo, editor.can_redo) == (False, True)
    editor.redo()
    assert editor.score == TUNE


def test_edits_that_belong_together_are_undone_together():
    editor = Editor(LOWER)
    in_browser(editor, TUNE)
    in_browser(editor, TUNE.transposed(1), is_continued=True)
    editor.undo()
    assert editor.score == LOWER


def test_steps_that_the_browser_joins_to_one_are_followed():
    editor = Editor(LOWER)
    for score in (TUNE, DUET, TUNE.transposed(1)):
        in_browser(editor, score)
    in_browser(editor, TUNE, kind="undo")  # two steps back
    assert (editor.n_undo, editor.n_redo) == (1, 2)
    in_browser(editor, TUNE.transposed(1), kind="redo")  # and forth again
    assert (editor.n_undo, editor.n_redo) == (3, 0)


def test_an_edit_and_its_undo_joined_to_one_are_nothing():
    editor = Editor(LOWER)
    in_browser(editor, TUNE)
    in_browser(editor, TUNE, kind="undo")
    assert (editor.n_undo, editor.n_edits) == (1, 1)


def test_an_undo_to_what_python_never_saw_is_an_edit():
    editor = Editor(LOWER)
    in_browser(editor, DUET)
    in_browser(editor, TUNE, kind="undo")
    editor.undo()
    assert editor.score == DUET


def test_what_belongs_to_a_step_that_never_came_is_a_step_of_its_own():
    editor = Editor(LOWER)
    in_browser(editor, TUNE)
    in_browser(editor, DUET, is_continued=True, number=3)  # 2 was joined to it
    editor.undo()
    assert editor.score == TUNE


def test_the_browser_learns_how_much_python_can_take_back():
    editor = Editor(LOWER)
    in_browser(editor, TUNE)
    assert (editor.n_undo, editor.n_redo) == (1, 0)
    editor.undo()
    assert (editor.n_undo, editor.n_redo) == (0, 1)


def test_a_page_that_was_loaded_again_can_ask_for_an_undo():
    editor = Editor(LOWER)
    in_browser(editor, TUNE)
    editor._handle_custom_msg({"kind": "undo"}, [])
    assert editor.score == LOWER


def test_assigning_a_score_is_an_edit():
    editor = Editor(TUNE)
    editor.score = LOWER
    assert editor.score == LOWER
    editor.undo()
    assert editor.score == TUNE


def test_assigning_the_same_score_is_none():
    editor = Editor(TUNE)
    editor.score = TUNE
    assert editor.can_undo is False


def test_loading_a_score_forgets_the_history():
    editor = Editor(TUNE)
    editor.score = LOWER
    editor.load(TUNE)
    assert (editor.can_undo, editor.score) == (False, TUNE)


def test_a_score_that_does_not_fit_is_refused_and_nothing_changes():
    editor = Editor(TUNE, max_tracks=1)
    with pytest.raises(InputError):
        editor.score = DUET
    assert (editor.score, editor.can_undo) == (TUNE, False)


def test_everyone_who_asked_is_told_of_every_change():
    editor, told = Editor(LOWER), []
    editor.on_change(told.append)
    in_browser(editor, TUNE)
    editor.undo()
    editor.load(DUET)
    assert told == [TUNE, LOWER, DUET]


def test_a_callback_sees_the_history_of_its_change():
    editor, seen = Editor(LOWER), []
    editor.on_change(lambda _score: seen.append((editor.n_undo, editor.n_edits)))
    in_browser(editor, TUNE)
    assert seen == [(1, 1)]


def test_impossible_music_from_the_browser_is_refused_in_a_sentence():
    editor = Editor(TUNE)
    broken = score_to_dict(TUNE)
    broken["tracks"][0]["notes"][0][1] = 200
    change = {"kind": "edit", "by": "browser", "label": "", "number": 1}
    editor.set_state({"music": broken, "change": change})
    assert editor.score == TUNE
    assert "200" in editor.status


def test_voices_that_are_gone_are_neither_drawn_in_nor_locked():
    editor = Editor(DUET, voice=1, locked=[1])
    editor.score = TUNE
    assert (editor.voice, editor.locked) == (0, [])


# --- selection


def test_without_arguments_everything_is_selected():
    assert Editor(DUET).select() == [[0, 0], [0, 1], [0, 2], [1, 0]]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"voice": 1}, [[1, 0]]),
        ({"pitches": (62, 70)}, [[0, 1], [0, 2]]),
        ({"notes": [(0, 2)]}, [[0, 2]]),
        ({"voice": 1, "pitches": (60, 70)}, []),
    ],
)
def test_notes_are_selected_by_voice_pitch_and_name(wanted, found):
    editor = Editor(DUET)
    assert editor.select(**wanted) == editor.selected == found


def test_notes_are_selected_by_bars():
    long = Score.from_notes([(4 * i, 60 + i, 4) for i in range(12)], pickup=4)
    editor = Editor(long)
    assert editor.select(bars=(0, 0)) == [[0, 0]]
    assert editor.select(bars=(2, 3)) == [[0, i] for i in range(5, 12)]


def test_a_note_that_is_not_there_cannot_be_selected():
    with pytest.raises(InputError, match=r"no note \[0, 9\]"):
        Editor(TUNE).select(notes=[(0, 9)])


def test_the_selected_notes_come_as_notes():
    editor = Editor(TUNE)
    editor.select(pitches=(64, 64))
    assert [note.pitch for note in editor.selected_notes] == [64]
    editor.deselect()
    assert editor.selected_notes == []


def test_other_music_selects_nothing():
    editor = Editor(TUNE)
    editor.select()
    editor.score = LOWER
    assert editor.selected == []


# --- key


@pytest.mark.parametrize("key", ["D minor", "d MINOR", Key(2, "minor")])
def test_a_key_is_given_by_name(key):
    editor = Editor(TUNE, key=key)
    assert editor.key == {"tonic": 2, "mode": "minor", "name": "D minor"}
    assert editor.in_key is True


def test_the_key_can_be_guessed():
    assert Editor(TUNE, key="guess").key["name"] == "C major"


def test_a_key_can_be_shown_without_keeping_to_it():
    editor = Editor(TUNE, key="C major", in_key=False)
    assert (editor.key["name"], editor.in_key) == ("C major", False)


def test_no_key_is_no_lock():
    editor = Editor(TUNE, key="C major")
    editor.set_key(None)
    assert (editor.key, editor.in_key) == ({}, False)


# --- the document


def test_the_examples_of_the_document_run():
    path = Path(__file__).parents[2] / "docs" / "widgets" / "editor.md"
    names = {}
    for block in re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), re.S):
        exec(block, names)
    assert names["melody"].score.notes[1].pitch == 64
    assert names["melody"].n_edits == 2


# --- sound


def test_play_and_stop_reach_the_browser(monkeypatch):
    sent = []

    def note(_self, content, buffers=None):
        sent.append(content)

    monkeypatch.setattr(Editor, "send", note)
    editor = Editor(TUNE)
    editor.play(step=4)
    editor.stop()
    assert sent == [{"kind": "play", "step": 4}, {"kind": "stop"}]

"""EditDesk without a browser: what it tells, what it is told, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from stub_editor import PATIENCE, StubEditor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import EditDesk


def four_voices():
    """Four bars of quarters in four voices."""
    tracks = [
        Track(tuple(Note(4 * i, p, 4) for i in range(16))) for p in (79, 71, 64, 52)
    ]
    return Score(tuple(tracks), title="Quarters")


@pytest.fixture(name="desk")
def desk_fixture():
    desk = EditDesk(four_voices(), "inpaint", editor=StubEditor())
    yield desk
    desk.close()


def send(desk, kind, **values):
    """Send what the browser sends, and wait until it is done."""
    desk._handle_custom_msg({"kind": kind, **values}, [])
    desk.wait()


def test_it_tells_the_piece_its_bars_and_its_settings(desk):
    assert [track["name"] for track in desk.music["tracks"]] == desk.voices
    assert desk.bars == [[0, 16, 1], [16, 32, 2], [32, 48, 3], [48, 64, 4]]
    assert (desk.mode, desk.max_added, desk.max_removed) == ("inpaint", 1000, 100)
    assert dict(desk.modes)["repair"] == "Repair wrong notes"
    json.dumps(desk.get_state()["thought"], allow_nan=False)


def test_settings_and_locks_can_be_given_at_once():
    desk = EditDesk(
        four_voices(),
        "repair",
        "soprano",
        "2-3",
        "bass 4:2",
        temperature=0.8,
        editor=StubEditor(),
    )
    assert (desk.locked_voices, desk.locked_bars) == ([0], [1, 2])
    assert desk.locked_notes == [[3, 52]] and desk.temperature == 0.8
    desk.lock("alto", "2")
    assert (desk.locked_voices, desk.locked_bars) == ([0, 1], [1, 2])
    desk.unlock()
    assert not (desk.locked_voices or desk.locked_bars or desk.locked_notes)


def test_a_grid_and_a_path_will_do(tmp_path):
    assert EditDesk(Grid(np.full((4, 16), 60))).grid.n_steps == 16
    with pytest.raises(InputError):
        EditDesk(tmp_path / "missing.mid")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"music": 7}, "The edit desk was given a int"),
        ({"mode": "mend"}, "mode is 'mend'"),
        ({"bars": "9"}, "bars 1 to 4"),
        ({"risk": 2}, "no setting 'risk'"),
        ({"iterations": 0}, "iterations is 0"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(arguments, words):
    with pytest.raises(InputError, match=words):
        EditDesk(**({"music": four_voices(), "editor": StubEditor()} | arguments))


def test_edits_are_told_as_data_and_in_words(desk):
    desk.lock(voices="soprano")
    edits = desk.edit()
    assert len(edits) == len(desk.thought["edits"]) == desk.shown > 0
    assert desk.thought["is_new"] and desk.thought["number"] == 2
    assert desk.thought["edits"][0][7] == edits[0].sentence(16, 0)
    assert desk.status.startswith(f"{len(edits)} edits: ")
    assert [note[1] for note in desk.music["tracks"][0]["notes"]] == [79] * 16
    assert desk.grid.pitches[3, 0] == StubEditor.pitch(3, 0)


def test_edits_are_sent_pass_by_pass_while_the_network_works(desk, monkeypatch):
    messages = []
    monkeypatch.setattr(desk, "send", messages.append)
    edits = desk.edit()
    assert [message["kind"] for message in messages] == ["edits", "edits"]
    assert messages[0]["start"]["pitches"] == desk.thought["pitches"]
    assert messages[1]["start"] is None
    assert [row for one in messages for row in one["rows"]] == desk.thought["edits"]
    assert {row[6] for row in messages[0]["rows"]} == {1} and len(edits) > 0


def test_edit_takes_settings_and_keeps_them(desk):
    desk.edit(mode="vary", seed=1)
    assert (desk.mode, desk.seed) == ("vary", 1)
    assert desk.desk.editor.tasks[-1].seed == 1
    with pytest.raises(InputError, match="temperature is 9"):
        desk.edit(temperature=9)
    assert desk.temperature == 1


def test_the_same_seed_makes_the_same_edits(desk):
    first = desk.edit(seed=2)
    desk.undo()
    assert desk.edit(seed=2) == first
    desk.undo()
    assert desk.edit(seed=3) != first


def test_the_browsers_buttons(desk):
    before = desk.grid
    send(desk, "go")
    after = desk.grid
    assert after != before and desk.can_undo
    send(desk, "undo")
    assert desk.grid == before and desk.can_redo and desk.status == "Undone."
    assert not desk.thought["is_new"] and desk.thought["edits"] == []
    send(desk, "redo")
    assert desk.grid == after and not desk.thought["is_new"]
    send(desk, "move", note=[0, 0, 2])
    assert desk.grid.pitches[0, :4].tolist() == [StubEditor.pitch(0, 0) + 2] * 4
    send(desk, "dance")  # from a newer page: nothing happens


def test_a_refusal_is_told_and_forgotten_with_the_next_button(desk):
    desk.locked_voices = [0, 1, 2, 3]
    send(desk, "go")
    assert desk.problem.startswith("There is nothing that may be edited")
    send(desk, "move", note=[0, 99, 1])
    assert desk.problem.startswith("No note sounds at that place")
    send(desk, "undo")
    assert desk.problem == ""


def test_cancel_changes_nothing():
    desk = EditDesk(four_voices(), "vary", editor=StubEditor(waits=True))
    before = desk.grid
    desk.edit(wait=False)
    assert desk.desk.editor.reached.wait(PATIENCE) and desk.is_working
    with pytest.raises(InputError, match="still at work"):
        desk.undo()
    desk._handle_custom_msg({"kind": "cancel"}, [])
    desk.desk.editor.go.set()
    desk.wait()
    assert desk.grid is before and not desk.is_working
    assert desk.status == "Cancelled; nothing was changed."


def test_a_failure_is_told_and_ends_the_work(desk, monkeypatch):
    def fail(*_arguments, **_options):
        raise InputError("The network has no weights.")

    monkeypatch.setattr(desk.desk.editor, "edit", fail)
    with pytest.raises(InputError, match="no weights"):
        desk.edit()
    assert not desk.is_working and desk.problem == "The network has no weights."


# --- loop mode


def test_each_round_writes_the_networks_bar_with_another_seed(desk):
    desk.model_bar, desk.is_looping = 1, True
    before = desk.grid
    send(desk, "again")
    send(desk, "again")
    seeds = [task.seed for task in desk.desk.editor.tasks]
    assert seeds == [1, 2]
    changed = (desk.grid.pitches != before.pitches).any(axis=0)
    assert changed[16:32].any() and not changed[:16].any() and not changed[32:].any()
    desk.is_looping = False
    desk.undo()  # the whole loop is one step
    assert desk.grid == before


def test_what_is_played_is_written_and_kept_in_the_networks_bar(desk):
    desk.model_bar, desk.is_looping = 1, True
    send(desk, "played", notes=[[0, 20, 4, 81]])
    send(desk, "played", notes=[[0, 40, 2, 83]])
    assert desk.locked_notes == [[0, 20]]
    send(desk, "again")
    assert desk.grid.pitches[0, 20:24].tolist() == [81] * 4
    assert desk.grid.pitches[0, 40:42].tolist() == [83] * 2
    assert desk.grid.pitches[0, 16] == StubEditor.pitch(0, 16, seed=1)


def test_a_bar_that_is_wholly_locked_ends_the_loop(desk):
    desk.lock("all")
    desk.is_looping = True
    send(desk, "again")
    assert not desk.is_looping and "nothing that may be edited" in desk.problem


def test_a_round_that_comes_too_early_is_left_out():
    desk = EditDesk(four_voices(), editor=StubEditor(waits=True))
    desk.is_looping = True
    desk.edit_bar(0, wait=False)
    assert desk.desk.editor.reached.wait(PATIENCE)
    desk._handle_custom_msg({"kind": "again"}, [])
    desk.desk.editor.go.set()
    desk.wait()
    assert len(desk.desk.editor.tasks) == 1 and desk.problem == ""


def test_the_names_of_the_voices_agree_with_the_javascript():
    source = Path(__file__).parents[2] / "widgets" / "edit_desk" / "wish_view.js"
    text = source.read_text(encoding="utf-8")
    for name in ("max_added", "max_removed", "iterations", "temperature"):
        assert f'name: "{name}"' in text and hasattr(EditDesk, name)

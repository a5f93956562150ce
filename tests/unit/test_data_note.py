"""What a run learned from: written for a new run, kept by one that has begun."""

import pytest

from deepcomposer_edu.compose.own_training.data_note import (
    DATA_NOTE,
    begin_note,
    place_of,
    read_note,
    whole_path,
)
from deepcomposer_edu.errors import InputError


def test_a_training_that_never_began_leaves_no_note_for_the_next(tmp_path):
    begin_note(tmp_path / "run", {"folder": "first"})
    begin_note(tmp_path / "run", {"folder": "second"})
    assert read_note(tmp_path / "run", dict) == {"folder": "second"}


@pytest.mark.parametrize("name", ["config.json", "population.json"])
def test_a_run_keeps_its_note_and_one_without_gets_none(tmp_path, name):
    begin_note(tmp_path, {"folder": "first"})
    (tmp_path / name).write_text("{}")
    begin_note(tmp_path, {"folder": "second"})
    assert read_note(tmp_path, dict) == {"folder": "first"}
    (tmp_path / DATA_NOTE).unlink()
    begin_note(tmp_path, {"folder": "third"})
    assert read_note(tmp_path, dict) is None


def test_a_damaged_note_is_one_sentence(tmp_path):
    for damaged in ("{", "[1]", '{"other": 1}'):
        (tmp_path / DATA_NOTE).write_text(damaged)
        with pytest.raises(InputError, match="it is not known what the run learned"):
            read_note(tmp_path, lambda note: {"folder": note["folder"]})


def test_moved_data_are_looked_for_where_they_are_said_to_be(tmp_path):
    assert place_of({"folder": "old"}, "run", None, "Bach") == "old"
    assert place_of({"folder": "old"}, "run", "new", "Bach") == "new"
    assert place_of({"folder": None}, "run", None, "Bach") is None
    with pytest.raises(InputError, match="The run mine learned from Bach"):
        place_of({"folder": None}, tmp_path / "mine", "new", "Bach")
    assert whole_path("~/x") == whole_path(whole_path("~/x"))

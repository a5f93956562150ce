"""A tree of versions in a folder: undo, redo, branches, damage, restarts."""

import json
from dataclasses import replace

import pytest

from deepcomposer_edu.compose import Versions, compose, replay
from deepcomposer_edu.compose.versions import CURRENT, ROOT, composition_from
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score

TUNE = Score.from_notes([(4 * i, 60 + i, 4) for i in range(16)], title="Scale")
MADE = [compose(TUNE, "random", seed=seed) for seed in range(5)]


@pytest.fixture
def versions(tmp_path):
    return Versions(tmp_path / "versions")


# --- the tree ----------------------------------------------------------------


def test_a_new_tree_is_empty_and_makes_no_folder(versions):
    assert len(versions) == 0
    assert versions.current is None
    assert not versions.folder.exists()


def test_what_is_added_is_current_and_a_child_of_what_was(versions):
    first, second = versions.add(MADE[0]), versions.add(MADE[1], label="Better")
    assert versions.current == second
    assert (first.parent_id, second.parent_id) == (None, first.id)
    assert [v.number for v in versions] == [1, 2]


def test_undo_goes_back_and_redo_returns(versions):
    first, second = versions.add(MADE[0]), versions.add(MADE[1])
    assert versions.undo() == first
    assert versions.redo() == second


def test_the_first_version_cannot_be_undone_nor_the_last_redone(versions):
    assert (versions.can_undo, versions.can_redo) == (False, False)
    versions.add(MADE[0])
    assert (versions.can_undo, versions.can_redo) == (False, False)
    assert versions.undo() is None
    assert versions.redo() is None


def test_adding_after_an_undo_makes_a_branch_and_loses_nothing(versions):
    first, second = versions.add(MADE[0]), versions.add(MADE[1])
    versions.undo()
    third = versions.add(MADE[2])
    assert versions.children(first) == (second, third)
    assert versions.children() == (first,)


def test_redo_goes_to_the_branch_visited_last(versions):
    versions.add(MADE[0])
    second = versions.add(MADE[1])
    versions.undo()
    versions.add(MADE[2])
    versions.go(second)
    versions.undo()
    assert versions.redo() == second


def test_any_version_can_be_the_parent(versions):
    first = versions.add(MADE[0])
    versions.add(MADE[1])
    assert versions.add(MADE[2], parent=first).parent_id == first.id
    assert versions.add(MADE[3], parent=ROOT).parent_id is None


def test_the_path_leads_from_the_root(versions):
    line = [versions.add(made) for made in MADE[:3]]
    assert list(versions.path(line[-1])) == line


def test_labels_are_kept_in_one_line(versions):
    first = versions.add(MADE[0])
    assert versions.label(first, " slow\nand  sad ").label == "slow and sad"
    assert Versions(versions.folder).get(first.id).label == "slow and sad"


def test_the_summary_says_number_label_and_how_it_was_made(versions):
    assert versions.add(MADE[3], label="Wild").summary() == (
        "1: Wild, random (bach), seed 3"
    )


def test_the_summary_names_a_network_of_ones_own(versions):
    record = {**MADE[3].provenance, "genre": "jazz", "model": "mine@20"}
    version = versions.add(replace(MADE[3], provenance=record))
    assert version.summary() == "1: random (jazz, model mine@20), seed 3"


def test_a_band_compared_with_plain_voices_names_who_is_new_and_who_is_gone(versions):
    plain = versions.add(MADE[0])
    band = versions.add(compose(TUNE, "random", "jazz", seed=0))
    sentence = versions.compare(plain, band).sentence
    for words in ("Piano is new", "Alto is gone", "genre bach → jazz"):
        assert words in sentence


def test_comparing_says_what_changed(versions):
    first, second = versions.add(MADE[0]), versions.add(MADE[1])
    found = versions.compare(first, second.id)
    assert "Unchanged: Melody." in found.sentence
    assert "seed 0 → 1" in found.sentence
    assert found.settings == {"seed": (0, 1)}
    assert 0 < found.share < 1
    assert {k for k, _ in found.after} == {1, 2, 3}


def test_comparing_a_version_with_itself_finds_nothing(versions):
    first = versions.add(MADE[0])
    assert versions.compare(first, first).sentence == "The notes are the same."


# --- after a restart ---------------------------------------------------------


def test_everything_is_there_again_after_a_restart(versions):
    first, second = versions.add(MADE[0]), versions.add(MADE[1], label="B")
    versions.undo()
    again = Versions(versions.folder)
    assert [v.id for v in again] == [first.id, second.id]
    assert again.current.id == first.id
    assert again.redo().label == "B"
    assert again.problems == []


def test_a_version_is_heard_again_note_for_note_and_can_be_replayed(versions):
    versions.add(MADE[4])
    again = Versions(versions.folder).current.composition
    assert again.score == MADE[4].score
    assert again.notes == MADE[4].notes
    assert replay(again.provenance).score == MADE[4].score


def test_a_chain_comes_back_with_its_parents(versions):
    versions.add(compose(MADE[1], "random", seed=7))
    again = Versions(versions.folder).current.composition
    assert again.parents[0].score == MADE[1].score


def test_two_kernels_in_one_folder_do_not_overwrite_each_other(versions):
    other = Versions(versions.folder)
    versions.add(MADE[0])
    other.add(MADE[1])
    assert len(Versions(versions.folder)) == 2


def test_reloading_finds_what_another_kernel_added(versions):
    other = Versions(versions.folder)
    other.add(MADE[0])
    versions.reload()
    assert len(versions) == 1


# --- damage ------------------------------------------------------------------


def damaged(versions, change):
    """Change the file of the second of three versions; load the folder again."""
    for made in MADE[:3]:
        versions.add(made)
    path = versions.folder / f"{versions.list()[1].id}.json"
    change(path)
    return Versions(versions.folder)


def edit(**changes):
    def change(path):
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes))

    return change


def a_note(path):
    data = json.loads(path.read_text("utf-8"))
    data["composition"]["result"]["score"]["tracks"][1]["notes"][0][1] += 1
    path.write_text(json.dumps(data))


DAMAGE = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "empty": lambda path: path.write_bytes(b""),
    "not text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "a list": lambda path: path.write_text("[]"),
    "nested": lambda path: path.write_text("[" * 100_000),
    "another format": edit(format="?"),
    "of the future": edit(format_version=99),
    "another name": edit(id="0001-000000"),
    "no time": edit(saved_at="soon"),
    "no composition": edit(composition=None),
    "half a composition": edit(composition={"format": "deepcomposer-edu composition"}),
    "a changed note": a_note,
    "no label": edit(label=3),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_version_is_passed_over_with_a_sentence(versions, kind):
    again = damaged(versions, DAMAGE[kind])
    assert len(again) == 2
    (problem,) = again.problems
    assert problem.startswith("The version 0002-")
    assert "\n" not in problem


def test_the_children_of_a_damaged_version_become_a_tree_of_their_own(versions):
    again = damaged(versions, DAMAGE["empty"])
    assert [v.number for v in again.children()] == [1, 3]
    assert again.path(again.current) == (again.current,)


def test_parents_in_a_circle_are_parted(versions):
    for made in MADE[:2]:
        versions.add(made)
    first, second = versions.list()
    edit(parent=second.id)(versions.folder / f"{first.id}.json")
    again = Versions(versions.folder)
    assert len(again.children()) == 1
    assert len(again.path(again.current)) <= 2


@pytest.mark.parametrize(
    "text", ["", "[]", '{"current": 3}', '{"current": "0009-aaaaaa"}']
)
def test_without_a_known_current_version_it_is_the_newest(versions, text):
    for made in MADE[:2]:
        versions.add(made)
    versions.undo()
    (versions.folder / CURRENT).write_text(text)
    assert Versions(versions.folder).current.number == 2


def test_other_files_in_the_folder_are_told_about_and_left_alone(versions):
    versions.add(MADE[0])
    (versions.folder / "notes.json").write_text("{}")
    again = Versions(versions.folder)
    assert again.problems == [
        "The version notes.json was left out: it is not a version."
    ]
    assert (versions.folder / "notes.json").exists()


def test_a_version_that_cannot_be_written_changes_nothing(versions):
    first = versions.add(MADE[0])
    versions.folder.rename(versions.folder.with_name("gone"))
    versions.folder.write_text("a file where the folder was")
    with pytest.raises(InputError):
        versions.add(MADE[1])
    assert versions.list() == (first,)
    assert versions.current == first


def test_no_half_written_file_is_left(versions):
    versions.add(MADE[0])
    names = {path.name for path in versions.folder.iterdir()}
    assert names == {CURRENT, f"{versions.current.id}.json"}


# --- what is refused ---------------------------------------------------------


def test_a_file_is_no_folder_for_versions(tmp_path):
    (tmp_path / "versions").write_text("")
    with pytest.raises(InputError, match="is a file"):
        Versions(tmp_path / "versions")


def test_only_compositions_are_kept(versions):
    with pytest.raises(InputError, match="a version is a composition"):
        versions.add(TUNE)


@pytest.mark.parametrize("label", ["x" * 201, 3, None])
def test_labels_that_are_no_label_are_refused(versions, label):
    with pytest.raises(InputError, match="at most 200"):
        versions.add(MADE[0], label=label)


@pytest.mark.parametrize("wanted", ["0007-aaaaaa", "", None, "../../etc/passwd"])
def test_a_version_that_is_not_there_is_refused(versions, wanted):
    with pytest.raises(InputError, match="There is no version"):
        versions.get(wanted)


def test_a_record_whose_notes_do_not_fit_its_hash_is_refused():
    record = MADE[0].provenance
    result = {**record["result"], "sha256": "0" * 64}
    with pytest.raises(InputError, match="was the file edited"):
        composition_from({**record, "result": result})


def test_the_default_folder_is_in_the_learners_work(tmp_path, monkeypatch):
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path))
    versions = Versions()
    versions.add(replace(MADE[0]))
    assert list((tmp_path / "versions").glob("0001-*.json"))

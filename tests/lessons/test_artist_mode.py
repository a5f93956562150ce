"""Artist mode: a notebook in which nothing but values is to be turned."""

import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import lesson_rules as rules  # noqa: E402

import lessons  # noqa: E402

BOOKS = lessons.workbooks()
every_workbook = pytest.mark.parametrize("source", BOOKS, ids=lambda path: path.stem)


def write(folder, text):
    path = folder / "solutions" / "free_play.py"
    path.parent.mkdir()
    path.write_text(f"# %% [markdown]\n# # Free play\n\n{text}", encoding="utf-8")
    return path


def broken(source):
    books = {"lesson": lessons.notebook(source, "lesson")}
    return "\n".join(rules.broken_workbook(source, books))


def test_artist_mode_is_there():
    assert [path.stem for path in BOOKS] == ["artist_mode"]


@every_workbook
def test_the_notebook_is_up_to_date_and_keeps_the_rules(source):
    assert lessons.problems(source) == []


@every_workbook
def test_what_is_not_a_value_is_folded_away(source):
    book = nbformat.read(lessons.target(source, "lesson"), as_version=4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    shown = [c for c in code if not c.metadata.get("jupyter", {}).get("source_hidden")]
    assert len(shown) < len(code)
    assert all(" = " in cell.source.splitlines()[0] for cell in shown)
    assert not any("import" in cell.source or "(" in cell.source for cell in shown)


def test_a_cell_that_does_something_must_be_hidden(tmp_path):
    source = write(tmp_path, "# %%\nprint(1)\n")
    assert "the cell `print(1)` does more than set values" in broken(source)


def test_a_hidden_cell_may_do_something_and_a_value_may_be_seen(tmp_path):
    text = '# %%\nseed = 1\n\n# %% tags=["hidden"]\nprint(seed)\n'
    assert broken(write(tmp_path, text)) == ""


def test_a_workbook_is_chosen_by_its_name_and_a_lesson_by_its_number():
    chosen = lessons.lessons_and_workbooks(["artist_mode", "00"])
    assert [path.stem for path in chosen] == ["00_first_sound", "artist_mode"]

"""Every data file is known: where it comes from, who may use it, what made it."""

import json
import runpy

import pytest

from deepcomposer_edu.files import sha256_of
from deepcomposer_edu.paths import data_dir

MAKER = runpy.run_path(str(data_dir() / "make" / "manifest.py"))
ROWS = json.loads((data_dir() / "manifest.json").read_text(encoding="utf-8"))
REFRESH = "run `python data/make/manifest.py` and look at what changed"
SUFFIXES = {".mid", ".json", ".jsonl", ".csv", ".safetensors", ".png"}


def test_every_data_file_has_a_row_and_every_row_a_file():
    assert [row["path"] for row in ROWS] == MAKER["data_files"](), REFRESH


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["path"])
def test_size_and_checksum_are_those_of_the_file(row):
    path = data_dir() / row["path"]
    assert path.stat().st_size == row["size"], REFRESH
    assert sha256_of(path) == row["sha256"], REFRESH


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["path"])
def test_source_and_licence_and_maker_are_named(row):
    assert len(row["source"]) > 20 and row["licence"] and row["made_by"]


def test_the_programs_that_make_the_files_exist():
    commands = {row["made_by"] for row in ROWS}
    scripts = [c.split()[1] for c in commands if c.startswith("python ")]
    assert scripts
    assert all((data_dir().parent / script).is_file() for script in scripts)


def test_no_file_is_of_a_kind_that_can_run_code():
    assert {(data_dir() / row["path"]).suffix for row in ROWS} <= SUFFIXES


def test_no_score_of_music21_is_among_the_files():
    # The arrays of the chorales take 120 kB; nothing in corpora/ is near that.
    sizes = [row["size"] for row in ROWS if row["path"].startswith("corpora/")]
    assert max(sizes) < 60_000


def test_a_file_of_an_unknown_kind_is_refused():
    with pytest.raises(LookupError, match=r"data/tune\.exe fits no row"):
        MAKER["row"]("tune.exe")

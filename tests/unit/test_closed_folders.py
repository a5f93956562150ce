"""Whatever writes files says in a sentence why it cannot, and leaves no half of one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deepcomposer_edu.lab import LAB_OPTIONS, write_quiet_settings

TESTS = Path(__file__).resolve().parent.parent
HOLDS_ONLY_A_LOCK = "run: claim"  # which takes no room


@pytest.fixture(scope="module", name="told")
def told_fixture(tmp_path_factory):
    """What each writer of `closed_folders.py` said, and what it left behind."""
    if os.name == "nt":
        pytest.skip("folders are closed in another way on Windows")
    wrapper = []
    if os.geteuid() == 0:  # root may write anywhere until it gives that power up
        wrapper = ["setpriv", "--bounding-set", "-dac_override"]
        if not shutil.which("setpriv"):
            pytest.skip("root may write anywhere, and setpriv is missing")
    place = tmp_path_factory.mktemp("writers")
    command = [*wrapper, sys.executable, str(TESTS / "closed_folders.py"), str(place)]
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": paths + _more_paths()},
        cwd=place,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def _more_paths():
    """Return what PYTHONPATH has already, the guard of the network for example."""
    before = os.environ.get("PYTHONPATH")
    return os.pathsep + before if before else ""


def test_in_a_closed_folder_each_says_so_and_leaves_nothing(told):
    assert len(told) > 20
    words = "could not be written: you may not write there; choose another folder."
    assert {name: one["closed"] for name, one in told.items()} == {
        name: [one["closed"][0][: -len(words)] + words, []]
        for name, one in told.items()
    }


def test_on_a_full_disk_each_says_so_and_leaves_no_file(told):
    for name, one in told.items():
        said, left = one["full"]
        assert "could not be written: " in said or name == HOLDS_ONLY_A_LOCK, name
        # folders may stay, and the history, which is not there yet without a line
        assert [p for p in left if "." in p] in ([], ["metrics.jsonl"]), name


def test_the_lessons_open_in_an_environment_of_somebody_else(tmp_path):
    prefix = tmp_path / "environment"
    prefix.write_text("a file, in which no folder can be made")
    write_quiet_settings(prefix)
    assert prefix.is_file()
    assert {"--LabApp.news_url=None"} < set(LAB_OPTIONS)

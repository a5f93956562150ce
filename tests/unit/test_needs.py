"""A missing browser, port or data set skips a test at home and fails it in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from needs import require

TESTS = Path(__file__).resolve().parent.parent


def test_what_is_there_lets_the_test_go_on(monkeypatch):
    monkeypatch.setenv("CI", "true")
    require(True, "there")


def test_what_is_missing_skips_at_home(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no piano"):
        require(False, "no piano")


def test_what_is_missing_fails_in_ci(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no piano"):
        require(False, "no piano")


@pytest.mark.parametrize(
    ("marker", "in_ci", "status"),
    [("browser", "true", 1), ("browser", "", 0), ("slow", "true", 0)],
)
def test_a_skip_of_any_kind_fails_a_browser_test_in_ci(tmp_path, marker, in_ci, status):
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        f"@pytest.mark.{marker}\n"
        "def test_it():\n"
        "    pytest.importorskip('a_package_that_nobody_has')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "test_it.py"]
        + ["-c", str(TESTS.parent / "pyproject.toml"), "--rootdir", str(tmp_path)],
        env=os.environ | {"CI": in_ci, "PYTHONPATH": str(TESTS)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == status, done.stdout + done.stderr

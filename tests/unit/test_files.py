"""Files are written whole or not at all."""

import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import (
    atomic_path,
    home_path,
    read_json_lines,
    sha256_of,
    strict_json,
)


def test_a_finished_block_leaves_the_file_and_nothing_else(tmp_path):
    with atomic_path(tmp_path / "tune.txt") as temporary:
        temporary.write_text("C D E")
    assert [path.name for path in tmp_path.iterdir()] == ["tune.txt"]
    assert (tmp_path / "tune.txt").read_text() == "C D E"


def test_the_temporary_name_keeps_the_suffix(tmp_path):
    with atomic_path(tmp_path / "tune.mp3") as temporary:
        assert temporary.suffix == ".mp3"
        assert temporary.parent == tmp_path
        temporary.touch()


def test_a_failed_block_keeps_the_old_file_and_removes_the_new(tmp_path):
    old = tmp_path / "tune.txt"
    old.write_text("old")
    with pytest.raises(ZeroDivisionError):
        with atomic_path(old) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["tune.txt"]


def test_ctrl_c_removes_the_half_written_file(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        with atomic_path(tmp_path / "tune.txt") as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_becomes_one_sentence(tmp_path):
    with pytest.raises(InputError, match="disk is full"):
        with atomic_path(tmp_path / "tune.txt") as temporary:
            temporary.symlink_to("/dev/full")
            with temporary.open("w") as file:
                file.write("C" * 10_000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="rights as in Unix")
@pytest.mark.parametrize("umask", [0o022, 0o002, 0o077])
def test_weights_may_be_read_by_whom_the_system_says(tmp_path, umask):
    """safetensors itself writes a file so that only its owner may read it."""
    code = (
        "import os, sys, numpy; from safetensors.numpy import save_file; "
        "from deepcomposer_edu.files import atomic_path; "
        f"os.umask({umask})\n"
        "with atomic_path(sys.argv[1]) as part: save_file({'a': numpy.zeros(3)}, part)"
    )
    path = tmp_path / "net.safetensors"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="rights as in Unix")
def test_a_private_file_is_private_from_its_first_byte(tmp_path):
    with atomic_path(tmp_path / "codes.txt", private=True) as temporary:
        assert temporary.stat().st_mode & 0o777 == 0o600
        temporary.write_text("secret")
    assert (tmp_path / "codes.txt").stat().st_mode & 0o777 == 0o600


def test_an_unknown_system_error_still_names_the_file(tmp_path):
    with pytest.raises(InputError, match=r"tune\.txt could not be written"):
        with atomic_path(tmp_path / "tune.txt"):
            raise OSError(errno.EIO, "Input/output error")


def test_a_folder_is_refused_before_the_block_runs(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        with atomic_path(tmp_path):
            pytest.fail("the block must not run")


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="could not be written"):
        with atomic_path(tmp_path / "file" / "tune.txt"):
            pytest.fail("the block must not run")


def test_missing_folders_are_made(tmp_path):
    with atomic_path(tmp_path / "a" / "b" / "tune.txt") as temporary:
        temporary.write_text("C")
    assert (tmp_path / "a" / "b" / "tune.txt").exists()


def test_sha256_of_a_large_file_agrees_with_hashlib(tmp_path):
    content = bytes(range(256)) * 10_000
    (tmp_path / "data.bin").write_bytes(content)
    expected = hashlib.sha256(content).hexdigest()
    assert sha256_of(tmp_path / "data.bin") == expected


def test_sha256_of_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="could not be read"):
        sha256_of(tmp_path / "missing.bin")


def test_json_lines_come_back_without_the_line_that_was_cut_off(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"step": 1}\n[2]\n\n{"step": 3}\n{"step": 4, "lo', "utf-8")
    assert read_json_lines(path) == [{"step": 1}, {"step": 3}]


def test_missing_json_lines_are_no_lines(tmp_path):
    assert read_json_lines(tmp_path / "rows.jsonl") == []


@pytest.mark.parametrize("text", ["[NaN]", "-Infinity", "1e999", b"\xff", "[" * 9999])
def test_json_of_strangers_holds_finite_numbers_only(text):
    assert strict_json(b'{"a": [1, -2.5e3]}') == {"a": [1, -2500.0]}
    with pytest.raises(ValueError, match=r"no end|decode|deeply"):
        strict_json(text)


def test_the_home_of_somebody_who_is_not_there_is_an_ordinary_path():
    assert home_path("~nobody-of-this-name/a") == Path("~nobody-of-this-name/a")
    assert home_path("~/a") == Path.home() / "a"

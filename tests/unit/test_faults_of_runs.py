"""Run folders in trouble: damage, two trainings, full and closed disks, wild clocks."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import pytest
from full_disk import needs_file_limits
from tiny_training import train, without_seconds

from deepcomposer_edu.classroom.dashboard import ago
from deepcomposer_edu.cli.main import _say_warnings
from deepcomposer_edu.compose.export import staging
from deepcomposer_edu.course.progress import parse_progress
from deepcomposer_edu.course.progress_page import progress_page
from deepcomposer_edu.errors import InputError, InputWarning
from deepcomposer_edu.training import claim
from deepcomposer_edu.training.checkpoint import checkpoint_path, latest_checkpoint
from deepcomposer_edu.training.history import History, read_history
from deepcomposer_edu.training.state import read_state
from deepcomposer_edu.widgets.watched_run import quiet_problem

ROOT = Path(__file__).resolve().parent.parent.parent
needs_signals = pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")


@pytest.fixture(scope="module", name="whole")
def whole_fixture(tmp_path_factory):
    """A run of eight steps that nothing happened to; steps 2, 4, 6 and 8 are kept."""
    run = tmp_path_factory.mktemp("whole") / "run"
    train(run, 8)
    return run


@pytest.fixture(name="run")
def run_fixture(whole, tmp_path):
    """The same run as it was after four steps."""
    run = tmp_path / "run"
    shutil.copytree(whole, run)
    for step in (6, 8):
        checkpoint_path(run, step).unlink()
    History(run).keep_until(4)
    return run


def same(run, other):
    """Whether two runs have come to the same weights by the same numbers."""
    rows = (without_seconds(read_history(folder)) for folder in (run, other))
    last = (checkpoint_path(folder, 8).read_bytes() for folder in (run, other))
    return len(set(last)) == 1 and next(rows) == next(rows)


# --- damage


def spoil(path, how):
    data = bytearray(path.read_bytes())
    if how == "one bit":
        data[-100] ^= 1
    elif how == "cut off":
        del data[len(data) // 2 :]
    else:
        data.clear()
    path.write_bytes(data)


@pytest.mark.parametrize("how", ["one bit", "cut off", "empty"])
def test_a_damaged_checkpoint_is_told_and_the_one_before_taken(run, how):
    spoil(checkpoint_path(run, 4), how)
    with pytest.warns(InputWarning, match=r"step_000004.* cannot be read.* of step 2"):
        assert latest_checkpoint(run).step == 2


def test_a_run_goes_on_from_before_the_damage_to_the_same_numbers(run, whole):
    spoil(checkpoint_path(run, 4), "one bit")
    with pytest.warns(InputWarning, match="the checkpoint before is taken"):
        train(run, 8, resume=True)
    assert same(run, whole)


def test_a_checkpoint_without_a_digest_is_of_an_earlier_version(run):
    from safetensors.torch import save_file

    kept = latest_checkpoint(run)
    save_file(kept.tensors, checkpoint_path(run, 4), metadata={"step": "4"})
    read = latest_checkpoint(run)
    assert read.step == 4
    assert read.tensors.keys() == kept.tensors.keys()


def test_a_run_of_which_no_checkpoint_is_whole_is_left_as_it_is(run):
    for step in (2, 4):
        spoil(checkpoint_path(run, step), "one bit")
    before = {path: path.read_bytes() for path in run.rglob("*.*")}
    with pytest.raises(InputError, match=r"None of the checkpoints .* new run"):
        train(run, 8, resume=True)
    assert {path: path.read_bytes() for path in run.rglob("*.*")} == before


def test_the_shell_says_a_warning_as_a_sentence(capsys):
    with warnings.catch_warnings():
        _say_warnings()
        warnings.warn("Something was passed over.", InputWarning, stacklevel=1)
    assert capsys.readouterr().err == "deepcomposer: Something was passed over.\n"


def test_what_a_kill_left_half_written_is_swept_by_the_next_training(run):
    half = run / "checkpoints" / ".step_000006.0a1b2c.part.safetensors"
    half.write_bytes(b"half")
    train(run, 6, resume=True)
    assert not half.exists()


# --- two processes


HOLDER = """
import sys
from pathlib import Path
from deepcomposer_edu.training.claim import claimed
with claimed(Path(sys.argv[1])):
    print("claimed", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(name="holder")
def holder_fixture():
    """Start processes that hold a run folder, until the test is over."""
    begun = []

    def start(run):
        command = [sys.executable, "-c", HOLDER, str(run)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        begun.append(subprocess.Popen(command, cwd=ROOT, **pipes))
        assert begun[-1].stdout.readline() == "claimed\n"
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.communicate()


@needs_signals
def test_a_second_training_is_refused_until_the_first_is_killed(run, whole, holder):
    first = holder(run)
    assert claim.is_claimed(run)
    before = read_history(run)
    with pytest.raises(InputError, match=r"Another training is at work in .*run; wait"):
        train(run, 8, resume=True)
    assert read_history(run) == before
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert not claim.is_claimed(run)
    train(run, 8, resume=True)
    assert same(run, whole)


def test_two_new_trainings_of_one_process_do_not_share_a_folder(tmp_path):
    run = tmp_path / "run"
    with claim.claimed(run), pytest.raises(InputError, match="Another training"):
        train(run, 2)
    assert not run.exists()  # the first wrote nothing either


def test_a_training_leaves_no_lock(run):
    assert not (run / claim.LOCK).exists()


def test_on_a_disk_without_locks_a_training_goes_on_all_the_same(run, monkeypatch):
    def refuse(path):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(claim, "try_lock", refuse)
    train(run, 6, resume=True)
    assert latest_checkpoint(run).step == 6


# --- disks


@contextmanager
def files_up_to(n_bytes):
    """Let this process write no file that is larger."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@needs_file_limits
def test_no_room_for_a_checkpoint_ends_the_run_in_a_sentence_and_loses_nothing(
    run, whole
):
    n_bytes = checkpoint_path(run, 4).stat().st_size // 2
    with files_up_to(n_bytes), pytest.raises(InputError, match="could not be written"):
        train(run, 8, resume=True)
    state = read_state(run)
    assert state.state == "failed"
    assert "step_000006.safetensors could not be written" in state.problem
    assert latest_checkpoint(run).step == 4
    assert list(run.rglob(".*")) == []
    train(run, 8, resume=True)
    assert same(run, whole)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a full device")
def test_a_full_disk_ends_the_history_in_a_sentence(tmp_path):
    (tmp_path / "metrics.jsonl").symlink_to("/dev/full")
    history = History.__new__(History)  # reading it would never end
    history.path, history.rows = tmp_path / "metrics.jsonl", []
    with pytest.raises(InputError, match="the disk is full"):
        history.add({"step": 1})


CLAIMER = """
import sys
from pathlib import Path
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.training.claim import claimed
try:
    with claimed(Path(sys.argv[1])):
        pass
except InputError as error:
    print(error)
"""


@needs_signals
def test_a_run_folder_that_may_not_be_written_is_one_sentence(tmp_path, require):
    run = tmp_path / "run"
    run.mkdir()
    run.chmod(0o555)
    wrapper = []
    if os.geteuid() == 0:  # root may write anywhere until it gives that power up
        require(shutil.which("setpriv"), "setpriv takes root's power away")
        wrapper = ["setpriv", "--bounding-set", "-dac_override"]
    done = subprocess.run(
        [*wrapper, sys.executable, "-c", CLAIMER, str(run)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert "you may not write there; choose another folder" in done.stdout, done.stderr
    assert list(run.iterdir()) == []


# --- clocks


def test_a_clock_that_jumps_changes_neither_numbers_nor_seconds(
    run, whole, monkeypatch
):
    days = cycle([0.0, 9e8, 1.0, 4e9, -5.0])
    monkeypatch.setattr(time, "time", lambda: next(days))
    train(run, 8, resume=True)
    monkeypatch.undo()
    assert same(run, whole)
    seconds = [row["seconds"] for row in read_history(run)]
    assert seconds == sorted(seconds) and seconds[-1] < 600


def test_a_training_that_holds_its_folder_was_not_killed_whatever_the_clock_says(run):
    next_year = time.time() + 3e7
    with claim.claimed(run):
        assert quiet_problem(run, next_year) == ""
    assert "probably killed" in quiet_problem(run, next_year)


def test_a_save_at_work_is_left_alone_however_late_the_clock_says_it_is(
    tmp_path, monkeypatch
):
    with staging.staged(tmp_path, ["a.txt"]) as stage:
        monkeypatch.setattr(time, "time", lambda: 4e12)
        staging.clean_up(tmp_path)
        (stage / "a.txt").write_text("whole")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_what_was_passed_stays_passed_when_the_clock_is_set_back():
    rows = [
        ("2026-03-02", "check", "1.1", "passed"),
        ("1970-01-01", "check", "1.1", "refused"),
        ("2106-02-07", "lesson", "", "opened"),
    ]
    text = "".join(
        json.dumps(
            {"at": f"{day}T00:00:00Z", "kind": kind, "lesson": "01", "item": item}
            | {"state": state, "version": 1}
        )
        + "\n"
        for day, kind, item, state in rows
    )
    found = parse_progress(text)
    assert len(found.records) == 3
    assert "1.1" in found.lessons()[1].passed
    now = datetime(2000, 1, 1, tzinfo=UTC)
    assert "1.1" in progress_page(found, now)
    assert ago(found.records[-1].at, now) == "just now"

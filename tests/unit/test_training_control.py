"""Pausing, stopping and hearing a training: when it happens, never what comes out."""

import threading
import time
from pathlib import Path

import pytest
from tiny_training import MELODY, TINY, chord_windows, train, without_seconds

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.training.background import BackgroundTraining
from deepcomposer_edu.training.checkpoint import checkpoint_path
from deepcomposer_edu.training.control import TrainingControl
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.state import RunState, read_state

PATIENCE = 120  # seconds; only a test that fails waits that long


def start(run: Path, n_steps: int, **options) -> BackgroundTraining:
    windows = chord_windows()
    arguments = {
        "config": TINY,
        "train": windows,
        "valid": windows,
        "melody": MELODY,
        "n_steps": n_steps,
        "sample_every": 2,
        "checkpoint_every": 2,
    }
    return BackgroundTraining(run, **(arguments | options))


class At:
    """Calls a function at a step, from the loop, and says when it was there."""

    def __init__(self, step: int, then) -> None:
        self.step, self.then, self.was_there = step, then, threading.Event()

    def __call__(self, row: dict) -> None:
        if row["step"] == self.step:
            self.then()
            self.was_there.set()


def wait_for(condition) -> None:
    for _ in range(PATIENCE * 50):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not come to that")


def same_end(one: Path, other: Path, step: int) -> bool:
    return (
        checkpoint_path(one, step).read_bytes()
        == checkpoint_path(other, step).read_bytes()
        and without_seconds(read_history(one)) == without_seconds(read_history(other))
        and (one / f"samples/step_{step:06d}.mid").read_bytes()
        == (other / f"samples/step_{step:06d}.mid").read_bytes()
    )


def test_pausing_hearing_and_going_on_leave_every_bit_as_it_was(tmp_path):
    whole, watched = tmp_path / "whole", tmp_path / "watched"
    train(whole, 6)
    control = TrainingControl()

    def disturb(row: dict) -> None:
        control.hear()
        if row["step"] % 2:
            control.pause()
            threading.Timer(0.05, control.resume).start()

    train(watched, 6, control=control, on_step=disturb)
    assert (watched / "samples/step_000003.mid").exists()
    assert same_end(whole, watched, 6)


def test_a_stopped_run_goes_on_to_the_same_bits(tmp_path):
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    train(whole, 6)
    control = TrainingControl()
    train(halves, 6, control=control, on_step=At(3, control.stop))
    assert read_history(halves)[-1]["step"] == 3
    assert checkpoint_path(halves, 3).exists()
    train(halves, 6, resume=True)
    assert same_end(whole, halves, 6)


def test_a_thread_of_its_own_leaves_every_bit_as_it_was(tmp_path):
    train(tmp_path / "here", 4)
    history = start(tmp_path / "there", 4).wait(PATIENCE)
    assert same_end(tmp_path / "here", tmp_path / "there", 4)
    assert history.rows == read_history(tmp_path / "there")


def test_the_folder_says_where_the_run_stands(tmp_path):
    run, control, seen = tmp_path / "run", TrainingControl(), []

    def look(row: dict) -> None:
        seen.append(read_state(run))
        if row["step"] == 1:
            control.stop()

    train(run, 4, control=control, on_step=look)
    assert seen == [RunState("training", 4)]
    assert read_state(run) == RunState("stopped", 4)
    train(run, 2, resume=True)
    assert read_state(run) == RunState("finished", 2)


def test_a_paused_training_keeps_its_checkpoint_and_takes_no_step(tmp_path):
    run = tmp_path / "run"
    training = start(run, 5, checkpoint_every=5)
    training.control.pause()
    wait_for(lambda: read_state(run) == RunState("paused", 5))
    reached = read_history(run)[-1]["step"]
    assert checkpoint_path(run, reached).exists()
    assert reached < 5
    training.control.resume()
    assert training.wait(PATIENCE).rows[-1]["step"] == 5


def test_a_paused_training_can_be_heard(tmp_path):
    run = tmp_path / "run"
    training = start(run, 1000, sample_every=1000)
    training.control.pause()
    wait_for(lambda: read_state(run).state == "paused")
    reached = read_history(run)[-1]["step"]
    training.control.hear()
    wait_for((run / f"samples/step_{reached:06d}.mid").exists)
    training.control.stop()
    training.wait(PATIENCE)
    assert read_state(run).state == "stopped"


def test_the_time_of_a_pause_is_no_time_of_training(tmp_path):
    control, clock, run = TrainingControl(), {}, tmp_path / "run"

    def resume_later() -> None:
        wait_for(lambda: read_state(run) == RunState("paused", 4))
        time.sleep(1.5)
        control.resume()

    def on_step(row: dict) -> None:
        clock[row["step"]] = time.monotonic()
        if row["step"] == 2:
            control.pause()
            threading.Thread(target=resume_later).start()

    rows = train(run, 4, control=control, on_step=on_step, sample_every=1000).rows
    counted = rows[3]["seconds"] - rows[2]["seconds"]
    assert clock[3] - clock[2] - counted > 1.0  # of the pause of 1.5


def test_waiting_for_a_paused_training_is_refused(tmp_path):
    training = start(tmp_path / "run", 1000)
    training.control.pause()
    with pytest.raises(InputError, match="is paused"):
        training.wait()
    training.control.stop()
    training.wait(PATIENCE)


def test_waiting_too_briefly_is_refused(tmp_path):
    training = start(tmp_path / "run", 100_000, sample_every=100_000)
    with pytest.raises(InputError, match="not over after 0 seconds"):
        training.wait(0)
    training.control.stop()
    training.wait(PATIENCE)


def test_a_run_that_cannot_begin_is_refused_at_once(tmp_path):
    train(tmp_path / "run", 2)
    with pytest.raises(InputError, match="already holds a run"):
        start(tmp_path / "run", 4)


def test_a_failure_on_the_way_is_told_in_a_sentence(tmp_path):
    def break_down() -> None:
        raise MemoryError("no room left")

    run = tmp_path / "run"
    training = start(run, 4, on_step=At(2, break_down))
    with pytest.raises(InputError, match="MemoryError: no room left"):
        training.wait(PATIENCE)
    sentence = "The training broke off: MemoryError: no room left."
    assert training.problem == sentence
    assert read_state(run) == RunState("failed", 4, sentence)


def test_an_interrupted_training_has_stopped(tmp_path):
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "run", 4, on_step=At(2, interrupt))
    assert read_state(tmp_path / "run") == RunState("stopped", 4)


@pytest.mark.parametrize("text", ["", "{", '{"state": "asleep"}', "[1]"])
def test_a_damaged_state_is_no_state(tmp_path, text):
    (tmp_path / "state.json").write_text(text)
    assert read_state(tmp_path) is None

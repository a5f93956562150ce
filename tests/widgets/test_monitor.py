"""The training monitor without a browser: what it reads, and what it asks for."""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from tiny_training import MELODY, TINY, chord_windows, train

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.writer import WriterConfig
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.training.history import shipped_run
from deepcomposer_edu.training.state import RunState, write_state
from deepcomposer_edu.training.writer import train_writer
from deepcomposer_edu.widgets import TrainingMonitor
from deepcomposer_edu.widgets.watched_run import (
    MAX_RECORDINGS,
    MAX_SHOWN_ROWS,
    quiet_problem,
)

PATIENCE = 120  # seconds; only a test that fails waits that long
NOTE = Score.from_notes([(0, 60, 4)])


def wait_for(condition):
    for _ in range(PATIENCE * 50):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not come to that")


@pytest.fixture
def start(tmp_path):
    """Start tiny trainings; they are stopped when the test is over."""
    started = []

    def begin(n_steps, **options):
        windows = chord_windows()
        data = {"train": windows, "valid": windows, "melody": MELODY}
        usual = {"sample_every": 2, "checkpoint_every": 1000}
        monitor = TrainingMonitor.start(
            options.pop("run", tmp_path / "run"),
            TINY,
            n_steps,
            **(data | usual | options),
        )
        started.append(monitor)
        return monitor

    yield begin
    for monitor in started:
        monitor.stop()
        monitor.close()


@pytest.fixture
def shipped():
    return TrainingMonitor(shipped_run(), follow=False)


# --- the time machine


def test_the_shipped_run_has_ten_stages_and_opens_at_the_last(shipped):
    assert len(shipped.steps) == 10
    assert shipped.step == shipped.steps[-1] == 4000
    assert shipped.title == "wgan-bach"


def test_a_stage_has_its_music_and_what_was_measured_there(shipped):
    early, late = shipped.at(0), shipped.at(4000)
    assert len(early.score.tracks) == 4
    assert late.measured["triad_rate"] > early.measured["triad_rate"] + 0.3


def test_going_to_a_stage_ends_following_the_newest(shipped):
    shipped.go(400)
    assert shipped.moment.step == 400
    assert not shipped.follows_newest
    shipped.go(4000)
    assert shipped.follows_newest


def test_a_step_without_a_stage_is_refused(shipped):
    with pytest.raises(InputError, match="choose 0, 200"):
        shipped.go(5)


def test_few_stages_are_spread_over_the_run():
    monitor = TrainingMonitor(shipped_run(), n_stages=3, follow=False)
    assert (monitor.steps[0], monitor.steps[-1], len(monitor.steps)) == (0, 4000, 3)


@pytest.mark.parametrize("n_stages", [0, -1, 2.5, True])
def test_a_number_of_stages_that_is_none_is_refused(n_stages):
    with pytest.raises(InputError, match="n_stages"):
        TrainingMonitor(n_stages=n_stages)


def test_metrics_come_with_the_datas_own_values(shipped):
    harmony = shipped.metric_panels[0]
    names = [line["name"] for line in harmony["lines"]]
    assert names[0] == "triad_rate"
    assert shipped.reference["triad_rate"] == pytest.approx(0.628, abs=0.001)


def test_a_folder_without_a_sample_is_refused_where_nothing_more_comes(tmp_path):
    with pytest.raises(InputError, match="holds no samples"):
        TrainingMonitor(tmp_path, follow=False)


def test_all_that_the_browser_gets_is_json_without_nan(shipped):
    assert json.dumps(shipped.get_state(["rows", "stages"]), allow_nan=False)


def test_somebody_elses_training_cannot_be_stopped_here(shipped):
    with pytest.raises(InputError, match="somebody else"):
        shipped.stop()
    assert not shipped.can_control


# --- a run that somebody else writes


def test_a_run_is_followed_from_before_it_begins(tmp_path):
    monitor = TrainingMonitor(tmp_path / "run")
    assert monitor.steps == []
    train(tmp_path / "run", 2)
    wait_for(lambda: monitor.state == "finished")
    assert monitor.steps == [0, 2]
    assert (monitor.step, monitor.n_steps) == (2, 2)
    monitor.close()


def test_a_training_in_a_terminal_is_followed_until_ctrl_c(tmp_path):
    run = tmp_path / "run"
    script = (
        "import signal, sys; from deepcomposer_edu.cli.main import main; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "
        "sys.exit(main(sys.argv[1:]))"
    )
    settings = ("hidden_channels=8", "critic_channels=8", "batch_size=4", "n_critic=1")
    options = [part for setting in settings for part in ("-p", setting)]
    monitor = TrainingMonitor(run)
    with subprocess.Popen(
        [sys.executable, "-c", script, "train", "wgan", "-o", run, "-n", "100000"]
        + options,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            # each is a file of its own, and the monitor may see one before another
            wait_for(lambda: monitor.state == "training" and len(monitor.history) > 3)
            wait_for(lambda: monitor.steps == [0])
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
        finally:
            process.kill()  # or a failure here would wait for all of the 100,000 steps
    wait_for(lambda: monitor.state == "stopped")
    assert monitor.n_steps == 100_000
    monitor.close()


def test_the_slider_stays_where_it_was_put_while_new_stages_come(tmp_path):
    train(tmp_path / "run", 2)
    monitor = TrainingMonitor(tmp_path / "run")
    monitor.go(0)
    train(tmp_path / "run", 4, resume=True)
    wait_for(lambda: monitor.steps == [0, 2, 4])
    assert monitor.step == 0
    monitor.close()


def test_a_long_silence_of_another_process_is_told(tmp_path):
    train(tmp_path / "run", 2)
    write_state(tmp_path / "run", RunState("training", 100))
    long_ago = time.time() - 3600
    os.utime(tmp_path / "run/metrics.jsonl", (long_ago, long_ago))
    monitor = TrainingMonitor(tmp_path / "run")
    assert "No new step for 1 h" in monitor.problem
    assert "--resume" in monitor.problem
    monitor.close()


def test_a_run_that_just_wrote_is_alive(tmp_path):
    train(tmp_path / "run", 1)
    assert quiet_problem(tmp_path / "run") == ""


def test_a_failure_elsewhere_is_told(tmp_path):
    train(tmp_path / "run", 1)
    sentence = "The disk is full."
    write_state(tmp_path / "run", RunState("failed", 9, sentence))
    monitor = TrainingMonitor(tmp_path / "run")
    assert (monitor.state, monitor.problem) == ("failed", sentence)
    monitor.close()


def test_a_damaged_sample_is_passed_over_with_a_sentence(tmp_path):
    train(tmp_path / "run", 2)
    (tmp_path / "run/samples/step_000002.mid").write_bytes(b"MThd")
    monitor = TrainingMonitor(tmp_path / "run", follow=False)
    assert monitor.steps == [0]
    assert "step_000002.mid cannot be read" in monitor.problem


def test_rows_that_go_back_are_left_out(tmp_path):
    train(tmp_path / "run", 2)
    with (tmp_path / "run/metrics.jsonl").open("a") as file:
        file.write('{"step": 1}\n{"step": 3}\n')
    monitor = TrainingMonitor(tmp_path / "run", follow=False)
    assert [row["step"] for row in monitor.history] == [0, 1, 2, 3]


# --- a training of its own


def test_a_training_starts_runs_and_ends_while_python_is_free(start):
    monitor = start(3)
    history = monitor.wait(PATIENCE)
    assert [row["step"] for row in history.rows] == [0, 1, 2, 3]
    assert monitor.state == "finished"
    assert monitor.steps == [0, 2, 3]


def test_a_stopped_training_goes_on_from_its_checkpoint(start):
    monitor = start(100_000, sample_every=100_000)
    monitor.stop()
    reached = monitor.wait(PATIENCE).rows[-1]["step"]
    assert monitor.state == "stopped"
    monitor.go_on(reached + 2)
    assert monitor.wait(PATIENCE).rows[-1]["step"] == reached + 2
    assert monitor.state == "finished"
    with pytest.raises(InputError, match="steps already"):
        monitor.go_on(1)


def test_buttons_pause_hear_continue_and_stop(start):
    monitor = start(100_000, sample_every=100_000)

    def press(kind):
        monitor._handle_custom_msg({"kind": kind}, [])

    press("pause")
    wait_for(lambda: monitor.state == "paused")
    reached = int(monitor.history[-1]["step"])
    press("hear")
    wait_for(lambda: monitor.wish == "" and reached in monitor.steps)
    assert monitor.step == reached
    press("resume")
    wait_for(lambda: monitor.history[-1]["step"] > reached)
    press("stop")
    wait_for(lambda: monitor.state == "stopped")


def test_what_a_button_cannot_do_is_told_not_raised(start):
    monitor = start(1)
    monitor.wait(PATIENCE)
    monitor._handle_custom_msg({"kind": "resume"}, [])
    assert "steps already" in monitor.problem


def test_a_training_that_breaks_off_says_why(start, tmp_path):
    def break_down(row):
        raise MemoryError("no room left")

    monitor = start(5, on_step=break_down)
    with pytest.raises(InputError, match="no room left"):
        monitor.wait(PATIENCE)
    assert monitor.state == "failed"
    assert "no room left" in monitor.problem


def test_a_folder_with_a_run_is_refused_at_once(start, tmp_path):
    train(tmp_path / "run", 1)
    with pytest.raises(InputError, match="already holds a run"):
        start(2)


def test_a_run_of_yesterday_can_be_gone_on_with(start, tmp_path):
    train(tmp_path / "run", 2)
    assert start(4, resume=True).wait(PATIENCE).rows[-1]["step"] == 4


# --- networks that predict


@pytest.fixture
def writing(tmp_path):
    """Start a tiny writer on a text that is no music; it is stopped afterwards."""
    started = []

    def begin(n_steps, **options):
        small = WriterConfig(4, 8, sequence_length=16, batch_size=2)
        usual = {"text": "row, row, row your boat\n" * 9, "sample_every": 2}
        monitor = TrainingMonitor.start(
            tmp_path / "prose", small, n_steps, trainer=train_writer, **usual | options
        )
        started.append(monitor)
        return monitor

    yield begin
    for monitor in started:
        monitor._training.control.stop()
        monitor.wait(PATIENCE)
        monitor.close()


def test_a_writer_is_watched_with_panels_of_its_own(writing):
    monitor = writing(4)
    assert monitor.wait(PATIENCE).rows[-1]["step"] == 4
    assert monitor.state == "finished"
    assert [panel["title"] for panel in monitor.loss_panels] == ["Loss"]
    names = [line["name"] for line in monitor.loss_panels[0]["lines"]]
    assert names == ["loss", "valid_loss"]
    titles = [panel["title"] for panel in monitor.metric_panels]
    assert titles == ["Bits per character", "Gradient length", "Learning rate"]
    monitor.go_on(6)
    assert monitor.wait(PATIENCE).rows[-1]["step"] == 6


def test_what_is_no_tune_is_told_when_it_is_asked_for(writing):
    monitor = writing(100_000, sample_every=100_000, checkpoint_every=100_000)
    monitor.pause()
    wait_for(lambda: monitor.state == "paused")
    monitor.hear()
    wait_for(lambda: monitor.wish == "")
    assert "is text, but no tune" in monitor.problem


def test_a_writer_that_fails_to_begin_says_so_at_once(writing):
    with pytest.raises(InputError, match="give a longer text"):
        writing(1, text="Hm.")


# --- a loop of your own


def test_rows_and_music_of_your_own_loop_are_shown():
    monitor = TrainingMonitor()
    monitor.add({"step": 1, "my_rate": 0.5}, NOTE)
    monitor.add({"step": 2, "my_rate": 0.6})
    assert monitor.steps == [1]
    assert monitor.metric_panels[0]["title"] == "My rate"
    assert monitor.at(1).score == NOTE


def test_a_fast_loop_is_shown_soon_not_at_each_step():
    monitor = TrainingMonitor()
    for step in range(1, 500):
        monitor.add({"step": step, "loss": 1.0})
    assert len(monitor.history) == 499
    wait_for(lambda: monitor.rows[-1]["step"] == 499)


def test_rows_out_of_order_are_refused():
    monitor = TrainingMonitor()
    monitor.add({"step": 2})
    with pytest.raises(InputError, match="in order"):
        monitor.add({"step": 1})
    with pytest.raises(InputError, match='"step"'):
        monitor.add({"loss": 1.0})


def test_losses_that_exploded_are_told():
    monitor = TrainingMonitor()
    monitor.add({"step": 1, "critic_loss": 1.0})
    assert monitor.problem == ""
    monitor.add({"step": 2, "critic_loss": float("nan")})
    monitor.refresh()
    assert "Since step 2 the losses are no numbers" in monitor.problem


def test_a_long_history_is_thinned_for_the_browser_alone():
    monitor = TrainingMonitor()
    for step in range(1, 2001):
        monitor._run.add_row({"step": step, "critic_loss": 0.0})
    monitor._show()
    assert len(monitor.history) == 2000
    assert len(monitor.rows) <= MAX_SHOWN_ROWS + 1


def test_a_monitor_is_a_text_where_there_are_no_widgets(shipped):
    assert repr(shipped).startswith("Training wgan-bach: step 4000; stages: 0, 200")


# --- networks that make raw sound ----------------------------------------------------


def write_recording(run, step, seconds=0.5, loudness=0.5):
    """Write a sample that is silent in its first half and loud in its second."""
    rate = 8_000
    audio = np.zeros(round(seconds * rate), np.float32)
    half = len(audio) // 2
    audio[half:] = loudness * np.sin(np.arange(len(audio) - half) * 0.35)
    return write_wav(run / f"samples/step_{step:06d}.wav", audio, rate)


@pytest.fixture
def raw_run(tmp_path):
    run = tmp_path / "raw"
    rows = [{"step": 0, "valid_loss": 5.5}, {"step": 10, "valid_loss": 4.0}]
    for row in rows:
        write_recording(run, row["step"])
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (run / "metrics.jsonl").write_text(lines)
    return run


def test_samples_of_raw_sound_are_stages_with_a_waveform(raw_run):
    monitor = TrainingMonitor(raw_run, follow=False)
    assert monitor.steps == [0, 10]
    moment = monitor.at(10)
    assert moment.score is None
    assert moment.measured["valid_loss"] == 4.0
    assert moment.recording.seconds == 0.5
    peaks = moment.recording.peaks
    assert max(peaks[:146]) == 0  # 100 columns of 14 samples, 200 of 13
    assert min(peaks[147:]) >= 40  # the tone swings to 50 in each column, nearly
    stage = monitor.stages[1]
    assert stage["music"] is None
    head, _, data = stage["wav"].partition(",")
    assert head == "data:audio/wav;base64"
    assert base64.b64decode(data) == moment.recording.path.read_bytes()


def test_a_new_recording_becomes_the_newest_stage(raw_run):
    monitor = TrainingMonitor(raw_run)
    write_recording(raw_run, 20)
    with (raw_run / "metrics.jsonl").open("a") as file:
        file.write('{"step": 20, "valid_loss": 3.5}\n')
    wait_for(lambda: monitor.steps == [0, 10, 20] and monitor.step == 20)
    monitor.close()


def test_many_recordings_are_thinned_first_and_last_stay(raw_run):
    for step in range(20, 400, 10):
        write_recording(raw_run, step, 0.01)
    (raw_run / "metrics.jsonl").write_text('{"step": 400}\n')
    steps = TrainingMonitor(raw_run, follow=False).steps
    assert (len(steps), steps[0], steps[-1]) == (MAX_RECORDINGS, 0, 390)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"RIFF, but no sound", "can't be read as sound"),
        (b"RIFF" + bytes(1 << 20), "more than the 1024 kB"),
    ],
)
def test_a_recording_that_cannot_be_shown_is_one_sentence(raw_run, content, words):
    (raw_run / "samples/step_000010.wav").write_bytes(content)
    monitor = TrainingMonitor(raw_run, follow=False)
    assert monitor.steps == [0]
    assert "step_000010.wav cannot be read" in monitor.problem
    assert words in monitor.problem

"""Following a run folder that somebody else writes."""

import json
from pathlib import Path

import pytest
from tiny_training import train

from deepcomposer_edu.training.follow import RunFollower, sendable, thinned
from deepcomposer_edu.training.history import shipped_run
from deepcomposer_edu.training.state import RunState


def steps(news) -> list[int]:
    return [row["step"] for row in news.rows]


def add(run: Path, text: str) -> None:
    with (run / "metrics.jsonl").open("a") as file:
        file.write(text)


@pytest.fixture
def run(tmp_path):
    add(tmp_path, '{"step": 0}\n{"step": 1, "critic_loss": 0.5}\n')
    return tmp_path


def test_the_first_look_sees_all_that_is_there(run):
    news = RunFollower(run).news()
    assert steps(news) == [0, 1]
    assert news.is_fresh


def test_the_next_look_sees_only_what_was_added(run):
    follower = RunFollower(run)
    follower.news()
    assert follower.news().is_empty
    add(run, '{"step": 2}\n')
    news = follower.news()
    assert steps(news) == [2]
    assert not news.is_fresh


def test_half_a_line_waits_for_its_end(run):
    follower = RunFollower(run)
    follower.news()
    add(run, '{"step": 2, "crit')
    assert follower.news().is_empty
    add(run, 'ic_loss": 1}\n')
    assert follower.news().rows == ({"step": 2, "critic_loss": 1},)


def test_a_whole_last_line_needs_no_end(run):
    add(run, '{"step": 2}')
    follower = RunFollower(run)
    assert steps(follower.news()) == [0, 1, 2]
    add(run, '\n{"step": 3}\n')
    assert steps(follower.news()) == [3]


def test_a_folder_that_comes_later_is_seen_then(tmp_path):
    follower = RunFollower(tmp_path / "run")
    assert follower.news().is_empty
    train(tmp_path / "run", 2)
    news = follower.news()
    assert steps(news) == [0, 1, 2]
    assert [step for step, _ in news.samples] == [0, 2]
    assert news.state == RunState("finished", 2)
    assert "triad_rate" in news.reference


def test_a_run_that_goes_on_from_an_earlier_step_begins_anew(tmp_path):
    run = tmp_path / "run"
    follower = RunFollower(run)
    train(run, 2)
    follower.news()
    train(run, 4, resume=True)
    news = follower.news()
    assert news.is_fresh
    assert steps(news) == [0, 1, 2, 3, 4]
    assert [step for step, _ in news.samples] == [4]
    assert news.reference == {}


def test_a_sample_written_again_is_news(run):
    path = run / "samples" / "step_000001.mid"
    path.parent.mkdir()
    path.write_bytes(b"one")
    follower = RunFollower(run)
    assert follower.news().samples == ((1, path),)
    path.write_bytes(b"another")
    assert follower.news().samples == ((1, path),)


def test_what_is_no_number_is_none_so_that_a_browser_can_read_it():
    row = json.loads('{"step": 1, "a": NaN, "b": Infinity, "c": 0.5, "d": "text"}')
    assert sendable(row) == {"step": 1, "a": None, "b": None, "c": 0.5}


def test_a_long_history_keeps_its_measurements_and_the_means_of_its_losses():
    rows = [{"step": i, "loss": float(i)} for i in range(1, 10_001)]
    for i in range(499, 10_000, 500):
        rows[i]["triad_rate"] = 0.5
    short = thinned(rows, 100)
    assert len(short) < 200
    assert [r for r in short if "triad_rate" in r] == rows[499::500]
    assert short[0] == {"step": 100, "loss": 50.5}
    assert short[-1]["step"] == 10_000


def test_a_loss_that_exploded_stays_visible_in_a_mean():
    rows = [{"step": 1, "loss": 1.0}, {"step": 2, "loss": None}]
    assert thinned(rows, 1) == [{"step": 2, "loss": None}]


def test_the_shipped_run_can_be_followed():
    news = RunFollower(shipped_run()).news()
    assert news.rows[0]["step"] == 0
    assert len(news.samples) == 10
    assert news.state is None


def test_a_sample_that_is_only_text_is_told_as_unheard(run):
    (run / "samples").mkdir()
    (run / "samples" / "step_000100.txt").write_text("to be or not")
    (run / "samples" / "step_000200.txt").write_text("X:1")
    (run / "samples" / "step_000200.mid").write_bytes(b"MThd")
    follower = RunFollower(run)
    news = follower.news()
    assert news.unheard == (100,)
    assert [step for step, _ in news.samples] == [200]
    assert follower.news().unheard == ()

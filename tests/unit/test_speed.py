"""How fast a computer trains, and how many steps its trainings take."""

import json
import random
import time

import pytest
import torch

from deepcomposer_edu import course, doctor
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.course import speed as speed_module
from deepcomposer_edu.course.speed import (
    REFERENCE_SECONDS,
    SIZES,
    VALID_SECONDS,
    Speed,
    machine,
    measure,
    speed,
    step_seconds,
    stored_speed,
)
from deepcomposer_edu.errors import InputError


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """A cache of the test's own; nothing chosen, and not in quick mode."""
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    monkeypatch.delenv("COURSE_SIZE", raising=False)
    monkeypatch.setenv("COURSE_QUICK", "0")
    return tmp_path / "speed.json"


@pytest.fixture
def as_fast_as(monkeypatch):
    """Let steps be as fast as a share of the reference; count the measurements."""
    measured = []

    def fast(relative):
        def taken(clock, seconds=0):
            measured.append(relative)
            return [REFERENCE_SECONDS / relative] * 8

        monkeypatch.setattr(speed_module, "step_seconds", taken)
        return measured

    return fast


@pytest.mark.parametrize(
    ("relative", "size", "n_steps"),
    [(3, "full", 400), (0.6, "full", 400), (0.59, "half", 200), (0.29, "quarter", 100)],
)
def test_a_slower_computer_takes_fewer_steps(relative, size, n_steps, as_fast_as):
    as_fast_as(relative)
    assert speed().size == size
    assert course.steps(400, quick=4) == n_steps


def test_there_are_never_fewer_steps_than_in_tests(as_fast_as, monkeypatch):
    as_fast_as(0.01)
    assert course.steps(10, quick=4) == 4
    monkeypatch.setenv("COURSE_QUICK", "1")
    assert course.steps(4000, quick=4) == 4


def test_in_quick_mode_nothing_is_measured(as_fast_as, monkeypatch):
    measured = as_fast_as(0.1)
    monkeypatch.setenv("COURSE_QUICK", "1")
    course.steps(4000, quick=4)
    course.setup()
    assert measured == []


def test_a_computer_is_measured_once_a_day(as_fast_as, own_cache):
    measured = as_fast_as(1)
    speed()
    speed()
    assert len(measured) == 1
    kept = json.loads(own_cache.read_text("utf-8"))
    for change in ({"at": time.time() - VALID_SECONDS - 1}, {"machine": "another"}):
        own_cache.write_text(json.dumps(kept | change), encoding="utf-8")
        assert stored_speed() is None
    speed(again=True)
    assert len(measured) == 2


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"relative": "fast"}', '{"relative": -1, "at": 0}', "[" * 100_000],
)
def test_a_damaged_file_is_as_none(text, own_cache, as_fast_as):
    as_fast_as(1)
    own_cache.write_text(text, encoding="utf-8")
    assert stored_speed() is None
    assert speed().relative == pytest.approx(1)


def test_a_choice_outweighs_the_speed_and_is_kept(as_fast_as, monkeypatch):
    as_fast_as(0.1)
    assert course.choose_size("full") == "full"
    speed(again=True)
    assert course.steps(400, quick=4) == 400
    assert course.choose_size() == "quarter"
    monkeypatch.setenv("COURSE_SIZE", "half")
    assert course.steps(400, quick=4) == 200


def test_what_is_no_size_is_refused(monkeypatch):
    with pytest.raises(InputError, match="full, half, quarter or auto"):
        course.choose_size("tiny")
    monkeypatch.setenv("COURSE_SIZE", "fast")
    with pytest.raises(InputError, match="COURSE_SIZE"):
        course.steps(400, quick=4)


def test_a_computer_without_room_for_a_file_is_measured_each_time(
    as_fast_as, monkeypatch
):
    measured = as_fast_as(1)

    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(speed_module, "atomic_path", full)
    speed()
    speed()
    assert len(measured) == 2


def test_measuring_takes_seconds_and_no_random_numbers():
    torch.manual_seed(0)
    random.seed(0)
    states = (torch.get_rng_state(), random.getstate())
    found = measure()
    assert found.relative > 0 and found.machine == machine()
    assert torch.equal(states[0], torch.get_rng_state())
    assert states[1] == random.getstate()


def test_steps_are_taken_until_there_are_enough_or_it_takes_too_long():
    now = iter(range(1000))
    assert len(step_seconds(lambda: next(now), seconds=7)) == 7
    slow = iter(range(0, 100_000, 100))
    assert step_seconds(lambda: next(slow)) == [100]


def test_a_lesson_says_when_trainings_are_shorter(as_fast_as, capsys, monkeypatch):
    as_fast_as(0.4)
    course.setup(seed=0)
    said = capsys.readouterr().out
    assert "half of their steps" in said and "choose_size" in said
    monkeypatch.setenv("COURSE_SIZE", "quarter")  # a teacher's choice
    course.setup(seed=0)
    said = capsys.readouterr().out
    assert "a quarter of their steps" in said and "choose_size" not in said
    monkeypatch.delenv("COURSE_SIZE")
    course.setup(seed=0, language="ko")
    assert "절반" in capsys.readouterr().out
    course.choose_size("full")
    course.setup(seed=0)
    assert "steps" not in capsys.readouterr().out


def test_the_doctor_and_the_command_say_how_the_computer_compares(as_fast_as, capsys):
    as_fast_as(0.4)
    assert "take half" in str(doctor.check_speed())
    assert main(["speed"]) == 0
    said = capsys.readouterr().out
    assert "0.4 times as fast" in said and "half of their steps, by its speed" in said
    assert main(["speed", "--size", "full"]) == 0
    assert "all their steps, as you chose" in capsys.readouterr().out
    assert "take all their steps" in str(doctor.check_speed())
    assert main(["speed", "--size", "big"]) == 2


def test_every_size_has_a_speed():
    sizes = {Speed(relative, 0, "").size for relative in (0.1, 0.4, 1)}
    assert sizes == set(SIZES)

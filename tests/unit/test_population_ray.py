"""Populations on Ray: the lineage in its reports; with Ray, the real thing."""

import importlib.util
import os
import signal
from pathlib import Path

import pytest
import toy_population
from toy_population import RANGES, SETTINGS, train_toy

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.lineage import load_population
from deepcomposer_edu.training.population_ray import turns_of
from deepcomposer_edu.training.population_run import train_population

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None,
    reason="Ray is an extra that nothing else here needs: pip install 'ray[tune]'",
)


class Table:
    """As much of a data frame as is asked for."""

    def __init__(self, *rows):
        names = ("trial_id", "round", "valid_loss", "parent", "set_rate")
        self.rows = [dict(zip(names, row, strict=True)) for row in rows]

    def to_dict(self, _):
        return self.rows


def test_reports_of_trials_become_turns_with_parents_by_number():
    # b takes over a after its first round; c died after its first
    tables = [
        Table(("a", 1, 2.0, "a", 0.1), ("a", 2, 1.0, "a", 0.1)),
        Table(("b", 1, 9.0, "b", 0.5), ("b", 2, 1.5, "a", 0.12)),
        Table(("c", 1, 4.0, "c", 0.3)),
    ]
    turns = turns_of(tables, "valid_loss")
    told = [(t.round, t.member, t.score, t.parent) for t in turns]
    assert told[:3] == [(0, 0, 2.0, 0), (0, 1, 9.0, 0), (0, 2, 4.0, 2)]
    assert told[3:] == [(1, 0, 1.0, 0), (1, 1, 1.5, 1), (1, 2, None, 2)]
    assert dict(turns[4].settings) == {"rate": 0.12}
    assert turns[5].problem


def test_a_round_that_was_reported_twice_counts_once_as_it_was_last():
    table = Table(("a", 1, 2.0, "a", 0.1), ("a", 1, 1.9, "a", 0.1))
    assert [turn.score for turn in turns_of([table], "valid_loss")] == [1.9]


def test_an_infinite_loss_is_a_death_and_no_reports_are_no_turns():
    (turn,) = turns_of([Table(("a", 1, float("inf"), "a", 0.1))], "valid_loss")
    assert turn.score is None
    assert turns_of([None, None], "valid_loss") == ()


class Killed:
    """A trainer whose process is killed once, in its second round."""

    def __init__(self, mark):
        self.mark = str(mark)

    def __call__(self, run, *, n_steps, **options):
        if n_steps == 20 and not os.path.exists(self.mark):  # noqa: PTH110
            open(self.mark, "w").close()  # noqa: PTH123
            os.kill(os.getpid(), signal.SIGKILL)
        return train_toy(run, n_steps=n_steps, **options)


@pytest.fixture
def findable(monkeypatch):
    """Let Ray's processes find the modules of the tests; shut Ray at the end."""
    import ray

    monkeypatch.setenv("PYTHONPATH", str(Path(toy_population.__file__).parent))
    yield
    ray.shutdown()


def test_going_on_is_refused_with_what_can_be_done(tmp_path):
    with pytest.raises(InputError, match="without Ray, which can be stopped and"):
        train_population(
            tmp_path / "run",
            train_toy,
            RANGES,
            2,
            1,
            5,
            engine="ray",
            resume=True,
            arguments={"settings": SETTINGS},
        )


@needs_ray
@pytest.mark.usefixtures("findable")
def test_ray_trains_a_population_and_survives_the_death_of_a_worker(tmp_path):
    options = {"engine": "ray", "arguments": {"settings": SETTINGS}}
    trainer = Killed(tmp_path / "killed")
    population = train_population(
        tmp_path / "run", trainer, RANGES, 4, 3, 10, **options
    )
    assert (tmp_path / "killed").exists()
    assert (population.n_members, population.n_rounds) == (4, 3)
    # the killed member is begun again, or left out; the others come to their end
    last = [turn for turn in population.turns if turn.round == 2]
    assert sum(turn.score is not None for turn in last) >= 3
    assert any(turn.parent != turn.member for turn in population.turns)
    low, high = RANGES["learning_rate"]
    rates = [
        turn.settings["learning_rate"] for turn in population.turns if turn.settings
    ]
    assert all(low <= rate <= high for rate in rates)
    assert load_population(tmp_path / "run").turns == population.turns
    rows = read_history(tmp_path / "run")
    assert [row["step"] for row in rows] == list(range(31))
    assert rows[-1]["valid_loss"] == population.best.score


@needs_ray
def test_a_cluster_that_does_not_answer_is_one_sentence(tmp_path):
    import ray

    ray.shutdown()
    with pytest.raises(InputError, match="No Ray cluster answers at"):
        train_population(
            tmp_path / "run",
            train_toy,
            RANGES,
            2,
            1,
            5,
            engine="ray",
            address="127.0.0.1:9",
            arguments={"settings": SETTINGS},
        )

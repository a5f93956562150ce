"""Training shared by several processes, on one machine: the same run, to rounding."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from shared_training import CONFIGS, N_STEPS, train_all
from tiny_editor import RECIPES_TINY
from tiny_training import MELODY, TINY, chord_windows, train

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.drawing import ShareOfChance, normal_in, uniform_in
from deepcomposer_edu.training.checkpoint import latest_checkpoint
from deepcomposer_edu.training.distributed import ALONE, Team, joined, refuse_team
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.state import read_state
from deepcomposer_edu.training.wgan import WGANGame, train_wgan

RUNS = [*CONFIGS, "line", *RECIPES_TINY]
TESTS = Path(__file__).resolve().parent.parent
# Two processes add up in another order than one: the last of float32's seven digits
# differ, and three steps of Adam make that a little more.
TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}
# Adam divides a gradient by its own size, so where it is nearly 0 the rounding decides.
# A step moves a weight by up to 5e-4, a genre's vector by up to 5e-3.
WEIGHT_TOLERANCE = {"rtol": 1e-3, "atol": 2e-4}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same trainings by one process, and by two that torchrun starts."""
    folder = tmp_path_factory.mktemp("runs")
    alone, shared = folder / "alone", folder / "shared"
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        train_all(alone)
    finally:
        torch.set_num_threads(before)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*launcher, "--nproc-per-node", "2", "shared_training.py", str(shared)]
    done = subprocess.run(
        command, cwd=TESTS, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return alone, shared


@pytest.mark.parametrize("name", RUNS)
def test_two_processes_have_the_losses_of_one_with_the_doubled_batch(
    runs, name
) -> None:
    alone, shared = (read_history(run / name) for run in runs)
    assert [row["step"] for row in shared] == list(range(N_STEPS + 1))
    for one, two in zip(alone, shared, strict=True):
        assert set(one) == set(two)
        for key in set(one) - {"seconds"}:
            assert two[key] == pytest.approx(
                one[key], rel=TOLERANCE["rtol"], abs=TOLERANCE["atol"]
            ), (one["step"], key)


@pytest.mark.parametrize("name", RUNS)
def test_two_processes_end_with_the_weights_of_one(runs, name) -> None:
    alone, shared = (latest_checkpoint(run / name).tensors for run in runs)
    assert set(alone) == set(shared)
    for key, tensor in alone.items():
        if key == "random.state":
            assert torch.equal(tensor, shared[key])  # so either can go on
        else:
            torch.testing.assert_close(shared[key], tensor, **WEIGHT_TOLERANCE)


def test_only_one_process_writes(runs) -> None:
    assert read_state(runs[1] / "wgan").state == "finished"
    lines = (runs[1] / "wgan" / "metrics.jsonl").read_text().splitlines()
    assert len(lines) == N_STEPS + 1


def test_halves_that_learn_alone_do_not_learn_the_same(tmp_path, runs) -> None:
    """Half the batch without the other half is another run: the tolerance can fail."""
    import dataclasses

    half = dataclasses.replace(CONFIGS["wgan"], batch_size=4)
    history = train(tmp_path / "half", N_STEPS, config=half)
    whole = read_history(runs[0] / "wgan")
    assert history.rows[1]["critic_loss"] != pytest.approx(
        whole[1]["critic_loss"], **{"rel": TOLERANCE["rtol"], "abs": TOLERANCE["atol"]}
    )


def test_one_process_goes_on_where_two_stopped(runs, tmp_path) -> None:
    windows = chord_windows()
    arguments = (CONFIGS["wgan"], windows, windows, MELODY, N_STEPS + 1)
    ends = []
    for run in runs:
        train_wgan(run / "wgan", *arguments, resume=True, sample_every=N_STEPS)
        ends.append(read_history(run / "wgan")[-1])
    assert ends[0]["step"] == ends[1]["step"] == N_STEPS + 1
    for key in ("critic_loss", "generator_loss"):
        assert ends[1][key] == pytest.approx(ends[0][key], rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("draw", [uniform_in, normal_in])
def test_the_shares_of_chance_are_those_of_the_whole(draw) -> None:
    def random() -> torch.Generator:
        return torch.Generator().manual_seed(7)

    whole = draw((6, 5), random())
    for rank in range(3):
        assert torch.equal(
            draw((2, 5), ShareOfChance(random(), rank, 3)),
            whole[2 * rank : 2 * rank + 2],
        )


def test_a_team_shares_whatever_a_batch_is_made_of() -> None:
    batch = {"a": torch.arange(6), "b": (torch.arange(12).reshape(6, 2), "name")}
    got = Team(rank=1, size=3).share(batch)
    assert got["a"].tolist() == [2, 3]
    assert got["b"][0].tolist() == [[4, 5], [6, 7]]
    assert got["b"][1] == "name"
    assert ALONE.share(batch) is batch


def test_a_batch_that_cannot_be_shared_is_refused() -> None:
    with pytest.raises(InputError, match=r"batch of 4 .* 3 processes"):
        WGANGame(TINY, team=Team(0, 3))
    with pytest.raises(InputError, match="batch of 5"):
        Team(0, 2).share(torch.zeros(5))


def test_without_torchrun_one_is_alone(monkeypatch) -> None:
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    with joined() as team:
        assert team == ALONE
        assert team.leads


def test_damaged_variables_are_one_sentence(monkeypatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "two")
    with pytest.raises(InputError, match="torchrun"), joined():
        pass


def test_a_state_that_goes_on_is_not_shared(monkeypatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "1")
    refuse_team("a state")
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(InputError, match="cannot share a state"):
        refuse_team("a state")


def _train_ada(run: Path) -> None:
    from deepcomposer_edu.training.ada import train_ada

    train_ada(run, n_steps=1)


def _train_stack(run: Path) -> None:
    from deepcomposer_edu.models.ada import Ada
    from deepcomposer_edu.models.ada_config import AdaConfig
    from deepcomposer_edu.training.ada_stack import train_ada_stack

    train_ada_stack(run, Ada(AdaConfig()), n_steps=1)


def _train_translation(run: Path) -> None:
    from deepcomposer_edu.training.translation import train_translation

    train_translation(run, n_steps=1)


def _train_population(run: Path) -> None:
    from toy_population import RANGES, SETTINGS, train_toy

    from deepcomposer_edu.training.population_run import train_population

    train_population(run, train_toy, RANGES, 2, 1, 1, arguments={"settings": SETTINGS})


@pytest.mark.parametrize(
    "begin", [_train_ada, _train_stack, _train_translation, _train_population]
)
def test_what_cannot_be_shared_is_refused(monkeypatch, tmp_path, begin):
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(InputError, match="without torchrun"):
        begin(tmp_path / "run")
    assert not (tmp_path / "run").exists()

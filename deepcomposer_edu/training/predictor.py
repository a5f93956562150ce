"""Training a network that predicts what comes next: one loop for every such network.

The writer, MelodyRNN and the Transformer differ in their data, their loss and what they
write as a sample; those come in as functions. The loop is the same, and so is the run
folder that it leaves, which is that of `training/wgan.py`.
"""

from __future__ import annotations

import contextlib
import copy
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import TypeVar, Unpack

import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.averages import follow
from deepcomposer_edu.training.distributed import ALONE, Team
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.loop import Training, train_in
from deepcomposer_edu.training.options import RunOptions
from deepcomposer_edu.training.precision import at_precision, check_precision
from deepcomposer_edu.training.run_settings import saved_settings, write_settings

Config = TypeVar("Config")


@dataclass(frozen=True)
class TrainingSettings:
    """How a predictor is trained, whatever it predicts.

    Args:
        learning_rate: of Adam, at its highest.
        warm_up: steps in which the learning rate rises from 0.
        cosine_steps: step at which a cosine has brought it down to 1 % (Loshchilov and
            Hutter 2017, eq. 5); 0 keeps it where it is.
        weight_decay: how fast AdamW shrinks weights of two or more axes.
        clip: longest gradient allowed, its length over all weights; 0 for no limit.
        average: decay of the averaged weights (0.999, say), which the metrics and
            samples are then taken with; 0 for none.
        precision: "float32", or "bfloat16" where the processor is fast at it.
    """

    learning_rate: float = 1e-3
    warm_up: int = 0
    cosine_steps: int = 0
    weight_decay: float = 0.0
    clip: float = 1.0
    average: float = 0.0
    precision: str = "float32"

    def __post_init__(self) -> None:
        check_precision(self.precision)
        if not self.learning_rate > 0 or not 0 <= self.average < 1:
            raise InputError(
                f"The learning rate is {self.learning_rate:g} and the average's decay "
                f"{self.average:g}, but the first must be above 0 and the second at "
                "least 0 and below 1."
            )

    def rate_at(self, step: int) -> float:
        """Return the learning rate of a step, counted from 1."""
        rate = self.learning_rate * min(1.0, step / max(self.warm_up, 1))
        if self.cosine_steps:
            share = min(step / self.cosine_steps, 1.0)
            rate *= 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * share))
        return rate


@dataclass(frozen=True)
class Task:
    """What a predictor learns from and how it is judged.

    Args:
        batch: draws a batch; all its chance comes from the generator it is given.
        loss: the mean loss of the network on a batch, one number with a gradient.
        judge: the metrics of the network, for the history: "valid_loss" and others.
        write_sample: writes what the network makes now into a file whose path is given
            without its ending ("samples/step_000100"); None for no samples.
        reference: the data's own values of metrics, by name.
        weigh: how much the loss of a batch counts where processes share one; None where
            the loss is the mean over its rows, which all weigh the same.
    """

    batch: Callable[[torch.Generator], object]
    loss: Callable[[nn.Module, object], Tensor]
    judge: Callable[[nn.Module], dict[str, float]]
    write_sample: Callable[[nn.Module, Path], object] | None = None
    reference: Mapping[str, float] = field(default_factory=dict)
    weigh: Callable[[object], float] | None = None


class Learner:
    """A network with its optimiser, its average, and one step of training.

    Args:
        network: the network; it is changed.
        settings: how it is trained.
        seed: from which every random number follows.
        team: the processes that share each batch.
    """

    def __init__(
        self,
        network: nn.Module,
        settings: TrainingSettings,
        seed: int,
        team: Team = ALONE,
    ) -> None:
        self.network, self.settings, self.seed = network, settings, seed
        self.team = team
        self.random = torch.Generator().manual_seed(seed)
        self.average = None
        if settings.average:
            self.average = copy.deepcopy(network).requires_grad_(False)
        decayed = [p for p in network.parameters() if p.ndim >= 2]
        others = [p for p in network.parameters() if p.ndim < 2]
        self.adam = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": settings.weight_decay},
                {"params": others, "weight_decay": 0.0},
            ],
            lr=settings.learning_rate,
        )

    @property
    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        """Every optimiser of a checkpoint, by name."""
        return {"adam": self.adam}

    @property
    def best(self) -> nn.Module:
        """The network to judge and to compose with: the average, if there is one."""
        return self.network if self.average is None else self.average

    @property
    def networks(self) -> dict[str, nn.Module]:
        """Every network of a checkpoint, by name."""
        named = {"network": self.network}
        return named if self.average is None else {**named, "average": self.average}

    def step(self, task: Task, step: int) -> dict[str, float]:
        """Learn from one batch; return the row of the history.

        Processes that share the batch have each their own dropout, so with dropout they
        do not learn quite what one process would; without it, they do.
        """
        settings = self.settings
        rate = settings.rate_at(step)
        for group in self.adam.param_groups:
            group["lr"] = rate
        batch = self.team.share(task.batch(self.random))
        weight = 1.0 if task.weigh is None else task.weigh(batch)
        self.network.train()
        # Dropout draws from torch's own chance. It is set anew for each step, so that a
        # run that goes on drops the same, and given back, so that nobody else notices.
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed * 1_000_003 + step + self.team.rank * 10**12)
            with at_precision(settings.precision):
                loss = task.loss(self.network, batch)
        self.adam.zero_grad()
        loss.backward()
        self.team.average_gradients(self.network, weight)
        row = self.team.average({"loss": loss.item()}, weight)
        if settings.clip:
            length = nn.utils.clip_grad_norm_(self.network.parameters(), settings.clip)
            row["gradient_norm"] = length.item()
        self.adam.step()
        if self.average is not None:
            follow(self.average, self.network, settings.average, step)
        return {**row, "learning_rate": rate}


def train_predictor(
    run: str | Path,
    network: nn.Module,
    task: Task,
    settings: TrainingSettings,
    n_steps: int,
    *,
    kind: str,
    config: Mapping[str, object],
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train a network in a run folder until `n_steps` steps are taken.

    The folder gets `config.json`, `reference.json`, `metrics.jsonl`, `state.json`,
    `checkpoints/` and `samples/`. For stopped runs and several processes see
    `training.loop.train_in`.

    Args:
        run: the run folder.
        network: the network, freshly made with `seed`; it is changed.
        task: its data, loss and metrics.
        settings: how it is trained. A resumed run is given those of `read_settings`.
        n_steps: steps in all, counted from the beginning of the run.
        kind: what is trained: "writer", "melody-rnn", "transformer".
        config: the network's settings, ready for JSON, to make it again.
        seed: from which every random number follows.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 100 steps if not said.

    Returns:
        The history of the run. `network` holds the last step's weights.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed,
            or another training is at work in it.
    """
    run = Path(run)
    about = {
        "kind": kind,
        "config": dict(config),
        "settings": asdict(settings),
        "seed": seed,
    }

    def prepare(team: Team) -> Training:
        learner = Learner(network, settings, seed, team)
        return Training(
            learner,
            take_step=partial(learner.step, task),
            judge=lambda: _judged(task, learner.best),
            write_sample=lambda step: _write_sample(task, learner.best, run, step),
            write_settings=partial(write_settings, run, about, task.reference),
        )

    return train_in(run, n_steps, prepare, resume=resume, **options)


def _judged(task: Task, network: nn.Module) -> dict[str, float]:
    with _quietly(network):
        return task.judge(network)


def _write_sample(task: Task, network: nn.Module, run: Path, step: int) -> None:
    if task.write_sample is not None:
        (run / "samples").mkdir(parents=True, exist_ok=True)
        with _quietly(network):
            task.write_sample(network, run / "samples" / f"step_{step:06d}")


@contextlib.contextmanager
def _quietly(network: nn.Module) -> Iterator[None]:
    """Judge a network without dropout, without gradients, and put it back."""
    was_training = network.training
    network.eval()
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield
    network.train(was_training)


def read_settings(
    run: str | Path, kind: str, of: Callable[[dict[str, object]], Config] = dict
) -> tuple[Config, TrainingSettings, int]:
    """Return the network's settings, the training's and the seed of a run folder.

    Args:
        run: the run folder.
        kind: what is trained in it.
        of: makes the network's settings of what was saved of them.

    Raises:
        InputError: if the folder holds no run, one of another kind, or a damaged one.
    """
    known = {f.name for f in fields(TrainingSettings)}
    with saved_settings(Path(run)) as saved:
        found = str(saved.get("kind", "wgan"))
        if found == kind:
            given = {k: v for k, v in saved["settings"].items() if k in known}
            settings = TrainingSettings(**given)
            return of(dict(saved["config"])), settings, int(saved["seed"])
    raise InputError(
        f"The folder {run} holds a run of {found}, but one of {kind} is needed; give "
        "another folder."
    )

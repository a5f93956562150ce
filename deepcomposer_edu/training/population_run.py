"""A population of run folders: any trainer of the course, several times."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.nn.population import Population, Turn
from deepcomposer_edu.training.checkpoint import (
    checkpoint_path,
    checkpoints,
    load_checkpoint,
    write_checkpoint,
)
from deepcomposer_edu.training.claim import claimed
from deepcomposer_edu.training.control import TrainingControl
from deepcomposer_edu.training.distributed import refuse_team
from deepcomposer_edu.training.history import History, read_history
from deepcomposer_edu.training.population import evolve
from deepcomposer_edu.training.population_member import (
    CONFIG,
    changed_arguments,
    train_member,
    with_chance,
)
from deepcomposer_edu.training.state import told_state


@dataclass
class RunMembers:
    """Members that are ordinary trainings, each with a run folder of its own.

    They lie in RUN/members/00 and so on. After each round RUN itself shows the best as
    if it were one training: its settings, its newest checkpoint, and the history and
    the samples of those whose weights it went on from.

    Args:
        run: the folder of the population.
        trainer: what trains a member, `train_ada` say: it takes a folder and by name
            n_steps, seed, resume, sample_every, checkpoint_every and control.
        round_steps: training steps of a round.
        arguments: what else it takes, such as `config` and `settings`.
        seed: from which those of the members follow.
        metric: a value of the history, compared after each round.
        lower_is_better: whether the lower is the better.
        control: handed to the trainer.
    """

    run: Path
    trainer: Callable[..., object]
    round_steps: int
    arguments: Mapping[str, object] = field(default_factory=dict)
    seed: int = 0
    metric: str = "valid_loss"
    lower_is_better: bool = True
    control: TrainingControl = field(default_factory=TrainingControl)

    def folder(self, member: int) -> Path:
        """Return the run folder of a member."""
        return self.run / "members" / f"{member:02d}"

    def step(self, round: int) -> int:
        """Return how many steps are taken when a round is over."""
        return (round + 1) * self.round_steps

    def train(self, member: int, settings: Mapping[str, float], round: int) -> float:
        """Let a member learn until a round is over, and return its metric."""
        options = {"seed": self.seed * 100 + member, "control": self.control}
        return train_member(
            self.folder(member),
            self.trainer,
            {**self.arguments, **options},
            settings,
            self.step(round),
            self.round_steps,
            self.metric,
        )

    def copy(self, parent: int, member: int, round: int) -> None:
        """Give a member the weights, moments and averages of its parent.

        Its chance is its own, so that it will learn from other batches.
        """
        ours, theirs = self.folder(member), self.folder(parent)
        state = load_checkpoint(checkpoint_path(theirs, self.step(round)))
        write_checkpoint(ours, with_chance(state, self.seed * 100 + member))
        if not (ours / CONFIG).exists():  # it died before it began
            _replace(theirs / CONFIG, ours / CONFIG)

    def publish(self, population: Population) -> None:
        """Write what the best is into the folder of the population."""
        best = population.best
        newest = checkpoint_path(self.folder(best.member), self.step(best.round))
        rows: list[dict[str, float]] = []
        for turn in population.lineage():
            folder, last = self.folder(turn.member), self.step(turn.round)
            first = last - self.round_steps if turn.round else -1
            rows += [r for r in read_history(folder) if first < r["step"] <= last]
            for path in (folder / "samples").glob("step_*"):
                if first < int(path.stem.removeprefix("step_")) <= last:
                    _replace(path, self.run / "samples" / path.name)
        _replace(newest, checkpoint_path(self.run, self.step(best.round)))
        reference = self.folder(best.member) / "reference.json"
        if reference.exists():
            _replace(reference, self.run / reference.name)
        history = History(self.run)
        history.rows = rows
        history.keep_until(self.step(best.round))  # writes them
        _replace(self.folder(best.member) / CONFIG, self.run / CONFIG)
        for member in range(population.n_members):
            for path in checkpoints(self.folder(member)):
                if path.name < newest.name:
                    path.unlink()  # nobody goes on from it any more


def show_run(source: Path, run: Path) -> None:
    """Write a run into another folder, file by file, its settings last."""
    found = [path for path in sorted(source.rglob("*")) if path.is_file()]
    for path in sorted(found, key=lambda path: path.name == CONFIG):
        _replace(path, run / path.relative_to(source))


def _replace(source: Path, target: Path) -> None:
    """Copy a file over another, all or nothing.

    Raises:
        InputError: if the file is missing, or the other cannot be written.
    """
    if not source.is_file():
        raise InputError(
            f"{source} is missing, without which the population cannot go on; put it "
            "back, or begin anew in another folder."
        )
    with atomic_path(target) as temporary:
        shutil.copyfile(source, temporary)


def train_population(
    run: str | Path,
    trainer: Callable[..., object],
    ranges: Mapping[str, tuple[float, float]],
    n_members: int = 4,
    n_rounds: int = 5,
    round_steps: int = 100,
    *,
    engine: str = "here",
    address: str | None = None,
    arguments: Mapping[str, object] | None = None,
    metric: str = "valid_loss",
    lower_is_better: bool = True,
    seed: int = 0,
    resume: bool = False,
    on_turn: Callable[[Turn], object] | None = None,
    control: TrainingControl | None = None,
) -> Population:
    """Train a population with one of the course's trainers, in a run folder.

    RUN gets `population.json`, `lineage.jsonl`, `members/`, and after each round the
    best as an ordinary run, to be kept and composed with. It can be stopped, even by a
    power cut, and goes on with `resume`; in this process to the same numbers.

    Args:
        run: the folder.
        trainer: as for `RunMembers`.
        ranges: of each setting of the network or the training, by name, the lowest and
            the highest value, such as {"learning_rate": (0.0003, 0.01)}.
        n_members: 2 to 100.
        n_rounds: how often they are compared.
        round_steps: training steps in between.
        engine: "here": in this process, one after the other. "ray": Ray Tune trains as
            many at once as there are processors; needs the extra "ray".
        address: with Ray: that of a cluster ("auto" on one of its machines), whose
            machines all see the run folder; None: this computer.
        arguments: what else the trainer takes, such as `config`.
        metric: what is compared.
        lower_is_better: whether the lower is the better.
        seed: from which every random number follows.
        resume: go on with the population in the folder.
        on_turn: called after each turn.
        control: asked between two steps to pause or to stop; not with Ray.

    Returns:
        All rounds that are over.

    Raises:
        InputError: if a value is not allowed, Ray is asked for and missing, every
            member failed, or torchrun started several processes.
    """
    refuse_team("a population, whose members are trained one by one")
    run = Path(run)
    if engine not in ("here", "ray"):
        raise InputError(f"The engine is {engine!r}, but it must be 'here' or 'ray'.")
    if round_steps < 1:
        raise InputError(f"A round has {round_steps} steps, but it needs 1 or more.")
    arguments = dict(arguments or {})
    lowest = {name: low for name, (low, _) in ranges.items()}
    changed_arguments(arguments, lowest)  # refuses what no member could learn with
    control = control or TrainingControl()
    members = RunMembers(
        run,
        trainer,
        round_steps,
        arguments,
        seed,
        metric,
        lower_is_better,
        control,
    )
    options = {"seed": seed, "run": run, "resume": resume, "on_turn": on_turn}
    with claimed(run), told_state(run, n_rounds * round_steps) as tell:
        if engine == "ray":
            from deepcomposer_edu.training.population_ray import evolve_on_ray

            population = evolve_on_ray(
                members, ranges, n_members, n_rounds, address=address, **options
            )
        else:
            population = evolve(
                members, ranges, n_members, n_rounds, control=control, **options
            )
        tell("finished" if population.n_rounds >= n_rounds else "stopped")
    return population

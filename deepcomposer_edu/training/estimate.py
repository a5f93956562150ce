"""How long a training will take on this computer: small steps are taken and timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch

from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.models.wgan_sizes import parameter_counts
from deepcomposer_edu.training.predictor import Learner, Task
from deepcomposer_edu.training.wgan import WGANGame
from deepcomposer_edu.training.wgan_data import Batch, TrainingSet

MEASURED_SECONDS = 0.3  # of each kind of step; one, at least
SHARES = (8, 4)  # a step's time is a line over the batch size: two points of it
BUSY = 1.5  # so many times slower than alone, and it is told


@dataclass(frozen=True)
class Estimate:
    """What a training will cost.

    Args:
        n_steps: training steps; of a WGAN, of its generator.
        seconds_per_step: of a WGAN with its critic steps; if the computer does nothing
            else.
        busy_seconds_per_step: the same, as busy as the computer was when it was asked.
        parameters: how many numbers each network learns: "generator" and "critic", or
            "network".
    """

    n_steps: int
    seconds_per_step: float
    busy_seconds_per_step: float
    parameters: dict[str, int]

    @property
    def seconds(self) -> float:
        """How long the steps take alone; samples and metrics come on top of it."""
        return self.n_steps * self.seconds_per_step

    @property
    def sentence(self) -> str:
        """The estimate in words."""
        counts = " and ".join(
            f"the {name} {count:,}" for name, count in self.parameters.items()
        )
        text = f"About {duration_words(self.seconds)} on this computer"
        if self.busy_seconds_per_step > BUSY * self.seconds_per_step:
            busy = duration_words(self.n_steps * self.busy_seconds_per_step)
            text += f" if it does nothing else, {busy} as busy as it is now"
        return (
            f"{text}: {self.n_steps:,} steps of {self.seconds_per_step:.2g} s. Numbers "
            f"to learn: {counts}."
        )


class StepTimer:
    """Two untrained networks of a config, ready to be timed.

    Making it draws random numbers as every training does, and puts them back; do that
    where nobody else draws. Measuring draws none that others use, in any thread.

    Args:
        config: sizes, loss, n_critic and batch size.
        precision: as `WGANGame` takes it.
    """

    def __init__(self, config: WGANConfig, precision: str = "float32") -> None:
        self.config = config
        self.game = WGANGame(config, 0, precision)
        self.data = _noise_windows(config)

    def measure(self, n_steps: int) -> Estimate:
        """Take steps with small batches, and return what a training costs.

        Args:
            n_steps: generator steps of the training, 1 or more.
        """
        sizes = [max(1, self.config.batch_size // share) for share in SHARES]
        batches = [self._batch(size) for size in sizes]
        self.game.generator_step(batches[0])  # the first step is slower than all others
        times = [self._step_times(batch) for batch in batches]
        alone, busy = (
            _on_line(sizes, [t[kind] for t in times], self.config.batch_size)
            for kind in (0, 1)
        )
        counts = parameter_counts(self.config)
        return Estimate(n_steps, alone, max(alone, busy), counts)

    def _batch(self, size: int) -> Batch:
        config = replace(self.config, batch_size=size)
        return self.data.batch(config, self.game.random)

    def _step_times(self, batch: Batch) -> tuple[float, float]:
        """Return the seconds of a whole step, alone and as busy as it is."""
        alone, busy = _timed(lambda: self.game.generator_step(batch))
        if n := self.config.n_critic:
            critic = _timed(lambda: self.game.critic_step(batch))
            alone, busy = alone + n * critic[0], busy + n * critic[1]
        return alone, busy


class LearnerTimer:
    """An untrained network that predicts, ready to be timed: whole steps of it.

    Args:
        learner: the network; it takes steps, so give a fresh one.
        task: what it learns from.
        parameters: how many numbers it learns, by the name of the network.
    """

    def __init__(
        self, learner: Learner, task: Task, parameters: dict[str, int]
    ) -> None:
        self.learner, self.task, self.parameters = learner, task, parameters

    def measure(self, n_steps: int) -> Estimate:
        """Take a few steps, and return what a training costs.

        Args:
            n_steps: steps of the training, 1 or more.
        """
        self.learner.step(self.task, 1)  # the first step is slower than all others
        alone, busy = _timed(lambda: self.learner.step(self.task, 2))
        return Estimate(n_steps, alone, max(alone, busy), self.parameters)


def duration_words(seconds: float) -> str:
    """Return a length of time in words, in the unit that fits.

    >>> duration_words(0.4), duration_words(95), duration_words(7200)
    ('1 second', '2 minutes', '2 hours')
    """
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size:
            count = round(seconds / size)
            return f"{count} {unit}{'s' * (count != 1)}"
    count = max(1, round(seconds))
    return f"{count} second{'s' * (count != 1)}"


def _timed(step: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of a step: of a thread's work, and of the clock.

    The quickest of some counts.
    """
    quickest, began = (float("inf"), float("inf")), time.perf_counter()
    n_threads = torch.get_num_threads()
    while True:
        clock, work = time.perf_counter(), time.process_time()
        step()
        now = time.perf_counter()
        spent = (time.process_time() - work) / n_threads
        quickest = min(quickest, (min(spent, now - clock), now - clock))
        if now - began > MEASURED_SECONDS:
            return quickest


def _on_line(sizes: list[int], seconds: list[float], size: int) -> float:
    """Return the seconds at a size from those at two smaller ones, never fewer."""
    if sizes[0] == sizes[1]:
        return max(seconds) * size / sizes[1]
    slope = (seconds[1] - seconds[0]) / (sizes[1] - sizes[0])
    return max(*seconds, seconds[1] + slope * (size - sizes[1]))


def _noise_windows(config: WGANConfig) -> TrainingSet:
    """Return windows of notes drawn at random: how long a step takes is the same."""
    random = torch.Generator().manual_seed(0)
    shape = (config.batch_size, 4, config.n_steps)
    pitches = torch.randint(
        config.low, config.low + config.n_pitches, shape, generator=random
    )
    position = (torch.arange(config.n_steps) % 16).expand(config.batch_size, -1)
    genre = torch.zeros(len(pitches), dtype=torch.long) if config.n_genres else None
    return TrainingSet(pitches, torch.zeros(shape), position, genre)

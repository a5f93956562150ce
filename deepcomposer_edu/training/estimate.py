"""How long a training will take on this computer: a step is taken and timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.models.wgan_sizes import parameter_counts
from deepcomposer_edu.training.data import TrainingSet
from deepcomposer_edu.training.wgan import WGANGame

MEASURED_SECONDS = 0.5  # of each kind of step; one, at least


@dataclass(frozen=True)
class Estimate:
    """What a training will cost.

    Args:
        n_steps: generator steps.
        seconds_per_step: with its critic steps, measured on this computer.
        parameters: how many numbers "generator" and "critic" learn.
    """

    n_steps: int
    seconds_per_step: float
    parameters: dict[str, int]

    @property
    def seconds(self) -> float:
        """How long the steps take; samples and metrics come on top of it."""
        return self.n_steps * self.seconds_per_step

    @property
    def sentence(self) -> str:
        """The estimate in words."""
        counts = " and ".join(
            f"the {name} {count:,}" for name, count in self.parameters.items()
        )
        return (
            f"About {duration_words(self.seconds)} on this computer, as busy as it is "
            f"now: {self.n_steps:,} steps of {self.seconds_per_step:.2g} s. Numbers to "
            f"learn: {counts}."
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
        """Take each kind of step at least once, and return what a training costs.

        Args:
            n_steps: generator steps of the training, 1 or more.
        """
        game, config = self.game, self.config
        batch = self.data.batch(config, game.random)
        game.generator_step(batch)  # the first step is slower than all others
        seconds = _timed(lambda: game.generator_step(batch))
        if config.n_critic:
            seconds += config.n_critic * _timed(lambda: game.critic_step(batch))
        return Estimate(n_steps, seconds, parameter_counts(config))


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


def _timed(step: Callable[[], object]) -> float:
    """Return the seconds that a step takes: the quickest of some."""
    quickest, began = float("inf"), time.perf_counter()
    while True:
        before = time.perf_counter()
        step()
        now = time.perf_counter()
        quickest = min(quickest, now - before)
        if now - began > MEASURED_SECONDS:
            return quickest


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

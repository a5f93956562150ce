"""What all trainers take alike: how often they show what they can, and who watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from deepcomposer_edu.training.control import TrainingControl


class RunOptions(TypedDict, total=False):
    """What a trainer takes by name and hands on to `train_predictor`.

    Keys:
        sample_every: steps between samples and metrics.
        checkpoint_every: steps between checkpoints.
        on_step: called after each step with its row of numbers.
        control: asked between two steps whether to pause, to stop, or to write a
            sample now.
    """

    sample_every: int
    checkpoint_every: int
    on_step: Callable[[dict[str, float]], None] | None
    control: TrainingControl | None


def told_every(n_steps: int) -> Callable[[dict[str, float]], None]:
    """Return an `on_step` that prints every so manyth row at once."""

    def tell(row: dict[str, float]) -> None:
        if row["step"] % n_steps == 0:
            print(row, flush=True)

    return tell


def every(n_steps: int, options: RunOptions) -> RunOptions:
    """Return options with samples and checkpoints every `n_steps`, if not said.

    >>> every(200, {"sample_every": 50})
    {'sample_every': 50, 'checkpoint_every': 200}
    """
    return {"sample_every": n_steps, "checkpoint_every": n_steps, **options}

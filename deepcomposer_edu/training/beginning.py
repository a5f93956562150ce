"""Networks as a training begins with them, be it new or one that goes on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import MOST_VALUES, bounded
from deepcomposer_edu.training.checkpoint import checkpoints

Network = TypeVar("Network", bound=nn.Module)


@contextmanager
def no_larger_than(run: Path | None) -> Iterator[None]:
    """Build networks in this block: of a size that their checkpoints can fill.

    Args:
        run: the run folder whose settings they are built from; None for a new run.

    Raises:
        InputError: if the settings ask for more, or make no network at all.
    """
    try:
        with bounded(n_values_in(run)):
            yield
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:80]
        raise InputError(
            f"The settings make no network that can be trained here ({reason}); give "
            "other sizes."
            if run is None
            else f"The settings of the run {run} are not those of its checkpoints "
            f"({reason}); start a new run."
        ) from error


def fresh_network(
    make: Callable[[], Network], seed: int, run: str | Path | None = None
) -> Network:
    """Return an untrained network; torch's own chance is left as it was.

    Args:
        make: builds it from its settings.
        seed: from which its weights follow.
        run: the run folder that goes on with it; None for a new run.

    Raises:
        InputError: see `no_larger_than`.
    """
    with no_larger_than(None if run is None else Path(run)):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return make()


def n_values_in(run: Path | None) -> int:
    """Return how many numbers a run's newest checkpoint holds that can be read.

    Only the head of the file is read. Where there is no checkpoint, it is the most
    that a new network may have.
    """
    from safetensors import SafetensorError, safe_open

    for path in reversed(checkpoints(run) if run is not None else []):
        try:
            with safe_open(path, framework="pt") as file:
                shapes = [file.get_slice(name).get_shape() for name in file.keys()]  # noqa: SIM118
        except (SafetensorError, OSError):
            continue
        return sum(map(math.prod, shapes))
    return MOST_VALUES

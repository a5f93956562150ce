"""Training shared by several processes: each takes its rows of every batch.

Start them with PyTorch's own launcher:

    torchrun --nproc-per-node 2 -m deepcomposer_edu train wgan --out run

Every process holds the same networks and draws the same random numbers, learns from its
share of a batch, and takes the mean of all gradients (data parallelism with synchronous
steps; Li and others 2020, "PyTorch Distributed", section 3). So a run is the same run,
to rounding, however many processes share it, and it may go on with another number of
them. The gradients are averaged by hand: `DistributedDataParallel` listens to
`backward` alone, and the gradient penalty asks for gradients of gradients.

Only the first process, the one that leads, writes the run folder.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.drawing import ShareOfChance

PATIENCE = timedelta(days=2)  # a run that is paused lets the other processes wait


@dataclass(frozen=True)
class Team:
    """The processes that train together, seen from one of them.

    Args:
        rank: which one this is, from 0.
        size: how many there are.
    """

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process writes the run folder and shows the progress."""
        return self.rank == 0

    @property
    def is_alone(self) -> bool:
        """Whether there is no other process."""
        return self.size == 1

    def check_batch(self, batch_size: int) -> None:
        """Raise an InputError if a batch cannot be shared equally."""
        if batch_size % self.size:
            raise InputError(
                f"A batch of {batch_size} cannot be shared equally by {self.size} "
                "processes; choose a batch_size that they divide."
            )

    def share(self, batch):
        """Return this process's rows of a batch.

        Args:
            batch: a tensor (B, ...), or a tuple, dataclass or dict of such, in which
                every tensor has B rows; whatever is no tensor is kept.

        Raises:
            InputError: if B is not divided by the number of processes.
        """
        if self.is_alone:
            return batch
        if isinstance(batch, Tensor):
            self.check_batch(len(batch))
            return batch.chunk(self.size)[self.rank]
        if is_dataclass(batch):
            names = [f.name for f in fields(batch) if f.init]
            return replace(batch, **{n: self.share(getattr(batch, n)) for n in names})
        if isinstance(batch, Mapping):
            return {name: self.share(some) for name, some in batch.items()}
        if isinstance(batch, tuple) and hasattr(batch, "_fields"):
            return type(batch)(*map(self.share, batch))
        if isinstance(batch, list | tuple):
            return type(batch)(map(self.share, batch))
        return batch

    def chance(self, random: torch.Generator) -> torch.Generator | ShareOfChance:
        """Return a source of this process's share of the random numbers."""
        return random if self.is_alone else ShareOfChance(random, self.rank, self.size)

    def average_gradients(self, network: nn.Module, weight: float = 1.0) -> None:
        """Give each weight the mean of its gradients in all processes.

        Args:
            network: after `backward`; a weight without a gradient is left out, and
                must have none in any process.
            weight: how much this process's gradient counts, where shares differ.
        """
        if self.is_alone:
            return
        given = [p.grad for p in network.parameters() if p.grad is not None]
        flat = torch.cat([g.flatten() for g in given]) * weight
        flat = torch.cat([flat, flat.new_tensor([weight])])
        dist.all_reduce(flat)
        means = (flat[:-1] / flat[-1]).split([g.numel() for g in given])
        for gradient, mean in zip(given, means, strict=True):
            gradient.copy_(mean.view_as(gradient))

    def average(
        self, row: Mapping[str, float], weight: float = 1.0
    ) -> dict[str, float]:
        """Return the mean of each number in all processes."""
        if self.is_alone or not row:
            return dict(row)
        values = torch.tensor([*row.values(), 1.0], dtype=torch.float64) * weight
        dist.all_reduce(values)
        return dict(zip(row, (values[:-1] / values[-1]).tolist(), strict=True))

    def any(self, flag: bool) -> bool:
        """Return whether a flag is set in any process."""
        if self.is_alone:
            return flag
        count = torch.tensor(int(flag))
        dist.all_reduce(count)
        return bool(count)

    def wait(self) -> None:
        """Wait until every process has come this far."""
        if not self.is_alone:
            dist.barrier()

    def begin_alike(self, networks: Sequence[nn.Module]) -> None:
        """Give every process the first one's weights, in case theirs differ by a hair.

        Processors of different makes round differently.
        """
        if self.is_alone:
            return
        for network in networks:
            for tensor in network.state_dict().values():
                dist.broadcast(tensor, src=0)


ALONE = Team()


def leads() -> bool:
    """Return whether this process may speak: it is alone, or the first of several."""
    return os.environ.get("RANK", "0") == "0"


def refuse_team(what: str) -> None:
    """Raise an InputError if torchrun started several processes.

    Args:
        what: what they cannot share.
    """
    if os.environ.get("WORLD_SIZE", "1") != "1":
        raise InputError(
            f"Several processes cannot share {what}; start the training without "
            "torchrun."
        )


@contextmanager
def joined() -> Iterator[Team]:
    """Join the processes that `torchrun` started; without it, be alone.

    Raises:
        InputError: if the variables that torchrun sets are no numbers.
    """
    try:
        size = int(os.environ.get("WORLD_SIZE", "1"))
        rank = int(os.environ.get("RANK", "0"))
    except ValueError as error:
        raise InputError(
            "WORLD_SIZE and RANK, by which torchrun tells its processes apart, must be "
            f"whole numbers ({error}); start the training by torchrun, or unset them."
        ) from error
    if size <= 1:
        yield ALONE
        return
    if not dist.is_initialized():
        # once for all trainings of a program: who parts cannot meet again
        dist.init_process_group("gloo", timeout=PATIENCE)
        atexit.register(dist.destroy_process_group)
    yield Team(rank, size)

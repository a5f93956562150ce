"""Networks from settings that anybody may have written: no larger than their weights.

A few bytes of settings can ask for a network of any size. So whoever builds one says
how many numbers it may have, those in its file of weights, and a network that wants
more is refused before the memory is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from deepcomposer_edu.errors import InputError

MOST_VALUES = 1 << 28  # of a network that is new: 1 GiB in single precision
SPARE = 1 << 20  # for tables that are not saved
MOST_CALLS = 10_000  # of torch, to build one; the largest that is shipped needs 750
_SHAPED = {torch.empty, torch.zeros, torch.ones, torch.full, torch.rand, torch.randn}
_COUNTED = {torch.arange, torch.linspace}
# What constructors raise for settings of a wrong kind or size.
_REFUSALS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
Network = TypeVar("Network", bound=nn.Module)


class _Bounded(TorchFunctionMode):
    """Counts the numbers that are asked for in this thread, and ends at too many."""

    def __init__(self, n_values: int) -> None:
        super().__init__()
        self.left, self.calls_left = n_values, MOST_CALLS

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        self.calls_left -= 1
        if function in _SHAPED:
            shape = kwargs.get("size", args)
            is_nested = shape and not isinstance(shape[0], int)
            self.left -= math.prod(shape[0] if is_nested else shape)
        elif function in _COUNTED:
            self.left -= max(map(abs, args), default=0)
        if self.left < 0 or self.calls_left < 0:
            raise RuntimeError("the settings ask for a larger network")
        return function(*args, **kwargs)


@contextmanager
def bounded(n_values: int) -> Iterator[None]:
    """Let networks that are built in this block have so many numbers, and few more.

    Args:
        n_values: how many numbers their weights have together. Twice as many may be
            asked for, and SPARE ones, since some are made on the way.

    Raises:
        InputError: as the block does, if settings are refused in a sentence.
        RuntimeError: if they ask for more, or make no network at all.
    """
    try:
        with _Bounded(2 * n_values + SPARE):
            yield
    except InputError:
        raise
    except _REFUSALS as error:
        raise RuntimeError(f"{type(error).__name__}: {error}") from error


def filled(make: Callable[[], Network], tensors: Mapping[str, Tensor]) -> Network:
    """Return a network with given tensors in it, in single precision.

    Args:
        make: builds it from its settings.
        tensors: the name of each tensor of its state to the tensor.

    Raises:
        InputError: as `make` does, if it refuses its settings in a sentence.
        RuntimeError: if tensors and settings do not fit.
    """
    with bounded(sum(tensor.numel() for tensor in tensors.values())):
        network = make()
    network.load_state_dict({key: tensor.float() for key, tensor in tensors.items()})
    return network

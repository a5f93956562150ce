"""Drawing from a WaveNet in machine code, compiled by numba at its first use.

The same queues as `wave_generation.Queues`, the same numbers up to rounding. What
takes time in torch is the start of each of the some hundred small operations for one
sample; here a sample is one function call. numba is an optional extra ("fast").
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Iterator

import numpy as np
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wavenet import WaveNet

BLOCK = 1_000  # samples between two reports of progress
WIDE = 8  # rows of a matrix that are added up at once


def has_numba() -> bool:
    """Return whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


def numba_engine(
    network: WaveNet,
    codes: Tensor,
    n_known: int,
    local: Tensor | None,
    whole: Tensor | None,
    chances: Tensor,
    temperature: float,
) -> Iterator[int]:
    """Fill `codes` from `n_known` on; yield how many samples are done.

    Args:
        network: the network.
        codes: (B, N) int64, changed.
        n_known: samples that are given.
        local: (B or 1, F, L) or None.
        whole: (B or 1, G) or None.
        chances: (B, N) float64, in [0, 1).
        temperature: above 0.

    Raises:
        InputError: if numba is not installed.
    """
    play = _compiled()
    packed = _Packed(network)
    n_sounds, n_samples = codes.shape
    streams = [packed.stream(i, local, whole) for i in range(n_sounds)]
    drawn, numbers = codes.numpy(), np.ascontiguousarray(chances.numpy())
    for first in range(0, n_samples, BLOCK):
        last = min(first + BLOCK, n_samples)
        for i, (start, moments, queues) in enumerate(streams):
            play(
                *(drawn[i], numbers[i], first, last, n_known, 1 / temperature),
                *(packed.embed, packed.taps, start, packed.out, packed.out_bias),
                *(packed.read, packed.read_bias, packed.last, packed.last_bias),
                *(packed.dilations, packed.first_row, packed.kernel),
                *(moments, n_samples // len(moments), queues),
            )
        yield last


class _Packed:
    """A network's weights as arrays for the compiled loop.

    The half that the sigmoid reads is halved: sigmoid(x) = (1 + tanh(x / 2)) / 2.
    """

    def __init__(self, network: WaveNet) -> None:
        config, layers = network.config, list(network.layers)
        self.network, self.kernel, width = network, config.kernel, config.residual
        n_rows = _rounded(config.kernel * width + config.local_width)
        self.taps = np.zeros((len(layers), n_rows, 2 * width), np.float32)
        for matrix, layer in zip(self.taps, layers, strict=True):
            known = _array(layer.taps).reshape(-1, 2 * width)
            matrix[: len(known)] = known
            if layer.local is not None:
                matrix[len(known) :][: config.local_width] = _array(
                    layer.local.weight
                ).T
        self.taps[..., width:] /= 2
        self.embed = _array(network.embed.weight)
        self.out = np.stack([_rows(layer.out.weight) for layer in layers])
        self.out_bias = np.stack([_array(layer.out.bias) for layer in layers])
        self.read, self.last = (
            _rows(network.hidden.weight),
            _rows(network.logits.weight),
        )
        self.read_bias, self.last_bias = (
            _array(part.bias) for part in (network.hidden, network.logits)
        )
        self.dilations = np.array(config.dilations)
        lengths = (config.kernel - 1) * self.dilations
        self.first_row = np.cumsum(lengths) - lengths  # of each layer's queue
        self.n_queued = int(lengths.sum())

    def stream(
        self, i: int, local: Tensor | None, whole: Tensor | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return what belongs to sound i: biases, its condition, empty queues."""
        own = None if whole is None else whole[min(i, len(whole) - 1)][None]
        start = np.stack(
            [
                _array(layer.condition(1, None, own)[0, 0])
                for layer in self.network.layers
            ]
        )
        width = self.network.config.residual
        start[:, width:] /= 2
        moments = np.zeros((1, 0), np.float32)
        if local is not None:
            moments = _array(local[min(i, len(local) - 1)])
        return start, moments, np.zeros((max(self.n_queued, 1), width), np.float32)


def _array(tensor: Tensor) -> np.ndarray:
    return np.array(tensor.detach().float().numpy(), np.float32, order="C")


def _rounded(n: int) -> int:
    return -(-n // WIDE) * WIDE


def _rows(weight: Tensor) -> np.ndarray:
    """Return (D_in, D_out), its rows filled up with zeros to a multiple of WIDE."""
    rows = np.zeros((_rounded(weight.shape[1]), weight.shape[0]), np.float32)
    rows[: weight.shape[1]] = _array(weight).T
    return rows


@functools.cache
def _compiled() -> Callable[..., None]:
    """Return the loop, compiled; the machine code is kept where that can be written."""
    if not has_numba():
        raise InputError(
            "The engine numba needs the package numba, which is not installed; install "
            'it with `pip install "deepcomposer-edu[fast]"`, or take the engine queue.'
        )
    from deepcomposer_edu.models import wave_machine

    return wave_machine.play

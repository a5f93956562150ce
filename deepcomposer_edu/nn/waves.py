"""Sound as a sequence of numbers: mu-law, causal convolutions, and what they can see.

The parts of WaveNet (van den Oord et al. 2016). Sounds are in (B, N, C) layout: B
sounds, N samples, C channels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from deepcomposer_edu.errors import InputError


def mu_law(audio: Tensor, n_classes: int = 256) -> Tensor:
    """Return sound as whole numbers, with finer steps for what is quiet.

    y = sign(x) ln(1 + mu |x|) / ln(1 + mu), mu = n_classes - 1, is then rounded to
    equal steps (ITU-T G.711; van den Oord et al. 2016, section 2.2).

    Args:
        audio: any shape, in [-1, 1]; what lies beyond is clipped.
        n_classes: how many numbers there are, 2 or more.

    Returns:
        Codes 0 to n_classes - 1, int64; silence is n_classes // 2.
    """
    mu = n_classes - 1
    x = torch.as_tensor(audio).clamp(-1, 1)
    y = x.sign() * torch.log1p(mu * x.abs()) / math.log1p(mu)  # in [-1, 1]
    return ((y + 1) / 2 * mu + 0.5).floor().long()


def mu_law_decode(codes: Tensor, n_classes: int = 256) -> Tensor:
    """Return the sound that codes stand for: `mu_law` backwards.

    x = sign(y) ((1 + mu)^|y| - 1) / mu.

    Args:
        codes: any shape, 0 to n_classes - 1.
        n_classes: how many numbers there are, as in `mu_law`.

    Returns:
        float32, in [-1, 1].
    """
    mu = n_classes - 1
    y = 2 * torch.as_tensor(codes).float() / mu - 1  # in [-1, 1]
    return y.sign() * torch.expm1(y.abs() * math.log1p(mu)) / mu


def causal_convolution(x: Tensor, weight: Tensor, dilation: int = 1) -> Tensor:
    """Return a convolution that sees no future: output t uses t and what was before.

    output_t = sum over k of x[t - (K - 1 - k) dilation] weight_k, with zeros before the
    beginning; the last tap lies on t itself (van den Oord et al. 2016, section 2.1).

    Args:
        x: (B, N, C).
        weight: (K, C, D), the taps of the kernel, the oldest first.
        dilation: samples between two taps, 1 or more.

    Returns:
        (B, N, D), as long as x.
    """
    kernel, n_samples = len(weight), x.shape[1]
    padded = F.pad(x, (0, 0, (kernel - 1) * dilation, 0))
    taps = [padded[:, k * dilation :][:, :n_samples] for k in range(kernel)]
    return torch.cat(taps, dim=-1) @ weight.flatten(0, 1)  # (B, N, K C) @ (K C, D)


def queue_step(now: Tensor, queue: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return one output of a causal convolution of two taps, and the queue after it.

    The queue keeps the inputs that are still needed, so that no sample is computed
    twice (Le Paine et al. 2016, "Fast WaveNet", section 2).

    Args:
        now: (B, C), the newest input.
        queue: (B, dilation, C), the inputs before it, the oldest first; zeros at the
            beginning. It is not changed.
        weight: (2, C, D), as in `causal_convolution`.

    Returns:
        The output (B, D) and the new queue (B, dilation, C).
    """
    output = queue[:, 0] @ weight[0] + now @ weight[1]
    return output, torch.cat([queue[:, 1:], now[:, None]], dim=1)


def gated(x: Tensor) -> Tensor:
    """Return tanh of one half of the channels times sigmoid of the other.

    The sigmoid, 0 to 1, says how much of the tanh passes (van den Oord et al. 2016,
    eq. 2).

    Args:
        x: (..., 2 C), the half for the tanh first.

    Returns:
        (..., C), in (-1, 1).
    """
    content, how_much = x.chunk(2, dim=-1)  # (..., C) each
    return torch.tanh(content) * torch.sigmoid(how_much)


def receptive_field(dilations: Sequence[int], kernel: int = 2) -> int:
    """Return how many samples of the input an output depends on.

    The newest sample is one of them; each layer reaches (kernel - 1) times its dilation
    further back.

    Args:
        dilations: one for each layer, 1 or more.
        kernel: taps of each layer, 1 or more.
    """
    return 1 + (kernel - 1) * sum(dilations)


def count_paths(dilations: Sequence[int], kernel: int = 2) -> list[int]:
    """Return on how many paths each input reaches the output of a stack of layers.

    In each layer a path takes one of the kernel's taps. Dilations 1, 2, 4, ... with
    kernel 2 give every input exactly one path; dilations that grow faster leave gaps.

    Args:
        dilations: one for each layer, 1 or more.
        kernel: taps of each layer, 1 or more.

    Returns:
        For lag 0, 1, ... the paths to the input that many samples back; as many numbers
        as the receptive field is long, kernel^layers paths together.

    >>> count_paths([1, 1, 1])
    [1, 3, 3, 1]
    """
    paths = [1]
    for dilation in dilations:
        longer = [0] * (len(paths) + (kernel - 1) * dilation)
        for lag, n in enumerate(paths):
            for tap in range(kernel):
                longer[lag + tap * dilation] += n
        paths = longer
    return paths


def check_layers(dilations: Sequence[int], kernel: int) -> None:
    """Refuse layers that no stack can have.

    Args:
        dilations: one for each layer.
        kernel: taps of each layer.

    Raises:
        InputError: if one of them is below 1.
    """
    if kernel < 1 or any(dilation < 1 for dilation in dilations):
        raise InputError(
            f"The kernel has {kernel} taps and the dilations are "
            f"{str(list(dilations))[:60]}, but all must be whole numbers of at least 1."
        )

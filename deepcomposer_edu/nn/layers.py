"""The layers that networks are built of, written out: B batch, C channels, T steps.

Each does what torch's layer of the same name does, numbers and gradients alike; the
tests compare them. Real networks use torch's own, which are faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.shapes import expect_codes, expect_several, expect_size

EPSILON = 1e-5  # under the root, so that nothing is divided by 0; torch's value


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return x times the weights, plus the bias: every output sees every input.

    output_j = sum_i weight_ji * x_i + bias_j, for each row of x by itself.

    Args:
        x: (..., D_in), any number of axes in front, also none.
        weight: (D_out, D_in), a row of weights for each output.
        bias: (D_out,), or None for none.

    Returns:
        (..., D_out).
    """
    output = x @ weight.transpose(0, 1)  # (..., D_out)
    return output if bias is None else output + bias


def conv1d(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, padding: int = 0
) -> Tensor:
    """Return a 1-D convolution: one linear map, used again at every step.

    output[b, o, t] = sum over i, k of weight[o, i, k] * x[b, i, t + k], plus bias[o].
    As in all such libraries the kernel is not turned round.

    Args:
        x: (B, C_in, T).
        weight: (C_out, C_in, K), K the size of the kernel, 1 to T + 2 * padding.
        bias: (C_out,), or None for none.
        padding: zeros that are put before the first and after the last step, so that
            with K = 3 and padding 1 the number of steps stays.

    Returns:
        (B, C_out, T + 2 * padding - K + 1).
    """
    x = nn.functional.pad(x, (padding, padding))  # (B, C_in, T + 2 * padding)
    windows = x.unfold(2, weight.shape[2], 1)  # (B, C_in, T_out, K), every window
    output = torch.einsum("bitk,oik->bot", windows, weight)  # (B, C_out, T_out)
    return output if bias is None else output + bias[:, None]


def embed(codes: Tensor, table: Tensor) -> Tensor:
    """Return the rows of a table: a linear map of one-hots, without the zeros.

    Args:
        codes: (...), whole numbers 0 to V - 1.
        table: (V, D).

    Returns:
        (..., D), the row of each code.
    """
    return table[codes]


def normalise(x: Tensor, axes: Sequence[int]) -> Tensor:
    """Return x with mean 0 and variance 1 over some of its axes.

    (x - mean) / sqrt(variance + EPSILON). Mean and variance are taken over `axes`
    together, for each place of the other axes by itself. The variance is the mean of
    the squared distances from the mean (divided by n, not by n - 1). Which axes share
    their mean is all that tells BatchNorm (Ioffe and Szegedy 2015) from LayerNorm (Ba
    et al. 2016).

    Args:
        x: of any shape.
        axes: one axis or more, such as (0, 2); may be negative.

    Returns:
        The shape of x.
    """
    centred = x - x.mean(dim=tuple(axes), keepdim=True)
    variance = centred.square().mean(dim=tuple(axes), keepdim=True)
    return centred / (variance + EPSILON).sqrt()


def running_statistics(
    x: Tensor, mean: Tensor, variance: Tensor, momentum: float = 0.1
) -> tuple[Tensor, Tensor]:
    """Return a BatchNorm's memory of means and variances after one more batch.

    new = (1 - momentum) * old + momentum * that of the batch. The batch's variance is
    divided by n - 1 here, because it stands for all music, not for this batch. No
    gradient flows back through the memory.

    Args:
        x: (B, C) or (B, C, T); each channel, axis 1, has its own mean and variance.
        mean: (C,), the old memory; it is not changed.
        variance: (C,), likewise.
        momentum: 0 to 1, how much the new batch counts.

    Returns:
        The new mean and variance, (C,) each.
    """
    numbers = x.detach().transpose(0, 1).flatten(start_dim=1)  # (C, n)
    new_mean = (1 - momentum) * mean + momentum * numbers.mean(dim=1)
    new_variance = (1 - momentum) * variance + momentum * numbers.var(dim=1)
    return new_mean, new_variance


def dropout(x: Tensor, rate: float, generator: torch.Generator | None = None) -> Tensor:
    """Return x with a share of its numbers, chosen by chance, set to 0.

    Each number falls by itself, with probability `rate`. Those that stay are divided
    by 1 - rate, so that the expected value of each stays as it was and nothing needs to
    be changed when dropout is switched off (Srivastava et al. 2014).

    Args:
        x: of any shape.
        rate: 0 to below 1.
        generator: the source of chance: `torch.rand(x.shape, generator=generator)`.

    Returns:
        The shape of x.
    """
    stays = torch.rand(x.shape, generator=generator) >= rate
    return x * stays / (1 - rate)


def weight_penalty(
    weights: Iterable[Tensor], l1: float = 0.0, l2: float = 0.0
) -> Tensor:
    """Return what large weights cost: l1 * sum |w| + l2 * sum w^2, over all weights.

    It is added to the loss. The slope of w^2 shrinks with w, that of |w| does not: so
    L2 keeps all weights small, and L1 brings many of them to 0.

    Args:
        weights: the tensors, of any shapes.
        l1: the price of a weight's size, 0 or more.
        l2: the price of its square, 0 or more.

    Returns:
        One number, a tensor without axes.
    """
    flat = torch.cat([weight.flatten() for weight in weights])
    return l1 * flat.abs().sum() + l2 * flat.square().sum()


def influence(network: nn.Module, x: Tensor) -> Tensor:
    """Return which pieces of a batch each output depends on.

    Args:
        network: (B, ...) -> (B, ...).
        x: (B, ...), B pieces.

    Returns:
        (B, B), bool: row i says whose numbers the outputs of piece i change with. Where
        a network treats each piece by itself, only the diagonal is true.
    """
    x = x.detach().requires_grad_()
    outputs = network(x).flatten(start_dim=1).sum(dim=1)  # (B,)
    rows = []
    for output in outputs:
        (gradient,) = torch.autograd.grad(output, x, retain_graph=True)
        rows.append(gradient.abs().flatten(start_dim=1).sum(dim=1) > 0)
    return torch.stack(rows)


# The layers: functions from above with weights that are learned.


def _beginning(*shape: int, n_inputs: int) -> nn.Parameter:
    """Return weights to begin with: evenly drawn, smaller where many are added up."""
    bound = n_inputs**-0.5
    return nn.Parameter(torch.empty(*shape).uniform_(-bound, bound))


class Linear(nn.Module):
    """A fully connected layer, (..., n_in) -> (..., n_out)."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.weight = _beginning(n_out, n_in, n_inputs=n_in)
        self.bias = _beginning(n_out, n_inputs=n_in)

    def forward(self, x: Tensor) -> Tensor:
        """Return (..., n_out) from (..., n_in)."""
        expect_size(x, -1, self.weight.shape[1], "A linear layer", "inputs")
        return linear(x, self.weight, self.bias)


class Conv1d(nn.Module):
    """A convolution over time that keeps the number of steps, for odd kernels."""

    def __init__(self, n_in: int, n_out: int, kernel: int = 3) -> None:
        super().__init__()
        if kernel < 1 or kernel % 2 == 0:
            raise InputError(
                f"A kernel of {kernel} steps has no step in its middle; give an odd "
                "number from 1 up."
            )
        self.weight = _beginning(n_out, n_in, kernel, n_inputs=n_in * kernel)
        self.bias = _beginning(n_out, n_inputs=n_in * kernel)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, n_out, T) from (B, n_in, T)."""
        expect_size(x, 1, self.weight.shape[1], "A convolution", "channels")
        return conv1d(x, self.weight, self.bias, padding=self.weight.shape[2] // 2)


class Embedding(nn.Module):
    """A table with a learned row of D numbers for each of V codes."""

    def __init__(self, n_codes: int, n_numbers: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(n_codes, n_numbers))

    def forward(self, codes: Tensor) -> Tensor:
        """Return (..., D) from whole numbers (...), each 0 to V - 1."""
        expect_codes(codes, len(self.table))
        return embed(codes, self.table)


class BatchNorm(nn.Module):
    """Normalisation of each channel over batch and time, with a memory for later.

    While it trains, a piece is normalised together with the others of its batch;
    afterwards (`eval()`) with the remembered mean and variance, by itself.
    """

    def __init__(self, n_channels: int, momentum: float = 0.1) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(n_channels))
        self.shift = nn.Parameter(torch.zeros(n_channels))
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(n_channels))
        self.register_buffer("variance", torch.ones(n_channels))

    def forward(self, x: Tensor) -> Tensor:
        """Return the shape of x, (B, C) or (B, C, T)."""
        expect_size(x, 1, len(self.gain), "BatchNorm", "channels")
        shape = (1, -1, *[1] * (x.dim() - 2))  # to stand beside x
        if self.training:
            expect_several(x)
            self.mean, self.variance = running_statistics(
                x, self.mean, self.variance, self.momentum
            )
            x = normalise(x, [axis for axis in range(x.dim()) if axis != 1])
        else:
            scale = (self.variance + EPSILON).sqrt()
            x = (x - self.mean.reshape(shape)) / scale.reshape(shape)
        return x * self.gain.reshape(shape) + self.shift.reshape(shape)


class LayerNorm(nn.Module):
    """Normalisation of each piece and step over its features, by itself.

    Args:
        n_features: how many there are.
        axis: where they stand: -1 as in torch, 1 for (B, C, T).
    """

    def __init__(self, n_features: int, axis: int = -1) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(n_features))
        self.shift = nn.Parameter(torch.zeros(n_features))
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Return the shape of x."""
        expect_size(x, self.axis, len(self.gain), "LayerNorm", "features")
        shape = [1] * x.dim()  # to stand beside x
        shape[self.axis] = -1
        x = normalise(x, (self.axis,))
        return x * self.gain.reshape(shape) + self.shift.reshape(shape)


class Dropout(nn.Module):
    """Dropout while it trains, nothing afterwards; chance comes from torch's seed."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        if not 0 <= rate < 1:
            raise InputError(
                f"The dropout rate is {rate}, but it is a share: 0 to below 1."
            )
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """Return the shape of x."""
        return dropout(x, self.rate) if self.training and self.rate else x

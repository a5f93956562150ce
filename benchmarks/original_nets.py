"""The networks of DeepComposer's sample notebooks, at their own sizes, in PyTorch.

Written anew from their published shapes, for benchmarks alone: nothing composes with
them. `benchmarks/original_nets_tf.py` has the same layers in TensorFlow, and
`check_sizes` sees that each has as many numbers as the samples' own.

Faster ways to the same function, which `benchmarks/originals.py` compares:

- channels last: the order in memory that convolutions on a processor like best;
- folded: a convolution that follows an upsampling by 2 reads each value four times.
  Adding up the weights that meet the same value gives four small kernels, one for each
  of the four places that a value is copied to, and the same result from fewer products.
"""

from __future__ import annotations

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

N_INSTRUMENTS = 4
GAN_FILTERS = (64, 128, 256, 512)
N_NOISE = 512  # channels of noise at the narrowest level, on 2 x 8 cells
CNN_FILTERS = (32, 64, 128, 256, 512)
N_NORMED = 4  # the first levels of the U-Net have batch normalisation on both ways
# All numbers that a network holds, running means and variances included.
SIZES = {"generator": 8_273_540, "critic": 2_766_785, "u-net": 31_455_553}


@cache
def taps(kernel: int) -> Tensor:
    """Return which weights meet a value: (2 copies, 3 offsets, `kernel`) of 0 and 1.

    A spread picture holds each value twice, side by side. The left copy of a place sees
    other values of the picture through the weights of a kernel than the right one does.
    """
    before = (kernel - 1) // 2
    table = torch.zeros(2, 3, kernel)
    for copy in range(2):
        for tap in range(kernel):
            table[copy, (copy + tap - before) // 2 + 1, tap] = 1
    return table


def spread_then_convolve(x: Tensor, weight: Tensor) -> Tensor:
    """Return x, (B, C, H, W), upsampled by 2 and convolved: (B, C_out, 2 H, 2 W).

    The zeros around the picture are TensorFlow's "same": (kernel - 1) // 2 before and
    the rest behind.

    Args:
        x: any picture.
        weight: (C_out, C, K, K), K = 3 or 4.
    """
    before = (weight.shape[-1] - 1) // 2
    behind = weight.shape[-1] - 1 - before
    x = F.pad(F.interpolate(x, scale_factor=2), (before, behind, before, behind))
    return F.conv2d(x, weight)


def fold(weight: Tensor) -> Tensor:
    """Return the kernels for the four places that a value is copied to.

    Args:
        weight: (C_out, C, K, K), K = 3 or 4.

    Returns:
        (4 C_out, C, 3, 3) in the order of pixel_shuffle for K = 4; (4 C_out, C, 2, 2),
        place by place, for K = 3: of three weights two meet one value, and the left
        copy sees nothing to its right.
    """
    table = taps(weight.shape[-1]).to(weight.dtype)
    if weight.shape[-1] == 4:
        folded = torch.einsum("oikl,amk,bnl->oabimn", weight, table, table)
    else:
        near = torch.stack([table[0, :2], table[1, 1:]])  # (2 copies, 2 values, K)
        folded = torch.einsum("oikl,amk,bnl->aboimn", weight, near, near)
    return folded.flatten(0, 2)


def convolve_then_spread(x: Tensor, folded: Tensor) -> Tensor:
    """Return what `spread_then_convolve` returns, from fewer products.

    Args:
        x: any picture, (B, C, H, W).
        folded: what `fold` returns.
    """
    made = F.conv2d(x, folded, padding=1)
    if folded.shape[-1] == 3:
        return F.pixel_shuffle(made, 2)
    made = made.unflatten(1, (2, 2, -1))  # each one row and one column more
    height, width = x.shape[2:]
    places = [
        [made[:, a, b, :, a : a + height, b : b + width] for b in range(2)]
        for a in range(2)
    ]
    rows = torch.stack([torch.stack(row, dim=-1) for row in places], dim=3)
    return rows.reshape(len(x), -1, 2 * height, 2 * width)


class Folded:
    """Folds a weight each time that it may have changed; once where nobody learns."""

    def __init__(self) -> None:
        self.kept: Tensor | None = None

    def __call__(self, weight: Tensor) -> Tensor:
        """Return the folded kernels of a weight."""
        if not torch.is_inference_mode_enabled():
            self.kept = None
            return fold(weight)
        if self.kept is None:
            self.kept = fold(weight)
        return self.kept


class UpConvolution(nn.Module):
    """Upsampling by 2, then a convolution: (B, C, H, W) to (B, C_out, 2 H, 2 W)."""

    def __init__(self, n_in: int, n_out: int, kernel: int, is_folded: bool) -> None:
        super().__init__()
        plain = nn.Conv2d(n_in, n_out, kernel)  # for its first weights
        self.weight, self.bias = plain.weight, plain.bias
        self.fold = Folded() if is_folded else None

    def forward(self, x: Tensor) -> Tensor:
        """Return the larger picture."""
        if self.fold is None:
            made = spread_then_convolve(x, self.weight)
        else:
            made = convolve_then_spread(x, self.fold(self.weight))
        return made + self.bias[:, None, None]


def same_stride_two(x: Tensor) -> Tensor:
    """Return x with TensorFlow's zeros for a 4 x 4 kernel at stride 2."""
    return F.pad(x, (1, 1, 1, 1))


class Generator(nn.Module):
    """A U-Net with noise at its bottom: a melody's roll becomes four instruments'."""

    def __init__(self, is_folded: bool = False) -> None:
        super().__init__()
        inputs = (1, *GAN_FILTERS[:-1])
        self.down = nn.ModuleList(
            nn.Conv2d(a, b, 4, stride=2)
            for a, b in zip(inputs, GAN_FILTERS, strict=True)
        )
        self.down_norms = nn.ModuleList(
            nn.BatchNorm2d(n, momentum=0.2, eps=1e-3) for n in GAN_FILTERS[1:]
        )
        joined = (GAN_FILTERS[3] + N_NOISE, *(2 * n for n in GAN_FILTERS[2:0:-1]))
        outputs = GAN_FILTERS[2::-1]
        self.up = nn.ModuleList(
            UpConvolution(a, b, 4, is_folded)
            for a, b in zip(joined, outputs, strict=True)
        )
        self.up_norms = nn.ModuleList(
            nn.BatchNorm2d(n, momentum=0.2, eps=1e-3) for n in outputs
        )
        self.output = UpConvolution(2 * GAN_FILTERS[0], N_INSTRUMENTS, 4, is_folded)

    def forward(self, melody: Tensor, noise: Tensor) -> Tensor:
        """Return rolls (B, 4, 32, 128) in [-1, 1].

        Args:
            melody: (B, 1, 32, 128), 1 where a note sounds and -1 elsewhere.
            noise: (B, 512, 2, 8).
        """
        kept, x = [], melody
        for i, layer in enumerate(self.down):
            x = F.leaky_relu(layer(same_stride_two(x)), 0.2)
            x = self.down_norms[i - 1](x) if i else x
            kept.append(x)
        x = torch.cat([kept.pop(), noise], 1)
        for layer, norm in zip(self.up, self.up_norms, strict=True):
            x = torch.cat([F.relu(norm(layer(x))), kept.pop()], 1)
        return torch.tanh(self.output(x))


class Critic(nn.Module):
    """Four convolutions and a dense layer: a score of a melody and its four voices."""

    def __init__(self) -> None:
        super().__init__()
        inputs = (1 + N_INSTRUMENTS, *GAN_FILTERS[:-1])
        self.layers = nn.ModuleList(
            nn.Conv2d(a, b, 4, stride=2)
            for a, b in zip(inputs, GAN_FILTERS, strict=True)
        )
        self.score = nn.Linear(GAN_FILTERS[-1] * 2 * 8, 1)

    def forward(self, melody: Tensor, rolls: Tensor) -> Tensor:
        """Return (B, 1) from (B, 1, 32, 128) and (B, 4, 32, 128)."""
        x = torch.cat([melody, rolls], 1)
        for layer in self.layers:
            x = F.leaky_relu(layer(same_stride_two(x)), 0.2)
        return self.score(x.flatten(1))


def twice(n_in: int, n_out: int) -> nn.Sequential:
    """Return two convolutions of 3 x 3, each with its ReLU."""
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(n_out, n_out, 3, padding=1),
        nn.ReLU(inplace=True),
    )


class Joined(nn.Module):
    """What comes from below, spread, beside what was kept; normed, then convolved.

    Folded, each part is normed and convolved by itself and the results are added; the
    mean and variance of a spread picture are those of the picture.
    """

    def __init__(self, n: int, has_norm: bool, is_folded: bool) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(3 * n, eps=1e-3) if has_norm else nn.Identity()
        self.first = nn.Conv2d(3 * n, n, 3, padding=1)
        self.second = nn.Conv2d(n, n, 3, padding=1)
        self.n_below, self.fold = 2 * n, Folded() if is_folded else None

    def forward(self, x: Tensor, kept: Tensor) -> Tensor:
        """Return (B, n, 2 H, 2 W) from (B, 2 n, H, W) and (B, n, 2 H, 2 W)."""
        if self.fold is None:
            x = self.norm(torch.cat([F.interpolate(x, scale_factor=2), kept], 1))
            x = F.relu(self.first(x))
        else:
            n = self.n_below
            x, kept = self._norm(x, slice(None, n)), self._norm(kept, slice(n, None))
            below, side = self.first.weight[:, :n], self.first.weight[:, n:]
            beside = F.conv2d(kept, side, self.first.bias, padding=1)
            x = F.relu(convolve_then_spread(x, self.fold(below)) + beside)
        return F.relu(self.second(x))

    def _norm(self, x: Tensor, part: slice) -> Tensor:
        if isinstance(self.norm, nn.Identity):
            return x
        norm = self.norm
        return F.batch_norm(
            x,
            norm.running_mean[part],
            norm.running_var[part],
            norm.weight[part],
            norm.bias[part],
            self.training,
            norm.momentum,
            norm.eps,
        )


class UNet(nn.Module):
    """The autoregressive CNN's network: (B, 1, 128, 128) to logits of that shape."""

    def __init__(self, is_folded: bool = False) -> None:
        super().__init__()
        inputs = (1, *CNN_FILTERS[:-1])
        self.down = nn.ModuleList(map(twice, inputs, CNN_FILTERS))
        self.down_norms = nn.ModuleList(
            nn.BatchNorm2d(n, eps=1e-3) if i < N_NORMED else nn.Identity()
            for i, n in enumerate(CNN_FILTERS)
        )
        self.narrowest = twice(CNN_FILTERS[-1], 2 * CNN_FILTERS[-1])
        self.up = nn.ModuleList(
            Joined(n, i < N_NORMED, is_folded)
            for i, n in enumerate(reversed(CNN_FILTERS))
        )
        self.output = nn.Conv2d(CNN_FILTERS[0], 1, 1)

    def forward(self, roll: Tensor) -> Tensor:
        """Return the logits of the edits."""
        kept, x = [], roll
        for level, norm in zip(self.down, self.down_norms, strict=True):
            kept.append(level(x))
            x = norm(F.max_pool2d(kept[-1], 2))
        x = self.narrowest(x)
        for level in self.up:
            x = level(x, kept.pop())
        return self.output(x)


def n_numbers(network: nn.Module) -> int:
    """Return how many numbers a network holds, means and variances included."""
    return sum(
        t.numel() for t in network.state_dict().values() if t.is_floating_point()
    )


def check_sizes() -> None:
    """Stop if a network does not have as many numbers as the samples' own.

    Raises:
        SystemExit: with both numbers.
    """
    networks = {"generator": Generator(), "critic": Critic(), "u-net": UNet()}
    for name, network in networks.items():
        if n_numbers(network) != SIZES[name]:
            raise SystemExit(
                f"The original's {name} has {SIZES[name]:,} numbers, this one has "
                f"{n_numbers(network):,}."
            )

"""Spectral normalisation: a layer whose largest stretch is 1 (Miyato et al. 2018)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize

from deepcomposer_edu.errors import InputError

SMALLEST = 1e-12  # keeps a vector of zeros from being divided by its length 0
FIRST_ROUNDS = 15  # of the power iteration, before the layer is used


def power_iteration(weight: Tensor, u: Tensor, n_rounds: int = 1) -> tuple:
    """Return the directions in which a matrix stretches most.

    Each round sends u back through the matrix and forth again; what is stretched most
    wins a little more each time (Miyato et al. 2018, appendix A):
    v = W^T u / ||W^T u||, then u = W v / ||W v||. The largest stretch, the spectral
    norm, is then u . W v, from below.

    Args:
        weight: W, (D_out, D_in).
        u: (D_out,), where to begin: anything but zeros; the result of last time is
            best, for weights change slowly.
        n_rounds: how many rounds, 1 or more.

    Returns:
        u, (D_out,), and v, (D_in,), both of length 1.
    """
    for _ in range(n_rounds):
        v = F.normalize(weight.T @ u, dim=0, eps=SMALLEST)
        u = F.normalize(weight @ v, dim=0, eps=SMALLEST)
    return u, v


def spectral_norm(weight: Tensor, n_rounds: int = 50) -> Tensor:
    """Return the largest factor by which a matrix makes a vector longer.

    Args:
        weight: (D_out, ...); all axes after the first count as one, as in a
            convolution.
        n_rounds: of the power iteration.
    """
    matrix = weight.flatten(start_dim=1)
    u, v = power_iteration(matrix.detach(), torch.ones_like(matrix[:, 0]), n_rounds)
    return u @ matrix @ v


class SpectralNorm(nn.Module):
    """Divides a weight by its largest stretch, which it follows as the weight learns.

    One round of the power iteration for each forward pass in training mode, none
    afterwards (Miyato et al. 2018, algorithm 1). u and v count as constants; the
    gradient flows through W alone (eq. 11 and 12).

    Args:
        weight: the weight it is made for, (D_out, ...).
    """

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        matrix = weight.detach().flatten(start_dim=1)
        u, v = power_iteration(matrix, torch.ones_like(matrix[:, 0]), FIRST_ROUNDS)
        self.register_buffer("u", u)
        self.register_buffer("v", v)

    def forward(self, weight: Tensor) -> Tensor:
        """Return weight / sigma, of the same shape; sigma is its spectral norm."""
        matrix = weight.flatten(start_dim=1)  # (D_out, everything else)
        with torch.autocast(weight.device.type, enabled=False):  # in full precision
            if self.training:
                with torch.no_grad():
                    self.u, self.v = power_iteration(matrix, self.u)
            return weight / (self.u @ matrix @ self.v)


def spectral(layer: nn.Module) -> nn.Module:
    """Give a layer spectral normalisation, and return it.

    `layer.weight` is then the weight divided by its largest stretch, so that the layer
    stretches no difference by more than 1; what the optimiser turns is kept in
    `layer.parametrizations.weight.original`.

    Args:
        layer: with a `weight` of two axes or more, `nn.Linear` or `nn.Conv1d` say.

    Raises:
        InputError: if it has no such weight, or has the normalisation already.
    """
    weight = getattr(layer, "weight", None)
    if not isinstance(weight, Tensor) or weight.dim() < 2:
        raise InputError(
            f"Spectral normalisation was given a {type(layer).__name__}, but it needs "
            "a layer with a matrix of weights, such as nn.Linear or nn.Conv1d."
        )
    if parametrize.is_parametrized(layer, "weight"):
        raise InputError(
            "This layer's weight is normalised already; give each layer to "
            "spectral() once."
        )
    parametrize.register_parametrization(layer, "weight", SpectralNorm(weight))
    return layer

"""What a layer says of a tensor whose shape it cannot use, in one sentence."""

from __future__ import annotations

from torch import Tensor

from deepcomposer_edu.errors import InputError


def expect_size(x: Tensor, axis: int, size: int, what: str, name: str) -> None:
    """Raise an InputError for a tensor of another size at an axis.

    Args:
        x: the tensor.
        axis: which axis, from 0, or from -1 backwards.
        size: what it must have.
        what: which layer asks.
        name: of what stands on the axis.
    """
    needed = axis + 1 if axis >= 0 else -axis
    if x.dim() < needed or x.shape[axis] != size:
        raise InputError(
            f"{what} of {size} {name} was given a tensor of shape {tuple(x.shape)}; "
            f"axis {axis} must have {size}."
        )


def expect_several(x: Tensor) -> None:
    """Raise an InputError for a batch (B, C, ...) of a single number a channel."""
    if x.numel() == x.shape[1]:
        raise InputError(
            "BatchNorm was given one number a channel while it trains: its mean is "
            "the number itself, so nothing would be left of it; give a batch of 2 "
            "or more, call eval(), or take LayerNorm."
        )


def expect_codes(codes: Tensor, n_codes: int) -> None:
    """Raise an InputError for whole numbers (...) that are not 0 to n_codes - 1."""
    if codes.numel() and not 0 <= int(codes.min()) <= int(codes.max()) < n_codes:
        raise InputError(
            f"An embedding was given codes from {int(codes.min())} to "
            f"{int(codes.max())}, but its table has rows 0 to {n_codes - 1}; look "
            "how the codes were made."
        )

"""Does a network look ahead? Changing the future must not change the past.

A network that is trained to predict the next step, and can see it, learns nothing but
to copy it: its loss is wonderful and its music is not. Nothing else in the training
shows this, so it is tested for.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, cat


def leak(
    network: Callable[[Tensor], Tensor], x: Tensor, other: Tensor, step: int
) -> float:
    """Return how much the output up to a step depends on what comes after it.

    The input is changed after `step` and nowhere else: there it is replaced by that of
    `other`. Then the two outputs are compared, up to and with `step`.

    Args:
        network: a function from (B, T, ...) to (B, T, ...).
        x: an input, (B, T, ...).
        other: another input of that shape, to take the changed future from.
        step: the last step whose output is compared, 0 to T - 2.

    Returns:
        The largest absolute difference of the outputs at the steps 0 to `step`. It is
        0 where nothing looks ahead. What comes after `step` may change.

    >>> import torch
    >>> x, other = torch.zeros(1, 4, 1), torch.ones(1, 4, 1)
    >>> leak(lambda x: x.cumsum(1), x, other, step=2)
    0.0
    >>> leak(lambda x: x.roll(-1, dims=1), x, other, step=2)
    1.0
    """
    changed = cat([x[:, : step + 1], other[:, step + 1 :]], dim=1)
    difference = network(changed) - network(x)  # (B, T, ...)
    return float(difference[:, : step + 1].abs().max().item())


def worst_leak(
    network: Callable[[Tensor], Tensor], x: Tensor, other: Tensor
) -> tuple[int, float]:
    """Return the step with the largest leak, and how large it is.

    Args:
        network: a function from (B, T, ...) to (B, T, ...).
        x: an input of at least two steps, (B, T, ...).
        other: another input of that shape.

    Returns:
        (step, leak); a leak of 0 says that nothing looks ahead.
    """
    leaks = [leak(network, x, other, step) for step in range(x.shape[1] - 1)]
    worst = max(range(len(leaks)), key=leaks.__getitem__)
    return worst, leaks[worst]

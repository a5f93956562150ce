"""At which precision networks run while they are trained."""

from __future__ import annotations

import contextlib

import torch

from deepcomposer_edu.errors import InputError

PRECISIONS = {"float32": None, "bfloat16": torch.bfloat16}


def check_precision(name: str) -> None:
    """Raise an InputError unless there is a precision of this name."""
    if name not in PRECISIONS:
        raise InputError(
            f"The precision is {str(name)[:40]!r}, but it must be "
            f"{' or '.join(PRECISIONS)}."
        )


def at_precision(name: str) -> contextlib.AbstractContextManager:
    """Return the context in which the networks run at a precision.

    Args:
        name: one of PRECISIONS. bfloat16 is faster where the processor is made for it;
            the weights themselves stay in float32.
    """
    kind = PRECISIONS[name]
    if kind is None:
        return contextlib.nullcontext()
    return torch.autocast("cpu", kind)

"""Values as a check sees them: shown in a few words, kept, compared."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Sequence

import numpy as np


def describe(value: object, limit: int = 70) -> str:
    """Return a short text for a value: small ones as they are, large ones by shape."""
    if is_array(value):
        listed = as_numpy(value).tolist()
        if as_numpy(value).size > 16 or len(repr(listed)) > limit:
            return f"{type(value).__name__} of shape {tuple(value.shape)}"
        value = listed
    elif is_random(value):
        return "a random generator"
    elif isinstance(value, np.generic):
        value = value.item()
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    # an address says nothing and differs every time; arrays within are too long
    if " at 0x" in text or "array(" in text:
        name = type(value).__name__
        return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"
    if len(text) <= limit:
        return text
    if isinstance(value, (list, tuple, dict, set)):
        return f"{type(value).__name__} of {len(value)}"
    return text[: limit - 3] + "..."


def is_array(value: object) -> bool:
    """Return whether a value is a numpy array or a torch tensor."""
    return isinstance(value, np.ndarray) or (
        type(value).__module__.startswith("torch") and hasattr(value, "detach")
    )


def as_numpy(value: object) -> np.ndarray:
    """Return an array or tensor as a numpy array."""
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)


def is_random(value: object) -> bool:
    """Return whether a value is a source of random numbers, of numpy or torch."""
    return isinstance(value, np.random.Generator) or (
        type(value).__module__.startswith("torch") and hasattr(value, "manual_seed")
    )


def snapshot(value: object) -> object:
    """Return a copy of an input, to see later whether it was changed."""
    if is_random(value):
        return value  # drawing from it changes it, and is what it is for
    if is_array(value):
        return as_numpy(value).copy()
    if isinstance(value, (list, tuple)):
        return [snapshot(item) for item in value]
    if isinstance(value, dict):
        return {key: snapshot(item) for key, item in value.items()}
    if hasattr(value, "__dict__") and not callable(value):
        return {key: snapshot(item) for key, item in vars(value).items()}
    with contextlib.suppress(Exception):
        return copy.copy(value)
    return value


def is_same(left: object, right: object) -> bool:
    """Return whether two snapshots are equal, arrays element by element."""
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        left, right = np.asarray(left), np.asarray(right)
        if left.shape != right.shape or left.dtype != right.dtype:
            return False
        return bool(np.all((left == right) | ((left != left) & (right != right))))
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(is_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            is_same(left[key], right[key]) for key in left
        )
    try:
        return bool(left == right) or left is right
    except Exception:
        return left is right


def type_name(kind: type) -> str:
    """Return what a type is called in a sentence: "an int", "a numpy array"."""
    names = {"ndarray": "a numpy array", "int": "an int", "str": "a text (str)"}
    return names.get(kind.__name__, f"a {kind.__name__}")


def swapped_axes(got: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Return the likely cause of a shape with the right lengths in a wrong order."""
    moved = [i for i in range(len(got)) if got[i] != expected[i]]
    if moved == [len(got) - 2, len(got) - 1]:
        return "The last two axes look swapped."
    return "The axes look swapped."


def is_close(got: object, expected: object, tolerance: float) -> bool:
    """Return whether two values are equal up to `tolerance`, item by item."""
    if is_array(got) or is_array(expected):
        try:
            left, right = as_numpy(got), as_numpy(expected)
            if left.shape != right.shape:
                return False
            if tolerance == 0:
                return bool(np.array_equal(left, right))
            return bool(np.allclose(left, right, rtol=0, atol=tolerance))
        except (TypeError, ValueError):
            return False
    if isinstance(expected, (list, tuple)):
        return (
            isinstance(got, (list, tuple))
            and len(got) == len(expected)
            and all(
                is_close(g, e, tolerance) for g, e in zip(got, expected, strict=True)
            )
        )
    if isinstance(expected, (int, float, np.number)) and not isinstance(expected, bool):
        try:
            return bool(abs(got - expected) <= tolerance)
        except TypeError:
            return False
    return bool(got == expected)


def first_difference(
    got: object, expected: object, tolerance: float, axes: Sequence[str]
) -> tuple[str, str, str]:
    """Return where two values first differ, and both values there, as texts."""
    both_arrays = is_array(got) and is_array(expected)
    if both_arrays and got.shape == expected.shape and as_numpy(got).size > 1:
        left, right = as_numpy(got), as_numpy(expected)
        if left.dtype == bool or right.dtype == bool:
            wrong = left.astype(bool) != right.astype(bool)
        else:
            wrong = ~(np.abs(left - right) <= tolerance)
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        names = axes if len(axes) == len(index) else ["index"] * len(index)
        place = ", ".join(f"{n} {i}" for n, i in zip(names, index, strict=True))
        return f" at {place}", describe(right[index]), describe(left[index])
    if both_arrays and got.shape != expected.shape:
        return "", f"shape {tuple(expected.shape)}", f"shape {tuple(got.shape)}"
    return "", describe(expected), describe(got)

"""A training that is heard: its values as pitch, its gradients as roughness, in words.

`sonify` is all that a learner needs: a history, or a run folder, to sound. What is
heard is also told in words, see `run_shape.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import read_json_lines
from deepcomposer_edu.music.sonify import (
    START,
    ZERO,
    PitchScale,
    Tones,
    sound_of,
    tones_of,
)
from deepcomposer_edu.viz.names import LOSSES, label_of
from deepcomposer_edu.viz.run_shape import Shape, caption, shape_of

TONES_A_SECOND = 12  # more would run into each other
SHORTEST, USUAL_SECONDS, LONGEST = 1.0, 8.0, 60.0
SLOWEST = 4  # tones a second of a short history
# Values of both signs, whatever those of a run may be.
BOTH_SIGNS = ("critic_loss", "generator_loss", "wasserstein", "gap")
# What makes a tone rough: ten times the usual is as rough as can be.
GRADIENTS = ("gradient_norm", "gradient_penalty")
USUAL_PENALTY = 0.1  # a critic with slopes of about 0.7 or 1.3
LAST_STEP = 2**53  # up to there every step is a float of its own
MAX_CURVES = 2  # more at once cannot be followed by ear


@dataclass(frozen=True, eq=False)
class RunSound:
    """A training as it is heard.

    Args:
        names: the keys of the history that are heard, one or two.
        scales: how high their values sound.
        tones: what is heard, one after the other.
        seconds: how long all of it takes.
        shapes: what is heard of each, to be told in words.
        words: the caption.
    """

    names: tuple[str, ...]
    scales: tuple[PitchScale, ...]
    tones: Tones
    seconds: float
    shapes: tuple[Shape, ...]
    words: str

    @property
    def mark(self) -> float:
        """The pitch of the ticks: where the first curve's scale begins."""
        return ZERO if self.scales[0].start is None else START

    def audio(self, sample_rate: int = 44_100, marks: bool = True) -> np.ndarray:
        """Return the sound, (N, 2) float32 in [-1, 1].

        Args:
            sample_rate: samples per second, 8,000 or more.
            marks: whether a soft tick is heard at each tenth of the run.
        """
        mark = self.mark if marks else None
        return sound_of(self.tones, self.seconds, sample_rate, mark)


class HasRows(Protocol):
    """A history, as a training returns it."""

    rows: Sequence[Mapping[str, float]]


def sonify(
    history: HasRows | Sequence[Mapping[str, float]] | str | Path,
    *names: str,
    seconds: float | None = None,
) -> RunSound:
    """Return a training as sound: pitch follows values, gradients make it rough.

    Args:
        history: what a training returns, its rows ("step" and values), or a run folder.
        *names: one or two keys of the rows; none: the losses.
        seconds: how long it takes, 1 to 60; None: 8, less for a short history.

    Raises:
        InputError: if there is nothing to be heard, or more than two curves, or
            `seconds` is out of range.

    >>> rows = [{"step": i, "loss": 4.0 / 2 ** (i / 100)} for i in range(201)]
    >>> sonify(rows).shapes[0].kind
    'fall'
    """
    rows = _in_order(_rows_of(history))
    names = _chosen(rows, names)
    if seconds is not None and not SHORTEST <= seconds <= LONGEST:
        raise InputError(
            f"The curves should be heard in {seconds} seconds, but {SHORTEST:.0f} to "
            f"{LONGEST:.0f} are possible; leave it out for {USUAL_SECONDS:.0f}."
        )
    if seconds is None:
        seconds = min(USUAL_SECONDS, max(SHORTEST, len(rows) / SLOWEST))
    steps = np.array([row["step"] for row in rows], dtype=float)
    values = np.array([_column(rows, name) for name in names])
    scales = _scales(names, values)
    rough, about = _roughness(rows)
    n_tones = max(int(seconds * TONES_A_SECOND), 1)
    tones = tones_of(steps, values, scales, n_tones, rough)
    shapes = tuple(shape_of(tones, number) for number in range(len(names)))
    words = caption(names, scales, shapes, about)
    return RunSound(names, scales, tones, seconds, shapes, words)


def _rows_of(history: HasRows | Sequence[Mapping] | str | Path) -> Sequence[Mapping]:
    if not isinstance(history, str | Path):
        return getattr(history, "rows", history)
    path = Path(history) / "metrics.jsonl"
    rows = read_json_lines(path)
    if not rows:
        raise InputError(
            f"{history} holds no history (metrics.jsonl); give the folder of a "
            "training run that has taken a step."
        )
    return rows


def _in_order(rows: Sequence[Mapping]) -> list[Mapping]:
    """Return the rows that have a step, without those that go back."""
    kept: list[Mapping] = []
    for row in rows:
        step = row.get("step")
        is_number = isinstance(step, int | float) and abs(step) <= LAST_STEP
        if is_number and (not kept or step >= kept[-1]["step"]):
            kept.append(row)
    return kept


def _column(rows: Sequence[Mapping], name: str) -> np.ndarray:
    """Return a key's values, (R,): NaN where a row has none, inf where it is no number.

    A value that is NaN or infinite in the file, or None as the monitor has it, was
    measured and is no number.
    """
    return np.array([_number(row[name]) if name in row else np.nan for row in rows])


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        return math.inf
    return float(value)


def _chosen(rows: Sequence[Mapping], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return which curves are heard."""
    present = {name for row in rows for name in row} - {"step", "seconds"}
    known = ", ".join(sorted(present)) or "nothing"
    if len(names) > MAX_CURVES:
        raise InputError(
            f"{len(names)} curves were asked for, but the ear follows at most "
            f"{MAX_CURVES} at once; choose {MAX_CURVES} of {', '.join(names)}."
        )
    unknown = [name for name in names if name not in present]
    losses = [name for name in LOSSES if name in present]
    losses = losses or sorted(name for name in present if "loss" in name)
    found = names or tuple(losses[:MAX_CURVES])
    if unknown or not found:
        what = ", ".join(unknown or LOSSES)
        raise InputError(
            f"The history holds no {what}; train for some steps first, or name one or "
            f"two of what it holds: {known}."
        )
    return found


def _scales(names: Sequence[str], values: np.ndarray) -> tuple[PitchScale, ...]:
    """Return the scale of each curve; two losses of one kind share that of the first.

    So the loss on what is learned and that on what is kept back begin in unison, and
    a network that learns by heart is heard as an interval that opens.
    """
    scales = []
    for name, row in zip(names, values, strict=True):
        numbers = row[np.isfinite(row)]
        has_both = name in BOTH_SIGNS or not len(numbers) or numbers.min() <= 0
        scales.append(PitchScale(None if has_both else float(numbers[0])))
    if len(scales) == 2 and all("loss" in name for name in names):
        is_alike = None not in (scales[0].start, scales[1].start)
        scales[1] = scales[0] if is_alike else scales[1]
    return tuple(scales)


def _roughness(rows: Sequence[Mapping]) -> tuple[np.ndarray | None, str]:
    """Return how rough each row is, (R,) or None, and why, as a sentence."""
    for name in GRADIENTS:
        values = _column(rows, name)
        numbers = values[np.isfinite(values) & (values > 0)]
        if not len(numbers):
            continue
        is_penalty = name == "gradient_penalty"
        median = float(10 ** np.median(np.log10(numbers)))
        usual = USUAL_PENALTY if is_penalty else median
        with np.errstate(divide="ignore"):
            rough = np.log10(np.maximum(values, 0)) - np.log10(usual)
        rough = np.clip(rough, 0, 1)
        share = float(np.mean(rough[~np.isnan(rough)] > 0.5))
        often = f"{share:.0%} of the steps" if share >= 0.01 else "hardly ever"
        about = f"Rough where the {label_of(name)} is far above {usual:.2g}: {often}"
        return rough, f"{about}; its peak is {numbers.max():.3g}."
    return None, ""

"""What is heard of a curve, in words: plateau, swing, off the scale, no number.

All of it is read off the tones, so that the words say what the ear can hear.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.music.score import note_name
from deepcomposer_edu.music.sonify import HIGHEST, LOWEST, PitchScale, Tones
from deepcomposer_edu.viz.names import label_of

LEVEL = 0.5  # semitones: what stays within them is a plateau
LEAST_PLATEAU = 0.25  # of the run
FEWEST = 8  # tones in which a plateau could be heard
MINUS = "\N{MINUS SIGN}"  # as the pictures beside it have it
SWINGS = 1.5  # semitones up and down that are more than a tremble


@dataclass(frozen=True)
class Shape:
    """What the ear is told of one curve.

    Args:
        first, last: how high it begins and ends, MIDI numbers; NaN if it has no number.
        plateau_from: the step from which its mean stays within LEVEL of where it ends;
            None if it still moves in the last quarter, or is off the scale there.
        swing: semitones up and down in the second half of the run.
        beyond_from: the step at which it leaves the scale; None if it never does.
        broken_from: the step from which there is no number; None if all are numbers.
    """

    first: float
    last: float
    plateau_from: float | None
    swing: float
    beyond_from: float | None
    broken_from: float | None

    @property
    def kind(self) -> str:
        """One word: "broken", "explosion", "oscillation", "plateau", "fall", "rise"."""
        if self.broken_from is not None:
            return "broken"
        if self.beyond_from is not None:
            return "explosion"
        if self.swing >= SWINGS:
            return "oscillation"
        if self.plateau_from is not None:
            return "plateau"
        return "fall" if self.last < self.first else "rise"


def shape_of(tones: Tones, number: int) -> Shape:
    """Return what is heard of one curve."""
    steps, pitch = tones.steps, tones.pitch[number]
    heard = pitch[~np.isnan(pitch)]
    broken, beyond = tones.broken[number], tones.beyond[number] > 0
    return Shape(
        first=float(heard[0]) if len(heard) else math.nan,
        last=float(heard[-1]) if len(heard) else math.nan,
        plateau_from=None if beyond[-1] else _plateau(steps, pitch),
        swing=_swing(pitch, tones.swing[number]),
        beyond_from=_first(steps, beyond),
        broken_from=_first(steps, broken),
    )


def _first(steps: np.ndarray, flags: np.ndarray) -> float | None:
    return float(steps[flags.argmax()]) if flags.any() else None


def _plateau(steps: np.ndarray, pitch: np.ndarray) -> float | None:
    """Return the step from which the mean of a curve stays where it ends, or None."""
    n = len(pitch)
    if n < FEWEST or np.isnan(pitch).any():
        return None
    width = max(n // 8, 1)
    smooth = np.convolve(np.pad(pitch, width // 2, mode="edge"), np.ones(width) / width)
    smooth = smooth[width - 1 :][:n]
    near = np.abs(smooth - smooth[-(n // 4) :].mean()) <= LEVEL
    first = 0 if near.all() else n - int(near[::-1].argmin())
    tail = smooth[first:]
    if len(tail) < LEAST_PLATEAU * n:
        return None
    halves = tail[: len(tail) // 2].mean(), tail[len(tail) // 2 :].mean()
    return float(steps[first]) if abs(halves[1] - halves[0]) <= LEVEL / 2 else None


def _swing(pitch: np.ndarray, swing: np.ndarray) -> float:
    """Return how far a curve goes up and down around its trend in the second half."""
    half = pitch[len(pitch) // 2 :]
    if len(half) < 3 or np.isnan(half).any():
        return 0.0
    at = np.arange(len(half))
    trend = np.polyval(np.polyfit(at, half, 1), at)
    return max(float(np.std(half - trend)), float(swing[len(pitch) // 2 :].mean()))


def caption(
    names: Sequence[str],
    scales: Sequence[PitchScale],
    shapes: Sequence[Shape],
    about: str,
) -> str:
    """Return the caption of the sound."""
    sides = ("left: ", "right: ") if len(names) == 2 else ("",)
    curves = [
        f"{side}{_named(name)} {_course(scale, shape)}"
        for side, name, scale, shape in zip(sides, names, scales, shapes, strict=True)
    ]
    sentences = [text[:1].upper() + text[1:] for text in curves]
    for scale in dict.fromkeys(scales):
        sentences.append(_scale_words(scale))
    return " ".join([*sentences, about]).strip()


def _named(name: str) -> str:
    """Return what a key is called in a sentence: "loss on music kept back"."""
    label = label_of(name)
    return f"loss {label}" if label.startswith("on ") else label


def _course(scale: PitchScale, shape: Shape) -> str:
    """Return how a curve goes, as the end of a sentence that its name begins."""
    if math.isnan(shape.first):
        return "is no number (NaN) from the beginning: noise."
    first, last = (_place(scale, height) for height in (shape.first, shape.last))
    words = [f"goes from {first} to {last}"]
    semitones = round(abs(shape.last - shape.first))
    if semitones:
        side = "down" if shape.last < shape.first else "up"
        words.append(f"{semitones} semitone{'s' * (semitones > 1)} {side}")
    if shape.plateau_from is not None:
        words.append(f"level from step {shape.plateau_from:,.0f} on: a plateau")
    if shape.swing >= SWINGS:
        words.append(f"swinging {shape.swing:.1f} semitones up and down at the end")
    if shape.beyond_from is not None:
        words.append(
            f"off the scale at step {shape.beyond_from:,.0f}: it rattles there"
        )
    if shape.broken_from is not None:
        words.append(f"no number (NaN), first at step {shape.broken_from:,.0f}: noise")
    return ", ".join(words) + "."


def _place(scale: PitchScale, height: float) -> str:
    """Return a value as it is read off its pitch: "3.91 (C5)"."""
    note = note_name(round(height))
    if height >= HIGHEST:
        return f"the top of the scale ({note})"
    if height <= LOWEST:
        return f"the bottom of the scale ({note})"
    value = f"{scale.value_at(height):.3g}".replace("-", MINUS)
    return f"{value} ({note})"


def _scale_words(scale: PitchScale) -> str:
    if scale.start is None:
        return f"F#4 is 0, an octave up is 1, an octave down is {MINUS}1."
    return f"C5 is {scale.start:.3g}, an octave up is twice that, an octave down half."

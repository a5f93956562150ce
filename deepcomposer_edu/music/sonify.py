"""Curves as sound: a tone whose pitch follows a value (parameter-mapping sonification).

A higher value is a higher tone, as in a picture, on a scale that is stated and is the
same for every run, so that two runs can be compared by ear. What lies beyond the scale
stays at its end and rattles; what is no number is noise. `tones_of` says what is heard,
`sound_of` makes it; the widgets play the same tones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.common_loudness import at_common_loudness

LOWEST, HIGHEST = 36.0, 96.0  # C2 and C7, MIDI numbers: heard well on small speakers
START = 72.0  # C5: where a curve of positive values begins
ZERO = 66.0  # F#4, the middle: where 0 lies on the scale of both signs
OCTAVE, FIFTH = 12.0, 7.0  # semitones
UNIT = 1 / np.sinh(OCTAVE * np.log(2) / FIFTH)  # so that 1 is an octave above 0

ROUGH_HERTZ = 45.0  # the ear finds a low tone roughest near here (Terhardt 1974)
SWING_HERTZ = 5.5  # as slow as a singer's vibrato
N_MARKS = 10  # soft ticks: each is a tenth of the run
# Strengths of the harmonics. The second curve has mostly odd ones, as a clarinet has,
# so that two curves are told apart on one loudspeaker, too.
TIMBRES = ((1, 0.6, 0.4, 0.25, 0.15, 0.1), (1, 0.05, 0.5, 0.05, 0.3, 0.02, 0.15))
DB_AN_OCTAVE = 3.0  # softer for every octave up, since the ear hears high tones better
_TURN_SECONDS = 0.008  # a tone that began or ended at once would click
_TICK_SECONDS, _TICK = 0.08, 0.5


@dataclass(frozen=True)
class PitchScale:
    """How high a value sounds.

    Args:
        start: the value that sounds as C5. An octave up is twice as much, an octave
            down is half. None: the scale of both signs, for values around 0, which is
            F#4: 1 is an octave above it, -1 an octave below, and from there on twice
            as much is about a fifth.
    """

    start: float | None = None

    def __post_init__(self) -> None:
        if self.start is not None and not 0 < self.start < np.inf:
            raise InputError(
                f"The scale begins at {self.start}, but it must begin above 0; leave "
                "it out for values of both signs."
            )

    def heights(self, values: np.ndarray) -> np.ndarray:
        """Return how high values would sound, as MIDI numbers, without a limit.

        >>> PitchScale(4.0).heights(np.array([4.0, 2.0, 8.0])).tolist()
        [72.0, 60.0, 84.0]
        >>> PitchScale().heights(np.array([0.0, 1.0, -1.0])).round(6).tolist()
        [66.0, 78.0, 54.0]
        """
        values = np.asarray(values, dtype=float)
        if self.start is None:
            return ZERO + FIFTH / np.log(2) * np.arcsinh(values / UNIT)
        with np.errstate(divide="ignore"):
            # not the logarithm of a quotient, which may be too large for a float
            octaves = np.log2(np.maximum(values, 0)) - np.log2(self.start)
        return START + OCTAVE * octaves

    def value_at(self, height: float) -> float:
        """Return the value that sounds so high."""
        if self.start is None:
            return float(UNIT * np.sinh((height - ZERO) * np.log(2) / FIFTH))
        return float(self.start * 2 ** ((height - START) / OCTAVE))

    def is_beyond(self, heights: np.ndarray) -> np.ndarray:
        """Return whether heights lie beyond the scale; vanished losses do not."""
        return (heights > HIGHEST) | ((heights < LOWEST) & (self.start is None))


@dataclass(frozen=True, eq=False)
class Tones:
    """What is heard of C curves: T tones, one after the other, in equal times.

    Args:
        steps: (T,) the step of the training at the end of each tone.
        pitch: (C, T) MIDI numbers, LOWEST to HIGHEST; NaN while a curve is silent.
        swing: (C, T) semitones up and down: half of the mean jump from one value to the
            next, where a tone holds several.
        beyond: (C, T) 0 to 1, how much of the tone lies beyond the scale: it rattles.
        broken: (C, T) whether there is no number: noise.
        rough: (T,) 0 to 1, of all curves.
    """

    steps: np.ndarray
    pitch: np.ndarray
    swing: np.ndarray
    beyond: np.ndarray
    broken: np.ndarray
    rough: np.ndarray

    @property
    def roughness(self) -> np.ndarray:
        """How rough each tone of each curve is, (C, T), 0 to 1."""
        return np.maximum(self.rough, self.beyond)


def tones_of(
    steps: np.ndarray,
    values: np.ndarray,
    scales: Sequence[PitchScale],
    n_tones: int,
    rough: np.ndarray | None = None,
) -> Tones:
    """Return curves as tones: each is the mean of what lies in its part of the steps.

    Between two measurements a curve goes straight, as a drawn line does; before the
    first it is silent, after the last it stays where it is.

    Args:
        steps: (R,) in order.
        values: (C, R); NaN where nothing was measured, infinite where a measurement
            was no number.
        scales: of each curve.
        n_tones: at most that many; there are never more than rows.
        rough: (R,) 0 to 1; NaN where it is not known.

    Raises:
        InputError: if there is no row, or `n_tones` is below 1.
    """
    steps = np.asarray(steps, dtype=float)
    if not len(steps) or n_tones < 1:
        raise InputError(
            f"{len(steps)} rows are to be {n_tones} tones, but both must be at least 1."
        )
    n = min(n_tones, len(steps))
    length = max(steps[-1] - steps[0], 1e-9)
    place = np.clip((steps - steps[0]) / length * n, 0, n - 1).astype(int)
    rough = np.full(len(steps), np.nan) if rough is None else np.asarray(rough, float)
    heard = [
        _curve(place, np.asarray(row, dtype=float), scale, n)
        for row, scale in zip(values, scales, strict=True)
    ]
    pitch, swing, beyond, broken = (np.array(part) for part in zip(*heard, strict=True))
    return Tones(
        steps=steps[0] + length * (np.arange(n) + 1) / n,
        pitch=pitch,
        swing=swing,
        beyond=beyond,
        broken=broken,
        rough=np.nan_to_num(_lined(_means(place, rough, n))),
    )


def _curve(
    place: np.ndarray, values: np.ndarray, scale: PitchScale, n: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return pitch, swing, share beyond and broken of a curve's n tones, each (n,)."""
    is_number = np.isfinite(values)
    heights = np.full(len(values), np.nan)
    heights[is_number] = scale.heights(values[is_number])
    beyond = np.where(is_number, scale.is_beyond(heights), np.nan)
    heights = np.clip(heights, LOWEST, HIGHEST)
    no_number = np.where(np.isnan(values), np.nan, np.isinf(values))
    broken = _held(_means(place, no_number, n)) > 0
    pitch = np.where(broken, np.nan, _lined(_means(place, heights, n)))
    jumps = np.abs(np.diff(heights[is_number])) / 2
    at = place[is_number]
    jumps[at[1:] != at[:-1]] = np.nan  # from one tone to another: heard as it is
    swing = np.nan_to_num(_means(at[1:], jumps, n))
    return pitch, swing, np.nan_to_num(_held(_means(place, beyond, n))), broken


def _means(place: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """Return the mean of the values at each of n places, (n,); NaN where none is."""
    known = ~np.isnan(values)
    sums = np.bincount(place[known], values[known], n)
    counts = np.bincount(place[known], minlength=n)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _lined(values: np.ndarray) -> np.ndarray:
    """Return values with straight lines over gaps, and the last one kept to the end."""
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return values
    at = np.arange(len(values))
    return np.where(at < known[0], np.nan, np.interp(at, known, values[known]))


def _held(values: np.ndarray) -> np.ndarray:
    """Return values, each kept until the next one is known."""
    at = np.arange(len(values))
    return values[np.maximum.accumulate(np.where(np.isnan(values), 0, at))]


def sound_of(
    tones: Tones,
    seconds: float,
    sample_rate: int = 44_100,
    mark: float | None = None,
) -> np.ndarray:
    """Return tones as sound, in one glide, as loud as every piece.

    Two curves are heard left and right, with two timbres. A curve without a number is
    a burst of noise and then a crackle twice a second, as long as there is none.

    Args:
        tones: of one curve or two.
        seconds: how long all of it takes, above 0.
        sample_rate: samples per second, 8,000 or more.
        mark: the pitch of a soft tick at each tenth; None: no ticks.

    Returns:
        (N, 2) float32 in [-1, 1].
    """
    n_samples = max(round(seconds * sample_rate), 1)
    clock = np.arange(n_samples) / sample_rate
    mix = np.zeros((n_samples, 2))
    n_curves = len(tones.pitch)
    for number in range(n_curves):
        angle = np.pi / 4 if n_curves == 1 else np.pi / 8 * (1 + 2 * number)
        sides = np.array([np.cos(angle), np.sin(angle)])
        mix += _voice(tones, number, clock, seconds)[:, None] * sides
    if mark is not None:
        mix += _ticks(clock, seconds, mark)[:, None]
    return at_common_loudness(mix.astype(np.float32), sample_rate)


def _voice(tones: Tones, number: int, clock: np.ndarray, seconds: float) -> np.ndarray:
    """Return the sound of one curve, (N,)."""
    sample_rate = 1 / (clock[1] - clock[0]) if len(clock) > 1 else 1.0
    n = len(tones.steps)
    middle = clock / seconds * n - 0.5  # in tones: the middle of the first is at 0
    tone = np.clip(np.round(middle), 0, n - 1).astype(int)

    def glide(values: np.ndarray) -> np.ndarray:
        known = np.flatnonzero(~np.isnan(values))
        return np.interp(middle, known, values[known]) if len(known) else 0 * clock

    swing = glide(tones.swing[number]) * np.sin(2 * np.pi * SWING_HERTZ * clock)
    pitch = glide(tones.pitch[number]) + swing
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    phase = 2 * np.pi * np.cumsum(hertz) / sample_rate
    strengths = TIMBRES[number % len(TIMBRES)]
    wave = sum(
        strength * np.sin(k * phase) * (k * hertz < 0.45 * sample_rate)
        for k, strength in enumerate(strengths, 1)
    )
    wave *= 10 ** (-DB_AN_OCTAVE / 20 * (pitch - ZERO) / OCTAVE)
    depth = np.clip(glide(tones.roughness[number]), 0, 1)
    wave *= 1 - depth * (0.5 - 0.5 * np.cos(2 * np.pi * ROUGH_HERTZ * clock))
    wave /= np.sqrt(1 - depth + 0.375 * depth**2)  # as loud as a smooth one
    turn = np.ones(max(round(_TURN_SECONDS * sample_rate), 1))
    is_on = (~np.isnan(tones.pitch[number]))[tone].astype(float)
    is_on = np.convolve(np.pad(is_on, len(turn)), turn / len(turn), "same")
    wave *= is_on[len(turn) : -len(turn)]
    return wave + _crackle(tones.broken[number][tone], clock, seed=number)


def _crackle(is_broken: np.ndarray, clock: np.ndarray, seed: int) -> np.ndarray:
    """Return noise where there is no number: a burst, then a short one every 0.5 s."""
    if not is_broken.any():
        return np.zeros(len(clock))
    begins = is_broken & ~np.concatenate([[False], is_broken[:-1]])
    since = (
        clock - clock[np.maximum.accumulate(np.where(begins, np.arange(len(clock)), 0))]
    )
    level = np.where(
        since < 0.5, np.exp(-since / 0.2), 0.6 * np.exp(-(since % 0.5) / 0.03)
    )
    noise = np.random.default_rng(seed).standard_normal(len(clock))
    return 0.6 * noise * level * is_broken


def _ticks(clock: np.ndarray, seconds: float, pitch: float) -> np.ndarray:
    """Return a soft tick at the beginning of each tenth."""
    since = clock % (seconds / N_MARKS)
    tick = np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * since)
    return _TICK * tick * np.exp(-since / (_TICK_SECONDS / 4))

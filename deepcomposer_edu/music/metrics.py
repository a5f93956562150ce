"""Metrics of music: what training watches, and what `deepcomposer evaluate` prints.

The first half works on any music, with chords and any number of tracks. The second
half, the battery, looks at voices and comes from `battery.py`. Drums never count.

A metric that does not apply (the scale of silence) is nan; in the dictionaries of
`battery` and `evaluate` it is None.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from deepcomposer_edu.music.battery import (
    battery,
    battery_crops,
    best_scale_rate,
    dissonant_pair_rate,
    hold_rate,
    moving_pair_rate,
    onsets_per_step,
    parallels_per_1000_moving,
    triad_rate,
    voice_order_rate,
)
from deepcomposer_edu.music.grid import Grid, to_grid
from deepcomposer_edu.music.keys import Key, find_key, scale_shares
from deepcomposer_edu.music.pianoroll import PianoRoll, to_pianoroll
from deepcomposer_edu.music.score import STEPS_PER_BAR, Score

__all__ = [
    "battery",
    "battery_crops",
    "best_scale_rate",
    "chroma",
    "dissonant_pair_rate",
    "empty_bar_rate",
    "evaluate",
    "histogram_distance",
    "hold_rate",
    "in_scale_ratio",
    "moving_pair_rate",
    "onsets_per_step",
    "overlap",
    "parallels_per_1000_moving",
    "pitch_classes_per_bar",
    "pitch_histogram",
    "polyphony_rate",
    "triad_rate",
    "used_pitch_classes",
    "voice_order_rate",
]

Music = Score | Grid | PianoRoll


def _roll(music: Music) -> PianoRoll:
    """Return the music as a piano roll of the pitches it uses, or as it is."""
    if isinstance(music, PianoRoll):
        return music
    if isinstance(music, Grid):
        used = music.pitches[music.sounding].tolist()  # its silence has a length, too
    else:
        used = [n.pitch for t in music.tracks if not t.is_drum for n in t.notes]
    low = min([*used, 116])  # a roll has at least an octave
    n_pitches = max(max(used, default=0) - low + 1, 12)
    return to_pianoroll(music, low, n_pitches)


def chroma(roll: PianoRoll) -> np.ndarray:
    """Return how many pitches of each pitch class sound at each step.

    Pitches an octave apart have the same class. Column p of the roll is the MIDI pitch
    low + p, so it belongs to class (low + p) % 12. Columns of one class are therefore
    twelve apart; cutting the roll into blocks of neighbours would mix all classes.

    Args:
        roll: a piano roll; `roll.held` has shape (K, T, P), `roll.low` is the MIDI
            pitch of its first column. P need not be a multiple of 12.

    Returns:
        Counts, shape (K, T, 12), of a type of int: entry [k, t, c] is the number of
        columns of class c (0 is C) that sound in track k at step t. C4 and C5 at once
        give 2 at class 0.
    """
    counts = np.zeros((*roll.held.shape[:2], 12), dtype=np.int16)  # (K, T, 12)
    for p in range(roll.held.shape[2]):
        counts[:, :, (roll.low + p) % 12] += roll.held[:, :, p]
    return counts


def _bar_starts(music: Music, n_steps: int, steps_per_bar: float | None) -> list[int]:
    """Return the first step of each bar; a pickup is a bar of its own."""
    pickup = 0.0
    if isinstance(music, Score):
        pickup = music.pickup
        if steps_per_bar is None:
            steps_per_bar = music.metres[0].steps_per_bar
    length = steps_per_bar or STEPS_PER_BAR
    first = pickup % length
    n_bars = ceil(max(n_steps - first, 0) / length)
    starts = [round(first + length * i) for i in range(n_bars)]
    return [0, *starts] if first and n_steps else starts


def pitch_classes_per_bar(
    music: Music, steps_per_bar: float | None = None
) -> np.ndarray:
    """Return how many different pitch classes each track uses in each bar.

    Args:
        music: a score, a grid or a piano roll.
        steps_per_bar: by default that of the score's first metre, else 16. An
            incomplete first or last bar counts as a bar.

    Returns:
        Numbers from 0 to 12, shape (K, bars): 0 where a track is silent for the bar.
        There may be no bars at all, (K, 0).
    """
    counts = chroma(_roll(music))  # (K, T, 12)
    starts = _bar_starts(music, counts.shape[1], steps_per_bar)
    if not starts or not counts.shape[0]:
        return np.zeros((counts.shape[0], 0), dtype=int)
    per_bar = np.add.reduceat(counts > 0, starts, axis=1)  # (K, bars, 12)
    return (per_bar > 0).sum(axis=2)


def empty_bar_rate(music: Music, steps_per_bar: float | None = None) -> float:
    """Return the share of bars, counted for each track, in which nothing sounds.

    A bar of one track is empty if that track uses 0 pitch classes in it, which
    `pitch_classes_per_bar(music, steps_per_bar)` tells, shape (K, bars). Two tracks of
    three bars are six bars: if one of the tracks rests for one bar, the rate is 1/6.

    Args:
        music: a score, a grid or a piano roll.
        steps_per_bar: by default that of the score's first metre, else 16. An
            incomplete first or last bar counts as a bar.

    Returns:
        A float in [0, 1], 1 for silence; nan if there is no bar at all.
    """
    used = pitch_classes_per_bar(music, steps_per_bar)
    return float((used == 0).mean()) if used.size else float("nan")


def used_pitch_classes(music: Music, steps_per_bar: float | None = None) -> float:
    """Return how many different pitch classes a track uses in a bar, on average.

    Args:
        music: a score, a grid or a piano roll.
        steps_per_bar: as for `empty_bar_rate`.

    Returns:
        A number in [1, 12]; empty bars do not count. nan for silence.
    """
    used = pitch_classes_per_bar(music, steps_per_bar)
    return float(used[used > 0].mean()) if used.any() else float("nan")


def pitch_histogram(music: Music) -> np.ndarray:
    """Return how the sounding time is spread over the pitch classes, shape (12,).

    The numbers sum to 1; for silence they are all 0.
    """
    totals = chroma(_roll(music)).sum(axis=(0, 1)).astype(float)  # (12,)
    return totals / totals.sum() if totals.any() else totals


def histogram_distance(first: Music | np.ndarray, second: Music | np.ndarray) -> float:
    """Return the total variation distance of two pitch-class histograms.

    It is half the sum of the absolute differences: the share of sounding time that
    would have to move to another pitch class.

    Args:
        first: music, of which `pitch_histogram` gives the histogram, or a histogram as
            a numpy array, shape (12,), that sums to 1.
        second: the same.

    Returns:
        A number in [0, 1]: 0 for equal histograms, 1 for no class in common. nan if
        either is silence, whose histogram is all 0.
    """
    a, b = (
        x if isinstance(x, np.ndarray) else pitch_histogram(x) for x in (first, second)
    )
    if not (a.any() and b.any()):
        return float("nan")
    return float(np.abs(a - b).sum() / 2)


def in_scale_ratio(music: Music, key: Key | str = "best") -> float:
    """Return the share of sounding time that lies in a scale.

    `pitch_histogram(music)` has the shares of the pitch classes from C on, shape (12,),
    all 0 for silence; those of the scale are added up.

    Args:
        music: a score, a grid or a piano roll.
        key: a key, whose seven pitch classes are `key.scale`; "C" for `Key(0)`, C
            major; or "best" for the major scale that holds most: the shares in all
            twelve of them are `scale_shares(histogram)`, shape (12,).

    Returns:
        A number in [0, 1]; nan for silence.
    """
    histogram = pitch_histogram(music)
    if not histogram.any():
        return float("nan")
    if key == "best":
        return float(scale_shares(histogram).max())
    if key == "C":
        key = Key(0, "major")
    return float(histogram[list(key.scale)].sum())


def polyphony_rate(music: Music) -> float:
    """Return the share of sounding steps at which two pitches or more sound.

    All tracks together; the same pitch in two tracks is one pitch. nan for silence.
    """
    n_pitches = _roll(music).held.any(axis=0).sum(axis=1)  # (T,)
    sounding = n_pitches > 0
    return float((n_pitches >= 2)[sounding].mean()) if sounding.any() else float("nan")


def overlap(music: Music, reference: Music) -> float:
    """Return how much of two piano rolls is the same: both over either.

    All tracks together; the shorter piece is filled up with silence.

    Returns:
        A number in [0, 1], 1 if the same pitches sound at the same steps; nan if both
        are silent.
    """
    pictures = [_all_pitches(_roll(one)).any(axis=0) for one in (music, reference)]
    n_steps = max(len(picture) for picture in pictures)
    a, b = (np.pad(p, ((0, n_steps - len(p)), (0, 0))) for p in pictures)
    either = np.count_nonzero(a | b)
    return np.count_nonzero(a & b) / either if either else float("nan")


def _all_pitches(roll: PianoRoll) -> np.ndarray:
    """Return a roll's held notes among all 128 pitches, shape (K, T, 128)."""
    return np.pad(roll.held, ((0, 0), (0, 0), (roll.low, 127 - roll.high)))


def evaluate(score: Score, reference: Score | None = None) -> dict[str, object]:
    """Return every metric of a piece, for any number of tracks.

    Metrics of voices (the battery) look at one voice for each pitched track: where a
    track has chords, at its highest notes.

    Args:
        score: the piece.
        reference: another piece to compare with, if any.

    Returns:
        Names and values: the size and key of the piece, the metrics of this module and
        the battery. None where a metric does not apply, such as voice order for a
        single track.

    Raises:
        InputError: if the piece is too large for a piano roll.
    """
    pitched = [track for track in score.tracks if not track.is_drum and track.notes]
    grid = to_grid(Score(tuple(pitched)))
    roll = _roll(score)
    bars = _bar_starts(score, score.n_steps, None)
    has_notes = bool(pitched)
    values: dict[str, object] = {
        "n_tracks": len(score.tracks),
        "n_notes": len(score.notes),
        "n_bars": len(bars),
        "seconds": round(score.seconds, 3),
        "key": find_key(score).name if has_notes else None,
        "empty_bar_rate": empty_bar_rate(score),
        "in_c_major_ratio": in_scale_ratio(roll, "C"),
        "used_pitch_classes": used_pitch_classes(score),
        "polyphony_rate": polyphony_rate(roll),
    }
    if reference is not None:
        values["overlap"] = overlap(score, reference)
        values["histogram_distance"] = histogram_distance(score, reference)
    values |= battery(grid)
    values["best_scale_rate"] = in_scale_ratio(roll, "best")  # of every note
    return {
        name: None if isinstance(value, float) and np.isnan(value) else value
        for name, value in values.items()
    }

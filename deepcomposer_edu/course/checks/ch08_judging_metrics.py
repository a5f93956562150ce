"""How the answers to the exercises 8.7 and 8.8 are judged: metrics."""

from __future__ import annotations

import math

import numpy as np

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.pianoroll import PianoRoll

# 8.7 chroma ---------------------------------------------------------------------


def _roll(pitches: list[int], low: int = 0, n_pitches: int = 128) -> PianoRoll:
    """Return a roll of one track and two steps; the pitches sound at the first."""
    held = np.zeros((1, 2, n_pitches), dtype=bool)
    held[0, 0, np.array(pitches) - low] = True
    return PianoRoll(held, low=low)


def _classes(*classes: int) -> np.ndarray:
    counts = np.zeros((1, 2, 12), dtype=int)
    np.add.at(counts, (0, 0, np.array(classes)), 1)
    return counts


def _blocks(roll: PianoRoll) -> np.ndarray:
    """Return what comes out when neighbours are put together, twelve blocks."""
    size = roll.held.shape[2] // 12
    cut = roll.held[:, :, : 12 * size]
    return cut.reshape(*cut.shape[:2], 12, size).sum(-1)


def _octave_blocks(roll: PianoRoll) -> np.ndarray:
    """Return the right sum over octaves, of whole octaves only and without `low`."""
    n_octaves = roll.held.shape[2] // 12
    cut = roll.held[:, :, : 12 * n_octaves]
    return cut.reshape(*cut.shape[:2], n_octaves, 12).sum(2)


def chroma_shape(learner: Learner) -> None:
    """There are twelve counts for each track and step."""
    roll = PianoRoll(np.zeros((3, 16, 54), dtype=bool), low=33)
    learner.causes["ValueError"] = "A roll need not have a multiple of 12 columns."
    got = learner(roll)
    learner.expect_shape(got, (3, 16, 12), cause="Keep tracks and steps apart.")
    learner.expect(
        np.issubdtype(np.asarray(got).dtype, np.integer),
        f"{learner.call}: expected counts of a type of int, got {got.dtype}. Two "
        "pitches of one class count 2.",
    )


def chroma_of_a_chord(learner: Learner) -> None:
    """C4, E4, G4 are one C, one E and one G."""
    roll = _roll([60, 64, 67])
    learner.expect_equal(
        learner(roll),
        _classes(0, 4, 7),
        cause="C4 is 60, E4 is 64, G4 is 67: classes 0, 4 and 7.",
        known=[
            (
                _blocks(roll),
                "Neighbouring pitches were put into one class. That is the mistake of "
                "the original metric: pitches of one class are twelve apart.",
            ),
        ],
        axes=("track", "step", "class"),
    )


def chroma_starts_at_low(learner: Learner) -> None:
    """In a roll that begins at A1 (33), column 27 is a C."""
    learner.causes["IndexError"] = "A roll need not have a multiple of 12 columns."
    roll = _roll([60, 64, 86], low=33, n_pitches=54)
    learner.expect_equal(
        learner(roll),
        _classes(0, 4, 2),
        cause="The roll begins at MIDI pitch 33, not at a C.",
        known=[
            (_classes(3, 7, 5), "The first column is the pitch `roll.low`, not a C."),
            (_octave_blocks(roll), "The first column is the pitch `roll.low`, not a C, "
             "and the columns after the last whole octave count, too."),
            (_classes(0, 4), "The columns after the last whole octave are lost."),
            (_blocks(roll), "Neighbouring pitches were put into one class."),
        ],
        axes=("track", "step", "class"),
    )  # fmt: skip


def chroma_counts_octaves(learner: Learner) -> None:
    """C3, C4 and C5 at once count three."""
    learner.expect_equal(
        learner(_roll([48, 60, 72])),
        _classes(0, 0, 0),
        cause="Count the pitches of a class.",
        known=[(_classes(0), "Octaves add up: three Cs count 3, not 1.")],
        axes=("track", "step", "class"),
    )


def chroma_turns_with_the_music(learner: Learner) -> None:
    """Music a fifth higher has its counts turned by seven places."""
    held = np.random.default_rng(0).random((2, 8, 100)) < 0.1
    got = learner(PianoRoll(held, low=5))
    moved = learner(PianoRoll(held, low=12))
    learner.expect_equal(
        moved,
        np.roll(got, 7, axis=2),
        cause="Every class must be treated alike.",
        axes=("track", "step", "class"),
    )
    learner.expect_equal(
        got.sum(axis=2),
        held.sum(axis=2),
        cause="Every sounding pitch counts exactly once.",
        axes=("track", "step"),
    )


# 8.8 empty_bar_rate -------------------------------------------------------------


def _bars(*rows: list[int], steps_per_bar: int = 16) -> Grid:
    """Return a grid with one number for each bar: a pitch, or REST for an empty bar."""
    return Grid(np.repeat(np.array(rows), steps_per_bar, axis=1))


def rate_is_a_number(learner: Learner) -> None:
    """A rate is one number."""
    learner.expect_number(
        learner(_bars([60, 62, REST])), cause="Take the mean over tracks and bars."
    )


def rate_of_silence(learner: Learner) -> None:
    """Silence is all empty, and full bars are not empty."""
    turned = "That is the share of bars in which something sounds: the mistake of the "
    turned += "original metric. Silence must give 1."
    learner.expect_close(
        learner(_bars([REST, REST], [REST, REST])),
        1.0,
        1e-9,
        "Every bar of silence is empty.",
        known=[(0.0, turned)],
    )
    learner.expect_close(
        learner(_bars([60, 62], [50, 52])),
        0.0,
        1e-9,
        "Something sounds in every bar.",
        known=[(1.0, turned)],
    )


def rate_of_each_track(learner: Learner) -> None:
    """One empty bar of six counts a sixth; one note in a bar fills it."""
    learner.expect_close(
        learner(_bars([60, 62, 64], [50, REST, 52])),
        1 / 6,
        1e-9,
        "Two tracks of three bars are six bars, and one of them is empty.",
        known=[
            (5 / 6, "That is the share of bars in which something sounds."),
            (0.0, "A bar of one track is empty even if the other track sounds: count "
             "the bars of each track."),
            (1 / 3, "Two tracks of three bars are six bars, not three."),
        ],
    )  # fmt: skip
    short = np.full((1, 32), REST)
    short[0, 3] = 60
    learner.expect_close(
        learner(Grid(short)),
        0.5,
        1e-9,
        "A single short note is enough: its bar is not empty.",
        known=[(31 / 32, "That is the share of silent steps, not of bars.")],
    )


def rate_of_other_bars(learner: Learner) -> None:
    """In 3/4 a bar has 12 steps."""
    grid = _bars([60, REST, REST, 60], steps_per_bar=12)
    learner.expect_close(
        learner(grid, steps_per_bar=12),
        0.5,
        1e-9,
        "Bars of 12 steps: pass `steps_per_bar` on.",
        known=[(0.0, "Bars of 12 steps were asked for: pass `steps_per_bar` on.")],
    )


def rate_of_no_bars(learner: Learner) -> None:
    """Without any bar there is no rate."""
    got = learner(Grid(np.zeros((2, 0), dtype=int)))
    learner.expect(
        isinstance(got, float | np.floating) and math.isnan(got),
        f"{learner.call}: expected nan, got {got!r}. Without a single bar there is "
        "nothing to take a mean of.",
    )

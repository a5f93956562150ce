"""How the answers to the exercises 8.7 to 8.9 are judged: metrics, when to stop."""

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


# 8.9 has_converged --------------------------------------------------------------

_REFERENCE = {"triad_rate": 0.6, "hold_rate": 0.8, "onsets_per_step": 2.0}


def _rows(*triads: float) -> list[dict[str, float]]:
    return [
        {"step": 100 * i, "triad_rate": value, "hold_rate": 0.8, "critic_loss": -1.0}
        for i, value in enumerate(triads)
    ]


def converged_is_a_bool(learner: Learner) -> None:
    """The answer is True or False."""
    got = learner(_rows(0.1, 0.2, 0.3), _REFERENCE, ["triad_rate"])
    learner.expect_type(got, bool, np.bool_, cause="Return True or False.")
    learner.expect(
        not got,
        f"{learner.call}: expected False, got True. 0.1, 0.2 and 0.3 are far from 0.6.",
    )


def converged_when_near(learner: Learner) -> None:
    """Three measurements near the data's value are enough."""
    got = learner(_rows(0.1, 0.58, 0.62, 0.6), _REFERENCE, ["triad_rate"])
    learner.expect(
        bool(got),
        f"{learner.call}: expected True, got False. The last three, 0.58, 0.62 and "
        "0.6, are within a tenth of 0.6; what was before does not count.",
    )


def converged_needs_patience(learner: Learner) -> None:
    """One good measurement is luck, and two are not three."""
    for triads, why in (
        ((0.1, 0.1, 0.6), "Only the last measurement is near. It takes `patience` of "
         "them, here 3, in a row."),
        ((0.6, 0.6), "There are only two measurements, and 3 are asked for."),
        ((0.6, 0.6, 0.6, 0.1), "The run was good and is not any more: look at the "
         "last measurements."),
    ):  # fmt: skip
        got = learner(_rows(*triads), _REFERENCE, ["triad_rate"])
        learner.expect(not got, f"{learner.call}: expected False, got True. {why}")


def converged_from_both_sides(learner: Learner) -> None:
    """More triads than Bach is as far off as fewer."""
    got = learner(_rows(0.9, 0.9, 0.9), _REFERENCE, ["triad_rate"])
    learner.expect(
        not got,
        f"{learner.call}: expected False, got True. 0.9 is far above 0.6, and music of "
        "nothing but triads is not Bach's: take the distance on both sides, with abs.",
    )


def converged_by_shares(learner: Learner) -> None:
    """A tolerance of 0.1 allows a tenth of the data's value."""
    small = {"triad_rate": 0.1}
    got = learner(_rows(0.15, 0.15, 0.15), small, ["triad_rate"])
    learner.expect(
        not got,
        f"{learner.call}: expected False, got True. The data's value is 0.1 and the "
        "run's 0.15, half as much again: the tolerance is a share of the data's value.",
    )
    large = [{"step": i, "onsets_per_step": 2.15} for i in range(3)]
    got = learner(large, _REFERENCE, ["onsets_per_step"])
    learner.expect(
        bool(got),
        f"{learner.call}: expected True, got False. 2.15 is within a tenth of 2.0, "
        "that is 0.2: the tolerance is a share of the data's value.",
    )


def converged_in_every_metric(learner: Learner) -> None:
    """Every metric that is named has to be near, and no other."""
    rows = [{**row, "hold_rate": 0.4} for row in _rows(0.6, 0.6, 0.6)]
    got = learner(rows, _REFERENCE, ["triad_rate", "hold_rate"])
    learner.expect(
        not got,
        f"{learner.call}: expected False, got True. The triads are near, but the held "
        "notes are not: every metric counts.",
    )
    learner.expect(
        bool(learner(rows, _REFERENCE, ["triad_rate"])),
        f"{learner.call}: expected True, got False. Only the metrics in `names` count.",
    )


def converged_passes_over_losses(learner: Learner) -> None:
    """Rows that hold losses alone are no measurements."""
    learner.causes["KeyError"] = (
        "Most rows hold losses alone; keep those that hold every name."
    )
    losses = {"step": 7, "critic_loss": -1.0}
    rows = []
    for row in _rows(0.6, 0.6, 0.6):
        rows += [row, losses, losses]
    got = learner(rows, _REFERENCE, ["triad_rate"])
    learner.expect(
        bool(got),
        f"{learner.call}: expected True, got False. Three of the nine rows are "
        "measurements, and all three are near; rows of losses alone do not count.",
    )

"""What can be counted in a round, and a judge that learns from a listener's clicks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.click_judge import ClickJudge
from deepcomposer_edu.music.battery import battery
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import STEPS_PER_QUARTER

if TYPE_CHECKING:
    from deepcomposer_edu.compose.blind.result import Result

__all__ = ["ClickJudge", "judge_of", "voice_features"]
WIDE = 7  # semitones: a leap is wider than a fifth


def voice_features(grid: Grid) -> dict[str, float]:
    """Return ten numbers about the voices below a melody, and how they sound with it.

    Args:
        grid: two voices or more, shape (K, T), the melody first.

    Returns:
        Shares from 0 to 1, but for "notes per beat" (of one voice, on average) and
        "parallels per bar" (fifths and octaves). What cannot be counted is 0.

    Raises:
        InputError: if there are fewer than two voices or four steps.
    """
    if grid.n_voices < 2 or grid.n_steps < STEPS_PER_QUARTER:
        raise InputError(
            f"The excerpt has {grid.n_voices} voices and {grid.n_steps} steps, but two "
            "voices of at least 4 steps are needed to say how they sound together."
        )
    whole = {name: value or 0.0 for name, value in battery(grid).items()}
    below = grid.voices(*range(1, grid.n_voices))
    places = [np.flatnonzero(onsets) for onsets in below.onsets]
    moves = [
        np.abs(np.diff(pitches[at].astype(int)))
        for pitches, at in zip(below.pitches, places, strict=True)
    ]
    moves, at = np.concatenate(moves), np.concatenate(places)
    moving = moves[moves > 0]
    n_bars = grid.n_steps / 16
    n_pairs = grid.n_voices * (grid.n_voices - 1) / 2 * max(grid.n_steps - 1, 1)
    n_moving = whole["moving_pair_rate"] * n_pairs
    parallels = sum(
        whole[f"parallel_{name}_per_1000"] for name in ("fifths", "octaves")
    )
    return {
        "triads": whole["triad_rate"],
        "dissonances": whole["dissonant_pair_rate"],
        "parallels per bar": parallels / 1000 * n_moving / n_bars,
        "notes in the key": whole["best_scale_rate"],
        "voices in order": whole["voice_order_rate"],
        "notes per beat": len(at) / below.n_voices / (grid.n_steps / STEPS_PER_QUARTER),
        "notes off the beat": _share(at % STEPS_PER_QUARTER != 0),
        "steps": _share(moving <= 2),
        "wide leaps": _share(moving > WIDE),
        "repeated notes": _share(moves == 0),
    }


def _share(is_so: np.ndarray) -> float:
    return float(is_so.mean()) if is_so.size else 0.0


def judge_of(results: Result | Sequence[Result]) -> ClickJudge:
    """Return a judge that has learned from the clicks of one result or several.

    Raises:
        InputError: if fewer than two rounds were called real, or fewer than two not,
            or the rounds hold no features (they are no grids of voices).
    """
    some = [results] if hasattr(results, "answers") else list(results)
    answers = [a for result in some for a in result.answers if a.said is not None]
    heard = [answer.heard for answer in answers]
    names = list(heard[0]) if heard else []
    if not names or any(list(one) != names for one in heard):
        raise InputError(
            f"{len(answers)} rounds were judged, and there are not the same features "
            "of each to learn from; give results of one kind of listening test."
        )
    return ClickJudge(rows(heard, names), [a.said for a in answers], names)


def rows(heard: Sequence[Mapping[str, float]], names: Sequence[str]) -> np.ndarray:
    """Return features by name as an array, shape (N, F).

    Raises:
        InputError: if one of them is missing.
    """
    missing = sorted({name for name in names for one in heard if name not in one})
    if missing:
        raise InputError(
            f"The judge has learned from {missing[0][:40]!r}, which is not counted "
            "here; give it clicks from the same kind of listening test."
        )
    return np.array([[one[name] for name in names] for one in heard], dtype=float)


def clicks_words(judge: ClickJudge, n_named: int = 4) -> list[str]:
    """Return what a judge has learned, in words.

    Args:
        judge: trained on clicks.
        n_named: how many features are named, the most used first.
    """
    weights = judge.weights
    words = [
        f"More {name}: taken for real {'more' if weights[name] > 0 else 'less'} often "
        f"(weight {weights[name]:+.2f})."
        for name in judge.most_used[:n_named]
    ]
    told = (
        f"The judge foretells {judge.left_out:.0%} of clicks that it has not learned "
        f"from; who always says the commoner answer foretells {judge.usual:.0%}."
    )
    if judge.left_out <= judge.usual:
        told += " So it has not found what you go by; judge more rounds."
    return [told, *words]

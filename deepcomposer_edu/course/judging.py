"""Faults and borrowed passages in a notebook: seen on the roll, and heard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.course.listening import GRID_TEMPO, Player, play
from deepcomposer_edu.course.showing import Picture, picture
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.faults import Fault, fault_excerpt, find_faults
from deepcomposer_edu.music.grid import Grid, from_grid

TOLD = 3  # faults that the words beside the picture name
SAMPLE_RATE = 44_100
GAP_SECONDS = 0.6  # of silence between two passages


def faults(
    grid: Grid,
    found: Sequence[Fault] | None = None,
    names: Sequence[str] | None = None,
    caption: str = "",
) -> Picture:
    """Return the piano roll with the faults marked; as a last line it shows itself.

    Args:
        grid: the voices.
        found: the faults, such as `grade(grid).faults`; None: looked for now.
        names: which kinds to mark, of `music.faults.FAULT_NAMES`; None: all.
        caption: the sentence under it.
    """
    from deepcomposer_edu.viz.faults import plot_faults

    found = find_faults(grid) if found is None else found
    shown = [fault for fault in found if names is None or fault.name in names]
    words = f"Piano roll of {grid.n_voices} voices with {len(shown)} faults marked"
    first = "; ".join(fault.sentence for fault in shown[:TOLD])
    words += f": {first}{'; and more' if len(shown) > TOLD else ''}." if first else "."
    return picture(plot_faults(grid, shown), words, caption)


def play_fault(grid: Grid, fault: Fault, n_beats: int = 2) -> Player:
    """Return a player of the beats around a fault.

    Args:
        grid: the voices.
        fault: one of theirs.
        n_beats: quarters before and after it.

    Raises:
        InputError: if the fault lies outside the grid.
    """
    if not 0 <= fault.step < grid.n_steps:
        raise InputError(
            f"The fault is at step {fault.step}, but the music has {grid.n_steps} "
            "steps; give the music in which it was found."
        )
    return play(fault_excerpt(grid, fault, n_beats), fault.sentence)


def play_beside(first: Grid, second: Grid, caption: str = "") -> Player:
    """Return a player of two passages one after the other, equally loud.

    Args:
        first: four voices, your passage say.
        second: the other, Bach's say.
        caption: what they are.
    """
    from deepcomposer_edu.music.synth import render

    gap = np.zeros((int(GAP_SECONDS * SAMPLE_RATE), 2), dtype=np.float32)
    sounds = [render(from_grid(g, GRID_TEMPO)) for g in (first, second)]
    audio = np.concatenate([sounds[0], gap, sounds[1]])
    return play(audio, caption, seconds=len(audio) / SAMPLE_RATE)

"""Faults and borrowed passages in a notebook: seen on the roll, heard, and mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from deepcomposer_edu.course.listening import GRID_TEMPO, Player, play
from deepcomposer_edu.course.showing import Picture, picture
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.faults import Fault, fault_excerpt, find_faults
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.score import Metre

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


@dataclass(frozen=True)
class FaultHeard:
    """A fault to hear, and a way to mend it, if one is near.

    Args:
        sentence: the fault in words.
        fix: the change in words, "" if none was found.
        before: the beats around the fault.
        after: the same beats with the change; None if there is none.
    """

    sentence: str
    fix: str
    before: Player
    after: Player | None

    def __repr__(self) -> str:
        return f"{self.sentence}; a fix: {self.fix or 'none is near'}"

    def _repr_html_(self) -> str:
        fix = f"A fix: {escape(self.fix)}." if self.fix else "No fix is near."
        after = self.after._repr_html_() if self.after else ""
        return (
            f"<p><b>{escape(self.sentence)}.</b> {fix}</p>"
            f"{self.before._repr_html_()}{after}"
        )


@dataclass(frozen=True)
class Feedback:
    """What a teacher would say about four voices; it shows itself.

    Args:
        picture: the roll with all faults marked.
        heard: the first of them, to hear and mended.
        n_faults: how many there are.
    """

    picture: Picture
    heard: tuple[FaultHeard, ...]
    n_faults: int

    def __repr__(self) -> str:
        return "\n".join([repr(self.picture), *map(repr, self.heard)])

    def _repr_html_(self) -> str:
        parts = [self.picture, *self.heard]
        return "".join(part._repr_html_() for part in parts)


def feedback(
    grid: Grid,
    metre: Metre | None = None,
    pickup: float = 0,
    n_heard: int = 3,
    caption: str = "",
) -> Feedback:
    """Return what a teacher would say: each fault marked, the first to hear, mended.

    Args:
        grid: soprano, alto, tenor and bass.
        metre: the time signature for bars and beats, by default 4/4.
        pickup: length in steps of an incomplete first bar.
        n_heard: of how many faults there are players, in order of time.
        caption: the sentence under the picture.

    Raises:
        InputError: if there are not four voices.
    """
    from deepcomposer_edu.models.fixes import find_fix
    from deepcomposer_edu.models.wrong_notes import teacher_marks
    from deepcomposer_edu.music.chorale_features import checked_voices

    found = teacher_marks(checked_voices(grid), metre, pickup)
    heard = []
    for fault in found[:n_heard]:
        fix = find_fix(grid, fault, metre, pickup)
        if fix is None:
            before = play_fault(grid, fault)
            heard.append(FaultHeard(fault.sentence, "", before, None))
            continue
        as_it_was, mended = fix.excerpts(grid)
        where = fault.sentence.partition(":")[0]
        before = play(as_it_was, f"Hear it, {where}")
        after = play(mended, f"Hear the fix, {where}")
        heard.append(FaultHeard(fault.sentence, fix.sentence, before, after))
    return Feedback(faults(grid, found, None, caption), tuple(heard), len(found))


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

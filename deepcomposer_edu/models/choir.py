"""A choir: networks that each sing one voice, and write four voices together.

Singing is Gibbs sampling (`orderless_editor.py`), in which each cell is drawn by the
network that sings there. Then the singers go on until they agree: each in turn is asked
for each of its notes, hidden, what it would sing there, and changes those in whose
place it likes another one clearly better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from deepcomposer_edu.models.ar_cnn import EditTask, OnProgress
from deepcomposer_edu.models.cell_drawing import parallels_at
from deepcomposer_edu.models.drawing_order import VOICE_ORDER
from deepcomposer_edu.models.frames import LOW, N_CLASSES, N_PITCHES, to_classes
from deepcomposer_edu.models.orderless import MASK, Canvas
from deepcomposer_edu.models.orderless_editor import OrderlessEditor
from deepcomposer_edu.models.page import bar_times
from deepcomposer_edu.models.repairing import SeenNote, free_notes
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.nn.threads import one_thread

NOBODY = -1  # in a cast: a cell that is given
APART = 4  # of so many notes in a row of a singer, one is hidden at a time
CLEARLY = 0.2  # nats a cell by which another note must be likelier, to be sung instead
MOST_ROUNDS = 8


@dataclass(frozen=True)
class _Settled:
    """What the editor asks about settings: nobody in a choir has learned to doubt."""

    doubts: bool = False


class VoiceOf(nn.Module):
    """One voice of a network that knows all four: it can stand in for a singer.

    Args:
        network: an OrderlessNet.
        row: which voice it sings, 1 to 3.
    """

    def __init__(self, network: nn.Module, row: int) -> None:
        super().__init__()
        self.network, self.row = network, row

    def forward(self, canvas: Canvas) -> tuple[Tensor, Tensor]:
        """Return logits (B, T, N_CLASSES) and those of striking again, (B, T)."""
        logits, repeats = self.network(canvas)
        return logits[:, self.row], repeats[:, self.row]


class Choir(nn.Module):
    """Networks as one that knows all voices: each cell's logits are its singer's.

    Args:
        singers: networks from a Canvas to the logits of one voice, as VoiceNet.
        cast: (4, T) int, the number of the singer of each cell; NOBODY where notes are
            given. A singer sings in one voice.
    """

    def __init__(self, singers: Sequence[nn.Module], cast: np.ndarray) -> None:
        super().__init__()
        self.singers = nn.ModuleList(singers)
        self.cast = cast
        self.config = _Settled()

    def forward(self, canvas: Canvas) -> tuple[Tensor, Tensor]:
        """Return logits (B, 4, T, N_CLASSES) and those of striking again, (B, 4, T).

        What nobody sings has logits of 0, and is never struck again.
        """
        shape = canvas.classes.shape
        logits = torch.zeros(*shape, N_CLASSES)
        repeats = torch.full(shape, -torch.inf)
        for number in np.unique(self.cast[self.cast != NOBODY]).tolist():
            rows, steps = np.nonzero(self.cast == number)
            found, again = self.singers[number](canvas)
            # weights may come from anybody: no singer can silence the others with nan
            logits[:, rows, steps] = found[:, steps].float().nan_to_num()
            repeats[:, rows, steps] = again[:, steps].float().nan_to_num()
        return logits, repeats


def sing(
    choir: Choir,
    grid: Grid,
    *,
    steps_per_bar: int = 16,
    pickup: int = 0,
    passes: int = 96,
    temperature: float = 1.0,
    seed: int = 0,
    on_progress: OnProgress = None,
) -> Grid:
    """Return a piece whose cast cells the choir has written, all others as given.

    Args:
        choir: who sings where.
        grid: (4, T) what is given; the content of cells with a singer is ignored.
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
        passes: of Gibbs sampling. The first 64 draw everything once, from the strong
            beats of the bass on; each 16 more hide and draw a part of it again.
        temperature: creative risk, above 0.
        seed: from which all chance follows.
        on_progress: called with (passes done, passes in all).

    Raises:
        InputError: if a value is not allowed.
    """
    cells = choir.cast != NOBODY
    task = EditTask(
        grid,
        cells,
        cells,
        steps_per_bar=steps_per_bar,
        pickup=pickup,
        iterations=passes,
        temperature=temperature,
        max_added=grid.pitches.size,
        seed=seed,
    )
    return OrderlessEditor(choir).edit(task, on_progress).grid


@dataclass(frozen=True)
class Round:
    """One round in which every singer was asked once.

    Args:
        n_notes: how many notes were asked for.
        n_content: of how many the singer likes none clearly better.
        n_changed: how many were changed; the others of those that are not content
            would have brought parallels, or stand beside a note that changed.
    """

    n_notes: int
    n_content: int
    n_changed: int

    @property
    def share(self) -> float:
        """The share of the notes with which their singers are content, 0 to 1."""
        return self.n_content / self.n_notes if self.n_notes else 1.0


@one_thread()
@torch.inference_mode()
def agree(
    choir: Choir,
    grid: Grid,
    *,
    steps_per_bar: int = 16,
    pickup: int = 0,
    most_rounds: int = MOST_ROUNDS,
) -> tuple[Grid, list[Round]]:
    """Return the piece on which the singers agree, and the rounds that it took.

    They go on until nobody changes a note any more, or for `most_rounds`: networks that
    were trained apart may go round in circles for ever.

    Args:
        choir: who sings where.
        grid: (4, T), all voices written.
        steps_per_bar: length of a bar.
        pickup: steps before the first bar line.
        most_rounds: at least 1.
    """
    choir.eval()
    times = bar_times(grid.n_steps, steps_per_bar, pickup)
    rounds = []
    while len(rounds) < most_rounds and (not rounds or rounds[-1].n_changed):
        notes = free_notes(grid, choir.cast != NOBODY)
        counts = np.zeros(3, dtype=int)
        for row in VOICE_ORDER:
            for number in np.unique(choir.cast[row][choir.cast[row] != NOBODY]):
                own = [
                    note
                    for note in notes
                    if note.voice == row and choir.cast[row, note.start] == number
                ]
                own.sort(key=lambda note: note.start)
                wishes = _wishes(choir.singers[number], grid, own, times)
                grid, n_content, n_changed = _changed(grid, own, wishes)
                counts += len(own), n_content, n_changed
        rounds.append(Round(*counts.tolist()))
    return grid, rounds


def _wishes(
    singer: nn.Module, grid: Grid, notes: list[SeenNote], times: tuple[Tensor, Tensor]
) -> Tensor:
    """Return how a singer likes each pitch in place of each note, (N, P), nats a cell.

    A note and its neighbours are not hidden together.
    """
    beat, phase = times
    found = torch.zeros(len(notes), N_PITCHES)
    known = to_classes(grid.pitches)
    groups = [range(first, len(notes), APART) for first in range(APART)]
    groups = [group for group in groups if group]
    if not groups:
        return found
    canvas = known.repeat(len(groups), 1, 1)  # (G, 4, T)
    for classes, group in zip(canvas, groups, strict=True):
        for i in group:
            classes[notes[i].cells] = MASK
    logits, _ = singer(Canvas(canvas, phase, beat))  # (G, T, V)
    log_p = logits.float().nan_to_num().log_softmax(-1)
    for row, group in zip(log_p, groups, strict=True):
        for i in group:
            here = row[notes[i].start : notes[i].stop, :N_PITCHES]
            found[i] = here.mean(0)
    return found


def _changed(
    grid: Grid, notes: list[SeenNote], wishes: Tensor
) -> tuple[Grid, int, int]:
    """Return the piece with some of a singer's notes changed, and two counts.

    Returns:
        The piece, how many notes the singer was content with, how many it changed.
    """
    pitches, n_content, changed = grid.pitches.copy(), 0, []
    rows = to_classes(pitches).tolist()
    for i, note in enumerate(notes):
        now = rows[note.voice][note.start]
        best = int(wishes[i].argmax())
        if not wishes[i, best] - wishes[i, now] > CLEARLY:
            n_content += 1
        elif i - 1 not in changed and not _runs_parallel(rows, note, best):
            rows[note.voice][note.start : note.stop] = [best] * (note.stop - note.start)
            pitches[note.cells] = best + LOW
            changed.append(i)
    return Grid(pitches, grid.onsets), n_content, len(changed)


def _runs_parallel(rows: list[list[int]], note: SeenNote, wanted: int) -> bool:
    """Return whether a class would bring a note into parallel fifths or octaves."""
    there = range(note.start, note.stop)
    before = rows[note.voice][note.start : note.stop]
    rows[note.voice][note.start : note.stop] = [wanted] * len(there)
    is_bad = any(wanted in parallels_at(rows, note.voice, t) for t in there)
    rows[note.voice][note.start : note.stop] = before
    return is_bad

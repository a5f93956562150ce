"""An editor without a network: quick, and known beforehand.

desk = EditDesk(score, editor=StubEditor())
StubEditor.pitch(voice, step, seed)   # what it writes there
"""

from __future__ import annotations

import threading

import numpy as np

from deepcomposer_edu.models.ar_cnn import Edited, EditTask
from deepcomposer_edu.music.edits import edits_between, replay_edits
from deepcomposer_edu.music.grid import Grid

CHORDS = ((76, 67, 60, 48), (74, 67, 59, 43), (77, 69, 60, 53), (76, 69, 64, 45))
PATIENCE = 60  # seconds; only a test that fails waits that long


class StubEditor:
    """Writes a chord on each beat of what it may change, in two passes.

    Args:
        waits: whether it stands still after the first pass until `go` is set.
    """

    name, weight_sha256, network = "stub", "0" * 64, None

    def __init__(self, waits: bool = False) -> None:
        self.tasks: list[EditTask] = []
        self.go = threading.Event()
        self.reached = threading.Event()  # the first pass is over
        if not waits:
            self.go.set()

    @staticmethod
    def pitch(voice: int, step: int, seed: int = 0) -> int:
        """Return what it writes into a cell."""
        return CHORDS[(step // 4 + seed) % len(CHORDS)][voice]

    def edit(self, task: EditTask, on_progress=None, on_edit=None) -> Edited:
        """Change every cell that may be changed."""
        self.tasks.append(task)
        now, edits = task.start, []
        for number, voices in enumerate(((0, 1), (2, 3)), start=1):
            pitches = now.pitches.copy()
            for voice in voices:
                free = np.flatnonzero(task.may_change[voice])
                pitches[voice, free] = [self.pitch(voice, t, task.seed) for t in free]
            after = Grid(pitches, now.onsets)
            sure = np.full(pitches.shape, 0.25 * number + 0.37)
            made = edits_between(now, after, number, sure)
            for edit in made if on_edit is not None else ():
                on_edit(edit)
            edits, now = [*edits, *made], after
            self.reached.set()
            assert self.go.wait(PATIENCE)
            if on_progress is not None:
                on_progress(number, 2)
        *_, now = (task.start, *replay_edits(task.start, edits))
        return Edited(task.start, now, tuple(edits))

"""Which notes, and which parts of long ones, may be changed to mend a fault."""

from __future__ import annotations

from collections.abc import Sequence

from deepcomposer_edu.music.faults import BEAT, Fault, Run, runs
from deepcomposer_edu.music.grid import Grid


def places_to_change(
    grid: Grid, fault: Fault, step: int, keep: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Return where a change may help: voice, first step, the step after the last.

    The notes of the voices concerned that sound at the fault, those before and after,
    and the parts of the long ones.

    Args:
        grid: the music.
        fault: what is to be mended.
        step: where it is in this music.
        keep: voices that stay as they are unless the fault is theirs alone.
    """
    may_change = [v for v in fault.voices if v not in keep] or list(fault.voices)
    found = []
    for voice in may_change:
        line = runs(grid, voice)
        here = [i for i, run in enumerate(line) if run.start <= step < run.end]
        if not here:
            continue
        i = here[0]
        run = line[i]
        found.append((voice, run.start, run.end))
        found += [(voice, r.start, r.end) for r in line[max(i - 1, 0) : i]]
        found += [(voice, r.start, r.end) for r in line[i + 1 : i + 2]]
        if run.start < step:
            found.append((voice, step, run.end))
        if run.end - run.start > BEAT:
            first = max(step, run.start)
            found.append((voice, first, min(first // BEAT * BEAT + BEAT, run.end)))
            found += _beats(voice, run)
    return list(dict.fromkeys(found))


def _beats(voice: int, run: Run) -> list[tuple[int, int, int]]:
    """Return some beats within a very long note, from its middle outwards."""
    starts = range(-(-run.start // BEAT) * BEAT, run.end - BEAT + 1, BEAT)
    middle = (run.start + run.end) / 2
    return [
        (voice, start, start + BEAT)
        for start in sorted(starts, key=lambda s: abs(s - middle))[:6]
    ]

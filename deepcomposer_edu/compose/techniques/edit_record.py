"""Every edit of a composition, written down with it and read back without a network.

The record holds the voices before the first edit and after the last as notes, and a row
of seven numbers for each edit. It stands in the provenance under "edits".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.edits import Edit
from deepcomposer_edu.music.grid import REST, Grid, voice_notes

if TYPE_CHECKING:
    from deepcomposer_edu.compose.prepare import Melody
    from deepcomposer_edu.models.ar_cnn import Edited

N_VOICES = 4
DIGITS = 4  # of a probability
MAX_STEPS = 1 << 16
Notes = list[list[int]]  # [start, pitch, steps] of each note of a voice


@dataclass(frozen=True)
class RecordedEdits:
    """The edits of a composition, with what is needed to show them.

    Args:
        edited: the voices before, the voices after, and the edits between them; steps
            are counted from `offset`.
        tempo: quarter notes per minute, at the beginning.
        steps_per_bar: length of a bar.
        pickup: steps before the first bar line after `offset`.
        offset: step of the score at which the voices begin; silence comes before it.
        score_pickup: steps before the score's own first bar line.
    """

    edited: Edited
    tempo: float
    steps_per_bar: int
    pickup: int
    offset: int = 0
    score_pickup: int = 0

    def sentences(self) -> list[str]:
        """Return each edit in words, with the score's own bar numbers."""
        bars = (self.offset, self.steps_per_bar, self.score_pickup)
        return edit_sentences(self.edited.edits, *bars)


def edit_sentences(
    edits: Iterable[Edit], offset: int, steps_per_bar: int, score_pickup: int
) -> list[str]:
    """Return edits in words, with the score's own bar numbers.

    Args:
        edits: their steps are counted from `offset`.
        offset: step of the score at which the edited voices begin.
        steps_per_bar: length of a bar.
        score_pickup: steps before the score's first bar line.
    """
    return [
        replace(edit, start=edit.start + offset).sentence(steps_per_bar, score_pickup)
        for edit in edits
    ]


def edits_record(
    melody: Melody, edited: Edited, score_pickup: int
) -> dict[str, object]:
    """Return what a composition's provenance says about its edits.

    Args:
        melody: the prepared melody.
        edited: what the network answered.
        score_pickup: steps before the score's first bar line.
    """
    return {
        "steps_per_bar": melody.steps_per_bar,
        "pickup": melody.pickup,
        "offset": melody.offset,
        "score_pickup": score_pickup,
        "n_steps": edited.grid.n_steps,
        "start": _notes_of(edited.start),
        "end": _notes_of(edited.grid),
        "rows": [
            [
                edit.voice,
                edit.start,
                edit.n_steps,
                edit.before,
                edit.after,
                round(edit.probability, DIGITS),
                edit.iteration,
            ]
            for edit in edited.edits
        ],
    }


def recorded_edits(provenance: Mapping) -> RecordedEdits:
    """Return the edits that a composition's provenance records.

    Args:
        provenance: of a composition, or the content of a composition.json.

    Raises:
        InputError: if the piece was not made by a technique that edits, or the record
            is damaged.
    """
    from deepcomposer_edu.models.ar_cnn import Edited

    record = provenance.get("edits")
    if record is None:
        raise InputError(
            f"The piece was made by {str(provenance.get('technique'))[:30]}, which "
            "makes no single edits; give one made with the technique ar-cnn."
        )
    try:
        steps, pickup, offset, score_pickup, n_steps = (
            _count(record[name])
            for name in ("steps_per_bar", "pickup", "offset", "score_pickup", "n_steps")
        )
        start, end = (_grid_of(record[name], n_steps) for name in ("start", "end"))
        edits = tuple(
            Edit(*map(_whole, row[:5]), float(row[5]), _count(row[6]))
            for row in record["rows"]
        )
        _refuse_other_notes(start, end, edits)
        tempo = float(provenance["result"]["score"]["tempo"])
        if steps < 1 or not 1 <= tempo <= 10_000:
            raise ValueError(tempo)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        raise InputError(
            "The provenance is damaged: its record of edits does not fit together; "
            "give the composition.json that compose wrote."
        ) from None
    return RecordedEdits(
        Edited(start, end, edits), tempo, steps, pickup, offset, score_pickup
    )


def _notes_of(grid: Grid) -> list[Notes]:
    """Return the notes of each voice as [start, pitch, steps]."""
    return [
        [[note.start, note.pitch, note.duration] for note in voice_notes(grid, voice)]
        for voice in range(grid.n_voices)
    ]


def _grid_of(voices: list[Notes], n_steps: int) -> Grid:
    """Return the grid of recorded notes, or raise an error if they do not fit."""
    if len(voices) != N_VOICES or n_steps > MAX_STEPS:
        raise ValueError(n_steps)
    pitches = np.full((N_VOICES, n_steps), REST)
    onsets = np.zeros((N_VOICES, n_steps), dtype=bool)
    for voice, notes in enumerate(voices):
        for given in notes:
            start, pitch, length = map(_count, given)
            if not (length and start + length <= n_steps):
                raise ValueError(given)
            pitches[voice, start : start + length] = pitch
            onsets[voice, start] = True
    return Grid(pitches, onsets)


def _refuse_other_notes(start: Grid, end: Grid, edits: tuple[Edit, ...]) -> None:
    """Raise a ValueError unless the edits lead from one grid's pitches to the other."""
    pitches = start.pitches.copy()
    for edit in edits:
        if edit.start + edit.n_steps > start.n_steps:
            raise ValueError(edit)
        pitches[edit.voice, edit.start : edit.start + edit.n_steps] = edit.after
    if not np.array_equal(pitches, end.pitches):
        raise ValueError("other notes")


def _whole(value: object) -> int:
    """Return a whole number, or raise a TypeError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def _count(value: object) -> int:
    """Return a whole number from 0 on, or raise an error."""
    if _whole(value) < 0:
        raise ValueError(value)
    return value

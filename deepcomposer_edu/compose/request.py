"""What a technique is asked for, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deepcomposer_edu.compose.genres import PLAIN, VOICES
from deepcomposer_edu.compose.prepare import Melody
from deepcomposer_edu.music.grid import Grid, voice_notes
from deepcomposer_edu.music.pianoroll import fold_pitch
from deepcomposer_edu.music.score import Note, Track

if TYPE_CHECKING:
    from deepcomposer_edu.compose.models import Model

LOWEST, HIGHEST = 24, 108  # C1 to C8: below and above, instruments do not sound
QUIETER = 0.85  # the voices' velocity relative to the melody's


@dataclass(frozen=True)
class Voices:
    """What a technique made.

    Args:
        tracks: the voices below the melody, in the score's time.
        weights: name and SHA-256 of the weights used, or None.
        melody: what follows the given melody, in the score's time.
        changed: the melody itself, if the technique edited it; None: it stays.
        edits: a record of single edits, for the provenance; see `edit_record`.
        notes: a sentence for each thing that the listener should know.
    """

    tracks: tuple[Track, ...]
    weights: dict[str, object] | None = None
    melody: tuple[Note, ...] = ()
    notes: tuple[str, ...] = ()
    changed: tuple[Note, ...] | None = None
    edits: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Request:
    """What a technique is asked for; all values are checked.

    Args:
        melody: the prepared melody.
        seed: from which every random choice follows.
        parameters: a value for each of the technique's parameters.
        model: the network to use, for techniques that use one.
        on_progress: called with (parts done, parts in all); what it raises ends the
            work.
        style: which of the genres that the technique has learned.
        below: the voices that were given with the melody, three or none.
    """

    melody: Melody
    seed: int
    parameters: Mapping[str, object] = field(default_factory=dict)
    model: Model | None = None
    on_progress: Callable[[int, int], None] | None = None
    style: str = PLAIN
    below: tuple[Track, ...] = ()


def voices_below(melody: Melody, grid: Grid) -> tuple[Track, ...]:
    """Return voices 1 to 3 of a harmonised grid as tracks in the score's time.

    The models may have heard the melody octaves away from where it was given and
    without its silent bars; here the voices are moved back to it.

    Args:
        melody: the prepared melody.
        grid: four voices, shape (4, T), in the melody's own key.
    """
    velocity = max(round(melody.velocity * QUIETER), 1)
    return tuple(
        Track(as_given(melody, voice_notes(grid, voice), velocity), name)
        for voice, name in enumerate(VOICES[1:], start=1)
    )


def as_given(
    melody: Melody, notes: Iterable[Note], velocity: int, start: int = 0
) -> tuple[Note, ...]:
    """Return notes that a model wrote where they belong in the given music.

    Args:
        melody: the prepared melody, which the model may have heard octaves higher.
        notes: in the grid's time.
        velocity: how loud they become.
        start: step of `melody.grid` from which they are counted.
    """
    return tuple(
        Note(
            note.start + melody.offset + start,
            fold_pitch(note.pitch - 12 * melody.octaves, LOWEST, HIGHEST),
            note.duration,
            velocity,
        )
        for note in notes
    )

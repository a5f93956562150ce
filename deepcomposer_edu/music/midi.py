"""MIDI files in and out, without loss of anything that a Score can say.

Reading checks the bytes first (`midi_check`), then mido parses them and positions are
taken from the file's ticks (`midi_read`). Writing goes through mido too (`midi_write`).
pretty_midi, which counts in seconds, is one call away.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from deepcomposer_edu.music.midi_read import read_midi
from deepcomposer_edu.music.midi_write import midi_bytes, write_midi
from deepcomposer_edu.music.score import Score

if TYPE_CHECKING:
    import pretty_midi

__all__ = [
    "from_pretty_midi",
    "midi_bytes",
    "read_midi",
    "to_pretty_midi",
    "write_midi",
]


def to_pretty_midi(score: Score) -> pretty_midi.PrettyMIDI:
    """Return the score as a pretty_midi object, with times in seconds."""
    import pretty_midi

    return pretty_midi.PrettyMIDI(BytesIO(midi_bytes(score)))


def from_pretty_midi(midi: pretty_midi.PrettyMIDI) -> Score:
    """Return the score in a pretty_midi object, rounded to its ticks."""
    target = BytesIO()
    midi.write(target)
    return read_midi(target.getvalue())

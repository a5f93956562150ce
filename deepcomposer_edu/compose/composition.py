"""What `compose` gives back: the music, how it came to be, and files of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deepcomposer_edu.music.score import Note, Score


@dataclass(frozen=True, repr=False)
class Composition:
    """Music made by a technique, that knows how it came to be.

    Args:
        score: the music; track 0 begins with the given melody, note for note.
        provenance: technique, parameters, seed, weights, versions, parents and result,
            as written to composition.json.
        notes: one sentence for each thing that was done to the input.
        parents: the composition that this one was made from, if there was one.
    """

    score: Score
    provenance: dict
    notes: list[str] = field(default_factory=list)
    parents: tuple[Composition, ...] = ()

    def __repr__(self) -> str:
        made, score = self.provenance, self.score
        return (
            f"Composition({made['technique']}, {made['genre']}, seed {made['seed']}: "
            f"{len(score.notes)} notes, {score.seconds:.1f} s)"
        )

    @property
    def given_notes(self) -> tuple[Note, ...]:
        """The notes of track 0 that were given; a network wrote those after them."""
        notes, n_given = self.score.tracks[0].notes, self.provenance.get("n_given")
        return notes[:n_given] if isinstance(n_given, int) else notes

    def save(
        self,
        folder: str | Path,
        parts: str | Sequence[str] | None = None,
        progress: Callable[[float, str], None] | None = None,
    ) -> dict[str, Path]:
        """Write composition.mid, .wav, .mp3, .png and .json, all of them or none.

        Args:
            folder: where to write; it is made if it does not exist.
            parts: which of "mid", "wav", "mp3", "musicxml", "png", "mp4", "json" to
                write, or "all"; None: the five named above.
            progress: called in this thread with the share done, 0 to 1, and what is
                being done in words; what it raises stops the work, and nothing is left.

        Returns:
            The path of each part written.

        Raises:
            InputError: if something cannot be written; then nothing has changed.
        """
        from deepcomposer_edu.compose.export.saving import save_composition

        return save_composition(self, folder, parts, progress)

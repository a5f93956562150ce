"""What a session does to hear a difference: compare two versions, move one note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deepcomposer_edu.compose.comparing.listening import Listening, does_it_listen
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.session.base import SessionBase
from deepcomposer_edu.errors import InputError


@dataclass(frozen=True)
class Pair:
    """Two pieces that are heard in turn.

    Args:
        a: the one before, or as it was.
        b: the one after.
        changed_a: [track, note index] of the notes that only `a` has.
        changed_b: the same for `b`.
        sentence: what differs, in words.
        other: the id of the version that `b` is, None for a moved note.
    """

    a: Composition
    b: Composition
    changed_a: Sequence[Sequence[int]]
    changed_b: Sequence[Sequence[int]]
    sentence: str
    other: str | None = None


class CompareSession(SessionBase):
    """The part of a `Session` that compares; of no use alone."""

    def _begin_comparing(self) -> None:
        self.pair: Pair | None = None
        self.heard = "a"
        self.listening: Listening | None = None
        self.asked_semitones = 2  # how far the note was moved last

    @property
    def shown(self) -> Composition | None:
        """What is to be seen and heard now: the current version, or B of a pair."""
        if self.pair is not None:
            return self.pair.a if self.heard == "a" else self.pair.b
        return self.current.composition if self.current else None

    def compare(self, version_id: str | None) -> Pair | None:
        """Compare the current version with another; None ends comparing.

        Raises:
            InputError: if nothing is composed, or there is no such version.
        """
        self._show_current()
        if version_id is None:
            return None
        current, other = self._needed(), self.versions.get(version_id)
        if current.id == other.id:
            raise InputError(
                "A version cannot be compared with itself; choose another one."
            )
        found = self.versions.compare(current, other)
        self.pair = Pair(
            current.composition,
            other.composition,
            found.before,
            found.after,
            found.sentence,
            other.id,
        )
        return self.pair

    def hear(self, which: str) -> None:
        """Hear "a" or "b" of what is compared.

        Raises:
            InputError: if nothing is compared.
        """
        if self.pair is None or which not in ("a", "b"):
            raise InputError(
                f"{str(which)[:20]!r} cannot be heard; compare two versions first, "
                'then choose "a" or "b".'
            )
        self.heard = which

    def ask(self, note: int, semitones: int) -> Listening:
        """Move one melody note of the current version and see what else changes.

        Args:
            note: its number in the melody, from 0.
            semitones: how far it moves, up if above 0.

        Raises:
            InputError: if there is no such note, or it cannot move there.
        """
        found = does_it_listen(self._needed().composition, note, semitones=semitones)
        self.listening, self.heard = found, "b"
        self.asked_semitones = semitones
        moved = [[0, note]]
        self.pair = Pair(
            found.before,
            found.after,
            [*moved, *found.changed_before],
            [*moved, *found.changed_after],
            found.sentence,
        )
        return found

    def end_asking(self) -> None:
        """Go back to the current version as it is."""
        self._show_current()

    def _show_current(self) -> None:
        super()._show_current()
        self.pair, self.listening, self.heard = None, None, "a"

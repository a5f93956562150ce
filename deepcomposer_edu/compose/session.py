"""A session in the studio: everything that it does, without a screen.

A melody lies on a desk; a technique, a genre, a seed and parameters are chosen; what is
composed becomes a version in a tree and is kept at once. Two versions can be compared,
a melody note can be moved to see whether the model listens, and a version is saved as
files. The studio's panels (`widgets/studio.py`) show a session and change it; tests and
scripts do the same without them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deepcomposer_edu.compose.choices import Choices
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.export import DEFAULT_PARTS, check_target, checked_parts
from deepcomposer_edu.compose.instruments import with_instruments
from deepcomposer_edu.compose.interface import compose
from deepcomposer_edu.compose.listening import Listening, does_it_listen
from deepcomposer_edu.compose.melody_desk import MelodyDesk
from deepcomposer_edu.compose.parameters import MAX_SEED
from deepcomposer_edu.compose.replay import replay
from deepcomposer_edu.compose.session_arrange import ArrangeSession
from deepcomposer_edu.compose.session_marks import MarksSession
from deepcomposer_edu.compose.session_parts import (
    first_melody,
    folder_name,
    recipe_key,
)
from deepcomposer_edu.compose.session_publish import PublishSession
from deepcomposer_edu.compose.session_raw import RawSession
from deepcomposer_edu.compose.versions import ROOT, Version, Versions
from deepcomposer_edu.errors import InputError

FOLDER = Path("my_music") / "studio"  # beside the notebook
REPLAYED = ", other instruments"  # at the end of such a version's name
Progress = Callable[[float | None, str], None]


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """The work was ended by `Session.cancel`."""


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


class Session(ArrangeSession, MarksSession, PublishSession, RawSession, Choices):
    """The state of a studio, and what can be done with it.

    Args:
        folder: where versions and files go; None: `my_music/studio`, beside the
            notebook.
        tune: the tune that lies on the desk at first.
        genre: what is chosen at first; None: what the technique is best at.
        technique: the same.
        seed: the same.

    Raises:
        InputError: if something given is unknown, or the folder is a file.

    >>> session = Session("out")  # doctest: +SKIP
    >>> session.compose().summary()  # doctest: +SKIP
    '1: wgan (bach), seed 0'
    """

    def __init__(
        self,
        folder: str | Path | None = None,
        tune: str = "ode-to-joy",
        genre: str | None = None,
        technique: str = "wgan",
        seed: int = 0,
    ) -> None:
        super().__init__(genre, technique, seed)
        self.folder = check_target(FOLDER if folder is None else folder, ())
        self.desk = MelodyDesk(tune)
        self.versions = Versions(self.folder / "versions")
        self.origin: str | None = None  # the version that a chain starts from
        self.pair: Pair | None = None
        self.heard = "a"
        self.listening: Listening | None = None
        self.asked_semitones = 2  # how far the note was moved last
        self.parts: tuple[str, ...] = DEFAULT_PARTS
        self.files: dict[str, Path] = {}
        self._cancelled = threading.Event()
        self._begin_arranging()
        self._begin_publishing()
        self._forget_marks()

    # --- composing

    def start_from(self, version_id: str | None) -> None:
        """Chain: compose on what a version is; None: on the melody of the desk.

        Raises:
            InputError: if there is no such version.
        """
        self.origin = None if version_id is None else self.versions.get(version_id).id

    def compose(self, progress: Progress | None = None) -> Version:
        """Compose, keep the result as a version, and make it the current one.

        Composing again with nothing changed goes to the version that is there.

        Args:
            progress: called with the share done, 0 to 1 or None, and words.

        Raises:
            InputError: if it cannot be composed or kept.
            Cancelled: if `cancel` was called meanwhile; nothing has changed then.
        """
        self._cancelled.clear()
        chained = self.versions.get(self.origin) if self.origin else None
        state = self.desk.state
        if chained is not None:
            melody, tempo = chained.composition, None
        elif state.is_a_tune_as_it_ships:
            melody, tempo = state.name, state.tempo
        else:
            melody, tempo = self.desk.score, None

        def count(done: int, total: int) -> None:
            self._go_on()
            if progress:
                progress(done / max(total, 1), f"part {done} of {total}")

        if progress:
            progress(None, "composing")
        made = compose(
            melody,
            technique=self.technique,
            genre=self.genre,
            seed=self.seed,
            tempo=tempo,
            on_progress=count,
            **self.values,
        )
        self._go_on()
        same = self._same_as(made)
        if same is not None:
            return self.go(same.id)
        version = self.versions.add(made, self._parent_of(made, chained))
        self._show_current()
        return version

    def try_again(self, progress: Progress | None = None) -> Version:
        """Compose with the next seed.

        Raises:
            InputError: as `compose` does.
            Cancelled: as `compose` does; the seed is then what it was.
        """
        before = self.seed
        self.seed = 0 if before == MAX_SEED else before + 1
        try:
            return self.compose(progress)
        except BaseException:
            self.seed = before
            raise

    def cancel(self) -> None:
        """End the work that goes on in another thread, at its next step."""
        self._cancelled.set()

    def _go_on(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled

    def _same_as(self, made: Composition) -> Version | None:
        """Return the version that has the same notes by the same recipe, if any."""
        wanted = recipe_key(made.provenance)
        for version in self.versions:
            if recipe_key(version.composition.provenance) == wanted:
                return version
        return None

    def _parent_of(self, made: Composition, chained: Version | None) -> str | None:
        """Return where a new version belongs: a new melody begins a new tree."""
        if chained is not None:
            return chained.id
        current = self.versions.current
        if current is None:
            return None
        is_same = first_melody(current.composition) == first_melody(made)
        return None if is_same else ROOT

    # --- versions

    @property
    def current(self) -> Version | None:
        """The version that is heard, None while there is none."""
        return self.versions.current

    @property
    def shown(self) -> Composition | None:
        """What is to be seen and heard now: the current version, or B of a pair."""
        if self.pair is not None:
            return self.pair.a if self.heard == "a" else self.pair.b
        return self.current.composition if self.current else None

    @property
    def changed(self) -> list[list[int]]:
        """[track, note index] of the notes of `shown` that differ from its pair.

        Without a pair, those of the mark that is looked at.
        """
        if self.pair is None:
            return self.lit
        pair = self.pair
        changed = pair.changed_a if self.heard == "a" else pair.changed_b
        return [list(address) for address in changed]

    def go(self, version_id: str) -> Version:
        """Make a version the current one.

        Raises:
            InputError: if there is no such version.
        """
        version = self.versions.go(version_id)
        self._show_current()
        return version

    def undo(self) -> Version | None:
        """Go back to the version that the current one was made from."""
        version = self.versions.undo()
        self._show_current()
        return version

    def redo(self) -> Version | None:
        """Go forward again."""
        version = self.versions.redo()
        self._show_current()
        return version

    def rename(self, version_id: str, text: str) -> Version:
        """Give a version a name of your own.

        Raises:
            InputError: if there is no such version, or the name is too long.
        """
        return self.versions.label(version_id, text)

    def _show_current(self) -> None:
        self.pair, self.listening, self.heard, self.files = None, None, "a", {}
        self.mark = None

    def _needed(self) -> Version:
        if self.current is None:
            raise InputError(
                "Nothing is composed yet; press Compose, or call compose(), first."
            )
        return self.current

    # --- comparing and asking

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

    def replay(self, progress: Progress | None = None) -> str:
        """Make the current version again from its recipe, and say how it went.

        Args:
            progress: called with None and words.

        Raises:
            InputError: if nothing is composed, or the notes are others: it says what
                differs.
        """
        current = self._needed()
        if progress:
            progress(None, "making it again")
        again = replay(dict(current.composition.provenance))
        told = [note for note in again.notes if note not in current.composition.notes]
        words = f"Made again from its recipe: the same {len(again.score.notes)} notes."
        return " ".join([words, *told])

    # --- instruments and files

    def use_instruments(self, instruments: Sequence[str | int]) -> Version:
        """Let other instruments play the current version; the notes stay the same.

        Args:
            instruments: General MIDI names or numbers, or timbres such as
                "wavenet:organ": one, two (for the melody and the rest), or one for
                each track that is not drums.

        Returns:
            The version with these instruments, a child of the one before; if nothing
            differs, the current one.

        Raises:
            InputError: if nothing is composed, or the instruments do not fit.
        """
        current = self._needed()
        made = with_instruments(current.composition, instruments)
        before = current.composition
        if recipe_key(made.provenance) == recipe_key(before.provenance):
            return current
        version = self._same_as(made)
        if version is None:
            name = current.label or f"Version {current.number}"
            label = f"{name.removesuffix(REPLAYED)[:100]}{REPLAYED}"
            version = self.versions.add(made, label=label)
        return self.go(version.id)

    def choose_parts(self, parts: str | Sequence[str]) -> None:
        """Choose what is saved, of `compose.export.PARTS`.

        Raises:
            InputError: if a part is unknown or there are none.
        """
        self.parts = checked_parts(parts)

    def save(
        self,
        parts: str | Sequence[str] | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Path]:
        """Write the current version as files into a folder of its own.

        Args:
            parts: which; None: those chosen.
            progress: called with the share done, 0 to 1, and words.

        Returns:
            The path of each part.

        Raises:
            InputError: if nothing is composed, or it cannot be written.
            Cancelled: if `cancel` was called meanwhile; nothing is written then.
        """
        self._cancelled.clear()
        current = self._needed()
        if parts is not None:
            self.choose_parts(parts)

        def tell(share: float, words: str) -> None:
            self._go_on()
            if progress:
                progress(share, words)

        folder = self.folder / folder_name(current)
        self.files = current.composition.save(folder, self.parts, progress=tell)
        return self.files

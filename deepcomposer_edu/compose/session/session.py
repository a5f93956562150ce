"""A session in the studio: everything that it does, without a screen.

A melody lies on a desk; a technique, a genre, a seed and parameters are chosen; what is
composed becomes a version in a tree and is kept at once. Two versions can be compared,
a melody note can be moved to see whether the model listens, and a version is saved as
files. The studio's panels (`widgets/studio.py`) show a session and change it; tests and
scripts do the same without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.export.saving import (
    DEFAULT_PARTS,
    check_target,
    checked_parts,
)
from deepcomposer_edu.compose.instruments import with_instruments
from deepcomposer_edu.compose.interface import compose
from deepcomposer_edu.compose.parameters import MAX_SEED
from deepcomposer_edu.compose.replay import replay
from deepcomposer_edu.compose.session.arrange import ArrangeSession
from deepcomposer_edu.compose.session.base import Progress
from deepcomposer_edu.compose.session.choices import Choices
from deepcomposer_edu.compose.session.compare import CompareSession
from deepcomposer_edu.compose.session.marks import MarksSession
from deepcomposer_edu.compose.session.melody_desk import MelodyDesk
from deepcomposer_edu.compose.session.parts import (
    first_melody,
    folder_name,
    recipe_key,
)
from deepcomposer_edu.compose.session.publish import PublishSession
from deepcomposer_edu.compose.session.raw import RawSession
from deepcomposer_edu.compose.versions import ROOT, Version

FOLDER = Path("my_music") / "studio"  # beside the notebook
REPLAYED = ", other instruments"  # at the end of such a version's name


class Session(
    CompareSession, MarksSession, ArrangeSession, PublishSession, RawSession, Choices
):
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
        self._begin(check_target(FOLDER if folder is None else folder, ()))
        self._begin_comparing()
        self._begin_arranging()
        self._begin_publishing()
        self._forget_marks()
        self.desk = MelodyDesk(tune)
        self.origin: str | None = None  # the version that a chain starts from
        self.parts: tuple[str, ...] = DEFAULT_PARTS

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
        tell = self._begin_work(progress)
        chained = self.versions.get(self.origin) if self.origin else None
        state = self.desk.state
        if chained is not None:
            melody, tempo = chained.composition, None
        elif state.is_a_tune_as_it_ships:
            melody, tempo = state.name, state.tempo
        else:
            melody, tempo = self.desk.score, None

        def count(done: int, total: int) -> None:
            tell(done / max(total, 1), f"part {done} of {total}")

        tell(None, "composing")
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
        return self._keep(made, self._parent_of(made, chained))

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

    def _parent_of(self, made: Composition, chained: Version | None) -> str | None:
        """Return where a new version belongs: a new melody begins a new tree."""
        if chained is not None:
            return chained.id
        current = self.versions.current
        if current is None:
            return None
        is_same = first_melody(current.composition) == first_melody(made)
        return None if is_same else ROOT

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

    # --- making it again, instruments and files

    def replay(self, progress: Progress | None = None) -> str:
        """Make the current version again from its recipe, and say how it went.

        Args:
            progress: called with None and words.

        Raises:
            InputError: if nothing is composed, or the notes are others: it says what
                differs.
        """
        tell, current = self._begin_work(progress), self._needed()
        tell(None, "making it again")
        again = replay(dict(current.composition.provenance))
        told = [note for note in again.notes if note not in current.composition.notes]
        words = f"Made again from its recipe: the same {len(again.score.notes)} notes."
        return " ".join([words, *told])

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
        name = current.label or f"Version {current.number}"
        label = f"{name.removesuffix(REPLAYED)[:100]}{REPLAYED}"
        return self._keep(made, label=label)

    def choose_parts(self, parts: str | Sequence[str]) -> None:
        """Choose what is saved, of `compose.export.saving.PARTS`.

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
        tell, current = self._begin_work(progress), self._needed()
        if parts is not None:
            self.choose_parts(parts)
        folder = self.folder / folder_name(current)
        self.files = current.composition.save(folder, self.parts, progress=tell)
        return self.files

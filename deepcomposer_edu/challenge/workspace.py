"""The folder in which an entry grows: its card, its music, its versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from deepcomposer_edu.challenge.brief import brief_text
from deepcomposer_edu.challenge.card import Card, read_card, write_card
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.export.saving import save_score
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.compose.raw_sound.timbres import recorded_timbres
from deepcomposer_edu.compose.version_files import read_composition
from deepcomposer_edu.compose.versions import Versions
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path

__all__ = ["NAME", "PARTS", "Card", "Workspace", "new_workspace"]

NAME = "entry"  # of the music's files
CARD, BRIEF = "card.json", "BRIEF.md"
PARTS = ("mid", "wav", "mp3", "musicxml", "json")


class Workspace:
    """An entry in the making.

    In its folder lie `card.json`, `BRIEF.md`, the music as `entry.json` (how it was
    made), `entry.mid`, `.wav`, `.mp3` and `.musicxml`, and `versions/`.

    Args:
        folder: as `new_workspace` made it.

    Raises:
        InputError: if there is no card in it.

    >>> work = new_workspace("my_minute", Card(title="To space"))  # doctest: +SKIP
    >>> work.save(arrange("out/composition.json"))  # doctest: +SKIP
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not (self.folder / CARD).is_file():
            raise InputError(
                f"{self.folder} is no workspace of the challenge: it has no {CARD}; "
                f"make one with `deepcomposer challenge new {self.folder.name}`."
            )

    def __repr__(self) -> str:
        return f"Workspace({str(self.folder)!r})"

    @property
    def card(self) -> Card:
        """What the composers say, read anew each time.

        Raises:
            InputError: if the file is damaged.
        """
        return read_card(self.folder / CARD)

    def save_card(self, card: Card) -> Path:
        """Write the card and return its path."""
        return write_card(self.folder / CARD, card)

    @property
    def has_music(self) -> bool:
        """Whether music was saved."""
        return self.path("json").is_file()

    def path(self, part: str) -> Path:
        """Return where a part of the entry lies, such as "wav", there or not."""
        return self.folder / f"{NAME}.{part}"

    @property
    def composition(self) -> Composition:
        """The music as it was saved, nothing made again.

        Raises:
            InputError: if there is none yet, or it is damaged.
        """
        if not self.has_music:
            raise InputError(
                f"There is no music in {self.folder} yet; save some with "
                "Workspace.save(composition), or with `deepcomposer arrange ... -o`."
            )
        return read_composition(self.path("json"))

    @property
    def versions(self) -> Versions:
        """Every composition that was saved, the last one current."""
        return Versions(self.folder / "versions")

    def save(
        self,
        composition: Composition,
        parts: Sequence[str] = PARTS,
        progress: Callable[[float, str], None] | None = None,
    ) -> dict[str, Path]:
        """Write the music of the entry, all parts or none, and keep it as a version.

        Args:
            composition: what becomes the entry.
            parts: of `compose.export.saving.PARTS`; "json" is always among them.
                Earlier sound and notation of other music that are not written anew
                are removed.
            progress: called with the share done, 0 to 1, and words.

        Returns:
            The path of each part.

        Raises:
            InputError: if something cannot be written.
        """
        if not isinstance(composition, Composition):
            raise InputError(
                f"A {type(composition).__name__} was to be saved, but an entry is a "
                "composition; give what compose() or arrange() returned."
            )
        chosen = tuple(dict.fromkeys((*parts, "json")))
        timbres, seed = recorded_timbres(composition.provenance)
        written = save_score(
            composition.score,
            self.folder,
            chosen,
            progress,
            name=NAME,
            provenance=to_json(composition.provenance),
            timbres=timbres,
            seed=seed,
        )
        for part in set(PARTS) - set(written):
            self.path(part).unlink(missing_ok=True)
        self.versions.add(composition)
        return written


def new_workspace(folder: str | Path, card: Card | None = None) -> Workspace:
    """Return a new workspace in a folder: the brief, and a card to fill in.

    Args:
        folder: is made if it is missing; a workspace that is there stays as it is.
        card: what is known already; None: an empty one.

    Raises:
        InputError: if the folder is a workspace already, or cannot be written.
    """
    folder = Path(folder)
    if (folder / CARD).exists():
        raise InputError(
            f"{folder} is a workspace already; give another folder, or go on in it."
        )
    with atomic_path(folder / BRIEF) as temporary:
        temporary.write_text(brief_text(), encoding="utf-8")
    write_card(folder / CARD, card or Card())
    return Workspace(folder)

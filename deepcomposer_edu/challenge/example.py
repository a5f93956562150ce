"""The worked example: an entry that this project made, with its own honest score."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from deepcomposer_edu.challenge.card import Card, read_card
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.version_files import read_composition
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.paths import data_dir

MAKE = "python data/make/challenge_example.py"


@dataclass(frozen=True)
class Example:
    """An entry as it ships: notes and papers; its sound is rendered when needed.

    Args:
        composition: the music with its provenance.
        card: what its composers say.
        check: what the machine said, as `CheckReport.to_dict` gives it.
    """

    composition: Composition
    card: Card
    check: dict

    @property
    def points(self) -> float:
        """The machine's points, 0 to 40."""
        return float(self.check["points"])

    @property
    def sentences(self) -> list[str]:
        """What the machine said of each criterion, and of the worst bar."""
        found = [
            f"{row['title']}: {row['points']:.1f}. {row['sentence']}"
            for row in self.check["criteria"]
        ]
        worst = self.check["worst"]
        return [*found, worst["sentence"]] if worst else found


def example_folder() -> Path:
    """Return where the example lies."""
    return data_dir() / "challenge" / "example"


def load_example() -> Example:
    """Return the worked example.

    Raises:
        InputError: if it is missing or damaged.
    """
    folder = example_folder()
    try:
        check = json.loads((folder / "check.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(
            f"{folder / 'check.json'} is missing or damaged; make it with `{MAKE}`, or "
            "fetch the file again."
        ) from None
    composition = read_composition(folder / "entry.json")
    return Example(composition, read_card(folder / "card.json"), check)

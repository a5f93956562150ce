"""Everything that a machine can say about an entry, in one report."""

from __future__ import annotations

from pathlib import Path

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.report import CheckReport
from deepcomposer_edu.compose.composition import Composition


def check_entry(
    composition: Composition,
    card: Card,
    wav: str | Path | None = None,
    replay: bool = True,
) -> CheckReport:
    """Return the gates, the machine's points and the worst bar of an entry.

    Args:
        composition: the music with its provenance.
        card: what the composers say.
        wav: its sound, as a WAV file; None: the gates about sound are not looked at.
        replay: whether the music is made again from its provenance. Entries of others
            are not, unless you ask for it: it takes seconds and runs networks.
    """
    raise NotImplementedError

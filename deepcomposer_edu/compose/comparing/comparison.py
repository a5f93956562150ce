"""What changed from one composition to another, in notes, in settings, in words."""

from __future__ import annotations

from dataclasses import dataclass

from deepcomposer_edu.compose.comparing.difference import (
    Address,
    Difference,
    and_words,
    bars_words,
    difference,
)
from deepcomposer_edu.compose.composition import Composition

SETTINGS = ("technique", "genre", "model", "seed", "tempo")
MAX_BARS_TOLD = 8  # a longer list of runs is not read by anybody


@dataclass(frozen=True)
class Comparison:
    """What changed from one composition to another.

    Args:
        difference: which notes differ, voice by voice and bar by bar.
        settings: what was set otherwise: name to (before, after).
        sentence: all of it in words.
    """

    difference: Difference
    settings: dict[str, tuple[object, object]]
    sentence: str

    @property
    def before(self) -> list[Address]:
        """[track, note index] of each note that only the first has."""
        return self.difference.before

    @property
    def after(self) -> list[Address]:
        """[track, note index] of each note that only the second has."""
        return self.difference.after

    @property
    def share(self) -> float:
        """The share of all notes that differ, 0 to 1."""
        return self.difference.share

    def __str__(self) -> str:
        return self.sentence


def compare(first: Composition, second: Composition) -> Comparison:
    """Return what changed from one composition to another.

    Args:
        first: the one before.
        second: the one after.
    """
    found = difference(first.score, second.score)
    settings = changed_settings(first.provenance, second.provenance)
    return Comparison(found, settings, _sentence(found, settings))


def changed_settings(before: dict, after: dict) -> dict[str, tuple[object, object]]:
    """Return the settings that differ between two provenances: (before, after)."""
    old = {name: before.get(name) for name in SETTINGS} | dict(before["parameters"])
    new = {name: after.get(name) for name in SETTINGS} | dict(after["parameters"])
    if before.get("technique") != after.get("technique"):
        shared = old.keys() & new.keys()  # the other's own parameters are no news
        old, new = ({k: x[k] for k in x if k in shared} for x in (old, new))
    return {
        name: (old.get(name), new.get(name))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    }


def _sentence(found: Difference, settings: dict[str, tuple[object, object]]) -> str:
    """Return the comparison in words."""
    told = [
        f"{name} {_value(old)} → {_value(new)}" for name, (old, new) in settings.items()
    ]
    because = f" Set otherwise: {', '.join(told)}." if told else ""
    if found.is_same:
        return f"The notes are the same.{because}"
    parts = []
    for voice in found.voices:
        name = voice.name or "a voice without a name"
        if voice.is_new:
            parts.append(f"{name} is new")
        elif voice.is_gone:
            parts.append(f"{name} is gone")
        elif voice.share:
            parts.append(f"{name} {voice.share:.0%}{_where(voice.bars)}")
    same = [v.name for v in found.voices if not v.share and v.n_after]
    stays = f" Unchanged: {and_words(same)}." if same else ""
    return f"{found.share:.0%} of the notes differ: {', '.join(parts)}.{stays}{because}"


def _where(bars: tuple[int, ...]) -> str:
    """Return the bars in brackets, unless they are too many runs to read."""
    words = bars_words(bars)
    return f" ({words})" if words.count(",") + 2 <= MAX_BARS_TOLD else ""


def _value(value: object) -> str:
    """Return a setting for a sentence."""
    if value is None or value == "":
        return "as given" if value is None else "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)

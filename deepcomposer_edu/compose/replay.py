"""Make a composition again from its composition.json, and say what differs."""

from __future__ import annotations

from pathlib import Path

from deepcomposer_edu.compose import provenance as prov
from deepcomposer_edu.compose.comparing.records import differences, first_difference
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.interface import recompose
from deepcomposer_edu.errors import InputError


class ReplayError(InputError):
    """The notes made again are not those recorded; the message says what differs."""


def replay(source: str | Path | dict) -> Composition:
    """Return the composition that a composition.json records, made again.

    The melody is taken from the record itself, so nothing else is needed but the same
    weights. Parents in a chain are made again first.

    Args:
        source: the path of a composition.json, its folder, or its content.

    Returns:
        A composition with the same notes, bit for bit. Where versions or weights are
        others than recorded and the notes still are the same, its `notes` say so.

    Raises:
        ReplayError: if the notes are others: it names the first difference, and
            the weights and versions that changed.
        InputError: if the record cannot be read or used.
    """
    if isinstance(source, dict):
        prov.check_outline(source)
        record = source
    else:
        record = prov.read_provenance(source)
    try:
        return _again(record)
    except RecursionError:  # arrangements inside arrangements
        raise InputError(
            "The provenance is damaged: it is nested too deeply; give the "
            "composition.json that compose wrote."
        ) from None


def _again(record: dict) -> Composition:
    """Return one composition made again, its parents first."""
    parent = record["parents"][0]
    if parent["kind"] == "composition":
        made = recompose(record, _again(parent["composition"]))
    else:
        made = recompose(record, prov.recorded_score(parent["score"]))
    changed = differences(record, made.provenance)
    if made.provenance["result"]["sha256"] == record["result"]["sha256"]:
        notes = list(record["input_notes"])
        if changed:
            notes.append(f"The notes are the same, although {'; '.join(changed)}.")
        again = {
            **made.provenance,
            "input_notes": list(record["input_notes"]),
            "parents": record["parents"],
            **({"raw": record["raw"]} if "raw" in record else {}),
        }
        return Composition(made.score, again, notes, made.parents)
    where = "the recorded digest"
    if "score" in record["result"]:
        expected = prov.recorded_score(record["result"]["score"])
        where = first_difference(expected, made.score) or where
    because = "; ".join(changed) or "no weights or versions; was the file edited?"
    raise ReplayError(
        f"The notes are not those recorded: the first difference is {where}. "
        f"What changed: {because}."
    )

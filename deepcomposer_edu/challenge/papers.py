"""The papers that go with an entry: process card, model cards, licence.

All that can be known from the provenance is taken from there; only the rest is what
the composers say.
"""

from __future__ import annotations

from collections.abc import Mapping

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.report import CheckReport
from deepcomposer_edu.compose.chain import steps_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.export.cards import (
    cell,
    model_card,
    networks_at_work,
    process_card,
)
from deepcomposer_edu.compose.rights import LICENCES, USES
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import VOICE_NAMES

MAX_ROWS = 200  # bars that are listed


def entry_card(composition: Composition, card: Card, report: CheckReport) -> str:
    """Return the process card of an entry, as Markdown.

    Args:
        composition: the music with its provenance.
        card: what its composers say.
        report: what a machine said.
    """
    own = [
        ("Composers", ", ".join(card.composers)),
        ("Team", card.team),
        *((f"{name} did", what) for name, what in card.roles),
        ("Melody, as they say", card.melody),
        ("Licence of the melody", card.melody_licence),
        ("Licence of the entry", card.licence),
        ("Tag", card.tag),
    ]
    rows = [f"| {cell(name)} | {cell(text)} |" for name, text in own if text]
    points = [
        f"| {cell(one.title)} | {one.points:.1f} of 10 | {cell(one.sentence)} |"
        for one in report.criteria
    ]
    bars = [f"| {cell(where)} | {cell(who)} |" for where, who in by_bar(composition)]
    parts = [
        process_card(composition, card.intent).text,
        "### What the composers say",
        _table("| | |", 2, rows),
        "### Who did what, bar by bar",
        _table("| where | who |", 2, bars) if bars else "Not recorded by bar.",
        "### What a machine says",
        _table("| criterion | points | what costs most |", 3, points)
        if points
        else "Nothing: it could not be judged.",
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def by_bar(composition: Composition) -> list[tuple[str, str]]:
    """Return who did what at which bars, as far as the provenance knows it.

    Bars of a step that was arranged, extended or cut later are counted as they were in
    that step; the row says so by naming it.

    Returns:
        Pairs (where, who), the earliest step first.
    """
    found = []
    for number, step in enumerate(steps_of(composition.provenance), 1):
        where, what = f"step {number}", str(step.get("technique"))[:40]
        found += [
            (f"{where}, {bars}", f"{what}, {who}") for bars, who in _sections(step)
        ]
        for bar, voices in sorted(_edited_bars(step.get("edits")).items()):
            told = ", ".join(
                f"{VOICE_NAMES[voice].lower()} {n}"
                for voice, n in sorted(voices.items())
            )
            found.append((f"{where}, bar {bar}", f"{what}, edits: {told}"))
    if len(found) > MAX_ROWS:
        left = len(found) - MAX_ROWS
        found = [*found[:MAX_ROWS], ("and more", f"{left} rows are left out")]
    return found


def _edited_bars(record: object) -> dict[int, dict[int, int]]:
    """Return how many edits each voice had in each bar, by the record of a step.

    The record is read as it stands, without the network's code; a damaged one counts
    for nothing.
    """
    counts: dict[int, dict[int, int]] = {}
    try:
        first = record["offset"] - record["score_pickup"]
        for voice, start, *_ in record["rows"]:
            bar = max(int((start + first) // record["steps_per_bar"]) + 1, 0)
            if voice in range(len(VOICE_NAMES)):
                voices = counts.setdefault(bar, {})
                voices[voice] = voices.get(voice, 0) + 1
    except (TypeError, KeyError, ValueError, ZeroDivisionError, OverflowError):
        return {}
    return counts


def _sections(step: Mapping) -> list[tuple[str, str]]:
    """Return the sections of an arrangement as pairs of bars and what they are."""
    record, materials = step.get("arrangement"), step.get("materials")
    letters = set(materials) if isinstance(materials, Mapping) else set()
    sections = record.get("sections") if isinstance(record, Mapping) else None
    found, bar = [], 1
    for section in sections or []:
        try:
            name, n_bars = str(section["name"])[:20], int(section["n_bars"])
        except (TypeError, KeyError, ValueError, OverflowError):
            return []
        own = " (from music of its own)" if name[:1] in letters else ""
        found.append((f"bars {bar} to {bar + n_bars - 1}", f"section {name}{own}"))
        bar += n_bars
    return found


def model_cards(composition: Composition) -> str:
    """Return a model card for each network that worked on the piece, as Markdown."""
    texts = []
    for name, sha256 in networks_at_work(composition.provenance).items():
        try:
            texts.append(model_card(name).text)
        except InputError:
            texts.append(
                f"### Model card: {cell(name)}\n\nA network of the composers' own, "
                f"`{cell(sha256[:16])}`; its run folder says what it learned from."
            )
    return "\n\n".join(texts or ["No network was at work."]) + "\n"


def licence_text(card: Card) -> str:
    """Return what may be done with an entry, in a few lines."""
    licence = LICENCES[card.licence]
    names = ", ".join(card.composers)
    uses = "; ".join(words for use, words in USES.items() if use in licence.allows)
    return (
        f"{card.title}\nby {names}\n\nLicence: {card.licence}. {licence.said}\n"
        f"Allowed to everybody: {uses or 'nothing'}.\n"
        f"Asked for: {'; '.join(licence.asks) or 'nothing'}.\n\n"
        f"The melody: {card.melody} ({card.melody_licence}).\n"
        "This is a summary; the text of the licence itself decides.\n"
    )


def _table(head: str, n_columns: int, rows: list[str]) -> str:
    return "\n".join([head, "|" + "---|" * n_columns, *rows])

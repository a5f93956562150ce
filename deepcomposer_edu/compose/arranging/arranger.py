"""A few bars become a minute: sections, sequences, joins, a close, a plan of loudness.

Nothing here is a network: all notes come from the given music, moved along its scale,
decorated, or led to a close by rules. What was made knows its parents and can be made
again, bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from deepcomposer_edu.compose import provenance as prov
from deepcomposer_edu.compose.arranging.plan import Plan, plan_bars
from deepcomposer_edu.compose.arranging.record import ARRANGE, Source, record_of
from deepcomposer_edu.compose.arranging.scoring import (
    Instruments,
    Section,
    scored,
    scoring_text,
)
from deepcomposer_edu.compose.arranging.themes import Themes, passages_of, phrase_bars
from deepcomposer_edu.compose.arranging.wishes import (
    Wishes,
    checked_wishes,
    refuse_other_letter,
)
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.melody_track import choose_track
from deepcomposer_edu.compose.sources import source_of
from deepcomposer_edu.music.closing import with_close
from deepcomposer_edu.music.dynamics import dynamics_plan, with_dynamics
from deepcomposer_edu.music.joins import mended_joins
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.passages import Passage, in_a_row, whole_bars
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.sections import contrast, decorated, filled, ranges_of


def arrange(
    source: Source,
    *,
    seconds: float = 60,
    form: str = "AABA",
    tempo: float | None = None,
    instruments: Instruments = None,
    materials: Mapping[str, Source] | None = None,
    ending: str = "cadence",
    seed: int = 0,
) -> Composition:
    """Return a piece of a wanted length made from a few bars.

    The first letter of the form is the first bars of the music, eight at most. A letter
    twice in a row is decorated the second time. The next letters are what follows in
    the music, if it is longer than that; else a sequence of the first bars elsewhere on
    the scale. A section that is longer than its music repeats it as a sequence. Where a
    voice would jump at a join, it is led there. A close on the tonic with a ritardando
    ends the piece, and its loudness follows a plan.

    Args:
        source: a composition, a score, the path of a composition.json, MIDI or
            MusicXML file, or the name of a shipped tune; any metre, one bar or more.
        seconds: how long it lasts, 10 to 600.
        form: letters, such as "AABA".
        tempo: quarters per minute; the length is then what whole bars give. None: that
            of the music, and a little faster or slower so that the length is exact.
        instruments: as `compose` takes them, or a dictionary of them by section, such
            as {"A": "harpsichord", "B": ["oboe", "strings"]}; None: as they are.
        materials: other music for a letter, with as many voices and the same metre: so
            a team makes one piece, a section each.
        ending: "cadence", or "none" to end as the last section does.
        seed: of all choices, 0 to 4294967295.

    Returns:
        The composition; its `notes` say what was done.

    Raises:
        InputError: if anything given cannot be used; the sentence says what to do.

    >>> arrange(compose("twinkle-twinkle")).score.seconds  # doctest: +SKIP
    60.0
    """
    wishes = checked_wishes(seconds, form, tempo, instruments, ending, seed)
    score, parent, parents = source_of(source)
    if not parents:
        parent["score"] = prov.score_to_dict(score)
    others, records = {}, {}
    for letter, other in (materials or {}).items():
        refuse_other_letter(letter, wishes.names)
        others[letter], record, made = source_of(other)
        if not made:
            record["score"] = prov.score_to_dict(others[letter])
        records[letter] = record
    return _arranged(score, parent, parents, wishes, others, records)


def arranged_again(record: Mapping, given: Score | Composition) -> Composition:
    """Return an arrangement made again from what a provenance records.

    Args:
        record: the provenance.
        given: its parent, made again.

    Raises:
        InputError: if the record is damaged.
    """
    from deepcomposer_edu.compose.replay import replay

    stored = record.get("materials") or {}  # `check_outline` has seen what they are
    materials = {
        letter: replay(source["composition"])
        if source["kind"] == "composition"
        else prov.recorded_score(source["score"])
        for letter, source in stored.items()
    }
    told = record["parameters"]
    wishes = checked_wishes(
        told.get("seconds"),
        told.get("form"),
        record.get("tempo"),
        told.get("scoring") or None,
        told.get("ending"),
        record["seed"],
    )
    score, parent, parents = source_of(given)
    scores = {letter: source_of(other)[0] for letter, other in materials.items()}
    return _arranged(score, parent, parents, wishes, scores, stored)


def _arranged(
    score: Score,
    parent: dict,
    parents: tuple[Composition, ...],
    wishes: Wishes,
    others: Mapping[str, Score],
    records: Mapping[str, dict],
) -> Composition:
    """Return the arrangement of a score, with its provenance."""
    notes: list[str] = []
    if len({metre.steps_per_bar for metre in score.metres}) > 1:
        notes.append("The metre changes later; bars are those of the beginning.")
    given, pickup = whole_bars(score)
    metre = score.metres[0]
    plan = plan_bars(
        wishes.names,
        phrase_bars(given.n_bars),
        metre,
        pickup,
        wishes.seconds,
        wishes.tempo or score.tempo,
        wishes.tempo is not None,
        wishes.ending == "cadence",
    )
    key = find_key(Score((choose_track(score)[0],)))
    themes = Themes(
        passages_of(given, plan, others, key, notes),
        key,
        ranges_of(given),
        pickup,
        metre,
    )
    whole, starts = _in_sections(themes, plan, wishes, notes)
    made = replace(
        _with_end(whole, starts, themes, plan, wishes, notes), title=score.title
    )
    sections = _sections_of(plan, starts)
    told = {
        "seconds": wishes.seconds,
        "form": " ".join(wishes.names),
        "ending": wishes.ending,
        "scoring": scoring_text(wishes.scoring),
    }
    result = scored(made, sections, wishes.scoring)
    notes.insert(0, _length_note(made, plan, score.tempo))
    return record_of(
        ARRANGE,
        result,
        sections,
        notes,
        (parent, parents),
        parameters=told,
        seed=wishes.seed,
        tempo=wishes.tempo,
        materials=dict(records),
    )


def _in_sections(
    themes: Themes, plan: Plan, wishes: Wishes, notes: list[str]
) -> tuple[Passage, list[float]]:
    """Return all sections in a row, and where each begins."""
    random = np.random.default_rng(wishes.seed)
    first = themes.passages[wishes.names[0]]
    key, ranges = themes.key, themes.ranges
    row: list[Passage] = []
    derived: dict[str, Passage] = {}
    for name, n_bars in zip(plan.names, plan.bars, strict=True):
        letter = name.rstrip("'")
        if letter in themes.passages:
            section = filled(themes.passages[letter], n_bars, key, ranges)
        else:
            if letter not in derived or derived[letter].n_bars < n_bars:
                derived[letter] = contrast(first, n_bars, key, ranges, random)
            section = derived[letter].bars(0, n_bars)
        row.append(decorated(section, key, random) if name != letter else section)
    if derived:
        notes.append(
            f"The music is too short for a second theme, so {' and '.join(derived)} is "
            "a sequence of its first bars."
        )
    starts = [0.0]
    for passage in row[:-1]:
        starts.append(starts[-1] + passage.n_steps)
    whole, n_jumps = mended_joins(in_a_row(row), starts[1:], key)
    if n_jumps:
        notes.append(
            f"At the joins {n_jumps} voice{'s' if n_jumps > 1 else ''} still jump"
            f"{'' if n_jumps > 1 else 's'} by more than a fifth."
        )
    return whole, starts


def _with_end(
    whole: Passage,
    starts: list[float],
    themes: Themes,
    plan: Plan,
    wishes: Wishes,
    notes: list[str],
) -> Score:
    """Return all sections with their close, their loudness and their tempo."""
    bar_steps = themes.passages[wishes.names[0]].bar_steps
    tracks = whole.tracks
    if wishes.ending == "cadence":
        beat = min(16 / themes.metre.denominator, bar_steps)
        tracks = with_close(whole, themes.pickup, beat, themes.key)
        notes.append(f"It closes on the tonic of {themes.key.name}, slowing down.")
    loudness = dynamics_plan(plan.names, starts, plan.close, plan.n_steps)
    return Score(
        with_dynamics(tracks, loudness, bar_steps, themes.pickup),
        tempo=plan.tempo,
        tempo_changes=plan.slowing,
        metres=(replace(themes.metre, step=0),),
        pickup=themes.pickup,
    )


def _sections_of(plan: Plan, starts: list[float]) -> tuple[Section, ...]:
    """Return the sections with their places, in steps."""
    ends = [*starts[1:], plan.n_steps]
    rows = zip(plan.names, starts, ends, plan.bars, strict=True)
    return tuple(Section(*row) for row in rows)


def _length_note(score: Score, plan: Plan, before: float) -> str:
    """Return the sentence about form, length and tempo."""
    form = ", ".join(
        f"{name} {n}" for name, n in zip(plan.names, plan.bars, strict=True)
    )
    told = f"{score.seconds:.1f} seconds; bars of each section: {form}"
    if abs(plan.tempo - before) < 0.05:
        return f"{told}; at {plan.tempo:.0f} quarters a minute, as before."
    return f"{told}; at {plan.tempo:.0f} quarters a minute, {before:.0f} before."

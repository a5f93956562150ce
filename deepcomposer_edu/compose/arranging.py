"""A few bars become a minute: sections, sequences, joins, a close, a plan of loudness.

Nothing here is a network: all notes come from the given music, moved along its scale,
decorated, or led to a close by rules. What was made knows its parents and can be made
again, bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from deepcomposer_edu.compose import provenance as prov
from deepcomposer_edu.compose.arrange_plan import Plan, plan_bars
from deepcomposer_edu.compose.arrange_record import (
    ARRANGE,
    Source,
    arrangement_of,
    record_of,
    voices_of,
)
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.parameters import checked_seed, checked_tempo
from deepcomposer_edu.compose.prepare import choose_track
from deepcomposer_edu.compose.scoring import (
    Instruments,
    Section,
    read_scoring,
    scored,
    scoring_text,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.arranging import section_names
from deepcomposer_edu.music.closing import with_close
from deepcomposer_edu.music.dynamics import dynamics_plan, with_dynamics
from deepcomposer_edu.music.joins import mended_joins
from deepcomposer_edu.music.keys import Key, find_key
from deepcomposer_edu.music.passages import Passage, in_a_row, whole_bars
from deepcomposer_edu.music.score import Metre, Score
from deepcomposer_edu.music.sections import (
    Ranges,
    contrast,
    decorated,
    filled,
    ranges_of,
)

__all__ = ["arrange", "arrangement_of", "voices_of"]

SECONDS_RANGE = (10.0, 600.0)
ENDINGS = ("cadence", "none")
PHRASE = 8  # bars of a theme, if there are as many
SHORTEST_THEME = 2  # bars that a second theme needs


@dataclass(frozen=True)
class _Wishes:
    """What is asked for, checked."""

    seconds: float
    names: tuple[str, ...]
    tempo: float | None
    scoring: dict[str, list[str]]
    ending: str
    seed: int


@dataclass(frozen=True)
class _Themes:
    """The music of each letter, and what they have in common."""

    passages: dict[str, Passage]
    key: Key
    ranges: Ranges
    pickup: float
    metre: Metre


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
    from deepcomposer_edu.compose.interface import source_of

    wishes = _checked(seconds, form, tempo, instruments, ending, seed)
    score, parent, parents = source_of(source)
    if not parents:
        parent["score"] = prov.score_to_dict(score)
    others, records = {}, {}
    for letter, other in (materials or {}).items():
        _refuse_other_letter(letter, wishes.names)
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
    from deepcomposer_edu.compose.interface import source_of
    from deepcomposer_edu.compose.replay import replay

    materials = {}
    stored = record.get("materials", {})
    if not isinstance(stored, dict):
        raise InputError("The provenance is damaged: its materials cannot be read.")
    for letter, parent in stored.items():
        if not isinstance(parent, dict):
            raise InputError("The provenance is damaged: its materials cannot be read.")
        if parent.get("kind") == "composition":
            materials[letter] = replay(parent.get("composition"))
        else:
            materials[letter] = prov.recorded_score(parent.get("score"))
    told = record["parameters"]
    wishes = _checked(
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


def _checked(
    seconds: object,
    form: object,
    tempo: object,
    instruments: Instruments,
    ending: object,
    seed: object,
) -> _Wishes:
    """Return what is asked for, or raise an InputError."""
    low, high = SECONDS_RANGE
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not low <= seconds <= high:
        raise InputError(
            f"The length is {str(seconds)[:20]} seconds, but it must be a number from "
            f"{low:g} to {high:g}."
        )
    if ending not in ENDINGS:
        raise InputError(
            f"The ending is {str(ending)[:20]!r}, but it must be one of "
            f"{', '.join(ENDINGS)}."
        )
    if not isinstance(form, str):
        raise InputError(
            f'The form is {str(form)[:20]}, but it must be letters such as "AABA".'
        )
    return _Wishes(
        float(seconds),
        tuple(section_names(form)),
        None if tempo is None else checked_tempo(tempo),
        read_scoring(instruments),
        ending,
        checked_seed(seed),
    )


def _arranged(
    score: Score,
    parent: dict,
    parents: tuple[Composition, ...],
    wishes: _Wishes,
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
        _phrase_bars(given.n_bars),
        metre,
        pickup,
        wishes.seconds,
        wishes.tempo or score.tempo,
        wishes.tempo is not None,
        wishes.ending == "cadence",
    )
    key = find_key(Score((choose_track(score)[0],)))
    themes = _Themes(
        _passages(given, plan, others, key, notes), key, ranges_of(given), pickup, metre
    )
    first = themes.passages[wishes.names[0]]
    whole, starts = _in_sections(themes, plan, wishes, notes)
    beat = min(16 / themes.metre.denominator, first.bar_steps)
    tracks = whole.tracks
    if wishes.ending == "cadence":
        tracks = with_close(whole, themes.pickup, beat, themes.key)
        notes.append(f"It closes on the tonic of {themes.key.name}, slowing down.")
    loudness = dynamics_plan(plan.names, starts, plan.close, plan.n_steps)
    tracks = with_dynamics(tracks, loudness, first.bar_steps, themes.pickup)
    made = Score(
        tracks,
        tempo=plan.tempo,
        tempo_changes=plan.slowing,
        metres=(replace(themes.metre, step=0),),
        pickup=themes.pickup,
        title=score.title,
    )
    ends = [*starts[1:], plan.n_steps]
    sections = tuple(
        Section(name, start, end, n_bars)
        for name, start, end, n_bars in zip(
            plan.names, starts, ends, plan.bars, strict=True
        )
    )
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


def _passages(
    given: Passage,
    plan: Plan,
    others: Mapping[str, Score],
    key: Key,
    notes: list[str],
) -> dict[str, Passage]:
    """Return the music of each letter, as far as it is given.

    A letter takes no more bars than its sections have, so that the next one can go on
    there.
    """
    needed: dict[str, int] = {}
    for name, n_bars in zip(plan.names, plan.bars, strict=True):
        letter = name.rstrip("'")
        needed[letter] = max(needed.get(letter, 0), n_bars)
    length, found, at = _phrase_bars(given.n_bars), {}, 0
    for letter, n_bars in needed.items():
        if letter in others:
            found[letter] = _material(letter, others[letter], given, key, notes)
            continue
        last = min(at + min(length, n_bars), given.n_bars)
        if not found or last - at >= SHORTEST_THEME:
            found[letter] = given.bars(at, last)
            at = last
    return found


def _phrase_bars(n_bars: int) -> int:
    """Return how many bars a theme has.

    >>> [_phrase_bars(n) for n in (2, 8, 10, 12, 16)]
    [2, 8, 8, 4, 8]
    """
    if n_bars <= PHRASE or n_bars >= 2 * PHRASE:
        return min(n_bars, PHRASE)
    return PHRASE // 2 if n_bars % (PHRASE // 2) == 0 else PHRASE


def _material(
    letter: str, score: Score, first: Passage, key: Key, notes: list[str]
) -> Passage:
    """Return other music for a letter, on the tracks of the first."""
    passage, _ = whole_bars(score)
    if passage.bar_steps != first.bar_steps:
        raise InputError(
            f"The music for {letter} has bars of {passage.bar_steps:g} sixteenths, but "
            f"the piece has bars of {first.bar_steps:g}; give music in the same metre."
        )
    own = [track for track in passage.tracks if not track.is_drum]
    n_voices = sum(not track.is_drum for track in first.tracks)
    if len(own) != n_voices:
        raise InputError(
            f"The music for {letter} has {len(own)} voices, but the piece has "
            f"{n_voices}; give music with as many."
        )
    drums = [track for track in passage.tracks if track.is_drum]
    left = {True: drums, False: own}
    tracks = tuple(
        replace(track, notes=left[track.is_drum].pop(0).notes)
        if left[track.is_drum]
        else replace(track, notes=())
        for track in first.tracks
    )
    found = find_key(Score(passage.tracks))
    if found != key:
        notes.append(
            f"The music for {letter} is in {found.name}, the piece in {key.name}."
        )
    return replace(passage.bars(0, _phrase_bars(passage.n_bars)), tracks=tracks)


def _in_sections(
    themes: _Themes, plan: Plan, wishes: _Wishes, notes: list[str]
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


def _refuse_other_letter(letter: object, names: tuple[str, ...]) -> None:
    """Raise an InputError if there is no such section to give music for."""
    letters = list(dict.fromkeys(name.rstrip("'") for name in names))
    if letter not in letters:
        raise InputError(
            f"Music was given for {str(letter)[:20]!r}, but the form has the letters "
            f"{', '.join(letters)}."
        )


def _length_note(score: Score, plan: Plan, before: float) -> str:
    """Return the sentence about form, length and tempo."""
    form = ", ".join(
        f"{name} {n}" for name, n in zip(plan.names, plan.bars, strict=True)
    )
    told = f"{score.seconds:.1f} seconds; bars of each section: {form}"
    if abs(plan.tempo - before) < 0.05:
        return f"{told}; at {plan.tempo:.0f} quarters a minute, as before."
    return f"{told}; at {plan.tempo:.0f} quarters a minute, {before:.0f} before."

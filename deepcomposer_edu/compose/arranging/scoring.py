"""Which instruments play which section: a scoring, as words and as tracks.

A scoring is written `oboe, strings` (all sections), or `A = oboe, strings; B = church
organ`: for the sections whose letter it is. A section's own name, `A'`, goes before its
letter. Each list is one instrument for all voices, two (the first and the rest) or one
for each voice that is not drums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from deepcomposer_edu.compose.raw_sound.timbres import Timbre
from deepcomposer_edu.compose.raw_sound.who_plays import (
    Player,
    listed,
    players_of,
    program_of,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.instruments import instrument_name
from deepcomposer_edu.music.score import Note, Score, Track

ALL = ""  # the name that stands for every section
MAX_TEXT = 2_000
Instruments = str | int | Sequence[str | int] | Mapping[str, object] | None


@dataclass(frozen=True)
class Section:
    """A section of an arrangement.

    Args:
        name: such as "A'".
        start: its first step.
        end: the step after its last; of the last section, where the music ends.
        n_bars: how many bars it has, those of the close not counted.
    """

    name: str
    start: float
    end: float
    n_bars: int


@dataclass(frozen=True)
class Scored:
    """An arrangement as its players have it.

    Args:
        score: a track for each instrument of each voice.
        voices: which voice each track belongs to, from 0.
        timbres: of each track that is not drums, None for its usual instrument.
    """

    score: Score
    voices: tuple[int, ...]
    timbres: tuple[Timbre | None, ...]


def read_scoring(instruments: Instruments) -> dict[str, list[str]]:
    """Return a scoring as lists of instruments by section; {} leaves all as it is.

    Raises:
        InputError: if it cannot be read, or an instrument is unknown.
    """
    if instruments is None:
        return {}
    if isinstance(instruments, Mapping):
        pairs = {str(name).strip(): _list(x) for name, x in instruments.items()}
    elif isinstance(instruments, str) and "=" in instruments[:MAX_TEXT]:
        pairs = {}
        for part in filter(str.strip, instruments[:MAX_TEXT].split(";")):
            name, _, names = part.partition("=")
            pairs[name.strip()] = _list(names)
    else:
        pairs = {ALL: _list(instruments)}
    for names in pairs.values():
        for name in names:
            program_of(name)
    return {name: names for name, names in pairs.items() if names}


def scoring_text(scoring: Mapping[str, Sequence[str]]) -> str:
    """Return a scoring as text that `read_scoring` reads."""
    if set(scoring) <= {ALL}:
        return ", ".join(scoring.get(ALL, ()))
    return "; ".join(f"{name}={', '.join(x)}" for name, x in scoring.items())


def scored(
    score: Score, sections: Sequence[Section], scoring: Mapping[str, Sequence[str]]
) -> Scored:
    """Return a score with the instruments of each section.

    Args:
        score: one track for each voice.
        sections: the whole piece, in order of time.
        scoring: as `read_scoring` gives it.

    Raises:
        InputError: if it names a section that there is none of, or the number of
            instruments does not fit the voices.
    """
    _refuse_unknown(sections, scoring)
    pitched = [k for k, track in enumerate(score.tracks) if not track.is_drum]
    usual = [(score.tracks[k].program, None) for k in pitched]
    chosen = [_players(section, scoring, usual) for section in sections]
    first: list[tuple[Track, int, Timbre | None]] = []
    more: list[tuple[Track, int, Timbre | None]] = []
    for k, track in enumerate(score.tracks):
        if track.is_drum:
            first.append((track, k, None))
            continue
        parts: dict[Player, list[Note]] = {}
        for section, players in zip(sections, chosen, strict=True):
            own = [n for n in track.notes if section.start <= n.start < section.end]
            parts.setdefault(players[pitched.index(k)], []).extend(own)
        for i, ((program, timbre), notes) in enumerate(parts.items()):
            name = track.name
            if i and notes:
                who = timbre.title if timbre else instrument_name(program)
                more.append((Track(tuple(notes), f"{name}, {who}", program), k, timbre))
            elif not i:
                first.append((Track(tuple(notes), name, program), k, timbre))
    rows = [*first, *more]
    tracks = tuple(track for track, _, _ in rows)
    timbres = tuple(timbre for track, _, timbre in rows if not track.is_drum)
    return Scored(replace(score, tracks=tracks), tuple(k for _, k, _ in rows), timbres)


def merged(score: Score, voices: Sequence[int]) -> Score:
    """Return a score with one track for each voice again, as before `scored`.

    Args:
        score: as `scored` gives it.
        voices: which voice each of its tracks belongs to.
    """
    found: dict[int, Track] = {}
    for k, track in zip(voices, score.tracks, strict=True):
        if k in found:
            notes = (*found[k].notes, *track.notes)
            found[k] = replace(found[k], notes=notes)
        else:
            found[k] = track
    return replace(score, tracks=tuple(found[k] for k in sorted(found)))


def _list(names: object) -> list[str]:
    """Return instruments as a list of names."""
    return [str(name).strip() for name in listed(names) if str(name).strip()]


def _players(
    section: Section, scoring: Mapping[str, Sequence[str]], usual: Sequence[Player]
) -> list[Player]:
    """Return who plays each pitched voice in a section."""
    places = (section.name, section.name.rstrip("'"), ALL)
    names = next((scoring[place] for place in places if place in scoring), None)
    if names is None:
        return list(usual)
    return players_of(names, len(usual), "voice")


def _refuse_unknown(
    sections: Sequence[Section], scoring: Mapping[str, Sequence[str]]
) -> None:
    """Raise an InputError if a scoring names a section that there is none of."""
    names = list(dict.fromkeys(section.name for section in sections))
    known = {ALL, *names, *(name.rstrip("'") for name in names)}
    for name in scoring:
        if name not in known:
            raise InputError(
                f"The instruments are for a section {name[:20]!r}, but the sections "
                f"are {', '.join(names)}."
            )

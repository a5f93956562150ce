"""How an arrangement is written down, and what can be read from that again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from deepcomposer_edu.compose import provenance as prov
from deepcomposer_edu.compose.arranging.scoring import (
    Instruments,
    Scored,
    Section,
    merged,
    read_scoring,
    scored,
    scoring_text,
)
from deepcomposer_edu.compose.chain import chain_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.raw_sound.timbres import raw_record
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.instruments import instrument_name
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import score_to_dict

ARRANGE, ORCHESTRATE, MEND = "arrange", "orchestrate", "mend"
ARRANGING = (ARRANGE, ORCHESTRATE, MEND)  # techniques of no network, after composing
GIVEN = "given"  # the genre of music that no technique here has made
Source = Score | str | Path | Composition


@dataclass(frozen=True)
class Arrangement:
    """What is known of an arrangement.

    Args:
        sections: all of them, in order of time.
        voices: which voice each track belongs to, from 0.
    """

    sections: tuple[Section, ...]
    voices: tuple[int, ...]


def record_of(
    technique: str,
    result: Scored,
    sections: Sequence[Section],
    notes: Sequence[str],
    parent: tuple[dict, tuple[Composition, ...]],
    *,
    parameters: Mapping[str, object],
    seed: int,
    tempo: float | None = None,
    materials: Mapping[str, dict] | None = None,
) -> Composition:
    """Return an arrangement as a composition with its provenance.

    Args:
        technique: ARRANGE or ORCHESTRATE.
        result: the music with its players.
        sections: of the piece.
        notes: a sentence for each thing that was done.
        parent: the record of what it was made from, and the composition, if it is one.
        parameters: as they were asked for.
        seed: of all choices.
        tempo: as it was asked for.
        materials: records of other music, by letter.
    """
    record, parents = parent
    genre = parents[0].provenance["genre"] if parents else GIVEN
    score = result.score
    return Composition(
        score=score,
        provenance={
            "format": prov.FORMAT,
            "format_version": prov.FORMAT_VERSION,
            "technique": technique,
            "genre": genre,
            "model": None,
            "parameters": dict(parameters),
            "seed": seed,
            "tempo": tempo,
            "instruments": [t.program for t in score.tracks if not t.is_drum],
            **raw_record(result.timbres, seed),
            "arrangement": {
                "sections": [asdict(section) for section in sections],
                "voices": list(result.voices),
            },
            **({"materials": dict(materials)} if materials else {}),
            "weights": None,
            "versions": prov.versions(with_torch=False),
            "input_notes": list(notes),
            "result": {
                "sha256": prov.notes_digest(score),
                "score": score_to_dict(score),
            },
            "parents": [record],
        },
        notes=list(notes),
        parents=parents,
    )


def arrangement_of(composition: Composition) -> Arrangement:
    """Return the sections of a composition that was arranged, or whose parent was.

    Raises:
        InputError: if none of them was, or the provenance is damaged.
    """
    for record in reversed(chain_of(composition.provenance)):
        if isinstance(record.get("arrangement"), Mapping):
            owners = owners_of(composition)
            return Arrangement(_sections(record["arrangement"]), owners)
    raise InputError(
        "This composition has no sections: it was not arranged; give what arrange() "
        "returned, or what was made from it."
    )


def voices_of(composition: Composition) -> Score:
    """Return a composition's music with one track for each voice.

    In an arrangement whose sections have instruments of their own, a voice has several
    tracks; here they are one again, for the first section's instrument.
    """
    if not _has_owners(composition.provenance):
        return composition.score
    return merged(composition.score, owners_of(composition))


def owners_of(composition: Composition) -> tuple[int, ...]:
    """Return which voice each track belongs to; tracks are voices if nothing is said.

    Raises:
        InputError: if the record is damaged.
    """
    n_tracks = len(composition.score.tracks)
    record = composition.provenance
    if not _has_owners(record):
        return tuple(range(n_tracks))
    arrangement = record.get("arrangement")
    voices = arrangement.get("voices") if isinstance(arrangement, Mapping) else None
    is_list = isinstance(voices, list | tuple) and len(voices) == n_tracks
    if not is_list or not all(type(voice) is int for voice in voices):
        raise _damaged("its voices are not those of its tracks")
    return tuple(voices)


def _has_owners(record: Mapping) -> bool:
    """Return whether a composition's own record says whose its tracks are."""
    is_plain = record["technique"] == MEND and "arrangement" not in record
    return record["technique"] in ARRANGING and not is_plain


def orchestrate(composition: Composition, instruments: Instruments) -> Composition:
    """Return an arrangement for other instruments, section by section.

    The notes stay. What was made from an arrangement, by an edit for example, still has
    its sections.

    Args:
        composition: what `arrange` returned, or what was made from it.
        instruments: as in `arrange`, or a list of one for each track that is not
            drums: who plays a voice in a section then plays it as this says.

    Raises:
        InputError: if it has no sections, or the instruments do not fit.

    >>> orchestrate(mended, {"A": "harpsichord", "B": "church organ"})  # doctest: +SKIP
    """
    sections = arrangement_of(composition).sections
    instruments = _by_section(composition, instruments)
    scoring = read_scoring(instruments)
    result = scored(voices_of(composition), sections, scoring)
    text = scoring_text(scoring)
    parent = {"kind": "composition", "composition": composition.provenance}
    return record_of(
        ORCHESTRATE,
        result,
        sections,
        [f"Played by: {text}." if text else "The instruments stay."],
        (parent, (composition,)),
        parameters={"scoring": text},
        seed=composition.provenance["seed"],
    )


def _by_section(composition: Composition, instruments: Instruments) -> Instruments:
    """Return instruments of each track as those of each section; others as they are.

    A voice has several tracks where its instrument changes from section to section.
    """
    known, tracks = arrangement_of(composition), composition.score.tracks
    pitched = [k for k, track in enumerate(tracks) if not track.is_drum]
    voices = list(dict.fromkeys(known.voices[k] for k in pitched))
    is_list = isinstance(instruments, Sequence) and not isinstance(instruments, str)
    if not is_list or len(instruments) != len(pitched) or len(voices) == len(pitched):
        return instruments
    names = [instrument_name(x) if isinstance(x, int) else x for x in instruments]
    players = dict(zip(pitched, names, strict=True))

    def player(voice: int, section: Section) -> str | int:
        own = [k for k in pitched if known.voices[k] == voice]
        sounding = [
            k
            for k in own
            if any(
                section.start <= note.start < section.end for note in tracks[k].notes
            )
        ]
        return players[(sounding or own)[0]]

    return {
        section.name: [player(voice, section) for voice in voices]
        for section in known.sections
    }


def orchestrated_again(record: Mapping, given: object) -> Composition:
    """Return what `orchestrate` made, made again.

    Raises:
        InputError: if the record is damaged.
    """
    if not isinstance(given, Composition):
        raise _damaged("it has no parent")
    return orchestrate(given, record["parameters"].get("scoring") or None)


def _sections(data: Mapping) -> tuple[Section, ...]:
    """Return the sections that a provenance records."""
    try:
        return tuple(
            Section(
                str(x["name"]), float(x["start"]), float(x["end"]), int(x["n_bars"])
            )
            for x in data["sections"]
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        raise _damaged("its sections cannot be read") from None


def _damaged(what: str) -> InputError:
    return InputError(
        f"The provenance is damaged: {what}; give the composition.json that arrange "
        "wrote."
    )

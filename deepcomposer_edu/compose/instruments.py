"""Which instruments play a composition, by name or number, for any number of tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deepcomposer_edu.compose import provenance as prov
from deepcomposer_edu.compose.arranging.record import ARRANGING, MEND, orchestrate
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.genres import STYLES, VOICES, style_programs
from deepcomposer_edu.compose.raw_sound.timbres import (
    Timbre,
    checked_timbres,
    raw_record,
    recorded_timbres,
    spread,
)
from deepcomposer_edu.compose.raw_sound.who_plays import listed, program_of
from deepcomposer_edu.compose.techniques.catalogue import find_technique
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bands import BANDS
from deepcomposer_edu.music.instruments import instrument_name
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import score_to_dict

MELODY = VOICES[0]


def checked_instruments(
    instruments: str | int | Sequence[str | int] | None,
    style: str,
    voices: Sequence[str] = VOICES,
) -> tuple[int, ...]:
    """Return the programs of a style's tracks, melody first, drums left out.

    Args:
        instruments: as in `compose`.
        style: the genre.
        voices: the names of the tracks that the technique writes.

    Raises:
        InputError: if there are not 1, 2 or one for each track, or one is unknown.
    """
    usual = default_programs(style, voices)
    if instruments is None:
        return usual
    programs = [program_of(instrument) for instrument in listed(instruments)]
    programs = spread(programs, len(usual))
    if len(programs) != len(usual):
        names = ", ".join(pitched_tracks(style, voices)).lower()
        if len(usual) == 1:
            raise InputError(
                f"{len(programs)} instruments were given, but there is one track, the "
                f"{names}; give one instrument."
            )
        raise InputError(
            f"{len(programs)} instruments were given, but it takes 1 (for all tracks), "
            f"2 (for the melody and the rest) or {len(usual)} ({names})."
        )
    return tuple(programs)


def chosen_timbres(
    instruments: str | int | Sequence[str | int] | None, n_tracks: int
) -> tuple[Timbre | None, ...]:
    """Return which of some instruments are timbres of a raw-audio network.

    Args:
        instruments: as in `compose`, checked by `checked_instruments`.
        n_tracks: how many tracks are not drums.

    Returns:
        One for each track, None where a usual instrument plays.
    """
    names = None if instruments is None else listed(instruments)
    return checked_timbres(names, n_tracks)


def pitched_tracks(style: str, voices: Sequence[str] = VOICES) -> tuple[str, ...]:
    """Return the names of a style's tracks without drums, melody first.

    Args:
        style: the genre.
        voices: the names of the tracks where no band plays.
    """
    if style not in BANDS:
        return tuple(voices)
    return (MELODY, *(player.name for player in BANDS[style].pitched))


def default_programs(style: str, voices: Sequence[str] = VOICES) -> tuple[int, ...]:
    """Return the programs that a style's tracks have if none are chosen."""
    if style not in BANDS:
        return style_programs(style)[: len(voices)]
    band = BANDS[style]
    return (band.melody, *(player.program for player in band.pitched))


def with_programs(score: Score, programs: Sequence[int]) -> Score:
    """Return a score whose tracks without drums have the given programs."""
    left = list(programs)
    tracks = [
        track if track.is_drum else replace(track, program=left.pop(0))
        for track in score.tracks
    ]
    return replace(score, tracks=tuple(tracks))


def with_instruments(
    composition: Composition, instruments: str | int | Sequence[str | int] | None
) -> Composition:
    """Return a composition for other instruments; its notes stay.

    Nothing is composed anew, and the provenance says what would be made again: it can
    be replayed bit for bit.

    Args:
        composition: the composition.
        instruments: as in `compose`; None: the usual ones of its genre. Timbres of a
            raw-audio network are heard in its files; in MIDI a usual instrument stands
            for them.

    Raises:
        InputError: if an instrument is unknown, or their number does not fit.
    """
    made = composition.provenance
    if made["technique"] == MEND:
        from deepcomposer_edu.compose.mending import mended_again

        return mended_again(made, with_instruments(composition.parents[0], instruments))
    if made["technique"] in ARRANGING:
        return orchestrate(composition, instruments)
    technique = find_technique(made["technique"])
    style = made["genre"] if made["genre"] in STYLES else technique.styles[0]
    programs = checked_instruments(instruments, style, technique.voices)
    score = with_programs(composition.score, programs)
    result = {"sha256": prov.notes_digest(score), "score": score_to_dict(score)}
    raw = raw_record(chosen_timbres(instruments, len(programs)), made["seed"])
    kept = {key: value for key, value in made.items() if key != "raw"}
    changed = {**kept, "instruments": list(programs), **raw, "result": result}
    return replace(composition, score=score, provenance=changed)


def instrument_names(composition: Composition) -> list[str]:
    """Return the names of a composition's instruments, melody first."""
    timbres, _ = recorded_timbres(composition.provenance)
    left = list(timbres or ())
    names = []
    for track in composition.score.tracks:
        timbre = left.pop(0) if left and not track.is_drum else None
        usual = "drums" if track.is_drum else instrument_name(track.program)
        names.append(timbre.title if timbre else usual)
    return names

"""Who plays which track: instruments and timbres, from what somebody wrote."""

from __future__ import annotations

from collections.abc import Sequence

from deepcomposer_edu.compose.raw_sound.timbres import (
    Timbre,
    checked_timbres,
    is_timbre,
    read_timbre,
    spread,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.instruments import find_instrument

Player = tuple[int, Timbre | None]  # a program of General MIDI, and who plays instead


def listed(instruments: object) -> list[str | int]:
    """Return instruments as a list: of a text with commas, one number, or a sequence.

    Raises:
        InputError: if they are none of these.

    >>> listed("oboe, strings")
    ['oboe', 'strings']
    """
    if isinstance(instruments, str):
        return [name.strip() for name in instruments.split(",") if name.strip()]
    if isinstance(instruments, int) and not isinstance(instruments, bool):
        return [instruments]
    if not isinstance(instruments, Sequence):
        raise InputError(
            f"The instruments are {str(instruments)[:40]}, but a list of names such as "
            "['oboe', 'strings'] is needed."
        )
    return list(instruments)


def players_of(
    names: Sequence[str | int], n_tracks: int, what: str = "track"
) -> list[Player]:
    """Return who plays each track that is not drums.

    Args:
        names: instruments or timbres: one for all tracks, two for the first and the
            rest, or one each.
        n_tracks: how many tracks are not drums.
        what: what a track is called in the refusal.

    Raises:
        InputError: if one is unknown, or their number does not fit.
    """
    names = spread(names, n_tracks)
    if len(names) != n_tracks:
        raise InputError(
            f"{len(names)} instruments were given, but it takes 1 (for all {what}s), 2 "
            f"(for the first and the rest) or {n_tracks}, one for each {what} that is "
            "not drums."
        )
    timbres = checked_timbres([x if is_timbre(x) else None for x in names], n_tracks)
    return [(program_of(x), timbre) for x, timbre in zip(names, timbres, strict=True)]


def program_of(instrument: str | int) -> int:
    """Return the General MIDI program of an instrument or a timbre.

    Raises:
        InputError: if there is no such instrument.
    """
    if is_timbre(instrument):
        return read_timbre(instrument).program
    return find_instrument(instrument)

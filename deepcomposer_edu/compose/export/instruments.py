"""Who plays music that is exported: the instruments it has, or others asked for."""

from __future__ import annotations

from typing import NamedTuple

from deepcomposer_edu.compose.instruments import with_instruments, with_programs
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.compose.raw_sound.timbres import Timbre, recorded_timbres
from deepcomposer_edu.compose.raw_sound.who_plays import listed, players_of
from deepcomposer_edu.compose.versions import composition_from
from deepcomposer_edu.music.score import Score


class Played(NamedTuple):
    """Music with those who play it.

    Args:
        score: the music, for its instruments.
        provenance: how it was made, as text; None if that is not known.
        timbres: of each track that is not drums, None for its usual instrument.
        seed: of the timbres' sound.
    """

    score: Score
    provenance: str | None
    timbres: tuple[Timbre | None, ...] | None
    seed: int


def for_export(score: Score, record: dict | None, instruments: str | None) -> Played:
    """Return music for the instruments that are asked for.

    Args:
        score: the music.
        record: its provenance, None if there is none.
        instruments: names with commas: one for all tracks that are not drums, two for
            the first and the rest, or one each; None: as they are.

    Raises:
        InputError: if one is unknown, or their number does not fit.
    """
    if record is not None:
        if instruments is not None:
            record = with_instruments(composition_from(record), instruments).provenance
            score = composition_from(record).score
        timbres, seed = recorded_timbres(record)
        return Played(score, to_json(record), timbres, seed)
    if instruments is None:
        return Played(score, None, None, 0)
    n_tracks = sum(not track.is_drum for track in score.tracks)
    players = players_of(listed(instruments), n_tracks)
    score = with_programs(score, [program for program, _ in players])
    return Played(score, None, tuple(timbre for _, timbre in players), 0)

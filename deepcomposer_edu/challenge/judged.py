"""What of a composition can be judged: four voices, its joins, its given melody."""

from __future__ import annotations

from deepcomposer_edu.challenge.measures import Piece
from deepcomposer_edu.compose.arranging.record import arrangement_of, voices_of
from deepcomposer_edu.compose.chain import origin_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.provenance import recorded_score
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.chorale_features import score_voices
from deepcomposer_edu.music.grid import Grid, to_grid
from deepcomposer_edu.music.keys import Key, find_key
from deepcomposer_edu.music.score import Note, Score, Track


def given_score(composition: Composition) -> Score | None:
    """Return the music that was given at the very beginning, None if it is unknown."""
    try:
        return recorded_score(origin_of(composition.provenance).get("score"))
    except InputError:
        return None


def piece_of(composition: Composition) -> Piece:
    """Return the four voices of a composition.

    Raises:
        InputError: if there are not four of them, or one never sounds.
    """
    score = voices_of(composition)
    grid = score_voices(score)
    if grid.n_voices != 4:
        raise InputError(
            f"The piece has {grid.n_voices} voices, and points are for four: soprano, "
            "alto, tenor and bass; let no band play it, and harmonise a melody."
        )
    given = given_score(composition)
    melody: tuple[Note, ...] | None = None
    if given is not None:
        melody = next(
            (t.notes for t in given.tracks if t.notes and not t.is_drum), None
        )
    return Piece(grid, score.metres[0], score.pickup, melody)


def declared_grid(composition: Composition) -> Grid | None:
    """Return the given music as four voices, None if it has not four of them."""
    given = given_score(composition)
    if given is None:
        return None
    tracks: list[Track] = [t for t in given.tracks if t.notes and not t.is_drum]
    return to_grid(Score(tuple(tracks))) if len(tracks) == 4 else None


def joins_of(composition: Composition) -> list[int]:
    """Return the steps at which a section begins that is not the first."""
    try:
        sections = arrangement_of(composition).sections
    except InputError:
        return []
    return [round(section.start) for section in sections[1:]]


def ends_on_tonic(grid: Grid, key: Key) -> bool:
    """Return whether the last chord is the tonic's, the tonic in the bass."""
    last = grid.pitches[:, -1]
    sounding = {int(pitch) % 12 for pitch in last if pitch >= 0}
    tonic, fifth = key.tonic, (key.tonic + 7) % 12
    thirds = {(key.tonic + 3) % 12, (key.tonic + 4) % 12}  # Bach ends minor in major
    return int(last[-1]) % 12 == tonic and sounding <= {tonic, fifth, *thirds}


def key_of(score: Score) -> Key:
    """Return the key of a piece, which its highest voice says best."""
    grid = score_voices(score)
    return find_key(grid.voices(0)) if grid.n_voices else find_key(score)

"""A score as plain lists and numbers, and back: for JSON files and for the browser.

What is read back is checked piece by piece, since files get damaged and may come from
anywhere.
"""

from __future__ import annotations

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Metre, Note, Score, Track


class DamagedError(InputError):
    """Data that are not those of a score; `what` says in a few words why."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"The music is damaged: {what}; it must be as score_to_dict() gives it."
        )


def _number(value: float) -> int | float:
    """Return a whole float as an int, so that 4 and 4.0 are written alike."""
    return int(value) if float(value).is_integer() else float(value)


def score_to_dict(score: Score) -> dict:
    """Return a score as plain lists and numbers; times are in steps, exact."""
    return {
        "title": score.title,
        "tempo": _number(score.tempo),
        "tempo_changes": [[_number(s), _number(b)] for s, b in score.tempo_changes],
        "metres": [[_number(m.step), m.numerator, m.denominator] for m in score.metres],
        "pickup": _number(score.pickup),
        "tracks": [
            {
                "name": track.name,
                "program": int(track.program),
                "is_drum": track.is_drum,
                # each note: start, pitch, duration, velocity
                "notes": [
                    [
                        _number(note.start),
                        int(note.pitch),
                        _number(note.duration),
                        int(note.velocity),
                    ]
                    for note in track.notes
                ],
            }
            for track in score.tracks
        ],
    }


def score_from_dict(data: object) -> Score:
    """Return the score that `score_to_dict` wrote.

    Raises:
        DamagedError: if anything in it is missing or impossible.
    """
    tracks = []
    for entry in field(data, "tracks", list):
        notes = []
        for values in field(entry, "notes", list):
            if not isinstance(values, list) or len(values) != 4:
                raise DamagedError("a note is not four numbers")
            start, pitch, duration, velocity = (finite(v, "a note") for v in values)
            if pitch != int(pitch) or velocity != int(velocity):
                raise DamagedError("a pitch or velocity is not a whole number")
            notes.append(Note(start, int(pitch), duration, int(velocity)))
        tracks.append(
            Track(
                tuple(notes),
                field(entry, "name", str),
                field(entry, "program", int),
                field(entry, "is_drum", bool),
            )
        )
    metres = []
    for values in field(data, "metres", list):
        if not isinstance(values, list) or len(values) != 3:
            raise DamagedError("a metre is not three numbers")
        step, numerator, denominator = (finite(v, "a metre") for v in values)
        if not (1 <= numerator <= 255 and 1 <= denominator <= 256):
            raise DamagedError("a metre is impossible")
        metres.append(Metre(step, int(numerator), int(denominator)))
    changes = []
    for values in field(data, "tempo_changes", list):
        if not isinstance(values, list) or len(values) != 2:
            raise DamagedError("a tempo change is not two numbers")
        changes.append(tuple(finite(v, "a tempo change") for v in values))
    return Score(
        tuple(tracks),
        tempo=finite(field(data, "tempo", (int, float)), "the tempo"),
        tempo_changes=tuple(changes),
        metres=tuple(metres),
        pickup=finite(field(data, "pickup", (int, float)), "the pickup"),
        title=field(data, "title", str),
    )


def field(data: object, name: str, kind: type | tuple[type, ...]) -> object:
    """Return `data[name]` if it is there and of the right kind."""
    if not isinstance(data, dict) or name not in data:
        raise DamagedError(f"'{name}' is missing")
    value = data[name]
    is_wrong_bool = isinstance(value, bool) and kind is not bool
    if is_wrong_bool or not isinstance(value, kind):
        raise DamagedError(f"'{name}' has the wrong type")
    return value


def finite(value: object, what: str) -> int | float:
    """Return a finite number as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DamagedError(f"{what} has something that is not a number")
    if not -1e9 <= value <= 1e9:  # nor NaN
        raise DamagedError(f"{what} has an impossible number")
    return value

"""What may be learned from a folder of music: which tracks, and which files.

All of it is chosen by whoever trains; nothing here opens a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.instruments import find_instrument
from deepcomposer_edu.music.score import Score

AUTO = "auto"  # by the names of the voices, or the highest and the three longest
TEXTURE = "texture"  # four voices from all notes: for piano music and chords
N_VOICES = 4
PROGRAM = "program:"  # before an instrument's name or number
Picks = str | tuple[int | str, ...]


class LeftOutError(InputError):
    """A file is not learned from; `cause` says why in a word or two."""

    def __init__(self, cause: str, sentence: str) -> None:
        super().__init__(sentence)
        self.cause = cause


@dataclass(frozen=True)
class FolderRules:
    """How a folder of music is read, and what is left out of it.

    Args:
        tracks: "auto", "texture" (four voices from all notes together, for piano
            music), or four tracks, the melody first: each by its number from 1, by the
            beginning of its name, or by its instrument, "program:40" or
            "program:violin".
        metres: time signatures that are taken, such as ("4/4", "2/2"); none: any.
        min_bars: the fewest bars of a piece, 0 or more.
        max_bars: the most bars; 0: any number.
        min_tempo, max_tempo: quarter notes per minute at the start; 0: any.
        min_notes: the fewest notes of a piece in its four voices.
        drums: "ignore" leaves drum tracks out of a piece, "refuse" the whole piece.
        min_full_share: of the steps, all four voices sound, 0 to 1.
        max_off_grid: of the notes, may begin far from a sixteenth, 0 to 1.
        max_hidden: of the notes, may lie under others of their track and be lost.
        keep_twins: whether the same music may come twice, in any key.

    Raises:
        InputError: if a value is not allowed.
    """

    tracks: Picks = AUTO
    metres: tuple[str, ...] = ()
    min_bars: int = 0
    max_bars: int = 0
    min_tempo: float = 0.0
    max_tempo: float = 0.0
    min_notes: int = 0
    drums: str = "ignore"
    min_full_share: float = 0.5
    max_off_grid: float = 0.2
    max_hidden: float = 0.5
    keep_twins: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "tracks", checked_tracks(self.tracks))
        object.__setattr__(self, "metres", checked_metres(self.metres))
        for name in ("min_bars", "max_bars", "min_tempo", "max_tempo", "min_notes"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise InputError(
                    f"{name} is {getattr(self, name)}, but it must be 0 (any) or more."
                )
        for low, high in (("min_bars", "max_bars"), ("min_tempo", "max_tempo")):
            if 0 < getattr(self, high) < getattr(self, low):
                raise InputError(
                    f"{low} is {getattr(self, low)} and {high} {getattr(self, high)}, "
                    "so that nothing lies between; raise the second or lower the first."
                )
        for name in ("min_full_share", "max_off_grid", "max_hidden"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(
                    f"{name} is {getattr(self, name)}, but a share goes from 0 to 1."
                )
        if self.drums not in ("ignore", "refuse"):
            raise InputError(
                f"drums is {str(self.drums)[:40]!r}, but it must be ignore or refuse."
            )

    def to_dict(self) -> dict[str, object]:
        """Return the rules as plain values, ready for JSON."""
        return asdict(self)

    def check_score(self, score: Score) -> None:
        """Refuse a score by its metre, tempo or drums, before its voices are looked at.

        Raises:
            LeftOutError: if it breaks a rule.
        """
        metres = {f"{m.numerator}/{m.denominator}": None for m in score.metres}
        strange = [
            metre for metre in metres if self.metres and metre not in self.metres
        ]
        if strange:
            raise LeftOutError(
                "metre",
                f"it is in {', '.join(strange[:3])}, but only {', '.join(self.metres)} "
                "is taken.",
            )
        low, high = self.min_tempo, self.max_tempo
        if score.tempo < low or (high and score.tempo > high):
            raise LeftOutError(
                "tempo",
                f"its tempo is {score.tempo:.0f} quarters a minute, but "
                f"{_between(low, high)} is taken.",
            )
        if self.drums == "refuse" and any(t.is_drum and t.notes for t in score.tracks):
            raise LeftOutError("drums", "it has drums, and those were refused.")

    def check_size(self, n_bars: int, n_notes: int) -> None:
        """Refuse a piece that is too short, too long or too empty.

        Raises:
            LeftOutError: if it breaks a rule.
        """
        if n_bars < self.min_bars or (self.max_bars and n_bars > self.max_bars):
            raise LeftOutError(
                "length",
                f"it has {n_bars} bars, but {_between(self.min_bars, self.max_bars)} "
                "are taken.",
            )
        if n_notes < self.min_notes:
            raise LeftOutError(
                "few notes",
                f"its four voices have {n_notes} notes, but {self.min_notes} are "
                "needed.",
            )


def read_rules(values: Mapping[str, object]) -> FolderRules:
    """Return rules from plain values or texts, such as {"metres": "4/4, 3/4"}.

    Args:
        values: fields of FolderRules by name; what is missing stays as it is there.

    Raises:
        InputError: if a name is unknown or a value is not allowed.

    >>> read_rules({"min_bars": "8", "tracks": "1, 2, violin, program:42"}).tracks
    (1, 2, 'violin', 'program:42')
    """
    kinds = {field.name: type(field.default) for field in fields(FolderRules)}
    unknown = [name for name in values if name not in kinds]
    if unknown:
        raise InputError(
            f"There is no filter {str(unknown[0])[:40]!r}; the filters are: "
            f"{', '.join(kinds)}."
        )
    return FolderRules(
        **{name: _read(name, x, kinds[name]) for name, x in values.items()}
    )


def checked_tracks(tracks: object) -> Picks:
    """Return a choice of tracks in its one form: "auto", "texture" or a tuple of four.

    Args:
        tracks: as `FolderRules` takes it, a list, or a text with commas.

    Raises:
        InputError: if it is none of these, or names one track twice.
    """
    if isinstance(tracks, str):
        parts = [part.strip() for part in tracks.split(",") if part.strip()]
        if len(parts) == 1 and parts[0].lower() in (AUTO, TEXTURE):
            return parts[0].lower()
        tracks = [int(part) if part.isdecimal() else part for part in parts]
    if not isinstance(tracks, Iterable) or len(picks := tuple(tracks)) != N_VOICES:
        given = (
            len(tuple(tracks)) if isinstance(tracks, Iterable) else repr(tracks)[:40]
        )
        raise InputError(
            f"The choice of tracks names {given}, but it must be auto, texture, or "
            "four tracks, the melody first, such as 1, 2, 3, 4."
        )
    for pick in picks:
        is_number = isinstance(pick, int) and not isinstance(pick, bool) and pick >= 1
        if not is_number and not (isinstance(pick, str) and pick.strip()):
            raise InputError(
                f"A track is chosen by {pick!r}, but it must be a number from 1, the "
                "beginning of a name, or program: with an instrument."
            )
        if isinstance(pick, str) and pick.lower().startswith(PROGRAM):
            find_instrument(pick[len(PROGRAM) :])
    if len({str(pick).lower() for pick in picks}) < N_VOICES:
        raise InputError(
            f"The tracks {', '.join(map(str, picks))} name one of them twice, but each "
            "voice needs a track of its own."
        )
    return picks


def checked_metres(metres: object) -> tuple[str, ...]:
    """Return time signatures as a tuple of texts.

    Raises:
        InputError: if one is not written like 4/4.
    """
    parts = re.split(r"[,\s]+", metres) if isinstance(metres, str) else list(metres)
    parts = [str(part).strip() for part in parts if str(part).strip()]
    for part in parts:
        if not re.fullmatch(r"[1-9]\d?/(1|2|4|8|16|32)", part):
            raise InputError(
                f"The metre {part[:20]!r} is not written like 4/4 or 6/8; put it right."
            )
    return tuple(parts)


def _read(name: str, value: object, kind: type) -> object:
    """Return a value in the type of its rule."""
    if name in ("tracks", "metres", "drums"):
        return value.strip().lower() if name == "drums" else value
    try:
        if kind is bool and isinstance(value, str):
            return {"yes": True, "true": True, "no": False, "false": False}[
                value.strip().lower()
            ]
        return kind(value)
    except (KeyError, TypeError, ValueError):
        words = {int: "a whole number", float: "a number", bool: "yes or no"}
        raise InputError(
            f"The filter {name} is {str(value)[:40]!r}, but it must be {words[kind]}."
        ) from None


def _between(low: float, high: float) -> str:
    """Return a range in words; 0 as its end stands for no end."""
    if not high:
        return f"at least {low:g}"
    return f"{low:g} to {high:g}" if low else f"at most {high:g}"

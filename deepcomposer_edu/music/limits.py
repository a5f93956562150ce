"""How much music a file may hold: stated once, checked before any long work starts."""

from __future__ import annotations

from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score

MAX_FILE_BYTES = 10_000_000
MAX_UNPACKED_BYTES = 12_000_000  # a long quartet in MusicXML has 11 million
MAX_NOTES = 100_000
MAX_TRACKS = 128  # with notes; a large orchestra needs 40
MAX_STEPS = 16_384  # 1,024 bars of 4/4
MAX_EVENTS = 1_000_000  # notes, pedals, bends and everything else in a MIDI file


def refuse_too_many_bytes(n_bytes: int, name: str) -> None:
    """Raise InputError if a file is larger than MAX_FILE_BYTES."""
    if n_bytes > MAX_FILE_BYTES:
        raise InputError(
            f"{name} has more than {MAX_FILE_BYTES:,} bytes, the most that is read; "
            "give a single piece of music."
        )


def refuse_too_many_notes(n_notes: int, name: str) -> None:
    """Raise InputError if there are more notes than MAX_NOTES."""
    if n_notes > MAX_NOTES:
        raise InputError(
            f"{name} holds more than {MAX_NOTES:,} notes, the most that is read; "
            "cut it into shorter pieces."
        )


def refuse_too_many_steps(end: float, name: str) -> None:
    """Raise InputError if the music goes on past MAX_STEPS."""
    if end > MAX_STEPS:
        raise InputError(
            f"{name} lasts {end / 16:,.0f} bars of 4/4, but at most "
            f"{MAX_STEPS // 16:,} are read; cut it into shorter pieces."
        )


def refuse_too_many_tracks(n_tracks: int, name: str) -> None:
    """Raise InputError if there are more tracks than MAX_TRACKS."""
    if n_tracks > MAX_TRACKS:
        raise InputError(
            f"{name} has notes in {n_tracks:,} tracks, but at most {MAX_TRACKS} are "
            "read; join tracks that belong together."
        )


def refuse_too_large(score: Score, name: str) -> None:
    """Raise InputError if a score breaks one of the limits."""
    refuse_too_many_notes(sum(len(track.notes) for track in score.tracks), name)
    refuse_too_many_tracks(len(score.tracks), name)
    refuse_too_many_steps(score.end, name)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, refusing what is no readable file of a sensible size.

    Raises:
        InputError: if the path is missing, a folder, unreadable or too large.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a single music file.")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; check the spelling.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the path
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}; check the path.") from error
    refuse_too_many_bytes(len(data), str(path))
    return data

"""Opening a music file, whichever kind it is."""

from __future__ import annotations

from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.limits import read_bytes
from deepcomposer_edu.music.midi import read_midi
from deepcomposer_edu.music.score import Score

MIDI_SUFFIXES = (".mid", ".midi")
MUSICXML_SUFFIXES = (".musicxml", ".xml", ".mxl")


def _looks_like_musicxml(data: bytes) -> bool:
    """Return whether bytes begin like XML text or a zip archive (compressed .mxl)."""
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    is_utf_16 = data[:4] in (b"\xff\xfe<\x00", b"\xfe\xff\x00<")
    is_zip = data[:4] == b"PK\x03\x04"
    return is_utf_16 or is_zip or start[:5] in (b"<?xml", b"<!DOC", b"<scor")


def read_score(path: str | Path) -> Score:
    """Return the score in a MIDI or MusicXML file.

    The content decides which of the two it is, the name does not.

    Args:
        path: a file ending in .mid, .midi, .musicxml, .xml or .mxl, as a rule.

    Returns:
        The score; it has at least one note.

    Raises:
        InputError: if the path is missing, a folder, empty, damaged, of another kind,
            without notes, or larger than the limits in `limits.py`.
    """
    path = Path(path)
    data = read_bytes(path)
    if not data:
        raise InputError(f"{path} is empty (0 bytes); give a file with music in it.")
    if data[:4] == b"MThd":
        score = read_midi(path)
    elif _looks_like_musicxml(data):
        from deepcomposer_edu.music.musicxml import read_musicxml

        score = read_musicxml(path)
    elif data[:4] == b"RIFF" or path.suffix.lower() in (".wav", ".mp3", ".ogg"):
        raise InputError(
            f"{path} is a sound recording, but notes are needed; give a MIDI or "
            "MusicXML file."
        )
    else:
        called = " although its name says so" if path.suffix in MIDI_SUFFIXES else ""
        raise InputError(
            f"{path} is neither a MIDI nor a MusicXML file{called}; give a file that a "
            "music program exported as .mid or .musicxml."
        )
    if not score.notes:
        raise InputError(f"{path} holds no notes; give a file with music in it.")
    return score

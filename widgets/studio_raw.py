"""What the studio's panel of raw-audio networks shows, and the sound that it gets."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from deepcomposer_edu.compose.raw_sound.timbres import read_timbre, timbre_names
from deepcomposer_edu.compose.session.raw import RAW_RATE
from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.music.instruments import instrument_name
from deepcomposer_edu.widgets.studio_words import version_title

USUAL = "Its instrument in the player"


def raw_view(session: Session, busy: dict | None) -> dict:
    """Return which networks can play each track of the current version, and which do.

    Nothing is shown while nothing is composed, or no weights of such a network are
    there.
    """
    names = timbre_names()
    if session.current is None or not names:
        return {
            "is_empty": True,
            "version": None,
            "tracks": [],
            "choices": [],
            "busy": None,
        }
    timbres = session.timbres
    here = [str(timbre) for timbre in timbres if timbre and str(timbre) not in names]
    tracks = [t for t in session.current.composition.score.tracks if not t.is_drum]
    return {
        "is_empty": False,
        "version": session.current.id,
        "tracks": [
            {
                "name": track.name or instrument_name(track.program).capitalize(),
                "timbre": str(timbre) if timbre else "",
            }
            for track, timbre in zip(tracks, timbres, strict=True)
        ],
        "choices": [
            ["", USUAL],
            *([name, read_timbre(name).title] for name in (*names, *here)),
        ],
        "words": f"They play {version_title(session.current)}.",
        "busy": busy,
    }


def wav_bytes(audio: np.ndarray) -> bytes:
    """Return a WAV file of sound (N, 2) at RAW_RATE."""
    with tempfile.TemporaryDirectory() as folder:
        return write_wav(Path(folder) / "sound.wav", audio, RAW_RATE).read_bytes()

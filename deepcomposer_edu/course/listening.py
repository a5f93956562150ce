"""Hear a score in a notebook: always as loud, never by itself, at most 10 seconds.

The synthesizer gives every score the same loudness; sound given as an array is played
as it is.
"""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

import numpy as np

from deepcomposer_edu.course.session import is_quick
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.score import Score

SAMPLE_RATE = 44100
MAX_SECONDS = 10.0
QUICK_SECONDS = 2.0  # in tests, where nobody listens
GRID_TEMPO = 80.0  # of a grid, which has none: how chorales are sung
FADE_SECONDS = 0.4  # a cut without it clicks
BITRATE = 128  # kbit/s: 160 kB for ten seconds, so notebooks stay small


@dataclass(frozen=True)
class Player:
    """Sound that shows itself as a player with a caption.

    Args:
        mp3: the encoded sound.
        caption: what it is.
        seconds: how long it lasts.
        heard: what is to be heard, in words.
    """

    mp3: bytes
    caption: str
    seconds: float
    heard: str = ""

    def __repr__(self) -> str:
        heard = f". {self.heard}" if self.heard else ""
        return f"Sound: {self.caption}, {self.seconds:.1f} seconds{heard}"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.mp3).decode()
        caption = escape(self.caption, quote=True)
        return (
            f'<figure style="margin: 0.3em 0"><figcaption>{caption}</figcaption>'
            f'<audio controls preload="metadata" aria-label="{caption}" '
            f'style="width: 100%; max-width: 30em" '
            f'src="data:audio/mpeg;base64,{data}"></audio>{heard_html(self.heard)}</figure>'
        )


def heard_html(words: str) -> str:
    """Return what is heard as a line below a player; "" for no words."""
    if not words:
        return ""
    text = escape(words, quote=True)
    return f'<div style="font-size: 0.85em; max-width: 45em">{text}</div>'


def play(
    music: Score | Grid | np.ndarray,
    caption: str = "",
    seconds: float = MAX_SECONDS,
    sample_rate: int = SAMPLE_RATE,
) -> Player:
    """Return a player for a score, or for sound; as a cell's last line it shows itself.

    Below the player stands in words what is heard (`music.heard`).

    Args:
        music: a score, a grid of voices, or sound: float32, shape (N,) or (N, 2),
            in [-1, 1].
        caption: what it is; by default the score's title.
        seconds: the longest that is played; longer music fades out there. In quick
            mode it is at most 2.
        sample_rate: of sound given as an array, in Hz.

    Raises:
        InputError: if `seconds` is not above 0 or the sound is no array.
    """
    from deepcomposer_edu.music.audio import write_mp3
    from deepcomposer_edu.music.heard import heard_sound, heard_words

    if not seconds > 0:
        raise InputError(f"The seconds to play are {seconds}, but must be above 0.")
    seconds = min(seconds, QUICK_SECONDS) if is_quick() else seconds
    music = from_grid(music, GRID_TEMPO) if isinstance(music, Grid) else music
    is_score = isinstance(music, Score)
    if is_score:
        from deepcomposer_edu.music.synth import render

        played = beginning(music, seconds)
        audio, heard = render(played, sample_rate=sample_rate), heard_words(played)
    else:
        audio = np.asarray(music, dtype=np.float32)
    if audio.size and np.abs(audio).max() > 1:
        raise InputError(
            f"The sound reaches {np.abs(audio).max():.3g}, but must stay within -1 and "
            "1; divide it by its largest value."
        )
    if audio.ndim not in (1, 2) or (audio.ndim == 2 and audio.shape[1] > 2):
        raise InputError(
            f"The sound has shape {audio.shape}, but must be (N,) or (N, 2)."
        )
    n_samples = len(audio)
    audio = faded(audio, int(seconds * sample_rate), sample_rate)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.mp3"
        write_mp3(path, audio, sample_rate, bitrate=BITRATE)
        mp3 = path.read_bytes()
    title = caption or (music.title if is_score else "") or "Sound"
    whole = music.seconds if is_score else n_samples / sample_rate
    if whole > seconds:
        title += f" (the first {seconds:g} seconds)"
    if not is_score:
        heard = heard_sound(audio, sample_rate)
    return Player(mp3, title, len(audio) / sample_rate, heard)


def beginning(score: Score, seconds: float) -> Score:
    """Return the notes of a score that begin before `seconds`."""
    tracks = []
    for track in score.tracks:
        notes = (n for n in track.notes if score.seconds_at(n.start) < seconds)
        tracks.append(replace(track, notes=tuple(notes)))
    return replace(score, tracks=tuple(tracks))


def faded(audio: np.ndarray, n_samples: int, sample_rate: int) -> np.ndarray:
    """Return at most `n_samples` of sound, faded out where something was cut."""
    if len(audio) <= n_samples:
        return audio
    audio = audio[:n_samples].copy()
    n_fade = min(n_samples, int(FADE_SECONDS * sample_rate))
    ramp = np.linspace(1, 0, n_fade, dtype=np.float32)
    audio[-n_fade:] *= ramp if audio.ndim == 1 else ramp[:, None]
    return audio

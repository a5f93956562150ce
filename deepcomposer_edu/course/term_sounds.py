"""How a term of the glossary sounds: notes, or a sound made by calculation."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from scipy.signal import resample_poly

from deepcomposer_edu.course.terms import Term
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.instruments import find_instrument
from deepcomposer_edu.music.score import NOTE_NAMES, Note, Score, Track

RATE = 32_000  # samples a second, of what is calculated
STEPS = 4.0  # of a note without a length
VELOCITY = 80  # of a note without one
TONE = 440.0  # Hz
LEVEL = 0.3  # amplitude of a tone
GAP = 0.25  # seconds of silence between two sounds
SOFT = 0.1  # the peak of a soft chord
N_COARSE = 16  # steps of amplitude, few enough to be heard
_TOKEN = re.compile(r"^([^:!]+)(?::(\d+))?(?:!(\d+))?$")


def sound_of(term: Term) -> Score | np.ndarray | None:
    """Return what is heard of a term: a score, sound at RATE, or None.

    Returns:
        A score; or float32 in [-1, 1], shape (N,); or None for a term without sound.
    """
    if term.sound:
        return SOUNDS[term.sound]().astype(np.float32)
    return _score(term) if term.voices else None


def _score(term: Term) -> Score:
    names = term.instruments or ("acoustic grand piano",) * len(term.voices)
    tracks = tuple(
        Track(voice_notes(text), name=name, program=find_instrument(name))
        for text, name in zip(term.voices, names, strict=True)
    )
    return Score(tracks, tempo=term.tempo, title=term.name)


def voice_notes(text: str) -> tuple[Note, ...]:
    """Return the notes of a voice.

    Args:
        text: tokens such as "C4", "C4:8", "C4+E4:8!40" and "-:2": notes of a chord
            joined by +, steps of a sixteenth after a colon, velocity after !; "-" is
            a rest.

    Raises:
        InputError: if a token is none of these.

    >>> [(note.start, note.pitch) for note in voice_notes("C4 -:2 E4+G4")]
    [(0.0, 60), (6.0, 64), (6.0, 67)]
    """
    notes, start = [], 0.0
    for token in text.split():
        found = _TOKEN.match(token)
        if not found:
            raise InputError(f"{token!r} is no note; write it like C4:8 or C4+E4:8!40.")
        steps = float(found[2] or STEPS)
        velocity = int(found[3] or VELOCITY)
        if found[1] != "-":
            pitches = (_pitch(name) for name in found[1].split("+"))
            notes += [Note(start, pitch, steps, velocity) for pitch in pitches]
        start += steps
    return tuple(notes)


def _pitch(name: str) -> int:
    letter, octave = name.rstrip("0123456789"), name.lstrip("ABCDEFG#")
    if letter not in NOTE_NAMES or not octave:
        raise InputError(f"{name!r} is no note; write it like C4 or F#3.")
    return NOTE_NAMES.index(letter) + 12 * (int(octave) + 1)


# --- sounds that are no notes


def _tone(hertz: float, seconds: float = 1.0, harmonics: int = 1) -> np.ndarray:
    """Return a tone of amplitude LEVEL with its first harmonics, each 1/n as strong."""
    time = np.arange(round(seconds * RATE)) / RATE
    waves = [np.sin(2 * np.pi * n * hertz * time) / n for n in range(1, harmonics + 1)]
    tone = np.sum(waves, axis=0)
    return _rounded(LEVEL * tone / np.abs(tone).max())


def _rounded(sound: np.ndarray) -> np.ndarray:
    """Return a sound with its ends faded over 10 ms, against clicks."""
    ramp = np.minimum(1, np.arange(len(sound)) / (0.01 * RATE))
    return sound * ramp * ramp[::-1]


def _in_turn(*sounds: np.ndarray) -> np.ndarray:
    """Return sounds one after another, with gaps."""
    gap = np.zeros(round(GAP * RATE))
    parts = [part for sound in sounds for part in (sound, gap)]
    return np.concatenate(parts[:-1])


def _chord(peak: float) -> np.ndarray:
    """Return a chord of strings, one and a half seconds, at a peak."""
    from deepcomposer_edu.music.synth import render

    notes = voice_notes("C4+G4+C5+E5:10")
    sound = render(Score((Track(notes, program=48),)), sample_rate=RATE)
    sound = sound.mean(axis=1)[: round(1.5 * RATE)]
    return _rounded(peak * sound / np.abs(sound).max())


def _clicks() -> np.ndarray:
    """Return samples of 1 among zeros, 4 a second at first and 220 at the end."""
    seconds = 4.0
    time = np.arange(round(seconds * RATE)) / RATE
    rate = 4 * (220 / 4) ** (time / seconds)
    swings = np.floor(np.cumsum(rate) / RATE)
    return 0.8 * (np.diff(swings, prepend=-1) > 0)


def _rates() -> np.ndarray:
    chord = _chord(LEVEL)
    poorer = [
        resample_poly(resample_poly(chord, 1, RATE // rate), RATE // rate, 1)
        for rate in (8_000, 2_000)
    ]
    return np.clip(_in_turn(chord, *poorer), -1, 1)


def _mu_law() -> np.ndarray:
    import torch

    from deepcomposer_edu.nn.waves import mu_law, mu_law_decode

    soft = _chord(SOFT)
    half = (N_COARSE - 1) / 2
    even = (np.round((soft + 1) * half)) / half - 1
    codes = mu_law(torch.from_numpy(soft), N_COARSE)
    return _in_turn(soft, even, mu_law_decode(codes, N_COARSE).numpy())


def _noise() -> np.ndarray:
    return _rounded(np.random.default_rng(0).uniform(-LEVEL, LEVEL, RATE))


def _out_of_tune() -> np.ndarray:
    true, off = _tone(TONE), _tone(TONE * 2 ** (30 / 1200))
    return _in_turn(true, off, (true + off) / 2)


def _opposite() -> np.ndarray:
    tone = _tone(TONE)
    return _in_turn(tone, tone - 0.97 * tone)


SOUNDS: dict[str, Callable[[], np.ndarray]] = {
    "amplitudes": lambda: _in_turn(*(_tone(TONE) * a for a in (0.25, 0.5, 1))),
    "cents": _out_of_tune,
    "clicks": _clicks,
    "clipping": lambda: _in_turn(_tone(220), np.clip(6 * _tone(220), -LEVEL, LEVEL)),
    "decibels": lambda: _in_turn(*(_tone(TONE) * 10 ** (-n / 2) for n in range(3))),
    "frequencies": lambda: _in_turn(*(_tone(hertz) for hertz in (220, 440, 880))),
    "harmonics": lambda: np.concatenate([_tone(220, 0.6, n) for n in range(1, 9)]),
    "mu_law": _mu_law,
    "noise": _noise,
    "phase": _opposite,
    "rates": _rates,
    "spectra": lambda: _in_turn(_tone(220), _tone(220, harmonics=20), _noise()),
}

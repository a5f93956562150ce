"""What is heard, in words: a caption for those who cannot hear it, or not now.

Everything said is measured: of a score from its notes, of a sound from its samples.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.instruments import instrument_name
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.score import Note, Score, Track, note_name
from deepcomposer_edu.music.sound_measures import fundamental
from deepcomposer_edu.music.theory import place_name

MOST_LISTED = 6  # moments of notes that are named one by one
ENOUGH_FOR_KEY = 4  # pitch classes
MOST_INSTRUMENTS = 4
CHANGE_DB = 6.0  # between the beginning and the end, and it is told
SILENT = 1e-4  # amplitude
LOOKED_AT, N_LOOKS = 0.4, 3  # seconds of a sound in which a pitch is looked for; where
LEAPS = {  # semitones of a move, in words
    1: "a semitone",
    2: "a step",
    3: "a minor third",
    4: "a third",
    5: "a fourth",
    6: "a tritone",
    7: "a fifth",
    8: "a minor sixth",
    9: "a sixth",
    10: "a minor seventh",
    11: "a seventh",
    12: "an octave",
}


def heard_words(score: Score) -> str:
    """Return what a score sounds like, in a sentence or two.

    A few notes are named one by one. Of more it says who plays, in which key, how fast,
    between which notes, and how the highest part goes.

    >>> heard_words(Score.from_notes([(0, 60, 4), (4, 64, 4), (4, 67, 4)]))
    'Acoustic grand piano: C4, then E4 with G4.'
    """
    tracks = [track for track in score.tracks if track.notes]
    pitched = [track for track in tracks if not track.is_drum]
    if not tracks:
        return "Silence."
    players = _players(tracks)
    if not pitched:
        return f"{players}: {_count(sum(len(t.notes) for t in tracks), 'beat')}."
    notes = sorted(note for track in pitched for note in track.notes)
    moments = _moments(notes)
    if len(moments) <= MOST_LISTED and len(pitched) == len(tracks):
        return f"{players}: {', then '.join(_together(one) for one in moments)}."
    parts = [players]
    if len({note.pitch % 12 for note in notes}) >= ENOUGH_FOR_KEY:
        parts.append(f"in {find_key(score).name}")
    low, high = min(n.pitch for n in notes), max(n.pitch for n in notes)
    parts.append(f"at {score.tempo:.4g} beats a minute")
    parts += [f"from {note_name(low)} to {note_name(high)}"] if low < high else []
    return f"{', '.join(parts)}. {_line(_highest(pitched), score)}"


def _count(n: int, word: str) -> str:
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def _players(tracks: list[Track]) -> str:
    """Return who plays: instruments, and of each how many parts it has."""
    names = ["drums" if t.is_drum else instrument_name(t.program) for t in tracks]
    found = {name: names.count(name) for name in names}
    if len(found) > MOST_INSTRUMENTS:
        return f"{len(tracks)} parts, {len(found)} instruments"
    told = [name if n == 1 else f"{name} in {n} parts" for name, n in found.items()]
    words = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return words[0].upper() + words[1:]


def _moments(notes: list[Note]) -> list[list[Note]]:
    """Return notes by the moment at which they begin, in order of time."""
    found: dict[float, list[Note]] = {}
    for note in notes:
        found.setdefault(note.start, []).append(note)
    return [found[start] for start in sorted(found)]


def _together(notes: list[Note]) -> str:
    names = [note_name(note.pitch) for note in sorted(notes, key=lambda n: n.pitch)]
    return names[0] if len(names) == 1 else f"{names[0]} with {' and '.join(names[1:])}"


def _highest(tracks: list[Track]) -> list[Note]:
    """Return the line on top: the highest note of each moment of the highest track."""
    top = max(tracks, key=lambda t: np.mean([note.pitch for note in t.notes]))
    return [max(one, key=lambda n: n.pitch) for one in _moments(list(top.notes))]


def _line(line: list[Note], score: Score) -> str:
    """Return how a line goes: where it begins, its highest note, its end, its leaps."""
    pitches = [note.pitch for note in line]
    peak = line[int(np.argmax(pitches))]
    where = place_name(peak.start, score.metres[0], score.pickup).partition(",")[0]
    leap = max((abs(b - a) for a, b in pairwise(pitches)), default=0)
    if leap == 0:
        return f"The highest part stays on {note_name(pitches[0])}."
    return (
        f"The highest part begins on {note_name(pitches[0])}, reaches "
        f"{note_name(peak.pitch)} in {where}, ends on {note_name(pitches[-1])} and "
        f"moves by {LEAPS.get(leap, 'more than an octave')} at most."
    )


def heard_sound(audio: np.ndarray, rate: int) -> str:
    """Return what a sound is like, in a sentence: how long, how high, how it goes.

    Args:
        audio: in [-1, 1], shape (N,) or (N, 2).
        rate: samples a second.

    >>> tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8_000) / 8_000)
    >>> heard_sound(tone, 8_000)
    '1.0 seconds of sound, steady, a pitch near A4.'
    """
    sound = np.asarray(audio, dtype=np.float64)
    sound = sound.mean(axis=1) if sound.ndim == 2 else sound
    length = f"{len(sound) / rate:.1f} seconds of"
    if not len(sound) or np.abs(sound).max() < SILENT:
        return f"{length} silence."
    third = max(1, len(sound) // 3)
    begin, end = (np.sqrt(np.mean(part**2)) for part in (sound[:third], sound[-third:]))
    change = 20 * np.log10(max(end, SILENT) / max(begin, SILENT))
    if abs(change) < CHANGE_DB:
        loudness = "steady"
    else:
        loudness = "growing louder" if change > 0 else "growing softer"
    return f"{length} sound, {loudness}, {_pitch_words(sound, rate)}."


def _pitch_words(sound: np.ndarray, rate: int) -> str:
    """Return how high a sound is at three moments of it."""
    size = min(len(sound), round(LOOKED_AT * rate))
    begins = np.linspace(0, len(sound) - size, N_LOOKS + 2)[1:-1].astype(int)
    heard = [_near(sound[begin : begin + size], rate) for begin in begins]
    found = list(dict.fromkeys(name for name in heard if name))
    if not found:
        return "without a clear pitch"
    if len(found) == 1:
        return f"a pitch near {found[0]}"
    return f"pitches near {', then '.join(found)}"


def _near(sound: np.ndarray, rate: int) -> str:
    """Return the name of the note that a stretch of sound is near, or ""."""
    if np.abs(sound).max() < SILENT:
        return ""
    try:
        hertz = fundamental(sound, rate)
    except InputError:  # no finite numbers
        return ""
    pitch = round(69 + 12 * np.log2(hertz / 440)) if np.isfinite(hertz) else -1
    return note_name(pitch) if 0 <= pitch <= 127 else ""

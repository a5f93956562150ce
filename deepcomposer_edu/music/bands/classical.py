"""A piano quartet by rule: the network's own lines on viola and cello, Alberti bass.

Violin, viola, cello and piano. The violin has the melody, viola and cello play the
network's alto and bass as they are, only in their own octaves; the piano breaks the
chords that the voices form, as Mozart's left hand did.
"""

from __future__ import annotations

from deepcomposer_edu.music.bands.hands import near, place_chord
from deepcomposer_edu.music.bands.harmony import gentle
from deepcomposer_edu.music.bands.song import Song, Span
from deepcomposer_edu.music.bands.time import Measure, Pulse
from deepcomposer_edu.music.score import Note

COSTS = (0.03, 0.12, 0.3)  # of a new chord at a bar, half a bar, other pulses
VIOLA_LOW, VIOLA_HIGH = 50, 72  # D3 to C5
CELLO_LOW, CELLO_HIGH = 36, 58  # C2 to A#3
PIANO_LOW, PIANO_HIGH = 48, 69  # C3 to A4
QUICKEST, SLOWEST = 0.13, 0.33  # seconds between two notes of the piano

# How the piano breaks a chord of three notes, 0 the lowest; None: a rest, -1: all above
FIGURES: dict[str, tuple[int | None, ...]] = {
    "alberti": (0, 2, 1, 2),
    "rolling": (0, 1, 2, 1),
    "repeated": (-1, -1),
    "falling": (2, 1, 0, 1),
}
TRIPLE_FIGURES: dict[str, tuple[int | None, ...]] = {
    "rolling": (0, 1, 2),
    "waltz": (0, -1, -1),
    "swaying": (0, 2, 1),
}


def play(song: Song) -> dict[str, list[Note]]:
    """Return what piano, viola and cello play."""
    return {"Viola": viola(song), "Cello": cello(song), "Piano": piano(song)}


def viola(song: Song) -> list[Note]:
    """Play the network's alto, below the melody, as one breath for every phrase."""
    if not song.voices:
        return []
    return _line(song, song.voices[0], VIOLA_LOW, VIOLA_HIGH, 0.74, is_below=True)


def cello(song: Song) -> list[Note]:
    """Play the network's bass in the cello's octave."""
    if not song.voices:
        return []
    return _line(song, song.voices[-1], CELLO_LOW, CELLO_HIGH, 0.74, is_below=False)


def _line(
    song: Song,
    voice: tuple[Note, ...],
    low: int,
    high: int,
    share: float,
    is_below: bool,
) -> list[Note]:
    """Return a voice moved as a whole into an instrument's range, phrase by phrase."""
    middle = sorted(note.pitch for note in voice)[len(voice) // 2]
    shift = 12 * round(((low + high) / 2 - middle) / 12)
    notes: list[Note | None] = []
    for note in voice:
        top = high
        if is_below:
            top = song.ceiling(note.start, note.end, high, low + 12)
        pitch = note.pitch + shift
        while pitch > top:
            pitch -= 12
        while pitch < low:
            pitch += 12
        swell = 4 if _is_strong(song, note.start) else 0
        level = song.level(share, note.start, swell)
        notes.append(song.note(note.start, pitch, note.end, level))
    return [note for note in notes if note is not None]


def _is_strong(song: Song, step: float) -> bool:
    """Return whether a bar begins at a step."""
    return any(abs(measure.start - step) < 0.01 for measure in song.measures)


def piano(song: Song) -> list[Note]:
    """Break the chords; rest a moment at the end of each phrase."""
    notes: list[Note | None] = []
    before: tuple[int, ...] = ()
    for measure in song.playing:
        for span in song.spans_in(measure.start, min(measure.end, song.close)):
            high = song.ceiling(span.start, span.end, PIANO_HIGH, PIANO_LOW + 12)
            before = place_chord(span.chord.triad, before, PIANO_LOW, high, 3)
            notes += _broken(song, measure, span, before)
    chord = song.span_at(song.close).chord
    classes = gentle(song, chord.triad, song.close, song.end)
    high = song.ceiling(song.close, song.end, PIANO_HIGH, PIANO_LOW + 12)
    final = place_chord(classes, before, PIANO_LOW, high, 3)
    low = near(chord.root, None, CELLO_LOW, PIANO_LOW)
    level = song.level(0.8, song.close)
    for i, pitch in enumerate((low, *final)):  # a chord spread from below
        notes.append(song.note(song.close + i * 0.12, pitch, song.end, level))
    return [note for note in notes if note is not None]


def figure(song: Song, measure: Measure, is_triple: bool) -> tuple[int | None, ...]:
    """Return how the piano breaks the chords of a measure.

    The figure changes every eight bars; the first is the same for the same seed.
    """
    waltz = len(measure.pulses) == 3 and not is_triple
    figures = TRIPLE_FIGURES if is_triple or waltz else FIGURES
    names = sorted(figures)
    first = int(song.dice.at("figure").integers(len(names)))
    return figures[names[(first + measure.phrase // 2) % len(names)]]


def _broken(
    song: Song, measure: Measure, span: Span, chord: tuple[int, ...]
) -> list[Note | None]:
    """Return the piano's notes over one chord of a measure."""
    notes: list[Note | None] = []
    for i, pulse in enumerate(measure.pulses):
        if not span.start - 0.01 <= pulse.start < span.end - 0.01:
            continue
        is_breath = (
            measure.in_phrase == 3
            and pulse is measure.pulses[-1]
            and len(measure.pulses) > 1
        )
        shape = figure(song, measure, pulse.is_triple)
        if is_breath:
            level = song.level(0.68, pulse.start)
            notes += [song.note(pulse.start, p, pulse.end - 0.25, level) for p in chord]
            continue
        for step, length, which in _steps(measure, pulse, i, shape):
            if step >= min(span.end, song.close) - 0.01 or which is None:
                continue
            pitches = [chord[which % len(chord)]] if which >= 0 else list(chord[1:])
            stop = step + length
            for wanted in pitches:
                options = [wanted, *chord]
                pitch = next(
                    (p for p in options if not song.rubs(p, step, stop)), wanted
                )
                accent = 6 if step == measure.start else 0
                level = song.level(0.78, step, accent)
                notes.append(song.note(step, pitch, min(stop, song.close), level))
    return _once(notes)


def _steps(
    measure: Measure, pulse: Pulse, i: int, shape: tuple[int | None, ...]
) -> list[tuple[float, float, int | None]]:
    """Return (step, length, which note) of the figure within a pulse."""
    if len(measure.pulses) == 3 and not pulse.is_triple and shape == (0, -1, -1):
        return [(pulse.start, pulse.length * 0.8, shape[i])]  # oom-pah-pah
    n_parts = 3 if pulse.is_triple else 2
    while pulse.length / n_parts * measure.step_seconds > SLOWEST:
        n_parts *= 2
    while n_parts > 1 and pulse.length / n_parts * measure.step_seconds < QUICKEST:
        n_parts //= 2
    length = pulse.length / n_parts
    return [
        (pulse.start + k * length, length, shape[(i * n_parts + k) % len(shape)])
        for k in range(n_parts)
    ]


def _once(notes: list[Note | None]) -> list[Note | None]:
    """Return notes without a second one of the same pitch at the same time."""
    kept = {(n.start, n.pitch): n for n in notes if n is not None}
    return list(kept.values())

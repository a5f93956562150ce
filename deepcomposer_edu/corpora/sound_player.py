"""Plays notes of one instrument as sounds of one length, each at a known level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.music.instruments import find_instrument
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.music.synth import Synth

# Name -> (General MIDI program, semitones that the key is moved). The recorded church
# organ sounds an octave below its keys. A test measures that the four are in tune.
VOICES = {
    "organ": (19, 12),
    "clarinet": (71, 0),
    "harpsichord": (6, 0),
    "space-lead": (87, 0),
}
LOUDEST_DBFS = -16.0  # power of a held note at velocity 120
STANDARD_SECONDS = 0.8  # a note so long is put at its level
_CLEAN_RATE = 32_000  # notes are played so fast, or faster, and thinned out
_FADE_SECONDS = 0.01  # at the end of each sound, where a release is cut off

Played = tuple[float, float, int, int]  # start and length in seconds, pitch, velocity


def voice_of(instrument: str) -> tuple[int, int]:
    """Return an instrument's General MIDI program and by how much its keys are moved.

    Raises:
        InputError: if there is no such instrument.
    """
    if instrument in VOICES:
        return VOICES[instrument]
    return find_instrument(instrument), 0


class SoundPlayer:
    """Plays notes of one instrument as sounds of one length.

    Args:
        rate: samples per second.
        seconds: of each sound.
    """

    def __init__(self, rate: int, seconds: float) -> None:
        self.n = round(seconds * rate)
        self.factor = -(-_CLEAN_RATE // rate)
        self.fast, self.rate = rate * self.factor, rate
        self.synth = Synth()
        self._powers: dict[tuple[str, int], float] = {}
        self._last: tuple[tuple, np.ndarray] | None = None

    def play(self, instrument: str, notes: Sequence[Played]) -> np.ndarray:
        """Return the sound of some notes, shape (n,), int16.

        A note of velocity 120 has LOUDEST_DBFS while it is held for STANDARD_SECONDS.
        """
        from scipy.signal import resample_poly

        mix = np.zeros(self.n * self.factor)
        for start, length, pitch, velocity in notes:
            first = round(start * self.fast)
            sound = self._mix(instrument, pitch, length)[: max(len(mix) - first, 0)]
            level = 10 ** (LOUDEST_DBFS / 20) * (velocity / 120) ** 2
            level /= self._power(instrument, pitch)
            mix[first : first + len(sound)] += level * sound
        audio = resample_poly(mix, 1, self.factor)[: self.n]
        n_fade = min(round(_FADE_SECONDS * self.rate), self.n)
        audio[self.n - n_fade :] *= np.linspace(1, 0, n_fade)
        return np.rint(np.clip(audio, -1, 1) * 32_767).astype(np.int16)

    def _power(self, instrument: str, pitch: int) -> float:
        """Return the root of a held note's power."""
        if (instrument, pitch) not in self._powers:
            held = self._mix(instrument, pitch, STANDARD_SECONDS)
            held = held[: round(STANDARD_SECONDS * self.fast)]
            power = max(float(np.sqrt(np.mean(held**2))), 1e-9)
            self._powers[instrument, pitch] = power
        return self._powers[instrument, pitch]

    def _mix(self, instrument: str, pitch: int, length: float) -> np.ndarray:
        """Return a note of velocity 100 as the synth plays it, in one channel."""
        asked = (instrument, pitch, length)
        if self._last is None or self._last[0] != asked:
            program, shift = voice_of(instrument)
            notes = (Note(0, pitch + shift, 8 * length, 100),)  # 8 steps to a second
            score = Score((Track(notes, program=program),), tempo=120)
            mix = self.synth.mix(score, self.fast).mean(axis=1, dtype=np.float64)
            self._last = asked, mix
        return self._last[1]


def melody_piece(
    random: np.random.Generator, names: list[str], seconds: float, low: int, high: int
) -> tuple[str, list[Played]]:
    """Return a tune's name and a piece of it.

    Args:
        random: draws the tune, the place in it, its tempo and its key.
        names: the tunes.
        seconds: the piece's length.
        low: the lowest MIDI pitch of the piece.
        high: the highest, an octave above or more.
    """
    name = names[random.integers(len(names))]
    tempo = float(random.integers(80, 133))
    per_step = 60 / tempo / 4
    notes = load_tune(name).tracks[0].notes
    last = notes[-1].end - seconds / per_step
    firsts = [note.start for note in notes if note.start <= last] or [0.0]
    first = firsts[random.integers(len(firsts))]
    piece = [
        note
        for note in notes
        if first <= note.start < first + seconds / per_step - 0.5  # no mere beginnings
    ]
    lowest, highest = (f(note.pitch for note in piece) for f in (min, max))
    moves = [s for s in range(-60, 61) if low <= lowest + s and highest + s <= high]
    move = moves[random.integers(len(moves))] if moves else None
    folded = [
        note.pitch + move
        if move is not None
        else low + (note.pitch - low) % 12  # a wide melody in a narrow range
        for note in piece
    ]
    return name, [
        ((note.start - first) * per_step, 0.92 * note.duration * per_step, pitch, 85)
        for note, pitch in zip(piece, folded, strict=True)
    ]

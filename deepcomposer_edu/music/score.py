"""Notes, tracks and scores: the one form in which music travels through the course.

Time is counted in steps of a sixteenth note: 4 steps to a quarter, whatever the metre,
so a 4/4 bar has 16 steps and a 3/4 bar has 12. A position may be fractional (a triplet
eighth lasts 4/3 steps), so reading and writing a file loses nothing; the models work on
whole steps and say so when they round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from deepcomposer_edu.errors import InputError

STEPS_PER_QUARTER = 4
STEPS_PER_BAR = 16  # of a 4/4 bar
MIDDLE_C = 60  # C4

NOTE_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def note_name(pitch: int) -> str:
    """Return the name of a MIDI pitch: letter, then octave.

    The letters are in NOTE_NAMES, from C up. An octave begins at its C, and middle C,
    pitch 60, is C4: so octave -1 begins at pitch 0.

    Args:
        pitch: MIDI number, 0 to 127.

    Returns:
        The name, such as "C4", "F#3" or "C-1".

    >>> note_name(60), note_name(69), note_name(36)
    ('C4', 'A4', 'C2')
    """
    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}"


def frequency(pitch: float) -> float:
    """Return how often the air swings in a second, in hertz, for a MIDI pitch.

    A4, pitch 69, swings 440 times a second. Twelve semitones up, an octave, is twice
    as often, and every semitone multiplies by the same factor (equal temperament).

    Args:
        pitch: MIDI number; 69.5 lies halfway between A4 and A#4.

    Returns:
        The frequency in hertz.

    >>> frequency(69), frequency(81), round(frequency(60), 2)
    (440.0, 880.0, 261.63)
    """
    return 440 * 2 ** ((pitch - 69) / 12)


@dataclass(frozen=True, order=True)
class Note:
    """One note: when it starts, how high it is, how long and how hard it sounds.

    Args:
        start: position in steps from the beginning, 0 or later, may be fractional.
        pitch: MIDI number, 0 to 127; middle C (C4) is 60.
        duration: length in steps, above 0, may be fractional.
        velocity: loudness, 1 to 127.

    Raises:
        InputError: if a value lies outside its range.
    """

    start: float
    pitch: int
    duration: float
    velocity: int = 80

    def __post_init__(self) -> None:
        if not 0 <= self.pitch <= 127:
            raise InputError(
                f"A note's pitch is {self.pitch}, but MIDI pitches go from 0 to 127 "
                "(middle C is 60)."
            )
        if not (self.start >= 0 and 0 < self.duration < float("inf")):
            raise InputError(
                f"A note starts at step {self.start} and lasts {self.duration} steps, "
                "but it must start at 0 or later and last longer than 0."
            )
        if not 1 <= self.velocity <= 127:
            raise InputError(
                f"A note's velocity is {self.velocity}, but velocities go from 1 to "
                "127."
            )

    @property
    def end(self) -> float:
        """The step at which the note stops sounding."""
        return self.start + self.duration


@dataclass(frozen=True)
class Track:
    """The notes of one instrument, in order of time.

    Args:
        notes: the notes; they are kept sorted by start, then pitch.
        name: what to call the track ("Soprano", "Piano").
        program: General MIDI instrument, 0 to 127 (0 is the grand piano).
        is_drum: whether pitches name drums instead of heights.
    """

    notes: tuple[Note, ...] = ()
    name: str = ""
    program: int = 0
    is_drum: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.program <= 127:
            raise InputError(
                f"An instrument number is {self.program}, but General MIDI programs go "
                "from 0 to 127 (0 is the grand piano)."
            )
        object.__setattr__(self, "notes", tuple(sorted(self.notes)))

    @property
    def end(self) -> float:
        """The step at which the last note stops (0 for an empty track)."""
        return max((note.end for note in self.notes), default=0.0)


@dataclass(frozen=True)
class Metre:
    """A time signature from a step on: `numerator` beats of a `denominator` note."""

    step: float = 0
    numerator: int = 4
    denominator: int = 4

    @property
    def steps_per_bar(self) -> float:
        """Length of a bar in steps: 16 for 4/4, 12 for 3/4 and 6/8."""
        return 16 * self.numerator / self.denominator


@dataclass(frozen=True)
class Score:
    """A piece of music: tracks with tempo, metre and title.

    Args:
        tracks: the instruments.
        tempo: speed at the start in quarter notes per minute (BPM), above 0.
        tempo_changes: later changes as (step, BPM), in order of time.
        metres: time signatures in order of time; the first holds from step 0.
        pickup: length in steps of an incomplete first bar (0: the first bar is whole).
        title: the name of the piece.
    """

    tracks: tuple[Track, ...] = ()
    tempo: float = 120.0
    tempo_changes: tuple[tuple[float, float], ...] = ()
    metres: tuple[Metre, ...] = field(default=(Metre(),))
    pickup: float = 0
    title: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tracks", tuple(self.tracks))
        object.__setattr__(self, "tempo_changes", tuple(self.tempo_changes))
        object.__setattr__(self, "metres", tuple(self.metres) or (Metre(),))
        for tempo in (self.tempo, *(bpm for _, bpm in self.tempo_changes)):
            if not 0 < tempo < float("inf"):
                raise InputError(
                    f"The tempo is {tempo}, but it must be above 0 beats per minute."
                )

    @classmethod
    def from_notes(
        cls, notes: Iterable[tuple[float, int, float]], **options: object
    ) -> Score:
        """Return a score of one track from (start, pitch, duration) in steps.

        >>> Score.from_notes([(0, 60, 4), (4, 62, 4)]).n_steps
        8
        """
        track = Track(
            tuple(Note(start, pitch, duration) for start, pitch, duration in notes)
        )
        return cls((track,), **options)

    @property
    def end(self) -> float:
        """The step at which the last note of any track stops."""
        return max((track.end for track in self.tracks), default=0.0)

    @property
    def n_steps(self) -> int:
        """Whole steps needed to hold every note."""
        return int(-(-self.end // 1))

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes of all tracks, drums included, in order of time."""
        return tuple(sorted(note for track in self.tracks for note in track.notes))

    @property
    def seconds(self) -> float:
        """Duration in seconds at the score's tempo and its changes."""
        return self.seconds_at(self.end)

    def seconds_at(self, step: float) -> float:
        """Return the time in seconds at which `step` is reached."""
        seconds, position, tempo = 0.0, 0.0, self.tempo
        for change, new_tempo in self.tempo_changes:
            if change >= step:
                break
            seconds += (change - position) * 60 / (tempo * STEPS_PER_QUARTER)
            position, tempo = change, new_tempo
        return seconds + (step - position) * 60 / (tempo * STEPS_PER_QUARTER)

    def with_tempo(self, tempo: float) -> Score:
        """Return the same music at one constant tempo in BPM."""
        return replace(self, tempo=float(tempo), tempo_changes=())

    def transposed(self, semitones: int) -> Score:
        """Return the score moved by `semitones`; drums stay as they are.

        Raises:
            InputError: if a note would leave the MIDI range 0 to 127.
        """

        def moved(track: Track) -> Track:
            if track.is_drum:
                return track
            notes = tuple(replace(n, pitch=n.pitch + semitones) for n in track.notes)
            return replace(track, notes=notes)

        return replace(self, tracks=tuple(moved(track) for track in self.tracks))

"""A drummer's vocabulary: the kit, hits that end with the song, fills and endings."""

from __future__ import annotations

from collections.abc import Sequence

from deepcomposer_edu.music.bands.song import Song
from deepcomposer_edu.music.bands.time import PHRASE, Measure, Pulse
from deepcomposer_edu.music.score import Note

# General MIDI drums
KICK, STICK, SNARE, CLAP = 36, 37, 38, 39
FLOOR_TOM, LOW_TOM, MID_TOM, HIGH_TOM = 41, 45, 47, 50
CLOSED_HAT, PEDAL_HAT, OPEN_HAT = 42, 44, 46
CRASH, RIDE, RIDE_BELL, TAMBOURINE, SHAKER = 49, 51, 53, 54, 70
HIT_STEPS = 1.0  # how long a hit is written; drums ring as long as they like
QUICKEST_HAT, SLOWEST_HAT = 0.13, 0.40  # seconds between two strokes of the hi-hat


class Kit:
    """Collects the hits of one drummer."""

    def __init__(self, song: Song) -> None:
        self.song = song
        self._hits: dict[tuple[float, int], Note] = {}

    def hit(self, step: float, drum: int, share: float, accent: int = 0) -> None:
        """Strike a drum once; the louder of two strokes at one place stays.

        Args:
            step: when.
            drum: its General MIDI number.
            share: loudness beside the melody's.
            accent: added to the velocity.
        """
        velocity = self.song.level(share, step + drum / 128, accent)
        note = self.song.note(step, drum, step + HIT_STEPS, velocity)
        place = (round(step, 3), drum)
        is_louder = place not in self._hits or self._hits[place].velocity < velocity
        if note is not None and step >= 0 and is_louder:
            self._hits[place] = note

    def clear(self, start: float, end: float, drums: Sequence[int]) -> None:
        """Take back the hits of some drums within a stretch of time."""
        self._hits = {
            (step, drum): note
            for (step, drum), note in self._hits.items()
            if drum not in drums or not start - 0.01 <= step < end
        }

    @property
    def notes(self) -> list[Note]:
        """All hits in order of time."""
        return sorted(self._hits.values())


def spot(measure: Measure, position: float, swing: float = 0.5) -> float:
    """Return the step of a position counted in pulses: 1.5 is the "and" of the second.

    Args:
        measure: the bar.
        position: whole pulses, and .5 for the off-beat, .25 and .75 between.
        swing: where the off-beat lies within its pulse.
    """
    i = int(position)
    if i >= len(measure.pulses):
        return measure.end
    pulse, inside = measure.pulses[i], position - int(position)
    if inside == 0.5:
        return pulse.off_beat(swing)
    return pulse.start + inside * pulse.length


def strokes(pulse: Pulse, seconds: float) -> list[float]:
    """Return when a hi-hat is struck in a pulse, as densely as sounds natural."""
    n_strokes = 3 if pulse.is_triple else 2
    if pulse.length * seconds / n_strokes < QUICKEST_HAT:
        n_strokes = 1
    while pulse.length * seconds / n_strokes > SLOWEST_HAT:
        n_strokes *= 2
    return [pulse.start + i * pulse.length / n_strokes for i in range(n_strokes)]


def backbeats(measure: Measure, variant: int = 0) -> list[int]:
    """Return the pulses on which the snare answers the kick."""
    n_pulses = len(measure.pulses)
    if n_pulses == 1:
        return [0] if measure.number % 2 == 0 else []
    if n_pulses == 3:
        return [[2], [1, 2]][variant % 2]
    return list(range(1, n_pulses, 2))


def downbeats(measure: Measure) -> list[int]:
    """Return the pulses on which the kick falls."""
    n_pulses = len(measure.pulses)
    if n_pulses == 1:
        return [] if measure.number % 2 == 0 else [0]
    return [0] if n_pulses == 3 else list(range(0, n_pulses, 2))


def is_fill(song: Song, measure: Measure) -> bool:
    """Return whether a measure ends a phrase of four bars, and the song goes on."""
    is_last = measure.in_phrase == PHRASE - 1
    return is_last and measure.end < song.close + 0.01 and song.end > measure.end


def play_fill(kit: Kit, measure: Measure, share: float) -> None:
    """Play a fill over the end of a measure: longer every second time.

    Args:
        kit: the drums.
        measure: the last of a phrase.
        share: loudness of its last stroke beside the melody's.
    """
    song = kit.song
    is_long = measure.phrase % 2 == 1 and len(measure.pulses) > 2
    pulses = measure.pulses[-2:] if is_long else measure.pulses[-1:]
    begin = pulses[0].start
    n_parts = 3 if pulses[0].is_triple else 4
    if pulses[0].length / n_parts * measure.step_seconds < 0.085:
        n_parts //= 2
    times = [
        pulse.start + i * pulse.length / n_parts
        for pulse in pulses
        for i in range(max(n_parts, 2))
    ]
    shape = song.dice.choose(("roll", "toms", "talk", "push"), "fill", measure.phrase)
    kit.clear(begin, measure.end, (SNARE, STICK, CLAP, CLOSED_HAT, OPEN_HAT, RIDE))
    n_times = len(times)
    for i, step in enumerate(times):
        swell = share * (0.7 + 0.3 * (i + 1) / n_times)
        if shape == "roll":
            kit.hit(step, SNARE, swell, 6 if i % n_parts == 0 else 0)
        elif shape == "toms":
            drums = (SNARE, HIGH_TOM, MID_TOM, LOW_TOM, FLOOR_TOM)
            kit.hit(step, drums[i * len(drums) // n_times], swell)
        elif shape == "talk":
            kit.hit(step, (SNARE, SNARE, KICK, MID_TOM)[i % 4], swell)
        elif i % 2 == 0 or i >= n_times - 2:
            kit.hit(step, (SNARE, FLOOR_TOM)[i % 2], swell)
            if i % 2 == 0:
                kit.hit(step, KICK, swell * 0.9)


def play_upbeat(kit: Kit, drum: int, share: float) -> None:
    """Count the upbeat softly on the pulses."""
    for measure in kit.song.measures:
        if measure.number == 0:
            for pulse in measure.pulses:
                kit.hit(pulse.start, drum, share)


def play_end(kit: Kit, share: float, cymbal: int = CRASH) -> None:
    """Strike the last chord: cymbal and kick together."""
    kit.hit(kit.song.close, cymbal, share)
    kit.hit(kit.song.close, KICK, share)

"""Rock by rule: power chords on an overdriven guitar, driving bass, a hard backbeat."""

from __future__ import annotations

from deepcomposer_edu.music.bands.drums import (
    CLOSED_HAT,
    CRASH,
    KICK,
    OPEN_HAT,
    RIDE,
    SNARE,
    Kit,
    backbeats,
    downbeats,
    is_fill,
    play_end,
    play_fill,
    play_upbeat,
    spot,
    strokes,
)
from deepcomposer_edu.music.bands.hands import around, near, tone_toward
from deepcomposer_edu.music.bands.song import Song, Span
from deepcomposer_edu.music.bands.time import Measure
from deepcomposer_edu.music.score import Note

COSTS = (0.02, 0.3, 1.2)  # of a new chord at a bar, half a bar, other pulses
BASS_LOW, BASS_HIGH = 28, 43  # E1 to G2
GUITAR_LOW, GUITAR_HIGH = 40, 52  # roots of power chords, E2 to E3
SHORTEST_CHUG = 0.11  # seconds

# Kick patterns in pulses, besides the downbeats
KICKS: dict[int, tuple[tuple[float, ...], ...]] = {
    4: ((0, 2), (0, 2, 2.5), (0, 1.5, 2), (0, 1.5, 2.5), (0, 0.5, 2), (0, 2, 3.5)),
    3: ((0,), (0, 1.5), (0, 0.5)),
    2: ((0,), (0, 0.5), (0, 1.5)),
}
TEXTURES = ("chug", "drive", "open", "gallop")


def play(song: Song) -> dict[str, list[Note]]:
    """Return what guitar, bass and drums play."""
    return {"Guitar": guitar(song), "Bass": bass(song), "Drums": drums(song)}


def texture(song: Song, measure: Measure) -> str:
    """Return how the guitar plays in a measure: it changes every eight bars."""
    first = int(song.dice.at("texture").integers(len(TEXTURES)))
    return TEXTURES[(first + measure.phrase // 2) % len(TEXTURES)]


# --- guitar ------------------------------------------------------------------


def guitar(song: Song) -> list[Note]:
    """Play roots and fifths: palm-muted eighths, driving ones, or long open chords."""
    notes: list[Note | None] = []
    last: int | None = None
    for measure in song.playing:
        end = min(measure.end, song.close)
        for span in song.spans_in(measure.start, end):
            last = near(span.chord.root, last, GUITAR_LOW, GUITAR_HIGH)
            notes += _strum(song, measure, span, last)
    chord = song.span_at(song.close).chord
    root = near(chord.root, last, GUITAR_LOW, GUITAR_HIGH)
    level = song.level(0.86, song.close)
    for pitch in _power(song, Span(song.close, song.end, chord), root):
        notes.append(song.note(song.close, pitch, song.end, level))
    return [note for note in notes if note is not None]


def _power(song: Song, span: Span, root: int) -> list[int]:
    """Return a power chord: root, fifth and octave; no third, so it never argues."""
    fifth = root + (6 if span.chord.quality == "diminished" else 7)
    high = song.ceiling(span.start, span.end, GUITAR_HIGH + 12, fifth)
    pitches = [root, fifth, root + 12]
    return [
        p
        for p in pitches
        if p == root or (p <= high and not song.rubs(p, span.start, span.end))
    ]


def _strum(song: Song, measure: Measure, span: Span, root: int) -> list[Note | None]:
    """Return a guitar's notes over one chord of a measure."""
    kind = texture(song, measure)
    chord = _power(song, span, root)
    if kind == "open":
        level = song.level(0.82, span.start)
        return [song.note(span.start, p, span.end - 0.25, level) for p in chord]
    notes: list[Note | None] = []
    back = {measure.pulses[i].start for i in backbeats(measure)}
    for pulse in measure.pulses:
        times = strokes(pulse, measure.step_seconds)
        if kind == "gallop" and not pulse.is_triple and len(times) == 2:
            quarter = pulse.length / 4
            if quarter * measure.step_seconds >= SHORTEST_CHUG:
                times = [
                    pulse.start,
                    pulse.start + 2 * quarter,
                    pulse.start + 3 * quarter,
                ]
        for i, (step, after) in enumerate(
            zip(times, [*times[1:], pulse.end], strict=True)
        ):
            if not span.start - 0.01 <= step < span.end:
                continue
            is_first = step < span.start + 0.01
            is_loud = is_first or (step in back and kind != "chug")
            if kind == "chug":
                # muted strings, and the whole chord where it begins
                length = (after - step) * (0.9 if is_first else 0.5)
                pitches = chord if is_first else chord[:2]
            else:
                length = (after - step) * 0.9
                pitches = chord if is_loud or i == 0 else chord[:2]
            level = song.level(0.84 if is_loud else 0.7, step, 4 if i == 0 else 0)
            notes += [song.note(step, p, step + length, level) for p in pitches]
    return notes


# --- bass --------------------------------------------------------------------


def bass(song: Song) -> list[Note]:
    """Drive in eighths on the root, and lead into the next chord at the end."""
    notes: list[Note | None] = []
    last: int | None = None
    for measure in song.playing:
        for pulse in measure.pulses:
            times = strokes(pulse, measure.step_seconds)
            for step, after in zip(times, [*times[1:], pulse.end], strict=True):
                if step >= song.close:
                    break
                span = song.span_at(step)
                root = near(span.chord.root, last, BASS_LOW, BASS_HIGH)
                pitch = root
                is_last = after >= span.end - 0.01 and span.end - span.start > 4
                if is_last and step > span.start:
                    pitch = _lead(song, span, root, step, after)
                if pitch == root and song.rubs(root, step, after):
                    pitch = song.calmest(
                        around(span.chord.classes, root, BASS_LOW, BASS_HIGH),
                        step,
                        after,
                    )
                last = root
                level = song.level(0.84, step, 6 if step == pulse.start else 0)
                stop = min(step + (after - step) * 0.92, song.close)
                notes.append(song.note(step, pitch, stop, level))
    root = near(song.span_at(song.close).chord.root, last, BASS_LOW, BASS_HIGH)
    notes.append(song.note(song.close, root, song.end, song.level(0.9, song.close)))
    return [note for note in notes if note is not None]


def _lead(song: Song, span: Span, root: int, step: float, after: float) -> int:
    """Return the last note before a new chord: one step of the scale away from it."""
    goal_class = song.next_chord(step).root
    goal = near(goal_class, root, BASS_LOW, BASS_HIGH)
    if goal == root or not song.dice.chance(0.7, "lead", int(span.start)):
        return root
    pitch = tone_toward(song.key.scale, root, goal)
    fits = BASS_LOW <= pitch <= BASS_HIGH and not song.rubs(pitch, step, after)
    return pitch if fits else root


# --- drums -------------------------------------------------------------------


def drums(song: Song) -> list[Note]:
    """Kick, backbeat and eighths; crashes open the phrases, fills end them."""
    kit = Kit(song)
    play_upbeat(kit, CLOSED_HAT, 0.7)
    for measure in song.playing:
        _groove(kit, measure)
        if is_fill(song, measure):
            play_fill(kit, measure, 0.95)
    kit.clear(song.close, song.end, (CLOSED_HAT, OPEN_HAT, RIDE, SNARE, KICK))
    play_end(kit, 1.0)
    return kit.notes


def _groove(kit: Kit, measure: Measure) -> None:
    """Play one measure."""
    song = kit.song
    n_pulses = len(measure.pulses)
    section = measure.phrase // 2
    options = KICKS.get(n_pulses, (tuple(downbeats(measure)),))
    busy = options[: max(1, round(len(options) * (0.4 + 0.6 * song.energy)))]
    kicks = song.dice.choose(busy, "kick", section) if n_pulses > 1 else ()
    for position in kicks or downbeats(measure):
        kit.hit(spot(measure, position), KICK, 0.95)
    for i in backbeats(measure, section):
        kit.hit(measure.pulses[i].start, SNARE, 0.98)
    for pulse in measure.pulses:  # ghost notes before the next pulse
        ghost = spot(measure, measure.pulses.index(pulse) + 0.75)
        is_there = song.dice.chance(0.4 * song.energy, "ghost", int(pulse.start * 4))
        if is_there and (pulse.end - ghost) * measure.step_seconds > SHORTEST_CHUG:
            kit.hit(ghost, SNARE, 0.36)
    rides = section % 2 == 1
    for pulse in measure.pulses:
        for i, step in enumerate(strokes(pulse, measure.step_seconds)):
            kit.hit(step, RIDE if rides else CLOSED_HAT, 0.7 if i == 0 else 0.52)
    opens = song.dice.chance(0.35, "open", measure.number) and not rides
    if opens and n_pulses > 1:
        late = measure.pulses[-1].off_beat()
        kit.clear(late, measure.end, (CLOSED_HAT,))
        kit.hit(late, OPEN_HAT, 0.66)
    if measure.in_phrase == 0 and measure.is_bar:
        kit.hit(measure.start, CRASH, 0.85 if measure.phrase % 2 == 0 else 0.7)

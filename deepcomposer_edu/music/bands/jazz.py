"""Jazz by rule: walking bass, piano voicings with sevenths, a swung ride cymbal."""

from __future__ import annotations

from deepcomposer_edu.music.bands.drums import (
    CRASH,
    HIGH_TOM,
    KICK,
    MID_TOM,
    PEDAL_HAT,
    RIDE,
    SNARE,
    STICK,
    Kit,
    is_fill,
    play_upbeat,
    spot,
)
from deepcomposer_edu.music.bands.hands import near, place_chord
from deepcomposer_edu.music.bands.harmony import jazz_classes, scale_for
from deepcomposer_edu.music.bands.song import Song, Span
from deepcomposer_edu.music.bands.time import Measure, Pulse
from deepcomposer_edu.music.score import Note

COSTS = (0.03, 0.25, 0.9)  # of a new chord at a bar, half a bar, other pulses
BASS_LOW, BASS_HIGH = 28, 50  # E1 to D3
PIANO_LOW, PIANO_HIGH = 50, 71  # D3 to B4
LEAP = 7  # semitones that a walking bass seldom exceeds
EVEN = 0.55  # below, eighths count as even and do not collide with the melody's

# Comping: when the piano plays, in pulses, and for how long.
COMPING: dict[int, tuple[tuple[tuple[float, float], ...], ...]] = {
    4: (
        ((0, 0.9), (1.5, 0.5)),  # the Charleston
        ((0.5, 0.5), (2, 1.0)),
        ((1.5, 0.5), (3.5, 0.5)),
        ((1, 0.4), (3, 0.4)),
        ((0, 0.45), (2.5, 0.9)),
        ((1.5, 1.6),),
        ((0, 1.5), (3.5, 0.5)),
        ((0, 0.4), (1.5, 0.4), (2.5, 0.5)),
    ),
    3: (
        ((0, 0.9), (1.5, 0.8)),
        ((1.5, 1.3),),
        ((1, 0.5), (2, 0.5)),
        ((0, 2.4),),
        ((0.5, 0.5), (2, 0.7)),
    ),
    2: (((0, 0.9), (1.5, 0.5)), ((0.5, 1.0),), ((1, 0.7),), ((0, 1.5),)),
    1: (((0, 0.9),), ((0.5, 0.5),)),
}


def play(song: Song) -> dict[str, list[Note]]:
    """Return what piano, bass and drums play."""
    return {"Piano": piano(song), "Bass": bass(song), "Drums": drums(song)}


# --- bass --------------------------------------------------------------------


def bass(song: Song) -> list[Note]:
    """Walk in quarters from chord to chord; the last chord gets a long root."""
    notes: list[Note] = []
    last: int | None = None
    for measure in song.playing:
        is_in_two = _is_in_two(song, measure)
        for i, pulse in enumerate(measure.pulses):
            if pulse.start >= song.close:
                break
            if is_in_two and i % 2 and song.span_at(pulse.start).start < pulse.start:
                continue
            length = pulse.length * (1.9 if is_in_two and i % 2 == 0 else 0.95)
            pitch = _step(song, measure, i, last)
            level = song.level(0.86, pulse.start, 4 if i % 2 else 0)
            stop = min(pulse.start + length, song.close)
            notes.append(song.note(pulse.start, pitch, stop, level))
            is_skip = song.dice.chance(
                0.05 + 0.2 * song.energy, "skip", int(pulse.start * 4)
            )
            late = pulse.off_beat(song.swing)
            if is_skip and not is_in_two and not _collides(song, pulse):
                first = notes.pop()
                kept = song.note(first.start, pitch, late, first.velocity)
                soft = song.note(late, pitch, pulse.end, song.level(0.6, late))
                notes += [kept, soft]
            last = pitch
    root = near(song.span_at(song.close).chord.root, last, BASS_LOW, BASS_HIGH)
    notes.append(song.note(song.close, root, song.end, song.level(0.88, song.close)))
    return [note for note in notes if note is not None]


def _is_in_two(song: Song, measure: Measure) -> bool:
    """Return whether the bass plays halves: in some songs, for the first phrase."""
    starts_calm = song.dice.chance(0.75 - 0.5 * song.energy, "in two")
    is_even = len(measure.pulses) % 2 == 0
    return starts_calm and is_even and measure.phrase == 0


def _step(song: Song, measure: Measure, i: int, last: int | None) -> int:
    """Return the bass note of a pulse: root, way, or approach to the next chord."""
    pulse = measure.pulses[i]
    span = song.span_at(pulse.start)
    chord = span.chord
    is_new = span.start >= pulse.start - 0.01
    root = near(chord.root, last, BASS_LOW, BASS_HIGH)
    if is_new or last is None:
        return _kind(song, pulse, [root, *_tones(chord.triad, last, root)])
    is_before_change = span.end <= pulse.end + 0.01
    if is_before_change:
        goal = near(song.next_chord(pulse.start).root, last, BASS_LOW, BASS_HIGH)
        return _kind(song, pulse, _approaches(song, pulse, goal, last))
    scale = scale_for(chord, song.key)
    wanted = chord.classes if i % 2 == 0 else scale
    up = song.dice.chance(0.5, "direction", measure.number * 8 + i // 2)
    if last >= BASS_HIGH - 4:
        up = False
    elif last <= BASS_LOW + 4:
        up = True
    sign = 1 if up else -1
    reach = range(1, LEAP + 1)
    steps = [last + sign * r for r in reach] + [last - sign * r for r in reach]
    options = [p for p in steps if p % 12 in wanted and BASS_LOW <= p <= BASS_HIGH]
    return _kind(song, pulse, [*options, root])


def _approaches(song: Song, pulse: Pulse, goal: int, last: int) -> list[int]:
    """Return notes that lead into the next root, in the order to be tried."""
    options = [goal - 1, goal + 1, goal + 2, goal - 2, goal + 7, goal - 5]
    turn = int(song.dice.at("approach", int(pulse.start)).integers(4))
    options = options[turn:4] + options[:turn] + options[4:]
    close = [p for p in options if abs(p - last) <= LEAP and p != last]
    return [p for p in close if BASS_LOW <= p <= BASS_HIGH + 2] or [goal]


def _tones(classes: tuple[int, ...], last: int | None, root: int) -> list[int]:
    """Return a chord's other notes near the last one."""
    before = root if last is None else last
    return [near(c, before, BASS_LOW, BASS_HIGH) for c in classes[1:]]


def _kind(song: Song, pulse: Pulse, options: list[int]) -> int:
    """Return the first option that does not rub against the melody."""
    for pitch in options:
        if not song.rubs(pitch, pulse.start, pulse.end):
            return pitch
    return song.calmest(options, pulse.start, pulse.end)


# --- piano -------------------------------------------------------------------


def piano(song: Song) -> list[Note]:
    """Comp: short chords without a root, on and off the beat, near each other."""
    notes: list[Note] = []
    before: tuple[int, ...] = ()
    for measure in song.playing:
        for start, stop, ahead in _hits(song, measure):
            chord = song.span_at(ahead).chord
            span = Span(start, stop, chord)
            before = _voicing(song, span, before)
            level = song.level(0.72, start, 5 if start > ahead - 0.01 else 9)
            notes += [song.note(start, p, stop, level) for p in before]
    span = Span(song.close, song.end, song.span_at(song.close).chord)
    level = song.level(0.7, song.close)
    notes += [
        song.note(song.close, p, song.end, level) for p in _voicing(song, span, before)
    ]
    return [note for note in notes if note is not None]


def _hits(song: Song, measure: Measure) -> list[tuple[float, float, float]]:
    """Return when the piano plays in a measure: start, stop, and whose chord it is."""
    patterns = COMPING.get(len(measure.pulses), COMPING[1])
    pattern = song.dice.choose(patterns, "comping", int(measure.start))
    if measure.in_phrase == 0 and measure.is_bar:
        pattern = patterns[0]  # a phrase begins on the beat
    found = []
    for position, length in pattern:
        pulse = measure.pulses[int(position)]
        start = spot(measure, position, song.swing)
        if position % 1 and _collides(song, pulse):
            start = pulse.start
        # an off-beat belongs to the chord that comes with the next beat
        is_ahead = position % 1 and start > pulse.start
        chord_from = min(pulse.end, song.close) if is_ahead else start
        stop = min(start + length * pulse.length, song.close)
        if stop > start:
            found.append((start, stop, chord_from))
    # a chord that changes where the piano is silent is played where it changes
    for span in song.spans_in(measure.start, min(measure.end, song.close)):
        is_heard = any(span.start <= at < span.end for _, _, at in found)
        if not is_heard and span.end - span.start >= measure.pulses[0].length:
            found.append(
                (span.start, span.start + measure.pulses[0].length * 0.6, span.start)
            )
    return sorted(set(found))


def _voicing(song: Song, span: Span, before: tuple[int, ...]) -> tuple[int, ...]:
    """Return the piano's notes for a chord: three or four, below the melody."""
    classes = jazz_classes(song, span)[:4]
    high = song.ceiling(span.start, span.end, PIANO_HIGH, PIANO_LOW + 12)
    return place_chord(classes, before, PIANO_LOW, high)


def _collides(song: Song, pulse: Pulse) -> bool:
    """Return whether the melody plays an even off-beat where the band would swing."""
    if pulse.is_triple or song.swing < EVEN:
        return False
    return song.begins_at(pulse.start + pulse.length / 2)


# --- drums -------------------------------------------------------------------


def drums(song: Song) -> list[Note]:
    """Swing the ride, close the hi-hat on two and four, whisper on kick and snare."""
    kit = Kit(song)
    play_upbeat(kit, PEDAL_HAT, 0.7)
    for measure in song.playing:
        _groove(kit, measure)
        if is_fill(song, measure):
            _fill(kit, measure)
    kit.clear(song.close, song.end, (RIDE, PEDAL_HAT, SNARE, KICK, STICK))
    kit.hit(song.close, RIDE, 1.10)
    kit.hit(song.close, CRASH, 0.76)
    kit.hit(song.close, KICK, 0.83)
    return kit.notes


def _groove(kit: Kit, measure: Measure) -> None:
    """Play one measure of time."""
    song, dice = kit.song, kit.song.dice
    n_pulses = len(measure.pulses)
    for i, pulse in enumerate(measure.pulses):
        is_back = i % 2 == 1 or (n_pulses == 3 and i == 2)
        kit.hit(pulse.start, RIDE, 1.1, 8 if is_back else 0)
        kit.hit(pulse.start, KICK, 0.5)
        if (n_pulses != 3 and i % 2 == 1) or (n_pulses == 3 and i == 1):
            kit.hit(pulse.start, PEDAL_HAT, 1.0)
        late = pulse.off_beat(song.swing)
        skips = (n_pulses == 3 and i == 1) or (n_pulses != 3 and i % 2 == 1)
        if skips and not _collides(song, pulse):
            kit.hit(late, RIDE, 0.84)
        ghost = dice.chance(0.08 + 0.3 * song.energy, "ghost", int(pulse.start * 4))
        if ghost and not _collides(song, pulse):
            kit.hit(late, SNARE, 0.6)
        bomb = dice.chance(0.12 * song.energy, "bomb", int(pulse.start * 4))
        if bomb and not _collides(song, pulse):
            kit.hit(late, KICK, 0.76)
    if measure.in_phrase == 0 and measure.is_bar and measure.phrase % 2 == 0:
        kit.hit(measure.start, CRASH, 0.58)


def _fill(kit: Kit, measure: Measure) -> None:
    """Fill the end of a phrase with triplets."""
    song = kit.song
    shape = song.dice.choose(("snare", "toms", "kick"), "jazz fill", measure.phrase)
    pulses = measure.pulses[-2:] if measure.phrase % 2 else measure.pulses[-1:]
    for k, pulse in enumerate(pulses):
        for j in range(3):
            step = pulse.start + j * pulse.length / 3
            if shape == "snare" and (j or k):
                kit.hit(step, SNARE, 0.62 + 0.08 * j + 0.08 * k)
            elif shape == "toms":
                kit.hit(step, (SNARE, HIGH_TOM, MID_TOM)[j], 0.75 + 0.05 * k)
            elif shape == "kick" and j != 1:
                kit.hit(step, SNARE if j == 0 else KICK, 0.8)

"""Pop by rule: picked chords on a clean guitar, a pad of strings, a steady backbeat."""

from __future__ import annotations

from deepcomposer_edu.music.bands.drums import (
    CLAP,
    CLOSED_HAT,
    CRASH,
    KICK,
    OPEN_HAT,
    SHAKER,
    SNARE,
    STICK,
    TAMBOURINE,
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
from deepcomposer_edu.music.bands.hands import around, near, place_chord
from deepcomposer_edu.music.bands.harmony import gentle
from deepcomposer_edu.music.bands.song import Song
from deepcomposer_edu.music.bands.time import Measure
from deepcomposer_edu.music.score import Note

COSTS = (0.02, 0.3, 1.2)  # of a new chord at a bar, half a bar, other pulses
BASS_LOW, BASS_HIGH = 28, 45  # E1 to A2
GUITAR_LOW, GUITAR_HIGH = 50, 74  # D3 to D5
PAD_LOW, PAD_HIGH = 50, 71  # D3 to B4
QUICKEST_PICK, SLOWEST_PICK = 0.14, 0.32  # seconds between two picked notes

# In which order the notes of a chord, lowest 0, are picked
PICKING = (
    (0, 2, 3, 2, 1, 2, 3, 2),
    (0, 1, 2, 3, 2, 1, 2, 1),
    (0, 2, 1, 3, 2, 3, 1, 2),
    (0, 3, 2, 1, 3, 2, 1, 2),
)
TRIPLE_PICKING = ((0, 1, 2, 3, 2, 1), (0, 2, 3, 1, 3, 2), (0, 2, 1, 3, 1, 2))
KICKS: dict[int, tuple[tuple[float, ...], ...]] = {
    4: ((0, 2), (0, 1.5, 2), (0, 1.5, 2, 3.5), (0, 2, 2.5), (0, 1, 2, 3)),
    3: ((0,), (0, 2.5), (0, 1.5)),
    2: ((0,), (0, 0.5), (0, 1.5)),
}
BASSES = ("long", "push", "octaves")


def play(song: Song) -> dict[str, list[Note]]:
    """Return what guitar, strings, bass and drums play."""
    return {
        "Guitar": guitar(song),
        "Strings": strings(song),
        "Bass": bass(song),
        "Drums": drums(song),
    }


# --- guitar ------------------------------------------------------------------


def guitar(song: Song) -> list[Note]:
    """Pick the notes of the chords one by one and let them ring."""
    notes: list[Note | None] = []
    before: tuple[int, ...] = ()
    for measure in song.playing:
        is_triple = measure.pulses[0].is_triple
        patterns = TRIPLE_PICKING if is_triple else PICKING
        pattern = song.dice.choose(patterns, "picking", measure.phrase // 2)
        for span in song.spans_in(measure.start, min(measure.end, song.close)):
            high = song.ceiling(span.start, span.end, GUITAR_HIGH, GUITAR_LOW + 12)
            before = place_chord(span.chord.triad, before, GUITAR_LOW, high, 4)
            notes += _picked(song, measure, span.start, span.end, before, pattern)
    chord = song.span_at(song.close).chord
    final = place_chord(chord.triad, before, GUITAR_LOW, GUITAR_HIGH - 5, 4)
    level = song.level(0.62, song.close)
    for i, pitch in enumerate(final):  # strummed, not struck
        notes.append(song.note(song.close + i * 0.15, pitch, song.end, level))
    return [note for note in notes if note is not None]


def _picked(
    song: Song,
    measure: Measure,
    start: float,
    end: float,
    chord: tuple[int, ...],
    pattern: tuple[int, ...],
) -> list[Note | None]:
    """Return the picked notes over one chord."""
    pulse = measure.pulses[0]
    n_parts = 3 if pulse.is_triple else 2
    while pulse.length / n_parts * measure.step_seconds > SLOWEST_PICK:
        n_parts *= 2
    while pulse.length / n_parts * measure.step_seconds < QUICKEST_PICK and n_parts > 1:
        n_parts = max(n_parts // 2, 1)
    notes: list[Note | None] = []
    for one in measure.pulses:
        step_length = one.length / n_parts
        for i in range(n_parts):
            step = one.start + i * step_length
            if not start - 0.01 <= step < end - 0.01:
                continue
            place = round((step - start) / step_length)
            order = [pattern[place % len(pattern)], *range(len(chord))]
            pitches = [chord[k % len(chord)] for k in order]
            pitch = next(
                (p for p in pitches if not song.rubs(p, step, step + step_length)),
                pitches[0],
            )
            accent = 7 if step == start else 3 if i == 0 else 0
            stop = min(step + 2 * step_length, end, song.close)
            notes.append(song.note(step, pitch, stop, song.level(0.67, step, accent)))
    return _parted(notes)


def _parted(notes: list[Note | None]) -> list[Note | None]:
    """Return picked notes, a string stopping when it is picked again."""
    kept: list[Note | None] = []
    ringing: dict[int, int] = {}
    for note in notes:
        if note is None:
            continue
        before = ringing.get(note.pitch)
        if before is not None and kept[before].end > note.start:
            old = kept[before]
            length = note.start - old.start
            kept[before] = Note(old.start, old.pitch, length, old.velocity)
        ringing[note.pitch] = len(kept)
        kept.append(note)
    return kept


# --- strings -----------------------------------------------------------------


def strings(song: Song) -> list[Note]:
    """Hold the chords softly, each voice moving as little as it can."""
    notes: list[Note | None] = []
    before: tuple[int, ...] = ()
    for span in song.spans:
        start, end = max(span.start, song.melody[0].start), min(span.end, song.end)
        if end <= start:
            continue
        classes = gentle(song, span.chord.triad, start, end)
        high = song.ceiling(start, end, PAD_HIGH, PAD_LOW + 12)
        before = place_chord(classes, before, PAD_LOW, high, max(len(classes), 2))
        n_bar = int(start)
        level = song.level(0.45 + 0.05 * (n_bar // 64 % 2), start)
        notes += [song.note(start, pitch, end, level) for pitch in before]
    return [note for note in notes if note is not None]


# --- bass --------------------------------------------------------------------


def bass(song: Song) -> list[Note]:
    """Carry the roots: long, pushed ahead of the half bar, or in octaves."""
    notes: list[Note | None] = []
    last: int | None = None
    for measure in song.playing:
        kind = song.dice.choose(BASSES, "bass", measure.phrase // 2)
        for span in song.spans_in(measure.start, min(measure.end, song.close)):
            root = near(span.chord.root, last, BASS_LOW, BASS_HIGH)
            last = root
            pulses = [p for p in measure.pulses if span.start <= p.start < span.end]
            steps = _bass_steps(kind, [p.start for p in pulses], span.end, pulses)
            for i, (step, after) in enumerate(
                zip(steps, [*steps[1:], span.end], strict=True)
            ):
                high = root + 12 if root + 12 <= BASS_HIGH + 7 else root
                pitch = high if kind == "octaves" and i % 2 else root
                others = around(span.chord.classes, root, BASS_LOW, BASS_HIGH)
                pitch = song.calmest([pitch, *others], step, after)
                level = song.level(0.66, step, 5 if i == 0 else 0)
                length = (after - step) * (0.7 if kind == "octaves" else 0.95)
                notes.append(song.note(step, pitch, step + length, level))
    root = near(song.span_at(song.close).chord.root, last, BASS_LOW, BASS_HIGH)
    notes.append(song.note(song.close, root, song.end, song.level(0.7, song.close)))
    return [note for note in notes if note is not None]


def _bass_steps(
    kind: str, starts: list[float], end: float, pulses: list
) -> list[float]:
    """Return when the bass plays over a chord."""
    if not starts:
        return []
    if kind == "octaves":
        return [s for p in pulses for s in (p.start, p.off_beat()) if s < end]
    if kind == "push" and len(pulses) >= 2:
        found = [starts[0], pulses[1].off_beat()]
        if len(pulses) >= 4:
            found.append(starts[2] if starts[2] > found[-1] else pulses[2].off_beat())
        return [step for step in found if step < end]
    return [starts[0]] if len(starts) < 4 else [starts[0], starts[2]]


# --- drums -------------------------------------------------------------------


def drums(song: Song) -> list[Note]:
    """Begin lightly, grow after four bars, fill and open the phrases."""
    kit = Kit(song)
    play_upbeat(kit, SHAKER, 0.55)
    for measure in song.playing:
        _groove(kit, measure)
        if is_fill(song, measure) and measure.phrase > 0:
            play_fill(kit, measure, 0.82)
    kit.clear(
        song.close, song.end, (CLOSED_HAT, OPEN_HAT, SHAKER, TAMBOURINE, SNARE, KICK)
    )
    play_end(kit, 0.8)
    return kit.notes


def _groove(kit: Kit, measure: Measure) -> None:
    """Play one measure: light in the first phrase, full afterwards."""
    song = kit.song
    n_pulses, section = len(measure.pulses), measure.phrase // 2
    is_light = measure.phrase == 0 and len(song.playing) > 6
    options = KICKS.get(n_pulses, (tuple(downbeats(measure)),))
    busy = options[: max(1, round(len(options) * (0.4 + 0.6 * song.energy)))]
    kicks = song.dice.choose(busy, "kick", section) if n_pulses > 1 else ()
    for position in kicks or downbeats(measure):
        kit.hit(spot(measure, position), KICK, 0.7 if is_light else 0.78)
    clap = song.dice.choose((None, CLAP, TAMBOURINE), "clap", section)
    for i in backbeats(measure, section):
        kit.hit(measure.pulses[i].start, STICK if is_light else SNARE, 0.74)
        if clap is not None and not is_light:
            kit.hit(measure.pulses[i].start, clap, 0.48)
    quick = song.energy > 0.7 or song.dice.chance(song.energy * 0.6, "quick", section)
    for pulse in measure.pulses:
        times = strokes(pulse, measure.step_seconds)
        for i, step in enumerate(times):
            kit.hit(step, CLOSED_HAT, 0.52 if i == 0 else 0.42)
            after = times[i + 1] if i + 1 < len(times) else pulse.end
            if quick and (after - step) * measure.step_seconds > 0.2:
                kit.hit((step + after) / 2, SHAKER, 0.36)
    if song.dice.chance(0.25, "open", measure.number) and not is_light:
        late = measure.pulses[-1].off_beat()
        kit.clear(late, measure.end, (CLOSED_HAT,))
        kit.hit(late, OPEN_HAT, 0.52)
    if measure.in_phrase == 0 and measure.is_bar and measure.phrase > 0:
        kit.hit(measure.start, CRASH, 0.62)

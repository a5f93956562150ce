"""Chords as a player hears them: with sevenths, and without what rubs the melody."""

from __future__ import annotations

from collections.abc import Sequence

from deepcomposer_edu.music.bands.song import Song, Span
from deepcomposer_edu.music.chords import Chord
from deepcomposer_edu.music.keys import Key


def gentle(
    song: Song, classes: Sequence[int], start: float, end: float, least: int = 2
) -> list[int]:
    """Return the pitch classes that do not rub against the melody.

    Args:
        song: the song.
        classes: pitch classes, the most important first.
        start: from this step
        end: to this one.
        least: so many are kept at least, the most important ones.
    """
    kept = [c for c in classes if not song.rubs(c, start, end)]
    rest = [c for c in classes if c not in kept]
    return [*kept, *rest[: max(least - len(kept), 0)]]


def seventh_chord(chord: Chord, key: Key) -> tuple[int, ...]:
    """Return a chord as jazz plays it, as steps above the root: 3, 7, 5, 9.

    Major chords at home in the key get a major seventh, the others are dominants; minor
    chords a minor seventh. The ninth is added where it belongs to the scale.

    >>> [seventh_chord(Chord(root, "major"), Key(0)) for root in (0, 7)]
    [(4, 11, 7, 2), (4, 10, 7, 2)]
    """
    has_ninth = (chord.root + 2) % 12 in key.scale
    ninth = (2,) if has_ninth else (0,)
    if chord.quality == "minor":
        return (3, 10, 7, *ninth)
    if chord.quality == "diminished":
        is_home = chord.root in key.scale and (chord.root + 10) % 12 in key.scale
        return (3, 6, 10 if is_home else 9, 0)
    scale = set(key.scale)
    major_seventh = (chord.root + 11) % 12 in scale
    is_fifth = chord.root == (key.tonic + 7) % 12
    if chord.quality == "major" and major_seventh and not is_fifth:
        return (4, 11, 7, *ninth)
    return (4, 10, 7, *ninth)


def jazz_classes(song: Song, span: Span) -> list[int]:
    """Return the pitch classes of a jazz voicing over a span, kind to the melody.

    What rubs is exchanged as players do: the major seventh for the sixth, the third for
    the fourth, the ninth for the root.
    """
    chord = span.chord
    found: list[int] = []
    for step in seventh_chord(chord, song.key):
        options = {11: (11, 9), 4: (4, 5), 3: (3, 5), 2: (2, 0), 10: (10, 9)}
        for option in options.get(step, (step,)):
            pitch_class = (chord.root + option) % 12
            if not song.rubs(pitch_class, span.start, span.end):
                found.append(pitch_class)
                break
    found = list(dict.fromkeys(found))
    return found if len(found) >= 2 else gentle(song, chord.triad, span.start, span.end)


def scale_for(chord: Chord, key: Key) -> tuple[int, ...]:
    """Return the scale a bass walks through over a chord: the key's, bent to fit it.

    >>> scale_for(Chord(4, "major"), Key(9, "minor"))
    (0, 2, 4, 5, 8, 9, 11)
    """
    whole = set(key.scale) | set(chord.classes)
    for tone in set(chord.classes) - set(key.scale):
        # a raised third takes the place of the note below it, others of that above
        is_raised = (tone - chord.root) % 12 == 4
        replaced = (tone + (-1 if is_raised else 1)) % 12
        if replaced not in chord.classes:
            whole.discard(replaced)
    return tuple(sorted(whole))

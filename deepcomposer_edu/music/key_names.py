"""What a key or a note can be called, for people who read no notes.

Letters are what the course uses. Numbers count the notes of a scale from its home note,
so that a tune keeps its numbers in every key ("movable"). Do re mi are the letters'
other names in many countries ("fixed do"). Colours give each of the seven letters a
colour and a shape, so that nothing depends on telling colours apart; black keys have
the shape of the white key below, hollow. The colours are those of Okabe and Ito, 2008,
chosen for every kind of colour vision. widgets/keyboard/names.js has the same tables.
"""

from __future__ import annotations

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import NOTE_NAMES, Score

KEY_NAMES = ("letters", "numbers", "solfege", "colours")
SOLFEGE = dict(zip("CDEFGAB", ("do", "re", "mi", "fa", "sol", "la", "si"), strict=True))
# Letter: colour, its name, shape
COLOURS = {
    "C": ("#e69f00", "orange", "circle"),
    "D": ("#56b4e9", "sky blue", "square"),
    "E": ("#009e73", "green", "triangle"),
    "F": ("#f0e442", "yellow", "diamond"),
    "G": ("#0072b2", "blue", "star"),
    "A": ("#d55e00", "vermilion", "hexagon"),
    "B": ("#cc79a7", "pink", "cross"),
}
MAJOR = (0, 2, 4, 5, 7, 9, 11)  # semitones above the home note
_SHARP = "#"


def key_name(
    pitch: int, names: str = "letters", tonic: int = 0, degrees: tuple = MAJOR
) -> str:
    """Return what a key is called.

    Args:
        pitch: MIDI number, 0 to 127.
        names: one of KEY_NAMES.
        tonic: pitch class of the home note, 0 (C) to 11; for numbers.
        degrees: semitones of the scale above it; for numbers.

    Returns:
        Such as "F#", "4#" (a semitone above the 4th of the scale), "fa#" or "yellow
        diamond".

    Raises:
        InputError: if there are no such names.

    >>> [key_name(66, names) for names in KEY_NAMES]
    ['F#', '4#', 'fa#', 'hollow yellow diamond']
    """
    if names not in KEY_NAMES:
        raise InputError(
            f"Keys have no {names!r}; their names can be {', '.join(KEY_NAMES)}."
        )
    letter = NOTE_NAMES[pitch % 12]
    if names == "letters":
        return letter
    if names == "solfege":
        return SOLFEGE[letter[0]] + letter[1:]
    if names == "colours":
        _, colour, shape = COLOURS[letter[0]]
        hollow = "hollow " if letter.endswith(_SHARP) else ""
        return f"{hollow}{colour} {shape}"
    above = (pitch - tonic) % 12
    place = max(i for i, degree in enumerate(degrees) if degree <= above)
    return f"{place + 1}{_SHARP * (above - degrees[place])}"


def in_key_names(melody: Score, names: str = "numbers", tonic: int = 0) -> str:
    """Return a melody as text to play from: bars parted by |, notes by blanks.

    A note held longer than a beat is followed by a - for each further beat.

    Args:
        melody: its highest notes are taken; times to a sixteenth.
        names: one of KEY_NAMES.
        tonic: pitch class of the home note of a major scale, for numbers.

    >>> melody = Score.from_notes([(0, 64, 4), (4, 65, 4), (8, 67, 8), (16, 67, 4)])
    >>> in_key_names(melody, "numbers")
    '3 4 5 - | 5'
    """
    bar = int(melody.metres[0].steps_per_bar)
    beat = 16 // melody.metres[0].denominator
    highest: dict[float, tuple[int, float]] = {}
    for note in melody.notes:
        if note.start not in highest or note.pitch > highest[note.start][0]:
            highest[note.start] = (note.pitch, note.duration)
    words, last_bar = [], None
    for start in sorted(highest):
        pitch, duration = highest[start]
        number = int((start - melody.pickup) // bar)
        if last_bar is not None and number > last_bar:
            words.append("|")
        last_bar = number
        words.append(key_name(pitch, names, tonic))
        words += ["-"] * (round(duration / beat) - 1)
    return " ".join(words)

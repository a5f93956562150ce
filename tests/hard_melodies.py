"""Melodies that are hard to compose with: short, long, low, high, off the grid."""

from deepcomposer_edu.music.score import Metre, Score

PITCHES = (72, 74, 76, 77, 79, 77, 74, 72)
LINE = [(4 * i, p, 4) for i, p in enumerate(PITCHES * 3)]
THIRD = 4 / 3
MELODIES = {
    "plain": Score.from_notes(LINE, title="Scale"),
    "triplets": Score.from_notes([(THIRD * i, 72 + i, THIRD) for i in range(9)]),
    "one short note": Score.from_notes([(0, 72, 1)]),
    "very low": Score.from_notes([(0, 30, 4), (4, 33, 4), (8, 35, 8)]),
    "very high": Score.from_notes([(0, 110, 4), (4, 120, 4), (8, 127, 8)]),
    "late": Score.from_notes([(70.5, 72, 4), (75, 74, 4)]),
    "waltz with an upbeat": Score.from_notes(
        LINE, metres=(Metre(0, 3, 4),), pickup=4, tempo=180
    ),
    "changing": Score.from_notes(
        LINE,
        metres=(Metre(0, 6, 8), Metre(24, 4, 4)),
        tempo_changes=((8.0, 80.0), (16.0, 60.0)),
    ),
    "a long rest": Score.from_notes([(0, 60, 4), (100, 67, 4)]),
    "legato": Score.from_notes([(0, 72, 5), (4, 74, 5), (8, 76, 5)]),
}

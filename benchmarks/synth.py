"""How fast is the synth? Seconds of music made in one second, on one thread.

    python benchmarks/synth.py               # under a minute

Three pieces of one minute: four tracks on a grid, four tracks as played by hand (no two
notes alike), and four voices of a choir; each for the first time and once more with the
same Synth. Processor seconds, so that a busy machine changes little.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import random
import time

from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.music.synth import Synth, render

N_STEPS = 480  # one minute at 120 quarters a minute
BAND = ((0, 60, 80), (48, 50, 70), (73, 65, 85), (33, 30, 48))
CHOIR = ((52, 60, 79), (52, 55, 72), (52, 48, 67), (52, 41, 60))


def piece(parts: tuple[tuple[int, int, int], ...], is_played: bool) -> Score:
    """Return a minute of random notes: (program, lowest, highest pitch) a track."""
    dice = random.Random(0)
    tracks = []
    for program, low, high in parts:
        notes, start = [], 0.0
        while start < N_STEPS - 8:
            length = dice.uniform(1, 8) if is_played else dice.choice([1, 2, 2, 4, 8])
            velocity = dice.randint(50, 110) if is_played else 80
            notes.append(Note(start, dice.randint(low, high), length, velocity))
            start += dice.uniform(0.5, 4) if is_played else dice.choice([1, 2, 2, 4])
        tracks.append(Track(tuple(notes), program=program))
    return Score(tuple(tracks), tempo=120)


def main() -> None:
    """Print a line for each piece."""
    render(Score.from_notes([(0, 60, 4)]))  # what is loaded once does not count
    print(f"{'piece':24}{'notes':>7}{'first, x real time':>21}{'again':>8}")
    for name, parts, is_played in (
        ("band on a grid", BAND, False),
        ("band played by hand", BAND, True),
        ("choir on a grid", CHOIR, False),
    ):
        score, synth, ratios = piece(parts, is_played), Synth(), []
        for _ in range(2):
            start = time.process_time()
            render(score, synth=synth)
            ratios.append(score.seconds / (time.process_time() - start))
        first, again = ratios
        print(f"{name:24}{len(score.notes):7}{first:21.0f}{again:8.0f}")


if __name__ == "__main__":
    main()

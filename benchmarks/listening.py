"""Which techniques listen to their melody, and where the floor is.

    python benchmarks/listening.py                # 6 minutes on one core
    python benchmarks/listening.py --split test   # the shipped models on test sopranos

One note of a melody moves by a third and the technique composes again with the same
dice (`deepcomposer_edu.compose.comparing.listens`). Beside the shipped techniques stand
four that are deaf by construction. The floor is half way between the deaf one that
scores most and the shipped one that scores least, on sopranos of the validation split.
The variant edit-events of the AR-CNN stays out of it: each of its edits depends on all
before, so that one other note in the melody brings other edits everywhere.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch

from deepcomposer_edu.compose import compose
from deepcomposer_edu.compose.comparing.listens import (
    FLOOR,
    FLOOR_AFTER,
    ListeningScore,
    listening_of,
)
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.models.harmonise import Harmoniser, load_harmoniser
from deepcomposer_edu.models.wgan import Generator
from deepcomposer_edu.music.grid import from_grid, to_grid
from deepcomposer_edu.music.score import Score

N_MELODIES, N_NOTES, N_STEPS = 8, 3, 64
Write = Callable[[Score, int], Score]
SCATTERED = (
    "AR-CNN, edit-events"  # answers with other edits everywhere; no floor for it
)
AFTER = {"steps": 64}

SHIPPED: dict[str, tuple[str, dict[str, object]]] = {
    "WGAN, chorale": ("wgan", {}),
    "WGAN, palestrina": ("wgan", {"genre": "palestrina"}),
    "WGAN, quartet": ("wgan", {"genre": "quartet"}),
    "Transformer, harmonise": ("transformer", {"mode": "harmonise"}),
    "AR-CNN, orderless": ("ar-cnn", {}),
    SCATTERED: ("ar-cnn", {"variant": "edit-events"}),
    "melody-rnn, attention": ("melody-rnn", AFTER),
    "melody-rnn, lookback": ("melody-rnn", {"variant": "lookback", **AFTER}),
}


def shipped(technique: str, settings: dict[str, object]) -> Write:
    """Return a shipped technique as a function of a melody and a seed."""
    return lambda melody, seed: compose(melody, technique, seed=seed, **settings).score


def deaf(other: Score) -> dict[str, Write]:
    """Return techniques that do not listen; `other` is a melody they were not given."""
    made = compose(other, "wgan", seed=0).score.tracks[1:]
    torch.manual_seed(0)
    network = load_harmoniser("bach")
    untrained = Harmoniser(network.config, Generator(network.config))

    def with_voices(melody: Score, tracks: tuple) -> Score:
        return replace(melody, tracks=(*melody.tracks[:1], *tracks))

    def always_the_same(melody: Score, _: int) -> Score:
        return with_voices(melody, made)

    def other_dice(melody: Score, seed: int) -> Score:
        digest = zlib.crc32(repr([n.pitch for n in melody.tracks[0].notes]).encode())
        found = compose(other, "wgan", seed=(seed + digest) % 2**32).score
        return with_voices(melody, found.tracks[1:])

    def knows_nothing(melody: Score, seed: int) -> Score:
        # without the habits of the draw, which listen whoever draws
        grid = untrained.harmonise(
            to_grid(melody), seed=seed, smoothness=0.0, avoid_parallels=False
        )
        return with_voices(melody, from_grid(grid).tracks[1:])

    return {
        "random notes of the key": shipped("random", {}),
        "voices of another melody": always_the_same,
        "the same, dice from the melody": other_dice,
        "an untrained WGAN": knows_nothing,
    }


def print_row(name: str, found: ListeningScore) -> float:
    """Print a row of the table and return the score."""
    cells = [
        "-" if share is None else f"{share:.2f}"
        for share in (found.at_note, found.elsewhere)
    ]
    verdict = "passes" if found.passes else "fails"
    print(
        f"{name:32}{found.score:8.2f}{cells[0]:>9}{cells[1]:>11}  {verdict}", flush=True
    )
    return found.score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", default="valid", help="valid (default) or test")
    options = parser.parse_args()
    torch.set_num_threads(1)
    chorales = [c for c in load_chorales(options.split) if c.grid.n_steps >= N_STEPS]
    chosen = np.linspace(0, len(chorales) - 1, N_MELODIES + 1).astype(int)
    melodies = [from_grid(chorales[i].melody.crop(0, N_STEPS)) for i in chosen]
    other = melodies.pop()
    print(
        f"{N_NOTES} notes in each of {N_MELODIES} sopranos of the {options.split} split"
    )
    print(f"{'':32}{'score':>8}{'at note':>9}{'elsewhere':>11}")
    scores = {}
    for name, (technique, settings) in SHIPPED.items():
        found = listening_of(shipped(technique, settings), melodies, N_NOTES)
        scores[name] = print_row(name, found)
    worst = [
        print_row(name, listening_of(write, melodies, N_NOTES))
        for name, write in deaf(other).items()
    ]
    with_voices = [s for name, s in scores.items() if "rnn" not in name]
    with_voices.remove(scores[SCATTERED])
    after = [s for name, s in scores.items() if "rnn" in name]
    print(
        f"half way from {max(worst):.2f} to {min(with_voices):.2f}: "
        f"{(max(worst) + min(with_voices)) / 2:.2f} (FLOOR is {FLOOR}); what follows "
        f"a melody: half of {min(after):.2f} (FLOOR_AFTER is {FLOOR_AFTER})"
    )


if __name__ == "__main__":
    main()

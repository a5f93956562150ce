"""How good is what the orderless editor writes? It harmonises, and it repairs.

    python benchmarks/ar_cnn_quality.py                 # half an hour on one core
    python benchmarks/ar_cnn_quality.py --fast          # every fourth piece
    python benchmarks/ar_cnn_quality.py --split valid   # where settings are chosen
    python benchmarks/ar_cnn_quality.py --only repair

Harmonising: alto, tenor and bass under the sopranos of the test chorales, in the
definitions of `deepcomposer_edu.music.battery` (the first 128 steps of each), beside
Bach, the Transformer and the WGAN; and whether judges can tell them from Bach's own
(`transformer_quality.py` says how).

Repair: a share of 10 % of the lower voices' notes of whole test chorales is moved by
one or two semitones up or down; all other notes stay. Restored is a moved note of which
every step has its own pitch again; broken is a lower note that was right and of which
a step has another pitch now. Besides, the same for a soprano alone.

Nothing here was trained on or chosen by the test pieces.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from transformer_quality import COLUMNS, auc, crops, forest, logistic, row

from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.models.ar_cnn import Editor, EditTask, load_ar_cnn
from deepcomposer_edu.models.chorale_writer import load_transformer
from deepcomposer_edu.models.harmonise import load_harmoniser
from deepcomposer_edu.music.battery import CROP_STEPS
from deepcomposer_edu.music.edits import note_numbers
from deepcomposer_edu.music.grid import Grid

WRONG_SHARE = 0.1
OFFSETS = (-2, -1, 1, 2)  # semitones
BARS = """\
bars: harmonising, triads 60-68 %, dissonant pairs 9-12 %, order at least 97 %, fifths
      and octaves together at most 2 per 1000 moving pairs, AUC at most 0.84;
      repair, at least 80 % restored and at most 3 % broken"""


def harmonised(editor: Editor, piece: Chorale, seed: int, **settings: object) -> Grid:
    """Return a chorale's soprano, its first 128 steps, with new voices below it."""
    grid = piece.grid.crop(0, CROP_STEPS)
    lower = np.zeros(grid.pitches.shape, dtype=bool)
    lower[1:] = True
    task = EditTask(
        grid,
        lower,
        lower,
        steps_per_bar=piece.steps_per_bar,
        pickup=piece.pickup,
        seed=seed,
        **settings,
    )
    return editor.edit(task).grid


@dataclass
class Repairs:
    """Notes counted: those that were moved, restored, right before, and broken."""

    n_wrong: int = 0
    n_restored: int = 0
    n_right: int = 0
    n_broken: int = 0

    def __str__(self) -> str:
        return (
            f"restored {self.n_restored / self.n_wrong:6.1%} of {self.n_wrong}, broken "
            f"{self.n_broken / self.n_right:5.1%} of {self.n_right}"
        )


def spoilt(
    grid: Grid, voices: Sequence[int], random: np.random.Generator
) -> tuple[Grid, np.ndarray]:
    """Return a piece with wrong notes in these voices, and their numbers."""
    numbers = note_numbers(grid)
    notes = np.unique(numbers[list(voices)])
    notes = notes[notes >= 0]
    n_wrong = max(1, round(WRONG_SHARE * len(notes)))
    wrong = random.choice(notes, n_wrong, replace=False)
    pitches = grid.pitches.copy()
    for note in wrong:
        pitches[numbers == note] += random.choice(OFFSETS)
    return Grid(pitches, grid.onsets), wrong


def repairs(
    editor: Editor, chorales: Sequence[Chorale], is_alone: bool, **settings: object
) -> Repairs:
    """Spoil each piece, have it repaired, and count.

    Args:
        editor: who repairs.
        chorales: the pieces.
        is_alone: whether it is the soprano that is spoilt, with no voice below it;
            otherwise it is the lower voices, and the soprano is locked.
        **settings: of the task.
    """
    counts, random = Repairs(), np.random.default_rng(0)
    voices = (0,) if is_alone else (1, 2, 3)
    for piece in chorales:
        grid, wrong = spoilt(piece.grid, voices, random)
        free = np.zeros(grid.pitches.shape, dtype=bool)
        free[list(voices)] = True
        unknown = ~free if is_alone else np.zeros_like(free)
        task = EditTask(
            grid,
            free,
            unknown,
            "repair",
            steps_per_bar=piece.steps_per_bar,
            pickup=piece.pickup,
            **settings,
        )
        is_right = editor.edit(task).grid.pitches == piece.grid.pitches  # (4, T)
        numbers = np.where(free, note_numbers(piece.grid), -1)
        for note in np.unique(numbers[numbers >= 0]):
            is_restored = bool(is_right[numbers == note].all())
            if note in wrong:
                counts.n_wrong += 1
                counts.n_restored += is_restored
            else:
                counts.n_right += 1
                counts.n_broken += not is_restored
    return counts


def harmonies(editor: Editor, chorales: Sequence[Chorale], is_fast: bool) -> None:
    """Print the battery of several harmonisers, and how well judges tell them."""
    transformer, wgan = load_transformer(), load_harmoniser("bach")

    def by(
        write: Callable[[Chorale, int], Grid], pieces: Sequence[Chorale] = chorales
    ) -> list[Grid]:
        return [write(piece, seed) for seed, piece in enumerate(pieces)]

    def by_transformer(piece: Chorale, seed: int) -> Grid:
        return transformer.harmonise(
            piece.melody.crop(0, CROP_STEPS),
            steps_per_bar=piece.steps_per_bar,
            pickup=piece.pickup,
            seed=seed,
        )

    def by_wgan(piece: Chorale, seed: int) -> Grid:
        return wgan.harmonise(
            piece.melody.crop(0, CROP_STEPS),
            to_c=piece.key.to_c,
            steps_per_bar=piece.steps_per_bar,
            pickup=piece.pickup,
            seed=seed,
        )

    print(f"{'':34}" + "".join(f"{title:>10}" for _, title, _ in COLUMNS))
    bach = [piece.grid for piece in load_chorales("train")]
    row("Bach", [piece.grid.crop(0, CROP_STEPS) for piece in chorales])
    edited = partial(harmonised, editor)
    default = by(edited)
    row("orderless AR-CNN", default)
    variants: dict[str, dict[str, object]] = {
        "  temperature 0.8": {"temperature": 0.8},
        "  temperature 1.2": {"temperature": 1.2},
        "  16 passes": {"iterations": 16},
        "  128 passes": {"iterations": 128},
        "  parallels allowed": {"avoid_parallels": False},
    }
    made = {"orderless AR-CNN": default}
    for name, settings in variants.items():
        made[name] = by(partial(edited, **settings))
        row(name, made[name])
    for name, write in (("Transformer", by_transformer), ("WGAN", by_wgan)):
        made[name] = by(write)
        row(name, made[name])

    judges = {"logistic": logistic}
    try:
        import sklearn  # noqa: F401 - only whether it is there

        judges["forest"] = forest
    except ImportError:
        print("scikit-learn is not installed: no forest judges")
    own = crops([piece.grid for piece in chorales])
    made = {"Bach under the same (the floor)": own, **made}
    print("\nBach or not? Area under the ROC curve, Bach's training pieces against")
    for name, grids in made.items():
        found = crops(bach), crops(grids)
        values = (f"{title} {auc(*found, fit):.3f}" for title, fit in judges.items())
        print(f"  {name:34}" + ", ".join(values), flush=True)
    if is_fast:
        print("(with so few pieces the area is uncertain by 0.05 and more)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fast", action="store_true", help="every fourth piece")
    parser.add_argument("--split", default="test", help="test (default) or valid")
    parser.add_argument("--only", choices=("harmonise", "repair"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    chorales = load_chorales(options.split)[:: 4 if options.fast else 1]
    editor = load_ar_cnn()
    print(f"{len(chorales)} chorales of the {options.split} split")
    if options.only != "repair":
        long = next(piece for piece in chorales if piece.grid.n_steps >= CROP_STEPS)
        begin = time.process_time()
        harmonised(editor, long, 0)
        seconds = time.process_time() - begin
        print(f"8 bars harmonised: {seconds:.2f} s of one core\n")
        harmonies(editor, chorales, options.fast)
    if options.only != "harmonise":
        print("\nrepair")
        found = repairs(editor, chorales, is_alone=False)
        print(f"  lower voices, soprano locked     {found}", flush=True)
        print(f"  soprano alone, nothing below it  {repairs(editor, chorales, True)}")
    print(BARS)


if __name__ == "__main__":
    main()

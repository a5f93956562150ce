"""Trainings of the AR-CNN so small that a test can wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tiny_pieces import Piece

from deepcomposer_edu.compose.own_training.editor_recipes import find_recipe
from deepcomposer_edu.compose.own_training.runs import EditorPlan
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.training.history import History

FIRST = 4  # step of the first checkpoint of `train`
# Settings that make the network of a recipe small.
RECIPES_TINY = {
    "orderless": {"n_channels": 8, "n_layers": 2, "note_size": 4},
    "edit-events": {"n_channels": 4},
}


def plan(folder=None, recipe="orderless", **options) -> EditorPlan:
    """Return the plan of a small training, two steps if nobody says."""
    settings = RECIPES_TINY[recipe]
    return EditorPlan(
        folder, **{"recipe": recipe, "settings": settings, "n_steps": 2} | options
    )


def train(
    run: Path | str,
    n_steps: int,
    recipe: str = "orderless",
    settings: Mapping[str, object] | None = None,
    **options: object,
) -> History:
    """Train a small network on short pieces, and return the history."""
    chosen = find_recipe(recipe)
    values = RECIPES_TINY[recipe] | dict(settings or {})
    config, training, _ = chosen.changed(values)
    given = {
        "sample_every": FIRST,
        "checkpoint_every": FIRST,
        "batch_steps": 40,
        "batch_size": 4,
    }
    pieces = [Piece(seed, 40) for seed in range(3)]
    return chosen.trainer(
        run,
        config,
        training,
        n_steps=n_steps,
        train=pieces,
        valid=pieces[:1],
        **given | options,
    )


def write_quartets(folder: Path, n_pieces: int = 4, shift: int = 0) -> Path:
    """Write pieces for a flute, four strings and drums, no two alike."""
    parts = [
        (84, "Flute", 73),
        (72, "Violin", 40),
        (65, "Second", 40),
        (57, "Viola", 41),
        (45, "Cello", 42),
    ]
    folder.mkdir()
    for i in range(n_pieces):
        n_notes = 12 + i
        tracks = [
            Track(
                tuple(Note(4 * j, p + shift + j % 3, 4) for j in range(n_notes)),
                name,
                program,
            )
            for p, name, program in parts
        ]
        kit = tuple(Note(4 * j, 38, 1) for j in range(n_notes))
        score = Score((*tracks, Track(kit, "Kit", is_drum=True)))
        write_midi(score, folder / f"{i}.mid")
    return folder

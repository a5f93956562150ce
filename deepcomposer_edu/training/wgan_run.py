"""What the run folder of a harmoniser holds besides checkpoints and history."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, parsed_json
from deepcomposer_edu.models.harmonise import Harmoniser
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.training.wgan_game import WGANGame


def write_sample(run: Path, step: int, game: WGANGame, melody: Grid, to_c: int) -> None:
    """Write the fixed melody, harmonised by the averaged generator, as MIDI."""
    harmoniser = Harmoniser(game.config, game.average)
    grid = harmoniser.harmonise(
        melody, to_c=to_c, seed=0, inertia=0.0, avoid_parallels=False, smoothness=0.0
    )
    path = run / "samples" / f"step_{step:06d}.mid"
    write_midi(replace(from_grid(grid, tempo=90.0), title=f"step {step}"), path)


def write_run(
    run: Path,
    config: WGANConfig,
    seed: int,
    precision: str,
    metrics: dict[str, float],
) -> None:
    """Write `config.json` and `reference.json` of a new run folder."""
    settings = {"config": config.to_dict(), "seed": seed, "precision": precision}
    for name, content in (("reference", metrics), ("config", settings)):
        with atomic_path(run / f"{name}.json", lasting=True) as temporary:
            temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_run(run: Path) -> tuple[WGANConfig, int, str]:
    """Return the settings, seed and precision of a run folder.

    Raises:
        InputError: if the folder holds no run, or its `config.json` is damaged.
    """
    path = run / "config.json"
    try:
        settings = parsed_json(path.read_text(encoding="utf-8"))
        config = WGANConfig(**settings["config"])
        return config, int(settings["seed"]), str(settings["precision"])
    except FileNotFoundError as error:
        raise InputError(
            f"The folder {run} holds no run to resume; start one without resuming."
        ) from error
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise InputError(
            f"The settings {path} of the run cannot be read ({error}); start a new run."
        ) from error

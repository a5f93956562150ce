"""What the run folder of a harmoniser holds besides checkpoints and history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from deepcomposer_edu.models.harmonise import Harmoniser
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.training.run_settings import saved_settings, write_settings
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
    write_settings(run, settings, metrics)


def read_run(run: Path) -> tuple[WGANConfig, int, str]:
    """Return the settings, seed and precision of a run folder.

    Raises:
        InputError: if the folder holds no run, or its `config.json` is damaged.
    """
    with saved_settings(run) as saved:
        config = WGANConfig(**saved["config"])
        return config, int(saved["seed"]), str(saved["precision"])

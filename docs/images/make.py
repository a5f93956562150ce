"""Make the pictures of the documentation: `python docs/images/make.py`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from deepcomposer_edu.compose import compose
from deepcomposer_edu.compose.prepare import prepare
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.models.harmonise import Harmoniser, load_harmoniser
from deepcomposer_edu.models.wgan import Generator
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.viz.figures import new_axes, save_figure
from deepcomposer_edu.viz.rolls import plot_pianoroll

TUNE = "ode-to-joy"
N_BARS = 8


def untrained_voices(tune: Score) -> Score:
    """Return the tune over voices by a generator that has learned nothing."""
    torch.manual_seed(0)
    config = load_harmoniser("bach").config
    melody = prepare(tune)
    beginner = Harmoniser(config, Generator(config))
    return from_grid(beginner.harmonise(melody.grid, to_c=melody.key.to_c))


def first_bars(score: Score) -> Score:
    """Return the first bars of a score."""
    tracks = tuple(
        replace(track, notes=tuple(n for n in track.notes if n.end <= N_BARS * 16))
        for track in score.tracks
    )
    return replace(score, tracks=tracks)


def main() -> None:
    """Make every picture."""
    tune = load_tune(TUNE)
    before, after = new_axes(2)
    plot_pianoroll(first_bars(untrained_voices(tune)), before)
    plot_pianoroll(first_bars(compose(TUNE, seed=0).score), after)
    before.set_xlabel("")
    before.set_title("Ode to Joy, harmonised before training", fontsize=9, loc="right")
    after.set_title("and after training on Bach's chorales", fontsize=9, loc="right")
    after.get_legend().remove()
    save_figure(before, Path(__file__).parent / "first-tune.png")


if __name__ == "__main__":
    main()

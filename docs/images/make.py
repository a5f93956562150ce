"""Make the pictures of the documentation: `python docs/images/make.py [NAME]`.

The names are those of the files: first-tune.png, edits.gif, edits.png.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import torch

from deepcomposer_edu.compose import compose
from deepcomposer_edu.compose.prepare import prepare
from deepcomposer_edu.compose.techniques.edit_record import (
    RecordedEdits,
    recorded_edits,
)
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.models.harmonise import Harmoniser, load_harmoniser
from deepcomposer_edu.models.wgan import Generator
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.viz.edit_film import edit_gif
from deepcomposer_edu.viz.edits import plot_edits
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


def first_bars(score: Score, n_bars: int = N_BARS) -> Score:
    """Return the first bars of a score in 4/4: the notes that end in them."""
    tracks = tuple(
        replace(track, notes=tuple(n for n in track.notes if n.end <= n_bars * 16))
        for track in score.tracks
    )
    return replace(score, tracks=tracks)


def first_tune(place: Path) -> None:
    """Draw a tune harmonised before and after training."""
    tune = load_tune(TUNE)
    before, after = new_axes(2)
    plot_pianoroll(first_bars(untrained_voices(tune)), before)
    plot_pianoroll(first_bars(compose(TUNE, seed=0).score), after)
    before.set_xlabel("")
    before.set_title("Ode to Joy, harmonised before training", fontsize=9, loc="right")
    after.set_title("and after training on Bach's chorales", fontsize=9, loc="right")
    after.get_legend().remove()
    save_figure(before, place)


def edited(mode: str, tune: str) -> RecordedEdits:
    """Return the edits that the shipped network makes of a tune's first bars."""
    made = compose(first_bars(load_tune(tune)), "ar-cnn", mode=mode, seed=0)
    return recorded_edits(made.provenance)


def watched_edits(place: Path) -> None:
    """Show how three voices come about below a tune, as a GIF."""
    found = edited("harmonise", TUNE)
    edit_gif(
        found.edited,
        place,
        steps_per_bar=found.steps_per_bar,
        pickup=found.pickup,
        title="Ode to Joy, three voices written below it",
        size=(720, 406),
    )


def edits_drawn(place: Path) -> None:
    """Draw what was written below a tune, by how sure the network was."""
    found = edited("harmonise", TUNE)
    save_figure(plot_edits(found.edited, found.steps_per_bar, found.pickup), place)


PICTURES = {
    "first-tune.png": first_tune,
    "edits.gif": watched_edits,
    "edits.png": edits_drawn,
}


def main(names: list[str]) -> None:
    """Make the pictures with these names, or all."""
    for name in names or PICTURES:
        PICTURES[name](Path(__file__).parent / name)


if __name__ == "__main__":
    main(sys.argv[1:])

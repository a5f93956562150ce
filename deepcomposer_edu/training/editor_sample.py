"""What an AR-CNN makes while it is trained: a tune's beginning, with three voices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from torch import nn

from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.models.ar_cnn import EditTask, ar_cnn_of
from deepcomposer_edu.models.frames import VOICES
from deepcomposer_edu.music.grid import Grid, from_grid, to_grid
from deepcomposer_edu.music.midi import write_midi

TUNE = "ode-to-joy"
N_STEPS = 64  # of the tune
# Passes of the network: one draws many cells, or makes a single edit.
N_PASSES = {"orderless": 16, "edit-events": 96}


def sample_task(iterations: int) -> EditTask:
    """Return the task of a sample: the tune's beginning wants three voices."""
    melody = to_grid(load_tune(TUNE)).voices(0).crop(0, N_STEPS)
    rests = np.full((VOICES - 1, N_STEPS), -1, dtype=np.int16)
    below = np.zeros((VOICES, N_STEPS), dtype=bool)
    below[1:] = True
    grid = Grid(
        np.concatenate([melody.pitches, rests]),
        np.concatenate([melody.onsets, rests != -1]),
    )
    return EditTask(grid, may_change=below, unknown=below, iterations=iterations)


def sample_writer(
    config: Mapping[str, object],
) -> Callable[[nn.Module, Path], None]:
    """Return what writes samples of networks of one kind.

    Args:
        config: the network's settings, with its "variant".

    Returns:
        A function from a network and a path without ending, for `predictor.Task`; it
        writes a MIDI file. The network stays as it is.
    """

    def write(network: nn.Module, path: Path) -> None:
        tensors = {name: x.clone() for name, x in network.state_dict().items()}
        editor = ar_cnn_of(config, tensors)
        made = editor.edit(sample_task(N_PASSES[str(config["variant"])])).grid
        title = path.name.replace("_", " ")
        write_midi(
            replace(from_grid(made, tempo=90.0), title=title), path.with_suffix(".mid")
        )

    return write

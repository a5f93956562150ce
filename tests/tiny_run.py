"""A training run of a small network that has learned nothing, written in a moment."""

import torch
from untrained import CONFIG

from deepcomposer_edu.training.checkpoint import save_checkpoint
from deepcomposer_edu.training.wgan import WGANGame, write_run


def write_tiny_run(run, steps=(10, 20), seed=0):
    """Write a run folder with a checkpoint for each of `steps`, and return it.

    Each step's network differs a little, as in a real run.
    """
    game = WGANGame(CONFIG, seed)
    write_run(run, CONFIG, seed, "float32", {})
    for step in steps:
        with torch.no_grad():
            for weight in game.average.parameters():
                weight.add_(0.01)
        save_checkpoint(run, step, game.networks, game.optimisers, game.random)
    return run

"""Training runs of small networks that have learned nothing, written in a moment."""

import json

import torch
from untrained import CONFIG, MELODY_RNNS

from deepcomposer_edu.models.melody_network import MelodyNetwork
from deepcomposer_edu.training.checkpoint import save_checkpoint
from deepcomposer_edu.training.predictor import Learner, TrainingSettings
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


def write_tiny_predictor(run, kind="melody-rnn", step=10, seed=0):
    """Write a run folder of a network that predicts, and return it.

    Its config.json says that it is of `kind`; the network is always a MelodyRNN.
    """
    config, settings = MELODY_RNNS["lookback"], TrainingSettings()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        learner = Learner(MelodyNetwork(config), settings, seed)
    run.mkdir(parents=True)
    content = {
        "kind": kind,
        "config": config.to_dict(),
        "settings": {"learning_rate": settings.learning_rate},
        "seed": seed,
    }
    (run / "config.json").write_text(json.dumps(content))
    save_checkpoint(run, step, learner.networks, learner.optimisers, learner.random)
    return run

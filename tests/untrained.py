"""A small harmoniser that has learned nothing, for tests of everything around it."""

import torch

from deepcomposer_edu.models.weights import save_weights
from deepcomposer_edu.models.wgan import Critic, Generator, WGANConfig

CONFIG = WGANConfig(hidden_channels=16, critic_channels=16, noise_channels=4)


def write_untrained(folder, seed=0):
    """Write weights called wgan-bach into a folder, and return it."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        networks = {"generator": Generator(CONFIG), "critic": Critic(CONFIG)}
    tensors = {
        f"{part}.{name}": tensor
        for part, network in networks.items()
        for name, tensor in network.state_dict().items()
    }
    save_weights("wgan-bach", tensors, {"config": CONFIG.to_dict()}, folder)
    return folder

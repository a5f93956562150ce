"""Small pieces and a small Transformer with something to say, for tests."""

import numpy as np
import torch

from deepcomposer_edu.models.transformer import FrameTransformer, TransformerConfig
from deepcomposer_edu.music.grid import Grid

CONFIG = TransformerConfig(
    n_channels=16, n_layers=2, n_heads=2, n_distances=8, note_size=8, ahead=4
)


class Piece:
    steps_per_bar, pickup = 16, 4

    def __init__(self, seed, n_steps=24, n_voices=4):
        random = np.random.default_rng(seed)
        notes = random.integers(50, 75, (n_voices, n_steps // 4))
        onsets = random.random((n_voices, n_steps)) < 0.3
        self.grid = Grid(notes.repeat(4, axis=1), onsets)


def network(config=CONFIG, seed=0):
    torch.manual_seed(seed)
    made = FrameTransformer(config).eval()
    with torch.no_grad():  # intervals begin at 0: give them something to say
        for weight in made.parameters():
            weight.add_(0.1 * torch.randn(weight.shape))
    return made

"""Tiny autoencoders of sound, untrained, and tones for them."""

from dataclasses import replace

import numpy as np
import torch

from deepcomposer_edu.corpora.sounds import SoundSet
from deepcomposer_edu.models.ada import Ada, AdaConfig
from deepcomposer_edu.models.ada_stack import AdaStack, UpperConfig, UpperLevel
from deepcomposer_edu.music.score import frequency

SMALL = AdaConfig(
    n_codes=8,
    width=4,
    hop=32,
    window=64,
    hidden=12,
    context=5,
    harmonics=2,
    residual=6,
    skip=8,
    kernel=2,
    dilations=(1, 2),
)


def untrained(kind="vq") -> Ada:
    torch.manual_seed(0)
    return Ada(replace(SMALL, kind=kind)).eval()


def tones(n=6, n_samples=512, rate=8_000) -> SoundSet:
    """Sine tones; the last one has no pitch, every third is held out."""
    pitch = np.array([*range(60, 60 + n - 1), -1])
    time = np.arange(n_samples) / rate
    audio = [0.3 * np.sin(2 * np.pi * frequency(max(int(p), 50)) * time) for p in pitch]
    return SoundSet(
        np.array(audio, np.float32),
        rate,
        pitch,
        np.full(n, 85),
        np.zeros(n, np.int64),
        ("sine",),
        np.arange(n) % 3 == 2,
        np.full(n, n_samples / rate),
    )


def stack() -> AdaStack:
    torch.manual_seed(1)
    upper = UpperLevel(
        UpperConfig(
            n_lower=8,
            n_codes=6,
            width=4,
            hop=4,
            hidden=8,
            context=4,
            residual=6,
            skip=8,
            dilations=(1, 2),
            prior_dilations=(1,),
        )
    )
    return AdaStack(untrained(), upper.eval().requires_grad_(False))

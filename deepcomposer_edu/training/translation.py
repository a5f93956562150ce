"""Training the translator: encode a melody so that its instrument can't be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from deepcomposer_edu.corpora.sounds import SoundSet, phrase_sounds
from deepcomposer_edu.models.sound_encoder import NSynthConfig, squeezed
from deepcomposer_edu.models.translation import Translator, at_samples
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.nn.waves import mu_law
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.distributed import refuse_team
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.melody_excerpts import (
    Melodies,
    MelodyBatch,
    melody_turns,
    tracks,
)
from deepcomposer_edu.training.options import RunOptions, every
from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)

KIND = "translation"
SETTINGS = TrainingSettings(learning_rate=3e-3, warm_up=100, average=0.998)
CONFUSION = 0.05  # how much the critic's success counts against the encoder
N_MELODIES = 48
JUDGED_SECONDS = 2.0
SAMPLE_SECONDS = 1.6


def reversed_gradient(x: Tensor, strength: float) -> Tensor:
    """Return x; its gradient comes back times -strength (Ganin and Lempitsky 2015)."""
    return x.detach() * (1 + strength) - x * strength


def translation_loss(
    network: Translator, batch: MelodyBatch, confusion: float = CONFUSION
) -> Tensor:
    """Return nats per sample of each instrument's own decoder, plus the critic's loss.

    The critic learns to tell the instrument from the code; the encoder, from the same
    loss with the other sign, to give it nothing to go by (Mor et al. 2018, section 3).
    """
    n, n_instruments = batch.noise.shape[1], len(network.decoders)
    code = network.encoder(batch.heard)[:, batch.margin : batch.margin + n]
    code = code + batch.noise
    told = (batch.past, code, batch.hertz, batch.lead)
    parts = zip(*(x.chunk(n_instruments) for x in told), strict=True)
    truths = batch.codes.chunk(n_instruments)
    nats = [
        F.cross_entropy(network.logits(*own, i).flatten(0, 1), truth.flatten())
        for i, (own, truth) in enumerate(zip(parts, truths, strict=True))
    ]
    guesses = network.guesses(reversed_gradient(code, confusion))  # (I * K, F, I)
    truth = torch.arange(n_instruments).repeat_interleave(len(code) // n_instruments)
    critic = F.cross_entropy(guesses.flatten(0, 1), truth.repeat_interleave(n))
    return torch.stack(nats).mean() + critic


def judge(network: Translator, sounds: SoundSet, hertz: np.ndarray) -> dict[str, float]:
    """Return the decoders' nats per sample, and how often the critic is right.

    Without confusion the critic soon is; at 1 / instruments it can only guess.
    """
    hop, nats, right = network.config.hop, [], []
    n_frames = min(round(JUDGED_SECONDS * sounds.rate / hop), hertz.shape[1])
    audio = torch.as_tensor(sounds.audio[:, : n_frames * hop])
    tones = torch.stack([at_samples(torch.as_tensor(x[:n_frames]), hop) for x in hertz])
    turns = melody_turns(audio.numpy(), tones.numpy(), sounds.rate)
    lead = turns - tones.cumsum(dim=1) / sounds.rate
    code, codes = network.encoder(squeezed(audio)), mu_law(audio)
    for row, i in enumerate(sounds.instrument):
        told = (x[row][None] for x in (codes, code, tones, lead))
        logits = network.logits(*told, int(i))
        nats.append(F.cross_entropy(logits[0], codes[row]).item())
        guessed = network.guesses(code[row][None]).argmax(-1)
        right.append((guessed == i).float().mean().item())
    return {"valid_loss": float(np.mean(nats)), "critic_right": float(np.mean(right))}


def write_sample(
    sounds: SoundSet, hertz: np.ndarray, network: Translator, path: Path
) -> None:
    """Write a melody, then as each instrument plays it, as a WAV file."""
    hop = network.config.hop
    n = min(round(SAMPLE_SECONDS * sounds.rate / hop), hertz.shape[1])
    audio, tones = sounds.audio[:1, : n * hop], hertz[:1, :n]
    played = [
        network.play(audio, tones, name)[0] for name in network.config.instruments
    ]
    whole = np.concatenate([audio[0], *played])
    write_wav(path.with_suffix(".wav"), whole, sounds.rate)


def train_translation(
    run: str | Path,
    config: NSynthConfig | None = None,
    sounds: SoundSet | None = None,
    settings: TrainingSettings | None = None,
    *,
    n_steps: int,
    together: bool = False,
    confusion: float = CONFUSION,
    n_each: int = 2,
    n_frames: int = 8,
    begin_from: Mapping[str, Tensor] | None = None,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train a translator in a run folder until `n_steps` steps are taken.

    Args:
        run: the run folder, see `train_predictor`.
        config: the network's settings; the default for the sounds if None. A resumed
            run uses its own.
        sounds: melodies of one voice by several instruments; the course's own tunes if
            None.
        settings: how it is trained; SETTINGS with a cosine over `n_steps` if None.
        n_steps: steps in all.
        together: as in `tracks`; the course's own tunes are.
        confusion: how much the critic's success counts against the encoder.
        n_each: K, excerpts of each instrument in a batch.
        n_frames: length of an excerpt.
        begin_from: weights of a `SoundAutoencoder` of the same settings, whose decoder
            each instrument begins with.
        seed: from which every random number follows.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 200 steps if not said.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed,
            or the sounds are none to learn from.
    """
    refuse_team("a translator, whose batches go from instrument to instrument")
    settings = settings or replace(SETTINGS, cosine_steps=n_steps)
    if resume:
        config, settings, seed = read_settings(run, KIND, NSynthConfig.of)
    if sounds is None:
        sounds, together = phrase_sounds(n=4 * N_MELODIES, together=True), True
    config = config or NSynthConfig(sounds.instruments, rate=sounds.rate)
    hertz, out = tracks(sounds, config.hop, together), sounds.held_out
    learn = Melodies(sounds.train, hertz[~out], config, n_each, n_frames)
    held = np.flatnonzero(out) if out.any() else np.arange(len(sounds))
    judged = held[: 2 * len(sounds.instruments)]
    valid, heights = sounds.pick(judged), hertz[judged]
    network = fresh_network(lambda: Translator(config), seed, run if resume else None)
    if begin_from is not None:
        network.load_state_dict(_spread(begin_from, network), strict=False)
    return train_predictor(
        run,
        network,
        Task(
            learn.batch,
            partial(translation_loss, confusion=confusion),
            lambda n: judge(n, valid, heights),
            partial(write_sample, valid, heights),
        ),
        settings,
        n_steps,
        kind=KIND,
        config=config.to_dict(),
        seed=seed,
        resume=resume,
        **every(200, options),
    )


def _spread(weights: Mapping[str, Tensor], network: nn.Module) -> dict[str, Tensor]:
    """Return an autoencoder's weights for a translator: every decoder begins alike."""
    spread = {}
    for name in network.state_dict():
        parts = name.split(".")
        if parts[0] == "encoder":
            spread[name] = weights[name]
        elif parts[0] == "decoders":
            spread[name] = weights[".".join(["decoder", *parts[2:]])]
    return {name: tensor.float() for name, tensor in spread.items()}

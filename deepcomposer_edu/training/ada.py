"""Training an autoregressive discrete autoencoder: run folders, losses, dead codes.

The loss is -ln p of each sample given those before it and the codes, plus what the
quantiser costs. For "vq", codes that are hardly chosen are moved to where the encoder
speaks (`revive_codes`); the argmax needs no such help.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.corpora.sounds import SoundSet
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ada import Ada, AdaConfig
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.nn.quantise import (
    nearest_code,
    perplexity,
    revive_codes,
    share_used,
)
from deepcomposer_edu.training.ada_crops import (
    NO_PITCH,
    WaveBatch,
    WaveCrops,
    usual_sounds,
)
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.distributed import refuse_team
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions, every
from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)

KIND = "ada"
SETTINGS = TrainingSettings(learning_rate=4e-3, warm_up=30, weight_decay=0.01)
RARE = 0.1  # dead is a code that is chosen less often than this share of the mean
PITCH_WEIGHT = 0.5  # of the head that reads the pitch from a code
JUDGED = 32  # sounds that the loss is measured on
SAMPLED = 4  # sounds in a sample, one after another


def usual_settings(n_steps: int, precision: str = "float32") -> TrainingSettings:
    """Return SETTINGS with a cosine over `n_steps`, at a precision."""
    return replace(SETTINGS, cosine_steps=n_steps, precision=precision)


@torch.no_grad()
def revive(network: Ada, pool: Tensor, seed: int) -> int:
    """Move codes that are hardly chosen to what the encoder says; return how many.

    Args:
        network: a "vq"; its codebook is changed.
        pool: (M, window // 2 + 1), frames.
        seed: from which all chance follows.
    """
    said = network.said(pool).float()  # (M, D)
    return move_rare_codes(network.quantiser.codebook, said, seed)


@torch.no_grad()
def move_rare_codes(codebook: Tensor, said: Tensor, seed: int) -> int:
    """Move the codes of a codebook (K, D) that few vectors (M, D) choose; how many.

    Args:
        codebook: it is changed.
        said: vectors of the encoder.
        seed: from which all chance follows.
    """
    n_used = torch.bincount(nearest_code(said, codebook), minlength=len(codebook))
    alive = n_used >= RARE * len(said) / len(codebook)
    random = torch.Generator().manual_seed(seed)
    codebook.copy_(revive_codes(codebook, alive, said, random))
    return int((~alive).sum())


def ada_loss(network: Ada, batch: WaveBatch) -> Tensor:
    """Return -ln p of the samples, in nats, plus what the quantiser costs.

    Dead codes are revived first where the batch asks for it. The argmax's diversity is
    that of the frames from everywhere.
    """
    is_vq = network.config.kind == "vq"
    if is_vq and batch.pool is not None and network.training:
        revive(network, batch.pool, batch.seed)
    logits, pitch, quantised = network(batch.spectra, batch.heard, batch.phases)
    nats = F.cross_entropy(logits.flatten(0, 1).float(), batch.codes.flatten())
    known = (batch.pitch != NO_PITCH).float()  # (B,)
    target = batch.pitch.clamp(min=0)[:, None].expand(pitch.shape[:2])
    wrong = F.cross_entropy(pitch.movedim(-1, 1).float(), target, reduction="none")
    wrong = (wrong.mean(dim=1) * known).sum() / known.sum().clamp(min=1)
    choice = quantised
    if not is_vq and batch.pool is not None:
        choice = network.quantise(batch.pool[None])
    return nats + choice.loss + PITCH_WEIGHT * wrong


@torch.no_grad()
def judge(network: Ada, crops: WaveCrops, n_sounds: int = JUDGED) -> dict[str, float]:
    """Return how well sounds are told, and how many codes it takes.

    Args:
        network: the autoencoder.
        crops: of the sounds to judge by.
        n_sounds: how many of them the loss is measured on, evenly chosen.

    Returns:
        "valid_loss": nats of a sample, the first half second of each sound; "code_use":
        share of the codes that occur in all the sounds; "perplexity" of these codes.
    """
    everything = network.quantise(crops.spectra).codes
    chosen = torch.linspace(0, len(crops.codes) - 1, n_sounds).long().unique()
    n_frames = min(crops.spectra.shape[1], network.config.rate // 2 // crops.hop)
    codes = crops.codes[chosen, : n_frames * crops.hop]
    phases = crops.tables[crops.pitch[chosen], : codes.shape[1]]
    logits, _, _ = network(crops.spectra[chosen, :n_frames], codes, phases)
    n_codes = network.config.n_codes
    return {
        "valid_loss": F.cross_entropy(logits.flatten(0, 1), codes.flatten()).item(),
        "code_use": share_used(everything, n_codes),
        "perplexity": perplexity(everything, n_codes),
    }


def sample_writer(audio: np.ndarray) -> Callable[[nn.Module, Path], None]:
    """Return what writes sounds as the network tells them: PATH.wav, mono.

    Args:
        audio: (N, n), the sounds; the first SAMPLED are told, one after another.
    """
    sounds = torch.from_numpy(np.ascontiguousarray(audio[:SAMPLED]))

    def write(network: nn.Module, path: Path) -> None:
        told = network.decode(network.encode(sounds)).reshape(-1)
        write_wav(path.with_suffix(".wav"), told, network.config.rate)

    return write


def train_ada(
    run: str | Path,
    config: AdaConfig | None = None,
    settings: TrainingSettings | None = None,
    *,
    n_steps: int,
    sounds: SoundSet | None = None,
    revive: bool = True,
    n_frames: int = 2,
    batch_size: int = 8,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train an autoencoder in a run folder until `n_steps` steps are taken.

    Args:
        run: the run folder, see `train_predictor`. Samples are WAV files.
        config: the autoencoder's settings; the default if None. A resumed run uses its
            own.
        settings: how it is trained; SETTINGS with a cosine over `n_steps` if None.
        n_steps: steps in all.
        sounds: what it learns from (`train`) and is judged by (`valid`, or `train` if
            nothing is held out); `usual_sounds` if None.
        revive: whether dead codes are revived; it does nothing for "argmax".
        n_frames: frames of an excerpt.
        batch_size: excerpts in a batch.
        seed: from which every random number follows.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 100 steps if not said.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed,
            or if the sounds don't fit the settings.
    """
    refuse_team("an autoencoder whose codes are judged over the whole batch")
    settings = settings or usual_settings(n_steps)
    config = config or AdaConfig()
    if resume:
        config, settings, seed = read_settings(run, KIND, AdaConfig.of)
    sounds = usual_sounds() if sounds is None else sounds
    if sounds.rate != config.rate:
        raise InputError(
            f"The sounds have {sounds.rate} samples per second and the autoencoder "
            f"{config.rate}; make one of them fit the other."
        )
    network = fresh_network(lambda: Ada(config), seed, run if resume else None)
    held_out = sounds.valid if sounds.held_out.any() else sounds.train
    learn = WaveCrops(network, sounds.train, n_frames, batch_size, revive)
    judged = WaveCrops(network, held_out, 1, 1)
    return train_predictor(
        run,
        network,
        Task(
            learn.batch,
            ada_loss,
            partial(judge, crops=judged),
            sample_writer(held_out.audio),
        ),
        settings,
        n_steps,
        kind=KIND,
        config=config.to_dict(),
        seed=seed,
        resume=resume,
        **every(100, options),
    )

"""Training a WaveNet on notes, or on any sounds: predict the next sample."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple, Unpack

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.corpora.sounds import SoundSet, note_sounds
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.note_wavenet import (
    MIDDLE_C,
    NoteConfig,
    NoteWaveNet,
)
from deepcomposer_edu.models.wave_generation import generate
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.nn.waves import mu_law, mu_law_decode
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions, every
from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)
from deepcomposer_edu.training.wave_phase import phase_lead

KIND = "wavenet"
PITCHES = range(36, 85)  # from the lowest bass to the highest soprano, and some more
HELD_SHARES = (0.8, 0.25)  # of each second the key is down: long notes, short ones
SETTINGS = TrainingSettings(learning_rate=2e-3, warm_up=100, average=0.998)
CROP, BATCH = 2_000, 4  # samples, and how many excerpts
N_JUDGED = 16  # sounds that the loss is measured on
NOISE = 6.0  # codes; the widest spread of the noise on what the network hears
SILENT = 0.25  # of the excerpts: so many begin with silence in place of their past
SAMPLE_SECONDS, SAMPLE_TEMPERATURE = 0.5, 0.8


class WaveBatch(NamedTuple):
    """Excerpts of sounds, and what the network is told about them."""

    codes: Tensor  # (B, N), int64
    pitch: Tensor  # (B,), MIDI; -1 where there is not one
    instrument: Tensor  # (B,)
    velocity: Tensor  # (B,)
    held: Tensor  # (B,), seconds
    start: Tensor  # (B,), int64, where in the sounds the excerpts begin
    lead: Tensor  # (B, start + N or more), turns, see `phase_lead`
    heard: Tensor  # (B, N), the codes with noise: what the network sees of the past


class WaveSet:
    """Sounds as codes, and random excerpts of them.

    Args:
        sounds: to learn from.
        crop: samples of an excerpt; a shorter sound is taken whole.
        batch_size: B.
    """

    def __init__(
        self, sounds: SoundSet, crop: int = CROP, batch_size: int = BATCH
    ) -> None:
        if not len(sounds):
            raise InputError("There is no sound to learn from; give some.")
        self.sounds, self.batch_size = sounds, batch_size
        self.codes = mu_law(torch.from_numpy(sounds.audio)).to(torch.uint8)
        self.crop = min(crop, self.codes.shape[1])
        hertz = 440 * 2 ** ((sounds.pitch - 69) / 12)
        leads = [
            phase_lead(audio, f, sounds.rate) if pitch >= 0 else np.zeros(len(audio))
            for audio, f, pitch in zip(sounds.audio, hertz, sounds.pitch, strict=True)
        ]
        self.leads = torch.from_numpy(np.stack(leads).astype(np.float32))

    def batch(self, random: torch.Generator) -> WaveBatch:
        """Return random excerpts; more of them begin where the sound begins."""
        rows = torch.randint(len(self.sounds), (self.batch_size,), generator=random)
        latest = self.codes.shape[1] - self.crop
        drawn = torch.rand(self.batch_size, generator=random)  # in [0, 1)
        from_where = drawn * (latest + self.crop // 2 + 1) - self.crop // 2
        start = from_where.long().clamp(0, latest)
        pairs = zip(rows.tolist(), start.tolist(), strict=True)
        codes = torch.stack([self.codes[i, s : s + self.crop] for i, s in pairs])
        return self.told(rows, codes.long(), start, with_noise(codes.long(), random))

    def told(
        self, rows: Tensor, codes: Tensor, start: Tensor, heard: Tensor
    ) -> WaveBatch:
        """Return excerpts of sounds `rows` with what is known of these."""
        known = (
            torch.from_numpy(np.asarray(getattr(self.sounds, name)))[rows].float()
            for name in ("pitch", "instrument", "velocity", "held")
        )
        pitch, instrument, velocity, held = known
        told = (pitch, instrument.long(), velocity, held, start)
        return WaveBatch(codes, *told, self.leads[rows], heard)


def with_noise(codes: Tensor, random: torch.Generator) -> Tensor:
    """Return codes (B, N) moved by chance, some sounds with silence for a while.

    A network that plays hears its own mistakes; one that has only seen flawless pasts
    makes them larger, and one that knows silence only from rests stays silent. So it
    learns to predict the true sample after a noisy past, or after none.
    """
    n_sounds, n_samples = codes.shape
    spread = NOISE * torch.rand(n_sounds, 1, generator=random) ** 2
    moved = codes + spread * torch.randn(codes.shape, generator=random)
    is_silent = torch.rand(n_sounds, 1, generator=random) < SILENT
    until = 1.5 * n_samples * torch.rand(n_sounds, 1, generator=random)
    silence = is_silent & (torch.arange(n_samples) < until)  # (B, N)
    return moved.round().long().clamp(0, 255).masked_fill(silence, 128)


def usual_sounds(rate: int = 8_000) -> SoundSet:
    """Return what a WaveNet for notes learns from: notes of one second, long and short.

    Args:
        rate: samples per second.
    """
    parts = [
        note_sounds(rate, pitches=PITCHES, held_share=share) for share in HELD_SHARES
    ]
    names = ("audio", "pitch", "velocity", "instrument", "held_out", "held")
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in names
    }
    return replace(parts[0], **joined)


def wave_loss(network: NoteWaveNet, batch: WaveBatch) -> Tensor:
    """Return -ln p of the codes, in nats for each sample."""
    n = batch.codes.shape[1]
    conditions = [
        network.condition(
            batch.pitch[i : i + 1],
            batch.instrument[i : i + 1],
            batch.velocity[i : i + 1],
            n,
            batch.held[i : i + 1],
            start,
            batch.lead[i : i + 1, : start + n],
        )
        for i, start in enumerate(batch.start.tolist())
    ]
    local, whole = (torch.cat(parts) for parts in zip(*conditions, strict=True))
    logits = network(batch.heard, local, whole)  # (B, N, 256)
    return F.cross_entropy(logits.flatten(0, 1), batch.codes.flatten())


def nats_per_sample(network: NoteWaveNet, sounds: SoundSet, n: int = N_JUDGED) -> float:
    """Return -ln p of whole sounds, in nats for each sample.

    Args:
        network: the network.
        sounds: not empty; n of them, evenly spread, are looked at.
        n: how many.
    """
    which = np.unique(np.linspace(0, len(sounds) - 1, n).round().astype(int))
    chosen = WaveSet(sounds.pick(which), sounds.audio.shape[1])
    nats = []
    for i in range(len(which)):
        codes = chosen.codes[i : i + 1].long()
        batch = chosen.told(torch.tensor([i]), codes, torch.tensor([0]), codes)
        nats.append(float(wave_loss(network, batch)))
    return float(np.mean(nats))


def write_sample(network: NoteWaveNet, path: Path, has_pitch: bool = True) -> Path:
    """Write what the network plays now: each instrument for half a second.

    Args:
        network: the network.
        path: the file without its ending.
        has_pitch: whether middle C is asked for, or no pitch.
    """
    rate, n_instruments = network.config.rate, len(network.config.instruments)
    n = round(SAMPLE_SECONDS * rate)
    pitch = torch.full((n_instruments,), float(MIDDLE_C) if has_pitch else -1.0)
    velocity = torch.full((n_instruments,), 85 if has_pitch else 0)
    local, whole = network.condition(
        pitch, torch.arange(n_instruments), velocity, n, 0.8 * SAMPLE_SECONDS
    )
    codes = generate(network.wavenet, n, local, whole, SAMPLE_TEMPERATURE)
    audio = mu_law_decode(codes).flatten().numpy()
    return write_wav(path.with_suffix(".wav"), audio, rate)


def train_wavenet(
    run: str | Path,
    config: NoteConfig | None = None,
    sounds: SoundSet | None = None,
    *,
    n_steps: int,
    settings: TrainingSettings | None = None,
    crop: int = CROP,
    batch_size: int = BATCH,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train a WaveNet in a run folder until `n_steps` steps are taken.

    Args:
        run: the run folder, see `train_predictor`.
        config: the network's settings; those that fit the sounds if None. A resumed run
            uses its own.
        sounds: to learn from, all but the held-out ones; those of `usual_sounds` if
            None.
        n_steps: steps in all.
        settings: how it is trained; SETTINGS with a cosine over `n_steps` if None.
        crop: samples of an excerpt.
        batch_size: B.
        seed: from which every random number follows.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 200 steps if not said.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed,
            or the sounds do not fit the network.
    """
    settings = settings or replace(SETTINGS, cosine_steps=n_steps)
    if resume:
        config, settings, seed = read_settings(run, KIND, NoteConfig.of)
    if sounds is None:
        rate = config.rate if config else 8_000
        sounds = usual_sounds(rate)
    config = config or NoteConfig(sounds.instruments, sounds.rate)
    if (config.instruments, config.rate) != (sounds.instruments, sounds.rate):
        raise InputError(
            f"The sounds are {', '.join(sounds.instruments)} at {sounds.rate} samples "
            f"per second, but this WaveNet is for {', '.join(config.instruments)} at "
            f"{config.rate}; train a new one, or give sounds that fit."
        )
    network = fresh_network(lambda: NoteWaveNet(config), seed, run if resume else None)
    learn, judged = WaveSet(sounds.train, crop, batch_size), sounds.valid
    has_pitch = bool((sounds.pitch >= 0).any())

    def judge(network: nn.Module) -> dict[str, float]:
        return {"valid_loss": nats_per_sample(network, judged)} if len(judged) else {}

    return train_predictor(
        run,
        network,
        Task(learn.batch, wave_loss, judge, partial(write_sample, has_pitch=has_pitch)),
        settings,
        n_steps,
        kind=KIND,
        config=config.to_dict(),
        seed=seed,
        resume=resume,
        **every(200, options),
    )

"""Training the small NSynth: encode a note, then predict each of its samples."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from deepcomposer_edu.corpora.sounds import SoundSet, note_sounds
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.note_wavenet import NoteWaveNet
from deepcomposer_edu.models.nsynth import SoundAutoencoder
from deepcomposer_edu.models.sound_encoder import (
    NSynthConfig,
    hertz_of,
    whole_frames,
)
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.nn.waves import mu_law
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
from deepcomposer_edu.training.wavenet import with_noise

KIND = "nsynth"
SETTINGS = TrainingSettings(learning_rate=4e-3, warm_up=100, average=0.998)
FROM_START = 0.2  # share of the batches that begin at the notes' onsets
WARM_SAMPLES = 128  # of an excerpt from within a note: not yet judged
JUDGED = 24  # held-out notes that the loss is measured on
SAMPLE_FRAMES = 25  # of a sample
PITCHES = range(36, 85)


@dataclass(frozen=True)
class SoundBatch:
    """Excerpts of B notes, all from the same place.

    Args:
        heard: (B, N) what the encoder hears, mu-law in [-1, 1].
        codes: (B, n) what the decoder predicts, mu-law codes.
        noise: (B, n / hop, W) what is added to the frames.
        hertz: (B, n) how fast the tones swing at each sample.
        lead: (B, n) how many turns their phases are ahead of that (`phase_lead`).
        past: (B, n) the codes with noise: what the decoder sees of the past.
        first: frame of what the encoder hears at which the excerpt begins.
        skipped: samples at its beginning that are not judged.
    """

    heard: Tensor
    codes: Tensor
    noise: Tensor
    hertz: Tensor
    lead: Tensor
    past: Tensor
    first: int
    skipped: int


class SoundExcerpts:
    """Notes, and batches of excerpts of them.

    Args:
        sounds: what is learned from.
        config: the network's settings.
        batch_size: B.
        n_frames: length of an excerpt.
    """

    def __init__(
        self, sounds: SoundSet, config: NSynthConfig, batch_size: int, n_frames: int
    ) -> None:
        if len(sounds) == 0:
            raise InputError(
                "No sound has a known pitch, but this network learns from single "
                "notes, each steady and in tune; give some of those."
            )
        if sounds.rate != config.rate:
            raise InputError(
                f"The sounds have {sounds.rate} samples per second, but the network "
                f"is made for {config.rate}; convert them first."
            )
        self.config, self.batch_size = config, batch_size
        audio = whole_frames(sounds.audio, config.hop)
        self.codes = mu_law(audio)  # (N, n)
        self.hertz = hertz_of(torch.as_tensor(sounds.pitch))  # (N,)
        self.leads = torch.as_tensor(leads(sounds, self.codes.shape[1]))
        self.total = audio.shape[1] // config.hop  # frames of a note
        self.n_frames = min(n_frames, self.total)
        reach = (1 + sum(config.encoder_dilations)) * config.patch
        self.margin = -(-reach // config.hop)  # frames that the encoder looks around

    def batch(self, random: torch.Generator) -> SoundBatch:
        """Return random excerpts."""
        hop, n = self.config.hop, self.n_frames
        rows = torch.randint(len(self.codes), (self.batch_size,), generator=random)
        first = int(torch.randint(self.total - n + 1, (1,), generator=random))
        if torch.rand(1, generator=random).item() < FROM_START:
            first = 0
        begin, end = max(0, first - self.margin), first + n + self.margin
        noise = torch.randn(len(rows), n, self.config.width, generator=random)
        codes, start = self.codes[rows], first * hop
        excerpt = codes[:, start : start + n * hop]
        hertz = self.hertz[rows, None]  # (B, 1)
        before = hertz * start / self.config.rate  # turns since the onset
        return SoundBatch(
            codes[:, begin * hop : end * hop].float() / 127.5 - 1,
            excerpt,
            noise * self.config.noise,
            hertz.expand(-1, n * hop),
            self.leads[rows, start : start + n * hop] + before,
            with_noise(excerpt, random),
            first - begin,
            min(WARM_SAMPLES, n * hop - 1) if start else 0,
        )


def leads(sounds: SoundSet, n_samples: int) -> np.ndarray:
    """Return how far the phases of notes are ahead of ideal ones, (N, n_samples)."""
    hertz = hertz_of(torch.as_tensor(sounds.pitch)).tolist()
    rows = zip(sounds.audio, hertz, strict=True)
    found = np.stack([phase_lead(audio, tone, sounds.rate) for audio, tone in rows])
    more = n_samples - found.shape[1]
    return np.pad(found, ((0, 0), (0, more)), mode="edge").astype(np.float32)


def sound_loss(network: SoundAutoencoder, batch: SoundBatch) -> Tensor:
    """Return -ln p of the samples, given those before them and the code, in nats."""
    n = batch.noise.shape[1]
    code = network.encoder(batch.heard)[:, batch.first : batch.first + n]
    logits = network(batch.past, code + batch.noise, batch.hertz, batch.lead)
    judged = batch.codes[:, batch.skipped :]
    return F.cross_entropy(logits[:, batch.skipped :].flatten(0, 1), judged.flatten())


def nats_per_sample(network: SoundAutoencoder, sounds: SoundSet) -> float:
    """Return the mean -ln p of whole notes' samples, their codes without noise."""
    every = max(1, len(sounds) // JUDGED)
    audio = whole_frames(sounds.audio[::every], network.config.hop)
    some, n = sounds.pick(slice(None, None, every)), audio.shape[1]
    tones = hertz_of(torch.as_tensor(some.pitch))
    codes, ahead = mu_law(audio), torch.as_tensor(leads(some, n))
    with torch.no_grad():
        rows = zip(codes, network.encode(audio), tones, ahead, strict=True)
        logits = [
            network(row[None], code[None], tone.expand(1, n), lead[None])
            for row, code, tone, lead in rows
        ]
    return F.cross_entropy(torch.cat(logits).flatten(0, 1), codes.flatten()).item()


def write_sample(sounds: SoundSet, network: SoundAutoencoder, path: Path) -> None:
    """Write notes that went through the network, one after another, as a WAV file.

    Args:
        sounds: notes; one of each instrument is taken.
        network: the network.
        path: without its ending.
    """
    firsts = [
        int(np.flatnonzero(sounds.instrument == i)[0])
        for i in np.unique(sounds.instrument)
    ]
    audio = torch.as_tensor(sounds.audio[firsts])
    code = network.encode(audio)[:, :SAMPLE_FRAMES]
    decoded = network.decode(code, torch.as_tensor(sounds.pitch[firsts]))
    write_wav(path.with_suffix(".wav"), decoded.reshape(-1), network.config.rate)


@torch.no_grad()
def begin_with(network: SoundAutoencoder, notes: NoteWaveNet) -> None:
    """Let the decoder begin with the layers of a WaveNet that plays notes.

    All is taken over but what the layers are told: of that the phase alone, which both
    are told in the same form.

    Args:
        network: it is changed.
        notes: with as many channels, the same taps, dilations and harmonics.

    Raises:
        InputError: if the two have different sizes.
    """
    own, other = network.config.wavenet, notes.config.wavenet
    names = ("residual", "skip", "kernel", "dilations")
    harmonics = notes.config.harmonics
    same = all(getattr(own, name) == getattr(other, name) for name in names)
    if not same or harmonics != network.config.harmonics:
        raise InputError(
            "The decoder can't begin with this WaveNet: channels, taps, dilations and "
            "harmonics must be the same; make the NSynthConfig with the WaveNet's."
        )
    told = (".local.", ".whole.")
    state = notes.wavenet.state_dict()
    kept = {k: x for k, x in state.items() if not any(word in k for word in told)}
    network.decoder.load_state_dict(kept, strict=False)
    first, n = network.config.width, 2 * harmonics
    for layer, known in zip(network.decoder.layers, notes.wavenet.layers, strict=True):
        layer.local.weight[:, first : first + n] = known.local.weight[:, :n]


def train_nsynth(
    run: str | Path,
    config: NSynthConfig | None = None,
    sounds: SoundSet | None = None,
    settings: TrainingSettings | None = None,
    *,
    n_steps: int,
    decoder: NoteWaveNet | None = None,
    batch_size: int = 4,
    n_frames: int = 8,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train a small NSynth in a run folder until `n_steps` steps are taken.

    Args:
        run: the run folder, see `train_predictor`.
        config: the network's settings; the default for the sounds if None. A resumed
            run uses its own.
        sounds: notes; the course's own four instruments if None. Those without a known
            pitch are left out; those held out are what the loss is measured on.
        settings: how it is trained; SETTINGS with a cosine over `n_steps` if None.
        n_steps: steps in all.
        decoder: a WaveNet that plays notes already, of the decoder's sizes: the decoder
            begins with its layers (`begin_with`). A resumed run needs it no more.
        batch_size: B.
        n_frames: length of an excerpt.
        seed: from which every random number follows.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 200 steps if not said.

    Raises:
        InputError: if the folder holds a run and `resume` is off, or cannot be resumed,
            or the sounds are none to learn from.
    """
    settings = settings or replace(SETTINGS, cosine_steps=n_steps)
    if resume:
        config, settings, seed = read_settings(run, KIND, NSynthConfig.of)
    rate = config.rate if config is not None else 8_000
    if sounds is None:
        sounds = note_sounds(rate=rate, pitches=PITCHES)
    sounds = sounds.pick(sounds.pitch >= 0)
    config = config or NSynthConfig(sounds.instruments, rate=sounds.rate)
    learn = SoundExcerpts(sounds.train, config, batch_size, n_frames)
    judged = sounds.valid if sounds.held_out.any() else sounds
    network = fresh_network(
        lambda: SoundAutoencoder(config), seed, run if resume else None
    )
    if decoder is not None and not resume:
        begin_with(network, decoder)

    def judge(network: nn.Module) -> dict[str, float]:
        return {"valid_loss": nats_per_sample(network, judged)}

    return train_predictor(
        run,
        network,
        Task(learn.batch, sound_loss, judge, partial(write_sample, judged)),
        settings,
        n_steps,
        kind=KIND,
        config=config.to_dict(),
        seed=seed,
        resume=resume,
        **every(200, options),
    )

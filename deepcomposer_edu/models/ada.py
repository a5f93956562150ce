"""Autoregressive discrete autoencoders: a sound as a few codes, and back again.

An encoder says something about each frame of a sound, a quantiser makes one of K codes
of it, and a WaveNet that is conditioned on the codes tells the sound sample by sample
(Dieleman et al. 2018, "The challenge of realistic music generation"). The quantiser is
that of VQ-VAE (van den Oord et al. 2017) or an argmax.

It is a small one, and differs from the paper's in two things, both for want of a large
computer. The encoder reads the spectrum around each frame instead of the samples. And a
small head reads the pitch of a note from its code, and the WaveNet is told the phase of
that pitch, as NSynth is told the pitch: but here it must have passed through the codes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ada_config import KINDS, N_CLASSES, AdaConfig
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.note_wavenet import phase_features
from deepcomposer_edu.models.wavenet import WaveNet
from deepcomposer_edu.models.weights import load_weights, weights_dir
from deepcomposer_edu.nn.quantise import (
    ArgmaxQuantiser,
    Quantised,
    VectorQuantiser,
)
from deepcomposer_edu.nn.waves import mu_law, mu_law_decode

OnProgress = Callable[[int, int], None] | None


def stacked_field(fields: Sequence[int], hops: Sequence[int]) -> list[int]:
    """Return how many samples the decoder of each level of a stack looks back.

    A decoder that sees `fields[i]` units of its own level sees as many samples as these
    units stand for: fields[i] times the product of hops[0] to hops[i].

    Args:
        fields: receptive field of each level's decoder in its own units, lowest first.
        hops: how many units of the level below one unit of each level stands for; 1 for
            the lowest, whose units are samples.

    >>> stacked_field([300, 200, 100], [1, 8, 4])
    [300, 1600, 3200]
    """
    samples, unit = [], 1
    for field, hop in zip(fields, hops, strict=True):
        unit *= hop  # samples for which one unit of this level stands
        samples.append(field * unit)
    return samples


def quantiser_of(
    kind: str, n_codes: int, width: int, commitment: float, diversity: float
) -> VectorQuantiser | ArgmaxQuantiser:
    """Return a new quantiser of a kind, "vq" or "argmax"."""
    if kind == "vq":
        return VectorQuantiser(n_codes, width, commitment)
    return ArgmaxQuantiser(n_codes, width, diversity)


def with_neighbours(x: Tensor) -> Tensor:
    """Return each frame of (B, F, C) with the ones before and after it, (B, F, 3 C)."""
    before = F.pad(x, (0, 0, 1, 0))[:, :-1]
    after = F.pad(x, (0, 0, 0, 1))[:, 1:]
    return torch.cat([before, x, after], dim=-1)


class Ada(nn.Module):
    """A sound as codes, and back again.

    Args:
        config: its settings.
    """

    def __init__(self, config: AdaConfig) -> None:
        super().__init__()
        self.config, hidden = config, config.hidden
        self.read = nn.Linear(config.window // 2 + 1, hidden)
        self.think = nn.Linear(hidden, hidden)
        self.quantiser = quantiser_of(
            config.kind,
            config.n_codes,
            config.width,
            config.commitment,
            config.diversity,
        )
        self.say = nn.Linear(hidden, self.quantiser.n_inputs)
        self.tell = nn.Linear(config.width, config.context)
        self.pitch_head = nn.Linear(config.width, config.n_pitches)
        self.wavenet = WaveNet(config.wavenet)

    def spectra(self, audio: Tensor) -> Tensor:
        """Return what the encoder reads: how loud each frequency is around each frame.

        Args:
            audio: (B, N), in [-1, 1]; what is left after the last whole frame is not
                read.

        Returns:
            (B, F, window // 2 + 1), logarithms of the magnitudes; F = N // hop.
        """
        config = self.config
        n_frames = audio.shape[1] // config.hop
        side = (config.window - config.hop) // 2
        padded = F.pad(audio[:, : n_frames * config.hop], (side, side))
        frames = padded.unfold(1, config.window, config.hop)  # (B, F, window)
        window = torch.hann_window(config.window, device=audio.device)
        magnitudes = torch.fft.rfft(frames * window).abs()
        return ((magnitudes + 0.01).log() + 2) / 2  # of about mean 0, deviation 1

    def said(self, spectra: Tensor) -> Tensor:
        """Return what the encoder says of each frame, before it is quantised.

        Args:
            spectra: (B, F, window // 2 + 1).

        Returns:
            (B, F, D) for "vq"; scores (B, F, K) for "argmax", of which some are always
            positive: each frame has mean 0 and deviation 1.
        """
        h = torch.relu(self.think(torch.relu(self.read(spectra))))
        said = self.say(h)
        return F.layer_norm(said, said.shape[-1:])

    def quantise(self, spectra: Tensor) -> Quantised:
        """Return the codes and vectors of `spectra`, (B, F, window // 2 + 1)."""
        return self.quantiser(self.said(spectra))

    def condition(self, vectors: Tensor, phases: Tensor) -> Tensor:
        """Return what the WaveNet is told at each sample.

        Args:
            vectors: (B, F, D), of the codes.
            phases: (B, F hop, 2 * harmonics), see `phase_features`.

        Returns:
            (B, F hop, context + 2 * harmonics).
        """
        told = torch.tanh(self.tell(vectors)).repeat_interleave(self.config.hop, dim=1)
        return torch.cat([told, phases.to(told.dtype)], dim=-1)

    def forward(
        self, spectra: Tensor, codes: Tensor, phases: Tensor
    ) -> tuple[Tensor, Tensor, Quantised]:
        """Return logits of the samples, logits of the pitch, and the codes.

        Args:
            spectra: (B, F, window // 2 + 1).
            codes: (B, N), the same sound in mu-law; N = F hop.
            phases: (B, N, 2 * harmonics), of its true pitch; zeros where it has none.

        Returns:
            (B, N, 256), (B, F, n_pitches), and what the quantiser made.
        """
        quantised = self.quantise(spectra)
        logits = self.wavenet(codes, self.condition(quantised.vectors, phases))
        return logits, self.pitch_head(quantised.vectors), quantised

    @torch.no_grad()
    def pitches(self, codes: Tensor) -> Tensor:
        """Return the pitch (B, F) that codes (B, F) tell, as MIDI numbers.

        A frame takes the pitch that most of the five frames around it tell, so that a
        single wrong code does no harm.
        """
        votes = self.pitch_head(self.quantiser.vectors(codes)).argmax(dim=-1)  # (B, F)
        votes = F.one_hot(votes, self.config.n_pitches).float()
        around = F.avg_pool1d(votes.movedim(-1, 1), 5, 1, 2, count_include_pad=False)
        return self.config.lowest + around.argmax(dim=1)

    def phases(self, pitches: Tensor) -> Tensor:
        """Return the phases (B, F hop, 2 * harmonics) of pitches (B, F), MIDI."""
        hertz = 440 * 2 ** ((pitches.double() - 69) / 12)
        hertz = hertz.repeat_interleave(self.config.hop, dim=1)
        return phase_features(hertz, self.config.rate, self.config.harmonics)

    @torch.no_grad()
    def encode(self, audio: Tensor | np.ndarray) -> Tensor:
        """Return the codes of sounds.

        Args:
            audio: (B, N) or (N,), in [-1, 1], at the config's rate.

        Returns:
            (B, F) or (F,) int64; F = N // hop.

        Raises:
            InputError: if the sound is shorter than a frame or has no finite samples.
        """
        audio = torch.as_tensor(audio, dtype=torch.float32)
        if audio.ndim not in (1, 2) or audio.shape[-1] < self.config.hop:
            raise InputError(
                f"The sound has the shape {tuple(audio.shape)}, but (N,) or (B, N) of "
                f"at least {self.config.hop} samples, one frame, are needed."
            )
        if not torch.isfinite(audio).all():
            raise InputError(
                "The sound has samples that are no finite numbers; clean it first."
            )
        codes = self.quantise(self.spectra(torch.atleast_2d(audio))).codes
        return codes if audio.ndim == 2 else codes[0]

    @torch.no_grad()
    def decode(
        self,
        codes: Tensor,
        *,
        seed: int = 0,
        temperature: float = 0.5,
        on_progress: OnProgress = None,
    ) -> np.ndarray:
        """Return the sounds that codes stand for, as the WaveNet tells them.

        Args:
            codes: (B, F) or (F,) int64, 0 to K - 1.
            seed: from which all chance follows.
            temperature: above 0; below 1 the sound has less noise.
            on_progress: called with (samples done, samples in all).

        Returns:
            (B, F hop) or (F hop,) float32, in [-1, 1].

        Raises:
            InputError: if there are no codes, or some that the model does not have.
        """
        from deepcomposer_edu.models.wave_generation import generate

        codes = check_codes(codes, self.config.n_codes)
        frames = torch.atleast_2d(codes)
        phases = self.phases(self.pitches(frames))
        local = self.condition(self.quantiser.vectors(frames), phases)
        samples = generate(
            self.wavenet,
            local.shape[1],
            local=local,
            temperature=temperature,
            seed=seed,
            on_progress=on_progress,
        )
        audio = mu_law_decode(torch.as_tensor(samples)).numpy()
        return np.atleast_2d(audio) if codes.ndim == 2 else audio.reshape(-1)


def mu_law_codes(audio: Tensor) -> Tensor:
    """Return sound (B, N) as the codes that the WaveNet tells, 0 to 255."""
    return mu_law(audio, N_CLASSES)


def check_codes(codes: Tensor, n_codes: int) -> Tensor:
    """Return codes (B, F) or (F,) as a tensor, or raise an InputError."""
    codes = torch.as_tensor(codes)
    if codes.ndim not in (1, 2) or codes.numel() == 0 or codes.is_floating_point():
        raise InputError(
            f"The codes have the shape {tuple(codes.shape)} and the type {codes.dtype},"
            " but whole numbers of shape (F,) or (B, F), at least one, are needed."
        )
    if codes.min() < 0 or codes.max() >= n_codes:
        raise InputError(
            f"The codes go from {int(codes.min())} to {int(codes.max())}, but this "
            f"model has the codes 0 to {n_codes - 1}; encode the sound with it."
        )
    return codes.long()


@functools.cache
def _load(name: str, folder: Path) -> Ada:
    weights = load_weights(name, folder)
    config = AdaConfig.of(weights.info["config"])
    network = filled(lambda: Ada(config), weights.tensors)
    return network.eval().requires_grad_(False)


def load_ada(kind: str = "vq", folder: Path | None = None) -> Ada:
    """Return a shipped autoencoder, its weights checked.

    Args:
        kind: "vq" or "argmax".
        folder: where the weights lie; the shipped ones' folder if left out.

    Raises:
        InputError: if there is no such kind, or its weights are missing or damaged.
    """
    if kind not in KINDS:
        raise InputError(
            f"The autoencoder's kind is {str(kind)[:40]!r}; choose "
            f"{' or '.join(KINDS)}."
        )
    return _load(f"ada-{kind}", folder or weights_dir())

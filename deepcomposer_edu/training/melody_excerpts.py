"""Excerpts of melodies, as the translator's encoder hears them and as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from deepcomposer_edu.corpora.sounds import SoundSet
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.sound_encoder import NSynthConfig, squeezed, whole_frames
from deepcomposer_edu.models.translation import at_samples
from deepcomposer_edu.music.pitch_track import pitch_track
from deepcomposer_edu.nn.waves import mu_law
from deepcomposer_edu.training.wave_phase import lead_of
from deepcomposer_edu.training.wavenet import with_noise

DETUNED = 0.5  # semitones, at most, that the encoder hears a sound too high or low
LEAD_SECONDS = 0.025  # over which a phase is measured
TINTED = 0.6  # at most so much of the sample before is added to what it hears


@dataclass(frozen=True)
class MelodyBatch:
    """Excerpts of melodies, K of each of the I instruments, instrument by instrument.

    Args:
        heard: (I * K, N) what the encoder hears: out of tune and tinted, mu-law, -1 to
            1, with `margin` frames before and after.
        codes: (I * K, n) what the decoders predict, mu-law codes.
        hertz: (I * K, n) how high it sounds at each sample.
        lead: (I * K, n) how many turns its phase is ahead of that.
        past: (I * K, n) the codes with noise: what the decoders see of the past.
        noise: (I * K, n / hop, W) what is added to the frames.
        margin: frames.
    """

    heard: Tensor
    codes: Tensor
    hertz: Tensor
    lead: Tensor
    past: Tensor
    noise: Tensor
    margin: int


class Melodies:
    """Melodies, and batches of excerpts of them.

    Args:
        sounds: what is learned from; several instruments.
        hertz: (N, frames), how high they sound (`tracks`).
        config: the network's settings.
        n_each: K, excerpts of each instrument in a batch.
        n_frames: length of an excerpt.
    """

    def __init__(
        self,
        sounds: SoundSet,
        hertz: np.ndarray,
        config: NSynthConfig,
        n_each: int,
        n_frames: int,
    ) -> None:
        self.config, self.n_each, hop = config, n_each, config.hop
        self.rows = [
            torch.as_tensor(np.flatnonzero(sounds.instrument == i))
            for i in range(len(config.instruments))
        ]
        if min(len(rows) for rows in self.rows) == 0 or sounds.rate != config.rate:
            raise InputError(
                f"There are {len(sounds)} sounds at {sounds.rate} samples per second, "
                f"but it takes some of each instrument at {config.rate}."
            )
        reach = (1 + sum(config.encoder_dilations)) * config.patch
        self.margin = -(-reach // hop) + 1  # one more for what is out of tune
        audio = whole_frames(sounds.audio, hop)
        self.codes = mu_law(audio)
        self.audio = F.pad(audio, (self.margin * hop, self.margin * hop))
        self.hertz = torch.stack([at_samples(torch.as_tensor(x), hop) for x in hertz])
        self.turns = melody_turns(audio.numpy(), self.hertz.numpy(), config.rate)
        self.total = audio.shape[1] // hop
        self.n_frames = min(n_frames, self.total)

    def batch(self, random: torch.Generator) -> MelodyBatch:
        """Return random excerpts."""
        hop, n, k = self.config.hop, self.n_frames, self.n_each
        rows = torch.cat(
            [x[torch.randint(len(x), (k,), generator=random)] for x in self.rows]
        )
        firsts = torch.randint(self.total - n + 1, (len(rows), 1), generator=random)
        inside = firsts * hop + torch.arange(n * hop)
        noise = torch.randn(len(rows), n, self.config.width, generator=random)
        rows = rows[:, None]
        codes, hertz = self.codes[rows, inside], self.hertz[rows, inside]
        ideal = hertz.cumsum(dim=1) / self.config.rate
        return MelodyBatch(
            squeezed(self._heard(rows, firsts, random)),
            codes,
            hertz,
            self.turns[rows, inside] - ideal,
            with_noise(codes, random),
            noise * self.config.noise,
            self.margin,
        )

    def _heard(self, rows: Tensor, firsts: Tensor, random: torch.Generator) -> Tensor:
        """Return excerpts with their margins, out of tune and tinted, (B, N).

        The encoder must not make much of a sound's exact height and colour; the
        decoder predicts the sound as it is (Mor et al. 2018 change the pitch, too).
        """
        hop = self.config.hop
        length = (self.n_frames + 2 * self.margin) * hop
        semitones, tint = 2 * torch.rand(2, len(rows), 1, generator=random) - 1
        faster = 2 ** (DETUNED * semitones / 12)
        middle = (length - 1) / 2
        places = (torch.arange(length) - middle) * faster + middle  # (B, N)
        places = (places + firsts * hop).clamp(0, self.audio.shape[1] - 2)
        before = places.long()
        here, after = (self.audio[rows, before + i] for i in (0, 1))
        moved = torch.lerp(here, after, places - before)
        past = F.pad(moved, (1, 0))[:, :-1]
        tint = TINTED * tint
        return (moved + tint * past) / (1 + tint.abs())


def melody_turns(audio: np.ndarray, hertz: np.ndarray, rate: int) -> Tensor:
    """Return the phase of a melody's fundamental at each sample, in turns, (N, n).

    As `phase_lead` does for a note: what the melody's course leaves open, which note
    begins where in its cycle, is measured.

    Args:
        audio: (N, n).
        hertz: (N, n), how high it sounds.
        rate: samples per second.
    """
    ideal = np.cumsum(hertz, axis=1) / rate
    rows = zip(audio, ideal, strict=True)
    ahead = [lead_of(x, turns, LEAD_SECONDS, rate) for x, turns in rows]
    return torch.as_tensor(ideal + np.stack(ahead))


def tracks(sounds: SoundSet, hop: int, together: bool) -> np.ndarray:
    """Return how high melodies sound in each frame, (N, frames), in hertz.

    Args:
        sounds: the melodies.
        hop: samples of a frame.
        together: whether each melody stands there once for each instrument, one after
            another. Then the middle of what is measured counts for all: an organ stop
            that sounds in several octaves is mistaken alone.
    """
    found = np.stack([pitch_track(x, sounds.rate, hop).hertz for x in sounds.audio])
    if not together:
        return found
    n = len(sounds.instruments)
    alike = np.median(np.log2(found.reshape(-1, n, found.shape[1])), axis=1)
    return np.repeat(2**alike, n, axis=0)

"""What a discrete autoencoder of sound learns from: excerpts of notes.

A few frames each, from anywhere in a sound: what the encoder reads, what the WaveNet is
to tell, and the phase of the note's pitch, counted from where the sound begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.corpora.sounds import SoundSet, note_sounds
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ada import Ada, mu_law_codes
from deepcomposer_edu.training.wavenet import with_noise

REVIVE_CHANCE = 0.1  # in each step
NO_PITCH = -1
N_LOOKED_AT = 2048  # frames, when dead codes are sought
N_DIVERSE = 2048  # frames by which the argmax's diversity is judged
INSTRUMENTS = ("flute", "ocarina", "clarinet", "recorder")
VELOCITIES = (60, 75, 90, 105, 120)
HELD_OUT = 0.2  # of the sounds, any of them


def usual_sounds(seed: int = 0) -> SoundSet:
    """Return the notes that a small autoencoder can learn in half a minute.

    Four wind instruments of few harmonics, one octave from C4, five velocities, one
    second each. A fifth of the sounds is held out, whichever they are: every pitch of
    every instrument is known, at other velocities.

    Args:
        seed: of what is held out.
    """
    found = note_sounds(
        instruments=INSTRUMENTS, pitches=range(60, 73), velocities=VELOCITIES
    )
    held_out = np.random.default_rng(seed).random(len(found)) < HELD_OUT
    return replace(found, held_out=held_out)


@dataclass(frozen=True)
class WaveBatch:
    """Excerpts of sounds.

    Args:
        spectra: (B, F, window // 2 + 1).
        codes: (B, F hop) in mu-law.
        heard: (B, F hop), the same with noise, or silence: what the WaveNet is given.
        pitch: (B,), counted from the lowest one; NO_PITCH where there is none.
        phases: (B, F hop, 2 * harmonics) of the pitch; zeros where there is none.
        pool: (M, window // 2 + 1), frames from everywhere, or None. With an argmax they
            are there to judge the diversity by, which a few excerpts can't show; with a
            codebook, where dead codes are to be revived before this batch is learned.
        seed: of that revival.
    """

    spectra: Tensor
    codes: Tensor
    heard: Tensor
    pitch: Tensor
    phases: Tensor
    pool: Tensor | None = None
    seed: int = 0


class WaveCrops:
    """Draws excerpts of sounds, a whole number of frames each.

    Args:
        network: whose frames they are.
        sounds: the sounds.
        n_frames: F of each excerpt.
        batch_size: B.
        revive: whether some batches ask for dead codes of a codebook to be revived.
    """

    def __init__(
        self,
        network: Ada,
        sounds: SoundSet,
        n_frames: int,
        batch_size: int,
        revive: bool = False,
    ) -> None:
        config, audio, hop = network.config, sounds.audio, network.config.hop
        if len(audio) == 0 or audio.shape[1] // hop < n_frames:
            raise InputError(
                f"There are {len(audio)} sounds of {audio.shape[-1]} samples, but it "
                f"takes one or more of at least {n_frames * hop}; give longer sounds."
            )
        waves = torch.from_numpy(np.ascontiguousarray(audio))
        with torch.no_grad():
            self.spectra = network.spectra(waves)
        n_all = self.spectra.shape[1]
        pitch = torch.from_numpy(sounds.pitch) - config.lowest
        self.pitch = pitch.where(
            (pitch >= 0) & (pitch < config.n_pitches), torch.tensor(NO_PITCH)
        )
        midi = torch.arange(config.n_pitches) + config.lowest
        tables = network.phases(midi[:, None].expand(-1, n_all))
        self.tables = torch.cat([tables, torch.zeros_like(tables[:1])])  # NO_PITCH: -1
        self.codes = mu_law_codes(waves[:, : self.spectra.shape[1] * hop])
        self.hop, self.n_frames, self.batch_size = hop, n_frames, batch_size
        self.revive, self.is_vq = revive, config.kind == "vq"

    def batch(self, random: torch.Generator) -> WaveBatch:
        """Return excerpts from anywhere in sounds drawn at random."""
        n_sounds, n_all = self.spectra.shape[:2]
        which = torch.randint(n_sounds, (self.batch_size,), generator=random)
        starts = torch.randint(
            n_all - self.n_frames + 1, (self.batch_size,), generator=random
        )
        frames = starts[:, None] + torch.arange(self.n_frames)  # (B, F)
        samples = self.hop * starts[:, None] + torch.arange(self.hop * self.n_frames)
        pitch, codes = self.pitch[which], self.codes[which[:, None], samples]
        batch = WaveBatch(
            self.spectra[which[:, None], frames],
            codes,
            with_noise(codes, random),
            pitch,
            self.tables[pitch[:, None], samples],
        )
        n_pool = N_DIVERSE
        if self.is_vq:
            now = self.revive and torch.rand(1, generator=random) < REVIVE_CHANCE
            n_pool = N_LOOKED_AT if now else 0
        if not n_pool:
            return batch
        which = torch.randint(n_sounds, (n_pool,), generator=random)
        frames = torch.randint(n_all, (n_pool,), generator=random)
        pool = self.spectra[which, frames]
        seed = int(torch.randint(2**31, (1,), generator=random))
        return replace(batch, pool=pool, seed=seed)

"""A small NSynth: sounds into codes and back (Engel et al. 2017, arXiv 1704.01279).

The encoder (`sound_encoder`) turns a sound into frames of 16 numbers; the decoder is a
WaveNet that is told the frame and the pitch at each moment. The codes of two sounds can
be mixed (`sound_codes`): what the decoder makes of the mixture is one new sound.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.sound_encoder import (
    N_CLASSES,
    NSynthConfig,
    SoundEncoder,
    hertz_of,
    squeezed,
    tone_condition,
    whole_frames,
)
from deepcomposer_edu.models.wave_generation import generate
from deepcomposer_edu.models.wavenet import WaveNet
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.nn.waves import mu_law_decode

NAME = "nsynth"
NOTE_CODES = "note_codes"  # beside the weights: see `sound_codes`
TEMPERATURE = 0.2  # of the shipped network, where nothing else is asked for
PITCHES = (12.0, 120.0)  # lowest and highest that can be asked for

Progress = Callable[[int, int], None] | None


class SoundAutoencoder(nn.Module):
    """Sounds into codes, and codes into sounds.

    Args:
        config: the network's settings.
    """

    def __init__(self, config: NSynthConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = SoundEncoder(config)
        self.decoder = WaveNet(config.wavenet)

    def forward(
        self, codes: Tensor, code: Tensor, hertz: Tensor, lead: Tensor | None = None
    ) -> Tensor:
        """Return the logits (B, N, 256) of mu-law codes (B, N), given those before.

        `code`, `hertz` and `lead` are those of `tone_condition`; N = F * hop.
        """
        return self.decoder(codes, tone_condition(self.config, code, hertz, lead))

    @torch.no_grad()
    def encode(self, audio: Tensor | np.ndarray) -> Tensor:
        """Return the codes of sounds.

        Args:
            audio: (B, N) or (N,), in [-1, 1], at the network's rate; silence is added
                up to a whole frame.

        Returns:
            (B, F, W) or (F, W), in (-1, 1).

        Raises:
            InputError: if there is no sound, or it is not of finite numbers.
        """
        audio = whole_frames(audio, self.config.hop)
        code = self.encoder(squeezed(audio if audio.ndim == 2 else audio[None]))
        return code if audio.ndim == 2 else code[0]

    @torch.no_grad()
    def decode(
        self,
        code: Tensor,
        pitch: float | Tensor,
        *,
        seed: int = 0,
        temperature: float = TEMPERATURE,
        engine: str = "auto",
        on_progress: Progress = None,
    ) -> np.ndarray:
        """Return the sound of a code, drawn sample by sample.

        Args:
            code: (F, W), or (B, F, W) for several sounds at once.
            pitch: MIDI, one number for all or (B,).
            seed: of the draws.
            temperature: of the draws; low ones are less noisy, high ones livelier.
            engine: as in `wave_generation.generate`.
            on_progress: called with how many samples are done, and of how many.

        Returns:
            (F * hop,) or (B, F * hop), float32, in [-1, 1].

        Raises:
            InputError: if the code has no such shape, or the pitch is out of range.
        """
        code = torch.as_tensor(code, dtype=torch.float32)
        width = self.config.width
        if code.ndim not in (2, 3) or code.shape[-1] != width or code.shape[-2] < 1:
            raise InputError(
                f"The code has the shape {tuple(code.shape)}, but it must be "
                f"(frames, {width}) or (sounds, frames, {width})."
            )
        rows = code if code.ndim == 3 else code[None]
        pitches = torch.as_tensor(pitch, dtype=torch.float32).expand(len(rows))
        low, high = PITCHES
        if not ((pitches >= low) & (pitches <= high)).all():
            raise InputError(
                f"The pitch is {pitches.tolist()[:4]}, but it must be a MIDI number "
                f"from {low:g} to {high:g}; 60 is middle C."
            )
        n = rows.shape[1] * self.config.hop
        tones = hertz_of(pitches)[:, None].expand(-1, n)
        local = tone_condition(self.config, rows, tones)
        drawn = generate(
            self.decoder,
            n,
            local,
            temperature=temperature,
            seed=seed,
            engine=engine,
            on_progress=on_progress,
        )
        audio = mu_law_decode(drawn, N_CLASSES).numpy()
        return audio if code.ndim == 3 else audio.reshape(-1)


def sound_autoencoder_of(
    config: Mapping[str, object], tensors: Mapping[str, Tensor]
) -> SoundAutoencoder:
    """Return the network whose weights are given, ready to encode and decode.

    Raises:
        RuntimeError: if the weights do not fit.
    """
    own = {key: tensor for key, tensor in tensors.items() if key != NOTE_CODES}
    network = filled(lambda: SoundAutoencoder(NSynthConfig.of(config)), own)
    return network.eval().requires_grad_(False)


@functools.cache
def load_nsynth(name: str = NAME, folder: Path | None = None) -> SoundAutoencoder:
    """Return the shipped autoencoder of notes, its weights checked.

    Raises:
        InputError: if the weights are missing or damaged.
    """
    weights = load_weights(name, folder)
    return sound_autoencoder_of(weights.info["config"], weights.tensors)

"""Music translation: one encoder for all instruments, a decoder for each.

The idea is that of the Universal Music Translation Network (Mor et al. 2018, arXiv
1805.07848): what the encoder writes down should not tell which instrument played, so
that another one's decoder can play it. A critic that guesses the instrument from the
code, and whose success counts against the encoder, sees to that.

There the code holds the notes as well. A network far smaller than theirs does not learn
them in minutes, so that here the pitch is measured (`music.pitch_track`) and given to
the decoder as a phase; the code holds what is left: loudness, attacks, ends.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.nsynth import TEMPERATURE, Progress
from deepcomposer_edu.models.sound_encoder import (
    N_CLASSES,
    NSynthConfig,
    SoundEncoder,
    squeezed,
    three_taps,
    tone_condition,
    whole_frames,
)
from deepcomposer_edu.models.wave_generation import generate
from deepcomposer_edu.models.wavenet import WaveNet
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.music.pitch_track import PitchTrack, pitch_track
from deepcomposer_edu.music.sample_rates import checked_rate
from deepcomposer_edu.nn.waves import mu_law_decode

NAME = "translation"
CRITIC_CHANNELS = 64
LOUD_DBFS = -22.0  # of the loudest tenth of the frames, as in what it learned from
RANGE_HERTZ = (130.0, 525.0)  # melodies are moved there by octaves, C3 to C5
LONGEST_SECONDS = 120.0
RATES = (4_000, 192_000)  # samples per second of what is translated


class Translator(nn.Module):
    """One encoder, a decoder for each instrument, and a critic of the codes.

    Args:
        config: the network's settings.
    """

    def __init__(self, config: NSynthConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = SoundEncoder(config)
        self.decoders = nn.ModuleList(
            WaveNet(config.wavenet) for _ in config.instruments
        )
        self.critic = nn.Sequential(
            nn.Linear(3 * config.width, CRITIC_CHANNELS),
            nn.ReLU(),
            nn.Linear(CRITIC_CHANNELS, len(config.instruments)),
        )

    def logits(
        self,
        codes: Tensor,
        code: Tensor,
        hertz: Tensor,
        lead: Tensor | None,
        instrument: int,
    ) -> Tensor:
        """Return the logits (B, N, 256) of one instrument's mu-law codes (B, N).

        Args:
            codes: of sounds of the instrument; those at t are not looked at for t.
            code: (B, F, W) of the encoder.
            hertz: (B, N), N = F * hop.
            lead: (B, N) or None, as in `tone_condition`.
            instrument: whose decoder it is.
        """
        told = tone_condition(self.config, code, hertz, lead)
        return self.decoders[instrument](codes, told)

    def guesses(self, code: Tensor) -> Tensor:
        """Return the critic's scores for each instrument, (B, F, instruments)."""
        return self.critic(three_taps(code, 1))

    @torch.no_grad()
    def play(
        self,
        audio: np.ndarray,
        hertz: np.ndarray,
        instrument: str,
        *,
        seed: int = 0,
        temperature: float = TEMPERATURE,
        on_progress: Progress = None,
    ) -> np.ndarray:
        """Return sounds as another instrument plays them.

        Args:
            audio: (B, N), at the network's rate, N a multiple of the hop.
            hertz: (B, F), how high each frame sounds.
            instrument: one of `config.instruments`.
            seed: of the draws.
            temperature: of the draws.
            on_progress: called with how many samples are done, and of how many.

        Returns:
            (B, N), float32, in [-1, 1].

        Raises:
            InputError: if there is no such instrument.
        """
        check_instrument(self, instrument)
        names, hop = self.config.instruments, self.config.hop
        code = self.encoder(squeezed(torch.as_tensor(audio, dtype=torch.float32)))
        tones = torch.stack([at_samples(torch.as_tensor(row), hop) for row in hertz])
        drawn = generate(
            self.decoders[names.index(instrument)],
            tones.shape[1],
            tone_condition(self.config, code, tones),
            temperature=temperature,
            seed=seed,
            on_progress=on_progress,
        )
        return mu_law_decode(drawn, N_CLASSES).numpy()


def check_instrument(network: Translator, instrument: str) -> None:
    """Raise an InputError if a translator has no decoder for an instrument."""
    names = network.config.instruments
    if instrument not in names:
        raise InputError(
            f"There is no decoder for {str(instrument)[:40]!r}; choose "
            f"{', '.join(names)}."
        )


def at_samples(hertz: Tensor, hop: int) -> Tensor:
    """Return frequencies of frames (F,) for each sample, (F * hop,).

    Between the middles of two frames they glide, evenly in pitch.
    """
    places = (torch.arange(len(hertz) * hop) + 0.5) / hop - 0.5
    places = places.clamp(0, len(hertz) - 1)
    before = places.floor().long()
    after = (before + 1).clamp(max=len(hertz) - 1)
    heights = torch.log2(hertz.double())
    return 2 ** torch.lerp(heights[before], heights[after], (places - before).double())


def moved_by_octaves(track: PitchTrack) -> tuple[np.ndarray, int]:
    """Return a melody's frequencies where the decoders can play, and by how much.

    Returns:
        (F,) hertz, moved by whole octaves so that the middle pitch lies in RANGE_HERTZ,
        and by how many, upwards positive.
    """
    middle = np.median(track.hertz[track.voiced])
    low, high = np.log2(RANGE_HERTZ)
    octaves = round((low + high) / 2 - np.log2(middle))
    if low <= np.log2(middle) <= high:
        octaves = 0
    return track.hertz * 2.0**octaves, octaves


def translate(
    audio: np.ndarray,
    rate: int,
    instrument: str,
    *,
    network: Translator | None = None,
    seed: int = 0,
    temperature: float = TEMPERATURE,
    on_progress: Progress = None,
) -> tuple[np.ndarray, int]:
    """Return a melody as another instrument plays it.

    A melody that lies higher or lower than the decoders know, such as a whistled one,
    is moved by octaves.

    Args:
        audio: (N,) or (N, channels), one voice: whistled, sung or played.
        rate: samples per second, 4,000 to 192,000.
        instrument: who plays it, one of `load_translation().config.instruments`.
        network: the shipped one if None.
        seed: of the draws.
        temperature: of the draws; low ones are less noisy.
        on_progress: called with how many samples are done, and of how many.

    Returns:
        (n,), float32, in [-1, 1], and its rate.

    Raises:
        InputError: if the sound can't be used or there is no such instrument.
    """
    network = network or load_translation()
    config = network.config
    heard = whole_frames(_at_rate(audio, rate, config.rate), config.hop).numpy()
    hertz, _ = moved_by_octaves(pitch_track(heard, config.rate, config.hop))
    heard = heard * _gain(heard, config.hop)
    played = network.play(
        heard[None],
        hertz[None],
        instrument,
        seed=seed,
        temperature=temperature,
        on_progress=on_progress,
    )
    return played[0], config.rate


def _at_rate(audio: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    """Return a sound as one channel at another rate, or say what is wrong with it."""
    from scipy.signal import resample_poly

    audio = np.asarray(audio, dtype=np.float64)
    rate = checked_rate(rate, *RATES)
    if audio.ndim == 2:
        audio = audio.mean(axis=1)
    if audio.ndim != 1 or not np.isfinite(audio).all():
        raise InputError(
            f"The sound has the shape {audio.shape}, but it must be (samples,) or "
            "(samples, channels), of finite numbers."
        )
    if not wanted // 20 <= len(audio) * wanted / rate <= LONGEST_SECONDS * wanted:
        raise InputError(
            f"The sound lasts {len(audio) / rate:.2f} s, but it must be 0.05 to "
            f"{LONGEST_SECONDS:.0f} s."
        )
    ratio = Fraction(wanted, rate)
    return resample_poly(audio, ratio.numerator, ratio.denominator)


def _gain(audio: np.ndarray, hop: int) -> np.float32:
    """Return the factor that puts the loudest tenth of the frames at LOUD_DBFS."""
    powers = (audio.reshape(-1, hop) ** 2).mean(axis=1)
    loud = np.sort(powers)[-max(1, len(powers) // 10) :].mean()
    return np.float32(10 ** (LOUD_DBFS / 20) / max(np.sqrt(loud), 1e-6))


def translator_of(
    config: Mapping[str, object], tensors: Mapping[str, Tensor]
) -> Translator:
    """Return the network whose weights are given, ready to play.

    Raises:
        RuntimeError: if the weights do not fit.
    """
    network = filled(lambda: Translator(NSynthConfig.of(config)), tensors)
    return network.eval().requires_grad_(False)


@functools.cache
def load_translation(name: str = NAME, folder: Path | None = None) -> Translator:
    """Return the shipped translator, its weights checked.

    Raises:
        InputError: if the weights are missing or damaged.
    """
    weights = load_weights(name, folder)
    return translator_of(weights.info["config"], weights.tensors)

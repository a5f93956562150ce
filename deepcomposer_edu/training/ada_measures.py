"""Does an autoencoder of sound give back what it was given? Pitch, level, codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.corpora.sounds import SoundSet
from deepcomposer_edu.models.ada import Ada
from deepcomposer_edu.music.score import frequency
from deepcomposer_edu.music.sound_measures import cents, fundamental, spectral_distance
from deepcomposer_edu.nn.quantise import perplexity, share_used

LOST = 400.0  # cents: what counts as the error where no pitch can be heard
_QUIET = 1e-6  # against the logarithm of 0


@dataclass(frozen=True)
class Fidelity:
    """How sounds come back from their codes.

    Args:
        cents: distance of each fundamental from the original's, LOST where there is no
            clear one within four semitones of the original's, (N,).
        level: by how many dB each is louder, (N,).
        spectral: distance of each, in dB (`spectral_distance`), (N,).
    """

    cents: np.ndarray
    level: np.ndarray
    spectral: np.ndarray

    @property
    def median_cents(self) -> float:
        """Half of the sounds are less wrong than this."""
        return float(np.median(self.cents))

    def within(self, most: float) -> float:
        """Return the share of the sounds that are wrong by at most so many cents."""
        return float((self.cents <= most).mean())


def fidelity(
    network: Ada,
    sounds: SoundSet,
    *,
    seconds: float = 0.5,
    seed: int = 0,
    temperature: float = 0.5,
) -> Fidelity:
    """Send notes through their codes and compare what comes back.

    Args:
        network: the autoencoder.
        sounds: notes, each of one pitch.
        seconds: how much of each, from its beginning.
        seed: of what the decoder draws.
        temperature: of the decoder.
    """
    hop, rate = network.config.hop, sounds.rate
    n_frames = min(int(seconds * rate), sounds.audio.shape[1]) // hop
    given = sounds.audio[:, : n_frames * hop]
    codes = network.encode(sounds.audio)[:, :n_frames]
    back = network.decode(codes, seed=seed, temperature=temperature)
    wrong = []
    for was, now, pitch in zip(given, back, sounds.pitch, strict=True):
        original = fundamental(was, rate, near=frequency(int(pitch)))
        error = abs(cents(fundamental(now, rate, near=original), original))
        wrong.append(LOST if np.isnan(error) else error)
    power = [(x.astype(float) ** 2).mean(axis=1) + _QUIET**2 for x in (given, back)]
    pairs = zip(given, back, strict=True)
    return Fidelity(
        np.array(wrong),
        10 * np.log10(power[1] / power[0]),
        np.array([spectral_distance(was, now, rate) for was, now in pairs]),
    )


def use_of_codes(network: Ada, sounds: SoundSet) -> dict[str, float]:
    """Return the share of the codes that sounds need, and the codes' perplexity."""
    codes, n_codes = network.encode(sounds.audio), network.config.n_codes
    return {
        "code_use": share_used(codes, n_codes),
        "perplexity": perplexity(codes, n_codes),
    }

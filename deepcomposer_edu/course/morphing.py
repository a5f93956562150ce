"""The timbre morph pad over the shipped NSynth autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from deepcomposer_edu.models.nsynth import SoundAutoencoder
    from deepcomposer_edu.models.sound_codes import NoteCodes
    from deepcomposer_edu.widgets import MorphPad

N_CORNERS = 4
N_KEYS = 25  # of the small piano


def morph_pad(
    pitch: int = 60,
    n_side: int = 5,
    *,
    seed: int = 0,
    network: SoundAutoencoder | None = None,
    notes: NoteCodes | None = None,
) -> MorphPad:
    """Return a pad whose corners are the four instruments that NSynth has learned.

    A mix of codes is decoded by the network; a mix of waveforms adds the four notes as
    the synthesizer plays them, which the codes come from.

    Args:
        pitch: the first pitch, MIDI.
        n_side: mixtures along a side, 2 to 9.
        seed: of the samples that are drawn.
        network: the autoencoder; the shipped one if None.
        notes: codes of notes of four instruments; those of the shipped weights if None.

    Raises:
        InputError: if the weights are missing, or there are not four instruments.
    """
    from deepcomposer_edu.models.nsynth import load_nsynth
    from deepcomposer_edu.models.sound_codes import load_note_codes
    from deepcomposer_edu.models.wave_numba import has_numba
    from deepcomposer_edu.widgets import MorphPad

    network, notes = network or load_nsynth(), notes or load_note_codes()
    if len(notes.instruments) != N_CORNERS:
        raise InputError(
            f"The codes are those of {len(notes.instruments)} instruments, but a pad "
            f"has {N_CORNERS} corners."
        )
    mixed = Mixed(network, notes, seed)
    return MorphPad(
        mixed.decode,
        [name.replace("-", " ") for name in notes.instruments],
        mixed.sounds,
        network.config.rate,
        pitch,
        keys_around(pitch, notes),
        n_side,
        # one after another is quickest for numba, several at once for torch
        None if has_numba() else mixed.decode_many,
    )


@dataclass(frozen=True)
class Mixed:
    """Notes of several instruments, mixed as codes.

    Args:
        network: decodes what is mixed.
        notes: the codes of the instruments' notes.
        seed: of the samples that are drawn.
    """

    network: SoundAutoencoder
    notes: NoteCodes
    seed: int

    def decode(self, weights: np.ndarray, pitch: int) -> np.ndarray:
        """Return the sound, shape (N,), of a mixture with weights (M,)."""
        return self.decode_many(weights[None], pitch)[0]

    def decode_many(self, weights: np.ndarray, pitch: int) -> np.ndarray:
        """Return the sounds, shape (B, N), of several mixtures with weights (B, M)."""
        import torch

        from deepcomposer_edu.models.sound_codes import note_code

        codes = [note_code(w, pitch, None, self.notes, self.network) for w in weights]
        seeds = [self.seed] * len(codes)
        return self.network.decode(torch.stack(codes), pitch, seed=seeds)

    def sounds(self, pitch: int) -> np.ndarray:
        """Return each instrument's note as the synthesizer plays it, shape (M, N)."""
        from deepcomposer_edu.corpora.sounds import note_sounds

        notes, config = self.notes, self.network.config
        rate, hop = config.rate, config.hop
        seconds = notes.codes.shape[2] * hop / rate
        played = note_sounds(
            rate, seconds, notes.instruments, [pitch], [notes.velocity],
            held_share=notes.held_frames * hop / rate / seconds,
        )  # fmt: skip
        return played.audio


def keys_around(pitch: int, notes: NoteCodes) -> range:
    """Return two octaves of keys from the C below a pitch's octave, where codes are."""
    known = range(notes.lowest, notes.lowest + notes.codes.shape[1])
    low = min(max(12 * (pitch // 12) - 12, known[0]), known[-1])
    return range(low, min(low + N_KEYS, known.stop))

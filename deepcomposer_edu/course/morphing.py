"""The timbre morph pad over the shipped NSynth autoencoder."""

from __future__ import annotations

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
    import torch

    from deepcomposer_edu.corpora.sounds import note_sounds
    from deepcomposer_edu.models.nsynth import load_nsynth
    from deepcomposer_edu.models.sound_codes import load_note_codes, note_code
    from deepcomposer_edu.models.wave_numba import has_numba
    from deepcomposer_edu.widgets import MorphPad

    network, notes = network or load_nsynth(), notes or load_note_codes()
    if len(notes.instruments) != N_CORNERS:
        raise InputError(
            f"The codes are those of {len(notes.instruments)} instruments, but a pad "
            f"has {N_CORNERS} corners."
        )
    rate, hop = network.config.rate, network.config.hop
    seconds = notes.codes.shape[2] * hop / rate

    def decode(weights: np.ndarray, pitch: int) -> np.ndarray:
        return decode_many(weights[None], pitch)[0]

    def decode_many(weights: np.ndarray, pitch: int) -> np.ndarray:
        codes = torch.stack(
            [note_code(w, pitch, None, notes, network) for w in weights]
        )
        return network.decode(codes, pitch, seed=[seed] * len(codes))

    def sounds(pitch: int) -> np.ndarray:
        played = note_sounds(
            rate, seconds, notes.instruments, [pitch], [notes.velocity],
            held_share=notes.held_frames * hop / rate / seconds,
        )  # fmt: skip
        return played.audio

    # two octaves from the C below the octave of the pitch, as far as there are codes
    known = range(notes.lowest, notes.lowest + notes.codes.shape[1])
    low = min(max(12 * (pitch // 12) - 12, known[0]), known[-1])
    keys = range(low, min(low + N_KEYS, known.stop))
    return MorphPad(
        decode,
        [name.replace("-", " ") for name in notes.instruments],
        sounds,
        rate,
        pitch,
        keys,
        n_side,
        # one after another is quickest for numba, several at once for torch
        None if has_numba() else decode_many,
    )

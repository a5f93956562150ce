"""Networks that play single notes, for `raw_sound`: the WaveNet and NSynth.

Each plays a list of notes at once, so that many are drawn side by side. A note drawn
alone and the same note drawn among others follow from the same seed of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from deepcomposer_edu.compose.raw_sound.own_timbres import spelt
from deepcomposer_edu.compose.raw_sound.timbres import WEIGHTS, Timbre

VELOCITY = 85  # every note is played so; its loudness is set afterwards
RELEASE_SECONDS = 0.2  # after the key is let go, as in the sounds learned from
_LOWEST_HERTZ = 15.0  # nothing is heard below
_FADE_SECONDS = 0.02  # at the end, where a release may be cut off

OnSamples = Callable[[int], None]


class NoteAsked(NamedTuple):
    """A note to be played: its pitch (MIDI) and how long the key is down (ms)."""

    pitch: int
    held_ms: int

    @property
    def seconds(self) -> float:
        """Its whole length."""
        return self.held_ms / 1_000 + RELEASE_SECONDS


class NotePlayer(Protocol):
    """What plays notes of one timbre."""

    rate: int  # samples per second
    lowest: int  # pitches that it has learned
    highest: int
    sha256: str  # of its weights

    def play(
        self, notes: Sequence[NoteAsked], seed: int, on_samples: OnSamples
    ) -> list[np.ndarray]:
        """Return the sound of each note, (n,), and tell how many samples are drawn."""
        ...


class WaveNetPlayer:
    """Plays notes of one instrument with a NoteWaveNet.

    Args:
        timbre: which instrument.
        network: a `NoteWaveNet`; None: that of the timbre, the shipped one or one of
            your own.

    Raises:
        InputError: if its weights are missing or damaged.
    """

    def __init__(self, timbre: Timbre, network: object = None) -> None:
        if timbre.own and network is None:
            from deepcomposer_edu.compose.models import load_model

            network = load_model(timbre.own)
            self.sha256 = network.weight_sha256
        elif network is None:
            from deepcomposer_edu.models.note_wavenet import load_notes_wavenet
            from deepcomposer_edu.models.weights import load_weights

            network = load_notes_wavenet(WEIGHTS["wavenet"])
            self.sha256 = load_weights(WEIGHTS["wavenet"]).sha256
        else:
            self.sha256 = str(id(network))
        self.network, config = network, network.config
        self.rate, self.lowest = config.rate, config.lowest
        self.highest = config.highest
        names = [spelt(name) for name in config.instruments]
        self.instrument = names.index(timbre.shares[0][0])

    def play(
        self, notes: Sequence[NoteAsked], seed: int, on_samples: OnSamples
    ) -> list[np.ndarray]:
        """Return the sound of each note, (n,), as `NotePlayer` says."""
        import torch

        from deepcomposer_edu.models.note_wavenet import TEMPERATURE
        from deepcomposer_edu.models.wave_generation import generate
        from deepcomposer_edu.nn.waves import mu_law_decode

        n = round(max(note.seconds for note in notes) * self.rate)
        with torch.no_grad():
            local, whole = self.network.condition(
                torch.tensor([float(note.pitch) for note in notes]),
                torch.full((len(notes),), self.instrument),
                torch.full((len(notes),), VELOCITY),
                n,
                held=torch.tensor([note.held_ms / 1_000 for note in notes]),
            )
        codes = generate(
            self.network.wavenet,
            n,
            local,
            whole,
            temperature=TEMPERATURE,
            seed=[note_seed(note, seed) for note in notes],
            on_progress=lambda done, _: on_samples(done * len(notes)),
        )
        audio = mu_law_decode(codes).numpy().reshape(len(notes), -1)
        return [
            ended(row, note, self.rate) for row, note in zip(audio, notes, strict=True)
        ]


class NSynthPlayer:
    """Plays notes of a mixture of codes with NSynth's decoder.

    Args:
        timbre: the mixture.
        network: a `SoundAutoencoder`; None: the shipped one.
        notes: `NoteCodes`; None: the shipped ones.
    """

    def __init__(
        self, timbre: Timbre, network: object = None, notes: object = None
    ) -> None:
        from deepcomposer_edu.models.nsynth import load_nsynth
        from deepcomposer_edu.models.sound_codes import load_note_codes
        from deepcomposer_edu.models.weights import load_weights

        self.sha256 = (
            load_weights(WEIGHTS["nsynth"]).sha256
            if network is None
            else str(id(network))
        )
        self.network, self.notes = network or load_nsynth(), notes or load_note_codes()
        shares = dict(timbre.shares)
        self.weights = [shares.get(name, 0.0) for name in self.notes.instruments]
        self.rate, self.lowest = self.network.config.rate, self.notes.lowest
        self.highest = self.lowest + self.notes.codes.shape[1] - 1

    def play(
        self, notes: Sequence[NoteAsked], seed: int, on_samples: OnSamples
    ) -> list[np.ndarray]:
        """Return the sound of each note, (n,), as `NotePlayer` says."""
        import torch

        from deepcomposer_edu.models.sound_codes import note_code

        codes = [
            note_code(
                self.weights, note.pitch, note.held_ms / 1_000, self.notes, self.network
            )
            for note in notes
        ]
        n = max(len(code) for code in codes)
        padded = [
            torch.cat([code, code[-1:].expand(n - len(code), -1)]) for code in codes
        ]
        audio = self.network.decode(
            torch.stack(padded),
            torch.tensor([float(note.pitch) for note in notes]),
            seed=[note_seed(note, seed) for note in notes],
            on_progress=lambda done, _: on_samples(done * len(notes)),
        )
        return [
            ended(row, note, self.rate) for row, note in zip(audio, notes, strict=True)
        ]


PLAYERS: dict[str, Callable[[Timbre], NotePlayer]] = {
    "wavenet": WaveNetPlayer,
    "nsynth": NSynthPlayer,
}


def note_seed(note: NoteAsked, seed: int) -> int:
    """Return the seed of one note, which does not depend on what else is played."""
    text = f"{note.pitch} {note.held_ms} {seed}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:6], "big")


def ended(audio: np.ndarray, note: NoteAsked, rate: int) -> np.ndarray:
    """Return a note's sound cut to its length, its last 20 ms faded out, float32.

    What lies below all tones is taken away: a drawn sound may stand off the middle.
    """
    from scipy.signal import butter, lfilter

    sound = np.asarray(audio[: round(note.seconds * rate)], np.float64)
    sound = lfilter(*butter(1, _LOWEST_HERTZ, "high", fs=rate), sound)
    sound = sound.astype(np.float32)
    n_fade = min(round(_FADE_SECONDS * rate), len(sound))
    sound[len(sound) - n_fade :] *= np.linspace(1, 0, n_fade, dtype=np.float32)
    return sound

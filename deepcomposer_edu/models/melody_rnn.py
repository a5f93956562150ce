"""MelodyRNN: a recurrent network that continues a melody, in two variants.

After Magenta's MelodyRNN (Waite 2016, magenta.tensorflow.org). "lookback" is told what
stood one and two bars ago and can answer "the same again"; "attention" looks at what it
made of the last 40 steps by itself (Bahdanau et al. 2015). Differences from Magenta's
own: bars may have any length, the metre is told as counters, and attention stands
between the two layers, so that a whole melody is learned from at once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.building import filled
from deepcomposer_edu.models.melody_events import (
    ABSENT,
    LOOKBACK_BARS,
    LOW,
    N_EVENTS,
    N_PITCHES,
    NO_EVENT,
    NOTE_OFF,
    event_scores,
    features,
    from_events,
    places_in_time,
    to_events,
)
from deepcomposer_edu.models.melody_network import (
    MelodyNetwork,
    MelodyRNNConfig,
    MelodyState,
    check_variant,
)
from deepcomposer_edu.models.weights import load_weights, weights_dir
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.pianoroll import fold_pitch
from deepcomposer_edu.nn.sampling import NEVER, check_sampling, sample
from deepcomposer_edu.nn.threads import one_thread

MAX_STEPS_PER_BAR = 31  # what the counters can tell


class MelodyRNN:
    """A trained network that continues melodies.

    Args:
        config: the network's settings.
        network: the trained network.
        name: name of the weights.
        weight_sha256: hash of the weights.
    """

    def __init__(
        self,
        config: MelodyRNNConfig,
        network: MelodyNetwork,
        name: str = "",
        weight_sha256: str = "",
    ) -> None:
        self.config = config
        self.network = network.eval()
        self.name = name
        self.weight_sha256 = weight_sha256

    @one_thread()
    @torch.inference_mode()
    def continue_melody(
        self,
        primer: Grid,
        n_steps: int,
        *,
        steps_per_bar: int = 16,
        pickup: int = 0,
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int = 0,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Grid:
        """Return the primer, untouched, and what the network adds to it.

        Args:
            primer: one voice, (1, T), of at least one note. It is heard in the octave
                that fits the network's three octaves best; single notes beyond them
                are heard an octave nearer.
            n_steps: how many steps to add, 1 or more; at 120 quarters a minute, 30
                seconds are 240.
            steps_per_bar: 16 for 4/4, 12 for 3/4 and 6/8; up to 31.
            pickup: steps before the first whole bar.
            temperature: above 0; 1 draws as the network learned.
            top_k: draw from the k likeliest of the 38 events only; 0 for no limit.
            top_p: draw from the nucleus of this probability only; 1 for no limit.
            seed: the same seed gives the same melody.
            on_progress: called with (steps added, n_steps); an exception raised in it
                ends the work.

        Returns:
            One voice, (1, T + n_steps).

        Raises:
            InputError: if a value is not allowed or the primer holds no note.
        """
        check_sampling(temperature, top_k, top_p, N_EVENTS)
        _check_melody(primer, steps_per_bar)
        if n_steps < 1:
            raise InputError(
                f"{n_steps} steps were asked for, but at least 1 can be added."
            )
        heard, shift = move_to_range(primer)
        random = torch.Generator().manual_seed(seed)
        events = to_events(heard).tolist()
        places = places_in_time(len(events) + n_steps + 1, steps_per_bar, pickup)
        told = self._told(events, places[: len(events) + 1], steps_per_bar)
        n_near = max(LOOKBACK_BARS) * steps_per_bar + 1  # steps that are looked back
        state: MelodyState | None = None
        for step in range(n_steps):
            logits, state = self.network(told, state)
            scores = self._scores(logits[:, -1:], events[-n_near:], steps_per_bar)
            if not _is_sounding(events):
                scores[NOTE_OFF] = NEVER
            events.append(int(sample(scores, temperature, top_k, top_p, random)))
            near, end = events[-n_near:], len(events) + 1
            near_places = places[end - len(near) - 1 : end]
            told = self._told(near, near_places, steps_per_bar)[:, -1:]
            if on_progress is not None:
                on_progress(step + 1, n_steps)
        return _joined(primer, from_events(np.array(events)), shift)

    def bits(
        self, melody: Grid, steps_per_bar: int = 16, pickup: int = 0
    ) -> np.ndarray:
        """Return how surprising each step of a melody is, (T,), in bits.

        Raises:
            InputError: as `continue_melody`.
        """
        _check_melody(melody, steps_per_bar)
        events = torch.from_numpy(to_events(move_to_range(melody)[0]))[None]
        places = places_in_time(melody.n_steps, steps_per_bar, pickup)[None]
        with one_thread(), torch.inference_mode():
            scores = predict(
                self.network,
                events,
                torch.from_numpy(places),
                torch.tensor([steps_per_bar]),
            )
        taken = scores.gather(2, events[..., None])[0, :, 0]
        return (-taken / np.log(2)).numpy()

    def _told(
        self, events: list[int], places: np.ndarray, steps_per_bar: int
    ) -> Tensor:
        """Return the rows of features; the last one is for the next step."""
        return features(
            torch.tensor(events)[None],
            torch.from_numpy(places)[None],
            torch.tensor([steps_per_bar]),
            self.config.has_lookback,
        )

    def _scores(self, logits: Tensor, events: list[int], steps_per_bar: int) -> Tensor:
        """Return the log-probabilities of the next event, (N_EVENTS,)."""
        known = torch.tensor([*events, ABSENT])[None]  # the next one is not known
        logits = logits.expand(1, known.shape[1], logits.shape[2])
        return event_scores(logits, known, torch.tensor([steps_per_bar]))[0, -1]


def predict(
    network: MelodyNetwork, events: Tensor, places: Tensor, steps_per_bar: Tensor
) -> Tensor:
    """Return the log-probabilities of each event, given those before it.

    Args:
        network: the network.
        events: (B, T).
        places: (B, T), steps counted from the first whole bar.
        steps_per_bar: (B,).

    Returns:
        (B, T, N_EVENTS).
    """
    has_lookback = network.config.has_lookback
    told = features(events[:, :-1], places, steps_per_bar, has_lookback)
    return event_scores(network(told)[0], events, steps_per_bar)


def move_to_range(melody: Grid) -> tuple[Grid, int]:
    """Return a melody as the network hears it, and by how many semitones it moved.

    It moves by whole octaves, to where most notes fit the network's range; notes that
    still do not fit are folded into it one by one.
    """
    sounding = melody.pitches[melody.sounding].astype(int)
    high = LOW + N_PITCHES - 1
    middle = LOW + N_PITCHES / 2

    def fit(shift: int) -> tuple[int, float]:
        moved = sounding + shift
        n_outside = int(((moved < LOW) | (moved > high)).sum())
        return n_outside, abs(float(moved.mean()) - middle) if shift else -1.0

    shift = min(range(-120, 121, 12), key=fit)
    row = [
        fold_pitch(int(pitch) + shift, LOW, high) if pitch != REST else REST
        for pitch in melody.pitches[0]
    ]
    return Grid(np.array([row]), melody.onsets), shift


def _joined(primer: Grid, heard: Grid, shift: int) -> Grid:
    """Return the primer and what was added, moved back to the primer's octave."""
    added = heard.pitches[:, primer.n_steps :].astype(int)
    moved = np.where(added == REST, REST, np.clip(added - shift, 0, 127))
    pitches = np.concatenate([primer.pitches, moved], axis=1)
    onsets = np.concatenate([primer.onsets, heard.onsets[:, primer.n_steps :]], axis=1)
    return Grid(pitches, onsets)


def _is_sounding(events: list[int]) -> bool:
    last = next((event for event in reversed(events) if event != NO_EVENT), NOTE_OFF)
    return last != NOTE_OFF


def _check_melody(melody: Grid, steps_per_bar: int) -> None:
    """Refuse what is no melody, and bars that cannot be counted."""
    if melody.n_voices != 1:
        raise InputError(
            f"The primer has {melody.n_voices} voices, but MelodyRNN continues one "
            "melody; give a grid of one voice, (1, T), and no drums."
        )
    if not melody.sounding.any():
        raise InputError(
            "The primer holds no note, but MelodyRNN needs one to go on from."
        )
    if not 1 <= steps_per_bar <= MAX_STEPS_PER_BAR:
        raise InputError(
            f"A bar has {steps_per_bar} steps, but it must be 1 to "
            f"{MAX_STEPS_PER_BAR}; 16 is a bar of 4/4, 12 one of 6/8."
        )


def melody_rnn_of(
    config: Mapping[str, object],
    tensors: Mapping[str, Tensor],
    name: str = "",
    sha256: str = "",
) -> MelodyRNN:
    """Return the MelodyRNN whose settings and weights are given.

    Raises:
        RuntimeError: if the weights do not fit the settings.
    """
    settings = MelodyRNNConfig(**config)
    network = filled(lambda: MelodyNetwork(settings), tensors)
    return MelodyRNN(settings, network, name, sha256)


@functools.cache
def _load(name: str, folder: Path) -> MelodyRNN:
    weights = load_weights(name, folder)
    return melody_rnn_of(weights.info["config"], weights.tensors, name, weights.sha256)


def load_melody_rnn(
    variant: str = "attention", folder: Path | None = None
) -> MelodyRNN:
    """Return the shipped MelodyRNN of a variant, with its weights checked.

    Args:
        variant: "attention" or "lookback".
        folder: where the weights lie; the shipped ones if left out.

    Raises:
        InputError: if there is no such variant, or its weights are missing or damaged.
    """
    check_variant(variant)
    return _load(f"melody-rnn-{variant}", folder or weights_dir())

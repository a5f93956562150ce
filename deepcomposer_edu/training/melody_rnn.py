"""Training MelodyRNN on melodies of folk tunes, in every key that fits its range."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Unpack

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu.corpora.melodies import Melody, load_melodies
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.melody_events import (
    LOW,
    N_PITCHES,
    NO_EVENT,
    features,
    to_events,
    to_labels,
)
from deepcomposer_edu.models.melody_rnn import (
    MelodyNetwork,
    MelodyRNN,
    MelodyRNNConfig,
    move_to_range,
    predict,
)
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions, every
from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)

KIND = "melody-rnn"
BATCH, N_STEPS = 16, 256  # melodies of a batch, sixteenths of each
N_JUDGED = 64  # melodies whose first N_STEPS steps the loss is measured on
SAMPLE_PRIMER, SAMPLE_STEPS = 32, 240  # two bars of 4/4, then 30 seconds at 120
SETTINGS = TrainingSettings(learning_rate=2e-3, warm_up=100, average=0.999)


class MelodyBatch(NamedTuple):
    """Melodies to learn from at once."""

    events: Tensor  # (B, T), int64
    places: Tensor  # (B, T), steps counted from the first whole bar
    steps_per_bar: Tensor  # (B,)
    counts: Tensor  # (B, T), bool: False behind the end


class MelodySet:
    """Melodies as events, and batches of them in chance keys.

    Args:
        melodies: of at least two bars; those that span more than the network's range
            are left out.
    """

    def __init__(self, melodies: Sequence[Melody]) -> None:
        self.melodies = [m for m in melodies if _shifts(m)]
        if not self.melodies:
            raise InputError(
                "There is no melody to learn from; give at least one that spans less "
                f"than {N_PITCHES} semitones."
            )

    def draw(self, random: torch.Generator, batch_size: int = BATCH) -> MelodyBatch:
        """Return a batch of chance melodies, each in a chance key that fits.

        A melody is played over and over, as for a dance, and cut to N_STEPS steps; half
        of the cuts begin with the melody, half at a chance bar.
        """
        rows = [
            self._row(int(i), random)
            for i in torch.randint(len(self.melodies), (batch_size,), generator=random)
        ]
        events, places, sizes = zip(*rows, strict=True)
        stacked = torch.from_numpy(np.stack(events))
        return MelodyBatch(
            stacked,
            torch.from_numpy(np.stack(places)),
            torch.tensor(sizes),
            torch.ones_like(stacked, dtype=torch.bool),
        )

    def _row(
        self, i: int, random: torch.Generator
    ) -> tuple[np.ndarray, np.ndarray, int]:
        melody = self.melodies[i]
        size = melody.steps_per_bar

        def chance(n: int) -> int:
            return int(torch.randint(n, (), generator=random))

        shifts = _shifts(melody)
        grid = melody.grid.transposed(shifts[chance(len(shifts))])
        events = to_events(grid)
        # the last bar is filled up, so that the melody can begin again with its pickup
        events = np.pad(events, (0, -len(events) % size), constant_values=NO_EVENT)
        first = 0
        if chance(2):
            n_bars = len(events) // size
            first = melody.pickup + size * chance(max(n_bars - 1, 1))
        repeats = -(-(first + N_STEPS) // len(events))
        cut = slice(first, first + N_STEPS)
        places = np.arange(N_STEPS) + first - melody.pickup
        return np.tile(events, repeats)[cut], places, size


def _shifts(melody: Melody) -> range:
    """Return the semitones that keep a melody inside the network's range."""
    sounding = melody.grid.pitches[melody.grid.sounding]
    if not sounding.size:
        return range(0)
    return range(LOW - int(sounding.min()), LOW + N_PITCHES - int(sounding.max()))


def as_written(melodies: Sequence[Melody], most: int = N_STEPS) -> MelodyBatch:
    """Return the first `most` steps of melodies, once, in the key of the book."""
    rows = [to_events(move_to_range(m.grid)[0])[:most] for m in melodies]
    lengths = torch.tensor([len(row) for row in rows])
    n_steps = int(lengths.max())
    events = [np.pad(row, (0, n_steps - len(row))) for row in rows]
    places = [np.arange(n_steps) - m.pickup for m in melodies]
    return MelodyBatch(
        torch.from_numpy(np.stack(events)),
        torch.from_numpy(np.stack(places)),
        torch.tensor([m.steps_per_bar for m in melodies]),
        torch.arange(n_steps) < lengths[:, None],
    )


def melody_loss(network: MelodyNetwork, batch: MelodyBatch) -> Tensor:
    """Return the mean cross-entropy of a batch's answers, in nats a step."""
    events, places, steps_per_bar, counts = batch
    has_lookback = network.config.has_lookback
    told = features(events[:, :-1], places, steps_per_bar, has_lookback)
    logits, _ = network(told)
    labels = to_labels(events, steps_per_bar) if has_lookback else events
    losses = F.cross_entropy(logits.float().transpose(1, 2), labels, reduction="none")
    return losses[counts].mean()


def nats_per_step(network: MelodyNetwork, batch: MelodyBatch) -> float:
    """Return how surprising the events of a batch are, in nats a step.

    Unlike `melody_loss` it adds up the ways to answer an event, so that the variants
    can be held against each other.
    """
    events, places, steps_per_bar, counts = batch
    scores = predict(network, events, places, steps_per_bar)
    taken = scores.gather(2, events[..., None])[..., 0]
    return -taken[counts].mean().item()


def train_melody_rnn(
    run: str | Path,
    config: MelodyRNNConfig | None = None,
    train: Sequence[Melody] | None = None,
    valid: Sequence[Melody] | None = None,
    n_steps: int = 1800,
    *,
    settings: TrainingSettings = SETTINGS,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train a MelodyRNN in a run folder until `n_steps` steps are taken.

    A sample is the first validation melody's two bars and what the network adds to
    them, as MIDI.

    Args:
        run: the run folder.
        config: the network's settings; those of `MelodyRNNConfig()` if left out. A
            resumed run keeps its own.
        train: melodies to learn from; those of the tune books if left out.
        valid: melodies that "valid_loss", nats a step, is measured on; likewise.
        n_steps: steps in all.
        settings: how it is trained. A resumed run keeps its own.
        seed: from which every random number follows. A resumed run keeps its own.
        resume: go on with the run that is in the folder.
        options: see `RunOptions`; samples and checkpoints every 100 steps if not said.

    Returns:
        The history of the run.

    Raises:
        InputError: if there are no melodies, or as `train_predictor`.
    """
    if resume:
        config, settings, seed = read_settings(
            run, KIND, lambda saved: MelodyRNNConfig(**saved)
        )
    config = config or MelodyRNNConfig()
    train = load_melodies("train") if train is None else train
    valid = load_melodies("valid") if valid is None else valid
    if not valid:
        raise InputError("There is no melody to measure the loss on; give some.")
    melodies = MelodySet(train)
    judged = as_written(valid[:N_JUDGED])
    primer = valid[0]

    def judge(network: MelodyNetwork) -> dict[str, float]:
        return {"valid_loss": nats_per_step(network, judged)}

    def write_sample(network: MelodyNetwork, path: Path) -> None:
        grid = MelodyRNN(config, network).continue_melody(
            primer.grid.crop(0, SAMPLE_PRIMER),
            SAMPLE_STEPS,
            steps_per_bar=primer.steps_per_bar,
            pickup=primer.pickup,
        )
        write_midi(from_grid(grid), path.with_suffix(".mid"))

    network = fresh_network(
        lambda: MelodyNetwork(config), seed, run if resume else None
    )
    return train_predictor(
        run,
        network,
        Task(melodies.draw, melody_loss, judge, write_sample),
        settings,
        n_steps,
        kind=KIND,
        config=config.to_dict(),
        seed=seed,
        resume=resume,
        **every(100, options),
    )

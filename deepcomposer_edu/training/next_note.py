"""Train the next-note network: its examples, its loss, its metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log
from pathlib import Path
from typing import Unpack

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from deepcomposer_edu.corpora.voice_notes import Piece, read_voices
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.next_note import (
    GENRES,
    INSTRUMENTS,
    N_PLACES,
    PLAYERS,
    START_NOTE,
    Context,
    NextNote,
    NextNoteConfig,
    length_number,
    note_number,
    play_on,
)
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions, every
from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)

KIND = "next-note"
USUAL = TrainingSettings(learning_rate=3e-3, warm_up=50, weight_decay=0.01)
BATCH_SIZE = 512
N_JUDGED = 8192  # valid examples that a metric is taken of, spread over all


class Examples:
    """Every note of a list of voices, each with the notes before it.

    All voices lie in one row, each led by `n_context` start notes, so that an example
    is a window of that row.

    Args:
        pieces: what to learn from, for each genre.
        n_context: how many notes the network looks back.

    Raises:
        InputError: if there is no note to learn from.
    """

    def __init__(self, pieces: Mapping[str, Iterable[Piece]], n_context: int) -> None:
        rows: list[np.ndarray] = []
        self.n_context = n_context
        for genre, some in pieces.items():
            for voice in read_voices(some):
                player = INSTRUMENTS.index(PLAYERS[genre][voice.voice])
                rows.append(_rows(voice, player, GENRES.index(genre), n_context))
        if not rows:
            raise InputError(
                "There is no piece to learn from; give at least one with two notes."
            )
        # (5, N): note, place, length, instrument, genre
        self.rows = torch.from_numpy(np.concatenate(rows, axis=1))
        self.targets = (self.rows[0] != START_NOTE).nonzero()[:, 0]
        # the examples of one genre stand together, as their voices do
        found = self.rows[4, self.targets].bincount(minlength=len(GENRES))
        order = [GENRES.index(genre) for genre in pieces]
        self.sizes = found[order]
        self.starts = self.sizes.cumsum(0) - self.sizes

    def __len__(self) -> int:
        return len(self.targets)

    def at(self, targets: Tensor) -> tuple[Context, Tensor, Tensor]:
        """Return the contexts, the notes and the lengths of some examples.

        Args:
            targets: places in the long row, shape (B,).
        """
        window = targets[:, None] + torch.arange(-self.n_context, 1)  # (B, N + 1)
        note, place, length, player, genre = self.rows
        notes = note[window]
        context = Context(notes[:, :-1], place[window], player[targets], genre[targets])
        return context, notes[:, -1], length[targets]

    def batch(self, random: torch.Generator, size: int = BATCH_SIZE):
        """Return `size` examples drawn by chance.

        A genre is drawn with the square root of its size, so that small ones are heard
        more often than their share, and large ones still most often.
        """
        weights = self.sizes.double().sqrt()
        genres = torch.multinomial(weights, size, True, generator=random)  # (B,)
        shares = torch.rand(size, generator=random, dtype=torch.float64)
        places = self.starts[genres] + (shares * self.sizes[genres]).long()
        return self.at(self.targets[places])


def _rows(voice, player: int, genre: int, n_context: int) -> np.ndarray:
    """Return note, place, length, instrument and genre of a voice, shape (5, N)."""
    n = len(voice) + n_context
    found = np.zeros((5, n), dtype=np.int64)
    found[0, :n_context] = START_NOTE
    found[0, n_context:] = [note_number(int(p)) for p in voice.pitches]
    found[1, n_context:] = np.minimum(voice.places, N_PLACES - 1)
    found[2, n_context:] = [length_number(int(x)) for x in voice.lengths]
    found[3], found[4] = player, genre
    return found


def loss(network: nn.Module, batch: tuple[Context, Tensor, Tensor]) -> Tensor:
    """Return the mean cross entropy of note and length together, in nats per note."""
    context, notes, lengths = batch
    logits, length_logits = network(context, notes)
    return cross_entropy(logits, notes) + cross_entropy(length_logits, lengths)


@torch.no_grad()
def note_bits(network: NextNote, examples: Examples, n: int = N_JUDGED) -> float:
    """Return the mean surprise at the next note, in bits, its length left out.

    Args:
        network: any; dropout should be off.
        examples: what to judge by.
        n: of how many examples, spread evenly; all if there are fewer.
    """
    context, notes, _ = examples.at(_spread(examples, n))
    logits, _ = network(context, notes)
    return float(cross_entropy(logits, notes)) / log(2)


@torch.no_grad()
def shuffled_bits(
    network: NextNote, examples: Examples, part: str, n: int = N_JUDGED, seed: int = 0
) -> float:
    """Return the surprise at the next note when one part of what it is told is wrong.

    The part is taken from another example, drawn by chance. How much the bits rise says
    how much the network relies on it (permutation importance, Breiman 2001).

    Args:
        network: any; dropout should be off.
        examples: what to judge by.
        part: "notes", "places", "instruments" or "genres".
        n: of how many examples.
        seed: for the drawing.

    Raises:
        InputError: if there is no such part.
    """
    if part not in Context._fields:
        raise InputError(
            f"There is no part {part!r}; choose one of {', '.join(Context._fields)}."
        )
    context, notes, _ = examples.at(_spread(examples, n))
    order = torch.randperm(len(notes), generator=torch.Generator().manual_seed(seed))
    context = context._replace(**{part: getattr(context, part)[order]})
    logits, _ = network(context, notes)
    return float(cross_entropy(logits, notes)) / log(2)


def _spread(examples: Examples, n: int) -> Tensor:
    places = torch.linspace(0, len(examples) - 1, min(n, len(examples))).round().long()
    return examples.targets[places]


def train_next_note(
    run: str | Path,
    config: NextNoteConfig | None = None,
    settings: TrainingSettings | None = None,
    *,
    train: Mapping[str, Iterable[Piece]],
    valid: Mapping[str, Iterable[Piece]],
    n_steps: int,
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> tuple[NextNote, History]:
    """Train a next-note network in a run folder; see `train_predictor`.

    Args:
        run: the run folder.
        config: the network's settings; the usual ones if left out.
        settings: how it is trained; the usual ones if left out.
        train: pieces to learn from, for each genre.
        valid: pieces to judge by, for each genre.
        n_steps: steps in all, of 512 examples each.
        seed: from which every random number follows.
        resume: go on with the run in the folder, with its own settings.
        options: see `RunOptions`; samples and checkpoints every 500 steps if not said.

    Returns:
        The network with the last weights, in evaluation mode, and the history.

    Raises:
        InputError: if the folder holds a run already, or one that cannot be resumed.
    """
    if resume:
        config, settings, seed = read_settings(
            run, KIND, lambda saved: NextNoteConfig(**saved)
        )
    config = config or NextNoteConfig()
    learned, judged = (Examples(pieces, config.n_context) for pieces in (train, valid))
    network = fresh_network(lambda: NextNote(config), seed, run if resume else None)

    def judge(network: nn.Module) -> dict[str, float]:
        values = loss(network, judged.at(_spread(judged, N_JUDGED)))
        return {
            "valid_loss": float(values),
            "valid_note_bits": note_bits(network, judged),
        }

    def write_sample(network: nn.Module, path: Path) -> None:
        from deepcomposer_edu.music.midi import write_midi

        genre = next(iter(train))
        score = play_on(network, PLAYERS[genre][0], genre, n_steps=128)
        write_midi(score, path.with_suffix(".mid"))

    task = Task(learned.batch, loss, judge, write_sample)
    history = train_predictor(
        run,
        network,
        task,
        settings or USUAL,
        n_steps,
        kind=KIND,
        config=config.to_dict(),
        seed=seed,
        resume=resume,
        **every(500, options),
    )
    return network.eval(), history

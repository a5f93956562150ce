"""Training a writer: on the tune books, or on any text."""

from __future__ import annotations

import contextlib
import hashlib
import math
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Unpack

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.corpora.texts import split_text
from deepcomposer_edu.corpora.tune_books import tune_book_text
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.models.char_lstm import CharLSTM, ContinuedLSTM
from deepcomposer_edu.models.writer import (
    KIND,
    MAX_VOCABULARY,
    Vocabulary,
    Writer,
    WriterConfig,
    nats_per_character,
    writer_of,
)
from deepcomposer_edu.music.abc import read_abc
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.nn.threads import one_thread
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.checkpoint import latest_checkpoint
from deepcomposer_edu.training.distributed import refuse_team
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.options import RunOptions, every
from deepcomposer_edu.training.predictor import (
    Task,
    TrainingSettings,
    read_settings,
    train_predictor,
)

SETTINGS = TrainingSettings(learning_rate=4e-3, warm_up=50, clip=1.0)
ORIGINAL_SETTINGS = TrainingSettings(learning_rate=1e-3, clip=0.0)
N_JUDGED = 20_000  # characters of the validation text that the metrics are taken on
SAMPLE_LENGTH = 400
ONE_THREAD_UNITS = 512  # up to here more threads of torch win little


def shift(tokens: Tensor) -> tuple[Tensor, Tensor]:
    """Return what the network reads and what it should say at each place.

    At each place it reads a character and should name the next one. So the targets are
    the inputs, one place further on: from "tune", it reads "tun" and should say "une".

    Args:
        tokens: characters' numbers, (B, T + 1).

    Returns:
        Inputs (B, T) and targets (B, T).
    """
    return tokens[:, :-1], tokens[:, 1:]


def steps_per_epoch(text: str, config: WriterConfig) -> int:
    """Return how many training steps read a text once, at least 1."""
    return max(1, (len(text) - 1) // config.n_read)


class Batches:
    """Draws (B, T + 1) characters for each step of a training.

    Args:
        tokens: the text's characters as numbers, (N,).
        config: batch size, sequence length, and whether batches go on.
        first_step: how many batches were taken before, in a run that goes on.

    Raises:
        InputError: if the text is too short for one batch.
    """

    def __init__(
        self, tokens: Tensor, config: WriterConfig, first_step: int = 0
    ) -> None:
        self.tokens, self.config, self.step = tokens, config, first_step
        needed = 1 + (config.n_read if config.is_stateful else config.sequence_length)
        if len(tokens) < needed:
            raise InputError(
                f"The text has {len(tokens):,} characters to learn from, but with "
                f"{config.batch_size} sequences of {config.sequence_length} at least "
                f"{needed:,} are needed; give a longer text."
            )

    def __call__(self, random: torch.Generator) -> Tensor:
        """Return the next batch, (B, T + 1)."""
        is_next = self.config.is_stateful
        starts = self._next() if is_next else self._anywhere(random)  # (B, 1)
        self.step += 1
        places = starts + torch.arange(self.config.sequence_length + 1)
        return self.tokens[places % len(self.tokens)]

    def _anywhere(self, random: torch.Generator) -> Tensor:
        last = len(self.tokens) - self.config.sequence_length
        return torch.randint(last, (self.config.batch_size, 1), generator=random)

    def _next(self) -> Tensor:
        """Go on in each stream; in a new epoch the streams are cut elsewhere."""
        length = self.config.sequence_length
        n_batches = (len(self.tokens) - 1) // self.config.n_read
        epoch, place = divmod(self.step, n_batches)
        # the golden ratio spreads the cuts of all epochs evenly over a stream
        shift_by = int(epoch * 0.618034 % 1 * n_batches * length)
        streams = torch.arange(self.config.batch_size)[:, None] * n_batches * length
        return streams + place * length + shift_by


def writer_loss(network: nn.Module, batch: Tensor) -> Tensor:
    """Return the mean of -ln p of the right next character, in nats.

    Args:
        network: as CharLSTM; a ContinuedLSTM begins with the state it carries.
        batch: characters' numbers, (B, T + 1).
    """
    inputs, targets = shift(batch)
    is_continued = isinstance(network, ContinuedLSTM)
    logits, state = network(inputs, network.carried if is_continued else None)
    if is_continued:
        network.carry(state)
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def train_writer(
    run: str | Path,
    config: WriterConfig | None = None,
    settings: TrainingSettings | None = None,
    *,
    n_steps: int,
    text: str | None = None,
    valid_text: str | None = None,
    start: str = "",
    seed: int = 0,
    resume: bool = False,
    **options: Unpack[RunOptions],
) -> History:
    """Train a writer in a run folder.

    Args:
        run: the run folder.
        config: sizes of the network; `WriterConfig.fitting` the text if left out.
        settings: learning rate and the like.
        n_steps: steps in all; `steps_per_epoch` tells how many read the text once.
        text: what to learn from; the tune books if left out.
        valid_text: what to judge with; the last twentieth of `text` if left out.
        start: what the samples begin with.
        seed: from which every random number follows.
        resume: go on with the run in the folder, with its settings and its text.
        options: see `RunOptions`; samples and checkpoints every 100 steps if not said.

    Returns:
        The history of the run, with "valid_loss" in nats and "bits_per_character".

    Raises:
        InputError: if the text is too short or not the one that the run began with, or
            the folder does not fit.
    """
    settings = settings or SETTINGS
    text, valid_text = _texts(text, valid_text)
    config = config or WriterConfig.fitting(len(text))
    vocabulary = _vocabulary(text + valid_text)
    first = 0
    if resume:
        (config, digest), settings, seed = read_settings(run, KIND, _saved_config)
        if digest != _digest(text):
            raise InputError(
                f"The run in {run} began with another text; resume it with that text, "
                "or start a new run."
            )
        state = latest_checkpoint(Path(run))
        first = state.step if state is not None else 0
    if config.is_stateful:
        refuse_team("a network that carries its state from batch to batch")
    kind = ContinuedLSTM if config.is_stateful else CharLSTM
    network = fresh_network(
        lambda: kind(config, len(vocabulary)), seed, run if resume else None
    )
    batches = Batches(torch.tensor(vocabulary.encode(text)), config, first)
    valid = torch.tensor(vocabulary.encode(valid_text))[:N_JUDGED]
    task = Task(
        batches,
        writer_loss,
        partial(_judge, tokens=valid),
        partial(_write_sample, vocabulary=vocabulary, start=start),
    )
    stored = {
        **config.to_dict(),
        "characters": "".join(vocabulary.characters),
        "text_sha256": _digest(text),
    }
    is_small = config.n_units <= ONE_THREAD_UNITS
    with one_thread() if is_small else contextlib.nullcontext():
        return train_predictor(
            run,
            network,
            task,
            settings,
            n_steps,
            kind=KIND,
            config=stored,
            seed=seed,
            resume=resume,
            **every(100, options),
        )


def _texts(text: str | None, valid_text: str | None) -> tuple[str, str]:
    """Return what is learned from and what is judged with."""
    if text is None:
        return tune_book_text("train"), tune_book_text("valid")
    if valid_text is None:
        return split_text(text) if len(text) > 1 else (text, "")
    return text, valid_text


def _vocabulary(text: str) -> Vocabulary:
    """Return the characters of a text, if they are neither too few nor too many."""
    vocabulary = Vocabulary(text)
    if not 2 <= len(vocabulary) <= MAX_VOCABULARY:
        raise InputError(
            f"The text has {len(vocabulary):,} different characters, but 2 to "
            f"{MAX_VOCABULARY:,} are needed; give another text."
        )
    return vocabulary


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _judge(network: nn.Module, tokens: Tensor) -> dict[str, float]:
    if len(tokens) < 2:
        return {}
    loss = nats_per_character(network, tokens)
    return {"valid_loss": loss, "bits_per_character": loss / math.log(2)}


def _write_sample(
    network: nn.Module, stem: Path, vocabulary: Vocabulary, start: str
) -> None:
    """Write a sample as text, and as MIDI where it is a tune that can be read."""
    written = Writer(network, vocabulary).write(start, SAMPLE_LENGTH, temperature=0.8)
    with atomic_path(stem.with_suffix(".txt")) as temporary:
        temporary.write_text(written, encoding="utf-8")
    with contextlib.suppress(InputError):  # no tune, or not yet
        write_midi(read_abc(written), stem.with_suffix(".mid"))


def _saved_config(saved: dict[str, object]) -> tuple[WriterConfig, object]:
    """Return the network's settings of a run, and the digest of its text."""
    known = {field.name for field in fields(WriterConfig)}
    config = WriterConfig(**{k: v for k, v in saved.items() if k in known})
    return config, saved.get("text_sha256")


def load_writer_run(run: str | Path) -> Writer:
    """Return the writer of a run folder's newest checkpoint.

    Raises:
        InputError: if the folder holds no run of a writer, or no checkpoint.
    """
    config, _, _ = read_settings(run, KIND)
    state = latest_checkpoint(Path(run))
    if state is None:
        raise InputError(
            f"The run in {run} has no checkpoint yet; let it train for longer."
        )
    return writer_of(config, state.weights, name=f"{Path(run).name} step {state.step}")

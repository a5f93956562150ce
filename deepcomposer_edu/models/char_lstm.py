"""The LSTM over characters, and how surprised it is by a text."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.writer_config import WriterConfig
from deepcomposer_edu.nn.threads import one_thread

State = tuple[Tensor, Tensor]  # what the LSTM keeps in mind: two of (layers, B, units)
CARRIED = ("carried_hidden", "carried_cell")  # what a ContinuedLSTM has in mind


class CharLSTM(nn.Module):
    """Embedding, LSTM, and a layer that says what may come next.

    Args:
        config: its sizes.
        n_tokens: V.
    """

    def __init__(self, config: WriterConfig, n_tokens: int) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(n_tokens, config.embedding_size)
        self.lstm = nn.LSTM(
            config.embedding_size,
            config.n_units,
            config.n_layers,
            batch_first=True,
            dropout=config.dropout if config.n_layers > 1 else 0.0,
        )
        self.dropout = nn.Dropout(config.dropout)
        self.out = nn.Linear(config.n_units, n_tokens)

    def forward(
        self, tokens: Tensor, state: State | None = None
    ) -> tuple[Tensor, State]:
        """Return the logits of the next character at each place, and the new state.

        Args:
            tokens: characters' numbers, (B, T).
            state: what the network kept in mind so far; None for nothing.

        Returns:
            Logits (B, T, V), and the state after the last character.
        """
        read = self.dropout(self.embedding(tokens))  # (B, T, D)
        heard, state = self.lstm(read, state)  # (B, T, units)
        return self.out(self.dropout(heard)).float(), state  # (B, T, V)


class ContinuedLSTM(CharLSTM):
    """A CharLSTM that keeps, between two batches, what it had in mind.

    The state lies in buffers, so that a checkpoint holds it.
    """

    def __init__(self, config: WriterConfig, n_tokens: int) -> None:
        super().__init__(config, n_tokens)
        shape = config.n_layers, config.batch_size, config.n_units
        for name in CARRIED:
            self.register_buffer(name, torch.zeros(shape))

    @property
    def carried(self) -> State:
        """The state after the last batch, without its gradient."""
        return self.carried_hidden.clone(), self.carried_cell.clone()

    def carry(self, state: State) -> None:
        """Keep a state for the next batch."""
        self.carried_hidden.copy_(state[0].detach())
        self.carried_cell.copy_(state[1].detach())


@one_thread()
@torch.no_grad()
def nats_per_character(
    network: nn.Module, tokens: Tensor, n_streams: int = 32
) -> float:
    """Return the mean of -ln p over the characters of a text.

    The text is cut into streams that are read side by side, each from an empty state;
    a cut is made every `len(tokens) / n_streams` characters and nowhere else.

    Args:
        network: as CharLSTM.
        tokens: characters' numbers, (N,), N at least 2.
        n_streams: how many; fewer where the text is short.

    Raises:
        InputError: if there are fewer than 2 characters.
    """
    if len(tokens) < 2:
        raise InputError(
            f"The text to measure has {len(tokens)} characters, but at least 2 are "
            "needed."
        )
    n_streams = max(1, min(n_streams, len(tokens) // 100))
    length = (len(tokens) - 1) // n_streams
    whole = n_streams * length
    inputs = tokens[:whole].reshape(n_streams, length)  # (B, T)
    targets = tokens[1 : whole + 1].reshape(n_streams, length)
    total, state = 0.0, None
    for begin in range(0, length, 200):  # a piece at a time keeps memory small
        piece = slice(begin, begin + 200)
        logits, state = network(inputs[:, piece], state)
        total += F.cross_entropy(
            logits.flatten(0, 1), targets[:, piece].flatten(), reduction="sum"
        ).item()
    return total / whole

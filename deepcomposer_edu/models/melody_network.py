"""The network of a MelodyRNN: its settings, and two LSTM layers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.melody_events import N_EVENTS, N_LABELS, n_features

VARIANTS = ("attention", "lookback")
MOST_ATTENTION = 1_024  # steps, 64 bars of 4/4


@dataclass(frozen=True)
class MelodyRNNConfig:
    """The network's settings.

    Args:
        variant: "attention" or "lookback".
        n_units: of each of the two LSTM layers.
        dropout: share of units left out in training.
        attention_length: how many steps are looked at, the newest included.
        attention_units: length of the vectors that are compared.
    """

    variant: str = "attention"
    n_units: int = 192
    dropout: float = 0.2
    attention_length: int = 40  # Magenta's; more than two bars of any metre
    attention_units: int = 32

    def __post_init__(self) -> None:
        check_variant(self.variant)
        if min(self.n_units, self.attention_length, self.attention_units) < 1:
            raise InputError("Every size of a MelodyRNN must be at least 1.")
        if self.attention_length > MOST_ATTENTION:
            raise InputError(
                f"A MelodyRNN was to look at {self.attention_length} steps, but it "
                f"looks at {MOST_ATTENTION:,} at most."
            )

    @property
    def has_lookback(self) -> bool:
        """Whether the network is told what stood one and two bars ago."""
        return self.variant == "lookback"

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        return asdict(self)


class MelodyState(NamedTuple):
    """What the network keeps in mind between two steps."""

    lower: tuple[Tensor, Tensor] | None = None  # of the first LSTM, (1, B, n_units)
    upper: tuple[Tensor, Tensor] | None = None  # of the second
    seen: Tensor | None = None  # (B, attention_length - 1, n_units)


class LastOutputs(nn.Module):
    """Attention over the last outputs of a layer, as Bahdanau et al. score it.

    u_ti = v tanh(K h_i + Q h_t), a = softmax(u) over the last n steps i, and the result
    is the sum of a_ti h_i. Steps before the beginning are zeros, as in Magenta's.
    """

    def __init__(self, n_units: int, n_compared: int, length: int) -> None:
        super().__init__()
        self.length = length
        self.key = nn.Linear(n_units, n_compared, bias=False)
        self.query = nn.Linear(n_units, n_compared)
        self.score = nn.Linear(n_compared, 1, bias=False)

    def forward(self, outputs: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Return the mixtures and the attention.

        Args:
            outputs: h, (B, T, C).
            seen: the outputs before them, (B, n - 1, C).

        Returns:
            (B, T, C), and a, (B, T, n); the last column is the step itself.
        """
        batch, n_steps, _ = outputs.shape
        heard = torch.cat([seen, outputs], dim=1)  # (B, n - 1 + T, C)
        keys = self.key(heard).unfold(1, self.length, 1)  # (B, T, A, n)
        queries = self.query(outputs)[..., None]  # (B, T, A, 1)
        compared = torch.tanh(keys + queries).transpose(2, 3)  # (B, T, n, A)
        weights = self.score(compared)[..., 0].float().softmax(dim=-1)  # (B, T, n)
        # each row one place further right, so that one product mixes all steps
        wide = nn.functional.pad(weights, (0, n_steps)).reshape(batch, -1)
        band = wide[:, : -n_steps or None].reshape(batch, n_steps, -1)
        mixed = band.to(heard.dtype) @ heard
        return mixed, weights


class MelodyNetwork(nn.Module):
    """Two LSTM layers that predict the next event of a melody.

    Args:
        config: its settings.
    """

    def __init__(self, config: MelodyRNNConfig) -> None:
        super().__init__()
        self.config = config
        width = n_features(config.has_lookback)
        self.lower = nn.LSTM(width, config.n_units, batch_first=True)
        self.attention = None
        into_upper = config.n_units
        if not config.has_lookback:
            self.attention = LastOutputs(
                config.n_units, config.attention_units, config.attention_length
            )
            into_upper *= 2
        self.upper = nn.LSTM(into_upper, config.n_units, batch_first=True)
        self.dropout = nn.Dropout(config.dropout)
        n_answers = N_LABELS if config.has_lookback else N_EVENTS
        self.head = nn.Linear(config.n_units, n_answers)

    def forward(
        self, told: Tensor, state: MelodyState | None = None
    ) -> tuple[Tensor, MelodyState]:
        """Return what the next events may be, and the state to go on from.

        Args:
            told: rows of `features`, (B, T, n_features).
            state: what came before; None at the beginning.

        Returns:
            Logits (B, T, N_EVENTS), or (B, T, N_LABELS) with lookback.
        """
        state = state or MelodyState()
        hidden, lower = self.lower(told, state.lower)  # (B, T, C)
        hidden = self.dropout(hidden)
        seen = None
        if self.attention is not None:
            length = self.attention.length
            seen = state.seen
            if seen is None:
                seen = hidden.new_zeros(len(hidden), length - 1, hidden.shape[2])
            mixed, _ = self.attention(hidden, seen)
            seen = torch.cat([seen, hidden], dim=1)[:, hidden.shape[1] :]
            hidden = torch.cat([hidden, mixed.to(hidden.dtype)], dim=-1)
        hidden, upper = self.upper(hidden, state.upper)
        return self.head(self.dropout(hidden)), MelodyState(lower, upper, seen)


def check_variant(variant: str) -> None:
    """Raise an InputError if there is no such variant."""
    if variant not in VARIANTS:
        raise InputError(
            f"There is no variant {variant!r} of MelodyRNN; choose one of "
            f"{', '.join(VARIANTS)}."
        )

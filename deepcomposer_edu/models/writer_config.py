"""The settings of the network that writes text character by character."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from deepcomposer_edu.errors import InputError

MIN_STEPS = 8  # in which the small writer reads a short text once
MOST_READ = 1_000_000  # characters in a training step


@dataclass(frozen=True)
class WriterConfig:
    """The sizes of the network and of what it reads in a training step.

    Args:
        embedding_size: D, numbers that stand for a character.
        n_units: LSTM units in each layer.
        n_layers: LSTM layers, one above the other.
        dropout: share of the numbers between layers that are left out in training.
        sequence_length: T, characters that it reads before its weights move.
        batch_size: B, places in the text that it reads at once.
        is_stateful: whether a batch goes on where the last one ended, with the state
            kept, so that the network can look back further than `sequence_length`.
            If not, batches are drawn from anywhere and begin with an empty state.
    """

    embedding_size: int = 64
    n_units: int = 256
    n_layers: int = 1
    dropout: float = 0.0
    sequence_length: int = 128
    batch_size: int = 32
    is_stateful: bool = True

    def __post_init__(self) -> None:
        for name in ("embedding_size", "n_units", "n_layers", "sequence_length"):
            if getattr(self, name) < 1:
                raise InputError(
                    f"{name} is {getattr(self, name)}, but at least 1 is needed."
                )
        if self.batch_size < 1 or not 0 <= self.dropout < 1:
            raise InputError(
                f"batch_size is {self.batch_size} and dropout {self.dropout:g}, but "
                "the first must be at least 1 and the second 0 or more and below 1."
            )
        if self.n_read > MOST_READ:
            raise InputError(
                f"A batch of {self.batch_size} times {self.sequence_length} characters "
                f"was asked for, but a step reads at most {MOST_READ:,} in all."
            )

    @classmethod
    def original(cls) -> WriterConfig:
        """Return the sizes of the recipe known from many tutorials.

        Sequences of 100 characters, batches of 64, an embedding of 256, one layer of
        1024 units, stateful. A step takes more than a second of one processor core.
        """
        return cls(256, 1024, 1, 0.0, 100, 64, is_stateful=True)

    @classmethod
    def fitting(cls, n_characters: int) -> WriterConfig:
        """Return the small writer, with a batch that suits a text of this length.

        A short text is read in fewer places at once, so that it is still read in
        several steps.
        """
        config = cls()
        places = n_characters // (MIN_STEPS * config.sequence_length)
        return replace(config, batch_size=max(1, min(config.batch_size, places)))

    @property
    def n_read(self) -> int:
        """How many characters a training step reads."""
        return self.batch_size * self.sequence_length

    def to_dict(self) -> dict[str, object]:
        """Return the settings as plain values, ready for JSON."""
        return asdict(self)

"""The settings of the network that guesses the next note."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from deepcomposer_edu.errors import InputError


@dataclass(frozen=True)
class NextNoteConfig:
    """Settings of the network.

    Args:
        n_context: how many notes it looks back.
        embedding: D, the numbers of each embedding.
        hidden: width of the layer between embeddings and guesses.
        dropout: share of that layer that is left out in training.
    """

    n_context: int = 12
    embedding: int = 32
    hidden: int = 192
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if min(self.n_context, self.embedding, self.hidden) < 1:
            raise InputError(
                f"The network is asked to look {self.n_context} notes back, with "
                f"embeddings of {self.embedding} and {self.hidden} hidden numbers, but "
                "each must be at least 1."
            )
        if not 0 <= self.dropout < 1:
            raise InputError(
                f"The dropout is {self.dropout:g}, but it must be at least 0 and below "
                "1; 0.1 is usual."
            )

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        return asdict(self)

"""The settings of the Transformer that writes four voices, or of an LSTM instead."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from deepcomposer_edu.errors import InputError

BACKBONES = ("transformer", "lstm")


@dataclass(frozen=True)
class TransformerConfig:
    """The network's settings.

    Args:
        n_channels: C, width of the network; a multiple of `n_heads`.
        n_layers: how many blocks, or layers of an LSTM.
        n_heads: H, heads of each block.
        n_distances: steps back in time that are told apart.
        note_size: width of the note embedding.
        dropout: share of the channels dropped in training.
        cell_dropout: share of the past's notes that are hidden in training, so that no
            piece is recognised by its exact notes and known by heart.
        ahead: steps of a given melody that are seen in advance when it is harmonised.
        backbone: "transformer", or "lstm" to compare with.
        relative: whether notes are also seen and scored by their intervals, which are
            the same in every key. It learns faster so, and knows by heart sooner.
    """

    n_channels: int = 192
    n_layers: int = 4
    n_heads: int = 4
    n_distances: int = 256
    note_size: int = 48
    dropout: float = 0.45
    cell_dropout: float = 0.1
    ahead: int = 16
    backbone: str = "transformer"
    relative: bool = True

    def __post_init__(self) -> None:
        if self.backbone not in BACKBONES:
            raise InputError(
                f"The backbone is {self.backbone!r}, but it must be one of "
                f"{', '.join(BACKBONES)}."
            )
        numbers = (self.n_channels, self.n_layers, self.n_heads, self.n_distances)
        if min(*numbers, self.note_size, self.ahead) < 1:
            raise InputError("Every size of a Transformer must be at least 1.")
        if self.n_channels % self.n_heads:
            raise InputError(
                f"{self.n_channels} channels cannot be shared among {self.n_heads} "
                "heads; give a multiple of the heads."
            )
        for share in (self.dropout, self.cell_dropout):
            if not 0 <= share < 1:
                raise InputError(
                    f"The dropout is {share:g}, but it must be at least 0 and below 1."
                )

    def to_dict(self) -> dict[str, object]:
        """Return the settings, ready for JSON."""
        return asdict(self)

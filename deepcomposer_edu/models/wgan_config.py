"""The settings of the WGAN that harmonises: its networks and their training."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.repertoire import GENRES
from deepcomposer_edu.nn.gan import LOSSES

NORMALISATIONS = ("none", "spectral")  # of the critic's layers
MOST_STEPS, MOST_WINDOWS = 1_024, 16_384  # of a window, of a batch


@dataclass(frozen=True)
class WGANConfig:
    """Everything that shapes the two networks and their training.

    Args:
        low: the lowest MIDI pitch the networks know.
        n_pitches: how many semitones from `low` up.
        n_steps: length of a training window in steps, a multiple of 8.
        hidden_channels: width of the generator's widest-in-time level.
        critic_channels: width of the critic.
        noise_channels: noise values for every 8 steps.
        loss: one of LOSSES.
        n_critic: critic steps for each generator step (0: the critic never learns).
        gradient_penalty: weight lambda of the penalty ("wgan-gp" only).
        clip: bound on every critic weight ("wgan-clip" only).
        generator_rate, critic_rate: learning rates of the two Adam optimisers.
        batch_size: windows in a batch.
        ema_decay: how slowly the averaged generator, which composes, follows.
        critic_normalisation: one of NORMALISATIONS: "none", as the gradient penalty
            asks for, or "spectral" (Miyato et al. 2018), which bounds the slope of each
            layer and can stand in for the penalty (`gradient_penalty=0`).
        n_genres: how many genres the networks know, the first so many of
            `music.repertoire.GENRES`; 0 for networks that know no genres.
    """

    low: int = 36
    n_pitches: int = 48
    n_steps: int = 32
    hidden_channels: int = 96
    critic_channels: int = 128
    noise_channels: int = 16
    loss: str = "wgan-gp"
    n_critic: int = 5
    gradient_penalty: float = 10.0
    clip: float = 0.01
    generator_rate: float = 5e-4
    critic_rate: float = 5e-4
    batch_size: int = 64
    ema_decay: float = 0.999
    n_genres: int = 0
    critic_normalisation: str = "none"

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise InputError(
                f"The loss is {self.loss!r}, but it must be one of {', '.join(LOSSES)}."
            )
        if self.critic_normalisation not in NORMALISATIONS:
            raise InputError(
                f"critic_normalisation is {self.critic_normalisation!r}, but it must "
                f"be one of {', '.join(NORMALISATIONS)}."
            )
        if self.n_steps < 8 or self.n_steps % 8:
            raise InputError(
                f"n_steps is {self.n_steps}, but it must be a multiple of 8 above 0."
            )
        least = {"n_pitches": 12, "hidden_channels": 8, "critic_channels": 8}
        for name, bound in {**least, "noise_channels": 1, "batch_size": 1}.items():
            if getattr(self, name) < bound:
                raise InputError(
                    f"{name} is {getattr(self, name)}, but at least {bound} is needed."
                )
        if self.n_steps > MOST_STEPS or self.batch_size > MOST_WINDOWS:
            raise InputError(
                f"n_steps is {self.n_steps} and batch_size {self.batch_size}, but at "
                f"most {MOST_STEPS:,} and {MOST_WINDOWS:,} are allowed."
            )
        if not 0 <= self.low <= 128 - self.n_pitches:
            raise InputError(
                f"The networks were to know {self.n_pitches} pitches from {self.low} "
                "up, but MIDI has those from 0 to 127."
            )
        if self.n_critic < 0 or not 0 <= self.ema_decay < 1:
            raise InputError(
                f"n_critic is {self.n_critic} and ema_decay {self.ema_decay}, but "
                "n_critic must be 0 or more and ema_decay at least 0 and below 1."
            )
        if not 0 <= self.n_genres <= len(GENRES):
            raise InputError(
                f"n_genres is {self.n_genres}, but it must be 0 (no genres) or up to "
                f"{len(GENRES)}, the first of {', '.join(GENRES)}."
            )

    @property
    def n_classes(self) -> int:
        """V: the pitches and the rest."""
        return self.n_pitches + 1

    def to_dict(self) -> dict[str, object]:
        """Return the settings as plain values, ready for JSON."""
        return asdict(self)

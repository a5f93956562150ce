"""The game of two tiny networks, turn by turn; it trains in seconds on one core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.tiny_gan import (
    DATA,
    NORMALISATIONS,
    PLANE,
    TinyConfig,
    TinyCritic,
    TinyGenerator,
    bars_to_score,
    to_bars,
)
from deepcomposer_edu.nn.gan import (
    LOSSES,
    clip_weights,
    critic_loss,
    generator_loss,
    gradient_penalty,
    mix,
)
from deepcomposer_edu.training.tiny_data import SPREAD, TinyData, centres
from deepcomposer_edu.training.tiny_statistics import statistics

__all__ = [  # the widgets' one door to the tiny GAN
    "DATA",
    "LOSSES",
    "NORMALISATIONS",
    "PLANE",
    "SPREAD",
    "TinyConfig",
    "TinyGame",
    "TinyRun",
    "bars_to_score",
    "centres",
    "critic_turn",
    "generator_turn",
    "to_bars",
    "train_tiny",
]

BETAS = (0.5, 0.9)  # of Adam, as is usual for GANs (Gulrajani et al. 2017)
N_JUDGED = 1000  # pieces that the statistics are taken of
N_SHOWN = 256  # pieces in a snapshot


def critic_turn(
    critic: Callable[[Tensor], Tensor],
    optimiser: torch.optim.Optimizer,
    real: Tensor,
    fake: Tensor,
    loss: Callable[..., Tensor],
) -> float:
    """Let the critic learn from one batch; the generator learns nothing from it.

    The fakes are detached first, so that no gradient flows on into the generator.
    Old gradients are set to zero before `backward`.

    Args:
        critic: scores pieces, (B, D) to (B,).
        optimiser: holds the critic's weights, and no others.
        real: (B, D) real pieces.
        fake: (B, D) generated pieces, still tied to the generator.
        loss: takes the critic, real pieces and fakes, in this order; gives one number.

    Returns:
        The loss before the step.
    """
    value = loss(critic, real, fake.detach())
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.item()


def generator_turn(
    generator: Callable[[Tensor], Tensor],
    critic: Callable[[Tensor], Tensor],
    optimiser: torch.optim.Optimizer,
    noise: Tensor,
    loss: Callable[[Tensor], Tensor],
) -> float:
    """Let the generator learn from what the critic thinks of its work.

    The gradient flows from the loss through the critic back into the generator, but
    only the generator's weights are stepped. Old gradients are set to zero before
    `backward`.

    Args:
        generator: makes pieces (B, D) of noise (B, Z).
        critic: scores pieces, (B, D) to (B,).
        optimiser: holds the generator's weights, and no others.
        noise: (B, Z).
        loss: takes the critic's scores of the generated pieces.

    Returns:
        The loss before the step.
    """
    value = loss(critic(generator(noise)))
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.item()


class TinyGame:
    """Generator and critic, taking turns. The same config and seed, the same game.

    Args:
        config: the settings.
        seed: of the first weights, of the noise, and of the choice of real pieces.
    """

    def __init__(self, config: TinyConfig | None = None, seed: int = 0) -> None:
        self.config = config or TinyConfig()
        self.seed = seed
        self.chance = torch.Generator().manual_seed(seed)
        self.data = TinyData(self.config.data)
        self.generator = TinyGenerator(self.config, self.chance)
        self.critic = TinyCritic(self.config, self.chance)
        rates = (self.config.generator_rate, self.config.critic_rate)
        self.generator_optimiser, self.critic_optimiser = (
            torch.optim.Adam(network.parameters(), lr=rate, betas=BETAS, fused=True)
            for network, rate in zip((self.generator, self.critic), rates, strict=True)
        )
        self._aside = torch.Generator().manual_seed(seed + 1)  # for looking, only
        self._means = 0.0, 0.0
        self.n_steps = 0
        """Generator steps so far."""

    def step(self) -> dict[str, float]:
        """Take n_critic turns of the critic and one of the generator.

        Returns:
            critic_loss (the mean over its turns, with the penalty) and generator_loss
            before each turn; real_score and fake_score, the critic's mean scores before
            its last turn; gap, the first less the second.
        """
        config = self.config
        self.generator.train()
        self.critic.train()
        losses = [self._critic_turn() for _ in range(config.n_critic)]
        if not losses:  # n_critic 0: it is asked, and does not learn
            with torch.no_grad():
                real = self.data.draw(config.batch, self.chance)
                fake = self._generate(self._noise())
                losses.append(self._loss(self.critic, real, fake).item())
        value = generator_turn(
            self._generate,
            self.critic,
            self.generator_optimiser,
            self._noise(),
            lambda scores: generator_loss(config.loss, scores),
        )
        self.n_steps += 1
        real_score, fake_score = self._means
        return {
            "critic_loss": sum(losses) / len(losses),
            "generator_loss": value,
            "real_score": real_score,
            "fake_score": fake_score,
            "gap": real_score - fake_score,
        }

    def _critic_turn(self) -> float:
        fake = self._generate(self._noise())
        real = self.data.draw(self.config.batch, self.chance)
        value = critic_turn(self.critic, self.critic_optimiser, real, fake, self._loss)
        if self.config.loss == "wgan-clip":
            clip_weights(self.critic, self.config.clip)
        return value

    def _loss(self, critic: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        """Return what the critic minimises, the penalty included."""
        real_scores, fake_scores = critic(real), critic(fake)
        self._means = real_scores.mean().item(), fake_scores.mean().item()
        value = critic_loss(self.config.loss, real_scores, fake_scores)
        if self.config.loss == "wgan-gp" and torch.is_grad_enabled():
            share = torch.rand(len(real), generator=self.chance)
            between = mix(real, fake, share).requires_grad_()
            penalty = gradient_penalty(critic(between), [between])
            value = value + self.config.gradient_penalty * penalty
        return value

    def _noise(self) -> Tensor:
        shape = (self.config.batch, self.config.noise)
        return torch.randn(shape, generator=self.chance)

    def _generate(self, noise: Tensor) -> Tensor:
        return self.generator(noise, self.chance)

    def _looking(self, seed: int | None) -> torch.Generator:
        """Return chance that leaves the game's own as it is."""
        return self._aside if seed is None else torch.Generator().manual_seed(seed)

    def real(self, n: int, seed: int | None = None) -> Tensor:
        """Return n real pieces, (n, D); `seed` as for `points`."""
        return self.data.draw(_counted(n), self._looking(seed))

    @torch.no_grad()
    def points(self, n: int, seed: int | None = None) -> Tensor:
        """Return n generated pieces, (n, D).

        Args:
            n: how many, 1 or more.
            seed: of noise and draws: the same seed, the same noise, so that pieces can
                be followed through the training; None: chance that goes on and leaves
                the training as it was.
        """
        chance = self._looking(seed)
        noise = torch.randn((_counted(n), self.config.noise), generator=chance)
        return self.generator(noise, chance)

    @torch.no_grad()
    def score(self, pieces: Tensor) -> Tensor:
        """Return the critic's scores (n,) of pieces (n, D); it learns nothing."""
        self.critic.eval()
        return self.critic(pieces)

    def statistics(self, n: int = N_JUDGED, seed: int = 0) -> dict[str, float]:
        """Return what is measured of n generated pieces; see `tiny_statistics`."""
        return statistics(self.points(n, seed), self.config.data)

    def reference(self, n: int = N_JUDGED, seed: int = 0) -> dict[str, float]:
        """Return the same of n real pieces: what the generator should come to."""
        return statistics(self.real(n, seed), self.config.data)


@dataclass
class TinyRun:
    """A training that is over.

    Args:
        game: as it stands at the end.
        rows: what `TinyGame.step` told, every `every` steps, with "step".
        snapshots: pieces (N_SHOWN, D) of always the same noise, with their step.
    """

    game: TinyGame
    rows: list[dict[str, float]] = field(default_factory=list)
    snapshots: list[tuple[int, Tensor]] = field(default_factory=list)


def train_tiny(
    config: TinyConfig,
    n_steps: int,
    *,
    every: int = 50,
    seed: int = 0,
    on_snapshot: Callable[[TinyGame, dict[str, float]], bool | None] | None = None,
) -> TinyRun:
    """Play a game for `n_steps` steps of the generator.

    Args:
        config: the settings.
        n_steps: 0 or more.
        every: steps between two rows and snapshots; the first is taken before any
            step, the last at the end.
        seed: of everything that is left to chance.
        on_snapshot: called with the game and the row; if it returns False, the training
            ends there.

    Returns:
        The run; its rows hold the statistics, too.

    Raises:
        InputError: if `n_steps` or `every` is out of range.
    """
    if n_steps < 0 or every < 1:
        raise InputError(
            f"n_steps is {n_steps} and every {every}, but n_steps must be 0 or more "
            "and every 1 or more."
        )
    game = TinyGame(config, seed)
    run = TinyRun(game)
    told: dict[str, float] = {}
    for step in range(n_steps + 1):
        if step:
            told = game.step()
        if step % every == 0 or step == n_steps:
            row = {"step": step, **told, **game.statistics()}
            run.rows.append(row)
            run.snapshots.append((step, game.points(N_SHOWN, seed)))
            if on_snapshot is not None and on_snapshot(game, row) is False:
                break
    return run


def _counted(n: int) -> int:
    if n < 1:
        raise InputError(f"{n} pieces were asked for; ask for 1 or more.")
    return n

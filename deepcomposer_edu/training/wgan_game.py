"""The game of two networks: the generator, the critic, and one step of each."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Mapping

import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wgan import Generator, WGANConfig, critic_of
from deepcomposer_edu.nn.averages import follow
from deepcomposer_edu.nn.drawing import normal_in, uniform_in
from deepcomposer_edu.nn.gan import (
    clip_weights,
    critic_loss,
    generator_loss,
    gradient_penalty,
    mix,
)
from deepcomposer_edu.training.distributed import ALONE, Team
from deepcomposer_edu.training.precision import at_precision, check_precision
from deepcomposer_edu.training.wgan_data import Batch, TrainingSet, hide_melody

ADAM_BETAS = (0.0, 0.9)  # Gulrajani et al. 2017, algorithm 1
GENRE_SPEED = 10  # how much faster the vectors of genres learn than the rest


class WGANGame:
    """The generator, the critic, their optimisers, and one step of each.

    Args:
        config: sizes, loss, learning rates.
        seed: from which every random number of the run follows.
        precision: "float32", or "bfloat16" where the processor is fast at it.
        team: the processes that share each batch; `config.batch_size` is the whole one.

    Raises:
        InputError: if the precision is unknown or the batch cannot be shared equally.
    """

    def __init__(
        self,
        config: WGANConfig,
        seed: int = 0,
        precision: str = "float32",
        team: Team = ALONE,
    ) -> None:
        check_precision(precision)
        team.check_batch(config.batch_size)
        self.config, self.team = config, team
        self.precision = precision
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.generator, self.critic = Generator(config), critic_of(config)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.random = torch.Generator().manual_seed(seed)
        self.chance = team.chance(self.random)
        self.generator_adam, self.critic_adam = (
            torch.optim.Adam(grouped(network, rate), lr=rate, betas=ADAM_BETAS)
            for network, rate in (
                (self.generator, config.generator_rate),
                (self.critic, config.critic_rate),
            )
        )
        self.networks = {
            "generator": self.generator,
            "critic": self.critic,
            "average": self.average,
        }
        self.optimisers = {
            "generator_adam": self.generator_adam,
            "critic_adam": self.critic_adam,
        }

    def begin_from(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Begin with trained weights instead of random ones.

        Args:
            tensors: "generator." and "critic." before each parameter's name, as shipped
                weights have them. Vectors of genres may be missing; they stay zero.

        Raises:
            InputError: if the weights do not fit these networks.
        """
        for part, network in (("generator", self.generator), ("critic", self.critic)):
            start = part + "."
            given = {
                k[len(start) :]: v for k, v in tensors.items() if k.startswith(start)
            }
            own = network.state_dict()
            lacking = {k: v for k, v in own.items() if k.startswith("genre_")}
            try:
                network.load_state_dict({**lacking, **given})
            except RuntimeError as error:
                raise InputError(
                    f"The weights to begin from do not fit this {part}; take the "
                    "settings that they were trained with."
                ) from error
        self.average.load_state_dict(self.generator.state_dict())

    def faster(self) -> contextlib.AbstractContextManager:
        """Return the context in which the networks run at the chosen precision."""
        return at_precision(self.precision)

    def imagine(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the generator's voices for the batch's melodies, melody included."""
        shape = self.generator.noise_shape(*batch.starts.shape)
        noise = normal_in(shape, self.chance)
        voices, repeats = self.generator(
            batch.melody,
            batch.starts,
            batch.position,
            noise,
            generator=self.chance,
            genre=batch.genre,
        )
        return batch.with_lower(voices, repeats)

    def score(
        self, batch: Batch, voices: torch.Tensor, repeats: torch.Tensor
    ) -> torch.Tensor:
        """Return the critic's scores of pieces in the metres and genres of a batch.

        Args:
            batch: B windows.
            voices: (n B, 4, T, V), n pieces for each window, as in `torch.cat`.
            repeats: (n B, 4, T).
        """
        n = len(voices) // len(batch.position)
        position = batch.position.repeat(n, 1)
        if batch.genre is None:
            return self.critic(voices, repeats, position)
        if batch.is_hidden is not None:
            voices, repeats = hide_melody(voices, repeats, batch.is_hidden.repeat(n))
        return self.critic(voices, repeats, position, batch.genre.repeat(n))

    def coins(self, batch: Batch) -> torch.Tensor:
        """Return (B,) bool, true for one row in two."""
        return torch.rand(len(batch.position), generator=self.random) < 0.5

    def critic_step(self, batch: Batch) -> dict[str, float]:
        """Teach the critic once to tell Bach from the generator.

        Args:
            batch: the whole batch, of which each process learns from its share.
        """
        config = self.config
        given = batch
        if batch.is_hidden is not None:
            # A melody of another genre tells the critic nothing where it is hidden.
            # Elsewhere it would give the generator away, whatever that wrote.
            given = batch.crossed(batch.is_hidden & self.coins(batch), self.random)
        batch, given = self.team.share(batch), self.team.share(given)
        with torch.no_grad(), self.faster():
            fake, fake_repeats = self.imagine(given)
        with self.faster():
            scores = self.score(
                batch,
                torch.cat([batch.voices, fake]),
                torch.cat([batch.repeats, fake_repeats]),
            )
        real_scores, fake_scores = scores.chunk(2)
        loss = critic_loss(config.loss, real_scores, fake_scores)
        penalty = torch.zeros(())
        if config.loss == "wgan-gp":
            penalty = self.penalty(batch, fake, fake_repeats)
            loss = loss + config.gradient_penalty * penalty
        self.critic_adam.zero_grad()
        loss.backward()
        self.team.average_gradients(self.critic)
        self.critic_adam.step()
        if config.loss == "wgan-clip":
            clip_weights(self.critic, config.clip)
        return {
            "critic_loss": loss.item(),
            "wasserstein": (real_scores.mean() - fake_scores.mean()).item(),
            "gradient_penalty": penalty.item(),
        }

    def penalty(
        self, batch: Batch, fake: torch.Tensor, fake_repeats: torch.Tensor
    ) -> torch.Tensor:
        """Return the gradient penalty between Bach's and the generator's voices."""
        share = uniform_in([len(fake)], self.chance)
        voices = mix(batch.voices[:, 1:], fake[:, 1:], share).requires_grad_()
        repeats = mix(batch.repeats[:, 1:], fake_repeats[:, 1:], share).requires_grad_()
        with self.faster():
            both = batch.with_lower(voices, repeats)
            scores = self.score(batch, *both)
        return gradient_penalty(scores, [voices, repeats])

    def generator_step(self, batch: Batch) -> dict[str, float]:
        """Teach the generator once to please the critic."""
        self.critic.requires_grad_(False)
        if batch.is_hidden is not None:
            batch = batch.crossed(self.coins(batch), self.random)
        batch = self.team.share(batch)
        with self.faster():
            scores = self.score(batch, *self.imagine(batch))
            loss = generator_loss(self.config.loss, scores)
        self.generator_adam.zero_grad()
        loss.backward()
        self.team.average_gradients(self.generator)
        self.generator_adam.step()
        self.critic.requires_grad_(True)
        return {"generator_loss": loss.item()}

    def follow(self, step: int) -> None:
        """Move the averaged generator a little towards the trained one."""
        follow(self.average, self.generator, self.config.ema_decay, step)

    def step(self, data: TrainingSet, step: int) -> dict[str, float]:
        """Take n_critic critic steps and one generator step; return their losses."""
        row: dict[str, float] = {}
        for _ in range(self.config.n_critic):
            row |= self.critic_step(data.batch(self.config, self.random))
        row |= self.generator_step(data.batch(self.config, self.random))
        self.follow(step)
        return self.team.average(row)


def grouped(network: torch.nn.Module, rate: float) -> list[dict[str, object]]:
    """Return a network's parameters for the optimiser, those of genres with more speed.

    Adam moves a number by about its rate in a step, and the genres' vectors begin at
    zero: at the others' rate they would need a thousand steps to be heard.

    Args:
        network: the generator or the critic; the genres' parameters come last in it.
        rate: the learning rate of all other parameters.
    """
    named = list(network.named_parameters())
    plain = [p for name, p in named if not name.startswith("genre_")]
    genres = [p for name, p in named if name.startswith("genre_")]
    groups: list[dict[str, object]] = [{"params": plain}]
    if genres:
        groups.append({"params": genres, "lr": GENRE_SPEED * rate})
    return groups

"""How the answers of lesson 06 on the two turns are judged, by a game of two numbers.

The generator is fake = g * noise, the critic score = w * piece; both learn with a plain
gradient step, so that everything can be worked out by hand.
"""

from __future__ import annotations

import torch
from torch import Tensor

from deepcomposer_edu.course.learner import Learner

RATE = 0.1
REAL, NOISE = torch.tensor([[2.0], [4.0]]), torch.tensor([[1.0], [3.0]])


class Watched:
    """Plain gradient descent on one weight that notes what it is asked to do."""

    __slots__ = ("had_gradient", "log", "weight")

    def __init__(self, weight: Tensor) -> None:
        self.weight = weight
        self.log: list[str] = []
        self.had_gradient = False  # when it was asked to step

    def __copy__(self) -> Watched:
        return self  # it is meant to change

    def zero_grad(self, set_to_none: bool = True) -> None:  # noqa: ARG002
        """Forget the gradient, as torch's optimisers do."""
        self.log.append("zero_grad")
        self.weight.grad = None

    def step(self) -> None:
        """Go a little against the gradient."""
        self.log.append("step")
        self.had_gradient = self.weight.grad is not None
        if self.had_gradient:
            with torch.no_grad():
                self.weight -= RATE * self.weight.grad


class Game:
    """One generator weight g = 0.5 and one critic weight w = 1.5, watched."""

    __slots__ = ("critic_moves", "critics_weight", "generator_moves", "weight")

    def __init__(self) -> None:
        self.weight = torch.tensor(0.5, requires_grad=True)
        self.critics_weight = torch.tensor(1.5, requires_grad=True)
        self.generator_moves = Watched(self.weight)
        self.critic_moves = Watched(self.critics_weight)

    def critic_turn(self, learner: Learner) -> object:
        """Let the learner's function make the critic's turn."""

        def critic(pieces: Tensor) -> Tensor:
            return (self.critics_weight * pieces)[:, 0]

        def generate(noise: Tensor) -> Tensor:
            return self.weight * noise

        def loss(asked: object, real: Tensor, fake: Tensor) -> Tensor:
            return asked(fake).mean() - asked(real).mean()

        fake = generate(NOISE)
        return learner(critic, self.critic_moves, REAL, fake, loss)

    def generator_turn(self, learner: Learner) -> object:
        """Let the learner's function make the generator's turn."""

        def critic(pieces: Tensor) -> Tensor:
            return (self.critics_weight * pieces)[:, 0]

        def generate(noise: Tensor) -> Tensor:
            return self.weight * noise

        def loss(scores: Tensor) -> Tensor:
            return -scores.mean()

        return learner(generate, critic, self.generator_moves, NOISE, loss)


def _expect_order(learner: Learner, moves: Watched, name: str) -> None:
    call = f"{name}(...)"
    learner.expect(
        "step" in moves.log,
        f"{call}: expected a step, but `optimiser.step()` was never called, so nobody "
        "learns.",
    )
    learner.expect(
        "zero_grad" in moves.log,
        f"{call}: `optimiser.zero_grad()` was never called; the gradients of earlier "
        "turns would be added to this one's.",
    )
    learner.expect(
        moves.had_gradient,
        f"{call}: at `optimiser.step()` there was no gradient. First zero_grad, then "
        "`value.backward()`, then step.",
    )
    learner.expect(
        moves.log == ["zero_grad", "step"],
        f"{call}: expected zero_grad and then step, once each, got "
        f"{', '.join(moves.log)}.",
    )


def _is_number(learner: Learner, got: object) -> None:
    learner.expect_type(
        got, float, cause="`value.item()` makes a plain number of the loss."
    )


# 6.3 critic_turn ----------------------------------------------------------------
# fake = 0.5, 1.5 and real = 2, 4: the means are 1 and 3, the loss is w (1 - 3) = -3.


def critic_returns_the_loss(learner: Learner) -> None:
    """The loss before the step is -3."""
    got = Game().critic_turn(learner)
    _is_number(learner, got)
    learner.expect_close(
        got,
        -3.0,
        1e-5,
        "The critic scores the real pieces 4.5 in the mean and the fakes 1.5.",
        known=[
            (3.0, "Real and fake have changed places in the call of `loss`."),
            (0.0, "`loss` needs the real pieces and the fakes, in this order."),
            (-3.4, "That is the loss after the step; keep the one from before."),
        ],
    )


def critic_leaves_the_generator(learner: Learner) -> None:
    """No gradient reaches the generator."""
    game = Game()
    game.critic_turn(learner)
    learner.expect(
        game.weight.grad is None,
        "critic_turn(...): a gradient flowed on into the generator's weights. Detach "
        "the fakes before the critic scores them: `fake.detach()`.",
    )


def critic_steps_in_order(learner: Learner) -> None:
    """Zero, backward, step."""
    game = Game()
    game.critic_turn(learner)
    _expect_order(learner, game.critic_moves, "critic_turn")


def critic_learns(learner: Learner) -> None:
    """The weight w goes from 1.5 by 0.1 times 2 to 1.7."""
    game = Game()
    game.critic_turn(learner)
    learner.call = "The critic's weight after critic_turn(...)"
    learner.expect_close(
        game.critics_weight.detach(),
        torch.tensor(1.7),
        1e-5,
        "Its gradient is 1 - 3 = -2, and the step goes against it.",
        known=[
            (torch.tensor(1.5), "It did not move: call backward and then step."),
            (torch.tensor(1.3), "It moved the wrong way."),
        ],
    )


def critic_forgets_old_gradients(learner: Learner) -> None:
    """What an earlier turn left counts no more."""
    game = Game()
    game.critics_weight.grad = torch.tensor(100.0)  # left by the generator's turn
    game.critic_turn(learner)
    learner.call = "The critic's weight after critic_turn(...)"
    learner.expect_close(
        game.critics_weight.detach(),
        torch.tensor(1.7),
        1e-4,
        "A gradient of 100 had been left there by an earlier turn. zero_grad comes "
        "before backward.",
    )


# 6.4 generator_turn -------------------------------------------------------------
# fake = g * noise = 0.5, 1.5; the scores are 0.75 and 2.25, the loss is -1.5.


def generator_returns_the_loss(learner: Learner) -> None:
    """The loss before the step is -1.5."""
    learner.causes["RuntimeError"] = (
        "Somewhere the way back to the generator is cut: detach nothing here."
    )
    got = Game().generator_turn(learner)
    _is_number(learner, got)
    learner.expect_close(
        got,
        -1.5,
        1e-5,
        "The generator makes 0.5 and 1.5, and the critic scores them 0.75 and 2.25.",
        known=[
            (1.5, "`loss` has the sign already."),
            (-3.0, "The critic scored the noise, not what was made of it."),
            (-1.0, "The loss looks at the critic's scores, not at the pieces."),
        ],
    )


def generator_goes_through_the_critic(learner: Learner) -> None:
    """The gradient by g is -w times the mean noise: -3."""
    game = Game()
    game.generator_turn(learner)
    learner.expect(
        game.weight.grad is not None,
        "generator_turn(...): no gradient reached the generator's weights. Detach "
        "nothing here: the gradient has to come through the critic.",
    )


def generator_steps_in_order(learner: Learner) -> None:
    """Zero, backward, step; the critic is not stepped."""
    game = Game()
    game.generator_turn(learner)
    _expect_order(learner, game.generator_moves, "generator_turn")


def generator_learns(learner: Learner) -> None:
    """The weight g goes from 0.5 by 0.1 times 3 to 0.8; w stays."""
    game = Game()
    game.generator_turn(learner)
    learner.call = "The generator's weight after generator_turn(...)"
    learner.expect_close(
        game.weight.detach(),
        torch.tensor(0.8),
        1e-5,
        "Its gradient is -1.5 * 2 = -3, and the step goes against it.",
        known=[
            (torch.tensor(0.5), "It did not move: call backward and then step."),
            (torch.tensor(0.2), "It moved the wrong way."),
        ],
    )
    learner.call = "The critic's weight after generator_turn(...)"
    learner.expect_close(
        game.critics_weight.detach(),
        torch.tensor(1.5),
        1e-9,
        "In the generator's turn the critic stays as it is.",
    )


def generator_forgets_old_gradients(learner: Learner) -> None:
    """What an earlier turn left counts no more."""
    game = Game()
    game.weight.grad = torch.tensor(100.0)
    game.generator_turn(learner)
    learner.call = "The generator's weight after generator_turn(...)"
    learner.expect_close(
        game.weight.detach(),
        torch.tensor(0.8),
        1e-4,
        "A gradient of 100 had been left there by an earlier turn. zero_grad comes "
        "before backward.",
    )

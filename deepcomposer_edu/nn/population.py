"""Population-based training: the rules, and who went on from whom.

Several members learn for a while, each with settings of its own. Then they are
compared: the worst take over the weights and the settings of the best (exploit), change
those settings a little (explore), and all learn on. So a schedule of settings is found
while training, at the cost of one training a member (Jaderberg et al. 2017).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from deepcomposer_edu.errors import InputError

FACTORS = (0.8, 1.2)  # Jaderberg et al. 2017, section 4.1.1: "perturb"
SHARE = 0.25  # of four members the worst and the best; the paper takes 0.2


def exploit(
    scores: Sequence[float], random: torch.Generator, share: float = SHARE
) -> list[int]:
    """Return which member each one goes on from: itself, or one of the best.

    With n scores, the max(1, int(share * n)) worst each go on from one of as many best,
    drawn at chance ("truncation selection"); so does whoever died.

    Args:
        scores: one a member, higher is better; minus infinity for one that died. Of
            equal scores, the earlier counts as the better.
        random: whence the draws.
        share: how many are among the best, and how many among the worst; 0 to 0.5.

    Returns:
        A number from 0 to n - 1 for each member: its own if it stays what it is.

    >>> exploit([3.0, 9.0, 1.0, 5.0], torch.Generator())
    [0, 1, 1, 3]
    """
    n = max(1, int(share * len(scores)))
    ranked = sorted(range(len(scores)), key=lambda i: scores[i], reverse=True)
    best = [i for i in ranked[:n] if scores[i] > -math.inf]
    parents = list(range(len(scores)))
    for i in range(len(scores)):
        if i in ranked[-n:] or scores[i] == -math.inf:
            parents[i] = best[int(torch.randint(len(best), (), generator=random))]
    return parents


def explore(
    settings: Mapping[str, float],
    random: torch.Generator,
    factors: Sequence[float] = FACTORS,
) -> dict[str, float]:
    """Return settings near to given ones: each times one of the factors, at chance.

    Each setting has a draw of its own, so one may grow while another shrinks.

    Args:
        settings: numbers by name; they are not changed.
        random: whence the draws.
        factors: what a setting may be multiplied by, each as likely.

    >>> explore({"learning_rate": 1.0}, torch.Generator(), factors=[0.5])
    {'learning_rate': 0.5}
    """
    return {
        name: value * factors[int(torch.randint(len(factors), (), generator=random))]
        for name, value in settings.items()
    }


@dataclass(frozen=True)
class Turn:
    """What one member did in one round.

    Args:
        round: counted from 0.
        member: its number, from 0.
        settings: what it learned with.
        score: what was measured at the end of the round; None if it died.
        parent: the member whose weights it goes on from in the next round: itself, or a
            better one.
        problem: what it died of, one sentence; empty if it did not.
    """

    round: int
    member: int
    settings: Mapping[str, float]
    score: float | None
    parent: int
    problem: str = ""


@dataclass(frozen=True)
class Population:
    """Who learned with what, and who goes on from whom.

    Args:
        turns: round after round, in each one member after the other.
        metric: what was measured.
        lower_is_better: whether a lower value is the better.
        run: the run folder; None if there is none.
    """

    turns: tuple[Turn, ...] = ()
    metric: str = "valid_loss"
    lower_is_better: bool = True
    run: Path | None = field(default=None, compare=False)

    @property
    def n_members(self) -> int:
        """How many there are."""
        return 1 + max((turn.member for turn in self.turns), default=-1)

    @property
    def n_rounds(self) -> int:
        """How many rounds are over."""
        return 1 + max((turn.round for turn in self.turns), default=-1)

    def round(self, number: int) -> list[Turn]:
        """Return the turns of a round."""
        return [turn for turn in self.turns if turn.round == number]

    def fitness(self, turn: Turn) -> float:
        """Return what `exploit` compares: higher is better, died is minus infinity."""
        if turn.score is None or not math.isfinite(turn.score):
            return -math.inf
        return -turn.score if self.lower_is_better else turn.score

    @property
    def best(self) -> Turn:
        """The best turn of the last round.

        Raises:
            InputError: if no round is over.
        """
        if not self.turns:
            raise InputError("No round of this population is over yet; train it first.")
        return max(self.round(self.n_rounds - 1), key=self.fitness)

    def lineage(self, member: int | None = None) -> list[Turn]:
        """Return the turns that made a member what it is, the earliest first.

        Args:
            member: its number, as it is in the last round; None: the best.
        """
        member = self.best.member if member is None else member
        line = [self.round(self.n_rounds - 1)[member]]
        for number in reversed(range(self.n_rounds - 1)):
            line.append(self.round(number)[self.round(number)[line[-1].member].parent])
        return line[::-1]

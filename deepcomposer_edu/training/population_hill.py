"""A hill that shows in a millisecond what population-based training is for.

It is after the example of Jaderberg et al. 2017, figure 2: the height is to be climbed,
but a member sees only a hill whose two axes its settings weigh. With a weight near 0 it
hardly moves along that axis. (In the paper the weights of two members are 1 and 0, and
0 and 1; here `BEGIN_WEIGHTS`, as a factor cannot move a 0.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from deepcomposer_edu.nn.population import Population

TOP = 1.2  # the height at (0, 0)
BEGIN = 0.9  # both axes, where every member begins
BEGIN_WEIGHTS = ({"a": 1.0, "b": 0.02}, {"a": 0.02, "b": 1.0})
RANGES = {"a": (0.02, 1.0), "b": (0.02, 1.0)}


def height(place: Tensor) -> Tensor:
    """Return the true height, which nobody can climb directly: 1.2 - x² - y²."""
    return TOP - place.square().sum(dim=-1)


@dataclass
class HillMembers:
    """Members that climb the hill they see: 1.2 - a x² - b y², a and b their settings.

    Args:
        round_steps: steps of a round.
        rate: learning rate.
    """

    round_steps: int = 4
    rate: float = 0.02
    metric: str = field(default="height", init=False)
    lower_is_better: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.places: dict[int, Tensor] = {}
        self.paths: dict[int, list[Tensor]] = {}
        """Where each member was after every step; a jump is a taking over."""

    def train(self, member: int, settings: Mapping[str, float], _: int) -> float:
        """Climb for a round and return the true height."""
        place = self.places.setdefault(member, torch.full((2,), BEGIN))
        path = self.paths.setdefault(member, [place])
        weights = torch.tensor([settings["a"], settings["b"]])
        for _ in range(self.round_steps):
            place = place - self.rate * 2 * weights * place  # up the hill that it sees
            path.append(place)
        self.places[member] = place
        return height(place).item()

    def copy(self, parent: int, member: int, _: int) -> None:
        """Go on from where the parent stands."""
        self.places[member] = self.places[parent]

    def publish(self, population: Population) -> None:
        """Show nothing."""

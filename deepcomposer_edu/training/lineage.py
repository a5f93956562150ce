"""Who learned with what in a population, and who goes on from whom; its files."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, read_json_lines

LINEAGE = "lineage.jsonl"  # in a run folder: one line a turn
PLAN = "population.json"  # in a run folder: how it was begun


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

    def founders(self) -> list[int]:
        """Return for each member of the last round whose weights it began with."""
        return [self.lineage(member)[0].member for member in range(self.n_members)]


def read_plan(run: str | Path) -> dict[str, object]:
    """Return how the population of a run folder was begun.

    Raises:
        InputError: if the folder holds none, or a damaged one.
    """
    path = Path(run) / PLAN
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(plan["ranges"], dict) or not isinstance(plan["seed"], int):
            raise ValueError("a value has the wrong type")
        return plan
    except FileNotFoundError as error:
        raise InputError(
            f"The folder {run} holds no population ({PLAN} is missing); train one."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read ({error}); start a new population."
        ) from error


def load_population(run: str | Path) -> Population:
    """Return the population of a run folder, as far as it has come.

    Raises:
        InputError: if the folder holds none, or a damaged one.
    """
    run = Path(run)
    plan = read_plan(run)
    try:
        turns = tuple(Turn(**row) for row in read_json_lines(run / LINEAGE))
        return Population(
            turns, str(plan["metric"]), bool(plan["lower_is_better"]), run
        )
    except (TypeError, KeyError) as error:
        raise InputError(
            f"{run / LINEAGE} is damaged ({error}); start a new population."
        ) from error


def write_lineage(run: Path, population: Population) -> None:
    """Write who learned with what and goes on from whom, all or nothing."""
    with atomic_path(run / LINEAGE) as temporary:
        lines = (json.dumps(asdict(turn)) + "\n" for turn in population.turns)
        temporary.write_text("".join(lines), encoding="utf-8")

"""What came out of a judging, as plain data: one standing for each entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.scores import Said
from deepcomposer_edu.errors import InputError


@dataclass(frozen=True)
class Standing:
    """One entry and what it reached.

    Args:
        code: what judges called it.
        file: of the entry.
        card: what its composers say.
        report: what a machine said, as plain data.
        auto: the machine's points by criterion, 0 to 10 each.
        human: the judges' points by key: the mark, evened out, times its weight.
        marks: the judges' marks as given, by key; one list for each.
        total: of 100; nan if nobody judged it.
        bonus: of 10, for the brief.
        low: where total and bonus together probably lie, the lower end, as far as
            judges make it uncertain; nan if that cannot be told.
        high: the upper end.
        said: what judges said, in a fixed order.
        rank: 1 is the first; None if it is not ranked.
        flags: a sentence for each flag.
        felt: how many judges felt each word.
        n_agree: how many felt something that the composers declared; None if they
            declared none of the words.
    """

    code: str
    file: str
    card: Card
    report: Mapping
    auto: dict[str, float]
    human: dict[str, float] = field(default_factory=dict)
    marks: dict[str, list[int]] = field(default_factory=dict)
    total: float = float("nan")
    bonus: float = 0.0
    low: float = float("nan")
    high: float = float("nan")
    said: tuple[Said, ...] = ()
    rank: int | None = None
    flags: tuple[str, ...] = ()
    felt: dict[str, int] = field(default_factory=dict)
    n_agree: int | None = None

    @property
    def points(self) -> float:
        """All its points, of 110: what decides the rank."""
        return self.total + self.bonus

    @property
    def n_judges(self) -> int:
        """How many judges scored it."""
        return len(self.said)

    @property
    def is_held(self) -> bool:
        """Whether a flag keeps it from being ranked."""
        return bool(self.flags) and self.rank is None


@dataclass(frozen=True)
class Results:
    """What came out of a judging.

    Args:
        contest: which judging.
        standings: the ranked ones in order, then those that are not.
        judges: their names, in the order of `lenient`.
        lenient: points of a mark that each gives more than the mean of all.
        agreed: Krippendorff's alpha of each key, and of the "total".
        kendall: Kendall's W of the totals; nan unless every judge scored everything.
        notes: a sentence for everything that limits what the results are worth.
        skipped: a sentence for each file that could not be used.
    """

    contest: str
    standings: tuple[Standing, ...]
    judges: tuple[str, ...] = ()
    lenient: tuple[float, ...] = ()
    agreed: dict[str, float] = field(default_factory=dict)
    kendall: float = float("nan")
    notes: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def ranked(self) -> tuple[Standing, ...]:
        """Those that have a rank, the first one first."""
        return tuple(one for one in self.standings if one.rank is not None)

    def find(self, code: str) -> Standing:
        """Return the standing of an entry.

        Raises:
            InputError: if there is none with this code.
        """
        for one in self.standings:
            if one.code == code:
                return one
        known = ", ".join(sorted(one.code for one in self.standings))
        raise InputError(f"There is no entry {code[:20]!r}; there are {known}.")

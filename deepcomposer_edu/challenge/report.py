"""What a check finds: gates, criteria, the worst bar, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from deepcomposer_edu.corpora.novelty import Novelty

MOST = 10.0  # points of a criterion that a machine gives


@dataclass(frozen=True)
class Gate:
    """Something that an entry must have; without it nobody judges it.

    Args:
        name: such as "length".
        passed: whether it has it; None: not looked at (no sound was given, say).
        sentence: what was found.
        mend: what to do if it was not passed, else "".
    """

    name: str
    passed: bool | None
    sentence: str
    mend: str = ""


@dataclass(frozen=True)
class Part:
    """One number of a criterion, and what it is worth.

    Args:
        name: such as "chords on the beats".
        value: as measured.
        points: 0 to 10, by percentile among real chorales; or 0 and 10 for what is
            so or is not.
        usual: 5th, 50th and 95th percentile of real chorales, None for yes and no.
        sentence: all of it in words.
    """

    name: str
    value: float
    points: float
    usual: tuple[float, float, float] | None
    sentence: str


@dataclass(frozen=True)
class Criterion:
    """One of the four criteria that a machine has something to say about.

    Args:
        name: "originality", "rhythm", "accompaniment" or "cleanliness".
        title: the criterion in words.
        points: the mean of its parts', 0 to 10.
        parts: the numbers behind it.
        sentence: what costs most.
    """

    name: str
    title: str
    points: float
    parts: tuple[Part, ...]
    sentence: str


@dataclass(frozen=True)
class Worst:
    """The bar that costs most.

    Args:
        bar: its number, from 1; 0 is the upbeat.
        start: its first step.
        end: the step after its last.
        start_seconds: when it begins.
        end_seconds: when it ends.
        faults: what a teacher would mark in it, a sentence each.
        sentence: why it is the worst.
    """

    bar: int
    start: float
    end: float
    start_seconds: float
    end_seconds: float
    faults: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class CheckReport:
    """What a machine can say about an entry.

    Args:
        title: of the piece.
        seconds: how long the music lasts, by its notes and tempos.
        gates: what it must have.
        criteria: four of them, each 0 to 10 points; () if it has not four voices.
        worst: the bar that costs most, None if there is nothing to judge.
        bonus: 0 to 5 points for how much it is like Bach, part of "brief fit".
        grade: how many of 100 real chorales are less like Bach's ways; nan if unknown.
        novelty: how much of it stands in the chorales that models learned from.
        notes: a sentence for each thing that could not be judged, and why.
        curves: for information, no points: "bars" (numbers), "loudness" (mean velocity)
            and "tension" (share of dissonant pairs), one value for each bar.
    """

    title: str
    seconds: float
    gates: tuple[Gate, ...]
    criteria: tuple[Criterion, ...] = ()
    worst: Worst | None = None
    bonus: float = 0.0
    grade: float = float("nan")
    novelty: Novelty | None = None
    notes: tuple[str, ...] = ()
    curves: dict[str, list[float]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether no gate is shut; gates that were not looked at do not count."""
        return all(gate.passed is not False for gate in self.gates)

    @property
    def points(self) -> float:
        """The machine's points, 0 to 40; 0 where nothing could be judged."""
        return sum(criterion.points for criterion in self.criteria)

    @property
    def shut(self) -> tuple[Gate, ...]:
        """The gates that were not passed."""
        return tuple(gate for gate in self.gates if gate.passed is False)

    def to_dict(self) -> dict[str, object]:
        """Return all of it as plain lists, numbers and texts, for JSON."""
        found = self.novelty
        return {
            "format": "deepcomposer-edu challenge check",
            "format_version": 1,
            "title": self.title,
            "seconds": round(self.seconds, 3),
            "passed": self.passed,
            "points": round(self.points, 2),
            "most_points": len(self.criteria) * MOST,
            "bonus": round(self.bonus, 2),
            "grade": None if self.grade != self.grade else round(self.grade, 1),
            "gates": [asdict(gate) for gate in self.gates],
            "criteria": [asdict(criterion) for criterion in self.criteria],
            "worst": None if self.worst is None else asdict(self.worst),
            "novelty": None
            if found is None
            else {
                "overlap_4": _number(found.overlap_4),
                "overlap_8": _number(found.overlap_8),
                "percentile": found.percentile,
                "closest": {
                    "bwv": found.closest.bwv,
                    "title": found.closest.title,
                    "bar": found.closest.bar,
                    "own_bar": found.closest.own_bar,
                    "agreement": found.closest.agreement,
                },
                "sentence": found.sentence,
            },
            "notes": list(self.notes),
            "curves": {name: list(values) for name, values in self.curves.items()},
        }

    def page(self, **options: object) -> str:
        """Return the report as one HTML page; see `check_page.check_page`."""
        from deepcomposer_edu.challenge.check_page import check_page

        return check_page(self, **options)


def _number(value: float) -> float | None:
    """Return a number that JSON knows: None for nan."""
    return None if value != value else value

"""A ladder of counting models: how much of a chorale is predicted by how little.

Each rung counts how often a voice moves by which interval, in more and more detail
about what went before. A network has to climb above the highest rung to have learned
anything that counting does not know.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np

ORDER = (0, 3, 1, 2)  # soprano, bass, alto, tenor: later voices know the earlier ones
N_SYMBOLS = 48  # pitches and the rest: what a voice could do if nothing were known
HELD_STEPS = 17  # "held for sixteen steps or longer" is one case
STRENGTH = 5.0  # how many counts the simpler rung is worth, chosen on the valid split
REST, BEGIN = "rest", "begin"


@dataclass(frozen=True)
class Moment:
    """What may be known when a voice's next cell is guessed.

    Args:
        voice: which one.
        step: step of the piece.
        held: steps for which the voice's note has lasted.
        moves: for the voices already guessed in this step, whether they moved.
    """

    voice: int
    step: int
    held: int
    moves: tuple[bool, ...]


Detail = Callable[[Moment], Hashable]
DETAILS: dict[str, Detail] = {
    "beat": lambda m: m.step % 16,
    "held": lambda m: min(m.held, HELD_STEPS),
    "moves": lambda m: m.moves,
}


@dataclass
class CountingModel:
    """P(interval | voice and details), by counting, smoothed by the rung below.

    p(x | c) = (n(x, c) + STRENGTH p(x | shorter c)) / (n(c) + STRENGTH), down to the
    same probability for everything.

    Args:
        details: names in DETAILS, in the order in which they are added.
        is_interval: whether the interval is counted (so that keys do not matter), or
            the pitch itself, whatever was before.
    """

    details: Sequence[str] = ()
    is_interval: bool = True
    _counts: dict[Hashable, Counter] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    def learn(self, pieces: Iterable[np.ndarray]) -> CountingModel:
        """Count the pieces, each (4, T) of MIDI pitches, -1 for a rest."""
        for pitches in pieces:
            for moment, before, now in moments(pitches):
                symbol = self._symbol(before, now)
                for context in self._contexts(moment, before):
                    self._counts[context][symbol] += 1
        return self

    def nats(self, pitches: np.ndarray) -> float:
        """Return the sum of -ln p over all 4 T cells of a piece."""
        return sum(
            -log(self.probability(moment, before, now))
            for moment, before, now in moments(pitches)
        )

    def probability(self, moment: Moment, before: int | None, now: int) -> float:
        """Return the probability of a voice's next cell, above 0."""
        symbol, found = self._symbol(before, now), 1.0 / N_SYMBOLS
        for context in self._contexts(moment, before):
            seen = self._counts.get(context, Counter())
            total = seen.total() + STRENGTH
            found = (seen[symbol] + STRENGTH * found) / total
        return found

    def _symbol(self, before: int | None, now: int) -> Hashable:
        if now < 0:
            return REST
        if self.is_interval and before is not None and before >= 0:
            return now - before
        return (BEGIN, now)

    def _contexts(self, moment: Moment, before: int | None) -> list[Hashable]:
        """Return the contexts from the simplest to the fullest."""
        # after a rest there is no interval: those cells are counted by themselves
        is_open = before is None or before < 0
        context = (moment.voice, is_open if self.is_interval else False)
        found = [context]
        for name in self.details:
            context = (*context, DETAILS[name](moment))
            found.append(context)
        return found


def moments(pitches: np.ndarray) -> Iterable[tuple[Moment, int | None, int]]:
    """Yield each cell of a piece (4, T) with what may be known before it is guessed.

    Yields:
        The moment, the pitch before it (None at the beginning, -1 a rest), the pitch.
    """
    cells = pitches.tolist()
    held = [0, 0, 0, 0]
    for step in range(len(cells[0])):
        moves: list[bool] = []
        for voice in ORDER:
            before = cells[voice][step - 1] if step else None
            now = cells[voice][step]
            yield Moment(voice, step, held[voice], tuple(moves)), before, now
            moves.append(now != before)
            held[voice] = held[voice] + 1 if now == before else 1


def ladder() -> dict[str, CountingModel]:
    """Return the rungs, from the lowest to the highest, still without counts."""
    return {
        "unigram": CountingModel(is_interval=False),
        "interval": CountingModel(),
        "interval, beat": CountingModel(("beat",)),
        "interval, beat, moves": CountingModel(("beat", "moves")),
        "interval, beat, moves, held": CountingModel(("beat", "moves", "held")),
    }

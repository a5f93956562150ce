"""The results of a class together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

from deepcomposer_edu.compose.blind.published import (
    PUBLISHED,
    RECOGNISED,
    RIGHT,
    SPOTTED,
    WHAT_IS_COUNTED,
)
from deepcomposer_edu.compose.blind.result import Result, Share, share_of
from deepcomposer_edu.compose.blind.result_files import read_result
from deepcomposer_edu.compose.blind.rounds import NAMES
from deepcomposer_edu.errors import InputError


@dataclass(frozen=True)
class Pooled:
    """Several results together.

    Args:
        results: those that could be used, in the order given.
        skipped: a sentence for each file that could not.
    """

    results: tuple[Result, ...]
    skipped: tuple[str, ...] = ()

    def share(self, counts: str) -> Share:
        """Return a share of all answers, as `Result.share` does."""
        answers = [answer for result in self.results for answer in result.judged]
        return share_of([(a.is_real, a.said) for a in answers], counts)

    @property
    def of_players(self) -> list[Share]:
        """The right answers of each result, the best first."""
        shares = [result.share(RIGHT) for result in self.results if result.n_judged]
        return sorted(shares, key=lambda share: -(share.value or 0))

    def of_one_test(self) -> list[Result]:
        """Return the results of one test, the one that most results are of."""
        digests = [result.test for result in self.results]
        most = max(set(digests), key=lambda one: (digests.count(one), one))
        return [result for result in self.results if result.test == most]

    def places(self) -> list[tuple[int, str, Share]]:
        """Return place, name and right answers of those who took the one test.

        Who has as many right shares a place, and the next place is counted on from all
        who are before. Rounds that were not judged count as not right.
        """
        found = [
            (one.player, one.share(RIGHT)) for one in self.of_one_test() if one.n_judged
        ]
        found.sort(key=lambda row: (-row[1].n, row[0].casefold()))
        rights = [share.n for _, share in found]
        return [(rights.index(share.n) + 1, name, share) for name, share in found]

    def rounds(self) -> list[tuple[str, bool, Share]]:
        """Return title, whether it was real, and right answers of each round.

        Only rounds of the one test are compared; those that fooled most come first.
        """
        same = self.of_one_test()
        found = []
        for number, answer in enumerate(same[0].answers):
            here = [r.answers[number] for r in same if number < len(r.answers)]
            share = share_of([(a.is_real, a.said) for a in here], RIGHT)
            if share.n_all:
                found.append((answer.title, answer.is_real, share))
        return sorted(found, key=lambda row: row[2].value or 0)

    def sentences(self) -> list[str]:
        """Return the class's result in words."""
        listeners = self.of_players
        if not listeners:
            return ["Nobody has judged a round yet.", *self.skipped]
        names = self.results[0].names
        values = [share.value or 0 for share in listeners]
        words = [
            f"{len(listeners)} listeners judged {self.share(RIGHT).n_all} rounds.",
            *(
                f"{WHAT_IS_COUNTED[counts].capitalize()}: {self.share(counts)}."
                for counts in (RIGHT, RECOGNISED, SPOTTED)
            ),
        ]
        if len(values) > 1:
            words.append(
                f"From listener to listener: {min(values):.0%} to {max(values):.0%}, "
                f"mean {mean(values):.0%}, standard deviation {stdev(values):.0%}. The "
                "intervals take all answers to be independent; those of one listener "
                "are not quite, so they are a little too narrow."
            )
        if names == NAMES:
            words += [
                f"{figure.who}, {WHAT_IS_COUNTED[figure.counts]}: {figure.words}."
                for figure in PUBLISHED
            ]
        for title, is_real, share in self.rounds()[:3]:
            whose = names[0] if is_real else names[1]
            words.append(
                f"Hardest to tell: {title or 'a round'} ({whose}): right {share}."
            )
        return [*words, *self.skipped]


def pool(paths: Iterable[str | Path]) -> Pooled:
    """Return the results of several files together.

    A file that cannot be read, or holds no result, is left out with a sentence, and so
    is a result that was given twice or compares other things than the first. That an
    answer is honest cannot be seen: whoever can write a file can write any result.

    Args:
        paths: files, or folders whose .json files are meant.

    Raises:
        InputError: if there is no result in any of them.
    """
    results: list[Result] = []
    skipped: list[str] = []
    seen: set[str] = set()
    for path in _files(paths):
        try:
            result = read_result(path)
        except InputError as error:
            skipped.append(str(error))
            continue
        if result.id in seen:
            skipped.append(f"{path} holds a result that was read already; left out.")
        elif results and result.names != results[0].names:
            skipped.append(
                f"{path} compares {result.names[0]} and {result.names[1]}, not "
                f"{results[0].names[0]} and {results[0].names[1]}; left out."
            )
        else:
            seen.add(result.id)
            results.append(result)
    if not results:
        first = f" {skipped[0]}" if skipped else ""
        raise InputError(
            "None of the files holds a result of Bach or bot; give the JSON files that "
            f"listeners saved.{first}"
        )
    return Pooled(tuple(results), tuple(skipped))


def _files(paths: Iterable[str | Path]) -> list[Path]:
    found: list[Path] = []
    for path in map(Path, paths):
        found += sorted(path.glob("*.json")) if path.is_dir() else [path]
    return found

"""What a listener answered, what it is worth, and the same as a small file."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deepcomposer_edu.compose.blind.published import (
    PUBLISHED,
    RECOGNISED,
    RIGHT,
    SPOTTED,
)
from deepcomposer_edu.compose.blind.rounds import NAMES, BlindTest
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.music.shares import chance_of_at_least, wilson_interval

FORMAT, FORMAT_VERSION = "deepcomposer bach-or-bot result", 1
MAX_PLAYER = 40  # letters


@dataclass(frozen=True)
class Answer:
    """One round of a result.

    Args:
        is_real: whether it was the person's music.
        said: whether the listener said so; None: not judged.
        title: where the music comes from.
        says: what each machine judge said, by name.
        heard: what can be counted in the music, by name.
    """

    is_real: bool
    said: bool | None = None
    title: str = ""
    says: Mapping[str, bool] = field(default_factory=dict)
    heard: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Share:
    """A share of answers, and between what it lies.

    Args:
        n: how many answers are so.
        n_all: of how many; 0: there is no answer yet.
    """

    n: int
    n_all: int

    @property
    def value(self) -> float | None:
        """The share, None without answers."""
        return self.n / self.n_all if self.n_all else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %; (0, 1) without answers."""
        return wilson_interval(self.n, self.n_all) if self.n_all else (0.0, 1.0)

    def __str__(self) -> str:
        if not self.n_all:
            return "no answers"
        low, high = self.interval
        return f"{self.n} of {self.n_all} ({low:.0%} to {high:.0%})"


@dataclass(frozen=True)
class Result:
    """What one listener answered in one test.

    Args:
        answers: one for each round, in order.
        names: what the person and the machine are called.
        test: digest of the test, the same for all who took it.
        about: what was compared.
        player: a name to tell results apart, or "".
        id: letters that no other result has.
    """

    answers: tuple[Answer, ...]
    names: tuple[str, str] = NAMES
    test: str = ""
    about: str = ""
    player: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def judged(self) -> list[Answer]:
        """The rounds that were answered."""
        return [answer for answer in self.answers if answer.said is not None]

    @property
    def n_judged(self) -> int:
        """How many rounds were answered."""
        return len(self.judged)

    @property
    def n_right(self) -> int:
        """How many answers are right."""
        return self.share(RIGHT).n

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 % for the share of right answers."""
        return self.share(RIGHT).interval

    @property
    def called_real(self) -> tuple[Share, Share]:
        """How much of the person's music, and of the machine's, was called real."""
        spotted = self.share(SPOTTED)
        fooled = Share(spotted.n_all - spotted.n, spotted.n_all)
        return self.share(RECOGNISED), fooled

    def share(self, counts: str) -> Share:
        """Return a share of the answers.

        Args:
            counts: RIGHT (of all), SPOTTED (of the machine's) or RECOGNISED (of the
                person's), as in `published`.
        """
        return share_of([(a.is_real, a.said) for a in self.judged], counts)

    def judges(self) -> dict[str, Share]:
        """Return how many rounds each machine judge got right, of all rounds."""
        names = dict.fromkeys(name for a in self.answers for name in a.says)
        return {
            name: share_of([(a.is_real, a.says.get(name)) for a in self.answers], RIGHT)
            for name in names
        }

    def sentences(self) -> list[str]:
        """Return the result in words."""
        if not self.n_judged:
            return ["No round has been judged yet."]
        return [*_own_words(self), *_published_words(self)]

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    def to_dict(self) -> dict[str, object]:
        """Return the result as it stands in a file."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "id": self.id,
            "test": self.test,
            "about": self.about,
            "names": list(self.names),
            "player": self.player,
            "rounds": [
                {
                    "real": a.is_real,
                    "said": a.said,
                    "title": a.title,
                    "says": dict(a.says),
                    "heard": dict(a.heard),
                }
                for a in self.answers
            ],
        }

    def save(self, path: str | Path) -> Path:
        """Write the result as a JSON file and return its path.

        Raises:
            InputError: if it cannot be written.
        """
        with atomic_path(path) as temporary:
            text = json.dumps(self.to_dict(), indent=1, ensure_ascii=False)
            temporary.write_text(text + "\n", encoding="utf-8")
        return Path(path)


def result_of(
    test: BlindTest,
    said: Sequence[bool | None],
    player: str = "",
    result_id: str | None = None,
) -> Result:
    """Return the result of a test.

    Args:
        test: what was heard.
        said: for each round whether the listener said real; None: not judged.
        player: a name to tell results apart.
        result_id: letters that no other result has; new ones if left out.

    Raises:
        InputError: if there is not one answer for each round.
    """
    said = list(said)
    if len(said) != len(test.rounds) or any(
        one not in (True, False, None) for one in said
    ):
        raise InputError(
            f"There are {len(said)} answers for {len(test.rounds)} rounds; give True, "
            "False or None for each."
        )
    answers = tuple(
        Answer(r.is_real, one, r.title, dict(r.says), dict(r.heard))
        for r, one in zip(test.rounds, said, strict=True)
    )
    return Result(
        answers,
        test.names,
        test.digest,
        test.about,
        str(player).strip()[:MAX_PLAYER],
        result_id or secrets.token_hex(8),
    )


def share_of(pairs: Sequence[tuple[bool, bool | None]], counts: str) -> Share:
    """Return a share of pairs (is it real, was it called real); None is left out."""
    answered = [(is_real, said) for is_real, said in pairs if said is not None]
    if counts == SPOTTED:
        answered = [pair for pair in answered if not pair[0]]
    elif counts == RECOGNISED:
        answered = [pair for pair in answered if pair[0]]
    return Share(sum(is_real == said for is_real, said in answered), len(answered))


def _own_words(result: Result) -> list[str]:
    share = result.share(RIGHT)
    low, high = share.interval
    words = [
        f"You were right in {share.n} of {share.n_all} rounds, {share.value:.0%}; your "
        f"true share lies probably between {low:.0%} and {high:.0%}."
    ]
    luck = chance_of_at_least(share.n, share.n_all)
    seldom = chance_of_at_least(share.n_all - share.n, share.n_all)
    if low <= 0.5 <= high:
        words.append(
            "Half of the rounds would be right by guessing, and that lies within: this "
            "does not show that you can hear the difference, nor that you cannot."
        )
    elif low > 0.5:
        words.append(
            "So you hear a difference: one who guesses gets as many right in "
            f"{luck:.1%} of all tests."
        )
    else:
        words.append(
            "So you hear a difference, but take the one for the other: one who guesses "
            f"is right as seldom in {seldom:.1%} of all tests."
        )
    real, fooled = result.called_real
    words.append(
        f"Called {result.names[0]}: {real} of {result.names[0]}'s own, {fooled} of "
        f"{result.names[1]}'s."
    )
    words += [f"{name}: right in {one}." for name, one in result.judges().items()]
    return words


def _published_words(result: Result) -> list[str]:
    """Return the published figures beside the same thing counted here."""
    if result.names != NAMES:
        return []
    words = []
    for figure in PUBLISHED:
        own = result.share(figure.counts)
        what = {
            RIGHT: "right answers",
            SPOTTED: "machine's pieces spotted",
            RECOGNISED: "Bach recognised",
        }[figure.counts]
        words.append(f"{figure.who}, {what}: {figure.words}; you: {own}.")
    return words

"""The test that every lesson's wrong answers go through."""

from collections.abc import Callable, Sequence

import pytest

from deepcomposer_edu.course import check


def refuses(wrong_answers: Sequence[tuple[str, Callable, str]]) -> Callable:
    """Return a test that each answer is refused in words that name its mistake.

    Args:
        wrong_answers: (exercise, the wrong answer, words of the message).
    """

    @pytest.mark.parametrize(
        ("number", "wrong", "words"),
        wrong_answers,
        ids=[f"{number}-{wrong.__name__}" for number, wrong, _ in wrong_answers],
    )
    def test(number: str, wrong: Callable, words: str) -> None:
        verdict = check(number, wrong)
        assert verdict.status == "refused"
        assert words in verdict.message

    return test

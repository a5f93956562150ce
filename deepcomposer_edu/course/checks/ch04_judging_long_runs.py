"""How the answers of lesson 04 are judged that are about long runs."""

import torch
from torch import Tensor

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.nn.sampling import NEVER


def _four() -> Tensor:
    """Return four logits, fresh ones: an answer may spoil what it is given."""
    return torch.tensor([1.0, 3.0, 2.0, 0.5])


def forbids_after_a_run(learner: Learner) -> None:
    """After three 1s in a row, 1 is forbidden if three are allowed."""
    got = learner(_four(), [0, 1, 1, 1], 3)
    learner.expect_shape(got, (4,))
    learner.expect_equal(
        got,
        torch.tensor([1.0, NEVER, 2.0, 0.5]),
        cause="Token 1 has come three times in a row; its logit becomes -inf.",
        known=[
            (_four(), "Nothing is forbidden; the run is full after the third."),
            (
                torch.tensor([1.0, 0.0, 2.0, 0.5]),
                "A logit of 0 can still be drawn: it means exp(0). Use NEVER.",
            ),
            (
                torch.tensor([NEVER, 3.0, NEVER, NEVER]),
                "It forbids all others: the model could say nothing else.",
            ),
        ],
    )


def allows_before_the_run_is_full(learner: Learner) -> None:
    """Two in a row are allowed, at the beginning as well."""
    for written in ([0, 1, 1], [1, 1], [1], []):
        learner.expect_equal(
            learner(_four(), written, 3),
            _four(),
            cause=f"With {len(written)} tokens written and three allowed in a row, "
            "nothing is forbidden yet.",
        )


def looks_at_the_end_only(learner: Learner) -> None:
    """What was repeated long ago does not matter."""
    learner.expect_equal(
        learner(_four(), [1, 1, 1, 1, 0], 3),
        _four(),
        cause="The run of 1s is over. Look only at the last tokens.",
    )
    learner.expect_equal(
        learner(_four(), [1, 0, 1, 0, 1], 3),
        _four(),
        cause="1 has come three times, but not in a row.",
    )


def a_forbidden_token_never_comes(learner: Learner) -> None:
    """A run of 1 means that no token comes twice in a row."""
    learner.expect_equal(
        learner(_four(), [2], 1),
        torch.tensor([1.0, 3.0, NEVER, 0.5]),
        cause="With max_run=1 the token that came last is forbidden.",
    )

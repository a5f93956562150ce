"""How the answers of lesson 10 are judged that are parts of attention."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import normals
from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.course.values import as_numpy
from deepcomposer_edu.nn.attention import NOT_ALLOWED

SHAPE = (2, 3, 4, 5)  # batch, heads, steps, channels of a head
_AXES = ("piece", "head", "step that looks", "step looked at")


# attend -------------------------------------------------------------------------


def _asked(n_queries: int = 4, n_keys: int = 4) -> tuple[Tensor, Tensor, Tensor]:
    return (
        normals(2, 3, n_queries, 5, seed=1),
        normals(2, 3, n_keys, 5, seed=2),
        normals(2, 3, n_keys, 5, seed=3),
    )


def _triangle(n: int = 4) -> Tensor:
    return torch.ones(n, n, dtype=torch.bool).tril()


def _pair(learner: Learner, got: object) -> tuple[Tensor, Tensor]:
    """Return (mixed, weights), or refuse what is no pair of tensors."""
    is_pair = isinstance(got, tuple) and len(got) == 2
    if not is_pair or not all(isinstance(one, Tensor) for one in got):
        learner.expect(
            False,
            f"{learner.call}: expected two tensors, (mixed, weights), got "
            f"{'a tensor' if isinstance(got, Tensor) else type(got).__name__}. Return "
            "both: what is taken home, and how much each step was looked at.",
        )
    return got


def attend_shapes(learner: Learner) -> None:
    """Three queries over five keys give three answers and 3 x 5 weights."""
    query, key, value = _asked(3, 5)
    mixed, weights = _pair(learner, learner(query, key, value))
    name = learner.call
    learner.call = f"the mixed values of {name}"
    learner.expect_shape(mixed, (2, 3, 3, 5), "One answer for each query.")
    learner.call = f"the weights of {name}"
    learner.expect_shape(
        weights, (2, 3, 3, 5), "A weight for each pair of a query and a key."
    )


def weights_are_shares(learner: Learner) -> None:
    """The weights of each query sum to 1."""
    query, key, value = _asked(3, 5)
    weights = _pair(learner, learner(query, key, value))[1]
    sums = weights.sum(-1)
    learner.call = f"The weights of {learner.call}, summed over the keys,"
    learner.expect_close(
        sums,
        torch.ones_like(sums),
        1e-4,
        "The softmax goes over the steps that are looked at: the last axis.",
        axes=_AXES[:3],
    )


def attend_by_hand(learner: Learner) -> None:
    """Scores of ln 3 and 0 make weights of 3/4 and 1/4."""
    query = torch.tensor([[[[2.0, 0.0, 0.0, 0.0]]]])  # D = 4, its root is 2
    three = float(torch.tensor(3.0).log())
    key = torch.tensor([[[[three, 9, 9, 9], [0.0, 9, 9, 9]]]])
    value = torch.tensor([[[[8.0], [16.0]]]])
    mixed, weights = _pair(learner, learner(query, key, value))
    name = learner.call
    learner.call = f"the weights of {name}"
    learner.expect_close(
        weights,
        torch.tensor([[[[0.75, 0.25]]]]),
        1e-4,
        "The dot products are 2 ln 3 and 0; divided by the root of D = 4 they are ln 3 "
        "and 0, so the weights are 3/4 and 1/4.",
        known=[
            (
                torch.tensor([[[[0.9, 0.1]]]]),
                "The dot products were not divided by the root of D.",
            ),
            (
                torch.tensor([[[[3**0.5, 1.0]]]]) / (1 + 3**0.5),
                "The dot products were divided by D, not by its root.",
            ),
            (torch.tensor([[[[0.5, 0.5]]]]), "The keys were not looked at."),
        ],
        axes=_AXES,
    )
    learner.call = f"the mixed value of {name}"
    learner.expect_close(
        mixed,
        torch.tensor([[[[10.0]]]]),
        1e-3,
        "3/4 of 8 and 1/4 of 16 are 10: the sum of the values, each times its weight.",
        known=[
            (torch.tensor([[[[12.0]]]]), "That is the plain mean of the values."),
            (torch.tensor([[[[8.0]]]]), "That takes the likeliest alone."),
        ],
    )


def attend_under_a_mask(learner: Learner) -> None:
    """What the mask forbids has no weight, and no influence."""
    query, key, value = _asked()
    weights = _pair(learner, learner(query, key, value, _triangle()))[1]
    scores = query @ key.transpose(-2, -1) / 5**0.5
    right = scores.masked_fill(~_triangle(), NOT_ALLOWED).softmax(-1)
    learner.call = f"The weights of {learner.call} under a triangle as mask"
    learner.expect_close(
        weights,
        right,
        1e-5,
        "Where the mask is False the score becomes -inf before the softmax.",
        known=[
            (
                scores.softmax(-1) * _triangle(),
                "The mask came after the softmax: what is forbidden still takes a part "
                "of the whole, and so the future is felt. Set scores to -inf first.",
            ),
            (
                scores.masked_fill(~_triangle(), 0.0).softmax(-1),
                "A forbidden score was set to 0. exp(0) is 1, no small share at all; "
                "-inf gives a share of 0.",
            ),
            (
                scores.masked_fill(_triangle(), NOT_ALLOWED).softmax(-1),
                "The mask is turned round: True is where a step may look.",
            ),
            (scores.softmax(-1), "The mask was not used."),
        ],
        axes=_AXES,
    )


def attend_with_a_bias(learner: Learner) -> None:
    """A bias is added to the scores of each head."""
    query, key, value = _asked()
    bias = normals(3, 4, 4, seed=5)
    weights = _pair(learner, learner(query, key, value, None, bias))[1]
    scores = query @ key.transpose(-2, -1)
    learner.call = f"The weights of {learner.call}"
    learner.expect_close(
        weights,
        (scores / 5**0.5 + bias).softmax(-1),
        1e-5,
        "The bias is added to the scores, after the division and before the softmax.",
        known=[
            ((scores / 5**0.5).softmax(-1), "The bias was not used."),
            (
                ((scores + bias) / 5**0.5).softmax(-1),
                "The bias was divided, too: only the dot products are.",
            ),
        ],
        axes=_AXES,
    )


def attend_as_torch_does(learner: Learner) -> None:
    """It agrees with torch's own attention."""
    query, key, value = _asked()
    mixed = _pair(learner, learner(query, key, value, _triangle()))[0]
    right = F.scaled_dot_product_attention(query, key, value, attn_mask=_triangle())
    learner.call = f"The mixed values of {learner.call}"
    learner.expect_close(
        mixed, right, 1e-4, "torch's own attention gives another answer."
    )


# causal_mask --------------------------------------------------------------------


def mask_by_hand(learner: Learner) -> None:
    """Three steps: a triangle."""
    got = learner(3, 3)
    learner.expect_shape(got, (3, 3), "A row for each query, a column for each key.")
    kind = as_numpy(got).dtype
    learner.expect(
        kind.name == "bool",
        f"{learner.call}: expected True and False (bool), got {kind}. A comparison "
        "gives bool.",
    )
    triangle = _triangle(3)
    learner.expect_equal(
        got,
        triangle,
        "Step 0 sees itself, step 1 sees 0 and 1, step 2 sees all three.",
        known=[
            (
                triangle.T,
                "Past and future are swapped: each step sees itself and what comes "
                "later.",
            ),
            (
                triangle.tril(-1),
                "A step may look at itself, too: `<=` where `<` stands. The first step "
                "would have nothing to look at.",
            ),
            (~triangle, "True is where a step may look, not where it may not."),
            (torch.ones(3, 3, dtype=torch.bool), "Every step sees everything."),
        ],
        axes=("step that looks", "step looked at"),
    )


def mask_of_one_new_step(learner: Learner) -> None:
    """One new step after four may look at all five."""
    learner.expect_equal(
        learner(1, 5),
        torch.ones(1, 5, dtype=torch.bool),
        "The queries are the last of the steps. This one is step 4 of 0 to 4 and may "
        "look at all of them.",
        known=[
            (
                torch.tensor([[True, False, False, False, False]]),
                "The query was taken for step 0. It is the newest: the first query is "
                "step n_keys - n_queries.",
            )
        ],
        axes=("step that looks", "step looked at"),
    )


def mask_of_some_new_steps(learner: Learner) -> None:
    """Two new steps after two: the first may not see the second."""
    for n_queries, n_keys in ((2, 4), (3, 7)):
        right = _triangle(n_keys)[-n_queries:]
        learner.expect_equal(
            learner(n_queries, n_keys),
            right,
            f"It is the last {n_queries} rows of the triangle of {n_keys} steps.",
            known=[
                (
                    torch.ones(n_queries, n_keys, dtype=torch.bool).tril(),
                    "The queries were taken for the first steps; they are the last.",
                ),
                (
                    torch.ones(n_queries, n_keys, dtype=torch.bool),
                    "Of several new steps the first may not see the later ones.",
                ),
            ],
            axes=("step that looks", "step looked at"),
        )

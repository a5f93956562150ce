"""How the answers of lesson 10 are judged that are about distances and the cache."""

from __future__ import annotations

import torch
from torch import Tensor

from deepcomposer_edu.course.checks.ch10_judging import SHAPE
from deepcomposer_edu.course.checks.random_inputs import normals
from deepcomposer_edu.course.learner import Learner

_TABLE = torch.tensor([[0.0, 1.0, 2.0, 3.0, 4.0], [0.0, -10, -20, -30, -40]])


def _bias(table: Tensor, n_queries: int, n_keys: int, first: int) -> Tensor:
    distance = torch.arange(first, first + n_queries)[:, None] - torch.arange(n_keys)
    return table[:, distance.clamp(0, table.shape[1] - 1)]


def bias_shape(learner: Learner) -> None:
    """A number for each head, query and key."""
    learner.expect_shape(
        learner(_TABLE, 3, 4),
        (2, 3, 4),
        "(H, T, S): the table's heads, then a row for each query.",
    )


def bias_by_hand(learner: Learner) -> None:
    """One step back gets the second number, two steps back the third."""
    right = _bias(_TABLE, 4, 4, 0)
    wrong_way = torch.arange(4) - torch.arange(4)[:, None]
    learner.expect_equal(
        learner(_TABLE, 4, 4),
        right,
        "From step 3, step 1 lies two back and gets number 2 of the table; each step "
        "gets number 0 for itself, and so does what lies ahead.",
        known=[
            (
                _TABLE[:, wrong_way.clamp(0, 4)],
                "The distance is turned round: it is the query's step minus the key's.",
            ),
            (
                _TABLE[:, wrong_way.abs()],
                "What lies ahead got a distance, too: a negative one becomes 0.",
            ),
            (
                _TABLE[:, :4][:, None].expand(2, 4, 4),
                "That is a number for each place of a key. The distance to the query "
                "counts, so that it means the same everywhere in a piece.",
            ),
        ],
        axes=("head", "step that looks", "step looked at"),
    )


def bias_far_away(learner: Learner) -> None:
    """What lies farther back than the table is long gets its last number."""
    learner.causes["IndexError"] = (
        "The table ends at distance N - 1; what lies farther back gets its last number "
        "(`clamp`)."
    )
    short = _TABLE[:, :2]
    learner.expect_equal(
        learner(short, 4, 4),
        _bias(short, 4, 4, 0),
        "The table knows the distances 0 and 1. All that lies farther back gets the "
        "last number.",
        axes=("head", "step that looks", "step looked at"),
    )


def bias_with_a_cache(learner: Learner) -> None:
    """The queries are the last steps of the keys'."""
    right = _bias(_TABLE, 2, 5, 3)
    learner.expect_equal(
        learner(_TABLE, 2, 5),
        right,
        "Of five steps the two queries are steps 3 and 4.",
        known=[
            (
                _bias(_TABLE, 2, 5, 0),
                "The queries were taken for steps 0 and 1; the first query is step "
                "n_keys - n_queries.",
            )
        ],
        axes=("head", "step that looks", "step looked at"),
    )


class _Store:
    """A cache that may be changed: that is what it is for."""

    __slots__ = ("key", "value")

    def __init__(self, key: Tensor | None = None, value: Tensor | None = None) -> None:
        self.key = key
        self.value = value

    def __copy__(self) -> _Store:
        return self

    def __repr__(self) -> str:
        n_steps = 0 if self.key is None else self.key.shape[2]
        return f"a cache of {n_steps} steps"


def _both(learner: Learner, got: object) -> tuple[Tensor, Tensor]:
    is_pair = isinstance(got, tuple) and len(got) == 2
    if not is_pair or not all(isinstance(one, Tensor) for one in got):
        learner.expect(
            False,
            f"{learner.call}: expected two tensors, (key, value), got "
            f"{'a tensor' if isinstance(got, Tensor) else type(got).__name__}. Return "
            "all keys and all values.",
        )
    return got


def first_steps_are_kept(learner: Learner) -> None:
    """An empty cache gives back what it gets, and keeps it."""
    learner.causes["TypeError"] = (
        "An empty cache has None for keys and values; there is nothing to join yet."
    )
    cache, key, value = _Store(), normals(*SHAPE, seed=1), normals(*SHAPE, seed=2)
    got_key, got_value = _both(learner, learner(cache, key, value))
    learner.expect_equal(got_key, key, "With nothing before, all keys are the new.")
    learner.expect_equal(
        got_value,
        value,
        "With nothing before, all values are the new.",
        known=[(key, "Keys and values are swapped, or the keys came twice.")],
    )
    learner.expect(
        isinstance(cache.key, Tensor) and isinstance(cache.value, Tensor),
        f"{learner.call}: the cache is empty afterwards. Keep both: `self.key = ...` "
        "and `self.value = ...`.",
    )


def new_steps_come_behind(learner: Learner) -> None:
    """New keys and values stand behind the old ones, along the steps."""
    old, new = normals(*SHAPE, seed=1), normals(*SHAPE, seed=2)
    cache = _Store(old, -old)
    got_key, got_value = _both(learner, learner(cache, new, -new))
    right = torch.cat([old, new], dim=2)
    known = [
        (
            torch.cat([new, old], dim=2),
            "The new steps came in front of the old ones; time runs on.",
        ),
        (torch.cat([old, new], dim=1), "That joins the heads: steps are axis 2."),
        (torch.cat([old, new], dim=3), "That joins the channels: steps are axis 2."),
        (torch.cat([old, new], dim=0), "That joins the pieces: steps are axis 2."),
        (new, "The old steps are lost: give all of them back."),
        (old, "The new steps are lost."),
    ]
    name = learner.call
    learner.call = f"The keys of {name}"
    learner.expect_equal(
        got_key, right, "Put the new keys behind the old.", known=known
    )
    learner.call = f"The values of {name}"
    learner.expect_equal(got_value, -right, "Put the new values behind the old.")


def the_cache_grows(learner: Learner) -> None:
    """Three calls keep three times the steps."""
    cache, steps = _Store(), [normals(*SHAPE, seed=seed) for seed in range(3)]
    for step in steps:
        got_key, _ = _both(learner, learner(cache, step, -step))
    learner.expect_equal(
        got_key,
        torch.cat(steps, dim=2),
        "After three calls all three are there, in order. Does the cache keep what it "
        "gives back?",
        known=[
            (
                torch.cat(steps[1:], dim=2),
                "Only the new steps were kept: the next call finds too few. Keep what "
                "you give back.",
            ),
            (
                torch.cat([steps[0], steps[2]], dim=2),
                "The first steps were kept, but not those that came after. Keep what "
                "you give back.",
            ),
        ],
    )
    learner.expect(
        isinstance(cache.value, Tensor)
        and torch.equal(cache.value, -torch.cat(steps, dim=2)),
        f"{learner.call}: the values are not kept as the keys are.",
    )

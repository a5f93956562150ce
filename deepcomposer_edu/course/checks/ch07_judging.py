"""How the answers to the exercises 7.1 to 7.3 are judged: heaps and plans."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from deepcomposer_edu.course.learner import Learner


def pile(*shares: float) -> Tensor:
    """Return shares of earth as a heap."""
    return torch.tensor(shares, dtype=torch.float64)


def drawn_heap(n_bins: int, seed: int) -> Tensor:
    """Return a histogram of chance that sums to 1."""
    random = torch.Generator().manual_seed(seed)
    counts = torch.rand(n_bins, generator=random, dtype=torch.float64)
    return counts / counts.sum()


def left_heap() -> Tensor:
    """Return a heap with everything in the first of four bins."""
    return pile(1, 0, 0, 0)


def right_heap() -> Tensor:
    """Return a heap with everything in the last of four bins."""
    return pile(0, 0, 0, 1)


# 7.1 earth_mover_distance -------------------------------------------------------


def distance_is_a_number(learner: Learner) -> None:
    """A distance is one number."""
    got = learner(right_heap(), left_heap())
    learner.expect_number(got, "Add the work at all borders up.")


def distance_by_hand(learner: Learner) -> None:
    """All of it carried over three borders is a work of 3."""
    learner.expect_close(
        learner(right_heap(), left_heap()),
        torch.tensor(3.0, dtype=torch.float64),
        1e-9,
        "Everything is carried from the first bin to the last, over three borders.",
        known=[
            (2.0, "That is how much the bins differ, wherever they lie. Look at the "
             "borders: running sums first (`cumsum`), then the differences."),
            (1.0, "That is the largest difference of the running sums; add up those at "
             "all borders."),
            (0.0, "The bins' differences sum to 0. Running sums first (`cumsum`)."),
            (0.75, "The work is a sum over the borders, not a mean."),
        ],
    )  # fmt: skip


def distance_grows_with_the_way(learner: Learner) -> None:
    """Half of it carried over two borders is a work of 1."""
    real, fake = pile(0.5, 0, 0.5, 0), pile(1.0, 0, 0, 0)
    learner.expect_close(
        learner(real, fake),
        torch.tensor(1.0, dtype=torch.float64),
        1e-9,
        "Half stays where it is, and half is carried two bins to the right.",
        known=[
            (math.sqrt(0.5), "The work is a plain sum of amounts, without squares."),
            (0.5, "Squares of amounts are no work: sum the amounts without sign."),
        ],
    )


def distance_has_no_sign(learner: Learner) -> None:
    """Some to the left and some to the right do not cancel."""
    real, fake = pile(0.5, 0, 0, 0.5), pile(0, 0.5, 0.5, 0)
    learner.expect_close(
        learner(real, fake),
        torch.tensor(1.0, dtype=torch.float64),
        1e-9,
        "One half goes a bin to the left, the other a bin to the right: work 1/2 each.",
        known=[
            (0.0, "Work to the left and to the right cancelled. Take the size of the "
             "amount at each border (`abs`) before adding up.")
        ],
    )  # fmt: skip
    learner.expect_close(
        learner(left_heap(), right_heap()),
        torch.tensor(3.0, dtype=torch.float64),
        1e-9,
        "To the left is as much work as to the right.",
        known=[(-3.0, "Work has no sign (`abs`).")],
    )


def distance_of_widths(learner: Learner) -> None:
    """Bins that lie twice as far apart make twice the work."""
    learner.expect_close(
        learner(right_heap(), left_heap(), 2.0),
        torch.tensor(6.0, dtype=torch.float64),
        1e-9,
        "From bin to bin it is `width`.",
        known=[
            (3.0, "From bin to bin it is `width`, which is not always 1."),
            (1.5, "Wider bins make more work: multiply by the width."),
        ],
    )


def distance_is_scipys(learner: Learner) -> None:
    """On histograms of chance it is what scipy's own function gives."""
    from scipy.stats import wasserstein_distance

    for seed in range(3):
        real, fake = drawn_heap(12, seed), drawn_heap(12, seed + 10)
        bins = range(12)
        right = wasserstein_distance(bins, bins, real.numpy(), fake.numpy())
        learner.expect_close(
            learner(real, fake),
            torch.tensor(right, dtype=torch.float64),
            1e-9,
            "scipy's own function gives something else.",
        )


# 7.2 transport_plan -------------------------------------------------------------


def plan_is_a_table(learner: Learner) -> None:
    """A plan has a row and a column for each bin."""
    learner.causes["IndexError"] = (
        "Go on only while both places lie inside their histograms."
    )
    learner.expect_shape(learner(right_heap(), left_heap()), (4, 4))


def plan_by_hand(learner: Learner) -> None:
    """(1/2, 1/2, 0) becomes (0, 1/4, 3/4), and nobody overtakes."""
    real, fake = pile(0, 0.25, 0.75), pile(0.5, 0.5, 0)
    right = torch.zeros(3, 3, dtype=torch.float64)
    right[0, 1], right[0, 2], right[1, 2] = 0.25, 0.25, 0.5
    crossed = torch.zeros(3, 3, dtype=torch.float64)
    crossed[0, 2], crossed[1, 1], crossed[1, 2] = 0.5, 0.25, 0.25
    learner.expect_close(
        learner(real, fake),
        right,
        1e-9,
        "The first bin of `fake` fills the second of `real`, gives its rest to the "
        "third, and the second bin of `fake` goes there, too.",
        known=[
            (right.T, "Rows and columns have changed places: row i is where it comes "
             "from (`fake`), column j where it goes (`real`)."),
            (torch.outer(fake, real), "Everybody sends some to everywhere. That "
             "carries all, but they cross each other: more work than needed."),
            (crossed, "Here the nearest went to the nearest, and the first bin "
             "overtook the second. On a line nobody overtakes: the leftmost of what is "
             "left goes to the leftmost of what is missing."),
        ],
        axes=("from bin", "to bin"),
    )  # fmt: skip


def plan_carries_everything(learner: Learner) -> None:
    """Rows sum to `fake`, columns to `real`, and nothing is below 0."""
    real, fake = drawn_heap(8, 1), drawn_heap(8, 2)
    plan = learner(real, fake)
    for axis, heap, name, what in (
        (1, fake, "rows", "fake"),
        (0, real, "columns", "real"),
    ):
        learner.expect_close(
            plan.sum(dim=axis),
            heap,
            1e-9,
            f"These are the sums of the {name}. They must be the shares of `{what}`: "
            "take what is carried away from both what is left and what is missing.",
        )
    learner.expect(
        bool((plan >= 0).all()),
        f"{learner.call}: {plan.min().item():.3g} is carried somewhere. No amount can "
        "be below 0.",
    )


def plan_takes_the_shortest_way(learner: Learner) -> None:
    """No plan is cheaper: its work is the distance that scipy finds."""
    from scipy.stats import wasserstein_distance

    cases = [
        (pile(0, 0, 0.5, 0, 0, 0.5), pile(0.5, 0, 0, 0.5, 0, 0)),
        *((drawn_heap(7, seed), drawn_heap(7, seed + 10)) for seed in range(3)),
    ]
    for real, fake in cases:
        plan, bins = learner(real, fake), torch.arange(len(real))
        work = (plan * (bins[:, None] - bins[None, :]).abs()).sum().item()
        least = wasserstein_distance(bins, bins, real.numpy(), fake.numpy())
        learner.expect(
            work <= least + 1e-9,
            f"{learner.call}: the plan's work is {work:.3g}, and {least:.3g} would do. "
            "On a line nobody overtakes: always the leftmost of what is left to the "
            "leftmost of what is missing, not the nearest to the nearest.",
        )


# 7.3 jensen_shannon -------------------------------------------------------------


def divergence_is_a_number(learner: Learner) -> None:
    """A divergence is one number."""
    learner.expect_number(
        learner(pile(0.5, 0.5), pile(0.25, 0.75)), "Sum over all bins."
    )


def divergence_by_hand(learner: Learner) -> None:
    """(1, 0) and (1/2, 1/2) have the middle (3/4, 1/4)."""
    one = math.log(4 / 3)
    other = 0.5 * math.log(2 / 3) + 0.5 * math.log(2)
    learner.causes["ValueError"] = "Of 0 there is no log; `torch.xlogy` knows that."
    got = learner(pile(1, 0), pile(0.5, 0.5))
    learner.expect(
        bool(torch.isfinite(torch.as_tensor(got))),
        f"{learner.call}: expected 0.216, got {float(got):.3g}. 0 log 0 is nan in "
        "torch; a bin with p = 0 adds 0, which `torch.xlogy(p, m)` knows.",
    )
    learner.expect_close(
        got,
        torch.tensor((one + other) / 2, dtype=torch.float64),
        1e-9,
        "The middle is (3/4, 1/4): half of 1 log(4/3), plus half of "
        "1/2 log(2/3) + 1/2 log(2).",
        known=[
            (one + other, "It is the mean of both, so halve the sum."),
            (-(one + other) / 2, "The sign is turned: p (log p - log m)."),
            (one / 2, "Only one of the two divergences was taken."),
            (other / 2, "Only one of the two divergences was taken."),
            (one, "Only one of the two divergences was taken."),
            (other, "Only one of the two divergences was taken."),
            ((one + other) / 2 / math.log(2), "Take the natural logarithm."),
        ],
    )  # fmt: skip


def divergence_of_strangers(learner: Learner) -> None:
    """Where no bin is shared, it is log 2, and never nan."""
    got = learner(right_heap(), left_heap())
    learner.expect(
        bool(torch.isfinite(torch.as_tensor(got))),
        f"{learner.call}: expected log 2 = 0.693, got {float(got):.3g}. 0 log 0 is no "
        "number in torch: bins with p = 0 add 0, which `torch.xlogy(p, m)` knows. "
        "Divide nothing by the middle, which may be 0, too.",
    )
    learner.expect_close(
        got,
        torch.tensor(math.log(2), dtype=torch.float64),
        1e-9,
        "Each has twice the share of the middle wherever it has any: log 2.",
    )


def divergence_of_twins(learner: Learner) -> None:
    """Of a histogram from itself it is 0."""
    heap = pile(0.25, 0, 0.75)
    learner.expect_close(
        learner(heap, heap.clone()),
        torch.tensor(0.0, dtype=torch.float64),
        1e-9,
        "Alike histograms are their own middle.",
    )


def divergence_is_scipys(learner: Learner) -> None:
    """It is the square of what scipy calls the distance of Jensen and Shannon."""
    from scipy.spatial.distance import jensenshannon

    real, fake = drawn_heap(12, 1), drawn_heap(12, 2)
    right = jensenshannon(real.numpy(), fake.numpy()) ** 2
    learner.expect_close(
        learner(real, fake),
        torch.tensor(right, dtype=torch.float64),
        1e-9,
        "scipy's own function gives something else.",
        known=[(math.sqrt(right), "That is its root.")],
    )

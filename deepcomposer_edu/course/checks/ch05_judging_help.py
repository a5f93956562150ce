"""How the answers of lesson 05 on the helps against overfitting are judged."""

import numpy as np
import torch

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.course.values import is_array
from deepcomposer_edu.music.grid import REST, Grid

# 5.5 dropout --------------------------------------------------------------------

_N = 40_000


def _chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def dropout_keeps_the_shape(learner: Learner) -> None:
    """What comes out has the shape of what went in."""
    got = learner(torch.ones(3, 4, 5), 0.5, _chance())
    learner.expect_shape(got, (3, 4, 5), "What falls becomes 0; it is not cut out.")


def dropout_of_nothing(learner: Learner) -> None:
    """With rate 0 nothing changes."""
    x = torch.arange(12.0).reshape(3, 4)
    learner.expect_close(
        learner(x, 0.0, _chance()),
        x,
        1e-6,
        "With rate 0 every number stays as it is.",
        known=[
            (torch.zeros(3, 4), "The rate is the share that falls, not that stays.")
        ],
    )


def dropout_drops_its_share(learner: Learner) -> None:
    """With rate 0.2 about a fifth becomes 0, each number by itself."""
    got = learner(torch.ones(200, 200), 0.2, _chance())
    dropped = got == 0
    share = dropped.float().mean().item()
    is_turned = abs(share - 0.8) < 0.02
    learner.expect(
        abs(share - 0.2) < 0.02,
        f"{learner.call}: expected about 20 % zeros, got {share:.0%}. "
        + (
            "The rate is the share that falls, not that stays."
            if is_turned
            else "Compare a draw from 0 to 1 with the rate, for each number."
        ),
    )
    whole = dropped.all(dim=0) | (~dropped).all(dim=0)
    learner.expect(
        not whole.any() and not dropped.all(dim=1).any(),
        f"{learner.call}: expected each number to fall by itself, got whole rows or "
        "columns that fell together. Draw as many numbers as x has.",
    )


def dropout_keeps_the_sum(learner: Learner) -> None:
    """What stays is made larger, so that the mean stays."""
    for rate in (0.5, 0.2):
        got = learner(torch.full((_N,), 3.0), rate, _chance())
        kept = got[got != 0]
        wanted = 3.0 / (1 - rate)
        learner.expect_close(
            float(kept.mean()) if len(kept) else 0.0,
            wanted,
            1e-3,
            f"Of 3, with rate {rate}, those that stay must become {wanted:g}.",
            known=[
                (3.0, "What stays must be divided by 1 - rate, or the sum shrinks."),
                (3.0 * (1 - rate), "Divide by 1 - rate; do not multiply by it."),
                (3.0 / rate, "Divide by the share that stays, 1 - rate."),
            ],
        )


def dropout_follows_the_generator(learner: Learner) -> None:
    """The same generator drops the same, another one something else."""
    x = torch.ones(1000)
    first, again = (learner(x, 0.5, _chance(1)) for _ in range(2))
    other = learner(x, 0.5, _chance(2))
    learner.expect(
        bool(torch.equal(first, again)),
        f"{learner.call}: expected the same zeros for the same seed, got others. Hand "
        "`generator` on to torch.rand.",
    )
    learner.expect(
        not torch.equal(first, other),
        f"{learner.call}: expected other zeros for another seed, got the same. Hand "
        "`generator` on to torch.rand.",
    )


# 5.6 weight_penalty -------------------------------------------------------------


def _weights() -> list[torch.Tensor]:
    return [torch.tensor([[3.0, -4.0], [0.0, 1.0]]), torch.tensor([-2.0])]


def penalty_is_a_number(learner: Learner) -> None:
    """One number, and 0 if weights cost nothing."""
    learner.causes["RuntimeError"] = (
        "The tensors have different shapes; flatten each, or add up their sums."
    )
    got = learner(_weights(), l1=0.0, l2=0.0)
    learner.expect(
        not is_array(got) or got.ndim == 0,
        f"{learner.call}: expected one number, got an array. Add everything up.",
    )
    learner.expect_number(got)
    learner.expect_close(got, 0.0, 1e-9, "With both prices 0 nothing is to be paid.")


def penalty_of_l1(learner: Learner) -> None:
    """L1: the sizes, without their signs."""
    learner.expect_close(
        learner(_weights(), l1=0.5),
        5.0,
        1e-5,
        "0.5 * (3 + 4 + 0 + 1 + 2) is 5.",
        known=[
            (-1.0, "The signs must go: |w|, `.abs()`."),
            (4.0, "One of the tensors is missing."),
            (1.0, "That is a mean; the sum is needed."),
            (0.0, "l1 is not used; without l2 its part must still be paid."),
        ],
    )


def penalty_of_l2(learner: Learner) -> None:
    """L2: the squares."""
    learner.expect_close(
        learner(_weights(), l2=0.5),
        15.0,
        1e-5,
        "0.5 * (9 + 16 + 0 + 1 + 4) is 15.",
        known=[
            (7.5, "No half in front: l2 times the sum of the squares."),
            (0.5 * 30**0.5, "Without the root: the squares themselves are added."),
            (3.0, "That is a mean; the sum is needed."),
            (13.0, "One of the tensors is missing."),
        ],
    )


def penalty_of_both(learner: Learner) -> None:
    """Both prices together."""
    learner.expect_close(
        learner(_weights(), l1=1.0, l2=0.1),
        13.0,
        1e-5,
        "1 * 10 + 0.1 * 30 is 13: both parts are paid.",
        known=[
            (10.0, "The part of l2 is missing."),
            (3.0, "The part of l1 is missing."),
        ],
    )


def penalty_has_a_slope(learner: Learner) -> None:
    """Its gradient is l1 * sign(w) + 2 * l2 * w."""
    weight = torch.tensor([3.0, -4.0], requires_grad=True)
    got = learner([weight], l1=1.0, l2=0.5)
    learner.expect(
        is_array(got) and getattr(got, "requires_grad", False),
        f"{learner.call}: expected a tensor with a gradient, got none. Stay with "
        "tensors: `.item()` and float() cut the way back to the weights.",
    )
    (slope,) = torch.autograd.grad(got, weight)
    learner.expect_close(
        slope, torch.tensor([4.0, -5.0]), 1e-5, "The slope is l1 * sign + 2 * l2 * w."
    )


# 5.7 transpositions -------------------------------------------------------------


def _tune() -> Grid:
    """Return C4 struck twice, E4, a rest, and G4 held."""
    return Grid([[60, 60, 64, REST, 67, 67]], [[True, True, True, False, True, False]])


def copies_are_a_list(learner: Learner) -> None:
    """The answer is a list of grids."""
    learner.causes["InputError"] = (
        "A rest (-1) is no note, and a copy that does not fit must not be made."
    )
    got = learner(_tune())
    learner.expect_type(got, list, cause="Collect the copies in a list.")
    learner.expect(
        bool(got) and all(isinstance(copy, Grid) for copy in got),
        f"{learner.call}: expected a list of Grid, got something else in it, or "
        "nothing. `grid.transposed(...)` gives a Grid.",
    )


def copies_in_twelve_keys(learner: Learner) -> None:
    """Twelve copies, from five semitones below to six above."""
    got = [int(copy.pitches[0, 0]) for copy in learner(_tune())]
    learner.expect_equal(
        got,
        list(range(55, 67)),
        "These are the first pitches of the copies: 60 moved by -5 to 6.",
        known=[
            (
                list(range(55, 66)),
                "6 semitones up are missing: range leaves its end out.",
            ),
            ([n for n in range(55, 67) if n != 60], "The tune itself belongs to it."),
            (list(range(60, 72)), "Upwards only; SHIFTS goes from -5 to 6."),
            (list(range(54, 67)), "-6 and 6 give the same key: twelve are enough."),
        ],
    )


def copies_keep_rests_and_onsets(learner: Learner) -> None:
    """Rests stay rests, and what is struck again stays struck again."""
    for copy in learner(_tune()):
        learner.expect_equal(
            np.flatnonzero(copy.pitches[0] == REST).tolist(),
            [3],
            "These are the steps with a rest; a rest (-1) is not moved.",
        )
        learner.expect_equal(
            copy.onsets.astype(int).tolist(),
            _tune().onsets.astype(int).tolist(),
            "The onsets are lost: the second C is struck again.",
        )


def copies_leave_out_what_does_not_fit(learner: Learner) -> None:
    """A copy with a note outside is left out whole; the edges belong to the range."""
    got = [copy.pitches[0].tolist() for copy in learner(_tune(), low=59, high=69)]
    right = [(np.array([60, 60, 64, REST, 67, 67]) + shift).tolist()
             for shift in (-1, 0, 1, 2)]  # fmt: skip
    for row in right:
        row[3] = REST
    learner.expect(
        all(pitch == REST or 59 <= pitch <= 69 for row in got for pitch in row),
        f"{learner.call}: expected only pitches from 59 to 69, got others. Leave a "
        "copy out if any of its notes lies outside.",
    )
    shapes = {tuple(np.diff([p for p in row if p != REST]).tolist()) for row in got}
    learner.expect(
        shapes <= {(0, 4, 3, 0)},
        f"{learner.call}: expected the tune itself in every copy, got other intervals. "
        "Notes that are cut or folded at the edge change the tune: leave such a copy "
        "out.",
    )
    learner.expect_equal(
        got,
        right,
        "Moved by -1, 0, 1 and 2 it fits; 59 and 69 are allowed, too.",
        known=[
            (right[1:3], "The edges 59 and 69 are allowed, too."),
            ([], "A rest (-1) is no note and fits always."),
        ],
    )


def copies_look_at_every_voice(learner: Learner) -> None:
    """All voices must fit, and all are moved."""
    grid = Grid([[70, 72], [50, 48]])
    got = learner(grid, low=46, high=83)
    learner.expect_equal(
        [copy.pitches.tolist() for copy in got],
        [[[70 + s, 72 + s], [50 + s, 48 + s]] for s in range(-2, 7)],
        "The lower voice decides how far down it may go.",
    )

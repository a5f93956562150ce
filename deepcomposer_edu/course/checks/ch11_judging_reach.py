"""How the answers of lesson 11 are judged that are about what a network hears."""

from __future__ import annotations

import torch

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.nn.waves import causal_convolution


def _reached(dilations: list[int], kernel: int) -> int:
    """Return how far back the oldest input lies that has a gradient, plus 1."""
    x = torch.ones(1, 60, 1, requires_grad=True)
    y = x
    for dilation in dilations:
        y = causal_convolution(y, torch.ones(kernel, 1, 1), dilation)
    y[0, -1, 0].backward()
    return 60 - int(x.grad[0, :, 0].nonzero().min())


# receptive_field ----------------------------------------------------------------


def field_of_plain_layers(learner: Learner) -> None:
    """Four layers of two taps see five samples."""
    got = learner([1, 1, 1, 1])
    learner.expect_number(got, "The field is one number, in samples.")
    learner.expect_equal(
        got,
        5,
        "Each layer sees one sample more: 1, then 2, 3, 4, 5.",
        known=[
            (4, "The newest sample, lag 0, is one of those it sees: add 1."),
            (
                16,
                "That is 2 to the power of the layers, true only if each dilation is "
                "twice the one before. Add the dilations up.",
            ),
        ],
    )


def field_of_dilated_layers(learner: Learner) -> None:
    """Dilations 1, 2, 4, 8 see 16 samples for the price of four layers."""
    learner.expect_equal(
        learner([1, 2, 4, 8]),
        16,
        "1 + 1 + 2 + 4 + 8: the newest sample, and what each layer adds.",
        known=[
            (
                5,
                "That counts the layers. A layer reaches as far as its dilation: add "
                "the dilations up.",
            ),
            (15, "The newest sample, lag 0, is one of those it sees: add 1."),
        ],
    )
    learner.expect_equal(
        learner([1, 3, 2]),
        7,
        "1 + 1 + 3 + 2; the dilations need not double.",
        known=[
            (8, "That is 2 to the power of the layers. These dilations do not double.")
        ],
    )


def field_of_other_kernels(learner: Learner) -> None:
    """Three taps have two gaps."""
    learner.expect_equal(
        learner([1, 2, 4], kernel=3),
        15,
        "Three taps lie two dilations apart from first to last: 1 + 2 · (1 + 2 + 4).",
        known=[
            (8, "`kernel` is not used: this one has three taps, so two gaps."),
            (
                22,
                "Three taps have two gaps between them, not three: multiply by "
                "kernel - 1.",
            ),
            (21, "Three taps have two gaps between them; and the newest sample is 1."),
        ],
    )


def field_of_no_layers(learner: Learner) -> None:
    """Without layers an output is its own input."""
    learner.expect_equal(
        learner([]), 1, "Without a layer the output is the newest sample itself."
    )


def field_as_a_gradient_finds_it(learner: Learner) -> None:
    """The oldest input with a gradient lies where the formula says."""
    for dilations, kernel in (([1, 2, 4, 1, 2, 4], 2), ([5, 1], 2), ([2, 3], 4)):
        learner.expect_equal(
            learner(dilations, kernel),
            _reached(dilations, kernel),
            "A stack of such convolutions was built, and the oldest input that moves "
            "its output was looked for.",
        )


# count_paths --------------------------------------------------------------------


def paths_are_a_list(learner: Learner) -> None:
    """A number for each lag, as many as the receptive field is long."""
    got = learner([1, 2])
    learner.expect_type(got, list, cause="A list: paths to lag 0, lag 1, and so on.")
    learner.expect(
        len(got) == 4,
        f"{learner.call}: expected 4 numbers, one for each sample of the receptive "
        f"field, got {len(got)}. Each layer makes the list longer by "
        "(kernel - 1) · dilation.",
    )


def paths_of_plain_layers(learner: Learner) -> None:
    """Three layers without dilation: 1, 3, 3, 1."""
    learner.expect_equal(
        learner([1, 1, 1]),
        [1, 3, 3, 1],
        "To go back one sample in three layers, take the old tap in one of the three.",
        known=[
            (
                [1, 1, 1, 1],
                "Where two paths meet they must add up: `+=`, not `=`.",
            ),
        ],
    )


def paths_that_double(learner: Learner) -> None:
    """Dilations that double give each input one path."""
    learner.expect_equal(
        learner([1, 2, 4]),
        [1] * 8,
        "Every lag from 0 to 7 is a sum of some of 1, 2 and 4 in one way only.",
        known=[
            (
                [1, 3, 3, 1],
                "`dilation` is not used: the taps lie `dilation` samples apart.",
            ),
            (
                [1, 3, 3, 1, 0, 0, 0, 0],
                "`dilation` is not used: the taps lie `dilation` samples apart.",
            ),
        ],
    )


def paths_of_repeated_blocks(learner: Learner) -> None:
    """A repeated block gives the middle many paths."""
    learner.expect_equal(
        learner([1, 2, 1, 2]),
        [1, 2, 3, 4, 3, 2, 1],
        "Lag 3 is 1 + 2 with either of the two ones and either of the two twos.",
        known=[([1] * 7, "Where two paths meet they must add up: `+=`, not `=`.")],
    )


def paths_with_gaps(learner: Learner) -> None:
    """Dilations that grow too fast leave gaps."""
    learner.expect_equal(
        learner([1, 4]),
        [1, 1, 0, 0, 1, 1],
        "The lags 2 and 3 are no sums of 1 and 4: nothing from there arrives.",
    )


def paths_of_other_kernels(learner: Learner) -> None:
    """Three taps: dilations may grow by three without a gap."""
    learner.expect_equal(
        learner([1, 3], kernel=3),
        [1] * 9,
        "Three taps at lags 0, 1, 2 and then at 0, 3, 6 give every lag to 8 once.",
        known=[
            (
                [1, 1, 0, 1, 1],
                "`kernel` is not used: this one has three taps, at 0, 1 and 2 times "
                "the dilation.",
            ),
            (
                [1, 1, 0, 1, 1, 0, 0, 0, 0],
                "`kernel` is not used: this one has three taps, at 0, 1 and 2 times "
                "the dilation.",
            ),
        ],
    )
    learner.expect_equal(
        learner([1, 2], kernel=3),
        [1, 1, 2, 1, 2, 1, 1],
        "Lag 2 is reached by the last tap of one layer or by the middle one of the "
        "other.",
    )

"""How the answers of lesson 05 on linear maps and norms are judged."""

import torch
from torch import nn

from deepcomposer_edu.course.checks.random_inputs import normals
from deepcomposer_edu.course.learner import Learner

# 5.1 linear ---------------------------------------------------------------------

_WEIGHT = torch.tensor([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0]])  # 3 inputs, 2 outputs


def linear_has_a_shape(learner: Learner) -> None:
    """Three inputs become two outputs, in each of five rows."""
    learner.causes["RuntimeError"] = (
        "A matrix product needs the inputs of x along the rows of its right-hand "
        "side; the weights have them along the columns."
    )
    learner.causes["IndexError"] = learner.causes["RuntimeError"]
    got = learner(normals(5, 3), _WEIGHT, torch.tensor([0.0, 0.0]))
    learner.expect_shape(got, (5, 2))


def linear_by_hand(learner: Learner) -> None:
    """Weights times inputs, added up, plus the bias."""
    got = learner(torch.tensor([1.0, 1.0, 2.0]), _WEIGHT, torch.tensor([10.0, 20.0]))
    learner.expect_close(
        got,
        torch.tensor([19.0, 27.0]),
        1e-5,
        "1 * 1 + 2 * 1 + 3 * 2 + 10 is 19, and 0 * 1 - 1 * 1 + 4 * 2 + 20 is 27.",
        known=[
            (torch.tensor([9.0, 7.0]), "The bias is missing."),
            (torch.tensor([-1.0, -13.0]), "The bias is added, not subtracted."),
            (torch.tensor([90.0, 140.0]), "The bias is added, not multiplied."),
        ],
    )


def linear_without_bias(learner: Learner) -> None:
    """With bias None nothing is added."""
    learner.causes["TypeError"] = "The bias may be None: then nothing is added."
    learner.expect_close(
        learner(torch.tensor([1.0, 1.0, 2.0]), _WEIGHT),
        torch.tensor([9.0, 7.0]),
        1e-5,
        "Without a bias only the products are added up.",
    )


def linear_of_many_axes(learner: Learner) -> None:
    """Any axes in front stay as they are."""
    learner.causes["RuntimeError"] = (
        "x may have any number of axes; only its last one counts. `.T` and `.t()` of x "
        "do not work then."
    )
    got = learner(normals(2, 4, 3), _WEIGHT, torch.tensor([1.0, 2.0]))
    learner.expect_shape(got, (2, 4, 2), "Only the last axis changes.")


def linear_is_torchs(learner: Learner) -> None:
    """It is what torch's own layer gives, to 1e-5."""
    x, weight, bias = normals(6, 7), normals(4, 7, seed=1), normals(4, seed=2)
    expected = nn.functional.linear(x, weight, bias)
    learner.expect_close(
        learner(x, weight, bias), expected, 1e-5, "torch gives something else."
    )


# 5.2 conv1d ---------------------------------------------------------------------


def conv_has_a_shape(learner: Learner) -> None:
    """A kernel of 3 over 8 steps can stand at 6 places."""
    learner.causes["RuntimeError"] = (
        "Write down the shape of each tensor: windows (B, C_in, T_out, K), weights "
        "(C_out, C_in, K)."
    )
    got = learner(normals(2, 4, 8), normals(5, 4, 3, seed=1), normals(5, seed=2))
    learner.expect_shape(
        got,
        (2, 5, 6),
        "" if _is_swapped(got) else "(B, C_out, T - K + 1): 8 - 3 + 1 is 6.",
    )


def _is_swapped(got: object) -> bool:
    return getattr(got, "shape", None) is not None and sorted(got.shape) == [2, 5, 6]


def conv_by_hand(learner: Learner) -> None:
    """The kernel (-1, 1) gives the steps of a melody."""
    melody = torch.tensor([[[60.0, 62.0, 64.0, 60.0]]])  # (1, 1, 4)
    got = learner(melody, torch.tensor([[[-1.0, 1.0]]]), torch.tensor([0.5]))
    learner.expect_close(
        got,
        torch.tensor([[[2.5, 2.5, -3.5]]]),
        1e-4,
        "Each place: -1 times its step, +1 times the next, plus the bias 0.5.",
        known=[
            (
                torch.tensor([[[-1.5, -1.5, 4.5]]]),
                "The kernel is turned round; here it is used as it stands.",
            ),
            (torch.tensor([[[2.0, 2.0, -4.0]]]), "The bias is missing."),
        ],
    )


def conv_adds_channels(learner: Learner) -> None:
    """All input channels are added up, and each output has its own bias."""
    x = torch.tensor([[[1.0, 2.0], [10.0, 20.0]]])  # (1, 2, 2)
    weight = torch.tensor([[[1.0], [1.0]], [[1.0], [-1.0]]])  # (2, 2, 1)
    got = learner(x, weight, torch.tensor([0.0, 100.0]))
    learner.expect_close(
        got,
        torch.tensor([[[11.0, 22.0], [91.0, 82.0]]]),
        1e-4,
        "With a kernel of 1 each output is the weighted sum of the two channels.",
        known=[
            (
                torch.tensor([[[11.0, 122.0], [-9.0, 82.0]]]),
                "The bias went along the steps; each output channel has its own: give "
                "it a second axis.",
            )
        ],
    )


def conv_pads_both_ends(learner: Learner) -> None:
    """Padding 1 with a kernel of 3 keeps the number of steps."""
    x, weight = torch.tensor([[[1.0, 2.0, 3.0]]]), torch.tensor([[[1.0, 10.0, 100.0]]])
    got = learner(x, weight, None, padding=1)
    learner.expect_shape(got, (1, 1, 3), "Zeros belong before the first step and "
                         "after the last.")  # fmt: skip
    learner.expect_close(
        got,
        torch.tensor([[[210.0, 321.0, 32.0]]]),
        1e-4,
        "The first place sees 0, 1, 2; the last sees 2, 3, 0.",
    )


def conv_is_torchs(learner: Learner) -> None:
    """It is what torch's own convolution gives, to 1e-5."""
    x, weight, bias = (
        normals(3, 4, 9),
        0.3 * normals(5, 4, 3, seed=1),
        normals(5, seed=2),
    )
    expected = nn.functional.conv1d(x, weight, bias, padding=2)
    learner.expect_close(
        learner(x, weight, bias, padding=2),
        expected,
        1e-5,
        "torch gives something else.",
        axes=("piece", "channel", "step"),
    )


# 5.3 normalise ------------------------------------------------------------------


def normalise_keeps_the_shape(learner: Learner) -> None:
    """What comes out has the shape of what went in."""
    learner.causes["RuntimeError"] = (
        "The mean lost its axes and does not fit x any more; keepdim=True keeps them."
    )
    got = learner(normals(4, 3, 8), (0, 2))
    learner.expect_shape(got, (4, 3, 8))


def normalise_by_hand(learner: Learner) -> None:
    """1, 3, 5, 7 have mean 4 and variance 5."""
    learner.causes["RuntimeError"] = (
        "See whether mean and x fit together: keepdim=True."
    )
    x = torch.tensor([[1.0, 3.0, 5.0, 7.0]])
    centred = x - 4
    learner.expect_close(
        learner(x, (1,)),
        centred / 5**0.5,
        1e-4,
        "The mean is 4; the squares 9, 1, 1, 9 have the mean 5.",
        known=[
            (
                centred / (20 / 3) ** 0.5,
                "The variance is divided by n - 1; `.var` does that unless told "
                "otherwise (correction=0).",
            ),
            (centred / 5, "Divide by the root of the variance, not by the variance."),
            (centred, "The mean is 0 now; the variance must become 1 as well."),
            (x / 5**0.5, "The mean is not taken away."),
        ],
    )


def normalise_over_two_axes(learner: Learner) -> None:
    """Over axes 0 and 2 each channel has mean 0 and variance 1."""
    got = learner(5 * normals(6, 3, 10) + 3, (0, 2))
    for what, numbers, expected in (
        ("mean", got.mean(dim=(0, 2)), torch.zeros(3)),
        ("variance", got.var(dim=(0, 2), correction=0), torch.ones(3)),
    ):
        learner.expect_close(
            numbers,
            expected,
            1e-3,
            f"That is the {what} of each channel after the norm. Take it over both "
            "axes together, not over one, nor over all.",
        )


def normalise_survives_silence(learner: Learner) -> None:
    """Numbers that are all alike become 0, not nan."""
    got = learner(torch.full((2, 4), 7.0), (1,))
    learner.expect_close(
        got,
        torch.zeros(2, 4),
        1e-6,
        "All numbers are alike, so their variance is 0: add EPSILON before the root.",
    )


def normalise_is_torchs(learner: Learner) -> None:
    """It is torch's LayerNorm and torch's BatchNorm, to 1e-5."""
    x = 2 * normals(5, 4, 6) + 1
    learner.expect_close(
        learner(x, (-1,)),
        nn.functional.layer_norm(x, (6,)),
        1e-5,
        "torch's LayerNorm over the last axis gives something else.",
    )
    learner.expect_close(
        learner(x, (0, 2)),
        nn.functional.batch_norm(x, None, None, training=True),
        1e-5,
        "torch's BatchNorm gives something else.",
    )

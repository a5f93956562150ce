"""How the answers of lesson 11 are judged that are parts of a WaveNet."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import normals
from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.course.values import as_numpy, is_array
from deepcomposer_edu.nn.leaks import worst_leak
from deepcomposer_edu.nn.waves import mu_law_decode

AXES = ("sound", "sample", "channel")


def sound_of(*samples: float) -> Tensor:
    """Return one sound of one channel, (1, N, 1)."""
    return torch.tensor(samples, dtype=torch.float32)[None, :, None]


def kernel_of(*taps: float) -> Tensor:
    """Return a kernel from one channel to one, (K, 1, 1)."""
    return torch.tensor(taps, dtype=torch.float32)[:, None, None]


# mu_law -------------------------------------------------------------------------


def codes_are_whole_numbers(learner: Learner) -> None:
    """The codes have the sound's shape and are int64."""
    got = learner(torch.linspace(-1, 1, 10).view(2, 5))
    learner.expect_shape(got, (2, 5), "Each sample gets a code.")
    learner.expect(
        as_numpy(got).dtype.kind in "iu",
        f"{learner.call}: expected whole numbers (int64), got {as_numpy(got).dtype}. "
        "The network chooses one of 256 classes: end with `.long()`.",
    )


def codes_of_silence_and_the_ends(learner: Learner) -> None:
    """-1, 0 and 1 become 0, 128 and 255."""
    learner.expect_equal(
        learner(torch.tensor([-1.0, 0.0, 1.0])),
        torch.tensor([0, 128, 255]),
        "There are 256 codes, 0 to 255; silence lies at 127.5, which is rounded up.",
        known=[
            (
                torch.tensor([0, 127, 255]),
                "Silence lies at 127.5 and was rounded down. `.long()` alone cuts off "
                "what comes after the point: add 0.5 first.",
            ),
            (
                torch.tensor([0, 128, 256]),
                "256 codes are numbered 0 to 255: multiply by mu, not by n_classes.",
            ),
            (
                torch.tensor([-128, 0, 127]),
                "The codes are classes, counted from 0: move -1 to 1 onto 0 to 1 "
                "before you multiply.",
            ),
        ],
        axes=("sample",),
    )


def codes_by_hand(learner: Learner) -> None:
    """A tenth of the largest amplitude already has code 203."""
    learner.expect_equal(
        learner(torch.tensor([0.1, -0.1])),
        torch.tensor([203, 52]),
        "ln(1 + 255 · 0.1) / ln 256 is 0.591, and 0.591 of the way from 127.5 to 255 "
        "is 202.9.",
        known=[
            (
                torch.tensor([140, 115]),
                "These steps are equally wide for quiet and loud samples. The "
                "logarithm is missing.",
            ),
            (
                torch.tensor([203, 203]),
                "The sign of x was lost: put it back after the logarithm of |x|.",
            ),
        ],
        axes=("sample",),
    )


def codes_of_few_classes(learner: Learner) -> None:
    """With 16 classes, mu is 15."""
    learner.expect_equal(
        learner(torch.tensor([-1.0, 0.01, 0.1, 1.0]), n_classes=16),
        torch.tensor([0, 8, 10, 15]),
        "mu is n_classes - 1, here 15, both in the logarithm and in what you multiply "
        "by.",
        known=[
            (
                torch.tensor([0, 9, 12, 15]),
                "mu is n_classes - 1, here 15; the logarithm still uses 255.",
            ),
        ],
        axes=("sample",),
    )


def codes_of_what_is_too_loud(learner: Learner) -> None:
    """What lies beyond -1 to 1 is clipped."""
    learner.expect_equal(
        learner(torch.tensor([1.5, -2.0])),
        torch.tensor([255, 0]),
        "Samples beyond -1 and 1 are clipped: there is no code above 255 or below 0.",
        axes=("sample",),
    )


def every_code_comes_back(learner: Learner) -> None:
    """The sound of a code has that code."""
    codes = torch.arange(256)
    learner.expect_equal(
        learner(mu_law_decode(codes)),
        codes,
        "mu_law_decode gives the sound in the middle of each step; its code is the one "
        "it came from.",
        axes=("code",),
    )


# causal_convolution -------------------------------------------------------------


def convolution_shape(learner: Learner) -> None:
    """The output is as long as the input, with as many channels as the kernel says."""
    got = learner(normals(2, 7, 3), normals(2, 3, 5, seed=1))
    if is_array(got) and got.ndim == 3 and got.shape[1] < 7:
        learner.expect(
            False,
            f"{learner.call}: expected 7 samples, got {got.shape[1]}. A sample of the "
            "output belongs to each of the input: put zeros in front.",
        )
    learner.expect_shape(got, (2, 7, 5), "Sounds, samples, channels of the output.")


def convolution_by_hand(learner: Learner) -> None:
    """Ten times the sample before, plus this one."""
    learner.expect_close(
        learner(sound_of(1, 2, 3, 4), kernel_of(10, 1)),
        sound_of(1, 12, 23, 34),
        1e-5,
        "Each output is 10 times the sample before, plus this sample; before the first "
        "one there is 0.",
        known=[
            (
                sound_of(12, 23, 34, 40),
                "Sample 0 knows of sample 1: it looks ahead. Zeros belong in front.",
            ),
            (
                sound_of(10, 21, 32, 43),
                "The taps are exchanged: weight[0] is for the oldest sample, the last "
                "one for sample t itself.",
            ),
            (
                sound_of(0, 10, 21, 32),
                "The output comes one sample late: the last tap lies on sample t.",
            ),
        ],
        axes=AXES,
    )


def convolution_with_dilation(learner: Learner) -> None:
    """With dilation 2 the taps lie two samples apart."""
    learner.expect_close(
        learner(sound_of(1, 2, 3, 4), kernel_of(10, 1), 2),
        sound_of(1, 2, 13, 24),
        1e-5,
        "Each output is 10 times the sample two back, plus this sample.",
        known=[
            (
                sound_of(1, 12, 23, 34),
                "`dilation` is not used: the taps lie `dilation` samples apart.",
            ),
            (
                sound_of(1, 2, 3, 14),
                "The taps lie three samples apart: `dilation` is the distance, not the "
                "number of samples between.",
            ),
        ],
        axes=AXES,
    )


def convolution_sees_no_future(learner: Learner) -> None:
    """Changing the future does not change the past."""
    x, other, weight = (
        normals(1, 12, 2),
        normals(1, 12, 2, seed=1),
        normals(3, 2, 2),
    )
    step, size = worst_leak(lambda sound: learner(sound, weight, 2), x, other)
    learner.expect(
        size < 1e-5,
        f"{learner.call}: the samples after sample {step} were changed, and the output "
        "up to it changed, too. It looks ahead: pad in front only.",
    )


def convolution_as_torch_does(learner: Learner) -> None:
    """It agrees with torch's own convolution."""
    x, weight = normals(2, 20, 3), normals(3, 3, 4, seed=1)
    for dilation in (1, 2, 5):
        front = F.pad(x.transpose(1, 2), (2 * dilation, 0))  # (B, C, N)
        torchs = F.conv1d(front, weight.permute(2, 1, 0), dilation=dilation)
        learner.expect_close(
            learner(x, weight, dilation),
            torchs.transpose(1, 2),
            1e-4,
            "torch's own conv1d on a sound with zeros in front gives something else.",
            axes=AXES,
        )


# gated --------------------------------------------------------------------------


def gate_shape(learner: Learner) -> None:
    """Half of the channels are left."""
    learner.expect_shape(
        learner(normals(2, 5, 8)),
        (2, 5, 4),
        "Eight channels go in: four say what, four how much. Four come out.",
    )


def gate_by_hand(learner: Learner) -> None:
    """tanh(2) of which sigmoid(-1) passes."""
    tanh, sigmoid = math.tanh, lambda x: 1 / (1 + math.exp(-x))
    learner.expect_close(
        learner(torch.tensor([[[2.0, -1.0]]])),
        torch.tensor([[[tanh(2) * sigmoid(-1)]]]),
        1e-5,
        "tanh(2) is 0.964, sigmoid(-1) is 0.269; their product is 0.259.",
        known=[
            (
                torch.tensor([[[tanh(-1) * sigmoid(2)]]]),
                "The halves are exchanged: tanh takes the first one.",
            ),
            (
                torch.tensor([[[tanh(2) + sigmoid(-1)]]]),
                "A gate multiplies: where it is 0, nothing passes. A sum cannot close.",
            ),
            (
                torch.tensor([[[tanh(2) * tanh(-1)]]]),
                "Both halves went through tanh. A gate lies between 0 and 1: sigmoid.",
            ),
        ],
        axes=AXES,
    )


def gate_takes_halves(learner: Learner) -> None:
    """Channels 0 and 1 are the first half of four."""
    x = torch.tensor([[[2.0, 1.0, -1.0, 0.5]]])
    what, how_much = torch.tanh(x), torch.sigmoid(x)
    learner.expect_close(
        learner(x),
        what[..., :2] * how_much[..., 2:],
        1e-5,
        "Channel 0 is gated by channel 2, channel 1 by channel 3.",
        known=[
            (
                what[..., ::2] * how_much[..., 1::2],
                "Every other channel was taken. The halves lie one behind the other: "
                "the first two, then the last two.",
            )
        ],
        axes=AXES,
    )


def gate_as_torch_does(learner: Learner) -> None:
    """It agrees with torch's gated linear unit over tanh."""
    x = 3 * normals(2, 6, 10)
    first, second = x[..., :5], x[..., 5:]
    learner.expect_close(
        learner(x),
        F.glu(torch.cat([first.tanh(), second], dim=-1)),
        1e-5,
        "The channels are the last axis.",
        axes=AXES,
    )

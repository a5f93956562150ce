"""How the answers of lesson 08 are judged that are about intervals in a spectrum."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from deepcomposer_edu.course.learner import Learner

N_TURNS = 7


def _angles(*classes: int) -> tuple[Tensor, Tensor]:
    """Return cosines and sines, (len(classes), 7) each, of pitch classes."""
    turns = torch.tensor(classes)[:, None] * torch.arange(N_TURNS)
    angle = 2 * math.pi / 12 * turns
    return angle.cos(), angle.sin()


def _spectrum(*classes: int) -> Tensor:
    return torch.cat(_angles(*classes), dim=-1)


def interval_shape(learner: Learner) -> None:
    """Seven cosines and seven sines make fourteen numbers."""
    cos, sin = (x.expand(2, 3, 5, N_TURNS) for x in _angles(4))
    got = learner(cos, sin, cos, sin)
    learner.expect_shape(
        got, (2, 3, 5, 14), cause="Join cosines and sines along the last axis."
    )


def interval_of_a_third(learner: Learner) -> None:
    """From C to E it is four twelfths of a turn."""
    cos_e, sin_e = _angles(4)
    cos_c, sin_c = _angles(0)
    got = learner(cos_e, sin_e, cos_c, sin_c)
    learner.expect_close(
        got,
        _spectrum(4),
        1e-5,
        "From C (0) to E (4) the angle is 4 twelfths.",
        known=[
            (_spectrum(-4), "The sines are turned round: the angle is a - b."),
            (
                torch.cat(_angles(4)[::-1], dim=-1),
                "The cosines come first, then the sines.",
            ),
            (
                torch.cat([cos_e - cos_c, sin_e - sin_c], dim=-1),
                "The cosine of a difference is not the difference of the cosines.",
            ),
        ],
        axes=("pair", "number"),
    )


def interval_is_directed(learner: Learner) -> None:
    """From B up to D it is a minor third, from D to B the opposite."""
    cos_a, sin_a = _angles(2, 11)
    cos_b, sin_b = _angles(11, 2)
    got = learner(cos_a, sin_a, cos_b, sin_b)
    plus = torch.cat([cos_a * cos_b - sin_a * sin_b, sin_a * cos_b + cos_a * sin_b], -1)
    learner.expect_close(
        got,
        _spectrum(3, -3),
        1e-5,
        "From B (11) to D (2) it is 3 twelfths of a turn.",
        known=[
            (plus, "Those are the formulas for a + b; the signs are turned."),
            (
                torch.cat([plus[:, :7], _spectrum(3, -3)[:, 7:]], -1),
                "In cos(a - b) the two products are added.",
            ),
            (
                torch.cat([_spectrum(3, -3)[:, :7], plus[:, 7:]], -1),
                "In sin(a - b) the second product is taken away.",
            ),
            (
                torch.cat([cos_a * cos_b, sin_a * sin_b], -1),
                "Each formula has two products; here half of them are missing.",
            ),
        ],
        axes=("pair", "number"),
    )


def interval_ignores_transposition(learner: Learner) -> None:
    """Every major third is the same, wherever it stands."""
    upper, lower = _angles(*range(4, 16)), _angles(*range(12))
    got = learner(*upper, *lower)
    learner.expect_close(
        got,
        _spectrum(4).expand(12, 14),
        1e-5,
        "Moving both voices by the same step must change nothing.",
        axes=("pair", "number"),
    )


def interval_of_a_rest(learner: Learner) -> None:
    """With a rest there is no interval: all numbers are 0."""
    cos, sin = _angles(4)
    got = learner(cos, sin, torch.zeros_like(cos), torch.zeros_like(sin))
    learner.expect_close(
        got,
        torch.zeros(1, 14),
        1e-6,
        "A rest has only zeros, so products with it are 0. Do not compute the angles.",
        axes=("pair", "number"),
    )

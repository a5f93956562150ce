"""How the answers of lesson 12 are judged that are about a codebook."""

from __future__ import annotations

import torch
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import normals
from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.course.values import as_numpy

_AXES = ("place", "number")


# nearest_code -------------------------------------------------------------------


def nearest_shape(learner: Learner) -> None:
    """Each vector gets one whole number, whatever axes lie in front."""
    got = learner(normals(2, 5, 3), normals(4, 3, seed=1))
    learner.expect_shape(
        got,
        (2, 5),
        "The last axis, the vector itself, becomes one number; what lies in front "
        "stays.",
    )
    learner.expect(
        as_numpy(got).dtype.kind == "i",
        f"{learner.call}: expected the numbers of codes (int64), got "
        f"{as_numpy(got).dtype}. The code's place in the book is asked for, not its "
        "distance.",
    )


def nearest_by_hand(learner: Learner) -> None:
    """Distance counts, in a straight line."""
    codebook = torch.tensor([[3.0, 0.0], [2.0, 2.0], [-9.0, -9.0]])
    learner.expect_equal(
        learner(torch.tensor([[0.0, 0.0], [3.0, -1.0], [-5.0, -9.0]]), codebook),
        torch.tensor([1, 0, 2]),
        "The vector (0, 0) lies 3 away from code 0 and 2.83 away from code 1, since "
        "the distance is the root of the sum of the squared differences.",
        known=[
            (torch.tensor([2, 2, 1]), "That is the farthest code: argmin, not argmax."),
            (
                torch.tensor([0, 0, 2]),
                "The absolute differences were added; then code 0 lies 3 away and code "
                "1 lies 4 away. Square them before you add.",
            ),
            (
                torch.tensor([1, 1, 1]),
                "The differences were added with their signs, so that they cancel. "
                "Square them first.",
            ),
        ],
        axes=("vector",),
    )


def nearest_is_not_the_longest(learner: Learner) -> None:
    """A code far away in the same direction is not near."""
    codebook = torch.tensor([[9.0, 0.0], [0.5, 0.5], [-20.0, 0.0]])
    learner.expect_equal(
        learner(torch.tensor([[1.0, 0.0]]), codebook),
        torch.tensor([1]),
        "Code 0 points the same way but lies 8 away; code 1 lies 0.71 away.",
        known=[
            (
                torch.tensor([0]),
                "A product is largest for the longest code, not for the nearest one: "
                "take the distance.",
            ),
            (torch.tensor([2]), "That is the farthest code: argmin, not argmax."),
        ],
        axes=("vector",),
    )


def nearest_agrees_with_torch(learner: Learner) -> None:
    """Many vectors get the code that torch's own distances say."""
    vectors, codebook = normals(3, 20, 6), normals(12, 6, seed=1)
    learner.expect_equal(
        learner(vectors, codebook),
        torch.cdist(vectors, codebook[None].expand(3, -1, -1)).argmin(-1),
        "Each vector's nearest code was compared with torch.cdist.",
        axes=("piece", "frame"),
    )


# straight_through ---------------------------------------------------------------


def through_value(learner: Learner) -> None:
    """What comes out has the values of the codes."""
    vectors, quantised = normals(4, 3), normals(4, 3, seed=1)
    learner.expect_close(
        learner(vectors, quantised),
        quantised,
        1e-5,
        "The decoder hears the codes, so forward the value is that of `quantised`.",
        known=[
            (
                vectors,
                "These are the encoder's own vectors: nothing was quantised. The "
                "detached difference must bring them to `quantised`.",
            ),
            (vectors + quantised, "The difference is added, not the codes themselves."),
        ],
        axes=_AXES,
    )


def through_gradient(learner: Learner) -> None:
    """The encoder gets the decoder's gradient unchanged."""
    vectors, quantised = normals(4, 3).requires_grad_(), normals(4, 3, seed=1)
    weights = normals(4, 3, seed=2)
    gradient = _gradients(learner, weights, vectors, quantised)[0]
    learner.expect(
        gradient is not None,
        f"{learner.call}: no gradient arrives at `vectors`, so the encoder learns "
        "nothing. Its vectors must stand in the sum undetached.",
    )
    learner.expect_close(
        gradient,
        weights,
        1e-5,
        "Backward the whole function is as if it were not there: the gradient at "
        "`vectors` is the one that came from the decoder.",
        known=[
            (
                torch.zeros(4, 3),
                "The gradient at `vectors` is 0: plus and minus cancel. Detach the "
                "difference, so that only one of them has a gradient.",
            )
        ],
        axes=_AXES,
    )


def through_not_to_the_codes(learner: Learner) -> None:
    """The codebook gets no gradient here: it has a loss of its own."""
    vectors = normals(4, 3).requires_grad_()
    quantised = normals(4, 3, seed=1).requires_grad_()
    gradient = _gradients(learner, normals(4, 3, seed=2), vectors, quantised)[1]
    learner.expect(
        gradient is None or float(gradient.abs().max()) == 0,
        f"{learner.call}: a gradient arrives at `quantised`, too. It should go "
        "straight past the codes to the encoder: detach the whole difference, not only "
        "a part of it.",
    )


def _gradients(
    learner: Learner, weights: Tensor, vectors: Tensor, quantised: Tensor
) -> list[Tensor | None]:
    """Return the gradients at both inputs of the sum of weights times the result."""
    result = learner(vectors, quantised)
    learner.expect_shape(result, vectors.shape, "The shape stays.")
    learner.expect(
        isinstance(result, Tensor) and result.requires_grad,
        f"{learner.call}: no gradient arrives at `vectors`, so the encoder learns "
        "nothing. Its vectors must stand in the sum undetached.",
    )
    inputs = [x for x in (vectors, quantised) if x.requires_grad]
    found = torch.autograd.grad((result * weights).sum(), inputs, allow_unused=True)
    return [*found, None]


# vq_loss ------------------------------------------------------------------------


def vq_loss_by_hand(learner: Learner) -> None:
    """Both terms are mean squared distances, the second weighted."""
    vectors, chosen = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 0.0]])
    got = learner(vectors, chosen, 0.25)
    learner.expect_number(got, "One number, the mean over everything.")
    learner.expect_close(
        got,
        torch.tensor(2.5),
        1e-5,
        "The squared differences are 0 and 4, their mean is 2; once for the codebook, "
        "a quarter of it for the commitment.",
        known=[
            (torch.tensor(5.0), "The squares were added; take their mean."),
            (torch.tensor(2.0), "That is one of the two terms; add the other one."),
            (torch.tensor(0.5), "That is the commitment alone; add the codebook term."),
            (torch.tensor(4.0), "`commitment` was not used: it weights one term."),
            (
                torch.tensor(1.25),
                "Absolute differences instead of squared ones, in both terms.",
            ),
        ],
    )


def vq_loss_moves_the_codes(learner: Learner) -> None:
    """The codebook term pulls the codes to the vectors, with its full weight."""
    vectors, chosen = normals(5, 4), normals(5, 4, seed=1).requires_grad_()
    right = 2 * (chosen - vectors).detach() / 20
    learner.expect_close(
        _slope(learner, vectors, chosen, chosen),
        right,
        1e-5,
        "The gradient at the codes comes from the codebook term alone, "
        "2 (code - vector) / 20 for 20 numbers: in the commitment the codes are "
        "detached.",
        known=[
            (
                1.25 * right,
                "Nothing is detached, so both terms pull at the codes. In the "
                "commitment, detach `chosen`.",
            ),
            (
                0.25 * right,
                "The two terms are exchanged: `commitment` weights the one that moves "
                "the vectors, not the one that moves the codes.",
            ),
            (torch.zeros(5, 4), "The codes stay where they are: no term moves them."),
        ],
        axes=_AXES,
    )


def vq_loss_moves_the_vectors(learner: Learner) -> None:
    """The commitment pulls the vectors to the codes, a little."""
    chosen, vectors = normals(5, 4), normals(5, 4, seed=1).requires_grad_()
    right = 2 * 0.25 * (vectors - chosen).detach() / 20
    learner.expect_close(
        _slope(learner, vectors, chosen, vectors),
        right,
        1e-5,
        "The gradient at the vectors comes from the commitment alone, "
        "0.25 * 2 (vector - code) / 20: in the codebook term the vectors are detached.",
        known=[
            (
                5 * right,
                "Nothing is detached, so both terms pull at the encoder. In the "
                "codebook term, detach `vectors`.",
            ),
            (
                4 * right,
                "The two terms are exchanged: `commitment` weights the one that moves "
                "the vectors.",
            ),
            (torch.zeros(5, 4), "The vectors stay where they are: no term moves them."),
        ],
        axes=_AXES,
    )


def _slope(learner: Learner, vectors: Tensor, chosen: Tensor, at: Tensor) -> Tensor:
    """Return the gradient of the loss at one of its inputs; zeros without any."""
    loss = learner(vectors, chosen, 0.25)
    if not (isinstance(loss, Tensor) and loss.requires_grad):
        return torch.zeros(at.shape)
    (slope,) = torch.autograd.grad(loss.sum(), [at], allow_unused=True)
    return torch.zeros(at.shape) if slope is None else slope

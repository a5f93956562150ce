"""How the answers of lesson 11 are judged that are about the queue."""

from __future__ import annotations

import torch
from torch import Tensor

from deepcomposer_edu.course.checks.ch11_judging import AXES, kernel_of, sound_of
from deepcomposer_edu.course.checks.random_inputs import normals
from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.nn.waves import causal_convolution


def _pair(learner: Learner, got: object) -> tuple[Tensor, Tensor]:
    """Return (output, queue), or refuse what is no pair of tensors."""
    is_pair = isinstance(got, tuple) and len(got) == 2
    if not is_pair or not all(isinstance(one, Tensor) for one in got):
        learner.expect(
            False,
            f"{learner.call}: expected two tensors, (output, queue), got "
            f"{'a tensor' if isinstance(got, Tensor) else type(got).__name__}. The "
            "next sample needs the queue, so return both.",
        )
    return got


def _part(learner: Learner, which: int, *args: Tensor) -> Tensor:
    """Return one of the two results, named in the sentence that follows."""
    got = _pair(learner, learner(*args))
    learner.call = f"the {('output', 'new queue')[which]} of {learner.call}"
    return got[which]


def queue_gives_two_tensors(learner: Learner) -> None:
    """An output and a queue as long as before come back."""
    given = normals(2, 3), normals(2, 4, 3), normals(2, 3, 5)
    learner.expect_shape(
        _part(learner, 0, *given), (2, 5), "One sample comes out, for each sound."
    )
    queue = _part(learner, 1, *given)
    if queue.ndim == 3 and queue.shape[1] > 4:
        learner.expect(
            False,
            f"{learner.call}: expected 4 inputs, got {queue.shape[1]}. For each input "
            "that joins the queue the oldest one leaves, or it grows for ever.",
        )
    learner.expect_shape(queue, (2, 4, 3), "The queue is as long as it was.")


def queue_of_one(learner: Learner) -> None:
    """A queue of one holds the sample before."""
    now, queue = torch.tensor([[7.0]]), torch.tensor([[[5.0]]])
    learner.expect_close(
        _part(learner, 0, now, queue, kernel_of(10, 1)),
        torch.tensor([[57.0]]),
        1e-5,
        "10 times what is in the queue, plus now.",
        known=[
            (
                torch.tensor([[75.0]]),
                "The taps are exchanged: weight[0] is for the old input, weight[1] for "
                "now.",
            )
        ],
    )


def queue_uses_the_oldest(learner: Learner) -> None:
    """The old tap takes the oldest input of the queue."""
    now, queue = torch.tensor([[4.0]]), sound_of(1, 2, 3)
    learner.expect_close(
        _part(learner, 0, now, queue, kernel_of(10, 1)),
        torch.tensor([[14.0]]),
        1e-5,
        "The old tap lies `dilation` samples back, and that is the oldest input in the "
        "queue: 10 · 1 + 4.",
        known=[
            (
                torch.tensor([[34.0]]),
                "That used the newest input of the queue. The old tap lies `dilation` "
                "samples back, and there is the oldest one.",
            )
        ],
    )


def queue_moves_on(learner: Learner) -> None:
    """The oldest input leaves, the newest joins at the end."""
    now, queue = torch.tensor([[4.0]]), sound_of(1, 2, 3)
    learner.expect_close(
        _part(learner, 1, now, queue, kernel_of(10, 1)),
        sound_of(2, 3, 4),
        1e-5,
        "1 leaves, 4 joins at the end.",
        known=[
            (
                sound_of(4, 1, 2),
                "The newest joined in front and pushed 3 out, which is still needed. "
                "The oldest stands in front and leaves; the newest joins at the end.",
            ),
            (sound_of(1, 2, 3), "The queue did not move on: now has to join it."),
        ],
        axes=("sound", "place in the queue", "channel"),
    )


def queue_equals_the_full_pass(learner: Learner) -> None:
    """Sample by sample equals the whole convolution at once."""
    x, weight = normals(2, 30, 3), normals(2, 3, 4, seed=1)
    for dilation in (1, 2, 8):
        queue, outputs = torch.zeros(2, dilation, 3), []
        for t in range(30):
            output, queue = _pair(learner, learner(x[:, t], queue, weight))
            outputs.append(output)
        learner.call = f"queue_step(...) along 30 samples, with dilation {dilation},"
        learner.expect_close(
            torch.stack(outputs, dim=1),
            causal_convolution(x, weight, dilation),
            1e-4,
            "Sample by sample must give what the convolution of the whole sound gives.",
            axes=AXES,
        )

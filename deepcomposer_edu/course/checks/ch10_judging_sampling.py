"""How the answers of lesson 10 are judged that are about testing and about drawing."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.nn.sampling import NEVER, softmax

# leak ---------------------------------------------------------------------------


class _Named:
    """A network with a name, so that a message can say which one it was."""

    def __init__(self, name: str, network: Callable[[Tensor], Tensor]) -> None:
        self.name = name
        self.network = network

    def __call__(self, x: Tensor) -> Tensor:
        return self.network(x)

    def __repr__(self) -> str:
        return self.name

    def __copy__(self) -> _Named:
        return self  # it has nothing that calling it could change


def _ahead(distance: int) -> _Named:
    words = "one step" if distance == 1 else f"{distance} steps"
    return _Named(f"looks {words} ahead", lambda x: x.roll(-distance, dims=1))


_SUM = _Named("sums up the past", lambda x: x.cumsum(dim=1))
_SELF = _Named("looks at its own step", lambda x: 2 * x)


def _two_inputs() -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(4)
    x, other = torch.randn((2, 2, 6, 3), generator=random)
    return x, other


def leak_is_a_number(learner: Learner) -> None:
    """A leak is one number."""
    got = learner(_SUM, *_two_inputs(), 2)
    learner.expect_number(got, "Take the largest of the differences, as a number.")


def no_leak_in_a_sum(learner: Learner) -> None:
    """A sum of the past has a leak of 0."""
    x, other = _two_inputs()
    network = lambda x: x.cumsum(dim=1)  # noqa: E731
    got = learner(_SUM, x, other, 2)
    mixed = torch.cat([x[:, :3], other[:, 3:]], dim=1)
    whole = float((network(mixed) - network(x)).abs().max())
    early = torch.cat([x[:, :2], other[:, 2:]], dim=1)
    learner.expect_close(
        got,
        0.0,
        1e-6,
        "A sum of what came before depends on nothing later.",
        known=[
            (
                whole,
                "What comes after `step` may change. Compare the outputs up to and "
                "with `step` only.",
            ),
            (
                float((network(other) - network(x))[:, :3].abs().max()),
                "All of the input was changed. Up to and with `step` it must stay that "
                "of `x`.",
            ),
            (
                float((network(early) - network(x))[:, :3].abs().max()),
                "`step` itself was changed: the future begins behind it, at step + 1.",
            ),
        ],
    )


def own_step_may_be_seen(learner: Learner) -> None:
    """A step may look at itself."""
    x, other = _two_inputs()
    learner.expect_close(
        learner(_SELF, x, other, 3),
        0.0,
        1e-6,
        "`step` itself must not be changed: the future begins behind it, at step + 1.",
    )


def a_look_ahead_is_found(learner: Learner) -> None:
    """A look one step ahead is found, and so is one that looks farther."""
    x, other = _two_inputs()
    for distance in (1, 2):
        network = _ahead(distance)
        changed = torch.cat([x[:, :3], other[:, 3:]], dim=1)
        difference = (network(changed) - network(x))[:, :3]
        last = torch.cat([x[:, :-1], other[:, -1:]], dim=1)
        learner.expect_close(
            learner(network, x, other, 2),
            float(difference.abs().max()),
            1e-5,
            "Replace everything after `step` by that of `other`, run the network on "
            "both inputs, and take the largest absolute difference up to `step`.",
            known=[
                (
                    float(difference.max()),
                    "The sign was kept: a difference of -3 is a large leak. Take the "
                    "absolute value first.",
                ),
                (
                    float((network(last) - network(x))[:, :3].abs().max()),
                    "Only a part of the future was changed; change all steps after "
                    "`step`.",
                ),
                (
                    float(difference.abs().mean()),
                    "That is the mean; a single step that looks ahead would be lost "
                    "in it. Take the largest.",
                ),
                (
                    float(difference[:, -1].abs().max()),
                    "Only the output at `step` was compared; those before it must not "
                    "look ahead either.",
                ),
            ],
        )


# keep_nucleus -------------------------------------------------------------------

_OUT = -99.0  # stands for NEVER where numbers are compared
_SURE = torch.tensor([0.02, 0.9, 0.05, 0.03]).log()
_UNSURE = torch.tensor([0.3, 0.2, 0.28, 0.22]).log()


def _kept(logits: Tensor, *places: int) -> Tensor:
    kept = torch.full_like(logits, _OUT)
    kept[..., list(places)] = logits[..., list(places)]
    return kept


def _told(learner: Learner, got: object, shape: tuple[int, ...]) -> Tensor:
    """Return what came back with a finite number for -inf, to be compared."""
    learner.expect_shape(got, shape, "Tokens are ruled out, not taken away.")
    kept = torch.as_tensor(got)
    return kept.masked_fill(kept == NEVER, _OUT)


def nucleus_shape(learner: Learner) -> None:
    """The logits keep their shape."""
    logits = torch.randn((2, 3, 5), generator=torch.Generator().manual_seed(0))
    got = learner(logits, 0.8)
    learner.expect_shape(got, (2, 3, 5), "Tokens are ruled out, not taken away.")


def nucleus_by_hand(learner: Learner) -> None:
    """Of 0.3, 0.28, 0.22, 0.2 the first three reach 0.65."""
    got = learner(_UNSURE, 0.65)
    learner.expect_close(
        _told(learner, got, (4,)),
        _kept(_UNSURE, 0, 2, 3),
        1e-5,
        "The probabilities are 0.3, 0.2, 0.28 and 0.22. The two likeliest reach 0.58, "
        "the three likeliest 0.8: so three are kept, with their own logits, in their "
        "own places.",
        known=[
            (
                _kept(_UNSURE, 0, 2),
                "The token that crosses `p` belongs to the nucleus: without it the "
                "rest does not reach `p`. Look at what all likelier ones sum to.",
            ),
            (
                _kept(_UNSURE, 0, 1, 2),
                "The logits were not put back into their old places, or not sorted: "
                "which token is kept goes by probability.",
            ),
            (
                _kept(_UNSURE, 1, 2, 3),
                "Sorted the wrong way round: that keeps the unlikeliest.",
            ),
            (
                torch.tensor([0.3, _OUT, 0.28, 0.22]),
                "Those are probabilities; give the logits back.",
            ),
            (_UNSURE, "Nothing is ruled out."),
        ],
        axes=("token",),
    )


def nucleus_keeps_the_likeliest(learner: Learner) -> None:
    """The likeliest stays, also where it reaches p alone."""
    got = learner(_SURE, 0.5)
    learner.expect_close(
        _told(learner, got, (4,)),
        _kept(_SURE, 1),
        1e-5,
        "One token has 0.9, which is more than 0.5: it stays, and it alone.",
        known=[
            (
                torch.full_like(_SURE, _OUT),
                "Nothing is left to draw. The likeliest stays though it is larger "
                "than `p`: look at what all likelier ones sum to, which is 0 for it.",
            )
        ],
        axes=("token",),
    )


def nucleus_of_each_row(learner: Learner) -> None:
    """Each row has a nucleus of its own: few where the network is sure."""
    logits = torch.stack([_SURE, _UNSURE])
    got = learner(logits, 0.7)
    learner.expect_close(
        _told(learner, got, (2, 4)),
        torch.stack([_kept(_SURE, 1), _kept(_UNSURE, 0, 2, 3)]),
        1e-5,
        "The sure row keeps one token, the unsure row three: the order and the sums "
        "are those of each row, along the last axis.",
        axes=("row", "token"),
    )


def nucleus_is_smallest(learner: Learner) -> None:
    """What is kept reaches p, and without its last token it would not."""
    random = torch.Generator().manual_seed(2)
    logits = 2 * torch.randn((40, 12), generator=random)
    for p in (0.1, 0.5, 0.9, 1.0):
        got = learner(logits, p)
        kept = got > NEVER
        shares = softmax(logits)
        reached = (shares * kept).sum(-1)
        least = shares.masked_fill(~kept, 2.0).amin(-1)
        learner.expect(
            bool((reached >= p - 1e-4).all()),
            f"{learner.call}: expected tokens that together reach {p:g}, got only "
            f"{float(reached.min()):.3f} in one of the rows.",
        )
        learner.expect(
            p == 1 or bool((reached - least < p + 1e-4).all()),
            f"{learner.call}: a smaller set reaches {p:g}, too. A token is kept only "
            "while all likelier ones together stay below `p`.",
        )

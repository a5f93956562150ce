"""How the answers of lesson 04 on probabilities and drawing are judged."""

import math

import torch
from torch import Tensor

from deepcomposer_edu.course.checks.random_inputs import seeded
from deepcomposer_edu.course.learner import Learner, Refusal
from deepcomposer_edu.nn.sampling import NEVER

N_DRAWN = 20_000
NEAR = 0.02  # five times what chance does to a share of 20,000 draws


# 4.3 softmax --------------------------------------------------------------------

_THREE = torch.tensor([math.log(6.0), math.log(3.0), math.log(1.0)])


def probabilities_have_the_shape(learner: Learner) -> None:
    """There is a probability for each logit."""
    learner.expect_shape(learner(torch.zeros(2, 5, 3)), (2, 5, 3))
    learner.expect_shape(
        learner(torch.zeros(3)), (3,), cause="Look at the last axis: dim=-1."
    )


def probabilities_by_hand(learner: Learner) -> None:
    """The logits log 6, log 3 and log 1 give 0.6, 0.3 and 0.1."""
    total = _THREE.sum()
    learner.expect_close(
        learner(_THREE),
        torch.tensor([0.6, 0.3, 0.1]),
        1e-5,
        "exp(log 6) is 6, and 6 of 6 + 3 + 1 is 0.6.",
        known=[
            (torch.tensor([6.0, 3.0, 1.0]), "They do not add up to 1 yet; divide."),
            (
                _THREE / total,
                "Those are shares of the logits. Take powers of e first.",
            ),
            (
                torch.tensor([0.6, 0.3, 0.1]).log(),
                "Those are the logarithms of the right probabilities.",
            ),
        ],
    )


def temperature_by_hand(learner: Learner) -> None:
    """At temperature 0.5 likely tokens are likelier still, at 2 less so."""
    for temperature, powers in ((0.5, (36, 9, 1)), (2.0, (6**0.5, 3**0.5, 1))):
        expected = torch.tensor(powers) / sum(powers)
        other = torch.tensor([p ** (temperature**2) for p in powers])
        learner.expect_close(
            learner(_THREE, temperature),
            expected,
            1e-5,
            "Divide the logits by the temperature before anything else.",
            known=[
                (torch.tensor([0.6, 0.3, 0.1]), "The temperature changes nothing."),
                (
                    torch.tensor([0.6, 0.3, 0.1]) / temperature,
                    "That divides the probabilities. Divide the logits.",
                ),
                (
                    other / other.sum(),
                    "The logits are multiplied by the temperature, so that hot is "
                    "cautious and cold is wild; divide.",
                ),
            ],
        )


def each_row_by_itself(learner: Learner) -> None:
    """Every row adds up to 1."""
    got = learner(torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 9.0]]))
    learner.expect_close(
        got.sum(-1),
        torch.ones(2),
        1e-5,
        "Each row of the last axis must add up to 1.",
        known=[
            (
                got.sum(-1) / got.sum(),
                "All numbers together add up to 1. Sum along the last axis, dim=-1.",
            )
        ],
    )


def large_logits_stay_finite(learner: Learner) -> None:
    """Logits of a thousand give no nan."""
    got = learner(torch.tensor([1000.0, 1000.0, -1000.0]))
    learner.expect(
        bool(torch.isfinite(got).all()),
        f"{learner.call}: expected probabilities, got nan. exp(1000) is infinite. Take "
        "the largest logit of the row away first: the shares stay the same.",
    )
    learner.expect_close(got, torch.tensor([0.5, 0.5, 0.0]), 1e-5)
    got = learner(torch.tensor([[NEVER, 0.0], [-500.0, -500.0]]))
    learner.expect_close(
        got,
        torch.tensor([[0.0, 1.0], [0.5, 0.5]]),
        1e-5,
        "A logit of -inf means probability 0. Take each row's own largest away, not "
        "the largest of all.",
    )


def softmax_as_torch_has_it(learner: Learner) -> None:
    """It agrees with torch's own softmax."""
    logits = torch.randn(4, 6, generator=seeded()) * 3
    learner.expect_close(
        learner(logits, 0.7), torch.softmax(logits / 0.7, -1), 1e-5, axes=("row", "V")
    )


# 4.4 sample ---------------------------------------------------------------------

_LOGITS = torch.tensor([0.7, 0.2, 0.1]).log()
_MANY = _LOGITS.expand(N_DRAWN, 3)


def drawn_numbers_have_the_shape(learner: Learner) -> None:
    """There is one number for each row of logits."""
    got = learner(torch.zeros(2, 5, 4), generator=seeded())
    learner.expect_shape(
        got, (2, 5), cause="One token for each row: the logits' shape without V."
    )
    learner.expect(
        not got.is_floating_point(),
        f"{learner.call}: expected whole numbers of tokens, got fractions. Return what "
        "was drawn, not how probable it was.",
    )
    got = learner(torch.zeros(4), generator=seeded())
    learner.expect_shape(got, (), cause="A single row gives a single number.")


def the_likeliest_for_top_k_1(learner: Learner) -> None:
    """With top_k=1 only the likeliest can come."""
    logits = torch.randn(50, 6, generator=seeded(1))
    learner.expect_equal(
        learner(logits, top_k=1, generator=seeded()),
        logits.argmax(-1),
        cause="With top_k=1 only one token is left.",
    )


def _expect_shares(
    learner: Learner,
    drawn: Tensor,
    expected: tuple[float, ...],
    cause: str,
    known: tuple[tuple[tuple[float, ...], str], ...] = (),
) -> None:
    """Refuse unless the tokens were drawn about as often as expected."""
    found = torch.bincount(drawn.flatten().long(), minlength=3)[:3] / drawn.numel()
    if (found - torch.tensor(expected)).abs().max() <= NEAR:
        return
    for wrong, mistake in known:
        if (found - torch.tensor(wrong)).abs().max() <= NEAR:
            cause = mistake
            break
    wanted = ", ".join(f"{share:.2f}" for share in expected)
    got = ", ".join(f"{share:.2f}" for share in found.tolist())
    raise Refusal(
        f"{learner.call}: expected the shares {wanted} among {N_DRAWN:,} draws, got "
        f"{got}. {cause}"
    )


def as_often_as_probable(learner: Learner) -> None:
    """A token comes as often as it is probable."""
    drawn = learner(_MANY, generator=seeded())
    _expect_shares(
        learner,
        drawn,
        (0.7, 0.2, 0.1),
        "Draw each row with its own probabilities.",
        (
            (
                (1.0, 0.0, 0.0),
                "It always takes the likeliest. Then it writes the same for ever; draw "
                "with the probabilities instead.",
            ),
            ((1 / 3, 1 / 3, 1 / 3), "It draws without looking at the logits."),
        ),
    )


def temperature_changes_how_often(learner: Learner) -> None:
    """At temperature 2 the unlikely tokens come more often."""
    drawn = learner(_MANY, temperature=2.0, generator=seeded())
    warm = torch.softmax(_LOGITS / 2, -1)
    cold = torch.softmax(_LOGITS * 2, -1)
    coldest = torch.softmax(_LOGITS / 4, -1)
    _expect_shares(
        learner,
        drawn,
        tuple(warm.tolist()),
        "Divide the logits by the temperature before you draw.",
        (
            ((0.7, 0.2, 0.1), "The temperature changes nothing."),
            (tuple(cold.tolist()), "The logits are multiplied; divide them."),
            (tuple(coldest.tolist()), "The temperature is used twice."),
        ),
    )


def only_the_top_k(learner: Learner) -> None:
    """With top_k=2 the third never comes, and the others share its part."""
    drawn = learner(_MANY, top_k=2, generator=seeded())
    _expect_shares(
        learner,
        drawn,
        (7 / 9, 2 / 9, 0.0),
        "Keep the k largest logits, then make probabilities of them.",
        (((0.7, 0.2, 0.1), "top_k changes nothing."),),
    )


def only_the_nucleus(learner: Learner) -> None:
    """With top_p=0.8 the nucleus is the first two."""
    drawn = learner(_MANY, top_p=0.8, generator=seeded())
    _expect_shares(
        learner,
        drawn,
        (7 / 9, 2 / 9, 0.0),
        "Keep the nucleus, then make probabilities of it.",
        (((0.7, 0.2, 0.1), "top_p changes nothing."),),
    )


def top_k_before_the_nucleus(learner: Learner) -> None:
    """Temperature first, then top_k, then the nucleus."""
    drawn = learner(_MANY, top_k=2, top_p=0.75, generator=seeded())
    _expect_shares(
        learner,
        drawn,
        (1.0, 0.0, 0.0),
        "After top_k the first token has 0.78, so it alone reaches 0.75.",
        (
            (
                (7 / 9, 2 / 9, 0.0),
                "The nucleus was taken before top_k; where both are given, top_k "
                "comes first.",
            ),
        ),
    )


def the_generator_decides(learner: Learner) -> None:
    """The same generator draws the same tokens, another one others."""
    first, again, other = (
        learner(_MANY[:200], generator=seeded(seed)) for seed in (0, 0, 1)
    )
    learner.expect(
        bool(torch.equal(first, again)),
        f"{learner.call}: expected the same draws from a generator with the same seed, "
        "got others. Hand the generator on to `torch.multinomial`.",
    )
    learner.expect(
        not torch.equal(first, other),
        f"{learner.call}: expected other draws from another seed, got the same. Hand "
        "the generator on instead of setting a seed.",
    )

"""Drawing the next token: temperature, top-k, and the nucleus.

A network that predicts gives one number, a logit, for each token of its vocabulary.
What one hears depends on how a token is drawn from them as much as on the network.
"""

from __future__ import annotations

import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError

NEVER = float("-inf")  # the logit of a token that must not be drawn


def softmax(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """Return the probabilities of tokens at a temperature.

    p_i = exp(logit_i / temperature) / sum_j exp(logit_j / temperature). Below 1 the
    likely tokens become likelier still, above 1 all become more alike.

    Args:
        logits: (..., V), any numbers; -inf for a token that must not come.
        temperature: above 0.

    Returns:
        (..., V), each row 0 or more and together 1.
    """
    scaled = logits / temperature
    # the largest is taken away first: exp of a large number is infinite
    powers = torch.exp(scaled - scaled.amax(dim=-1, keepdim=True))  # (..., V)
    return powers / powers.sum(dim=-1, keepdim=True)


def keep_top_k(logits: Tensor, k: int) -> Tensor:
    """Return the logits with all but the k largest of each row set to -inf.

    Args:
        logits: (..., V).
        k: 1 to V. Tokens that are exactly as likely as the k-th stay as well.

    Returns:
        (..., V), the kept logits unchanged.
    """
    least = logits.topk(k, dim=-1).values[..., -1:]  # (..., 1), the k-th largest
    return logits.masked_fill(logits < least, NEVER)


def keep_nucleus(logits: Tensor, p: float) -> Tensor:
    """Return the logits with everything outside the nucleus set to -inf.

    The nucleus is the smallest set of likeliest tokens whose probabilities together
    reach p (Holtzman et al. 2020, section 3.1). So few tokens are kept where the
    network is sure, and many where it is not. The likeliest always stays.

    Args:
        logits: (..., V).
        p: above 0, at most 1; 1 keeps everything.

    Returns:
        (..., V), the kept logits unchanged.
    """
    ordered, places = logits.sort(dim=-1, descending=True, stable=True)
    probabilities = softmax(ordered)
    before = probabilities.cumsum(dim=-1) - probabilities  # of all likelier tokens
    is_outside = torch.zeros_like(before, dtype=torch.bool)
    is_outside.scatter_(-1, places, before >= p)
    return logits.masked_fill(is_outside, NEVER)


def sample(
    logits: Tensor,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Draw a token from each row of logits, each as often as it is probable.

    In this order: the logits are divided by the temperature, the top k are kept
    (`keep_top_k(logits, k)`), then the nucleus (`keep_nucleus(logits, p)`), and
    `softmax` makes probabilities of what is left. `check_sampling(temperature, top_k,
    top_p, V)` raises the error for a value that is not allowed.

    Args:
        logits: (..., V), any number of axes in front, also none.
        temperature: above 0.
        top_k: draw from the k likeliest only; 0 for no limit.
        top_p: draw from the nucleus of this probability only; 1 for no limit. Where
            both are given, top_k comes first.
        generator: the source of chance.

    Returns:
        (...) the tokens' numbers, 0 to V - 1.

    Raises:
        InputError: if a value is not allowed.
    """
    check_sampling(temperature, top_k, top_p, logits.shape[-1])
    logits = logits.float() / temperature
    if top_k:
        logits = keep_top_k(logits, top_k)
    if top_p < 1:
        logits = keep_nucleus(logits, top_p)
    probabilities = softmax(logits)
    rows = probabilities.reshape(-1, logits.shape[-1])
    drawn = torch.multinomial(rows, 1, generator=generator)[:, 0]
    return drawn.reshape(logits.shape[:-1])


def check_sampling(temperature: float, top_k: int, top_p: float, n_tokens: int) -> None:
    """Raise an InputError if these values cannot be sampled with.

    Args:
        temperature: must be above 0 and finite.
        top_k: must be 0 to `n_tokens`.
        top_p: must be above 0 and at most 1.
        n_tokens: V, the size of the vocabulary.
    """
    if not 0 < temperature < float("inf"):
        raise InputError(
            f"The temperature is {temperature:g}, but it must be a number above 0; "
            "0.01 takes almost always the likeliest, 1 draws as the network learned."
        )
    if not 0 <= top_k <= n_tokens:
        raise InputError(
            f"top_k is {top_k}, but the vocabulary has {n_tokens} tokens; give 1 to "
            f"{n_tokens}, or 0 for no limit."
        )
    if not 0 < top_p <= 1:
        raise InputError(
            f"top_p is {top_p:g}, but it is a probability: above 0 and at most 1, "
            "where 1 means no limit."
        )

"""n-grams: the next token, guessed from the few before it by counting.

A model of order n looks at the last n - 1 tokens and counts what followed them in its
training music. Any tokens will do: notes, events, characters of a text. It needs no
network and learns in seconds, so it is what a network has to beat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.sampling import sample

MAX_ORDER = 16  # far beyond what any corpus of music can fill
END = "end"  # the token that pieces end with, by habit


def count_followers(tokens: Sequence[str], order: int) -> dict[tuple, Counter]:
    """Return how often each token follows each context.

    A context is the 0, 1, ... up to `order` - 1 tokens right before a token, as a
    tuple; at the beginning of the piece there are fewer. The empty context, (), comes
    before every token, so its counts say how common each token is.

    Args:
        tokens: one piece.
        order: n of the n-gram, at least 1.

    Returns:
        For each context a Counter of the tokens that follow it.

    >>> count_followers(["C", "D", "C", "E"], order=2)[("C",)]
    Counter({'D': 1, 'E': 1})
    """
    followers: dict[tuple, Counter] = {}
    for i, token in enumerate(tokens):
        for length in range(min(order - 1, i) + 1):
            context = tuple(tokens[i - length : i])
            followers.setdefault(context, Counter())[token] += 1
    return followers


def blend(counts: np.ndarray, shorter: np.ndarray) -> np.ndarray:
    """Return the probabilities after a context, mixed with those of a shorter one.

    Counting alone gives 0 to whatever has not followed yet. So the guess of the context
    that is one token shorter has a say, the more so the more different tokens have
    followed: with N the sum of the counts and D the number of tokens counted at all,
    p = (counts + D * shorter) / (N + D). (Witten and Bell 1991, method C.)

    Args:
        counts: how often each token followed the context, shape (V,).
        shorter: the probabilities after the shorter context, shape (V,), sum 1.

    Returns:
        Probabilities, shape (V,), sum 1; those of `shorter` where nothing was counted.

    >>> blend(np.array([3, 0]), np.array([0.5, 0.5])).tolist()
    [0.875, 0.125]
    """
    n_kinds = np.count_nonzero(counts)
    if n_kinds == 0:
        return shorter
    return (counts + n_kinds * shorter) / (counts.sum() + n_kinds)


def surprise(probability: float) -> float:
    """Return how many bits of surprise there are in what had this probability.

    -log2(p): 0 bits for what was certain, 1 bit for the flip of a coin, one bit more
    for each time that the probability is halved.

    Args:
        probability: above 0, at most 1.

    >>> surprise(1.0), surprise(0.5), surprise(0.125)
    (0.0, 1.0, 3.0)
    """
    return float(-np.log2(probability)) + 0.0  # + 0.0: no minus in front of 0


class NGram:
    """An n-gram model: counts of what followed, from the longest context to none.

    The guess after a context is blended with that of the context one token shorter,
    down to the empty context and at last to all tokens alike, so every token of the
    vocabulary has a probability above 0.

    Args:
        sequences: the training pieces; a text is a sequence of characters.
        order: n, 1 to 16; n - 1 tokens are looked at.
        vocabulary: the tokens there are, if the pieces do not hold them all.

    Raises:
        InputError: if the order is out of range, there is nothing to learn from, or a
            piece has a token that is not in the vocabulary.
    """

    def __init__(
        self,
        sequences: Iterable[Sequence[str]],
        order: int,
        vocabulary: Iterable[str] | None = None,
    ) -> None:
        if not 1 <= order <= MAX_ORDER:
            raise InputError(
                f"The order of an n-gram is {order}, but it must be 1 to {MAX_ORDER}; "
                "5 is usual for text, 4 for notes."
            )
        self.order = order
        self.followers: dict[tuple, Counter] = {}
        for tokens in sequences:
            for context, counts in count_followers(tokens, order).items():
                known = self.followers.setdefault(context, counts)
                if known is not counts:
                    known.update(counts)
        if () not in self.followers:
            raise InputError(
                "There is no token to learn from; give at least one piece that is not "
                "empty."
            )
        seen = sorted(self.followers[()])
        self.vocabulary = tuple(vocabulary if vocabulary is not None else seen)
        self.numbers = {token: i for i, token in enumerate(self.vocabulary)}
        for token in seen:
            self._check(token)

    def probabilities(self, context: Sequence[str]) -> np.ndarray:
        """Return the probability of each token of the vocabulary after a context.

        Args:
            context: what came before; only the last n - 1 tokens are looked at.

        Returns:
            Shape (V,), in the order of `vocabulary`, sum 1.
        """
        n_tokens = len(self.vocabulary)
        guess = np.full(n_tokens, 1 / n_tokens)
        for length in range(min(self.order - 1, len(context)) + 1):
            followers = self.followers.get(tuple(context[len(context) - length :]))
            if followers is None:
                break  # a longer context was not seen either
            counts = np.zeros(n_tokens)
            for token, count in followers.items():
                counts[self.numbers[token]] = count
            guess = blend(counts, guess)
        return guess

    def surprises(self, tokens: Sequence[str]) -> np.ndarray:
        """Return the surprise at each token of a piece given those before, in bits.

        Args:
            tokens: one piece, all of it in the vocabulary.

        Returns:
            Shape (T,).

        Raises:
            InputError: if a token is not in the vocabulary.
        """
        bits = np.zeros(len(tokens))
        for i, token in enumerate(tokens):
            self._check(token)
            probability = 1 / len(self.vocabulary)
            for length in range(min(self.order - 1, i) + 1):
                followers = self.followers.get(tuple(tokens[i - length : i]))
                if followers is None:
                    break
                n_kinds = len(followers)  # `blend` for one token alone
                probability = (followers[token] + n_kinds * probability) / (
                    followers.total() + n_kinds
                )
            bits[i] = surprise(probability)
        return bits

    def bits_per_token(self, sequences: Iterable[Sequence[str]]) -> float:
        """Return the mean surprise over all tokens of some pieces, in bits.

        Raises:
            InputError: if there is no token, or one is not in the vocabulary.
        """
        bits = [self.surprises(tokens) for tokens in sequences]
        n_tokens = sum(len(row) for row in bits)
        if n_tokens == 0:
            raise InputError(
                "There is no token to measure; give at least one piece that is not "
                "empty."
            )
        return float(sum(row.sum() for row in bits) / n_tokens)

    def perplexity(self, sequences: Iterable[Sequence[str]]) -> float:
        """Return 2 to the power of the bits per token.

        So many tokens, all equally likely, would be as hard to guess.
        """
        return 2 ** self.bits_per_token(sequences)

    def generate(
        self,
        n_tokens: int,
        start: Sequence[str] = (),
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int = 0,
        stop: str | None = END,
    ) -> list[str]:
        """Return `start` with at most `n_tokens` drawn tokens after it.

        Args:
            n_tokens: how many tokens to draw, 0 or more.
            start: how the piece begins, any length; all of it in the vocabulary.
            temperature: above 0; 1 draws as counted, less is more cautious.
            top_k: draw from the k likeliest only; 0 for no limit.
            top_p: draw from the nucleus of this probability only; 1 for no limit.
            seed: the same seed gives the same tokens.
            stop: after this token nothing is drawn any more; it is left out.

        Raises:
            InputError: if a value is not allowed, or `start` has an unknown token.
        """
        if n_tokens < 0:
            raise InputError(
                f"{n_tokens} tokens are to be drawn, but it must be 0 or more."
            )
        for token in start:
            self._check(token)
        tokens = list(start)
        generator = torch.Generator().manual_seed(seed)
        for _ in range(n_tokens):
            # log-probabilities are logits: softmax gives the probabilities back
            logits = torch.from_numpy(np.log(self.probabilities(tokens)))  # (V,)
            number = int(sample(logits, temperature, top_k, top_p, generator))
            if self.vocabulary[number] == stop:
                break
            tokens.append(self.vocabulary[number])
        return tokens

    def _check(self, token: str) -> None:
        """Refuse a token that the model does not have."""
        if token not in self.numbers:
            raise InputError(
                f"The token {token!r} is not among the {len(self.vocabulary)} tokens "
                "of this n-gram; give it with `vocabulary` when the model is made."
            )


def longest_copy(tokens: Sequence[str], sequences: Iterable[Sequence[str]]) -> int:
    """Return the length of the longest run of `tokens` that stands in a piece.

    Args:
        tokens: what a model wrote.
        sequences: the pieces it learned from.

    Returns:
        How many tokens in a row are word for word those of one piece; 0 if none is.
    """
    longest = 0
    for piece in sequences:
        # runs[j]: length of the run that ends at token i and at token j of the piece
        places: dict[str, list[int]] = {}
        for j, token in enumerate(piece):
            places.setdefault(token, []).append(j)
        runs: dict[int, int] = {}
        for token in tokens:
            runs = {j: runs.get(j - 1, 0) + 1 for j in places.get(token, ())}
            longest = max(longest, max(runs.values(), default=0))
    return longest

"""n-grams: counts that become probabilities, surprise, and music."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ngram import (
    NGram,
    blend,
    count_followers,
    longest_copy,
    surprise,
)

TEXT = "abracadabra"
texts = st.text(alphabet="abc", min_size=1, max_size=20)


def test_a_context_counts_what_came_after_it():
    followers = count_followers(TEXT, order=3)
    assert followers[("a",)] == {"b": 2, "c": 1, "d": 1}
    assert followers["b", "r"] == {"a": 2}
    assert followers[()] == {"a": 5, "b": 2, "r": 2, "c": 1, "d": 1}
    assert max(map(len, followers)) == 2


def test_pieces_are_counted_apart():
    model = NGram(["ab", "ba"], order=2)
    assert model.followers[("a",)] == {"b": 1}
    assert model.followers[("b",)] == {"a": 1}


def test_blending_by_hand():
    """After "a": b twice, c and d once. 4 counted, 3 kinds; all tokens alike before."""
    counts = np.array([0, 2, 1, 1])
    blended = blend(counts, np.full(4, 0.25))
    assert blended == pytest.approx(np.array([0.75, 2.75, 1.75, 1.75]) / 7)


@given(training=st.lists(texts, min_size=1, max_size=4), context=texts)
def test_probabilities_are_above_0_and_sum_to_1(training, context):
    model = NGram(training, order=4, vocabulary="abc")
    probabilities = model.probabilities(context)
    assert probabilities.min() > 0
    assert probabilities.sum() == pytest.approx(1)


@given(training=st.lists(texts, min_size=1, max_size=4), piece=texts)
def test_surprise_is_minus_the_logarithm_of_the_probability(training, piece):
    """The two ways to compute it, one number or all of them, agree."""
    model = NGram(training, order=3, vocabulary="abc")
    surprises = model.surprises(piece)
    for i, token in enumerate(piece):
        probability = model.probabilities(piece[:i])["abc".index(token)]
        assert surprises[i] == pytest.approx(surprise(probability))


@given(training=st.lists(texts, min_size=1, max_size=4), context=texts)
def test_only_the_last_tokens_are_looked_at(training, context):
    model = NGram(training, order=3, vocabulary="abc")
    long, short = model.probabilities(context), model.probabilities(context[-2:])
    assert np.array_equal(long, short)


def test_what_is_repeated_becomes_easy_to_guess():
    bits = [NGram(["abc" * 20], order).bits_per_token(["abc" * 5]) for order in (1, 2)]
    assert bits[0] == pytest.approx(np.log2(3), abs=0.01)
    assert bits[1] < 0.4


def test_perplexity_is_the_number_of_tokens_when_all_are_alike():
    model = NGram(["abcdefgh"], order=1)
    assert model.perplexity(["abcd"]) == pytest.approx(8)


def test_the_seed_decides_what_is_written():
    model = NGram([TEXT], order=2)
    assert model.generate(30, seed=0) == model.generate(30, seed=0)
    assert model.generate(30, seed=0) != model.generate(30, seed=1)


def test_tokens_are_drawn_as_often_as_they_are_likely():
    """600 draws from an order-1 model; 4.5 standard deviations are allowed."""
    model = NGram(["aaab"], order=1)
    share = model.generate(600, seed=0).count("a") / 600
    expected = model.probabilities("")[0]
    assert abs(share - expected) < 4.5 * np.sqrt(expected * (1 - expected) / 600)


def test_cold_music_takes_the_likeliest():
    model = NGram(["ababababac"], order=2)
    assert model.generate(4, start="a", temperature=0.01) == list("ababa")


def test_a_piece_begins_as_asked_and_stops_at_its_end():
    model = NGram([["C", "D", "end"]] * 50, order=2)
    assert model.generate(40, start=["C"], top_k=1) == ["C", "D"]
    assert model.generate(2, start=["C"], top_k=1, stop=None) == ["C", "D", "end"]


def test_nothing_to_draw_leaves_the_start():
    assert NGram([TEXT], 2).generate(0, start="ab") == ["a", "b"]


@pytest.mark.parametrize(("probability", "bits"), [(1, 0), (0.5, 1), (1 / 64, 6)])
def test_surprise_counts_flips_of_a_coin(probability, bits):
    assert surprise(probability) == bits


@given(st.lists(texts, min_size=1, max_size=3), texts)
def test_the_longest_copy_is_the_longest_part_that_stands_in_a_piece(pieces, tokens):
    lengths = [
        end - start
        for start in range(len(tokens))
        for end in range(start + 1, len(tokens) + 1)
        if any(tokens[start:end] in piece for piece in pieces)
    ]
    assert longest_copy(tokens, pieces) == max(lengths, default=0)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda: NGram([TEXT], 0), "must be 1 to 16"),
        (lambda: NGram([TEXT], 17), "must be 1 to 16"),
        (lambda: NGram([], 2), "There is no token to learn from"),
        (lambda: NGram([""], 2), "There is no token to learn from"),
        (lambda: NGram([TEXT], 2, vocabulary="abc"), "'d' is not among the 3 tokens"),
        (lambda: NGram([TEXT], 2).bits_per_token(["xyz"]), "'x' is not among"),
        (lambda: NGram([TEXT], 2).bits_per_token([]), "no token to measure"),
        (lambda: NGram([TEXT], 2).generate(3, start="x"), "'x' is not among"),
        (lambda: NGram([TEXT], 2).generate(-1), "must be 0 or more"),
        (lambda: NGram([TEXT], 2).generate(3, temperature=0), "number above 0"),
        (lambda: NGram([TEXT], 2).generate(3, top_k=6), "has 5 tokens"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(action, words):
    with pytest.raises(InputError) as caught:
        action()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)

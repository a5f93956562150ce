"""Quantisers: nearest codes, gradients past the choice, code use, revival, argmax."""

import math

import pytest
import torch
from torch.nn import functional as F

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.quantise import (
    ArgmaxQuantiser,
    VectorQuantiser,
    argmax_one_hot,
    argmax_shares,
    code_use,
    diversity_loss,
    nearest_code,
    perplexity,
    revive_codes,
    share_used,
    straight_through,
    vq_loss,
)


def drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_nearest_codes_agree_with_all_distances_measured():
    vectors, codebook = drawn(3, 5, 4), drawn(7, 4, seed=1)
    expected = torch.cdist(vectors.flatten(0, 1), codebook).argmin(-1).view(3, 5)
    assert torch.equal(nearest_code(vectors, codebook), expected)


def test_of_two_codes_equally_near_the_first_is_taken():
    assert nearest_code(torch.tensor([0.5]), torch.tensor([[1.0], [0.0]])) == 0


def test_straight_through_has_the_choices_value_and_the_vectors_gradient():
    vectors = drawn(2, 3).requires_grad_()
    chosen = drawn(2, 3, seed=1).requires_grad_()
    out = straight_through(vectors, chosen)
    torch.testing.assert_close(out, chosen)
    weights = drawn(2, 3, seed=2)
    (out * weights).sum().backward()
    torch.testing.assert_close(vectors.grad, weights)
    assert chosen.grad is None


def test_each_term_of_the_vq_loss_moves_its_own_side():
    vectors = torch.tensor([[1.0, 3.0]], requires_grad=True)
    chosen = torch.tensor([[0.0, 1.0]], requires_grad=True)
    loss = vq_loss(vectors, chosen, commitment=0.5)
    assert loss.item() == pytest.approx(1.5 * (1 + 4) / 2)
    loss.backward()
    difference = torch.tensor([[1.0, 2.0]])
    torch.testing.assert_close(chosen.grad, -difference)  # 2 (e - z) / 2 numbers
    torch.testing.assert_close(vectors.grad, 0.5 * difference)


def test_code_use_is_each_codes_share():
    codes = torch.tensor([[0, 3], [3, 3]])
    torch.testing.assert_close(
        code_use(codes, 5), torch.tensor([0.25, 0.0, 0.0, 0.75, 0.0])
    )
    assert share_used(codes, 5) == pytest.approx(2 / 5)


@pytest.mark.parametrize("n_used", [1, 2, 8])
def test_perplexity_of_codes_used_alike_is_their_number(n_used):
    assert perplexity(torch.arange(n_used).repeat(3), 8) == pytest.approx(n_used)


def test_perplexity_worked_by_hand():
    entropy = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    codes = torch.tensor([0, 1, 1, 1])
    assert perplexity(codes, 4) == pytest.approx(math.exp(entropy))


def test_only_dead_codes_move_and_each_to_another_vector():
    codebook, vectors = drawn(6, 2), drawn(9, 2, seed=1)
    before = codebook.clone()
    n_used = torch.tensor([3, 0, 1, 0, 0, 7])
    random = torch.Generator().manual_seed(0)
    revived = revive_codes(codebook, n_used, vectors, random)
    assert torch.equal(codebook, before)
    assert torch.equal(revived[[0, 2, 5]], before[[0, 2, 5]])
    found = (revived[[1, 3, 4], None] == vectors).all(-1)  # (3, 9)
    assert found.any(1).all()
    assert found.sum(0).max() == 1


def test_more_dead_codes_than_vectors_share_them():
    vectors = drawn(2, 3)
    random = torch.Generator().manual_seed(0)
    revived = revive_codes(torch.zeros(5, 3), torch.zeros(5), vectors, random)
    assert (revived[:, None] == vectors).all(-1).any(1).all()


def test_revival_follows_from_the_generator():
    given = (drawn(6, 2), torch.zeros(6), drawn(50, 2, seed=1))
    first, again, other = (
        revive_codes(*given, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_shares_are_positive_and_together_one():
    scores = drawn(4, 6)
    found = argmax_shares(scores)
    assert (found >= 0).all()
    assert (found[scores <= 0] == 0).all()
    torch.testing.assert_close(found.sum(-1), torch.ones(4), atol=1e-3, rtol=0)


def test_shares_without_a_positive_score_are_zeros_not_nan():
    scores = torch.tensor([[-1.0, -2.0]], requires_grad=True)
    found = argmax_shares(scores)
    assert torch.equal(found, torch.zeros(1, 2))
    found.sum().backward()
    assert torch.isfinite(scores.grad).all()


def test_one_hot_has_the_gradient_of_the_shares():
    shares = torch.tensor([[0.2, 0.5, 0.3]], requires_grad=True)
    out = argmax_one_hot(shares)
    torch.testing.assert_close(out, torch.tensor([[0.0, 1.0, 0.0]]))
    weights = torch.tensor([[1.0, 2.0, 3.0]])
    (out * weights).sum().backward()
    torch.testing.assert_close(shares.grad, weights)


def test_diversity_is_judged_over_the_batch_not_frame_by_frame():
    sharp = F.one_hot(torch.arange(4), 4).float()  # each frame one code, all codes used
    assert diversity_loss(sharp).item() == pytest.approx(0)
    assert diversity_loss(sharp[:1].expand(4, 4)).item() == pytest.approx(3)


@pytest.mark.parametrize("kind", [VectorQuantiser, ArgmaxQuantiser])
def test_a_quantiser_gives_the_vectors_of_its_codes_and_a_gradient(kind):
    torch.manual_seed(0)
    quantiser = kind(6, 3)
    said = drawn(2, 5, quantiser.n_inputs).requires_grad_()
    found = quantiser(said)
    assert found.codes.shape == (2, 5)
    assert found.vectors.shape == (2, 5, 3)
    torch.testing.assert_close(found.vectors, quantiser.vectors(found.codes))
    (found.vectors.sum() + found.loss).backward()
    assert said.grad.abs().sum() > 0
    assert quantiser.codebook.grad.abs().sum() > 0
    assert not found.said.requires_grad


def test_a_quantiser_needs_two_codes():
    with pytest.raises(InputError, match="1 codes, but it needs 2"):
        VectorQuantiser(1, 4)

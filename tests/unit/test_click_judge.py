"""A discriminator that learns from a listener's clicks."""

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.click_judge import ClickJudge


def clicks_by(feature, n=40, n_features=5, noise=0.0, seed=0):
    """A listener who goes by one feature; the others are chance."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, n_features))
    return x, x[:, feature] + noise * random.normal(size=n) > 0


def test_it_finds_what_a_listener_goes_by():
    x, said = clicks_by(3)
    judge = ClickJudge(x, said, list("abcde"))
    assert judge.most_used[0] == "d"
    assert judge.weights["d"] > 0
    assert judge.left_out > 0.85 > judge.usual


def test_it_foretells_no_clicks_that_are_chance():
    shares = []
    for seed in range(20):
        x, _ = clicks_by(0, seed=seed)
        said = np.random.default_rng(100 + seed).random(40) < 0.5
        shares.append(ClickJudge(x, said).left_out)
    # 800 clicks, a little below a half: leaving one out shifts the offset against it
    assert np.mean(shares) < 0.5 + 4 * np.sqrt(0.25 / 800)


def test_its_slope_is_that_of_the_penalised_cross_entropy():
    torch = pytest.importorskip("torch")
    x, said = clicks_by(1, noise=1.0)
    judge = ClickJudge(x, said, penalty=0.1)
    inputs = torch.from_numpy((x - x.mean(0)) / x.std(0))
    weights = torch.tensor([*judge.weights.values()], dtype=torch.float64)
    weights.requires_grad_()
    offset = torch.tensor(
        float(np.log(1 / (1 / judge.probability(x.mean(0)[None])[0] - 1)))
    )
    loss = torch.nn.functional.binary_cross_entropy_with_logits(
        inputs @ weights + offset, torch.from_numpy(said.astype(float))
    )
    (loss + 0.1 * weights.square().sum()).backward()
    assert weights.grad.abs().max() < 1e-6


def test_clicks_on_one_piece_are_left_out_together():
    # Ten pieces of noise, each judged alike by eight listeners: whoever leaves out one
    # click at a time finds it again in the others.
    random = np.random.default_rng(0)
    pieces, said = random.normal(size=(10, 9)), np.arange(10) % 2 == 0
    judge = ClickJudge(np.repeat(pieces, 8, axis=0), np.repeat(said, 8))
    assert judge.left_out < 0.9


def test_a_perfect_listener_and_a_constant_feature_do_no_harm():
    x = np.array([[0.0, 7], [1, 7], [0, 7], [1, 7]])
    judge = ClickJudge(x, [False, True, False, True])
    assert np.isfinite(judge.probability(x)).all()
    assert judge.weights["feature 2"] == pytest.approx(0)


@pytest.mark.parametrize(
    ("features", "clicks", "words"),
    [
        ([[1.0]] * 4, [True] * 4, "at least two of each kind"),
        ([[1.0]] * 4, [True, False, False, False], "at least two of each kind"),
        ([[1.0]] * 3, [True] * 4, r"\(N, F\) and \(N,\) are needed"),
        ([1.0] * 4, [True] * 4, r"\(N, F\) and \(N,\) are needed"),
        ([["a"]] * 4, [True] * 4, r"\(N, F\) and \(N,\) are needed"),
        ([[np.nan]] * 4, [True, False] * 2, "no finite number"),
        ([[1.0]] * 4, [0.3, 1, 0, 1], "neither True nor False"),
    ],
)
def test_what_it_cannot_learn_from_is_refused(features, clicks, words):
    with pytest.raises(InputError, match=words):
        ClickJudge(features, clicks)


def test_other_features_than_those_learned_from_are_refused():
    judge = ClickJudge(*clicks_by(0))
    with pytest.raises(InputError, match=r"\(pieces, 5\) is needed"):
        judge.probability([[1.0]])
    with pytest.raises(InputError, match="2 names for 5"):
        ClickJudge(*clicks_by(0), names=["a", "b"])

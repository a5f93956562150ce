"""The small tune network: codes, what it learns from, and that it learns."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.tune_net import (
    HIGH,
    LENGTHS,
    LOW,
    NOTHING,
    TuneNet,
    TuneNetConfig,
    continue_tune,
    examples,
    from_codes,
    load_tune_net,
    longest_copy,
    to_codes,
)
from deepcomposer_edu.music.augment import transpositions
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.training.tune_net import (
    TuneRun,
    chorale_melodies,
    mean_loss,
    train_tune_net,
)

TINY = TuneNetConfig(context=4, embedding=8, channels=8, hidden=16)


def tune(*pitches):
    """Quarters."""
    return Grid(
        np.repeat([pitches], 4, axis=1), [[True, False, False, False] * len(pitches)]
    )


SCALE = tune(60, 62, 64, 65, 67, 69, 71, 72)


def test_codes_and_back_is_the_same_melody():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, (HIGH - LOW + 1) * len(LENGTHS), 200)
    assert np.array_equal(to_codes(from_codes(codes)), codes)
    assert from_codes(to_codes(SCALE)) == SCALE


def test_every_chorale_melody_in_every_key_has_codes():
    for piece in load_chorales("train")[:20]:
        for copy in transpositions(piece.melody, LOW, HIGH):
            kept = from_codes(to_codes(copy))
            assert kept.onsets.sum() == copy.onsets.sum()


def test_rests_are_left_out_and_odd_lengths_take_the_nearest():
    melody = Grid([[60] * 5 + [REST] * 3 + [62] * 4])
    assert from_codes(to_codes(melody)).pitches[0].tolist() == [60] * 4 + [62] * 4


def test_the_context_is_what_came_before():
    before, after = examples([SCALE, tune(60, 67)], context=3)
    codes = to_codes(SCALE).tolist()
    assert before[0].tolist() == [NOTHING] * 3
    assert before[4].tolist() == codes[1:4] and after[4] == codes[4]
    assert len(after) == 10 and before[8].tolist() == [NOTHING] * 3


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_a_few_steps_lower_the_loss_of_what_is_learned(norm):
    network = replace(TINY, norm=norm, dropout=0.1)
    run = TuneRun(network, l1=1e-5, l2=1e-5, learning_rate=0.01)
    _, rows = train_tune_net(run, [SCALE] * 3, [tune(60, 64, 67)], 60, judge_every=60)
    assert [row["step"] for row in rows] == [0, 60]
    assert rows[-1]["loss"] < 0.5 * rows[0]["loss"]


def test_the_same_seed_gives_the_same_network_and_another_another():
    def weights(seed):
        run = TuneRun(replace(TINY, dropout=0.3))
        network, _ = train_tune_net(run, [SCALE], [SCALE], 5, seed=seed)
        return torch.cat([p.flatten() for p in network.parameters()])

    assert torch.equal(weights(0), weights(0))
    assert not torch.equal(weights(0), weights(1))


def test_training_leaves_everybody_elses_chance_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    train_tune_net(TuneRun(TINY), [SCALE], [SCALE], 2)
    assert torch.equal(torch.rand(1), expected)


def test_judging_switches_dropout_off_and_on_again():
    network = TuneNet(replace(TINY, dropout=0.5)).train()
    pair = examples([SCALE], TINY.context)
    assert mean_loss(network, *pair) == mean_loss(network, *pair)
    assert network.training


def test_a_strong_penalty_keeps_the_weights_small():
    def size(**penalty):
        run = TuneRun(TINY, **penalty, learning_rate=0.01)
        network, _ = train_tune_net(run, [SCALE], [SCALE], 40)
        weights = [p.detach() for p in network.parameters() if p.dim() > 1]
        return sum(weight.abs().sum().item() for weight in weights)

    plain = size()
    assert size(l2=0.1) < 0.8 * plain
    assert size(l1=0.01) < 0.8 * plain


def test_a_continuation_begins_with_its_beginning():
    network = TuneNet(TINY).eval()
    longer = continue_tune(network, SCALE, 5, seed=0)
    assert longer.crop(0, SCALE.n_steps) == SCALE
    assert longer.onsets.sum() == SCALE.onsets.sum() + 5
    assert continue_tune(network, SCALE, 5, seed=0) == longer
    assert continue_tune(network, SCALE, 5, seed=1) != longer


def test_a_copy_is_found_in_another_key():
    melody = tune(50, 60, 62, 64, 65, 55)
    known = [tune(60, 60, 60), SCALE.transposed(3)]
    assert longest_copy(melody, known) == (4, 1)
    assert longest_copy(melody, known, skip=2) == (3, 1)
    assert longest_copy(tune(60), known) == (0, 0)


def test_the_judged_melodies_are_no_train_tunes():
    train, valid = chorale_melodies(5)
    clean = [p for p in load_chorales("valid") if p.is_clean]
    assert len(train) == 5 and len(valid) == len(clean) < 69


def test_of_the_shipped_two_one_knows_its_tunes_by_heart():
    train, valid = chorale_melodies()
    loss = {}
    for name in ("overfit", "regularised"):
        network = load_tune_net(name)
        n_back = network.config.context
        loss[name] = [mean_loss(network, *examples(m, n_back)) for m in (train, valid)]
    assert loss["overfit"][0] < 0.2 < loss["regularised"][0]
    assert loss["regularised"][1] < 3 < 6 < loss["overfit"][1]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: TuneNetConfig(norm="group"), "one of none, batch, layer"),
        (lambda: TuneNetConfig(context=1), "2 notes"),
        (lambda: TuneNet(TuneNetConfig(dropout=1.0)), "0 to below 1"),
        (lambda: to_codes(Grid([[60], [64]])), "2 voices"),
        (lambda: to_codes(tune(20)), "pitch 20"),
        (lambda: continue_tune(TuneNet(TINY).eval(), SCALE, 1, 0.0), "above 0"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(wrong, words):
    with pytest.raises(InputError, match=words):
        wrong()

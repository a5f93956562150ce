"""Counting models: cases worked by hand, and probabilities that add up to one."""

from math import log

import numpy as np
import pytest

from deepcomposer_edu.models.ladder import (
    N_SYMBOLS,
    STRENGTH,
    CountingModel,
    Moment,
    ladder,
    moments,
)

HELD = np.array([[72] * 4, [67] * 4, [64] * 4, [48] * 4])


def test_without_counts_everything_is_as_likely():
    assert CountingModel().nats(HELD) == pytest.approx(HELD.size * log(N_SYMBOLS))


def test_a_counted_interval_by_hand():
    model = CountingModel().learn(
        [np.array([[60, 62, 64], [-1] * 3, [-1] * 3, [-1] * 3])]
    )
    moment = Moment(voice=0, step=1, held=1, moves=())
    # a whole tone up was seen 2 times of 2; the rung below knows nothing
    expected = (2 + STRENGTH / N_SYMBOLS) / (2 + STRENGTH)
    assert model.probability(moment, 50, 52) == pytest.approx(expected)


def test_intervals_are_the_same_in_every_key_and_pitches_are_not():
    higher = HELD + 5
    interval, pitch = (
        CountingModel(is_interval=i).learn([HELD]) for i in (True, False)
    )
    after_the_first = [HELD[:, 1:], higher[:, 1:]]
    assert len(after_the_first) == 2
    moment = Moment(0, 1, 1, ())
    assert interval.probability(moment, 72, 72) == interval.probability(moment, 77, 77)
    assert pitch.probability(moment, 72, 72) > pitch.probability(moment, 77, 77)


def test_the_probabilities_of_all_pitches_and_the_rest_do_not_exceed_one():
    random = np.random.default_rng(0)
    pieces = [random.integers(50, 70, (4, 40)) for _ in range(3)]
    for model in ladder().values():
        model.learn(pieces)
        for moment, before, _ in list(moments(pieces[0]))[5:9]:
            total = sum(
                model.probability(moment, before, now) for now in (-1, *range(46, 93))
            )
            assert total <= 1 + 1e-9


def test_voices_know_the_moves_of_those_before_them():
    pitches = np.array([[60, 62], [55, 55], [50, 50], [40, 43]])
    second = [moment for moment, _, _ in moments(pitches) if moment.step == 1]
    assert [m.voice for m in second] == [0, 3, 1, 2]
    assert second[-1].moves == (True, True, False)

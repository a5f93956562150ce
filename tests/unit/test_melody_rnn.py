"""MelodyRNN: its events and features by hand, its networks, and what it continues."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from deepcomposer_edu.corpora.melodies import Melody, load_melodies
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.melody_events import (
    ABSENT,
    FIRST_PITCH,
    LOW,
    N_COUNTERS,
    N_EVENTS,
    N_PITCHES,
    NO_EVENT,
    NOTE_OFF,
    counters,
    event_scores,
    features,
    from_events,
    n_features,
    places_in_time,
    to_events,
    to_labels,
)
from deepcomposer_edu.models.melody_network import (
    VARIANTS,
    LastOutputs,
    MelodyNetwork,
    MelodyRNNConfig,
)
from deepcomposer_edu.models.melody_rnn import (
    MelodyRNN,
    load_melody_rnn,
    move_to_range,
    predict,
)
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.melody_metrics import melody_statistics
from deepcomposer_edu.training import melody_rnn as training
from deepcomposer_edu.training.melody_rnn import (
    KIND,
    N_STEPS,
    MelodySet,
    as_written,
    melody_loss,
    nats_per_step,
    train_melody_rnn,
)
from deepcomposer_edu.training.predictor import TrainingSettings

every_variant = pytest.mark.parametrize("variant", VARIANTS)
C4 = FIRST_PITCH + 60 - LOW
BAR = torch.tensor([16])


def network(variant, seed=0, **settings):
    torch.manual_seed(seed)
    config = MelodyRNNConfig(variant, n_units=16, attention_units=4, **settings)
    return MelodyNetwork(config).eval()


def untrained(variant):
    net = network(variant)
    return MelodyRNN(net.config, net)


def chance_events(n_steps=70, seed=0):
    random = torch.Generator().manual_seed(seed)
    events = torch.randint(N_EVENTS, (1, n_steps), generator=random)
    return events, torch.arange(n_steps)[None] - 4


def melody(pitches, title="A tune", size=16, pickup=0):
    grid = Grid([pitches])
    return Melody(title, "b", "s", "train", grid, Key(0), "4/4", size, pickup)


PRIMER = Grid([[60, 60, 62, 62, 64, 64, REST, REST] * 2])


# --- events


def test_events_by_hand():
    grid = Grid([[60, 60, 60, REST, REST, 62]], [[1, 0, 1, 0, 0, 1]])
    expected = [C4, NO_EVENT, C4, NOTE_OFF, NO_EVENT, C4 + 2]
    assert to_events(grid).tolist() == expected
    assert from_events(np.array(expected)) == grid


def test_any_melody_in_range_comes_back_from_its_events():
    random = np.random.default_rng(0)
    for _ in range(50):
        row = random.integers(LOW, LOW + N_PITCHES, 40)
        row[random.random(40) < 0.3] = REST
        grid = Grid([row], [random.random(40) < 0.5])
        assert from_events(to_events(grid)) == grid


def test_places_count_from_the_first_whole_bar():
    assert places_in_time(4, 16, 2).tolist() == [-2, -1, 0, 1]
    assert places_in_time(2, 16, 16).tolist() == [0, 1]


def test_counters_are_binary_digits_of_step_bar_and_length():
    row = counters(torch.tensor([[12 + 5]]), torch.tensor([12]))[0, 0]
    bits = lambda n, k: [1 if n >> i & 1 else -1 for i in range(k)]  # noqa: E731
    assert row.tolist() == bits(5, 5) + bits(1, 3) + bits(12, 5)


def test_a_pickup_counts_as_the_end_of_a_bar():
    before = counters(torch.tensor([[-1]]), BAR)
    end = counters(torch.tensor([[16 * 8 - 1]]), BAR)
    assert torch.equal(before, end)


def test_labels_say_repeat_for_two_bars_ago_before_one_bar_ago():
    # bars of two steps: the event of two bars ago is 4 steps back
    events = torch.tensor([[5, 6, 5, 7, 5, 6, 9, 7]])
    labels = to_labels(events, torch.tensor([2]))
    one, two = N_EVENTS, N_EVENTS + 1
    assert labels.tolist() == [[5, 6, one, 7, two, two, 9, two]]


def test_features_tell_the_last_event_and_those_one_and_two_bars_back():
    events = torch.tensor([[5, 6, 5, 7]])
    told = features(events, torch.arange(5)[None], torch.tensor([2]), True)[0]
    assert told.shape == (5, n_features(True))
    last, rest = told[4, :N_EVENTS], told[4, N_EVENTS + N_COUNTERS :]
    assert last.argmax() == 7
    one, repeats_one = rest[:N_EVENTS], rest[N_EVENTS]
    two, repeats_two = rest[N_EVENTS + 1 : -1], rest[-1]
    assert (one.argmax(), two.argmax()) == (5, 5)
    assert (repeats_one, repeats_two) == (0, 0)  # 7 repeats neither 6 nor nothing
    assert told[3, N_EVENTS + N_COUNTERS + N_EVENTS] == 1  # 5 at step 2 repeats step 0
    assert told[0, :N_EVENTS].sum() == 0  # nothing came before


def test_an_event_counts_by_its_own_label_and_by_repeat():
    logits = torch.zeros(1, 3, N_EVENTS + 2)
    events = torch.tensor([[5, 6, ABSENT]])
    scores = event_scores(logits, events, torch.tensor([1]))[0, 2].exp()
    share = 1 / (N_EVENTS + 2)
    assert scores[6] == pytest.approx(2 * share)  # itself, or as one "bar" ago
    assert scores[5] == pytest.approx(2 * share)  # itself, or as two "bars" ago
    assert scores[7] == pytest.approx(share)
    assert scores.sum() == pytest.approx(1)


# --- networks


@every_variant
def test_a_later_event_changes_no_earlier_prediction(variant):
    net = network(variant)
    events, places = chance_events()
    before = predict(net, events, places, BAR)
    for step in (0, 20, 69):
        changed = events.clone()
        changed[0, step] = (changed[0, step] + 1) % N_EVENTS
        after = predict(net, changed, places, BAR)
        torch.testing.assert_close(after[:, : step + 1], before[:, : step + 1])
        if step < 69:
            assert not torch.allclose(after[:, step + 1], before[:, step + 1])


@every_variant
def test_step_by_step_is_the_same_as_all_at_once(variant):
    net = network(variant)
    events, places = chance_events()
    told = features(events[:, :-1], places, BAR, net.config.has_lookback)
    whole, _ = net(told)
    state, parts = None, []
    for first, last in ((0, 1), (1, 2), (2, 30), (30, 31), (31, 70)):
        logits, state = net(told[:, first:last], state)
        parts.append(logits)
    torch.testing.assert_close(torch.cat(parts, dim=1), whole)


@every_variant
def test_probabilities_of_events_sum_to_one(variant):
    events, places = chance_events()
    sums = predict(network(variant), events, places, BAR).exp().sum(dim=-1)
    torch.testing.assert_close(sums, torch.ones_like(sums))


def test_attention_mixes_the_last_outputs_as_bahdanau_writes_it():
    torch.manual_seed(0)
    attention = LastOutputs(6, 3, length=4)
    seen, outputs = torch.randn(2, 3, 6), torch.randn(2, 5, 6)
    mixed, weights = attention(outputs, seen)
    heard = torch.cat([seen, outputs], dim=1)
    for t in range(5):
        window = heard[:, t : t + 4]  # the last one is the step itself
        u = torch.tanh(attention.key(window) + attention.query(outputs[:, t : t + 1]))
        a = torch.softmax(attention.score(u)[..., 0], dim=-1)
        torch.testing.assert_close(weights[:, t], a)
        torch.testing.assert_close(mixed[:, t], torch.einsum("bn,bnc->bc", a, window))


def test_attention_reaches_exactly_as_far_as_its_length():
    attention = LastOutputs(6, 3, length=4)
    outputs, seen = torch.randn(1, 8, 6), torch.zeros(1, 3, 6)
    before = attention(outputs, seen)[0]
    outputs[0, 2] += 1
    after = attention(outputs, seen)[0]
    changed = (before - after).abs().amax(dim=-1)[0] > 1e-6
    assert changed.tolist() == [False, False, True, True, True, True, False, False]


# --- continuing


@every_variant
def test_the_primer_stays_and_the_steps_are_added(variant):
    told = []
    grid = untrained(variant).continue_melody(
        PRIMER, 20, on_progress=lambda *n: told.append(n)
    )
    assert grid.n_steps == PRIMER.n_steps + 20
    assert grid.crop(0, PRIMER.n_steps) == PRIMER
    assert told == [(n, 20) for n in range(1, 21)]


@every_variant
def test_the_same_seed_gives_the_same_melody_and_another_another(variant):
    model = untrained(variant)
    one, same, other = (model.continue_melody(PRIMER, 40, seed=s) for s in (1, 1, 2))
    assert one == same
    assert one != other


@every_variant
def test_a_shorter_continuation_is_the_beginning_of_a_longer_one(variant):
    model = untrained(variant)
    short, long = (model.continue_melody(PRIMER, n, seed=3) for n in (10, 50))
    assert long.crop(0, short.n_steps) == short


@every_variant
def test_it_draws_what_predict_says(variant):
    """With top_k=1 each added event is the likeliest after those before it."""
    model = untrained(variant)
    grid = model.continue_melody(PRIMER, 40, top_k=1, pickup=4, steps_per_bar=12)
    events = torch.from_numpy(to_events(grid))[None]
    places = torch.from_numpy(places_in_time(grid.n_steps, 12, 4))[None]
    scores = predict(model.network, events, places, torch.tensor([12]))[0]
    sounding = False
    for step, event in enumerate(events[0].tolist()):
        if step >= PRIMER.n_steps:
            allowed = scores[step].clone()
            if not sounding:
                allowed[NOTE_OFF] = -math.inf
            assert allowed.argmax() == event
        sounding = sounding if event == NO_EVENT else event != NOTE_OFF


def test_a_primer_in_another_octave_is_answered_in_that_octave():
    model = untrained("attention")
    here = model.continue_melody(PRIMER, 40, seed=1)
    below = model.continue_melody(PRIMER.transposed(-36), 40, seed=1)
    assert below.transposed(36) == here


def test_a_primer_moves_only_if_it_must_and_then_to_the_middle():
    low = Grid([[LOW, LOW + 1]])
    assert move_to_range(low) == (low, 0)
    moved, shift = move_to_range(Grid([[100, 102, REST]]))
    assert (shift, moved.pitches.tolist()) == (-36, [[64, 66, REST]])


def test_a_single_stray_note_is_folded_and_comes_back_untouched():
    primer = Grid([[60, 62, 64, 65, 67, 100]])
    heard, shift = move_to_range(primer)
    assert (shift, heard.pitches[0, -1]) == (0, 76)
    grid = untrained("lookback").continue_melody(primer, 4)
    assert grid.crop(0, 6) == primer


def test_bits_of_an_untrained_network_are_near_those_of_no_knowledge():
    bits = untrained("attention").bits(PRIMER)
    assert bits.shape == (PRIMER.n_steps,)
    assert bits.mean() == pytest.approx(math.log2(N_EVENTS), rel=0.1)


@pytest.mark.parametrize(
    ("primer", "options", "words"),
    [
        (Grid(np.zeros((0, 8))), {}, "has 0 voices"),
        (Grid([[60], [64]]), {}, "has 2 voices"),
        (Grid([[REST, REST]]), {}, "holds no note"),
        (Grid(np.zeros((1, 0))), {}, "holds no note"),
        (PRIMER, {"n_steps": 0}, "0 steps were asked for"),
        (PRIMER, {"temperature": 0}, "temperature is 0"),
        (PRIMER, {"temperature": -1.0}, "temperature is -1"),
        (PRIMER, {"top_k": 39}, "vocabulary has 38 tokens"),
        (PRIMER, {"top_p": 0}, "top_p is 0"),
        (PRIMER, {"steps_per_bar": 32}, "A bar has 32 steps"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(primer, options, words):
    with pytest.raises(InputError, match=words):
        untrained("lookback").continue_melody(primer, **{"n_steps": 4, **options})


def test_another_variant_is_refused():
    with pytest.raises(InputError, match="no variant 'basic' of MelodyRNN"):
        load_melody_rnn("basic")
    with pytest.raises(InputError, match="choose one of attention, lookback"):
        MelodyRNNConfig("basic")


# --- the shipped weights


@every_variant
def test_the_shipped_network_finds_a_tune_it_never_read_less_surprising_than_noise(
    variant,
):
    model = load_melody_rnn(variant)
    tune = load_melodies("test")[0]
    random = np.random.default_rng(0)
    sounding = tune.grid.sounding
    noise = np.where(sounding, random.integers(60, 84, sounding.shape), REST)
    bits = [
        model.bits(grid, tune.steps_per_bar, tune.pickup).mean()
        for grid in (tune.grid, Grid(noise, tune.grid.onsets))
    ]
    assert bits[0] < math.log2(N_EVENTS) / 2 < bits[1]
    assert len(model.weight_sha256) == 64


@every_variant
def test_the_shipped_network_does_not_get_stuck_on_a_note(variant):
    model = load_melody_rnn(variant)
    for seed, tune in enumerate(load_melodies("test")[:3]):
        primer = tune.grid.crop(0, tune.pickup + 2 * tune.steps_per_bar)
        grid = model.continue_melody(
            primer, 128, steps_per_bar=tune.steps_per_bar, pickup=tune.pickup, seed=seed
        )
        found = melody_statistics(grid.crop(primer.n_steps, grid.n_steps))
        assert found["repeated_notes"] < 0.5
        assert found["longest_run"] < 10
        assert 5 < found["range"] < 36


# --- training


TUNES = [melody([60, 62, 64, 65] * 16), melody([67, REST, 69, 71] * 12, "B", 12, 4)]


def test_a_batch_is_one_of_the_tunes_over_and_over_in_a_key_that_fits():
    tunes = MelodySet(TUNES)
    batch = tunes.draw(torch.Generator().manual_seed(0), 40)
    assert batch.events.shape == (40, N_STEPS)
    first_pitches = set()
    for events, places, size in zip(*batch[:3], strict=True):
        pitched = events[events >= FIRST_PITCH]
        first_pitches.add(int(pitched.min()))
        intervals = {tuple(np.diff(pitched[i : i + 4])) for i in range(0, 8, 4)}
        assert intervals <= {(2, 2, 1), (2, 2, -4), (2, 2, -2)} | _turned()
        assert size in (16, 12)
        assert torch.all(places.diff() == 1)
    assert len(first_pitches) > 8


def _turned():
    """Return the intervals of the tunes from other places on."""
    rows = ([60, 62, 64, 65], [67, 69, 71])
    return {
        tuple(np.diff([row[(i + k) % len(row)] for k in range(4)]))
        for row in rows
        for i in range(len(row))
    }


def test_the_same_chance_draws_the_same_batch():
    tunes = MelodySet(TUNES)
    one, two = (tunes.draw(torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(one.events, two.events)


def test_a_tune_too_wide_for_the_range_is_left_out():
    wide = melody([30, 90] * 16)
    assert MelodySet([wide, *TUNES]).melodies == TUNES
    with pytest.raises(InputError, match="no melody to learn from"):
        MelodySet([wide])


def test_steps_behind_the_end_do_not_count():
    net = network("attention")
    alone = nats_per_step(net, as_written([TUNES[1]]))
    both = nats_per_step(net, as_written([TUNES[1], melody([60] * 64)]))
    other = nats_per_step(net, as_written([melody([60] * 64)]))
    assert both == pytest.approx((alone * 48 + other * 64) / 112, rel=1e-5)


@every_variant
def test_a_batch_of_one_tune_is_learned(variant):
    net = network(variant, dropout=0.0).train()
    batch = as_written([melody([60, 60, 64, 64] * 8)])
    adam = torch.optim.Adam(net.parameters(), lr=0.02)
    before = melody_loss(net, batch).item()
    for _ in range(30):
        loss = melody_loss(net, batch)
        adam.zero_grad()
        loss.backward()
        adam.step()
    assert loss.item() < before / 2


def test_the_loss_of_events_is_never_above_that_of_labels():
    """Labels part one event into several answers, which can only cost more."""
    net = network("lookback")
    batch = as_written(TUNES)
    assert nats_per_step(net, batch) <= melody_loss(net, batch).item() + 1e-6


@every_variant
def test_a_run_that_is_resumed_has_the_same_numbers(variant, tmp_path):
    config = MelodyRNNConfig(variant, n_units=8, attention_units=4)

    def train(run, n_steps, **options):
        options = {"sample_every": 2, "checkpoint_every": 2, **options}
        return train_melody_rnn(
            tmp_path / run, config, TUNES, TUNES, n_steps, seed=1, **options
        )

    settings = TrainingSettings(average=0.9)
    whole = train("whole", 4, settings=settings).rows
    train("parted", 2, settings=settings)
    parted = train("parted", 4, resume=True).rows
    timeless = [[{**row, "seconds": 0} for row in rows] for rows in (whole, parted)]
    assert timeless[0] == timeless[1]
    assert sorted(p.name for p in (tmp_path / "whole" / "samples").iterdir()) == [
        f"step_{n:06d}.mid" for n in (0, 2, 4)
    ]
    assert f'"kind": "{KIND}"' in (tmp_path / "whole" / "config.json").read_text()


def test_training_without_a_melody_to_judge_by_is_refused(tmp_path):
    with pytest.raises(InputError, match="no melody to measure the loss on"):
        train_melody_rnn(tmp_path, MelodyRNNConfig(), TUNES, [], 1)


def test_what_is_left_out_are_the_tune_books_and_the_usual_settings(
    tmp_path, monkeypatch
):
    asked = []

    def load(split):
        asked.append(split)
        return TUNES

    class EnoughError(Exception):
        """Raised in place of the training."""

    def train_predictor(run, net, *_others, config, **_options):
        assert config == MelodyRNNConfig().to_dict()
        raise EnoughError

    monkeypatch.setattr(training, "load_melodies", load)
    monkeypatch.setattr(training, "train_predictor", train_predictor)
    with pytest.raises(EnoughError):
        train_melody_rnn(tmp_path / "run")
    assert asked == ["train", "valid"]

"""The orderless network: what it sees, what it must not see, and how it is measured."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ar_cnn import load_ar_cnn
from deepcomposer_edu.models.frames import N_CLASSES, N_PITCHES, REST_CLASS
from deepcomposer_edu.models.orderless import (
    MASK,
    N_SCORED,
    REACH,
    Canvas,
    OrderlessConfig,
    OrderlessNet,
    at_intervals,
    nearest_known,
    origins,
    run_lengths,
)
from deepcomposer_edu.nn.orders import annealed_share, random_cells
from deepcomposer_edu.training.checkpoint import checkpoints, load_checkpoint
from deepcomposer_edu.training.orderless import (
    DOUBT_WEIGHT,
    MOST_WRONG,
    HiddenSet,
    hidden_cells,
    hidden_loss,
    train_orderless,
    with_wrong_notes,
)
from deepcomposer_edu.training.orderless_measures import (
    nats_any_order,
    nats_by_frame,
)
from deepcomposer_edu.training.pieces import piece_frames

SMALL = OrderlessConfig(n_channels=16, n_layers=2, note_size=8, dropout=0.0)
M, R = MASK, REST_CLASS


@pytest.fixture(scope="module")
def pieces():
    return [piece_frames(piece) for piece in load_chorales("valid")[:2]]


def network(seed: int = 0) -> OrderlessNet:
    """A small network whose scores are not all zero."""
    torch.manual_seed(seed)
    net = OrderlessNet(SMALL)
    for score in (net.by_pitch, net.by_interval):
        torch.nn.init.normal_(score.weight, std=0.5)
    return net.eval()


def canvas(n_steps: int = 24, hidden_share: float = 0.5, seed: int = 0) -> Canvas:
    random = torch.Generator().manual_seed(seed)
    classes = torch.randint(20, 50, (1, 4, n_steps), generator=random)
    hidden = torch.rand(classes.shape, generator=random) < hidden_share
    phase = torch.arange(n_steps) % 4
    return Canvas(classes.masked_fill(hidden, MASK), phase, phase * 0)


# --- what a cell is told ---------------------------------------------------------


def test_the_nearest_known_notes_of_a_case_worked_by_hand():
    classes = torch.tensor([[[M, 30, M, M, R, 32]]])
    before, after = nearest_known(classes)
    assert before.tolist() == [[[M, M, 30, 30, 30, R]]]
    assert after.tolist() == [[[30, R, R, R, 32, M]]]


def test_run_lengths_count_from_the_change_and_stop_at_31():
    classes = torch.tensor([[[30, 30, M, M, M, 30]]])
    assert run_lengths(classes).tolist() == [[[0, 1, 0, 1, 2, 0]]]
    assert run_lengths(torch.zeros(1, 1, 40, dtype=torch.long)).max() == 31


def test_origins_are_the_neighbours_in_the_voice_and_the_other_voices():
    classes = torch.tensor([[[60, 61], [50, M], [40, 41], [30, 31]]])
    found = origins(classes, *nearest_known(classes))
    assert found[0, 1, :, 1].tolist() == [50, M, 61, 41, 31]  # the alto, second step


def test_at_intervals_moves_scores_to_where_the_note_stands():
    scores = torch.arange(float(N_SCORED))[None]
    found = at_intervals(scores, torch.tensor([40]))[0]
    assert found[40] == REACH  # the unison
    assert found[47] == REACH + 7
    assert found[0] == 0  # 40 semitones below: out of reach
    assert (at_intervals(scores, torch.tensor([MASK])) == 0).all()
    assert (at_intervals(scores, torch.tensor([REST_CLASS])) == 0).all()


# --- what the network may and may not see ---------------------------------------


def test_an_untrained_network_finds_all_notes_alike():
    logits, _ = OrderlessNet(SMALL)(canvas())
    assert logits.shape == (1, 4, 24, N_CLASSES)
    assert (logits == 0).all()


@torch.no_grad()
def test_every_known_cell_in_reach_matters_and_none_beyond():
    net, given = network(), canvas(n_steps=40, hidden_share=0.0)
    given.classes[0, 1, 20] = MASK
    base = net(given)[0][0, 1, 20]

    def changes(step: int, voice: int) -> bool:
        other = given.classes.clone()
        other[0, voice, step] += 1
        return not torch.equal(
            net(Canvas(other, given.phase, given.bar_beat))[0][0, 1, 20], base
        )

    near = range(17, 24)  # dilations 1 and 2: three steps each way
    assert all(changes(step, 0) for step in near)
    assert changes(19, 1) and changes(21, 1)
    assert not changes(10, 0) and not changes(30, 0)


@torch.no_grad()
def test_moving_everything_moves_the_interval_scores_with_it():
    net = network()
    for name in ("note", "note_before", "note_after"):  # the absolute part
        torch.nn.init.zeros_(getattr(net.embedding, name).weight)
    torch.nn.init.zeros_(net.by_pitch.weight)
    given = canvas()
    is_known = given.classes != MASK
    higher = torch.where(is_known, given.classes + 5, given.classes)
    low, _ = net(given)
    high, _ = net(Canvas(higher, given.phase, given.bar_beat))
    near = slice(10, 60)  # in reach of every note, both times
    assert torch.allclose(
        low[..., near], high[..., near.start + 5 : near.stop + 5], atol=1e-5
    )


def test_settings_that_make_no_network_are_refused():
    with pytest.raises(InputError, match="at least 1"):
        OrderlessConfig(n_layers=0)
    with pytest.raises(InputError, match="dropout is 1"):
        OrderlessConfig(dropout=1.0)


def test_settings_come_back_from_json():
    saved = SMALL.to_dict()
    assert saved["variant"] == "orderless"
    assert OrderlessConfig.of(saved) == SMALL


# --- what is hidden ----------------------------------------------------------------


def test_every_number_of_hidden_cells_is_as_likely():
    random = torch.Generator().manual_seed(0)
    counts = torch.tensor(
        [int(random_cells((2, 4), random).sum()) for _ in range(4000)]
    )
    shares = torch.bincount(counts, minlength=9) / 4000
    assert shares[0] == 0
    assert (shares[1:] - 1 / 8).abs().max() < 0.025  # 5 standard deviations


def test_every_cell_is_hidden_as_often():
    random = torch.Generator().manual_seed(0)
    mean = sum(random_cells((2, 4), random).float() for _ in range(4000)) / 4000
    assert (mean - 9 / 16).abs().max() < 0.04  # (1 + ... + 8) / 8 of 8 cells


def test_the_annealed_share_falls_and_then_stays():
    shares = [annealed_share(i, 100) for i in range(100)]
    assert shares[0] == 0.9
    assert shares == sorted(shares, reverse=True)
    assert shares[70:] == [0.1] * 30
    assert shares[35] == pytest.approx(0.5)


def test_whole_voices_and_whole_steps_are_hidden_as_well():
    random = torch.Generator().manual_seed(0)
    masks = [hidden_cells(16, random) for _ in range(300)]
    assert all(mask.any() for mask in masks)
    rows = [mask.float().mean(1) for mask in masks]
    columns = [mask.float().mean(0) for mask in masks]
    assert any(((r == 0) | (r == 1)).all() and 0 < r.sum() < 4 for r in rows)
    assert any(((c == 0) | (c == 1)).all() and 0 < c.sum() < 16 for c in columns)


def test_a_batch_shows_what_is_known_and_counts_what_is_hidden():
    batch = HiddenSet(load_chorales("valid")[:2], 64, 4).batch(
        torch.Generator().manual_seed(0)
    )
    seen = batch.canvas.classes
    is_hidden = seen == MASK
    assert torch.equal(seen[~is_hidden], batch.classes[~is_hidden])
    assert ((batch.asked == 1) <= is_hidden).all()
    assert batch.asked.sum() > 0
    assert not (batch.repeats.bool() & ~batch.stays.bool() & is_hidden)[..., 2:].any()


def test_only_hidden_cells_cost_anything():
    torch.manual_seed(0)
    batch = HiddenSet(load_chorales("valid")[:2], 32, 3).batch(
        torch.Generator().manual_seed(1)
    )
    loss = hidden_loss(OrderlessNet(SMALL), batch)
    # uniform over all classes: ln 73 for each row; and the repeats' ln 2 or so
    assert loss.item() == pytest.approx(math.log(N_CLASSES), abs=0.2 * 1.5)
    wrong = batch.classes.masked_fill(batch.asked == 0, 0)
    same = hidden_loss(
        OrderlessNet(SMALL).eval(),
        type(batch)(batch.canvas, wrong, batch.asked, batch.repeats, batch.stays * 0),
    )
    assert same.item() == pytest.approx(math.log(N_CLASSES), abs=1e-4)


# --- doubt ---------------------------------------------------------------------------


def test_wrong_notes_are_whole_notes_a_semitone_or_two_off():
    random = torch.Generator().manual_seed(0)
    classes = torch.tensor([30, 30, 31, 31, R, 72, 0, 0]).repeat(4, 25)  # (4, 200)
    n_moved = []
    for _ in range(30):
        moved = with_wrong_notes(classes, random) - classes
        assert set(moved.unique().tolist()) <= {-2, -1, 0, 1, 2}
        assert (moved[classes == R] == 0).all()
        pairs = moved.view(4, 25, 8)
        assert torch.equal(pairs[..., 0], pairs[..., 1])  # one note, one fate
        assert (pairs[..., 6] >= 0).all()  # nothing below the range
        n_moved.append((pairs[..., ::2] != 0).float().mean().item())
    assert max(n_moved) < MOST_WRONG * 1.4
    assert np.mean(n_moved) == pytest.approx(MOST_WRONG / 2, rel=0.5)
    assert len({round(share, 3) for share in n_moved}) > 10  # now few, now many


def test_a_doubtful_excerpt_hides_nothing_or_all_but_the_soprano_and_asks_the_rest():
    wrong = HiddenSet(load_chorales("valid")[:2], 64, 40, doubtful_share=0.5).batch(
        torch.Generator().manual_seed(0)
    )
    doubtful = wrong.canvas.is_doubtful.bool()
    assert 5 < doubtful.sum() < 35
    hidden = wrong.canvas.classes == MASK
    shares = hidden[doubtful].float().mean(-1)  # (D, 4)
    assert (shares[:, 0] == 0).all()
    assert set(shares[:, 1:].flatten().tolist()) == {0.0, 1.0}
    asked = wrong.asked[doubtful]
    assert set(asked.unique().tolist()) == {0.0, DOUBT_WEIGHT}
    assert not (asked.bool() & hidden[doubtful]).any()
    differs = (wrong.canvas.classes != wrong.classes) & ~hidden
    assert differs[doubtful].any()
    assert not differs[~doubtful].any()


def test_a_network_that_doubts_answers_otherwise_when_it_is_told_that_it_may():
    torch.manual_seed(0)
    net = OrderlessNet(OrderlessConfig(16, 2, 8, 0.0, doubts=True)).eval()
    torch.nn.init.normal_(net.by_pitch.weight, std=0.5)
    torch.nn.init.normal_(net.embedding.doubt)
    trusting, given = net(canvas())[0], canvas()
    sure = Canvas(given.classes, given.phase, given.bar_beat, torch.zeros(1))
    unsure = Canvas(given.classes, given.phase, given.bar_beat, torch.ones(1))
    assert torch.equal(net(sure)[0], trusting)
    assert not torch.allclose(net(unsure)[0], trusting, atol=1e-3)


def test_only_a_network_that_doubts_learns_what_doubt_is(tmp_path):
    config, chorales = replace(SMALL, doubts=True), load_chorales("valid")[:1]
    train_orderless(
        tmp_path / "run",
        config,
        n_steps=4,
        train=chorales,
        valid=[],
        batch_steps=16,
        checkpoint_every=4,
    )
    learned = load_checkpoint(checkpoints(tmp_path / "run")[-1]).part("network")
    assert learned["embedding.doubt"].abs().sum() > 0
    assert not any("doubt" in name for name in OrderlessNet(SMALL).state_dict())


# --- definitions B and C --------------------------------------------------------------


def test_an_untrained_network_reads_ln_48_in_b_and_4_ln_48_in_c(pieces):
    net = OrderlessNet(SMALL)
    assert nats_any_order(net, pieces) == pytest.approx(math.log(48), abs=1e-4)
    mean, error = nats_by_frame(net, pieces, n_steps=24)
    assert mean == pytest.approx(4 * math.log(48), abs=1e-4)
    assert mean == pytest.approx(15.48, abs=0.005)
    assert error == pytest.approx(0, abs=1e-5)


class Told(torch.nn.Module):
    """Gives a known share to the truth, and says which cells it was not shown."""

    def __init__(self, truth: torch.Tensor, share: float) -> None:
        super().__init__()
        self.truth, self.share, self.seen = truth, share, []

    def forward(self, given: Canvas):
        n_steps = given.classes.shape[-1]
        self.seen.append(given.classes.clone())
        right = torch.nn.functional.one_hot(self.truth[:, :n_steps], N_CLASSES)
        odds = math.log(self.share / (1 - self.share) * 47)
        return (right * odds).expand(len(given.classes), -1, -1, -1), None


def test_the_shipped_network_knows_more_than_the_voices_averages():
    shipped = load_ar_cnn("orderless").network
    found = [piece_frames(piece) for piece in load_chorales("valid")[:3]]
    # a note of each voice's usual ones costs 2.6 nats; this is all that is asked here
    assert nats_any_order(shipped, found) < 0.5 * 2.6


def test_measures_give_back_the_probability_that_the_truth_was_given(pieces):
    told = Told(pieces[0].classes, 0.7)
    assert nats_any_order(told, pieces[:1]) == pytest.approx(-math.log(0.7), abs=1e-4)
    mean, _ = nats_by_frame(told, pieces[:1], n_orders=2, n_steps=16)
    assert mean == pytest.approx(-4 * math.log(0.7), abs=1e-4)


def test_b_takes_the_mean_over_masks_of_the_mean_over_hidden_cells(pieces):
    net, seen = network(), []
    net.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    found = nats_any_order(net, pieces, n_masks=3)
    means = []
    for given, piece in zip(seen[:], pieces, strict=True):
        with torch.no_grad():
            logits = net(given)[0]
        logits[..., : 36 - 28] = -torch.inf
        logits[..., 83 - 28 : N_PITCHES] = -torch.inf
        nats = -logits.log_softmax(-1)
        for row, cells in zip(nats, given.classes == MASK, strict=True):
            right = row.gather(-1, piece.classes[..., None])[..., 0]
            means.append(right[cells].mean().item())
    assert found == pytest.approx(float(np.mean(means)), abs=1e-4)


def test_b_hides_few_more_and_many_cells_of_each_piece(pieces):
    told = Told(pieces[0].classes, 0.5)
    shares = []
    for seed in range(40):
        nats_any_order(told, pieces[:1], n_masks=4, seed=seed)
        hidden = (told.seen[-1] == MASK).float().mean((1, 2))
        assert (hidden * 4).ceil().tolist() == [1, 2, 3, 4]
        shares.append(hidden)
    assert torch.stack(shares).mean() == pytest.approx(0.5, abs=0.03)


def test_c_shows_true_frames_and_its_own_likeliest_notes_in_the_frame(pieces):
    truth = pieces[0].classes
    told = Told((truth + 1).clamp(max=N_PITCHES - 1), 0.9)  # its guesses are wrong
    nats_by_frame(told, pieces[:1], n_orders=1, n_steps=8)
    first, last = told.seen[0], told.seen[-1]  # (8, 4, 8): a canvas for each frame
    n_known = (first != MASK).all(1).sum(-1)
    assert sorted(n_known.tolist()) == list(range(8))  # each comes at its own time
    frame = torch.arange(8)
    assert (first[frame, :, frame] == MASK).all()
    own = last[frame, :, frame]  # (8, 4): three voices told by itself by now
    guesses = told.truth[:, :8].T
    assert ((own != MASK).sum(1) == 3).all()
    assert ((own == MASK) | (own == guesses)).all()
    others = (first != MASK) & (torch.eye(8) == 0)[:, None]
    assert torch.equal(first[others], truth[None, :, :8].expand(8, -1, -1)[others])

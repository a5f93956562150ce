"""The Transformer over frames: nothing leaks, keys do not matter to intervals."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_pieces import CONFIG, Piece, network

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.frames import (
    MAX_HELD,
    N_CLASSES,
    N_PITCHES,
    NO_INTERVAL,
    REST_CLASS,
    held_and_moved,
    to_classes,
    to_pitches,
)
from deepcomposer_edu.models.transformer import (
    CHAIN,
    Frames,
    at_intervals,
)
from deepcomposer_edu.training.pieces import PieceSet, piece_frames
from deepcomposer_edu.training.predictor import TrainingSettings
from deepcomposer_edu.training.transformer import (
    frame_loss,
    nats_of_cells,
    nats_per_note,
    pooled,
    train_transformer,
)


def frames_of(seed=0, n_steps=24):
    piece = piece_frames(Piece(seed, n_steps))
    return Frames(
        piece.classes[None],
        torch.tensor([piece.genre]),
        piece.families[None],
        piece.bar_beat[None],
        piece.phase[None],
    )


# --- frames


def test_classes_and_pitches_are_each_others_inverse_and_strays_are_folded():
    pitches = np.array([[28, 60, 99, -1]])
    assert np.array_equal(to_pitches(to_classes(pitches)), pitches)
    assert to_pitches(to_classes(np.array([[20, 110]]))).tolist() == [[32, 98]]


def test_holding_and_moving_by_hand():
    classes = torch.tensor([[[5, 5, 9, REST_CLASS, 4]]])
    held, moved = held_and_moved(classes)
    assert held.tolist() == [[[1, 2, 1, 1, 1]]]
    up = NO_INTERVAL // 2 + 4  # a move of no semitone lies in the middle
    assert moved.tolist() == [
        [[NO_INTERVAL, NO_INTERVAL, up, NO_INTERVAL, NO_INTERVAL]]
    ]


def test_a_long_note_is_counted_up_to_a_limit():
    held, _ = held_and_moved(torch.full((1, 1, 100), 7))
    assert held.max() == MAX_HELD


# --- the network


@pytest.mark.parametrize("backbone", ["transformer", "lstm"])
def test_the_future_does_not_change_the_past(backbone):
    model, frames = network(replace(CONFIG, backbone=backbone)), frames_of()
    changed = frames.classes.clone()
    changed[..., 10:] = 3
    with torch.no_grad():
        before = model(frames)[0][:, :, :10]
        after = model(replace(frames, classes=changed))[0][:, :, :10]
    assert torch.equal(before, after)


def test_a_voice_knows_those_before_it_in_the_chain_and_no_others():
    model, frames = network(), frames_of()
    with torch.no_grad():
        logits = model(frames)[0][0, :, 12]
        for place, voice in enumerate(CHAIN):
            changed = frames.classes.clone()
            changed[0, voice, 12:] = (changed[0, voice, 12:] + 1) % N_PITCHES
            other = model(replace(frames, classes=changed))[0][0, :, 12]
            for later, heard in enumerate(CHAIN):
                is_same = torch.allclose(logits[heard], other[heard], atol=1e-6)
                assert is_same == (later <= place)


def test_a_melody_is_seen_in_advance_only_where_it_is_given_and_not_too_far():
    model, frames = network(), frames_of()
    melody = frames.classes[:, 0]
    later = melody.clone()
    later[:, 12] += 1
    with torch.no_grad():
        for given, first_changed in ((1.0, 12 - CONFIG.ahead + 1), (0.0, 24)):
            one, other = (
                model(replace(frames, melody=m, is_given=torch.tensor([given])))[0]
                for m in (melody, later)
            )
            differs = (one != other).flatten(0, 1).any(-1).any(0)
            assert differs.nonzero()[:1].flatten().tolist() == (
                [first_changed] if first_changed < 24 else []
            )


def test_scores_of_intervals_move_with_the_voice():
    scores = torch.randn(1, 1, 2 * N_PITCHES - 1)
    low, high = (at_intervals(scores, torch.tensor([[p]]))[0, 0] for p in (20, 27))
    assert torch.equal(low[: N_PITCHES - 7], high[7:])
    assert torch.equal(low[20], scores[0, 0, N_PITCHES - 1])  # an interval of 0
    assert not at_intervals(scores, torch.tensor([[REST_CLASS]])).any()


def test_the_probabilities_of_a_voice_add_up_to_one_and_nats_are_theirs():
    model, piece = network(), piece_frames(Piece(3))
    cells = nats_of_cells(model, piece)
    frames = frames_of(3)
    frames = replace(frames, bar_beat=frames.bar_beat * 0)
    with torch.no_grad():
        shares = model(frames)[0].softmax(-1)[0]
    expected = -shares.gather(-1, piece.classes[..., None])[..., 0].log()
    torch.testing.assert_close(cells, expected, atol=1e-5, rtol=1e-5)
    assert shares.shape[-1] == N_CLASSES


def test_pieces_are_pooled_by_their_notes():
    assert pooled([(10.0, 4), (2.0, 8)]) == 1.0
    assert nats_per_note(network(), [piece_frames(Piece(1))])[0][1] == 4 * 24


def test_attention_looks_back_only_and_its_rows_are_shares():
    model, frames = network(), frames_of()
    with torch.no_grad():
        weights = model.attention(frames)[:, 0]
    assert weights.shape == (2, 2, 24, 24)
    assert not weights.triu(1).any()
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 2, 24))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n_heads": 3}, "cannot be shared among 3 heads"),
        ({"n_layers": 0}, "at least 1"),
        ({"dropout": 1.0}, "dropout is 1"),
        ({"backbone": "gru"}, "backbone is 'gru'"),
    ],
)
def test_settings_that_make_no_network_are_refused(changes, words):
    with pytest.raises(InputError, match=words):
        replace(CONFIG, **changes)


# --- what it learns from


def test_padding_and_given_sopranos_are_not_learned():
    pieces = {"chorale": [Piece(0, 16)], "folk": [Piece(1, 40, n_voices=1)]}
    drawn = PieceSet(pieces, n_steps=24, batch_size=64).batch(
        torch.Generator().manual_seed(0)
    )
    frames = drawn.frames
    is_short = frames.genre == 0
    assert not drawn.weights[is_short][..., 16:].any()
    is_given = frames.is_given.bool()
    assert is_given.any() and not drawn.weights[is_given][:, 0].any()
    assert drawn.weights[~is_given & is_short][:, :, :16].all()
    assert (frames.classes[~is_short][:, 1:] == REST_CLASS).all()


def test_pieces_are_moved_to_other_keys_whole():
    piece = Piece(0)
    drawn = PieceSet({"chorale": [piece]}, 24, 32).batch(
        torch.Generator().manual_seed(0)
    )
    shifts = drawn.frames.classes - to_classes(piece.grid.pitches)
    assert all(len(row.unique()) == 1 for row in shifts)
    assert len(shifts[:, 0, 0].unique()) > 5


def test_striking_again_is_learned_from_repeated_notes_only():
    piece = piece_frames(Piece(5))
    stays = piece.classes[:, 1:] == piece.classes[:, :-1]
    assert piece.repeats.any()
    assert not (piece.repeats[:, 1:].bool() & ~stays).any()


def test_one_piece_is_learned_by_heart(tmp_path):
    pieces = {"chorale": [Piece(0)]}
    config = replace(CONFIG, n_channels=32, dropout=0.0, cell_dropout=0.0)
    history = train_transformer(
        tmp_path / "run",
        config,
        TrainingSettings(learning_rate=0.01),
        n_steps=60,
        train=pieces,
        valid=pieces,
        batch_steps=24,
        batch_size=4,
        sample_every=60,
    )
    assert history.rows[-1]["valid_loss"] < history.rows[0]["valid_loss"] / 3
    assert (tmp_path / "run/samples/step_000060.mid").stat().st_size > 500


def test_no_piece_at_all_is_refused():
    with pytest.raises(InputError, match="no piece to learn from"):
        PieceSet({"chorale": []})


def test_the_loss_of_a_network_without_opinion_is_that_of_chance():
    model = network()
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
    drawn = PieceSet({"chorale": [Piece(0)]}, 24, 2).batch(
        torch.Generator().manual_seed(0)
    )
    bit = 0.2 * np.log(2)
    assert frame_loss(model, drawn).item() == pytest.approx(np.log(N_CLASSES) + bit)

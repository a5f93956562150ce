"""Teachers: what several networks expect, in every key, and pieces made up."""

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from tiny_pieces import CONFIG, Piece, network

from deepcomposer_edu.models.frames import N_CLASSES, N_PITCHES, REST_CLASS
from deepcomposer_edu.models.transformer import Frames
from deepcomposer_edu.training.distil import make_up, taught, taught_by, with_notes
from deepcomposer_edu.training.pieces import (
    PieceSet,
    moved,
    moved_probabilities,
    piece_frames,
)
from deepcomposer_edu.training.transformer import frame_loss


def expected(teacher, piece, tells_bars):
    frames = Frames(
        piece.classes[None],
        torch.tensor([piece.genre]),
        piece.families[None],
        piece.bar_beat[None] * tells_bars,
        piece.phase[None],
    )
    with torch.inference_mode():
        return teacher(frames)[0][0].softmax(dim=-1)


def test_moved_probabilities_follow_the_notes_and_keep_their_sum():
    classes = torch.tensor([[10, 20, REST_CLASS]])
    sure = F.one_hot(classes, N_CLASSES).float()
    for key in (-3, 0, 5):
        there = moved_probabilities(sure, key)
        assert torch.equal(there.argmax(dim=-1), moved(classes, key))
    blurred = torch.full((2, N_CLASSES), 1 / N_CLASSES)
    assert moved_probabilities(blurred, 6).sum(dim=-1) == pytest.approx([1.0, 1.0])
    assert moved_probabilities(blurred, 6)[:, :6].sum() == 0


def test_teachers_in_one_key_are_averaged():
    teachers = [network(seed=1), network(seed=2)]
    piece = piece_frames(Piece(0))
    found = taught(teachers, piece, keys=(0,)).taught.float()
    assert found.shape == (2, 4, 24, N_CLASSES)
    for tells_bars in (0, 1):
        mean = sum(expected(t, piece, tells_bars) for t in teachers) / 2
        assert torch.allclose(found[tells_bars], mean, atol=1e-3)


def test_what_is_said_in_another_key_is_moved_back():
    teacher, piece = network(), piece_frames(Piece(0))
    found = taught([teacher], piece, keys=(2,)).taught[0].float()
    higher = replace(piece, classes=moved(piece.classes, 2))
    back = moved_probabilities(expected(teacher, higher, 0), -2)
    assert torch.allclose(found, back, atol=1e-3)


def test_a_key_out_of_range_is_passed_over():
    low = Piece(0)
    low.grid = low.grid.voices(0)
    piece = piece_frames(low)
    piece.classes[0] = 1  # two semitones lower would not be in the range
    both = taught([network()], piece, keys=(-2, 0))
    assert torch.equal(both.taught, taught([network()], piece, keys=(0,)).taught)


def test_a_sure_teacher_teaches_what_the_notes_do():
    pieces = PieceSet({"chorale": [Piece(0), Piece(1)]}, n_steps=16, batch_size=4)
    batch = pieces.batch(torch.Generator().manual_seed(3))
    sure = replace(batch, taught=F.one_hot(batch.frames.classes, N_CLASSES).float())
    assert batch.taught is None
    model = network()
    assert frame_loss(model, sure).item() == pytest.approx(
        frame_loss(model, batch).item(), rel=1e-5
    )


def test_batches_hold_what_teachers_say_of_the_same_notes():
    teachers = [network(seed=s) for s in (1, 2)]
    frames = taught_by(teachers, [piece_frames(Piece(1))])
    pieces = PieceSet({}, 16, 8, taught={"chorale": frames})
    batch = pieces.batch(torch.Generator().manual_seed(0))
    given = batch.frames.is_given.bool()
    assert batch.taught.sum(dim=-1).flatten().tolist() == pytest.approx(
        [1.0] * batch.taught[..., 0].numel(), abs=1e-3
    )
    notes = F.one_hot(batch.frames.classes, N_CLASSES).float()
    is_note = (batch.taught == notes).all(dim=-1).all(dim=-1).all(dim=-1)
    # a soprano that is known in advance was not known to the teachers
    assert is_note[given].all()
    assert not is_note[~given].any()


def test_the_same_seed_makes_up_the_same_pieces():
    teacher, done = network(CONFIG), []
    first = make_up(
        teacher, 5, 12, seed=4, batch_size=2, on_progress=lambda *a: done.append(a)
    )
    again = make_up(teacher, 5, 12, seed=4, batch_size=2)
    other = make_up(teacher, 5, 12, seed=5, batch_size=2)
    assert [p.grid for p in first] == [p.grid for p in again]
    assert [p.grid for p in first] != [p.grid for p in other]
    assert done == [(2, 5), (4, 5), (5, 5)]
    assert all(p.grid.pitches.shape == (4, 12) for p in first)
    assert len({p.grid.pitches.tobytes() for p in first}) == 5


def test_made_up_notes_come_as_often_as_the_network_expects():
    teacher = network(CONFIG)
    soprano = [int(p.grid.pitches[0, 0]) for p in make_up(teacher, 2000, 1, seed=0)]
    start = piece_frames(Piece(0, 4))
    share = expected(teacher, start, 1)[0, 0]  # of the first note, nothing known yet
    likeliest = int(share[:N_PITCHES].argmax())
    found = sum(p == likeliest + 28 for p in soprano) / len(soprano)
    assert found == pytest.approx(share[likeliest].item(), abs=0.05)


def test_notes_count_as_much_as_they_should_beside_the_teachers():
    piece = taught([network()], piece_frames(Piece(0)))
    notes = F.one_hot(piece.classes, N_CLASSES).float()
    for share in (0.0, 0.25, 1.0):
        found = with_notes(piece, share).taught.float()
        wanted = (1 - share) * piece.taught.float() + share * notes
        assert torch.allclose(found, wanted.expand_as(found), atol=1e-3)

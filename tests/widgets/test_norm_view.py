"""NormView without a browser: its block, its numbers, what it refuses."""

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.nn.layers import BatchNorm, LayerNorm, normalise
from deepcomposer_edu.widgets import NormView


def chords(n_voices=4, n_steps=32, seed=0):
    rng = np.random.default_rng(seed)
    return Grid(np.repeat(rng.integers(48, 80, (n_voices, n_steps // 4)), 4, axis=1))


def close(left, right):
    return np.allclose(left, right, atol=1e-4)


def test_its_numbers_are_those_of_the_layers():
    view = NormView()
    x = torch.tensor(view.block, dtype=torch.float32)  # (B, C, T)
    for norm, expected in (
        ("none", x),
        ("batch", BatchNorm(4).train()(x)),
        ("layer", LayerNorm(4, axis=1)(x)),
        ("example", normalise(x, (1, 2))),
    ):
        view.norm = norm
        assert close(view.numbers, expected.detach().numpy())


def test_what_is_remembered_comes_from_all_pieces():
    view = NormView(norm="remembered")
    whole = view.numbers
    view.n_pieces, view.n_voices, view.n_steps = 2, 3, 4
    assert close(view.numbers, whole[:2, :3, :4])


def test_a_batch_of_one_step_leaves_nothing():
    view = NormView(n_pieces=1)
    view.n_steps = 1
    assert not view.numbers.any()


def test_grids_are_read_at_every_quarter():
    pieces = [chords(seed=0), chords(seed=1)]
    view = NormView(pieces, names=["one", "two"])
    assert np.shape(view.block) == (2, 4, 8)
    assert view.block[1] == pieces[1].pitches[:, ::4].tolist()


def test_the_smallest_piece_decides_the_size():
    view = NormView([chords(4, 32), chords(2, 20)])
    assert np.shape(view.block) == (2, 2, 5)
    assert view.voices == ["Soprano", "Alto"]


def test_a_rest_goes_on_with_the_last_pitch():
    grid = Grid(np.repeat([[REST, 60, REST, 62]], 4, axis=1))
    assert NormView([grid]).block == [[[60, 60, 60, 62]]]


def test_a_size_never_leaves_the_block():
    view = NormView()
    view.n_pieces = 99
    assert view.n_pieces == 6


def test_playing_is_asked_for_in_the_browser():
    view, sent = NormView(), []
    view.send = sent.append
    view.play()
    view.stop()
    assert sent == [{"kind": "play"}, {"kind": "stop"}]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: NormView(norm="group"), "one of none, batch"),
        (lambda: NormView(n_pieces=0), "give 1 to 6"),
        (lambda: NormView(n_pieces=True), "give 1 to 6"),
        (lambda: NormView([]), "0 pieces"),
        (lambda: NormView([chords()] * 7), "7 pieces"),
        (lambda: NormView([None]), "1 to 6 grids"),
        (lambda: NormView([chords()], names=["a", "b"]), "2 names for 1 pieces"),
        (lambda: NormView([chords(4, 3)]), "shorter than a quarter"),
        (lambda: NormView([Grid([[REST] * 8])]), "only rests"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(wrong, words):
    with pytest.raises(InputError, match=words):
        wrong()

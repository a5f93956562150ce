"""The small Transformer of lesson 10: its tokens, its mask, its cache."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.melody_transformer import (
    HOLD,
    LOW,
    N_TOKENS,
    SILENCE,
    MelodyTransformer,
    MelodyTransformerConfig,
    melody_tokens,
    tokens_to_grid,
)
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.nn.leaks import worst_leak

SMALL = MelodyTransformerConfig(n_channels=16, n_heads=2, n_layers=2, n_distances=8)
RANDOM = torch.Generator().manual_seed(0)
TOKENS, OTHERS = torch.randint(N_TOKENS, (2, 2, 12), generator=RANDOM)


def network(**changes):
    torch.manual_seed(0)
    return MelodyTransformer(replace(SMALL, **changes)).eval()


def test_a_token_says_which_note_begins_and_which_sounds_on():
    grid = Grid([[60, 60, 60, 60, 62, 62, -1, -1]])
    tokens = melody_tokens(grid.pitches[0], grid.onsets[0])
    assert tokens.tolist() == [60 - LOW, HOLD, 62 - LOW, SILENCE]


def test_a_repeated_note_is_not_a_held_one():
    onsets = np.array([[True, False, True, False]])
    grid = Grid([[60] * 4], onsets)
    assert melody_tokens(grid.pitches[0], grid.onsets[0]).tolist() == [24, 24]


def test_a_melody_of_eighths_comes_back_as_it_was():
    pitches = np.repeat([60, 60, 62, -1, 64, 65, 65, 67], 2)[None]
    onsets = np.zeros_like(pitches, dtype=bool)
    onsets[0, [0, 2, 4, 8, 10, 14]] = True
    grid = Grid(pitches, onsets)
    assert tokens_to_grid(melody_tokens(grid.pitches[0], grid.onsets[0])) == grid


def test_a_note_on_an_odd_sixteenth_is_heard_an_eighth_later():
    grid = Grid([[60, 62, 62, 62]])
    assert melody_tokens(grid.pitches[0], grid.onsets[0]).tolist() == [24, 26]


def test_many_melodies_are_read_at_once():
    pitches = np.full((3, 8), 60)
    onsets = np.zeros((3, 8), dtype=bool)
    assert melody_tokens(pitches, onsets).shape == (3, 4)


def test_any_tokens_are_a_melody():
    grid = tokens_to_grid(torch.tensor([HOLD, 24, HOLD, SILENCE, HOLD]))
    assert grid.pitches.tolist() == [[-1, -1, 60, 60, 60, 60, -1, -1, -1, -1]]


def test_it_does_not_look_ahead():
    assert worst_leak(network(), TOKENS, OTHERS)[1] == pytest.approx(0, abs=1e-6)


def test_spoilt_on_purpose_it_does():
    assert worst_leak(network(looks_ahead=True), TOKENS, OTHERS)[1] > 1e-3


def test_without_positions_no_distance_is_learned():
    names = [n for n, p in network(has_positions=False).named_parameters()
             if "distance" in n and p.requires_grad]  # fmt: skip
    assert names == []


def test_without_positions_the_order_of_the_past_does_not_count_in_one_layer():
    deaf = network(has_positions=False, n_layers=1)
    shuffled = TOKENS[:, [3, 0, 2, 1, 4]]
    assert torch.allclose(deaf(TOKENS[:, :5])[:, -1], deaf(shuffled)[:, -1], atol=1e-5)
    hearing = network(n_layers=1)
    torch.nn.init.normal_(hearing.blocks[0].attention.distance)
    differs = (hearing(TOKENS[:, :5])[:, -1] - hearing(shuffled)[:, -1]).abs().max()
    assert differs > 1e-3


def test_attention_is_a_share_of_what_came_before():
    weights = network().attention(TOKENS[0])
    assert weights.shape == (2, 2, 12, 12)
    assert np.allclose(weights.sum(-1), 1, atol=1e-5)
    assert np.triu(weights, 1).max() == 0


def test_with_the_cache_it_writes_the_same():
    made = network()
    written = [
        made.write(TOKENS[0], 20, seed=3, uses_cache=uses) for uses in (True, False)
    ]
    assert torch.equal(*written)
    assert torch.equal(written[0][:12], TOKENS[0])


def test_one_seed_writes_one_melody():
    made = network()
    first, same, other = (made.write(TOKENS[0], 30, seed=seed) for seed in (0, 0, 1))
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_top_k_of_one_writes_the_likeliest_whatever_the_seed():
    made = network()
    written = [made.write(TOKENS[0], 8, top_k=1, seed=seed) for seed in (0, 1)]
    assert torch.equal(*written)


def test_heads_that_do_not_share_the_channels_are_refused():
    with pytest.raises(InputError, match="15 channels cannot be parted among 4 heads"):
        MelodyTransformerConfig(n_channels=15)


@pytest.mark.parametrize(("name", "value"), [("temperature", 0), ("top_k", 51)])
def test_impossible_chances_are_refused(name, value):
    with pytest.raises(InputError, match=name):
        network().write(TOKENS[0], 1, **{name: value})

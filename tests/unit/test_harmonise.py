"""A melody of any length gets three voices, the same ones for the same seed."""

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.harmonise import (
    GENRES,
    Harmoniser,
    load_harmoniser,
)
from deepcomposer_edu.models.overlap import bar_positions, hold_through_rests
from deepcomposer_edu.models.wgan import Critic, Generator, WGANConfig
from deepcomposer_edu.music.grid import Grid

SMALL = WGANConfig(hidden_channels=16, critic_channels=16)


@pytest.fixture(scope="module")
def untrained() -> Harmoniser:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Harmoniser(SMALL, Generator(SMALL), Critic(SMALL))


def scale_melody(n_steps: int = 64) -> Grid:
    """C D E F G A B C in quarters, up and again."""
    steps = np.array([60, 62, 64, 65, 67, 69, 71, 72])
    return Grid(np.resize(np.repeat(steps, 4), n_steps)[None])


@pytest.mark.parametrize("n_steps", [1, 7, 32, 33, 64, 200])
def test_every_length_comes_back_with_four_voices(untrained, n_steps: int) -> None:
    grid = untrained.harmonise(scale_melody(n_steps))
    assert grid.pitches.shape == (4, n_steps)


@pytest.mark.parametrize(
    ("bar", "pickup"), [(16, 0), (16, 4), (12, 4), (14, 2), (6, 1)]
)
def test_every_metre_and_pickup_keeps_the_length(untrained, bar, pickup) -> None:
    grid = untrained.harmonise(scale_melody(90), steps_per_bar=bar, pickup=pickup)
    assert grid.pitches.shape == (4, 90)


def test_the_melody_stays_as_it_was_given(untrained) -> None:
    pitches = scale_melody().pitches.copy()
    pitches[0, 8:12] = -1
    onsets = np.zeros_like(pitches, dtype=bool)
    onsets[0, 2] = True  # a repeated note
    melody = Grid(pitches, onsets)
    grid = untrained.harmonise(melody, to_c=3)
    assert np.array_equal(grid.pitches[0], melody.pitches[0])
    assert np.array_equal(grid.onsets[0], melody.onsets[0])


def test_the_same_seed_gives_the_same_voices(untrained) -> None:
    melody = scale_melody()
    first, second = (untrained.harmonise(melody, seed=5) for _ in range(2))
    assert first == second


def test_another_seed_gives_other_voices(untrained) -> None:
    melody = scale_melody()
    grids = [untrained.harmonise(melody, seed=seed) for seed in range(4)]
    assert all(grids[0] != other for other in grids[1:])


def test_what_is_heard_does_not_depend_on_the_key(untrained) -> None:
    """A melody in D with its key told sounds as in C, two semitones higher."""
    melody = scale_melody()
    in_c = untrained.harmonise(melody, to_c=0)
    in_d = untrained.harmonise(Grid(melody.pitches + 2, melody.onsets), to_c=-2)
    assert np.array_equal(
        in_d.pitches, np.where(in_c.pitches < 0, -1, in_c.pitches + 2)
    )


def test_an_octave_lower_melody_gets_voices_an_octave_lower(untrained) -> None:
    melody = scale_melody()
    high = untrained.harmonise(melody)
    low = untrained.harmonise(Grid(melody.pitches - 12, melody.onsets))
    assert np.array_equal(
        low.pitches, np.where(high.pitches < 0, -1, high.pitches - 12)
    )


def test_the_future_beyond_the_windows_does_not_change_the_beginning(untrained) -> None:
    """Hidden states depend on the windows around a step and on nothing else."""
    long, changed = scale_melody(320), scale_melody(320).pitches.copy()
    changed[0, 200:] = 67
    first = untrained.harmonise(long, temperature=0.0).pitches[:, :96]
    second = untrained.harmonise(Grid(changed), temperature=0.0).pitches[:, :96]
    assert np.array_equal(first, second)


def test_the_critic_chooses_among_the_candidates(untrained) -> None:
    melody = scale_melody()
    chosen = untrained.harmonise(melody, seed=1, candidates=6)
    assert chosen != untrained.harmonise(melody, seed=1, candidates=1)
    assert chosen.pitches.shape == (4, 64)


def test_rests_are_filled_for_the_ear_of_the_model_only() -> None:
    pitches = np.array([-1, -1, 60, -1, 62, -1])
    assert hold_through_rests(pitches).tolist() == [60, 60, 60, 60, 62, 62]


def test_positions_start_again_with_each_bar() -> None:
    assert bar_positions(8, 3).tolist() == [[0, 1, 2, 0, 1, 2, 0, 1]]
    assert bar_positions(40, 20).max() == 15


def test_a_melody_of_rests_is_refused(untrained) -> None:
    with pytest.raises(InputError, match="rests"):
        untrained.harmonise(Grid(np.full((1, 8), -1)))


def test_two_voices_are_not_a_melody(untrained) -> None:
    with pytest.raises(InputError, match="one voice"):
        untrained.harmonise(Grid(np.full((2, 8), 60)))


def test_an_unknown_genre_names_those_there_are() -> None:
    with pytest.raises(InputError, match="bach"):
        load_harmoniser("polka")


@pytest.mark.parametrize("genre", GENRES)
def test_the_shipped_harmoniser_loads_and_stays_in_the_key(genre: str) -> None:
    harmoniser = load_harmoniser(genre)
    assert len(harmoniser.weight_sha256) == 64
    grids = [harmoniser.harmonise(scale_melody(64), seed=seed) for seed in range(10)]
    pitches = np.concatenate([grid.pitches[1:] for grid in grids])
    white = np.isin(pitches[pitches >= 0] % 12, [0, 2, 4, 5, 7, 9, 11])
    assert white.mean() > 0.8  # 7 of 12 by chance; about 0.94 in Bach


def test_the_shipped_harmoniser_listens() -> None:
    """One changed melody note changes the voices there more than elsewhere."""
    harmoniser = load_harmoniser("bach")
    here, elsewhere = [], []
    for seed in range(20):
        melody = scale_melody(128)
        changed = melody.pitches.copy()
        changed[0, 64:68] -= 3
        before = harmoniser.harmonise(melody, seed=seed).pitches[1:]
        after = harmoniser.harmonise(Grid(changed), seed=seed).pitches[1:]
        moved = (before != after).mean(axis=0)  # (T,)
        here.append(moved[64:68].mean())
        elsewhere.append(np.delete(moved, np.s_[64:68]).mean())
    assert np.mean(here) > 2 * np.mean(elsewhere)
    assert np.mean(here) > 0.2


def test_the_small_harmoniser_composes_by_its_name() -> None:
    from deepcomposer_edu.compose import compose

    small = compose("twinkle-twinkle", technique="wgan", model="bach-small", seed=1)
    assert small.provenance["weights"]["name"] == "wgan-small"
    best = compose("twinkle-twinkle", technique="wgan", seed=1)
    assert small.score != best.score
    numbers = [
        sum(w.numel() for w in load_harmoniser(name).generator.parameters())
        for name in ("bach-small", "bach")
    ]
    assert 2 * numbers[0] < numbers[1]
    with pytest.raises(InputError, match="needs one of melody-rnn"):
        compose("twinkle-twinkle", technique="melody-rnn", model="bach-small")

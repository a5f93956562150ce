"""Windows: cut at bar lines, moved to other keys, shuffled into batches."""

import numpy as np
import pytest

from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.corpora.windows import (
    batches,
    chorale_windows,
    normalised,
    transposed,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import Key


def little_chorale(n_steps: int = 44, pickup: int = 4, tonic: int = 7) -> Chorale:
    """A piece whose soprano climbs a step each quarter over three held voices."""
    soprano = 60 + np.repeat(np.arange(n_steps // 4), 4)
    pitches = np.stack([soprano, *(np.full(n_steps, p) for p in (57, 52, 40))])
    return Chorale(
        title="Climb",
        bwv="",
        source="climb.mid",
        split="train",
        grid=Grid(pitches),
        key=Key(tonic),
        metre="4/4",
        steps_per_bar=16,
        pickup=pickup,
        bar_starts=np.arange(pickup, n_steps, 16),
        fermatas=np.arange(n_steps) >= n_steps - 4,
    )


@pytest.fixture(scope="module")
def bach():
    return chorale_windows(load_chorales("train"))


def test_windows_begin_after_the_pickup():
    windows = chorale_windows([little_chorale()], n_steps=16)
    assert windows.starts.tolist() == [4, 20, 36]
    assert windows.pitches[0, 0].tolist() == [61] * 4 + [62] * 4 + [63] * 4 + [64] * 4


def test_a_short_last_bar_is_filled_by_holding_the_last_chord():
    last = chorale_windows([little_chorale()], n_steps=16)[-1:]
    assert last.pitches[0, 0].tolist() == [69] * 4 + [70] * 12
    assert last.onsets[0, 0].nonzero()[0].tolist() == [0, 4]
    assert last.fermatas[0].tolist() == [False] * 4 + [True] * 12


def test_a_window_more_than_a_bar_too_long_is_left_out():
    assert chorale_windows([little_chorale()], n_steps=32).starts.tolist() == [4, 20]


def test_a_note_held_over_the_bar_line_begins_with_the_window():
    windows = chorale_windows([little_chorale()], n_steps=16)
    assert windows.onsets[1, :, 0].all()
    assert not windows.onsets[1, 3, 1:].any()


def test_hopping_two_bars_takes_every_second_bar_line():
    windows = chorale_windows([little_chorale()], n_steps=16, hop_bars=2)
    assert windows.starts.tolist() == [4, 36]


def test_every_bar_of_every_chorale_begins_a_window(bach):
    pieces = load_chorales("train")
    assert len(bach) > 10 * len(pieces)
    assert set(bach.pieces.tolist()) == set(range(len(pieces)))
    assert bach.pitches.shape == (len(bach), 4, 32)


def test_indexing_picks_the_same_windows_in_every_field(bach):
    some = bach[bach.steps_per_bar == 12]
    assert 0 < len(some) < len(bach)
    assert len(some.pitches) == len(some.keys) == len(some.starts) == len(some)


def test_transposing_moves_notes_and_leaves_rests():
    windows = chorale_windows([little_chorale()], n_steps=16)
    windows.pitches[0, 1, :4] = REST
    moved = transposed(windows, 2)
    assert (moved.pitches[0, 1, :4] == REST).all()
    assert (moved.pitches[0, 0] == windows.pitches[0, 0] + 2).all()


def test_transposing_there_and_back_changes_nothing(bach):
    back = transposed(transposed(bach, 3), -3)
    assert np.array_equal(back.pitches, bach.pitches)
    assert np.array_equal(back.keys, bach.keys)


def test_transposing_says_how_far_c_major_then_is():
    windows = chorale_windows([little_chorale(tonic=7)], n_steps=16)
    assert windows.keys.tolist() == [5, 5, 5]
    assert transposed(windows, 5).keys.tolist() == [0, 0, 0]
    assert transposed(windows, -7).keys.tolist() == [0, 0, 0]


def test_normalised_bach_sounds_mostly_the_white_keys(bach):
    white = [0, 2, 4, 5, 7, 9, 11]
    for windows, low, high in ((bach, 0.5, 0.85), (normalised(bach), 0.9, 1.0)):
        sounding = windows.pitches[windows.pitches != REST]
        assert low < np.isin(sounding % 12, white).mean() < high


def test_normalised_pitches_stay_in_the_models_range(bach):
    moved = normalised(bach)
    sounding = moved.pitches[moved.pitches != REST]
    assert sounding.min() >= 36 and sounding.max() <= 83
    assert not moved.keys.any()


def test_normalising_changes_the_pitch_classes_by_the_key_alone(bach):
    expected = (bach.pitches + bach.keys[:, None, None]) % 12
    is_note = bach.pitches != REST
    assert np.array_equal((normalised(bach).pitches % 12)[is_note], expected[is_note])


def test_batches_hold_every_row_once():
    rows = np.arange(10)
    got = [row for (batch,) in batches([rows], 4, seed=0) for row in batch.tolist()]
    assert sorted(got) == list(range(10))
    assert got != list(range(10))


def test_batches_shuffle_all_arrays_alike():
    rows = np.arange(10)
    for first, second in batches([rows, rows * rows], 3, seed=5):
        assert (first * first == second).all()


def test_the_same_seed_gives_the_same_batches_and_another_seed_others():
    def order(seed: int) -> list[int]:
        return np.concatenate(
            [b for (b,) in batches([np.arange(50)], 8, seed)]
        ).tolist()

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_the_last_batch_may_be_smaller():
    sizes = [len(batch) for (batch,) in batches([np.arange(10)], 4, seed=0)]
    assert sizes == [4, 4, 2]


def test_arrays_of_unequal_length_are_refused():
    with pytest.raises(InputError, match="lengths"):
        list(batches([np.arange(3), np.arange(4)], 2, seed=0))


def test_too_long_windows_are_refused():
    with pytest.raises(InputError, match="shorter windows"):
        chorale_windows([little_chorale()], n_steps=500)


def test_windows_of_no_steps_are_refused():
    with pytest.raises(InputError, match="at least 1"):
        chorale_windows([little_chorale()], n_steps=0)

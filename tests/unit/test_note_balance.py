"""Notes gained and lost: counted change by change as if all were counted each time."""

import numpy as np
import pytest

from deepcomposer_edu.models import note_balance
from deepcomposer_edu.models.note_balance import NoteBalance
from deepcomposer_edu.music.edits import notes_added, notes_removed
from deepcomposer_edu.music.grid import REST, Grid
from tests.tiny_pieces import Piece


def counted(balance, pitches):
    """Both counts, from the whole piece."""
    grid = Grid(pitches, balance.struck(pitches))
    return [notes_added(balance.start, grid), notes_removed(balance.start, grid)]


@pytest.mark.parametrize("keeps_strikes", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_counts_are_those_of_the_whole_piece(seed, keeps_strikes):
    random = np.random.default_rng(seed)
    start = Piece(seed, n_steps=96).grid
    balance, pitches, counts = NoteBalance(start, keeps_strikes), start.pitches, [0, 0]
    pitches = pitches.copy()
    for _ in range(150):
        first = int(random.integers(96))
        here = np.s_[:, first : first + int(random.integers(1, 12))]
        wanted = pitches[here].copy()
        some = random.random(wanted.shape) < random.choice([0.3, 1.0])
        # what it was, a rest, or one of three pitches: notes join and part
        other = random.choice([REST, 60, 62, 64], size=(4, 1))
        if random.random() < 0.4:
            other = start.pitches[here]
        wanted = np.where(some, other, wanted)
        counts = counts + balance.change(pitches, wanted, first)
        pitches[here] = wanted
        assert counts.tolist() == counted(balance, pitches)


def test_a_note_as_long_as_the_piece_is_followed_to_its_ends():
    start = Grid(np.repeat([[60], [REST], [64], [48]], 2000, axis=1))
    balance, pitches = NoteBalance(start, False), start.pitches.copy()
    wanted = pitches[:, 1000:1001].copy()
    wanted[[0, 1, 2], 0] = 62
    # what is left of the notes on both sides is still heard
    assert balance.change(pitches, wanted, 1000).tolist() == [3, 0]
    wanted[[0, 2], 0] = REST
    pitches[[0, 2], :1000] = 70  # the notes sound only behind the change
    assert balance.change(pitches, wanted, 1000).tolist() == [1, 0]
    pitches[[0, 2], 1001:] = 70  # and now nowhere but in the change
    assert balance.change(pitches, wanted, 1000).tolist() == [1, 2]


def test_only_the_notes_that_are_touched_are_counted(monkeypatch):
    counted_steps, count = [], note_balance._n_without

    def noting(row, is_same):
        counted_steps.append(len(is_same))
        return count(row, is_same)

    monkeypatch.setattr(note_balance, "_n_without", noting)
    start = Grid(np.tile([60, 62, 64, 65], (4, 1000)).repeat(3, axis=1))
    wanted = start.pitches[:, 6001:6003].copy()
    wanted[0] = 70
    balance = NoteBalance(start, False)
    assert balance.change(start.pitches, wanted, 6001).tolist() == [1, 0]
    assert set(counted_steps) == {3}  # the note from step 6000 on

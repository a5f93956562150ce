"""The noisy channel, worked by hand."""

import numpy as np
import pytest
import torch

from deepcomposer_edu.models.frames import LOW, N_CLASSES, N_PITCHES
from deepcomposer_edu.models.repairing import (
    FOREIGN_WRONG,
    HIDDEN_WEIGHT,
    LEFT_WRONG_COST,
    WRONG_SHARE,
    SeenNote,
    by_cost,
    doubted_probabilities,
    foreign_classes,
    free_notes,
    meant_probabilities,
    needed,
)
from deepcomposer_edu.music.grid import Grid

NOTE = SeenNote(0, 0, 4, 60)


def log_p(n_steps: int, **chances: float) -> torch.Tensor:
    """Log-probabilities (n_steps, V), all alike but for p60=...; not normalised."""
    rows = torch.full((n_steps, N_CLASSES), 1e-9)
    for name, chance in chances.items():
        rows[:, int(name[1:]) - LOW] = chance
    return rows.log()


def test_where_the_network_has_no_opinion_the_note_was_meant() -> None:
    found = meant_probabilities(torch.zeros(4, N_CLASSES), NOTE)
    assert found[60] == pytest.approx(1 - WRONG_SHARE)
    assert found[61] == pytest.approx(WRONG_SHARE / 4)
    assert sum(found.values()) == pytest.approx(1)
    assert sorted(found) == [58, 59, 60, 61, 62]


def test_bayes_by_hand_for_a_note_of_one_cell() -> None:
    found = meant_probabilities(log_p(1, p60=0.01, p61=0.9), SeenNote(0, 0, 1, 60))
    seen, meant = 0.01 * (1 - WRONG_SHARE), 0.9 * WRONG_SHARE / 4
    assert found[61] == pytest.approx(meant / (seen + meant), abs=1e-4)


def test_four_cells_count_as_two() -> None:
    one = meant_probabilities(log_p(1, p60=0.01, p61=0.09), SeenNote(0, 0, 1, 60))
    four = meant_probabilities(log_p(4, p60=0.1, p61=0.3), NOTE)
    assert four[61] == pytest.approx(one[61], abs=1e-4)


def test_alone_only_notes_foreign_to_the_key_are_doubted() -> None:
    foreign = np.array([c not in (0, 2, 4, 5, 7, 9, 11) for c in range(12)])
    chances = log_p(4, p60=1e-6, p62=0.9)
    assert meant_probabilities(chances, NOTE, foreign) == {60: 1.0}
    note = SeenNote(0, 0, 4, 61)
    found = meant_probabilities(torch.zeros(4, N_CLASSES), note, foreign)
    assert sorted(found) == [59, 60, 61, 62]  # and not 63, which is foreign too
    ratio = found[61] / found[60]
    assert ratio == pytest.approx((1 - FOREIGN_WRONG) / (FOREIGN_WRONG / 4))


def test_a_note_at_the_edge_has_fewer_alternatives() -> None:
    top = LOW + N_PITCHES - 1
    found = meant_probabilities(torch.zeros(4, N_CLASSES), SeenNote(0, 0, 4, top))
    assert sorted(found) == [top - 2, top - 1, top]


def test_a_note_out_of_range_is_left_alone() -> None:
    note = SeenNote(0, 0, 4, 120)
    assert meant_probabilities(torch.zeros(4, N_CLASSES), note) == {120: 1.0}


def test_two_opinions_of_a_network_that_doubts_worked_by_hand() -> None:
    doubted, hidden = log_p(2, p60=0.3, p61=0.6), log_p(2, p60=0.1, p61=0.4)
    found = doubted_probabilities(doubted, hidden, NOTE)
    ratio = (0.6 / 0.3) * (0.4 / 0.1) ** HIDDEN_WEIGHT
    assert found[61] / found[60] == pytest.approx(ratio, rel=1e-4)
    assert sum(found.values()) == pytest.approx(1)
    far = SeenNote(0, 0, 4, 120)
    assert doubted_probabilities(doubted, hidden, far) == {120: 1.0}


def test_a_wrong_note_left_costs_more_than_a_right_one_spoilt() -> None:
    found = by_cost({60: 0.5, 61: 0.3, 62: 0.2}, now=60)
    assert sum(found.values()) == pytest.approx(1)
    assert found[61] / found[60] == pytest.approx(0.3 / 0.5 * LEFT_WRONG_COST)
    assert found[61] / found[62] == pytest.approx(1.5)


def test_notes_are_free_if_all_their_cells_are() -> None:
    grid = Grid([[60, 60, 62, -1], [48] * 4, [48] * 4, [48] * 4])
    free = np.zeros((4, 4), dtype=bool)
    free[0], free[1, :3] = True, True
    assert free_notes(grid, free) == [SeenNote(0, 0, 2, 60), SeenNote(0, 2, 3, 62)]


def test_foreign_is_what_lies_outside_the_scale_of_most_notes() -> None:
    tune = np.repeat([60, 62, 64, 65, 66, 67, 69, 71], 2)
    grid = Grid(np.array([tune, *[np.full(16, -1)] * 3]))
    found = foreign_classes(grid, np.ones((4, 16), dtype=bool))
    assert np.flatnonzero(~found).tolist() == [0, 2, 4, 5, 6, 7, 9, 11]  # C or G major
    heard = np.ones((4, 16), dtype=bool)
    heard[0, 8:10] = False
    found = foreign_classes(grid, heard)
    assert np.flatnonzero(~found).tolist() == [0, 2, 4, 5, 7, 9, 11]


def test_a_long_note_does_not_outweigh_a_melody() -> None:
    tune = np.r_[np.repeat([60, 62, 64, 65, 67, 69, 71], 4), np.full(64, 66)]
    grid = Grid(np.array([tune, *[np.full(len(tune), -1)] * 3]))
    found = foreign_classes(grid, np.ones(grid.pitches.shape, dtype=bool))
    assert not found[[0, 2, 4, 7, 9, 11]].any()


def test_the_plainest_is_mended_first() -> None:
    sure = [needed(i, 10) for i in range(10)]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] == 0.95
    assert sure[-1] == 0.5

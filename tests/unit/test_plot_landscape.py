"""Pictures of a critic's scores, of heaps, plans and weights."""

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.viz.landscape import (
    PUSH_COLOUR,
    plot_heaps,
    plot_landscape,
    plot_plan,
    plot_weights,
)

REAL = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]])
FAKE = torch.tensor([[0.0, 0.0], [0.1, 0.1]])


def quivers(ax):
    return [c for c in ax.collections if type(c).__name__ == "Quiver"]


def test_arrows_point_where_the_score_rises():
    ax = plot_landscape(lambda points: 3 * points[:, 0] - points[:, 1], REAL, FAKE)
    (arrows,) = quivers(ax)
    np.testing.assert_allclose(arrows.U / arrows.V, -3, rtol=1e-3)
    assert (arrows.U > 0).all()


def test_a_flat_critic_sends_nobody_anywhere():
    flat = plot_landscape(lambda points: torch.zeros(len(points)), REAL, FAKE)
    assert not quivers(flat)


def test_all_real_points_fit_in_unless_a_reach_is_given():
    ax = plot_landscape(lambda points: points[:, 0], REAL, FAKE, with_arrows=False)
    assert ax.get_xlim() == (-1.25, 1.25)
    assert not quivers(ax)
    near = plot_landscape(lambda points: points[:, 0], REAL, FAKE, reach=0.5)
    assert near.get_ylim() == (-0.5, 0.5)


def test_melodies_have_no_landscape():
    with pytest.raises(InputError, match="points of a plane"):
        plot_landscape(lambda points: points[:, 0], np.zeros((4, 16)), FAKE)


def test_the_scores_stand_below_the_heaps():
    ax = plot_heaps([1, 0, 0], [0, 0, 1], ["C", "D", "E"], scores=[2, 1, 0])
    upper, lower = ax.figure.axes
    assert [bar.get_height() for bar in upper.patches] == [1, 0, 0, 0, 0, 1]
    assert lower.lines[0].get_ydata().tolist() == [2, 1, 0]
    assert [label.get_text() for label in lower.get_xticklabels()] == ["C", "D", "E"]
    alone = plot_heaps([1, 0], [0, 1], ["C", "D"])
    assert len(alone.figure.axes) == 1


def test_lines_lead_from_where_it_comes_to_where_it_goes():
    ax = plot_plan(np.array([[0.0, 0.75], [0.25, 0.0]]), ["C", "D"])
    lines = [line for line in ax.lines if line.get_color() == PUSH_COLOUR]
    ways = {tuple(map(int, line.get_xdata())): line.get_linewidth() for line in lines}
    assert set(ways) == {(0, 1), (1, 0)}
    assert ways[0, 1] == 3 * ways[1, 0]


def test_every_set_of_weights_is_drawn_over_the_same_bins():
    ax = plot_weights({"wide": [-1.0, 1.0], "narrow": [0.0, 0.1, 0.2]}, n_bins=10)
    first, second = (patch.get_xy() for patch in ax.patches)
    assert first[:, 0].min() == second[:, 0].min() == -1
    assert second[:, 1].max() == pytest.approx(1, abs=0.34)

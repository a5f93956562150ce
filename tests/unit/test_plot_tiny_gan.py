"""Pictures of the tiny GAN: what is drawn, and what is refused."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.viz.colours import track_colour
from deepcomposer_edu.viz.tiny_gan import plot_rhythms, plot_stages, plot_steps

BARS = np.eye(16, dtype=int)[[0, 4, 8]]  # three bars with one note each


def test_a_cell_is_filled_where_a_note_starts() -> None:
    ax = plot_rhythms({"some": BARS, "none": np.zeros((2, 16), dtype=int)})
    cells = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    filled = [c for c in cells if to_hex(c.get_facecolor()) == track_colour(0)]
    assert len(cells) == 5 * 16
    assert [round(cell.get_x()) for cell in filled] == [0, 4, 8]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["some", "none"]


def test_bars_of_another_length_are_refused() -> None:
    with pytest.raises(InputError, match="rhythms are"):
        plot_rhythms({"short": np.zeros((2, 12))})


def test_steps_stand_side_by_side_as_shares() -> None:
    ax = plot_steps({"a": BARS.mean(0), "b": np.ones(16)}, "bars")
    assert len(ax.patches) == 32
    assert ax.patches[0].get_height() == pytest.approx(1 / 3)


def test_each_moment_has_a_plane_and_one_legend_explains_the_points() -> None:
    points = np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float32)
    stage = (lambda x: x[:, 0], points, points)
    figure = plot_stages([("before", *stage), ("after", *stage)])
    assert [ax.get_title() for ax in figure.axes] == ["before", "after"]
    assert all(ax.get_legend() is None for ax in figure.axes)
    [legend] = figure.legends
    words = [text.get_text() for text in legend.get_texts()]
    assert words == ["real", "generated"]


def test_no_moments_are_refused() -> None:
    with pytest.raises(InputError, match="no stages"):
        plot_stages([])

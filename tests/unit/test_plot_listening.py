"""The picture of where a harmoniser answered a change."""

import numpy as np

from deepcomposer_edu.viz.listening import plot_change_rate


def test_there_is_a_bar_for_each_step_as_high_as_its_share():
    rate = np.linspace(0, 1, 32)
    ax = plot_change_rate(rate, range(4, 8))
    (bars,) = ax.containers
    np.testing.assert_allclose([bar.get_height() for bar in bars], rate)


def test_the_moved_note_is_marked_and_named():
    ax = plot_change_rate(np.zeros(32), range(4, 8))
    marked = ax.patches[0].get_extents().transformed(ax.transData.inverted())
    assert (round(marked.x0, 6), round(marked.x1, 6)) == (4, 8)
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert "the melody note that was moved" in texts


def test_bars_of_other_lengths_are_numbered():
    ax = plot_change_rate(np.zeros(36), range(4, 8), steps_per_bar=12)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2", "3"]

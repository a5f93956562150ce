"""The pictures of looking back and of drawing."""

import numpy as np

from deepcomposer_edu.viz.attention import PASSED_OVER, plot_choices, plot_lines


def test_each_line_has_its_values_its_name_and_its_own_mark():
    ax = plot_lines([1, 2, 3], {"one": [4, 5, 6], "two": [6, 5, 4]}, "step", "seconds")
    first, second = ax.lines
    assert second.get_ydata().tolist() == [6, 5, 4]
    assert first.get_marker() != second.get_marker()
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["one", "two"]


def test_the_axes_are_named():
    ax = plot_lines([1], {"one": [1]}, "tokens", "seconds")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("tokens", "seconds")


def test_tokens_stand_in_the_order_of_their_probability():
    ax = plot_choices([0.2, 0.5, 0.3], ["A", "B", "C"], [False, True, True])
    assert [bar.get_height() for bar in ax.patches] == [0.5, 0.3, 0.2]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["B", "C", "A"]


def test_what_may_not_come_is_pale_and_hatched():
    kept, out = plot_choices([0.7, 0.3], ["A", "B"], [True, False]).patches
    assert out.get_hatch() and not kept.get_hatch()
    assert np.allclose(out.get_facecolor()[:3], [int(PASSED_OVER[i : i + 2], 16) / 255
                                                 for i in (1, 3, 5)])  # fmt: skip


def test_of_many_tokens_the_likeliest_are_drawn():
    ax = plot_choices(np.full(50, 0.02), [str(i) for i in range(50)], [True] * 50)
    assert len(ax.patches) == 16

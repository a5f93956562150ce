"""Pictures of populations: what is drawn, and the words beside it."""

import matplotlib.colors
import pytest

from deepcomposer_edu import course
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.population import Population, Turn
from deepcomposer_edu.viz.colours import track_colour
from deepcomposer_edu.viz.lineage import plot_lineage, plot_settings

# member 1 takes over 0 after the first round, and member 2 dies
TURNS = (
    Turn(0, 0, {"rate": 0.1}, 1.0, 0),
    Turn(0, 1, {"rate": 0.2}, 2.0, 0),
    Turn(0, 2, {"rate": 0.3}, None, 0, "It burst."),
    Turn(1, 0, {"rate": 0.1}, 0.9, 0),
    Turn(1, 1, {"rate": 0.12}, 0.5, 1),
    Turn(1, 2, {"rate": 0.08}, 0.8, 2),
)
POPULATION = Population(TURNS, "valid_loss", lower_is_better=True)


def lines(ax, width):
    return [
        (list(line.get_xdata()), list(line.get_ydata()))
        for line in ax.lines
        if line.get_linewidth() == width and len(line.get_xdata()) == 2
    ]


def test_the_thick_line_is_how_the_best_came_to_be():
    assert lines(plot_lineage(POPULATION), 3) == [([0, 1], [0, 0]), ([1, 2], [0, 1])]


def test_thin_lines_lead_from_what_each_other_went_on_from():
    thin = lines(plot_lineage(POPULATION), 1.2)
    assert ([1, 2], [0, 2]) in thin  # the one that died goes on from member 0
    assert ([1, 2], [0, 0]) in thin
    assert len(thin) == 4


def test_a_cross_stands_where_one_died_and_scores_stand_elsewhere():
    ax = plot_lineage(POPULATION)
    crosses = [line for line in ax.lines if line.get_marker() == "x"]
    assert [(*c.get_xdata(), *c.get_ydata()) for c in crosses] == [(1, 2)]
    assert sorted(t.get_text() for t in ax.texts) == ["0.5", "0.8", "0.9", "1", "2"]


def test_the_better_is_the_darker():
    dots = [line for line in plot_lineage(POPULATION).lines if line.get_marker() == "o"]
    shades = {
        (dot.get_xdata()[0], dot.get_ydata()[0]): matplotlib.colors.to_rgb(
            dot.get_markerfacecolor()
        )[0]
        for dot in dots
    }
    assert shades[2, 1] < shades[2, 2] < shades[1, 1]


def test_the_words_beside_it_tell_the_line_and_the_dead():
    text = course.lineage(POPULATION).text
    assert "3 members over 2 rounds" in text
    assert "member 1 (loss on music kept back 0.5), was round by round" in text
    assert "member 0, then 1." in text
    assert "1 died on the way" in text


def test_a_setting_is_drawn_for_all_and_thick_for_the_line_of_the_best():
    ax = plot_settings(POPULATION, "rate")
    thick = [p for p in ax.patches if p.get_linewidth() == 3]
    assert len(ax.patches) == 4
    assert [list(p.get_data().values) for p in thick] == [[0.1, 0.12]]
    assert thick[0].get_edgecolor()[:3] == matplotlib.colors.to_rgb(track_colour(0))
    assert "0.1, 0.12" in course.settings_line(POPULATION, "rate").text


@pytest.mark.parametrize("draw", [plot_lineage, course.lineage])
def test_before_the_first_round_it_is_one_sentence(draw):
    with pytest.raises(InputError, match="No round of this population is over"):
        draw(Population())


def test_a_setting_that_is_not_there_is_one_sentence():
    with pytest.raises(InputError, match="no setting 'size'; they do in: rate"):
        course.settings_line(POPULATION, "size")
    with pytest.raises(InputError, match="no round is over yet"):
        course.settings_line(Population(), "size")

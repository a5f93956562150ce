"""Pictures of a training run's numbers."""

import math

import numpy as np
import pytest
from matplotlib.figure import Figure

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.viz.history import plot_history, series
from deepcomposer_edu.viz.names import is_share, label_of, loss_panels, metric_panels


def history(n=50):
    rows = []
    for step in range(n):
        row = {"step": step, "critic_loss": -float(step), "generator_loss": 2.0 * step}
        if step % 10 == 0:
            row |= {"triad_rate": step / 100, "hold_rate": 0.7}
        rows.append(row)
    return rows


def drawn(ax):
    return {line.get_label(): line for line in ax.lines}


def test_losses_are_drawn_over_their_steps():
    line = drawn(plot_history(history()))["critic loss"]
    assert list(line.get_xdata()) == list(range(50))
    assert list(line.get_ydata()) == [-float(step) for step in range(50)]


def test_measures_are_drawn_where_they_were_taken():
    ax = plot_history(history(), names=["triad_rate"])
    assert list(drawn(ax)["triads"].get_xdata()) == [0, 10, 20, 30, 40]


def test_the_data_stands_beside_as_a_dashed_line_of_the_same_colour():
    ax = plot_history(history(), names=["triad_rate"], reference={"triad_rate": 0.64})
    model, data = ax.lines[:2]
    assert list(data.get_ydata()) == [0.64, 0.64]
    assert data.get_color() == model.get_color()
    assert data.is_dashed()
    assert "the data's own" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_without_a_reference_no_dashed_line_is_promised():
    ax = plot_history(history(), names=["triad_rate"], reference={"other": 1.0})
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["triads"]


def test_a_long_run_is_drawn_as_means_of_neighbours():
    rows = [{"step": i, "critic_loss": float(i % 2)} for i in range(4_000)]
    line = drawn(plot_history(rows))["critic loss"]
    assert len(line.get_xdata()) <= 250
    assert np.allclose(line.get_ydata(), 0.5)


def test_names_without_values_are_left_out():
    assert set(drawn(plot_history(history(), names=["critic_loss", "typo"]))) == {
        "critic loss"
    }


def test_values_that_are_no_numbers_are_left_out():
    rows = [{"step": 0, "x": math.nan}, {"step": 1, "x": 2}, {"step": 2, "x": None}]
    assert series(rows, "x") == ([1.0], [2.0])


def test_nothing_to_draw_is_said_in_a_sentence():
    with pytest.raises(InputError, match="train for some steps"):
        plot_history([])


def test_the_axes_that_were_given_are_used_and_returned():
    ax = Figure().subplots()
    assert plot_history(history(), ax) is ax


def test_shares_are_shown_in_per_cent_and_losses_are_not():
    assert is_share("triad_rate")
    assert not is_share("critic_loss")
    assert not is_share("parallel_fifths_per_1000")
    ax = plot_history(history(), names=["hold_rate"])
    assert ax.yaxis.get_major_formatter()(0.5) == "50%"


def test_an_unknown_key_is_named_in_words():
    assert label_of("some_new_measure") == "some new measure"


def test_a_curve_that_never_moves_does_not_look_as_if_it_did():
    steady = [{"step": step, "triad_rate": 0.5} for step in range(3)]
    ax = plot_history(steady, names=["triad_rate"])
    low, high = ax.get_ylim()
    assert low < 0.5 < high
    assert high - low >= 0.1


def test_large_losses_are_written_out():
    history = [{"step": i, "critic_loss": i * 1e7} for i in range(3)]
    ax = plot_history(history, names=["critic_loss"])
    ax.figure.canvas.draw()
    assert "20,000,000" in [label.get_text() for label in ax.get_yticklabels()]


def test_labels_and_colours_can_be_chosen():
    ax = plot_history(
        history(),
        names=["triad_rate"],
        labels={"triad_rate": "chords"},
        colours={"triad_rate": "#123456"},
    )
    (line,) = ax.get_lines()
    assert (line.get_label(), line.get_color()) == ("chords", "#123456")


def lines_of(panels):
    return {p["title"]: [line["label"] for line in p["lines"]] for p in panels}


def test_losses_and_metrics_are_shown_in_separate_pictures():
    names = ["step", "critic_loss", "generator_loss", "triad_rate", "hold_rate"]
    assert lines_of(loss_panels(names)) == {"Losses": ["critic loss", "generator loss"]}
    assert lines_of(metric_panels(names)) == {"Harmony": ["triads", "held notes"]}


def test_metrics_of_voices_stand_together_in_their_voices_colours():
    names = [f"used_pitch_classes_{v}" for v in ("bass", "alto", "tenor")]
    (panel,) = metric_panels(names)
    assert panel["title"] == "Pitch classes in a bar, voice by voice"
    tracks = {line["label"]: line["track"] for line in panel["lines"]}
    assert tracks == {"alto": 1, "tenor": 2, "bass": 3}
    assert not panel["is_share"]


def test_a_measure_of_your_own_has_a_picture_of_its_own():
    assert lines_of(metric_panels(["step", "my_rate"])) == {"My rate": ["my rate"]}


def test_losses_of_single_genres_share_a_picture():
    names = {"step", "loss", "valid_loss", "valid_loss_folk", "valid_loss_quartet"}
    assert lines_of(loss_panels(names)) == {
        "Loss": ["on what it learns from", "on music kept back"]
    }
    assert lines_of(metric_panels(names)) == {"Loss by genre": ["folk", "quartet"]}


def test_what_steers_a_training_comes_last():
    names = {"loss", "learning_rate", "gradient_norm", "my_measure"}
    titles = ["My measure", "Gradient length", "Learning rate"]
    assert list(lines_of(metric_panels(names))) == titles

"""Pictures of edits: what stands where, and what is refused."""

import numpy as np
import pytest
from edited import edited_of, four_voices, many_edits, some_edits
from matplotlib.collections import PolyCollection

from deepcomposer_edu import course
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ar_cnn import Edited
from deepcomposer_edu.music.edits import Edit
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.viz.edits import (
    KEPT,
    SURE,
    note_parts,
    plot_edits,
    plot_passes,
    score_of,
    surest,
)
from deepcomposer_edu.viz.likely import plot_likely, plot_one_note


def boxes_of(collection):
    """Return each bar as (start, end, pitch)."""
    found = []
    for path in collection.get_paths():
        (left, low), (right, high) = path.vertices.min(0), path.vertices.max(0)
        found.append((left, right, (low + high) / 2))
    return sorted(found)


def parts_of(ax):
    """Return what stayed, what is new and what is gone, as drawn."""
    return [it for it in ax.collections if isinstance(it, PolyCollection)][:3]


# The roll


def test_what_stayed_what_is_new_and_what_is_gone_stand_where_they_sound():
    stayed, new, gone = parts_of(plot_edits(some_edits()))
    assert boxes_of(new) == [(0, 16, 65), (16, 20, 62)]
    assert boxes_of(gone) == [(16, 20, 60), (24, 32, 48)]
    expected = [(0, 24, 48), (0, 16, 60), (16, 32, 67), (20, 32, 60), (0, 32, 76)]
    assert boxes_of(stayed) == sorted(expected)


def test_a_new_note_is_darker_the_surer_the_model_was():
    _, new, _ = parts_of(plot_edits(some_edits()))
    colours = {
        round(box.vertices.min(0)[0]): colour[:3]
        for box, colour in zip(new.get_paths(), new.get_facecolor(), strict=True)
    }
    sure, unsure = colours[0], colours[16]  # 90 % and 20 %
    assert sure.mean() < unsure.mean() - 0.2
    lightness = np.array([SURE(x)[:3] for x in np.linspace(0, 1, 9)]) @ [0.3, 0.6, 0.1]
    assert (np.diff(lightness) < 0).all()  # so that it works in grey


def test_what_was_changed_and_changed_back_counts_as_stayed():
    edits = [Edit(1, 0, 4, 67, 69, 0.5, 1), Edit(1, 0, 4, 69, 67, 0.5, 2)]
    stayed, new, gone = parts_of(plot_edits(edited_of(four_voices(), edits)))
    assert not new.get_paths()
    assert not gone.get_paths()
    assert tuple(stayed.get_facecolor()[0][:3]) == pytest.approx(
        [int(KEPT[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    )


def test_the_probability_of_a_cell_is_that_of_its_last_edit():
    edits = [Edit(1, 0, 8, 67, 69, 0.5, 1), Edit(1, 4, 4, 69, 71, 0.8, 2)]
    chances = surest(edited_of(four_voices(), edits))
    assert chances[1, :8].tolist() == [0.5] * 4 + [0.8] * 4
    assert np.isnan(chances[1, 8:]).all()
    assert np.isnan(chances[0]).all()


def test_parts_of_notes_are_cut_at_the_cells_and_at_the_notes():
    grid = Grid([[60, 60, 60, 60, 62, 62]], [[1, 0, 1, 0, 0, 0]])
    chosen = np.array([[True, True, True, False, True, True]])
    assert note_parts(grid, chosen) == [(0, 0, 2, 60), (0, 2, 3, 60), (0, 4, 6, 62)]


@pytest.mark.parametrize(("steps", "metre"), [(16, 16), (12, 12), (6, 6), (5, 5)])
def test_bars_are_as_long_as_asked_for(steps, metre):
    score = score_of(four_voices(), steps, pickup=3)
    assert score.metres[0].steps_per_bar == metre
    ax = plot_edits(some_edits(), steps, pickup=3)
    assert ax.get_xticks()[0] == 3
    assert np.diff(ax.get_xticks())[0] == steps


def test_a_piece_that_ends_with_rests_is_shown_whole():
    rows = np.full((4, 48), REST)
    rows[:, :16] = [[76], [67], [60], [48]]
    nothing = Edited(Grid(rows), Grid(rows), ())
    assert plot_edits(nothing).get_xlim() == (0, 48)
    empty = Grid(np.full((4, 16), REST))
    assert plot_edits(Edited(empty, empty, ())).get_xlim() == (0, 16)


def test_a_bar_without_steps_is_refused():
    with pytest.raises(InputError, match="at least 1"):
        plot_edits(some_edits(), steps_per_bar=0)


# Passes


def test_each_pass_has_a_bar_and_the_middle_probability():
    counts, sure = plot_passes(many_edits(30, n_passes=3).edits, 4)
    assert [bar.get_height() for bar in counts.patches] == [10, 10, 10, 0]
    chances = sure.lines[0].get_ydata()
    assert chances[:3].tolist() == [0.5] * 3
    assert np.isnan(chances[3])


def test_too_few_passes_are_refused():
    with pytest.raises(InputError, match="pass 3"):
        plot_passes(some_edits().edits, 2)


# What is likely


def test_the_heat_map_has_a_row_for_each_pitch():
    shares = np.zeros((16, 48))
    shares[4, 24], shares[8, 31] = 0.7, 0.4
    ax = plot_likely(shares, 36, Grid([[60] * 16]))
    mesh = ax.collections[0].get_array()
    assert mesh.shape == (48, 16)
    assert mesh[24, 4] == 0.7
    low, high = ax.get_ylim()
    assert 57 <= low + 0.5 < 60  # only what matters is shown
    assert 67 < high <= 73


def test_a_distribution_over_all_cells_is_seen_however_thin_it_is():
    shares = np.full((16, 48), 1 / (16 * 48))
    mesh = plot_likely(shares / 100, 36).collections[0].get_array()
    assert not np.ma.getmaskarray(mesh).any()
    shares[3, 3] = 1.0  # now nothing else is worth a look
    mesh = plot_likely(shares, 36).collections[0].get_array()
    assert (~np.ma.getmaskarray(mesh)).sum() == 1


@pytest.mark.parametrize("shape", [(16,), (2, 16, 48), (0, 48)])
def test_a_wrong_shape_is_refused(shape):
    with pytest.raises(InputError, match="steps, pitches"):
        plot_likely(np.zeros(shape), 36)


def test_a_note_has_a_bar_in_each_group_in_the_order_of_the_names():
    groups = {"before": [0.1, 0.0, 0.9], "after": [0.6, 0.0, 0.4]}
    ax = plot_one_note(groups, ["C4", "D4", "E4"])
    assert [text.get_text() for text in ax.get_xticklabels()] == ["C4", "E4"]
    assert [bar.get_height() for bar in ax.patches] == [0.1, 0.9, 0.6, 0.4]


@pytest.mark.parametrize(
    ("groups", "words"),
    [({"before": [0.5, 0.5]}, "2 probabilities"), ({}, "at least one")],
)
def test_distributions_that_fit_no_names_are_refused(groups, words):
    with pytest.raises(InputError, match=words):
        plot_one_note(groups, ["C4", "D4", "E4"])


# In a lesson


def test_pictures_have_words():
    edited = some_edits()
    assert "3 edits: 2 notes are new and 0 are gone" in course.edits(edited).text
    assert course.edits(edited, "The tenor moves").caption == "The tenor moves"
    assert "1 in the first half, 2 in the second" in course.passes(edited, 3).text
    shares = np.zeros((16, 48))
    shares[4, 24] = 0.7
    assert "C4 at step 4, 70%" in course.likely(shares, 36).text
    assert "now: C4 100%" in course.one_note({"now": [1.0]}, ["C4"]).text


def test_edits_are_heard_and_watched(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_QUICK", "1")
    player = course.hear_edits(some_edits())
    assert player.caption.startswith("3 edits, one after another")
    assert player.seconds > 1
    film = course.watch_edits(some_edits(), tmp_path / "edits.mp4", "A little repair")
    assert film.path.stat().st_size > 1000
    assert film.caption == "A little repair"


def test_where_nothing_was_edited_it_is_said():
    same = Edited(four_voices(), four_voices(), ())
    assert "Nothing was edited" in course.edits(same).text
    player = course.hear_edits(same)
    assert player.caption == "Nothing was edited."
    assert player.seconds == pytest.approx(0.5, abs=0.1)

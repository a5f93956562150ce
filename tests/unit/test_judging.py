"""Faults and passages in a notebook."""

import numpy as np
import pytest

from deepcomposer_edu import course
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.faults import find_faults
from deepcomposer_edu.music.grid import Grid

GRID = Grid(np.repeat([[72, 74], [67, 67], [64, 65], [48, 50]], 8, axis=1))


def test_the_picture_says_in_words_where_the_faults_are():
    shown = course.faults(GRID, caption="Hidden in the chorus")
    assert "with 1 faults marked: bar 1, beat 3: soprano and bass" in shown.text
    assert "Hidden in the chorus" in shown._repr_html_()


def test_only_the_chosen_kinds_are_marked():
    assert "with 0 faults marked." in course.faults(GRID, names=["crossing"]).text


def test_a_fault_is_heard_with_its_sentence():
    (fault,) = find_faults(GRID)
    player = course.play_fault(GRID, fault)
    assert "parallel octaves" in player.caption and player.seconds > 1


def test_a_fault_of_other_music_is_refused():
    (fault,) = find_faults(GRID)
    with pytest.raises(InputError, match="8 steps"):
        course.play_fault(GRID.crop(0, 8), fault)


def test_two_passages_are_played_one_after_the_other(monkeypatch):
    monkeypatch.delenv("COURSE_QUICK", raising=False)
    alone = course.play(GRID).seconds
    assert course.play_beside(GRID, GRID, "twice").seconds > 2 * alone

"""Parallels are seen by hand-worked cases and passed over when a voice is drawn."""

import numpy as np

from deepcomposer_edu.models.counterpoint import draw_voice, parallel_classes

LOW = 40


def scores_for(*wishes: list[int]) -> np.ndarray:
    """Scores (1, T, V): each step's wishes, the first most; the rest is class 48."""
    scores = np.zeros((1, len(wishes), 49))
    for step, pitches in enumerate(wishes):
        for rank, pitch in enumerate(pitches):
            scores[0, step, pitch - LOW] = 10 - rank
    return scores


def test_a_fifth_that_moves_to_a_fifth_is_parallel() -> None:
    assert parallel_classes(60, [67], [69]) == {62: True}


def test_a_twelfth_counts_as_a_fifth() -> None:
    assert parallel_classes(48, [67], [69]) == {50: True}


def test_octaves_are_parallel_too() -> None:
    assert parallel_classes(60, [72], [71]) == {59: True}


def test_thirds_may_run_in_parallel() -> None:
    assert parallel_classes(60, [64], [65]) == {}


def test_a_voice_that_stays_makes_no_parallel() -> None:
    assert parallel_classes(60, [67], [67]) == {}


def test_a_rest_makes_no_parallel() -> None:
    assert parallel_classes(60, [-1], [67]) == {}
    assert parallel_classes(-1, [67], [69]) == {}


def test_the_second_wish_is_taken_where_the_first_is_parallel() -> None:
    melody = np.array([[67, 69]])
    drawn = draw_voice(scores_for([60], [62, 65]), [melody], LOW)
    assert drawn.tolist() == [[60, 65]]


def test_the_wish_is_kept_when_parallels_are_allowed() -> None:
    melody = np.array([[67, 69]])
    drawn = draw_voice(scores_for([60], [62, 65]), [melody], LOW, avoid_parallels=False)
    assert drawn.tolist() == [[60, 62]]


def test_a_parallel_that_ends_a_mended_note_is_seen() -> None:
    """The third step is judged from the note that was really drawn."""
    melody = np.array([[67, 69, 71]])
    wishes = scores_for([60], [62, 65], [64, 67])
    assert draw_voice(wishes, [melody], LOW).tolist() == [[60, 65, 64]]


def test_the_last_class_is_a_rest() -> None:
    scores = np.zeros((1, 1, 49))
    scores[0, 0, 48] = 1
    assert draw_voice(scores, [], LOW).tolist() == [[-1]]


def test_inertia_holds_a_note_against_a_slightly_better_one() -> None:
    wishes = scores_for([60], [62, 60], [65])  # at the second step, 62 leads 60 by 1
    assert draw_voice(wishes, [], LOW, inertia=0.5).tolist() == [[60, 62, 65]]
    assert draw_voice(wishes, [], LOW, inertia=1.5).tolist() == [[60, 60, 65]]

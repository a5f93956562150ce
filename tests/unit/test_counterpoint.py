"""A singer's habits: hand-worked cases, and what they change when a voice is drawn."""

import numpy as np

from deepcomposer_edu.models.counterpoint import (
    draw_voice,
    hard_to_sing,
    parallel_classes,
)

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


def hard_ways(before: int, then: list[int], now: list[int]) -> list[int]:
    """Return the semitones from -14 to 14 that are hard to sing from a pitch."""
    ways = np.arange(-14, 15)
    return ways[hard_to_sing(before + ways, before, then, now)].tolist()


def test_tritones_sevenths_and_more_than_an_octave_are_hard_to_sing() -> None:
    assert hard_ways(60, [], []) == [-14, -13, -11, -10, -6, 6, 10, 11, 13, 14]


def test_leaping_into_a_second_or_a_seventh_is_hard_and_stepping_is_not() -> None:
    # against an E that stays: D and F are seconds, B flat a tritone; F# is a tone
    # from it; from C a step leads to D, a fourth leads to F, a third down to A flat
    hard = hard_ways(60, [64], [64])
    assert 5 in hard  # F, by leap
    assert 2 not in hard  # D, by step
    assert -4 not in hard  # A flat, a major third below E
    assert 0 not in hard  # staying, while the E stays


def test_staying_is_hard_only_where_another_voice_leaps_into_a_clash() -> None:
    assert 0 in hard_ways(60, [67], [71])  # B leaps in above the C that stays
    assert 0 not in hard_ways(60, [72], [71])  # the B came by step
    assert 0 not in hard_ways(60, [-1], [-1])  # nobody is there


def test_smoothness_takes_the_way_that_is_easier_to_sing() -> None:
    wishes = scores_for([60], [66, 65])  # a tritone leads a fourth by 1
    assert draw_voice(wishes, [], LOW).tolist() == [[60, 66]]
    assert draw_voice(wishes, [], LOW, smoothness=0.5).tolist() == [[60, 66]]
    assert draw_voice(wishes, [], LOW, smoothness=1.5).tolist() == [[60, 65]]


def test_a_rest_is_never_hard_to_sing() -> None:
    scores = scores_for([60], [66])
    scores[0, 1, 48] = 9.5  # the rest
    assert draw_voice(scores, [], LOW, smoothness=1.0).tolist() == [[60, -1]]
    assert draw_voice(scores, [], LOW, smoothness=0.1).tolist() == [[60, 66]]

"""Drawing hidden cells: hand-worked parallels, coming and going."""

import numpy as np

from deepcomposer_edu.models.cell_drawing import draw_cells, parallels_at
from deepcomposer_edu.models.drawing_order import VOICE_ORDER

REST = 72


def scores_for(*wishes: tuple[int, int, int, float]) -> np.ndarray:
    """Scores (4, 3, 73), all 0 but those of (voice, step, class, score)."""
    scores = np.zeros((4, 3, 73))
    for voice, step, wanted, score in wishes:
        scores[voice, step, wanted] = score
    return scores


# The bass stands a fifth below the soprano and moves up by a tone
CLASSES = np.array([[37, 37, 39], [REST] * 3, [REST] * 3, [30, 30, 32]])
HIDDEN = np.zeros((4, 3), dtype=bool)
HIDDEN[3, 2] = True
WISHES = scores_for((3, 2, 32, 2.0), (3, 2, 27, 1.0))


def test_the_best_score_is_drawn_and_known_cells_stay() -> None:
    drawn = draw_cells(WISHES, CLASSES, HIDDEN, avoid_parallels=False)
    assert np.array_equal(drawn, CLASSES)


def test_the_second_wish_is_drawn_where_the_first_runs_in_fifths() -> None:
    assert draw_cells(WISHES, CLASSES, HIDDEN)[3, 2] == 27


def test_a_parallel_into_the_next_step_is_passed_over_as_well() -> None:
    hidden = np.zeros((4, 3), dtype=bool)
    hidden[3, 1] = True
    scores = scores_for((3, 1, 30, 2.0), (3, 1, 29, 1.0))
    assert draw_cells(scores, CLASSES, hidden)[3, 1] == 29


def test_a_later_voice_makes_room_for_an_earlier_one() -> None:
    hidden = np.zeros((4, 3), dtype=bool)
    hidden[[0, 3], 2] = True
    scores = scores_for((0, 2, 39, 2.0), (0, 2, 41, 1.0), (3, 2, 32, 2.0))
    drawn = draw_cells(scores, CLASSES, hidden)
    assert VOICE_ORDER.index(3) < VOICE_ORDER.index(0)
    assert drawn[[0, 3], 2].tolist() == [41, 32]


def test_octaves_are_banned_and_thirds_are_not() -> None:
    rows = [[40, 42], [37, 39], [REST, REST], [28, -1]]
    assert parallels_at(rows, 3, 1) == {30}
    rows[3] = [30, -1]
    assert parallels_at(rows, 3, 1) == {32}  # a fifth below the alto
    rows[3] = [29, -1]
    assert parallels_at(rows, 3, 1) == set()


def test_voices_that_stay_or_rest_ban_nothing() -> None:
    assert parallels_at([[37, 37], [REST, 39], [37, REST], [30, -1]], 3, 1) == set()


def test_a_beat_that_is_not_filled_yet_is_heard_from_its_ends() -> None:
    rows = [[37, -1, -1, -1, 39], [REST] * 5, [REST] * 5, [30, -1, -1, -1, -1]]
    assert parallels_at(rows, 3, 4) == {32}
    rows[3][2], rows[0][2] = 33, 37  # a third in between: nothing runs in parallel
    assert parallels_at(rows, 3, 4) == set()
    far = [[37, *[-1] * 4, 39], [REST] * 6, [REST] * 6, [30, *[-1] * 5]]
    assert parallels_at(far, 3, 5) == set()


def test_what_lies_out_of_range_is_not_banned() -> None:
    assert parallels_at([[60, 58], [REST] * 2, [REST] * 2, [0, -1]], 3, 1) == set()


def test_the_scores_are_left_as_they_were() -> None:
    before = WISHES.copy()
    draw_cells(WISHES, CLASSES, HIDDEN)
    assert np.array_equal(WISHES, before)

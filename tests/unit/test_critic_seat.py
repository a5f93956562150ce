"""The critic's chair: rounds, guesses, and what they come to."""

import pytest

from deepcomposer_edu.course.critic_seat import ANSWERS, CriticSeat
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score


def note(pitch: int) -> Score:
    return Score.from_notes([(0, pitch, 4)])


def seat(n: int = 3) -> CriticSeat:
    return CriticSeat([60 + i for i in range(n)], [i % 2 == 0 for i in range(n)], note)


def test_a_round_says_what_it_was_and_what_the_truth_got() -> None:
    rounds = seat()
    assert "Bar 1 was written by a person; you gave that 70%" in rounds.say(0.7)
    assert "Bar 2 was made by the network; you gave that 95%" in rounds.say(0.05)
    assert rounds.n_right == 2
    assert not rounds.is_over


def test_after_the_last_round_nothing_more_is_said() -> None:
    rounds = seat(1)
    rounds.say(0.3)
    assert rounds.is_over
    assert rounds.n_right == 0
    with pytest.raises(InputError, match="rounds are over"):
        rounds.say(0.3)


@pytest.mark.parametrize("wrong", [-0.1, 1.5, float("nan")])
def test_a_guess_is_a_probability(wrong: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        seat().say(wrong)


def test_somebody_else_judges_only_what_is_left() -> None:
    rounds = seat()
    rounds.say(0.7)
    rounds.fill(lambda pitch: 0.95 if pitch == 61 else 0.05)
    assert rounds.said == [0.7, 0.95, 0.05]


def test_after_run_all_the_chair_is_still_yours() -> None:
    rounds = seat()
    buttons = rounds.widget().children[2].children
    rounds.fill(lambda _: 0.05)  # the next cell of the lesson
    assert not buttons[0].disabled
    buttons[0].click()
    assert rounds.said == [0.95]
    rounds.fill(lambda _: 0.3)  # that cell once more
    assert rounds.said == [0.95, 0.3, 0.3]


def test_pieces_and_truths_must_be_as_many() -> None:
    with pytest.raises(InputError, match="2 pieces and 1 truths"):
        CriticSeat([60, 62], [True], note)
    with pytest.raises(InputError, match="0 pieces"):
        CriticSeat([], [], note)


def test_the_buttons_say_what_they_stand_for_and_the_next_piece_is_there() -> None:
    rounds = seat(2)
    _, player, row, told = rounds.widget().children
    assert [button.description for button in row.children] == [a for a, _ in ANSWERS]
    assert player.score.notes[0].pitch == 60
    row.children[0].click()
    assert rounds.said == [0.95]
    assert "written by a person" in told.value
    assert player.score.notes[0].pitch == 61
    row.children[3].click()
    assert "2 of 2 right" in told.value
    assert all(button.disabled for button in row.children)


def test_without_widgets_it_says_how_to_go_on() -> None:
    assert "seat.say(0.7)" in repr(seat())

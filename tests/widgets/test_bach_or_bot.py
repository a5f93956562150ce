"""Bach or bot without a browser: clicks, the result, what is refused."""

from __future__ import annotations

import pytest
import traitlets

from deepcomposer_edu.compose.blind import BlindTest, Round, read_result
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import BachOrBot


@pytest.fixture(scope="module", name="test")
def test_fixture():
    score = Score.from_notes([(0, 60, 4)], tempo=240)
    return BlindTest(tuple(Round(i % 2 == 0, score, f"piece {i}") for i in range(4)))


def test_before_any_click_there_is_no_result(test):
    widget = BachOrBot(test)
    assert widget.said == [None] * 4
    assert widget.result.n_judged == 0
    assert str(widget.result) == "No round has been judged yet."


def test_answers_of_python_and_clicks_of_the_browser_are_the_same_thing(test):
    widget = BachOrBot(test)
    widget.answer(0, True)
    widget.clicks = [True, True, None, None]  # as the browser sends them
    assert (widget.result.n_right, widget.result.n_judged) == (1, 2)
    assert widget.said == [True, True, None, None]


def test_clicks_can_be_observed(test):
    widget, seen = BachOrBot(test), []
    widget.observe(lambda change: seen.append(change["new"]), "clicks")
    widget.answer(2, False)
    assert seen == [[None, None, False, None]]


def test_saving_twice_gives_one_result(test, tmp_path):
    widget = BachOrBot(test, player="Ada")
    first = read_result(widget.save(tmp_path / "a.json"))
    widget.answer(1, False)
    second = read_result(widget.save(tmp_path / "b.json"))
    assert first.id == second.id
    assert second.player == "Ada"
    assert second.test == test.digest


def test_the_browser_is_given_sounds_of_one_size_and_no_plain_answer(test):
    state = BachOrBot(test).get_state()
    assert len({len(clip) for clip in state["clips"]}) == 1
    assert "piece" not in state["sealed"]


@pytest.mark.parametrize("number", [-1, 4, True, "first"])
def test_there_is_no_such_round(test, number):
    with pytest.raises(InputError, match="There is no round"):
        BachOrBot(test).answer(number, True)


@pytest.mark.parametrize("clicks", [[True], [1, 0, 1, 0], ["yes"] * 4])
def test_clicks_that_are_none_are_refused(test, clicks):
    widget = BachOrBot(test)
    with pytest.raises((InputError, traitlets.TraitError), match="answers for 4"):
        widget.clicks = clicks
    assert widget.said == [None] * 4


def test_something_else_than_a_test_is_refused():
    with pytest.raises(InputError, match="The test is a str"):
        BachOrBot("bach")


def test_verdicts_are_told_after_each_round_or_at_the_end(test):
    assert BachOrBot(test, verdicts="end").verdicts == "end"
    with pytest.raises(InputError, match="each"):
        BachOrBot(test, verdicts="never")

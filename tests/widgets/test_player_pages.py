"""What the Player's score view gets from Python."""

import json

import pytest

from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets.player_pages import answer_pages, pages_message

SCORE = Score.from_notes([(4 * i, 60 + i, 4) for i in range(8)])


class Stub:
    """A widget that keeps what it sends."""

    def __init__(self, score):
        self.score, self.sent = score, []

    def send(self, content):
        self.sent.append(content)


def test_the_answer_carries_the_number_of_its_question():
    widget = Stub(SCORE)
    answer_pages(widget, {"kind": "pages?", "asked": 7, "width": 700}, [])
    (answer,) = widget.sent
    assert (answer["kind"], answer["asked"], len(answer["notes"])) == ("pages", 7, 8)


def test_other_messages_are_left_alone():
    widget = Stub(SCORE)
    answer_pages(widget, {"kind": "ping"}, [])
    assert widget.sent == []


def test_a_score_without_notes_is_a_sentence():
    assert "no notes" in pages_message(Score(), 700)["problem"]


@pytest.mark.parametrize("width", [None, "wide", True, -5, 0, 1e9])
def test_any_width_gives_pages(width):
    assert json.dumps(pages_message(SCORE, width)).count("<svg")

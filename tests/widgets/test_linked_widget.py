"""The linked view's Python side, without a browser."""

from __future__ import annotations

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid, to_grid
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.music.tokens import TOKENIZERS, Token, make_tokenizer
from deepcomposer_edu.widgets import LinkedView, linked

DRUMS = Track((Note(0, 36, 1),), "Beat", is_drum=True)
TUNE = Track((Note(0, 60, 4), Note(4, 62, 4)), "Tune")
BASS = Track((Note(0, 48, 8),), "Bass")


@pytest.mark.parametrize("name", TOKENIZERS)
def test_the_tokens_are_those_of_the_tokenizer(name):
    view = LinkedView(Score((TUNE, BASS)), tokenizer=name)
    texts = [token["text"] for token in view.tokens]
    grid = to_grid(Score((TUNE, BASS)))
    assert make_tokenizer(name, n_voices=2).decode(texts) == grid
    assert view.n_vocabulary == len(make_tokenizer(name, n_voices=2).vocabulary)


def test_another_tokenizer_writes_other_tokens():
    view = LinkedView(Score((TUNE,)), tokenizer="remi")
    view.chosen = 3
    view.tokenizer = "note"
    assert [token["text"] for token in view.tokens] == ["C4:4", "D4:4"]
    assert view.chosen == -1


def test_a_voice_is_its_track_where_drums_stand_between():
    view = LinkedView(Score((TUNE, DRUMS, BASS)), tokenizer="note")
    voices = {token["text"]: token["voice"] for token in view.tokens}
    assert (voices["C4:4"], voices["C3:8"]) == (0, 2)


def test_a_grid_is_shown_as_its_score():
    grid = Grid([[60, 60, 62, 62]])
    assert LinkedView(grid).score == from_grid(grid, linked.GRID_TEMPO)


def test_given_tokens_are_shown_as_they_are_and_no_tokenizer_is_offered():
    view = LinkedView(Score((TUNE,)), tokens=[Token("mine", 0, 4, 0, 60)])
    assert view.tokens == [{"text": "mine", "start": 0.0, "end": 4.0, "voice": 0}]
    assert view.tokenizers == []


def test_what_is_too_much_is_left_out_and_counted(monkeypatch):
    monkeypatch.setattr(linked, "MOST_TOKENS", 2)
    view = LinkedView(Score((TUNE, BASS)), tokenizer="note")
    assert (len(view.tokens), view.n_left_out) == (2, 3)


def test_pages_of_notation_are_sent_when_asked_for():
    view = LinkedView(Score((TUNE,)))
    sent = []
    view.send = sent.append
    view._handle_custom_msg({"kind": "pages?", "width": 600, "asked": 1}, [])
    assert sent[0]["kind"] == "pages"
    assert len(sent[0]["notes"]) == 2


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: LinkedView(Score((TUNE,)), tokenizer="midi"), "no tokenizer 'midi'"),
        (lambda: LinkedView(Score((DRUMS,))), "at least one note that is no drum"),
        (lambda: LinkedView(Score()), "at least one note that is no drum"),
        (lambda: LinkedView(3), "was given a int"),
        (lambda: LinkedView(Score((TUNE,)), speed=9), "a number from 0.25 to 2"),
        (lambda: LinkedView(Score((TUNE,)), tokens=["C4"]), "Token 0 is 'C4'"),
        (
            lambda: LinkedView(Score((TUNE,)), tokens=[Token("x", 4, 2)]),
            "the end not before the start",
        ),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_a_token_that_is_not_there_cannot_be_chosen():
    view = LinkedView(Score((TUNE,)), tokenizer="note")
    with pytest.raises(InputError, match="There is no token 2"):
        view.chosen = 2

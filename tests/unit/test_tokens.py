"""Tokenizers: four ways to write music down, and none of them loses a note."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needs import require

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune, tune_names
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, to_grid, voice_notes
from deepcomposer_edu.music.tokens import TOKENIZERS, make_tokenizer
from deepcomposer_edu.music.tokens.base import LONGEST
from deepcomposer_edu.music.tokens.event_tokens import add_shifts, note_changes
from deepcomposer_edu.music.tokens.grid_tokens import read_steps, step_texts
from deepcomposer_edu.music.tokens.library import in_our_words, miditok_remi
from deepcomposer_edu.music.tokens.remi_tokens import add_bars

every_tokenizer = pytest.mark.parametrize("name", TOKENIZERS)

HELD = Grid([[60] * 8])
STRUCK = Grid([[60] * 8], [[True, False] * 4])
SMALL = Grid([[60, 60, -1, 64], [48, 48, 48, 48]], [[1, 0, 0, 1], [1, 0, 1, 0]])


@st.composite
def grids(draw):
    """Any grid: rests at both ends, notes longer than one token, voices in unison."""
    n_voices = draw(st.integers(1, 4))
    n_steps = draw(st.integers(0, 12)) + draw(st.sampled_from([0, 0, 2 * LONGEST]))
    voices, onsets = [], []
    for _ in range(n_voices):
        runs = []
        while sum(n for _, n in runs) < n_steps:
            pitch = draw(st.sampled_from([-1, -1, 0, 60, 60, 61, 127]))
            runs.append((pitch, draw(st.sampled_from([1, 1, 2, 5, 2 * LONGEST]))))
        voices.append([p for p, n in runs for _ in range(n)][:n_steps])
        onsets.append([i == 0 for _, n in runs for i in range(n)][:n_steps])
    shape = (n_voices, n_steps)
    return Grid(np.reshape(voices, shape), np.reshape(onsets, shape).astype(bool))


@every_tokenizer
@given(grid=grids(), bars=st.sampled_from([(16, 0), (16, 4), (12, 4), (6, 5), (1, 0)]))
def test_decoding_gives_any_grid_back(name, grid, bars):
    tokenizer = make_tokenizer(name, grid.n_voices, *bars)
    texts = tokenizer.encode(grid)
    assert tokenizer.decode(texts) == grid
    assert tokenizer.texts(tokenizer.numbers(texts)) == texts


@every_tokenizer
@given(data=st.data())
def test_any_tokens_in_any_order_can_be_decoded_and_placed(name, data):
    tokenizer = make_tokenizer(name, n_voices=2, steps_per_bar=4)
    words = st.lists(st.sampled_from(tokenizer.vocabulary), max_size=12)
    texts = data.draw(words)
    tokens = tokenizer.locate(texts)
    grid = tokenizer.decode(texts)
    assert [token.text for token in tokens] == texts
    assert all(0 <= token.start <= token.end for token in tokens)
    assert grid.n_voices == 2
    assert tokenizer.decode(tokenizer.encode(grid)) == grid


@pytest.mark.data
@every_tokenizer
def test_no_note_of_any_chorale_is_lost(name):
    for piece in load_chorales("all") + load_chorales("extra"):
        tokenizer = make_tokenizer(name, 4, piece.steps_per_bar, piece.pickup)
        assert tokenizer.decode(tokenizer.encode(piece.grid)) == piece.grid


@every_tokenizer
@pytest.mark.parametrize("tune", tune_names())
def test_no_note_of_any_shipped_tune_is_lost(name, tune):
    score = load_tune(tune)
    grid = to_grid(score)
    n_steps_per_bar = int(score.metres[0].steps_per_bar)
    tokenizer = make_tokenizer(name, 1, n_steps_per_bar, int(score.pickup))
    assert tokenizer.decode(tokenizer.encode(grid)) == grid


@pytest.mark.data
def test_miditok_writes_the_same_remi_tokens():
    """Also for four voices and bars of 3/4; only the tokens of the end are our own."""
    require(find_spec("miditok"), "miditok is not installed")
    pieces = load_chorales("valid")
    assert {piece.steps_per_bar for piece in pieces} == {12, 16}
    for piece in pieces:
        for grid in (piece.melody, piece.grid):
            tokenizer = make_tokenizer("remi", grid.n_voices, piece.steps_per_bar)
            ours = tokenizer.encode(grid)
            theirs = in_our_words(miditok_remi(grid, piece.steps_per_bar))
            assert ours[: len(theirs)] == theirs
            ends = {text.split()[0] for text in ours[len(theirs) :]}
            assert ends <= {"bar", "position", "end"}


def test_without_miditok_a_sentence_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "miditok", None)
    with pytest.raises(InputError, match="MidiTok is not installed here"):
        miditok_remi(HELD)


@every_tokenizer
def test_a_held_note_is_told_apart_from_a_repeated_one(name):
    tokenizer = make_tokenizer(name)
    assert tokenizer.encode(HELD) != tokenizer.encode(STRUCK)


@every_tokenizer
def test_no_token_stands_in_a_vocabulary_twice(name):
    vocabulary = make_tokenizer(name, n_voices=4).vocabulary
    assert len(set(vocabulary)) == len(vocabulary)


def test_a_small_piece_in_grid_tokens():
    texts = make_tokenizer("grid", 2).encode(SMALL)
    assert texts == ["C4", "C3", "hold", "hold", "rest", "C3", "E4", "hold"]


def test_a_small_piece_in_note_tokens():
    texts = make_tokenizer("note", 2).encode(SMALL)
    assert ",".join(texts) == "voice 0,C4:2,rest:1,E4:1,voice 1,C3:2,C3:2"


def test_a_small_piece_in_event_tokens():
    texts = make_tokenizer("event", 2).encode(SMALL)
    assert ",".join(texts) == (
        "voice 0,on C4,voice 1,on C3,shift 2,voice 0,off C4,voice 1,off C3,voice 1,"
        "on C3,shift 1,voice 0,on E4,shift 1,voice 0,off E4,voice 1,off C3"
    )


def test_a_small_piece_in_remi_tokens():
    texts = make_tokenizer("remi", 2, steps_per_bar=2).encode(SMALL)
    assert ",".join(texts) == (
        "bar,position 0,voice 0,pitch C4,duration 2,voice 1,pitch C3,duration 2,"
        "bar,position 0,voice 1,pitch C3,duration 2,"
        "position 1,voice 0,pitch E4,duration 1,bar,position 0,end"
    )


def test_a_pickup_begins_late_in_the_first_bar_of_remi():
    texts = make_tokenizer("remi", pickup=4).encode(Grid([[60] * 4 + [62] * 4]))
    assert texts[:3] == ["bar", "position 12", "pitch C4"]
    assert texts[4:7] == ["bar", "position 0", "pitch D4"]


def test_every_token_knows_its_place():
    for name in TOKENIZERS:
        tokenizer = make_tokenizer(name, 2, steps_per_bar=2)
        tokens = tokenizer.locate(tokenizer.encode(SMALL))
        begun = [(t.start, t.end, t.voice, t.pitch) for t in tokens if t.pitch]
        notes = [(0, 2, 0, 60), (0, 2, 1, 48), (2, 4, 1, 48), (3, 4, 0, 64)]
        assert sorted(begun) == notes


def test_a_hold_with_nothing_to_hold_is_silence():
    grid = read_steps(["hold", "C4", "hold", "rest", "hold"])
    assert grid == Grid([[-1, 60, 60, -1, -1]])


def test_grid_tokens_are_read_as_they_are_written():
    texts = step_texts(STRUCK, 0)
    assert read_steps(texts) == STRUCK


def test_a_note_ends_before_it_is_struck_again():
    assert note_changes(voice_notes(STRUCK, 0))[:4] == [
        (0, "on C4"),
        (2, "off C4"),
        (2, "on C4"),
        (4, "off C4"),
    ]


def test_long_times_take_several_shifts():
    texts = add_shifts([(0, "on C4"), (40, "off C4")], n_steps=40)
    assert texts == ["on C4", "shift 16", "shift 16", "shift 8", "off C4"]


def test_empty_bars_are_counted():
    assert add_bars([(33, "end")], 16) == ["bar", "bar", "bar", "position 1", "end"]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda: make_tokenizer("midi"), "choose one of grid, note, event, remi"),
        (lambda: make_tokenizer("grid", 0), "there must be 1 to 16"),
        (lambda: make_tokenizer("remi", 1, 16, 16), "a pickup is shorter than a bar"),
        (lambda: make_tokenizer("note", 2).encode(HELD), "n_voices=1"),
        (lambda: make_tokenizer("note").decode(["C4"]), "'C4' is not one of the"),
        (lambda: make_tokenizer("grid").texts([130]), "from 0 to 129"),
        (lambda: miditok_remi(HELD, 6), "a whole number of quarters"),
        (lambda: make_tokenizer("grid").texts([-1]), "from 0 to 129"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(action, words):
    with pytest.raises(InputError) as caught:
        action()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)

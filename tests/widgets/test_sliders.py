"""Sliders over a function: the values reach it, and its music reaches the player."""

from __future__ import annotations

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import Sliders


def tone(pitch: int, length: float) -> Score:
    if pitch == 66:
        raise InputError("There is no F# here.")
    return Score.from_notes([(0, pitch, length)], title=f"pitch {pitch}")


def first_note(sliders: Sliders):
    return sliders.player.score.notes[0]


@pytest.fixture
def sliders():
    return Sliders(tone, pitch=(48, 72, 60), length=(0.5, 4.0, 2.0))


def test_the_first_values_are_heard(sliders):
    assert sliders.values == {"pitch": 60, "length": 2.0}
    assert (first_note(sliders).pitch, first_note(sliders).duration) == (60, 2.0)
    assert sliders.panel.status == "pitch 60"


def test_moving_a_slider_makes_new_music(sliders):
    sliders.set(pitch=64)
    assert first_note(sliders).pitch == 64
    assert not sliders.panel.is_making


def test_what_the_browser_sends_makes_new_music(sliders):
    sliders.panel.set_state({"values": {"pitch": 50, "length": 1}})
    assert (first_note(sliders).pitch, first_note(sliders).duration) == (50, 1)


def test_a_problem_is_told_and_the_music_stays(sliders):
    sliders.set(pitch=66)
    assert sliders.panel.status == "There is no F# here."
    assert first_note(sliders).pitch == 60


def test_whole_numbers_go_by_one_and_others_finer(sliders):
    steps = {row["name"]: row["step"] for row in sliders.panel.sliders}
    assert steps == {"pitch": 1, "length": 0.05}
    own = Sliders(tone, pitch=(48, 72, 60, 12), length=(1, 4, 2))
    assert own.panel.sliders[0]["step"] == 12


def test_a_label_is_the_name_in_words():
    sliders = Sliders(lambda n_steps: tone(60, n_steps), n_steps=(1, 4, 2))
    assert sliders.panel.sliders[0]["label"] == "N steps"


def note(mode: str, bars: str, is_loud: bool) -> Score:
    return Score.from_notes([(0, 60, 4)], title=f"{mode} {bars} {is_loud}")


def test_words_texts_and_flags_have_their_own_controls():
    sliders = Sliders(note, mode=("repair", "vary"), bars="5-8", is_loud=True)
    kinds = [(row["kind"], row["label"]) for row in sliders.panel.sliders]
    assert kinds == [("choice", "Mode"), ("text", "Bars"), ("flag", "Is loud")]
    assert sliders.panel.status == "repair 5-8 True"
    sliders.set(mode="vary", bars="", is_loud=False)
    assert sliders.panel.status == "vary  False"
    assert repr(sliders) == "Sliders(mode='vary', bars='', is_loud=False): vary  False"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"mode": "sing"}, "it is one of repair, vary"),
        ({"mode": ["vary"]}, "it is one of repair, vary"),
        ({"bars": 5}, "a text of at most 200"),
        ({"bars": "5" * 201}, "a text of at most 200"),
        ({"is_loud": 1}, "it is True or False"),
    ],
)
def test_what_a_control_cannot_have_is_refused(values, words):
    sliders = Sliders(note, mode=("repair", "vary"), bars="5-8", is_loud=True)
    with pytest.raises(InputError, match=words):
        sliders.set(**values)
    assert sliders.panel.status == "repair 5-8 True"


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda: Sliders(tone), "1 to 12 ranges"),
        (lambda: Sliders("tone", pitch=(1, 2, 1)), "needs a function"),
        (
            lambda: Sliders(tone, pitch=(72, 48, 60)),
            "least must lie below",
        ),
        (lambda: Sliders(tone, pitch=(48, 72, 90)), "the first between them"),
        (lambda: Sliders(tone, pitch=(48, 72)), "(least, most, first)"),
        (lambda: Sliders(tone, pitch=(48, 72, 60, 0)), "a step must fit in"),
        (
            lambda: Sliders(tone, pitch=(48, float("nan"), 60)),
            "least must lie below",
        ),
        (lambda: Sliders(lambda p: tone(p, 1), p=(1, 9, 2)).set(q=1), "no slider 'q'"),
        (lambda: Sliders(lambda p: tone(p, 1), p=(1, 9, 2)).set(p=10), "from 1 to 9"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(action, words):
    with pytest.raises(InputError) as caught:
        action()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)

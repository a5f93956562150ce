"""Captions: what is heard, in words that are measured."""

import numpy as np
import pytest

from deepcomposer_edu import course
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.course.term_sounds import RATE, SOUNDS, sound_of
from deepcomposer_edu.course.terms import terms
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.music.heard import heard_sound, heard_words
from deepcomposer_edu.music.score import Note, Score, Track

TONE = 0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)


def test_a_few_notes_are_named_one_by_one():
    score = Score.from_notes([(0, 60, 4), (4, 67, 4), (4, 64, 4)])
    assert heard_words(score) == "Acoustic grand piano: C4, then E4 with G4."


def test_of_a_melody_it_says_key_tempo_range_and_how_it_goes():
    words = heard_words(load_tune("ode-to-joy"))
    assert "in G major, at 120 beats a minute, from D4 to D5." in words
    assert "begins on B4, reaches D5 in bar 1, ends on G4" in words


def test_the_widest_leap_is_said():
    steps = [(4 * i, 60 + i, 4) for i in range(8)]
    assert "by a semitone at most" in heard_words(Score.from_notes(steps))
    leap = [*steps, (32, 67 - 12, 4), (36, 40, 4), (40, 70, 4)]
    assert "more than an octave" in heard_words(Score.from_notes(leap))
    assert "stays on C4" in heard_words(
        Score.from_notes([(4 * i, 60, 4) for i in range(8)])
    )


def test_instruments_and_parts_are_said():
    notes = tuple(Note(4 * i, 60 + i, 4) for i in range(8))
    low = tuple(Note(4 * i, 40, 4) for i in range(8))
    tracks = (Track(notes, program=68), Track(low, program=48), Track(low, program=48))
    words = heard_words(Score((*tracks, Track(low, is_drum=True))))
    assert words.startswith("Oboe, string ensemble 1 in 2 parts and drums, ")
    assert "from E2 to G4" in words  # drums have no pitch


def test_drums_alone_and_silence_have_words():
    beats = tuple(Note(4 * i, 36, 1) for i in range(3))
    assert heard_words(Score((Track(beats, is_drum=True),))) == "Drums: 3 beats."
    assert heard_words(Score()) == "Silence."
    assert heard_sound(np.zeros(RATE), RATE) == "1.0 seconds of silence."
    assert heard_sound(np.zeros(0), RATE) == "0.0 seconds of silence."


def test_a_tone_has_its_pitch_and_noise_none():
    assert heard_sound(TONE, RATE) == "1.0 seconds of sound, steady, a pitch near A4."
    assert "without a clear pitch" in heard_sound(SOUNDS["noise"](), RATE)
    assert heard_sound(np.stack([TONE, TONE], axis=1), RATE) == heard_sound(TONE, RATE)


def test_pitches_that_follow_each_other_are_said_in_order():
    words = heard_sound(SOUNDS["frequencies"](), RATE)
    assert "near A3, then A4, then A5" in words


@pytest.mark.parametrize(
    ("gains", "word"), [((0.1, 1), "louder"), ((1, 0.1), "softer"), ((1, 1), "steady")]
)
def test_a_change_of_loudness_is_said(gains, word):
    assert word in heard_sound(TONE * np.linspace(*gains, len(TONE)), RATE)


def test_every_player_of_a_lesson_says_what_is_heard(monkeypatch):
    monkeypatch.setenv("COURSE_QUICK", "1")
    for music in (load_tune("ode-to-joy"), TONE.astype(np.float32)):
        player = course.play(music, "A caption")
        assert player.heard.endswith(".")
        assert player.heard in player._repr_html_()
        assert player.heard in repr(player)


def test_a_caption_tells_of_what_is_played_and_not_of_what_was_cut_off(monkeypatch):
    monkeypatch.setenv("COURSE_QUICK", "1")  # two seconds: four notes
    heard = course.play(load_tune("ode-to-joy")).heard
    assert heard == "Acoustic grand piano: B4, then B4, then C5, then D5."


def test_a_film_says_what_its_sound_is_like(tmp_path):
    sound, silent = write_wav(tmp_path / "a.wav", TONE, RATE), tmp_path / "b.mp4"
    assert "a pitch near A4" in repr(course.film(sound))
    silent.write_bytes(b"no film")
    assert repr(course.film(silent, "A film")) == "Video: A film (b.mp4)"
    told = course.film(silent, heard="A chord.")
    assert "A chord." in told._repr_html_() and "A chord." in repr(told)


def test_every_example_of_the_glossary_has_a_caption_of_its_own():
    said = [heard_words(sound_of(t)) for t in terms().values() if t.voices]
    assert all(words.endswith(".") and len(words) < 300 for words in said)

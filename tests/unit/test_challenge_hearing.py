"""The challenge's points: does the music listen, and is its sound without faults."""

from dataclasses import replace

import numpy as np
import pytest

from deepcomposer_edu.challenge.answers import answer_of, composing_steps
from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.check import check_entry
from deepcomposer_edu.challenge.criteria import judge_criteria
from deepcomposer_edu.challenge.measures import Piece, fits_tune
from deepcomposer_edu.challenge.sound import SoundFacts, sound_facts
from deepcomposer_edu.challenge.sound_faults import (
    click_times,
    hole_times,
    level_faults,
    section_spread,
    where,
)
from deepcomposer_edu.compose import arrange, compose
from deepcomposer_edu.compose.comparing.listens import FLOOR, ListeningScore
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.imitations import imitations
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.sound_measures import clicks
from deepcomposer_edu.music.synth import render

RATE = 16_000


# --- the voices and their melody -------------------------------------------------


@pytest.fixture(scope="module")
def chorales():
    return [c for c in load_chorales("valid") if c.metre == "4/4"][:8]


def part_of(criteria, criterion, name):
    found = next(c for c in criteria if c.name == criterion)
    return next(part for part in found.parts if part.name.startswith(name))


def judged(grid, chorale, **found):
    piece = Piece(grid, pickup=chorale.pickup)
    return judge_criteria(piece, chorale.key, (), 1.0, **found)


def test_voices_fit_the_melody_that_they_were_written_to():
    # C E G, A C E, G B D below C, E, G: each a triad, and so with one other note or two
    c, e, g = [72, 67, 64, 48], [76, 72, 69, 45], [79, 74, 71, 43]
    grid = Grid(np.repeat(np.array([c, e, g, c]).T, 4, axis=1))
    # C below G E C: C, E, G of the key make a triad, of the six others E and G: 1 - 2/6
    # E below C A A: only E (and F: F A C): 1 - 1/6; G below D B G: 1 - 2/6, twice C
    assert fits_tune(grid) == pytest.approx(1 - (2 + 1 + 2 + 2) / 24)


@pytest.mark.parametrize("name", ["mixed voices", "drone"])
def test_deaf_voices_fit_every_melody_alike(chorales, name):
    kind = imitations(name, [c.grid for c in chorales])
    deaf = [fits_tune(g, c.pickup) for g, c in zip(kind, chorales, strict=True)]
    real = [fits_tune(c.grid, c.pickup) for c in chorales]
    assert abs(np.mean(deaf)) < 0.15
    assert min(real) > max(deaf)
    measure = "Triads on the beats"
    points = [
        part_of(judged(g, c), "accompaniment", measure).points
        for g, c in zip(kind, chorales, strict=True)
    ]
    assert max(points) < 1


def test_music_without_beats_of_four_voices_fits_nothing():
    assert fits_tune(Grid([[60, -1, -1, -1], [-1, 60, 60, 60]])) == 0


# --- the steps are asked again ---------------------------------------------------


@pytest.fixture(scope="module")
def chain():
    edits = {"mode": "vary", "iterations": 4, "voices": "alto tenor bass"}
    return compose(compose("old-hundredth"), technique="ar-cnn", **edits)


def test_what_comes_before_the_arrangement_is_asked(chain):
    names = [step["technique"] for step in composing_steps(arrange(chain))]
    assert names == ["wgan", "ar-cnn"]


def test_networks_answer_and_dice_do_not(chain):
    heard = answer_of(arrange(chain), n_notes=2)
    assert heard.n_moved == 2
    assert heard.at_note > heard.elsewhere
    assert answer_of(compose("old-hundredth", "random"), n_notes=2).score < 0.1


def test_an_arrangement_of_bare_notes_was_composed_to_no_melody(chorales):
    made = arrange(from_grid(chorales[0].grid, tempo=100))
    with pytest.raises(InputError, match="No recorded step composed"):
        answer_of(made)
    report = check_entry(made, Card())
    assert "is not known" in " ".join(report.notes)
    assert len(report.criteria) == 4


@pytest.mark.parametrize(
    ("score", "points"), [(0.0, 0.0), (0.14, 0.0), (FLOOR, 10.0), (0.9, 10.0)]
)
def test_who_answers_gets_the_points(chorales, score, points):
    answer = ListeningScore(score, 0.9, 0.9 - score, 3, score >= FLOOR, "So it is.")
    found = judged(chorales[0].grid, chorales[0], answer=answer)
    part = part_of(found, "accompaniment", "It answers")
    assert part.points == pytest.approx(points)
    assert f"90% of the notes with it change, and {0.9 - score:.0%}" in part.sentence
    assert f"{score:.2f}, where {FLOOR:g} is worth all points" in part.sentence


def test_who_plays_on_alone_is_asked_what_changes_at_all(chorales):
    answer = ListeningScore(0.1, None, None, 3, False, "So it is.")
    found = judged(chorales[0].grid, chorales[0], answer=answer)
    part = part_of(found, "accompaniment", "It answers")
    assert part.points == pytest.approx(5)
    assert "10% of what follows the melody change" in part.sentence


def test_the_check_asks_only_where_it_may_compose_again(chain):
    asked = check_entry(chain, Card(), replay=True)
    silent = check_entry(chain, Card(), replay=False)
    assert part_of(asked.criteria, "accompaniment", "It answers").value > 0
    names = [p.name for c in silent.criteria for p in c.parts]
    assert "It answers to its melody" not in names


# --- what is wrong with a sound --------------------------------------------------


@pytest.fixture(scope="module")
def played(chorales):
    """Eight bars of a chorale on an organ, and its sound."""
    score = from_grid(chorales[0].grid.crop(0, 128), tempo=100)
    return score, render(score, RATE)


def away_from_notes(score, n):
    """Return moments in the middle of sixteenths, where no note begins."""
    length = score.seconds_at(1)
    return (np.linspace(8, 110, n).astype(int) + 0.6) * length


def test_the_courses_own_sound_has_no_fault(played):
    score, audio = played
    assert click_times(audio, RATE, score) == []
    assert level_faults(audio, RATE, score) == []
    assert section_spread(audio, RATE, score, [64]) < 3


def test_planted_clicks_are_found_where_they_are(played):
    score, audio = played
    times = away_from_notes(score, 6)
    clicked = audio.copy()
    clicked[(times * RATE).astype(int)] += 0.3
    found = click_times(clicked, RATE, score)
    assert found == pytest.approx(times, abs=0.005)
    assert clicks(clicked[:, 0], RATE) > clicks(audio[:, 0], RATE)
    one_side = audio.copy()
    one_side[int(times[2] * RATE), 1] -= 0.3
    assert click_times(one_side, RATE, score) == pytest.approx(times[2:3], abs=0.005)


def test_what_begins_a_note_is_no_click():
    score = Score.from_notes([(0, 60, 8), (8, 64, 8)], tempo=60)
    audio = np.zeros((5 * RATE, 1))
    audio[2 * RATE + 80] = 0.5  # 5 ms after the second note begins
    assert click_times(audio, RATE, score) == []
    audio[3 * RATE] = 0.5
    assert click_times(audio, RATE, score) == pytest.approx([3.0], abs=0.001)


def test_a_hole_is_found_but_not_a_rest(played):
    score, audio = played
    broken = audio.copy()
    at = away_from_notes(score, 3)[1]
    broken[int(at * RATE) : int((at + 0.1) * RATE)] = 0
    pauses = hole_times(broken, RATE, score)
    assert pauses == pytest.approx([at], abs=0.02)
    assert "breaks off" in level_faults(broken, RATE, score)[0]
    short = Score.from_notes([(0, 60, 4), (8, 60, 4)], tempo=60)
    tone = 0.3 * np.sin(np.arange(4 * RATE))[:, None]
    tone[RATE : 2 * RATE] = 0  # the rest
    assert hole_times(tone, RATE, short) == []


def test_one_channel_and_a_middle_beside_zero_are_told(played):
    score, audio = played
    left = audio * np.array([1, 0.1], np.float32)
    assert "from the left" in level_faults(left, RATE, score)[0]
    assert "3% of full scale" in level_faults(audio + 0.03, RATE, score)[0]
    assert level_faults(np.zeros((RATE, 2)), RATE, score) == []


def test_a_section_ten_decibels_louder_is_measured(played):
    score, audio = played
    louder = audio.copy()
    louder[: int(score.seconds_at(64) * RATE)] *= 10**-0.5
    even = section_spread(audio, RATE, score, [64])
    assert section_spread(louder, RATE, score, [64]) == pytest.approx(10, abs=even + 1)


def test_places_are_bars_and_seconds():
    score = Score.from_notes([(0, 60, 64)], tempo=120)  # a bar lasts two seconds
    assert where([0.5, 4.25], score) == "bar 1 (0.5 s), bar 3 (4.2 s)"
    assert where([0, 1, 2, 3, 4], score).endswith("bar 2 (2.0 s) and 2 more")


@pytest.mark.parametrize(
    ("changes", "name", "points", "words"),
    [
        ({}, "No clicks", 10, "No clicks"),
        ({"n_clicks": 1, "clicks_at": "bar 5 (9.2 s)"}, "No clicks", 7.5, "bar 5"),
        ({"n_clicks": 40, "clicks_at": "bar 1"}, "No clicks", 0, "40 times"),
        ({"spread": 5.0}, "Even level", 10, "5.0 LU"),
        ({"spread": 12.0}, "Even level", 0, "not evened out"),
        ({"level_faults": ("Hole.",)}, "Even level", 0, "Hole."),
    ],
)
def test_faults_of_the_sound_cost_cleanliness(chorales, changes, name, points, words):
    clean = SoundFacts(60.0, -3.0, 0, -18.0, -70.0, 0.9)
    sound = replace(clean, **changes)
    part = part_of(
        judged(chorales[0].grid, chorales[0], sound=sound), "cleanliness", name
    )
    assert part.points == pytest.approx(points)
    assert words in part.sentence


def test_a_wav_of_infinite_numbers_is_measured_all_the_same(played, tmp_path):
    score, audio = played
    write_wav(tmp_path / "a.wav", audio[: 3 * RATE], RATE)
    assert sound_facts(tmp_path / "a.wav", score, [64]).n_clicks == 0
    broken = audio[: 3 * RATE].copy()
    broken[100:200] = np.inf
    broken[300:400] = np.nan
    assert len(click_times(broken, RATE, score)) < 3
    assert isinstance(level_faults(broken, RATE, score), list)

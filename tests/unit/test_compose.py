"""The one interface: every technique keeps the melody and can be repeated."""

import json
from dataclasses import replace

import numpy as np
import pytest
from brief import BRIEF

from deepcomposer_edu.compose import (
    Composition,
    compose,
    replay,
    technique_names,
    technique_parameters,
)
from deepcomposer_edu.compose.genres import STYLES
from deepcomposer_edu.compose.prepare import prepare
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.compose.request import HIGHEST, LOWEST
from deepcomposer_edu.compose.techniques.catalogue import TECHNIQUES
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.baselines import random_in_key
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.instruments import GM_NAMES, find_instrument
from deepcomposer_edu.music.midi import read_midi, write_midi
from deepcomposer_edu.music.pianoroll import fold_pitch
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.music.theory import VOICE_RANGES

pytestmark = pytest.mark.usefixtures("weights")

PITCHES = (72, 74, 76, 77, 79, 77, 74, 72)
TUNE = Score.from_notes([(4 * i, p, 4) for i, p in enumerate(PITCHES)], title="Scale")
THIRD = 4 / 3
HARD = {
    "triplets": Score.from_notes([(THIRD * i, 72 + i, THIRD) for i in range(9)]),
    "very short": Score.from_notes([(0, 72, 1)]),
    "very low": Score.from_notes([(0, 30, 4), (4, 33, 4), (8, 35, 8)]),
    "very high": Score.from_notes([(0, 110, 4), (4, 120, 4), (8, 127, 8)]),
    "late": Score.from_notes([(70.5, 72, 4), (75, 74, 4)]),
    "waltz": Score.from_notes(
        [(4 * i, p, 4) for i, p in enumerate(PITCHES)], metres=(Metre(0, 3, 4),)
    ),
    "upbeat": Score.from_notes(
        [(4 * i, p, 4) for i, p in enumerate(PITCHES)], pickup=4
    ),
    "slowing down": Score.from_notes(
        [(4 * i, p, 4) for i, p in enumerate(PITCHES)],
        tempo_changes=((8.0, 80.0), (16.0, 60.0)),
    ),
}


EXTENDING = ("melody-rnn", "transformer")  # they add to the melody


def brief(melody, technique, **options):
    """Compose with little to add, so that many cases stay quick."""
    return compose(melody, technique, **BRIEF.get(technique, {}), **options)


# --- what holds for every technique ------------------------------------------


@pytest.mark.parametrize("technique", technique_names())
@pytest.mark.parametrize("name", HARD)
def test_the_given_melody_is_the_top_voice_note_for_note(technique, name):
    made, given = brief(HARD[name], technique), HARD[name].tracks[0].notes
    assert made.score.tracks[0].notes[: len(given)] == given
    assert made.given_notes == given
    assert technique in EXTENDING or made.score.tracks[0].notes == given


@pytest.mark.parametrize("technique", technique_names())
@pytest.mark.parametrize("name", HARD)
def test_tempo_metre_and_pickup_stay(technique, name):
    given, made = HARD[name], brief(HARD[name], technique).score
    assert (made.tempo, made.tempo_changes) == (given.tempo, given.tempo_changes)
    assert (made.metres, made.pickup) == (given.metres, given.pickup)


@pytest.mark.parametrize("technique", technique_names())
def test_the_voices_of_the_technique_come_back(technique):
    made = brief(TUNE, technique)
    assert isinstance(made, Composition)
    names = tuple(track.name for track in made.score.tracks)
    assert names == TECHNIQUES[technique].voices
    assert all(track.notes for track in made.score.tracks)


@pytest.mark.parametrize("technique", technique_names())
def test_the_same_seed_makes_the_same_notes(technique):
    first, second = (brief(TUNE, technique, seed=5) for _ in range(2))
    assert first.score == second.score


@pytest.mark.parametrize("technique", technique_names())
def test_another_seed_makes_other_notes(technique):
    first, second = (brief(TUNE, technique, seed=seed).score for seed in (1, 2))
    assert first.tracks != second.tracks


@pytest.mark.parametrize(
    "technique", [name for name in technique_names() if name not in EXTENDING]
)
def test_the_voices_begin_and_end_with_the_melody(technique):
    made = compose(HARD["late"], technique).score
    lower = [note for track in made.tracks[1:] for note in track.notes]
    assert min(note.start for note in lower) >= 64
    assert max(note.end for note in lower) <= 80


@pytest.mark.parametrize("technique", technique_names())
def test_a_melody_an_octave_up_has_its_voices_an_octave_up(technique):
    here = brief(TUNE, technique).score
    there = brief(TUNE.transposed(12), technique).score
    for low, high in zip(here.tracks, there.tracks, strict=True):
        moved = [
            replace(note, pitch=fold_pitch(note.pitch + 12, LOWEST, HIGHEST))
            for note in low.notes
        ]
        assert list(high.notes) == moved


@pytest.mark.parametrize("technique", technique_names())
def test_progress_ends_with_everything_done_and_can_end_the_work(technique):
    told = []
    brief(TUNE, technique, on_progress=lambda *at: told.append(at))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert not told or told[-1][0] == told[-1][1]

    class CancelledError(Exception):
        pass

    def stop(done, total):
        raise CancelledError

    if told:  # random notes are made at once
        with pytest.raises(CancelledError):
            brief(TUNE, technique, on_progress=stop)


@pytest.mark.parametrize("technique", technique_names())
def test_a_genre_that_is_not_known_names_techniques_that_know_it(technique):
    for style in set(STYLES) - set(TECHNIQUES[technique].styles):
        knowing = [t.name for t in TECHNIQUES.values() if style in t.styles]
        with pytest.raises(InputError, match=f"does not know the genre {style}") as e:
            compose(TUNE, technique, genre=style)
        assert all(name in str(e.value).partition(";")[2] for name in knowing)


@pytest.mark.parametrize("technique", technique_names())
def test_a_composition_is_replayed_from_its_json(technique):
    made = brief(TUNE, technique, seed=3)
    again = replay(json.loads(to_json(made.provenance)))
    assert again.score == made.score
    assert again.notes == made.notes


@pytest.mark.parametrize("second", technique_names())
@pytest.mark.parametrize("first", technique_names())
def test_any_two_techniques_can_be_chained_and_replayed(first, second):
    middle = brief(TUNE, first, seed=1)
    made = brief(middle, second, seed=2)
    assert made.given_notes == middle.score.tracks[0].notes
    assert replay(made.provenance).score == made.score


@pytest.mark.parametrize("technique", technique_names())
def test_the_default_of_every_parameter_is_allowed(technique):
    for parameter in technique_parameters(technique):
        assert parameter.checked(parameter.default) == parameter.default
        assert parameter.checked(str(parameter.default)) == parameter.default
        assert parameter.meaning


# --- what is given -----------------------------------------------------------


def test_a_file_is_composed_like_its_score(tmp_path):
    path = tmp_path / "tune.mid"
    write_midi(TUNE, path)
    assert compose(path, "random").score == compose(read_midi(path), "random").score


def test_a_tempo_replaces_the_given_one():
    made = compose(HARD["slowing down"], "random", tempo=90)
    assert (made.score.tempo, made.score.tempo_changes) == (90.0, ())


@pytest.mark.parametrize(
    ("given", "programs"),
    [
        ("violin", [40, 40, 40, 40]),
        ("oboe, strings", [68, 48, 48, 48]),
        (["oboe", 0, "finger bass", "33"], [68, 0, 33, 33]),
        (7, [7, 7, 7, 7]),
        (None, [19, 19, 19, 19]),
    ],
)
def test_instruments_are_given_by_name_or_number(given, programs):
    made = compose(TUNE, "random", instruments=given)
    assert [track.program for track in made.score.tracks] == programs


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("viollin", "violin"),
        ("drums", "marimba"),
        (128, "0 to 127"),
        (["oboe"] * 3, "1 .*, 2 .* or 4"),
        ("", "0 instruments"),
        ([None], "must be a name"),
        (object(), "list of names"),
    ],
)
def test_unknown_instruments_are_refused(given, words):
    with pytest.raises(InputError, match=words):
        compose(TUNE, "random", instruments=given)


def test_every_general_midi_name_finds_its_own_number():
    assert len(set(GM_NAMES)) == 128
    assert [find_instrument(name) for name in GM_NAMES] == list(range(128))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"technique": "gan"}, "wgan"),
        ({"technique": 3}, "techniques are"),
        ({"genre": "polka"}, "genres are: bach"),
        ({"seed": -1}, "0 to 4294967295"),
        ({"seed": 1.5}, "whole number"),
        ({"seed": True}, "whole number"),
        ({"seed": "1"}, "whole number"),
        ({"tempo": 0}, "10 to 400"),
        ({"tempo": float("nan")}, "10 to 400"),
        ({"tempo": "fast"}, "10 to 400"),
        ({"temperatur": 1.0}, "did you mean temperature"),
        ({"temperature": float("nan")}, "0 to 5"),
        ({"temperature": float("inf")}, "0 to 5"),
        ({"temperature": 1e300}, "0 to 5"),
        ({"temperature": 10**400}, "0 to 5"),
        ({"temperature": "hot"}, "a number"),
        ({"temperature": None}, "a number"),
        ({"temperature": [1.0]}, "a number"),
        ({"temperature": True}, "a number"),
        ({"candidates": 0}, "1 to 32"),
        ({"candidates": 2.5}, "whole number"),
        ({"candidates": "many"}, "whole number"),
        ({"avoid_parallels": 1}, "true or false"),
        ({"avoid_parallels": "maybe"}, "true or false"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_is_allowed(options, words):
    with pytest.raises(InputError, match=words) as caught:
        compose(TUNE, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("melody", [None, 3, [(0, 60, 4)]])
def test_a_melody_of_the_wrong_type_is_refused(melody):
    with pytest.raises(InputError, match="a score, a path"):
        compose(melody, "random")


def test_parameters_reach_the_model():
    calm = compose(TUNE, temperature=0.0, candidates=1).score
    wild = compose(TUNE, temperature=5.0, candidates=1).score
    assert calm.tracks[1:] != wild.tracks[1:]


# --- the baseline ------------------------------------------------------------


def test_random_voices_have_only_notes_of_the_key_and_range():
    melody = Grid(np.full((1, 4000), 72))
    grid = random_in_key(melody, to_c=-3, seed=1)
    for voice, (low, high) in enumerate(VOICE_RANGES[1:], start=1):
        pitches = set(grid.pitches[voice].tolist())
        scale = {
            p for p in range(low, high + 1) if (p - 3) % 12 in {0, 2, 4, 5, 7, 9, 11}
        }
        assert pitches == scale


def test_random_voices_change_on_beats_and_rest_with_the_melody():
    melody = Grid(np.array([[72] * 8 + [-1] * 8 + [74] * 8]))
    grid = random_in_key(melody)
    assert not grid.onsets[1:, [1, 2, 3, 5, 6, 7]].any()
    assert grid.onsets[1:, [0, 4, 16, 20]].all()
    assert (grid.pitches[:, 8:16] == -1).all()


# --- chains ------------------------------------------------------------------


def test_a_composition_can_be_composed_again():
    first = compose(TUNE, "random", seed=1)
    second = compose(first, "wgan", seed=2)
    assert second.parents == (first,)
    assert second.score.tracks[0].notes == TUNE.tracks[0].notes
    record = second.provenance["parents"][0]
    assert record["kind"] == "composition"
    assert record["composition"] == first.provenance


def test_the_melody_of_a_saved_composition_is_found_again_in_its_midi(tmp_path):
    low = Score((Track(tuple(Note(4 * i, 40 + i, 4) for i in range(8)), "Cello"),))
    paths = compose(low, "random").save(tmp_path, "mid")
    assert prepare(read_midi(paths["mid"])).given.notes == low.tracks[0].notes

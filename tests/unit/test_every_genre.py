"""The contract that holds for every technique in every style, whatever the melody."""

import json

import pytest
from brief import BRIEF
from hard_melodies import MELODIES

from deepcomposer_edu.compose import (
    compose,
    replay,
    style_parameters,
    technique_names,
    technique_parameters,
    with_instruments,
)
from deepcomposer_edu.compose.genres import BAND_PARAMETERS, STYLES
from deepcomposer_edu.compose.instruments import (
    default_programs,
    instrument_names,
    pitched_tracks,
)
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.compose.techniques.catalogue import TECHNIQUES
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bands import BANDS
from deepcomposer_edu.music.score import Note, Score, Track

pytestmark = pytest.mark.usefixtures("weights")

TUNE = MELODIES["plain"]


# The old pair meets every style with every melody; the others, which take longer, every
# style with one melody, and every melody in one style.
CASES = [
    (technique, style, name)
    for technique in technique_names()
    for style in TECHNIQUES[technique].styles
    for name in MELODIES
    if technique not in BRIEF
    or name == "legato"
    or style == TECHNIQUES[technique].styles[0]
]


@pytest.mark.parametrize(("technique", "style", "name"), CASES)
def test_the_melody_stays_and_everything_can_be_made_again(technique, style, name):
    given = MELODIES[name]
    made = compose(given, technique, style, seed=3, **BRIEF.get(technique, {}))
    score = made.score
    assert made.given_notes == given.tracks[0].notes
    assert (score.tempo, score.tempo_changes) == (given.tempo, given.tempo_changes)
    assert (score.metres, score.pickup) == (given.metres, given.pickup)
    # an untrained network may rest for so short a melody, a band does not
    assert style not in BANDS or all(track.notes for track in score.tracks)
    lower = [note for track in score.tracks[1:] for note in track.notes]
    if technique not in BRIEF:
        first = given.tracks[0].notes[0].start
        assert min(n.start for n in lower) >= first // 16 * 16
        assert max(n.end for n in lower) <= score.tracks[0].end + 1
    again = replay(json.loads(to_json(made.provenance)))
    assert again.score == score
    assert again.notes == made.notes


@pytest.mark.parametrize("style", BANDS)
def test_a_band_says_that_its_style_is_by_rule(style):
    made = compose(TUNE, "random", style)
    assert "by rules written by hand" in made.notes[-1]
    assert f"no network here has learned {style}" in made.notes[-1]


@pytest.mark.parametrize("style", BANDS)
def test_a_style_can_be_chained_to_another(style):
    first = compose(TUNE, "random", style, seed=1)
    second = compose(first, "wgan", "jazz", seed=2)
    third = compose(second, "random", "bach")
    for made in (second, third):
        assert made.score.tracks[0].notes == TUNE.tracks[0].notes
    assert replay(third.provenance).parents[0].parents[0].score == first.score


@pytest.mark.parametrize("style", STYLES)
def test_the_default_of_every_parameter_is_allowed(style):
    for parameter in style_parameters(style):
        assert parameter.checked(str(parameter.default)) == parameter.default
        assert parameter.meaning


def test_every_option_of_a_band_is_a_parameter_with_the_same_default():
    for band in BANDS.values():
        for name, default in band.options.items():
            assert BAND_PARAMETERS[name].default == default


def test_a_bands_parameters_do_not_change_the_harmony():
    even = compose(TUNE, genre="jazz", swing=0.5)
    swung = compose(TUNE, genre="jazz", swing=0.7)
    assert even.score != swung.score
    assert even.provenance["parameters"]["swing"] == 0.5
    assert replay(swung.provenance).score == swung.score


def test_the_techniques_parameters_still_count_under_a_band():
    names = {parameter.name for parameter in technique_parameters("wgan")}
    made = compose(TUNE, genre="pop", temperature=0.0)
    assert names | {"energy"} == set(made.provenance["parameters"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"genre": "jazz", "swing": 0.9}, "0.5 to 0.75"),
        ({"genre": "rock", "swing": 0.6}, "no parameter 'swing'"),
        ({"swing": 0.6}, "no parameter 'swing'"),
        ({"genre": "pop", "energy": "high"}, "a number from 0 to 1"),
    ],
)
def test_a_bands_parameters_are_checked(options, words):
    with pytest.raises(InputError, match=words):
        compose(TUNE, "wgan", **options)


def test_progress_is_told_and_can_stop_the_work():
    told = []
    compose(TUNE, candidates=3, on_progress=lambda *at: told.append(at))
    assert told == [(i, 9) for i in range(1, 10)]

    class CancelledError(Exception):
        pass

    def stop(done, total):
        raise CancelledError

    with pytest.raises(CancelledError):
        compose(TUNE, on_progress=stop)


# --- instruments -------------------------------------------------------------


def test_a_low_melody_keeps_the_band_playing_below_the_ceiling_of_its_range():
    made = compose(MELODIES["very low"], "random", "pop")
    strings = next(track for track in made.score.tracks if track.name == "Strings")
    assert max(note.pitch for note in strings.notes) <= 72


@pytest.mark.parametrize("style", TECHNIQUES["random"].styles)
def test_one_instrument_goes_to_all_tracks_but_the_drums(style):
    made = compose(TUNE, "random", style, instruments="marimba").score
    assert {t.program for t in made.tracks if not t.is_drum} == {12}
    usual = compose(TUNE, "random", style).score
    drums = [t.program for t in usual.tracks if t.is_drum]
    assert [t.program for t in made.tracks if t.is_drum] == drums


@pytest.mark.parametrize("style", TECHNIQUES["random"].styles)
def test_an_instrument_for_each_track_is_taken_in_order(style):
    n_tracks = len(pitched_tracks(style))
    wanted = list(range(40, 40 + n_tracks))
    made = compose(TUNE, "random", style, instruments=wanted)
    assert [t.program for t in made.score.tracks if not t.is_drum] == wanted
    assert made.provenance["instruments"] == wanted
    assert replay(made.provenance).score == made.score


def test_a_wrong_number_of_instruments_names_the_tracks():
    with pytest.raises(InputError, match=r"or 5 \(.*\)|or 4 \(melody, guitar, strings"):
        compose(TUNE, "random", "pop", instruments=["oboe"] * 6)


@pytest.mark.parametrize("style", TECHNIQUES["random"].styles)
def test_instruments_change_without_composing_anew(style):
    made = compose(TUNE, "random", style, seed=4)
    changed = with_instruments(made, "oboe, strings")
    assert changed.score.notes == made.score.notes
    assert (
        changed.score
        == compose(TUNE, "random", style, seed=4, instruments="oboe, strings").score
    )
    assert replay(changed.provenance).score == changed.score
    assert with_instruments(changed, None).score == made.score


@pytest.mark.parametrize("style", STYLES)
def test_the_usual_instruments_are_one_for_each_pitched_track(style):
    assert len(default_programs(style)) == len(pitched_tracks(style))


def test_drums_are_called_drums():
    names = instrument_names(compose(TUNE, "random", "rock"))
    assert names[-1] == "drums"
    assert names[1] == "overdriven guitar"


def test_drums_in_the_given_music_are_not_its_melody():
    drums = Track(tuple(Note(i, 38, 1) for i in range(40)), "Drums", is_drum=True)
    given = Score((drums, *TUNE.tracks))
    made = compose(given, "random", "rock")
    assert made.score.tracks[0].notes == TUNE.tracks[0].notes

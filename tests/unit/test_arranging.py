"""The arranger: a few bars of anything become a minute that can be made again."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deepcomposer_edu.compose import (
    arrange,
    arrangement_of,
    compose,
    orchestrate,
    replay,
    voices_of,
    with_instruments,
)
from deepcomposer_edu.compose.replay import ReplayError
from deepcomposer_edu.compose.versions import composition_from
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.arranging import (
    bars_for,
    join_jump,
    loudness_at,
    ritardando,
    scale_shift,
    section_names,
    sequence,
)
from deepcomposer_edu.music.cadence import close_voices
from deepcomposer_edu.music.faults import find_faults
from deepcomposer_edu.music.grid import Grid, to_grid
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.passages import whole_bars
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.music.theory import VOICE_RANGES, parallels

SCALE = (0, 2, 4, 5, 7, 9, 11, 12)


FOUR = Metre(0, 4, 4)


def tune(n_bars: int, metre: Metre = FOUR, tonic: int = 60, **options) -> Score:
    """Return a melody over a bass, a note on each beat of `n_bars` bars."""
    beat = 16 / metre.denominator
    n = n_bars * metre.numerator
    rise = [Note(i * beat, tonic + SCALE[i % 8], beat) for i in range(n)]
    bass = [Note(i * beat, tonic - 12 - 12 * (i % 2), beat) for i in range(n)]
    tracks = (Track(tuple(rise), "Melody"), Track(tuple(bass), "Bass", 32))
    return Score(tracks, tempo=100, metres=(metre,), **options)


@pytest.fixture(scope="module")
def harmonised():
    return compose("old-hundredth", seed=0)


# --- the pure parts --------------------------------------------------------------


def test_a_minute_at_100_has_25_bars_of_four():
    assert bars_for(60, 100) == 25
    assert bars_for(1, 60) == 1


@pytest.mark.parametrize("degrees", range(-14, 15))
def test_scale_shift_is_undone_by_its_opposite(degrees):
    key = Key(2)
    for pitch in range(40, 80):
        if pitch % 12 in key.scale:
            there = scale_shift(pitch, degrees, key)
            assert there % 12 in key.scale
            assert scale_shift(there, -degrees, key) == pitch


def test_a_sequence_in_minor_moves_along_the_natural_scale():
    grid = Grid([[69, 72, -1]])
    moved = sequence(grid, [1], Key(9, "minor"))
    assert moved.pitches.tolist() == [[69, 72, -1, 71, 74, -1]]
    assert moved.onsets.tolist() == [[True, True, False, True, True, False]]


def test_join_jump_passes_over_rests_and_silent_voices():
    before, after = Grid([[60, -1], [-1, -1]]), Grid([[-1, 65], [40, 40]])
    assert join_jump(before, after) == 5


def test_ritardando_ends_at_the_slowest_and_never_rises():
    shares = ritardando(5, 0.5)
    assert shares[-1] == 0.5
    assert shares == sorted(shares, reverse=True)
    assert shares[0] < 1


def test_loudness_goes_in_straight_lines_and_stays_in_midi():
    assert [loudness_at(s, [(0, 1), (10, 200)]) for s in (-5, 5, 20)] == [1, 100, 127]


@pytest.mark.parametrize("form", ["", "A1", "A" * 17, "A-B"])
def test_a_form_that_is_no_form_is_refused(form):
    with pytest.raises(InputError, match="letters"):
        section_names(form)


@pytest.mark.parametrize("tonic", [0, 1, 6, 11])
@pytest.mark.parametrize("mode", ["major", "minor"])
def test_a_close_has_no_parallels_and_ends_on_the_tonic(tonic, mode):
    start = (67 + tonic % 5, 62, 57, 50)
    chords = close_voices(start, Key(tonic, mode), VOICE_RANGES)
    last = chords[-1]
    assert last[0] % 12 == last[-1] % 12 == tonic
    third = (tonic + (4 if mode == "major" else 3)) % 12
    assert third in {pitch % 12 for pitch in last}
    grid = Grid(np.repeat(np.array([start, *chords]).T, 4, axis=1))
    assert parallels(grid) == []
    assert not [f for f in find_faults(grid) if f.name in ("crossing", "range")]


# --- passages ----------------------------------------------------------------------


def test_whole_bars_of_an_upbeat_end_before_a_bar_line():
    notes = [Note(0, 67, 4), *(Note(4 + 4 * i, 60, 4) for i in range(8))]
    passage, pickup = whole_bars(Score((Track(tuple(notes)),), pickup=4))
    assert (pickup, passage.n_bars, passage.n_steps) == (4, 2, 32)
    assert max(note.end for note in passage.tracks[0].notes) == 32


def test_whole_bars_leave_silent_ones_and_empty_tracks_out():
    score = Score((Track((Note(36, 60, 4),)), Track(())))
    passage, pickup = whole_bars(score)
    assert (pickup, passage.n_bars, len(passage.tracks)) == (0, 1, 1)
    assert passage.tracks[0].notes[0].start == 4


# --- arranging ---------------------------------------------------------------------


@pytest.mark.parametrize("n_bars", [1, 2, 3, 4, 5, 8, 12, 20])
def test_any_number_of_bars_becomes_a_minute(n_bars):
    made = arrange(tune(n_bars))
    assert made.score.seconds == pytest.approx(60, abs=0.01)
    names = [section.name for section in arrangement_of(made).sections]
    assert names == ["A", "A'", "B", "A"]


@pytest.mark.parametrize(
    "metre", [Metre(0, 3, 4), Metre(0, 6, 8), Metre(0, 5, 4), Metre(0, 7, 8)]
)
@pytest.mark.parametrize("pickup", [0, 2])
def test_any_metre_and_upbeat_becomes_a_minute_of_whole_bars(metre, pickup):
    made = arrange(tune(4, metre, pickup=pickup))
    assert made.score.seconds == pytest.approx(60, abs=0.01)
    assert made.score.metres == (metre,)
    n_bars = (made.score.end - made.score.pickup) / metre.steps_per_bar
    assert n_bars == int(n_bars)


@pytest.mark.parametrize("tempo", [60, 72, 100, 132, 200])
def test_a_tempo_that_is_asked_for_is_kept_and_the_length_stays_near(tempo):
    made = arrange(tune(4), tempo=tempo)
    assert made.score.tempo == tempo
    assert 55 <= made.score.seconds <= 65


def test_it_ends_on_the_tonic_and_slows_down(harmonised):
    score = arrange(harmonised).score
    last = to_grid(score).pitches[:, -1]
    assert last[0] % 12 == last[-1] % 12 == 7  # G
    tempos = [tempo for _, tempo in score.tempo_changes]
    assert tempos == sorted(tempos, reverse=True)
    assert tempos[-1] < 0.7 * score.tempo


def test_no_voice_jumps_over_a_fifth_where_sections_join(harmonised):
    made = arrange(harmonised)
    grid = to_grid(voices_of(made))
    for section in arrangement_of(made).sections[1:]:
        step = int(section.start)
        assert join_jump(grid.crop(0, step), grid.crop(step, grid.n_steps)) <= 7


def test_sections_of_one_letter_are_the_same_and_a_prime_is_decorated(harmonised):
    made = arrange(harmonised, form="ABAA")
    grid = to_grid(made.score)
    a, _, again, prime = (
        grid.crop(int(s.start), int(s.start) + 48)
        for s in arrangement_of(made).sections
    )
    assert np.array_equal(a.pitches, again.pitches)
    assert not np.array_equal(a.pitches[0], prime.pitches[0])
    assert (a.pitches[0] == prime.pitches[0]).mean() > 0.6


def test_the_middle_is_louder_than_the_beginning(harmonised):
    made = arrange(harmonised)
    sections = arrangement_of(made).sections
    loudness = [
        np.mean([n.velocity for n in made.score.notes if s.start <= n.start < s.end])
        for s in sections
    ]
    assert loudness[2] > loudness[0] + 10


def test_it_is_made_again_bit_for_bit_after_json(harmonised, tmp_path):
    edited = compose(harmonised, technique="ar-cnn", mode="vary", iterations=4)
    made = arrange(edited, instruments={"A": "harpsichord", "B": ["oboe", "strings"]})
    paths = made.save(tmp_path, parts=["json"])
    again = replay(paths["json"])
    assert again.score == made.score
    assert again.provenance["result"] == made.provenance["result"]
    assert [p.provenance["technique"] for p in (again, *again.parents)] == [
        "arrange",
        "ar-cnn",
    ]
    assert composition_from(json.loads(paths["json"].read_text())).score == made.score


def test_another_seed_makes_another_piece_of_the_same_length():
    one, two = (arrange(tune(4), seed=seed) for seed in (1, 2))
    assert one.score != two.score
    assert one.score.seconds == pytest.approx(two.score.seconds, abs=0.01)
    assert arrange(tune(4), seed=1).score == one.score


def test_a_changed_record_is_found_out():
    record = json.loads(json.dumps(arrange(tune(4)).provenance))
    record["parameters"]["form"] = "A B A"
    with pytest.raises(ReplayError, match="first difference"):
        replay(record)


def test_sections_have_instruments_and_voices_are_one_again():
    plain = arrange(tune(4))
    made = arrange(tune(4), instruments={"A": "harpsichord", "B": ["oboe", "cello"]})
    assert len(made.score.tracks) == 4
    assert {t.program for t in made.score.tracks} == {6, 68, 42}
    merged, before = voices_of(made), voices_of(plain)
    assert [t.notes for t in merged.tracks] == [t.notes for t in before.tracks]


def test_an_edit_of_an_arrangement_can_be_orchestrated(harmonised):
    made = arrange(harmonised, instruments={"B": "church organ"})
    edited = compose(made, technique="ar-cnn", mode="repair", bars="3", iterations=4)
    assert len(edited.score.tracks) == 4
    assert edited.score.tempo_changes == made.score.tempo_changes
    played = orchestrate(edited, {"A": "flute", "B": "church organ"})
    assert {73, 19} <= {track.program for track in played.score.tracks}
    assert voices_of(played).notes == edited.score.notes
    assert replay(played.provenance).score == played.score
    other = with_instruments(played, "oboe")
    assert {track.program for track in other.score.tracks} == {68}


def test_a_team_gives_a_section_each():
    other = tune(4, tonic=62)
    made = arrange(tune(4), materials={"B": other})
    section = arrangement_of(made).sections[2]
    start = int(section.start)
    bars = to_grid(made.score).pitches[:, start : start + 60]
    expected = to_grid(other).pitches[:, :60]
    assert (bars == expected).mean() > 0.9
    assert replay(json.loads(json.dumps(made.provenance))).score == made.score


def test_drums_and_chords_are_arranged_too():
    made = arrange(compose("twinkle-twinkle", "random", genre="pop", seed=3))
    assert any(track.is_drum for track in made.score.tracks)
    assert made.score.seconds == pytest.approx(60, abs=0.01)
    assert replay(made.provenance).score == made.score


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    notes=st.lists(
        st.tuples(
            st.floats(0, 64), st.integers(0, 127), st.floats(0.25, 20), st.booleans()
        ),
        min_size=1,
        max_size=24,
    ),
    metre=st.sampled_from([(4, 4), (3, 4), (6, 8), (2, 2), (1, 4), (7, 16)]),
    form=st.sampled_from(["A", "AB", "AABA", "ABACA"]),
)
def test_whatever_is_given_lasts_a_minute_and_is_made_again(notes, metre, form):
    one = tuple(Note(s, p, d) for s, p, d, low in notes if not low)
    two = tuple(Note(s, p, d) for s, p, d, low in notes if low)
    score = Score((Track(one), Track(two)), metres=(Metre(0, *metre),))
    made = arrange(score, form=form)
    assert 55 <= made.score.seconds <= 65
    assert replay(made.provenance).score == made.score


# --- bad input ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seconds": 5}, "from 10 to 600"),
        ({"seconds": "a minute"}, "from 10 to 600"),
        ({"form": "A1"}, "letters"),
        ({"form": 3}, "letters"),
        ({"tempo": 10}, "do not fit"),
        ({"tempo": "fast"}, "tempo"),
        ({"ending": "bang"}, "cadence, none"),
        ({"seed": -1}, "seed"),
        ({"instruments": {"C": "oboe"}}, "sections are A, A', B"),
        ({"instruments": "kazoo orchestra of doom"}, "instrument"),
        ({"instruments": ["oboe"] * 3}, "it takes 1"),
        ({"instruments": {"A": {"x": 1}}}, "list of names"),
        ({"materials": {"Z": "twinkle-twinkle"}}, "the letters A, B"),
        ({"materials": {"B": "twinkle-twinkle"}}, "1 voices"),
    ],
)
def test_bad_wishes_are_refused_in_a_sentence(options, words):
    with pytest.raises(InputError, match=words):
        arrange(tune(4), **options)


def test_drums_alone_cannot_be_arranged():
    score = Score((Track((Note(0, 36, 4),), is_drum=True),))
    with pytest.raises(InputError, match="nothing to arrange"):
        arrange(score)


def test_a_metre_that_differs_is_refused_as_material():
    waltz = tune(4, Metre(0, 3, 4))
    with pytest.raises(InputError, match="same metre"):
        arrange(tune(4), materials={"B": waltz})


SECTION = {"name": "A", "start": 0.0, "end": 8.0, "n_bars": 1}


def test_what_was_not_arranged_has_no_sections(harmonised):
    with pytest.raises(InputError, match="no sections"):
        arrangement_of(harmonised)


@pytest.mark.parametrize(
    "damage",
    [
        {"arrangement": {"sections": 3, "voices": [0]}},
        {"arrangement": {"sections": [SECTION], "voices": 4}},
        {"arrangement": {"sections": [SECTION], "voices": [1.5] * 4}},
        {"arrangement": {"sections": [SECTION], "voices": [0]}},
        {"arrangement": {"sections": [SECTION | {"n_bars": 10**400}]}},
        {"arrangement": {}, "technique": "mend"},
        {"materials": [1]},
        {"materials": {"B": {"kind": "score"}}},
        {"parameters": {}},
    ],
)
def test_damaged_provenance_is_refused(damage):
    record = json.loads(json.dumps(arrange(tune(4)).provenance)) | damage
    with pytest.raises(InputError):
        arrangement_of(composition_from(record))
        replay(record)

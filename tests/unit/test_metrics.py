"""Metrics are right where the right answer is known: silence, noise, scales, chords."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.metrics import (
    battery,
    battery_crops,
    best_scale_rate,
    dissonant_pair_rate,
    empty_bar_rate,
    evaluate,
    histogram_distance,
    hold_rate,
    in_scale_ratio,
    moving_pair_rate,
    onsets_per_step,
    overlap,
    parallels_per_1000_moving,
    pitch_histogram,
    polyphony_rate,
    triad_rate,
    used_pitch_classes,
    voice_order_rate,
)
from deepcomposer_edu.music.pianoroll import PianoRoll, to_pianoroll
from deepcomposer_edu.music.score import Metre, Note, Score, Track

SILENCE = Grid(np.full((4, 32), -1))
C_MAJOR = Score.from_notes(
    [(2 * i, p, 2) for i, p in enumerate([60, 62, 64, 65, 67, 69, 71, 72])]
)
BLACK_KEYS = Score.from_notes(
    [(2 * i, p, 2) for i, p in enumerate([61, 63, 66, 68, 70])]
)


def noise(n_voices=4, n_steps=4096):
    """Return every pitch from C4 to B4 with the same chance in every cell."""
    random = np.random.default_rng(0)
    return Grid(random.integers(60, 72, (n_voices, n_steps)))


def quarters(*voices):
    """Return a grid in which every given pitch lasts a quarter."""
    return Grid(np.repeat(np.array(voices), 4, axis=1))


@st.composite
def grids(draw):
    """Return four voices that leave room to be moved by an octave."""
    cells = st.lists(
        st.one_of(st.just(-1), st.integers(40, 90)), min_size=16, max_size=16
    )
    return Grid(np.array([draw(cells) for _ in range(4)]))


# Bars and scales


def test_silence_has_only_empty_bars():
    assert empty_bar_rate(SILENCE) == 1


def test_a_voice_that_rests_every_other_bar_is_half_empty():
    score = Score.from_notes([(0, 60, 16), (32, 60, 32)])
    assert empty_bar_rate(score) == 0.25


def test_empty_bars_are_counted_for_each_track():
    tracks = (Track((Note(0, 60, 32),)), Track((Note(0, 48, 16),)))
    assert empty_bar_rate(Score(tracks)) == 0.25


def test_a_note_held_over_the_bar_line_fills_both_bars():
    assert empty_bar_rate(Score.from_notes([(12, 60, 8)])) == 0


def test_bars_have_the_length_that_the_metre_says():
    notes = [(0, 60, 12), (24, 60, 12)]
    assert empty_bar_rate(Score.from_notes(notes)) == 0
    waltz = Score.from_notes(notes, metres=(Metre(0, 3, 4),))
    assert empty_bar_rate(waltz) == pytest.approx(1 / 3)


def test_a_pickup_is_a_bar_of_its_own():
    score = Score.from_notes([(0, 60, 4), (20, 60, 16)], pickup=4)
    assert empty_bar_rate(score) == pytest.approx(1 / 3)


def test_c_major_lies_wholly_in_c_major():
    assert in_scale_ratio(C_MAJOR, "C") == 1
    assert in_scale_ratio(C_MAJOR, "best") == 1


def test_no_black_key_lies_in_c_major():
    assert in_scale_ratio(BLACK_KEYS, "C") == 0


def test_black_keys_lie_wholly_in_their_own_best_scale():
    assert in_scale_ratio(BLACK_KEYS, "best") == 1


def test_noise_lies_in_a_scale_by_seven_in_twelve():
    assert in_scale_ratio(noise(), "C") == pytest.approx(7 / 12, abs=0.02)


@pytest.mark.parametrize("semitones", range(-6, 7))
def test_the_best_scale_moves_with_the_music(semitones):
    assert in_scale_ratio(C_MAJOR.transposed(semitones), "best") == 1


def test_a_major_scale_moved_by_a_fifth_leaves_c_major_by_one_note():
    one_octave = Score.from_notes([(n.start, n.pitch, 2) for n in C_MAJOR.notes[:7]])
    assert in_scale_ratio(one_octave.transposed(7), "C") == pytest.approx(6 / 7)


def test_a_scale_is_weighed_by_duration():
    score = Score.from_notes([(0, 60, 3), (3, 61, 1)])
    assert in_scale_ratio(score, "C") == 0.75


def test_any_key_can_be_asked_for():
    assert in_scale_ratio(C_MAJOR, Key(9, "minor")) == 1


def test_a_roll_that_begins_at_another_pitch_gives_the_same_scale():
    cropped = to_pianoroll(C_MAJOR, low=55, n_pitches=24)
    assert in_scale_ratio(cropped, "C") == 1


@given(grids())
def test_a_histogram_sums_to_one_or_is_silence(grid):
    total = pitch_histogram(grid).sum()
    assert total == pytest.approx(1 if grid.sounding.any() else 0)


def test_a_histogram_is_the_share_of_sounding_time():
    histogram = pitch_histogram(Score.from_notes([(0, 60, 3), (3, 74, 1)]))
    assert histogram[[0, 2]].tolist() == [0.75, 0.25]


def test_the_distance_of_a_piece_to_itself_is_0_and_to_what_shares_nothing_1():
    assert histogram_distance(C_MAJOR, C_MAJOR) == 0
    assert histogram_distance(C_MAJOR, BLACK_KEYS) == pytest.approx(1)


def test_the_distance_is_the_share_that_would_have_to_move():
    one = Score.from_notes([(0, 60, 4)])
    other = Score.from_notes([(0, 60, 3), (3, 62, 1)])
    assert histogram_distance(one, other) == 0.25


@given(grids(), grids(), grids())
def test_the_distance_is_a_distance(a, b, c):
    d = histogram_distance
    if all(grid.sounding.any() for grid in (a, b, c)):
        assert d(a, b) == pytest.approx(d(b, a))
        assert d(a, c) <= d(a, b) + d(b, c) + 1e-9
        assert 0 <= d(a, b) <= 1 + 1e-9


def test_used_pitch_classes_count_octaves_once():
    assert used_pitch_classes(Score.from_notes([(0, 60, 4), (4, 72, 4)])) == 1


def test_used_pitch_classes_are_averaged_over_the_bars_that_sound():
    score = Score.from_notes([(0, 60, 4), (4, 62, 4), (8, 64, 4), (32, 60, 16)])
    assert used_pitch_classes(score) == 2


def test_noise_uses_all_twelve_pitch_classes():
    assert used_pitch_classes(noise(n_voices=1), steps_per_bar=512) == 12


def test_polyphony_counts_sounding_steps_with_two_pitches():
    score = Score.from_notes([(0, 60, 4), (0, 64, 2), (8, 60, 4)])
    assert polyphony_rate(score) == 0.25


def test_a_unison_of_two_tracks_is_one_pitch():
    track = Track((Note(0, 60, 4),))
    assert polyphony_rate(Score((track, track))) == 0


def test_a_piece_overlaps_itself_wholly_and_its_transposition_not_at_all():
    assert overlap(C_MAJOR, C_MAJOR) == 1
    assert overlap(C_MAJOR, C_MAJOR.transposed(1)) == 0


def test_overlap_is_both_over_either():
    one = Score.from_notes([(0, 60, 4)])
    other = Score.from_notes([(2, 60, 6)])
    assert overlap(one, other) == overlap(other, one) == 0.25


def test_overlap_understands_rolls_of_different_ranges():
    assert overlap(to_pianoroll(C_MAJOR, low=48, n_pitches=36), C_MAJOR) == 1


@pytest.mark.parametrize(
    "metric",
    [in_scale_ratio, used_pitch_classes, polyphony_rate],
)
def test_silence_has_no_scale_no_pitch_classes_and_no_polyphony(metric):
    assert np.isnan(metric(SILENCE))


def test_silence_is_at_no_distance_from_anything():
    assert np.isnan(histogram_distance(SILENCE, C_MAJOR))
    assert np.isnan(overlap(SILENCE, SILENCE))


@given(grids(), st.integers(-12, 12))
def test_what_does_not_name_a_key_is_the_same_in_every_key(grid, semitones):
    moved = grid.transposed(semitones)
    for metric in (
        empty_bar_rate,
        used_pitch_classes,
        polyphony_rate,
        in_scale_ratio,
        hold_rate,
        onsets_per_step,
        triad_rate,
        dissonant_pair_rate,
        voice_order_rate,
        moving_pair_rate,
        parallels_per_1000_moving,
        best_scale_rate,
    ):
        assert metric(moved) == pytest.approx(metric(grid), nan_ok=True)


# The battery, by hand

# C, F, a bare seventh on G, C; a quarter each
PHRASE = quarters(
    [72, 72, 71, 72],
    [67, 69, 67, 67],
    [64, 65, 65, 64],
    [48, 53, 55, 48],
)


def test_holds_by_hand():
    # 4 voices x 15 moves; S, A, T and B change 2, 2, 2 and 3 times
    assert hold_rate(PHRASE) == pytest.approx(1 - 9 / 60)


def test_onsets_per_step_by_hand():
    assert onsets_per_step(PHRASE) == pytest.approx(9 / 15)


def test_a_note_struck_again_is_held_in_the_battery():
    grid = Grid(np.full((1, 4), 60), np.ones((1, 4), dtype=bool))
    assert hold_rate(grid) == 1


def test_a_note_after_a_rest_is_an_onset_and_a_rest_is_none():
    assert onsets_per_step(Grid(np.array([[60, -1, -1, 60, 62]]))) == 0.5


def test_triads_by_hand():
    # C and F and C are triads; G B F is not
    assert triad_rate(PHRASE) == 0.75


@pytest.mark.parametrize(
    ("chord", "is_triad"),
    [
        ([72, 67, 64, 60], True),  # C major
        ([72, 67, 63, 60], True),  # C minor
        ([72, 66, 63, 60], True),  # C diminished
        ([67, 64, 60, 52], True),  # first inversion
        ([72, 68, 64, 60], False),  # augmented
        ([70, 67, 64, 60], False),  # seventh
        ([72, 67, 60, 48], False),  # no third
        ([72, 67, 64, -1], True),  # three voices suffice
        ([-1, -1, -1, -1], False),
    ],
)
def test_what_counts_as_a_triad(chord, is_triad):
    assert triad_rate(quarters(*[[p] for p in chord])) == is_triad


@pytest.mark.parametrize("semitones", range(25))
def test_seconds_tritones_and_sevenths_are_dissonant(semitones):
    grid = quarters([60 + semitones], [60])
    assert dissonant_pair_rate(grid) == (semitones % 12 in (1, 2, 6, 10, 11))


def test_dissonances_by_hand():
    # in the third chord B-F is a tritone and G-F (alto-tenor, bass-tenor) are seconds
    assert dissonant_pair_rate(PHRASE) == pytest.approx(3 / 24)


def test_voice_order_counts_full_steps_only():
    grid = Grid(np.array([[72, 60, 60, -1], [67, 67, 60, 67]]))
    assert voice_order_rate(grid) == pytest.approx(2 / 3)


def test_moving_pairs_by_hand():
    # of 6 pairs x 15 moves: into F: A T B = 3 pairs; G: S A B = 3; C: S T B = 3
    assert moving_pair_rate(PHRASE) == pytest.approx(9 / 90)


def test_parallels_by_hand():
    # one of three moving pairs is in fifths, none in octaves
    grid = quarters([67, 69], [60, 62], [48, 47])
    assert parallels_per_1000_moving(grid, 7) == pytest.approx(1000 / 3)
    assert parallels_per_1000_moving(grid, 0) == 0
    assert parallels_per_1000_moving(grid) == pytest.approx(1000 / 3)


def test_the_best_scale_of_each_grid_is_its_own():
    c, e = quarters([60, 64, 67]), quarters([64, 68, 71])
    assert best_scale_rate([c, e]) == 1


def test_noise_fails_where_bach_does_not():
    numbers = battery(noise())
    assert numbers["hold_rate"] == pytest.approx(1 / 12, abs=0.02)
    assert numbers["onsets_per_step"] == pytest.approx(4 * 11 / 12, abs=0.05)
    assert numbers["dissonant_pair_rate"] > 0.35
    assert numbers["triad_rate"] < 0.15
    assert numbers["voice_order_rate"] < 0.1
    assert numbers["best_scale_rate"] < 0.65


def test_noise_has_a_known_share_of_dissonant_pairs():
    # distances of two even draws from one octave: 1, 2, 6, 10, 11 semitones
    share = sum(2 * (12 - d) for d in (1, 2, 6, 10, 11)) / 144
    assert dissonant_pair_rate(noise()) == pytest.approx(share, abs=0.02)


def test_several_grids_are_pooled_step_by_step():
    long, short = quarters([60, 60, 60]), quarters([60, 62])
    assert hold_rate([long, short]) == pytest.approx((11 + 6) / (11 + 7))


def test_the_battery_of_silence_has_no_harmony():
    numbers = battery(SILENCE)
    assert (numbers["hold_rate"], numbers["triad_rate"]) == (1, 0)
    assert numbers["dissonant_pair_rate"] is None
    assert numbers["best_scale_rate"] is None
    assert numbers["parallel_fifths_per_1000"] is None


def test_the_battery_of_nothing_is_none_throughout():
    assert set(battery([]).values()) == {None}
    assert set(battery(Grid(np.zeros((4, 0)))).values()) == {None}


def test_crops_have_one_length_and_leave_out_what_is_shorter():
    crops = battery_crops([noise(4, 200), noise(4, 100), noise(4, 128)])
    assert [crop.n_steps for crop in crops] == [128, 128]


def test_the_same_seed_gives_the_same_crops():
    pieces = [noise(4, 500)]
    assert battery_crops(pieces, seed=1) == battery_crops(pieces, seed=1)
    assert battery_crops(pieces, seed=1) != battery_crops(pieces, seed=2)


# evaluate


def test_evaluate_agrees_with_the_single_metrics():
    values = evaluate(C_MAJOR)
    assert values["in_c_major_ratio"] == values["best_scale_rate"] == 1
    assert values["key"] == "C major"
    assert (values["n_tracks"], values["n_notes"], values["n_bars"]) == (1, 8, 1)
    assert values["seconds"] == 2


def test_evaluate_leaves_out_what_needs_two_voices():
    values = evaluate(C_MAJOR)
    for name in ("dissonant_pair_rate", "voice_order_rate", "moving_pair_rate"):
        assert values[name] is None


def test_evaluate_compares_with_a_reference_when_there_is_one():
    assert "overlap" not in evaluate(C_MAJOR)
    values = evaluate(C_MAJOR, C_MAJOR)
    assert (values["overlap"], values["histogram_distance"]) == (1, 0)


@pytest.mark.parametrize(
    "score",
    [
        Score(),
        Score((Track(),)),
        Score((Track((Note(0, 36, 1),), is_drum=True),)),
    ],
)
def test_evaluate_of_nothing_pitched_has_no_musical_values(score):
    values = evaluate(score)
    counted = ("n_tracks", "n_notes", "n_bars", "seconds", "empty_bar_rate")
    assert {v for name, v in values.items() if name not in counted} == {None}


def test_evaluate_passes_over_drums():
    drums = Track((Note(0, 37, 8), Note(8, 54, 8)), is_drum=True)
    with_drums = evaluate(Score((*C_MAJOR.tracks, drums)))
    without = evaluate(C_MAJOR)
    different = {name for name in without if with_drums[name] != without[name]}
    assert different == {"n_tracks", "n_notes"}


def test_evaluate_holds_nothing_that_json_cannot():
    import json

    json.dumps(evaluate(C_MAJOR, C_MAJOR), allow_nan=False)


def test_a_roll_and_its_score_give_the_same_numbers():
    roll = to_pianoroll(C_MAJOR)
    assert isinstance(roll, PianoRoll)
    assert polyphony_rate(roll) == polyphony_rate(C_MAJOR)
    np.testing.assert_array_equal(pitch_histogram(roll), pitch_histogram(C_MAJOR))

"""The rule grade: Bach above imitations, each cost explained, bad input refused."""

import json
from dataclasses import replace

import numpy as np
import pytest

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.imitations import IMITATIONS, imitations, wrong_notes
from deepcomposer_edu.models.rule_grade import grade, grade_score
from deepcomposer_edu.models.rule_scale import (
    CAP,
    LENGTHS,
    as_json,
    deviations,
    fit_scale,
    load_scales,
    nearest_length,
    yardsticks,
)
from deepcomposer_edu.music.chorale_features import FEATURES, chorale_features
from deepcomposer_edu.music.grid import REST, Grid, from_grid
from deepcomposer_edu.music.midi import write_midi


@pytest.fixture(scope="module")
def bach():
    """Return a dozen chorales that the grade did not learn from."""
    return [chorale.grid for chorale in load_chorales("valid")[:12]]


@pytest.fixture(scope="module")
def grades(bach):
    return [grade(grid) for grid in bach]


@pytest.mark.parametrize("kind", IMITATIONS)
def test_bach_is_graded_above_imitations(kind, bach, grades):
    fakes = [grade(grid).score for grid in imitations(kind, bach)]
    real = [found.score for found in grades]
    above = np.mean(np.array(real)[:, None] > np.array(fakes)[None])
    # chance is 0.5; the target for the hardest kind, wrong notes, is 0.81
    assert above >= 0.81


def test_unseen_bach_is_spread_over_the_percentiles(grades):
    ranks = [found.percentile for found in grades]
    assert 25 < np.mean(ranks) < 75
    assert min(ranks) < 50 < max(ranks)


def test_the_costs_make_up_the_score_and_the_score_the_probability(grades):
    for found in grades:
        bias = load_scales()[found.n_steps].bias
        assert found.score == pytest.approx(bias - sum(found.costs.values()))
        assert found.probability == pytest.approx(1 / (1 + np.exp(-found.score)))
        assert min(found.costs.values()) >= 0


def test_more_wrong_notes_never_raise_the_mean_grade(bach):
    means = [
        np.mean(
            [grade(wrong_notes(grid, i, share)).score for i, grid in enumerate(bach)]
        )
        for share in (0.0, 0.05, 0.2, 0.5)
    ]
    assert means == sorted(means, reverse=True)


def test_the_sentence_names_what_costs_most_with_bachs_range(bach):
    found = grade(imitations("drone", bach)[0])
    dearest = found.worst(1)[0]
    assert found.percentile < 1
    assert FEATURES[dearest] in found.sentence and "where Bach has" in found.sentence
    low, _, high = found.usual[dearest]
    assert not low <= found.features[dearest] <= high


def test_the_key_does_not_matter_but_for_the_ranges(bach):
    here, there = (chorale_features(g) for g in (bach[0], bach[0].transposed(2)))
    assert {k: v for k, v in here.items() if k != "range"} == pytest.approx(
        {k: v for k, v in there.items() if k != "range"}
    )


def test_struck_repetitions_do_not_matter(bach):
    assert chorale_features(Grid(bach[0].pitches)) == chorale_features(bach[0])


def test_features_of_a_case_worked_by_hand():
    # C major for two beats, then F major: soprano C stays, alto and tenor step up,
    # the bass leaps a fourth
    grid = Grid(np.repeat([[72, 72, 72, 72], [67, 67, 69, 69],
                           [64, 64, 65, 65], [48, 48, 53, 53]], 4, axis=1))  # fmt: skip
    found = chorale_features(grid)
    assert found["chords"] == 1 and found["dissonance"] == 0
    assert found["steps"] == 1 and found["bass_steps"] == 0
    assert found["all_together"] == 0  # the soprano stays
    assert found["lockstep"] == 0 and found["contrary"] == 0
    assert found["off_beat"] == 0 and found["wide_leaps"] == 0
    assert found["motion"] == pytest.approx(4 * 3 / (4 * 15))  # three moves, 15 steps
    assert found["stillest_voice"] == 0


def test_deviations_count_from_the_median_and_stop_at_the_cap():
    sides = deviations(
        np.array([3.0, -1.0, 99.0]), np.ones(3), np.full(3, 2.0), np.full(3, 4.0)
    )
    np.testing.assert_allclose(sides, [0.5, 0, CAP, 0, 1, 0])


def test_a_feature_that_never_changes_has_a_yardstick_above_zero():
    _, below, above = yardsticks(np.zeros((30, 2)))
    assert (below > 0).all() and (above > 0).all()


def test_fitting_finds_the_feature_that_tells_and_rewards_nothing():
    random = np.random.default_rng(0)
    n_features = len(FEATURES)
    real = random.normal(size=(60, n_features))
    fake = random.normal(size=(60, n_features))
    fake[:, 3] += 6  # too high
    fake[:, 5] -= 6  # too low
    scale = fit_scale(real, {"moved": fake})
    assert scale.over.argmax() == 3 and scale.under.argmax() == 5
    assert min(scale.over.min(), scale.under.min()) >= 0
    assert scale.score(real).mean() > 0 > scale.score(fake).mean()


def test_a_yardstick_survives_being_written_down():
    scale = load_scales()[LENGTHS[0]]
    assert json.loads(json.dumps(as_json(scale))) == as_json(scale)
    assert np.all(np.diff(scale.reference) >= 0)


def test_the_nearest_length_is_so_by_ratio():
    assert [nearest_length(n) for n in (16, 45, 46, 90, 91, 500)] == [
        32, 32, 64, 64, 128, 256,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("grid", "complaint"),
    [
        (Grid(np.full((3, 32), 60)), "voices is 3"),
        (Grid(np.full((4, 15), 60)), "15 steps"),
        (
            Grid(np.concatenate([np.full((3, 32), 60), np.full((1, 32), REST)])),
            "Voice 4",
        ),
    ],
    ids=["three voices", "too short", "a silent voice"],
)
def test_what_cannot_be_graded_is_refused_in_a_sentence(grid, complaint):
    with pytest.raises(InputError, match=complaint):
        grade(grid)


def test_an_unknown_imitation_and_too_few_voices_to_mix_are_refused(bach):
    with pytest.raises(InputError, match="mixed voices"):
        imitations("parody", bach)
    with pytest.raises(InputError, match="at least four"):
        imitations("mixed voices", bach[:3])


def test_imitations_keep_the_melody_and_the_length(bach):
    for kind in IMITATIONS[1:]:
        made = imitations(kind, bach[:2])
        for grid, fake in zip(bach[:2], made, strict=True):
            np.testing.assert_array_equal(fake.pitches[0], grid.pitches[0])
            assert fake.pitches.shape == grid.pitches.shape


def test_the_command_grades_a_file_and_writes_json(tmp_path, capsys, bach):
    path = tmp_path / "drone.mid"
    write_midi(from_grid(imitations("drone", bach)[0]), path)
    assert main(["grade", str(path)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("drone.mid: More like Bach than 0 of 100")
    assert "stays on" in told  # the fault with its bar and beat
    assert main(["grade", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)[str(path)]
    assert found["percentile"] < 1 and found["faults"][0]["bar"] >= 0


def test_the_command_refuses_a_melody_alone_in_a_sentence(tmp_path, capsys, bach):
    path = tmp_path / "alone.mid"
    score = from_grid(bach[0])
    write_midi(replace(score, tracks=score.tracks[:1]), path)
    assert main(["grade", str(path)]) == 2
    error = capsys.readouterr().err
    assert "voices is 1" in error and error.count("\n") == 1


def test_the_order_of_the_tracks_does_not_matter(bach):
    score = from_grid(bach[0])
    upside_down = replace(score, tracks=score.tracks[::-1])
    assert grade_score(upside_down).score == grade_score(score).score
    assert grade_score(score).features == grade(bach[0]).features

"""ReceptiveField without a browser: lengths, paths, what it refuses."""

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.nn.waves import count_paths, receptive_field
from deepcomposer_edu.widgets import ReceptiveField


@pytest.mark.parametrize(
    ("n_layers", "kernel", "factor", "n_blocks"),
    [(4, 2, 2, 1), (3, 3, 2, 2), (3, 2, 3, 1), (4, 2, 1, 1), (5, 4, 2, 3)],
)
def test_field_and_paths_are_those_of_the_course(n_layers, kernel, factor, n_blocks):
    scope = ReceptiveField(n_layers, kernel, factor, n_blocks)
    assert scope.field == receptive_field(scope.dilations, kernel)
    assert scope.paths == count_paths(scope.dilations, kernel)
    assert sum(scope.paths) == kernel ** (n_layers * n_blocks)


def test_the_seeds_examples_by_hand():
    assert ReceptiveField(n_layers=4, factor=1).field == 5
    assert ReceptiveField(n_layers=4, factor=2).field == 16
    assert ReceptiveField(n_layers=4, factor=2).dilations == [1, 2, 4, 8]


def test_one_path_if_the_kernel_equals_the_factor_else_gaps_or_several():
    for kernel in (2, 3, 4):
        for factor in (2, 3, 4):
            paths = ReceptiveField(3, kernel, factor).paths
            assert (max(paths) > 1) == (kernel > factor)
            assert (min(paths) == 0) == (kernel < factor)


def test_the_field_in_milliseconds_and_in_beats():
    scope = ReceptiveField(n_layers=10, sample_rate=8000, tempo=120)
    assert scope.field == 1024
    assert scope.milliseconds == pytest.approx(128)
    assert scope.beats == pytest.approx(0.256)  # a beat lasts half a second


def test_paths_beyond_what_floats_hold_are_counted_exactly():
    scope = ReceptiveField(n_layers=10, n_blocks=12)
    assert sum(scope.paths) == 2**120


def test_a_very_long_field_is_told_but_not_counted():
    scope = ReceptiveField(n_layers=10, kernel=4, factor=4)
    assert scope.field == 1 + 3 * (4**10 - 1) // 3
    with pytest.raises(InputError, match="up to 100,000 are counted"):
        _ = scope.paths


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"n_layers": 0}, "n_layers is 0, but must be 1 to 10"),
        ({"kernel": 1}, "kernel is 1, but must be 2 to 4"),
        ({"factor": 5}, "factor is 5, but must be 1 to 4"),
        ({"n_blocks": 17}, "n_blocks is 17"),
        ({"n_layers": 2.5}, "2.5, but must be a whole number"),
        ({"kernel": True}, "True, but must be a whole number"),
        ({"tempo": 0}, "tempo is 0, but must be 20 to 300"),
        ({"lag": -1}, "lag is -1"),
        ({"sample_rate": 11025}, "one of 8000, 16000"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(wrong, words):
    with pytest.raises(InputError, match=words):
        ReceptiveField(**wrong)

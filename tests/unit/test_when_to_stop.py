"""When to stop, and where the shipped history lies."""

import pytest

from deepcomposer_edu.training.history import (
    has_converged,
    read_history,
    shipped_run,
)

REFERENCE = {"triad_rate": 0.6, "hold_rate": 0.8}


def rows(*triads):
    return [
        {"step": step, "triad_rate": value, "hold_rate": 0.8}
        for step, value in enumerate(triads)
    ]


def test_near_enough_for_long_enough_has_converged():
    assert has_converged(rows(0.1, 0.55, 0.65, 0.6), REFERENCE, ["triad_rate"])


def test_too_few_measurements_have_not():
    assert not has_converged(rows(0.6, 0.6), REFERENCE, ["triad_rate"])


def test_having_been_good_once_is_not_enough():
    assert not has_converged(rows(0.6, 0.6, 0.6, 0.2), REFERENCE, ["triad_rate"])


def test_values_above_the_datas_are_off_too():
    assert not has_converged(rows(0.9, 0.9, 0.9), REFERENCE, ["triad_rate"])


def test_every_metric_counts():
    history = [{**row, "hold_rate": 0.5} for row in rows(0.6, 0.6, 0.6)]
    names = ["triad_rate", "hold_rate"]
    assert has_converged(history, REFERENCE, names[:1])
    assert not has_converged(history, REFERENCE, names)


def test_rows_that_hold_losses_alone_are_passed_over():
    history = [*rows(0.6, 0.6, 0.6), {"step": 3, "critic_loss": 1.0}]
    assert has_converged(history, REFERENCE, ["triad_rate"])


@pytest.mark.parametrize(("tolerance", "expected"), [(0.3, True), (0.2, False)])
def test_the_tolerance_is_a_share_of_the_datas_value(tolerance, expected):
    history = rows(0.45, 0.45, 0.45)
    assert has_converged(history, REFERENCE, ["triad_rate"], tolerance) is expected


def test_the_shipped_history_begins_before_training():
    history = read_history(shipped_run())
    assert history[0]["step"] == 0
    assert history[-1]["step"] > 0

"""What a hand types into the form of a training is checked before anything begins."""

import pytest

from deepcomposer_edu.compose.own_training.desk import TrainingDesk
from deepcomposer_edu.errors import InputError


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("hours", 3, "counted in 'hours'"),
        ("steps", 1.5, "a whole number"),
        ("steps", "many", "a whole number"),
        ("epochs", float("inf"), "a number"),
        ("epochs", 0, "above 0"),
    ],
)
def test_a_length_that_cannot_be_is_refused(unit, value, words):
    desk = TrainingDesk()
    with pytest.raises(InputError, match=words):
        desk.set_length(unit, value)
    assert desk.length == ("steps", None)


def test_endless_settings_and_seeds_are_refused():
    desk = TrainingDesk()
    with pytest.raises(InputError, match="batch_size is 'inf'"):
        desk.turn("batch_size", "inf")
    with pytest.raises(InputError, match="must be a number"):
        desk.turn("batch_size", float("inf"))
    with pytest.raises(InputError, match="The seed is x"):
        desk.set_seed("x")

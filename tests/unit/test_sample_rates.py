"""Sample rates: whole numbers in a range, whoever asks."""

import math

import numpy as np
import pytest

from deepcomposer_edu.compose.raw_sound.rendering import render_raw
from deepcomposer_edu.corpora.sounds import note_sounds
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.translation import _at_rate
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.music.sample_rates import HIGHEST_RATE, LOWEST_RATE, checked_rate
from deepcomposer_edu.music.score import Score

SOUND = np.zeros((8_000, 2), np.float32)


@pytest.mark.parametrize("rate", [LOWEST_RATE, 8_000.0, np.int64(44_100), HIGHEST_RATE])
def test_whole_numbers_in_the_range_will_do(rate):
    assert checked_rate(rate) == rate
    assert type(checked_rate(rate)) is int


@pytest.mark.parametrize("rate", [None, "8000", math.nan, math.inf, 8000.5, True, 1])
@pytest.mark.parametrize(
    "ask",
    [
        lambda rate, _: checked_rate(rate),
        lambda rate, _: render_raw(Score(()), "", rate=rate),
        lambda rate, _: note_sounds(rate),
        lambda rate, _: _at_rate(SOUND, rate, 8_000),
        lambda rate, folder: write_wav(folder / "a.wav", SOUND, rate),
    ],
)
def test_all_else_is_one_sentence(ask, rate, tmp_path):
    with pytest.raises(InputError, match=r"The sample rate is .* whole number from"):
        ask(rate, tmp_path)

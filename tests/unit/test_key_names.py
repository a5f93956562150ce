"""Names of keys for people who read no notes."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.key_names import (
    COLOURS,
    KEY_NAMES,
    SOLFEGE,
    in_key_names,
    key_name,
)
from deepcomposer_edu.music.score import Metre, Score

SCRIPT = Path(__file__).resolve().parents[2] / "widgets" / "keyboard" / "names.js"


def test_every_key_of_an_octave_has_a_name_of_its_own():
    for names in KEY_NAMES:
        assert len({key_name(60 + i, names) for i in range(12)}) == 12
        assert key_name(60, names) == key_name(72, names)


def test_numbers_stay_with_the_tune_in_every_key():
    tune = load_tune("ode-to-joy")  # in G major
    in_g = in_key_names(tune, "numbers", tonic=7)
    moved = tune.transposed(5)
    assert in_key_names(moved, "numbers", tonic=0) == in_g
    assert in_g.startswith("3 3 4 5 | 5 4 3 2 | 1 1 2 3 |")


def test_a_note_outside_of_the_scale_is_the_one_below_it_and_a_sharp():
    assert [key_name(p, "numbers") for p in (60, 61, 66, 71)] == ["1", "1#", "4#", "7"]
    minor = (0, 2, 3, 5, 7, 8, 10)
    assert key_name(60, "numbers", tonic=9, degrees=minor) == "3"


def test_a_pickup_and_long_notes_stand_where_they_belong():
    score = Score.from_notes(
        [(0, 67, 4), (4, 72, 12), (16, 71, 4)], metres=(Metre(0, 3, 4),), pickup=4
    )
    assert in_key_names(score, "letters") == "G | C - - | B"


def test_of_notes_that_sound_together_the_highest_is_the_melody():
    score = Score.from_notes([(0, 60, 4), (0, 64, 4), (4, 62, 4)])
    assert in_key_names(score, "solfege") == "mi re"


def test_no_names_are_refused_by_what_there_is():
    with pytest.raises(InputError, match="letters, numbers, solfege, colours"):
        key_name(60, "emoji")


def test_no_two_letters_share_a_colour_or_a_shape():
    for column in range(3):
        assert len({row[column] for row in COLOURS.values()}) == len(COLOURS)


def test_neighbouring_letters_differ_in_lightness_for_print_in_grey():
    def lightness(colour):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    grey = {letter: lightness(row[0]) for letter, row in COLOURS.items()}
    alike = [(a, b) for a, b in combinations(COLOURS, 2) if abs(grey[a] - grey[b]) < 12]
    # Colours alone would not do in grey: these pairs are told apart by their shapes.
    assert all(COLOURS[a][2] != COLOURS[b][2] for a, b in alike)
    assert np.ptp(list(grey.values())) > 100


def test_the_script_of_the_keyboard_has_the_same_names():
    text = SCRIPT.read_text("utf-8")
    for letter, row in COLOURS.items():
        values = ", ".join(f'"{value}"' for value in row)
        assert f"{letter}: [{values}]" in text
    assert ", ".join(f'{k}: "{v}"' for k, v in SOLFEGE.items()) in text
    assert tuple(re.findall(r'\["(\w+)", "[^"]+"\]', text)) == KEY_NAMES

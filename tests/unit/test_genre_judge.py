"""The judge of genres: what it counts, by hand, and that it can tell textures apart."""

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.genre_judge import FEATURES, GenreJudge, texture
from deepcomposer_edu.music.grid import REST, Grid


def excerpt(*lower: list[int], onsets: np.ndarray | None = None) -> Grid:
    return Grid(np.array([[72] * len(lower[0]), *lower]), onsets)


def of(grid: Grid) -> dict[str, float]:
    return dict(zip(FEATURES, texture(grid).tolist(), strict=True))


def test_the_counts_are_those_made_by_hand():
    alto = [67] * 4 + [69] * 4 + [60] * 2 + [REST] * 6  # a step up, a leap down
    tenor, bass = [64] * 16, [48] * 8 + [52] * 8
    onsets = np.zeros((4, 16), dtype=bool)
    onsets[2, 6] = True  # the tenor strikes its note again, off the beat
    values = of(excerpt(alto, tenor, bass, onsets=onsets))
    assert values["rests_alto"] == 6 / 16 and values["rests_bass"] == 0
    assert values["onsets_alto"] == 3 / 16 and values["onsets_tenor"] == 2 / 16
    assert values["off_beats_tenor"] == 0.5 and values["off_beats_alto"] == 0
    assert values["repeats_tenor"] == 0.5 and values["repeats_alto"] == 0
    assert values["steps_alto"] == 0.5 and values["leaps_alto"] == 0.5
    assert values["leaps_bass"] == 1.0
    # onsets: alto 0 4 8, tenor 0 6, bass 0 8; two or more begin together at 0 and 8
    assert values["together"] == pytest.approx(2 / 7)
    above = np.array([3] * 4 + [5] * 4 + [-4] * 2)  # alto over tenor where both sound
    below = np.array([16] * 8 + [12] * 8)
    mean = np.concatenate([above, below]).mean() / 12
    assert values["distance"] == pytest.approx(mean)


def test_the_melody_changes_nothing():
    lower = ([67] * 8, [64] * 8, [48] * 8)
    one, other = excerpt(*lower), Grid(np.array([[76, 74] * 4, *lower]))
    assert of(one) == of(other)


def test_another_key_changes_nothing():
    rng = np.random.default_rng(0)
    grid = Grid(np.sort(rng.integers(45, 75, (4, 16)), axis=0)[::-1])
    assert texture(grid) == pytest.approx(texture(grid.transposed(5)))


def test_silence_is_counted_without_an_error():
    assert np.isfinite(texture(Grid(np.full((4, 8), REST)))).all()


def busy(seed: int, length: int) -> Grid:
    """Random white notes that last `length` steps."""
    rng = np.random.default_rng(seed)
    white = np.array([48, 50, 52, 53, 55, 57, 59, 60])
    return Grid(white[rng.integers(0, 8, (4, 32 // length))].repeat(length, axis=1))


def test_long_notes_and_short_ones_are_told_apart():
    learned = {
        "calm": [busy(seed, 8) for seed in range(20)],
        "wild": [busy(seed, 1) for seed in range(20)],
    }
    judge = GenreJudge(learned)
    fresh = [busy(seed, 8) for seed in range(100, 110)]
    assert judge.names(fresh) == ["calm"] * 10
    probabilities = judge.probabilities([busy(7, 1), busy(7, 8)])
    assert probabilities.sum(axis=1) == pytest.approx([1, 1])
    assert probabilities[0, 1] > 0.9 and probabilities[1, 0] > 0.9


def test_nothing_can_be_told_where_nothing_differs():
    same = [busy(seed, 2) for seed in range(20)]
    judge = GenreJudge({"one": same, "two": same})
    assert judge.probabilities(same) == pytest.approx(0.5, abs=1e-3)


def test_what_cannot_be_judged_is_refused():
    with pytest.raises(InputError, match="2 voices and 8 steps"):
        texture(Grid(np.full((2, 8), 60)))
    with pytest.raises(InputError, match="1 genres were given"):
        GenreJudge({"one": [busy(0, 2)] * 3})

"""Novelty: copies are caught in any key, unseen Bach is not, the source is named."""

import json

import numpy as np
import pytest

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.novelty import (
    chord_changes,
    chord_runs,
    novelty,
    training_index,
    unseen_bach,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.baselines import random_in_key
from deepcomposer_edu.music.grid import REST, Grid, from_grid
from deepcomposer_edu.music.midi import read_midi, write_midi


@pytest.fixture(scope="module")
def known():
    return load_chorales("train")[5]


def test_a_training_chorale_is_found_whole_in_another_key(known):
    found = novelty(known.grid.transposed(3))
    assert found.overlap_4 == found.overlap_8 == 1
    assert found.closest.agreement == 1
    assert found.closest.semitones == 3
    np.testing.assert_array_equal(found.closest.grid.pitches, found.closest.own.pitches)
    assert found.percentile == 100
    assert f"BWV {found.closest.bwv}" in found.sentence


def test_the_longest_run_of_a_copy_is_the_whole_piece(known):
    n_chords = chord_changes(known.grid).shape[1]
    assert training_index().longest(known.grid) == n_chords


def test_two_bars_of_bach_in_other_music_are_found_at_their_bar(known):
    noise = random_in_key(known.grid.voices(0), known.key.to_c).crop(0, 64)
    copied = np.concatenate(
        [noise.pitches, known.grid.transposed(-2).pitches[:, 16:48], noise.pitches],
        axis=1,
    )
    found = novelty(Grid(copied)).closest
    assert (found.bwv, found.start) == (known.bwv, 16)
    assert (found.own_bar, found.own_start, found.semitones) == (5, 64, -2)
    assert found.agreement == 1


def test_unseen_bach_repeats_some_formulas_and_no_long_runs():
    unseen = [c.grid for c in load_chorales("test") if c.is_clean][:12]
    index = training_index()
    four = np.mean([index.overlap(grid, 4) for grid in unseen])
    eight = np.mean([index.overlap(grid, 8) for grid in unseen])
    assert 0.02 < four < 0.4  # neither nothing nor a copy
    assert eight < 0.05


def test_random_notes_share_no_run_with_bach(known):
    made = random_in_key(known.grid.voices(0), known.key.to_c)
    found = novelty(made)
    assert (found.overlap_4, found.overlap_8, found.longest) == (0, 0, 0)
    assert found.percentile == 0
    assert found.closest.agreement < 0.8


def test_runs_do_not_depend_on_key_rhythm_or_repetition():
    grid = Grid([[60, 62, 64], [48, 50, 48]])
    slow = Grid(np.repeat(grid.pitches, 3, axis=1), np.ones((2, 9), bool))
    for other in (grid.transposed(5), slow):
        assert chord_runs(other, 2) == chord_runs(grid, 2)
    assert chord_runs(Grid([[60, 62, 64], [48, 50, 49]]), 2) != chord_runs(grid, 2)


def test_a_rest_is_part_of_a_run():
    rest, sung = Grid([[60, 62], [REST, 50]]), Grid([[60, 62], [55, 50]])
    assert chord_runs(rest, 2) != chord_runs(sung, 2)
    assert chord_runs(rest.transposed(2), 2) == chord_runs(rest, 2)


def test_the_reference_grows_from_least_to_most():
    for ranks in unseen_bach().values():
        assert ranks == sorted(ranks) and len(ranks) == 101


@pytest.mark.parametrize(
    ("grid", "complaint"),
    [
        (Grid(np.full((4, 31), 60)), "two bars"),
        (Grid(np.full((2, 64), 60)), "voices is 2"),
    ],
)
def test_too_little_music_is_refused(grid, complaint):
    with pytest.raises(InputError, match=complaint):
        novelty(grid)


def test_the_command_names_the_passage_and_writes_both(tmp_path, capsys, known):
    path = tmp_path / "copy.mid"
    write_midi(from_grid(known.grid.transposed(1)), path)
    beside = tmp_path / "beside"
    assert main(["novelty", str(path), "-o", str(beside)]) == 0
    assert f"BWV {known.bwv}" in capsys.readouterr().out
    yours, bach = (read_midi(beside / f"{name}.mid") for name in ("yours", "bach"))
    assert [t.notes for t in yours.tracks] == [t.notes for t in bach.tracks]
    assert (beside / "bach.wav").stat().st_size > 100_000  # seconds of sound
    assert main(["novelty", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["overlap_8"] == 1


def test_a_piece_of_few_chords_has_no_share_and_still_gives_json(tmp_path, capsys):
    path = tmp_path / "still.mid"
    held = np.repeat([[72], [67], [64], [48]], 32, axis=1)
    write_midi(from_grid(Grid(held)), path)
    assert main(["novelty", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["overlap_4"] is None and "none of its runs" in found["sentence"]

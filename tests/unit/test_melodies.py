"""From ABC text to melodies on the grid, by hand, and the books as a whole."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from deepcomposer_edu.corpora import melodies as module
from deepcomposer_edu.corpora.abc_melody import read_melody
from deepcomposer_edu.corpora.cache import content_digest
from deepcomposer_edu.corpora.melodies import (
    build_melodies,
    key_of,
    load_melodies,
    melody_arrays,
    to_arrays,
)
from deepcomposer_edu.corpora.tune_cleaning import BookTune
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, to_grid
from deepcomposer_edu.paths import data_dir

HEAD = "T:A tune\nM:{metre}\nL:1/8\nK:{key}\n"


def read(body, metre="4/4", key="C"):
    return read_melody(HEAD.format(metre=metre, key=key) + body + "\n")


def cells(melody):
    """Return the grid's row: a pitch where a note begins, "-" held, "." rest."""
    row, begins = melody.grid.pitches[0], melody.grid.onsets[0]
    return [
        int(pitch) if begin else "-" if pitch != REST else "."
        for pitch, begin in zip(row, begins, strict=True)
    ]


def test_an_eighth_is_two_steps_and_a_repeated_note_begins_twice():
    assert cells(read("CCD2 E4|G8|"))[:8] == [60, "-", 60, "-", 62, "-", "-", "-"]


def test_the_key_signature_and_accidentals_to_the_bar_line_count():
    melody = read("F2^F2=F2F2|F8|", key="D")
    assert [cell for cell in cells(melody) if cell != "-"] == [66, 66, 65, 65, 66]


def test_broken_rhythm_and_rests():
    melody = read("C>D z2 E4|C8|")
    assert cells(melody)[:8] == [60, "-", "-", 62, ".", ".", ".", "."]


def test_a_triplet_goes_to_the_nearest_steps():
    # thirds of a quarter begin at 0, 1.33 and 2.67 steps
    melody = read("(3CDE F2 G4|C2C2C2C2|C2C2C2C2|")
    assert cells(melody)[:5] == [60, 62, "-", 64, 65]


def test_a_tie_over_the_bar_line_holds_the_note():
    assert cells(read("C4 D4-|D4 E4|"))[8:24] == [62, *"-" * 15][:8] + ["-"] * 8


def test_the_highest_note_of_a_chord_is_taken_and_grace_notes_are_not():
    assert [c for c in cells(read("[CEG]4 {d}E4|C8|")) if c != "-"] == [67, 64, 60]


def test_a_pickup_stands_before_the_first_whole_bar():
    melody = read("GA|B2 c2 d2|g6|", metre="3/4", key="G")
    assert (melody.pickup, melody.steps_per_bar) == (4, 12)
    assert melody.grid.n_steps == 4 + 24


def test_a_pickup_of_the_second_part_takes_the_end_of_the_last_bar():
    whole = read("C8|D8:|:GA|B8|")  # nothing was left out for "GA"
    short = read("C8|D6:|:GA|B8|")  # a quarter was left out for it
    assert whole.grid == short.grid
    assert cells(whole)[16:32] == [62, *"-" * 11, 67, "-", 69, "-"]


def test_of_two_endings_the_second_is_taken():
    melody = read("C8|1 D8:|2 E8|]")
    assert [cell for cell in cells(melody) if cell != "-"] == [60, 64]


def test_a_short_last_bar_is_no_mistake():
    assert read("E2|C8|D8|G6|]").grid.n_steps == 4 + 32 + 12


@pytest.mark.parametrize(
    ("body", "metre", "reason"),
    [
        ("C8|C4|D2|E8|F8|", "4/4", "its bars do not add up"),
        ("C8|C9|D8|E8|F8|", "4/4", "its bars do not add up"),
        ("z8|z8|", "4/4", "it holds no notes"),
        ("(3CDE(3FGA(3CDE(3FGA|", "4/4", "too many notes lie between the sixteenths"),
        ("C8|M:3/4\nC6|", "4/4", "it has no metre or several"),
        ("C8|", "7/16", "its metre is unusual"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(body, metre, reason):
    with pytest.raises(InputError, match=reason):
        read(body, metre)


@pytest.mark.parametrize(
    ("text", "name"),
    [("G", "G major"), ("Em", "E minor"), ("Bb", "A# major"), ("Ador", "A minor")],
)
def test_keys_of_abc(text, name):
    assert key_of(text).name == name


def test_a_key_that_is_none_is_refused():
    with pytest.raises(InputError, match='"HP" names no key'):
        key_of("HP")


def tune(title, body):
    return BookTune(title, "airdsAirs", f"{title} 1", "4/4", "1/8", "G", body, "valid")


def test_what_was_left_out_is_counted():
    found, left_out = build_melodies([tune("Good", "G8|A8|"), tune("Bad", "z8|")])
    assert [melody.title for melody in found] == ["Good"]
    assert left_out == Counter({"it holds no notes": 1})
    assert found[0].split == "valid"


def test_melodies_come_back_from_their_arrays():
    found, _ = build_melodies([tune("One", "GA|G8|A8|"), tune("Two", "d8|z4 d4|")])
    arrays = to_arrays(found)
    for i, melody in enumerate(found):
        again = module._melody(arrays, i)
        assert again.grid == melody.grid
        assert (again.title, again.key, again.pickup) == (
            melody.title,
            melody.key,
            melody.pickup,
        )


def test_the_books_are_those_on_record():
    arrays = melody_arrays()
    path = data_dir() / "corpora" / "melodies.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    assert content_digest(arrays) == record["sha256"]
    assert Counter(arrays["split"].tolist()) == record["melodies"]


def test_every_melody_of_the_test_split_is_whole_and_survives_as_a_score():
    found = load_melodies("test")
    assert found
    for melody in found:
        assert melody.grid.n_voices == 1
        assert melody.grid.n_steps % melody.steps_per_bar >= 0
        assert to_grid(melody.to_score(), melody.grid.n_steps) == melody.grid
        assert np.all(np.diff(melody.bar_starts) == melody.steps_per_bar)
        assert 0 <= melody.pickup < melody.steps_per_bar


def test_no_title_stands_in_two_splits():
    splits = {}
    for melody in load_melodies("all"):
        splits.setdefault(melody.title, set()).add(melody.split)
    assert [title for title, found in splits.items() if len(found) > 1] == []


def test_another_split_is_refused():
    with pytest.raises(InputError, match='no split "extra" of the melodies'):
        load_melodies("extra")


def test_a_damaged_cache_is_built_again(tmp_path, monkeypatch):
    found, _ = build_melodies([tune("One", "G8|A8|")])
    arrays = to_arrays(found)
    digest = content_digest(arrays)
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    monkeypatch.setattr(module, "expected_digest", lambda: digest)
    monkeypatch.setattr(module, "load_tune_books", lambda _split: [])
    monkeypatch.setattr(module, "build_melodies", lambda _tunes: (found, Counter()))
    file = tmp_path / f"melodies-{digest[:12]}.npz"
    file.write_bytes(b"no such thing")
    assert content_digest(melody_arrays()) == digest
    with np.load(file) as stored:
        assert stored["title"].tolist() == ["One"]


def test_another_release_of_music21_is_told(tmp_path, monkeypatch):
    found, _ = build_melodies([tune("One", "G8|A8|")])
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    monkeypatch.setattr(module, "expected_digest", lambda: "0" * 64)
    monkeypatch.setattr(module, "load_tune_books", lambda _split: [])
    monkeypatch.setattr(module, "build_melodies", lambda _tunes: (found, Counter()))
    with pytest.warns(UserWarning, match="not note for note"):
        melody_arrays()

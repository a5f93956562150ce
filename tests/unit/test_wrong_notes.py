"""Planted faults are found where they stand, and a fix removes one and brings none."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepcomposer_edu import course
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models import habits as habits_module
from deepcomposer_edu.models.fixes import find_fix, mend_all
from deepcomposer_edu.models.habits import count, habits_of, local_scales, read_habits
from deepcomposer_edu.models.wrong_notes import doubts, teacher_marks, wrong_notes
from deepcomposer_edu.music.faults import BEAT, Run, find_faults
from deepcomposer_edu.music.files import read_score
from deepcomposer_edu.music.grid import REST, Grid, from_grid
from deepcomposer_edu.music.midi_write import write_midi
from deepcomposer_edu.music.planted_faults import PLANTED, plant
from deepcomposer_edu.music.score import Metre
from deepcomposer_edu.viz.faults import plot_faults


def quarters(*voices):
    return Grid(np.repeat(np.array(voices), 4, axis=1))


# I - IV - V - I in C major, twice, written as a textbook would
GOOD = quarters(
    [72, 72, 71, 72] * 2,
    [67, 69, 67, 67] * 2,
    [64, 65, 62, 64] * 2,
    [48, 53, 55, 48] * 2,
)
OCTAVES = quarters([72, 74], [67, 67], [64, 65], [48, 50])


def keys(faults):
    return {(fault.step, fault.voices, fault.name) for fault in faults}


@pytest.fixture(scope="module", name="chorales")
def chorales_fixture():
    """Twelve chorales that nothing was learned from."""
    return [chorale.grid for chorale in load_chorales("test")[:12]]


# Wrong notes


def test_a_textbook_phrase_holds_no_wrong_note():
    assert wrong_notes(GOOD) == []


def test_a_slip_is_named_with_bar_beat_voice_and_what_is_usual():
    pitches = GOOD.pitches.copy()
    pitches[1, 20:24] = 68  # G sharp in F major's chord of the second bar
    (fault,) = wrong_notes(Grid(pitches))
    assert (
        fault.sentence == "bar 2, beat 2: alto sings G#4, where A4 would be more usual"
    )
    assert (fault.step, fault.bar, fault.beat, fault.voices) == (20, 2, 2.0, (1,))
    (fault,) = wrong_notes(Grid(pitches), Metre(0, 3, 4), pickup=4)
    assert fault.sentence.startswith("bar 2, beat 2:")


@given(st.integers(-5, 5))
@settings(max_examples=6)
def test_wrong_notes_move_with_the_music(semitones):
    pitches = GOOD.pitches.copy()
    pitches[1, 20:24] = 68
    moved = wrong_notes(Grid(pitches).transposed(semitones))
    assert keys(moved) == keys(wrong_notes(Grid(pitches)))


def test_of_other_than_four_voices_and_of_silence_nothing_is_said():
    assert wrong_notes(GOOD.voices(0, 1)) == []
    assert wrong_notes(Grid(np.zeros((4, 0)))) == []
    assert wrong_notes(Grid(np.full((4, 32), REST))) == []


def test_the_scale_around_a_step_is_that_of_the_music_there():
    c_major = [60, 62, 64, 65, 67, 69, 71, 72]
    g_flat = [pitch + 6 for pitch in c_major]
    scales = local_scales(quarters(c_major * 2 + g_flat * 2))
    assert (scales[8], scales[-8]) == (0, 6)


def test_counting_a_chord_makes_it_more_plausible_than_one_that_never_came():
    habits = habits_of(count([GOOD]))
    view = habits_module.View(GOOD, habits)
    third, foreign = view.evidence(2, Run(0, 4, 64, REST, 65), np.array([64, 61]))
    assert (third[:4] > foreign[:4]).all()


def test_each_note_is_doubted_once():
    found = list(doubts(GOOD, read_habits()["habits"]))
    assert len({(doubt.voice, doubt.run.start) for doubt in found}) == len(found)
    assert {abs(doubt.meant - doubt.run.pitch) for doubt in found} <= {1, 2}


def test_a_damaged_file_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "habits.json").write_text('{"counts": {}}')
    monkeypatch.setattr(habits_module, "data_dir", lambda: tmp_path)
    with pytest.raises(InputError, match=r"data/make/habits\.py"):
        habits_module.read_habits.__wrapped__()


# Planted faults


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_there_and_the_rest_is_untouched(chorales, name):
    planted = plant(chorales[0], name, seed=1)
    changed = (planted.grid.pitches != chorales[0].pitches).any(axis=1)
    assert set(np.flatnonzero(changed)) <= set(planted.voices)
    assert changed.any()
    assert planted.grid == plant(chorales[0], name, seed=1).grid


def is_found(planted, marks):
    """Say whether one of the marks stands in a beat of what was planted."""
    first, last = (step // BEAT for step in (planted.steps[0], planted.steps[1] - 1))
    return any(
        first <= mark.step // BEAT <= last and set(mark.voices) & set(planted.voices)
        for mark in marks
    )


def test_planted_faults_are_found_at_their_beat(chorales):
    found = {name: [] for name in PLANTED}
    for grid in (chorale.crop(0, 112) for chorale in chorales[:6]):
        old = keys(teacher_marks(grid))
        for name, hits in found.items():
            planted = plant(grid, name, seed=2)
            marks = teacher_marks(planted.grid)
            new = [mark for mark in marks if not keys([mark]) <= old]
            hits.append(is_found(planted, new))
    assert np.mean(list(found.values())) >= 0.95
    # six of each: a finder of nine in ten may well miss one of them
    assert min(np.mean(hits) for hits in found.values()) >= 4 / 6


@pytest.mark.parametrize(
    ("grid", "name", "words"),
    [(GOOD, "boredom", "choose from"), (GOOD.voices(0), "range", "into four")],
)
def test_what_cannot_be_planted_is_refused(grid, name, words):
    with pytest.raises(InputError, match=words):
        plant(grid, name)


def test_a_piece_without_a_place_for_a_fault_says_none():
    assert plant(Grid(np.full((4, 32), REST)), "leap") is None
    assert plant(GOOD, "stuck") is None


# Fixes


@pytest.mark.parametrize("name", PLANTED)
def test_a_fix_removes_the_fault_and_brings_none(chorales, name):
    planted = plant(chorales[1].crop(0, 128), name, seed=3)
    before = teacher_marks(planted.grid)
    here = [fault for fault in before if set(fault.voices) & set(planted.voices)]
    fixes = [find_fix(planted.grid, fault) for fault in here[:2]]
    for fault, fix in zip(here, fixes, strict=False):
        if fix is None:
            continue
        after = keys(teacher_marks(fix.grid))
        assert keys([fault]) & after == set()
        assert after <= keys(before)
        assert 1 <= len(fix.changes) <= 2


def test_a_fix_of_octaves_keeps_the_melody_and_says_what_changes():
    (fault,) = find_faults(OCTAVES)
    fix = find_fix(OCTAVES, fault)
    assert np.array_equal(fix.grid.pitches[0], OCTAVES.pitches[0])
    assert fix.sentence.startswith("let the bass ") and "in place of" in fix.sentence
    assert teacher_marks(fix.grid) == []
    heard = fix.excerpts(OCTAVES)
    assert heard[0].n_steps == heard[1].n_steps and heard[0] != heard[1]


def test_the_melody_changes_only_where_the_fault_is_its_own():
    pitches = GOOD.pitches.copy()
    pitches[0, 12:16] = 84
    faults = [f for f in teacher_marks(Grid(pitches)) if f.name == "range"]
    fix = find_fix(Grid(pitches), faults[0])
    assert {change.voice for change in fix.changes} == {0}


def test_a_fault_of_other_music_is_refused():
    (fault,) = find_faults(OCTAVES)
    with pytest.raises(InputError, match="not in this music"):
        find_fix(GOOD, fault)
    with pytest.raises(InputError, match="has 4 steps"):
        find_fix(OCTAVES.crop(0, 4), fault)
    with pytest.raises(InputError, match="3 voices"):
        find_fix(OCTAVES.voices(0, 1, 2), fault)


def test_mending_all_leaves_no_more_than_it_says(chorales):
    music, fixes, left = mend_all(plant(chorales[2].crop(0, 96), "range", 4).grid)
    assert fixes and keys(teacher_marks(music)) == keys(left)


# Doors


def test_a_notebook_hears_the_fault_and_the_fix():
    music = Grid(np.tile(OCTAVES.pitches, 2))
    shown = course.feedback(music, n_heard=2, caption="Octaves")
    assert shown.n_faults == len(teacher_marks(music)) >= 2
    html = shown._repr_html_()
    assert html.count("<audio") == 4 and "parallel octaves" in html
    assert "A fix: let the bass" in html and "a fix: let the bass" in repr(shown)


def test_a_wrong_note_has_a_sign_of_its_own():
    pitches = GOOD.pitches.copy()
    pitches[1, 20:24] = 68
    ax = plot_faults(Grid(pitches), teacher_marks(Grid(pitches)))
    assert "wrong note" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_command_tells_hears_and_mends(tmp_path, capsys):
    tune = tmp_path / "tune.mid"
    write_midi(from_grid(Grid(np.tile(OCTAVES.pitches, 2))), tune)
    better, sounds = tmp_path / "better.mid", tmp_path / "sounds"
    options = ["--mended", str(better), "--hear", str(sounds)]
    assert main(["faults", str(tune), *options]) == 0
    said = capsys.readouterr().out
    assert (
        "bar 1, beat 2: soprano and bass move in parallel octaves; let the bass" in said
    )
    assert {path.name for path in sounds.iterdir()} >= {"01-fault.wav", "01-fix.wav"}
    assert read_score(better).tracks[0].notes
    assert main(["faults", str(tune), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    row = next(row for row in rows if row["name"] == "parallel octaves")
    assert row["fix"].startswith("let the bass")


def test_the_command_wants_four_voices(tmp_path, capsys):
    tune = tmp_path / "tune.mid"
    write_midi(from_grid(GOOD.voices(0, 1)), tune)
    assert main(["faults", str(tune)]) == 2
    assert "four" in capsys.readouterr().err

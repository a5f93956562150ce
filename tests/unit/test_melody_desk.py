"""The desk a melody lies on: what is taken, turned, taken back."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepcomposer_edu.compose.session.melody_desk import MelodyDesk
from deepcomposer_edu.compose.session.melody_state import GRIDS, first_bars, on_grid
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track

TWO_VOICES = Score(
    (
        Track((Note(0, 48, 16),), "Left hand"),
        Track((Note(0, 72, 4), Note(4, 74, 12)), "Right hand"),
    ),
    title="Small piece",
)


@pytest.fixture
def desk():
    return MelodyDesk()


def test_a_new_desk_holds_a_tune_so_that_nothing_must_be_chosen(desk):
    assert desk.score.tracks[0].notes == load_tune("ode-to-joy").tracks[0].notes
    assert desk.state.is_a_tune_as_it_ships


def test_the_summary_says_title_bars_key_notes_and_tempo(desk):
    assert desk.summary == (
        "Ode to Joy: 16 bars of 4/4 in G major, 62 notes, 120 beats a minute."
    )


def test_moving_counts_from_the_melody_as_it_came_in(desk):
    desk.move(5)
    desk.move(2)
    assert desk.score.notes[0].pitch == desk.state.base.notes[0].pitch + 2


@pytest.mark.parametrize("semitones", [25, -25, 1.5, True, "up"])
def test_a_move_too_far_or_not_whole_is_refused(desk, semitones):
    with pytest.raises(InputError, match="cannot be moved by"):
        desk.move(semitones)


def test_a_move_out_of_the_midi_range_says_where_it_would_lead(desk):
    desk.take_score(Score.from_notes([(0, 120, 4)]))
    with pytest.raises(InputError, match="from pitch 132 to 132"):
        desk.move(12)
    assert desk.state.shift == 0


def test_the_tempo_is_set_and_given_back(desk):
    desk.set_tempo(80)
    assert desk.score.tempo == 80
    desk.set_tempo(None)
    assert desk.score.tempo == 120


def test_a_file_of_several_tracks_gives_its_melody_and_says_why(desk, tmp_path):
    write_midi(TWO_VOICES, tmp_path / "piece.mid")
    desk.take_file(tmp_path / "piece.mid")
    assert [note.pitch for note in desk.score.notes] == [72, 74]
    assert "sounds highest" in desk.state.said[0]


def test_a_file_from_the_browser_is_taken_by_its_content(desk, tmp_path):
    write_midi(replace(TWO_VOICES, title=""), tmp_path / "piece.mid")
    desk.take_bytes("C:\\music\\my song.mid", (tmp_path / "piece.mid").read_bytes())
    assert desk.score.title == "my song"


def test_a_file_that_is_no_music_is_named_as_the_browser_named_it(desk):
    with pytest.raises(InputError, match=r"^cat\.mid is neither a MIDI nor"):
        desk.take_bytes("cat.mid", b"not music at all")
    assert desk.state.source == "tune"


def test_a_file_that_is_too_large_is_refused_before_it_is_written(desk):
    with pytest.raises(InputError, match=r"big\.mid has more than"):
        desk.take_bytes("big.mid", bytes(10_000_001))


def test_trimming_keeps_whole_bars_and_cuts_a_note_that_hangs_over(desk):
    desk.take_score(Score.from_notes([(0, 60, 8), (8, 62, 16), (32, 64, 4)]))
    desk.trim(1)
    assert [(n.start, n.duration) for n in desk.score.notes] == [(0, 8), (8, 8)]


def test_bars_are_counted_after_the_pickup():
    score = Score.from_notes([(0, 60, 4), (4, 62, 16), (20, 64, 4)], pickup=4)
    assert len(first_bars(score, 1).notes) == 2


def test_trimming_away_every_note_is_refused(desk):
    desk.take_score(Score.from_notes([(32, 60, 4)]))
    with pytest.raises(InputError, match="No note begins in the first 1 bar"):
        desk.trim(1)


def test_the_rhythm_is_put_right_and_given_back(desk):
    desk.take_recording(Score.from_notes([(0.3, 60, 3.2), (4.4, 62, 3)]))
    desk.put_rhythm_right("quarters")
    assert [(n.start, n.duration) for n in desk.score.notes] == [(0, 4), (4, 4)]
    desk.put_rhythm_right("as it is")
    assert desk.score.notes[0].start == 0.3


def test_the_grid_is_counted_from_the_bar_line():
    score = Score.from_notes([(1.2, 60, 4)], pickup=1)
    assert on_grid(score, 4.0).notes[0].start == 1


melodies = st.lists(
    st.tuples(
        st.floats(0, 64, allow_nan=False),
        st.integers(40, 90),
        st.floats(0.1, 12, allow_nan=False),
    ),
    min_size=1,
    max_size=12,
)


@given(melodies, st.sampled_from([g for g in GRIDS.values() if g]))
@settings(max_examples=60, deadline=None)
def test_on_the_grid_notes_follow_one_another(notes, grid):
    line = on_grid(Score.from_notes(notes), grid).notes
    assert line
    assert all(n.start % grid == 0 and n.end % grid == 0 for n in line)
    assert all(a.end <= b.start for a, b in pairwise(line))


def test_an_unknown_rhythm_is_refused_with_those_there_are(desk):
    with pytest.raises(InputError, match="as it is, sixteenths, eighths, quarters"):
        desk.put_rhythm_right("polka")


def test_an_edit_becomes_the_melody_with_its_settings_in_it(desk):
    desk.move(3)
    edited = replace(desk.score, tracks=(Track((Note(0, 60, 4),)),))
    desk.edit(edited)
    assert (desk.state.source, desk.state.shift) == ("edited", 0)
    assert desk.score.notes[0].pitch == 60
    assert desk.score.title == "Ode to Joy"


def test_an_edit_that_changes_nothing_is_no_step(desk):
    desk.edit(desk.score)
    assert not desk.can_undo


def test_an_edit_without_notes_is_refused(desk):
    with pytest.raises(InputError, match="no notes left"):
        desk.edit(Score((Track(),)))


def test_undo_and_redo_walk_through_every_step(desk):
    desk.move(2)
    desk.set_tempo(90)
    desk.undo()
    assert (desk.score.tempo, desk.state.shift) == (120, 2)
    desk.redo()
    assert desk.score.tempo == 90


def test_a_new_step_after_undo_drops_what_was_taken_back(desk):
    desk.move(2)
    desk.undo()
    desk.move(4)
    assert not desk.can_redo
    assert desk.state.shift == 4


def test_undo_at_the_beginning_changes_nothing(desk):
    desk.undo()
    assert desk.state.is_a_tune_as_it_ships


def test_turning_a_setting_to_what_it_is_makes_no_step(desk):
    desk.move(0)
    desk.set_tempo(None)
    assert not desk.can_undo


def test_whoever_asked_is_told_of_each_change(desk):
    told = []
    desk.on_change(lambda: told.append(desk.state.shift))
    desk.move(1)
    desk.undo()
    assert told == [1, 0]


def test_take_knows_a_tune_a_path_and_a_score(desk, tmp_path):
    write_midi(TWO_VOICES, tmp_path / "piece.mid")
    for melody, source in (
        ("new-world", "tune"),
        (str(tmp_path / "piece.mid"), "file"),
        (tmp_path / "piece.mid", "file"),
        (TWO_VOICES, "score"),
    ):
        desk.take(melody)
        assert desk.state.source == source


def test_a_note_that_a_coarse_rhythm_has_no_place_for_is_told_of(desk):
    desk.take_recording(Score.from_notes([(0, 60, 2), (1, 62, 1), (8, 64, 4)]))
    desk.put_rhythm_right("quarters")
    assert len(desk.score.notes) == 2
    assert "1 note is left out" in desk.said[-1]

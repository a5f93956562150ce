"""Any music becomes one melody by rules that are told; no given note is changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepcomposer_edu.compose.melody_track import choose_track, top_line
from deepcomposer_edu.compose.prepare import HEARD_RANGE, MAX_STEPS, prepare
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.score import Metre, Note, Score, Track

C_MAJOR = [(4 * i, p, 4) for i, p in enumerate((72, 74, 76, 77, 79, 77, 74, 72))]


def tune(notes=C_MAJOR, **options):
    return Score.from_notes(notes, **options)


def track(*pitches, **options):
    notes = tuple(Note(4 * i, pitch, 4) for i, pitch in enumerate(pitches))
    return Track(notes, **options)


def said(melody):
    return " ".join(melody.notes)


# --- which track -------------------------------------------------------------


def test_one_track_is_the_melody_and_nothing_is_said():
    melody = prepare(tune())
    assert melody.given.notes == tune().tracks[0].notes
    assert melody.notes == ()


@pytest.mark.parametrize("name", ["Melody", "SOPRANO", "Lead Vocal", "lead guitar"])
def test_a_track_whose_name_says_so_is_the_melody(name):
    score = Score((track(90, 91, name="Flute"), track(60, 62, name=name)))
    chosen, notes = choose_track(score)
    assert chosen.name == name
    assert "its name says so" in notes[0]
    assert "'Flute'" in notes[0]


def test_without_a_name_the_highest_track_on_average_is_the_melody():
    score = Score((track(50, 90, name="a"), track(75, 76, name="b")))
    chosen, notes = choose_track(score)
    assert chosen.name == "b"
    assert "highest on average" in notes[0]


def test_of_equally_high_tracks_the_first_is_the_melody():
    score = Score((track(60, 64, name="a"), track(64, 60, name="b")))
    assert choose_track(score)[0].name == "a"


def test_a_name_that_only_contains_the_letters_does_not_count():
    score = Score((track(60, name="Misleading"), track(72, name="Flute")))
    assert choose_track(score)[0].name == "Flute"


def test_drums_and_empty_tracks_are_never_the_melody():
    drums = track(99, 99, name="Lead", is_drum=True)
    score = Score((Track(name="Melody"), drums, track(60, 62, name="Piano")))
    chosen, notes = choose_track(score)
    assert chosen.name == "Piano"
    assert "the drums 'Lead'" in notes[0]


def test_drums_only_are_refused():
    with pytest.raises(InputError, match="only drums"):
        prepare(Score((track(38, 42, is_drum=True),)))


@pytest.mark.parametrize("score", [Score(), Score((Track(),))])
def test_music_without_notes_is_refused(score):
    with pytest.raises(InputError, match="no notes"):
        prepare(score)


# --- chords ------------------------------------------------------------------


def test_of_chords_the_highest_note_is_the_melody():
    chords = [(4 * i, p + up, 4) for i, p in enumerate((60, 65)) for up in (0, 4, 7)]
    melody = prepare(tune(chords))
    assert [note.pitch for note in melody.given.notes] == [67, 72]
    assert "left out: 4 notes" in said(melody)


def test_notes_that_overlap_a_little_are_all_melody():
    legato = [(0, 72, 5), (4, 71, 5), (8, 69, 5)]
    melody = prepare(tune(legato))
    assert len(melody.given.notes) == 3
    assert melody.given.notes == tune(legato).tracks[0].notes


def test_what_is_heard_of_a_legato_changes_where_the_next_note_begins():
    melody = prepare(tune([(0, 72, 6), (4, 71, 4)]))
    assert melody.grid.pitches[0].tolist() == [72] * 4 + [71] * 4


def test_a_bass_under_the_melody_in_the_same_track_is_left_out():
    notes = [*C_MAJOR, (0, 48, 16), (16, 43, 16)]
    assert prepare(tune(notes)).given.notes == tune().tracks[0].notes


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(40, 90), st.integers(1, 12)),
        min_size=1,
        max_size=30,
    )
)
def test_the_top_line_of_a_top_line_is_itself(notes):
    line = top_line(tune(notes).notes)
    assert line
    assert top_line(line) == line


@given(st.lists(st.integers(40, 90), min_size=1, max_size=30))
def test_every_note_of_a_single_voice_is_melody(pitches):
    score = tune([(3 * i, pitch, 3) for i, pitch in enumerate(pitches)])
    assert top_line(score.notes) == score.notes


# --- time --------------------------------------------------------------------


def test_triplets_keep_their_timing_and_are_heard_on_the_grid():
    third = 4 / 3
    melody = prepare(tune([(third * i, 72 + i % 3, third) for i in range(6)]))
    assert melody.given.notes[1].start == third
    assert melody.grid.n_steps == 8
    assert "nearest sixteenth" in said(melody)


def test_notes_too_short_for_the_grid_are_kept_but_not_heard():
    trill = [(i / 4, 72 + i % 2, 1 / 4) for i in range(16)]
    melody = prepare(tune(trill))
    assert len(melody.given.notes) == 16
    assert melody.grid.n_steps == 4
    assert "too short" in said(melody)


def test_whole_silent_bars_before_the_melody_are_not_heard():
    melody = prepare(tune([(start + 34, p, d) for start, p, d in C_MAJOR]))
    assert melody.offset == 32
    assert melody.given.notes[0].start == 34
    assert melody.grid.pitches[0, :3].tolist() == [-1, -1, 72]
    assert "2 bars of silence" in said(melody)


def test_a_silent_beginning_shorter_than_a_bar_is_heard_as_a_rest():
    melody = prepare(tune([(start + 4, p, d) for start, p, d in C_MAJOR]))
    assert melody.offset == 0
    assert melody.grid.pitches[0, :5].tolist() == [-1, -1, -1, -1, 72]


def test_rests_inside_the_melody_stay_rests():
    melody = prepare(tune([(0, 72, 4), (8, 72, 4)]))
    assert melody.grid.pitches[0].tolist() == [72] * 4 + [-1] * 4 + [72] * 4


def test_a_first_note_played_a_little_early_is_heard_on_its_bar_line():
    melody = prepare(tune([(15.8, 72, 4.2), (20, 74, 4)]))
    assert melody.offset == 16
    assert melody.grid.pitches[0].tolist() == [72] * 4 + [74] * 4


def test_a_waltz_has_bars_of_twelve_steps():
    melody = prepare(tune(metres=(Metre(0, 3, 4),)))
    assert melody.steps_per_bar == 12
    assert "3/4" in said(melody)


def test_a_pickup_is_counted_before_the_first_bar_line():
    melody = prepare(tune(pickup=4))
    assert melody.pickup == 4


def test_silent_bars_after_a_silent_pickup_are_left_out_with_it():
    late = [(start + 20, p, d) for start, p, d in C_MAJOR]
    melody = prepare(tune(late, pickup=4))
    assert (melody.offset, melody.pickup) == (20, 0)


def test_a_change_of_metre_is_told():
    score = tune(metres=(Metre(0, 4, 4), Metre(16, 3, 4)))
    assert "metre changes" in said(prepare(score))


def test_a_metre_that_does_not_fit_the_grid_is_counted_as_four_quarters():
    melody = prepare(tune(metres=(Metre(0, 5, 64),)))
    assert melody.steps_per_bar == 16
    assert "does not fit" in said(melody)


def test_tempo_changes_stay_in_the_frame():
    score = tune(tempo=90.0, tempo_changes=((8.0, 60.0),))
    frame = prepare(score).frame
    assert (frame.tempo, frame.tempo_changes) == (90.0, ((8.0, 60.0),))


def test_one_sixteenth_is_a_melody():
    assert prepare(tune([(0, 72, 1)])).grid.pitches.tolist() == [[72]]


def test_a_note_shorter_than_half_a_sixteenth_is_still_heard():
    assert prepare(tune([(0, 72, 0.1)])).grid.pitches.tolist() == [[72]]


# --- limits ------------------------------------------------------------------


def test_a_piece_that_is_too_long_is_refused():
    with pytest.raises(InputError, match="bars"):
        prepare(tune([(0, 72, 4), (MAX_STEPS, 72, 4)]))


def test_the_longest_piece_is_allowed():
    score = tune([(0, 72, 4), (MAX_STEPS - 4, 72, 4)], tempo=300.0)
    assert prepare(score).grid.n_steps == MAX_STEPS


def test_a_tempo_so_slow_that_the_piece_lasts_for_hours_is_refused():
    with pytest.raises(InputError, match="minutes"):
        prepare(tune([(4 * i, 72, 4) for i in range(200)], tempo=1.0))


# --- key and range -----------------------------------------------------------

TUNES_IN_KEYS = [
    ("C major", (64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64, 62, 60, 60)),
    ("G major", (67, 67, 74, 74, 76, 76, 74, 72, 72, 71, 71, 69, 69, 67)),
    ("A minor", (69, 72, 74, 76, 77, 76, 74, 71, 67, 69, 71, 72, 69, 69, 68, 69)),
    ("D minor", (62, 65, 69, 74, 73, 74, 69, 67, 65, 64, 62)),
]


@pytest.mark.parametrize(("name", "pitches"), TUNES_IN_KEYS)
def test_the_key_of_a_tune_is_found(name, pitches):
    assert prepare(Score((track(*pitches),))).key.name == name


@given(st.sampled_from(TUNES_IN_KEYS), st.integers(-12, 12))
def test_a_transposed_tune_is_in_the_transposed_key(known, semitones):
    _, pitches = known
    key = prepare(Score((track(*pitches),))).key
    moved = Score((track(*(pitch + semitones for pitch in pitches)),))
    assert prepare(moved).key == key.transposed(semitones)


def test_a_low_melody_is_heard_where_a_soprano_sings_it():
    low = [(start, pitch - 24, length) for start, pitch, length in C_MAJOR]
    melody = prepare(tune(low))
    assert melody.octaves == 2
    assert melody.grid.pitches[0, 0] == 72
    assert melody.given.notes[0].pitch == 48
    assert "2 octaves higher" in said(melody)


def test_a_note_far_from_the_others_is_folded_for_the_model_only():
    melody = prepare(tune([*C_MAJOR, (32, 24, 4), (36, 72, 4)]))
    assert melody.given.notes[-2].pitch == 24
    assert melody.grid.pitches[0, 32] == 60
    assert "folded by octaves" in said(melody)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 60), st.integers(0, 127), st.floats(0.05, 12), st.just(64)
        ),
        min_size=1,
        max_size=20,
    )
)
def test_any_notes_become_one_voice_in_range_and_keep_their_pitch_class(notes):
    score = Score((Track(tuple(Note(*note) for note in notes)),))
    melody = prepare(score)
    heard = melody.grid.pitches[melody.grid.sounding]
    assert melody.grid.n_voices == 1
    assert len(heard) > 0
    assert heard.min() + melody.key.to_c >= HEARD_RANGE[0]
    assert heard.max() + melody.key.to_c <= HEARD_RANGE[1]
    classes = {note.pitch % 12 for note in melody.given.notes}
    assert {int(pitch) % 12 for pitch in heard} <= classes
    assert set(melody.given.notes) <= set(score.notes)


def test_a_key_far_from_c_is_heard_in_c():
    up = [(start, pitch + 3, length) for start, pitch, length in C_MAJOR]
    melody = prepare(tune(up))
    assert melody.key == Key(3, "major")
    assert melody.key.to_c == -3

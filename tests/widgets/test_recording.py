"""From what was played to a Score, and back: cases worked by hand, and properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets.recording import events_to_score, score_to_song

# At 100 BPM a quarter lasts 600 ms and a sixteenth, one step, 150 ms.


def down(time, pitch, velocity=90):
    return {"time": time, "pitch": pitch, "velocity": velocity, "source": "mouse"}


def up(time, pitch):
    return down(time, pitch, 0)


def pedal(time, is_down):
    return {"time": time, "pedal": is_down, "source": "midi"}


def placed(events, **options):
    score = events_to_score(events, **{"tempo": 100, **options})
    return [(note.start, note.pitch, note.duration) for note in score.notes]


def test_a_quarter_played_a_little_early_and_short_is_a_quarter():
    events = [down(1000, 60), up(1560, 60), down(1570, 62), up(2180, 62)]
    assert placed(events) == [(0, 60, 4), (4, 62, 4)]


def test_without_quantising_the_times_stay_as_played():
    events = [down(1000, 60), up(1560, 60), down(1570, 62), up(2180, 62)]
    first, second = events_to_score(events, tempo=100, quantise=False).notes
    assert first.start == 0
    assert first.duration == pytest.approx(560 / 150)
    assert second.start == pytest.approx(570 / 150)


@pytest.mark.parametrize(
    ("start", "first"),
    [("note", 0), ("beat", 2), ("bar", 6), ("record", 22)],
)
def test_the_silence_before_the_first_note_is_cut_to_a_note_a_beat_or_a_bar(
    start, first
):
    events = [down(22 * 150, 60), up(24 * 150, 60)]
    assert placed(events, start=start) == [(first, 60, 2)]


def test_a_very_short_touch_is_a_sixteenth():
    assert placed([down(0, 60), up(5, 60)]) == [(0, 60, 1)]


def test_a_touch_without_any_length_still_counts():
    assert placed([down(0, 60), up(0, 60)]) == [(0, 60, 1)]


def test_a_key_that_never_came_up_ends_with_the_recording():
    assert placed([down(0, 60), down(150, 64), up(600, 64)]) == [
        (0, 60, 4),
        (1, 64, 3),
    ]


def test_a_release_without_a_touch_is_passed_over():
    assert placed([up(0, 60), down(150, 62), up(300, 62)]) == [(0, 62, 1)]


def test_a_second_touch_without_a_release_ends_the_first_note():
    assert placed([down(0, 60), down(300, 60), up(600, 60)]) == [
        (0, 60, 2),
        (2, 60, 2),
    ]


def test_two_touches_in_one_sixteenth_are_one_note():
    events = [down(0, 60, 50), up(20, 60), down(40, 60, 99), up(600, 60)]
    (note,) = events_to_score(events, tempo=100).notes
    assert (note.start, note.duration, note.velocity) == (0, 4, 99)


def test_a_repeated_note_does_not_overlap_itself():
    # The first ends at step 2.4, the second begins at 1.6: both round to step 2.
    events = [down(0, 60), up(230, 60), down(240, 60), up(600, 60)]
    assert placed(events) == [(0, 60, 2), (2, 60, 2)]


def test_the_pedal_holds_a_note_until_it_comes_up():
    events = [pedal(0, True), down(0, 60), up(150, 60), pedal(1200, False)]
    assert placed(events) == [(0, 60, 8)]


def test_the_pedal_does_not_end_a_key_that_is_held():
    events = [pedal(0, True), down(0, 60), pedal(300, False), up(600, 60)]
    assert placed(events) == [(0, 60, 4)]


def test_a_note_struck_again_under_the_pedal_begins_anew():
    events = [
        pedal(0, True),
        down(0, 60),
        up(100, 60),
        down(600, 60),
        up(700, 60),
        pedal(1200, False),
    ]
    assert placed(events) == [(0, 60, 4), (4, 60, 4)]


def test_a_chord_keeps_its_notes():
    events = [down(0, p) for p in (60, 64, 67)] + [up(600, p) for p in (60, 64, 67)]
    assert placed(events) == [(0, 60, 4), (0, 64, 4), (0, 67, 4)]


def test_late_events_are_put_in_order_of_time():
    assert placed([up(600, 60), down(0, 60)]) == [(0, 60, 4)]


def test_twice_the_tempo_makes_twice_the_steps():
    events = [down(0, 60), up(600, 60)]
    assert placed(events, tempo=200) == [(0, 60, 8)]


def test_the_score_sounds_as_fast_as_it_was_played():
    events = [down(0, 60), up(1200, 60)]
    score = events_to_score(events, tempo=100)
    assert score.seconds == pytest.approx(1.2)


def test_the_instrument_comes_along():
    score = events_to_score([down(0, 60), up(9, 60)], program=19)
    assert score.tracks[0].program == 19


def test_no_notes_make_an_empty_score():
    assert events_to_score([pedal(0, True)]).tracks == ()


@pytest.mark.parametrize("tempo", [0, 19.9, 301, float("nan"), "fast", True])
def test_an_absurd_tempo_is_refused(tempo):
    with pytest.raises(InputError, match="tempo"):
        events_to_score([], tempo=tempo)


def test_an_unknown_start_is_refused():
    with pytest.raises(InputError, match='"bar"'):
        events_to_score([], start="page")


def test_a_song_lists_ends_before_beginnings():
    song = score_to_song(Score.from_notes([(0, 60, 4), (4, 60, 4)], tempo=100))
    assert song["events"] == [
        [0, 0, 60, 80],
        [600, 0, 60, 0],
        [600, 0, 60, 80],
        [1200, 0, 60, 0],
    ]


def test_a_song_leaves_empty_tracks_out():
    score = Score((Track(()), Track((Note(0, 60, 4),), program=5)))
    song = score_to_song(score)
    assert [track["program"] for track in song["tracks"]] == [5]
    assert {event[1] for event in song["events"]} == {0}


def test_a_song_follows_tempo_changes():
    score = Score.from_notes([(4, 60, 4)], tempo=60, tempo_changes=((4, 120),))
    assert [event[0] for event in score_to_song(score)["events"]] == [1000, 1500]


melodies = st.lists(
    st.tuples(st.integers(1, 12), st.integers(36, 84), st.integers(1, 12)),
    min_size=1,
    max_size=20,
)


@given(melodies, st.integers(40, 240))
def test_a_melody_played_exactly_comes_back_exactly(melody, tempo):
    notes, step = [], 0
    for rest, pitch, duration in melody:
        notes.append((step, pitch, duration))
        step += duration + rest
    score = Score.from_notes(notes, tempo=tempo)
    events = [
        down(time, pitch, velocity)
        for time, _, pitch, velocity in score_to_song(score)["events"]
    ]
    assert placed(events, tempo=tempo) == notes


touches = st.lists(
    st.tuples(st.floats(0, 9000), st.integers(58, 62), st.integers(0, 127)), max_size=40
)


@given(touches)
def test_whatever_is_played_no_pitch_sounds_twice_at_once(played):
    score = events_to_score([down(*touch) for touch in played], tempo=120)
    for first in score.notes:
        for second in score.notes:
            if first is not second and first.pitch == second.pitch:
                assert first.end <= second.start or second.end <= first.start


@given(touches)
def test_every_touch_within_its_own_sixteenth_is_in_the_score(played):
    score = events_to_score([down(*touch) for touch in played], quantise=False)
    assert len(score.notes) == sum(velocity > 0 for _, _, velocity in played)

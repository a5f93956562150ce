"""MIDI files: what goes out comes back, and what is broken is refused in a sentence."""

import io
import struct
import time

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.files import read_score
from deepcomposer_edu.music.limits import (
    MAX_EVENTS,
    MAX_FILE_BYTES,
    MAX_NOTES,
    MAX_STEPS,
    MAX_TRACKS,
)
from deepcomposer_edu.music.midi import (
    from_pretty_midi,
    midi_bytes,
    read_midi,
    to_pretty_midi,
    write_midi,
)
from deepcomposer_edu.music.score import Metre, Note, Score, Track

END = bytes([0, 0xFF, 0x2F, 0])
ONE_NOTE = bytes([0, 0x90, 60, 80, 96, 0x80, 60, 0])  # a quarter at 96 ticks


def midi_file(*tracks, kind=1, division=96, n_tracks=None):
    """Return a MIDI file's bytes from the tracks' event bytes."""
    announced = len(tracks) if n_tracks is None else n_tracks
    header = b"MThd" + struct.pack(">LHHH", 6, kind, announced, division)
    chunks = [
        b"MTrk" + struct.pack(">L", len(events + END)) + events + END
        for events in tracks
    ]
    return header + b"".join(chunks)


def notes_of(data):
    return [(n.start, n.pitch, n.duration) for n in read_midi(data).notes]


# Round trips

positions = st.integers(0, 40 * 120).map(lambda tick: tick / 120)
durations = st.integers(1, 10 * 120).map(lambda tick: tick / 120)
names = st.text(st.characters(exclude_categories=("C", "Z")), max_size=8)


@st.composite
def tracks(draw):
    """Return a track with notes, none of which overlaps another of its pitch."""
    drawn = draw(
        st.lists(
            st.builds(
                Note, positions, st.integers(0, 127), durations, st.integers(1, 127)
            ),
            min_size=1,
            max_size=12,
        )
    )
    last_end, notes = {}, []
    for note in sorted(drawn):
        if note.start >= last_end.get(note.pitch, 0):
            notes.append(note)
            last_end[note.pitch] = note.end
    return Track(
        tuple(notes), draw(names), draw(st.integers(0, 127)), draw(st.booleans())
    )


@st.composite
def scores(draw):
    """Return a score on the grid of 120 ticks to a step."""
    bpm = st.integers(4_00, 600_00).map(lambda hundredths: hundredths / 100)
    later = st.integers(1, 4800).map(lambda tick: tick / 120)
    changes = draw(st.dictionaries(later, bpm, max_size=3))
    metres = draw(
        st.dictionaries(
            st.integers(10, 40).map(lambda bar: bar * 16.0),
            st.tuples(st.integers(1, 12), st.sampled_from([2, 4, 8])),
            max_size=2,
        )
    )
    first = Metre(0, draw(st.integers(2, 6)), draw(st.sampled_from([2, 4, 8])))
    return Score(
        tuple(draw(st.lists(tracks(), min_size=1, max_size=18))),
        tempo=draw(bpm),
        tempo_changes=tuple(sorted(changes.items())),
        metres=(first, *(Metre(step, *metres[step]) for step in sorted(metres))),
        pickup=draw(st.integers(0, 3)),
        title=draw(names),
    )


@settings(max_examples=80, deadline=None)
@given(scores())
def test_a_score_comes_back_as_it_was_written(score):
    assert read_midi(midi_bytes(score)) == score


def test_triplets_on_the_grid_of_ticks_come_back_exactly():
    score = Score.from_notes([(0, 60, 4 / 3), (4 / 3, 62, 4 / 3), (8 / 3, 64, 4 / 3)])
    assert read_midi(midi_bytes(score)) == score


def test_the_same_score_gives_the_same_bytes():
    score = Score.from_notes([(i % 7, 60 + i % 5, 2) for i in range(20)])
    assert midi_bytes(score) == midi_bytes(score)


def test_a_file_on_disk_and_an_open_file_hold_the_same(tmp_path):
    score = Score.from_notes([(0, 60, 4)], title="가락")
    write_midi(score, tmp_path / "tune.mid")
    stream = io.BytesIO()
    write_midi(score, stream)
    assert (tmp_path / "tune.mid").read_bytes() == stream.getvalue()
    stream.seek(0)
    assert read_midi(stream) == read_midi(str(tmp_path / "tune.mid")) == score


def test_the_written_file_is_type_1_with_480_ticks():
    file = mido.MidiFile(file=io.BytesIO(midi_bytes(Score.from_notes([(0, 60, 4)]))))
    assert (file.type, file.ticks_per_beat) == (1, 480)


def test_drums_are_written_to_channel_10():
    drums = Track((Note(0, 36, 1),), is_drum=True)
    file = mido.MidiFile(file=io.BytesIO(midi_bytes(Score((drums,)))))
    assert {m.channel for t in file.tracks for m in t if m.type == "note_on"} == {9}


def channels_of(score):
    """Return the (port, channel) on which each track's notes stand."""
    places = []
    for track in mido.MidiFile(file=io.BytesIO(midi_bytes(score))).tracks[1:]:
        ports = [m.port for m in track if m.type == "midi_port"] or [0]
        channels = {m.channel for m in track if m.type == "note_on"}
        places.append((ports[0], *channels))
    return places


def test_fifteen_tracks_get_a_channel_each_and_none_is_the_drums():
    score = Score(tuple(Track((Note(0, 60, 1),)) for _ in range(15)))
    places = channels_of(score)
    assert len(set(places)) == 15
    assert (0, 9) not in places


def test_more_than_fifteen_tracks_share_a_channel_by_program():
    score = Score(tuple(Track((Note(0, 60, 1),), program=i % 2) for i in range(16)))
    assert channels_of(score) == [(0, 0), (0, 1)] * 8


def test_more_than_fifteen_programs_go_on_to_a_second_port():
    score = Score(tuple(Track((Note(0, 60, 1),), program=i) for i in range(17)))
    assert channels_of(score)[14:] == [(0, 15), (1, 0), (1, 1)]


def test_overlapping_notes_of_one_pitch_are_written_end_to_start():
    score = Score.from_notes([(0, 60, 8), (4, 60, 8)])
    assert notes_of(midi_bytes(score)) == [(0, 60, 4), (4, 60, 8)]


def test_the_same_note_twice_is_written_once_and_as_long_as_the_longer():
    score = Score.from_notes([(0, 60, 8), (0, 60, 4)])
    assert notes_of(midi_bytes(score)) == [(0, 60, 8)]


def test_a_pickup_is_written_as_a_short_first_bar():
    score = Score.from_notes([(0, 60, 4)], pickup=4, metres=(Metre(0, 3, 4),))
    file = mido.MidiFile(file=io.BytesIO(midi_bytes(score)))
    metres = [m for m in file.tracks[0] if m.type == "time_signature"]
    assert [(m.time, m.numerator, m.denominator) for m in metres] == [
        (0, 1, 4),
        (480, 3, 4),
    ]


@pytest.mark.parametrize("tempo", [3, 1e9])
def test_a_tempo_that_midi_cannot_hold_is_refused(tempo):
    with pytest.raises(InputError, match="tempo"):
        midi_bytes(Score(tempo=tempo))


def test_a_metre_that_midi_cannot_hold_is_refused():
    with pytest.raises(InputError, match="4/3"):
        midi_bytes(Score(metres=(Metre(0, 4, 3),)))


def test_music_past_the_end_of_midi_is_refused():
    with pytest.raises(InputError, match="MIDI file ends"):
        midi_bytes(Score.from_notes([(1e9, 60, 1)]))


def test_a_refused_score_leaves_no_file(tmp_path):
    with pytest.raises(InputError):
        write_midi(Score(tempo=1), tmp_path / "tune.mid")
    assert list(tmp_path.iterdir()) == []


# Reading what others write


def test_type_0_is_split_by_channel():
    events = bytes([0, 0x90, 60, 80, 0, 0x91, 48, 80, 96, 0x80, 60, 0, 0, 0x81, 48, 0])
    score = read_midi(midi_file(events, kind=0))
    assert [[n.pitch for n in track.notes] for track in score.tracks] == [[60], [48]]


def test_running_status_and_velocity_0_are_understood():
    events = bytes([0, 0x90, 60, 80, 48, 60, 0, 0, 62, 80, 48, 62, 0])
    assert notes_of(midi_file(events)) == [(0, 60, 2), (2, 62, 2)]


def test_running_status_goes_on_after_a_name():
    events = bytes([0, 0x90, 60, 80, 0, 0xFF, 3, 1, 65, 96, 60, 0])
    assert notes_of(midi_file(events)) == [(0, 60, 4)]


def test_a_note_struck_again_ends_the_earlier_one():
    events = bytes(
        [0, 0x90, 60, 80, 48, 60, 80, 24, 60, 0, 24, 60, 0]  # the first ends in between
    )
    assert notes_of(midi_file(events)) == [(0, 60, 2), (2, 60, 2)]


def test_with_an_end_missing_the_next_end_counts():
    events = bytes([0, 0x90, 60, 80, 48, 60, 80, 24, 60, 0])
    assert notes_of(midi_file(events)) == [(0, 60, 2), (2, 60, 1)]


def test_a_note_without_an_end_lasts_to_the_end_of_its_track():
    events = bytes([0, 0x90, 60, 80, 96, 0xB0, 7, 100])
    assert notes_of(midi_file(events)) == [(0, 60, 4)]


def test_an_end_without_a_start_is_passed_over():
    events = bytes([0, 0x80, 72, 0]) + ONE_NOTE
    assert notes_of(midi_file(events)) == [(0, 60, 4)]


def test_empty_tracks_are_left_out():
    score = read_midi(midi_file(b"", ONE_NOTE, b""))
    assert len(score.tracks) == 1


def test_odd_ticks_per_quarter_stay_exact():
    events = bytes([0, 0x90, 60, 80, 97, 60, 0])
    assert notes_of(midi_file(events, division=97)) == [(0, 60, 4)]


def test_tempo_and_metre_changes_are_found_in_any_track():
    tempo = bytes([0, 0xFF, 0x51, 3]) + (400_000).to_bytes(3, "big")
    slower = bytes([96, 0xFF, 0x51, 3]) + (1_000_000).to_bytes(3, "big")
    metre = bytes([0, 0xFF, 0x58, 4, 6, 3, 24, 8])
    score = read_midi(midi_file(ONE_NOTE, tempo + metre + slower))
    assert (score.tempo, score.tempo_changes) == (150, ((4, 60),))
    assert score.metres == (Metre(0, 6, 8),)


def test_a_short_bar_before_the_metre_is_a_pickup():
    metres = bytes([0, 0xFF, 0x58, 4, 1, 2, 24, 8, 96, 0xFF, 0x58, 4, 3, 2, 24, 8])
    score = read_midi(midi_file(metres, ONE_NOTE))
    assert (score.pickup, score.metres) == (4, (Metre(0, 3, 4),))


def test_the_conductor_track_names_the_piece_and_the_others_themselves():
    score = read_midi(
        midi_file(
            bytes([0, 0xFF, 3, 4]) + b"Tune",
            bytes([0, 0xFF, 3, 4]) + b"Alto" + ONE_NOTE,
        )
    )
    assert (score.title, score.tracks[0].name) == ("Tune", "Alto")


def test_a_name_in_latin_1_is_read():
    name = "Frère".encode("latin1")
    score = read_midi(midi_file(bytes([0, 0xFF, 3, 5]) + name + ONE_NOTE))
    assert score.tracks[0].name == "Frère"


def test_a_program_set_in_another_track_holds_for_its_channel():
    score = read_midi(midi_file(bytes([0, 0xC0, 40]), ONE_NOTE))
    assert score.tracks[0].program == 40


def test_a_channel_that_changes_its_instrument_becomes_two_tracks():
    events = bytes([0, 0xC0, 5]) + ONE_NOTE + bytes([0, 0xC0, 9]) + ONE_NOTE
    score = read_midi(midi_file(events))
    assert [(t.program, t.notes[0].start) for t in score.tracks] == [(5, 0), (9, 4)]


def test_channel_10_is_drums():
    events = bytes([0, 0x99, 36, 80, 96, 0x89, 36, 0])
    assert read_midi(midi_file(events)).tracks[0].is_drum


def test_sysex_pedals_bends_and_broken_key_signatures_do_no_harm():
    clutter = bytes([0, 0xF0, 3, 0x7E, 0x99, 0xF7, 0, 0xB0, 64, 127, 0, 0xE0, 0, 64])
    broken_key = bytes([0, 0xFF, 0x59, 2, 100, 7])
    assert notes_of(midi_file(clutter + broken_key + ONE_NOTE)) == [(0, 60, 4)]


def test_chunks_of_other_programs_are_passed_over():
    data = midi_file(ONE_NOTE)
    with_extra = data[:14] + b"XFIH" + struct.pack(">L", 4) + b"\x00" * 4 + data[14:]
    assert notes_of(with_extra) == [(0, 60, 4)]


def test_a_tempo_of_0_is_passed_over():
    assert (
        read_midi(midi_file(bytes([0, 0xFF, 0x51, 3, 0, 0, 0]), ONE_NOTE)).tempo == 120
    )


def test_a_file_without_an_end_of_track_mark_is_read():
    data = midi_file(ONE_NOTE)
    shorter = data[:18] + struct.pack(">L", len(ONE_NOTE)) + ONE_NOTE
    assert notes_of(shorter) == [(0, 60, 4)]


# Refusing


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"C D E F", "not a MIDI file"),
        (b"MThd\x00\x00", "header"),
        (midi_file(ONE_NOTE, kind=2), "type 2"),
        (midi_file(ONE_NOTE, kind=9), "type 9"),
        (midi_file(ONE_NOTE, division=0), "0 ticks"),
        (midi_file(ONE_NOTE, division=0xFFFF), "SMPTE"),
        (midi_file(ONE_NOTE, division=0xE728), "SMPTE"),
        (midi_file(ONE_NOTE)[:-6], "in the middle of a track"),
        (midi_file(ONE_NOTE, n_tracks=2), "announces 2 tracks"),
        (midi_file(bytes([0, 60, 80])), "no MIDI file may hold"),
        (midi_file(bytes([0, 0xF4])), "no MIDI file may hold"),
        (midi_file(bytes([0, 0x90, 200, 80])), "above 127"),
        (midi_file(bytes([255] * 9)), "no end"),
        (midi_file(bytes([0, 0xFF, 3, 100, 65])), "cut short"),
    ],
)
def test_a_broken_file_is_refused_with_its_reason(data, reason):
    with pytest.raises(InputError, match=reason):
        read_midi(data)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 255), st.integers(0, 10**6))
def test_no_damage_gets_past_as_anything_but_one_sentence(place, value, cut):
    score = Score(
        (Track((Note(0, 60, 4), Note(4, 64, 4)), "A"), Track((Note(0, 48, 8),), "B")),
        title="T",
    )
    data = bytearray(midi_bytes(score))
    data[place % len(data)] = value
    try:
        read_midi(bytes(data[: cut % len(data) + 1]))
        read_midi(bytes(data))
    except InputError as error:
        assert "\n" not in str(error)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_no_track_content_gets_past_as_anything_but_one_sentence(events):
    try:
        read_midi(midi_file(events))
    except InputError as error:
        assert "\n" not in str(error)


def test_too_many_bytes_are_refused(tmp_path):
    path = tmp_path / "large.mid"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(InputError, match="10,000,000 bytes"):
        read_midi(path)


def test_too_many_notes_are_refused():
    with pytest.raises(InputError, match="100,000 notes"):
        read_midi(midi_file(bytes([0, 0x90, 60, 80]) + bytes([0, 60, 80]) * MAX_NOTES))


def test_too_many_tracks_are_refused():
    with pytest.raises(InputError, match="at most 128"):
        read_midi(midi_file(*[ONE_NOTE] * (MAX_TRACKS + 1)))


def test_too_many_events_are_refused_quickly():
    events = bytes([0, 0xB0, 1, 1]) + bytes([0, 1, 1]) * MAX_EVENTS
    begin = time.process_time()
    with pytest.raises(InputError, match="events"):
        read_midi(midi_file(events))
    assert time.process_time() - begin < 20


def test_a_pause_of_years_is_refused_at_once():
    late = bytes([0xFF, 0xFF, 0xFF, 0x7F, 0x90, 60, 80])
    with pytest.raises(InputError, match="bars"):
        read_midi(midi_file(late, division=1))


def test_a_note_just_within_the_limit_is_read():
    score = Score.from_notes([(MAX_STEPS - 1, 60, 1)])
    assert read_midi(midi_bytes(score)) == score


def test_many_notes_and_programs_are_read_in_reasonable_time():
    events = bytes([0, 0xC0, 1, 0, 0x90, 60, 80, 1, 60, 0]) * 20_000
    begin = time.process_time()
    read_midi(midi_file(events, division=96))
    assert time.process_time() - begin < 30


# read_score


def test_read_score_reads_midi_whatever_its_name(tmp_path):
    path = tmp_path / "tune.txt"
    path.write_bytes(midi_file(ONE_NOTE))
    assert len(read_score(path).notes) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "0 bytes"),
        (b"la la la", "neither a MIDI nor a MusicXML file although"),
        (b"RIFF....WAVE", "sound recording"),
        (midi_file(b""), "no notes"),
        (midi_file(ONE_NOTE)[:-3], "cannot be read"),
        (b"PK\x03\x04 not a zip", "cannot be read"),
        (b"<?xml version='1.0'?><html/>", "cannot be read"),
    ],
)
def test_read_score_refuses_with_the_reason(tmp_path, content, reason):
    path = tmp_path / "tune.mid"
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason) as caught:
        read_score(path)
    assert "tune.mid" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_read_score_refuses_a_folder_and_a_missing_file(tmp_path):
    with pytest.raises(InputError) as refused:
        read_score(tmp_path)
    assert str(refused.value) == f"{tmp_path} is a folder; give a single music file."
    with pytest.raises(InputError, match="does not exist"):
        read_score(tmp_path / "missing.mid")
    with pytest.raises(InputError):
        read_score("a\x00b.mid")


# pretty_midi


def test_pretty_midi_hears_the_same_notes():
    score = Score.from_notes([(0, 60, 4), (4, 64, 2)], tempo=90)
    heard = to_pretty_midi(score).instruments[0].notes
    assert [(n.pitch, round(n.start, 3)) for n in heard] == [(60, 0), (64, 0.667)]


def test_a_score_survives_the_way_through_pretty_midi():
    score = Score(
        (
            Track((Note(0, 60, 4), Note(5, 64, 2.5)), "Flute", 73),
            Track((Note(0, 36, 1),), "Drums", 0, True),
        ),
        tempo=96,
        tempo_changes=((4, 120),),
    )
    assert from_pretty_midi(to_pretty_midi(score)) == score

"""Which chords voices sing, and how bars fall into pulses: what bands hear and feel."""

from itertools import pairwise

import pytest

from deepcomposer_edu.music.bands.hands import near, place_chord, tone_toward
from deepcomposer_edu.music.bands.harmony import scale_for, seventh_chord
from deepcomposer_edu.music.bands.song import read_song
from deepcomposer_edu.music.bands.time import measures_of, pulse_lengths
from deepcomposer_edu.music.chords import Chord, Slot, find_chords, welcome
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.score import Metre, Note, Score, Track

C_MAJOR = Key(0)


def voices(*chords, length=4):
    """Return four voices that hold each chord (from the melody down) for `length`."""
    return [
        [Note(i * length, chord[k], length) for i, chord in enumerate(chords)]
        for k in range(4)
    ]


def slots(n_slots, cost=0.3, length=4):
    return [Slot(i * length, (i + 1) * length, cost) for i in range(n_slots)]


def named(music, n_slots, cost=0.3, key=C_MAJOR):
    return [chord.name for chord in find_chords(music, slots(n_slots, cost), key)]


# --- chords ------------------------------------------------------------------

C, F, G, AM = (72, 64, 55, 48), (72, 65, 57, 53), (71, 62, 55, 43), (72, 64, 57, 45)


def test_plain_triads_are_heard_as_they_are():
    assert named(voices(C, F, G, AM), 4) == ["C", "F", "G", "Am"]


def test_a_dominant_seventh_is_heard():
    assert named(voices((77, 71, 62, 43), C), 2) == ["G7", "C"]


def test_transposed_music_has_transposed_chords():
    up = [[Note(n.start, n.pitch + 5, n.duration) for n in v] for v in voices(C, F, G)]
    assert named(up, 3, key=Key(5)) == ["F", "A#", "C"]


def test_a_passing_note_makes_no_chord_of_its_own():
    line = voices(C, C, C, C)
    line[1][1] = Note(4, 65, 4)  # F against C major for one beat
    assert named(line, 4, cost=0.9) == ["C"] * 4


def test_cheaper_changes_follow_the_voices_more_closely():
    music = voices(C, F, C, G, C, AM, C, G)
    calm, busy = (named(music, 8, cost) for cost in (3.0, 0.0))
    assert len(set(calm)) < len(set(busy))
    assert busy == ["C", "F", "C", "G", "C", "Am", "C", "G"]


def test_silence_goes_on_with_the_chord_before():
    music = voices(G, G)
    assert find_chords(music, slots(4), C_MAJOR)[-1].root == 7


def test_the_last_chord_can_be_drawn_home():
    music = voices(G, (72, 65, 57, 53))
    last = [
        find_chords(music, slots(2), C_MAJOR, 4, close)[-1].name for close in (0, 4)
    ]
    assert last == ["F", "C"]


def test_a_key_welcomes_its_own_chords_most():
    own = {welcome(Chord(root, "major"), C_MAJOR) for root in (0, 5, 7)}
    assert own == {0}
    assert welcome(Chord(1, "major"), C_MAJOR) < welcome(Chord(2, "major"), C_MAJOR) < 0


def test_a_band_ends_on_the_tonic_only_under_a_note_of_it():
    def last(pitch):
        melody = Track((Note(0, 74, 8), Note(8, pitch, 8)), "Melody")
        bass = Track((Note(0, 43, 8), Note(8, 41, 8)), "Bass")  # G, then F
        song = read_song(Score((melody, bass)), C_MAJOR, 0, (0, 0, 0), {})
        return song.spans[-1].chord.name

    assert last(72) == "C"
    assert last(69) == "F"


@pytest.mark.parametrize(
    ("chord", "key", "scale"),
    [
        (Chord(0, "major"), C_MAJOR, (0, 2, 4, 5, 7, 9, 11)),
        (Chord(4, "major"), Key(9, "minor"), (0, 2, 4, 5, 8, 9, 11)),  # G# for G
        (Chord(10, "major"), C_MAJOR, (0, 2, 4, 5, 7, 9, 10)),  # A# for B
        (Chord(5, "minor"), C_MAJOR, (0, 2, 4, 5, 7, 8, 11)),  # G# for A
    ],
)
def test_a_bass_walks_through_the_keys_scale_bent_to_the_chord(chord, key, scale):
    assert scale_for(chord, key) == scale


@pytest.mark.parametrize(
    ("chord", "seventh"),
    [
        (Chord(0, "major"), 11),
        (Chord(5, "major"), 11),
        (Chord(7, "major"), 10),
        (Chord(2, "minor"), 10),
        (Chord(2, "major"), 10),  # borrowed: a dominant
        (Chord(11, "diminished"), 10),
    ],
)
def test_each_degree_gets_the_seventh_that_jazz_gives_it(chord, seventh):
    assert seventh in seventh_chord(chord, C_MAJOR)


# --- time --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metre", "lengths"),
    [
        ((4, 4), [4, 4, 4, 4]),
        ((2, 2), [4, 4, 4, 4]),
        ((6, 8), [6, 6]),
        ((12, 8), [6, 6, 6, 6]),
        ((3, 8), [6]),
        ((5, 8), [4, 6]),
        ((7, 8), [4, 4, 6]),
        ((6, 16), [3, 3]),
    ],
)
def test_a_bar_falls_into_the_taps_of_a_foot(metre, lengths):
    assert [length for length, _ in pulse_lengths(Metre(0, *metre))] == lengths


def measures(metre, tempo=100.0, pickup=0, end=48, **options):
    score = Score.from_notes(
        [(0, 60, end)], metres=(Metre(0, *metre),), tempo=tempo, pickup=pickup
    )
    return measures_of(score, 0, end, **options)


def test_an_upbeat_has_the_last_pulses_of_a_bar():
    upbeat = measures((4, 4), pickup=6)[0]
    assert upbeat.number == 0
    assert [(p.start, p.length) for p in upbeat.pulses] == [(0, 2), (2, 4)]


def test_pulses_fill_their_measures_without_gaps():
    for metre in ((4, 4), (6, 8), (7, 8), (5, 4), (7, 32), (15, 16)):
        for measure in measures(metre):
            at = measure.start
            for pulse in measure.pulses:
                assert pulse.start == pytest.approx(at)
                at = pulse.end
            assert at == pytest.approx(measure.end)


def test_very_fast_pulses_are_taken_two_by_two():
    assert len(measures((4, 4), tempo=120)[0].pulses) == 4
    assert len(measures((4, 4), tempo=300)[0].pulses) == 2


def test_jazz_takes_six_eight_as_two_waltz_bars():
    found = measures((6, 8), end=24, waltz_of_eighths=True)
    assert [(m.start, len(m.pulses), m.is_bar) for m in found] == [
        (0, 3, True),
        (6, 3, False),
        (12, 3, True),
        (18, 3, False),
    ]


def test_phrases_have_four_bars():
    found = measures((4, 4), end=160)
    assert [(m.phrase, m.in_phrase) for m in found[3:6]] == [(0, 3), (1, 0), (1, 1)]


def test_the_off_beat_of_a_triple_pulse_is_its_last_third():
    pulse = measures((6, 8))[0].pulses[0]
    assert pulse.off_beat(0.5) == 4


# --- hands -------------------------------------------------------------------


def test_a_chord_moves_as_little_as_it_can():
    first = place_chord((0, 4, 7), (), 55, 70)
    for chord in ((5, 9, 0), (7, 11, 2), (9, 0, 4)):
        placed = place_chord(chord, first, 55, 70)
        assert {p % 12 for p in placed} == set(chord)
        assert max(min(abs(p - q) for q in first) for p in placed) <= 4


def test_a_chord_keeps_to_its_range():
    for root in range(12):
        chord = tuple((root + step) % 12 for step in (0, 4, 7, 10))
        placed = place_chord(chord, (), 50, 70)
        assert 50 <= min(placed) <= max(placed) <= 70
        assert {p % 12 for p in placed} == set(chord)


def test_there_is_no_third_in_the_mud():
    placed = place_chord((0, 4, 7), (), 36, 60)
    assert all(b - a >= 5 for a, b in pairwise(placed) if a < 50)


def test_the_nearest_note_of_a_class_is_found():
    assert [near(7, before, 28, 47) for before in (29, 38, 45)] == [31, 43, 43]


def test_a_bass_leads_by_a_note_of_the_scale():
    assert tone_toward((0, 2, 4, 5, 7, 9, 11), 48, 43) == 45
    assert tone_toward((0, 2, 4, 5, 7, 9, 11), 36, 41) == 40

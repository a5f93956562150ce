"""The bands: what holds for every style, and what makes each one what it is."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from deepcomposer_edu.corpora.tunes import load_tune, tune_names
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.baselines import random_in_key
from deepcomposer_edu.music.bands import BANDS, arrange
from deepcomposer_edu.music.grid import from_grid, to_grid
from deepcomposer_edu.music.keys import Key, find_key
from deepcomposer_edu.music.midi import read_midi, write_midi
from deepcomposer_edu.music.score import Metre, Note, Score, Track

DRUMMERS = [
    name for name, band in BANDS.items() if len(band.pitched) < len(band.players)
]
HARMONIES = {  # what the tests' four voices sing, by bar of 4/4 in C major
    "C": (0, 4, 7),
    "F": (5, 9, 0),
    "G": (7, 11, 2),
    "Am": (9, 0, 4),
}


def chorale(names=("C", "F", "G", "C"), metre=None, tempo=100.0, n_bars=8, pickup=0):
    """Return a plain piece: one chord to a bar, the melody on its notes in quarters."""
    metre = metre or Metre()
    length = int(metre.steps_per_bar)
    melody, alto, tenor, bass = [], [], [], []
    for bar in range(n_bars):
        root, third, fifth = HARMONIES[names[bar % len(names)]]
        start = pickup + bar * length
        step = 0
        while step < length:
            pitch = 72 + (root, third, fifth)[(step // 4) % 3] % 12
            melody.append(Note(start + step, pitch, min(4, length - step)))
            step += 4
        alto.append(Note(start, 60 + third, length))
        tenor.append(Note(start, 48 + fifth, length))
        bass.append(Note(start, 36 + root, length))
    if pickup:
        melody.insert(0, Note(0, 67, pickup))
    voices = zip(
        ("Melody", "Alto", "Tenor", "Bass"), (melody, alto, tenor, bass), strict=True
    )
    tracks = tuple(Track(tuple(notes), name) for name, notes in voices)
    return Score(tracks, tempo=tempo, metres=(metre,), pickup=pickup)


def four_voices(tune, seed=0):
    """Return a shipped tune over random voices of its key, the hardest harmony."""
    melody = load_tune(tune)
    key = find_key(Score(melody.tracks[:1]))
    grid = random_in_key(to_grid(melody).voices(0), key.to_c, seed)
    below = from_grid(grid).tracks[1:]
    return replace(melody, tracks=(melody.tracks[0], *below)), key


def part(score, name):
    """Return the notes of a player."""
    return next(track.notes for track in score.tracks if track.name == name)


def onsets(notes, length=16.0):
    """Return at which places of the bar notes begin, as a sorted list."""
    return sorted({round(note.start % length, 2) for note in notes})


# --- what holds for every style ----------------------------------------------

METRES = [(4, 4), (3, 4), (2, 4), (6, 8), (9, 8), (12, 8), (5, 4), (7, 8), (3, 8),
          (2, 2), (3, 2), (5, 8), (6, 16), (7, 32), (1, 4), (12, 4)]  # fmt: skip


@pytest.mark.parametrize("style", BANDS)
@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("pickup", [0, 2.5])
def test_every_metre_and_upbeat_is_played(style, metre, pickup):
    line = [Note(4 * i, 60 + 5 * i % 13, 4) for i in range(24)]
    bass = [Note(8 * i, 40 + 5 * i % 12, 8) for i in range(12)]
    given = Score(
        (Track(tuple(line), "Melody"), Track(tuple(bass), "Bass")),
        metres=(Metre(0, *metre),),
        pickup=pickup,
    )
    made = arrange(given, style, seed=1)
    assert made.tracks[0].notes == given.tracks[0].notes
    for track in made.tracks[1:]:
        assert track.notes
        assert track.notes[0].start >= 0
        assert track.end <= given.tracks[0].end + 1e-9


@pytest.mark.parametrize("style", BANDS)
@pytest.mark.parametrize("tempo", [10, 40, 300, 400])
def test_every_tempo_is_played_at_a_pace_that_hands_can_follow(style, tempo):
    made = arrange(chorale(tempo=tempo, n_bars=12), style, Key(0))
    for track in made.tracks[1:]:
        starts = np.unique([note.start for note in track.notes])
        per_second = len(starts) / made.seconds
        assert per_second < 13, (track.name, per_second)


@pytest.mark.parametrize("style", BANDS)
def test_a_metre_that_changes_is_followed(style):
    metres = (Metre(0, 3, 4), Metre(24, 4, 4), Metre(56, 6, 8))
    line = tuple(Note(4 * i, 60 + 5 * i % 13, 4) for i in range(24))
    bass = tuple(Note(8 * i, 40 + 5 * i % 12, 8) for i in range(12))
    made = arrange(Score((Track(line), Track(bass)), metres=metres), style)
    assert all(track.notes for track in made.tracks)


@pytest.mark.parametrize("style", BANDS)
def test_tracks_have_the_names_and_instruments_of_the_band(style):
    made = arrange(chorale(), style)
    assert tuple(track.name for track in made.tracks) == BANDS[style].tracks
    players = BANDS[style].players
    assert [t.program for t in made.tracks[1:]] == [p.program for p in players]
    assert [t.is_drum for t in made.tracks[1:]] == [p.is_drum for p in players]


@pytest.mark.parametrize("style", BANDS)
def test_the_same_seed_plays_the_same_and_others_do_not(style):
    first = arrange(chorale(), style, seed=1)
    assert arrange(chorale(), style, seed=1) == first
    assert len({arrange(chorale(), style, seed=seed).notes for seed in range(6)}) > 3


@pytest.mark.parametrize("style", BANDS)
def test_velocities_vary_but_stay_in_reason(style):
    for track in arrange(chorale(), style).tracks[1:]:
        velocities = [note.velocity for note in track.notes]
        assert len(set(velocities)) > 3
        assert 18 <= min(velocities) <= max(velocities) <= 112


@pytest.mark.parametrize("style", BANDS)
def test_no_player_sounds_a_key_twice_at_once(style):
    for track in arrange(chorale(n_bars=16), style, seed=3).tracks[1:]:
        ends = {}
        for note in track.notes:
            assert note.start >= ends.get(note.pitch, 0) - 1e-9, track.name
            ends[note.pitch] = note.end


@pytest.mark.parametrize("style", BANDS)
def test_the_last_chord_is_the_tonic_and_lasts_to_the_end(style):
    made = arrange(chorale(), style, Key(0))
    last = {
        note.pitch % 12
        for track in made.tracks[1:]
        if not track.is_drum
        for note in track.notes
        if note.end > made.end - 0.01
    }
    assert 0 in last
    assert last <= {0, 2, 4, 7, 9, 11}  # jazz may add the sixth, seventh or ninth


@pytest.mark.parametrize("style", BANDS)
def test_a_changed_bar_leaves_the_others_as_they_were(style):
    """Each bar rolls its own dice, so one can hear what a change does."""
    given = chorale(n_bars=12)
    melody = list(given.tracks[0].notes)
    melody[-4] = replace(melody[-4], pitch=melody[-4].pitch + 2)
    changed = replace(given, tracks=(Track(tuple(melody), "Melody"), *given.tracks[1:]))
    one, two = (arrange(score, style, Key(0), seed=4) for score in (given, changed))
    for first, second in zip(one.tracks[1:], two.tracks[1:], strict=True):
        early = [[n for n in t.notes if n.start < 9 * 16] for t in (first, second)]
        assert early[0] == early[1]


@pytest.mark.parametrize("style", BANDS)
def test_a_band_survives_midi(style, tmp_path):
    made = arrange(chorale(), style)
    write_midi(made, tmp_path / "band.mid")
    again = read_midi(tmp_path / "band.mid")
    for ours, read in zip(made.tracks, again.tracks, strict=True):
        assert (ours.program, ours.is_drum) == (read.program, read.is_drum)
        assert len(ours.notes) == len(read.notes)


@pytest.mark.parametrize("style", DRUMMERS)
def test_drums_play_on_channel_10(style, tmp_path):
    import mido

    write_midi(arrange(chorale(), style), tmp_path / "band.mid")
    for track in mido.MidiFile(tmp_path / "band.mid").tracks:
        channels = {m.channel for m in track if m.type == "note_on"}
        if track.name == "Drums":
            assert channels == {9}
        else:
            assert 9 not in channels


def test_what_a_band_cannot_play_is_refused():
    with pytest.raises(InputError, match="classical, jazz, rock, pop"):
        arrange(chorale(), "polka")
    with pytest.raises(InputError, match="at least one voice below"):
        arrange(Score(chorale().tracks[:1]), "jazz")
    with pytest.raises(InputError, match="at least one voice below"):
        arrange(Score(), "jazz")


# --- does it sound right? measured on all shipped tunes ----------------------


def rubbing(score, name):
    """Return the share of strong beats on which a player rubs against the melody."""
    melody = score.tracks[0].notes
    n_meet = n_rub = 0
    for note in part(score, name):
        for other in melody:
            start = max(note.start, other.start)
            if start < min(note.end, other.end) and start % 4 == 0:
                n_meet += 1
                n_rub += (note.pitch - other.pitch) % 12 in (1, 11)
    return n_rub / max(n_meet, 1)


@pytest.mark.parametrize("style", ["jazz", "rock", "pop"])
def test_bass_and_melody_hardly_rub_on_strong_beats(style):
    shares = []
    for tune in tune_names():
        given, key = four_voices(tune)
        shares.append(rubbing(arrange(given, style, key), "Bass"))
    assert np.mean(shares) < 0.01
    assert max(shares) < 0.06


@pytest.mark.parametrize("style", BANDS)
def test_chords_rub_less_than_random_voices_do(style):
    """A semitone against the melody: of random voices on one beat in eight or so."""
    plain, bands = [], []
    for tune in tune_names():
        given, key = four_voices(tune)
        made = arrange(given, style, key)
        plain += [rubbing(given, name) for name in ("Alto", "Tenor", "Bass")]
        players = [
            p.name for p in BANDS[style].pitched if p.name not in ("Viola", "Cello")
        ]  # they play the given voices as they are
        bands += [rubbing(made, name) for name in players]
    assert np.mean(plain) > 0.08
    assert np.mean(bands) < 0.035


@pytest.mark.parametrize("style", BANDS)
def test_bands_stay_in_the_key_even_when_the_voices_are_random(style):
    for tune in ("ode-to-joy", "greensleeves", "sakura"):
        given, key = four_voices(tune, seed=1)
        made = arrange(given, style, key)
        lengths = {True: 0.0, False: 0.0}
        for track in made.tracks[1:]:
            for note in track.notes if not track.is_drum else ():
                lengths[note.pitch % 12 in key.scale] += note.duration
        assert lengths[True] / sum(lengths.values()) > 0.85


@pytest.mark.parametrize("style", BANDS)
def test_chords_lie_below_the_melody(style):
    given, key = four_voices("ode-to-joy")
    made = arrange(given, style, key)
    for player in BANDS[style].pitched:
        for note in part(made, player.name):
            above = [
                m.pitch
                for m in made.tracks[0].notes
                if min(m.end, note.end) - max(m.start, note.start) > 0.5
            ]
            assert not above or note.pitch <= max(above)


# --- what makes each style what it is ----------------------------------------


def test_jazz_swings_its_off_beats_and_not_the_melody():
    made = arrange(chorale(n_bars=16), "jazz", Key(0), options={"swing": 2 / 3})
    ride = [note for note in part(made, "Drums") if note.pitch == 51]
    assert {round(note.start % 4, 2) for note in ride} == {0, 2.67}
    assert onsets(made.tracks[0].notes, 4.0) == [0]


def test_even_eighths_come_at_half_the_beat():
    made = arrange(chorale(n_bars=16), "jazz", Key(0), options={"swing": 0.5})
    ride = [note for note in part(made, "Drums") if note.pitch == 51]
    assert {round(note.start % 4, 2) for note in ride} == {0, 2}


def test_the_band_does_not_swing_against_a_melody_in_even_eighths():
    given = chorale(n_bars=8)
    eighths = tuple(Note(2 * i, 72 + i % 3, 2) for i in range(64))
    given = replace(given, tracks=(Track(eighths, "Melody"), *given.tracks[1:]))
    made = arrange(given, "jazz", Key(0))
    ride = [note for note in part(made, "Drums") if note.pitch == 51]
    assert {round(note.start % 4, 2) for note in ride} == {0}


def test_a_walking_bass_steps_on_every_beat():
    made = arrange(chorale(n_bars=16), "jazz", Key(0), options={"energy": 1.0})
    starts = {note.start for note in part(made, "Bass")}
    assert starts >= set(range(64, 15 * 16, 4))


def test_a_walking_bass_moves_mostly_by_step():
    moves = []
    for seed in range(5):
        made = arrange(chorale(n_bars=16), "jazz", Key(0), seed)
        pitches = [n.pitch for n in part(made, "Bass") if n.start % 4 == 0]
        moves += [abs(b - a) for a, b in pairwise(pitches)]
    assert np.mean(np.array(moves) <= 4) > 0.6
    assert np.mean(np.array(moves) > 9) < 0.03


def test_jazz_chords_have_sevenths():
    made = arrange(chorale(("C", "Am", "F", "G"), n_bars=16), "jazz", Key(0))
    bars = [
        {n.pitch % 12 for n in part(made, "Piano") if 16 * b <= n.start < 16 * b + 10}
        for b in range(15)
    ]
    sevenths = {0: (11, 9), 1: (7,), 2: (4, 2), 3: (5,)}  # or the sixth
    has = [bool(bars[b] & set(sevenths[b % 4])) for b in range(15)]
    assert np.mean(has) > 0.7


def test_a_waltz_in_jazz_closes_the_hi_hat_on_two():
    made = arrange(chorale(metre=Metre(0, 3, 4), n_bars=12), "jazz", Key(0))
    hats = [note for note in part(made, "Drums") if note.pitch == 44]
    assert {note.start % 12 for note in hats} == {4}


@pytest.mark.parametrize("style", ["rock", "pop"])
def test_the_snare_answers_on_two_and_four(style):
    made = arrange(chorale(n_bars=12), style, Key(0))
    for bar in (4, 5, 6, 8, 9, 10):  # the fourth bar of a phrase has a fill
        hits = {
            note.start % 16
            for note in part(made, "Drums")
            if note.pitch == 38 and note.start // 16 == bar and note.velocity > 45
        }
        assert hits == {4, 12}


@pytest.mark.parametrize("style", DRUMMERS)
def test_a_fill_ends_every_fourth_bar(style):
    made = arrange(chorale(n_bars=16), style, Key(0), options={"energy": 0.0})
    per_bar = [
        sum(
            note.pitch in (36, 38, 41, 45, 47, 50) and note.start % 16 >= 8
            for note in part(made, "Drums")
            if note.start // 16 == bar
        )
        for bar in range(15)
    ]
    fills = [per_bar[bar] for bar in (7, 11)]
    others = [per_bar[bar] for bar in (4, 5, 6, 8, 9, 10)]
    assert min(fills) > np.mean(others)


def test_rock_plays_power_chords_without_thirds():
    made = arrange(chorale(n_bars=12), "rock", Key(0))
    groups = {}
    for note in part(made, "Guitar"):
        groups.setdefault(note.start, []).append(note.pitch)
    for pitches in groups.values():
        assert {p - min(pitches) for p in pitches} <= {0, 7, 12}


def test_rock_bass_drives_in_eighths_on_the_root():
    made = arrange(chorale(("C",), n_bars=8), "rock", Key(0))
    notes = [note for note in part(made, "Bass") if note.start < 96]
    assert onsets(notes) == [0, 2, 4, 6, 8, 10, 12, 14]
    assert {note.pitch % 12 for note in notes} == {0}


def test_pop_strings_hold_and_the_guitar_picks():
    made = arrange(chorale(n_bars=12), "pop", Key(0))
    assert np.median([n.duration for n in part(made, "Strings")]) >= 8
    groups = {}
    for note in part(made, "Guitar"):
        groups.setdefault(note.start, []).append(note)
    assert np.mean([len(notes) for notes in groups.values()]) < 1.1


def test_pop_strings_move_as_little_as_they_can():
    made = arrange(chorale(("C", "F", "G", "Am"), n_bars=12), "pop", Key(0))
    chords = {}
    for note in part(made, "Strings"):
        chords.setdefault(note.start, []).append(note.pitch)
    lines = [sorted(chords[start]) for start in sorted(chords)]
    moves = [
        min(abs(p - q) for q in before)
        for before, after in pairwise(lines)
        for p in after
    ]
    assert np.mean(moves) < 2.6
    assert max(moves) <= 5


def test_the_classical_cello_and_viola_play_the_given_voices():
    given = chorale()
    made = arrange(given, "classical", Key(0))
    for player, voice in (("Viola", "Alto"), ("Cello", "Bass")):
        played, written = part(made, player), part(given, voice)
        assert [n.start for n in played] == [n.start for n in written]
        assert all(
            (a.pitch - b.pitch) % 12 == 0 for a, b in zip(played, written, strict=True)
        )


def test_the_classical_piano_breaks_the_chords():
    made = arrange(chorale(n_bars=8), "classical", Key(0), seed=0)
    notes = [note for note in part(made, "Piano") if note.start < 40]
    assert {note.pitch % 12 for note in notes if note.start < 16} == {0, 4, 7}
    assert np.median([note.duration for note in notes]) <= 2


def test_more_energy_plays_more_notes():
    for style in DRUMMERS:
        calm, wild = (
            len(arrange(chorale(n_bars=16), style, Key(0), 2, {"energy": e}).notes)
            for e in (0.0, 1.0)
        )
        assert wild > calm


def test_an_upbeat_is_left_to_melody_and_drums():
    made = arrange(chorale(pickup=4), "rock", Key(0))
    early = {t.name for t in made.tracks for n in t.notes if n.start < 4}
    assert early == {"Melody", "Drums"}

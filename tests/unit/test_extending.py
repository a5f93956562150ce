"""Music that goes on where the given music ends."""

import numpy as np
import pytest

from deepcomposer_edu.compose import compose, does_it_listen, networks, replay
from deepcomposer_edu.compose.prepare import prepare
from deepcomposer_edu.compose.sources import lower_voices
from deepcomposer_edu.compose.techniques.extending import lengthened, with_voices
from deepcomposer_edu.compose.techniques.lengths import (
    heard_steps,
    steps_lasting,
    up_to_a_bar,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Metre, Note, Score, Track

pytestmark = pytest.mark.usefixtures("weights")

LINE = [(4 * i, p, 4) for i, p in enumerate((72, 74, 76, 77, 79, 77, 74, 72))]
TUNE = Score.from_notes(LINE, title="Scale")  # two bars of C major


class Scribe:
    """A network that writes down what it is asked, and answers with one chord."""

    name, weight_sha256 = "scribe", "0" * 64

    def __init__(self):
        self.asked = []

    def continue_melody(self, primer, n_steps, **options):
        self.asked.append(("continue", primer, n_steps, options))
        return self.longer(primer, n_steps)

    def harmonise(self, melody, **options):
        self.asked.append(("harmonise", melody, 0, options))
        lower = np.repeat([[67], [64], [48]], melody.n_steps, axis=1)
        return Grid(np.concatenate([melody.pitches, lower]))

    def extend(self, grid, n_steps, **options):
        self.asked.append(("extend", grid, n_steps, options))
        return self.longer(grid, n_steps)

    def longer(self, grid, n_steps):
        chord = np.array([[72], [67], [64], [48]])[: grid.n_voices]
        pitches = [grid.pitches, np.repeat(chord, n_steps, axis=1)]
        onsets = [grid.onsets, np.zeros((grid.n_voices, n_steps))]
        return Grid(np.concatenate(pitches, 1), np.concatenate(onsets, 1))


@pytest.fixture
def scribe(monkeypatch):
    """Put a Scribe into every technique that goes on, and return it."""
    scribe = Scribe()
    for kind in ("melody-rnn", "transformer"):
        monkeypatch.setitem(networks.SHIPPED_LOADERS, kind, lambda _which: scribe)
    return scribe


def four_voices(names=("Melody", "Alto", "Tenor", "Bass")):
    pitches = (72, 65, 60, 48)
    return Score(
        tuple(
            Track((Note(0, p, 16, 70 + k), Note(16, p - 1, 16, 70 + k)), name)
            for k, (p, name) in enumerate(zip(pitches, names, strict=True))
        )
    )


# --- how long it goes on -----------------------------------------------------


@pytest.mark.parametrize(
    ("tempo", "n_steps"),
    [(120, 240), (60, 128), (90, 192)],  # 15 bars; 7.5 bars, so 8; 11.25 bars, so 12
)
def test_a_melody_goes_on_for_thirty_seconds_up_to_a_bar(scribe, tempo, n_steps):
    made = compose(TUNE.with_tempo(tempo), "melody-rnn")
    assert scribe.asked[0][2] == n_steps
    assert made.score.end == 32 + n_steps


def test_thirty_seconds_are_counted_through_changes_of_tempo():
    slower = Score.from_notes(LINE, tempo=120, tempo_changes=((32.0, 60.0),))
    melody = prepare(slower)
    assert steps_lasting(melody, 32) == 120


@pytest.mark.parametrize(
    ("steps_per_bar", "pickup", "n_given", "n_new", "expected"),
    [
        (16, 0, 32, 16, 16),
        (16, 0, 30, 16, 18),
        (16, 4, 32, 16, 20),
        (12, 4, 32, 24, 32),
    ],
)
def test_the_music_ends_with_a_bar(steps_per_bar, pickup, n_given, n_new, expected):
    metre = Metre(0, steps_per_bar // 4, 4)
    melody = prepare(Score.from_notes(LINE, metres=(metre,), pickup=pickup))
    assert up_to_a_bar(melody, n_given, n_new) == expected
    assert (n_given + expected - pickup) % steps_per_bar == 0


def test_steps_are_taken_as_they_are_asked_for(scribe):
    made = compose(TUNE, "melody-rnn", steps=5)
    assert scribe.asked[0][2] == 5
    assert made.score.tracks[0].notes[len(LINE) :] == (Note(32, 72, 5, 80),)


def test_bars_to_add_are_bars_of_the_piece(scribe):
    waltz = Score.from_notes(LINE[:6], metres=(Metre(0, 3, 4),))
    compose(waltz, "transformer", extension_bars=3)
    assert scribe.asked[-1][2] == 36


def test_more_music_than_a_piece_may_have_is_refused_before_work(scribe):
    slow = TUNE.with_tempo(10)
    with pytest.raises(InputError, match="let it go on for less"):
        compose(slow, "transformer", extension_bars=128)
    assert scribe.asked == []


def test_what_follows_begins_when_every_given_note_has_ended():
    late = Score.from_notes([(0, 72, 4), (4, 74, 4.6)])
    assert heard_steps(prepare(late)) == 9
    bass = Track((Note(0, 48, 20),), "Bass")
    assert heard_steps(prepare(late), [bass]) == 20


def test_a_gap_of_one_step_is_held_and_a_longer_one_rests():
    grid = Grid(np.array([[60, 62]]))
    assert lengthened(grid, 2) is grid
    assert lengthened(grid, 3).pitches.tolist() == [[60, 62, 62]]
    assert lengthened(grid, 3).onsets.sum() == 2
    assert lengthened(grid, 4).pitches.tolist() == [[60, 62, -1, -1]]


# --- what the network hears --------------------------------------------------


def test_a_melody_alone_is_harmonised_before_it_goes_on(scribe):
    made = compose(TUNE, "transformer", extension_bars=1)
    assert [what for what, *_ in scribe.asked] == ["harmonise", "extend"]
    assert scribe.asked[1][1].n_voices == 4
    alto = made.score.tracks[1].notes
    assert [(note.start, note.duration) for note in alto] == [(0, 32), (32, 16)]


def test_only_the_bars_that_are_asked_for_are_heard(scribe):
    compose(TUNE, "transformer", input_bars=1, extension_bars=1)
    heard = scribe.asked[1][1]
    assert heard.pitches[0].tolist() == np.repeat([79, 77, 74, 72], 4).tolist()
    compose(TUNE, "transformer", input_bars=60)
    assert scribe.asked[3][1].n_steps == 32  # there are no more


def test_bars_are_counted_from_where_the_network_begins_to_hear(scribe):
    upbeat = Score.from_notes(LINE, pickup=4)
    compose(upbeat, "transformer", input_bars=1, extension_bars=1)
    assert scribe.asked[0][3]["pickup"] == 4
    assert (
        scribe.asked[1][3]["pickup"] == 4
    )  # it hears from step 16 on: 4 to a bar line


def test_limits_in_beats_become_steps(scribe):
    compose(TUNE, "transformer", max_rest=0.5, max_note=4)
    options = scribe.asked[1][3]
    assert (options["max_rest"], options["max_note"]) == (2, 16)


def test_bach_is_called_chorale_by_a_network(scribe):
    compose(TUNE, "transformer")
    compose(TUNE, "transformer", genre="palestrina")
    compose(TUNE, "transformer", genre="jazz")
    genres = [options["genre"] for _, _, _, options in scribe.asked[::2]]
    assert genres == ["chorale", "palestrina", "chorale"]


def test_chorale_is_another_name_for_bach(scribe):
    made = compose(TUNE, "transformer", genre="chorale")
    assert made.provenance["genre"] == "bach"


def test_very_long_bars_are_counted_as_two(scribe):
    breve = Score.from_notes(LINE, metres=(Metre(0, 8, 4),))
    compose(breve, "melody-rnn", steps=8)
    assert scribe.asked[0][3]["steps_per_bar"] == 16


# --- voices that were given --------------------------------------------------


def test_given_voices_stay_note_for_note_and_go_on(scribe):
    given = four_voices()
    made = compose(given, "transformer", extension_bars=1)
    assert [what for what, *_ in scribe.asked] == ["extend"]
    for before, after in zip(given.tracks, made.score.tracks, strict=True):
        assert after.notes[:2] == before.notes
        assert [note.start for note in after.notes[2:]] == [32]
        assert after.notes[2].velocity == before.notes[0].velocity
    assert "kept and go on" in made.notes[-1]


def test_given_voices_are_heard_as_they_sound(scribe):
    compose(four_voices(), "transformer", extension_bars=1)
    heard = scribe.asked[0][1].pitches[:, [0, 31]]
    assert heard.T.tolist() == [[72, 65, 60, 48], [71, 64, 59, 47]]


def test_given_voices_move_by_octaves_with_the_melody():
    low = four_voices().transposed(-24)
    melody = prepare(Score(low.tracks[:1]))
    assert melody.octaves == 2
    heard = with_voices(melody, low.tracks[1:], 32)
    assert heard.pitches[:, 0].tolist() == [72, 65, 60, 48]


def test_a_composition_goes_on_with_its_voices(scribe):
    first = compose(TUNE, "random", seed=1)
    made = compose(first, "transformer", extension_bars=1)
    for before, after in zip(first.score.tracks, made.score.tracks, strict=True):
        assert after.notes[: len(before.notes)] == before.notes
    assert replay(made.provenance).score == made.score


def test_a_band_leaves_only_its_melody_to_go_on(scribe):
    made = compose(compose(TUNE, "random", "pop"), "transformer", extension_bars=1)
    assert scribe.asked[0][0] == "harmonise"
    assert made.given_notes == TUNE.tracks[0].notes


def test_a_file_with_four_voices_goes_on_with_them(scribe, tmp_path):
    path = tmp_path / "chorale.mid"
    write_midi(four_voices(("Soprano", "Alto", "Tenor", "Bass")), path)
    made = compose(path, "transformer", extension_bars=1)
    assert [what for what, *_ in scribe.asked] == ["extend"]
    assert replay(made.provenance).score == made.score


def test_to_harmonise_is_to_write_new_voices_of_the_same_length(scribe):
    made = compose(four_voices(), "transformer", mode="harmonise")
    assert [what for what, *_ in scribe.asked] == ["harmonise"]
    assert made.score.end == 32
    assert made.score.tracks[0].notes == four_voices().tracks[0].notes
    assert {note.pitch for note in made.score.tracks[1].notes} == {67}


@pytest.mark.parametrize(
    "score",
    [
        four_voices(("Melody", "Viola", "Cello", "Piano")),
        Score(four_voices().tracks[:3]),
        Score((*four_voices().tracks[:3], Track((), "Bass"))),
        Score((*four_voices().tracks[:3], Track((Note(0, 36, 1),), "Bass", 0, True))),
    ],
)
def test_other_tracks_are_not_taken_for_voices(score):
    assert lower_voices(score) == ()


# --- what comes back ---------------------------------------------------------


def test_a_band_plays_what_follows_as_well(scribe):
    made = compose(TUNE, "transformer", "pop", extension_bars=2)
    assert made.given_notes == TUNE.tracks[0].notes
    assert all(track.end > 32 for track in made.score.tracks)


def test_a_low_melody_goes_on_low(scribe):
    made = compose(TUNE.transposed(-24), "melody-rnn", steps=4)
    assert made.score.tracks[0].notes[-1].pitch == 48


def test_what_follows_is_as_loud_as_the_melody(scribe):
    loud = Score((Track(tuple(Note(s, p, d, 111) for s, p, d in LINE)),))
    assert (
        compose(loud, "melody-rnn", steps=4).score.tracks[0].notes[-1].velocity == 111
    )


def test_notes_before_silence_and_after_it_keep_their_places(scribe):
    late = Score.from_notes([(64 + start, p, d) for start, p, d in LINE])
    made = compose(late, "transformer", extension_bars=1)
    assert made.given_notes == late.tracks[0].notes
    assert [track.notes[-1].start for track in made.score.tracks] == [96] * 4


def test_the_notes_say_how_much_was_written(scribe):
    made = compose(TUNE, "transformer", extension_bars=4)
    assert made.notes[-1].startswith("The network wrote 4 bars (8 seconds)")


# --- asking whether it listens -----------------------------------------------


def test_only_given_notes_can_be_moved(scribe):
    made = compose(TUNE, "melody-rnn", steps=8)
    with pytest.raises(InputError, match="those from 8 on are the network's own"):
        does_it_listen(made, 8, semitones=2)


def test_what_follows_in_the_melodys_track_counts_as_an_answer(scribe):
    made = compose(TUNE, "melody-rnn", steps=16)
    scribe.longer = lambda grid, n: Grid(
        np.concatenate([grid.pitches, np.full((1, n), 60)], axis=1)
    )
    heard = does_it_listen(made, 0, semitones=2)
    assert heard.changed_before == [[0, 8]]
    assert heard.changed_after == [[0, 8]]
    assert heard.elsewhere == 1.0


def test_given_voices_stay_while_a_note_is_moved(scribe):
    first = compose(TUNE, "random", seed=1)
    made = compose(first, "transformer", extension_bars=1)
    heard = does_it_listen(made, 2, semitones=1)
    assert heard.after.score.tracks[1].notes == made.score.tracks[1].notes


@pytest.mark.parametrize("n_given", ["8", None, 3.5])
def test_a_damaged_count_of_given_notes_does_no_harm(scribe, n_given):
    made = compose(TUNE, "random")
    made.provenance["n_given"] = n_given
    assert made.given_notes == TUNE.tracks[0].notes


# --- bad input ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("technique", "options", "words"),
    [
        ("melody-rnn", {"temperature": 0}, "0.05 to 5"),
        ("melody-rnn", {"temperature": -1}, "0.05 to 5"),
        ("melody-rnn", {"top_k": 39}, "0 to 38"),
        ("melody-rnn", {"top_p": 0}, "0.05 to 1"),
        ("melody-rnn", {"variant": "basic"}, "attention or lookback"),
        ("melody-rnn", {"variant": 3}, "attention or lookback"),
        ("melody-rnn", {"instruments": ["oboe", "flute"]}, "one track, the melody"),
        ("melody-rnn", {"genre": "jazz"}, "choose the technique wgan"),
        ("melody-rnn", {"steps": 10_000}, "0 to 2048"),
        ("transformer", {"mode": "sing"}, "extend or harmonise"),
        ("transformer", {"extension_bars": 0}, "1 to 128"),
        ("transformer", {"max_rest": -1}, "0 to 16"),
        ("wgan", {"genre": "folk"}, "choose the technique melody-rnn"),
        ("random", {"model": "bach", "genre": "folk"}, "choose the technique"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(technique, options, words):
    with pytest.raises(InputError, match=words) as caught:
        compose(TUNE, technique, **options)
    assert "\n" not in str(caught.value)


def test_drums_alone_are_no_primer():
    drums = Score((Track((Note(0, 38, 1),), "Drums", is_drum=True),))
    with pytest.raises(InputError, match="only drums"):
        compose(drums, "melody-rnn")

"""The player's Python side, without a browser."""

from __future__ import annotations

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi_write import write_midi
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.widgets import Player

TUNE = Track((Note(0, 60, 16), Note(16, 64, 16), Note(32, 67, 16)), "Tune", 73)
BASS = Track((Note(0, 40, 48),), "Bass", 33)
BEAT = Track((Note(0, 36, 1),), "Beat", is_drum=True)
SONG = Score((TUNE, BASS, BEAT), tempo=90, title="Song")


def messages(player):
    """Return a list that fills with what the player sends to the browser."""
    sent = []
    player.send = sent.append
    return sent


def test_the_browser_is_given_the_music_exactly():
    assert Player(SONG).music == score_to_dict(SONG)


def test_each_track_is_heard_with_its_own_instrument():
    player = Player(SONG)
    assert player.programs == [73, 33, 0]
    assert [mix["is_drum"] for mix in player.mix] == [False, False, True]


def test_the_score_comes_back_as_it_was_given():
    assert Player(SONG).score == SONG


def test_the_score_has_the_instruments_chosen_in_the_player():
    player = Player(SONG)
    player.set_track(0, instrument="overdriven guitar")
    assert player.score.tracks[0].program == 29
    assert player.score.tracks[0].notes == TUNE.notes


def test_a_track_can_become_drums():
    player = Player(SONG)
    player.set_track(0, instrument="drums")
    assert player.score.tracks[0].is_drum


def test_the_seed_instruments_are_found_by_name():
    player = Player(SONG)
    names = {
        "overdriven guitar": 29,
        "electric guitar (clean)": 27,
        "electric bass (finger)": 33,
    }
    for name, program in names.items():
        player.set_track(0, instrument=name)
        assert player.programs[0] == program


def test_only_what_is_named_changes():
    player = Player(SONG)
    player.set_track(1, mute=True)
    player.set_track(1, volume=0.5)
    assert player.mix[1] == {
        "program": 33,
        "is_drum": False,
        "volume": 0.5,
        "mute": True,
        "solo": False,
    }


def test_a_composition_is_played_by_its_score():
    class Composition:
        score = SONG

    assert Player(Composition()).score == SONG


def test_a_file_is_played(tmp_path):
    path = tmp_path / "song.mid"
    write_midi(SONG, path)
    assert len(Player(path).score.notes) == len(SONG.notes)


def test_no_music_is_an_empty_player():
    player = Player()
    assert player.music["tracks"] == []
    assert player.mix == []


def test_other_music_keeps_volume_mute_and_solo_but_brings_its_instruments():
    player = Player(SONG)
    player.set_track(0, volume=0.3, solo=True, instrument="violin")
    player.score = Score((TUNE, BASS))
    assert player.mix[0]["volume"] == 0.3
    assert player.mix[0]["solo"]
    assert player.programs == [73, 33]


def test_other_music_has_nothing_pointed_out():
    player = Player(SONG, changed=[(0, 1)])
    player.score = Score((TUNE,))
    assert player.changed == []


def test_bars_are_looped_both_included():
    player = Player(SONG)
    player.loop_bars(2, 3)
    assert player.loop == [16, 48]
    player.loop_bars(None)
    assert player.loop == []


def test_bars_are_counted_in_the_musics_own_metre():
    waltz = Score((BASS,), metres=(Metre(0, 3, 4),), pickup=4)
    assert Player(waltz, loop=(1, 2)).loop == [4, 28]
    assert Player(waltz, loop=(0, 0)).loop == [0, 4]


def test_buttons_can_be_pressed_from_python():
    player = Player(SONG)
    sent = messages(player)
    player.play()
    player.play(16, until=32)
    player.seek(8)
    player.seek_bar(3)
    player.pause()
    player.stop()
    assert sent == [
        {"kind": "play", "from": None, "until": None},
        {"kind": "play", "from": 16, "until": 32},
        {"kind": "seek", "step": 8.0},
        {"kind": "seek", "step": 32},
        {"kind": "pause"},
        {"kind": "stop"},
    ]


def test_the_position_can_be_observed():
    player = Player(SONG)
    seen = []
    player.observe(lambda change: seen.append(change.new), "position")
    player.set_state({"position": 12.5})  # as the browser does
    assert seen == [12.5]


def test_changed_notes_are_pointed_out_by_track_and_number():
    player = Player(SONG)
    player.show_changed([(0, 2), (1, 0)])
    assert player.changed == [[0, 2], [1, 0]]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"music": 3}, "The player was given a int"),
        ({"speed": 9}, "The speed is 9"),
        ({"volume": "loud"}, "The volume is 'loud'"),
        ({"view": "notes"}, "The view is 'notes'"),
        ({"loop": (3, 2)}, "the first must come first"),
        ({"changed": [(0, 9)]}, "Track 0 has no note 9"),
        ({"changed": [(5, 0)]}, "no track 5"),
    ],
)
def test_a_player_that_cannot_be_is_refused_in_a_sentence(values, words):
    with pytest.raises(InputError, match=words):
        Player(**{"music": SONG} | values)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda player: player.loop_bars(7), "no bar 7: the bars go from 1 to 3"),
        (lambda player: player.seek_bar(0), "no bar 0"),
        (lambda player: player.seek(-1), "The step is -1"),
        (lambda player: player.seek(float("nan")), "The step is nan"),
        (lambda player: player.set_track(3, mute=True), "no track 3"),
        (lambda player: player.set_track(0, volume=2), "The volume is 2"),
        (lambda player: player.set_track(0, instrument="bagpype"), "bagpype"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(action, words):
    with pytest.raises(InputError, match=words):
        action(Player(SONG))

"""The Python side of the piano keyboard, without any browser."""

from __future__ import annotations

import subprocess
import sys

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.soundfont import soundfont_path
from deepcomposer_edu.viz.colours import TRACK_COLOURS
from deepcomposer_edu.widgets import PianoKeyboard

TOUCH = [
    {"time": 500.0, "pitch": 60, "velocity": 90, "source": "mouse"},
    {"time": 1100.0, "pitch": 60, "velocity": 0, "source": "mouse"},
]


def finish_recording(keyboard, events):
    """Let the browser's message come in: events and number in one."""
    state = {"recorded": events, "n_takes": keyboard.n_takes + 1}
    keyboard.set_state(state)


@pytest.fixture
def sent(monkeypatch):
    """What is sent to the browser: (message, buffers)."""
    messages = []

    def note(self, content, buffers=None):
        messages.append((content, buffers or []))

    monkeypatch.setattr(PianoKeyboard, "send", note)
    return messages


def test_it_opens_on_32_keys_from_f3_where_melodies_lie():
    keyboard = PianoKeyboard()
    assert (keyboard.low, keyboard.n_keys) == (53, 32)


def test_an_instrument_can_be_given_by_name():
    assert PianoKeyboard(instrument="flute").instrument == 73


def test_the_menu_has_all_128_instruments():
    names = [name for _, names in PianoKeyboard().instruments for name in names]
    assert len(names) == 128
    assert names[0] == "Acoustic grand piano"


def test_its_colours_are_those_of_the_figures():
    assert tuple(PianoKeyboard().track_colours) == TRACK_COLOURS


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": -1},
        {"low": 100, "n_keys": 32},
        {"low": 53, "octave_shift": 6},
        {"low": 53, "octave_shift": 4},
        {"n_keys": 0},
        {"n_keys": 89},
        {"n_keys": 31.5},
        {"low": True},
        {"volume": 1.1},
        {"volume": float("nan")},
        {"tempo": 10},
        {"instrument": 128},
        {"instrument": "kazoo of doom"},
    ],
)
def test_a_wrong_setting_is_refused_in_one_sentence(wrong):
    with pytest.raises(InputError) as error:
        PianoKeyboard(**wrong)
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


def test_the_recording_is_a_score_at_the_keyboards_tempo():
    keyboard = PianoKeyboard(tempo=200, instrument=19)
    finish_recording(keyboard, TOUCH)
    (note,) = keyboard.score.notes
    assert (note.start, note.duration) == (0, 8)
    assert (keyboard.score.tempo, keyboard.score.tracks[0].program) == (200, 19)


def test_another_tempo_can_be_asked_for():
    keyboard = PianoKeyboard()
    finish_recording(keyboard, TOUCH)
    assert keyboard.recording(tempo=50).notes[0].duration == 2


def test_the_tempo_can_be_guessed():
    keyboard = PianoKeyboard(tempo=60)
    beats = [time for i in range(8) for time in (480 * i, 480 * i + 400)]
    velocities = [90, 0] * 8
    events = [
        {"time": time, "pitch": 60, "velocity": velocity, "source": "mouse"}
        for time, velocity in zip(beats, velocities, strict=True)
    ]
    finish_recording(keyboard, events)
    assert keyboard.recording(tempo="guess").tempo == 125


def test_with_too_few_notes_to_guess_the_widgets_tempo_stays():
    keyboard = PianoKeyboard(tempo=60)
    finish_recording(keyboard, TOUCH)
    assert keyboard.recording(tempo="guess").tempo == 60


def test_without_a_recording_a_sentence_says_what_to_do():
    keyboard = PianoKeyboard()
    assert not keyboard.has_recording
    with pytest.raises(InputError, match="press Record"):
        keyboard.recording()


def test_an_empty_recording_is_no_recording():
    keyboard = PianoKeyboard()
    heard = []
    keyboard.on_record(heard.append)
    finish_recording(keyboard, [])
    assert (keyboard.has_recording, heard) == (False, [])


def test_each_callback_is_called_once_with_the_score():
    keyboard = PianoKeyboard()
    first, second = [], []
    keyboard.on_record(first.append)
    keyboard.on_record(second.append)
    finish_recording(keyboard, TOUCH)
    assert [len(score.notes) for score in first + second] == [1, 1]


def test_loading_a_score_makes_it_ready_to_play(sent):
    keyboard = PianoKeyboard()
    keyboard.load(Score.from_notes([(0, 60, 4)], tempo=120, title="One note"))
    assert keyboard.song["events"] == [[0, 0, 60, 80], [500, 0, 60, 0]]
    assert keyboard.status == "One note is loaded, one track: press Play."
    assert ({"kind": "show_song"}, []) in sent


def test_loading_none_takes_the_score_away():
    keyboard = PianoKeyboard()
    keyboard.load(Score.from_notes([(0, 60, 4)]))
    keyboard.load(None)
    assert keyboard.song == {}


@pytest.mark.parametrize("wrong", ["ode_to_joy.mid", [60, 62], Score()])
def test_what_is_no_music_can_not_be_loaded(wrong):
    with pytest.raises(InputError):
        PianoKeyboard().load(wrong)


def test_record_stop_and_play_are_sent_to_the_browser(sent):
    keyboard = PianoKeyboard()
    keyboard.record()
    keyboard.stop()
    keyboard.play()
    kinds = [message["kind"] for message, _ in sent if "kind" in message]
    assert kinds == ["record", "stop", "play"]


def test_the_browser_gets_soundfont_and_synthesizer_when_it_asks(sent):
    keyboard = PianoKeyboard()
    keyboard._handle_custom_msg({"kind": "sound?"}, [])
    ((message, (soundfont, synthesizer)),) = sent
    assert message == {"kind": "sound"}
    assert soundfont == soundfont_path().read_bytes()
    assert b"createSynth" in synthesizer


def test_a_missing_soundfont_is_told_to_the_browser(sent, monkeypatch):
    def missing():
        raise InputError("The instrument sounds are missing.")

    monkeypatch.setattr("deepcomposer_edu.music.soundfont.soundfont_path", missing)
    PianoKeyboard()._handle_custom_msg({"kind": "sound?"}, [])
    assert sent == [
        ({"kind": "sound", "problem": "The instrument sounds are missing."}, [])
    ]


def test_other_messages_of_the_browser_are_passed_over(sent):
    PianoKeyboard()._handle_custom_msg({"kind": "hello"}, [])
    assert sent == []


def test_importing_the_widgets_loads_neither_torch_nor_matplotlib():
    script = (
        "import sys, deepcomposer_edu.widgets\n"
        "print(sorted({'torch', 'matplotlib', 'rtmidi'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"

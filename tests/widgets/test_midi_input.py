"""MIDI keyboards through Python, over a genuine MIDI port between two processes."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time

import pytest
from midi_ports import PATIENCE, device_fixture, jack_fixture  # noqa: F401

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets import PianoKeyboard, midi_input
from deepcomposer_edu.widgets.midi_input import MidiInput, list_ports
from deepcomposer_edu.widgets.recording import events_to_score


def wait_until(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.01)


CLOCK = 0xF8


def knock(device, heard):
    """JACK connects a little after the port is open: send ticks until one arrives."""
    wait_until(lambda: device(CLOCK) or heard, "the connection carried a tick")


@contextlib.contextmanager
def listening(device):
    """A port that certainly hears the device."""
    heard = []
    with MidiInput("fake 32", on_message=lambda *_: heard.append(True)) as port:
        knock(device, heard)
        yield port


@pytest.mark.ports
def test_a_plugged_in_keyboard_is_listed(device):
    assert any("Fake 32" in name for name in list_ports())


@pytest.mark.ports
def test_what_is_played_on_a_port_becomes_a_score(device):
    with listening(device) as port:
        for message in ([0x90, 60, 80], [0x90, 64, 70], [0x90, 60, 0], [0x80, 64, 0]):
            device(*message)
        wait_until(lambda: len(port.events) == 4, "four messages came")
    score = events_to_score(port.events, tempo=300)
    assert {(note.pitch, note.velocity) for note in score.notes} == {(60, 80), (64, 70)}


@pytest.mark.ports
def test_times_grow_in_the_order_played(device):
    with listening(device) as port:
        for pitch in range(60, 70):
            device(0x90, pitch, 80)
        wait_until(lambda: len(port.events) == 10, "ten messages came")
    times = [event["time"] for event in port.events]
    assert times == sorted(times)


@pytest.mark.ports
def test_the_pedal_is_heard_and_the_clock_is_not(device):
    with listening(device) as port:
        device(CLOCK)
        device(0xB0, 64, 127)
        wait_until(lambda: port.events, "the pedal came")
    assert [event.get("pedal") for event in port.events] == [True]


@pytest.mark.ports
def test_the_widget_passes_messages_to_the_browser(device, monkeypatch):
    sent = []
    keyboard = PianoKeyboard()
    monkeypatch.setattr(keyboard, "send", sent.append)
    name = keyboard.connect_midi("Fake 32")
    knock(device, sent)
    device(0x90, 60, 80)
    touch = [0x90, 60, 80]
    wait_until(lambda: list(sent[-1]["bytes"]) == touch, "the widget sent the touch")
    assert (keyboard.midi_inputs, keyboard.midi_state) == ([name], "kernel")
    message = sent[-1]
    assert (message["kind"], list(message["bytes"])) == ("midi", [0x90, 60, 80])
    keyboard.disconnect_midi()
    assert sent[-1] == {"kind": "unplug", "device": name}
    assert keyboard.midi_inputs == []


@pytest.mark.ports
def test_a_port_that_is_not_there_is_named_with_those_that_are(device):
    with pytest.raises(InputError, match=r'"Grand".*Fake 32'):
        MidiInput("Grand")


def test_no_keyboard_at_all_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr(midi_input, "list_ports", list)
    with pytest.raises(InputError, match="plug it in"):
        MidiInput()


def test_the_first_real_port_is_chosen_before_through_ports():
    names = ["Midi Through:Port-0", "Keys 32"]
    assert midi_input._choose_port(None, names) == "Keys 32"


def test_without_python_rtmidi_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "rtmidi", None)
    with pytest.raises(InputError, match=r"pip install.*\[midi\]"):
        list_ports()


def test_an_unusable_midi_system_is_a_sentence():
    script = (
        "import mido; mido.set_backend('mido.backends.rtmidi/LINUX_ALSA')\n"
        "from deepcomposer_edu.widgets.midi_input import list_ports\n"
        "try:\n    print(list_ports())\n"
        "except Exception as error:\n    print(type(error).__name__, error)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    answer = result.stdout.strip()
    assert answer.startswith(("InputError This computer's MIDI system", "["))

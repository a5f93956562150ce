"""MIDI keyboards through Python, over a genuine MIDI port between two processes."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading

import pytest
from midi_ports import (  # noqa: F401
    CLOCK,
    PATIENCE,
    device_fixture,
    jack_fixture,
    knock,
    wait_until,
)

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music import midi_ports
from deepcomposer_edu.widgets import PianoKeyboard
from deepcomposer_edu.widgets.midi_input import MidiInput, Moved, list_ports
from deepcomposer_edu.widgets.recording import events_to_score


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
def test_a_knob_is_kept_with_its_channel(device):
    with listening(device) as port:
        device(0xB3, 21, 64)
        wait_until(lambda: port.controls, "the knob came")
    assert port.controls == {(3, 21): 64}


@pytest.mark.ports
def test_the_knob_that_is_moved_while_waiting_is_returned(device):
    with listening(device) as port:
        device(0xB0, 20, 1)
        wait_until(lambda: port.controls, "the knob before came")
        mover = threading.Timer(0, device, (0xB0, 21, 64))
        mover.start()
        assert port.wait_for_control(PATIENCE) == Moved(21, 0, 64)


@pytest.mark.ports
def test_waiting_in_vain_for_a_knob_is_said_in_a_sentence(device):
    with listening(device) as port, pytest.raises(InputError, match="move one while"):
        port.wait_for_control(seconds=0)


@pytest.mark.ports
def test_a_pulled_plug_is_told_and_the_device_is_heard_again_when_it_is_back(device):
    told, heard = [], []
    with MidiInput("fake 32", lambda *_: heard.append(True), told.append) as port:
        knock(device, heard)
        device.unplug()
        wait_until(lambda: told == [False], "the unplugging was told")
        assert not port.is_plugged
        device.plug()
        wait_until(lambda: told == [False, True], "the plugging in was told")
        heard.clear()
        knock(device, heard)


OPEN_AND_CLOSE = """
from deepcomposer_edu.widgets.midi_input import MidiInput
for _ in range(5):
    with MidiInput("fake 32") as port:
        while not port.controls:
            pass
"""


@pytest.mark.ports
def test_a_port_closes_while_it_is_played(device):
    # In a process of its own: a port that does not close holds Python's lock for ever.
    command = [sys.executable, "-c", OPEN_AND_CLOSE]
    with subprocess.Popen(command) as process:
        wait_until(
            lambda: device(0xB0, 21, 64) or process.poll() is not None,
            "the port was opened and closed five times",
        )
    assert process.returncode == 0


@pytest.mark.ports
def test_a_device_that_comes_later_is_waited_for(device):
    device.unplug()
    heard = []
    with MidiInput("fake 32", lambda *_: heard.append(True), can_wait=True) as port:
        assert port.name == ""
        device.plug()
        wait_until(lambda: port.is_plugged, "the device was found")
        knock(device, heard)
    assert "Fake 32" in port.name


@pytest.mark.ports
def test_a_closed_port_stays_closed_when_the_device_comes_back(device):
    port = MidiInput("fake 32")
    port.close()
    port.close()
    port._look(list_ports())
    assert not port.is_plugged


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


def test_a_message_that_python_comes_late_to_keeps_its_time(monkeypatch):
    now = iter([100.0, 100.001, 100.501, 101.0])  # Python's clock, in seconds
    monkeypatch.setattr(midi_ports.time, "perf_counter", lambda: next(now))
    timer = midi_ports._Timer()
    # The driver says that 0.1 s lay between the notes; Python came 0.4 s late to one.
    times = [timer.milliseconds(gap) for gap in (0.0, 0.1, 0.9)]
    assert times == pytest.approx([1, 101, 1000])


def test_no_keyboard_at_all_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr(midi_ports, "list_ports", list)
    with pytest.raises(InputError, match="plug it in"):
        MidiInput()


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

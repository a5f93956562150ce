"""`deepcomposer midi` over a genuine MIDI port between two processes."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from midi_ports import device_fixture, jack_fixture, wait_until  # noqa: F401

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.music import midi_ports

CLOCK = 0xF8


@pytest.mark.ports
def test_the_ports_are_listed_with_what_they_are_taken_for(device, capsys):
    assert main(["midi"]) == 0
    line = next(row for row in capsys.readouterr().out.split("\n") if "Fake 32" in row)
    assert "Any MIDI keyboard" in line


@pytest.mark.ports
def test_what_a_controller_sends_is_shown_in_words_until_ctrl_c(device):
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "deepcomposer_edu", "midi", "-l", "-b"],
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = []

    def read():
        lines.extend(iter(process.stdout.readline, ""))

    reader = threading.Thread(target=read)
    reader.start()
    wait_until(lambda: lines, "the command listens")
    # The connection is made a little later: move the knob until that shows.
    wait_until(lambda: device(0xB0, 7, 100) or len(lines) > 1, "a message is shown")
    process.send_signal(2)
    assert process.wait() == 0
    reader.join()
    assert "Fake 32" in lines[0]
    assert "176   7 100  Volume slider (controller 7) = 100: volume" in lines[1]


@pytest.mark.ports
def test_listening_ends_after_the_seconds_that_were_asked_for(device, capsys):
    assert main(["midi", "-l", "-p", "fake", "--seconds", "0.01"]) == 0
    assert "Ctrl-C ends" in capsys.readouterr().out


@pytest.mark.ports
def test_a_port_that_is_not_there_is_named_with_those_that_are(device, capsys):
    assert main(["midi", "--listen", "--port", "Grand"]) == 2
    assert "Fake 32" in capsys.readouterr().err


def test_no_keyboard_is_said_and_listening_to_none_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(midi_ports, "list_ports", list)
    assert main(["midi"]) == 0
    assert "No MIDI keyboard" in capsys.readouterr().out
    assert main(["midi", "--listen"]) == 2
    assert "plug it in" in capsys.readouterr().err


def test_a_time_that_is_none_is_refused(capsys):
    assert main(["midi", "--listen", "--seconds", "-1"]) == 2
    assert "more than 0" in capsys.readouterr().err

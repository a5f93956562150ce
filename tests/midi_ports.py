"""Genuine MIDI ports without a sound card: JACK's dummy driver, and a keyboard on it.

from midi_ports import device_fixture, jack_fixture  # noqa: F401

def test_a_touch_arrives(device):
    device(0x90, 60, 80)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from needs import require

PATIENCE = 20  # seconds; a busy machine starts processes slowly

# Plays what it is told on its standard input, one list of MIDI bytes a line.
KEYBOARD = """
import json, sys, mido
mido.set_backend("mido.backends.rtmidi/UNIX_JACK")
port = mido.open_output("Keys", virtual=True, client_name="Fake 32")
print("plugged in", flush=True)
for line in sys.stdin:
    port.send(mido.Message.from_bytes(json.loads(line)))
"""


@pytest.fixture(name="jack", scope="module")
def jack_fixture():
    """A JACK server of its own, which mido uses; gives the environment for others."""
    require(shutil.which("jackd"), "jackd is not installed (apt: jackd2)")
    rtmidi = pytest.importorskip("rtmidi")
    require(rtmidi.API_UNIX_JACK in rtmidi.get_compiled_api(), "rtmidi without JACK")
    import mido

    name = f"course{os.getpid()}"
    environment = {
        "JACK_NO_AUDIO_RESERVATION": "1",
        "JACK_NO_START_SERVER": "1",
        "JACK_DEFAULT_SERVER": name,
        "MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK",
    }
    patch = pytest.MonkeyPatch()
    for variable, value in environment.items():
        patch.setenv(variable, value)
    # Patient with clients: on a busy machine JACK drops them after half a second.
    options = ["--no-realtime", "--timeout", "20000", "--name", name, "-d", "dummy"]
    process = subprocess.Popen(
        ["jackd", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    before = mido.backend
    mido.set_backend(environment["MIDO_BACKEND"])
    wait = ["jack_wait", "--wait", "--timeout", str(PATIENCE), "--server", name]
    if shutil.which("jack_wait"):
        subprocess.run(wait, check=True, stdout=subprocess.DEVNULL)
    yield environment
    mido.set_backend(before)
    patch.undo()
    process.terminate()
    process.wait(PATIENCE)


@pytest.fixture(name="device")
def device_fixture(jack):
    """A MIDI keyboard in another process: device(0x90, 60, 80) plays a message."""
    process = subprocess.Popen(
        [sys.executable, "-c", KEYBOARD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "plugged in\n"

    def send(*message):
        process.stdin.write(f"{list(message)}\n")
        process.stdin.flush()

    yield send
    process.stdin.close()
    process.wait(PATIENCE)
    process.stdout.close()

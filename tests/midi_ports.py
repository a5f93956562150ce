"""Genuine MIDI ports without a sound card: JACK's dummy driver, and a keyboard on it.

from midi_ports import device_fixture, jack_fixture  # noqa: F401

def test_a_touch_arrives(device):
    device(0x90, 60, 80)
    device.unplug()
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from filelock import FileLock
from needs import require

PATIENCE = 20  # seconds; a busy machine starts processes slowly
# JACK's servers of one user share a registry: of two that begin or end at the same
# time, one may not be found. So the test files that need one take turns, also those of
# another run of the tests (see conftest.py for the folder).
SHARED = os.environ.get("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
TURN = FileLock(Path(SHARED) / "deepcomposer-tests-jack.lock")

# Plays what it is told on its standard input, one message a line; says when, if asked.
KEYBOARD = """
import json, sys, time, mido
mido.set_backend("mido.backends.rtmidi/UNIX_JACK")
port = mido.open_output("Keys", virtual=True, client_name="Fake 32")
print("plugged in", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    sent = time.time()
    port.send(mido.Message.from_bytes(order["bytes"]))
    if order["tell"]:
        print(sent, flush=True)
"""


@contextlib.contextmanager
def jack_server(period=1024):
    """A JACK server of its own, which mido uses; gives the environment for others.

    `period` is how many frames, of 48,000 a second, lie between two of its cycles.
    """
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
    # Patient with clients: on a busy machine JACK drops them after half a second, and
    # what they play when a cycle is not done in time, unless it waits (--sync).
    options = ["--no-realtime", "--sync", "--timeout", "20000", "--name", name]
    process = subprocess.Popen(
        ["jackd", *options, "-d", "dummy", "--period", str(period)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    before = mido.backend
    mido.set_backend(environment["MIDO_BACKEND"])
    wait = ["jack_wait", "--wait", "--timeout", str(PATIENCE), "--server", name]
    if shutil.which("jack_wait"):
        subprocess.run(wait, check=True, stdout=subprocess.DEVNULL)
    try:
        yield environment
    finally:
        mido.set_backend(before)
        patch.undo()
        process.terminate()
        try:
            process.wait(PATIENCE / 4)
        except subprocess.TimeoutExpired:  # it waits for a client that is still there
            process.kill()
            process.wait(PATIENCE)


@pytest.fixture(name="jack", scope="module")
def jack_fixture():
    """A JACK server, for all tests of a file; see jack_server."""
    require(shutil.which("jackd"), "jackd is not installed (apt: jackd2)")
    rtmidi = pytest.importorskip("rtmidi")
    require(rtmidi.API_UNIX_JACK in rtmidi.get_compiled_api(), "rtmidi without JACK")
    with TURN, jack_server() as environment:
        yield environment


class Device:
    """A MIDI keyboard in another process: device(0x90, 60, 80) plays a message."""

    def __init__(self):
        self.process = None
        self.plug()

    def plug(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", KEYBOARD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "plugged in\n"

    def unplug(self):
        if self.process is None:
            return
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.process = None

    def __call__(self, *message):
        self._order(message, tell=False)

    def send_and_tell(self, *message):
        """Play a message; return when it was sent, in seconds since 1970."""
        self._order(message, tell=True)
        return float(self.process.stdout.readline())

    def _order(self, message, tell):
        self.process.stdin.write(json.dumps({"bytes": message, "tell": tell}) + "\n")
        self.process.stdin.flush()


@pytest.fixture(name="device")
def device_fixture(jack):
    """A MIDI keyboard that is plugged in, until the test unplugs it."""
    device = Device()
    yield device
    device.unplug()


def wait_until(condition, what):
    """Wait for something that happens on another thread or in another process."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.01)


CLOCK = 0xF8


def knock(device, heard):
    """JACK connects a little after the port is open: send ticks until one arrives."""
    wait_until(lambda: device(CLOCK) or heard, "the connection carried a tick")

"""MIDI keyboards through Python, where the browser has no Web MIDI.

Needs the package python-rtmidi: `pip install "deepcomposer-edu[midi]"`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi_devices import CC_SUSTAIN
from deepcomposer_edu.music.midi_ports import (
    MidiPort,
    OnMessage,
    OnPlug,
    OnPorts,
    list_ports,
)
from deepcomposer_edu.widgets.recording import Event

__all__ = ["MidiInput", "Moved", "list_ports"]


@dataclass(frozen=True)
class Moved:
    """A knob, wheel or button that was moved.

    Attributes:
        controller: its MIDI controller, 0 to 127.
        channel: 0 to 15.
        value: 0 to 127.
    """

    controller: int
    channel: int
    value: int


class MidiInput(MidiPort):
    """An open MIDI input; what is played on it is kept and passed on.

    The time of a message is the driver's, within a millisecond or so of the touch, not
    when a cell gets to run.

    Attributes:
        events: the notes and pedals so far, as widgets/recording.py describes them.
        controls: the last value, 0 to 127, of each knob that was moved, by
            (channel, controller).

    Args:
        port: name of a port or a part of it, upper and lower case alike; None takes the
            first port that is not a "through" port of the system.
        on_message: is called with the time in ms and the bytes of each message, on a
            thread of its own.
        on_plug: is called with False when the device is pulled, with True when it is
            back.
        can_wait: whether to wait for the device where it isn't plugged in yet.
        on_ports: is called with the names of all ports, now and when they change.

    Raises:
        InputError: if python-rtmidi is missing, or there is no such port.
    """

    def __init__(
        self,
        port: str | None = None,
        on_message: OnMessage | None = None,
        on_plug: OnPlug | None = None,
        can_wait: bool = False,
        on_ports: OnPorts | None = None,
    ) -> None:
        self.events: list[Event] = []
        self.controls: dict[tuple[int, int], int] = {}
        self._moved = threading.Condition()
        self._last_moved: Moved | None = None
        super().__init__(port, on_message, on_plug, can_wait, on_ports)

    def receive(self, milliseconds: float, message) -> None:
        """Keep one message of mido's and pass it on."""
        event = _to_event(message, round(milliseconds, 1))
        if event is not None:
            self.events.append(event)
        if message.type == "control_change":
            with self._moved:
                moved = Moved(message.control, message.channel, message.value)
                self.controls[moved.channel, moved.controller] = moved.value
                self._last_moved = moved
                self._moved.notify_all()
        super().receive(milliseconds, message)

    def wait_for_control(self, seconds: float = 20.0) -> Moved:
        """Wait until a knob or button is moved, and return which: learning by touch.

        Args:
            seconds: how long to wait.

        Raises:
            InputError: if nothing was moved in that time.
        """
        with self._moved:
            self._last_moved = None
            if self._moved.wait_for(lambda: self._last_moved, timeout=seconds):
                return self._last_moved
        raise InputError(
            f"No knob or button of {self.name} was moved in {seconds:g} seconds: move "
            "one while the cell waits."
        )


def _to_event(message, milliseconds: float) -> Event | None:
    """Return a mido message as an event of a recording, or None if it is no note."""
    if message.type in ("note_on", "note_off"):
        # A note-on with velocity 0 is a note-off: keyboards send it to save bytes.
        velocity = message.velocity if message.type == "note_on" else 0
        return {
            "time": milliseconds,
            "pitch": message.note,
            "velocity": velocity,
            "source": "midi",
        }
    if message.type == "control_change" and message.control == CC_SUSTAIN:
        return {"time": milliseconds, "pedal": message.value >= 64, "source": "midi"}
    return None

"""MIDI keyboards through Python, where the browser has no Web MIDI.

Needs the package python-rtmidi: `pip install "deepcomposer-edu[midi]"`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets.recording import Event

CC_SUSTAIN = 64

# Receives the time in ms and the bytes of the message.
OnMessage = Callable[[float, tuple[int, ...]], None]


def _rtmidi_backend():
    """Return mido's backend for real ports.

    Raises:
        InputError: if python-rtmidi is not installed or finds no MIDI system.
    """
    import mido

    try:
        import rtmidi  # noqa: F401  (asked for here, to say so in one sentence)
    except ImportError:
        raise InputError(
            "MIDI ports need the package python-rtmidi, which is not installed: run "
            'pip install "deepcomposer-edu[midi]", or use the widget\'s MIDI button in '
            "Chrome, Edge or Firefox."
        ) from None
    return mido.backend


def list_ports() -> list[str]:
    """Return the names of the MIDI inputs that are plugged in.

    Raises:
        InputError: if python-rtmidi is missing or this computer has no MIDI system.
    """
    backend = _rtmidi_backend()
    try:
        return list(dict.fromkeys(backend.get_input_names()))
    except Exception as error:  # rtmidi raises its own kinds, one for each system
        raise InputError(
            f"This computer's MIDI system can't be used ({error}): close programs that "
            "hold the MIDI device, then try again."
        ) from None


class MidiInput:
    """An open MIDI input; what is played on it is kept and passed on.

    The time of a message is taken when the driver hands it over, within a millisecond
    or so of the touch, not when a cell gets to run.

    Args:
        port: name of a port or a part of it, upper and lower case alike; None takes the
            first port that is not a "through" port of the system.
        on_message: is called with the time in ms and the bytes of each message, on the
            driver's own thread.

    Raises:
        InputError: if python-rtmidi is missing, or there is no such port.
    """

    def __init__(
        self, port: str | None = None, on_message: OnMessage | None = None
    ) -> None:
        self.name = _choose_port(port, list_ports())
        self.events: list[Event] = []  # as widgets/recording.py describes them
        self._on_message = on_message
        self._opened = time.perf_counter()
        try:
            self._port = _rtmidi_backend().open_input(self.name, callback=self._receive)
        except Exception as error:
            raise InputError(
                f'The MIDI port "{self.name}" can\'t be opened ({error}): close the '
                "programs that use it, then try again."
            ) from None

    def _receive(self, message) -> None:
        """Keep one message of mido's and pass it on."""
        milliseconds = 1000 * (time.perf_counter() - self._opened)
        event = _to_event(message, round(milliseconds, 1))
        if event is not None:
            self.events.append(event)
        if self._on_message is not None:
            self._on_message(milliseconds, tuple(message.bytes()))

    def close(self) -> None:
        """Let go of the port; a second time does nothing."""
        self._port.close()

    def __enter__(self) -> MidiInput:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _choose_port(wanted: str | None, names: list[str]) -> str:
    """Return the port that is meant.

    Raises:
        InputError: if there is none, with the names there are.
    """
    if not names:
        raise InputError(
            "No MIDI keyboard is plugged in, or this computer shows none to Python: "
            "plug it in, then run this cell again."
        )
    if wanted is None:
        real = [name for name in names if "through" not in name.lower()]
        return (real or names)[0]
    for name in names:
        if wanted.lower() in name.lower():
            return name
    raise InputError(
        f'There is no MIDI port called "{wanted}"; there is: ' + ", ".join(names) + "."
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

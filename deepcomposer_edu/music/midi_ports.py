"""MIDI ports of this computer: which there are, and what is played on one.

Needs the package python-rtmidi: `pip install "deepcomposer-edu[midi]"`.
"""

from __future__ import annotations

import importlib.util
import re
import threading
import time
from collections.abc import Callable, Iterator

from deepcomposer_edu.errors import InputError

LOOK_EVERY = 1.0  # seconds between two looks at what is plugged in
ASK_EVERY = 0.002  # seconds between two looks at what was played

# Receives the time in ms since the port was opened, and the bytes of the message.
OnMessage = Callable[[float, tuple[int, ...]], None]
# Receives whether the device is plugged in now.
OnPlug = Callable[[bool], None]
# Receives the names of all ports, when one has come or gone.
OnPorts = Callable[[list[str]], None]


def _backend():
    """Return mido's backend for real ports.

    Raises:
        InputError: if python-rtmidi is not installed.
    """
    import mido

    if importlib.util.find_spec("rtmidi") is None:
        raise InputError(
            "MIDI ports need the package python-rtmidi, which is not installed: run "
            'pip install "deepcomposer-edu[midi]", or use the widget\'s MIDI button in '
            "Chrome, Edge or Firefox."
        )
    return mido.backend


def list_ports() -> list[str]:
    """Return the names of the MIDI inputs that are plugged in.

    Raises:
        InputError: if python-rtmidi is missing or this computer has no MIDI system.
    """
    backend = _backend()
    try:
        return list(dict.fromkeys(backend.get_input_names()))
    except Exception as error:  # rtmidi raises its own kinds, one for each system
        raise InputError(
            f"This computer's MIDI system can't be used ({error}): close programs that "
            "hold the MIDI device, then try again."
        ) from None


def is_through(name: str) -> bool:
    """Say whether a port is the system's own loop, on which nobody plays."""
    return "through" in name.lower()


def choose_port(wanted: str | None, names: list[str]) -> str:
    """Return the port that is meant.

    Args:
        wanted: a name or a part of it, upper and lower case alike; None takes the
            first port that is not a "through" port of the system.
        names: the ports there are.

    Raises:
        InputError: if there is none, with the names there are.
    """
    real = [name for name in names if not is_through(name)]
    if not names or (wanted is None and not real):
        raise InputError(
            "No MIDI keyboard is plugged in, or this computer shows none to Python: "
            "plug it in, then try again."
        )
    if wanted is None:
        return real[0]
    for name in names:
        if wanted.lower() in name.lower():
            return name
    raise InputError(
        f'There is no MIDI port called "{wanted}"; there is: ' + ", ".join(names) + "."
    )


def stem(name: str) -> str:
    """Return a port's name without the number that changes when it is plugged in anew.

    >>> stem("AKM322:AKM322 MIDI 1 24:0"), stem("AKM322 0")
    ('AKM322:AKM322 MIDI 1', 'AKM322')
    """
    return re.sub(r" \d+(:\d+)?$", "", name)


class _OpenPort:
    """An open port of the driver, which keeps what is played until it is asked.

    The driver never calls Python: a callback waits for Python's lock on the driver's
    own thread, and closing a port on which somebody plays then waits for that thread
    with the lock in hand, for ever.

    Raises:
        InputError: if another program holds the port.
    """

    def __init__(self, name: str) -> None:
        try:
            self._port = _backend().open_input(name)
        except Exception as error:
            raise InputError(
                f'The MIDI port "{name}" can\'t be opened ({error}): close the '
                "programs that use it, then try again."
            ) from None
        self._driver = self._port._rt  # mido itself knows callbacks only
        self._driver.cancel_callback()

    def messages(self) -> Iterator[tuple[list[int], float]]:
        """Yield what came since the last time: bytes, seconds since the one before."""
        while (message := self._driver.get_message()) is not None:
            yield message

    def close(self) -> None:
        self._driver.close_port()
        self._driver.delete()
        self._port.closed = True  # so that mido does not close it once more


class _Timer:
    """When messages were played, from the driver's clock between two of them.

    Python may come late to each message, but never early, so the earliest of all fixes
    how the two clocks lie.
    """

    def __init__(self) -> None:
        self._opened_at = time.perf_counter()
        self._driver_time = 0.0  # seconds, the sum of what lay between messages
        self._offset = float("inf")  # ours minus the driver's
        self._last = 0.0

    def milliseconds(self, since_last: float) -> float:
        """Return the time of the next message in ms since the port was opened."""
        now = time.perf_counter() - self._opened_at
        self._driver_time += since_last
        self._offset = min(self._offset, now - self._driver_time)
        self._last = max(self._last, self._driver_time + self._offset)
        return 1000 * self._last


class MidiPort:
    """An open MIDI input that outlasts a pulled plug.

    What is plugged in is looked at once a second: when the device goes and comes back,
    the port is opened again.

    Args:
        port: as for `choose_port`.
        on_message: is called with the time in ms and the bytes of each message, on a
            thread of its own. The time is the driver's, however late Python comes.
        on_plug: is called with False when the device is pulled and with True when it
            is back, on a thread of its own.
        can_wait: whether to wait for the device where it isn't plugged in yet.
        on_ports: is called with the names of all ports at once, and on a thread of its
            own when one has come or gone.

    Raises:
        InputError: if python-rtmidi is missing, or there is no such port and no
            waiting for it.
    """

    def __init__(
        self,
        port: str | None = None,
        on_message: OnMessage | None = None,
        on_plug: OnPlug | None = None,
        can_wait: bool = False,
        on_ports: OnPorts | None = None,
    ) -> None:
        self.name = ""  # of the port; empty until there is one
        self._wanted = port
        self._on_message = on_message
        self._on_plug = on_plug
        self._on_ports = on_ports
        self._timer = _Timer()
        self._lock = threading.Lock()  # opening, asking and closing
        self._is_closed = threading.Event()
        self._port: _OpenPort | None = None
        self._names = names = list_ports()
        if on_ports is not None:
            on_ports(names)
        try:
            self.name = choose_port(port, names)
        except InputError:
            if not can_wait:
                raise
        if self.name:
            self._port = _OpenPort(self.name)
        for work in (self._watch, self._listen):
            threading.Thread(target=work, daemon=True).start()

    @property
    def is_plugged(self) -> bool:
        """Whether the device is there and its port is open."""
        return self._port is not None

    def _listen(self) -> None:
        """Pass on what is played, until the port is closed."""
        import mido

        while not self._is_closed.wait(ASK_EVERY):
            with self._lock:
                came = list(self._port.messages()) if self._port is not None else []
            for data, since_last in came:
                milliseconds = self._timer.milliseconds(since_last)
                try:
                    message = mido.Message.from_bytes(data)
                except ValueError:  # no whole message
                    continue
                self.receive(milliseconds, message)

    def receive(self, milliseconds: float, message) -> None:
        """Take one message; a subclass that keeps messages extends this."""
        if self._on_message is not None:
            self._on_message(milliseconds, tuple(message.bytes()))

    def _watch(self) -> None:
        """Look once a second whether the device is still, or again, plugged in."""
        while not self._is_closed.wait(LOOK_EVERY):
            try:
                names = list_ports()
            except InputError:
                continue  # the system is busy: look again later
            self._look(names)

    def _look(self, names: list[str]) -> None:
        """Close the port if its device is gone; open it if it is back."""
        before = self.is_plugged
        if names != self._names and self._on_ports is not None:
            self._on_ports(names)
        self._names = names
        with self._lock:
            if self._is_closed.is_set():
                return
            if self._port is not None and self.name not in names:
                self._port.close()
                self._port = None
            if self._port is None:
                self._reopen(names)
        if self._on_plug is not None and self.is_plugged != before:
            self._on_plug(self.is_plugged)

    def _reopen(self, names: list[str]) -> None:
        """Open the port of the device, if it is there and free."""
        back = [name for name in names if stem(name) == stem(self.name)]
        try:
            self.name = back[0] if back else self._first_choice(names)
            if self.name in names:
                self._port = _OpenPort(self.name)
        except InputError:
            return  # not there, or held by another program: look again later

    def _first_choice(self, names: list[str]) -> str:
        """Return the port to wait for: the known one, or the first that is meant."""
        return self.name or choose_port(self._wanted, names)

    def close(self) -> None:
        """Let go of the port; a second time does nothing."""
        self._is_closed.set()
        with self._lock:
            if self._port is not None:
                self._port.close()
                self._port = None

    def __enter__(self) -> MidiPort:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

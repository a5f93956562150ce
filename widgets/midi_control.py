"""What the piano knows of MIDI: devices, what each knob does, the port in Python."""

from __future__ import annotations

import weakref

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi_devices import PROFILES, profile_dicts
from deepcomposer_edu.widgets.midi_map import MidiEntry, Offer, check_entry, to_offer

_PLAYERS: weakref.WeakSet[MidiControl] = weakref.WeakSet()  # those with an open port


class MidiControl(traitlets.HasTraits):
    """The MIDI side of a widget that plays notes; a base beside AnyWidget.

    The widget's own class provides `send`, `on_msg` and the trait `status`.
    """

    midi_state = traitlets.Unicode("").tag(sync=True)  # "", "ready", "kernel", error
    midi_inputs = traitlets.List(traitlets.Unicode()).tag(sync=True)  # device names
    midi_ports = traitlets.List(traitlets.Unicode()).tag(sync=True)  # those of Python
    midi_device = traitlets.Unicode("").tag(sync=True)  # the chosen one; "" hears all
    midi_profile = traitlets.Unicode("auto").tag(sync=True)  # or a profile's name
    midi_map = traitlets.List().tag(sync=True)  # what was learnt, a list of MidiEntry

    # What the browser is given.
    midi_profiles = traitlets.List().tag(sync=True)  # music/midi_devices.py, as dicts
    midi_targets = traitlets.List().tag(sync=True)  # what offer_midi() was given

    _midi_input = None  # an open MidiInput

    def __init__(self, **traits: object) -> None:
        self._offers: dict[str, Offer] = {}
        super().__init__(midi_profiles=profile_dicts(), **traits)
        self.on_msg(self._hear_midi)

    @traitlets.validate("midi_profile")
    def _check_profile(self, proposal: dict) -> str:
        names = ["auto", *(profile.name for profile in PROFILES)]
        if proposal["value"] not in names:
            raise InputError(
                f"midi_profile is {proposal['value']!r}, but it must be one of "
                f"{', '.join(names)}."
            )
        return proposal["value"]

    @traitlets.validate("midi_map")
    def _check_map(self, proposal: dict) -> list[MidiEntry]:
        return [check_entry(entry) for entry in proposal["value"]]

    # --- what knobs do

    def learn_midi(
        self,
        number: int,
        target: str,
        mode: str = "knob",
        device: str = "",
        channel: int = 0,
        kind: str = "control",
    ) -> None:
        """Let a knob or button of a MIDI controller do something.

        The widget's Learn button does the same by touch; what was learnt is in
        `midi_map`, and the browser keeps it for next time.

        Args:
            number: MIDI controller, or the pitch of a pad, 0 to 127.
            target: what it moves, such as "volume", "tempo" or "record"; or the name
                of something that `offer_midi` was given.
            mode: "knob" (0 to 127), "endless", "button" (down and up) or "switch" (one
                message for each press).
            device: name of the device; "" for any.
            channel: 0 to 15.
            kind: "control", or "note" for a pad.

        Raises:
            InputError: if a value is not one of those allowed.
        """
        entry = check_entry(
            {
                "device": device,
                "channel": channel,
                "kind": kind,
                "number": number,
                "mode": mode,
                "target": target,
            }
        )
        control = ("device", "channel", "kind", "number")
        others = [
            other
            for other in self.midi_map
            if any(other[name] != entry[name] for name in control)
        ]
        self.midi_map = [*others, entry]

    def forget_midi(self, target: str | None = None) -> None:
        """Forget what knobs were learnt for: one target, or all of them for None."""
        kept = [] if target is None else self.midi_map
        self.midi_map = [entry for entry in kept if entry["target"] != target]

    def offer_midi(
        self,
        target: object,
        label: str = "",
        low: float | None = None,
        high: float | None = None,
    ) -> str:
        """Offer something of the notebook to MIDI knobs, and return its name.

        It then stands among the targets of the widget's Learn panel.

        Args:
            target: an ipywidgets slider (anything with `value`, `min` and `max`), a
                button of ipywidgets (anything with `click`), or a function that is
                called with a number from `low` to `high`.
            label: what the panel calls it; the slider's description by default.
            low: the value at 0; the slider's least one, else 0.
            high: the value at 127; the slider's largest one, else 1.

        Raises:
            InputError: if it is none of these, or the range is empty.
        """
        number = len(self._offers) + 1
        names = (getattr(target, name, "") for name in ("description", "__name__"))
        label = label or next(filter(None, names), f"Control {number}")
        offer, kind = to_offer(target, low, high)
        name = f"notebook.{label}"
        self._offers[name] = offer
        others = [other for other in self.midi_targets if other["name"] != name]
        self.midi_targets = [*others, {"name": name, "label": label, "kind": kind}]
        return name

    # --- the port in Python, for browsers without Web MIDI

    def connect_midi(self, port: str | None = None, can_wait: bool = False) -> str:
        """Let a MIDI keyboard on this computer play the widget, and return its name.

        Use it where the browser has no Web MIDI (Safari). Python must run on the
        computer that the keyboard is plugged into. Pulling the plug and putting it back
        is noticed within a second or two.

        Args:
            port: name of the port or a part of it; None takes the first one.
            can_wait: whether to wait for a keyboard where none is plugged in; the name
                is then "".

        Raises:
            InputError: if python-rtmidi is missing, or there is no such port.
        """
        from deepcomposer_edu.widgets.midi_input import MidiInput

        self.disconnect_midi()
        self._take_port_from_others()
        self._midi_input = MidiInput(
            port, self._play_midi, self._tell_plug, can_wait, self._tell_ports
        )
        self.midi_state = "kernel"
        self._tell_plug(self._midi_input.is_plugged)
        return self._midi_input.name

    def _take_port_from_others(self) -> None:
        """Let one widget at a time play a port, so that two don't sound together."""
        for other in list(_PLAYERS):
            other.disconnect_midi()
            other.status = (
                "Another piano has taken the MIDI port; run connect_midi() to take it "
                "back."
            )
        _PLAYERS.add(self)

    def disconnect_midi(self) -> None:
        """Let go of the port that `connect_midi` opened."""
        _PLAYERS.discard(self)
        if self._midi_input is None:
            return
        self._midi_input.close()
        self.send({"kind": "unplug", "device": self._midi_input.name})
        self._midi_input = None
        self.midi_inputs = []
        self.midi_ports = []
        self.midi_state = ""

    def _tell_ports(self, names: list[str]) -> None:
        """Let the panel offer the ports there are."""
        self.midi_ports = names

    def _tell_plug(self, is_plugged: bool) -> None:
        """Say that the device has come or gone."""
        port = self._midi_input
        if port is None:  # closed in between
            return
        if is_plugged:
            self.midi_inputs = [port.name]
            self.status = f"MIDI keyboard connected through Python: {port.name}."
            return
        self.midi_inputs = []
        if port.name:
            self.send({"kind": "unplug", "device": port.name})
        self.status = (
            f"{port.name or 'No MIDI keyboard'} is {'un' if port.name else ''}plugged"
            f"{'' if port.name else ' in'}. Plug it in: it is found by itself."
        )

    def _play_midi(self, milliseconds: float, data: tuple[int, ...]) -> None:
        """Pass a MIDI message on to the browser, with the time it was played at."""
        port = self._midi_input
        if port is None:  # closed in between
            return
        message = {"kind": "midi", "bytes": data, "time": milliseconds}
        self.send(message | {"device": port.name})

    def _hear_midi(self, _widget: object, message: dict, _buffers: list) -> None:
        """Do what the widget's MIDI panel asks for."""
        kind = message.get("kind")
        if kind == "midi_connect":
            try:
                self.connect_midi(message.get("port"), can_wait=True)
            except InputError as error:
                self.midi_state = ""
                self.status = str(error)
        elif kind == "midi_disconnect":
            self.disconnect_midi()
        elif kind == "midi_control":
            self._move(str(message.get("name")), message.get("value"))

    def _move(self, name: str, share: object) -> None:
        """Set something that was offered to a share, 0 to 1, of its range."""
        offer = self._offers.get(name)
        if offer is None or not isinstance(share, int | float) or not 0 <= share <= 1:
            return
        offer.set(offer.low + share * (offer.high - offer.low))

    def close(self) -> None:
        """Close the MIDI port and the widget."""
        self.disconnect_midi()
        super().close()

"""MIDI keyboards and what they send: profiles of devices, and messages in words.

A profile says what the wheels, knobs and buttons of a device are called and what they
do in the course's widgets. The keyboard widget and `deepcomposer midi` both use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from deepcomposer_edu.music.score import note_name

NOTE_OFF, NOTE_ON, CONTROL = 0x80, 0x90, 0xB0  # the upper four bits of a status byte
PROGRAM, PRESSURE, BEND = 0xC0, 0xD0, 0xE0
SYSTEM = 0xF0  # clock, active sensing, system exclusive
CC_SUSTAIN = 64
BEND_CENTRE = 8192
MODES = ("knob", "endless", "button", "switch")


@dataclass(frozen=True)
class Control:
    """One wheel, knob, slider or button of a device.

    Attributes:
        number: its MIDI controller, 0 to 127.
        label: what stands on the device.
        mode: "knob" sends 0 to 127; "button" something above 0 when it goes down;
            "switch" one message, whatever its value, for each press.
        target: what it does in the widgets, such as "volume" or "record".
    """

    number: int
    label: str
    mode: str
    target: str


@dataclass(frozen=True)
class Profile:
    """A kind of device: its controls, and parts of the names it reports itself by."""

    name: str
    title: str
    names: tuple[str, ...]
    controls: tuple[Control, ...]

    def control(self, number: int) -> Control | None:
        """Return the control with a controller number, or None."""
        return next((c for c in self.controls if c.number == number), None)


# What every keyboard means by these, and the three buttons of the DeepComposer
# keyboard, whose numbers the MIDI standard leaves free.
_BUTTONS = (
    Control(105, "Play button", "button", "play"),
    Control(106, "Stop button", "switch", "stop"),  # sends 0 and 127 in turn
    Control(107, "Record button", "button", "record"),
)
_STANDARD = (
    Control(1, "Modulation wheel", "knob", "modulation"),
    Control(7, "Volume slider", "knob", "volume"),
)
# Controllers, channel and range as an owner of the keyboard measured them (GitHub,
# danlangford/AMGI-1_AKM322). Nothing says what its encoder and knobs were meant for:
# what they do here is this course's choice. Set + Reverb (CC 91: 0 or 64) needs no
# row: it is the synthesizer's own reverb controller.
DEEPCOMPOSER = Profile(
    name="deepcomposer",
    title="AWS DeepComposer",
    names=("akm322", "amgi-1", "deepcomposer"),
    controls=(
        *_STANDARD,
        Control(10, "Encoder 0", "knob", "instrument"),
        Control(21, "Knob 1", "knob", "tempo"),
        Control(22, "Knob 2", "knob", "brightness"),
        Control(23, "Knob 3", "knob", "reverb"),
        *_BUTTONS,
    ),
)
GENERIC = Profile("generic", "Any MIDI keyboard", (), (*_STANDARD, *_BUTTONS))
PROFILES = (DEEPCOMPOSER, GENERIC)


def profile_of(device: str) -> Profile:
    """Return the profile that fits the name a device reports itself by.

    >>> profile_of("AKM322 MIDI 1").title, profile_of("Grand 88").title
    ('AWS DeepComposer', 'Any MIDI keyboard')
    """
    name = device.lower()
    known = [p for p in PROFILES if any(part in name for part in p.names)]
    return known[0] if known else GENERIC


def profile_dicts() -> list[dict]:
    """Return all profiles as plain dictionaries, for the browser."""
    return [asdict(profile) for profile in PROFILES]


def describe(data: Sequence[int], profile: Profile = GENERIC) -> str | None:
    """Return a MIDI message in words, or None for clock, sensing and broken bytes.

    Args:
        data: the bytes of one message.
        profile: names the controls of the device.

    >>> describe([0x90, 60, 80])
    'key C4 down, velocity 80'
    >>> describe([0xB0, 21, 64], DEEPCOMPOSER)
    'Knob 1 (controller 21) = 64: tempo'
    """
    if not data or not NOTE_OFF <= data[0] < SYSTEM:
        return None
    command, channel = data[0] & 0xF0, (data[0] & 0x0F) + 1
    if len(data) < (2 if command in (PROGRAM, PRESSURE) else 3):
        return None
    first, second = data[1], data[-1]
    where = "" if channel == 1 else f" on channel {channel}"
    if command == NOTE_ON and second > 0:
        return f"key {note_name(first)} down, velocity {second}{where}"
    if command in (NOTE_ON, NOTE_OFF):
        return f"key {note_name(first)} up{where}"
    if command == CONTROL:
        return _describe_control(first, second, profile) + where
    if command == PROGRAM:
        return f"instrument {first}{where}"
    if command == BEND:
        bend = (first + 128 * second - BEND_CENTRE) / BEND_CENTRE
        return f"pitch wheel {bend:+.0%}{where}"
    return f"key pressure {second}{where}"


def _describe_control(number: int, value: int, profile: Profile) -> str:
    """Return what a controller said, with its name on the device if that is known."""
    if number == CC_SUSTAIN:
        return f"pedal {'down' if value >= 64 else 'up'}"
    control = profile.control(number)
    if control is None:
        return f"controller {number} = {value}"
    return f"{control.label} (controller {number}) = {value}: {control.target}"

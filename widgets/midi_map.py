"""What knobs and buttons of a MIDI controller do, and what they may move."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi_devices import MODES

# One knob or button and what it does: device (a name, or "" for any), channel (0 to
# 15), kind ("control" or "note"), number (0 to 127), mode (see MODES), target.
MidiEntry = dict[str, str | int]
KINDS = ("control", "note")


@dataclass(frozen=True)
class Offer:
    """Something of the notebook that a knob may move."""

    set: Callable[[float], None]  # with a value from low to high
    low: float
    high: float


def _check_number(name: str, value: object, largest: int) -> int:
    """Return a MIDI number.

    Raises:
        InputError: if it is not a whole number from 0 to `largest`.
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or not 0 <= value <= largest
    ):
        raise InputError(
            f"{name} is {value!r}, but it must be a whole number from 0 to {largest}."
        )
    return value


def check_entry(entry: object) -> MidiEntry:
    """Return an entry of a MIDI map with all its fields.

    Raises:
        InputError: if a field is missing or not one of those allowed.
    """
    if not isinstance(entry, dict):
        raise InputError(
            f"An entry of midi_map is {entry!r}, but it must be a dictionary such as "
            '{"number": 21, "target": "tempo"}.'
        )
    whole = {"device": "", "channel": 0, "kind": "control", "mode": "knob"} | entry
    unknown = set(whole) - {"device", "channel", "kind", "mode", "number", "target"}
    if unknown:
        raise InputError(f"An entry of midi_map has no field {sorted(unknown)[0]!r}.")
    _check_number("channel", whole["channel"], 15)
    _check_number("number", whole.get("number"), 127)
    for name, allowed in {"kind": KINDS, "mode": MODES}.items():
        if whole[name] not in allowed:
            raise InputError(
                f"{name} is {whole[name]!r}, but it is one of {', '.join(allowed)}."
            )
    for name in ("device", "target"):
        if not isinstance(whole.get(name), str):
            raise InputError(f"{name} is {whole.get(name)!r}, but it must be a text.")
    return whole


def to_offer(
    target: object, low: float | None, high: float | None
) -> tuple[Offer, str]:
    """Return how to move a slider, button or function, and which kind it is.

    Raises:
        InputError: if it is none of these, or the range is empty.
    """
    is_slider = all(hasattr(target, name) for name in ("value", "min", "max"))
    is_button = hasattr(target, "click") and not is_slider
    if not (is_button or is_slider or callable(target)):
        raise InputError(
            f"offer_midi() was given a {type(target).__name__}, but it takes a slider, "
            "a button or a function."
        )
    if low is None:
        low = float(target.min) if is_slider else 0.0
    if high is None:
        high = float(target.max) if is_slider else 1.0
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise InputError(
            f"The range is {low} to {high}, but its end must lie above its start."
        )
    if is_button:
        return Offer(lambda _value: target.click(), low, high), "button"
    if not is_slider:
        return Offer(target, low, high), "slider"
    is_whole = isinstance(target.value, int)

    def set_slider(value: float) -> None:
        target.value = round(value) if is_whole else value

    return Offer(set_slider, low, high), "slider"

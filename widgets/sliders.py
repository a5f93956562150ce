"""Sliders, menus and boxes over a function that makes music, with a player below."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets
import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.player import Player

MAX_SLIDERS = 12
FINE = 0.05  # step of a slider over fractions
MAX_TEXT = 200  # characters
Value = float | str | bool


class SliderPanel(SoundWidget, bundle="sliders"):
    """The sliders themselves; `Sliders` puts a player below and fills it."""

    # {"name", "label", "kind"} of each: "number" with "least", "most" and "step",
    # "choice" with "choices", "text" or "flag"
    sliders = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)  # by name
    label = traitlets.Unicode("Sliders").tag(sync=True)  # for those who cannot see it
    status = traitlets.Unicode("").tag(sync=True)  # the sentence below
    is_making = traitlets.Bool(False).tag(sync=True)


class Sliders(ipywidgets.VBox):
    """A slider for each argument of a function, and its music in a player.

    Arguments that are no numbers get a menu, a field or a box to tick. When a slider is
    let go, `make` is called with the values of all, and the player
    gets what it returns. While it plays, it plays on with the new music.

    Args:
        make: takes the sliders' values by name and returns a Score, a composition or a
            path; an InputError that it raises is shown as its sentence.
        **ranges: (least, most, first) for each argument, or (least, most, first, step).
            Whole numbers go by 1, others by 0.05. Words in a tuple become a menu, its
            first one chosen; a text a field that holds it; True or False a box to tick.

    Raises:
        InputError: if a range is no range, or the first value lies outside it.

    >>> def tone(pitch):
    ...     from deepcomposer_edu.music.score import Score
    ...
    ...     return Score.from_notes([(0, pitch, 16)])
    >>> sliders = Sliders(tone, pitch=(48, 72, 60))
    >>> sliders.set(pitch=64)
    >>> sliders.player.score.notes[0].pitch
    64
    """

    def __init__(self, make: Callable, **ranges: tuple | list | Value) -> None:
        if not callable(make) or not 1 <= len(ranges) <= MAX_SLIDERS:
            raise InputError(
                f"Sliders needs a function and 1 to {MAX_SLIDERS} ranges such as "
                f"order=(1, 6, 3), but it was given {make!r} and {len(ranges)} ranges."
            )
        specifications = [_checked(name, given) for name, given in ranges.items()]
        self.make = make
        self.panel = SliderPanel(
            sliders=[row for row, _ in specifications],
            values={row["name"]: first for row, first in specifications},
        )
        self.player = Player()
        super().__init__([self.panel, self.player])
        self.panel.observe(self._refresh, names="values")
        self._refresh()

    @property
    def values(self) -> dict[str, Value]:
        """The value of each slider, by name."""
        return dict(self.panel.values)

    def set(self, **values: Value) -> None:
        """Move sliders, as a hand would.

        Raises:
            InputError: if there is no such slider, or a value lies outside its range,
                or is none of its words.
        """
        rows = {row["name"]: row for row in self.panel.sliders}
        for name, value in values.items():
            if name not in rows:
                raise InputError(
                    f"There is no slider {name!r}; there are {', '.join(rows)}."
                )
            _check_value(rows[name], value)
        self.panel.values = self.values | values

    def _refresh(self, _change: object = None) -> None:
        """Make the music anew and give it to the player."""
        self.panel.is_making = True
        try:
            score = self.make(**self.panel.values)
            self.player.score = score
            title = self.player.score.title
            self.panel.status = title or "Press Play to hear it."
        except InputError as problem:
            self.panel.status = str(problem)
        finally:
            self.panel.is_making = False

    def __repr__(self) -> str:
        pairs = ", ".join(
            f"{name}={value:g}" if _is_number(value) else f"{name}={value!r}"
            for name, value in self.values.items()
        )
        return f"Sliders({pairs}): {self.panel.status}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_value(row: dict, value: object) -> None:
    """Raise an InputError if a value is none that a row's control can have."""
    allowed = {
        "number": lambda: _is_number(value) and row["least"] <= value <= row["most"],
        "choice": lambda: value in row["choices"],
        "text": lambda: isinstance(value, str) and len(value) <= MAX_TEXT,
        "flag": lambda: isinstance(value, bool),
    }
    if allowed[row["kind"]]():
        return
    words = {
        "number": lambda: f"it goes from {row['least']:g} to {row['most']:g}",
        "choice": lambda: f"it is one of {', '.join(row['choices'])}",
        "text": lambda: f"it is a text of at most {MAX_TEXT} characters",
        "flag": lambda: "it is True or False",
    }
    shown = repr(value)[:60]
    raise InputError(
        f"The slider {row['name']} was set to {shown}, but {words[row['kind']]()}."
    )


def _checked(name: str, given: object) -> tuple[dict[str, object], Value]:
    """Return a range as a row for the panel, and the value at first."""
    row = {"name": name, "label": name.replace("_", " ").capitalize()}
    if isinstance(given, bool | str):
        row["kind"] = "flag" if isinstance(given, bool) else "text"
        _check_value(row, given)
        return row, given
    if isinstance(given, tuple | list) and given and isinstance(given[0], str):
        choices = [str(word) for word in given]
        return row | {"kind": "choice", "choices": choices}, choices[0]
    numbers = tuple(given) if isinstance(given, tuple | list) else ()
    if len(numbers) not in (3, 4) or not all(map(_is_number, numbers)):
        raise InputError(
            f"The range of {name} is {given!r}, but it must be (least, most, first) or "
            "(least, most, first, step); words in a tuple, a text, True and False will "
            "do as well."
        )
    least, most, first = numbers[:3]
    is_whole = all(isinstance(number, int) for number in numbers[:3])
    step = numbers[3] if len(numbers) == 4 else (1 if is_whole else FINE)
    if not (least < most and least <= first <= most and 0 < step <= most - least):
        raise InputError(
            f"The range of {name} is {given!r}, but the least must lie below the most, "
            "the first between them, and a step must fit in."
        )
    row |= {"kind": "number", "least": least, "most": most, "step": step}
    return row, first

"""Choose a tune with the mouse or the keyboard, without any code.

A chooser shows itself when it is the last line of a cell. Whatever is chosen is
there for the next cell; where nothing is chosen, as in Run All, the default is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from deepcomposer_edu.course.as_widget import AsWidget
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score

if TYPE_CHECKING:
    import ipywidgets

PLAYED = "what I played"
NOTHING_PLAYED = (
    "Nothing is recorded yet, so the first tune of the list is taken. To use your own: "
    "press Record on the keyboard above, play, press Stop, and run this cell again."
)


class Chooser(AsWidget):
    """Labelled menus, one below the other.

    Args:
        menus: for each label its choices and the one chosen at first.
    """

    def __init__(self, menus: Mapping[str, tuple[Sequence[str], str]]) -> None:
        import ipywidgets

        wide = {"description_width": "8em"}
        self.menus = {
            label: ipywidgets.Dropdown(
                options=list(choices), value=first, description=label, style=wide
            )
            for label, (choices, first) in menus.items()
        }

    @property
    def values(self) -> list[str]:
        """What is chosen now, from top to bottom."""
        return [menu.value for menu in self.menus.values()]

    def choose(self, *values: str) -> None:
        """Choose by name instead of by hand.

        Raises:
            InputError: if a name is not in its menu.
        """
        for (label, menu), value in zip(self.menus.items(), values, strict=False):
            if value not in menu.options:
                raise InputError(
                    f"{label} has no choice {value!r}; choose one of: "
                    f"{', '.join(menu.options)}."
                )
            menu.value = value

    def widget(self) -> ipywidgets.VBox:
        """Return the menus as one widget."""
        import ipywidgets

        return ipywidgets.VBox(list(self.menus.values()))

    def __repr__(self) -> str:
        pairs = zip(self.menus, self.values, strict=True)
        return "\n".join(f"{label}: {value}" for label, value in pairs)


class TuneChooser(Chooser):
    """A menu of the shipped tunes and, if there is a keyboard, what was played on it.

    Args:
        keyboard: a `PianoKeyboard`, or None.
        first: the tune chosen at first.
    """

    def __init__(self, keyboard: object = None, first: str = "ode-to-joy") -> None:
        from deepcomposer_edu.corpora.tunes import tune_names

        names = tune_names()
        self.keyboard = keyboard
        self.first = first if first in names else names[0]
        mine = [PLAYED] if keyboard is not None else []
        super().__init__({"Tune": (mine + names, self.first)})

    @property
    def name(self) -> str:
        """The name of the tune that is chosen."""
        return self.values[0]

    @property
    def score(self) -> Score:
        """The tune that is chosen now, or the default if nothing was played."""
        from dataclasses import replace

        from deepcomposer_edu.corpora.tunes import load_tune

        if self.name != PLAYED:
            return load_tune(self.name)
        if not self.keyboard.has_recording:
            print(NOTHING_PLAYED)
            return load_tune(self.first)
        return replace(self.keyboard.recording(), title="What you played")


def choose_tune(keyboard: object = None, first: str = "ode-to-joy") -> TuneChooser:
    """Return a menu of tunes; its `score` is the tune that is chosen.

    Args:
        keyboard: a `PianoKeyboard` whose recording is one of the choices.
        first: the tune chosen at first.
    """
    return TuneChooser(keyboard, first)

"""The form of `TrainYourOwn` as a widget, and the numbers that are typed into it."""

from __future__ import annotations

import math
from collections.abc import Callable

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets.base import SoundWidget


class OwnForm(SoundWidget, bundle="own"):
    """The form itself: shows what `view` says, tells what was done by hand.

    Args:
        view: what it shows at first, see `train_own_views.py`.
        on_do: called with action and values.
    """

    view = traitlets.Dict().tag(sync=True)  # what it shows, see train_own_views.py
    is_folded = traitlets.Bool(False).tag(sync=True)  # shut at first, inside a studio

    def __init__(
        self, view: dict, on_do: Callable[[str, dict], None], is_folded: bool = False
    ) -> None:
        self._on_do = on_do
        super().__init__(view=view, is_folded=is_folded)
        self.on_msg(self._hear)

    def _hear(self, _widget: object, message: dict, _buffers: list) -> None:
        if message.get("kind") == "do":
            self._on_do(str(message.get("action")), message.get("values", {}))


def number_of(value: object) -> float | int:
    """Return what was typed as a number.

    Raises:
        InputError: if it is none.
    """
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise InputError(f"{str(value)[:40]!r} is not a number; type one, such as 10.")
    return int(found) if found.is_integer() else found

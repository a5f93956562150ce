"""The autoregressive CNN: one interface for two models that edit music.

"orderless" fills and changes any cells, given all others (`orderless_editor`);
"edit-events" adds and removes one note cell after another, as DeepComposer's did
(`edit_events`). Both take an `EditTask` and return an `Edited`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from torch import Tensor, nn

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.frames import N_CLASSES, VOICES
from deepcomposer_edu.models.weights import load_weights, weights_dir
from deepcomposer_edu.music.edits import Edit
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.nn.sampling import check_sampling

KIND = "ar-cnn"
WEIGHTS = {"orderless": "ar-cnn-orderless", "edit-events": "ar-cnn-events"}
VARIANTS = tuple(WEIGHTS)
MODES = ("rewrite", "repair")
MAX_STEPS = 16_384  # of one piece: memory grows with its length
MAX_ITERATIONS = 10_000
OnProgress = Callable[[int, int], None] | None
OnEdit = Callable[[Edit], None] | None


@dataclass(frozen=True, eq=False)
class EditTask:
    """What is to be edited, and what must hold.

    Args:
        grid: the music, (4, T), the highest voice first.
        may_change: (4, T) bool, the cells that may be edited; all others come back as
            they are, to the bit. So a note that is held into a cell that must stay,
            stays from its beginning on: what leads there is taken out of `may_change`.
        unknown: (4, T) bool, cells whose content is ignored: they are filled anew
            where they may change, and rest where they may not.
        mode: "rewrite" draws what is likely; "repair" corrects notes that are likely
            to be a semitone or two off and leaves the others alone.
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
        iterations: passes of the network, at least 1.
        temperature: creative risk, above 0; 1 draws as the network learned.
        max_added: notes that may be added to what is there before the first edit.
        max_removed: per cent of the notes there that may be removed, 0 to 100.
        avoid_parallels: whether parallel fifths and octaves are passed over.
        seed: from which all chance follows.

    Raises:
        InputError: if a value is not allowed.
    """

    grid: Grid
    may_change: np.ndarray
    unknown: np.ndarray
    mode: str = "rewrite"
    steps_per_bar: int = 16
    pickup: int = 0
    iterations: int = 64
    temperature: float = 1.0
    max_added: int = 1000
    max_removed: float = 100
    avoid_parallels: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        shape = self.grid.pitches.shape
        if shape[0] != VOICES or not 1 <= shape[1] <= MAX_STEPS:
            raise InputError(
                f"The music has {shape[0]} voices of {shape[1]} steps, but four of 1 "
                f"to {MAX_STEPS:,} steps are needed; let missing voices rest."
            )
        for name in ("may_change", "unknown"):
            cells = np.array(getattr(self, name), dtype=bool)
            if cells.shape != shape:
                raise InputError(
                    f"The cells of `{name}` have the shape {cells.shape}, but those of "
                    f"the music, {shape}, are needed."
                )
            object.__setattr__(self, name, cells)
        if self.mode not in MODES:
            raise InputError(
                f"The mode is {str(self.mode)[:40]!r}; choose {' or '.join(MODES)}."
            )
        self._keep_what_is_tied()
        check_sampling(self.temperature, 0, 1.0, N_CLASSES)
        for name, low, high in (
            ("iterations", 1, MAX_ITERATIONS),
            ("max_added", 0, float("inf")),
            ("max_removed", 0, 100),
            ("steps_per_bar", 1, MAX_STEPS),
            ("pickup", 0, MAX_STEPS),
        ):
            if not low <= getattr(self, name) <= high:
                most = "more" if high == float("inf") else f"at most {high:,}"
                raise InputError(
                    f"{name} is {getattr(self, name)}, but it must be {low} or {most}."
                )

    def _keep_what_is_tied(self) -> None:
        """Keep the cells from which a note is held into one that must stay."""
        tied = ~self.may_change & ~self.unknown  # (4, T)
        holds = self.grid.sounding[:, 1:] & ~self.grid.onsets[:, 1:]
        for t in range(tied.shape[1] - 2, -1, -1):
            tied[:, t] |= tied[:, t + 1] & holds[:, t]
        object.__setattr__(self, "may_change", self.may_change & ~tied)
        object.__setattr__(self, "unknown", self.unknown & ~tied)

    @functools.cached_property
    def start(self) -> Grid:
        """What is there before the first edit: the music, unknown cells resting."""
        pitches = np.where(self.unknown, REST, self.grid.pitches)
        return Grid(pitches, self.grid.onsets & ~self.unknown)

    @functools.cached_property
    def most_removed(self) -> int:
        """How many notes of the start may be removed, rounded down."""
        return int(self.max_removed * int(self.start.onsets.sum()) // 100)


@dataclass(frozen=True)
class Edited:
    """An edited piece, and how it came about.

    Args:
        start: what was there before the first edit; unknown cells rest.
        grid: the finished piece, (4, T).
        edits: all edits in order; made one after another in `start` they give the
            pitches of `grid`.
        notes: sentences for the composer, what a budget prevented for example.
    """

    start: Grid
    grid: Grid
    edits: tuple[Edit, ...]
    notes: tuple[str, ...] = ()


class Editor(Protocol):
    """A trained network that edits."""

    name: str
    weight_sha256: str
    network: nn.Module

    def edit(
        self, task: EditTask, on_progress: OnProgress = None, on_edit: OnEdit = None
    ) -> Edited:
        """Return the edited piece.

        Args:
            task: what is to be done.
            on_progress: called with (passes done, passes in all); an exception raised
                in it ends the work.
            on_edit: called with each edit when it is made.
        """


def ar_cnn_of(
    config: Mapping[str, object],
    tensors: Mapping[str, Tensor],
    name: str = "",
    sha256: str = "",
) -> Editor:
    """Return the editor whose weights are given.

    Args:
        config: the network's settings, with its "variant", one of VARIANTS.
        tensors: parameter name to tensor.
        name: name of the weights.
        sha256: their hash.

    Raises:
        InputError: if the variant is not known.
        RuntimeError: if the weights do not fit the settings.
    """
    variant = _checked(config.get("variant"))
    if variant == "orderless":
        from deepcomposer_edu.models.orderless_editor import orderless_editor_of

        return orderless_editor_of(config, tensors, name, sha256)
    from deepcomposer_edu.models.edit_events import edit_events_of

    return edit_events_of(config, tensors, name, sha256)


@functools.cache
def _load(name: str, folder: Path) -> Editor:
    weights = load_weights(name, folder)
    return ar_cnn_of(weights.info["config"], weights.tensors, name, weights.sha256)


def load_ar_cnn(variant: str = "orderless", folder: Path | None = None) -> Editor:
    """Return a shipped editor, its weights checked.

    Args:
        variant: one of VARIANTS.
        folder: where the weights lie; the shipped ones' folder if left out.

    Raises:
        InputError: if there is no such variant, or its weights are missing or damaged.
    """
    return _load(WEIGHTS[_checked(variant)], folder or weights_dir())


def _checked(variant: object) -> str:
    """Return the variant if there is such a one, or raise an InputError."""
    if variant not in VARIANTS:
        raise InputError(
            f"The variant of an AR-CNN is {str(variant)[:40]!r}; choose "
            f"{' or '.join(VARIANTS)}."
        )
    return str(variant)

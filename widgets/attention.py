"""Attention in the notebook: see and hear what each step of a piece looks at."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.viz.colours import TRACK_COLOURS
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.score_input import to_score

GRID_TEMPO = 80.0  # of a grid, which has none
MOST_CELLS = 4_000_000  # of all patterns: 5 MB for the browser
SUM_TOLERANCE = 0.01
WELCOME = (
    "Point at the music: the darker a step, the more it is looked at. Click, or press "
    "Enter, to hear it."
)


class AttentionView(SoundWidget, bundle="attention"):
    """What each step of a piece looks at, in every layer and head of a Transformer.

    Args:
        music: a Score, a Grid, something with a `score`, or the path of a file.
        weights: shares of attention, shape (L, H, T, T), or (H, T, T), or (T, T): how
            much position t looks at position s. Over all s they sum to 1.
        starts: the steps (sixteenths) at which the positions begin, and where the last
            one ends: T + 1 numbers. Left out, each position is one step.
        layer: which layer is shown first, 1 to L.
        head: which head, 1 to H; 0 for the mean of all.
        position: which position is chosen first; the last if left out.

    Raises:
        InputError: if the weights are no shares or do not fit the music.

    >>> view = AttentionView(Grid([[60, 62]]), [[1.0, 0.0], [0.25, 0.75]])
    >>> view.shares_of(1).tolist()
    [0.25, 0.75]
    """

    # The music, as score_to_dict() gives it.
    music = traitlets.Dict().tag(sync=True)
    # base64 of a byte for each cell, 255 * sqrt(share), in the order (L, H, T, T)
    shares = traitlets.Unicode().tag(sync=True)
    shape = traitlets.List().tag(sync=True)  # [L, H, T]
    starts = traitlets.List().tag(sync=True)  # T + 1 steps

    # What is chosen.
    layer = traitlets.Int(1).tag(sync=True)  # 1 to L
    head = traitlets.Int(0).tag(sync=True)  # 1 to H, 0: the mean of all
    position = traitlets.Int(0).tag(sync=True)  # 0 to T - 1
    is_turned = traitlets.Bool(False).tag(sync=True)  # who looks at it, not at what
    is_playing = traitlets.Bool(False).tag(sync=True)
    status = traitlets.Unicode(WELCOME).tag(sync=True)  # the sentence below
    track_colours = traitlets.List(list(TRACK_COLOURS)).tag(sync=True)  # as in figures

    def __init__(
        self,
        music: object,
        weights: object,
        starts: Sequence[float] | None = None,
        layer: int = 1,
        head: int = 0,
        position: int | None = None,
    ) -> None:
        if isinstance(music, Grid):
            score = from_grid(music, GRID_TEMPO)
        else:
            score = to_score(music, "The attention view")
        self.weights = _checked_weights(weights)  # (L, H, T, T)
        n_layers, n_heads, n_positions, _ = self.weights.shape
        packed = np.round(255 * np.sqrt(np.clip(self.weights, 0, 1))).astype(np.uint8)
        super().__init__(
            music=score_to_dict(score),
            shares=base64.b64encode(packed.tobytes()).decode(),
            shape=[n_layers, n_heads, n_positions],
            starts=_checked_starts(starts, n_positions),
            layer=layer,
            head=head,
            position=n_positions - 1 if position is None else position,
        )

    def shares_of(
        self, position: int | None = None, layer: int | None = None, head: int = -1
    ) -> np.ndarray:
        """Return what a position looks at: (T,), which sums to 1.

        Args:
            position: 0 to T - 1; the chosen one if left out.
            layer: 1 to L; the chosen one if left out.
            head: 1 to H, 0 for the mean of all; -1 for the chosen one.
        """
        layer = self.layer if layer is None else layer
        head = self.head if head == -1 else head
        position = self.position if position is None else position
        heads = self.weights[layer - 1]  # (H, T, T)
        pattern = heads.mean(axis=0) if head == 0 else heads[head - 1]
        return pattern[position]

    @property
    def leak(self) -> float:
        """The largest share that a position gives to a later one; 0 if all is well."""
        n_positions = self.shape[2]
        ahead = np.triu(np.ones((n_positions, n_positions), dtype=bool), 1)
        return float(self.weights[..., ahead].max(initial=0.0))

    @traitlets.validate("layer", "head", "position")
    def _check_choice(self, proposal: dict) -> int:
        """Refuse a layer, head or position that is not there."""
        name, value = proposal["trait"].name, proposal["value"]
        n_layers, n_heads, n_positions = self.shape or [1, 1, 1]
        least, most = {
            "layer": (1, n_layers),
            "head": (0, n_heads),
            "position": (0, n_positions - 1),
        }[name]
        if not least <= value <= most:
            aside = ", where 0 is the mean of all heads" if name == "head" else ""
            raise InputError(
                f"The {name} is {value}, but it must be {least} to {most}{aside}."
            )
        return value


def _checked_weights(weights: object) -> np.ndarray:
    """Return the weights as float32 of shape (L, H, T, T), or refuse them."""
    given = getattr(weights, "detach", lambda: weights)()
    try:
        array = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError):
        array = np.zeros(0)
    array = array[(None,) * max(4 - array.ndim, 0)]
    if array.ndim != 4 or array.shape[2] != array.shape[3] or not array.size:
        raise InputError(
            f"The attention weights have the shape {np.shape(given)}, but (layers, "
            "heads, T, T) is needed, with T positions that look at T positions."
        )
    if array.size > MOST_CELLS:
        raise InputError(
            f"There are {array.size:,} attention weights, but at most {MOST_CELLS:,} "
            "can be shown; take fewer steps or fewer layers."
        )
    sums = array.sum(axis=-1)
    is_share = np.isfinite(array).all() and array.min() >= -SUM_TOLERANCE
    if not is_share or np.abs(sums - 1).max() > SUM_TOLERANCE:
        raise InputError(
            f"The attention of a position sums to between {sums.min():.3g} and "
            f"{sums.max():.3g}, but shares sum to 1; give the weights after the "
            "softmax."
        )
    return array


def _checked_starts(starts: Sequence[float] | None, n_positions: int) -> list[float]:
    """Return the steps at which positions begin, T + 1 of them, or refuse them."""
    if starts is None:
        return list(range(n_positions + 1))
    starts = [float(start) for start in starts]
    is_rising = all(one < other for one, other in pairwise(starts))
    if len(starts) != n_positions + 1 or not is_rising:
        raise InputError(
            f"There are {len(starts)} starts for {n_positions} positions, but one more "
            "than positions is needed, each later than the one before."
        )
    return starts

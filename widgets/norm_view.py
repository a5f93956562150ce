"""Which numbers of a block share a mean: BatchNorm and LayerNorm to see and to hear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, VOICE_NAMES, Grid
from deepcomposer_edu.widgets.base import SoundWidget

NORMS = ("none", "batch", "remembered", "layer", "example")
MAX_PIECES, MAX_VOICES, MAX_STEPS = 6, 4, 8
STEPS_PER_NUMBER = 4  # the grid is read at every quarter
GAIN = 4.0  # semitones that a normalised 1 is heard as
SHIFTS = (70.0, 65.0, 58.0, 50.0)  # pitch that a normalised 0 of each voice is heard as
EPSILON = 1e-5

# Six phrases of eight chords, written for this widget; soprano, alto, tenor, bass.
_PHRASE = (
    (72, 74, 76, 77, 76, 74, 71, 72),
    (67, 67, 67, 69, 67, 65, 67, 67),
    (64, 59, 60, 60, 60, 62, 62, 64),
    (48, 55, 60, 53, 55, 50, 55, 48),
)
_ANSWER = (
    (76, 74, 72, 71, 72, 74, 74, 72),
    (67, 67, 69, 67, 67, 69, 67, 64),
    (60, 59, 64, 62, 64, 65, 59, 60),
    (48, 55, 57, 55, 60, 53, 55, 48),
)
_SHELF = (
    ("Phrase in C", _PHRASE, 0),
    ("Answer in C", _ANSWER, 0),
    ("Phrase in A", _PHRASE, -3),
    ("Answer in E", _ANSWER, 4),
    ("Phrase in F", _PHRASE, 5),
    ("Answer in G", _ANSWER, -5),
)


class NormView(SoundWidget, bundle="norm_view"):
    """A block of B pieces, C voices and T steps, its norm, and how a piece sounds then.

    Choose a number: those that share its mean are framed. What the norm leaves of a
    piece is heard as pitches: `GAIN` semitones for each 1, around the middle of the
    voice's range.

    Args:
        pieces: grids of at least as many voices and quarters as the first, 1 to 6; None
            takes six phrases from the shelf. Each is read at every quarter, at most
            4 voices and 8 quarters of it; where a voice rests, its last pitch counts.
        names: what to call them.
        norm: "none", "batch", "remembered" (BatchNorm after training: mean and variance
            of all pieces are kept), "layer" (over the voices of one step) or "example"
            (LayerNorm over voices and steps).
        n_pieces: how many pieces are in the batch; None takes all.

    Raises:
        InputError: if a value is not allowed.

    >>> view = NormView(norm="layer")
    >>> view.numbers.shape
    (6, 4, 8)
    """

    # What there is: the pitches (B, C, T), and names for its axes.
    block = traitlets.List().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    voices = traitlets.List().tag(sync=True)
    shifts = traitlets.List().tag(sync=True)  # pitch of a normalised 0, for each voice

    # What is chosen; set these, or observe them.
    norm = traitlets.Enum(NORMS, "batch").tag(sync=True)
    n_pieces = traitlets.Int(1, min=1).tag(sync=True)
    n_voices = traitlets.Int(1, min=1).tag(sync=True)
    n_steps = traitlets.Int(1, min=1).tag(sync=True)
    place = traitlets.List([0, 0, 0]).tag(sync=True)  # piece, voice, step, from 0
    gain = traitlets.Float(GAIN, min=0.0, max=12.0).tag(sync=True)
    volume = traitlets.Float(0.8, min=0.0, max=1.0).tag(sync=True)
    is_playing = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        pieces: Sequence[Grid] | None = None,
        names: Sequence[str] | None = None,
        norm: str = "batch",
        n_pieces: int | None = None,
    ) -> None:
        if norm not in NORMS:
            raise InputError(
                f"The norm is {norm!r}, but it must be one of {', '.join(NORMS)}."
            )
        if pieces is None:
            block = np.array([np.array(p) + shift for _, p, shift in _SHELF])
            names = [name for name, _, _ in _SHELF] if names is None else names
        else:
            block = _block_of(list(pieces))
        most = len(block)
        names = list(names or [f"Piece {i + 1}" for i in range(most)])
        if len(names) != most:
            raise InputError(
                f"There are {len(names)} names for {most} pieces; give one for each."
            )
        n_pieces = most if n_pieces is None else n_pieces
        if isinstance(n_pieces, bool) or n_pieces not in range(1, most + 1):
            raise InputError(
                f"The batch is to have {n_pieces!r} pieces, but there are {most}; give "
                f"1 to {most}."
            )
        n_voices = block.shape[1]
        super().__init__(
            block=block.tolist(),
            names=names,
            voices=list(VOICE_NAMES[:n_voices]),
            shifts=list(SHIFTS[:n_voices]),
            norm=norm,
            n_pieces=n_pieces,
            n_voices=n_voices,
            n_steps=block.shape[2],
        )

    @traitlets.validate("n_pieces", "n_voices", "n_steps")
    def _fits(self, proposal: dict) -> int:
        """Keep a size within the block."""
        axis = ("n_pieces", "n_voices", "n_steps").index(proposal["trait"].name)
        return min(proposal["value"], np.shape(self.block)[axis])

    @property
    def numbers(self) -> np.ndarray:
        """What the norm leaves, shape (B, C, T), float64; pitches if it is "none"."""
        everything = np.array(self.block, dtype=float)
        x = everything[: self.n_pieces, : self.n_voices, : self.n_steps]
        if self.norm == "none":
            return x
        known = everything if self.norm == "remembered" else x
        axes = _AXES[self.norm]
        mean = known.mean(axis=axes, keepdims=True)
        variance = known.var(axis=axes, keepdims=True)
        if self.norm == "remembered":
            mean, variance = mean[:, : self.n_voices], variance[:, : self.n_voices]
        return (x - mean) / np.sqrt(variance + EPSILON)

    def play(self) -> None:
        """Play the chosen piece; a browser stays silent until somebody has clicked."""
        self.send({"kind": "play"})

    def stop(self) -> None:
        """Silence."""
        self.send({"kind": "stop"})


_AXES = {"batch": (0, 2), "remembered": (0, 2), "layer": (1,), "example": (1, 2)}


def _block_of(pieces: list[Grid]) -> np.ndarray:
    """Return the pitches at the quarters of all pieces, shape (B, C, T).

    Raises:
        InputError: if there are too few or too many, or one is too small.
    """
    if not 1 <= len(pieces) <= MAX_PIECES or not all(
        isinstance(piece, Grid) for piece in pieces
    ):
        raise InputError(
            f"NormView was given {len(pieces)} pieces, but it shows 1 to {MAX_PIECES} "
            "grids."
        )
    n_voices = min(MAX_VOICES, *(piece.n_voices for piece in pieces), MAX_VOICES)
    n_numbers = min(piece.n_steps // STEPS_PER_NUMBER for piece in pieces)
    n_numbers = min(MAX_STEPS, n_numbers)
    if n_voices < 1 or n_numbers < 1:
        raise InputError(
            "NormView was given a piece shorter than a quarter or without a voice; "
            "give grids of at least 1 voice and 4 steps."
        )
    cut = slice(0, n_numbers * STEPS_PER_NUMBER, STEPS_PER_NUMBER)
    return np.stack([_sung(piece)[:n_voices, cut] for piece in pieces])


def _sung(piece: Grid) -> np.ndarray:
    """Return pitches without rests: each goes on with the last pitch (or the next)."""
    pitches = piece.pitches.astype(int)
    for row in pitches:
        sounding = np.flatnonzero(row != REST)
        if not len(sounding):
            raise InputError(
                "NormView was given a voice that only rests; choose other voices."
            )
        nearest = np.searchsorted(sounding, np.arange(len(row)), side="right") - 1
        row[:] = row[sounding[np.maximum(nearest, 0)]]
    return pitches

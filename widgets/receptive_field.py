"""How far a stack of dilated convolutions sees, and on how many paths."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets.base import SoundWidget

MOST_LAYERS, MOST_BLOCKS = 10, 16  # of a block; of a stack
MOST_TAPS, MOST_FACTOR = 4, 4
MOST_COUNTED = 100_000  # inputs whose paths are counted and drawn
RATES = (8000, 16_000, 22_050, 44_100)
SLOWEST, FASTEST = 20, 300  # quarter notes a minute


class ReceptiveField(SoundWidget, bundle="receptive_field"):
    """A microscope for the receptive field of a stack of dilated convolutions.

    Choose layers, kernel, dilation factor, blocks, sample rate and tempo: the cells
    that reach the chosen output are lit, the field is given in samples, milliseconds
    and beats, and each input says on how many paths it reaches the output.

    Args:
        n_layers: layers of a block, 1 to 10; layer i has dilation factor^i, i from 0.
        kernel: taps of each layer, 2 to 4.
        factor: by which the dilation grows from layer to layer, 1 to 4; 1 is a stack
            without dilation.
        n_blocks: how often the block is repeated, 1 to 16.
        sample_rate: samples a second, one of 8000, 16000, 22050, 44100.
        tempo: quarter notes a minute, 20 to 300.
        lag: the input whose paths are shown, in samples before the output.

    Raises:
        InputError: if a value is not allowed.

    >>> scope = ReceptiveField(n_layers=4)
    >>> scope.dilations, scope.field, scope.milliseconds
    ([1, 2, 4, 8], 16, 1.0)
    >>> ReceptiveField(n_layers=2, kernel=2, factor=3).paths
    [1, 1, 0, 1, 1]
    """

    # What is chosen; set these, or observe them.
    n_layers = traitlets.Int(4, min=1, max=MOST_LAYERS).tag(sync=True)
    kernel = traitlets.Int(2, min=2, max=MOST_TAPS).tag(sync=True)
    factor = traitlets.Int(2, min=1, max=MOST_FACTOR).tag(sync=True)
    n_blocks = traitlets.Int(1, min=1, max=MOST_BLOCKS).tag(sync=True)
    sample_rate = traitlets.Enum(RATES, 16_000).tag(sync=True)
    tempo = traitlets.Int(120, min=SLOWEST, max=FASTEST).tag(sync=True)
    lag = traitlets.Int(0).tag(sync=True)  # below 0: an input in the future
    output = traitlets.Int(0, min=0).tag(sync=True)  # samples before the newest
    is_close = traitlets.Bool(False).tag(sync=True)  # the newest inputs only

    def __init__(
        self,
        n_layers: int = 4,
        kernel: int = 2,
        factor: int = 2,
        n_blocks: int = 1,
        sample_rate: int = 16_000,
        tempo: int = 120,
        lag: int = 0,
    ) -> None:
        for name, value, low, high in (
            ("n_layers", n_layers, 1, MOST_LAYERS),
            ("kernel", kernel, 2, MOST_TAPS),
            ("factor", factor, 1, MOST_FACTOR),
            ("n_blocks", n_blocks, 1, MOST_BLOCKS),
            ("tempo", tempo, SLOWEST, FASTEST),
            ("lag", lag, 0, 10**9),
        ):
            if isinstance(value, bool) or not isinstance(value, int | np.integer):
                raise InputError(f"{name} is {value!r}, but must be a whole number.")
            if not low <= value <= high:
                raise InputError(f"{name} is {value}, but must be {low} to {high}.")
        if sample_rate not in RATES:
            raise InputError(
                f"The sample rate is {sample_rate!r}, but must be one of "
                f"{', '.join(map(str, RATES))}."
            )
        super().__init__(
            n_layers=int(n_layers),
            kernel=int(kernel),
            factor=int(factor),
            n_blocks=int(n_blocks),
            sample_rate=sample_rate,
            tempo=int(tempo),
            lag=int(lag),
        )

    @property
    def dilations(self) -> list[int]:
        """The dilation of each layer, from the input up."""
        return [self.factor**i for i in range(self.n_layers)] * self.n_blocks

    @property
    def field(self) -> int:
        """The receptive field in samples."""
        return 1 + (self.kernel - 1) * sum(self.dilations)

    @property
    def milliseconds(self) -> float:
        """The receptive field in milliseconds at the chosen sample rate."""
        return 1000 * self.field / self.sample_rate

    @property
    def beats(self) -> float:
        """The receptive field in quarter notes at the chosen tempo."""
        return self.milliseconds / 1000 * self.tempo / 60

    @property
    def paths(self) -> list[int]:
        """The number of paths to the input `lag` samples back, lag = 0, 1 and so on.

        Raises:
            InputError: if the field has more than 100,000 inputs.
        """
        if self.field > MOST_COUNTED:
            raise InputError(
                f"The field has {self.field:,} inputs, but the paths of up to "
                f"{MOST_COUNTED:,} are counted; take fewer layers or blocks."
            )
        return _paths(self.dilations, self.kernel)


def _paths(dilations: Sequence[int], kernel: int) -> list[int]:
    """Return how many paths lead to each input: a product of polynomials."""
    counts = np.array([1], dtype=object)  # whole numbers of any size
    for dilation in dilations:
        wider = np.zeros(len(counts) + (kernel - 1) * dilation, dtype=object)
        for tap in range(kernel):
            wider[tap * dilation : tap * dilation + len(counts)] += counts
        counts = wider
    return counts.tolist()

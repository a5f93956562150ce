"""What a network that edits is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from deepcomposer_edu.errors import InputError

MODES = {
    "repair": "Repair wrong notes",
    "vary": "Vary what is there",
    "inpaint": "Write anew",
    "harmonise": "Harmonise the soprano",
    "continue": "Go on at the end",
}
VARIANTS = ("orderless", "edit-events")  # of the network; as in models/ar_cnn.py
MOST_ADDED, MOST_PASSES, MOST_NEW_BARS = 1000, 256, 16
LEAST_RISK, MOST_RISK = 0.1, 3.0  # temperature
MOST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Wish:
    """What the network is asked for.

    Args:
        mode: one of MODES.
        max_added: notes that may be added, 0 to 1000.
        max_removed: how much of the piece may be taken away, 0 to 100 per cent.
        iterations: passes over the piece, 1 to 256.
        temperature: the creative risk, 0.1 to 3; 1 draws as the network has learned.
        avoid_parallels: whether parallel fifths and octaves are passed over.
        n_bars: how many bars "continue" adds, 1 to 16.
        seed: the same seed makes the same edits.

    Raises:
        InputError: if a value lies outside its range.
    """

    mode: str = "repair"
    max_added: int = MOST_ADDED
    max_removed: float = 100.0
    iterations: int = 64
    temperature: float = 1.0
    avoid_parallels: bool = True
    n_bars: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise InputError(
                f"The mode is {self.mode!r}, but it is one of {', '.join(MODES)}."
            )
        _check("max_added", self.max_added, 0, MOST_ADDED)
        _check("max_removed", self.max_removed, 0, 100, whole=False)
        _check("The number of iterations", self.iterations, 1, MOST_PASSES)
        _check("The temperature", self.temperature, LEAST_RISK, MOST_RISK, whole=False)
        _check("The number of new bars", self.n_bars, 1, MOST_NEW_BARS)
        _check("The seed", self.seed, 0, MOST_SEED)


def make_wish(**settings: object) -> Wish:
    """Return a Wish; a setting that there is none of is refused in words.

    Raises:
        InputError: if a setting is unknown or not allowed.
    """
    known = Wish.__dataclass_fields__
    for name in settings:
        if name not in known:
            raise InputError(
                f"There is no setting {name!r}; there are {', '.join(known)}."
            )
    return Wish(**settings)


def _check(
    what: str, value: object, least: float, most: float, whole: bool = True
) -> None:
    """Refuse what is no number from `least` to `most`."""
    kinds = int if whole else int | float
    is_number = isinstance(value, kinds) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:
        kind = "a whole number" if whole else "a number"
        raise InputError(
            f"{what} is {value!r}, but it must be {kind} from {least:g} to {most:g}."
        )

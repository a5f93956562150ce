"""What a technique is, and the parameters that several of them have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deepcomposer_edu.compose.genres import PLAIN, VOICES
from deepcomposer_edu.compose.parameters import Parameter
from deepcomposer_edu.compose.prepare import MAX_STEPS
from deepcomposer_edu.compose.request import Request, Voices
from deepcomposer_edu.compose.techniques.editing import MANY, MODES
from deepcomposer_edu.music.bands import BANDS
from deepcomposer_edu.music.locks import parse_bars, parse_notes, parse_voices

Compose = Callable[[Request], Voices]


@dataclass(frozen=True)
class Technique:
    """One way to compose: its function and its parameters.

    Args:
        name: what it is called in `compose(technique=...)`.
        summary: what it does, in one sentence.
        compose: the function; it gets only checked values.
        parameters: what can be turned on it.
        network: the kind of network that it uses, "wgan" say; None: it uses none.
        learned: the genres it writes by itself; the first is used if none is chosen.
        voices: the names of the tracks that it writes, melody first.
        keeps_voices: whether, with these parameters, voices that were given with the
            melody stay.
        hears_in_c: whether the model hears the melody moved to C major or A minor.
    """

    name: str
    summary: str
    compose: Compose
    parameters: tuple[Parameter, ...] = ()
    network: str | None = None
    learned: tuple[str, ...] = (PLAIN,)
    voices: tuple[str, ...] = VOICES
    keeps_voices: Callable[[Mapping[str, object]], bool] = lambda _: False
    hears_in_c: bool = True

    @property
    def styles(self) -> tuple[str, ...]:
        """The genres that can be chosen; bands need voices to take chords from."""
        return (*self.learned, *BANDS) if len(self.voices) > 1 else self.learned


TEMPERATURE = Parameter(
    "temperature",
    1.0,
    0.05,
    5.0,
    "how adventurous the choice of notes is: low is safe, 1 is as learned, 5 is wild",
)
TOP_K = Parameter(
    "top_k",
    0,
    0,
    38,
    "draw only from so many of the likeliest notes; 0 sets no limit",
)
TOP_P = Parameter(
    "top_p",
    1.0,
    0.05,
    1.0,
    "draw only from the likeliest notes that together have this probability, the "
    "nucleus; 1 sets no limit",
)
AVOID_PARALLELS = Parameter(
    "avoid_parallels", True, meaning="whether parallel fifths and octaves are avoided"
)
EDITING = (
    Parameter(
        "mode",
        "harmonise",
        meaning="what is done: harmonise writes voices below the melody, vary changes "
        "them, repair looks for wrong notes, inpaint writes a part anew, continue goes "
        "on after the end",
        choices=MODES,
    ),
    Parameter(
        "voices",
        "",
        meaning="which voices may change; nothing leaves it to the mode",
        check=parse_voices,
        example='"alto bass"',
    ),
    Parameter(
        "bars",
        "",
        meaning="which bars may change; nothing means all",
        check=lambda text: parse_bars(text, MAX_STEPS, has_upbeat=True),
        example='"3, 5-8"',
    ),
    Parameter(
        "keep",
        "",
        meaning="single notes that must stay: voice, bar and beat of each",
        check=parse_notes,
        example='"bass 5:1, alto 6:3"',
    ),
    Parameter(
        "max_added",
        MANY,
        0,
        MANY,
        f"how many notes may be added at most; {MANY} sets no limit",
    ),
    Parameter(
        "max_removed",
        100.0,
        0.0,
        100.0,
        "how many of the notes that are there may be taken away at most, in per cent",
    ),
    Parameter(
        "iterations",
        64,
        1,
        512,
        "how many times the network is asked; more takes longer, and more is redrawn",
    ),
    TEMPERATURE,
    AVOID_PARALLELS,
    Parameter(
        "extension_bars",
        8,
        1,
        128,
        "how many bars the mode continue adds after the end",
    ),
    Parameter(
        "variant",
        "orderless",
        meaning="which network: orderless fills any cells of four voices, edit-events "
        "makes one edit at a time as AWS DeepComposer's did",
        choices=("orderless", "edit-events"),
    ),
)

"""Every technique that composes, in one place.

A technique is a function from a `Request`, which holds the prepared melody, the seed,
the parameters and the network, to the voices that sound with the melody. To add one,
write the function and one entry of `TECHNIQUES`; the command line, provenance and
replay follow by themselves.
"""

from __future__ import annotations

from deepcomposer_edu.compose.arranging.record import ARRANGING
from deepcomposer_edu.compose.genres import LEARNED, PLAIN, VOICES
from deepcomposer_edu.compose.parameters import Parameter, did_you_mean
from deepcomposer_edu.compose.techniques.editing import compose_ar_cnn
from deepcomposer_edu.compose.techniques.extending import (
    compose_melody_rnn,
    compose_transformer,
)
from deepcomposer_edu.compose.techniques.harmonising import compose_random, compose_wgan
from deepcomposer_edu.compose.techniques.technique import (
    AVOID_PARALLELS,
    EDITING,
    TEMPERATURE,
    TOP_K,
    TOP_P,
    Technique,
)
from deepcomposer_edu.errors import InputError

TECHNIQUES: dict[str, Technique] = {
    technique.name: technique
    for technique in (
        Technique(
            "wgan",
            "A WGAN-GP that learned from Bach's chorales adds alto, tenor and bass.",
            compose_wgan,
            (
                Parameter(
                    "temperature",
                    0.9,
                    0.0,
                    5.0,
                    "how adventurous the choice of notes is: 0 is safe, 5 is wild",
                ),
                Parameter(
                    "inertia",
                    0.5,
                    0.0,
                    10.0,
                    "how much the voices like to stay on their notes",
                ),
                Parameter(
                    "candidates",
                    1,
                    1,
                    32,
                    "how many harmonisations are tried before the best is kept",
                ),
                AVOID_PARALLELS,
                Parameter(
                    "smoothness",
                    3.0,
                    0.0,
                    10.0,
                    "how much the voices dislike leaps and clashes that are hard to "
                    "sing",
                ),
            ),
            network="wgan",
            learned=(PLAIN, "palestrina", "quartet"),
        ),
        Technique(
            "melody-rnn",
            "A recurrent network that learned folk tunes plays on, the melody alone.",
            compose_melody_rnn,
            (
                Parameter(
                    "steps",
                    0,
                    0,
                    2048,
                    "how many sixteenths it plays on; 0 plays for 30 seconds",
                ),
                TEMPERATURE,
                TOP_K,
                TOP_P,
                Parameter(
                    "variant",
                    "attention",
                    meaning="which network: attention looks at all it has played "
                    "lately, lookback one and two bars back",
                    choices=("attention", "lookback"),
                ),
            ),
            network="melody-rnn",
            learned=("folk",),
            voices=VOICES[:1],
            hears_in_c=False,
        ),
        Technique(
            "transformer",
            "A Transformer goes on where the melody ends, in four voices, or "
            "harmonises it.",
            compose_transformer,
            (
                Parameter(
                    "mode",
                    "extend",
                    meaning="whether the music goes on after its end, or only gets "
                    "voices below it",
                    choices=("extend", "harmonise"),
                ),
                Parameter(
                    "input_bars",
                    0,
                    0,
                    64,
                    "how many bars before the end it hears; 0 means all of them",
                ),
                Parameter(
                    "extension_bars", 8, 1, 128, "how many bars it adds after the end"
                ),
                TEMPERATURE,
                TOP_K,
                TOP_P,
                Parameter(
                    "max_rest",
                    0.0,
                    0.0,
                    16.0,
                    "beats that a voice may rest at most; 0 sets no limit",
                ),
                Parameter(
                    "max_note",
                    0.0,
                    0.0,
                    16.0,
                    "beats that a note may last at most; 0 sets no limit",
                ),
                AVOID_PARALLELS,
            ),
            network="transformer",
            learned=LEARNED,
            keeps_voices=lambda parameters: parameters.get("mode") == "extend",
            hears_in_c=False,
        ),
        Technique(
            "ar-cnn",
            "An autoregressive CNN edits note by note: it adds voices, changes them, "
            "repairs wrong notes or goes on.",
            compose_ar_cnn,
            EDITING,
            network="ar-cnn",
            keeps_voices=lambda parameters: (
                parameters.get("mode") != "harmonise"
                or any(parameters.get(name) for name in ("voices", "bars", "keep"))
            ),
            hears_in_c=False,
        ),
        Technique(
            "random",
            "Random notes of the melody's key: the baseline that models must beat.",
            compose_random,
        ),
    )
}


def technique_names() -> list[str]:
    """Return the names of the techniques that compose."""
    return list(TECHNIQUES)


def technique_parameters(name: str) -> tuple[Parameter, ...]:
    """Return what can be turned on a technique: names, defaults, ranges, meanings.

    Raises:
        InputError: if there is no such technique.
    """
    return find_technique(name).parameters


def find_technique(name: str) -> Technique:
    """Return a technique by its name.

    Raises:
        InputError: if there is none; it lists those that exist.
    """
    if name in ARRANGING:
        raise InputError(
            f'The composition was made by "{name}", which composes nothing by itself; '
            "take the composition that it was made from."
        )
    if not isinstance(name, str) or name not in TECHNIQUES:
        raise InputError(
            f"There is no technique {str(name)[:40]!r}"
            f"{did_you_mean(str(name), TECHNIQUES)}; "
            f"the techniques are: {', '.join(TECHNIQUES)}."
        )
    return TECHNIQUES[name]

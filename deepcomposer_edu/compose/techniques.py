"""Every technique that composes, in one place.

A technique is a function from a `Request`, which holds the prepared melody, the seed,
the parameters and the network, to the voices that sound with the melody. To add one,
write the function and one entry of `TECHNIQUES`; the command line, provenance and
replay follow by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deepcomposer_edu.compose.parameters import Parameter, did_you_mean
from deepcomposer_edu.compose.prepare import Melody
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, voice_notes
from deepcomposer_edu.music.pianoroll import fold_pitch
from deepcomposer_edu.music.score import Note, Track

if TYPE_CHECKING:
    from deepcomposer_edu.compose.models import Model

LOWEST, HIGHEST = 24, 108  # C1 to C8: below and above, instruments do not sound
VOICE_NAMES = ("Alto", "Tenor", "Bass")
QUIETER = 0.85  # the voices' velocity relative to the melody's


@dataclass(frozen=True)
class Voices:
    """What a technique made.

    Args:
        tracks: the voices below the melody, in the score's time.
        weights: name and SHA-256 of the weights used, or None.
    """

    tracks: tuple[Track, ...]
    weights: dict[str, object] | None = None


@dataclass(frozen=True)
class Request:
    """What a technique is asked for; all values are checked.

    Args:
        melody: the prepared melody.
        seed: from which every random choice follows.
        parameters: a value for each of the technique's parameters.
        model: the network to use, for techniques that use one.
        on_progress: called with (parts done, parts in all); what it raises ends the
            work.
    """

    melody: Melody
    seed: int
    parameters: Mapping[str, object] = field(default_factory=dict)
    model: Model | None = None
    on_progress: Callable[[int, int], None] | None = None


Compose = Callable[[Request], Voices]


@dataclass(frozen=True)
class Technique:
    """One way to compose: its function and its parameters.

    Args:
        name: what it is called in `compose(technique=...)`.
        summary: what it does, in one sentence.
        compose: the function; it gets only checked values.
        parameters: what can be turned on it.
        uses_model: whether a network of your own can be put into it.
    """

    name: str
    summary: str
    compose: Compose
    parameters: tuple[Parameter, ...] = ()
    uses_model: bool = False


def voices_below(melody: Melody, grid: Grid) -> tuple[Track, ...]:
    """Return voices 1 to 3 of a harmonised grid as tracks in the score's time.

    The models may have heard the melody octaves away from where it was given and
    without its silent bars; here the voices are moved back to it.

    Args:
        melody: the prepared melody.
        grid: four voices, shape (4, T), in the melody's own key.
    """
    loudness = sorted(note.velocity for note in melody.given.notes)
    velocity = max(round(loudness[len(loudness) // 2] * QUIETER), 1)
    tracks = []
    for voice, name in enumerate(VOICE_NAMES, start=1):
        notes = tuple(
            Note(
                note.start + melody.offset,
                fold_pitch(note.pitch - 12 * melody.octaves, LOWEST, HIGHEST),
                note.duration,
                velocity,
            )
            for note in voice_notes(grid, voice)
        )
        tracks.append(Track(notes, name))
    return tuple(tracks)


def compose_wgan(request: Request) -> Voices:
    """Harmonise with a WGAN-GP: the shipped one learned from chorales."""
    from deepcomposer_edu.compose.models import load_model, weights_record

    melody = request.melody
    harmoniser = load_model(request.model)
    grid = harmoniser.harmonise(
        melody.grid,
        to_c=melody.key.to_c,
        steps_per_bar=melody.steps_per_bar,
        pickup=melody.pickup,
        seed=request.seed,
        on_progress=request.on_progress,
        **request.parameters,
    )
    return Voices(voices_below(melody, grid), weights_record(request.model, harmoniser))


def compose_random(request: Request) -> Voices:
    """Play random notes of the key below the melody: what every model must beat."""
    from deepcomposer_edu.models.baselines import random_in_key

    melody = request.melody
    grid = random_in_key(melody.grid, melody.key.to_c, request.seed)
    return Voices(voices_below(melody, grid))


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
                Parameter(
                    "avoid_parallels",
                    True,
                    meaning="whether parallel fifths and octaves are avoided",
                ),
            ),
            uses_model=True,
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
    if not isinstance(name, str) or name not in TECHNIQUES:
        raise InputError(
            f"There is no technique {str(name)[:40]!r}"
            f"{did_you_mean(str(name), TECHNIQUES)}; "
            f"the techniques are: {', '.join(TECHNIQUES)}."
        )
    return TECHNIQUES[name]

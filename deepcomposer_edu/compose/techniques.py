"""Every technique that composes, in one place.

A technique is a function from a prepared melody, a genre, a seed and its parameters to
the voices that sound with the melody. To add one, write the function and one entry of
`TECHNIQUES`; the command line, provenance and replay follow by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deepcomposer_edu.compose.parameters import Parameter, did_you_mean
from deepcomposer_edu.compose.prepare import Melody
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, voice_notes
from deepcomposer_edu.music.pianoroll import fold_pitch
from deepcomposer_edu.music.score import Note, Track

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
    weights: dict[str, str] | None = None


Compose = Callable[[Melody, str, int, Mapping[str, object]], Voices]


@dataclass(frozen=True)
class Technique:
    """One way to compose: its function, its genres, its parameters.

    Args:
        name: what it is called in `compose(technique=...)`.
        summary: what it does, in one sentence.
        compose: the function; it gets only checked values.
        genres: the styles that it knows, the default first.
        parameters: what can be turned on it.
    """

    name: str
    summary: str
    compose: Compose
    genres: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()


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


def compose_wgan(
    melody: Melody, genre: str, seed: int, parameters: Mapping[str, object]
) -> Voices:
    """Harmonise with the WGAN-GP that learned from chorales."""
    from deepcomposer_edu.models.harmonise import load_harmoniser

    harmoniser = load_harmoniser(genre)
    grid = harmoniser.harmonise(
        melody.grid,
        to_c=melody.key.to_c,
        steps_per_bar=melody.steps_per_bar,
        pickup=melody.pickup,
        seed=seed,
        **parameters,
    )
    weights = {
        "name": harmoniser.name,
        "sha256": harmoniser.weight_sha256,
    }
    return Voices(voices_below(melody, grid), weights)


def compose_random(
    melody: Melody,
    genre: str,  # noqa: ARG001 - chance knows no style
    seed: int,
    parameters: Mapping[str, object],  # noqa: ARG001 - and nothing can be turned
) -> Voices:
    """Play random notes of the key below the melody: what every model must beat."""
    from deepcomposer_edu.models.baselines import random_in_key

    return Voices(
        voices_below(melody, random_in_key(melody.grid, melody.key.to_c, seed))
    )


TECHNIQUES: dict[str, Technique] = {
    technique.name: technique
    for technique in (
        Technique(
            "wgan",
            "A WGAN-GP that learned from Bach's chorales adds alto, tenor and bass.",
            compose_wgan,
            ("bach",),
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
        ),
        Technique(
            "random",
            "Random notes of the melody's key: the baseline that models must beat.",
            compose_random,
            ("bach",),
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


def checked_genre(technique: Technique, genre: object) -> str:
    """Return the genre if the technique knows it.

    Raises:
        InputError: if not; it lists those that it knows.
    """
    if genre not in technique.genres:
        raise InputError(
            f"The technique {technique.name} does not know the genre "
            f"{str(genre)[:40]!r}{did_you_mean(str(genre), technique.genres)}; "
            f"it knows: {', '.join(technique.genres)}."
        )
    return str(genre)

"""What can be chosen as a genre: the network's own voices, bands, and your networks.

"bach" is what the shipped network writes. "classical", "jazz", "rock" and "pop" are the
same harmony, played by a band whose style is written by rule: no network here learned
jazz, rock or pop, since no corpus of them that is free to use comes with the packages.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.compose.parameters import Parameter, did_you_mean
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bands import BANDS
from deepcomposer_edu.music.bands.styles import TRIPLET

if TYPE_CHECKING:
    from deepcomposer_edu.compose.models import Model

PLAIN = "bach"  # four voices, as the network writes them
STYLES: tuple[str, ...] = (PLAIN, *BANDS)
VOICES = ("Melody", "Alto", "Tenor", "Bass")

# What can be turned on a band; which band has which is in `BANDS[style].options`.
BAND_PARAMETERS = {
    "energy": Parameter(
        "energy", 0.5, 0.0, 1.0, "how busily the band plays, from calm to wild"
    ),
    "swing": Parameter(
        "swing",
        TRIPLET,
        0.5,
        0.75,
        "how late the band's second eighths fall: 0.5 is even, 2/3 a triplet",
    ),
}


@dataclass(frozen=True)
class Genre:
    """One thing to choose as `genre`.

    Args:
        name: what to give to `compose(genre=...)`.
        kind: "voices" (four voices by the shipped network), "band" (a style by rule
            over its harmony), "kept" or "run" (four voices by a network of yours).
        summary: what it is, in a sentence without a full stop.
        tracks: the names of the tracks that come back, melody first.
        parameters: what can be turned on the band, besides the technique's own.
    """

    name: str
    kind: str
    summary: str
    tracks: tuple[str, ...] = VOICES
    parameters: tuple[Parameter, ...] = ()


def style_parameters(style: str) -> tuple[Parameter, ...]:
    """Return what can be turned on a style's band; nothing for plain voices."""
    if style not in BANDS:
        return ()
    return tuple(BAND_PARAMETERS[name] for name in BANDS[style].options)


def genre_choices() -> list[Genre]:
    """Return everything that can be chosen as genre here and now.

    First the shipped ones, then kept models, then the newest network of each run that
    lies in the work folder or the current one.
    """
    from deepcomposer_edu.compose.models import kept_models, run_models

    found = [Genre(PLAIN, "voices", "four voices as in Bach's chorales")]
    found += [
        Genre(name, "band", band.summary, band.tracks, style_parameters(name))
        for name, band in BANDS.items()
    ]
    return found + [
        Genre(model.name, model.kind, model.summary)
        for model in (*kept_models(), *run_models())
    ]


def genre_names() -> list[str]:
    """Return the names of everything that can be chosen as genre."""
    return [genre.name for genre in genre_choices()]


def checked_genre(genre: object, model: object = None) -> tuple[str, Model]:
    """Return the style that a genre asks for, and the network that harmonises.

    Args:
        genre: a style, or a network, which then writes its own four voices.
        model: the network, if it is not the shipped one.

    Raises:
        InputError: if there is no such genre or network, or there are two networks.
    """
    from deepcomposer_edu.compose.models import SHIPPED, find_model

    if not isinstance(genre, str | Path) or not isinstance(model, str | Path | None):
        raise InputError(
            f"The genre is {str(genre)[:40]} and the model {str(model)[:40]}, but both "
            "are names; see genre_names()."
        )
    if str(genre) in STYLES:
        return str(genre), find_model(SHIPPED if model is None else model)
    if model is not None:
        raise InputError(
            f"The genre {str(genre)[-60:]!r} and the model {str(model)[-60:]!r} would "
            f"both be networks; with a model, the genre is one of {', '.join(STYLES)}."
        )
    if looks_like_model(genre):
        return PLAIN, find_model(genre)
    names = genre_names()
    raise InputError(
        f"There is no genre {str(genre)[:40]!r}{did_you_mean(str(genre), names)}; the "
        f"genres are: {', '.join(names)}; or give the folder of a training run."
    )


def looks_like_model(genre: str | Path) -> bool:
    """Return whether a genre is the name of a network, or at least written like a path.

    >>> looks_like_model("runs/mine@200"), looks_like_model("polka")
    (True, False)
    """
    from deepcomposer_edu.compose.models import find_model

    if isinstance(genre, Path) or any(sign in genre for sign in "/\\@"):
        return True
    try:
        find_model(genre)
    except InputError:
        return False
    return True

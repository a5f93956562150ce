"""What can be chosen as a genre: what networks have learned, bands, your networks.

"bach" is what most networks here have learned; some know others, such as Palestrina.
"classical", "jazz", "rock" and "pop" are a network's harmony, played by a band whose
style is written by rule: no network here learned jazz, rock or pop, since no corpus of
them that is free to use comes with the packages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.compose.model_places import SHIPPED, find_model
from deepcomposer_edu.compose.parameters import Parameter, did_you_mean
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.bands import BANDS
from deepcomposer_edu.music.bands.styles import TRIPLET
from deepcomposer_edu.music.repertoire import GENRES, genre_info

if TYPE_CHECKING:
    from deepcomposer_edu.compose.model_places import Model
    from deepcomposer_edu.compose.techniques.technique import Technique

PLAIN = "bach"  # chorales, whose repertoire is called so
CHORALE = "chorale"
LEARNED: tuple[str, ...] = tuple(PLAIN if g == CHORALE else g for g in GENRES)
STYLES: tuple[str, ...] = (*LEARNED, *BANDS)
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
        kind: "voices" (a network has learned it), "band" (a style by rule over a
            network's harmony), "kept" or "run" (a network of yours).
        summary: what it is, in a sentence without a full stop.
        tracks: the names of the tracks that come back from the first of `techniques`,
            melody first.
        parameters: what can be turned on the band, besides the technique's own.
        techniques: the techniques that know it.
    """

    name: str
    kind: str
    summary: str
    tracks: tuple[str, ...] = VOICES
    parameters: tuple[Parameter, ...] = ()
    techniques: tuple[str, ...] = ()


def style_parameters(style: str) -> tuple[Parameter, ...]:
    """Return what can be turned on a style's band; nothing for plain voices."""
    if style not in BANDS:
        return ()
    return tuple(BAND_PARAMETERS[name] for name in BANDS[style].options)


def style_summary(style: str) -> str:
    """Return what a style is, in a sentence without a full stop."""
    if style in BANDS:
        return BANDS[style].summary
    return genre_info(CHORALE if style == PLAIN else style).description


def style_programs(style: str) -> tuple[int, int, int, int]:
    """Return the General MIDI programs of the four voices of a learned style."""
    return genre_info(CHORALE if style == PLAIN else style).programs


def genre_choices(technique: str | None = None) -> list[Genre]:
    """Return everything that can be chosen as genre here and now.

    First the shipped ones, then kept models, then the newest network of each run that
    lies in the work folder or the current one.

    Args:
        technique: only what this one knows; None: everything.

    Raises:
        InputError: if there is no such technique.
    """
    from deepcomposer_edu.compose.model_places import kept_models, run_models
    from deepcomposer_edu.compose.techniques.catalogue import TECHNIQUES, find_technique

    names = TECHNIQUES if technique is None else [technique]
    asked = [find_technique(name) for name in names]
    found = [_style_choice(s, [t for t in asked if s in t.styles]) for s in STYLES]
    found += [
        _own_choice(model, [t for t in asked if t.network == model.network])
        for model in (*kept_models(), *run_models())
    ]
    return [genre for genre in found if genre.techniques]


def _style_choice(style: str, users: Sequence[Technique]) -> Genre:
    """Return a style as a choice for those techniques that know it."""
    band = BANDS.get(style)
    return Genre(
        style,
        "voices" if band is None else "band",
        style_summary(style),
        _voices(users) if band is None else band.tracks,
        style_parameters(style),
        tuple(technique.name for technique in users),
    )


def _own_choice(model: Model, users: Sequence[Technique]) -> Genre:
    """Return a network of one's own as a choice for those techniques that use it."""
    names = tuple(technique.name for technique in users)
    tracks = _voices(users)
    return Genre(model.name, model.kind, model.summary, tracks, techniques=names)


def _voices(users: Sequence[Technique]) -> tuple[str, ...]:
    """Return the tracks that the first of some techniques writes without a band."""
    return users[0].voices if users else VOICES


def genre_names(technique: str | None = None) -> list[str]:
    """Return the names of what can be chosen as genre, of all techniques or of one."""
    return [genre.name for genre in genre_choices(technique)]


def checked_genre(
    genre: object, model: object, technique: Technique
) -> tuple[str, Model]:
    """Return the style that a genre asks for, and the network that composes.

    Args:
        genre: a style, or a network, which then writes its own voices; None: what the
            technique is best at.
        model: the network, if it is not the shipped one.
        technique: the one that is to compose.

    Raises:
        InputError: if there is no such genre or network, the technique does not know
            it, or there are two networks.
    """
    genre = technique.styles[0] if genre is None else genre
    genre = PLAIN if genre == CHORALE else genre
    if not isinstance(genre, str | Path) or not isinstance(model, str | Path | None):
        raise InputError(
            f"The genre is {str(genre)[:40]} and the model {str(model)[:40]}, but both "
            "are names; see genre_names()."
        )
    if str(genre) in STYLES:
        _refuse_unknown_style(str(genre), technique)
        network = find_model(SHIPPED if model is None else model)
        _refuse_other_network(network, technique)
        return str(genre), network
    if model is not None:
        raise InputError(
            f"The genre {str(genre)[-60:]!r} and the model {str(model)[-60:]!r} would "
            f"both be networks; with a model, the genre is one of "
            f"{', '.join(technique.styles)}."
        )
    if looks_like_model(genre):
        network = find_model(genre)
        _refuse_other_network(network, technique)
        return technique.styles[0], network
    names = genre_names(technique.name)
    raise InputError(
        f"There is no genre {str(genre)[:40]!r}{did_you_mean(str(genre), names)}; the "
        f"genres are: {', '.join(names)}; or give the folder of a training run."
    )


def looks_like_model(genre: str | Path) -> bool:
    """Return whether a genre is the name of a network, or at least written like a path.

    >>> looks_like_model("runs/mine@200"), looks_like_model("polka")
    (True, False)
    """
    if isinstance(genre, Path) or any(sign in genre for sign in "/\\@"):
        return True
    try:
        find_model(genre)
    except InputError:
        return False
    return True


def _refuse_unknown_style(style: str, technique: Technique) -> None:
    """Raise an InputError if a technique does not know a style."""
    if style in technique.styles:
        return
    raise InputError(
        f"The technique {technique.name} does not know the genre {style}, it knows "
        f"{', '.join(technique.styles)}; "
        + (_choose(lambda t: style in t.styles) or "no technique here has learned it")
        + "."
    )


def _refuse_other_network(network: Model, technique: Technique) -> None:
    """Raise an InputError if a network is not one that a technique can use."""
    if network.kind == "shipped" or network.network == technique.network:
        return
    remedy = _choose(lambda t: t.network == network.network)
    if technique.network is None:
        raise InputError(
            f"The technique {technique.name} uses no network, but the model "
            f"{network.name} was given; leave it out{remedy and ', or ' + remedy}."
        )
    raise InputError(
        f"The model {network.name} is a network of another kind, {network.network}, "
        f"but the technique {technique.name} needs one of {technique.network}; "
        f"{remedy or 'choose another one'}."
    )


def _choose(fits: Callable[[Technique], bool]) -> str:
    """Return the advice to choose a technique that fits; nothing if none does."""
    from deepcomposer_edu.compose.techniques.catalogue import TECHNIQUES

    names = [t.name for t in TECHNIQUES.values() if fits(t)]
    if not names:
        return ""
    others, last = names[:-1], names[-1]
    return f"choose the technique {', '.join(others)}{' or ' if others else ''}{last}"

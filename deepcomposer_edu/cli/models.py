"""`deepcomposer models` and `keep`: networks of your own, to compose with by name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say

OF_SOUND = ("wavenet", "nsynth", "ada")  # networks that make raw sound


def add_to(app: typer.Typer) -> None:
    """Add both commands to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer models\n"
        "  deepcomposer models --remove my-first-model"
    )(models)
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer keep run my-first-model\n"
        "  deepcomposer keep run my-first-model --step 200\n"
        "  deepcomposer compose ode-to-joy -o out --genre my-first-model"
    )(keep)


def models(
    remove: Annotated[
        str | None, typer.Option("--remove", metavar="NAME", help="Forget a model.")
    ] = None,
) -> None:
    """List what can be given as a genre: styles, kept models, runs lying here.

    A run stands here with its newest checkpoint; RUN@STEP chooses another. Networks
    that make raw sound stand at the end: they compose nothing, but a WaveNet plays.
    """
    from deepcomposer_edu.compose.genres import genre_choices
    from deepcomposer_edu.compose.model_places import kept_models, run_models
    from deepcomposer_edu.compose.models import forget
    from deepcomposer_edu.compose.raw_sound.own_timbres import PLAYING, own_timbre_names

    if remove is not None:
        forget(remove)
        say(f"The model {remove} is forgotten; its run, if it is still there, is not.")
        return
    choices = genre_choices()
    sounding = [
        model for model in (*kept_models(), *run_models()) if model.network in OF_SOUND
    ]
    width = max(len(choice.name) for choice in (*choices, *sounding))
    for choice in choices:
        say(f"{choice.name:<{width}}  {choice.kind:<6}  {choice.summary}")
    for model in sounding:
        does = "an instrument" if model.network in PLAYING else "no genre"
        say(f"{model.name:<{width}}  sound   {model.summary}: {does}")
    timbres = own_timbre_names()
    if timbres:
        say(f"Instruments of your own, for --instruments: {', '.join(timbres)}")


def keep(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="The run folder, or its name.")
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    step: Annotated[
        int | None,
        typer.Option("--step", min=0, help="Which checkpoint; default: the newest."),
    ] = None,
) -> None:
    """Keep the network of a training run under a name, to compose with.

    What is kept is a copy, so the run can be deleted or go on.
    """
    from deepcomposer_edu.compose.model_places import WGAN
    from deepcomposer_edu.compose.models import keep as keep_model
    from deepcomposer_edu.compose.raw_sound.own_timbres import (
        PLAYING,
        SIGN,
        instruments_in,
    )

    model = keep_model(run, name, step)
    say(f"Kept as {model.name}: {model.summary}.")
    if model.network in PLAYING:
        names = [f"wavenet:{model.name}{SIGN}{one}" for one in instruments_in(model)]
        say(
            "Let it play: deepcomposer export composition.json -o out --instruments "
            f"{names[0]}" + (f" (or {', '.join(names[1:])})" if names[1:] else "")
        )
        return
    how = "" if model.network == WGAN else f" --technique {model.network}"
    say(
        "Compose with it: deepcomposer compose ode-to-joy -o out"
        f"{how} --genre {model.name}"
    )

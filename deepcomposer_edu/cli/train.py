"""`deepcomposer train`: teach a network, and go on where a run stopped."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from deepcomposer_edu.cli.console import say, seconds_words
from deepcomposer_edu.cli.train_progress import Progress, stopped_by_ctrl_c
from deepcomposer_edu.cli.train_sound import holds_population, tell_population
from deepcomposer_edu.cli.trainable import TRAINABLE, Job, Trainable
from deepcomposer_edu.errors import InputError

SHOWN_METRICS = (
    *("triad_rate", "dissonant_pair_rate", "best_scale_rate"),
    *("valid_loss", "right", "bits_per_character"),
)


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=_epilog())(train)


def _epilog() -> str:
    """Return the examples and what can be trained."""
    return "\n".join(
        [
            "\b",
            "Examples:",
            "  deepcomposer train wgan --out run --steps 200",
            "  deepcomposer train wgan --out run --steps 1000 --resume",
            "  deepcomposer train wgan --out run --data my_midi_files --check",
            "  deepcomposer train wgan --out run --data my_files --tracks 1,3,4,5 \\",
            "      --recipe small --only metres=4/4 --epochs 50",
            "  deepcomposer train wgan --out run -p n_critic=1 -p loss=original",
            "  deepcomposer train ar-cnn --out run --recipe small --data my_files",
            "  deepcomposer train melody-rnn --out run --recipe lookback",
            "  deepcomposer train transformer --out run -p learning_rate=0.0003",
            "  deepcomposer train writer --out run --text shakespeare.txt",
            "  deepcomposer train wavenet --out run --data my_recordings",
            "  deepcomposer train voice --out my_alto --recipe alto",
            "  deepcomposer train ada --out run --population 4 --rounds 5",
            "  deepcomposer video run -o training.mp4",
            "",
            "\b",
            "What can be trained (steps if --steps is not given):",
            *(
                f"  {one.name}: {one.summary}; {one.n_steps} steps"
                + (f"; recipes: {', '.join(one.recipes)}" if one.recipes[1:] else "")
                for one in TRAINABLE.values()
            ),
        ]
    )


def train(
    technique: Annotated[
        str,
        typer.Argument(
            metavar="NETWORK", help=f"What to train: {', '.join(TRAINABLE)}."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The run folder; made if missing.")
    ],
    steps: Annotated[
        int | None, typer.Option("--steps", "-n", help="Training steps in all.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            help="For wgan and ar-cnn: a folder of four-voice MIDI or MusicXML files; "
            "default: Bach's chorales. For wavenet, nsynth and ada: a folder of "
            "recordings; default: the course's own notes.",
        ),
    ] = None,
    text: Annotated[
        Path | None,
        typer.Option(
            "--text",
            help="For writer: a text file (UTF-8) to learn from; default: books of "
            "tunes in letters.",
        ),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option("--recipe", help="Which settings to begin with, by name."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in the folder.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", "-s", help="Seed of the run.")] = 0,
    sample_every: Annotated[
        int, typer.Option("--sample-every", help="Steps between samples and metrics.")
    ] = 100,
    tracks: Annotated[
        str,
        typer.Option(
            "--tracks",
            help="With --data: the four voices, melody first, by number, name or "
            "program:violin (1,3,4,5), or 'texture': four voices from all notes.",
        ),
    ] = "",
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="NAME=VALUE",
            help="With --data: a filter such as metres=4/4, min_bars=8, max_tempo=140, "
            "min_notes=50, drums=refuse; may be repeated.",
        ),
    ] = None,
    epochs: Annotated[
        float | None,
        typer.Option(
            "--epochs", help="For wgan and ar-cnn: how long, instead of --steps."
        ),
    ] = None,
    melody: Annotated[
        str,
        typer.Option(
            "--melody", help="For wgan: what is heard meanwhile; a tune or a file."
        ),
    ] = "",
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Say what it would learn from and cost; no run. Not for melody-rnn, "
            "transformer and writer.",
        ),
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds",
            help="With --data, for wavenet, nsynth and ada: how long the sounds are "
            "that recordings are cut into; default: 1.",
        ),
    ] = None,
    population: Annotated[
        int | None,
        typer.Option(
            "--population",
            help="For wavenet, nsynth and ada: train so many with different settings; "
            "the worst go on as the best.",
        ),
    ] = None,
    rounds: Annotated[
        int | None,
        typer.Option(
            "--rounds", help="With --population: how often to compare; 5 times."
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            "--ray",
            metavar="ADDRESS",
            help="With --population: train in Ray's workers; 'local', or the address "
            "of a cluster.",
        ),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            help="A setting such as n_critic, loss, batch_size, n_units or "
            "learning_rate; may be repeated.",
        ),
    ] = None,
) -> None:
    """Train a network; checkpoints, metrics and samples go into the run folder.

    The folder gets config.json, metrics.jsonl, checkpoints/ and samples/ (what the
    network makes as it learns). Ctrl-C stops after the step that is being taken and
    keeps a checkpoint; a run that was stopped goes on with --resume to the same numbers
    as one that was not. In a notebook, TrainingMonitor("FOLDER") shows the run while it
    goes on.
    """
    from deepcomposer_edu.cli.own_data import OwnData
    from deepcomposer_edu.cli.train_settings import (
        check_numbers,
        read_settings_of,
        refuse_lonely,
    )

    chosen = _find_trainable(technique)
    own = OwnData(tracks, tuple(only or ()), epochs, melody)
    if epochs is not None and steps is not None:
        raise InputError("Both --steps and --epochs were given; leave one of them out.")
    steps = chosen.n_steps if steps is None else steps
    check_numbers(steps, sample_every, seed)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file, but a run needs a folder; choose another.")
    chosen.refuse_foreign(data=data, text=text)
    own.refuse_for(technique, data is not None, resume)
    refuse_lonely(chosen, data, seconds, population, ray, resume, check)
    config, settings = read_settings_of(chosen, out, recipe, param or [], resume)

    from deepcomposer_edu.training.control import TrainingControl

    options = {
        "n_steps": steps,
        "seed": seed,
        "resume": resume,
        "sample_every": sample_every,
        "checkpoint_every": sample_every,
        "control": TrainingControl(),
    }
    job = Job(out, config, settings, data or text, options, own, seconds)
    if check:
        chosen.tell(job)
    elif population is not None or (resume and holds_population(out)):
        _train_several(chosen, job, population, rounds, ray)
    else:
        _train_one(chosen, job)


def _find_trainable(name: str) -> Trainable:
    """Return what is called so, or raise an InputError."""
    from deepcomposer_edu.compose.parameters import did_you_mean

    if name not in TRAINABLE:
        raise InputError(
            f"{name[:40]!r} cannot be trained{did_you_mean(name, TRAINABLE)}; what "
            f"can: {', '.join(TRAINABLE)}."
        )
    return TRAINABLE[name]


def _train_several(
    chosen: Trainable,
    job: Job,
    population: int | None,
    rounds: int | None,
    ray: str | None,
) -> None:
    """Train a population, and say who is ahead."""
    control = job.options["control"]
    with stopped_by_ctrl_c(control):
        found = chosen.several(job, population, rounds, ray)
        if control.is_stop_wanted:
            say(f"Stopped in round {found.n_rounds + 1}; go on with --resume.")
            raise KeyboardInterrupt
    tell_population(found, job.out)


def _train_one(chosen: Trainable, job: Job) -> None:
    """Train one network, and say how it went and what can be done with it."""
    began, control = time.monotonic(), job.options["control"]
    with Progress(job.options) as progress, stopped_by_ctrl_c(control):
        job.options["on_step"] = progress.show
        history = chosen.train(job)
        if control.is_stop_wanted:
            raise KeyboardInterrupt
    last = history.rows[-1]
    say(
        f"Trained to step {last['step']} in {seconds_words(time.monotonic() - began)}; "
        f"the run is in {job.out}."
    )
    values = [f"{name} {last[name]:.3f}" for name in SHOWN_METRICS if name in last]
    if values:
        say(f"Metrics on unheard music: {', '.join(values)}.")
    for line in chosen.next_steps:
        say(line.format(out=job.out))

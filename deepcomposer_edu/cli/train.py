"""`deepcomposer train`: teach a new harmoniser, and go on where a run stopped."""

from __future__ import annotations

import dataclasses
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deepcomposer_edu.cli.console import say, seconds_words
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from types import FrameType

    from deepcomposer_edu.corpora.windows import Windows
    from deepcomposer_edu.models.wgan import WGANConfig
    from deepcomposer_edu.training.control import TrainingControl

TRAINABLE = ("wgan",)
MAX_STEPS = 1_000_000
MAX_REPORTS = 10  # files of a folder that are named as left out
VALID_SHARE = 10  # of a folder's pieces, every tenth is kept for the metrics


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog="\b\nExamples:\n"
        "  deepcomposer train wgan --out run --steps 200\n"
        "  deepcomposer train wgan --out run --steps 1000 --resume\n"
        "  deepcomposer train wgan --out run --data my_midi_files\n"
        "  deepcomposer train wgan --out run --param n_critic=1 --param loss=original\n"
        "  deepcomposer video run -o training.mp4\n"
    )(train)


def train(
    technique: Annotated[
        str, typer.Argument(metavar="TECHNIQUE", help="What to train: wgan.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The run folder; made if missing.")
    ],
    steps: Annotated[
        int, typer.Option("--steps", "-n", help="Generator steps in all.")
    ] = 1000,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            help="A folder of four-voice MIDI or MusicXML files; default: Bach's "
            "chorales.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in the folder.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", "-s", help="Seed of the run.")] = 0,
    sample_every: Annotated[
        int, typer.Option("--sample-every", help="Steps between samples and metrics.")
    ] = 100,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            help="A setting such as n_critic, loss, gradient_penalty, batch_size or "
            "hidden_channels; may be repeated.",
        ),
    ] = None,
) -> None:
    """Train a model; checkpoints, metrics and samples go into the run folder.

    The folder gets config.json, metrics.jsonl, checkpoints/ and samples/ (one fixed
    melody, harmonised as the model learns). Ctrl-C stops after the step that is being
    taken and keeps a checkpoint; a run that was stopped goes on with --resume to the
    same numbers as one that was not. In a notebook, TrainingMonitor("FOLDER") shows the
    run while it goes on.
    """
    from deepcomposer_edu.compose.parameters import checked_seed, did_you_mean

    if technique not in TRAINABLE:
        raise InputError(
            f"{technique[:40]!r} cannot be trained"
            f"{did_you_mean(technique, TRAINABLE)}; what can: {', '.join(TRAINABLE)}."
        )
    if not 1 <= steps <= MAX_STEPS:
        raise InputError(
            f"{steps} steps were asked for, but a run takes 1 to {MAX_STEPS:,}."
        )
    checked_seed(seed)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file, but a run needs a folder; choose another.")
    config = _config(out, param or [], resume)
    learn, judge = _windows(data, config.n_steps)

    from deepcomposer_edu.compose.run_setup import run_arguments
    from deepcomposer_edu.training.control import TrainingControl
    from deepcomposer_edu.training.wgan import train_wgan

    arguments = run_arguments(config, learn, judge)
    control = TrainingControl()
    began = time.monotonic()
    with Progress(steps) as progress, stopped_by_ctrl_c(control):
        history = train_wgan(
            out,
            **arguments,
            n_steps=steps,
            seed=seed,
            resume=resume,
            sample_every=sample_every,
            checkpoint_every=sample_every,
            on_step=progress.show,
            control=control,
        )
        if control.is_stop_wanted:
            raise KeyboardInterrupt
    last = history.rows[-1]
    say(
        f"Trained to step {last['step']} in {seconds_words(time.monotonic() - began)}; "
        f"the run is in {out}."
    )
    shown = ("triad_rate", "dissonant_pair_rate", "best_scale_rate")
    values = [f"{name} {last[name]:.3f}" for name in shown if name in last]
    if values:
        say(f"Metrics on unheard melodies: {', '.join(values)}.")
    say(f"See and hear it: deepcomposer video {out} -o training.mp4")


@contextmanager
def stopped_by_ctrl_c(control: TrainingControl) -> Iterator[None]:
    """Let Ctrl-C end a training after its step, with a checkpoint of it.

    A second Ctrl-C ends it at once; it then goes on from the checkpoint before.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        if control.is_stop_wanted:
            signal.default_int_handler(number, frame)
        control.stop()

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:  # not the main thread, which alone hears Ctrl-C
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def read_config(texts: list[str]) -> WGANConfig:
    """Return the settings of a WGAN with those given as NAME=VALUE changed.

    Raises:
        InputError: if a name is unknown or a value has the wrong type.
    """
    from deepcomposer_edu.cli.compose import read_parameters
    from deepcomposer_edu.compose.parameters import did_you_mean
    from deepcomposer_edu.models.wgan import WGANConfig

    defaults = dataclasses.asdict(WGANConfig())
    changed: dict[str, object] = {}
    for name, text in read_parameters(texts).items():
        if name not in defaults:
            raise InputError(
                f"There is no setting {name[:40]!r}{did_you_mean(name, defaults)}; the "
                f"settings are: {', '.join(defaults)}."
            )
        kind = type(defaults[name])
        try:
            changed[name] = kind(text)
        except ValueError:
            words = {int: "a whole number", float: "a number"}[kind]
            raise InputError(
                f"The setting {name} is {str(text)[:40]!r}, but it must be {words}."
            ) from None
    return WGANConfig(**changed)


def _config(out: Path, texts: list[str], resume: bool) -> WGANConfig:
    """Return the settings of the run: its own if it is resumed, else those given."""
    from deepcomposer_edu.training.wgan import read_run

    if resume:
        if texts:
            raise InputError(
                "A run that is resumed keeps its settings, but --param was given; "
                "leave it out, or start a run in a new folder."
            )
        return read_run(out)[0]
    if (out / "config.json").exists():
        raise InputError(
            f"The folder {out} already holds a run; add --resume to go on with it, or "
            "give a new folder."
        )
    return read_config(texts)


def _windows(folder: Path | None, n_steps: int) -> tuple[Windows, Windows]:
    """Return the windows to learn from and those to take the metrics on."""
    from deepcomposer_edu.corpora.windows import chorale_windows

    if folder is None:
        from deepcomposer_edu.corpora.chorales import load_chorales

        learn, judge = load_chorales("train"), load_chorales("valid")
    else:
        from deepcomposer_edu.corpora.folder import load_folder

        pieces, reports = load_folder(folder)
        left_out = [report for report in reports if not report.is_used]
        say(f"{len(pieces)} of {len(reports)} files in {folder} are learnt from.")
        for report in left_out[:MAX_REPORTS]:
            say(f"  {report}")
        if len(left_out) > MAX_REPORTS:
            say(f"  ... and {len(left_out) - MAX_REPORTS} more were left out.")
        judge = pieces[::VALID_SHARE]
        learn = [p for i, p in enumerate(pieces) if i % VALID_SHARE] or pieces
    return chorale_windows(learn, n_steps), chorale_windows(judge, n_steps)


class Progress:
    """A bar over the steps of a run; it appears with the first step.

    Args:
        n_steps: the step at which the run ends.
    """

    def __init__(self, n_steps: int) -> None:
        self.n_steps = n_steps
        self.bar = None

    def __enter__(self) -> Progress:
        return self

    def show(self, row: dict[str, float]) -> None:
        """Move the bar to the row's step and show its losses."""
        from tqdm import tqdm

        step = int(row["step"])
        if self.bar is None:
            self.bar = tqdm(
                total=self.n_steps,
                initial=step - 1,
                unit="step",
                file=sys.stderr,
                mininterval=0.5,
            )
        losses = ("critic_loss", "generator_loss")
        self.bar.set_postfix(
            {name: f"{row[name]:.2f}" for name in losses if name in row}, refresh=False
        )
        self.bar.update(step - self.bar.n)

    def __exit__(self, kind: type | None, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()
            if kind is KeyboardInterrupt:
                say(f"Stopped after step {self.bar.n}; go on with --resume.")

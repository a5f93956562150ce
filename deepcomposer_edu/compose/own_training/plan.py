"""A training of your own, planned: which music, which size, how long, what is heard."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from deepcomposer_edu.compose.own_training.run_setup import FIXED_MELODY, run_arguments
from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.corpora.folder import USUAL, FileReport, load_folder, summary
from deepcomposer_edu.corpora.folder_rules import FolderRules
from deepcomposer_edu.corpora.windows import Windows, chorale_windows
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.models.wgan_sizes import find_size, parameter_counts
from deepcomposer_edu.training.estimate import StepTimer
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.wgan import train_wgan

VALID_EVERY = 10  # of a folder's pieces, every tenth is kept back for the metrics
FEW_WINDOWS = 200  # with fewer, a network soon knows its pieces by heart
MAX_STEPS = 1_000_000
N_SAMPLES = 20  # stages of a training that nobody asked for more often


@dataclass(frozen=True)
class TrainingPlan:
    """What to train and on what.

    Args:
        folder: MIDI or MusicXML files of your own; None: Bach's chorales.
        rules: which of their tracks are the voices, and which files are left out.
        size: one of `wgan_sizes.SIZES`: settings to begin with.
        settings: settings of `WGANConfig` to change, such as {"n_critic": 3}.
        n_steps: generator steps; None: as many as `epochs` say, or the size.
        epochs: instead of `n_steps`: how often the generator gets as many melodies as
            there are windows to learn from.
        melody: what is heard while it learns: a tune's name or a file's path.
        seed: from which every random number follows.

    Raises:
        InputError: if a value is not allowed.
    """

    folder: str | Path | None = None
    rules: FolderRules = USUAL
    size: str = "usual"
    settings: Mapping[str, object] = field(default_factory=dict)
    n_steps: int | None = None
    epochs: float | None = None
    melody: str | Path = FIXED_MELODY
    seed: int = 0

    def __post_init__(self) -> None:
        config = self.config
        check_length(self.n_steps, self.epochs)
        if config.n_genres:
            raise InputError(
                f"n_genres is {config.n_genres}, but a folder is one kind of music; "
                "leave it at 0."
            )

    @property
    def config(self) -> WGANConfig:
        """The settings of the size, with your changes."""
        config = find_size(self.size).config
        known = config.to_dict()
        unknown = [name for name in self.settings if name not in known]
        if unknown:
            raise InputError(
                f"There is no setting {str(unknown[0])[:40]!r}; the settings are: "
                f"{', '.join(known)}."
            )
        return replace(config, **self.settings)

    @property
    def values(self) -> dict[str, object]:
        """All settings by name."""
        return self.config.to_dict()

    @property
    def parameters(self) -> dict[str, int]:
        """How many numbers "generator" and "critic" learn."""
        return parameter_counts(self.config)

    def timer(self) -> StepTimer:
        """Return what measures how long a step takes, whatever the music."""
        return StepTimer(self.config)

    def steps_for(self, n_windows: int) -> int:
        """Return the generator steps of the training on so many windows."""
        if self.n_steps is not None:
            return self.n_steps
        if self.epochs is None:
            return find_size(self.size).n_steps
        batch_size = self.config.batch_size
        return steps_of_epochs(self.epochs, n_windows, batch_size, "windows")


def check_length(n_steps: int | None, epochs: float | None) -> None:
    """Raise an InputError unless a training can be so long; None: nobody said."""
    if n_steps is not None and epochs is not None:
        raise InputError(
            f"{n_steps} steps and {epochs:g} epochs were asked for, but one follows "
            "from the other; leave one of them out."
        )
    if n_steps is not None and not 1 <= n_steps <= MAX_STEPS:
        raise InputError(
            f"{n_steps} steps were asked for, but a run takes 1 to {MAX_STEPS:,}."
        )
    if epochs is not None and not 0 < epochs < math.inf:
        raise InputError(f"{epochs} epochs were asked for, but they must be above 0.")


def steps_of_epochs(epochs: float, n_parts: int, batch_size: int, what: str) -> int:
    """Return the steps in which so many epochs of `n_parts` parts are learned from.

    Args:
        epochs: how often each part comes, on average.
        n_parts: windows or excerpts that there are.
        batch_size: how many of them a step learns from.
        what: what they are called.

    Raises:
        InputError: if a run cannot be so long.
    """
    steps = math.ceil(epochs * n_parts / batch_size)
    if not 1 <= steps <= MAX_STEPS:
        raise InputError(
            f"{epochs:g} epochs of {n_parts:,} {what} are {steps:,} steps, but a run "
            f"takes 1 to {MAX_STEPS:,}; ask for fewer epochs."
        )
    return steps


@dataclass(frozen=True)
class PreparedTraining:
    """A plan with its music read: all that is needed to begin.

    Args:
        plan: what was asked for.
        learn: windows to learn from.
        judge: windows that the metrics are taken on, beside the data's own.
        reports: what became of each file; none for Bach's chorales.
        warnings: what may disappoint, a sentence each.
    """

    plan: TrainingPlan
    learn: Windows
    judge: Windows
    reports: tuple[FileReport, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def trainer(self) -> Callable[..., History]:
        """What trains by this plan."""
        return train_wgan

    @property
    def amounts(self) -> dict[str, dict[str, int]]:
        """How much there is to learn from and to judge by, for `data.json`."""
        return {"windows": {"learn": len(self.learn), "judge": len(self.judge)}}

    @property
    def n_steps(self) -> int:
        """Generator steps of the training."""
        return self.plan.steps_for(len(self.learn))

    @property
    def epochs(self) -> float:
        """How often the generator gets as many melodies as there are windows."""
        return self.n_steps * self.plan.config.batch_size / len(self.learn)

    @property
    def sentences(self) -> list[str]:
        """What there is to learn from, and what may disappoint, in words."""
        told = [summary(self.reports)] if self.reports else ["Bach's chorales."]
        n_pieces = len({*self.learn.pieces.tolist()})
        told.append(
            f"{len(self.learn):,} windows of {self.plan.config.n_steps} sixteenths "
            f"from {n_pieces} {'piece' if n_pieces == 1 else 'pieces'} to learn from, "
            f"{len(self.judge):,} for the metrics; {self.n_steps:,} steps make "
            f"{rounded(self.epochs)} epochs."
        )
        return told + list(self.warnings)

    @property
    def sha256(self) -> str:
        """A fingerprint of the music, the same wherever the folder lies."""
        digest = hashlib.sha256()
        for windows in (self.learn, self.judge):
            for array in (windows.pitches, windows.onsets, windows.keys):
                digest.update(array.tobytes())
        return digest.hexdigest()

    def arguments(self) -> dict[str, object]:
        """Return what `train_wgan` takes besides the run folder.

        Raises:
            InputError: if the melody to be heard cannot be read.
        """
        melody: object = self.plan.melody
        if str(melody).lower().endswith((".mid", ".midi", ".mxl", ".musicxml", ".xml")):
            from deepcomposer_edu.music.files import read_score

            melody = read_score(melody)
        given = run_arguments(self.plan.config, self.learn, self.judge, melody)
        every = max(1, math.ceil(self.n_steps / N_SAMPLES))
        return given | {
            "n_steps": self.n_steps,
            "seed": self.plan.seed,
            "sample_every": every,
            "checkpoint_every": every,
        }


def prepare_training(
    plan: TrainingPlan, on_file: Callable[[int, int], None] | None = None
) -> PreparedTraining:
    """Return a plan with its music read.

    Args:
        plan: what is wanted.
        on_file: called after each file of a folder with how many are done, and of how
            many.

    Raises:
        InputError: if the folder or all its files cannot be used.
    """
    n_steps = plan.config.n_steps
    if plan.folder is None:
        learn, judge = (
            chorale_windows(load_chorales(split), n_steps)
            for split in ("train", "valid")
        )
        return PreparedTraining(plan, learn, judge)
    pieces, reports = load_folder(plan.folder, plan.rules, on_file)
    learn, judge, warnings = split_windows(pieces, n_steps)
    return PreparedTraining(plan, learn, judge, tuple(reports), tuple(warnings))


def rounded(number: float) -> str:
    """Return a number in about three digits, as a person writes it."""
    return f"{number:.2g}" if number < 10 else f"{number:,.0f}"


def split_windows(
    pieces: Sequence[Chorale], n_steps: int
) -> tuple[Windows, Windows, list[str]]:
    """Return windows to learn from, windows for the metrics, and warnings.

    Every tenth piece is kept back, the first among them: a piece is never on both
    sides, unless there is only one.

    Args:
        pieces: one or more.
        n_steps: T, length of a window.

    Raises:
        InputError: if no piece is long enough.
    """
    rest, kept, warnings = split_pieces(pieces)
    learn = chorale_windows(rest, n_steps)
    judge = chorale_windows(kept, n_steps)
    if len(learn) < FEW_WINDOWS:
        warnings.append(
            f"{len(learn)} windows are few (Bach's chorales have thousands): the "
            "network will soon know them by heart."
        )
    return learn, judge, warnings


def split_pieces(
    pieces: Sequence[Chorale],
) -> tuple[list[Chorale], list[Chorale], list[str]]:
    """Return the pieces to learn from, those for the metrics, and warnings.

    Every tenth is kept back, the first among them; one piece alone serves both.
    """
    kept = [p for i, p in enumerate(pieces) if i % VALID_EVERY == 0]
    rest = [p for i, p in enumerate(pieces) if i % VALID_EVERY]
    if rest:
        return rest, kept, []
    warning = (
        "There is one piece only, so the metrics are taken on what it learns from; "
        "they say nothing about music that it has not heard."
    )
    return list(pieces), kept, [warning]

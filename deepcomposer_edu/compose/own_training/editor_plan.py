"""A training of the AR-CNN, planned: which music, which recipe, how long."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deepcomposer_edu.compose.own_training.editor_recipes import (
    KIND,
    NETWORKS,
    USUAL,
    EditorRecipe,
    find_recipe,
    n_numbers,
    recipe_of_run,
    untrained,
)
from deepcomposer_edu.compose.own_training.plan import (
    N_SAMPLES,
    check_length,
    rounded,
    split_pieces,
    steps_of_epochs,
)
from deepcomposer_edu.compose.own_training.run_setup import FIXED_MELODY
from deepcomposer_edu.corpora import folder as folders
from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.corpora.folder import FileReport, load_folder, summary
from deepcomposer_edu.corpora.folder_rules import FolderRules
from deepcomposer_edu.training.estimate import LearnerTimer
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.predictor import (
    Learner,
    TrainingSettings,
    read_settings,
)

FEW_EXCERPTS = 60  # Bach's chorales have hundreds


@dataclass(frozen=True)
class EditorPlan:
    """What AR-CNN to train and on what.

    Args:
        folder: MIDI or MusicXML files of your own; None: Bach's chorales.
        rules: which of their tracks are the voices, and which files are left out.
        recipe: one of `editor_recipes.RECIPES`: settings to begin with.
        settings: settings of the network or the training to change, such as
            {"n_channels": 96, "learning_rate": 0.001}.
        n_steps: training steps; None: as many as `epochs` say, or the recipe.
        epochs: instead of `n_steps`: how often each excerpt is learned from.
        seed: from which every random number follows.

    Raises:
        InputError: if a value is not allowed.
    """

    folder: str | Path | None = None
    rules: FolderRules = folders.USUAL
    recipe: str | EditorRecipe = USUAL
    settings: Mapping[str, object] = field(default_factory=dict)
    n_steps: int | None = None
    epochs: float | None = None
    seed: int = 0

    melody = FIXED_MELODY  # heard while it learns; it cannot be chosen

    def __post_init__(self) -> None:
        check_length(self.n_steps, self.epochs)
        self.chosen.changed(self.settings)

    @property
    def chosen(self) -> EditorRecipe:
        """The recipe."""
        found = self.recipe
        return found if isinstance(found, EditorRecipe) else find_recipe(found)

    @property
    def config(self) -> object:
        """The network's settings, with your changes."""
        return self.chosen.changed(self.settings)[0]

    @property
    def training(self) -> TrainingSettings:
        """The training's settings, with your changes."""
        return self.chosen.changed(self.settings)[1]

    @property
    def values(self) -> dict[str, object]:
        """All settings by name, of the network and of the training."""
        return {**vars(self.config), **vars(self.training)}

    @property
    def parameters(self) -> dict[str, int]:
        """How many numbers the network learns."""
        return {"network": n_numbers(self.config)}

    def timer(self) -> LearnerTimer:
        """Return what measures how long a step takes, whatever the music."""
        config = self.config
        learner = Learner(untrained(config), self.training, self.seed)
        task = NETWORKS[self.chosen.variant].task(load_chorales("valid"))
        return LearnerTimer(learner, task, self.parameters)

    def steps_for(self, n_excerpts: int) -> int:
        """Return the steps of the training on so many excerpts."""
        if self.n_steps is not None:
            return self.n_steps
        if self.epochs is None:
            return self.chosen.n_steps
        batch_size = self.chosen.batch_size
        return steps_of_epochs(self.epochs, n_excerpts, batch_size, "excerpts")


@dataclass(frozen=True)
class PreparedEditor:
    """A plan with its music read: all that is needed to begin.

    Args:
        plan: what was asked for.
        learn: pieces to learn from.
        judge: pieces that the loss is measured on.
        reports: what became of each file; none for Bach's chorales.
        warnings: what may disappoint, a sentence each.
    """

    plan: EditorPlan
    learn: tuple[Chorale, ...]
    judge: tuple[Chorale, ...]
    reports: tuple[FileReport, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def trainer(self) -> Callable[..., History]:
        """What trains by this plan."""
        return self.plan.chosen.trainer

    @property
    def amounts(self) -> dict[str, dict[str, int]]:
        """How much there is to learn from and to judge by, for `data.json`."""
        return {"pieces": {"learn": len(self.learn), "judge": len(self.judge)}}

    @property
    def n_excerpts(self) -> int:
        """How many excerpts, side by side, the pieces to learn from hold."""
        return n_excerpts(self.learn, self.plan.chosen.excerpt_steps)

    @property
    def n_steps(self) -> int:
        """Steps of the training."""
        return self.plan.steps_for(self.n_excerpts)

    @property
    def epochs(self) -> float:
        """How often each excerpt is learned from, on average."""
        return self.n_steps * self.plan.chosen.batch_size / self.n_excerpts

    @property
    def sentences(self) -> list[str]:
        """What there is to learn from, and what may disappoint, in words."""
        told = [summary(self.reports)] if self.reports else ["Bach's chorales."]
        told.append(
            f"{_pieces(self.learn)} to learn from, {self.n_excerpts:,} excerpts of "
            f"{self.plan.chosen.excerpt_steps} sixteenths, and {_pieces(self.judge)} "
            f"for the metrics; {self.n_steps:,} steps make {rounded(self.epochs)} "
            "epochs."
        )
        return told + list(self.warnings)

    @property
    def sha256(self) -> str:
        """A fingerprint of the music, the same wherever the folder lies."""
        digest = hashlib.sha256()
        for pieces in (self.learn, self.judge):
            for piece in pieces:
                digest.update(piece.grid.pitches.tobytes())
                digest.update(piece.grid.onsets.tobytes())
                digest.update(f"{piece.steps_per_bar} {piece.pickup};".encode())
            digest.update(b"|")
        return digest.hexdigest()

    def arguments(self) -> dict[str, object]:
        """Return what `trainer` takes besides the run folder."""
        every = max(1, math.ceil(self.n_steps / N_SAMPLES))
        return {
            "config": self.plan.config,
            "settings": self.plan.training,
            "train": list(self.learn),
            "valid": list(self.judge),
            "n_steps": self.n_steps,
            "seed": self.plan.seed,
            "sample_every": every,
            "checkpoint_every": every,
        }


def prepare_editor(
    plan: EditorPlan, on_file: Callable[[int, int], None] | None = None
) -> PreparedEditor:
    """Return a plan with its music read, as `prepare_training` does for a WGAN."""
    if plan.folder is None:
        learn = load_chorales("train") + load_chorales("extra")
        return PreparedEditor(plan, tuple(learn), tuple(load_chorales("valid")))
    pieces, reports = load_folder(plan.folder, plan.rules, on_file)
    learn, judge, warnings = split_pieces(pieces)
    count = n_excerpts(learn, plan.chosen.excerpt_steps)
    if count < FEW_EXCERPTS:
        warnings.append(
            f"{count} excerpts are few (Bach's chorales have hundreds): the network "
            "will soon know them by heart."
        )
    return PreparedEditor(
        plan, tuple(learn), tuple(judge), tuple(reports), tuple(warnings)
    )


def plan_of_run(run: str | Path) -> EditorPlan:
    """Return the plan that a run goes on with: its recipe and settings, not its music.

    Raises:
        InputError: if the folder holds no run of an AR-CNN, or a damaged one.
    """
    saved, settings, seed = read_settings(run, KIND)
    return EditorPlan(recipe=recipe_of_run(saved, settings), seed=seed)


def n_excerpts(pieces: Sequence[Chorale], excerpt_steps: int) -> int:
    """Return how many excerpts lie side by side in pieces; a short piece is one."""
    return sum(math.ceil(piece.grid.n_steps / excerpt_steps) for piece in pieces)


def _pieces(pieces: Sequence[Chorale]) -> str:
    return f"{len(pieces):,} piece{'s' * (len(pieces) != 1)}"

"""A training that is being planned by hand: what is chosen so far, without a screen.

The form in the notebook (`widgets/train_own.py`) only draws this and sends what a hand
does; whatever can go wrong is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from deepcomposer_edu.compose.model_places import WGAN
from deepcomposer_edu.compose.own_training.choices import (
    EPOCHS,
    FIRST_NAME,
    STEPS,
    checked_length,
    checked_run_name,
    free_name,
)
from deepcomposer_edu.compose.own_training.kinds import Kind, find_kind
from deepcomposer_edu.compose.own_training.run_setup import FIXED_MELODY
from deepcomposer_edu.compose.own_training.runs import (
    AnyPlan,
    Prepared,
    begin_note,
    prepare,
)
from deepcomposer_edu.compose.parameters import checked_seed
from deepcomposer_edu.corpora.folder import first_tracks
from deepcomposer_edu.corpora.folder_rules import FolderRules, read_rules
from deepcomposer_edu.corpora.tunes import tune_info
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.paths import work_dir
from deepcomposer_edu.training.estimate import Estimate

BACH, FOLDER = "bach", "folder"


class TrainingDesk:
    """What is chosen for a training, and what came of it so far.

    Args:
        folder: music of one's own to begin with; None: Bach's chorales.
        size: one of the network's sizes.
        network: one of `kinds.KINDS`.

    Attributes:
        source: "bach" or "folder".
        rules: the filters as they were typed, by name.
        prepared: the music, read; None until `look` was called for these choices.
        tracks: name of the folder's first file, and its tracks as rows.
        estimate: None until it was measured for these choices.
    """

    def __init__(
        self,
        folder: str | Path | None = None,
        size: str = "small",
        network: str = WGAN,
    ) -> None:
        self.source = BACH if folder is None else FOLDER
        self.folder = "" if folder is None else str(folder)
        self.rules: dict[str, object] = {}
        self.network = find_kind(network).name
        self.size = self.kind.checked_size(size)
        self.settings: dict[str, object] = {}
        self.length: tuple[str, float | None] = (STEPS, None)
        self.melody = FIXED_MELODY
        self.seed = 0
        self.name = free_name(Path(folder).name if folder is not None else FIRST_NAME)
        self._is_named = False
        self.prepared: Prepared | None = None
        self.tracks: tuple[str, list[dict[str, object]]] = ("", [])
        self.estimate: Estimate | None = None

    # --- what is chosen

    def choose_source(self, source: str) -> None:
        """Learn from Bach's chorales ("bach") or from a folder ("folder")."""
        if source not in (BACH, FOLDER):
            raise InputError(
                f"Music comes from {source[:40]!r}, but it must be bach or folder."
            )
        self.source = source
        self._forget_music()

    def set_folder(self, folder: str) -> None:
        """Learn from this folder."""
        self.source, self.folder = FOLDER, folder.strip()
        if not self._is_named and self.folder:
            self.name = free_name(Path(self.folder).name)
        self._forget_music()

    def set_rule(self, name: str, value: object) -> None:
        """Set a filter, or the choice of tracks; "" takes it away.

        Raises:
            InputError: if it is not allowed.
        """
        rules = {key: x for key, x in self.rules.items() if key != name}
        if value not in ("", None):
            rules[name] = value
        read_rules(rules)
        self.rules = rules
        self._forget_music()

    def choose_network(self, name: str) -> None:
        """Train another kind of network, of its smallest size."""
        if find_kind(name).name != self.network:
            self.network = name
            self.size, self.settings = self.kind.sizes[0][0], {}
            self._forget_music()

    def choose_size(self, name: str) -> None:
        """Begin with the settings of a size; changes made before are given up."""
        self.size = self.kind.checked_size(name)
        self.settings = {}
        self._forget_cost()

    def turn(self, name: str, value: object) -> None:
        """Change one of the settings that the kind of network has.

        Raises:
            InputError: if it is none of them, or the value is not allowed.
        """
        if name not in {x.name for x in self.kind.settings_of(self.size)}:
            raise InputError(f"There is no setting {str(name)[:40]!r} here.")
        try:
            value = type(self.usual[name])(value)
        except (TypeError, ValueError, OverflowError):
            raise InputError(
                f"{name} is {str(value)[:40]!r}, but it must be a number."
            ) from None
        if name.endswith("_rate") and not 0 < value <= 1:
            raise InputError(
                f"{name} is {value:g}, but a learning rate lies above 0 and up to 1."
            )
        settings = {**self.settings, name: value}
        self.kind.plan(self.size, settings=settings)
        self.settings = settings
        self._forget_cost()

    def set_length(self, unit: str, value: float) -> None:
        """Train so many "steps" or "epochs"; an InputError if that is not allowed."""
        self.length = checked_length(unit, value)
        self._forget_cost()

    def choose_melody(self, name: str) -> None:
        """Let this tune be heard while the network learns."""
        self.melody = tune_info(name)["name"]
        self._replan()

    def set_seed(self, seed: int) -> None:
        """Let every random number of the training follow from this one."""
        self.seed = checked_seed(seed)
        self._replan()

    def set_name(self, name: str) -> None:
        """Call the network so: it is the name of the run, and of the genre.

        Raises:
            InputError: if the name cannot be used or is taken.
        """
        self.name = checked_run_name(name.strip())
        self._is_named = True

    # --- what follows from it

    @property
    def kind(self) -> Kind:
        """The kind of network, and what can be chosen for it."""
        return find_kind(self.network)

    @property
    def plan(self) -> AnyPlan:
        """The plan as it is chosen now.

        Raises:
            InputError: if a folder is wanted and none is given.
        """
        if self.source == FOLDER and not self.folder:
            raise InputError(
                "No folder is given yet; write the path of a folder with MIDI files."
            )
        unit, value = self.length
        melody = {"melody": self.melody} if self.kind.has_melody else {}
        return self.kind.plan(
            self.size,
            folder=self.folder if self.source == FOLDER else None,
            rules=read_rules(self.rules) if self.source == FOLDER else FolderRules(),
            settings=dict(self.settings),
            n_steps=int(value) if unit == STEPS and value else None,
            epochs=value if unit == EPOCHS else None,
            seed=self.seed,
            **melody,
        )

    @property
    def chosen(self) -> AnyPlan:
        """What is chosen of the networks, whatever music they will learn from."""
        return self.kind.plan(self.size, settings=dict(self.settings))

    @property
    def config(self) -> object:
        """The networks' settings as they are chosen now."""
        return self.chosen.config

    @property
    def usual(self) -> Mapping[str, object]:
        """All settings of the size, by name."""
        return self.kind.plan(self.size).values

    @property
    def n_steps(self) -> int | None:
        """Training steps; None if epochs were asked for and no music was read."""
        unit, value = self.length
        if unit == "steps":
            return int(value) if value else self.kind.plan(self.size).steps_for(1)
        return self.prepared.n_steps if self.prepared is not None else None

    @property
    def run(self) -> Path:
        """The run folder, where the studio finds it."""
        return work_dir() / "runs" / self.name

    def look(self, on_file: Callable[[int, int], None] | None = None) -> list[str]:
        """Read the music, and return what there is to learn from, in sentences.

        Raises:
            InputError: if it cannot be used; the tracks are there to choose from then,
                if a file could be read.
        """
        self._forget_music()
        plan = self.plan
        if plan.folder is not None:
            self.tracks = first_tracks(plan.folder)
        self.prepared = prepare(plan, on_file)
        return self.prepared.sentences

    def timer(self) -> Callable[[], Estimate]:
        """Return what measures the estimate; it may be called in a thread.

        Raises:
            InputError: if epochs were asked for and no music was read.
        """
        n_steps = self.n_steps
        if n_steps is None:
            raise InputError(
                "How many steps the epochs are depends on the music; press Look first."
            )
        chosen = self.chosen
        timer = chosen.timer()

        def measure() -> Estimate:
            estimate = timer.measure(n_steps)
            if (chosen, n_steps) == (self.chosen, self.n_steps):
                self.estimate = estimate
            return estimate

        return measure

    def begin(
        self, on_file: Callable[[int, int], None] | None = None
    ) -> tuple[Path, dict[str, object]]:
        """Return the run folder and what trains there, with what; writes data.json.

        Raises:
            InputError: if the plan cannot be followed, or the name is taken.
        """
        checked_run_name(self.name)
        if self.prepared is None:
            self.look(on_file)
        arguments = self.prepared.arguments()
        begin_note(self.run, self.prepared)
        return self.run, {"trainer": self.prepared.trainer, **arguments}

    def renew_name(self) -> None:
        """Think of a free name for the next training."""
        self.name, self._is_named = free_name(self.name), False

    def _forget_music(self) -> None:
        self.prepared, self.tracks = None, ("", [])
        self._forget_cost()

    def _forget_cost(self) -> None:
        self.estimate = None
        self._replan()

    def _replan(self) -> None:
        """Put a new choice beside the music that was read already."""
        if self.prepared is not None:
            self.prepared = replace(self.prepared, plan=self.plan)

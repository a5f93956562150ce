"""The part of the TrainingMonitor that trains: start, pause, go on, stop, hear."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Score

if TYPE_CHECKING:
    from deepcomposer_edu.compose.own_training.runs import AnyPlan
    from deepcomposer_edu.training.background import BackgroundTraining
    from deepcomposer_edu.training.history import History

WISHES = ("pause", "resume", "stop", "hear")


class OwnTraining:
    """What a monitor can do with a training that it has started itself."""

    _training: BackgroundTraining | None = None
    _arguments: dict[str, object]  # of the training, to go on with

    @classmethod
    def start(
        cls,
        run: str | Path,
        config: object = None,
        n_steps: int = 200,
        *,
        plan: AnyPlan | None = None,
        trainer: Callable[..., object] | None = None,
        train: object = None,
        valid: object = None,
        melody: Grid | Score | str | None = None,
        to_c: int = 0,
        n_stages: int | None = None,
        **options: object,
    ) -> Self:
        """Start a training in a thread and return the monitor that watches it.

        Args:
            run: the run folder.
            config: the networks' and the training's settings; the usual ones if None.
            n_steps: steps in all; of a WGAN, of its generator.
            plan: music of your own, size, length and melody in one, a `TrainingPlan`
                or an `EditorPlan`, instead of `config`, `n_steps`, `trainer`, `train`,
                `valid`, `melody` and `to_c`.
            trainer: what trains, `train_writer` or another `train_...` of
                `deepcomposer_edu.training`; None: `train_wgan`.
            train: what to learn from; of a WGAN windows, Bach's chorales if None.
            valid: what the metrics are taken on; of a WGAN windows, chorales kept back
                if None.
            melody: of a WGAN, the fixed melody: what a model hears of it, a score, or a
                tune's name; the Ode to Joy if None.
            to_c: semitones that move a Grid to C; found by itself for the others.
            n_stages: show at most that many stages.
            options: seed, resume, sample_every, checkpoint_every and whatever else
                the trainer takes; see `training.wgan.train_wgan`.

        Raises:
            InputError: if the folder holds a run already and `resume` is not asked
                for, or a setting is not allowed.
        """
        if plan is not None:
            return cls._start_plan(Path(run), plan, n_stages, **options)
        if trainer is None:
            from deepcomposer_edu.compose.own_training.run_setup import run_arguments

            arguments = run_arguments(config, train, valid, melody, to_c)
        else:
            given = {"config": config, "train": train, "valid": valid}
            arguments = {name: x for name, x in given.items() if x is not None}
            arguments["trainer"] = trainer
        monitor = cls(n_stages=n_stages)
        monitor._begin(Path(run), **arguments, n_steps=n_steps, **options)
        return monitor

    @classmethod
    def _start_plan(
        cls, run: Path, plan: AnyPlan, n_stages: int | None, **options: object
    ) -> Self:
        """Start a training by a plan, which names its music in `data.json`."""
        from deepcomposer_edu.compose.own_training.runs import begin_note, prepare

        prepared = prepare(plan)
        arguments = {"trainer": prepared.trainer, **prepared.arguments(), **options}
        monitor = cls(n_stages=n_stages)
        begin_note(run, prepared)
        monitor._begin(run, **arguments)
        return monitor

    def pause(self) -> None:
        """Let the training stand still after its step, with a checkpoint."""
        self._ours().control.pause()
        self._wish_for("pause")

    def resume(self) -> None:
        """Let a paused training go on; one that was stopped, from its checkpoint."""
        training = self._ours()
        if not training.is_alive:
            self.go_on()
            return
        training.control.resume()
        self._wish_for("")

    def stop(self) -> None:
        """End the training after its step, with a checkpoint of it."""
        self._ours().control.stop()
        self._wish_for("stop")

    def hear(self) -> None:
        """Ask for the fixed melody as the network harmonises it now, and go there."""
        self._ours().control.hear()
        self.follows_newest = True
        self._wish_for("hear")

    def go_on(self, n_steps: int | None = None) -> None:
        """Train on from the last checkpoint, up to `n_steps` in all.

        Args:
            n_steps: steps from the run's beginning; None: as planned.

        Raises:
            InputError: if it still trains, or has come that far already.
        """
        training = self._ours()
        if training.is_alive:
            raise InputError("The training is not over yet; wait for it or stop it.")
        n_steps = self.n_steps if n_steps is None else n_steps
        reached = int(self.rows[-1]["step"]) if self.rows else 0
        if n_steps <= reached:
            raise InputError(
                f"The training has taken {reached} steps already, but was asked to go "
                f"on to {n_steps}; give go_on() more steps."
            )
        arguments = self._arguments | {"n_steps": n_steps, "resume": True}
        self._begin(training.run, **arguments)

    def wait(self, seconds: float | None = None) -> History:
        """Wait until the training is over and return the run's history.

        An interrupt (the notebook's stop button) ends the waiting, not the training.

        Args:
            seconds: wait no longer than that; without it, as long as it takes.

        Raises:
            InputError: if the training failed, is paused, or takes longer.
        """
        try:
            return self._ours().wait(seconds)
        finally:
            self._look()

    def _begin(self, run: Path, **arguments: object) -> None:
        """Train in a thread, and look into the folder meanwhile."""
        from deepcomposer_edu.training.background import BackgroundTraining

        training = BackgroundTraining(run, **arguments)
        with self._lock:
            self._arguments, self._training = arguments, training
            self.wish, self.can_control = "", True
        self._look_at(run)
        self._watch()

    def _ours(self) -> BackgroundTraining:
        if self._training is None:
            raise InputError(
                "This monitor only looks at a training that somebody else runs; stop "
                "that one where it was started, or use TrainingMonitor.start(...)."
            )
        return self._training

    def _wish_for(self, wish: str) -> None:
        """Show what was asked for until the loop has come to it."""
        self.wish = wish if self._ours().is_alive else ""
        self._said = ""
        self._look()

    def _obey(self, _widget: object, message: dict, _buffers: list) -> None:
        """Do what a button in the browser asks for."""
        if message.get("kind") not in WISHES:
            return
        try:
            getattr(self, message["kind"])()
        except InputError as error:
            self._said = self.problem = str(error)

"""Watch a training: curves, metrics, its music at every stage; pause, stop, hear it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.viz.colours import TRACK_COLOURS
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.heard_curves import Sounding, curve_of
from deepcomposer_edu.widgets.own_training import OwnTraining
from deepcomposer_edu.widgets.watched_run import (
    Moment,
    WatchedRun,
    check_n_stages,
    missing_samples,
    no_music,
    problem_with,
    quiet_problem,
)

if TYPE_CHECKING:
    from deepcomposer_edu.training.follow import RunFollower

LOOK_EVERY = 0.4  # seconds between two looks into the run folder
LOOK_SELDOM = 2.0  # where no training goes on, but one may be gone on with
ENDED = ("finished", "stopped", "failed")
# Which state fulfils which wish; an ended training fulfils all.
FULFILLED = {"pause": ("paused",), "stop": (), "hear": (), "": ()}


class TrainingMonitor(OwnTraining, Sounding, SoundWidget, bundle="monitor"):
    """A training to watch and to hear, and a time machine over all of its stages.

    Give it the folder of a run: one that is over, or one that another process writes
    (`deepcomposer train` in a terminal), which it follows. `TrainingMonitor.start(...)`
    trains itself, in a thread, and can pause, go on, stop and play a sample at once.

    Args:
        run: a run folder; without one, `add` shows rows and music of your own loop.
        n_stages: show at most that many stages, spread over the run; 60 if None.
        follow: look again and again for what is new in the folder.

    Raises:
        InputError: if `follow` is off and the folder holds no samples.

    >>> from deepcomposer_edu.training.history import shipped_run
    >>> monitor = TrainingMonitor(shipped_run(), follow=False)
    >>> monitor.steps[:3], monitor.at(200).score.title
    ([0, 200, 400], 'step 200')
    """

    # What there is to see.
    rows = traitlets.List().tag(sync=True)  # the history, long ones thinned
    stages = traitlets.List().tag(sync=True)  # [{step, music or wav}], in order
    reference = traitlets.Dict().tag(sync=True)  # the data's own metrics
    loss_panels = traitlets.List().tag(sync=True)  # see viz/names.py
    metric_panels = traitlets.List().tag(sync=True)
    track_colours = traitlets.List(list(TRACK_COLOURS)).tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)  # name of the run
    n_steps = traitlets.Int(0).tag(sync=True)  # where the training ends; 0: not known
    state = traitlets.Unicode("").tag(sync=True)  # "" or one of training/state.py
    wish = traitlets.Unicode("").tag(sync=True)  # asked for, but not done yet
    can_control = traitlets.Bool(False).tag(sync=True)  # whether Python trains here
    problem = traitlets.Unicode("").tag(sync=True)  # one sentence

    # What is chosen, here or in the browser.
    step = traitlets.Int(0).tag(sync=True)  # the stage that is seen and heard
    follows_newest = traitlets.Bool(True).tag(sync=True)  # go to each new stage
    volume = traitlets.Float(0.8, min=0.0, max=1.0).tag(sync=True)
    is_playing = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        run: str | Path | None = None,
        n_stages: int | None = None,
        follow: bool = True,
    ) -> None:
        self._closed = threading.Event()
        self._run = WatchedRun(check_n_stages(n_stages))
        self._follower: RunFollower | None = None
        self._timer: threading.Timer | None = None
        self._n_shown = 0  # rows
        self._said = ""  # a refusal that no news takes away
        self._lock = threading.RLock()  # one of cell, browser and watcher at a time
        super().__init__()
        self.on_msg(self._obey)
        _be_heard_while_busy(self)
        if run is None:
            return
        self._look_at(Path(run))
        if not follow and not self._run.stage_steps():
            raise missing_samples(Path(run))
        if follow:
            self._watch()

    # --- a training of somebody else

    def add(self, row: Mapping[str, float], score: Score | None = None) -> None:
        """Show a row of your own training loop, and what the model made of a melody.

        Args:
            row: "step" and any values; shares (between 0 and 1) are shown in per cent.
            score: the music at this step, for the time machine.

        Raises:
            InputError: if the row has no step, or one before the last.
        """
        with self._lock:
            self._run.add_row(row)
            if score is not None:
                self._run.add_score(row["step"], score)
            if self._timer is None:  # a fast loop is shown a few times a second
                self.refresh()
                self._timer = threading.Timer(LOOK_EVERY, self._refresh_later)
                self._timer.daemon = True
                self._timer.start()

    def refresh(self) -> None:
        """Show at once all that was added, and all that is new in the folder."""
        with self._lock:
            self._look()
            self._show()
            if self._follower is None:
                self.problem = problem_with(self._run)

    # --- what there is

    @property
    def steps(self) -> list[int]:
        """The training steps that the slider can visit."""
        return [stage["step"] for stage in self.stages]

    @property
    def history(self) -> list[dict[str, float | None]]:
        """Every row of the history; a value that is no number is None."""
        return list(self._run.rows)

    @property
    def moment(self) -> Moment:
        """The stage that the slider is at.

        Raises:
            InputError: if there is none yet.
        """
        return self.at(self.step)

    def at(self, step: int) -> Moment:
        """Return the stage at a step of `steps`: what is heard, what was measured.

        Raises:
            InputError: if there is no stage at that step.
        """
        return self._run.at(step)

    def go(self, step: int) -> None:
        """Move the slider to a step of `steps`.

        Raises:
            InputError: if there is no stage at that step.
        """
        self.at(step)
        with self._lock:
            self.follows_newest = step == self.steps[-1]
            self.step = step

    def __repr__(self) -> str:
        where = f"step {self.rows[-1]['step']:.0f}" if self.rows else "no step yet"
        steps = ", ".join(map(str, self.steps)) or "none yet"
        name = f" {self.title}" if self.title else ""
        state = f", {self.state}" if self.state else ""
        return f"Training{name}: {where}{state}; stages: {steps}"

    def close(self) -> None:
        """Close the widget. A training of its own goes on until it is stopped."""
        self._closed.set()
        super().close()

    # --- how it works

    def _refresh_later(self) -> None:
        with self._lock:
            self._timer = None
            if not self._closed.is_set() and len(self._run.rows) != self._n_shown:
                self.refresh()

    def _look_at(self, run: Path) -> None:
        """Turn to a run folder."""
        from deepcomposer_edu.training.follow import RunFollower

        with self._lock:
            if self._follower is None or self._follower.run != run:
                self._follower = RunFollower(run)
            self.title = run.name
        self._look()

    def _watch(self) -> None:
        """Look into the folder again and again, in a thread that ends by itself."""
        thread = threading.Thread(target=self._keep_looking, name="monitor")
        thread.daemon = True
        thread.start()

    def _keep_looking(self) -> None:
        training = self._training
        seconds = LOOK_EVERY
        while not self._closed.wait(seconds):
            is_over = training is not None and not training.is_alive
            self._look()
            if is_over or self._training is not training:
                return
            is_alive = self.state in ("training", "paused") or not self.rows
            seconds = LOOK_EVERY if is_alive else LOOK_SELDOM

    def _look(self) -> None:
        """Show what is new in the folder."""
        with self._lock:
            if self._follower is None or self._closed.is_set():
                return
            news = self._follower.news()
            if news.is_fresh:
                self._run.rows = []
            self._run.add_rows(news.rows)
            if news.samples:
                self._said = ""
                self._read(news.samples)
            if news.reference:
                self.reference = dict(news.reference)
            if not news.is_empty:
                self._show()
            if news.state is not None:  # last: who waits for the end finds all of it
                self.n_steps, self.state = news.state.n_steps, news.state.state
            self._tell_problem(news.state.problem if news.state else "")
            has_ended = self.state in ENDED
            is_heard = self.wish == "hear" and (news.samples or news.unheard)
            if is_heard and not news.samples:
                self._said = self.problem = no_music(news.unheard[-1])
            if is_heard or has_ended or self.state in FULFILLED[self.wish]:
                self.wish = ""

    def _read(self, samples: tuple[tuple[int, Path], ...]) -> None:
        """Read new samples; a damaged one is passed over with a sentence."""
        from deepcomposer_edu.music.midi import read_midi

        for step, path in samples:
            try:
                if path.suffix == ".wav":
                    self._run.add_recording(step, path)
                else:
                    self._run.add_score(step, read_midi(path))
            except (InputError, OSError) as error:
                self._said = f"The sample {path.name} cannot be read: {error}"

    def _tell_problem(self, told: str) -> None:
        """Put what is wrong into a sentence, or take the sentence away."""
        training = self._training
        failure = told or (training.problem if training is not None else "")
        if failure:
            self.state = "failed"
        quiet = ""
        if training is None and self.state == "training":
            quiet = quiet_problem(self._follower.run)
        self.problem = failure or problem_with(self._run) or quiet or self._said

    def _show(self) -> None:
        """Give the browser rows, stages and the panels that they fill."""
        from deepcomposer_edu.viz.names import loss_panels, metric_panels

        names = self._run.names()
        with self.hold_sync():
            self.rows = self._run.shown_rows()
            self._n_shown = len(self._run.rows)
            self.loss_panels = loss_panels(names)
            self.metric_panels = metric_panels(names)
            self.stages = self._run.stages()
            self.curve = curve_of(self._run.rows)
            steps = self.steps
            if steps and (self.follows_newest or self.step not in steps):
                self.step = steps[-1]


def _be_heard_while_busy(widget: TrainingMonitor) -> None:
    """Let the buttons reach Python while a cell runs, where Jupyter can do that.

    JupyterLab sends a widget's messages to a subshell, a second ear of the kernel. But
    ipykernel 7.4 takes them from there to the loop in which the widget was made, and
    that is busy with the cell. Here they stay where the browser has sent them.
    """
    if hasattr(widget.comm, "_reply_subshell_for"):
        widget.comm._reply_subshell_for = lambda _data, subshell: subshell

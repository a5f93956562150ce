"""A form that trains: music, networks, length; then the training to watch and hear."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets.monitor import TrainingMonitor
from deepcomposer_edu.widgets.thread_work import in_thread, wait_for
from deepcomposer_edu.widgets.train_own_form import OwnForm, number_of

if TYPE_CHECKING:
    from deepcomposer_edu.compose.own_training.desk import TrainingDesk

BUSY = "The form is still at work; wait for it, then try again."
LIVE = ("training", "paused")


class TrainYourOwn(ipywidgets.VBox):
    """Train a network of your own, on Bach or on a folder of yours, by hand.

    The form says in words what every choice does, what became of each file of the
    folder, how much there is to learn and how long that takes here. The training runs
    in a thread, below it, in a `TrainingMonitor`. The finished network is a genre: of
    `compose`, and of every studio.

    Args:
        folder: music of your own to begin with; None: Bach's chorales.
        size: "small", "usual" or "original"; for the AR-CNN "small", "orderless" or
            "edit-events".
        on_trained: called with the network's name when a training has ended.
        is_folded: whether the form is shut at first. What it is made of, torch among
            it, is loaded when it is opened.
        network: "wgan", which harmonises, or "ar-cnn", which edits.

    Raises:
        InputError: if there is no such network or size.

    >>> own = TrainYourOwn("my_midi_files")  # doctest: +SKIP
    >>> own.look()  # doctest: +SKIP
    >>> own.start()  # doctest: +SKIP
    """

    form: OwnForm | None = None  # these are not there yet if a size is wrong
    monitor: TrainingMonitor | None = None
    _place: ipywidgets.VBox | None = None
    _worker: threading.Thread | None = None

    def __init__(
        self,
        folder: str | Path | None = None,
        size: str = "small",
        on_trained: Callable[[str], None] | None = None,
        is_folded: bool = False,
        network: str = "wgan",
    ) -> None:
        self._wanted = (folder, size, network)
        self._desk: TrainingDesk | None = None
        if not is_folded:
            self.desk  # noqa: B018 - made at once, so that a wrong size is told at once
        self.trained = ""  # the newest network's name, as a genre
        self._on_trained = on_trained
        self._busy: dict | None = None
        self._said: tuple[str, bool] = ("", False)
        self._run: Path | None = None
        self._drawing = threading.RLock()
        self._place = ipywidgets.VBox()
        self.form = OwnForm(self._view(), self._do, is_folded)
        super().__init__([self.form, self._place])
        self.add_class("dc-own-box")

    # --- from Python

    @property
    def desk(self) -> TrainingDesk:
        """What is chosen so far."""
        if self._desk is None:
            from deepcomposer_edu.compose.own_training.desk import TrainingDesk

            self._desk = TrainingDesk(*self._wanted)
        return self._desk

    def look(self) -> list[str]:
        """Read the music as the Look button does, and return what came of it.

        Raises:
            InputError: if it cannot be used.
        """
        self._refuse_while_busy()
        try:
            return self.desk.look()
        finally:
            self._show()

    def start(self) -> TrainingMonitor:
        """Begin the training as the Start button does, and return what watches it.

        Raises:
            InputError: if the plan cannot be followed, or a training goes on.
        """
        self._refuse_while_busy()
        try:
            self._begin(lambda _done, _all: None)
        finally:
            self._show()
        return self.monitor

    def wait(self) -> None:
        """Wait until the work that a button started has ended; a training goes on."""
        wait_for(self._worker)

    def do(self, action: str, **values: object) -> None:
        """Do what a hand can do in the form, by the name of its `_do_...` method."""
        self._do(action, values)

    @property
    def is_training(self) -> bool:
        """Whether a training of this form goes on, or stands still."""
        monitor = self.monitor
        if monitor is None or monitor.state:
            return monitor is not None and monitor.state in LIVE
        return monitor._training is not None and monitor._training.is_alive

    def close(self) -> None:
        """Close the form and the monitor. A training goes on until it is stopped."""
        self.wait()
        for part in (self.monitor, self.form, self._place):
            if part is not None:
                part.close()
        super().close()

    def __repr__(self) -> str:
        if self._desk is None:
            return "TrainYourOwn: shut"
        return f"TrainYourOwn: {self.desk.name}, {self.desk.size}, {self.desk.source}"

    # --- what a hand does

    def _do(self, action: str, values: dict) -> None:
        do = getattr(self, f"_do_{action}", None)
        if do is None:
            return
        self._said = ("", False)
        try:
            do(values)
        except InputError as problem:
            self._said = (str(problem), True)
        finally:
            self._show()

    def _do_open(self, _values: dict) -> None:
        self.desk  # noqa: B018 - made when it is first asked for

    def _do_choose_source(self, values: dict) -> None:
        self.desk.choose_source(str(values["source"]))

    def _do_set_folder(self, values: dict) -> None:
        self.desk.set_folder(str(values["folder"]))

    def _do_set_rule(self, values: dict) -> None:
        self.desk.set_rule(str(values["name"]), values["value"])

    def _do_choose_network(self, values: dict) -> None:
        self.desk.choose_network(str(values["network"]))

    def _do_choose_size(self, values: dict) -> None:
        self.desk.choose_size(str(values["size"]))

    def _do_turn(self, values: dict) -> None:
        self.desk.turn(str(values["name"]), values["value"])

    def _do_set_length(self, values: dict) -> None:
        self.desk.set_length(str(values["unit"]), number_of(values["value"]))

    def _do_choose_melody(self, values: dict) -> None:
        self.desk.choose_melody(str(values["melody"]))

    def _do_set_seed(self, values: dict) -> None:
        self.desk.set_seed(number_of(values["seed"]))

    def _do_set_name(self, values: dict) -> None:
        self.desk.set_name(str(values["name"]))

    def _do_look(self, _values: dict) -> None:
        self._start_work("Reading the music", self.desk.look)

    def _do_estimate(self, _values: dict) -> None:
        measure = self.desk.timer()  # draws random numbers: here, not in the thread
        self._start_work("Taking a few steps", lambda _progress: measure())

    def _do_start(self, _values: dict) -> None:
        self._start_work("Reading the music", self._begin)

    def _do_stop(self, _values: dict) -> None:
        if self.is_training:
            self.monitor.stop()

    # --- work that takes a while

    def _begin(self, progress: Callable[[int, int], None]) -> None:
        if self.is_training:
            raise InputError("A training goes on below; stop it or wait for its end.")
        run, arguments = self.desk.begin(progress)
        if self.monitor is not None:
            self.monitor.close()
        self.trained = ""
        self.monitor = TrainingMonitor()
        self.monitor.observe(self._training_changed, "state")
        self._place.children = [self.monitor]
        self._run = run
        self.monitor._begin(run, **arguments)
        self.desk.renew_name()

    def _start_work(self, words: str, work: Callable[[Callable], object]) -> None:
        """Do work in a thread, so that the form answers meanwhile."""
        self._refuse_while_busy()
        self._busy = {"share": None, "words": words}

        def progress(done: int, of: int) -> None:
            self._busy = {"share": done / of, "words": f"{words}: {done} of {of}"}
            self._show()

        def refuse(problem: str) -> None:
            self._said = (problem, True)

        def end() -> None:
            self._busy = None
            self._show()

        self._worker = in_thread(lambda: work(progress), refuse, end, "train your own")

    def _refuse_while_busy(self) -> None:
        if self._busy is not None:
            raise InputError(BUSY)

    def _training_changed(self, change: dict) -> None:
        """Say what the network is called when its training has ended."""
        if change["new"] in ("finished", "stopped"):
            from deepcomposer_edu.compose.model_places import find_model

            try:
                self.trained = find_model(self._run).name
            except InputError:
                self.trained = ""
            if self.trained and self._on_trained is not None:
                self._on_trained(self.trained)
        self._show()

    # --- showing

    def _view(self) -> dict:
        words, is_problem = self._said
        said = {"status": words, "has_problem": is_problem}
        if self._desk is None:
            return said | {"is_shut": True}
        from deepcomposer_edu.widgets.train_own_views import form_view

        return said | form_view(self._desk, self._busy, self.is_training, self.trained)

    def _show(self) -> None:
        with self._drawing:  # the worker's thread draws, too
            self.form.view = self._view()

"""The failure clinic: hear what is wrong, find the cause, apply the fix, hear again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.clinic_views import choices_of, view_of
from deepcomposer_edu.widgets.game_charts import LOSSES, ONE_BAR

if TYPE_CHECKING:
    from deepcomposer_edu.training.failures import Case

TOLD_EVERY = 10  # steps between two looks at how far a training is


class FailureClinic(SoundWidget, bundle="clinic"):
    """Trainings that went wrong, one cause each. Listen, look, diagnose, mend, listen.

    Each patient is a tiny GAN that is trained when you choose it, in seconds, and again
    without its fault when you apply the fix.

    Args:
        failures: names of `training.failures.FAILURES`, in the order of the patients;
            None takes all.
        seed: of every training.

    Raises:
        InputError: if there is no such failure, or none is given.

    >>> clinic = FailureClinic(["temperature-0"])
    >>> clinic.choose(1, wait=True)
    >>> clinic.answer("temperature-0"), clinic.is_solved
    (True, True)
    """

    # Who there is: {"complaint", "state"} of each, "new", "open", "solved" or "mended".
    patients = traitlets.List().tag(sync=True)
    number = traitlets.Int(0).tag(sync=True)  # of the open patient, from 1; 0: none
    seed = traitlets.Int(0, min=0).tag(sync=True)

    # The open patient: {"music", "rows", "findings"}; empty while there is none.
    patient = traitlets.Dict().tag(sync=True)
    mended = traitlets.Dict().tag(sync=True)
    real = traitlets.Dict().tag(sync=True)  # the music that it should have learned from
    reference = traitlets.Dict().tag(sync=True)  # statistics of that music
    panels = traitlets.List().tag(sync=True)
    choices = traitlets.List().tag(sync=True)  # [{"name", "words"}]
    said = traitlets.List().tag(sync=True)  # [{"name", "is_right", "words"}], in order
    fix = traitlets.Unicode("").tag(sync=True)  # told once the cause is found

    # Where Python is.
    working = traitlets.Unicode("").tag(sync=True)  # "", "patient" or "mended"
    progress = traitlets.Float(0.0).tag(sync=True)  # 0 to 1
    problem = traitlets.Unicode("").tag(sync=True)
    volume = traitlets.Float(0.8, min=0.0, max=1.0).tag(sync=True)
    is_playing = traitlets.Bool(False).tag(sync=True)

    def __init__(self, failures: list[str] | None = None, seed: int = 0) -> None:
        from deepcomposer_edu.training.failures import FAILURES

        self._stop = threading.Event()  # set when it is closed
        names = list(FAILURES) if failures is None else list(failures)
        unknown = [name for name in names if name not in FAILURES]
        if unknown or not names:
            raise InputError(
                f"The clinic was given {names}, but it takes one or more of "
                f"{', '.join(FAILURES)}."
            )
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise InputError(
                f"The seed is {seed!r}, but it must be a whole number from 0."
            )
        self._failures = [FAILURES[name] for name in names]
        self._cases: dict[tuple[int, bool], Case] = {}
        self._said: dict[int, list[dict]] = {}
        self._thread: threading.Thread | None = None
        super().__init__(
            patients=[
                {"complaint": failure.complaint, "state": "new"}
                for failure in self._failures
            ],
            panels=[*LOSSES, ONE_BAR],
            seed=seed,
        )
        self.on_msg(self._obey)

    # --- what a hand may do

    def choose(self, number: int, wait: bool = False) -> None:
        """Choose a patient; it is trained first, in a thread, if it has not been yet.

        Args:
            number: from 1.
            wait: return only when it is there.

        Raises:
            InputError: if there is no such patient, or another is being trained.
        """
        n = len(self._failures)
        if isinstance(number, bool) or number not in range(1, n + 1):
            raise InputError(
                f"There is no patient {number!r}; choose one from 1 to {n}."
            )
        self._expect_quiet()
        self.number = number
        self._show()
        self._make(mended=False, wait=wait)

    def answer(self, cause: str) -> bool:
        """Name the cause, as choosing it does; return whether it is right.

        Raises:
            InputError: if no patient is open, or this cause cannot be chosen.
        """
        from deepcomposer_edu.training.findings import CAUSES

        failure, case = self._open()
        if cause not in failure.choices:
            raise InputError(
                f"The cause {cause!r} cannot be chosen here; choose one of "
                f"{', '.join(failure.choices)}."
            )
        is_right = cause == failure.name
        chosen = CAUSES[cause]
        words = chosen.explanation if is_right else chosen.refuted(case.findings)
        said = self._said.setdefault(self.number, [])
        if not any(one["name"] == cause for one in said):
            said.append({"name": cause, "is_right": is_right, "words": words})
        self._show()
        return is_right

    def mend(self, wait: bool = False) -> None:
        """Train the open patient again without its fault.

        Raises:
            InputError: if no patient is open, or its cause has not been found yet.
        """
        self._open()
        if not self.is_solved:
            raise InputError("Find the cause first: name it with answer(...).")
        self._expect_quiet()
        self._make(mended=True, wait=wait)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until what is being trained is there, or so many seconds are over."""
        if self._thread is not None:
            self._thread.join(seconds)

    def play(self, which: str = "patient") -> None:
        """Play "patient", "mended" or "real"; a browser is silent until a click."""
        self.send({"kind": "play", "source": which})

    def silence(self) -> None:
        """Stop the sound."""
        self.send({"kind": "silence"})

    # --- what there is

    @property
    def is_solved(self) -> bool:
        """Whether the cause of the open patient has been found."""
        return any(one["is_right"] for one in self._said.get(self.number, []))

    @property
    def case(self) -> Case:
        """The open patient's training, see `training.failures.Case`.

        Raises:
            InputError: if no patient is open.
        """
        return self._open()[1]

    @property
    def mended_case(self) -> Case | None:
        """The training without the fault; None before the fix is applied."""
        return self._cases.get((self.number, True))

    def close(self) -> None:
        """Stop what is being trained and close the widget."""
        self._stop.set()
        super().close()

    def __repr__(self) -> str:
        states = [patient["state"] for patient in self.patients]
        mended, solved = states.count("mended"), states.count("solved")
        return (
            f"FailureClinic: {len(states)} patients, {solved + mended} diagnosed, "
            f"{mended} mended"
        )

    # --- how it works

    def _expect_quiet(self) -> None:
        if self.working:
            raise InputError("A training is still going on; wait until it is over.")

    def _open(self) -> tuple:
        case = self._cases.get((self.number, False))
        if case is None:
            raise InputError("No patient is open; choose one with choose(1).")
        return self._failures[self.number - 1], case

    def _make(self, mended: bool, wait: bool) -> None:
        """Train a case in a thread, unless it is there already."""
        key = self.number, mended
        if key in self._cases:
            self._show()
            return
        self.working, self.progress = ("mended" if mended else "patient"), 0.0
        self._thread = threading.Thread(
            target=self._train, args=key, name="clinic", daemon=True
        )
        self._thread.start()
        if wait:
            self.wait()

    def _train(self, number: int, mended: bool) -> None:
        from deepcomposer_edu.training.failures import N_STEPS, make_case

        def tell(step: int) -> bool:
            if step % TOLD_EVERY == 0:
                self.progress = step / N_STEPS
            return not self._stop.is_set()

        name = self._failures[number - 1].name
        try:
            case = make_case(name, mended, self.seed, on_step=tell)
            if not self._stop.is_set():
                self._cases[number, mended] = case
        except Exception as error:  # told on the page, for nobody awaits a thread
            self.problem = f"The training failed: {error}"
        finally:
            self._show()
            self.working = ""

    def _show(self) -> None:
        """Tell the browser of the open patient."""
        number = self.number
        failure = self._failures[number - 1]
        case, mended = (self._cases.get((number, fixed)) for fixed in (False, True))
        with self.hold_sync():
            self.patients = [
                {"complaint": one.complaint, "state": self._state(i)}
                for i, one in enumerate(self._failures, start=1)
            ]
            self.choices = choices_of(failure, number)
            self.said = list(self._said.get(number, []))
            self.fix = failure.fix if self.is_solved else ""
            self.reference = case.reference if case else {}
            self.real = score_to_dict(case.real_score()) if case else {}
            self.patient = view_of(case)
            self.mended = view_of(mended)

    def _state(self, number: int) -> str:
        if (number, True) in self._cases:
            return "mended"
        if any(one["is_right"] for one in self._said.get(number, [])):
            return "solved"
        return "open" if (number, False) in self._cases else "new"

    def _obey(self, _widget: object, message: dict, _buffers: list) -> None:
        """Do what the browser asks for."""
        actions = {
            "choose": lambda: self.choose(message.get("number")),
            "answer": lambda: self.answer(message.get("cause")),
            "mend": self.mend,
        }
        action = actions.get(message.get("kind"))
        if action is None:
            return
        try:
            self.problem = ""
            action()
        except InputError as refusal:
            self.problem = str(refusal)

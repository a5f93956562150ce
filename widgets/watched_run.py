"""A training run as the monitor holds it: history, stages, and what is wrong."""

from __future__ import annotations

import base64
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from deepcomposer_edu.compose.model_places import run_kind
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.training.claim import is_claimed
from deepcomposer_edu.training.follow import Row, sendable, thinned

MAX_SHOWN_ROWS = 400  # of losses; a curve is no wider than that
MAX_STAGES = 60  # a slider is no longer than that
MAX_RECORDING_BYTES = 1 << 20
PEAKS = 300  # columns of a waveform
MAX_RECORDINGS = 24  # each is sent to the browser whole
QUIET_SECONDS = 60.0  # without a new step a run of another process is suspected dead


@dataclass(frozen=True)
class Recording:
    """What a network that makes raw sound played at one stage.

    Args:
        path: the WAV file.
        seconds: its length.
        peaks: how loud it is at PEAKS places one after another, 0 to 100.
        data: the file itself.
    """

    path: Path
    seconds: float
    peaks: tuple[int, ...] = field(repr=False)
    data: bytes = field(repr=False)

    def to_dict(self) -> dict[str, object]:
        """Return it as the browser gets it."""
        text = base64.b64encode(self.data).decode()
        wav = f"data:audio/wav;base64,{text}"
        return {"wav": wav, "seconds": self.seconds, "peaks": list(self.peaks)}


def read_recording(path: Path) -> Recording:
    """Read a sample that is a WAV file.

    Raises:
        InputError: if it cannot be read, or is too large to be sent to a browser.
    """
    from deepcomposer_edu.music.audio import read_audio

    size = path.stat().st_size
    if size > MAX_RECORDING_BYTES:
        raise InputError(
            f"it has {size >> 10} kB, more than the {MAX_RECORDING_BYTES >> 10} kB "
            "that a stage may have; open the file itself."
        )
    audio, rate = read_audio(path)
    loud = np.abs(audio).max(axis=1)
    peaks = [part.max() if len(part) else 0 for part in np.array_split(loud, PEAKS)]
    return Recording(
        path,
        len(audio) / rate,
        tuple(min(100, round(100 * float(peak))) for peak in peaks),
        path.read_bytes(),
    )


@dataclass(frozen=True)
class Moment:
    """One stage of a training: what the model made of the fixed melody after `step`.

    Args:
        step: of training.
        score: the melody, harmonised; None where the network makes raw sound.
        measured: the last value of each key of the history, at `step` or before.
        recording: its sound, where the network makes raw sound.
    """

    step: int
    score: Score | None
    measured: Mapping[str, float | None]
    recording: Recording | None = None


class WatchedRun:
    """What is known of a run; grows while it trains.

    Args:
        n_stages: keep at most that many stages, spread evenly over the run.

    Attributes:
        rows: the history, every row.
        scores: step to the music at that stage, in order of steps.
        recordings: the same of networks that make raw sound.
    """

    def __init__(self, n_stages: int = MAX_STAGES) -> None:
        self.n_stages = n_stages
        self.rows: list[Row] = []
        self.scores: dict[int, Score] = {}
        self.recordings: dict[int, Recording] = {}
        self._stages: dict[int, dict] = {}

    def add_row(self, row: Mapping[str, float]) -> None:
        """Append a row of the history.

        Raises:
            InputError: if it has no step, or one before the last.
        """
        if not isinstance(row.get("step"), int | float):
            raise InputError(
                f"A row with {', '.join(map(str, row)) or 'nothing'} was given, but "
                'each needs a "step", the number of the training step.'
            )
        if self.rows and row["step"] < self.rows[-1]["step"]:
            raise InputError(
                f"A row of step {row['step']} was given after one of step "
                f"{self.rows[-1]['step']}; give them in order."
            )
        self.rows.append(sendable(row))

    def add_rows(self, rows: Iterable[Row]) -> None:
        """Append rows of a file; those that go back, of a second writer, are not."""
        for row in rows:
            if not self.rows or row["step"] >= self.rows[-1]["step"]:
                self.rows.append(row)

    def add_score(self, step: int, score: Score) -> None:
        """Put the music of a step into its place."""
        step = int(step)
        self.scores[step] = score
        self.scores = dict(sorted(self.scores.items()))
        self._stages[step] = {"step": step, "music": score_to_dict(score)}

    def add_recording(self, step: int, path: Path) -> None:
        """Put the sound of a step into its place.

        Raises:
            InputError: if the file cannot be read, or is too large to be sent.
        """
        step, found = int(step), read_recording(path)
        self.recordings[step] = found
        self._stages[step] = {"step": step, "music": None, **found.to_dict()}

    def stage_steps(self) -> list[int]:
        """Return the steps of the stages that are shown, first and last among them.

        What a run has not reached is left out: music from before it went back.
        """
        last = self.rows[-1]["step"] if self.rows else math.inf
        steps = [step for step in sorted(self._stages) if step <= last]
        n_stages = min(self.n_stages, MAX_RECORDINGS if self.recordings else MAX_STAGES)
        if len(steps) <= n_stages:
            return steps
        if n_stages == 1:
            return steps[-1:]
        last = len(steps) - 1
        chosen = {round(i * last / (n_stages - 1)) for i in range(n_stages)}
        return [steps[i] for i in sorted(chosen)]

    def stages(self) -> list[dict]:
        """Return the stages as the browser gets them: `step` and `music`, or `wav`."""
        return [self._stages[step] for step in self.stage_steps()]

    def shown_rows(self) -> list[Row]:
        """Return the history, thinned to what a curve can show."""
        return thinned(self.rows, MAX_SHOWN_ROWS)

    def names(self) -> set[str]:
        """Return every key that the history has."""
        return {name for row in self.rows for name in row}

    def measured_at(self, step: float) -> dict[str, float | None]:
        """Return the last value of each key, at `step` or before."""
        values: dict[str, float | None] = {}
        for row in self.rows:
            if row["step"] > step:
                break
            values |= row
        return values

    def at(self, step: int) -> Moment:
        """Return the stage at a step.

        Raises:
            InputError: if there is none.
        """
        steps = self.stage_steps()
        if step not in steps:
            known = ", ".join(map(str, steps)) or "none yet"
            raise InputError(f"There is no stage at step {step}; choose {known}.")
        score, recording = self.scores.get(step), self.recordings.get(step)
        return Moment(step, score, self.measured_at(step), recording)

    def broken_at(self) -> int | None:
        """Return the first step whose losses are no numbers any more, if there is one.

        >>> run = WatchedRun()
        >>> run.add_row({"step": 3, "critic_loss": float("nan")})
        >>> run.broken_at()
        3
        """
        for row in self.rows:
            if any(v is None for name, v in row.items() if name.endswith("loss")):
                return int(row["step"])
        return None


def problem_with(run: WatchedRun) -> str:
    """Return what the numbers say is wrong, one sentence; empty if nothing is."""
    step = run.broken_at()
    if step is None:
        return ""
    return (
        f"Since step {step} the losses are no numbers any more (NaN): this training is "
        "broken. Stop it and start another with smaller learning rates."
    )


def no_music(step: int) -> str:
    """Return the sentence for a sample that is text and no tune."""
    return (
        f"What the network wrote at step {step} is text, but no tune that can be read "
        f"yet; it lies in samples/step_{step:06d}.txt of the run folder."
    )


def quiet_problem(folder: Path, now: float | None = None) -> str:
    """Return a sentence if a run that says it is training has written nothing for long.

    One that still holds its folder is slow, or the clock was set, but it is at work.

    Args:
        folder: the run folder.
        now: the time, in seconds as `time.time()` gives it.
    """
    try:
        written = (folder / "metrics.jsonl").stat().st_mtime
    except OSError:
        return ""
    seconds = (time.time() if now is None else now) - written
    if seconds < QUIET_SECONDS or is_claimed(folder):
        return ""
    return (
        f"No new step for {_ago(seconds)}: the training was probably killed. It goes "
        f"on from its last checkpoint: deepcomposer train {run_kind(folder)} --resume "
        f"--out {folder}"
    )


def _ago(seconds: float) -> str:
    """Return a time in its largest whole unit.

    >>> _ago(61), _ago(7300)
    ('1 min', '2 h')
    """
    for unit, size in (("days", 86400 * 2), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // (86400 if unit == 'days' else size):.0f} {unit}"
    return f"{seconds:.0f} s"


def check_n_stages(n_stages: int | None) -> int:
    """Return how many stages are kept.

    Raises:
        InputError: if it is below 1.
    """
    if n_stages is None:
        return MAX_STAGES
    if isinstance(n_stages, bool) or not isinstance(n_stages, int) or n_stages < 1:
        raise InputError(
            f"n_stages is {n_stages!r}, but it must be a whole number from 1."
        )
    return n_stages


def missing_samples(folder: Path) -> InputError:
    """Return the refusal of a folder without a sample."""
    return InputError(
        f"{folder} holds no samples (samples/step_*.mid or .wav); give the folder of a "
        "training run, or train until its first sample is written."
    )

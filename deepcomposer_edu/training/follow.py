"""Follow a run folder while a training writes into it, in this process or another."""

from __future__ import annotations

import math
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deepcomposer_edu.files import parsed_json
from deepcomposer_edu.training.state import RunState, read_state

MAX_ROWS = 2000  # of a history that is handed on whole: more are drawn as means
_SAMPLE = re.compile(r"step_(\d+)\.(mid|wav|txt)")

Row = dict[str, float | None]


@dataclass(frozen=True)
class News:
    """What is new in a run folder since one looked last.

    Args:
        rows: new lines of the history, in order; a value that is no finite number
            (a training that exploded) is None.
        samples: new or rewritten samples, as (step, MIDI or WAV file), in order.
        state: where the run stands; None if the folder does not say.
        unheard: steps of new samples that are no music, only text.
        reference: the data's own metrics, if they were not known yet.
        is_fresh: the history begins anew: forget the rows before. So it is when one
            looks first, and when a run goes on from an earlier checkpoint.
    """

    rows: tuple[Row, ...] = ()
    samples: tuple[tuple[int, Path], ...] = ()
    state: RunState | None = None
    unheard: tuple[int, ...] = ()
    reference: Mapping[str, float] = field(default_factory=dict)
    is_fresh: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a new row nor a new sample."""
        return not (self.rows or self.samples or self.reference or self.is_fresh)


class RunFollower:
    """Reads what a training has added to its run folder, again and again.

    Args:
        run: the run folder; it need not be there yet.
    """

    def __init__(self, run: str | Path) -> None:
        self.run = Path(run)
        self._file = -1  # of the history, its number on the disk
        self._offset = 0
        self._samples: dict[str, tuple[int, int]] = {}  # file name -> time, size
        self._reference: dict[str, float] = {}

    def news(self) -> News:
        """Return what is new since the last call; all that is there the first time."""
        rows, is_fresh = self._new_rows()
        return News(
            rows=rows,
            samples=self._new_samples(),
            state=read_state(self.run),
            unheard=self._new_texts(),
            reference=self._new_reference(),
            is_fresh=is_fresh,
        )

    def _new_rows(self) -> tuple[tuple[Row, ...], bool]:
        """Return the whole lines after those already read."""
        try:
            with (self.run / "metrics.jsonl").open("rb") as file:
                number, size = os.fstat(file.fileno()).st_ino, file.seek(0, os.SEEK_END)
                # a run that goes on writes its history anew, without the rows
                # after its checkpoint
                is_fresh = number != self._file or size < self._offset
                if is_fresh:
                    self._file, self._offset = number, 0
                file.seek(self._offset)
                block = file.read()
        except OSError:
            return (), False
        # half a line, just being written, waits; a whole one needs no end of line
        end = block.rfind(b"\n") + 1
        whole = block if _rows(block[end:]) else block[:end]
        self._offset += len(whole)
        return tuple(_rows(whole)), is_fresh

    def _new_samples(self) -> tuple[tuple[int, Path], ...]:
        """Return the samples that were not there, or not so, when one looked last.

        They are music in notes, or raw sound.
        """
        return tuple(sorted(self._new_files("mid") + self._new_files("wav")))

    def _new_texts(self) -> tuple[int, ...]:
        """Return the steps of new texts beside which there is no music."""
        return tuple(
            step
            for step, path in self._new_files("txt")
            if not path.with_suffix(".mid").exists()
        )

    def _new_files(self, ending: str) -> list[tuple[int, Path]]:
        """Return (step, file) of samples that are new or were written anew."""
        found = []
        for path in (self.run / "samples").glob(f"step_*.{ending}"):
            match = _SAMPLE.fullmatch(path.name)
            if match is None:
                continue
            try:
                about = path.stat()
            except OSError:
                continue  # just replaced
            mark = (about.st_mtime_ns, about.st_size)
            if self._samples.get(path.name) != mark:
                self._samples[path.name] = mark
                found.append((int(match[1]), path))
        return sorted(found)

    def _new_reference(self) -> dict[str, float]:
        """Return the data's own metrics the first time that they can be read."""
        if self._reference:
            return {}
        try:
            values = parsed_json((self.run / "reference.json").read_text("utf-8"))
            # null: there was nothing to measure it on, in a short piece say
            known = {name: x for name, x in values.items() if x is not None}
            self._reference = {name: float(value) for name, value in known.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
        return self._reference


def _rows(block: bytes) -> list[Row]:
    rows = []
    for line in block.decode("utf-8", "replace").splitlines():
        try:
            row = parsed_json(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("step"), int | float):
            rows.append(sendable(row))
    return rows


def sendable(row: Mapping[str, float]) -> Row:
    """Return a row whose values are finite numbers or None: a browser knows no NaN.

    >>> sendable({"step": 3, "critic_loss": float("nan")})
    {'step': 3, 'critic_loss': None}
    """
    return {
        name: value if math.isfinite(value) else None
        for name, value in row.items()
        if isinstance(value, int | float)
    }


def thinned(rows: Sequence[Row], limit: int = MAX_ROWS) -> list[Row]:
    """Return at most about `limit` rows of losses, and every row with metrics.

    Neighbouring rows of losses become their mean, with the step of the last of them. A
    value that is None in one of them is None in the mean, so that it is not hidden.

    Args:
        rows: the history, in order.
        limit: how many rows of losses alone may stay; above 0.

    >>> rows = [{"step": i, "critic_loss": float(i)} for i in range(1, 5)]
    >>> thinned(rows, 2)
    [{'step': 2, 'critic_loss': 1.5}, {'step': 4, 'critic_loss': 3.5}]
    """
    size = -(-len(rows) // limit)
    if size <= 1:
        return list(rows)
    counts = Counter(name for row in rows for name in row)
    metrics = {name for name, count in counts.items() if count < len(rows) / 2}
    kept: list[Row] = []
    group: list[Row] = []
    for row in rows:
        has_metrics = not metrics.isdisjoint(row)
        if not has_metrics:
            group.append(row)
        if group and (has_metrics or len(group) == size):
            kept.append(_mean(group))
            group = []
        if has_metrics:
            kept.append(row)
    return [*kept, _mean(group)] if group else kept


def _mean(rows: Sequence[Row]) -> Row:
    mean: Row = {}
    for name in rows[-1]:
        values = [row.get(name) for row in rows]
        mean[name] = None if None in values else sum(values) / len(values)
    return mean | {"step": rows[-1]["step"]}

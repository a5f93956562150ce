"""How fast this computer trains, and how many steps the lessons' trainings take on it.

The minutes in the lessons were measured on one core of the computer that
`benchmarks/RESULTS.md` names. A few steps of a small network, timed by the clock, say
how this one compares, as busy as it is; on a slow one trainings take half the steps or
a quarter, so that nobody waits much longer than the lesson says. What a network learns
in fewer steps is less: lessons say what it is after all of them.

`COURSE_SIZE`, or `choose_size`, decides otherwise.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, parsed_json
from deepcomposer_edu.paths import cache_dir

SIZES = {"full": 1, "half": 2, "quarter": 4}  # what the steps are divided by
AUTO = "auto"
ENOUGH_FOR_FULL, ENOUGH_FOR_HALF = 0.6, 0.3  # of the speed that the minutes assume
# Processor seconds of a step on one core of the computer of benchmarks/RESULTS.md, by
# `python benchmarks/speed_test.py`.
REFERENCE_SECONDS = 0.0118
MEASURED_SECONDS = 0.8  # by the clock; with loading and warming up about two
FEWEST_STEPS = 5  # but for a computer so slow that these take longer than this:
MOST_SECONDS = 4.0
VALID_SECONDS = 24 * 3600  # a computer may be busier tomorrow
BATCH, CHANNELS, LENGTH = 32, 96, 64  # of the network that is timed


@dataclass(frozen=True)
class Speed:
    """How fast a computer trains.

    Args:
        relative: its speed in units of the one that the lessons' minutes assume.
        at: when it was measured, in seconds since 1970.
        machine: which one.
    """

    relative: float
    at: float
    machine: str

    @property
    def size(self) -> str:
        """What this speed is enough for: one of SIZES."""
        if self.relative >= ENOUGH_FOR_FULL:
            return "full"
        return "half" if self.relative >= ENOUGH_FOR_HALF else "quarter"

    @property
    def sentence(self) -> str:
        """The speed in words."""
        return (
            f"This computer trains {self.relative:.2g} times as fast as the one on "
            "which the lessons' minutes were measured."
        )


def measure() -> Speed:
    """Time a few training steps by the clock, and return how fast they are.

    A network of three convolutions learns to copy noise. The quicker quarter of the
    steps counts: a moment of other work makes no computer slow, steady work does. Draws
    no random numbers that others use.
    """
    times = sorted(step_seconds(time.perf_counter))
    typical = times[len(times) // 4]
    return Speed(REFERENCE_SECONDS / typical, time.time(), machine())


def step_seconds(
    clock: Callable[[], float], seconds: float = MEASURED_SECONDS
) -> list[float]:
    """Return what training steps of the network cost, one by one.

    Args:
        clock: gives seconds, such as `time.perf_counter`.
        seconds: how long to go on, by the same clock.
    """
    import torch
    from torch import nn

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        wide = CHANNELS // 2
        network = nn.Sequential(
            nn.Conv1d(wide, CHANNELS, 3, padding=1),
            nn.ReLU(),
            nn.Conv1d(CHANNELS, CHANNELS, 3, padding=1),
            nn.ReLU(),
            nn.Conv1d(CHANNELS, wide, 3, padding=1),
        )
        x = torch.randn(BATCH, wide, LENGTH)  # (B, C, T)
    optimiser = torch.optim.Adam(network.parameters())

    def step() -> None:
        optimiser.zero_grad()
        (network(x) - x).square().mean().backward()
        optimiser.step()

    step()  # the first step is slower than all others
    times: list[float] = []
    longest = max(seconds, MOST_SECONDS)
    while sum(times) < (seconds if len(times) >= FEWEST_STEPS else longest):
        began = clock()
        step()
        times.append(clock() - began)
    return times


def machine() -> str:
    """Return what tells this computer from others that may share the cache."""
    return f"{platform.node()}, {os.cpu_count()} cores, {platform.machine()}"


def _path() -> Path:
    return cache_dir() / "speed.json"


def _read() -> dict:
    """Return what is stored; nothing of it is believed to be there, or right."""
    try:
        found = parsed_json(_path().read_text("utf-8"))
    except (OSError, ValueError, InputError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(**values: object) -> None:
    """Store values beside those that are there; without a place, remember nothing."""
    try:
        with atomic_path(_path()) as part:
            part.write_text(json.dumps(_read() | values) + "\n", encoding="utf-8")
    except (OSError, InputError):
        return


def stored_speed() -> Speed | None:
    """Return what was measured on this computer in the last day, or None."""
    found = _read()
    relative, at = found.get("relative"), found.get("at")
    is_number = all(
        isinstance(one, int | float) and not isinstance(one, bool)
        for one in (relative, at)
    )
    if not is_number or not 0 < relative < 1e6 or found.get("machine") != machine():
        return None
    is_fresh = 0 <= time.time() - at < VALID_SECONDS
    return Speed(float(relative), float(at), machine()) if is_fresh else None


def speed(again: bool = False) -> Speed:
    """Return how fast this computer trains; measured if that was not done today.

    Args:
        again: measure in any case.
    """
    found = None if again else stored_speed()
    if found is None:
        found = measure()
        _write(relative=found.relative, at=found.at, machine=found.machine)
    return found


def chosen_size() -> str:
    """Return the size that somebody chose: COURSE_SIZE, `choose_size`, or "auto".

    Raises:
        InputError: if COURSE_SIZE is no size.
    """
    if wanted := os.environ.get("COURSE_SIZE", ""):
        return _checked(wanted, "COURSE_SIZE")
    stored = _read().get("size")
    return stored if isinstance(stored, str) and stored in SIZES else AUTO


def choose_size(size: str = AUTO) -> str:
    """Choose how long the lessons' trainings are on this computer; kept for later.

    Args:
        size: "full", "half" or "quarter" of the steps, or "auto", by the speed.

    Returns:
        What is in force now: COURSE_SIZE if that is set, else the choice; "auto"
        becomes what the speed is enough for.

    Raises:
        InputError: if there is no such size.
    """
    _write(size=_checked(size, "The size"))
    return training_size()


def training_size() -> str:
    """Return how long trainings are: one of SIZES, chosen or by the speed."""
    chosen = chosen_size()
    return speed().size if chosen == AUTO else chosen


def _checked(size: str, name: str) -> str:
    if size not in (*SIZES, AUTO):
        raise InputError(
            f"{name} is {size!r}, but it must be {', '.join(SIZES)} or {AUTO}."
        )
    return size

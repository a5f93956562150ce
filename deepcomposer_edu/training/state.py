"""`state.json` of a run folder: where the run stands, for whoever follows it.

A run that was killed cannot say so: its file still says "training", and no new lines
come. Everything else ends with "finished", "stopped" or "failed".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, parsed_json

STATES = ("training", "paused", "stopped", "finished", "failed")
ENDED = ("stopped", "finished", "failed")


@dataclass(frozen=True)
class RunState:
    """Where a run stands.

    Args:
        state: one of STATES.
        n_steps: at which step it will end, counted from the run's beginning.
        problem: what went wrong, one sentence, if it failed.
    """

    state: str
    n_steps: int
    problem: str = ""


def write_state(run: Path, state: RunState) -> None:
    """Write `state.json` of a run folder.

    Raises:
        InputError: if it cannot be written.
    """
    with atomic_path(Path(run) / "state.json") as temporary:
        temporary.write_text(json.dumps(asdict(state)) + "\n", encoding="utf-8")


def read_state(run: Path) -> RunState | None:
    """Return where a run stands; None if its file is missing or damaged."""
    try:
        content = parsed_json((Path(run) / "state.json").read_text(encoding="utf-8"))
        state = RunState(
            str(content["state"]), int(content["n_steps"]), str(content["problem"])
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None
    return state if state.state in STATES else None


@contextmanager
def told_state(run: Path, n_steps: int) -> Iterator[Callable[[str], None]]:
    """Keep `state.json` true while a run goes on.

    Args:
        run: the run folder.
        n_steps: at which step the run will end.

    Yields:
        A function that is told a new state. The file says "training" when the block
        begins; an interrupt leaves "stopped" and any other error "failed", with its
        sentence.
    """

    def tell(state: str, problem: str = "") -> None:
        write_state(run, RunState(state, n_steps, problem))

    tell("training")
    try:
        yield tell
    except KeyboardInterrupt:
        with suppress(InputError):
            tell("stopped")
        raise
    except BaseException as error:
        with suppress(InputError):  # the first error is the one to report
            tell("failed", problem_of(error))
        raise


def problem_of(error: BaseException) -> str:
    """Return an error as one sentence.

    >>> problem_of(MemoryError("no room"))
    'The training broke off: MemoryError: no room.'
    """
    if isinstance(error, InputError):
        return str(error)
    words = " ".join(str(error).split())[:300].rstrip(".")
    return f"The training broke off: {type(error).__name__}: {words}."

"""The folder of a class's hub: what lies where, and who may look into it.

    HUB/private/        the hub's own: seats and codes, database, certificate
    HUB/seats/LOGIN/    a learner's home; lessons and music are in its `my_work`
    HUB/progress/LOGIN/ what the dashboard reads
    HUB/cache/          built once, read by everybody, written by nobody
    HUB/slips.html      one slip of paper for each learner: address, login, code

Where the hub runs as the system's administrator, each seat is a user number of its own,
to whom the others' folders are closed. Otherwise all seats share the teacher's account.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from deepcomposer_edu.classroom.seats import (
    Seat,
    make_seats,
    read_seats,
    write_seats,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, write_error
from deepcomposer_edu.paths import PACKAGE_DIR

FIRST_USER = 58_000  # user numbers of seats; ordinary accounts begin at 1000
OTHERS_MAY_ENTER = 0o001


@dataclass(frozen=True)
class HubSettings:
    """How a class's hub runs.

    Attributes:
        port: where browsers reach it.
        on_network: whether other computers do, or this one alone.
        memory_gb: what one program of a seat, such as a lesson's kernel, may take.
        cores: processor cores of a seat; several seats share a core.
        certificate, key: files for https; empty: http, and so no Web MIDI from
            other computers.
        proxy: the command that starts the proxy.
        separate: whether each seat has a user number of its own.
    """

    port: int = 8000
    on_network: bool = False
    memory_gb: float = 2.0
    cores: int = 1
    certificate: str = ""
    key: str = ""
    proxy: tuple[str, ...] = ()
    separate: bool = False

    def __post_init__(self) -> None:
        """Refuse what no hub could run with."""
        if not 1 <= self.port <= 65_535:
            raise InputError(f"--port is {self.port}, but ports are 1 to 65535.")
        if not 0.5 <= self.memory_gb <= 1024:
            raise InputError(
                f"--memory is {self.memory_gb:g} GB for each program, but a lesson "
                "needs at least 0.5; give 0.5 to 1024."
            )
        if not 1 <= self.cores <= 64:
            raise InputError(f"--cores is {self.cores}, but a seat has 1 to 64.")
        if bool(self.certificate) != bool(self.key):
            raise InputError("--certificate and --key belong together; give both.")


@dataclass(frozen=True)
class HubFolder:
    """Where everything of a hub lies.

    Attributes:
        root: the folder that was given.
    """

    root: Path

    @property
    def private(self) -> Path:
        """The folder that only the hub reads."""
        return self.root / "private"

    @property
    def cache(self) -> Path:
        """What is built once for everybody."""
        return self.root / "cache"

    @property
    def progress(self) -> Path:
        """The folder for `deepcomposer classroom dashboard`."""
        return self.root / "progress"

    def home(self, login: str) -> Path:
        """Return a seat's folder."""
        return self.root / "seats" / login

    def share(self, login: str) -> Path:
        """Return where a seat's progress is shared with the teacher."""
        return self.progress / login

    def seats(self) -> list[Seat]:
        """Return the seats, the teacher's first."""
        return read_seats(self.private / "seats.json")

    def write_settings(self, settings: HubSettings) -> None:
        """Write the settings for the hub's own process."""
        with atomic_path(self.private / "hub.json") as part:
            part.write_text(json.dumps(asdict(settings), indent=1) + "\n", "utf-8")

    def read_settings(self) -> HubSettings:
        """Return the settings that `write_settings` wrote."""
        told = json.loads((self.private / "hub.json").read_text("utf-8"))
        known = {f.name: told[f.name] for f in fields(HubSettings) if f.name in told}
        return HubSettings(**known | {"proxy": tuple(known.get("proxy", ()))})


def prepare_folder(root: Path, names: list[str], separate: bool) -> HubFolder:
    """Make or complete a hub's folder; return it.

    Seats that are there keep their codes and files; new names are added behind them.

    Args:
        root: the folder; made if it is missing.
        names: of the learners; empty: those who are there already.
        separate: whether each seat's folders are given to a user number of its own.

    Raises:
        InputError: if nobody is named, or the folder cannot be written.
    """
    folder = HubFolder(root)
    try:
        for place, mode in (
            (root, 0o711),
            (folder.private, 0o700),
            (root / "seats", 0o711),
            (folder.progress, 0o711),
            (folder.cache, 0o755),
        ):
            place.mkdir(parents=True, exist_ok=True)
            place.chmod(mode)
        write_seats(_joined(folder, names), folder.private / "seats.json")
        for number, seat in enumerate(folder.seats()):
            for place in (folder.home(seat.login), folder.share(seat.login)):
                place.mkdir(exist_ok=True)
                place.chmod(0o700)
                if separate:
                    os.chown(place, user_number(number), user_number(number))
    except OSError as error:
        raise write_error(root, error) from error
    return folder


def _joined(folder: HubFolder, names: list[str]) -> list[Seat]:
    """Return the seats of the folder and, behind them, those of new names."""
    if not (folder.private / "seats.json").exists():
        return make_seats(names)
    there = folder.seats()
    known = [seat.name for seat in there[1:]]
    # a name that the list has twice needs two seats
    new = list((Counter(names) - Counter(known)).elements())
    made = make_seats([*known, *new])[1 + len(known) :]
    return [*there, *made]


def user_number(place: int) -> int:
    """Return the user number of the seat at a place in the list, from 0."""
    return FIRST_USER + place


def why_not_separate() -> str:
    """Return why seats cannot have user numbers of their own here; empty if they can.

    The administrator alone may start programs as somebody else, and somebody else must
    be able to read Python and the course.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "only the system's administrator can start programs as somebody else"
    for path in {Path(sys.executable).resolve(), Path(sys.prefix), PACKAGE_DIR}:
        closed = [p for p in (path, *path.parents) if not _is_open(p)]
        if closed:
            return f"{closed[-1]}, where Python or the course lies, is closed to others"
    return ""


def _is_open(path: Path) -> bool:
    """Return whether everybody may pass through a folder or run a file."""
    return bool(path.stat().st_mode & OTHERS_MAY_ENTER)

"""What JupyterHub is told: who may log in, how a seat starts, what it may take.

JupyterHub reads `private/jupyterhub_config.py`, which calls `configure`. Nothing else
in the course imports this module, and JupyterHub need not be installed for the rest.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jupyterhub.auth import Authenticator
from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Any
from traitlets.config import Config

from deepcomposer_edu.classroom.hub_folder import HubFolder, HubSettings, user_number
from deepcomposer_edu.classroom.seats import TEACHER, Seat
from deepcomposer_edu.lab import LAB_OPTIONS

SECONDS_TO_START = 120  # thirty seats that start at once take turns
AT_ONCE = 6
IDLE_KERNEL_SECONDS = 3600  # a kernel that no page shows; an open lesson's is kept
# What a seat inherits of the teacher's environment. HOME and the rest are its own.
PASSED_ON = ["PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV"]
PASSED_ON += ["PYTHONPATH", "COURSE_QUICK", "COURSE_SIZE", "MPLBACKEND"]


class SeatAuthenticator(Authenticator):
    """Lets a learner in who types the login and the code of their slip."""

    seats = Any(help="login to Seat").tag(config=True)

    async def authenticate(self, handler, data):  # noqa: ARG002
        """Return the login if the code is right, else None."""
        seat: Seat | None = self.seats.get(data["username"].strip().lower())
        return seat.login if seat and seat.accepts(data["password"]) else None


class SeatSpawner(SimpleLocalProcessSpawner):
    """Starts a seat as its own user number, in its own folder, within its limits."""

    folder = Any(help="HubFolder").tag(config=True)
    settings = Any(help="HubSettings").tag(config=True)
    seats = Any(help="login to Seat").tag(config=True)

    def _place(self) -> int:
        return list(self.seats).index(self.user.name)

    def _default_home_dir(self) -> str:
        return str(self.folder.home(self.user.name))

    def get_env(self) -> dict[str, str]:
        """Return the environment: the seat's own folders, the shared cache."""
        home = self.folder.home(self.user.name)
        return super().get_env() | {
            "HOME": str(home),
            "DEEPCOMPOSER_WORK": str(home / "my_work"),
            "DEEPCOMPOSER_CACHE": str(self.folder.cache),
            "DEEPCOMPOSER_PROGRESS": str(home / "my_work" / "progress.jsonl"),
            "DEEPCOMPOSER_SHARE": share_of(self.folder, self.user.name),
            "DEEPCOMPOSER_LEARNER": self.seats[self.user.name].name,
            "JUPYTER_PREFER_ENV_PATH": "1",
        }

    async def start(self):
        """Start the seat."""
        place = self._place()
        self.home_dir = str(self.folder.home(self.user.name))
        cores = ",".join(str(core) for core in cores_of(place, self.settings.cores))
        self.cmd = [
            *(sys.executable, "-m", "deepcomposer_edu.classroom.seat"),
            *("--memory-gb", str(self.settings.memory_gb), "--cores", cores, "--"),
            *(sys.executable, "-m", "jupyterhub.singleuser"),
        ]
        self.popen_kwargs = {"cwd": self.home_dir}
        if self.settings.separate:
            number = user_number(place)
            self.popen_kwargs |= {"user": number, "group": number, "extra_groups": []}
        return await super().start()


def share_of(folder: HubFolder, login: str) -> str:
    """Return where a seat's progress is shared; nowhere for the teacher, who shows."""
    return "" if login == TEACHER else str(folder.share(login))


def cores_of(place: int, n_cores: int) -> list[int]:
    """Return the processor cores of a seat; the next seat has the next ones.

    Args:
        place: of the seat in the list, from 0.
        n_cores: how many it gets, at most all there are.
    """
    there = sorted(
        os.sched_getaffinity(0)
        if hasattr(os, "sched_getaffinity")
        else range(os.cpu_count() or 1)
    )
    n_cores = min(n_cores, len(there))
    return sorted(there[(place * n_cores + i) % len(there)] for i in range(n_cores))


def configure(c: Config, root: str, ports: tuple[int, int]) -> None:
    """Fill JupyterHub's configuration for a class.

    Args:
        c: JupyterHub's configuration object.
        root: the hub's folder, that `hub.prepare` made.
        ports: two free ports of this computer, for the hub and for the proxy's door.
    """
    folder = HubFolder(Path(root))
    settings = folder.read_settings()
    seats = {seat.login: seat for seat in folder.seats()}
    _network(c, settings, ports)
    c.JupyterHub.db_url = f"sqlite:///{folder.private / 'jupyterhub.sqlite'}"
    c.JupyterHub.cookie_secret_file = str(folder.private / "cookie_secret")
    c.ConfigurableHTTPProxy.pid_file = str(folder.private / "proxy.pid")
    c.ConfigurableHTTPProxy.command = list(settings.proxy)
    c.JupyterHub.authenticator_class = SeatAuthenticator
    c.SeatAuthenticator.seats = seats
    c.Authenticator.allowed_users = set(seats)
    c.Authenticator.admin_users = {TEACHER}
    c.JupyterHub.load_roles = [  # the teacher may look at a learner's notebook
        {"name": "teaching", "users": [TEACHER], "scopes": ["access:servers"]}
    ]
    c.JupyterHub.spawner_class = SeatSpawner
    c.SeatSpawner.folder, c.SeatSpawner.settings = folder, settings
    c.SeatSpawner.seats = seats
    c.Spawner.notebook_dir = "~/my_work"
    c.Spawner.args = seat_options()
    c.Spawner.env_keep = PASSED_ON
    c.Spawner.start_timeout = c.Spawner.http_timeout = SECONDS_TO_START
    c.JupyterHub.concurrent_spawn_limit = AT_ONCE
    c.JupyterHub.cleanup_servers = True
    c.JupyterHub.log_level = "WARN"


def _network(c: Config, settings: HubSettings, ports: tuple[int, int]) -> None:
    """Say where browsers find the hub, and where its parts find each other."""
    scheme = "https" if settings.certificate else "http"
    host = "" if settings.on_network else "127.0.0.1"
    c.JupyterHub.bind_url = f"{scheme}://{host}:{settings.port}"
    c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = settings.certificate, settings.key
    c.JupyterHub.hub_ip = "127.0.0.1"
    c.JupyterHub.hub_port = ports[0]
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{ports[1]}"


def seat_options() -> list[str]:
    """Return what JupyterLab is started with at every seat."""
    options = [*LAB_OPTIONS]
    options.append(f"--MappingKernelManager.cull_idle_timeout={IDLE_KERNEL_SECONDS}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options

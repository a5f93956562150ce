"""JupyterLab started by one of the course's own commands, while a test needs it."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass

import psutil


@dataclass
class StartedLab:
    """Where it answers, its token, the page it opens and what it printed so far."""

    url: str
    token: str
    page: str
    printed: str
    pid: int = 0


def free_port():
    """Return a port of this computer that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def wait_until_accepted(port, seconds=20):
    """JupyterLab prints its link a moment before it listens."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def listening(pid):
    """Return the addresses at which a process and those it started wait for others."""
    first = psutil.Process(pid)
    return {
        socket.laddr.ip
        for process in [first, *first.children(recursive=True)]
        for socket in process.net_connections("inet")
        if socket.status == psutil.CONN_LISTEN
    }


@contextlib.contextmanager
def started_lab(module, *arguments, python=sys.executable, env=None):
    """Run `python -m module … --no-browser --port N` until it accepts connections."""
    port = free_port()
    process = subprocess.Popen(
        [str(python), "-m", module, *arguments] + ["--no-browser", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env,
    )
    try:
        printed, found = "", None
        for line in process.stdout:
            printed += line
            found = re.search(rf"127\.0\.0\.1:{port}/lab(\S*)\?token=(\w+)", line)
            if found:
                break
        assert found, printed
        wait_until_accepted(port)
        page, token = found.groups()
        yield StartedLab(f"http://127.0.0.1:{port}", token, page, printed, process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=30)

"""What pip says, in words for a learner: progress, and one sentence on a failure."""

import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

NEEDED_GIGABYTES = 3


class SetupError(Exception):
    """Something stopped the set-up; the message is one sentence on what to do."""


# The first pattern found in pip's output names the cause.
CAUSES = [
    (
        r"No space left on device|Errno 28|not enough space|disk is full",
        f"The disk is full: free about {NEEDED_GIGABYTES} GB, then run the same "
        "command again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "A secure connection could not be made: check the clock of this computer, and "
        "ask about a proxy or its certificate (pip's --cert setting).",
    ),
    (
        r"name resolution|Name or service not known|getaddrinfo failed"
        r"|nodename nor servname|Network is unreachable|Failed to establish"
        r"|ConnectTimeout|Connection refused|Connection reset|Read timed out"
        r"|ProxyError|Connection aborted|Connection broken|IncompleteRead",
        "The packages could not be fetched: check the network connection, then run the "
        "same command again; it goes on where it stopped.",
    ),
    (
        r"Permission denied|Errno 13|Access is denied|Read-only file system",
        "The folder .venv cannot be written: close programs that use it, check its "
        "permissions, or clone the course somewhere you own.",
    ),
]


def explain_failure(output: str) -> str:
    """Return one sentence with the cause of a failed pip run and what to do."""
    for pattern, sentence in CAUSES:
        if re.search(pattern, output, flags=re.IGNORECASE):
            return sentence
    version = "{}.{}.{}".format(*sys.version_info[:3])
    if "ResolutionImpossible" in output:
        return (
            f"The pinned packages do not fit together on Python {version} here: try "
            "another Python from 3.11 on, or the conda way in environment.yml."
        )
    missing = re.search(r"No matching distribution found for ([\w.-]+)", output)
    if missing:
        return (
            f"There is no build of {missing.group(1)} for Python {version} on this "
            "system: try Python 3.11 or 3.12, or the conda way in environment.yml."
        )
    errors = [line for line in output.splitlines() if line.startswith("ERROR")]
    last = errors[-1] if errors else (output.strip().splitlines() or ["no output"])[-1]
    return f"The installation failed ({last[:200]}); run the same command again."


def short_form(line: str) -> str | None:
    """Return what one line of pip's output means to a reader, or None to skip it.

    >>> short_form("Collecting numpy>=2.0 (from deepcomposer-edu==0.1.0)")
    'finding numpy'
    """
    line = line.strip()
    found = re.match(r"Collecting ([\w.-]+)", line)
    if found:
        return f"finding {found.group(1)}"
    found = re.match(r"Downloading (?:\S+/)?(\S+?)-[\d.]+\S* \((.+)\)", line)
    if found:
        return f"fetching {found.group(1)} ({found.group(2)})"
    if line.startswith("WARNING: Retrying"):
        return "waiting for the network"
    return None


class Progress:
    """One line that is rewritten on a terminal, and a line now and then elsewhere."""

    def __init__(self, every_seconds: float = 5.0) -> None:
        self.is_terminal = sys.stdout.isatty()
        self.every_seconds = every_seconds
        self.last_shown = 0.0
        self.width = 0

    def show(self, text: str) -> None:
        """Show what is going on now."""
        now = time.monotonic()
        if self.is_terminal:
            text = f"   {text}"[: shutil.get_terminal_size().columns - 1]
            print("\r" + text.ljust(self.width), end="", flush=True)
            self.width = len(text)
        elif now - self.last_shown >= self.every_seconds:
            print(f"   {text}", flush=True)
            self.last_shown = now

    def close(self) -> None:
        """Clear the line, so that the next one starts on its own."""
        if self.is_terminal and self.width:
            print("\r" + " " * self.width + "\r", end="", flush=True)
            self.width = 0


def lines_of(process: subprocess.Popen) -> Iterator[str | None]:
    """Yield a process's lines as they come, and None after each silent second."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=1.0)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        yield line

"""Python inside .venv: where it lies, what it is told, how it is run.

Only the standard library is imported: this runs before anything is installed.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def venv_python(venv: Path = VENV) -> Path:
    """Return where a virtual environment keeps its Python on this system."""
    if os.name == "nt":
        return venv / "Scripts" / "python.exe"
    return venv / "bin" / "python"


def child_environment() -> dict[str, str]:
    """Return the environment for programs that run inside .venv.

    Settings that would pull in another Python's packages, install somewhere else than
    into .venv, or have every program compile every package again, are left out.
    """
    dropped = {"PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"}
    dropped |= {"PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
    environment = {k: v for k, v in os.environ.items() if k not in dropped}
    return environment | {
        "PIP_USER": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "JUPYTER_PREFER_ENV_PATH": "1",  # .venv's kernel before the user's own
        "VIRTUAL_ENV": str(VENV),
        "PATH": os.pathsep.join(
            [str(venv_python().parent), os.environ.get("PATH", os.defpath)]
        ),
    }


def ask_python(code: str, venv: Path = VENV) -> str | None:
    """Return what .venv's Python prints for a line of code, or None if it fails."""
    try:
        answer = subprocess.run(
            [str(venv_python(venv)), "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=child_environment(),
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()


def run_inside(arguments: list[str], environment: dict[str, str] | None = None) -> int:
    """Run .venv's Python in the foreground and return its exit status."""
    process = subprocess.Popen(
        [str(venv_python()), *arguments],
        cwd=ROOT,
        env=child_environment() | (environment or {}),
    )
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the child heard it too and ends in its own way


def become(arguments: list[str]) -> int:
    """Go on as .venv's Python: in this very process where the system can do that."""
    if os.name == "posix":
        os.chdir(ROOT)
        sys.stdout.flush()
        python = str(venv_python())
        os.execve(python, [python, *arguments], child_environment())
    return run_inside(arguments)

"""A full disk: a process of its own that may write only so many bytes a file."""

import subprocess
import sys
import textwrap

import pytest

needs_file_limits = pytest.mark.skipif(
    sys.platform == "win32", reason="needs a limit on file sizes"
)


def refused_writing(lines, n_bytes):
    """Run lines of Python that write more than `n_bytes`; return the refusal.

    The lines must raise an InputError, and nothing may reach standard error.
    """
    program = f"""\
import resource, signal
from deepcomposer_edu.errors import InputError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({n_bytes}, {n_bytes}))
try:
{textwrap.indent(textwrap.dedent(lines).strip(), "    ")}
except InputError as error:
    print(error)
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert not run.stderr
    return run.stdout

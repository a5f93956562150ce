"""A handful of kills; `python benchmarks/kills.py` makes hundreds.

Killed trainings are in test_training.py, test_own_editor.py and test_population.py,
killed exports in test_export.py.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork and no kill -9")
def test_kills_at_random_moments_lose_no_notebook_and_no_progress():
    script = ROOT / "benchmarks" / "kills.py"
    done = subprocess.run(
        [sys.executable, script, "--only", "notebook,progress", "--kills", "2"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^\| (\w+) \| 2 \| [\d.]+ \| 0 \| 0 ", done.stdout, re.MULTILINE)
    assert rows == ["notebook", "progress"]

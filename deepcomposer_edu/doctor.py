"""One line for each thing the course needs: found or missing, and what to do.

`python course.py doctor` runs this module inside .venv, after it has looked at Python
and at .venv itself. Every check imports what it needs on its own, so that one damaged
package never hides what the others have to say.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import shutil
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import sha256_of
from deepcomposer_edu.paths import cache_dir, data_dir, is_checkout

AGAIN = "run: pip install --force-reinstall deepcomposer-edu"
REPAIR = "run: python course.py setup" if is_checkout() else AGAIN
RESTORE = "restore them: git checkout -- data" if is_checkout() else AGAIN
CACHE_GIGABYTES = 1
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        name: what was looked at, in one or two words.
        found: what was found, in a phrase.
        verdict: "ok", "optional" (missing, and the course works without) or "missing".
        advice: what to do about it; empty if nothing.
    """

    name: str
    found: str
    verdict: str = "ok"
    advice: str = ""

    def __str__(self) -> str:
        """Return the line of the report."""
        verdict = "MISSING" if self.verdict == "missing" else self.verdict
        line = f"{verdict:<8} {self.name:<12} {self.found}"
        return f"{line} -> {self.advice}" if self.advice else line


def check_torch() -> Finding:
    """Look for PyTorch and for a GPU that it could use."""
    import torch

    if torch.cuda.is_available():
        return Finding("torch", f"{torch.__version__}, with a GPU")
    n_threads = torch.get_num_threads()
    return Finding("torch", f"{torch.__version__}, on the CPU ({n_threads} threads)")


def check_speed() -> Finding:
    """Time a few training steps: whether the lessons' minutes hold here."""
    from deepcomposer_edu.course.speed import SIZES, chosen_size, speed

    found, chosen = speed(again=True), chosen_size()
    size = found.size if chosen not in SIZES else chosen
    words = f"{found.relative:.2g} times that of the lessons' minutes"
    if size == "full":
        return Finding("speed", f"{words}: trainings take all their steps")
    advice = "for all steps: deepcomposer speed --size full"
    share = {"half": "half", "quarter": "a quarter"}[size]
    return Finding("speed", f"{words}: trainings take {share}", "ok", advice)


def check_notebooks() -> Finding:
    """Look for JupyterLab and the widgets' part in it."""
    versions = [
        f"{name} {importlib.metadata.version(name)}"
        for name in ("jupyterlab", "ipywidgets", "anywidget")
    ]
    importlib.import_module("anywidget")
    return Finding("notebooks", ", ".join(versions))


def check_soundfont() -> Finding:
    """Look for the instruments that the synthesiser plays."""
    from deepcomposer_edu.music.soundfont import soundfont_path

    path = soundfont_path()
    return Finding("sound", f"{path.name}, {path.stat().st_size / 1e6:.1f} MB")


def check_encoders() -> Finding:
    """Look for the writers of MP3 and video."""
    import av

    wanted = {"MP3": "libmp3lame", "H.264": "libx264", "AAC": "aac"}
    lacking = [
        name for name, codec in wanted.items() if codec not in av.codecs_available
    ]
    if lacking:
        found = f"PyAV {av.__version__} cannot write {', '.join(lacking)}"
        return Finding("encoders", found, "missing", "pip install --force-reinstall av")
    return Finding("encoders", f"PyAV {av.__version__} writes {', '.join(wanted)}")


@contextmanager
def _without_c_messages() -> Iterator[None]:
    """Drop what libraries in C write to standard error by themselves, past Python."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a path
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def check_midi_ports() -> Finding:
    """Look for MIDI keyboards that the kernel can hear."""
    without = "the browser's MIDI and the on-screen keyboard work without"
    try:
        import mido

        with _without_c_messages():  # ALSA has a line of its own for no sound card
            names = mido.get_input_names()
    except ImportError:
        return Finding("MIDI ports", "no python-rtmidi", "optional", without)
    except (OSError, RuntimeError) as problem:  # no sound system on this machine
        reason = str(problem).splitlines()[0]
        return Finding("MIDI ports", f"not available ({reason})", "optional", without)
    if not names:
        return Finding(
            "MIDI ports",
            "no keyboard is connected",
            "optional",
            "plug one in, or play with the mouse or the computer keys",
        )
    return Finding("MIDI ports", ", ".join(names))


def check_browser() -> Finding:
    """Look for a browser to show the lessons in, and one that tests can drive."""
    for_tests = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        webbrowser.get()
    except webbrowser.Error:
        advice = "copy the link that `course.py lab` prints into any browser"
        return Finding("browser", "no default browser", "optional", advice)
    if for_tests is None:
        advice = "only for the project's own tests: install Chromium"
        return Finding("browser", "a default, none for tests", "optional", advice)
    return Finding("browser", f"a default, and {Path(for_tests).name} for tests")


def check_disk() -> Finding:
    """Look at the room for caches and training runs."""
    folder = cache_dir()
    free = shutil.disk_usage(folder).free / 1e9
    found = f"{free:.1f} GB free in {folder}"
    if free < CACHE_GIGABYTES:
        advice = "free some, or set DEEPCOMPOSER_CACHE to another folder"
        return Finding("cache", found, "missing", advice)
    return Finding("cache", found)


def check_data() -> Finding:
    """Compare every shipped data file with its hash in the manifest."""
    manifest = data_dir() / "manifest.json"
    rows = json.loads(manifest.read_text("utf-8"))
    damaged = []
    for row in rows:
        path = data_dir() / row["path"]
        if not path.is_file() or sha256_of(path) != row["sha256"]:
            damaged.append(row["path"])
    if damaged:
        return Finding(
            "data",
            f"{len(damaged)} of {len(rows)} files are missing or damaged: "
            + ", ".join(damaged[:3]),
            "missing",
            RESTORE,
        )
    return Finding("data", f"{len(rows)} files, every hash is right")


def check_weights() -> Finding:
    """Look for trained models and compare them with the hash in their config."""
    folder = data_dir() / "weights"
    good, damaged = [], []
    for card in sorted(folder.glob("*.json")):
        weights = card.with_suffix(".safetensors")
        expected = json.loads(card.read_text("utf-8"))["sha256"]
        is_good = weights.is_file() and sha256_of(weights) == expected
        (good if is_good else damaged).append(card.stem)
    if damaged:
        found = f"missing or damaged: {', '.join(damaged)}"
        return Finding("weights", found, "missing", RESTORE)
    if not good:
        return Finding("weights", f"none in {folder}", "missing", RESTORE)
    return Finding("weights", ", ".join(good))


def check_chorales() -> Finding:
    """Look for Bach's chorales, which training and lesson 08 use."""
    from deepcomposer_edu.corpora.chorales import load_chorales

    n_chorales = {split: len(load_chorales(split)) for split in ("train", "test")}
    return Finding(
        "chorales", "{train} to train on, {test} held out".format(**n_chorales)
    )


CHECKS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    ("torch", check_torch),
    ("speed", check_speed),
    ("notebooks", check_notebooks),
    ("sound", check_soundfont),
    ("encoders", check_encoders),
    ("MIDI ports", check_midi_ports),
    ("browser", check_browser),
    ("cache", check_disk),
    ("data", check_data),
    ("weights", check_weights),
    ("chorales", check_chorales),
)


def examine() -> Iterator[Finding]:
    """Yield what each check finds; a check that breaks down is a finding, too."""
    for name, check in CHECKS:
        try:
            yield check()
        except InputError as problem:
            yield Finding(name, str(problem), "missing")
        except ModuleNotFoundError as problem:
            yield Finding(name, f"{problem.name} is missing", "missing", REPAIR)
        except Exception as problem:  # a damaged package can raise anything
            found = f"does not work ({type(problem).__name__}: {problem})"
            yield Finding(name, found.splitlines()[0], "missing", REPAIR)


def main(arguments: list[str] | None = None) -> int:
    """Print the report; return 1 if something that the course needs is missing.

    With `--missing` course.py says that it has found something missing already.
    """
    given = sys.argv[1:] if arguments is None else arguments
    is_fine = "--missing" not in given
    for finding in examine():
        print(finding, flush=True)
        is_fine &= finding.verdict != "missing"
    print("Everything the course needs is there." if is_fine else "See -> above.")
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())

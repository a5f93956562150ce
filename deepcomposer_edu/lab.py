"""Opening the lessons: JupyterLab on top of the learner's own copies.

`python course.py lab` runs this module inside .venv. Only the standard library is
imported, and the course's own light parts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from deepcomposer_edu.course.copies import NOTES_NAME, place_paths, sync_lessons
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import course_root, work_dir

STUDIO_NAME = "studio.ipynb"
STUDIO_TEXT = (
    "# The studio\n\nClick into the grey box below and press Shift and Enter together. "
    "What you compose is kept in `my_music/studio`."
)
STUDIO_CODE = "from deepcomposer_edu.widgets import Studio\n\nstudio = Studio()\nstudio"
# JupyterLab's own questions to the outside world are switched off.
QUIET_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    # the paths through the course are pages to read
    "@jupyterlab/docmanager-extension:plugin": {
        "defaultViewers": {"markdown": "Markdown Preview"}
    },
}

# `python -m jupyterlab`, a second and a half of a processor sooner: jsonschema need not
# build its 38 parsers of international web addresses, of which no notebook has one.
START_LAB = (
    "import sys; sys.modules['rfc3987_syntax'] = None; "
    "from jupyterlab.labapp import main; sys.exit(main())"
)

# For every JupyterLab of the course: nothing to install, nothing asked outside.
LAB_OPTIONS = [
    "--LabApp.extension_manager=readonly",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=None",
    "--ServerApp.log_level=WARN",  # the link and what goes wrong, no more
]


def place_studio(work: Path) -> str:
    """Put the notebook that holds the studio into a folder; return its name.

    A notebook of that name which is there stays as it is.
    """
    target = work / STUDIO_NAME
    if not target.exists():
        code = {"execution_count": None, "outputs": []}
        cells = [
            {"cell_type": kind, "id": kind, "metadata": {}, "source": text, **more}
            for kind, text, more in (
                ("markdown", STUDIO_TEXT, {}),
                ("code", STUDIO_CODE, code),
            )
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        book = {
            "cells": cells,
            "metadata": {"kernelspec": kernel},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        with atomic_path(target) as part:
            part.write_text(json.dumps(book, indent=1) + "\n", encoding="utf-8")
    return STUDIO_NAME


def where_stopped() -> tuple[str, str]:
    """Return the lesson to go on with, as a notebook's name, and that in words."""
    from deepcomposer_edu.course.catalogue import find_lesson
    from deepcomposer_edu.course.progress import read_progress

    try:
        found = read_progress()
    except InputError as problem:  # the lessons open all the same
        return "", str(problem)
    return f"{find_lesson(found.where()[0]).name}.ipynb", found.where_words


def write_quiet_settings(prefix: Path) -> None:
    """Switch off JupyterLab's news and update questions for this environment.

    In an environment that somebody else looks after they stay as they are: nothing is
    asked outside then, either, see LAB_OPTIONS.
    """
    target = prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    text = json.dumps(QUIET_SETTINGS, indent=2) + "\n"
    if target.exists() and target.read_text("utf-8") == text:
        return
    with suppress(InputError), atomic_path(target) as part:
        part.write_text(text, encoding="utf-8")


def lab_command(
    work: Path, port: int | None, opens_browser: bool, page: str
) -> list[str]:
    """Return the command that starts JupyterLab for this computer only.

    Args:
        work: the folder it shows.
        port: on this computer; None takes 8888 or the next free one.
        opens_browser: whether a browser window is opened.
        page: what it shows first, such as "/lab".
    """
    command = [sys.executable, "-c", START_LAB]
    command += [
        f"--ServerApp.root_dir={work}",
        "--ServerApp.ip=127.0.0.1",
        f"--LabApp.default_url={page}",
        "--ServerApp.answer_yes=True",  # Ctrl+C stops it without a question
        *LAB_OPTIONS,
    ]
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not opens_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


def main(arguments: list[str] | None = None) -> int:
    """Copy the lessons, or the studio, and run JupyterLab until it is stopped."""
    root = course_root()
    parser = argparse.ArgumentParser(prog="python -m deepcomposer_edu.lab")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--port", type=int)
    parser.add_argument("--work", type=Path, default=work_dir())
    parser.add_argument("--studio", action="store_true")
    parser.add_argument("--resume", action="store_true")
    chosen = parser.parse_args(arguments)
    work = chosen.work.resolve()
    is_first_time = not (work / NOTES_NAME).exists()
    try:
        if chosen.studio:
            shown = place_studio(work)
        else:
            for sentence in sync_lessons(root / "lessons", work):
                print(f"-- {sentence}")
            place_paths(root / "docs" / "paths", work)
            first = next(iter(sorted(work.glob("*.ipynb"))), None)
            # Later starts show what was open the last time.
            shown = first.name if is_first_time and first else ""
            name, words = where_stopped()
            print(f"-- {words}")
            if chosen.resume and (work / name).is_file():
                shown = name
        write_quiet_settings(Path(sys.prefix))
    except InputError as problem:
        print(problem, file=sys.stderr)
        return 2
    page = f"/lab/tree/{shown}" if shown else "/lab"
    what = "the studio" if chosen.studio else "the lessons"
    print(f"-- Opening {what} in {work}. Press Ctrl+C here to stop.", flush=True)
    command = lab_command(work, chosen.port, not chosen.no_browser, page)
    if os.name == "posix":
        os.execv(command[0], command)  # one process, that every signal reaches
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # JupyterLab heard it too and is closing down


if __name__ == "__main__":
    sys.exit(main())

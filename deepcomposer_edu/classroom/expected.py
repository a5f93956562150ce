"""Running a teacher's copy, so that it shows what learners will see."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat

from deepcomposer_edu.errors import InputError

MAX_CELL_SECONDS = 600


def with_outputs(book: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Run a notebook in quick mode and return it with what its cells show.

    Widgets are left out: what is stored of one is of no use without its kernel.

    Args:
        book: the notebook; changed in place.
        folder: the folder in which it runs.

    Raises:
        InputError: if a cell fails.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    client = NotebookClient(
        book,
        timeout=MAX_CELL_SECONDS,
        kernel_name="python3",
        store_widget_state=False,
    )
    settings = {"COURSE_QUICK": "1", "DEEPCOMPOSER_PROGRESS": "off"}
    try:
        client.execute(cwd=str(folder), env=dict(os.environ, **settings))
    except (CellExecutionError, CellTimeoutError) as error:
        last = str(error).strip().splitlines()[-1]
        raise InputError(
            f"A lesson did not run to its end here ({last[:200]}); run "
            "`python course.py doctor`, or leave the expected outputs out."
        ) from error
    for cell in book.cells:
        cell.metadata.pop("execution", None)
    return book

"""A lesson's notebook as a file: run where its outputs are kept, written, compared."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat

METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"file_extension": ".py", "name": "python"},
}
CHECKED = "# NBVAL_CHECK_OUTPUT"
MAX_RUN_SECONDS = 300
ROOT = Path(__file__).resolve().parent.parent


def is_checked(cell: nbformat.NotebookNode) -> bool:
    """Return whether the cell's output is stored and compared."""
    return cell.cell_type == "code" and cell.source.startswith(CHECKED)


def run(book: nbformat.NotebookNode) -> None:
    """Run a notebook in quick mode; keep the outputs of checked cells only.

    Raises:
        nbclient.exceptions.CellExecutionError: if a cell fails.
    """
    from nbclient import NotebookClient

    env = dict(os.environ, COURSE_QUICK="1")
    client = NotebookClient(
        book,
        timeout=MAX_RUN_SECONDS,
        kernel_name="python3",
        store_widget_state=False,
        coalesce_streams=True,  # else the parts in which a text came would be kept
    )
    client.execute(cwd=str(ROOT), env=env)
    code_cells = [cell for cell in book.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code_cells, start=1):
        cell.metadata.pop("execution", None)
        cell.outputs = cell.outputs if is_checked(cell) else []
        # nbval takes a cell with outputs and no number for one that was not run
        cell.execution_count = number if cell.outputs else None
        for output in cell.outputs:
            if "execution_count" in output:
                output["execution_count"] = number


def text_of(book: nbformat.NotebookNode) -> str:
    """Return the bytes that are written, as text: keys sorted, newline at the end."""
    book.metadata = nbformat.from_dict(METADATA)
    nbformat.validate(book)
    return nbformat.writes(book, indent=1, sort_keys=True) + "\n"


def without_outputs(book: nbformat.NotebookNode) -> str:
    """Return a notebook's text with no outputs, to compare."""
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    return text_of(book)


def kept_outputs(book: nbformat.NotebookNode, path: Path) -> bool:
    """Take over the outputs of the notebook on the disk, if its code is the same.

    Returns:
        Whether it could be done. If only words changed, nothing has to be run.
    """
    if not path.is_file():
        return False
    old = [c for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
    new = [cell for cell in book.cells if cell.cell_type == "code"]
    if [cell.source for cell in old] != [cell.source for cell in new]:
        return False
    if any(is_checked(cell) and not cell.outputs for cell in old):
        return False
    for before, cell in zip(old, new, strict=True):
        cell.outputs, cell.execution_count = before.outputs, before.execution_count
    return True

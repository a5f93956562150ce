"""Which of music21's scores are the chorales: their splits, repeats and titles."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.paths import data_dir

SPLITS = ("train", "valid", "test", "extra")
# A row of the map whose music agrees in fewer voice-steps than this is another piece.
MIN_AGREEMENT = 0.75
_COLUMNS = {"aligned_agreement", "music21_path", "split", "variant"}


def split_map() -> dict[str, tuple[str, bool]]:
    """Return which split each score belongs to and whether its repeats are played.

    The canonical split lists 229 / 76 / 77 pieces without naming them; the map was
    found by aligning the notes. A row that fits badly is dropped. Where two rows point
    to one score the better fit decides, and of equal ones the split that is held out,
    so that no score stands on both sides.

    Returns:
        For each path inside music21's corpus: (split, has_repeats).

    Raises:
        InputError: if the map is missing or damaged.
    """
    held_out = ("test", "valid", "train")
    best: dict[str, tuple[float, int, bool]] = {}
    for row in map_rows():
        agreement = float(row["aligned_agreement"])
        if agreement < MIN_AGREEMENT:
            continue
        rank = -held_out.index(row["split"])
        entry = (agreement, rank, row["variant"].startswith("gridrep"))
        path = row["music21_path"].replace(".krn", ".mxl")  # the same score, twice
        best[path] = max(best.get(path, (0.0, 0, False)), entry)
    return {path: (held_out[-rank], reps) for path, (_, rank, reps) in best.items()}


def map_rows() -> list[dict[str, str]]:
    """Return the rows of `jsb_split.csv`: a piece of the benchmark and its score each.

    Raises:
        InputError: if the file is missing or damaged.
    """
    path = data_dir() / "corpora" / "jsb_split.csv"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        if not rows or not _COLUMNS.issubset(rows[0]):
            raise ValueError("columns are missing")
    except (OSError, ValueError, csv.Error) as error:
        raise _unreadable("map of the split", path, error) from error
    return rows


def bwv_of(source: str) -> str:
    """Return the BWV number in a file name of the corpus.

    >>> bwv_of("bach/bwv248.23-2.mxl")
    '248.23-2'
    """
    return Path(source).name.removeprefix("bwv").rsplit(".", 1)[0]


def chorale_titles() -> dict[str, str]:
    """Return German titles by BWV number: music21's lists, and ours for the rest.

    Raises:
        InputError: if our list is missing or damaged.
    """
    from music21.corpus.chorales import ChoraleList, ChoraleListRKBWV

    path = data_dir() / "corpora" / "chorale_titles.json"
    try:
        ours = dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable("list of titles", path, error) from error
    titles = {str(n): row["title"] for n, row in ChoraleList().byBWV.items()}
    listed = ChoraleListRKBWV().byRiemenschneider.values()
    return ours | titles | {str(row["bwv"]): row["title"] for row in listed}


def _unreadable(what: str, path: Path, error: Exception) -> InputError:
    return InputError(
        f"The {what} of the chorales, {path}, cannot be read ({error!r}); install the "
        "course again with `python course.py setup`."
    )

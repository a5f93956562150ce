"""The key of a judging: which code is whose entry, with the machine's reports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.judging import KEY, KEY_FORMAT, KEY_VERSION
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import strict_json

MAX_KEY_BYTES = 64 << 20


def read_key(path: str | Path) -> dict:
    """Return what `challenge judge` wrote to key.json.

    Raises:
        InputError: if it cannot be read, or is something else.
    """
    path = Path(path)
    path = path / KEY if path.is_dir() else path
    try:
        if path.stat().st_size > MAX_KEY_BYTES:
            raise ValueError("too large")
        data = strict_json(path.read_bytes())
        right = data["format"] == KEY_FORMAT and data["format_version"] == KEY_VERSION
        for row in data["entries"]:
            Card.from_dict(row["card"])
            right = right and isinstance(row["code"], str)
            right = right and isinstance(row["file"], str) and _is_whole(row["report"])
        if not (right and data["entries"] and isinstance(data["contest"], str)):
            raise ValueError("another format")
    except OSError as error:
        raise InputError(
            f"{path} could not be read ({error.strerror}); give the folder that "
            "`deepcomposer challenge judge` wrote."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            f"{path} is no key of a judging; give the folder that `deepcomposer "
            "challenge judge` wrote."
        ) from None
    return data


def _is_whole(report: Mapping) -> bool:
    """Return whether a machine's report has the parts that results are made of."""
    criteria, worst = report.get("criteria") or [], report.get("worst") or {}
    points = [c["points"] for c in criteria] + [report.get("bonus") or 0.0]
    return (
        all(isinstance(c["name"], str) and c.get("title") for c in criteria)
        and all(isinstance(x, int | float) and -1e3 < x < 1e3 for x in points)
        and isinstance(worst.get("faults") or [], list)
    )

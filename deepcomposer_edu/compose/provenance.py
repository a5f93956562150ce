"""How a composition came to be, as JSON that needs nothing else to make it again.

The melody's own notes and every number that mattered are written down, and for a chain
of compositions the parents' whole provenance too. What is read back is checked piece by
piece, since files get damaged and may come from anywhere.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import deepcomposer_edu
from deepcomposer_edu.compose.chain import MAX_PARENTS, damaged, steps_of
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import strict_json
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import (
    DamagedError,
    field,
    score_from_dict,
    score_to_dict,
)

FORMAT = "deepcomposer-edu composition"
FORMAT_VERSION = 1
MAX_BYTES = 64 << 20  # of a provenance file
GIVEN_KINDS = ("tune", "file", "score")  # what the first composition was made from


def recorded_score(data: object) -> Score:
    """Return a score that a provenance holds.

    Raises:
        InputError: if anything in it is missing or impossible.
    """
    try:
        return score_from_dict(data)
    except DamagedError as error:
        raise damaged(error.what) from None


def notes_digest(score: Score) -> str:
    """Return the SHA-256 of everything in a score, 64 hexadecimal digits."""
    text = json.dumps(score_to_dict(score), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def versions(with_torch: bool) -> dict[str, str]:
    """Return the versions that may change the notes; torch only where it was used."""
    found = {
        "deepcomposer_edu": deepcomposer_edu.__version__,
        "python": platform.python_version(),
        "numpy": metadata.version("numpy"),
        "platform": f"{platform.system()} {platform.machine()}",
    }
    if with_torch and "torch" in sys.modules:
        found["torch"] = str(sys.modules["torch"].__version__)
    return found


def to_json(provenance: Mapping) -> str:
    """Return provenance as JSON text: readable, but a note on one line."""
    lines = []
    for key, value in provenance.items():
        if key in ("parents", "result", "edits"):
            text = json.dumps(value, ensure_ascii=False)
        else:
            text = json.dumps(value, ensure_ascii=False, indent=2)
            text = text.replace("\n", "\n  ")
        lines.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_provenance(path: str | Path) -> dict:
    """Return the provenance in a composition.json, with its outline checked.

    Raises:
        InputError: if it cannot be read, or is not provenance that this version knows.
    """
    path = Path(path)
    try:
        if path.is_dir():
            path = path / "composition.json"
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                f"{path} has {path.stat().st_size / 2**20:,.0f} MB, but a "
                f"composition.json has at most {MAX_BYTES >> 20}; choose another file."
            )
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(
            f"{path} does not exist; give the composition.json that compose wrote."
        ) from None
    except OSError as error:
        raise InputError(
            f"{path} could not be read ({error.strerror}); give the composition.json "
            "that compose wrote."
        ) from None
    except UnicodeDecodeError:
        raise InputError(
            f"{path} is not text; give the composition.json that compose wrote."
        ) from None
    try:
        data = strict_json(text)
        check_outline(data)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    except ValueError:
        raise InputError(
            f"{path} is empty or damaged: it is not JSON; give the composition.json "
            "that compose wrote."
        ) from None
    return data


def check_outline(data: object) -> None:
    """Raise an InputError unless `data` has the parts of a composition's provenance.

    Values of technique, genre, seed and parameters are checked by `compose` itself.
    """
    whole = data
    for _ in range(MAX_PARENTS):
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise InputError(
                "This is not the provenance of a composition; give the "
                "composition.json that compose wrote."
            )
        version = data.get("format_version")
        if version != FORMAT_VERSION:
            raise InputError(
                f"The provenance has format version {str(version)[:20]}, but this "
                f"program reads version {FORMAT_VERSION}; update the course."
            )
        for name, kind in (
            ("technique", str),
            ("genre", str),
            ("parameters", dict),
            ("seed", int),
            ("instruments", list),
            ("versions", dict),
            ("input_notes", list),
        ):
            _get(data, name, kind)
        if not all(isinstance(text, str) for text in data["input_notes"]):
            raise damaged("'input_notes' are not sentences")
        _get(_get(data, "result", dict), "sha256", str)
        if data.get("weights") is not None:
            weights = _get(data, "weights", dict)
            _get(weights, "name", str)
            _get(weights, "sha256", str)
        if data.get("raw") is not None:
            _get(_get(data, "raw", dict), "weights", dict)
        if data.get("arrangement") is not None:
            _get(data, "arrangement", dict)
        if data.get("materials") is not None:
            for source in _get(data, "materials", dict).values():
                _check_source(source)
        parents = _get(data, "parents", list)
        if len(parents) != 1:
            raise damaged("it needs one parent")
        _check_source(parents[0])
        if parents[0]["kind"] != "composition":
            steps_of(whole)  # refuses too many
            return
        data = parents[0]["composition"]
    raise damaged(f"the chain of compositions is longer than {MAX_PARENTS}")


def _check_source(source: object) -> None:
    """Raise an InputError unless a source is a composition or holds a score."""
    kind = _get(source, "kind", str)
    if kind == "composition":
        _get(source, "composition", dict)
    elif kind in GIVEN_KINDS:
        recorded_score(_get(source, "score", dict))
    else:
        raise damaged(f"it was made from something of the kind {kind[:20]!r}")


def _get(data: object, name: str, kind: type | tuple[type, ...]) -> object:
    """Return `data[name]` if it is there and of the right kind."""
    try:
        return field(data, name, kind)
    except DamagedError as error:
        raise damaged(error.what) from None

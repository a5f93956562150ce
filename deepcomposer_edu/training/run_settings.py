"""What a run folder says of its training: `config.json` and `reference.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path, parsed_json

CONFIG, REFERENCE = "config.json", "reference.json"
# What damaged settings make of those who read them; an InputError is a ValueError
_DAMAGE = (OSError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError)


def write_settings(
    run: Path, settings: Mapping[str, object], reference: Mapping[str, float]
) -> None:
    """Write both files of a new run folder, the settings last.

    Args:
        run: the run folder.
        settings: of network and training, ready for JSON.
        reference: the data's own values of metrics, by name.
    """
    for name, content in ((REFERENCE, reference), (CONFIG, settings)):
        with atomic_path(run / name, lasting=True) as temporary:
            text = json.dumps(dict(content), indent=1) + "\n"
            temporary.write_text(text, encoding="utf-8")


@contextmanager
def saved_settings(run: Path) -> Iterator[dict[str, object]]:
    """Yield what a run's `config.json` says; nobody has checked it.

    Yields:
        The settings. Where something in them is missing or makes no sense to whoever
        reads them in this block, that becomes one sentence.

    Raises:
        InputError: if the folder holds no run, or its settings are damaged.
    """
    path = run / CONFIG
    try:
        yield parsed_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(
            f"The folder {run} holds no run to resume; start one without resuming."
        ) from error
    except _DAMAGE as error:
        reason = str(error).rstrip(".")
        raise InputError(
            f"The settings {path} of the run cannot be read ({reason}); start a new "
            "run."
        ) from error

"""Results as files, which may come from anybody: read with care."""

from __future__ import annotations

import math
from pathlib import Path

from deepcomposer_edu.compose.blind.result import (
    FORMAT,
    FORMAT_VERSION,
    MAX_PLAYER,
    Answer,
    Result,
)
from deepcomposer_edu.compose.blind.rounds import N_ROUNDS
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import strict_json

MAX_BYTES = 1 << 20
MAX_TEXT = 200  # letters of a title or a name
MAX_ENTRIES = 64  # judges or features of a round


def read_result(path: str | Path) -> Result:
    """Return the result in a file.

    Nothing in it is believed: sizes, types and lengths are checked, signs that could
    steer a terminal are taken out, and unknown entries are ignored.

    Raises:
        InputError: if the file cannot be read or is no such result; the sentence says
            what is wrong with it.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _DamagedError(
                f"it has {path.stat().st_size:,} bytes, which no result has"
            )
        return _result(strict_json(path.read_bytes()))
    except OSError as error:
        raise InputError(
            f"{path} could not be read: {error.strerror}; check the path."
        ) from None
    except ValueError:
        why = "it is no JSON"
    except _DamagedError as error:
        why = str(error)
    raise InputError(
        f"{path} is no result of Bach or bot: {why}; leave it out, or save the result "
        "again."
    )


class _DamagedError(Exception):
    """What is wrong with a file, as half a sentence."""


def _result(content: object) -> Result:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _DamagedError(f'its format is not "{FORMAT}"')
    if content.get("format_version") != FORMAT_VERSION:
        raise _DamagedError("it is of another version of this course")
    rounds, names = content.get("rounds"), content.get("names")
    if not isinstance(rounds, list) or not 1 <= len(rounds) <= N_ROUNDS[1]:
        raise _DamagedError(f"it does not hold 1 to {N_ROUNDS[1]} rounds")
    if not isinstance(names, list) or len(names) != 2:
        raise _DamagedError("it does not say what person and machine are called")
    first, second = (_text(name, "a name") for name in names)
    return Result(
        tuple(_answer(one, number + 1) for number, one in enumerate(rounds)),
        (first, second),
        _text(content.get("test"), "its test"),
        _text(content.get("about", ""), "what was compared"),
        _text(content.get("player", ""), "the player")[:MAX_PLAYER],
        _text(content.get("id"), "its id"),
    )


def _answer(content: object, number: int) -> Answer:
    where = f"round {number}"
    if not isinstance(content, dict):
        raise _DamagedError(f"{where} is no object")
    is_real, said = content.get("real"), content.get("said")
    if not isinstance(is_real, bool):
        raise _DamagedError(f"{where} does not say whether it was real")
    if said is not None and not isinstance(said, bool):
        raise _DamagedError(f"the answer of {where} is neither true nor false nor null")
    says = _entries(content.get("says", {}), where)
    heard = _entries(content.get("heard", {}), where)
    if not all(isinstance(value, bool) for value in says.values()):
        raise _DamagedError(f"a judge of {where} says neither true nor false")
    numbers = {name: _number(value, where) for name, value in heard.items()}
    title = _text(content.get("title", ""), f"the title of {where}")
    return Answer(is_real, said, title, says, numbers)


def _entries(content: object, where: str) -> dict[str, object]:
    if not isinstance(content, dict) or len(content) > MAX_ENTRIES:
        raise _DamagedError(f"{where} holds a list of values that it should not")
    return {_text(name, f"a name of {where}"): value for name, value in content.items()}


def _number(value: object, where: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not abs(value) < 1e9 or not math.isfinite(value):
        raise _DamagedError(f"a feature of {where} is no ordinary number")
    return float(value)


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise _DamagedError(f"{what} is no text of at most {MAX_TEXT} letters")
    return "".join(sign for sign in value if sign.isprintable()).strip()

"""What a browser is given of a test: sounds, and what they are, sealed."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict

from deepcomposer_edu.compose.blind.published import PUBLISHED
from deepcomposer_edu.compose.blind.rounds import NAMES, BlindTest
from deepcomposer_edu.errors import InputError

VERDICTS = ("each", "end")


def deck_of(test: BlindTest, verdicts: str = "each") -> dict[str, object]:
    """Return what the widget and the page show of a test, as plain data.

    What each round is stands in one sealed text. The seal keeps an eye from reading the
    answers by accident, not a listener from breaking it: whoever looks for the answers
    in the page finds them.

    Args:
        test: the rounds; their sounds are made now, if they are not there yet.
        verdicts: "each" tells after every round what it was, "end" at the end.
    """
    rounds = [
        {
            "real": r.is_real,
            "title": r.title,
            "made_by": r.made_by,
            "says": dict(r.says),
            "heard": {name: round(value, 4) for name, value in r.heard.items()},
        }
        for r in test.rounds
    ]
    known = PUBLISHED if test.names == NAMES else ()
    return {
        "clips": [base64.b64encode(clip).decode() for clip in test.clips],
        "sealed": seal({"rounds": rounds}),
        "seconds": test.seconds,
        "names": list(test.names),
        "about": test.about,
        "published": [asdict(figure) for figure in known],
        "verdicts": checked_verdicts(verdicts),
        "test_digest": test.digest,
    }


def seal(content: object) -> str:
    """Return a value as text that does not show what it says; `unseal` in JavaScript.

    >>> seal([True])[:4]
    'cgbJ'
    """
    plain = json.dumps(content, ensure_ascii=False).encode()
    hidden = bytes(byte ^ (73 * i + 41 & 255) for i, byte in enumerate(plain))
    return base64.b64encode(hidden).decode()


def checked_verdicts(verdicts: str) -> str:
    """Return when verdicts are told, or raise an InputError."""
    if verdicts not in VERDICTS:
        raise InputError(
            f"The verdicts are to come {str(verdicts)[:40]!r}, but they come after "
            '"each" round or at the "end".'
        )
    return verdicts

"""What the failure clinic shows of a case, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.widgets.heard_curves import curve_of

if TYPE_CHECKING:
    from deepcomposer_edu.training.failures import Case, Failure


def choices_of(failure: Failure, number: int) -> list[dict[str, str]]:
    """Return the causes to choose from, in an order that does not tell the answer."""
    from deepcomposer_edu.training.findings import CAUSES

    names = sorted(failure.choices)
    turn = number % len(names)
    turned = [*names[turn:], *names[:turn]]
    return [{"name": name, "words": CAUSES[name].words} for name in turned]


def view_of(case: Case | None) -> dict[str, object]:
    """Return a case's music, curves and findings; empty if there is none."""
    from deepcomposer_edu.training.findings import FINDINGS, value_words

    if case is None:
        return {}
    findings = [
        {
            "name": name,
            "label": FINDINGS[name].label,
            "note": FINDINGS[name].note,
            "words": value_words(name, value).replace("-", "−"),
            "data": value_words(name, case.reference[name])
            if name in case.reference
            else "",
        }
        for name, value in case.findings.items()
    ]
    music = score_to_dict(case.score())
    return {
        "music": music,
        "rows": case.rows,
        "curve": curve_of(case.rows),
        "findings": findings,
    }

"""Judges' marks and the machine's points become results.

100 points: four criteria with 10 from the machine and 10 from the judges each, and 20
for emotional resonance, which no machine has a say in. Up to 10 more for the brief.
Before judges' marks are averaged, a lenient or strict judge is evened out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.judging import MIN_JUDGES
from deepcomposer_edu.challenge.judging_key import read_key
from deepcomposer_edu.challenge.scores import (
    KEYS,
    QUESTIONS,
    Scores,
    declared,
    read_scores,
    score_files,
)
from deepcomposer_edu.challenge.standing import Results, Standing
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import sha256_of
from deepcomposer_edu.music.ratings import (
    adjusted_intervals,
    adjusted_means,
    agreement,
    is_connected,
    kendall_w,
    leniency,
)

WEIGHTS = {question.key: question.weight for question in QUESTIONS}
BONUS = "brief"  # outside of the 100 points
LOW, HIGH = 1.0, 5.0  # marks
BARELY_HEARD = 0.5  # of an entry; less is told


def results_of(
    key: Mapping, given: Iterable[Scores], cleared: Iterable[str] = ()
) -> Results:
    """Return the results of a judging.

    An entry is ranked if at least three judges scored it, and nobody put a flag on it
    that has not been cleared. Equal totals (to a tenth) are ordered by emotional
    resonance; what is equal then shares its rank.

    Args:
        key: what `read_key` returned.
        given: the scores of each judge.
        cleared: codes of entries whose flags were looked into, and found groundless.

    Raises:
        InputError: if a cleared code does not exist.
    """
    given, notes = list(given), []
    codes = [row["code"] for row in key["entries"]]
    cleared = _known(cleared, codes)
    tables = _tables(given, codes)
    totals = sum(WEIGHTS[k] * tables[k] for k in KEYS)
    known = ~np.isnan(totals)
    judges, entries = np.flatnonzero(known.any(1)), np.flatnonzero(known.any(0))
    human, low, high, lenient, agreed, kendall = _evened(
        tables, totals, judges, entries
    )
    notes += _cautions(
        [given[j] for j in judges], totals[np.ix_(judges, entries)], codes, known
    )
    made = []
    for place, row in enumerate(key["entries"]):
        said = [
            (s.judge, s.entries[row["code"]]) for s in given if row["code"] in s.entries
        ]
        made.append(
            _standing(row, said, human.get(place), low.get(place), high.get(place))
        )
    return Results(
        contest=key["contest"],
        standings=_ranked(made, cleared),
        judges=tuple(given[j].judge for j in judges),
        lenient=tuple(lenient),
        agreed=agreed,
        kendall=kendall,
        notes=tuple(notes),
    )


def read_results(
    judging: str | Path, files: Iterable[str | Path], cleared: Iterable[str] = ()
) -> Results:
    """Return the results from a judging's folder and files of scores.

    A file that cannot be used is left out with a sentence. Of a judge who saved several
    times, the file that scores most counts.

    Args:
        judging: the folder with key.json.
        files: what judges saved, or folders of it.
        cleared: codes whose flags are groundless.

    Raises:
        InputError: if there are no scores at all, or no key.
    """
    key, skipped = read_key(judging), []
    by_judge: dict[str, Scores] = {}
    seen: set[str] = set()
    for path in score_files(files):
        try:
            digest, scores = sha256_of(path), read_scores(path)
            if scores.contest != key["contest"]:
                raise InputError(f"{path.name[:80]} belongs to another judging.")
        except InputError as error:
            skipped.append(str(error))
            continue
        if digest in seen:
            continue
        seen.add(digest)
        name = scores.judge.casefold()
        earlier = by_judge.get(name)
        if earlier is not None:
            skipped.append(
                f"There are several files by {scores.judge}; the one that scores most "
                "counts."
            )
        if earlier is None or scores.n_scored > earlier.n_scored:
            by_judge[name] = scores
    if not by_judge:
        first = f" {skipped[0]}" if skipped else ""
        raise InputError(
            "None of the files holds scores of this judging; give what judges saved."
            f"{first}"
        )
    found = results_of(key, [by_judge[name] for name in sorted(by_judge)], cleared)
    return replace(found, skipped=tuple(dict.fromkeys(skipped)))


def _known(cleared: Iterable[str], codes: list[str]) -> set[str]:
    cleared = set(cleared)
    for code in sorted(cleared - set(codes)):
        raise InputError(
            f"There is no entry {code[:20]!r} to clear; there are {', '.join(codes)}."
        )
    return cleared


def _tables(given: list[Scores], codes: list[str]) -> dict[str, np.ndarray]:
    """Return the marks for each key, shape (J, E), nan where there is none."""
    tables = {k: np.full((len(given), len(codes)), np.nan) for k in KEYS}
    for j, scores in enumerate(given):
        for e, code in enumerate(codes):
            said = scores.entries.get(code)
            for k, mark in (said.marks if said else {}).items():
                tables[k][j, e] = mark
    return tables


def _evened(tables, totals, judges, entries):
    """Return points, intervals, leniencies and agreement of what was scored."""
    if not len(judges):
        return {}, {}, {}, (), {}, float("nan")
    part = np.ix_(judges, entries)
    human: dict[int, dict[str, float]] = {int(e): {} for e in entries}
    for k in KEYS:
        means = np.clip(adjusted_means(tables[k][part]), LOW, HIGH)
        for e, mean in zip(entries, means, strict=True):
            human[int(e)][k] = float(WEIGHTS[k] * mean)
    ends = adjusted_intervals(totals[part])
    low, high = (
        {int(e): float(v) for e, v in zip(entries, end, strict=True)} for end in ends
    )
    agreed = {k: agreement(tables[k][part]) for k in KEYS}
    agreed["total"] = agreement(totals[part])
    lenient = (leniency(totals[part]) / sum(WEIGHTS.values())).tolist()
    return human, low, high, lenient, agreed, kendall_w(totals[part])


def _cautions(given, totals, codes, known) -> list[str]:
    """Return a sentence for each thing that limits what the results are worth."""
    notes = []
    few = [code for code, n in zip(codes, known.sum(0), strict=True) if n < MIN_JUDGES]
    if few:
        notes.append(
            f"{', '.join(few[:10])}{' and more' if len(few) > 10 else ''}: fewer than "
            f"{MIN_JUDGES} judges, so not ranked."
        )
    if totals.size and not is_connected(totals):
        notes.append(
            "Some judges scored nothing in common with others, not even over a third: "
            "who of them is lenient cannot be told, so ranks between their entries "
            "mean little."
        )
    for number, scores in enumerate(given, 1):
        barely = [
            code
            for code, said in scores.entries.items()
            if said.marks and said.heard < BARELY_HEARD
        ]
        if barely:
            notes.append(
                f"Judge {number} heard less than half of {', '.join(barely[:5])}"
                f"{' and more' if len(barely) > 5 else ''}."
            )
    return notes


def _standing(row, said, human, low, high) -> Standing:
    """Return an entry with what it reached, not ranked yet."""
    report = row["report"]
    auto = {c["name"]: float(c["points"]) for c in report.get("criteria") or []}
    card = Card.from_dict(row["card"])
    scored = tuple(one for _, one in said if one.marks)
    flags = tuple(
        f"{name}: {', '.join(one.flags)}{f' ({one.why})' if one.why else ''}"
        for name, one in said
        if one.flags
    )
    felt: dict[str, int] = {}
    for one in scored:
        for word in one.felt:
            felt[word] = felt.get(word, 0) + 1
    meant = declared(card.intent)
    found = Standing(row["code"], row["file"], card, report, auto, flags=flags)
    if human is None:
        return found
    machine, bonus = sum(auto.values()), float(report.get("bonus") or 0.0)
    weight = sum(WEIGHTS.values())
    return replace(
        found,
        human=human,
        marks={k: [one.marks[k] for one in scored] for k in KEYS},
        total=machine + sum(points for k, points in human.items() if k != BONUS),
        bonus=bonus + human[BONUS],
        low=machine + bonus + max(low, LOW * weight),
        high=machine + bonus + min(high, HIGH * weight),
        said=scored,
        felt=felt,
        n_agree=sum(bool({*one.felt} & {*meant}) for one in scored) if meant else None,
    )


def _ranked(made: list[Standing], cleared: set[str]) -> tuple[Standing, ...]:
    """Return the standings with their ranks, the first one first."""

    def order(one: Standing) -> tuple[float, float]:
        return -round(one.points, 1), -round(one.human["emotion"], 1)

    may = [
        one
        for one in made
        if one.n_judges >= MIN_JUDGES and (not one.flags or one.code in cleared)
    ]
    may.sort(key=lambda one: (*order(one), one.code))
    ranked = [
        replace(one, rank=1 + [order(o) for o in may].index(order(one))) for one in may
    ]
    return (*ranked, *(one for one in made if one not in may))

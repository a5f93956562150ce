"""Results as pages: a leaderboard for everybody, a sheet of feedback for each entry."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from html import escape
from pathlib import Path

from deepcomposer_edu.challenge import PAGES
from deepcomposer_edu.challenge.feedback_page import feedback_page
from deepcomposer_edu.challenge.points_bar import COLOURS, points_bar, why_not_ranked
from deepcomposer_edu.challenge.scores import QUESTIONS
from deepcomposer_edu.challenge.standing import Results, Standing
from deepcomposer_edu.compose.export.html_page import page_text, plain_data
from deepcomposer_edu.compose.export.staging import staged

TRUSTED, TENTATIVE = 0.8, 0.667  # Krippendorff's own limits for alpha


def write_results(results: Results, folder: str | Path) -> dict[str, Path]:
    """Write leaderboard, feedback sheets and all numbers into a folder.

    Args:
        results: of a judging.
        folder: it is made if it is missing.

    Returns:
        "leaderboard" (index.html), "data" (results.json, with the judges' names: not
        to be published), and each entry's code with its sheet.

    Raises:
        InputError: if something cannot be written.
    """
    folder = Path(folder)
    pages = {f"feedback-{one.code}.html": one for one in results.standings}
    names = ["index.html", "results.json", *pages]
    with staged(folder, names) as stage:
        _write(stage / "index.html", leaderboard_page(results))
        text = json.dumps(plain_data(asdict(results)), ensure_ascii=False, indent=1)
        _write(stage / "results.json", text + "\n")
        for name, one in pages.items():
            _write(stage / name, feedback_page(results, one))
    found = {"leaderboard": folder / "index.html", "data": folder / "results.json"}
    return found | {one.code: folder / name for name, one in pages.items()}


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def leaderboard_page(results: Results) -> str:
    """Return the leaderboard as an HTML page that needs nothing else."""
    ranked = results.ranked
    others = [one for one in results.standings if one.rank is None]
    rows = "".join(_row(one) for one in ranked)
    waiting = "".join(f"<li>{_who(one)}: {why_not_ranked(one)}</li>" for one in others)
    notes = "".join(f"<li>{escape(note)}</li>" for note in _notes(results))
    body = f"""<header><h1>One minute to space: results</h1>
<p class="faint">{len(results.standings)} entries, {len(results.judges)} judges.</p>
</header>
<main>
{COLOURS if ranked else ""}
<ol class="standings">{rows}</ol>
{"" if ranked else "<p>No entry can be ranked yet.</p>"}
{f"<h2>Not ranked</h2><ul>{waiting}</ul>" if waiting else ""}
<h2>How much this is worth</h2>
<ul>{notes}</ul>
{_agreement_table(results)}
<h2>How it was counted</h2>
<p>100 points: for originality, rhythm, accompaniment and cleanliness 10 from a machine,
which compares with real chorales, and 10 from the judges each; 20 from the judges for
emotional resonance, in which no machine has a say. Up to 10 more for the brief, which
asks for Baroque and space. Judges heard the entries without names, equally loud, each
in an order of their own. Before marks were averaged, what a judge gives more or less
than the others was taken away. Equal points are ordered by emotional resonance.</p>
</main>"""
    return page_text(
        "One minute to space: results", body, ("results.css",), folder=PAGES
    )


def _who(one: Standing) -> str:
    names = ", ".join(one.card.composers)
    team = f" ({escape(one.card.team)})" if one.card.team else ""
    title = escape(one.card.title or "Untitled")
    return f"<strong>{title}</strong> by {escape(names or 'nobody named')}{team}"


def _row(one: Standing) -> str:
    spread = ""
    if not math.isnan(one.low):
        spread = f"<small>{one.low:.0f} to {one.high:.0f}</small>"
    return (
        f'<li class="standing"><span class="place">{one.rank}</span>'
        f"<span>{_who(one)}</span>"
        f'<span class="points">{one.points:.1f}{spread}</span>{points_bar(one)}</li>'
    )


def _notes(results: Results) -> list[str]:
    """Return what limits the results, in sentences."""
    alpha, notes = results.agreed.get("total", float("nan")), []
    if math.isnan(alpha):
        notes.append(
            "How well the judges agree cannot be told: too few scored the same entries."
        )
    else:
        verdict = (
            "they agree well"
            if alpha >= TRUSTED
            else "they agree so far that careful conclusions can be drawn"
            if alpha >= TENTATIVE
            else "they disagree a good deal, so read little into single places"
        )
        notes.append(
            f"Krippendorff's alpha of the judges' points is {alpha:.2f}, where 1 is "
            f"perfect and 0 is chance: {verdict} (from {TRUSTED} on results are "
            f"trusted, from {TENTATIVE} with care)."
        )
    if not math.isnan(results.kendall):
        notes.append(
            f"How alike they order the entries, lenient or not: Kendall's W is "
            f"{results.kendall:.2f}, from 0 to 1."
        )
    together = [
        f"{a.rank} and {b.rank}"
        for a, b in zip(results.ranked, results.ranked[1:], strict=False)
        if not b.high < a.low
    ]
    if together:
        notes.append(
            f"Places that these judges do not tell apart: {'; '.join(together[:10])}."
        )
    return [*notes, *results.notes]


def _agreement_table(results: Results) -> str:
    """Return agreement by criterion and leniency by judge, as tables."""
    rows = "".join(
        f'<tr><th scope="row">{escape(q.title)}</th>'
        f'<td class="number">{_number(results.agreed.get(q.key))}</td></tr>'
        for q in QUESTIONS
    )
    judges = "".join(
        f'<tr><th scope="row">Judge {n}</th><td class="number">{value:+.2f}</td></tr>'
        for n, value in enumerate(results.lenient, 1)
    )
    if not judges:
        return ""
    return (
        '<div class="scroll"><table><thead><tr><th scope="col">criterion</th>'
        '<th scope="col" class="number">alpha</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        '<div class="scroll"><table><thead><tr><th scope="col">judge</th>'
        '<th scope="col" class="number">leniency, in marks (taken away)</th></tr>'
        f"</thead><tbody>{judges}</tbody></table></div>"
    )


def _number(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.2f}"

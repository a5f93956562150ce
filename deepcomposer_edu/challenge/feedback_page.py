"""The sheet of feedback that the composers of an entry get."""

from __future__ import annotations

import math
from html import escape

from deepcomposer_edu.challenge import PAGES
from deepcomposer_edu.challenge.points_bar import COLOURS, points_bar, why_not_ranked
from deepcomposer_edu.challenge.scores import QUESTIONS
from deepcomposer_edu.challenge.standing import Results, Standing
from deepcomposer_edu.compose.export.html_page import page_text


def feedback_page(results: Results, one: Standing) -> str:
    """Return the sheet of feedback of an entry, for its composers."""
    title = one.card.title or "Untitled"
    place = f"Place {one.rank} of {len(results.ranked)}" if one.rank else "Not ranked"
    points = ""
    if one.said:
        low = (
            "" if math.isnan(one.low) else f", probably {one.low:.0f} to {one.high:.0f}"
        )
        points = f"{one.total:.1f} of 100, and {one.bonus:.1f} of 10 for the brief{low}"
    comments = "".join(
        f"<blockquote><p>{escape(said.comment)}</p></blockquote>"
        for said in one.said
        if said.comment
    )
    felt = ", ".join(f"{word} ({n})" for word, n in sorted(one.felt.items()))
    body = f"""<header><h1>{escape(title)}</h1>
<p>{escape(", ".join(one.card.composers))}</p>
<p><span class="place">{place}</span> &nbsp; {points}</p>
{points_bar(one) + COLOURS if one.said else f"<p>{why_not_ranked(one)}.</p>"}
</header>
<main>
<h2>Criterion by criterion</h2>
{_criteria_table(one)}
<h2>What it did to its judges</h2>
<p>You meant: {escape(one.card.intent or "nothing said")}. They felt: {
        felt or "no word of the list"
    }.{_agreed_words(one)}</p>
{f"<h2>Comments</h2>{comments}" if comments else "<p>Nobody left a comment.</p>"}
{_machine_words(one.report)}
</main>"""
    return page_text(f"Feedback: {title}", body, ("results.css",), folder=PAGES)


def _criteria_table(one: Standing) -> str:
    rows = []
    for q in QUESTIONS:
        auto = f"{one.auto[q.key]:.1f} of 10" if q.key in one.auto else "–"
        if q.key == "brief":
            auto = f"{float(one.report.get('bonus') or 0):.1f} of 5"
        human = f"{one.human[q.key]:.1f} of {5 * q.weight:g}" if one.human else "–"
        marks = ", ".join(map(str, sorted(one.marks.get(q.key, []))))
        rows.append(
            f'<tr><th scope="row">{escape(q.title)}</th><td class="number">{auto}</td>'
            f'<td class="number">{human}</td><td class="number">{marks}</td></tr>'
        )
    heads = "".join(
        f'<th scope="col"{" class=number" if i else ""}>{head}</th>'
        for i, head in enumerate(("criterion", "machine", "judges", "marks given"))
    )
    return (
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>'
        f"{''.join(rows)}</tbody></table></div><p class='faint small'>"
        "The judges' points are evened out for lenient and strict judges; the marks "
        "are as given.</p>"
    )


def _agreed_words(one: Standing) -> str:
    if one.n_agree is None or not one.said:
        return ""
    return f" {one.n_agree} of {one.n_judges} felt what you meant."


def _machine_words(report: object) -> str:
    """Return what the machine would mend, from the check's own sentences."""
    criteria = [
        f"<li><strong>{escape(str(c.get('title')))}</strong>: "
        f"{escape(str(c.get('sentence')))}</li>"
        for c in report.get("criteria") or []
    ]
    worst = report.get("worst")
    found = "<h2>What a machine would mend</h2>"
    found += f"<ul>{''.join(criteria)}</ul>" if criteria else "<p>Nothing.</p>"
    if worst:
        faults = "".join(
            f"<li>{escape(str(f))}</li>" for f in worst.get("faults") or []
        )
        found += f"<p>{escape(str(worst.get('sentence')))}</p><ul>{faults}</ul>"
    return found

"""The report of a check as one page: gates, points, and the piece bar by bar."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path

from deepcomposer_edu.challenge import PAGES
from deepcomposer_edu.challenge.report import MOST, CheckReport, Criterion, Gate, Part
from deepcomposer_edu.challenge.roll_picture import bar_times, roll_svg
from deepcomposer_edu.compose.arranging.record import arrangement_of, voices_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.export.html_page import page_text
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.limits import read_bytes

STATES = {True: ("passed", "✓"), False: ("shut", "✗"), None: ("not looked at", "–")}
MAX_MP3 = 10_000_000


def check_page(
    report: CheckReport,
    composition: Composition | None = None,
    sound: str | Path | None = None,
) -> str:
    """Return a report as an HTML page that needs nothing else.

    Args:
        report: what a check found.
        composition: the piece, for a picture of it with the worst bar marked.
        sound: its MP3 file, so that every bar can be heard; None: the course's own
            synth plays it.

    Raises:
        InputError: if the sound cannot be read.
    """
    picture, data = "", None
    if composition is not None:
        picture = _picture(report, composition)
        data = {
            "sound": _sound(composition, sound),
            "bars": bar_times(composition.score),
            "worst": None if report.worst is None else report.worst.bar,
        }
    body = f"""<header><p class="faint">One minute to space: what a machine says</p>
<h1>{escape(report.title)}</h1>
{_verdict(report)}
</header>
<main>
{picture}
<h2>Gates</h2>
<p class="faint">What an entry must have before anybody judges it.</p>
<ul class="gates">{"".join(_gate(gate) for gate in report.gates)}</ul>
{_points(report)}
{_notes(report)}
</main>"""
    script = "check.js" if data else None
    title = f"Check: {report.title}"
    return page_text(title, body, ("check.css",), script, data, folder=PAGES)


def _verdict(report: CheckReport) -> str:
    n_shut = len(report.shut)
    gates = (
        "Every gate that was looked at is open."
        if report.passed
        else f"{n_shut} gate{'s are' if n_shut > 1 else ' is'} shut."
    )
    points = ""
    if report.criteria:
        points = (
            f" The machine gives <strong>{report.points:.1f}</strong> of 40 points, "
            f"and {report.bonus:.1f} of 5 for the brief."
        )
    return f'<p class="verdict">{gates}{points}</p>'


def _gate(gate: Gate) -> str:
    words, sign = STATES[gate.passed]
    kind = words.split()[0]
    mend = f'<br><span class="mend">{escape(gate.mend)}</span>' if gate.mend else ""
    return (
        f'<li class="{kind}"><span class="sign" aria-hidden="true">{sign}</span>'
        f"<div><strong>{escape(gate.name)}</strong> "
        f'<span class="faint">({words})</span><br>{escape(gate.sentence)}{mend}</div>'
        "</li>"
    )


def _points(report: CheckReport) -> str:
    if not report.criteria:
        return ""
    rows = "".join(_criterion(criterion) for criterion in report.criteria)
    return f"""<h2>Points: {report.points:.1f} of {MOST * len(report.criteria):.0f}</h2>
<p class="faint">Each number is compared with real chorales: as good, or as usual, as
the middle one earns all ten points, beyond every one none. Machines give no points for
emotional resonance, and judges give as many as this machine for each of the four.</p>
{rows}
<h3>For the brief: {report.bonus:.1f} of 5</h3>
<p>More like Bach's ways than {report.grade:.0f} of 100 real chorales. Whether it is
space, too, only judges can say.</p>"""


def _criterion(criterion: Criterion) -> str:
    name, _, words = criterion.title.partition(": ")
    rows = "".join(_part(part) for part in criterion.parts)
    return f"""<section class="card">
<h3>{escape(name)} <span class="faint">{escape(words)}</span></h3>
{_bar(criterion.points, f"{name}: {criterion.points:.1f} of 10")}
<details><summary>{len(criterion.parts)} numbers</summary>
<ul class="parts">{rows}</ul></details>
</section>"""


def _part(part: Part) -> str:
    low = " low" if part.points < MOST / 2 else ""
    return (
        f'<li><span class="points{low}">{part.points:.1f}</span> '
        f"{escape(part.sentence)}</li>"
    )


def _bar(points: float, words: str) -> str:
    """Return points of ten as a bar with its number."""
    return (
        f'<div class="tenths"><svg viewBox="0 0 100 6" preserveAspectRatio="none" '
        f'role="img" aria-label="{escape(words)}"><rect class="track" width="100" '
        f'height="6"/><rect class="fill" width="{10 * points:.1f}" height="6"/></svg>'
        f"<strong>{points:.1f}</strong></div>"
    )


def _picture(report: CheckReport, composition: Composition) -> str:
    """Return the piece as a roll with its worst bar, and buttons to hear it."""
    worst = report.worst
    try:
        sections = arrangement_of(composition).sections
    except InputError:
        sections = ()
    svg = roll_svg(voices_of(composition), sections, worst, report.curves)
    told = ""
    play_worst = ""
    if worst is not None:
        faults = "".join(f"<li>{escape(fault)}</li>" for fault in worst.faults)
        told = (
            f'<p class="note"><strong>{escape(worst.sentence)}</strong></p>'
            f"<ul>{faults}</ul>"
        )
        words = f"Hear bar {worst.bar}"
        play_worst = f'<button class="main" id="worst" type="button">{words}</button>'
    return f"""<h2>Bar by bar</h2>
{told}
<div class="row no-print">{play_worst}
<button id="whole" type="button">Hear all of it</button>
<button id="stop" type="button">Stop</button>
<label for="bar">Bar
<input id="bar" type="number" inputmode="numeric" value="1"></label>
<button id="hear" type="button">Hear this bar</button>
<span id="said" role="status" class="faint"></span></div>
<div class="scroll" tabindex="0" role="group" aria-label="Picture of the notes">
{svg}</div>
<p class="small faint">Notes of four voices; the marked bar is the worst. Below: how
loud each bar is, and its tension (dissonant pairs of voices). Press on a bar to hear
it.</p>"""


def _notes(report: CheckReport) -> str:
    rows = [*report.notes]
    if report.novelty is not None:
        rows.append(report.novelty.sentence)
    if not rows:
        return ""
    return f"<h2>Also</h2><ul>{''.join(f'<li>{escape(row)}</li>' for row in rows)}</ul>"


def _sound(composition: Composition, path: str | Path | None) -> str:
    """Return the piece's sound as an address that holds it."""
    if path is not None:
        data = read_bytes(Path(path))
    else:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            written = composition.save(folder, parts=["mp3"])
            data = written["mp3"].read_bytes()
    if len(data) > MAX_MP3:
        raise InputError(
            f"The sound has {len(data) / 1e6:.0f} MB, but a minute of MP3 has one or "
            "two; give the MP3 of the entry."
        )
    return f"data:audio/mpeg;base64,{base64.b64encode(data).decode()}"

"""A certificate of what one computer saw, to print and hang up."""

from __future__ import annotations

from datetime import date, datetime
from html import escape

from deepcomposer_edu.course.catalogue import N_QUESTIONS
from deepcomposer_edu.course.page_look import html_page
from deepcomposer_edu.course.progress import Progress
from deepcomposer_edu.course.progress_page import day_of
from deepcomposer_edu.errors import InputError

MAX_NAME = 60  # characters
# The Ode to Joy's first eight notes: places on the staff, in half gaps above its lowest
# line, E4.
_TUNE = (7, 7, 8, 9, 9, 8, 7, 6)
LOOK = """
@page { size: A4 landscape; margin: 12mm; }
main { max-width: 1000px; margin: 24px auto; padding: 0 12px; }
article { border: 2px solid var(--done); outline: 1px solid var(--done);
  outline-offset: 5px; background: var(--card); padding: 36px 28px 26px;
  text-align: center; font-family: Georgia, "Times New Roman", serif; }
h1 { font-size: 40px; font-weight: normal; letter-spacing: 3px; margin: 6px 0 12px; }
.name { font-size: 34px; font-style: italic; margin: 4px auto 8px; max-width: 26em;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
p { margin: 8px auto; max-width: 44em; }
ul { columns: 2 260px; text-align: left; max-width: 54em; margin: 18px auto; padding: 0;
  list-style: none; font-family: system-ui, sans-serif; font-size: 14px; }
li { break-inside: avoid; padding: 2px 0; }
.date { white-space: nowrap; }
li small { color: var(--faint); font-size: 13px; display: block; }
.small { font: 13px/1.45 system-ui, sans-serif; color: var(--faint);
  margin-top: 20px; }
svg { max-width: 100%; height: auto; }
@media print { main { margin: 8px; } article { padding: 20px; } }
"""


def certificate_page(progress: Progress, name: str, now: datetime | None = None) -> str:
    """Return a certificate as an HTML page that needs nothing else.

    Args:
        progress: of `read_progress`.
        name: who it is for.
        now: when it is made; None: now.

    Raises:
        InputError: if there is no name, or nothing was passed yet.
    """
    name = "".join(c if c.isprintable() else " " for c in name).strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise InputError(
            f"The name on the certificate has {len(name)} characters, but 1 to "
            f"{MAX_NAME} fit; give another with --name."
        )
    of_lessons = progress.lessons()
    counted = [one for one in of_lessons if one.passed or one.n_right]
    if not any(one.passed for one in of_lessons):
        raise InputError(
            "No exercise was passed on this computer yet, so there is nothing to "
            "certify; begin with lesson 01 and run a check."
        )
    now = now or datetime.now().astimezone()
    n_passed = sum(len(one.passed) for one in of_lessons)
    n_tasks = sum(len(one.lesson.tasks) for one in of_lessons)
    n_done = sum(one.is_done for one in of_lessons)
    days = sorted(day_of(row.at) for row in progress.records if row.state == "passed")
    deed = (
        "has worked through the whole course"
        if n_done == len(of_lessons)
        else "has taken part in the course"
    )
    items = "".join(
        f"<li>{one.lesson.number} {escape(one.lesson.title)} <small>"
        f"{_done_words(len(one.passed), len(one.lesson.tasks), one.n_right)}"
        "</small></li>"
        for one in counted
    )
    body = (
        f"<article>{_staff()}<h1>Certificate</h1>"
        f'<p class="name">{escape(name)}</p><p>{deed} <b>DeepComposer EDU: generative '
        f"AI by making music</b>, and has solved {n_passed} of its {n_tasks} exercises "
        f"in code, {_dates(days[0], days[-1])}.</p><ul>{items}</ul>"
        f'<p class="small">Made on {now:%Y-%m-%d} from the results that one computer '
        "wrote down. The exercises were judged by the course's own checks, without "
        "anybody watching: it says what was done there, and is no exam.</p></article>"
    )
    return html_page(f"Certificate for {name}", LOOK, body)


def _dates(first: date, last: date) -> str:
    """Return the days of the first and the last exercise."""
    first, last = (f'<span class="date">{day}</span>' for day in (first, last))
    return f"on {first}" if first == last else f"between {first} and {last}"


def _done_words(n_passed: int, n_tasks: int, n_right: int) -> str:
    tasks = f"{n_passed} of {n_tasks} exercises" if n_tasks else "no exercises"
    return f"{tasks}, {n_right} of {N_QUESTIONS} questions"


def _staff() -> str:
    """Return the beginning of a tune on five lines, as an ornament."""
    gap, left, step = 12, 20, 40
    lines = "".join(
        f'<line x1="0" x2="360" y1="{20 + gap * i}" y2="{20 + gap * i}" '
        'stroke="var(--line)" stroke-width="1.2"/>'
        for i in range(5)
    )
    notes = ""
    for i, place in enumerate(_TUNE):
        x, y = left + step * i + 20, 20 + gap * 4 - place * gap / 2
        notes += (
            f'<ellipse cx="{x}" cy="{y}" rx="7" ry="5.2" fill="var(--done)" '
            f'transform="rotate(-18 {x} {y})"/><line x1="{x - 6.4}" x2="{x - 6.4}" '
            f'y1="{y}" y2="{y + 36}" stroke="var(--done)" stroke-width="1.6"/>'
        )
    return (
        '<svg viewBox="0 0 360 84" width="360" role="img" aria-label="The first notes '
        f'of the Ode to Joy on a staff">{lines}{notes}</svg>'
    )

"""The dashboard: who is stuck where, as one page that needs nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from html import escape

from deepcomposer_edu.classroom.class_progress import ClassProgress, Hurdle, Learner
from deepcomposer_edu.course.catalogue import lessons
from deepcomposer_edu.course.page_look import html_page
from deepcomposer_edu.course.progress import LessonProgress

MOST_HURDLES, MOST_NAMES = 12, 12
WORDS = {
    "stuck": "may need help",
    "quiet": "quiet",
    "working": "working",
    "done": "done with everything",
    "new": "not begun",
    "away": "not here today",
}
RULE = (
    "May need help: three refused answers or two hints at an exercise that is not "
    "passed. Quiet: nothing for 15 minutes. Not here today: nothing for eight hours. "
    "Reading and listening leave no trace, so ask before you conclude."
)
LOOK = """
main { max-width: 1280px; margin: 0 auto; padding: 20px 16px 48px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0; }
h2 { font-size: 19px; margin: 28px 0 8px; }
.lead, .rule { color: var(--faint); margin: 2px 0 16px; max-width: 46rem; }
.tiles { display: flex; flex-wrap: wrap; gap: 8px; margin: 0; padding: 0;
  list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); padding: 6px 12px;
  border-radius: 8px; }
.tiles b { font-size: 22px; }
.help { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr));
  gap: 10px; margin: 0; padding: 0; list-style: none; }
.help li { background: var(--tried); color: var(--on-tried); border-radius: 8px;
  padding: 10px 14px; border-left: 5px solid var(--accent); }
.help b { font-size: 18px; overflow-wrap: anywhere; }
.help p { margin: 2px 0 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); }
table { border-collapse: collapse; font-size: 14px; width: 100%; }
th, td { text-align: left; padding: 5px 10px; vertical-align: top;
  border-bottom: 1px solid var(--line); }
tbody th { font-weight: 600; min-width: 8rem; max-width: 15rem;
  overflow-wrap: anywhere; }
td.cell { white-space: nowrap; text-align: center; min-width: 46px; }
td.all { background: var(--done); color: var(--on-done); }
td.some { box-shadow: inset 0 -3px var(--done); }
td.here { outline: 2px solid var(--accent); outline-offset: -2px; }
td.said { overflow-wrap: anywhere; min-width: 18rem; }
td.who { overflow-wrap: anywhere; min-width: 9rem; }
td.last { white-space: nowrap; }
tr.stuck th { border-left: 5px solid var(--accent); }
footer { color: var(--faint); font-size: 14px; margin-top: 24px; }
"""


def dashboard_page(found: ClassProgress, now: datetime, every: int = 0) -> str:
    """Return the page as HTML; nothing in a file can be more than text on it.

    Args:
        found: of `read_class`.
        now: when it is made.
        every: seconds after which the browser reads the page again; 0: never.
    """
    states = {one.file: one.state(now) for one in found.learners}
    stuck = [one for one in found.learners if states[one.file] == "stuck"]
    again = f" It is made anew every {every} seconds." if every else ""
    parts = [
        "<h1>Who is stuck where</h1>",
        f'<p class="lead">As of {now.astimezone():%H:%M:%S, %Y-%m-%d}.{again}</p>',
        _tiles(states),
        _help(stuck, now),
        _hurdles(found.hurdles()),
        _grid(found.learners, states, now),
        _problems(found.problems),
        f'<footer><p class="rule">{RULE}</p></footer>',
    ]
    page = html_page("Who is stuck where", LOOK, "\n".join(filter(None, parts)))
    if every:
        tag = f'<meta http-equiv="refresh" content="{every:d}">\n<title>'
        page = page.replace("<title>", tag, 1)
    return page


def _tiles(states: dict[str, str]) -> str:
    """Return how many are in which state."""
    counts = Counter(states.values())
    items = "".join(
        f"<li><b>{counts[state]}</b> {words}</li>"
        for state, words in WORDS.items()
        if counts[state]
    )
    return f'<ul class="tiles"><li><b>{len(states)}</b> in the class</li>{items}</ul>'


def ago(moment: datetime | None, now: datetime) -> str:
    """Return how long ago something was, in words.

    A learner's clock may be ahead of the teacher's: that counts as now.
    """
    if moment is None:
        return "never"
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    days = minutes // (24 * 60)
    return f"{days} day ago" if days == 1 else f"{days} days ago"


def _help(stuck: list[Learner], now: datetime) -> str:
    """Return a card for each learner who may need help, the longest silent first."""
    if not stuck:
        return "<h2>May need help</h2><p>Nobody, as far as these files say.</p>"
    cards = ""
    for one in sorted(stuck, key=lambda learner: learner.last):
        n_refused, n_hints = one.trouble()
        cards += (
            f"<li><b>{escape(one.name)}</b> at exercise {escape(one.item())}"
            f"<p>refused {n_refused} times, hints {n_hints}; {ago(one.last, now)}</p>"
            f"<p>{escape(one.sentence())}</p></li>"
        )
    return f'<h2>May need help</h2><ul class="help">{cards}</ul>'


def _hurdles(found: list[Hurdle]) -> str:
    """Return the exercises that hold learners up."""
    if not found:
        return ""
    titles = {task.number: task.title for one in lessons() for task in one.tasks}
    rows = ""
    for one in found[:MOST_HURDLES]:
        names = ", ".join(one.names[:MOST_NAMES])
        more = len(one.names) - MOST_NAMES
        said = "<br>".join(f"{n} × {escape(text)}" for text, n in one.sentences)
        rows += (
            f'<tr><th scope="row">{one.number} {escape(titles.get(one.number, ""))}'
            f"</th><td>{len(one.names)}</td><td>{one.n_passed}</td>"
            f'<td class="who">{escape(names)}'
            f"{f' and {more} more' if more > 0 else ''}</td>"
            f'<td class="said">{said}</td></tr>'
        )
    heads = _heads("Exercise", "Held up", "Passed", "Who", "What the check said")
    left_out = len(found) - MOST_HURDLES
    words = f"The worst {MOST_HURDLES}; {left_out} more." if left_out > 0 else ""
    return _table("Exercises that hold the class up", heads, rows, words)


def _grid(learners: tuple[Learner, ...], states: dict[str, str], now: datetime) -> str:
    """Return learners by lessons: exercises passed of all, and questions right."""
    if not learners:
        return "<h2>Everybody</h2><p>No progress file is in the folder yet.</p>"
    numbers = [one.number for one in lessons()]
    doubled = {n for n, k in Counter(one.name for one in learners).items() if k > 1}
    rows = ""
    for one in learners:
        state = states[one.file]
        here = one.here.lesson.number if one.here else ""
        cells = "".join(
            _cell(part, part.lesson.number == here) for part in one.progress.lessons()
        )
        name = f"{one.name} ({one.file})" if one.name in doubled else one.name
        rows += (
            f'<tr class="{state}"><th scope="row">{escape(name)}</th>'
            f'<td>{WORDS[state]}</td><td class="last">{ago(one.last, now)}</td>'
            f"{cells}</tr>"
        )
    words = (
        "Exercises passed of all, and after the dot questions of the quiz answered "
        "right. The frame is where a learner is."
    )
    heads = _heads("Learner", "State", "Last", *numbers)
    return _table("Everybody", heads, rows, words)


def _cell(part: LessonProgress, is_here: bool) -> str:
    """Return one lesson of one learner."""
    n_tasks = len(part.lesson.tasks)
    kind = "all" if part.is_begun and part.is_done else "some" if part.is_begun else ""
    text = f"{len(part.passed)}/{n_tasks}" if n_tasks else "–"
    text += f" · {part.n_right}" if part.answers else ""
    classes = " ".join(filter(None, ("cell", kind, "here" if is_here else "")))
    return f'<td class="{classes}">{text if part.is_begun else ""}</td>'


def _problems(problems: tuple[str, ...]) -> str:
    """Return what is wrong with files that are not shown."""
    if not problems:
        return ""
    items = "".join(f"<li>{escape(text)}</li>" for text in problems)
    return f"<h2>Files that are not shown</h2><ul>{items}</ul>"


def _heads(*names: str) -> str:
    """Return a row of column heads."""
    return "".join(f'<th scope="col">{name}</th>' for name in names)


def _table(title: str, heads: str, rows: str, words: str = "") -> str:
    """Return a table under its title that scrolls by itself where it is too wide."""
    return (
        f"<h2>{title}</h2>{f'<p>{words}</p>' if words else ''}"
        f'<div class="scroll" role="region" aria-label="{title}" tabindex="0">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )

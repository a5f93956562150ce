"""What a learner has done, as one page to look at or to print."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from html import escape

from deepcomposer_edu.course.catalogue import N_QUESTIONS, Task
from deepcomposer_edu.course.page_look import html_page
from deepcomposer_edu.course.progress import LessonProgress, Progress

MAX_BARS = 42  # days in the diagram; longer stretches are drawn in weeks
_BAR, _GAP, _HEIGHT = 14, 4, 90  # pixels
LOOK = """
main { max-width: 900px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 0; }
h2 small { font-weight: normal; color: var(--faint); font-size: 14px; }
.lead { color: var(--faint); margin: 0 0 20px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
  gap: 12px; margin: 0 0 20px; padding: 0; list-style: none; }
.tiles li, section { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: 12px 14px; }
.tiles b { display: block; font-size: 28px; line-height: 1.2; }
.tiles span { color: var(--faint); font-size: 14px; }
.next { border-left: 5px solid var(--accent); padding: 8px 14px; margin: 0 0 20px;
  background: var(--card); }
section { margin: 0 0 12px; break-inside: avoid; }
.chips { display: flex; flex-wrap: wrap; gap: 6px; margin: 10px 0 4px; padding: 0;
  list-style: none; }
.chips li { border: 1px solid var(--faint); border-radius: 6px; padding: 1px 9px;
  font-size: 14px; }
.chips .passed { background: var(--done); color: var(--on-done);
  border-color: var(--done); }
.chips .tried { background: var(--tried); color: var(--on-tried); }
.facts { margin: 4px 0 0; color: var(--faint); font-size: 14px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; margin-top: 8px; }
th, td { text-align: left; padding: 3px 14px 3px 0; vertical-align: top; }
thead th { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; font-size: 14px; margin-top: 6px; }
svg { max-width: 100%; height: auto; display: block; }
footer { color: var(--faint); font-size: 14px; margin-top: 24px; }
@media print { details > summary { display: none; } main { padding: 0; } }
"""


def progress_page(progress: Progress, now: datetime | None = None) -> str:
    """Return what was done as an HTML page that needs nothing else.

    Args:
        progress: of `read_progress`.
        now: when the page is made; None: now.
    """
    of_lessons = progress.lessons()
    now = now or datetime.now().astimezone()
    who = f": {escape(progress.name)}" if progress.name else ""
    begun = [one for one in of_lessons if one.is_begun]
    later = [one.lesson for one in of_lessons if not one.is_begun]
    waiting = ", ".join(f"{one.number} {one.title}" for one in later)
    parts = [
        f"<h1>The way so far{who}</h1>",
        '<p class="lead">DeepComposer EDU: generative AI by making music</p>',
        _tiles(progress, of_lessons),
        f'<p class="next">{escape(progress.where_words)}</p>',
        _days(progress),
        *(_lesson(one) for one in begun),
        f"<section><h2>Not begun yet</h2><p class='facts'>{escape(waiting)}</p>"
        "</section>"
        if later
        else "",
        _footer(progress, now),
    ]
    return html_page("The way so far", LOOK, "\n".join(filter(None, parts)))


def _tiles(progress: Progress, of_lessons: tuple[LessonProgress, ...]) -> str:
    n_tasks = sum(len(one.lesson.tasks) for one in of_lessons)
    tiles = (
        (sum(len(one.passed) for one in of_lessons), f"of {n_tasks} exercises passed"),
        (
            sum(one.n_right for one in of_lessons),
            f"of {N_QUESTIONS * len(of_lessons)} questions answered right",
        ),
        (
            sum(one.is_done for one in of_lessons),
            f"of {len(of_lessons)} lessons with all of both",
        ),
        (len({day_of(row.at) for row in progress.records}), "days with the course"),
    )
    items = "".join(f"<li><b>{n}</b><span>{words}</span></li>" for n, words in tiles)
    return f'<ul class="tiles">{items}</ul>'


def day_of(moment: datetime) -> date:
    """Return the day of a moment where this computer is."""
    return moment.astimezone().date()


def _days(progress: Progress) -> str:
    """Return a diagram of the exercises passed, day by day or week by week."""
    first_passes: dict[str, date] = {}
    for row in progress.records:
        if row.state == "passed":
            first_passes.setdefault(row.item, day_of(row.at))
    if not first_passes:
        return ""
    days = [day_of(row.at) for row in progress.records]
    first, last = min(days), max(days)
    step = 1 if (last - first).days < MAX_BARS else 7
    counts = Counter((day - first).days // step for day in first_passes.values())
    n_bars = min((last - first).days // step + 1, 10 * MAX_BARS)
    most = max(counts.values())
    bars = ""
    for i in range(n_bars):
        height = round(_HEIGHT * counts[i] / most)
        x, begin = i * (_BAR + _GAP), first + timedelta(days=i * step)
        bars += (
            f'<rect x="{x}" y="{_HEIGHT - height}" width="{_BAR}" height="{height}" '
            f'fill="var(--done)"><title>{begin}: {counts[i]}</title></rect>'
        )
    width = max(n_bars * (_BAR + _GAP), 330)
    unit = "day" if step == 1 else "week"
    words = f"Exercises passed by {unit}, from {first} to {last}; most in one: {most}"
    axis = f'<line x1="0" y1="{_HEIGHT}" x2="{width}" y2="{_HEIGHT}"'
    return (
        f"<section><h2>Exercises passed, {unit} by {unit}</h2>"
        f'<svg role="img" aria-label="{words}" viewBox="0 0 {width} {_HEIGHT + 22}" '
        f'width="{width}">{bars}{axis} stroke="var(--line)"/>'
        f'<text x="0" y="{_HEIGHT + 16}" font-size="12" fill="var(--faint)">{first} '
        f"to {last}; the longest bar is {most} in a {unit}</text></svg></section>"
    )


def _lesson(one: LessonProgress) -> str:
    lesson = one.lesson
    chips = "".join(_chip(one, task) for task in lesson.tasks)
    chips = f'<ul class="chips">{chips}</ul>' if chips else ""
    facts = [f"quiz: {one.n_right} of {N_QUESTIONS} right"]
    facts += [f"tries in all: {one.n_tries}"] if one.n_tries else []
    facts += [f"hints asked for: {one.n_hints}"] if one.n_hints else []
    first, last = day_of(one.first), day_of(one.last)
    facts += [f"{first}" if first == last else f"{first} to {last}"]
    return (
        f"<section><h2>{lesson.number} {escape(lesson.title)} "
        f"<small>{lesson.minutes} minutes</small></h2>{chips}"
        f'<p class="facts">{" · ".join(facts)}</p>{_table(one)}</section>'
    )


def state_of(one: LessonProgress, task: Task) -> str:
    """Return "passed", "tried" or "open": how an exercise stands."""
    if task.number in one.passed:
        return "passed"
    return "tried" if one.tries(task.number) else "open"


def _chip(one: LessonProgress, task: Task) -> str:
    state = state_of(one, task)
    sign = {"passed": " ✓", "tried": " …", "open": ""}[state]
    words = f"{task.title}: {state}"
    return (
        f'<li class="{state}" title="{escape(words, quote=True)}">{task.number}{sign}'
        "</li>"
    )


def _table(one: LessonProgress) -> str:
    """Return each exercise that was tried, in a fold."""
    rows = ""
    for task in one.lesson.tasks:
        n_tries = one.tries(task.number)
        passes = [
            r.at for r in one.records if r.item == task.number and r.state == "passed"
        ]
        when = f"{day_of(passes[0])}" if passes else "not yet"
        if n_tries:
            rows += (
                f'<tr><th scope="row">{task.number}</th><td>{escape(task.title)}</td>'
                f"<td>{n_tries}</td><td>{when}</td></tr>"
            )
    if not rows:
        return ""
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Exercise", "What it asks", "Tries", "Passed")
    )
    return (
        '<details><summary>Exercise by exercise</summary><div class="scroll">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        "</details>"
    )


def _footer(progress: Progress, now: datetime) -> str:
    damaged = (
        f" Lines of the file that could not be read: {progress.n_damaged}."
        if progress.n_damaged
        else ""
    )
    return (
        f"<footer>Made on {now:%Y-%m-%d} from what one computer wrote down in its own "
        "file, which never left it unless somebody copied it: which answers its checks "
        f"passed, and when. It is no exam.{damaged}</footer>"
    )

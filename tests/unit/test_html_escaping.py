"""What comes from a file or a person is text on every page, whatever it holds.

Each page is made twice, once with a harmless word and once with a hostile one wherever
a file or a person can put a text. Both must have the same elements and attributes.
"""

import ast
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from challenge_entries import card, report

from deepcomposer_edu.challenge.check_page import check_page
from deepcomposer_edu.challenge.feedback_page import feedback_page
from deepcomposer_edu.challenge.judging import Judging
from deepcomposer_edu.challenge.report import Gate, Part, Worst
from deepcomposer_edu.challenge.results import results_of
from deepcomposer_edu.challenge.results_page import leaderboard_page
from deepcomposer_edu.challenge.roll_picture import roll_svg
from deepcomposer_edu.challenge.scores import KEYS, Said, Scores
from deepcomposer_edu.classroom.chorale import ClassChorale, Verse
from deepcomposer_edu.classroom.chorale_page import chorale_page
from deepcomposer_edu.classroom.class_progress import read_class
from deepcomposer_edu.classroom.dashboard import dashboard_page
from deepcomposer_edu.classroom.seats import Seat
from deepcomposer_edu.classroom.singers import Singer
from deepcomposer_edu.classroom.slips import slips_page
from deepcomposer_edu.compose.blind.board import board_page
from deepcomposer_edu.compose.blind.page import blind_page
from deepcomposer_edu.compose.blind.pooling import Pooled
from deepcomposer_edu.compose.blind.result import Answer, Result
from deepcomposer_edu.compose.blind.rounds import BlindTest, Round
from deepcomposer_edu.compose.export import gallery
from deepcomposer_edu.compose.export.html_page import page_text
from deepcomposer_edu.course.certificate import certificate_page
from deepcomposer_edu.course.explaining import Explanation, Glossary
from deepcomposer_edu.course.judging import FaultHeard
from deepcomposer_edu.course.listening import Player
from deepcomposer_edu.course.progress import parse_progress
from deepcomposer_edu.course.progress_page import progress_page
from deepcomposer_edu.course.showing import Picture
from deepcomposer_edu.course.terms import Term
from deepcomposer_edu.course.verdict import Verdict
from deepcomposer_edu.course.watching import Film
from deepcomposer_edu.models import choir
from deepcomposer_edu.models.voice_net import LEARNED
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Note, Score, Track

ROOT = Path(__file__).resolve().parent.parent.parent
TAME = "tame"
HOSTILE = (
    "</script></style></title><script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "' onmouseover='alert(1)' x='<!--",
)
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def named(text):
    """A score that says it everywhere."""
    notes = tuple(Note(4 * i, 60 + i, 4) for i in range(4))
    return Score((Track(notes, text),), title=text)


def progress_lines(text):
    """A learner's file that has it in every field."""
    row = {"at": "2026-03-01T09:00:00Z", "lesson": "01", "note": text, "version": 1}
    rows = [
        {"kind": "learner", "name": text, "version": 1},
        row | {"kind": "lesson", "item": "", "state": "opened"},
        *[row | {"kind": "check", "item": "1.2", "state": "refused"}] * 3,
        row | {"kind": "check", "item": "1.1", "state": "passed"},
        row | {"kind": "check", "item": text, "state": "passed"},
    ]
    return "".join(json.dumps(one) + "\n" for one in rows)


def spoiled_report(text):
    """A machine's report that says it wherever it says anything."""
    said = report(title=text)
    part = Part("intervals", 0.5, 1.0, (0.1, 0.2, 0.3), text)
    criteria = tuple(
        replace(one, title=text, sentence=text, parts=(part,)) for one in said.criteria
    )
    worst = Worst(2, 16, 32, 2.0, 4.0, (text,), text)
    gates = tuple(Gate(text, is_open, text, text) for is_open in (True, False))
    return replace(said, gates=gates, criteria=criteria, worst=worst, notes=(text,))


def results(text):
    entries = [
        {
            "code": code,
            "file": text,
            "card": card(title=text[:80], composers=(text[:60],)).to_dict(),
            "report": spoiled_report(text).to_dict(),
        }
        for code in ("E01", "E02")
    ]
    key = {"entries": entries, "contest": "c", "skipped": [text], "seed": 0}
    judges = []
    for judge in range(3):
        one = Said(dict.fromkeys(KEYS, 4), heard=1.0, comment=text)
        flags = ("copied",) if judge == 2 else ()
        two = Said(dict.fromkeys(KEYS, 2 + judge % 2), (), text, flags, text, 1.0)
        judges.append(Scores(f"{text} {judge}", "c", {"E01": one, "E02": two}))
    return results_of(key, judges)


def sheets(text, folder):
    found = results(text)
    return "".join(feedback_page(found, one) for one in found.standings)


def dashboard(text, folder):
    (folder / "a.jsonl").write_text(progress_lines(text), "utf-8")
    (folder / "b.jsonl").write_text(text, "utf-8")
    return dashboard_page(read_class(folder), NOW)


def chorale(text, folder):
    everybody = [Singer(text, voice, None) for voice in LEARNED]
    cast, grid = np.array([[0, 0], [1, 1], [2, 2]]), Grid(np.full((4, 32), 60))
    verse = Verse(cast, grid, grid, (choir.Round(3, 2, 1), choir.Round(3, 3, 0)))
    edges = np.array([0, 16, 32])
    made = ClassChorale(
        text, tuple(everybody), (verse,), edges, named(text), problems=(text,)
    )
    return chorale_page(made)


def board(text, folder):
    answers = tuple(
        Answer(i % 2 == 0, i % 3 == 0, text, {text: True}, {text: 1.0})
        for i in range(20)
    )
    one = Result(answers, test=text, about=text, player=text)
    return board_page(Pooled((one, one), (text,)))


def blind(text, folder):
    rounds = [Round(i % 2 == 0, named(text), text, text) for i in range(2)]
    return blind_page(BlindTest(tuple(rounds), about=text))


def published(text, folder):
    made = gallery.GalleryPiece(text, named(text), text, text, text)
    stem = gallery._stems([made])[0]
    return gallery.gallery_page(text, [gallery._piece_html(made, stem, 4.0, 1)])


def film(text, folder):
    (folder / "a.mp4").write_bytes(b"no film")
    return Film(folder / "a.mp4", text, text)._repr_html_()


def explained(text, folder):
    term = Term(text, "music", text, (text,), "01", (text,), text)
    shown = Explanation(term, Player(b"", text, 1.0))._repr_html_()
    return shown + Glossary((term,))._repr_html_()


def heard(text, folder):
    player = Player(b"", text, 1.0)
    return FaultHeard(text, text, player, player)._repr_html_()


def seat(text, folder):
    return slips_page([Seat(text, text, text)], text)


PAGES = {
    "challenge/check_page.py": lambda text, _: check_page(spoiled_report(text)),
    "challenge/feedback_page.py": sheets,
    "challenge/results_page.py": lambda text, _: leaderboard_page(results(text)),
    "challenge/judging.py": lambda text, _: Judging(text, 0, ()).page(),
    "challenge/roll_picture.py": lambda text, _: roll_svg(named(text)),
    "classroom/chorale_page.py": chorale,
    "classroom/dashboard.py": dashboard,
    "classroom/slips.py": seat,
    "compose/blind/board.py": board,
    "compose/blind/page.py": blind,
    "compose/export/gallery.py": published,
    "course/certificate.py": lambda text, _: certificate_page(
        parse_progress(progress_lines(text)), text, NOW
    ),
    "course/explaining.py": explained,
    "course/judging.py": heard,
    "course/listening.py": lambda text, _: Player(b"", text, 1.0, text)._repr_html_(),
    "course/progress.py": lambda text, _: parse_progress(
        progress_lines(text)
    )._repr_html_(),
    "course/progress_page.py": lambda text, _: progress_page(
        parse_progress(progress_lines(text)), NOW
    ),
    "course/showing.py": lambda text, _: Picture(b"", text, 9, text)._repr_html_(),
    "course/verdict.py": lambda text, _: Verdict("1.2", "refused", text)._repr_html_(),
    "course/watching.py": film,
    "web_page.py": lambda text, _: page_text(text, "", data={text: [text]}),
}
# Modules that hold HTML and are tested through another one.
THROUGH = {
    "challenge/points_bar.py": "challenge/check_page.py",
}
# Those whose words are all the course's own.
OWN_WORDS = {"course/critic_seat.py", "course/quizzing.py"}
ELSEWHERE = {"viz/staff.py"}  # tests/unit/test_staff.py, which has the engraver loaded
TAG = re.compile(r"<(html|div|p|h[1-6]|ul|li|tr|td|th|svg|text|figure|b|span|code)\b")


class Elements(HTMLParser):
    """The elements of a page and the names of their attributes, in order."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag):
        self.found.append(f"/{tag}")


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_text_adds_no_element_and_no_attribute(name, tmp_path):
    tame = Elements(PAGES[name](TAME, tmp_path)).found
    assert tame
    for text in HOSTILE:
        assert Elements(PAGES[name](text, tmp_path)).found == tame


def writes_html(path):
    """Whether a module has a text with HTML that is no docstring."""
    text = path.read_text("utf-8")
    if not TAG.search(text):
        return False
    tree = ast.parse(text)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return any(
        isinstance(node, ast.Constant)
        and id(node) not in said
        and TAG.search(str(node.value))
        for node in ast.walk(tree)
    )


def test_every_module_that_writes_html_is_tested_above():
    package = ROOT / "deepcomposer_edu"
    writing = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if writes_html(path)
    }
    assert PAGES.keys() >= set(THROUGH.values())
    assert writing == PAGES.keys() | THROUGH.keys() | OWN_WORDS | ELSEWHERE


def test_scripts_never_read_a_text_as_html():
    scripts = [
        path
        for folder in (ROOT / "widgets", ROOT / "deepcomposer_edu")
        for path in folder.rglob("*.js")
        if not {"node_modules", "static"} & set(path.parts)
    ]
    reading = re.compile(
        r"\b(innerHTML|outerHTML|srcdoc)\s*\+?=(?!=)(?!\s*[\"'][^\"'+]*[\"'];)"
        r"|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    found = [p.name for p in scripts if reading.search(p.read_text("utf-8"))]
    assert scripts
    assert found == []

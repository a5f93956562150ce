"""The judges' page, opened as a file without a network, and scores that come back."""

from __future__ import annotations

import json

import numpy as np
import pytest
from browser.accessibility import WCAG, broken_rules
from browser.waiting import until
from challenge_entries import (
    card,
    composition,
    entry_files,
    four_voices,
    report,
    wav_bytes,
    zip_of,
)
from playwright.sync_api import expect

from deepcomposer_edu.challenge import judged_piece, scores
from deepcomposer_edu.challenge.judging import prepare_judging
from deepcomposer_edu.challenge.judging_key import read_key
from deepcomposer_edu.challenge.results import read_results
from deepcomposer_edu.challenge.results_page import write_results
from deepcomposer_edu.compose.export.gallery import GalleryPiece, write_gallery

pytestmark = pytest.mark.browser
N = 4
TONE = 0.2 * np.sin(np.arange(88_200) / 20)[:, None]  # two seconds
TITLES = [q.title for q in scores.QUESTIONS]
HOSTILE = "<img src=x onerror=alert(1)>"


def checked(_, card, wav, replay):
    """Stand in for the check of an entry, which has tests of its own."""
    assert wav.is_file()
    assert not replay
    return report(card.title)


@pytest.fixture(scope="module", name="judging")
def judging_fixture(tmp_path_factory):
    """A folder with the page for four entries, each a tone of 8 seconds."""
    folder = tmp_path_factory.mktemp("entries")
    for i in range(N):
        words = card(title=f"Secret {i} {HOSTILE}", intent=f"wonder {HOSTILE}")
        files = entry_files(
            composition(four_voices(up=i)),
            card_json=json.dumps(words.to_dict()).encode(),
            entry_wav=wav_bytes(8, 220 + 40 * i),
        )
        (folder / f"{i}.zip").write_bytes(zip_of(files))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judged_piece, "check_entry", checked)
        made = prepare_judging(folder, seed=0)
    return made.write(tmp_path_factory.mktemp("judging"))


@pytest.fixture(name="open_page")
def open_page_fixture(new_context, judging):
    """Return a function that opens the page, in a fresh browser without a network."""
    asked, errors = [], []

    def open_page(context=None, judge="Judge 1", **options):
        context = context or new_context(offline=True, **options)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: m.type == "error" and errors.append(m.text))
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        page.goto(judging["page"].as_uri())
        if judge:
            page.get_by_label("Your name").fill(judge)
            button(page, "Begin").click()
        return page

    yield open_page
    outside = [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]
    assert (outside, errors) == ([], [])


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def mark(page, title, number):
    group = page.get_by_role("group", name=title, exact=True)
    group.get_by_role("radio").nth(number - 1).check()


def code_of(page):
    return page.locator("h2 .faint").inner_text()


def saved(page, tmp_path):
    with page.expect_download() as download:
        button(page, "Save my scores").first.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    return path


def order_of(page):
    names = page.locator("#places button").evaluate_all(
        "all => all.map((one) => one.getAttribute('aria-label'))"
    )
    return [name.split(", ")[1] for name in names]


def test_a_judge_scores_and_python_reads_it(open_page, judging, tmp_path):
    page = open_page()
    code = code_of(page)
    text = page.locator("body").inner_text()
    assert "Secret" not in text
    assert "wonder <" not in text
    for number, title in enumerate(TITLES):
        mark(page, title, 1 + number % 5)
    page.get_by_role("group", name="What did you feel?").get_by_label("wonder").check()
    page.get_by_label("A comment for its composers").fill(f"Bar 3! {HOSTILE}")
    button(page, "Finish this entry").click()
    expect(page.locator("#revealed")).to_have_text(
        f"Secret {number_of(judging, code)} {HOSTILE}"
    )
    expect(page.locator("#revealed")).to_be_focused()
    expect(page.locator("img")).to_have_count(0)
    assert page.get_by_role("radio").first.is_disabled()
    expect(page.get_by_label("It sounds copied")).to_be_enabled()  # flags stay open
    page.get_by_label("It sounds copied").check()
    page.get_by_label("Why the flag?").fill("a film I know")
    path = saved(page, tmp_path)
    assert path.name == "scores-judge-1.json"
    found = scores.read_scores(path)
    assert found.judge == "Judge 1"
    assert list(found.entries) == [code]  # what is not finished does not count
    said = found.entries[code]
    assert list(said.marks.values()) == [1, 2, 3, 4, 5, 1]
    assert (said.felt, said.flags, said.why) == (
        ("wonder",), ("copied",), "a film I know"
    )  # fmt: skip
    assert said.comment == f"Bar 3! {HOSTILE}"


def number_of(judging, code):
    rows = read_key(judging["key"])["entries"]
    return next(row["file"][0] for row in rows if row["code"] == code)


def test_the_order_is_each_judges_own_and_comes_back(open_page):
    orders = [order_of(open_page(judge=name)) for name in ("Judge 1", "Judge 2")]
    assert sorted(orders[0]) == [f"E0{i}" for i in range(1, N + 1)]
    assert orders[0] != orders[1]
    assert order_of(open_page(judge="  judge 1 ")) == orders[0]


def test_it_plays_counts_what_was_heard_and_plays_a_section_again(open_page):
    page = open_page()
    button(page, "Play").click()
    expect(page.locator(".player")).to_contain_text("heard 25 %")  # two of eight
    button(page, "Pause").click()
    section = page.get_by_role("button", name="Play section").nth(2)
    assert section.get_attribute("aria-label") == "Play section bar 3, 0:04 to 0:06"
    section.click()
    expect(page.locator(".time")).to_have_text("0:06 / 0:08")
    expect(button(page, "Play")).to_be_visible()  # it stopped at the section's end


def test_scores_survive_a_reload_and_go_to_another_computer(
    open_page, new_context, tmp_path
):
    context = new_context(offline=True)
    page = open_page(context)
    mark(page, "Rhythm", 4)
    again = open_page(context)
    rhythm = again.get_by_role("group", name="Rhythm", exact=True)
    expect(rhythm.get_by_role("radio").nth(3)).to_be_checked()
    path = saved(again, tmp_path)
    other = open_page(judge=None)
    other.get_by_text("Go on with scores from a file").click()
    other.set_input_files("#file", path)
    expect(other.locator("#status")).to_have_text("Your scores are back.")
    rhythm = other.get_by_role("group", name="Rhythm", exact=True)
    expect(rhythm.get_by_role("radio").nth(3)).to_be_checked()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "holds no scores"),
        ('{"format": "deepcomposer-edu scores", "contest": "x"}', "another contest"),
        ("null", "holds no scores"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(open_page, tmp_path, text, words):
    path = tmp_path / "scores.json"
    path.write_text(text)
    page = open_page(judge=None)
    page.set_input_files("#file", path)
    expect(page.locator("#status")).to_contain_text(words)


def test_unfinished_and_own_entries(open_page, tmp_path):
    page = open_page()
    mark(page, "Originality", 5)
    button(page, "Finish this entry").click(force=True)  # it says why it is not ready
    expect(page.locator("#status")).to_contain_text("Still open: Rhythm, Accompaniment")
    expect(page.locator("#revealed")).to_have_count(0)
    page.get_by_label("I made this one, or helped").check()
    button(page, "Finish this entry").click()
    expect(page.locator("#revealed")).to_be_visible()
    said = scores.read_scores(saved(page, tmp_path)).entries
    assert [one.is_own for one in said.values()] == [True]
    assert [one.marks for one in said.values()] == [{}]


def test_the_whole_by_keys_alone(open_page):
    page = open_page(judge=None)
    page.get_by_label("Your name").focus()
    page.keyboard.type("Judge 3")
    page.keyboard.press("Enter")
    expect(page.locator("h2")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Play
    expect(button(page, "Pause")).to_be_focused()
    for _ in range(5):  # the slider, and four sections
        page.keyboard.press("Tab")
    for _ in TITLES:
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")  # from 1 to 2
    marks = page.get_by_role("radio", checked=True)
    expect(marks).to_have_count(len(TITLES))
    for _ in range(len(scores.FEELINGS) + 7):  # words, comment, own, flags, why
        page.keyboard.press("Tab")
    expect(button(page, "Finish this entry")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#revealed")).to_be_focused()
    assert page.evaluate(
        "Object.values(Object.values(answers).find((one) => one.done).scores)"
    ) == [2] * len(TITLES)


def test_pages_are_accessible_and_fit_a_phone_in_light_and_dark(
    open_page, judging, new_context, tmp_path
):
    size = {"viewport": {"width": 380, "height": 740}}
    page = open_page(**size)
    for title in TITLES:
        mark(page, title, 4)
    button(page, "Finish this entry").click()
    path = saved(page, tmp_path)
    others = []
    for name in ("b", "c"):
        data = json.loads(path.read_text()) | {"judge": name}
        others.append(tmp_path / f"{name}.json")
        others[-1].write_text(json.dumps(data))
    results = read_results(judging["key"], [path, *others])
    paths = write_results(results, tmp_path / "results")
    best = results.ranked[0].code
    piece = GalleryPiece("A tone", four_voices(1), audio=lambda: TONE, rate=44_100)
    gallery = write_gallery([piece], tmp_path / "gallery")
    pages = [page]
    for other in (paths["leaderboard"], paths[best], gallery):
        pages.append(new_context(offline=True, **size).new_page())
        pages[-1].goto(other.as_uri())
    for one in pages:
        assert broken_rules(one, rules=WCAG) == []
        one.emulate_media(color_scheme="dark")
        assert broken_rules(one, rules=["color-contrast"]) == []
        assert one.evaluate("document.documentElement.scrollWidth") <= 380


def test_a_gallery_plays_from_the_disk(new_context, tmp_path):
    title = f"A tone {HOSTILE}"
    pieces = [
        GalleryPiece(title, four_voices(1), "by me", audio=lambda: TONE, rate=44_100)
    ] * 2
    index = write_gallery(pieces, tmp_path / "gallery", HOSTILE)
    assert [p.suffix for p in sorted(index.parent.iterdir())] == [
        *[".mid", ".mp3", ".musicxml"] * 2, ".html"
    ]  # fmt: skip
    page, errors = new_context(offline=True).new_page(), []
    page.on("console", lambda m: m.type == "error" and errors.append(m.text))
    page.on("dialog", lambda dialog: errors.append(dialog.message))
    page.goto(index.as_uri())
    expect(page.get_by_role("heading", level=2).first).to_have_text(title)
    first, second = (f"document.querySelectorAll('audio')[{i}]" for i in (0, 1))
    until(page, f"Math.abs({first}.duration - 2) < 0.2")
    page.locator(".roll").first.click()  # in its middle
    until(page, f"{first}.currentTime > 1.05")
    page.locator(".roll").nth(1).click()
    until(page, f"{second}.currentTime > 1.05 && {first}.paused")
    assert float(page.locator(".head").nth(1).get_attribute("x1")) > 500
    assert errors == []

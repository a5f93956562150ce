"""The documentation as a site: lessons as pages, the reference, everything offline."""

import base64
import pkgutil
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docs_site
import floors
import nbformat
import pytest
import site_api
import site_commands
import site_lessons
from browser.chromium import CHROMIUM_OPTIONS, find_chromium
from needs import require
from typer.main import get_command

import deepcomposer_edu
from deepcomposer_edu import widgets
from deepcomposer_edu.cli.main import app

ROOT = Path(__file__).resolve().parent.parent.parent
SOUND = b"a sound"
MODULE = "deepcomposer_edu.music.theory"  # its docstrings have sections and formulas
v4 = nbformat.v4


def shown(**data):
    """Return a code cell with one output."""
    data = {kind.replace("_", "/", 1): value for kind, value in data.items()}
    output = v4.new_output("display_data", data=data)
    return v4.new_code_cell("show()", outputs=[output])


@pytest.fixture
def media(tmp_path):
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


def page_of(*cells, media):
    return site_lessons.page_of(v4.new_notebook(cells=cells), "WORDS", media)


def test_what_the_page_says_of_itself_stands_below_its_title(media):
    cells = [v4.new_markdown_cell("# Title\n\nA promise."), v4.new_code_cell("1 + 1")]
    page = page_of(*cells, media=media)
    assert page.index("# Title") < page.index("WORDS") < page.index("A promise.")
    assert "```{code-block} python\n1 + 1\n```" in page


def test_a_sound_in_a_page_becomes_a_file_beside_it(media):
    text = base64.b64encode(SOUND).decode()
    sound = f'<audio controls src="data:audio/mpeg;base64,{text}"></audio>'
    page = page_of(shown(text_html=sound), media=media)
    (path,) = media.iterdir()
    assert path.read_bytes() == SOUND
    assert path.suffix == ".mp3"
    assert f'src="../media/{path.name}"' in page
    assert "base64" not in page


def test_a_page_one_folder_deeper_finds_its_sounds_pictures_and_neighbours(media):
    text = base64.b64encode(SOUND).decode()
    cells = [
        v4.new_markdown_cell("# 제목\n\n[English](../00_first_sound.ipynb)"),
        shown(text_html=f'<audio src="data:audio/mpeg;base64,{text}"></audio>'),
        shown(**{site_lessons.WIDGET: {}, "text_plain": "Player: 3 tracks"}),
    ]
    place = Path("lessons/ko/00_first_sound.md")
    book = v4.new_notebook(cells=cells)
    page = site_lessons.page_of(book, "WORDS", media, place)
    assert "[English](../00_first_sound.md)" in page
    assert 'src="../../media/' in page
    assert "(../../docs/images/player.png)" in page


def test_a_lesson_is_chosen_in_every_language_by_its_number():
    names = site_lessons.chosen(["00"])
    assert names[0] == "00_first_sound"
    assert {"ko/00_first_sound", "ja/00_first_sound"} <= set(names)
    assert site_lessons.chosen(["ko"]) == ["ko/00_first_sound"]
    assert set(names) < set(site_lessons.chosen(None))


def test_in_place_of_a_widget_stands_its_picture(media):
    page = page_of(
        shown(**{site_lessons.WIDGET: {}, "text_plain": "Player: 3 tracks"}),
        shown(**{site_lessons.WIDGET: {}, "text_plain": "1. Which one? a) b)"}),
        media=media,
    )
    assert "(../docs/images/player.png)" in page
    assert "1. Which one? a) b)" in page


def test_every_picture_of_a_widget_is_there():
    for page, picture in site_lessons.PICTURES.values():
        assert (ROOT / "docs" / "images" / picture).is_file()
        assert (ROOT / "docs" / "widgets" / f"{page}.md").is_file()


def test_printed_text_cannot_leave_its_block(media):
    text = "```\n# not a heading\n````"
    output = v4.new_output("stream", name="stdout", text=text)
    page = page_of(v4.new_code_cell("print(text)", outputs=[output]), media=media)
    assert f"`````{{code-block}} text\n:class: output\n\n{text}\n`````" in page


def test_what_is_printed_in_two_pieces_is_one_block(media):
    pieces = [v4.new_output("stream", name="stdout", text=t) for t in ("a\n", "b\n")]
    page = page_of(v4.new_code_cell("1", outputs=pieces), media=media)
    assert ":class: output\n\na\nb\n```" in page


def test_what_a_lesson_warns_of_on_the_side_is_not_shown(media):
    output = v4.new_output("stream", name="stderr", text="a warning")
    page = page_of(v4.new_code_cell("1", outputs=[output]), media=media)
    assert "a warning" not in page


@pytest.mark.parametrize(
    ("place", "link", "mended"),
    [
        ("README.md", "[a](lessons/02_tokens.ipynb)", "[a](lessons/02_tokens.md)"),
        ("docs/hub.md", "[a](../README.md#x)", "[a](../index.md#x)"),
        ("docs/hub.md", "[a](classroom.md)", "[a](classroom.md)"),
        ("docs/hub.md", "[a](../LICENSE)", "[a]"),
        ("docs/hub.md", "[a](https://jupyter.org)", "[a](https://jupyter.org)"),
    ],
)  # fmt: skip
def test_a_link_holds_on_the_site_or_is_none(place, link, mended):
    assert docs_site.retargeted(link, Path(place)) == mended


def test_a_page_that_no_list_names_comes_to_the_last_of_them():
    places = ["docs/hub.md", "docs/widgets/new.md", "docs/new.md", "docs/new.png"]
    contents = docs_site.contents_of(places)
    assert contents.count("docs/new\n") == 1
    assert contents.index("docs/architecture\n") < contents.index("docs/new\n")
    assert "docs/widgets/new" not in contents  # its list has all of its folder
    assert contents.count("docs/hub\n") == 1


def test_the_reference_leaves_out_what_holds_answers():
    names = set(site_api.modules())
    assert {"deepcomposer_edu.music.midi", "deepcomposer_edu.widgets.player"} <= names
    assert not any("course.checks." in name or ".cli." in name for name in names)


def test_every_other_module_of_the_package_is_in_the_reference():
    there = {
        found.name
        for folder in (deepcomposer_edu, widgets)
        for found in pkgutil.walk_packages(folder.__path__, f"{folder.__name__}.")
    }
    missing = there - set(site_api.modules()) - site_api.NOT_IMPORTED
    answers = "course.checks", "course.quizzes", "cli"  # the last has a page of its own
    left_out = tuple(f"deepcomposer_edu.{room}" for room in answers)
    assert {name for name in missing if not name.startswith(left_out)} == set()


def test_every_command_has_its_help_on_the_page_of_commands():
    page = site_commands.page()
    names = get_command(app).commands
    assert len(names) > 20
    for name in names:
        assert f"\n## deepcomposer {name}\n" in page
    assert "\n## deepcomposer classroom bundle\n" in page
    assert page.count("Usage: ") == page.count("\n## ")


def test_the_floors_are_drawn_as_they_are():
    drawn = floors.PICTURE.read_text("utf-8")
    assert drawn == floors.drawing(), "run: python tools/floors.py"
    for room in floors.floors():
        assert floors.purpose_of(room), f"{room} in the table of docs/architecture.md"


# --- a small site, made by Sphinx ----------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A lesson with a sound and a formula, and the reference of one module."""
    source = tmp_path_factory.mktemp("site") / "source"
    (source / "lessons").mkdir(parents=True)
    (source / "extra" / "media").mkdir(parents=True)
    (source / "docs").mkdir()
    (source / "docs" / "architecture.md").write_text("# Floors\n", encoding="utf-8")
    for name in docs_site.ASSETS:
        (source / name).write_bytes((docs_site.SITE / name).read_bytes())
    text = base64.b64encode(SOUND).decode()
    book = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# A lesson\n\nThe step $x_1 \\dots x_N$."),
            shown(text_html=f'<audio src="data:audio/mpeg;base64,{text}"></audio>'),
        ]
    )
    page = site_lessons.page_of(book, "", source / "extra" / "media")
    (source / "lessons" / "a.md").write_text(page, encoding="utf-8")
    site_api.write_pages(source / "api", only={MODULE})
    site_commands.write_page(source / "api")
    pages = "lessons/a\napi/index\napi/commands\ndocs/architecture"
    contents = f"# Contents\n\n```{{toctree}}\n{pages}\n```\n"
    (source / "index.md").write_text(contents, encoding="utf-8")
    html = source.parent / "html"
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going"]
    done = subprocess.run(
        [*command, str(source), str(html)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return html


def test_no_page_asks_for_anything_from_outside_and_links_lead_somewhere(site):
    assert len(list(site.rglob("*.html"))) > 4
    assert docs_site.faults_of(site) == []


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ('<script src="https://cdn.example/a.js">', "from outside"),
        ('<img src="//cdn.example/a.png">', "from outside"),
        ('<audio src="gone.mp3">', "gone.mp3, which is not there"),
        ('<link rel="stylesheet" href="http://a.example/a.css">', "from outside"),
        ('<a href="gone.html#x">', "leads to gone.html#x"),
    ],
)
def test_an_address_that_does_not_hold_offline_is_named(element, words, tmp_path):
    (tmp_path / "a.html").write_text(element, encoding="utf-8")
    (fault,) = docs_site.faults_of(tmp_path)
    assert words in fault


def test_a_formula_is_mathml_and_a_sound_can_be_played(site):
    page = (site / "lessons" / "a.html").read_text("utf-8")
    assert "<math" in page
    sound = re.search(r'<audio src="([^"]+)"', page)[1]
    assert (site / "lessons" / sound).read_bytes() == SOUND


def test_what_the_reference_lacks_is_named(site, tmp_path):
    assert site_api.missing_from(site / "api", {MODULE}) == []
    page = (site / "api" / "music.html").read_text("utf-8")
    cut = page.replace(f'id="{MODULE}.parallels"', "")
    (tmp_path / "music.html").write_text(cut, encoding="utf-8")
    found = site_api.missing_from(tmp_path, {MODULE})
    assert found == [f"{MODULE}.parallels is not in the reference, music.html."]


def test_the_reference_has_signatures_and_can_be_searched(site):
    page = (site / "api" / "music.html").read_text("utf-8")
    assert f'id="{MODULE}.' in page
    assert "Parameters" in page
    assert "theory" in (site / "searchindex.js").read_text("utf-8")


@pytest.mark.browser
def test_the_search_works_in_a_folder_without_a_server(site):
    require(find_chromium(), "Chromium is not installed (apt: chromium)")
    with ThreadPoolExecutor(1) as thread:  # tests/browser may have begun in this one
        asked = thread.submit(search_for_parallels, site).result()
    assert asked
    assert all(url.startswith("file:") for url in asked)


def search_for_parallels(site):
    """Search the site for a word and return what was asked for, as addresses."""
    from playwright.sync_api import expect, sync_playwright

    asked = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_OPTIONS
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{(site / 'search.html').as_uri()}?q=parallels")
        found = page.locator("#search-results li a").first
        expect(found).to_have_attribute("href", re.compile(r"^api/music\.html"))
        browser.close()
    return asked

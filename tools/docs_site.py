"""Build the documentation as a site that works offline.

    python tools/docs_site.py build [--out FOLDER]     everything; lessons are run
    python tools/docs_site.py build --quick            lessons in quick mode
    python tools/docs_site.py build --lessons 01 08    only these are run; or none
    python tools/docs_site.py build --keep             old runs are taken as they are

The site is `FOLDER/html/index.html`; no page asks for anything from outside. It holds
README and docs/ with their pictures, every lesson as it comes out when all its cells
are run (pictures, sound and film can be played; for widgets there are pictures), the
reference of the package from its docstrings, and that of the commands from their help;
a public function or class that is missing there is a fault. It needs the extra `docs`,
for example `pip install -e ".[docs]" -c constraints.txt`.

A run of a lesson is kept in `FOLDER/runs` and used again as long as neither the lesson
nor the package nor its data have changed. Sphinx's warnings are errors.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

sys.path.insert(0, str(Path(__file__).resolve().parent))
import glossary
import site_api
import site_commands
import site_lessons

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "docs" / "site"  # conf.py, site.css and contents.md
ASSETS = ("conf.py", "site.css", "site.js")
# Pages beside docs/; each keeps its place, so that links between them hold.
PAGES = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "data/README.md",
    "benchmarks/QUALITY.md",
    "benchmarks/RESULTS.md",
)
LINK = re.compile(r"\]\(([^)\s]+?)(#[^)\s]*)?\)")


def retargeted(text: str, place: Path) -> str:
    """Return a page's text with links that hold on the site.

    README is the first page there, a notebook is a page, and what is not on the site (a
    licence, a folder, a source) is named without a link.

    Args:
        text: Markdown.
        place: of the page, relative to the root of the course.
    """

    def mend(found: re.Match) -> str:
        target, anchor = found[1], found[2] or ""
        if "://" in target or target.startswith(("mailto:", "#")):
            return found[0]
        there = (ROOT / place.parent / target).resolve()
        if there == ROOT / "README.md":
            climb = "../" * (len(place.parts) - 1)
            return f"]({climb}index.md{anchor})"
        if there.suffix == ".ipynb" and there.is_relative_to(ROOT / "lessons"):
            return f"]({target.removesuffix('.ipynb')}.md{anchor})"
        if there.is_file() and there.is_relative_to(ROOT / "docs"):
            return found[0]
        is_page = any(there == ROOT / page for page in PAGES)
        return found[0] if is_page else "]{.not-here}"

    mended = LINK.sub(mend, text)
    return mended.replace("]{.not-here}", "]")


def lay_out(source: Path) -> None:
    """Copy README, docs/ and the other pages, with their links mended."""
    places = [path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*")]
    places += [Path(page) for page in PAGES]
    for place in places:
        if not (ROOT / place).is_file() or place.parts[:2] == ("docs", "site"):
            continue
        if place.suffix in {".py", ".pyc"} and "images" in place.parts:
            continue
        target = source / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if place.suffix == ".md":
            text = (ROOT / place).read_text("utf-8")
            target.write_text(retargeted(text, place), encoding="utf-8")
        else:
            shutil.copyfile(ROOT / place, target)
    # Pictures that a page names in HTML, which Sphinx does not look into.
    shutil.copytree(
        ROOT / "docs" / "images",
        source / "extra" / "docs" / "images",
        ignore=shutil.ignore_patterns("*.py", "__pycache__"),
    )
    readme = retargeted((ROOT / "README.md").read_text("utf-8"), Path("README.md"))
    contents = contents_of(p.relative_to(source).as_posix() for p in source.rglob("*"))
    (source / "index.md").write_text(f"{readme}\n{contents}", encoding="utf-8")
    for name in ASSETS:
        shutil.copyfile(SITE / name, source / name)


def contents_of(places: Iterable[str]) -> str:
    """Return the lists of pages; what none of them names comes to the last of them.

    Args:
        places: of files on the site.
    """
    text = (SITE / "contents.md").read_text("utf-8")
    listed = set(text.split())
    pages = sorted(p.removesuffix(".md") for p in places if p.endswith(".md"))
    rest = [
        page
        for page in pages
        if page not in listed and f"{Path(page).parent.as_posix()}/*" not in listed
    ]
    return text.replace("REST", "\n".join(rest))


def sphinx(source: Path, html: Path) -> int:
    """Make the pages; return Sphinx's exit status."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    return subprocess.run([*command, str(source), str(html)], check=False).returncode


class Addresses(HTMLParser):
    """Collects what a page loads, and its links."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        """Keep the addresses of one element."""
        found = dict(attributes)
        if tag == "a":
            self.links.append(found.get("href") or "")
        elif tag == "link" and found.get("rel") in {"stylesheet", "icon"}:
            self.loaded.append(found.get("href") or "")
        elif found.get("src"):
            self.loaded.append(found["src"])


def faults_of(html: Path) -> list[str]:
    """Return what is wrong with the addresses of a site: one sentence each."""
    wrong = []
    for page in sorted(html.rglob("*.html")):
        found = Addresses()
        found.feed(page.read_text("utf-8"))
        name = page.relative_to(html).as_posix()
        for address in found.loaded:
            place = unquote(re.split("[?#]", address)[0])
            if re.match(r"//|(?!data:)\w+:", address):
                wrong.append(f"{name} loads {address} from outside.")
            elif (
                not address.startswith("data:") and not (page.parent / place).is_file()
            ):
                wrong.append(f"{name} loads {address}, which is not there.")
        for address in found.links:
            place = unquote(re.split("[?#]", address)[0])
            is_outside = re.match(r"\w+:", address)
            if place and not is_outside and not (page.parent / place).exists():
                wrong.append(f"{name} leads to {address}, which is not there.")
    for sheet in html.rglob("*.css"):
        if re.search(r"url\([\s'\"]*(https?:)?//", sheet.read_text("utf-8")):
            wrong.append(f"{sheet.name} loads something from outside.")
    return wrong


def build(out: Path, wanted: Sequence[str], is_quick: bool, keeps: bool) -> int:
    """Build the whole site; return the exit status."""
    source, html = out / "source", out / "html"
    for folder in (source, html):
        shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(parents=True)
    lay_out(source)
    glossary.write_site_page(source)
    site_lessons.write_pages(source, out / "runs", wanted, is_quick, keeps)
    site_api.write_pages(source / "api")
    site_commands.write_page(source / "api")
    status = sphinx(source, html)
    faults = faults_of(html) + site_api.missing_from(html / "api")
    print("\n".join(faults), file=sys.stderr)
    status = status or int(bool(faults))
    if status == 0:
        size = sum(p.stat().st_size for p in html.rglob("*") if p.is_file()) / 1e6
        n_pages = len(list(html.rglob("*.html")))
        print(f"{n_pages} pages, {size:.0f} MB: {html / 'index.html'}")
    return status


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("build", help="build the site")
    command.add_argument("--out", type=Path, default=ROOT / "build" / "site")
    command.add_argument(
        "--lessons", nargs="*", help="numbers or names; all if left out"
    )
    command.add_argument("--quick", action="store_true", help="as the tests run them")
    command.add_argument("--keep", action="store_true", help="use old runs, too")
    given = parser.parse_args(arguments)
    names = site_lessons.chosen(given.lessons)
    return build(given.out.resolve(), names, given.quick, given.keep)


if __name__ == "__main__":
    sys.exit(main())

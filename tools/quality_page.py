"""Write benchmarks/QUALITY.md, every bar of quality on one page, from RESULTS.md.

    python tools/quality_page.py            # after benchmarks/RESULTS.md has changed

The words, the bars and what others published stand in `tools/quality_page.md`. No
figure of ours is typed there: each place is looked up in benchmarks/RESULTS.md.

{{The harmoniser > Bach > 2}}       number 2, counted from 0, behind the label "Bach" in
                                    the first line that begins with it, below the
                                    heading that begins with "The harmoniser"
{{... > Bach > 6 + 7}}              two numbers of a line, added up
{{... > WGAN > 0 > in the test}}    the same, but below a line that begins with the last
{{inside > attention}}, {{told}}, {{listeners}}   see `SPECIAL`

In a row of a table whose fourth cell is "?", it becomes yes or no: whether the second
cell is within the words of the third (at least, at most, to, within a share of). A test
says so when the page is older than the results.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
PAGE = ROOT / "benchmarks" / "QUALITY.md"
TEMPLATE = Path(__file__).with_suffix(".md")
NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)")
TUNE_MEASURES = (
    *("repeated_notes", "longest_run", "repeated_bars", "range", "pitches"),
    *("mean_interval", "steps", "leaps", "scale", "notes_per_quarter"),
)


class Results:
    """What RESULTS.md says, by its headings.

    Args:
        text: of the whole file.
    """

    def __init__(self, text: str) -> None:
        parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
        self.sections = dict(zip(parts[1::2], parts[2::2], strict=True))

    def heading(self, begins: str) -> str:
        """Return the one heading that begins so.

        Raises:
            SystemExit: if there is none, or several.
        """
        found = [heading for heading in self.sections if heading.startswith(begins)]
        if len(found) != 1:
            raise SystemExit(f"RESULTS.md has {len(found)} headings {begins!r}, not 1.")
        return found[0]

    def line(self, begins: str, label: str, after: str = "") -> list[str]:
        """Return the numbers behind a label, in the first line that begins with it.

        Only what a benchmark has printed is looked at, between ``` and ```.

        Args:
            begins: how the heading begins.
            label: how the line begins; several spaces are as good as one.
            after: the line is looked for below the first one that begins so.

        Raises:
            SystemExit: if no line with numbers begins so.
        """
        blocks = self.sections[self.heading(begins)].split("```")[1::2]
        lines = [
            " ".join(line.split()) for block in blocks for line in block.splitlines()
        ]
        starts = [i for i, line in enumerate(lines) if line.startswith(after)]
        for line in lines[starts[0] :] if starts else []:
            found = NUMBER.findall(line[len(label) :])
            if re.match(rf"{re.escape(label)}[ :]", line) and found:
                return found
        raise SystemExit(
            f"RESULTS.md has no line {label!r} below {begins!r} {after!r}."
        )

    def figure(self, begins: str, label: str, places: str, after: str = "") -> str:
        """Return a number of a line as it is written, or the sum of several.

        Args:
            begins: how the heading begins.
            label: how the line begins.
            places: such as "2", or "6 + 7".
            after: as for `line`.

        Raises:
            SystemExit: if the line has fewer numbers.
        """
        numbers = self.line(begins, label, after)
        chosen = [int(place) for place in places.split("+")]
        if max(chosen) >= len(numbers):
            raise SystemExit(
                f"The line {label!r} of RESULTS.md has {len(numbers)} numbers, and "
                f"number {max(chosen)} was asked for."
            )
        if len(chosen) == 1:
            return numbers[chosen[0]]
        return f"{sum(number(numbers[place]) for place in chosen):.2f}"


def number(text: str) -> float:
    """Return a number as RESULTS.md writes it."""
    return float(text.replace(",", ""))


# --- what is not one number of one line -----------------------------------------------


def inside(results: Results, variant: str) -> str:
    """Return how many medians of a MelodyRNN lie within the tunes' middle 90 %."""
    lines = (results.line("MelodyRNN", name, variant) for name in TUNE_MEASURES)
    rows = [[number(text) for text in line[:4]] for line in lines]
    return str(sum(low <= ours <= high for low, _, high, ours in rows))


def told(results: Results) -> str:
    """Return how many patients and mended twins were told in five of five seeds."""
    return str(results.sections[results.heading("The planted fail")].count("told 5/5"))


def listeners(_: Results) -> str:
    """Return the rows of published listening tests."""
    from deepcomposer_edu.compose.blind.published import PUBLISHED, WHAT_IS_COUNTED

    rows = (
        f"| {one.who} | {WHAT_IS_COUNTED[one.counts]} | {one.words} | {one.source} |"
        for one in PUBLISHED
    )
    return "\n".join(rows)


SPECIAL = {"inside": inside, "told": told, "listeners": listeners}


# --- the page -------------------------------------------------------------------------


def filled(match: re.Match, results: Results) -> str:
    """Return what stands in the place of {{...}}."""
    first, *others = [part.strip() for part in match[1].split(">")]
    if first in SPECIAL:
        return SPECIAL[first](results, *others)
    return results.figure(first, *others)


def is_reached(ours: str, bar: str) -> bool:
    """Say whether a number is within a bar that is told in words.

    >>> is_reached("66.07", "at least 55"), is_reached("0.483", "at most 0.47")
    (True, False)
    >>> is_reached("62.6", "60 to 68"), is_reached("1.16", "within 10 % of 0.95")
    (True, False)
    """
    value = number(NUMBER.search(ours)[0])
    ends = [number(found) for found in NUMBER.findall(bar)]
    if bar.startswith("at least"):
        return value >= ends[0]
    if bar.startswith("at most"):
        return value <= ends[0]
    if bar.startswith("within"):
        share, middle = ends
        return abs(value - middle) <= share / 100 * abs(middle)
    low, high = ends
    return low <= value <= high


def judged(line: str) -> str:
    """Return a row of a table with yes or no in the place of "?"."""
    cells = line.split("|")
    if len(cells) < 5 or cells[4].strip() != "?":
        return line
    reached = is_reached(cells[2].strip(), cells[3].strip())
    return "|".join([*cells[:4], " yes " if reached else " **no** ", *cells[5:]])


def page(results: str, template: str) -> str:
    """Return the whole page.

    Args:
        results: the text of RESULTS.md.
        template: the page with places to fill.

    Raises:
        SystemExit: if a place names something that RESULTS.md does not have.
    """
    known = Results(results)
    text = re.sub(r"\{\{(.+?)\}\}", lambda match: filled(match, known), template)
    return "\n".join(map(judged, text.splitlines())) + "\n"


def main() -> None:
    """Write the page."""
    text = page(RESULTS.read_text("utf-8"), TEMPLATE.read_text("utf-8"))
    PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    main()

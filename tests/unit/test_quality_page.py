"""The page of all bars of quality: every figure of ours comes from the results."""

import pytest
import quality_page
from quality_page import Results, is_reached, page

RESULTS = """# Results

## Harmony: `python benchmarks/harmony.py`

Bach wrote these 70.

```
                 triads %   fifths  octaves
Bach                64.17     0.61     0.49
ours                66.07     1.00     2.50

on the test split
ours                50.00     3.00     4.00
logits differ by 9.5e-06, 47,647 samples
```
"""


def told(template):
    return page(RESULTS, template).rstrip("\n")


def test_the_page_is_that_of_the_results_of_today():
    text = quality_page.RESULTS.read_text("utf-8")
    template = quality_page.TEMPLATE.read_text("utf-8")
    written = quality_page.PAGE.read_text("utf-8")
    assert written == page(text, template), "run: python tools/quality_page.py"
    assert "{{" not in written and "?" not in [
        cell.strip() for line in written.splitlines() for cell in line.split("|")
    ]


def test_a_figure_is_found_by_heading_label_and_place():
    assert told("{{Harmony > Bach > 0}} and {{Harmony > ours > 2}}") == "64.17 and 2.50"
    assert told("{{Harmony > Bach > 1 + 2}}") == "1.10"
    assert told("{{Harmony > ours > 0 > on the test split}}") == "50.00"
    assert told("{{Harmony > logits differ by > 1}}") == "47,647"
    assert told("{{Harmony > logits differ by > 0}}") == "9.5e-06"


@pytest.mark.parametrize(
    "place",
    ["Melody > Bach > 0", "Harmony > Mozart > 0", "Harmony > Bach > 3"],
)
def test_what_the_results_do_not_have_is_said(place):
    with pytest.raises(SystemExit, match=r"RESULTS\.md"):
        told(f"{{{{{place}}}}}")


def test_two_headings_that_begin_alike_are_no_heading():
    with pytest.raises(SystemExit, match="2 headings 'Harm'"):
        Results(RESULTS + "## Harm\n").heading("Harm")


@pytest.mark.parametrize(
    ("ours", "bar", "expected"),
    [
        ("0.365", "at most 0.365", True),
        ("0.366", "at most 0.365", False),
        ("80", "at least 80", True),
        ("79.9", "at least 80", False),
        ("47,647", "at least 40,000", True),
        ("-6.1", "-6 to 6", False),
        ("-3.9", "-6 to 6", True),
        ("1.04", "within 10 % of 0.95", True),
        ("1.05", "within 10 % of 0.95", False),
    ],
)
def test_a_bar_in_words_is_judged(ours, bar, expected):
    assert is_reached(ours, bar) is expected


def test_a_row_says_whether_its_bar_is_reached():
    row = "| triads | {{Harmony > ours > 0}} | at least {{Harmony > Bach > 0}} | ? | |"
    assert told(row) == "| triads | 66.07 | at least 64.17 | yes | |"
    assert "**no**" in told(row.replace("least", "most"))
    assert told("| triads | wanted | reached |") == "| triads | wanted | reached |"

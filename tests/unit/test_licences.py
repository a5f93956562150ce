"""Every licence is listed, is what the package says, and fits the course's own."""

import json
import re
from importlib.metadata import PackageNotFoundError

import licences
import pytest


def listed():
    text = licences.DOC.read_text("utf-8")
    return {
        name: (version, licence)
        for name, version, licence in re.findall(
            r"^\| ([\w.-]+) \| (\d\S*) \| (.+) \|$", text, re.MULTILINE
        )
    }


def test_every_pinned_package_is_listed_with_its_version():
    found = {name: version for name, (version, _) in listed().items()}
    assert found == licences.pins(), "run `python tools/licences.py`"


def test_every_licence_fits_that_of_the_course():
    allowed = licences.PERMISSIVE | licences.WEAK_COPYLEFT
    others = {
        name: licences.terms(licence) - allowed - licences.CHOICE.get(name, set())
        for name, (_, licence) in listed().items()
    }
    assert {name: rest for name, rest in others.items() if rest} == {}


def test_the_list_says_what_the_packages_say():
    wrong, n_compared = [], 0
    for name, (_, licence) in listed().items():
        try:
            wrong += [name] if licences.licence_of(name) != licence else []
            n_compared += 1
        except PackageNotFoundError:
            continue  # an extra that this computer does not have
    assert wrong == []
    assert n_compared > 100


def test_data_is_under_the_courses_own_licence():
    path = licences.ROOT / "data" / "manifest.json"
    found = {row["licence"] for row in json.loads(path.read_text("utf-8"))}
    assert found == {"MIT, as the course"}
    assert "| MIT, as the course |" in licences.DOC.read_text("utf-8")


@pytest.mark.parametrize(
    ("expression", "single"),
    [
        ("MIT", {"MIT"}),
        ("(MIT OR GPL-3.0-only) AND BSD", {"MIT", "GPL-3.0-only", "BSD"}),
        ("Apache-2.0 WITH LLVM-exception", {"Apache-2.0", "LLVM-exception"}),
        ("public domain; GPL", {"public domain", "GPL"}),
    ],
)
def test_an_expression_is_taken_apart(expression, single):
    assert licences.terms(expression) == single

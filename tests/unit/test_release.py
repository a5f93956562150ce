"""What a release holds, and that its versions agree."""

import datetime
import json
import re
from pathlib import Path

import pytest
import release
import yaml
from needs import require
from setuptools.command.egg_info import manifest_maker
from setuptools.dist import Distribution

import deepcomposer_edu

ROOT = Path(__file__).resolve().parent.parent.parent
WEIGHTS = "deepcomposer_edu/data/weights/wgan-bach.safetensors"


@pytest.fixture(scope="module")
def project():
    """What setuptools makes of pyproject.toml; nothing is built."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        found = Distribution({"script_name": "setup.py"})
        found.parse_config_files()
        yield found


@pytest.fixture(scope="module")
def in_wheel(project):
    """The places of the files that the wheel will hold."""
    command = project.get_command_obj("build_py")
    command.ensure_finalized()
    names = [
        f"{package.replace('.', '/')}/{name}"
        for package, _, _, files in command.data_files
        for name in files
    ]
    for package, name, _ in command.find_all_modules():
        names.append(f"{package.replace('.', '/')}/{name}.py")
    return {Path(name).as_posix() for name in names}


def test_the_wheel_holds_lessons_solutions_data_and_widgets(in_wheel):
    assert release.faults_of_wheel(in_wheel) == []


def test_what_a_learner_needs_first_is_looked_for():
    first = {
        "lessons/00_first_sound.ipynb",
        "lessons/ko/00_first_sound.ipynb",
        "solutions/08_harmonise_like_bach.ipynb",
        "course/checks/ch01.py",
        "course/translations/ja/words.md",
        "data/weights/wgan-bach.safetensors",
        "data/tunes/ode-to-joy.mid",
        "widgets/static/studio.js",
        "challenge/pages/judge.js",
        "docs/paths/full.md",
    }
    wanted = set(release.wanted_in_wheel())
    assert {f"deepcomposer_edu/{place}" for place in first} <= wanted


def test_what_a_wheel_lacks_and_what_it_should_not_have_is_named(in_wheel):
    junk = {"tests/unit/test_a.py", "deepcomposer_edu/data/make/wgan.py"}
    found = release.faults_of_wheel(in_wheel - {WEIGHTS} | junk)
    assert len(found) == 3
    assert WEIGHTS in found[0]
    assert all(any(name in one for one in found[1:]) for name in junk)


def test_the_source_distribution_holds_the_whole_course(project, tmp_path):
    require((ROOT / ".git").exists(), "the course did not come with git")
    project.get_command_obj("egg_info").egg_base = str(tmp_path)
    maker = manifest_maker(project)
    maker.manifest = str(tmp_path / "SOURCES.txt")
    maker.ensure_finalized()
    maker.run()
    names = [Path(name).as_posix() for name in maker.filelist.files]
    assert release.faults_of_sdist(names, release.tracked_files()) == []
    assert not any("node_modules/" in name or ".venv/" in name for name in names)
    assert release.faults_of_sdist(names, ["gone.py"]) == [
        "The source distribution has no gone.py."
    ]


def test_the_version_is_the_same_everywhere():
    version = deepcomposer_edu.__version__
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == version
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest, day = re.search(r"^## (\S+), (\S+)$", changes, re.MULTILINE).groups()
    assert newest == version
    assert day == "unreleased" or datetime.date.fromisoformat(day)
    entry = ROOT / "data" / "challenge" / "example" / "entry.json"
    made_with = json.loads(entry.read_text("utf-8"))["versions"]["deepcomposer_edu"]
    assert tuple(map(int, made_with.split("."))) <= tuple(map(int, version.split(".")))


def test_the_citation_says_what_is_asked_of_it():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors", "abstract"} <= set(citation)
    assert citation["license"] == "MIT"
    assert all(author.get("name") for author in citation["authors"])

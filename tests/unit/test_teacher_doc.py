"""The plans of the teacher's guide add up, and name what is in the lessons."""

import re
from pathlib import Path

import pytest
import yaml
from traitlets.config import Config

from deepcomposer_edu.course.catalogue import find_lesson

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "teacher.md").read_text("utf-8")
HUB = (ROOT / "docs" / "hub.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d+):(\d\d) \| (\d+) \| .+? \| (.*?) ?\|$", re.MULTILINE)
LENGTHS = {"Three hours": 180, "One day": 450}


def plan(title):
    """Return the rows of a plan: beginning and length in minutes, and where."""
    text = GUIDE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return [
        (60 * int(hours) + int(minutes), int(length), where)
        for hours, minutes, length, where in ROW.findall(text)
    ]


def sections_of(number):
    """Return a lesson's sections and the minutes they state, 0 if it says otherwise."""
    text = (ROOT / "solutions" / f"{find_lesson(number).name}.py").read_text("utf-8")
    found = re.findall(r"^# ## (.+?)(?: \((.*)\))?$", text, re.MULTILINE)
    stated = {name: re.fullmatch(r"(\d+) minutes?", words) for name, words in found}
    return {name: int(match[1]) if match else 0 for name, match in stated.items()}


def named_in(where):
    """Yield (lesson, section) for everything that a row names."""
    for number, names in re.findall(
        r"(\d\d) ((?:(?:part of )?\*[^*]+\*(?:, )?)+)", where
    ):
        for name in re.findall(r"\*([^*]+)\*", names):
            yield number, name


@pytest.mark.parametrize("title", LENGTHS)
def test_a_plan_has_no_gaps_and_lasts_as_long_as_it_says(title):
    rows = plan(title)
    ends = [begin + length for begin, length, _ in rows]
    assert [begin for begin, _, _ in rows] == [0, *ends[:-1]]
    assert ends[-1] == LENGTHS[title]


@pytest.mark.parametrize("title", LENGTHS)
def test_every_section_of_a_plan_is_in_its_lesson(title):
    named = [pair for _, _, where in plan(title) for pair in named_in(where)]
    assert len(named) > 10
    missing = [pair for pair in named if pair[1] not in sections_of(pair[0])]
    assert missing == []


@pytest.mark.parametrize("title", LENGTHS)
def test_a_plan_gives_whole_sections_the_time_they_state(title):
    for begin, length, where in plan(title):
        if "part of" not in where:
            stated = sum(sections_of(n)[name] for n, name in named_in(where))
            assert stated <= length, f"{begin // 60}:{begin % 60:02}"


def test_a_part_of_a_section_is_shorter_than_the_section_and_the_rest():
    for title in LENGTHS:
        for _, length, where in plan(title):
            if "part of" in where:
                assert length <= sum(
                    sections_of(n)[name] for n, name in named_in(where)
                )


def test_the_sizes_for_a_class_follow_from_what_was_measured():
    measured = GUIDE.partition("<!-- seats")[2].partition("<!-- end")[0]
    server = int(re.search(r"server: (\d+) MB", measured)[1])
    peaks = {}
    for number, _, peak, *_ in re.findall(
        r"^ +(\d\d) +(\d+) +(\d+) +([\d.]+) +(\d+)$", measured, re.MULTILINE
    ):
        peaks[number] = max(int(peak), peaks.get(number, 0))
    each = {
        n: float(g)
        for g, n in re.findall(r"\*\*([\d.]+) GB each\*\* for\s+lesson (\d\d)", GUIDE)
    }
    assert set(each) == {"00", "08"}
    for number, gigabytes in each.items():
        need = (server + peaks[number]) / 1000
        assert need <= gigabytes < need + 0.2
    thirty = re.search(r"at once: (\d+) GB. In lesson 00: (\d+) GB", GUIDE)
    assert [int(n) for n in thirty.groups()] == [
        30 * each["08"] + 1,
        30 * each["00"] + 1,
    ]


# --- the files for servers and clusters ----------------------------------------------


def test_the_file_for_tljh_gives_each_learner_folders_of_their_own():
    source = (ROOT / "docs" / "hub" / "tljh_config.py").read_text("utf-8")
    config = Config()
    exec(compile(source, "tljh_config.py", "exec"), {"get_config": lambda: config})

    class Spawner:
        class user:  # noqa: N801 - as JupyterHub has it
            name = "ada"

    said = config.Spawner.environment
    assert said["DEEPCOMPOSER_WORK"](Spawner) == "/home/jupyter-ada/my_work"
    assert said["DEEPCOMPOSER_LEARNER"](Spawner) == "ada"
    assert "deepcomposer_edu.classroom.seat" in config.Spawner.cmd


def test_the_values_for_a_cluster_limit_a_seat_and_keep_learners_apart():
    values = yaml.safe_load((ROOT / "docs" / "hub" / "values.yaml").read_text("utf-8"))
    seat = values["singleuser"]
    assert seat["memory"]["limit"] == "2G"
    assert seat["cpu"]["limit"] == 1
    assert seat["cmd"][-2:] == ["--", "jupyterhub-singleuser"]
    (mount,) = seat["storage"]["extraVolumeMounts"]
    assert mount["subPath"] == "{username}"
    assert mount["mountPath"] == seat["extraEnv"]["DEEPCOMPOSER_SHARE"]
    assert values["proxy"]["https"]["enabled"] is True

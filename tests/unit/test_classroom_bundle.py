"""The bundle: wheels for every computer of a class, and installing from it offline."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import offline_install
import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from tiny_wheels import repacked, tiny_wheel

from deepcomposer_edu.classroom import bundle
from deepcomposer_edu.classroom.bundle import Plan, make_bundle, targets_of
from deepcomposer_edu.classroom.course_folder import CourseFolder
from deepcomposer_edu.classroom.targets import SYSTEMS, Target, this_python, this_system
from deepcomposer_edu.classroom.wheels import collect, is_whole, pip_download
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.errors import InputError

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Target(this_system(), this_python())
PROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "deepcomposer-edu"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["torch>=2", "numpy>=2", "scipy", "jupyterlab", "av"]

[project.optional-dependencies]
midi = ["python-rtmidi"]
tokens = ["miditok"]
fast = ["numba"]

[tool.setuptools]
packages = ["deepcomposer_edu", "deepcomposer_edu.corpora"]
"""
PINS = "# pins\ntorch==2.13.0\nnumpy==2.4.6\n"


def silent(_text):
    """Say nothing."""


class Store:
    """Wheels of a few bytes in a folder, in place of the package index."""

    def __init__(self, folder):
        self.folder, self.asked = folder, []
        self.setuptools = repacked(folder, "setuptools")
        tiny_wheel(folder, "torch", "2.13.0", ["sympy; sys_platform != 'win32'"])
        tiny_wheel(folder, "sympy")
        tiny_wheel(folder, "numpy", "2.4.6")
        tiny_wheel(folder, "numpy", "2.9")  # newer than the pin
        signal = {"scipy/__init__.py": "", "scipy/signal.py": ""}
        tiny_wheel(folder, "scipy", requires=["numpy"], files=signal)
        needs = ["click", "terminal[fast]"]
        tiny_wheel(folder, "jupyterlab", requires=needs)
        tiny_wheel(folder, "click", requires=['colorama; sys_platform == "win32"'])
        tiny_wheel(folder, "colorama")
        needs = ['speed; extra == "fast"', 'unwanted; extra == "slow"']
        tiny_wheel(folder, "terminal", requires=needs)
        tiny_wheel(folder, "speed", requires=["click"])  # a circle costs nothing
        for tag in ("cp311-cp311-win_amd64", "cp311-abi3-manylinux_2_17_x86_64"):
            tiny_wheel(folder, "av", tag=tag)
        tiny_wheel(folder, "av", tag="cp311-cp311-macosx_12_0_universal2")
        tiny_wheel(folder, "miditok")
        tiny_wheel(folder, "numba", requires=["llvmlite"])  # which is not to be had

    def __call__(self, lines, target, folder, extra):
        """Bring wheels, as pip does: all of them or none."""
        self.asked += lines
        found = []
        for line in lines:
            name, _, limit = line.partition("==")
            wanted = SpecifierSet(f"=={limit}" if limit else "")
            name = name.partition(">")[0]
            found.append(target.best(name, wanted, self.folder))
        if None in found:
            return False
        for path in found:
            shutil.copy(path, folder)
        return True


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of a few bytes around the real set-up."""
    root = tmp_path_factory.mktemp("small course")  # a path with a space in it
    for name in ("course.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, root)
    (root / "tools").mkdir()
    for path in (ROOT / "tools").glob("*.py"):
        shutil.copy(path, root / "tools")
    # one optional package is enough: each costs a run of pip
    set_up = root / "tools/installing.py"
    lines = set_up.read_text("utf-8").splitlines(keepends=True)
    fewer = [s for s in lines if not s.startswith(('    "midi": ', '    "tokens": '))]
    assert len(fewer) == len(lines) - 2
    set_up.write_text("".join(fewer), encoding="utf-8")
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "constraints.txt").write_text(PINS)
    for place, text in {
        "deepcomposer_edu/__init__.py": "",
        "deepcomposer_edu/corpora/__init__.py": "",
        "deepcomposer_edu/corpora/chorales.py": "def load_chorales(): pass\n",
        "deepcomposer_edu/__pycache__/x.pyc": "left behind",
        "data/weights/w.safetensors": "weights",
        "lessons/01_x.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4}',
        "solutions/01_x.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4}',
    }.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text)
    return CourseFolder(root)


def plan_for(course, folder, systems=("windows", "linux", "macos"), **more):
    return Plan(course, folder, targets_of(systems, ["3.11"], folder), **more)


def wheel_names(folder):
    return {path.name.partition("-")[0] for path in (folder / "wheels").glob("*.whl")}


# --- computers -----------------------------------------------------------------------


def test_a_target_takes_the_wheels_that_run_on_it(tmp_path):
    for tag in ("cp311-cp311-win_amd64", "cp311-cp311-macosx_11_0_arm64",
                "cp310-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64",
                "cp312-cp312-manylinux_2_28_aarch64"):  # fmt: skip
        tiny_wheel(tmp_path, "numpy", tag=tag)
    found = {
        (system, python): target.best("numpy", SpecifierSet(), tmp_path)
        for system in SYSTEMS
        for python in ("3.11", "3.12")
        for target in [Target(system, python)]
    }
    names = {key: path.name.split("-")[-1] for key, path in found.items() if path}
    assert names == {
        ("windows", "3.11"): "win_amd64.whl",
        ("macos", "3.11"): "macosx_11_0_arm64.whl",
        ("linux", "3.11"): "manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        ("linux", "3.12"): "manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        ("linux-arm", "3.12"): "manylinux_2_28_aarch64.whl",
    }


@pytest.mark.parametrize(
    ("marker", "systems"),
    [
        ('sys_platform == "win32"', {"windows"}),
        ('os_name == "posix"', {"linux", "linux-arm", "macos"}),
        ('platform_system == "Darwin"', {"macos"}),
        ('platform_machine == "aarch64"', {"linux-arm"}),
        ('python_version < "3.11"', set()),
        ('python_full_version < "3.11.3"', set(SYSTEMS)),  # some 3.11 are older
        ('extra == "fast"', set()),
    ],
)
def test_markers_are_those_of_the_computer_that_installs(marker, systems):
    counts = {name for name in SYSTEMS if Target(name, "3.11").holds(Marker(marker))}
    assert counts == systems


@pytest.mark.parametrize(
    ("system", "python", "words"),
    [
        ("amiga", "3.11", "There is no system 'amiga'"),
        ("linux", "3.10", "too old"),
        ("linux", "3", "is no version"),
        ("linux", "3.11.2", "is no version"),
        ("linux", "x.y", "is no version"),
    ],
)
def test_an_unknown_computer_is_refused(system, python, words):
    with pytest.raises(InputError, match=words):
        Target(system, python)


# --- wheels --------------------------------------------------------------------------


def test_each_system_gets_what_it_needs_and_no_more(course, store, tmp_path):
    everywhere = {"torch", "numpy", "scipy", "jupyterlab", "click", "terminal"}
    everywhere |= {"speed", "av", "setuptools", "miditok"}
    for system, more in (("windows", {"colorama"}), ("linux", {"sympy"})):
        target = Target(system, "3.11")
        found = collect(course.root, target, tmp_path, silent, store)
        assert set(found.wheels) == everywhere | more
        assert found.wheels["numpy"].name.startswith("numpy-2.4.6-")  # as pinned


def test_an_optional_package_without_a_wheel_is_left_out_and_said(
    course, store, tmp_path
):
    found = collect(course.root, HERE, tmp_path, silent, store)
    assert [s.partition(" ")[0] for s in found.left_out] == ["python-rtmidi", "numba"]
    assert "numba" not in found.wheels  # it needs one that is not to be had


def test_a_package_that_is_needed_and_missing_is_named(course, store, tmp_path):
    with pytest.raises(InputError, match=r"no wheel of av for Linux \(ARM\)") as caught:
        collect(course.root, Target("linux-arm", "3.11"), tmp_path, silent, store)
    assert "the same command goes on" in str(caught.value)
    assert any(tmp_path.glob("torch-*.whl"))  # what arrived stays
    assert not (tmp_path / ".part").exists()


def test_half_a_wheel_never_arrives(course, store, tmp_path):
    def cut_off(lines, target, folder, extra):
        is_done = store(lines, target, folder, extra)
        for path in folder.glob("scipy*.whl"):
            path.write_bytes(path.read_bytes()[:200])
        return is_done

    with pytest.raises(InputError, match="no wheel of scipy"):
        collect(course.root, HERE, tmp_path, silent, cut_off)
    assert all(is_whole(path) for path in tmp_path.glob("*.whl"))


def test_pip_brings_a_wheel_for_another_system(tmp_path, monkeypatch):
    tiny_wheel(tmp_path / "index", "tiny", tag="cp311-cp311-win_amd64")
    tiny_wheel(tmp_path / "index", "tiny", tag="cp311-cp311-macosx_12_0_arm64")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", (tmp_path / "index").as_uri())
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    (tmp_path / "got").mkdir()
    windows = Target("windows", "3.11")
    assert pip_download(["tiny==1.0"], windows, tmp_path / "got", [])
    (path,) = (tmp_path / "got").iterdir()
    assert path.name == "tiny-1.0-cp311-cp311-win_amd64.whl"


# --- the folder ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(course, store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stick") / "a stick"
    make_bundle(plan_for(course, folder), silent, store)
    return folder


@pytest.fixture
def stick(made, tmp_path):
    """A copy of a bundle, to be spoilt."""
    return shutil.copytree(made, tmp_path / "stick")


def test_a_bundle_holds_course_weights_wheels_and_ways_to_begin(made):
    names = {path.relative_to(made).as_posix() for path in made.rglob("*")}
    assert {
        "course/course.py",
        "course/data/weights/w.safetensors",
        "course/lessons/01_x.ipynb",
        "course/solutions/01_x.ipynb",
        "install.py",
        "install.sh",
        "install.command",
        "install.bat",
        "READ-ME-FIRST.txt",
    } <= names
    assert {"colorama", "sympy", "setuptools"} <= wheel_names(made)
    assert len(list((made / "wheels").glob("av-*.whl"))) == 3
    assert not any("__pycache__" in name for name in names)


def test_the_list_tells_size_and_sum_of_every_file(made):
    told = json.loads((made / "bundle.json").read_text())
    files = {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()}
    assert set(told["files"]) == files - {"bundle.json"}
    assert offline_install.damaged(made, told["files"]) == []
    assert len(told["left_out"]) == 6  # two packages on three systems


def test_solutions_can_stay_at_home(course, store, tmp_path):
    make_bundle(plan_for(course, tmp_path / "s", with_solutions=False), silent, store)
    assert not (tmp_path / "s/course/solutions").exists()


def test_making_it_again_fetches_nothing_and_changes_nothing(course, store, stick):
    before = {p: p.read_bytes() for p in stick.rglob("*") if p.is_file()}
    store.asked.clear()
    make_bundle(plan_for(course, stick), silent, store)
    asked = {line.partition("==")[0] for line in store.asked}
    assert asked <= {"python-rtmidi", "numba", "llvmlite"}  # tried once more
    assert {p: p.read_bytes() for p in stick.rglob("*") if p.is_file()} == before


def test_a_bundle_grows_when_it_is_made_for_other_computers(course, store, tmp_path):
    make_bundle(plan_for(course, tmp_path / "s", ["windows"]), silent, store)
    assert "sympy" not in wheel_names(tmp_path / "s")
    make_bundle(plan_for(course, tmp_path / "s", ["linux"]), silent, store)
    assert {"colorama", "sympy"} <= wheel_names(tmp_path / "s")
    told = json.loads((tmp_path / "s/bundle.json").read_text())
    assert [row["system"] for row in told["targets"]] == ["windows", "linux"]


def test_making_it_again_mends_what_is_damaged(course, store, stick):
    wheel = next((stick / "wheels").glob("sympy-*.whl"))
    wheel.write_bytes(wheel.read_bytes()[:-4] + b"????")
    weights = stick / "course/data/weights/w.safetensors"
    weights.write_text("WEIGHTS")
    (stick / "course/lessons/00_old.ipynb").write_text("of an earlier version")
    tiny_wheel(stick / "wheels", "of-an-earlier-version")
    make_bundle(plan_for(course, stick), silent, store)
    told = offline_install.read_list(stick)
    assert offline_install.damaged(stick, told["files"]) == []
    assert weights.read_text() == "weights"
    assert not (stick / "course/lessons/00_old.ipynb").exists()
    assert "of_an_earlier_version" not in wheel_names(stick)


def test_an_interrupted_run_goes_on(course, store, tmp_path):
    class Unplugged(Exception):  # noqa: N818
        pass

    def until_scipy(lines, target, folder, extra):
        if any(line.startswith("scipy") for line in lines):
            raise Unplugged
        return store(lines, target, folder, extra)

    with pytest.raises(Unplugged):
        make_bundle(plan_for(course, tmp_path / "s"), silent, until_scipy)
    assert any((tmp_path / "s/wheels").glob("torch-*.whl"))
    store.asked.clear()
    make_bundle(plan_for(course, tmp_path / "s"), silent, store)
    assert not any(line.startswith("torch") for line in store.asked)
    assert "scipy" in wheel_names(tmp_path / "s")


def test_an_installed_package_without_the_whole_course_is_refused(tmp_path):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "01_a.ipynb").write_text("{}")
    with pytest.raises(InputError, match=r"not the whole course.*--course"):
        plan_for(CourseFolder(tmp_path), tmp_path / "stick")


def test_another_folder_is_not_touched(course, tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(InputError, match="something else than a bundle"):
        plan_for(course, tmp_path)


def test_a_small_disk_is_refused_before_anything_is_written(
    course, store, tmp_path, monkeypatch
):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(
        bundle.shutil, "disk_usage", lambda _path: usage._replace(free=10**8)
    )
    with pytest.raises(InputError, match=r"Only 0\.1 GB are free"):
        make_bundle(plan_for(course, tmp_path / "s"), silent, store)
    assert not (tmp_path / "s").exists()


def test_the_command_says_how_large_it_will_be(tmp_path, capsys):
    stick = tmp_path / "stick"
    assert main(["classroom", "bundle", str(stick), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "Windows (Intel, AMD), Python" in said
    assert "MB, and wheels, about 1.0 GB" in said
    assert not stick.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--systems", "beos"], "There is no system 'beos'"),
        (["--systems", ""], "needs a system"),
        (["--pythons", "2.7"], "too old"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, capsys, arguments, words):
    assert main(["classroom", "bundle", str(tmp_path / "s"), *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


# --- installing ----------------------------------------------------------------------


def test_only_what_this_system_uses_is_looked_at(monkeypatch):
    places = [
        "course/course.py",
        "wheels/click-1-py3-none-any.whl",
        "wheels/av-1-cp311-cp311-win_amd64.whl",
        "wheels/av-1-cp311-cp311-macosx_12_0_arm64.whl",
        "wheels/av-1-cp311-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    ]
    for system, last in (("win32", 2), ("darwin", 3), ("linux", 4)):
        monkeypatch.setattr(offline_install.sys, "platform", system)
        used = [place for place in places if offline_install.is_for_here(place)]
        assert used == [*places[:2], places[last]]


def spoilt_list(stick, change):
    told = json.loads((stick / "bundle.json").read_text())
    change(told)
    (stick / "bundle.json").write_text(json.dumps(told))


@pytest.mark.parametrize(
    "place", ["../../evil", "/etc/evil", "course/../../evil", "C:\\evil", "c:/evil"]
)
def test_a_list_that_points_outside_is_refused(stick, place, tmp_path):
    facts = {"bytes": 1, "sha256": "0" * 64}
    spoilt_list(stick, lambda told: told["files"].update({place: facts}))
    with pytest.raises(offline_install.BundleError, match="missing or damaged"):
        offline_install.install(stick, tmp_path / "home")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}', '{"files": {}}'])
def test_a_damaged_list_is_one_sentence(stick, text, tmp_path):
    (stick / "bundle.json").write_text(text)
    with pytest.raises(offline_install.BundleError, match="copy the bundle again"):
        offline_install.install(stick, tmp_path / "home")


def test_a_bundle_for_other_computers_says_for_which(stick, tmp_path):
    other = [{"system": "windows", "python": "3.99"}]
    spoilt_list(stick, lambda told: told.update(targets=other))
    with pytest.raises(offline_install.BundleError, match=r"windows with Python 3\.99"):
        offline_install.install(stick, tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_flipped_bit_is_found_before_anything_is_installed(
    stick, tmp_path, monkeypatch
):
    monkeypatch.setattr(offline_install, "refuse_foreign", lambda _targets: None)
    damaged = stick / "course/data/weights/w.safetensors"
    damaged.write_text("weightz")
    with pytest.raises(offline_install.BundleError, match=r"w\.safetensors of this"):
        offline_install.install(stick, tmp_path / "home")
    assert list((tmp_path / "home").iterdir()) == []


def test_the_course_installs_from_the_stick_and_goes_on_after_an_interruption(
    course, store, tmp_path
):
    stick, home = tmp_path / "a stick", tmp_path / "the home"
    make_bundle(Plan(course, stick, (HERE,)), silent, store)
    (home / "my_work").mkdir(parents=True)
    (home / "my_work/answer.txt").write_text("mine")
    (home / ".course.py.part").write_text("half of a fi")
    # A closed door for whoever tries the network all the same.
    closed = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, str(stick / "install.py"), str(home)],
        capture_output=True,
        text=True,
        env=os.environ | closed,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "-- Ready after" in done.stdout
    assert "no numba on this system" in done.stdout  # the optional one without a wheel
    python = home / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    show = "import deepcomposer_edu, torch; print(deepcomposer_edu.__file__)"
    there = subprocess.run(
        [str(python), "-c", show], capture_output=True, text=True, cwd=tmp_path
    )
    assert there.stdout.strip() == str(home / "deepcomposer_edu/__init__.py")
    assert (home / "my_work/answer.txt").read_text() == "mine"
    assert any(home.glob("start.*"))

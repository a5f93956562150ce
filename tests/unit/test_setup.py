"""Setting up: what is recognised, what is said, what a learner's folder keeps."""

import ast
import importlib.metadata
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import constraints
import environment
import inside_venv
import installing
import pip_words
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from started_lab import listening, started_lab

import course
from deepcomposer_edu import doctor, lab
from deepcomposer_edu.course import copies

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text("utf-8")


# --- before anything runs ------------------------------------------------------------


def test_an_old_python_can_read_course_py_and_is_told():
    source = (ROOT / "course.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    first = next(i for i, node in enumerate(tree.body) if isinstance(node, ast.If))
    before = [ast.unparse(node) for node in tree.body[1:first]]
    assert before == ["import sys"]
    assert "Python 3.11 or newer" in ast.unparse(tree.body[first])


def test_setting_up_needs_the_standard_library_only():
    own = {"bench", "environment", "inside_venv", "installing", "pip_words"}
    for path in (ROOT / "course.py", *(ROOT / "tools" / f"{n}.py" for n in own)):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module.split(".")[0]}
            else:
                continue
            assert names <= sys.stdlib_module_names | own, path


def test_benchmarks_are_listed_and_an_unknown_one_is_refused(capsys):
    assert course.main(["bench"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()[:-2]]
    scripts = {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    assert {"synth", "wgan_quality", "originals"} <= set(listed) <= scripts
    assert "original_nets" not in listed  # a part of another one
    assert course.main(["bench", "synth", "speed"]) == 2
    assert "no benchmark 'speed'" in capsys.readouterr().out


def test_the_doctor_answers_from_a_python_without_packages(tmp_path):
    for name in ("course.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(
        ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__")
    )
    answer = subprocess.run(
        [sys.executable, "-S", "-E", str(tmp_path / "course.py"), "doctor"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert answer.returncode == 1
    assert "not made yet -> run: python course.py setup" in answer.stdout
    assert answer.stderr == ""


# --- is the set-up finished? ---------------------------------------------------------


@pytest.fixture
def project(tmp_path):
    """A folder with a copy of what the fingerprint reads."""
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_a_finished_set_up_is_recognised(project):
    environment.write_stamp({"fingerprint": "f", "extras": ["midi"]}, project)
    stamp = environment.read_stamp(project)
    assert environment.is_ready(stamp, "f", {"midi"})
    assert not environment.is_ready(stamp, "g", {"midi"})


def test_the_test_tools_are_still_wanted_after_a_set_up_without():
    stamp = {"fingerprint": "f", "extras": ["midi"], "unavailable": []}
    assert not environment.is_ready(stamp, "f", {"midi", "test"})


def test_an_extra_that_this_system_cannot_have_is_not_tried_on_every_start():
    stamp = {"fingerprint": "f", "extras": ["test"], "unavailable": ["midi"]}
    assert environment.is_ready(stamp, "f", {"midi", "test"})


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"f"'])
def test_a_damaged_stamp_counts_as_none(tmp_path, text):
    (tmp_path / "course.json").write_text(text)
    assert environment.read_stamp(tmp_path) == {}


def test_the_fingerprint_follows_dependencies_and_pins(project):
    before = environment.fingerprint("3.11", project)
    assert environment.fingerprint("3.11", project) == before
    assert environment.fingerprint("3.12", project) != before
    pins = project / "constraints.txt"
    pins.write_text(pins.read_text("utf-8") + "another==1\n", encoding="utf-8")
    after_pin = environment.fingerprint("3.11", project)
    assert after_pin != before
    told = project / "pyproject.toml"
    text = told.read_text("utf-8")
    told.write_text(text.replace('"scipy>=', '"another", "scipy>='), encoding="utf-8")
    assert environment.fingerprint("3.11", project) != after_pin


def test_the_fingerprint_does_not_care_about_style_rules(project):
    before = environment.fingerprint("3.11", project)
    told = project / "pyproject.toml"
    text = told.read_text("utf-8")
    told.write_text(
        text.replace("line-length = 88", "line-length = 99"), encoding="utf-8"
    )
    assert environment.fingerprint("3.11", project) == before


def test_line_ends_do_not_change_the_fingerprint(project):
    before = environment.fingerprint("3.11", project)
    pins = project / "constraints.txt"
    pins.write_bytes(pins.read_bytes().replace(b"\n", b"\r\n"))
    assert environment.fingerprint("3.11", project) == before


def test_a_venv_whose_python_is_gone_is_damaged(tmp_path):
    python = inside_venv.venv_python(tmp_path)
    python.parent.mkdir(parents=True)
    python.write_text("not a program")
    assert inside_venv.ask_python("print(1)", tmp_path) is None


@pytest.mark.parametrize("name", ["PYTHONPATH", "PIP_TARGET"])
def test_other_packages_than_the_courses_own_do_not_reach_its_programs(
    name, monkeypatch
):
    monkeypatch.setenv(name, "elsewhere")
    assert name not in inside_venv.child_environment()


def test_programs_keep_what_they_compile(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in inside_venv.child_environment()


# --- the right torch -----------------------------------------------------------------


def no_program(name):
    return None


def test_a_machine_without_a_driver_has_no_nvidia_gpu(tmp_path):
    assert not installing.has_nvidia_gpu(tmp_path, no_program)


@pytest.mark.parametrize("sign", ["dev/nvidia0", "proc/driver/nvidia/version"])
def test_a_driver_means_a_gpu(tmp_path, sign):
    (tmp_path / sign).parent.mkdir(parents=True)
    (tmp_path / sign).touch()
    assert installing.has_nvidia_gpu(tmp_path, no_program)


def test_the_nvidia_tool_means_a_gpu(tmp_path):
    assert installing.has_nvidia_gpu(tmp_path, lambda name: f"/usr/bin/{name}")


def test_the_pinned_version_is_read_from_the_constraints():
    assert installing.pinned_version("torch", "a==1\ntorch==2.9\nb==2") == "2.9"
    with pytest.raises(pip_words.SetupError, match="does not pin torch"):
        installing.pinned_version("torch", "pytorch-x==1\n")


def test_an_index_that_never_answers_is_given_up_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert not installing.answers_within(address, 0.3)


def test_an_index_that_cannot_be_looked_up_is_given_up():
    assert not installing.answers_within("http://index.invalid/", 2)


# --- what is said --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        (
            "WARNING: Retrying after <x>: [Errno -3] Temporary failure in name "
            "resolution\nERROR: No matching distribution found for numpy",
            "check the network connection",
        ),
        ("ERROR: No matching distribution found for torch==2.13.0", "build of torch"),
        ("ERROR: ResolutionImpossible: for help visit", "do not fit together"),
        ("ERROR: [Errno 13] Permission denied: '.venv/x'", "cannot be written"),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED'))", "clock"),
        ("ERROR: Something odd", "Something odd"),
        ("", "no output"),
    ],
)
def test_a_failed_installation_names_its_cause(output, advice):
    sentence = pip_words.explain_failure(output)
    assert advice in sentence
    assert "\n" not in sentence


@given(st.text())
def test_any_output_gives_one_sentence(output):
    sentence = pip_words.explain_failure(output)
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("Collecting numpy>=2.0 (from x)", "finding numpy"),
        ("  Downloading numpy-2.4.6-cp311.whl (18.2 MB)", "fetching numpy (18.2 MB)"),
        ("  Downloading https://h/a/python_dateutil-2.9.0-py2.py3-none-any.whl (9 kB)",
         "fetching python_dateutil (9 kB)"),
        ("WARNING: Retrying (Retry(total=4)) after", "waiting for the network"),
        ("  Using cached numpy-2.4.6.whl", None),
        ("", None),
    ],
)  # fmt: skip
def test_progress_says_what_pip_does(line, meaning):
    assert pip_words.short_form(line) == meaning


def test_a_full_disk_is_refused_before_anything_is_made(tmp_path, monkeypatch, capsys):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(
        environment.shutil, "disk_usage", lambda _path: usage._replace(free=10**9)
    )
    with pytest.raises(pip_words.SetupError, match=r"Only 1\.0 GB are free"):
        environment.make_venv()
    assert not (tmp_path / ".venv").exists()


def test_a_missing_file_of_the_course_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(installing, "PYPROJECT", tmp_path / "pyproject.toml")
    monkeypatch.setattr(
        course, "set_up", lambda *_, **__: (tmp_path / "gone").read_text()
    )
    assert course.main(["setup"]) == 2
    assert "gone is missing: get the course again" in capsys.readouterr().err


# --- the learner's folder ------------------------------------------------------------


def write_notebook(path, *sources, outputs=()):
    cells = [
        {
            "cell_type": "code",
            "source": source,
            "outputs": list(outputs),
            "execution_count": len(outputs) or None,
            "metadata": {},
        }
        for source in sources
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def first_source(path):
    return json.loads(path.read_text("utf-8"))["cells"][0]["source"]


@pytest.fixture
def folders(tmp_path):
    """Lessons with one notebook, already copied to the learner's folder."""
    lessons, work = tmp_path / "lessons", tmp_path / "my_work"
    write_notebook(lessons / "01_a.ipynb", "version 1")
    assert copies.sync_lessons(lessons, work) == []
    return lessons, work


def test_lessons_are_copied(folders):
    assert first_source(folders[1] / "01_a.ipynb") == "version 1"


def test_an_unchanged_copy_follows_the_course(folders):
    lessons, work = folders
    write_notebook(lessons / "01_a.ipynb", "version 2")
    said = copies.sync_lessons(lessons, work)
    assert first_source(work / "01_a.ipynb") == "version 2"
    assert len(said) == 1
    assert copies.sync_lessons(lessons, work) == []


def test_running_a_lesson_does_not_count_as_changing_it(folders):
    lessons, work = folders
    write_notebook(work / "01_a.ipynb", "version 1", outputs=["a picture"])
    write_notebook(lessons / "01_a.ipynb", "version 2")
    copies.sync_lessons(lessons, work)
    assert first_source(work / "01_a.ipynb") == "version 2"


def test_an_answer_is_never_overwritten(folders):
    lessons, work = folders
    write_notebook(work / "01_a.ipynb", "my answer")
    write_notebook(lessons / "01_a.ipynb", "version 2")
    said = copies.sync_lessons(lessons, work)
    assert first_source(work / "01_a.ipynb") == "my answer"
    assert first_source(work / "01_a.new.ipynb") == "version 2"
    assert "01_a.new.ipynb" in said[0]
    assert copies.sync_lessons(lessons, work) == []


def test_an_answer_in_the_new_version_is_not_overwritten_either(folders):
    lessons, work = folders
    write_notebook(work / "01_a.ipynb", "my answer")
    write_notebook(lessons / "01_a.ipynb", "version 2")
    copies.sync_lessons(lessons, work)
    write_notebook(work / "01_a.new.ipynb", "my second answer")
    write_notebook(lessons / "01_a.ipynb", "version 3")
    copies.sync_lessons(lessons, work)
    assert first_source(work / "01_a.ipynb") == "my answer"
    assert first_source(work / "01_a.new.ipynb") == "my second answer"
    assert first_source(work / "01_a.new.2.ipynb") == "version 3"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda copy: copy.write_text("{ torn"), "is damaged"),
        (lambda copy: copy.write_bytes(b""), "is damaged"),
        (lambda copy: copy.write_text('{"cells": [3]}'), "is damaged"),
        (lambda copy: (copy.unlink(), copy.mkdir()), "cannot be read"),
        (lambda copy: (copy.unlink(), copy.symlink_to("gone")), "cannot be read"),
    ],
    ids=["torn", "empty", "odd cells", "a folder", "a link to nothing"],
)
def test_beside_a_copy_that_does_not_open_lies_a_fresh_one(folders, wrong, words):
    lessons, work = folders
    wrong(work / "01_a.ipynb")
    for _ in range(2):  # said at each start, copied once
        (said,) = copies.sync_lessons(lessons, work)
        assert words in said
        assert "01_a.new.ipynb" in said
    assert first_source(work / "01_a.new.ipynb") == "version 1"
    write_notebook(work / "01_a.new.ipynb", "my answer")
    copies.sync_lessons(lessons, work)
    assert first_source(work / "01_a.new.ipynb") == "my answer"
    assert len(list(work.glob("*.ipynb"))) == 2


def test_an_untouched_new_version_is_replaced_by_a_newer_one(folders):
    lessons, work = folders
    write_notebook(work / "01_a.ipynb", "my answer")
    for version in ("version 2", "version 3"):
        write_notebook(lessons / "01_a.ipynb", version)
        copies.sync_lessons(lessons, work)
    assert first_source(work / "01_a.new.ipynb") == "version 3"
    assert not (work / "01_a.new.2.ipynb").exists()


def test_a_deleted_copy_comes_back(folders):
    lessons, work = folders
    (work / "01_a.ipynb").unlink()
    copies.sync_lessons(lessons, work)
    assert first_source(work / "01_a.ipynb") == "version 1"


@pytest.mark.parametrize("notes", ["", "{", "[]", '{"given": 3}'])
def test_lost_notes_cost_no_answer(folders, notes):
    lessons, work = folders
    write_notebook(work / "01_a.ipynb", "my answer")
    (work / copies.NOTES_NAME).write_text(notes)
    copies.sync_lessons(lessons, work)
    assert first_source(work / "01_a.ipynb") == "my answer"


def test_a_copy_that_is_no_notebook_any_more_is_kept(folders):
    lessons, work = folders
    (work / "01_a.ipynb").write_text("{ broken")
    write_notebook(lessons / "01_a.ipynb", "version 2")
    copies.sync_lessons(lessons, work)
    assert (work / "01_a.ipynb").read_text() == "{ broken"


@given(st.lists(st.sampled_from(["edit", "edit new", "update", "lose notes"])))
def test_no_order_of_events_loses_an_answer(tmp_path_factory, events):
    tmp_path = tmp_path_factory.mktemp("sync")
    lessons, work = tmp_path / "lessons", tmp_path / "my_work"
    write_notebook(lessons / "01_a.ipynb", "version 0")
    copies.sync_lessons(lessons, work)
    answers = []
    for number, event in enumerate(events):
        if event == "update":
            write_notebook(lessons / "01_a.ipynb", f"version {number}")
        elif event == "lose notes":
            (work / copies.NOTES_NAME).unlink(missing_ok=True)
        else:
            name = "01_a.ipynb" if event == "edit" else "01_a.new.ipynb"
            if (work / name).exists():
                kept = first_source(work / name)
                answer = f"{kept} answer {number}"
                answers = [a for a in answers if a != kept] + [answer]
                write_notebook(work / name, answer)
        copies.sync_lessons(lessons, work)
        found = {first_source(path) for path in work.glob("*.ipynb")}
        assert set(answers) <= found


def test_the_lab_listens_to_this_computer_only():
    command = lab.lab_command(Path("w"), 8123, opens_browser=False, page="/lab")
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--ServerApp.port=8123" in command
    assert "--no-browser" in command
    assert not any("token" in argument.lower() for argument in command)


def test_the_lab_starts_asks_for_its_token_and_shows_the_learners_folder(tmp_path):
    with started_lab("deepcomposer_edu.lab", f"--work={tmp_path}") as lab_here:
        address = f"{lab_here.url}/api/contents"
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address, timeout=10)
        with urllib.request.urlopen(
            f"{address}?token={lab_here.token}", timeout=10
        ) as answer:
            names = {entry["name"] for entry in json.load(answer)["content"]}
        # a page elsewhere that gives its own name this computer's address
        told = {"Host": "example.org", "Authorization": f"token {lab_here.token}"}
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(
                urllib.request.Request(address, headers=told), timeout=10
            )
        del told["Host"]  # and a kernel, which listens, too
        kernels = f"{lab_here.url}/api/kernels"
        urllib.request.urlopen(
            urllib.request.Request(kernels, b"{}", headers=told), timeout=30
        ).close()
        assert listening(lab_here.pid) == {"127.0.0.1"}
    lessons = {path.name for path in (ROOT / "lessons").glob("*.ipynb")}
    languages = {path.parent.name for path in (ROOT / "lessons").glob("??/*.ipynb")}
    assert names == lessons | languages | {"paths"}


# --- the same packages everywhere ----------------------------------------------------


def requirements(lines):
    return {canonicalize_name((r := Requirement(line)).name): r for line in lines}


def test_every_dependency_is_pinned_inside_its_range():
    pins = requirements(re.findall(r"^[\w.-]+==\S+$", CONSTRAINTS, re.MULTILINE))
    wanted = list(PROJECT["dependencies"])
    for extra in PROJECT["optional-dependencies"].values():
        wanted += extra
    for name, requirement in requirements(wanted).items():
        (pin,) = pins[name].specifier
        assert requirement.specifier.contains(pin.version), name


def test_constraints_hold_pins_only():
    lines = [line for line in CONSTRAINTS.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in lines)


def test_every_pin_installs_on_the_oldest_python():
    names = [line.split("==")[0] for line in CONSTRAINTS.splitlines() if "==" in line]
    there = {canonicalize_name(d.name) for d in importlib.metadata.distributions()}
    assert constraints.too_new_for("3.11.0", [n for n in names if n in there]) == []


def test_conda_installs_what_pip_installs():
    conda_names = {"pytorch": "torch", "matplotlib-base": "matplotlib"}
    rows = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    from_pip = next(row["pip"] for row in rows if isinstance(row, dict))
    lines = [row for row in rows if isinstance(row, str)] + from_pip
    found = {}
    for line in lines:
        name, limits = re.fullmatch(r"([\w-]+)([^\w-].*)?", line).groups()
        found[canonicalize_name(conda_names.get(name, name))] = limits or ""
    assert found.pop("python") == PROJECT["requires-python"]
    assert found.pop("pip") == ""
    del found["-e"]
    wanted = list(PROJECT["dependencies"])
    for extra in installing.OPTIONAL:
        wanted += PROJECT["optional-dependencies"][extra]
    assert found == {
        name: line.removeprefix(requirement.name)
        for line in wanted
        for name, requirement in requirements([line]).items()
    }


def test_every_package_folder_is_packaged():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = set(tomllib.loads(text)["tool"]["setuptools"]["packages"])
    folders = {p.parent for p in (ROOT / "deepcomposer_edu").rglob("*.py")}
    folders |= {
        p.parent
        for p in (ROOT / "widgets").rglob("*.py")
        if "node_modules" not in p.parts
    }
    there = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    there = {re.sub("^widgets", "deepcomposer_edu.widgets", name) for name in there}
    without_code = {"data", "docs.paths", "lessons", "solutions"}
    assert listed - {f"deepcomposer_edu.{name}" for name in without_code} == there


def test_the_installed_version_is_the_one_in_the_source():
    import deepcomposer_edu

    assert (
        importlib.metadata.version("deepcomposer-edu") == deepcomposer_edu.__version__
    )


# --- the doctor ----------------------------------------------------------------------


def test_a_finding_is_one_line_with_what_to_do():
    line = str(doctor.Finding("torch", "torch is missing", "missing", "run: setup"))
    assert line.startswith("MISSING")
    assert line.endswith("-> run: setup")
    assert "\n" not in line


def test_a_check_that_breaks_down_hides_no_other(monkeypatch):
    def broken():
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr(
        doctor, "CHECKS", (("one", broken), ("two", doctor.check_encoders))
    )
    first, second = doctor.examine()
    assert (first.name, first.verdict) == ("one", "missing")
    assert "\n" not in str(first)
    assert second.verdict == "ok"


def test_damaged_weights_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "data_dir", lambda: tmp_path)
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "w.safetensors").write_bytes(b"not the weights")
    (folder / "w.json").write_text(json.dumps({"sha256": "0" * 64}))
    finding = doctor.check_weights()
    assert finding.verdict == "missing"
    assert "missing or damaged: w" in finding.found


@pytest.mark.parametrize(
    ("given", "last", "status"),
    [
        ([], "Everything the course needs is there.", 0),
        (["--missing"], "See -> above.", 1),  # what course.py itself has found
    ],
)
def test_the_last_line_agrees_with_those_above(
    monkeypatch, capsys, given, last, status
):
    monkeypatch.setattr(doctor, "CHECKS", (("two", doctor.check_encoders),))
    assert doctor.main(given) == status
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_what_a_c_library_writes_by_itself_stays_out_of_the_doctors_list(
    monkeypatch, capfd
):
    def names():
        os.write(2, b"ALSA lib seq_hw.c:466: no such file\n")
        raise OSError("no sequencer")

    monkeypatch.setattr("mido.get_input_names", names)
    assert doctor.check_midi_ports().verdict == "optional"
    assert capfd.readouterr().err == ""
    os.write(2, b"heard again")
    assert capfd.readouterr().err == "heard again"


def test_the_doctor_finds_everything_here():
    lacking = [str(f) for f in doctor.examine() if f.verdict == "missing"]
    assert lacking == []

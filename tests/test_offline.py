"""The course runs with the network off: nothing asks another machine for anything."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Names that look like addresses and are never fetched: XML namespaces and schemas.
NAMESPACES = re.compile(r"https?://(www\.)?(w3\.org|json-schema\.org)/")

IMPORT_EVERYTHING = """
import importlib, pkgutil
import deepcomposer_edu, deepcomposer_edu.widgets
for package in (deepcomposer_edu, deepcomposer_edu.widgets):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""

COMPOSE = """
import sys
from deepcomposer_edu.cli.main import main
sys.exit(main(["compose", "ode-to-joy", "-o", sys.argv[1]]))
"""

TRAIN_AND_JUDGE = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
from pathlib import Path
from challenge_entries import put_entry
from tiny_training import train
from deepcomposer_edu.challenge.reading import read_entry
from deepcomposer_edu.cli.main import main
folder = Path(sys.argv[1])
train(folder / "run", 2)
train(folder / "run", 3, resume=True)
read_entry(put_entry(folder, "entry.zip"))
(folder / "class").mkdir()
sys.exit(main(["classroom", "dashboard", sys.argv[1] + "/class", "-o",
               sys.argv[1] + "/class.html"]))
"""

LISTEN_AND_LOOK = """
import sys
from pathlib import Path
import matplotlib.pyplot as plt
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune, tune_names
from deepcomposer_edu.music.audio import write_mp3, write_wav
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.musicxml import write_musicxml
from deepcomposer_edu.music.synth import render
from deepcomposer_edu.viz.rolls import plot_pianoroll
from deepcomposer_edu.widgets import PianoKeyboard
folder = Path(sys.argv[1])
assert load_chorales("test")
score = load_tune(tune_names()[0])
audio = render(score)
write_wav(folder / "a.wav", audio, 44100)
write_mp3(folder / "a.mp3", audio, 44100)
write_midi(score, folder / "a.mid")
write_musicxml(score, folder / "a.musicxml")
plot_pianoroll(score)
plt.savefig(folder / "a.png")
PianoKeyboard()
"""


# Unpickling runs what a file says, so it is noted like a connection.
NO_PICKLES = """
import os, sys
def _note(event, arguments):
    if event == "pickle.find_class":
        with open(os.environ["COURSE_NETWORK_LOG"], "a") as log:
            log.write(f"unpickled {arguments}\\n")
sys.addaudithook(_note)
"""


def run_watched(code, folder):
    """Run code in a fresh Python.

    Returns the process, and what it tried to connect with or took out of a pickle.
    """
    log = folder / "network.log"
    done = subprocess.run(
        [sys.executable, "-c", NO_PICKLES + code, str(folder)],
        capture_output=True,
        text=True,
        env=os.environ | {"COURSE_NETWORK_LOG": str(log)},
        cwd=folder,
    )
    return done, log.read_text("utf-8").splitlines() if log.exists() else []


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        "import socket; socket.create_connection(('2001:db8::1', 80), 1)",
        "import urllib.request; urllib.request.urlopen('http://example.org')",
        "import requests; requests.get('https://example.org')",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
        ".sendto(b'?', ('192.0.2.1', 53))",
    ],
)
def test_the_guard_refuses_and_notes_every_way_out(attempt, tmp_path):
    done, tried = run_watched(attempt, tmp_path)
    assert done.returncode != 0
    assert "the tests run offline" in done.stderr
    assert tried


def test_what_comes_out_of_a_pickle_is_noted(tmp_path):
    code = "import pickle, pathlib; pickle.loads(pickle.dumps(pathlib.Path('a')))"
    done, tried = run_watched(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "pathlib" in tried[0]


def test_the_guard_lets_programs_of_this_machine_talk(tmp_path):
    code = (
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(('localhost', server.getsockname()[1]), 5)\n"
        "socket.create_connection(server.getsockname(), 5)\n"
    )
    done, tried = run_watched(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert tried == []


@pytest.mark.parametrize(
    "code",
    [IMPORT_EVERYTHING, COMPOSE, LISTEN_AND_LOOK, TRAIN_AND_JUDGE],
    ids=["import", "compose", "listen", "train"],
)
def test_the_course_works_offline_and_asks_nobody(code, tmp_path):
    done, tried = run_watched(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert tried == []


def shipped_front_end():
    folders = (ROOT / "widgets", ROOT / "deepcomposer_edu")
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".js", ".css", ".html", ".svg"}
        and "node_modules" not in path.parts
    ]


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"(?m)^\s*//.*$", "", text)


def test_front_end_code_holds_no_address_to_fetch_from():
    files = shipped_front_end()
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files
        for match in re.finditer(
            r"""(?:https?:|wss?:|@import\s+["'(])//?[^\s"'`)]+""",
            without_comments(path.read_text("utf-8")),
        )
        if not NAMESPACES.match(match.group())
    ]
    assert files
    assert found == []


def notebooks():
    return [p for d in ("lessons", "solutions") for p in (ROOT / d).glob("*.ipynb")]


def test_lessons_need_no_address_to_run():
    code = {
        path.name: "".join(
            line
            for cell in json.loads(path.read_text("utf-8"))["cells"]
            if cell["cell_type"] == "code"
            for line in cell["source"]
        )
        for path in notebooks()
    }
    assert code
    fetching = r"https?://|\bpip install|urllib|requests\.|wget|curl "
    assert [name for name, text in code.items() if re.search(fetching, text)] == []


def test_no_dependency_is_fetched_by_the_package_itself():
    sources = [
        *(ROOT / "deepcomposer_edu").rglob("*.py"),
        *(ROOT / "widgets").glob("*.py"),
    ]
    fetching = r"^\s*(import|from) (urllib\.request|requests|httpx|aiohttp|ftplib)\b"
    found = [
        str(path.relative_to(ROOT))
        for path in sources
        if re.search(fetching, path.read_text("utf-8"), re.MULTILINE)
    ]
    assert found == []

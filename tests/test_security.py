"""Nothing that is read can run: no pickle, no eval, no shell."""

import ast
import json
import pickle
import re
import zipfile
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import torch
from challenge_entries import entry_files, zip_of
from tiny_run import write_tiny_run

from deepcomposer_edu.challenge.reading import read_entry
from deepcomposer_edu.corpora import cache
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.training.checkpoint import checkpoint_path, latest_checkpoint

ROOT = Path(__file__).resolve().parent.parent
# Modules that make objects, and so run code, from what they read.
MAKERS = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "marshal"}
MAKERS |= {"shelve", "jsonpickle", "yaml"}
# Functions that do, or hand a text to a shell.
CALLS = {"eval", "exec", "compile", "__import__", "torch.load", "torch.save"}
CALLS |= {"os.system", "os.popen", "pandas.read_pickle", "joblib.load"}
CALLS |= {"torch.jit.load", "torch.hub.load", "torch.package.PackageImporter"}


def sources():
    folders = ["deepcomposer_edu", "widgets", "tools", "data/make", "solutions"]
    found = [p for f in folders for p in (ROOT / f).rglob("*.py")]
    found = [p for p in found if "node_modules" not in p.parts]
    return [*found, ROOT / "course.py", ROOT / "docs" / "hub" / "jupyterhub_config.py"]


def name_of(node):
    """Return a dotted name as text; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return ""


# A module without any of these need not be parsed.
HINT = re.compile(
    r"(?<![\w.])(eval|exec|compile|__import__)\(|pickle|dill|joblib|marshal|shelve|yaml"
    r"|torch\.(load|save|jit|hub|package)|os\.(system|popen)|n(p|umpy)\.load|shell"
)


def dangers(text):
    """Yield what in a module could run what it reads."""
    if not HINT.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
            yield from sorted(names & MAKERS)
        elif isinstance(node, ast.ImportFrom):
            yield from sorted({(node.module or "").partition(".")[0]} & MAKERS)
        elif isinstance(node, ast.Call):
            options = {one.arg: one.value for one in node.keywords}
            called = name_of(node.func)
            if called in CALLS:
                yield called
            elif called in ("np.load", "numpy.load"):
                allowed = options.get("allow_pickle")
                if not (isinstance(allowed, ast.Constant) and allowed.value is False):
                    yield called
            elif "shell" in options:
                yield f"{called} with shell"


@pytest.mark.parametrize(
    ("line", "danger"),
    [
        ("import pickle", "pickle"),
        ("from joblib import load", "joblib"),
        ("torch.load('a', weights_only=True)", "torch.load"),
        ("np.load('a')", "np.load"),
        ("numpy.load('a', allow_pickle=True)", "numpy.load"),
        ("np.load('a', allow_pickle=False)", None),
        ("eval('1')", "eval"),
        ("network.eval()", None),
        ("re.compile('a')", None),
        ("subprocess.run('ls', shell=True)", "subprocess.run with shell"),
    ],
)
def test_the_look_through_the_sources_finds_what_it_looks_for(line, danger):
    assert next(dangers(line), None) == danger


def test_no_source_runs_what_it_reads():
    found = {
        path.relative_to(ROOT).as_posix(): list(dangers(path.read_text("utf-8")))
        for path in sources()
        if path.exists()
    }
    assert len(found) > 300
    assert {path: what for path, what in found.items() if what} == {}


def test_no_file_of_the_repository_is_a_pickle():
    folders = ("data", "deepcomposer_edu", "lessons", "solutions", "widgets")
    endings = {".pkl", ".pickle", ".pt", ".pth", ".bin", ".joblib", ".ckpt", ".npy"}
    found = [
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in endings and "node_modules" not in path.parts
    ]
    assert found == []


# --- hostile files


class Bomb:
    """Unpickled, it makes a folder: there for all to see."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return Path.mkdir, (self.marker,)


@pytest.fixture(name="marker")
def marker_fixture(tmp_path):
    """Return the folder that a bomb makes; a bomb that is unpickled does make it."""
    marker = tmp_path / "exploded"
    pickle.loads(pickle.dumps(Bomb(marker)))
    marker.rmdir()
    return marker


def as_pickle(bomb, path):
    path.write_bytes(pickle.dumps(bomb))


def as_torch(bomb, path):
    torch.save({"weights": bomb}, path)


def as_arrays(bomb, path):
    with path.open("wb") as file:
        np.savez(file, weights=np.array([bomb], dtype=object))


WRITERS = pytest.mark.parametrize("write", [as_pickle, as_torch, as_arrays])


@WRITERS
def test_weights_that_are_a_pickle_are_refused_unopened(write, marker, tmp_path):
    path = tmp_path / "own.safetensors"
    write(Bomb(marker), path)
    info = {"sha256": sha256(path.read_bytes()).hexdigest(), "config": {}}
    path.with_suffix(".json").write_text(json.dumps(info))
    with pytest.raises(InputError, match="is damaged"):
        load_weights("own", tmp_path)
    assert not marker.exists()


@WRITERS
def test_a_checkpoint_that_is_a_pickle_is_refused_unopened(write, marker, tmp_path):
    run = write_tiny_run(tmp_path / "run", steps=(10,))
    write(Bomb(marker), checkpoint_path(run, 10))
    with pytest.raises(InputError, match="None of the checkpoints"):
        latest_checkpoint(run)
    assert not marker.exists()


@WRITERS
def test_a_cache_that_is_a_pickle_is_built_anew(write, marker, tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "cache_dir", lambda: tmp_path)
    good = {"weights": np.arange(3)}
    digest = cache.content_digest(good)
    write(Bomb(marker), tmp_path / f"tunes-{digest[:12]}.npz")
    built = cache.cached_arrays("tunes", digest, lambda: good)
    assert built is good
    assert not marker.exists()


@pytest.mark.parametrize("name", ["entry.json", "card.json", "entry.mid", "entry.wav"])
def test_an_entry_of_the_contest_that_is_a_pickle_is_refused(name, marker, tmp_path):
    files = {**entry_files(), name: pickle.dumps(Bomb(marker))}
    path = tmp_path / "entry.zip"
    path.write_bytes(zip_of(files))
    assert name in zipfile.ZipFile(path).namelist()
    with pytest.raises(InputError):
        read_entry(path)
    assert not marker.exists()

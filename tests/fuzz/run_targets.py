"""Readers of weights and of run folders: settings, history, state, checkpoints."""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save
from tiny_run import write_tiny_predictor, write_tiny_run

from deepcomposer_edu.classroom.singers import read_singers
from deepcomposer_edu.compose.models import load_model
from deepcomposer_edu.compose.networks import make
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import read_json_lines
from deepcomposer_edu.models.choir import NOBODY, Choir, sing
from deepcomposer_edu.models.melody_rnn import MelodyNetwork, MelodyRNNConfig
from deepcomposer_edu.models.voice_file import save_voice
from deepcomposer_edu.models.voice_net import SINGS, VoiceConfig, VoiceNet
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.models.wgan import Generator, WGANConfig
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.training.beginning import fresh_network
from deepcomposer_edu.training.checkpoint import (
    checkpoints,
    latest_checkpoint,
    load_checkpoint,
    restore,
)
from deepcomposer_edu.training.follow import RunFollower, thinned
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.lineage import load_population
from deepcomposer_edu.training.predictor import Learner, read_settings
from deepcomposer_edu.training.state import RunState, read_state, write_state
from deepcomposer_edu.training.wgan_run import read_run
from deepcomposer_edu.viz.runs import load_run
from fuzz.music_targets import score
from fuzz.mutate import as_bytes, as_json, as_json_lines, either
from fuzz.target import Target, from_file

ROWS = b"""{"step": 1, "critic_loss": 0.5, "seconds": 0.1}
{"step": 2, "critic_loss": 0.25, "seconds": 0.1, "triad_rate": 0.6}
{"step": 3, "critic_loss": NaN, "seconds": 0.1}
"""
TURN = {"round": 1, "member": 0, "parent": 0, "score": 0.5, "settings": {"rate": 1}}
TINY = WGANConfig(
    n_pitches=12, n_steps=8, hidden_channels=8, critic_channels=8, noise_channels=1
)
as_record = either(as_json, as_json, as_json, as_bytes)


@cache
def _runs() -> dict[str, Path]:
    """Return a run of a tiny harmoniser and one of a tiny MelodyRNN."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-runs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    wgan = write_tiny_run(folder / "wgan", steps=(10,))
    return {"wgan": wgan, "rnn": write_tiny_predictor(folder / "rnn")}


def _new_run(folder: Path, name: str) -> Path:
    """Return a run folder with nothing in it but a sample."""
    run = folder / name
    (run / "samples").mkdir(parents=True, exist_ok=True)
    write_midi(score(), run / "samples" / "step_000001.mid")
    return run


def _run_in(folder: Path, which: str = "wgan") -> Path:
    """Return a copy of a run in a folder; what a reader changes in it is mended."""
    run = folder / which
    if not run.exists():
        shutil.copytree(_runs()[which], run)
    return run


# --- weights -------------------------------------------------------------------


def weight_seeds() -> list[bytes]:
    """Return tensor files: a few small tensors, and a whole generator."""
    few = {"a": torch.zeros(2, 3), "b": torch.ones(4, dtype=torch.int64)}
    return [save(few, {"step": "3"}), save(dict(Generator(TINY).state_dict()))]


def read_weights(data: bytes, folder: Path) -> None:
    """Read tensors whose hash is right, and make the network of them."""
    (folder / "wgan-x.safetensors").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    note = {"config": TINY.to_dict(), "sha256": digest}
    (folder / "wgan-x.json").write_text(json.dumps(note))
    found = load_weights("wgan-x", folder)
    named = {f"generator.{name}": x for name, x in found.tensors.items()}
    with suppress(InputError):  # tensors of something else
        make("wgan", TINY.to_dict(), named, "x", digest)


def read_weight_notes(data: bytes, folder: Path) -> None:
    """Read the notes beside tensors that are sound."""
    tensors = _small_tensors()
    (folder / "wgan-y.safetensors").write_bytes(tensors)
    (folder / "wgan-y.json").write_bytes(data)
    load_weights("wgan-y", folder)


@cache
def _small_tensors() -> bytes:
    return save({"a": torch.zeros(2)})


def weight_note_seeds() -> list[bytes]:
    """Return the notes beside small tensors."""
    digest = hashlib.sha256(_small_tensors()).hexdigest()
    return [json.dumps({"config": {}, "sha256": digest}).encode()]


def voice_seeds() -> list[bytes]:
    """Return a voice that was handed in, of a tiny network."""
    config = VoiceConfig("tenor", n_channels=2, n_layers=1, note_size=1)
    network = fresh_network(lambda: VoiceNet(config), seed=0)
    with tempfile.TemporaryDirectory() as folder:
        about = {"steps": 3, "right": 0.5}
        path = save_voice(Path(folder, "a.voice"), network, "Mina", about)
        return [path.read_bytes()]


def read_handed_in(path: Path) -> None:
    """Read a voice as a class's, and let it sing a bar."""
    (one,) = read_singers(path.parent).singers
    cast = np.full((4, 16), NOBODY)
    cast[SINGS[one.voice]] = 0
    sing(Choir([one.network], cast), Grid(np.full((4, 16), 60)), passes=2)


# --- run folders ------------------------------------------------------------------


def settings_seeds() -> list[bytes]:
    """Return the settings of a harmoniser's run and of a MelodyRNN's."""
    return [(run / "config.json").read_bytes() for run in _runs().values()]


def read_run_settings(data: bytes, folder: Path) -> None:
    """Read a run's settings in every way, and load the network with them."""
    n_refused, readers = 0, []
    for which in ("wgan", "rnn"):
        run = _run_in(folder, which)
        (run / "config.json").write_bytes(data)
        for path in checkpoints(run):
            path.touch()  # it is kept in memory as long as it looks the same
        readers.append(lambda run=run: load_model(run))
    readers.append(lambda: read_run(folder / "wgan"))
    readers.append(lambda: _goes_on(folder / "rnn"))
    readers += [
        lambda kind=kind: read_settings(folder / "wgan", kind)
        for kind in ("melody-rnn", "transformer")
    ]
    for read in readers:
        try:
            read()
        except InputError:
            n_refused += 1
    if n_refused == len(readers):
        raise InputError("refused by all")


def _goes_on(run: Path) -> None:
    """Begin again where a MelodyRNN's run stands, and take a step."""
    config, settings, seed = read_settings(run, "melody-rnn", _rnn_config)
    learner = Learner(
        fresh_network(lambda: MelodyNetwork(config), 0, run), settings, seed
    )
    state = latest_checkpoint(run)
    restore(state, learner.networks, {"adam": learner.adam}, learner.random)
    weight = next(learner.network.parameters())
    weight.grad = torch.ones_like(weight)
    learner.adam.step()


def _rnn_config(saved: dict[str, object]) -> MelodyRNNConfig:
    return MelodyRNNConfig(**saved)


def resumed_seeds() -> list[bytes]:
    """Return the checkpoint of a MelodyRNN's run, with Adam's moments of a weight."""
    path = checkpoints(_runs()["rnn"])[-1]
    whole = load_checkpoint(path).tensors
    shape = whole["network.lower.weight_ih_l0"].shape
    moments = {
        f"adam.0.{name}": torch.ones(shape) for name in ("exp_avg", "exp_avg_sq")
    }
    return [save({**whole, **moments, "adam.0.step": torch.ones(())}, {"step": "10"})]


def read_resumed(data: bytes, folder: Path) -> None:
    """Go on with a run from its only checkpoint."""
    run = _run_in(folder, "rnn")
    (run / "checkpoints" / "step_000010.safetensors").write_bytes(data)
    _goes_on(run)


def checkpoint_seeds() -> list[bytes]:
    """Return a small checkpoint, and one with a whole generator."""
    whole = {f"average.{k}": x for k, x in Generator(TINY).state_dict().items()}
    few = {"network.a": torch.zeros(2, 3), "random": torch.zeros(8, dtype=torch.uint8)}
    return [save(few, {"step": "10"}), save(whole, {"step": "10"})]


def read_checkpoint(data: bytes, folder: Path) -> None:
    """Read a run's only checkpoint, and load the network in it."""
    run = _run_in(folder)
    path = run / "checkpoints" / "step_000010.safetensors"
    path.write_bytes(data)
    latest_checkpoint(run)
    with suppress(InputError):  # tensors of something else
        load_model(run)
    load_checkpoint(path)


def read_history_file(data: bytes, folder: Path) -> None:
    """Read a run's history as the trainer, the pictures and the monitor do."""
    run = _new_run(folder, "history")
    (run / "metrics.jsonl").write_bytes(data)
    read_json_lines(run / "metrics.jsonl")
    history = History(run)
    history.keep_until(2)
    (run / "metrics.jsonl").write_bytes(data)
    news = RunFollower(run).news()
    json.dumps(thinned(news.rows, 2), allow_nan=False)
    load_run(run)


def read_state_file(path: Path) -> None:
    """Read where a run stands, and its data's own metrics, from one file."""
    run = path.parent
    (run / "reference.json").write_bytes(path.read_bytes())
    RunFollower(run).news()
    if read_state(run) is None:
        raise InputError("no state")


def state_seeds() -> list[bytes]:
    """Return where a run stands, and a run's reference."""
    with tempfile.TemporaryDirectory() as folder:
        write_state(Path(folder), RunState("training", 100))
        return [(Path(folder) / "state.json").read_bytes()]


def read_reference(data: bytes, folder: Path) -> None:
    """Read what a run compares itself with."""
    run = _new_run(folder, "compared")
    (run / "metrics.jsonl").write_bytes(ROWS)
    (run / "reference.json").write_bytes(data)
    RunFollower(run).news()
    load_run(run)


def population_seeds() -> list[bytes]:
    """Return the plan of a population and a line of its family tree."""
    plan = {"ranges": {"generator_rate": [0.0001, 0.01]}, "seed": 0}
    plan |= {"metric": "triad_rate", "lower_is_better": False}
    return [json.dumps(plan).encode() + b"\n" + json.dumps(TURN).encode()]


def read_population(data: bytes, folder: Path) -> None:
    """Read a population: its plan is the first line, its family tree the rest."""
    plan, _, rest = data.partition(b"\n")
    (folder / "population.json").write_bytes(plan)
    (folder / "lineage.jsonl").write_bytes(rest)
    load_population(folder)


TARGETS = [
    Target(
        "weights",
        weight_seeds,
        read_weights,
        words=(b'"F32"', b'"shape"', b"data_offsets"),
        most=100_000,
    ),
    Target(
        "voice",
        voice_seeds,
        from_file(read_handed_in, "a.voice"),
        words=(b'"F16"', b'"shape"', b"data_offsets", b"config", b"about"),
        most=16_384,
    ),
    Target("notes of weights", weight_note_seeds, read_weight_notes, as_record),
    Target("run: settings", settings_seeds, read_run_settings, as_record),
    Target(
        "run: checkpoint",
        checkpoint_seeds,
        read_checkpoint,
        most=100_000,
        words=(b'"F32"', b'"shape"', b"__metadata__", b"data_offsets"),
    ),
    Target(
        "run: resumed",
        resumed_seeds,
        read_resumed,
        most=100_000,
        words=(b'"F32"', b'"shape"', b"adam.0.exp_avg", b"random.state"),
    ),
    Target(
        "run: history",
        lambda: [ROWS],
        read_history_file,
        either(as_json_lines, as_json_lines, as_bytes),
    ),
    Target(
        "run: state", state_seeds, from_file(read_state_file, "state.json"), as_record
    ),
    Target(
        "run: reference",
        lambda: [b'{"triad_rate": 0.6, "leaps": 1.5}'],
        read_reference,
        as_record,
    ),
    Target(
        "run: population",
        population_seeds,
        read_population,
        either(as_json_lines, as_json_lines, as_bytes),
    ),
]

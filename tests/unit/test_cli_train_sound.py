"""The command line: networks that make raw sound, alone and as a population."""

import json
import math
import re

import numpy as np
import pytest
import torch

from deepcomposer_edu.compose.own_training import sound_training
from deepcomposer_edu.compose.own_training.data_note import begin_note
from deepcomposer_edu.music.audio import write_wav
from deepcomposer_edu.training import ada, wavenet
from deepcomposer_edu.training.checkpoint import checkpoint_path
from deepcomposer_edu.training.lineage import load_population

TINY = {
    "wavenet": ("residual=4", "skip=4", "instrument_width=1"),
    "nsynth": ("residual=4", "skip=4"),
    "ada": ("residual=4", "skip=4", "hidden=8", "n_codes=4", "width=2"),
}
RECIPES = {"wavenet": "small", "nsynth": "usual", "ada": "vq"}


@pytest.fixture
def recordings(tmp_path):
    """Return a folder of six short tones by two instruments."""
    folder = tmp_path / "recordings"
    time = np.arange(4_000) / 8_000
    for i, name in enumerate(["flute", "flute", "flute", "horn", "horn", "horn"]):
        tone = 0.5 * np.sin(2 * math.pi * 440 * 2 ** (i / 12) * time)
        (folder / name).mkdir(parents=True, exist_ok=True)
        write_wav(folder / name / f"{i}.wav", tone.astype(np.float32), 8_000)
    return folder


@pytest.fixture
def run(run, tmp_path, monkeypatch):
    """Return a function that runs a command in a work folder of its own."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(wavenet, "generate", _silence)
    monkeypatch.setattr(ada, "SAMPLED", 1)
    return run


def options(name, folder, steps=2):
    found = ["--out", "mine", "--data", folder, "--recipe", RECIPES[name]]
    found += ["--steps", steps, "--seconds", "0.25", "--sample-every", "100"]
    return [*found, *(part for text in TINY[name] for part in ("--param", text))]


@pytest.mark.parametrize("name", ["wavenet", "ada"])
def test_it_learns_from_a_folder_and_a_resumed_run_is_the_same(
    run, tmp_path, recordings, name
):
    code, out, err = run("train", name, *options(name, recordings))
    assert code == 0, err
    assert (
        "sounds of 0.25 s at 8,000 samples a second to learn from (flute, horn)" in out
    )
    assert "samples, as WAV files" in out
    assert (tmp_path / "mine/samples/step_000002.wav").stat().st_size > 44
    whole = checkpoint_path(tmp_path / "mine", 2).read_bytes()
    (tmp_path / "mine").rename(tmp_path / "whole")
    begin_note(tmp_path / "mine", {"folder": "other"})  # of a try that never began
    # the same in two parts, each of them with a learning rate that falls for two steps
    one = [*options(name, recordings, 1), "--param", "cosine_steps=2"]
    assert run("train", name, *one)[0] == 0
    code, _, err = run("train", name, "--out", "mine", "--steps", "2", "--resume")
    assert code == 0, err
    assert checkpoint_path(tmp_path / "mine", 2).read_bytes() == whole


def test_a_run_whose_recordings_changed_is_not_gone_on_with(run, tmp_path, recordings):
    run("train", "ada", *options("ada", recordings, 1))
    next(recordings.rglob("*.wav")).unlink()
    code, _, err = run("train", "ada", "--out", "mine", "--steps", "2", "--resume")
    assert code == 2
    assert "are not what the run mine learned from" in err
    recordings.rename(tmp_path / "elsewhere")
    code, _, err = run("train", "ada", "--out", "mine", "--steps", "2", "--resume")
    assert code == 2
    assert "does not exist" in err


@pytest.mark.parametrize("name", TINY)
def test_what_it_would_learn_from_and_cost_is_told(run, tmp_path, recordings, name):
    code, out, err = run("train", name, *options(name, recordings, 50), "--check")
    assert code == 0, err
    assert re.search(r"About .* on this computer.*: 50 steps of", out)
    assert "few (the course's notes are hundreds)" in out
    assert "0.wav: 0.5 s, 2 sounds" in out
    assert not (tmp_path / "mine").exists()


def test_nsynth_needs_notes(run, tmp_path):
    noise = np.random.default_rng(0).normal(0, 0.1, 4_000).astype(np.float32)
    write_wav(tmp_path / "noise/1.wav", noise, 8_000)
    arguments = options("nsynth", tmp_path / "noise")
    code, _, err = run("train", "nsynth", *arguments)
    assert code == 2
    assert "has one steady pitch" in err
    assert err.count("\n") == 1


def test_a_population_is_trained_told_and_gone_on_with(run, tmp_path, recordings):
    arguments = ["--population", "2", "--rounds", "2", "--param", "average=0.5"]
    code, out, err = run("train", "ada", *options("ada", recordings, 4), *arguments)
    assert code == 0, err
    assert re.search(r"2 members with learning_rate .* to .*, commitment .* to", out)
    assert len(re.findall(r"round \d, member \d: loss \d", out)) == 4
    assert "The best after 2 rounds is member" in out
    settings = json.loads((tmp_path / "mine/config.json").read_text())
    assert settings["kind"] == "ada"
    code, out, err = run("train", "ada", "--out", "mine", "--rounds", "3", "--resume")
    assert code == 0, err
    assert load_population(tmp_path / "mine").n_rounds == 3
    assert checkpoint_path(tmp_path / "mine", 6).is_file()
    code, out, _ = run("models")
    assert re.search(r"mine@6 +sound +the run mine of ada after 6 steps", out)


def test_a_population_stopped_before_its_first_round_is_over_goes_on(
    run, tmp_path, recordings, monkeypatch
):
    from deepcomposer_edu.training import population

    def stop(*_):
        raise KeyboardInterrupt

    arguments = [*options("ada", recordings, 2), "--population", "2", "--rounds", "1"]
    with monkeypatch.context() as patch:
        patch.setattr(population, "exploit", stop)
        assert run("train", "ada", *arguments)[0] == 130
    assert not (tmp_path / "mine/config.json").exists()
    code, _, err = run("train", "ada", "--out", "mine", "--resume")
    assert code == 0, err
    assert load_population(tmp_path / "mine").n_rounds == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("writer", "--population", "4"), "--population and --ray are for wavenet"),
        (("wgan", "--ray", "local"), "--population and --ray are for wavenet"),
        (("ada", "--ray", "local"), "add --population 4"),
        (("ada", "--population", "1"), "must be 2 to 100 members"),
        (("ada", "--population", "2", "--rounds", "0"), "1 round or more"),
        (("ada", "--seconds", "2"), "--seconds is for a new run"),
        (("wavenet", "--data", "nowhere"), "nowhere does not exist"),
        (("ada", "--recipe", "argmx"), "did you mean argmax"),
        (("wavenet", "--tracks", "1"), "--tracks is for wgan and ar-cnn"),
        (("nsynth", "--text", "boat.txt"), "--text is for writer"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(run, arguments, words, monkeypatch):
    monkeypatch.setattr(sound_training, "prepare_sounds", _few_sounds)
    code, _, err = run("train", *arguments, "--out", "mine")
    assert code == 2
    assert words in err
    assert err.count("\n") == 1


def _silence(_network, n_samples, local, *_):
    return torch.full((len(local), n_samples), 128)


PREPARE = sound_training.prepare_sounds


def _few_sounds(plan, on_file=None):
    """Read a folder as usual; the course's notes would be made for many seconds."""
    if plan.folder is not None:
        return PREPARE(plan, on_file)
    from deepcomposer_edu.corpora.sounds import note_sounds

    sounds = note_sounds(8_000, 0.25, ("organ",), range(60, 66), (85,))
    return sound_training.PreparedSounds(plan, sounds)

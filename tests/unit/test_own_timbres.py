"""WaveNets of your own as instruments: found, named, heard, refused in a sentence."""

import json

import numpy as np
import pytest
import torch
from tiny_run import write_tiny_predictor
from typer.testing import CliRunner

from deepcomposer_edu.cli.main import app
from deepcomposer_edu.compose import compose, keep, model_places
from deepcomposer_edu.compose.export.instruments import for_export
from deepcomposer_edu.compose.instruments import instrument_names, with_instruments
from deepcomposer_edu.compose.models import find_model, load_model
from deepcomposer_edu.compose.raw_sound import rendering
from deepcomposer_edu.compose.raw_sound.own_timbres import own_timbre_names, spelt
from deepcomposer_edu.compose.raw_sound.rendering import render_raw
from deepcomposer_edu.compose.raw_sound.timbres import read_timbre, timbre_names
from deepcomposer_edu.compose.replay import replay
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.note_wavenet import NoteConfig, NoteWaveNet
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.training.checkpoint import save_checkpoint
from deepcomposer_edu.training.predictor import Learner, TrainingSettings

INSTRUMENTS = ("organ", "Glass, low")


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch):
    """Give every test a work folder, which is returned, and a current folder."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(model_places, "SEEN", {})
    rendering._cache.clear()
    return tmp_path / "work"


def write_voice(run, instruments=INSTRUMENTS, pitched=8, seed=0):
    """Write a run folder of a WaveNet that has learned nothing, and return it."""
    config = NoteConfig(instruments, dilations=(1, 2), residual=4, skip=4)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        learner = Learner(NoteWaveNet(config), TrainingSettings(), seed)
    run.mkdir(parents=True)
    content = {
        "kind": "wavenet",
        "config": config.to_dict(),
        "settings": {"learning_rate": 0.001},
        "seed": seed,
    }
    (run / "config.json").write_text(json.dumps(content))
    note = {"folder": None, "sounds": {"learn": 8, "judge": 0, "pitched": pitched}}
    (run / "data.json").write_text(json.dumps(note))
    save_checkpoint(run, 10, learner.networks, learner.optimisers, learner.random)
    return run


@pytest.fixture
def voice(work):
    return write_voice(work / "runs" / "voice")


def tune(n=1):
    notes = tuple(Note(2 * i, 60 + i, 1) for i in range(n))
    return Score((Track(notes),), tempo=240)


def test_a_run_by_folder_by_name_and_by_step_is_the_same_timbre(voice):
    named = ("voice", "voice@10", str(voice), f"{voice}@10", "runs/voice")
    for place in named:
        assert str(read_timbre(f"wavenet:{place}#organ")) == "wavenet:voice@10#organ"
    second = read_timbre("WaveNet: voice # Glass low")
    assert str(second) == "wavenet:voice@10#glass-low"
    assert read_timbre("wavenet:organ").own == ""  # the shipped one's


def test_what_means_something_in_a_timbre_is_spelt_otherwise():
    assert spelt("Glass, low#2+x*y:z ") == "glass-low-2-x-y-z"


def test_the_only_instrument_need_not_be_named(work):
    write_voice(work / "runs" / "alone", ("saw",))
    assert str(read_timbre("wavenet:alone")) == "wavenet:alone@10#saw"
    assert str(read_timbre("wavenet:runs/alone")) == "wavenet:alone@10#saw"


def test_it_stands_in_midi_as_what_it_is_called_or_as_a_piano(voice):
    assert read_timbre("wavenet:voice#organ").program == 19
    assert read_timbre("wavenet:voice#glass-low").program == 0


def test_its_notes_have_the_length_that_was_asked_for_and_another_runs_differ(
    voice, work
):
    write_voice(work / "runs" / "other", seed=1)
    ours, theirs, other = (
        render_raw(tune(), f"wavenet:{name}", rate=8_000)
        for name in ("voice#organ", "other#organ", "voice#glass-low")
    )
    seconds = 0.0625 + 0.2  # a sixteenth at 240, and the release
    assert len(ours) == pytest.approx(seconds * 8_000, abs=100)
    assert not np.array_equal(ours, theirs)
    assert not np.array_equal(ours, other)


def test_a_composition_says_whose_network_plays_and_can_be_replayed(voice, tmp_path):
    made = compose("ode-to-joy", "random", instruments="oboe, wavenet:voice#organ")
    raw = made.provenance["raw"]
    assert raw["timbres"] == ["", *["wavenet:voice@10#organ"] * 3]
    assert raw["weights"] == {"voice@10": load_model("voice@10").weight_sha256}
    assert str(voice.parent) not in json.dumps(made.provenance)  # no path of ours
    assert instrument_names(made)[1] == "WaveNet: voice@10#organ"
    files = made.save(tmp_path / "out", "json,mid")
    assert replay(files["json"]).provenance["raw"] == raw
    assert "raw" not in with_instruments(made, None).provenance
    exported = for_export(made.score, None, "wavenet:voice#organ")
    assert {str(timbre) for timbre in exported.timbres} == {"wavenet:voice@10#organ"}


def test_a_kept_one_has_the_same_sound_and_hash(voice):
    before = render_raw(tune(), "wavenet:voice#organ", rate=8_000)
    keep(voice, "my-voice")
    rendering._cache.clear()
    after = render_raw(tune(), "wavenet:my-voice#organ", rate=8_000)
    np.testing.assert_array_equal(before, after)
    hashes = {load_model(name).weight_sha256 for name in ("my-voice", "voice")}
    assert len(hashes) == 1
    assert find_model("my-voice").network == "wavenet"


def test_it_is_offered_in_menus_but_what_cannot_play_is_not(voice, work):
    write_voice(work / "runs" / "speech", ("talk",), pitched=0)
    write_tiny_predictor(work / "runs" / "fiddle")
    (write_voice(work / "runs" / "torn") / "config.json").write_text(
        '{"kind": "wavenet"}'
    )
    own = ["wavenet:voice@10#organ", "wavenet:voice@10#glass-low"]
    assert own_timbre_names() == own
    assert timbre_names()[-2:] == own
    keep(voice, "my-voice")
    assert own_timbre_names()[:2] == [
        "wavenet:my-voice#organ",
        "wavenet:my-voice#glass-low",
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("wavenet:nowhere#organ", "no model or run 'nowhere'"),
        ("wavenet:runs/nowhere", "no model or run"),
        ("wavenet:voice", "plays several instruments; write wavenet:voice@10#organ or"),
        ("wavenet:voice#orgon", "did you mean organ"),
        ("wavenet:voice@99#organ", "no checkpoint of step '99'"),
        ("wavenet:fiddle#organ", "is a network of melody-rnn, but a wavenet"),
        ("wavenet:bach#organ", "is a network of wgan, but a wavenet"),
        ("wavenet:speech#talk", "no steady pitch"),
        ("wavenet:torn#organ", "name no instruments"),
        ("nsynth:voice#organ", "write wavenet:voice"),
    ],
)
def test_what_cannot_play_is_refused_in_a_sentence(voice, work, text, word):
    write_voice(work / "runs" / "speech", ("talk",), pitched=0)
    write_tiny_predictor(work / "runs" / "fiddle")
    (write_voice(work / "runs" / "torn") / "config.json").write_text(
        '{"kind": "wavenet"}'
    )
    with pytest.raises(InputError, match=word):
        read_timbre(text)


def test_the_shell_lists_it_keeps_it_and_says_how_it_plays(voice):
    listed = CliRunner().invoke(app, ["models"])
    words = " ".join(listed.output.split())
    assert "Instruments of your own, for --instruments: wavenet:voice@10#organ" in words
    kept = CliRunner().invoke(app, ["keep", str(voice), "my-voice"])
    assert kept.exit_code == 0
    assert "--instruments wavenet:my-voice#organ" in " ".join(kept.output.split())
    listed = CliRunner().invoke(app, ["models"])
    assert "my-voice" in listed.output

"""The command line: one train command for every network."""

import json

import pytest

from deepcomposer_edu.cli.train_settings import changed_settings
from deepcomposer_edu.cli.trainable import TRAINABLE
from deepcomposer_edu.corpora import melodies
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.melodies import load_melodies
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.weights import TRAINABLE as NAMES_OF_WEIGHTS
from deepcomposer_edu.training import transformer

SMALL = {
    "writer": ("n_units=8", "embedding_size=4", "batch_size=2", "sequence_length=16"),
    "melody-rnn": ("n_units=8", "attention_units=4"),
    "transformer": ("n_channels=8", "n_layers=1", "n_heads=1", "note_size=4"),
}
TEXT = "Row, row, row your boat, gently down the stream.\n" * 20


@pytest.fixture
def run(run, tmp_path, monkeypatch):
    """Return a function that runs a command in a work folder of its own."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "boat.txt").write_text(TEXT)
    few = {split: load_melodies(split)[:8] for split in ("train", "valid")}
    monkeypatch.setattr(melodies, "load_melodies", few.get)
    pieces = {"chorale": load_chorales("valid")[:2]}
    monkeypatch.setattr(transformer, "pieces_of", lambda _split: pieces)
    return run


def options(name):
    found = ["--out", "mine", "--sample-every", "1"]
    return [*found, "--text", "boat.txt"] if name == "writer" else found


def small(name):
    return [part for text in SMALL[name] for part in ("--param", text)]


@pytest.mark.parametrize("name", SMALL)
def test_a_network_that_predicts_is_trained_and_resumed(run, tmp_path, name):
    code, out, err = run("train", name, *options(name), "--steps", "1", *small(name))
    assert code == 0, err
    assert "Trained to step 1" in out
    assert "valid_loss" in out
    code, _, err = run("train", name, *options(name), "--steps", "2", "--resume")
    assert code == 0, err
    rows = (tmp_path / "mine" / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(row)["step"] for row in rows] == [0, 1, 2]
    settings = json.loads((tmp_path / "mine" / "config.json").read_text())
    assert settings["kind"] == name
    for text in SMALL[name]:
        key, _, value = text.partition("=")
        assert settings["config"][key] == int(value)


def test_a_run_of_another_network_is_not_resumed(run):
    run("train", "writer", *options("writer"), "--steps", "1", *small("writer"))
    code, _, err = run("train", "wgan", "--out", "mine", "--resume")
    assert code == 2
    assert "holds a run of writer" in err
    assert "deepcomposer train writer" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("wgan", "--text", "boat.txt"), "--text is for writer"),
        (("writer", "--data", "."), "--data is for wgan"),
        (("writer", "--text", "no.txt"), "does not exist"),
        (("writer", "--recipe", "orginal"), "did you mean original"),
        (("melody-rnn", "--recipe", "basic"), "attention, lookback"),
        (("melody-rnn", "--param", "n_unit=4"), "did you mean n_units"),
        (("melody-rnn", "--param", "n_units=four"), "a whole number"),
        (("writer", "--param", "is_stateful=perhaps"), "true or false"),
        (("writer", "--param", "learning_rate=fast"), "a number"),
        (("writer", "--param", "learning_rate=-1"), "must be above 0"),
        (("writer", "--param", "precision=int8"), "float32 or bfloat16"),
        (("melody-rnn", "--resume"), "holds no run"),
        (("melody-rnn", "--resume", "--recipe", "lookback"), "--recipe was given"),
        (("writer", "--resume", "--param", "n_units=4"), "--param was given"),
        (("rwiter",), "did you mean writer"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(run, tmp_path, arguments, words):
    code, _, err = run("train", *arguments, "--out", "mine")
    assert code == 2
    assert words in err
    assert err.count("\n") == 1
    assert not (tmp_path / "mine").exists()


def test_a_text_that_is_too_short_is_one_sentence(run, tmp_path):
    (tmp_path / "short.txt").write_text("Hm.")
    code, _, err = run("train", "writer", "--out", "mine", "--text", "short.txt")
    assert code == 2
    assert "give a longer text" in err


def test_a_text_that_is_not_utf8_is_one_sentence(run, tmp_path):
    (tmp_path / "old.txt").write_bytes("Grün".encode("latin-1") * 99)
    code, _, err = run("train", "writer", "--out", "mine", "--text", "old.txt")
    assert code == 2
    assert "is not UTF-8" in err


def test_the_recipes_known_from_papers_can_be_chosen():
    config, settings = TRAINABLE["writer"].settings_of("original")
    sizes = (config.sequence_length, config.batch_size, config.embedding_size)
    assert (*sizes, config.n_units) == (100, 64, 256, 1024)
    assert settings.learning_rate == 1e-3
    config, _ = TRAINABLE["melody-rnn"].settings_of("lookback")
    assert config.variant == "lookback"


def test_settings_of_the_network_and_of_the_training_are_changed_by_name():
    config, settings = TRAINABLE["writer"].settings_of("usual")
    texts = ["n_units=12", "learning_rate=0.5", "is_stateful=no"]
    config, settings = changed_settings(config, settings, texts)
    assert (config.n_units, config.is_stateful) == (12, False)
    assert settings.learning_rate == 0.5


def test_a_setting_named_twice_is_refused():
    config, settings = TRAINABLE["writer"].settings_of("usual")
    with pytest.raises(InputError, match="given twice"):
        changed_settings(config, settings, ["n_units=1", "n_units=2"])


def test_the_help_says_what_can_be_trained(run):
    _, out, _ = run("train", "--help")
    assert all(f"  {one.name}: {one.summary}" in out for one in TRAINABLE.values())


def test_missing_weights_name_a_command_that_there_is():
    assert set(NAMES_OF_WEIGHTS) == set(TRAINABLE)

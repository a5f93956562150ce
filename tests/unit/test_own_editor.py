"""The AR-CNN on music of your own: plan, cost, run, and the run that goes on."""

import json
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from tiny_editor import FIRST, RECIPES_TINY, plan, train, write_quartets
from tiny_training import without_seconds

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.compose import compose, genre_names, keep, model_places, replay
from deepcomposer_edu.compose.own_training.editor_plan import n_excerpts
from deepcomposer_edu.compose.own_training.editor_recipes import (
    NETWORKS,
    RECIPES,
    n_numbers,
)
from deepcomposer_edu.compose.own_training.runs import (
    DATA_NOTE,
    EditorPlan,
    plan_of_run,
    prepare,
    resumed,
    train_own,
)
from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.corpora.folder_rules import FolderRules
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ar_cnn import load_ar_cnn
from deepcomposer_edu.training.checkpoint import checkpoint_path
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.widgets import TrainingMonitor

TESTS = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder(tmp_path):
    return write_quartets(tmp_path / "quartets")


# --- what is planned ---------------------------------------------------------


def test_a_folder_is_read_as_for_the_harmoniser_and_counted_in_excerpts(folder):
    prepared = prepare(plan(folder, n_steps=None, epochs=3))
    assert (len(prepared.learn), len(prepared.judge)) == (3, 1)
    assert prepared.n_excerpts == 3  # shorter than an excerpt: one each
    assert prepared.n_steps == 1  # 3 x 3 excerpts, 16 in a batch
    told = " ".join(prepared.sentences)
    assert "4 of 4 files are learned from." in told
    assert "3 pieces to learn from, 3 excerpts" in told
    assert "3 excerpts are few" in told


def test_excerpts_lie_side_by_side_and_the_rest_is_one():
    pieces = [_Piece(256), _Piece(257), _Piece(1)]
    assert n_excerpts(pieces, 128) == 2 + 3 + 1


class _Piece:
    def __init__(self, n_steps):
        self.grid = type("Grid", (), {"n_steps": n_steps})()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"recipe": "orderles"}, "no recipe 'orderles' .did you mean orderless"),
        ({"settings": {"n_chanels": 8}}, "did you mean n_channels"),
        ({"settings": {"dropout": 1.0}}, "dropout is 1"),
        ({"settings": {"learning_rate": 0}}, "learning rate is 0"),
        ({"n_steps": 0}, "a run takes 1 to"),
        ({"n_steps": 3, "epochs": 2}, "leave one of them out"),
        ({"n_steps": None, "epochs": 0.0}, "must be above 0"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_one_sentence(options, words):
    with pytest.raises(InputError, match=words) as caught:
        EditorPlan(**options)
    assert "\n" not in str(caught.value)


def test_every_recipe_has_a_network_and_its_numbers_are_counted():
    assert {recipe.variant for recipe in RECIPES.values()} == set(NETWORKS)
    assert set(NETWORKS) <= set(RECIPES)  # a run goes on with the recipe of its kind
    for name, values in RECIPES_TINY.items():
        recipe = RECIPES[name]
        config = recipe.changed(values)[0]
        made = NETWORKS[recipe.variant].make(config)
        assert n_numbers(config) == sum(x.numel() for x in made.parameters())


@pytest.mark.parametrize("recipe", RECIPES_TINY)
def test_the_cost_is_measured_before_anything_starts(recipe):
    estimate = plan(recipe=recipe).timer().measure(500)
    assert estimate.seconds == pytest.approx(500 * estimate.seconds_per_step)
    assert estimate.seconds_per_step > 0
    assert "Numbers to learn: the network" in estimate.sentence


# --- the run -----------------------------------------------------------------


@pytest.mark.parametrize("recipe", RECIPES_TINY)
def test_a_run_that_goes_on_is_bit_for_bit_the_one_that_was_not_stopped(
    folder, tmp_path, recipe
):
    rules = FolderRules(tracks=(2, 3, 4, 5))
    whole, half = tmp_path / "whole", tmp_path / "half"
    train_own(whole, plan(folder, recipe, rules=rules, n_steps=2))
    train_own(half, plan(folder, recipe, rules=rules, n_steps=1))
    again = resumed(half, plan_of_run(half))
    train_own(half, again, n_steps=2, resume=True)
    first, second = (checkpoint_path(run, 2).read_bytes() for run in (whole, half))
    assert first == second
    rows = [without_seconds(read_history(run)) for run in (whole, half)]
    assert rows[0] == rows[1]
    assert rows[0][-1].keys() >= {"loss", "valid_loss"}
    note = json.loads((half / DATA_NOTE).read_text())
    assert note["pieces"] == {"learn": 3, "judge": 1}
    assert note["rules"]["tracks"] == [2, 3, 4, 5]


def test_it_learns_what_it_is_shown(tmp_path):
    quick = {"learning_rate": 0.02, "warm_up": 1, "average": 0.0}
    for recipe, share in (("orderless", 0.5), ("edit-events", 0.95)):
        run = tmp_path / recipe
        rows = train(run, 30, recipe, quick, sample_every=30).rows
        assert rows[-1]["valid_loss"] < share * rows[0]["valid_loss"]


def test_a_killed_run_goes_on_to_the_same_numbers(tmp_path):
    """A real process, killed with SIGKILL while it trains."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    train(whole, 8)
    script = textwrap.dedent(f"""
        import sys; sys.path.insert(0, {str(TESTS)!r})
        from tiny_editor import train
        train({str(killed)!r}, 100000)
    """)
    process = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 120
    while not checkpoint_path(killed, FIRST).exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(
        signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM
    )
    process.wait()
    for path in (killed / "checkpoints").glob("step_*"):
        if path != checkpoint_path(killed, FIRST):
            path.unlink()  # however far it came, go on from the first checkpoint
    train(killed, 8, resume=True)
    first, second = (checkpoint_path(run, 8).read_bytes() for run in (whole, killed))
    assert first == second
    assert without_seconds(read_history(whole)) == without_seconds(read_history(killed))


def test_a_run_is_not_resumed_on_other_music(folder, tmp_path):
    run = tmp_path / "run"
    train_own(run, plan(folder, n_steps=1))
    other = write_quartets(tmp_path / "other", n_pieces=5)
    with pytest.raises(InputError, match="is not what the run run learned from so far"):
        resumed(run, plan_of_run(run), other)
    moved = folder.rename(tmp_path / "moved")
    with pytest.raises(InputError, match="does not exist"):
        resumed(run, plan_of_run(run))
    assert resumed(run, plan_of_run(run), moved).plan.folder == moved


def test_a_run_of_an_unknown_kind_is_one_sentence(folder, tmp_path):
    run = tmp_path / "run"
    train_own(run, plan(folder, n_steps=1))
    path = run / "config.json"
    saved = json.loads(path.read_text())
    for change, words in (
        ({"variant": "sideways"}, "of the kind 'sideways'"),
        ({"n_chords": 3}, "do not fit its network"),
    ):
        path.write_text(json.dumps({**saved, "config": {**saved["config"], **change}}))
        with pytest.raises(InputError, match=words) as caught:
            plan_of_run(run)
        assert "\n" not in str(caught.value)


def test_low_and_high_notes_of_a_folder_can_be_learned_from(tmp_path):
    folder = write_quartets(tmp_path / "low", shift=-17)
    for recipe in RECIPES_TINY:
        rows = train_own(tmp_path / recipe, plan(folder, recipe, n_steps=1)).rows
        assert rows[-1]["loss"] > 0


# --- the command -------------------------------------------------------------


@pytest.fixture
def command(capsys, tmp_path, monkeypatch):
    """Return a function that runs a command in a work folder of its own."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)

    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out + err

    return command


def small(recipe):
    return [
        part for k, v in RECIPES_TINY[recipe].items() for part in ("-p", f"{k}={v}")
    ]


@pytest.mark.parametrize("recipe", RECIPES_TINY)
def test_the_command_trains_on_a_folder_and_goes_on_with_it(
    command, folder, tmp_path, recipe
):
    (folder / "9.mid").write_text("not music")
    code, told = command(
        *("train", "ar-cnn", "-o", "run", "--recipe", recipe, "--data", folder),
        *("--tracks", "2,3,4,5", "--only", "min_bars=3", "--epochs", 2),
        *small(recipe),
    )
    assert code == 0, told
    assert "4 of 5 files are learned from. Left out: 1 (unreadable)." in told
    assert "Trained to step 1 " in told
    code, told = command("train", "ar-cnn", "-o", "run", "--resume", "--steps", 2)
    assert code == 0, told
    rows = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(row)["step"] for row in rows] == [0, 1, 2]
    saved = json.loads((tmp_path / "run" / "config.json").read_text())
    assert saved["kind"] == "ar-cnn"
    assert saved["config"].items() >= {"variant": RECIPES[recipe].variant}.items()
    code, told = command("train", "wgan", "-o", "run", "--resume")
    assert code == 2
    assert "holds a run of ar-cnn" in told


def test_check_tells_tracks_files_and_cost_and_makes_no_run(command, folder, tmp_path):
    code, told = command(
        *("train", "ar-cnn", "-o", "run", "--data", folder, "--check"),
        *small("orderless"),
    )
    assert code == 0, told
    assert "2 Violin: violin, 12 notes" in told
    assert "4 of 4 files are learned from" in told
    assert "1,000 steps" in told
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--recipe", "usual"), "its recipes are: orderless"),
        (("--melody", "ode-to-joy"), "--melody is for wgan, but ar-cnn"),
        (("--text", "a.txt"), "--text is for writer"),
        (("--tracks", "1,2,3,4"), "add --data FOLDER"),
        (("--data", "quartets", "--only", "bars=3"), "no filter 'bars'"),
        (("--data", "nowhere"), "does not exist"),
        (("--epochs", "2", "--steps", "3"), "leave one of them out"),
        (("-p", "n_chanels=8"), "did you mean n_channels"),
        (("-p", "n_channels=wide"), "a whole number"),
        (("--resume",), "holds no run"),
    ],
)
def test_a_command_that_cannot_be_is_one_sentence(command, folder, arguments, words):
    code, told = command("train", "ar-cnn", *arguments, "--out", "run")
    assert code == 2
    assert words in told
    assert told.count("\n") == 1
    assert not (folder.parent / "run").exists()


# --- the network of a run, everywhere ----------------------------------------


@pytest.fixture
def lying(tmp_path, monkeypatch):
    """A run that lies in the work folder, whose name is my-editor."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(model_places, "SEEN", {})
    train(tmp_path / "work" / "runs" / "my-editor", 2)
    return tmp_path / "work" / "runs" / "my-editor"


QUICK = {"mode": "harmonise", "iterations": 2}


def test_a_run_is_a_genre_and_composes_like_the_shipped_one(lying):
    assert "my-editor@2" in genre_names("ar-cnn")
    assert "my-editor@2" not in genre_names("wgan")
    made = compose("twinkle-twinkle", "ar-cnn", "my-editor", seed=3, **QUICK)
    assert made.provenance["weights"]["name"] == "my-editor@2"
    assert len(made.score.tracks) == 4
    assert all(track.notes for track in made.score.tracks)
    assert replay(made.provenance).score == made.score
    keep(lying, "kept-editor")
    kept = compose("twinkle-twinkle", "ar-cnn", "kept-editor", seed=3, **QUICK)
    assert kept.score == made.score
    with pytest.raises(InputError, match="choose the technique ar-cnn"):
        compose("twinkle-twinkle", "wgan", "my-editor")


def test_the_shell_lists_it_and_says_what_it_is(command, lying):
    code, told = command("models")
    assert code == 0
    assert "the run my-editor of ar-cnn after 2 steps" in told
    code, told = command("keep", lying, "mine")
    assert code == 0
    assert "-o out --technique ar-cnn --genre mine" in told


def test_a_monitor_shows_losses_and_the_tune_at_every_stage(lying):
    monitor = TrainingMonitor(lying, follow=False)
    assert monitor.steps == [0, 2]
    assert monitor.at(2).score.title == "step 000002"
    assert len(monitor.at(2).score.tracks) == 4
    titles = [panel["title"] for panel in monitor.loss_panels]
    assert "Loss" in titles


def test_a_monitor_starts_an_editor_by_its_plan(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monitor = TrainingMonitor.start("mine", plan=plan(folder), sample_every=2)
    assert monitor.wait(300).rows[-1]["step"] == 2
    assert monitor.steps == [0, 2]
    assert (tmp_path / "mine" / DATA_NOTE).is_file()
    monitor.go_on(3)
    assert monitor.wait(300).rows[-1]["step"] == 3


def test_it_is_a_genre_of_the_studio(lying, tmp_path):
    session = Session(tmp_path / "studio", technique="ar-cnn")
    session.choose_genre("my-editor@2")
    session.turn("iterations", 2)
    version = session.compose()
    assert version.composition.provenance["weights"]["name"] == "my-editor@2"
    session.choose_technique("wgan")  # which cannot use it
    assert session.genre != "my-editor@2"


def test_missing_shipped_weights_say_how_to_train_ones_own(tmp_path):
    with pytest.raises(InputError, match="deepcomposer train ar-cnn"):
        load_ar_cnn(folder=tmp_path)

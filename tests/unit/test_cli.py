"""The command line: what each command says and writes."""

import json
import os
import signal
import subprocess
import sys

import pytest
from untrained import write_untrained

from deepcomposer_edu.cli.console import plain, seconds_words
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune, tune_names
from deepcomposer_edu.music.midi import read_midi, write_midi
from deepcomposer_edu.music.musicxml import write_musicxml

pytestmark = pytest.mark.usefixtures("weights")

COMMANDS = [
    *("compose", "edit", "write", "replay", "listen", "keep", "models"),
    *("train", "video", "evaluate", "tunes", "midi"),
]
SMALL = [
    *("--param", "batch_size=2", "--param", "hidden_channels=16"),
    *("--param", "critic_channels=16", "--param", "n_critic=1"),
]


def in_a_shell(*arguments, **options):
    """Run `python -m deepcomposer_edu` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "deepcomposer_edu", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        **options,
    )


# --- help --------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "Examples:" in out
    assert f"\n    deepcomposer {command}" in out


def test_the_help_lists_every_command(run):
    code, out, _ = run("--help")
    assert code == 0
    assert all(f"\n  {command} " in out for command in COMMANDS)


def test_without_arguments_the_help_is_shown(run):
    assert run() == run("--help")


def test_the_help_of_compose_states_techniques_parameters_and_limits(run):
    _, out, _ = run("compose", "--help")
    for words in ("wgan:", "random:", "temperature=0.9", "from 1 to 32"):
        assert words in out
    assert "1,024 bars" in out
    assert "20 minutes" in out


def test_the_version_is_printed(run):
    code, out, _ = run("--version")
    assert (code, out.split()[0]) == (0, "deepcomposer")


def test_the_help_loads_nothing_heavy():
    script = (
        "import sys; from deepcomposer_edu.cli.main import main; "
        "main(['--help']); main(['compose', '--help']); "
        "heavy = {'torch', 'scipy', 'matplotlib', 'music21', 'pypianoroll', 'av'}; "
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


# --- compose and replay ------------------------------------------------------


@pytest.fixture(scope="module")
def composed(weights, tmp_path_factory):
    """Compose a tune in a process of its own: what it said, its folder, CPU seconds."""
    resource = pytest.importorskip("resource")  # not on Windows
    out = tmp_path_factory.mktemp("composed") / "out"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = in_a_shell("compose", "ode-to-joy", "-o", out, "--seed", "3")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, out, sum(after[:2]) - sum(before[:2])  # user and system


def test_a_tune_becomes_five_files(composed):
    done, out, _ = composed
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in out.iterdir()) == [
        "composition.json",
        "composition.mid",
        "composition.mp3",
        "composition.png",
        "composition.wav",
    ]
    top = read_midi(out / "composition.mid").tracks[0]
    assert top.notes == load_tune("ode-to-joy").tracks[0].notes


def test_composing_says_what_was_done_in_few_lines(composed):
    done, out, _ = composed
    assert done.stderr == ""
    assert f"Written to {out}" in done.stdout
    assert "seed 3" in done.stdout
    assert len(done.stdout.splitlines()) <= 6


def test_composing_takes_few_seconds_of_processor_time(composed):
    seconds = composed[2]  # the clock on the wall would measure the neighbours too
    assert 0 < seconds < 12  # about 4 are used


@pytest.mark.parametrize("technique", ["wgan", "random"])
@pytest.mark.parametrize("name", tune_names())
def test_every_tune_composes(run, tmp_path, name, technique):
    code, _, err = run(
        "compose", name, "-o", tmp_path, "-t", technique, "--parts", "mid"
    )
    assert (code, err) == (0, "")


def test_a_midi_file_can_be_given(run, tmp_path):
    path = tmp_path / "tune.mid"
    write_midi(load_tune(tune_names()[0]), path)
    code, out, _ = run(
        "compose", path, "-o", tmp_path, "-t", "random", "--parts", "mid"
    )
    assert code == 0
    assert "composition.mid" in out


def test_options_reach_the_composition(run, tmp_path):
    run(
        *("compose", "ode-to-joy", "-o", tmp_path, "--parts", "json", "--seed", "8"),
        *("--param", "temperature=0.5", "--param", "avoid-parallels=no"),
        *("--tempo", "70", "--instruments", "oboe,strings"),
    )
    record = json.loads((tmp_path / "composition.json").read_text("utf-8"))
    assert record["seed"] == 8
    assert record["tempo"] == 70
    assert record["instruments"] == [68, 48, 48, 48]
    assert record["parameters"]["temperature"] == 0.5
    assert record["parameters"]["avoid_parallels"] is False


def test_what_was_done_to_the_melody_is_said(run, tmp_path):
    path = tmp_path / "low.mid"
    write_midi(load_tune("ode-to-joy").transposed(-24), path)
    _, out, _ = run("compose", path, "-o", tmp_path, "-t", "random", "--parts", "mid")
    assert "higher, where a soprano sings it" in out


def test_a_replay_says_that_the_notes_are_the_same(run, tmp_path):
    run("compose", "ode-to-joy", "-o", tmp_path, "--parts", "json")
    code, out, _ = run("replay", tmp_path / "composition.json")
    assert code == 0
    assert "bit for bit" in out


def test_a_replay_in_another_process_is_the_same(run, tmp_path):
    run("compose", "ode-to-joy", "-o", tmp_path, "--parts", "json")
    done = in_a_shell("replay", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "bit for bit" in done.stdout


def test_a_replay_can_write_the_files_again(run, tmp_path):
    run("compose", "ode-to-joy", "-o", tmp_path / "a", "--parts", "mid,json")
    run("replay", tmp_path / "a", "-o", tmp_path / "b")
    first, second = (tmp_path / x / "composition.mid" for x in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_a_replay_that_differs_has_exit_code_1(run, tmp_path, monkeypatch):
    run("compose", "ode-to-joy", "-o", tmp_path, "--parts", "json")
    others = write_untrained(tmp_path / "others", seed=1)
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(others))
    code, _, err = run("replay", tmp_path)
    assert code == 1
    assert err.count("\n") == 1
    assert "weights were wgan-bach" in err


def test_a_musicxml_file_can_be_given(run, tmp_path):
    path = tmp_path / "tune.musicxml"
    tune = load_tune("ode-to-joy")
    write_musicxml(tune, path)
    code, _, err = run(
        "compose", path, "-o", tmp_path, "-t", "random", "--parts", "mid"
    )
    assert (code, err) == (0, "")
    top = read_midi(tmp_path / "composition.mid").tracks[0]
    given = [(note.start, note.pitch, note.duration) for note in tune.notes]
    assert [(note.start, note.pitch, note.duration) for note in top.notes] == given


def test_the_shipped_weights_compose_and_replay(run, tmp_path, monkeypatch):
    monkeypatch.delenv("DEEPCOMPOSER_WEIGHTS")
    code, _, err = run("compose", "twinkle-twinkle", "-o", tmp_path, "--parts", "json")
    assert (code, err) == (0, "")
    code, out, _ = run("replay", tmp_path)
    assert code == 0
    assert "bit for bit" in out


def test_a_composition_can_be_composed_further(run, tmp_path):
    run("compose", "ode-to-joy", "-o", tmp_path / "a", "--parts", "json")
    source = tmp_path / "a" / "composition.json"
    quick = ("-t", "random", "--parts", "json")
    code, _, _ = run("compose", source, "-o", tmp_path / "b", *quick)
    assert code == 0
    assert run("replay", tmp_path / "b")[0] == 0


# --- the other commands ------------------------------------------------------


def test_tunes_are_listed_with_their_titles(run):
    code, out, _ = run("tunes")
    assert code == 0
    assert len(out.splitlines()) == len(tune_names()) >= 12
    assert all(name in out for name in tune_names())


def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m deepcomposer_edu tunes | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True
    )
    assert done.stderr == ""


def test_evaluate_prints_a_file_beside_bach(run, tmp_path):
    path = tmp_path / "tune.mid"
    write_midi(load_tune("ode-to-joy"), path)
    code, out, _ = run("evaluate", path)
    assert code == 0
    assert "tune.mid" in out.splitlines()[0]
    assert "Bach" in out.splitlines()[0]
    assert any(line.startswith("triad_rate") for line in out.splitlines())


def test_evaluate_prints_json(run, tmp_path):
    path = tmp_path / "tune.mid"
    write_midi(load_tune("ode-to-joy"), path)
    code, out, _ = run("evaluate", path, "--json")
    assert code == 0
    values = json.loads(out)
    assert values[str(path)]["n_tracks"] == 1
    assert 0.5 < values["Bach's chorales"]["triad_rate"] < 0.8


def test_a_run_is_trained_resumed_and_filmed(run, tmp_path):
    folder = tmp_path / "run"
    options = ("--out", folder, "--sample-every", "1")
    code, out, err = run("train", "wgan", *options, "--steps", "1", *SMALL)
    assert code == 0, err
    assert "step 1" in out
    assert len(list((folder / "samples").iterdir())) == 2
    code, out, _ = run("train", "wgan", *options, "--steps", "2", "--resume")
    assert code == 0
    assert "step 2" in out
    rows = (folder / "metrics.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(row)["step"] for row in rows] == [0, 1, 2]
    code, out, _ = run("video", folder, "-o", tmp_path / "training.gif")
    assert code == 0
    assert (tmp_path / "training.gif").stat().st_size > 10_000


def test_a_folder_of_midi_files_can_be_learnt_from(run, tmp_path):
    music, folder = tmp_path / "music", tmp_path / "run"
    for i, chorale in enumerate(load_chorales("valid")[:3]):
        write_midi(chorale.to_score(), music / f"{i}.mid")
    (music / "broken.mid").write_bytes(b"MThd")
    options = ("--data", music, "--out", folder, "--steps", "1", *SMALL)
    code, out, err = run("train", "wgan", *options)
    assert code == 0, err
    assert "3 of 4 files" in out
    assert "broken.mid: left out" in out


def test_an_interrupted_training_says_how_to_go_on(tmp_path):
    # Ctrl-C works as in a shell, even where the tests were started in the background
    script = (
        "import signal, sys; from deepcomposer_edu.cli.main import main; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "
        "sys.exit(main(sys.argv[1:]))"
    )
    options = ["--out", tmp_path / "run", "--steps", "100000", *SMALL]
    with subprocess.Popen(
        [sys.executable, "-c", script, "train", "wgan", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        process.stderr.read(60)  # the bar has begun to move
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "go on with --resume" in out
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("deepcomposer: Stopped")
    last = json.loads((tmp_path / "run/metrics.jsonl").read_text().splitlines()[-1])
    state = json.loads((tmp_path / "run/state.json").read_text())
    assert state == {"state": "stopped", "n_steps": 100_000, "problem": ""}
    kept = sorted((tmp_path / "run/checkpoints").iterdir())[-1]
    assert kept.name == f"step_{last['step']:06d}.safetensors"


# --- words -------------------------------------------------------------------


def test_control_characters_of_a_file_do_not_reach_the_terminal():
    assert plain("a\x1b[2Jb\x07c\nd") == "a[2Jbcd"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (200, "3 min 20 s")]
)
def test_times_are_written_for_people(seconds, words):
    assert seconds_words(seconds) == words


def test_the_environment_stays_as_it_is(run):
    before = dict(os.environ)
    run("tunes")
    assert dict(os.environ) == before

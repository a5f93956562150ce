"""Whatever is given: one clear sentence, exit code 2, and no half-written file."""

import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.compose.prepare import MAX_STEPS
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track

pytestmark = pytest.mark.usefixtures("weights")

ROOT = Path(__file__).parents[2]
TUNE = load_tune("ode-to-joy")


@pytest.fixture
def out(tmp_path):
    """Return where to write; it does not exist yet."""
    return tmp_path / "out"


@pytest.fixture
def refuse(capsys):
    """Return a function that runs a command that must fail, and returns its words."""

    def refuse(*arguments):
        code = main([str(argument) for argument in arguments])
        said, error = capsys.readouterr()
        return one_sentence(code, said, error)

    return refuse


def one_sentence(code, said, error):
    """Return the error's sentence after looking that it is one, and nothing else."""
    assert code == 2, (said, error)
    assert said == ""
    assert error.startswith("deepcomposer: ")
    assert error.endswith(".\n")
    assert error.count("\n") == 1
    assert "Traceback" not in error
    assert len(error) < 500
    return error


def in_a_shell(*arguments, **options):
    """Run `python -m deepcomposer_edu` as a process of its own."""
    command = [sys.executable, "-m", "deepcomposer_edu", *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, cwd=ROOT, **options
    )
    return done.returncode, done.stdout, done.stderr


def midi_bytes(score=TUNE):
    import io

    buffer = io.BytesIO()
    write_midi(score, buffer)
    return buffer.getvalue()


def file_of(kind, folder):
    """Write a file that cannot be used, and return its path."""
    path = folder / "tune.mid"
    good = midi_bytes()
    drums = Score((Track((Note(0, 38, 1), Note(4, 42, 1)), is_drum=True),))
    content = {
        "0 bytes": b"",
        "text": b"do re mi fa sol\n" * 20,
        "header only": good[:14],
        "cut in the middle": good[: len(good) // 2],
        "cut by one byte": good[:-1],
        "type 2": good[:8] + struct.pack(">H", 2) + good[10:],
        "no ticks": good[:12] + struct.pack(">H", 0) + good[14:],
        "drums only": midi_bytes(drums),
        "no notes": midi_bytes(Score((Track(),))),
        "sound": b"RIFF\x00\x00\x00\x00WAVEfmt ",
        "xml": b"<?xml version='1.0'?><html/>",
        "half of xml": b"<?xml version='1.0'?><score-partwise><part>",
        "zip": b"PK\x03\x04" + bytes(40),
        "too long": midi_bytes(Score.from_notes([(0, 60, 4), (MAX_STEPS, 60, 4)])),
        "too slow": midi_bytes(Score.from_notes([(0, 60, 3000)], tempo=4.0)),
        "too large": b"MThd" + bytes(11_000_000),
    }
    path.write_bytes(content[kind])
    return path


KINDS = {
    "0 bytes": "empty",
    "text": "neither a MIDI nor a MusicXML",
    "header only": "",
    "cut in the middle": "",
    "cut by one byte": "",
    "type 2": "type 2",
    "no ticks": "",
    "drums only": "only drums",
    "no notes": "no notes",
    "sound": "sound recording",
    "xml": "",
    "half of xml": "",
    "zip": "",
    "too long": "bars",
    "too slow": "minutes",
    "too large": "10,000,000",
}


# --- melodies ----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_cannot_be_used_is_refused(kind, tmp_path, out, refuse):
    path = file_of(kind, tmp_path)
    assert KINDS[kind] in refuse("compose", path, "-o", out)
    assert not out.exists()


@pytest.mark.parametrize(
    "kind", sorted(set(KINDS) - {"drums only", "too slow", "too long"})
)
def test_evaluate_refuses_it_too(kind, tmp_path, refuse):
    refuse("evaluate", file_of(kind, tmp_path))


@pytest.mark.parametrize("kind", ["0 bytes", "text", "cut in the middle", "type 2"])
def test_a_process_of_its_own_refuses_it_the_same_way(kind, tmp_path, out):
    one_sentence(*in_a_shell("compose", file_of(kind, tmp_path), "-o", out))
    assert not out.exists()


def test_a_folder_is_no_melody(tmp_path, out, refuse):
    assert "folder" in refuse("compose", tmp_path, "-o", out)


def test_a_missing_file_is_named(tmp_path, out, refuse):
    assert "nothing.mid" in refuse("compose", tmp_path / "nothing.mid", "-o", out)


def test_a_wrong_name_gets_the_nearest_tune(out, refuse):
    assert "did you mean ode-to-joy?" in refuse("compose", "ode-to-jo", "-o", out)


@pytest.mark.parametrize("name", ["", " ", "\x00", "a" * 5000, "\x1b[31m", "..", "~"])
def test_a_strange_name_is_refused(name, out, refuse):
    refuse("compose", name, "-o", out)


# --- options -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--technique", "magic"), "wgan, melody-rnn, transformer, ar-cnn, random"),
        (("--genre", "polka"), "bach"),
        (("--seed", "-1"), "0 to 4294967295"),
        (("--seed", "99999999999999999999"), "0 to 4294967295"),
        (("--seed", "one"), "--seed"),
        (("--tempo", "nan"), "10 to 400"),
        (("--tempo", "-120"), "10 to 400"),
        (("--tempo", "1e308"), "10 to 400"),
        (("--tempo", "allegro"), "--tempo"),
        (("--instruments", "kazoo"), "no instrument"),
        (("--instruments", "1,2,3"), "1 (for all tracks)"),
        (("--instruments", "999"), "0 to 127"),
        (("--parts", "ogg"), "mid, wav, mp3,"),
        (("--param", "temperature"), "name=value"),
        (("--param", "=1"), "name=value"),
        (("--param", "temperature=nan"), "0 to 5"),
        (("--param", "temperature=1e999"), "0 to 5"),
        (("--param", "temperature=hot"), "0 to 5"),
        (("--param", "candidates=100000000"), "1 to 32"),
        (("--param", "candidates=2.5"), "whole number"),
        (("--param", "avoid_parallels=perhaps"), "true or false"),
        (("--param", "colour=red"), "parameters are: temperature"),
        (("--param", "seed=3"), "--seed"),
        (("--param", "candidates=1", "--param", "candidates=2"), "twice"),
        (("--volume", "11"), "--volume"),
    ],
)
def test_an_absurd_option_is_refused_before_work(options, words, out, refuse):
    assert words in refuse("compose", "ode-to-joy", "-o", out, *options)
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("sing",),
        ("compose",),
        ("compose", "ode-to-joy"),
        ("replay",),
        ("evaluate",),
        ("train", "wgan"),
        ("train", "piano", "--out", "run"),
        ("train", "wgan", "--out", "run", "--steps", "0"),
        ("train", "wgan", "--out", "run", "--steps", "many"),
        ("train", "wgan", "--out", "run", "--sample-every", "0"),
        ("train", "wgan", "--out", "run", "--param", "n_critic=x"),
        ("train", "wgan", "--out", "run", "--param", "n_critics=1"),
        ("train", "wgan", "--out", "run", "--param", "loss=lottery"),
        ("train", "wgan", "--out", "run", "--param", "batch_size=-4"),
        ("train", "wgan", "--out", "run", "--data", "no-such-folder"),
        ("train", "wgan", "--out", "run", "--resume"),
        ("video", "no-such-run"),
        ("video", "."),
        ("video", ".", "-o", "film.avi"),
        ("replay", "no-such-file.json"),
        ("replay", "."),
    ],
)
def test_a_command_that_makes_no_sense_is_refused(
    arguments, refuse, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    refuse(*arguments)
    assert list(tmp_path.iterdir()) == []


# --- weights -----------------------------------------------------------------


def flip_a_byte(path, place=-100):
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda f: flip_a_byte(f / "wgan-bach.safetensors"),
        lambda f: flip_a_byte(f / "wgan-bach.safetensors", 20),
        lambda f: (f / "wgan-bach.safetensors").write_bytes(b""),
        lambda f: (f / "wgan-bach.safetensors").unlink(),
        lambda f: (f / "wgan-bach.json").unlink(),
        lambda f: (f / "wgan-bach.json").write_text("{", "utf-8"),
        lambda f: (f / "wgan-bach.json").write_text("[]", "utf-8"),
        shutil.rmtree,
    ],
    ids=[
        "a byte flipped",
        "a byte of the header flipped",
        "empty",
        "missing",
        "settings missing",
        "settings cut off",
        "settings of another form",
        "no folder",
    ],
)
def test_damaged_weights_are_refused(
    damage, weights, tmp_path, out, refuse, monkeypatch
):
    folder = tmp_path / "weights"
    shutil.copytree(weights, folder)
    damage(folder)
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(folder))
    assert "wgan-bach" in refuse("compose", "ode-to-joy", "-o", out)
    assert not out.exists()


# --- where it is written -----------------------------------------------------


def test_an_output_that_is_a_file_is_refused_before_work(out, refuse):
    out.write_text("my diary", "utf-8")
    assert "is a file" in refuse("compose", "ode-to-joy", "-o", out)
    assert out.read_text("utf-8") == "my diary"


def test_an_output_inside_a_file_is_refused(out, refuse):
    out.write_text("my diary", "utf-8")
    assert "is a file" in refuse("compose", "ode-to-joy", "-o", out / "deeper")


def test_a_folder_where_a_part_should_be_is_refused(out, refuse):
    (out / "composition.mp3").mkdir(parents=True)
    assert "is a folder" in refuse("compose", "ode-to-joy", "-o", out)
    assert [path.name for path in out.iterdir()] == ["composition.mp3"]


def limited(n_bytes):
    """Return what makes a process unable to write files above `n_bytes`."""
    resource = pytest.importorskip("resource")  # not on Windows
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))


@pytest.mark.parametrize("n_bytes", [0, 100, 100_000])
def test_when_files_may_not_grow_nothing_is_left(n_bytes, out):
    done = in_a_shell(
        *("compose", "ode-to-joy", "-o", out, "-t", "random"),
        preexec_fn=limited(n_bytes),
    )
    assert "so large" in one_sentence(*done)
    assert not out.exists()


def test_when_files_may_not_grow_the_old_ones_stay(out):
    assert main(["compose", "ode-to-joy", "-o", str(out), "-t", "random"]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    done = in_a_shell(
        *("compose", "ode-to-joy", "-o", out, "-t", "random", "--seed", "5"),
        preexec_fn=limited(100_000),
    )
    one_sentence(*done)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.fixture
def small_disk(tmp_path, require):
    """Return a folder on a disk of 300 kB, which a WAV does not fit on."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    can_mount = shutil.which("mount") and (
        subprocess.run(mount, capture_output=True).returncode == 0
    )
    if not can_mount:
        pytest.skip(
            "mounting a small disk needs root; the limit on file size is tested"
        )
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_nothing_half_written(small_disk, refuse):
    said = refuse("compose", "ode-to-joy", "-o", small_disk / "out", "-t", "random")
    assert "the disk is full" in said
    assert list(small_disk.iterdir()) == []


def test_a_full_disk_keeps_the_old_files(small_disk, refuse, capsys):
    quick = ("-t", "random", "--parts", "mid,json")
    assert main(["compose", "ode-to-joy", "-o", str(small_disk), *quick]) == 0
    before = {path.name: path.read_bytes() for path in small_disk.iterdir()}
    capsys.readouterr()
    said = refuse("compose", "ode-to-joy", "-o", small_disk, "-t", "random")
    assert "the disk is full" in said
    assert {path.name: path.read_bytes() for path in small_disk.iterdir()} == before


def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    arguments = ("compose", "ode-to-joy", "-o", locked / "out", "-t", "random")
    wrapper = []
    if not hasattr(os, "geteuid"):
        pytest.skip("folders are locked in another way on Windows")
    if os.geteuid() == 0:  # root may write anywhere until it gives that power up
        wrapper = ["setpriv", "--bounding-set", "-dac_override"]
        if not shutil.which("setpriv"):
            pytest.skip("root may write anywhere, and setpriv is missing")
    command = [*wrapper, sys.executable, "-m", "deepcomposer_edu", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    said = one_sentence(done.returncode, done.stdout, done.stderr)
    assert "you may not write there" in said
    assert list(locked.iterdir()) == []


def test_a_video_that_cannot_be_written_is_refused(tmp_path, refuse):
    folder = tmp_path / "film.mp4"
    folder.mkdir()
    refuse("video", tmp_path, "-o", folder)
    assert list(folder.iterdir()) == []


# --- from Python -------------------------------------------------------------


def test_bad_input_in_a_notebook_is_an_input_error(tmp_path):
    from deepcomposer_edu.compose import compose

    with pytest.raises(InputError, match="empty"):
        compose(file_of("0 bytes", tmp_path))


def test_an_interruption_has_its_own_exit_code(tmp_path, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("deepcomposer_edu.compose.interface.compose", interrupted)
    assert main(["compose", "ode-to-joy", "-o", str(tmp_path)]) == 130
    assert "Stopped" in capsys.readouterr().err

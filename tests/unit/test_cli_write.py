"""`deepcomposer write`: what it says, what it keeps, what it refuses."""

from functools import partial

import pytest

from deepcomposer_edu.music.midi import read_midi

TUNES = "T:A\nM:2/4\nL:1/8\nK:D\nD2E2|F2G2|A2F2|D4|]\n\n" * 30


@pytest.fixture
def run(run, tmp_path, monkeypatch):
    """Return a function that runs `write` here: exit code, stdout, stderr."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    return partial(run, "write")


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "tunes.txt"
    path.write_text(TUNES, encoding="utf-8")
    return path


def test_the_shipped_writer_writes_what_was_asked_for(run):
    code, out, _ = run("--start", "T:The Robot", "--length", "40", "--seed", "1")
    assert code == 0
    assert out.startswith("T:The Robot")
    assert len(out) == len("T:The Robot") + 40 + 1
    assert run("--start", "T:The Robot", "--length", "40", "--seed", "1")[1] == out


def test_a_text_is_learned_kept_and_used_again(run, text, tmp_path):
    options = ("--text", text, "--steps", "2", "--length", "20", "--start", "K:D")
    code, out, err = run(*options)
    assert code == 0
    assert out.startswith("K:D")
    assert "Learning from 1,230 characters" in err
    (kept,) = (tmp_path / "work" / "writers").iterdir()
    assert kept.name.startswith("tunes-")
    assert run(*options)[1:] == (out, "")
    assert run("--run", kept, "--length", "20", "--start", "K:D")[1] == out


def test_more_steps_go_on_with_what_was_learned(run, text, tmp_path):
    folder = tmp_path / "run"
    for steps in ("1", "3"):
        code, *_ = run("--text", text, "--run", folder, "--steps", steps, "-l", "5")
        assert code == 0
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert len(lines) == 4


def test_the_text_goes_into_a_file(run, tmp_path):
    target = tmp_path / "new" / "tune.abc"
    _, out, _ = run("--length", "30", "-o", target)
    assert out.startswith(target.read_text().strip("\n")[:20]) or (
        target.read_text()[:20] in out
    )


def test_the_first_tune_becomes_music(run, tmp_path):
    target = tmp_path / "tune.mid"
    start = "T:A test\nM:6/8\nL:1/8\nK:G\nGAB dBG|G6|"
    code, out, _ = run("--start", start, "-l", "100", "-t", "0.5", "-o", target)
    assert code == 0
    assert len(read_midi(target).notes) >= 7
    assert '"A test"' in out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--temperature", "0"), "temperature is 0"),
        (("--temperature", "-2"), "temperature is -2"),
        (("--top-k", "9999"), "the vocabulary has"),
        (("--top-p", "1.5"), "top_p is 1.5"),
        (("--length", "0"), "0 characters were asked for"),
        (("--start", "π"), "never read the character"),
        (("--text", "nowhere.txt"), "does not exist"),
        (("--run", "nowhere"), "holds no run"),
        (("-o", "tune.pdf"), "must be one of"),
        (("--seed", "-1"), "seed"),
    ],
)
def test_bad_input_is_one_sentence(run, options, words):
    code, out, err = run("--length", "5", *options)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"too short", (), "give a longer text"),
        (b"\xff\xfe\x00", (), "not UTF-8"),
        (TUNES.encode(), ("--top-k", "90"), "the vocabulary has"),
        (TUNES.encode(), ("--start", "π"), "never read the character"),
        (TUNES.encode(), ("--steps", "0"), "0 steps were asked for"),
    ],
)
def test_a_bad_text_or_wish_is_refused_before_it_learns(
    run, tmp_path, content, options, words
):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    code, _, err = run("--text", path, *options)
    assert code == 2
    assert words in err
    assert not (tmp_path / "work").exists()


def test_a_run_of_another_model_is_refused(run, tmp_path):
    (tmp_path / "config.json").write_text('{"kind": "wgan"}')
    code, _, err = run("--run", tmp_path)
    assert code == 2
    assert "a run of wgan, but one of writer" in err


def test_text_that_is_no_tune_gives_no_music(run, tmp_path):
    code, _, err = run("--start", "ROMEO", "-l", "3", "-o", tmp_path / "a.wav")
    assert code == 2
    assert "no tune in this text" in err

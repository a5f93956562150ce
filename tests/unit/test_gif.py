"""A training as a GIF: decoded again, and small."""

import pytest
from film_run import PITCHES, write_run
from PIL import Image

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.training.history import shipped_run
from deepcomposer_edu.viz.gif import LAST_SECONDS, training_gif


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    return write_run(tmp_path_factory.mktemp("run") / "wgan")


def frames_of(path):
    """Return the pictures as RGB and how long each is seen, in seconds."""
    pictures, seconds = [], []
    with Image.open(path) as film:
        assert film.info["loop"] == 0  # for ever
        for number in range(film.n_frames):
            film.seek(number)
            pictures.append(film.convert("RGB"))
            seconds.append(film.info["duration"] / 1000)
    return pictures, seconds


def test_each_stage_is_a_picture_and_the_last_stays_longest(run_dir, tmp_path):
    path = training_gif(run_dir, tmp_path / "film.gif", size=(640, 360))
    pictures, seconds = frames_of(path)
    assert len(pictures) == len(PITCHES)
    assert {p.size for p in pictures} == {(640, 360)}
    assert len({p.tobytes() for p in pictures}) == len(PITCHES)  # each stage differs
    assert seconds == [0.7, 0.7, LAST_SECONDS]


def test_fewer_stages_keep_the_first_and_the_last(run_dir, tmp_path):
    every, _ = frames_of(training_gif(run_dir, tmp_path / "a.gif", size=(640, 360)))
    two = training_gif(run_dir, tmp_path / "b.gif", size=(640, 360), n_stages=2)
    assert len(frames_of(two)[0]) == 2
    assert len(every) == 3


def test_the_shipped_training_is_small_enough_for_a_readme(tmp_path):
    path = training_gif(shipped_run(), tmp_path / "film.gif")
    assert path.stat().st_size < 700_000


@pytest.mark.parametrize(
    ("name", "place", "mark"), [("film.gif", 0, b"GIF89a"), ("film.mp4", 4, b"ftyp")]
)
def test_the_command_writes_what_its_name_says(
    run_dir, tmp_path, capsys, name, place, mark
):
    path = tmp_path / name
    assert main(["video", str(run_dir), "-o", str(path)]) == 0
    assert name in capsys.readouterr().out
    assert path.read_bytes()[place:].startswith(mark)


@pytest.mark.parametrize(
    ("out", "options", "words"),
    [
        ("film.png", {}, "must end in .gif"),
        ("film.gif", {"n_stages": 0}, "at least one stage"),
        ("film.gif", {"seconds_per_sample": 0}, r"0.1 to 60 seconds"),
        ("film.gif", {"size": (100, 100)}, "320 to 1920"),
    ],
)
def test_a_bad_value_is_one_sentence(run_dir, tmp_path, out, options, words):
    with pytest.raises(InputError, match=words):
        training_gif(run_dir, tmp_path / out, **options)
    assert not (tmp_path / out).exists()

"""Curves, the time machine and films of a training, as lessons show them."""

import json

import pytest

from deepcomposer_edu.course import curves, film, time_machine, voice_curves, watch
from deepcomposer_edu.course.watching import MAX_FILM_BYTES
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Score

ROWS = [
    {"step": step, "critic_loss": -step / 10, "generator_loss": 0.5}
    for step in range(9)
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    lines = [json.dumps(row | {"triad_rate": 0.5}) for row in ROWS]
    (folder / "metrics.jsonl").write_text("\n".join(lines))
    (folder / "reference.json").write_text('{"triad_rate": 0.6}')
    (folder / "samples").mkdir()
    for step, pitch in ((0, 60), (4, 64), (8, 67)):
        score = Score.from_notes([(0, pitch, 8)])
        write_midi(score, folder / "samples" / f"step_{step:06d}.mid")
    return folder


def test_curves_say_in_words_what_they_show():
    picture = curves(ROWS, "critic_loss", title="A run")
    assert "A run" in str(picture)
    assert "critic loss from 0 to -0.8" in str(picture)
    assert picture.png.startswith(b"\x89PNG")


def test_curves_of_nothing_are_refused():
    with pytest.raises(InputError, match="holds none of"):
        curves(ROWS, "triad_rate")


def test_voice_curves_name_the_voices():
    rows = [{"step": 0, "empty_bar_rate_alto": 0.0, "empty_bar_rate_bass": 0.25}]
    picture = voice_curves(rows, "empty_bar_rate")
    assert "empty bars; at the end: alto 0, bass 0.25" in str(picture)


def test_a_watched_training_shows_its_first_and_its_last_step(capsys):
    on_step = watch(n_steps=8)
    for row in ROWS:
        on_step(row)
    first, last = capsys.readouterr().out.splitlines()
    assert "step 0, training" in first
    assert "step 8, finished" in last


def test_the_stages_of_a_watched_folder_are_shown_too(capsys, run):
    on_step = watch(n_steps=8, run_dir=run)
    on_step(ROWS[-1])
    assert "stages: 0, 4, 8" in capsys.readouterr().out.splitlines()[-1]


def test_the_time_machine_knows_its_stages(run):
    assert time_machine(run).steps == [0, 4, 8]
    assert time_machine(run, n_stages=2).steps == [0, 8]


def test_a_stage_has_its_music_and_its_measurements(run):
    moment = time_machine(run).at(4)
    assert [note.pitch for note in moment.score.notes] == [64]
    assert moment.measured["critic_loss"] == -0.4


def test_a_step_without_a_stage_is_refused(run):
    with pytest.raises(InputError, match="choose 0, 4, 8"):
        time_machine(run).at(5)


def test_a_folder_without_music_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no samples"):
        time_machine(tmp_path)


def test_the_time_machine_is_a_text_where_there_are_no_widgets(run):
    assert "0, 4, 8" in repr(time_machine(run))


def test_a_film_never_starts_by_itself(tmp_path):
    path = tmp_path / "training.mp4"
    path.write_bytes(b"not really a film")
    html = film(path, "How it learned")._repr_html_()
    assert "<video controls" in html
    assert "autoplay" not in html
    assert "How it learned" in html


def test_a_film_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="no video"):
        film(tmp_path / "training.mp4")


def test_a_film_too_large_for_a_notebook_is_refused(tmp_path):
    path = tmp_path / "training.mp4"
    with path.open("wb") as file:
        file.truncate(MAX_FILM_BYTES + 1)
    with pytest.raises(InputError, match="more than the 30 MB"):
        film(path)

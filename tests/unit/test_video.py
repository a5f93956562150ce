"""The training video, decoded again: what is seen and what is heard."""

import av
import numpy as np
import pytest
from film_run import PITCHES, stage_score, write_run
from full_disk import needs_file_limits, refused_writing

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import read_audio, rms_dbfs
from deepcomposer_edu.viz.run_page import RunPage
from deepcomposer_edu.viz.runs import load_run
from deepcomposer_edu.viz.video import TAIL_SECONDS, training_video

SIZE = (640, 360)


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    return write_run(tmp_path_factory.mktemp("run") / "wgan")


@pytest.fixture(scope="module")
def video(run_dir, tmp_path_factory):
    out = tmp_path_factory.mktemp("video") / "training.mp4"
    return training_video(run_dir, out, size=SIZE)


@pytest.fixture(scope="module")
def pictures(video):
    with av.open(str(video)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


def stage_seconds():
    """Return how long each stage lasts: its music and its echo, in whole pictures."""
    return np.ceil((stage_score(60).seconds + TAIL_SECONDS) * 10) / 10


# The file


def test_it_is_h264_with_aac_of_the_right_length(video):
    with av.open(str(video)) as file:
        kinds = {s.type: s.codec_context.name for s in file.streams}
        length = file.duration / 1e6
    assert kinds == {"video": "h264", "audio": "aac"}
    assert length == pytest.approx(3 * stage_seconds(), abs=0.1)


def test_it_has_ten_pictures_a_second_of_the_size_asked_for(pictures):
    assert len(pictures) == round(3 * stage_seconds() * 10)
    assert pictures[0].shape == (360, 640, 3)


def test_pictures_and_sound_last_equally_long(video, pictures):
    audio, rate = read_audio(video)
    assert len(audio) / rate == pytest.approx(len(pictures) / 10, abs=0.05)


# What is heard


def test_each_stage_plays_its_own_music(video):
    audio, rate = read_audio(video)
    for stage in range(3):
        start = round((stage * stage_seconds() + 0.2) * rate)
        part = audio[start : start + rate].mean(axis=1)
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 2**18))
        hertz = 440 * 2 ** ((np.array(PITCHES) - 69) / 12)
        at = np.rint(hertz * 2**18 / rate).astype(int)
        levels = np.array([spectrum[i - 12 : i + 13].max() for i in at])
        assert levels.argmax() == stage
        assert np.sort(levels)[-2] < 0.2 * levels.max()


def test_no_stage_is_silent_and_none_clips(video):
    audio, rate = read_audio(video)
    length = round(stage_seconds() * rate)
    for stage in range(3):
        part = audio[stage * length : (stage + 1) * length]
        assert -26 < rms_dbfs(part) < -16
        assert np.abs(part).max() < 1


# What is seen


def roll_of(run_dir):
    return RunPage(load_run(run_dir), SIZE).roll_box()


def playhead(picture, box):
    """Return the column of the playhead: the darkest one of the roll."""
    left, top, right, bottom = box
    return left + int(picture[top:bottom, left : right + 2].mean(axis=(0, 2)).argmin())


def test_the_playhead_walks_through_the_roll_in_time_with_the_music(pictures, run_dir):
    box = roll_of(run_dir)
    left, right = box[0], box[2]
    music = round(stage_score(60).seconds * 10)  # pictures until the last note ends
    columns = [playhead(pictures[i], box) for i in range(1, music)]
    expected = left + (right - left) * np.arange(1, music) / music
    assert np.abs(np.array(columns) - expected).max() <= 3


def test_notes_light_up_when_they_have_sounded(pictures, run_dir):
    left, top, right, bottom = roll_of(run_dir)
    half = len(pictures) // 6
    roll = pictures[half][top:bottom, left:right].astype(int)
    column = playhead(pictures[half], roll_of(run_dir)) - left

    def bluest(part):  # the soprano is deep blue: the less red, the stronger
        return np.percentile(part[:, :, 0], 1)

    assert bluest(roll[:, 4 : column - 4]) < 60
    assert bluest(roll[:, column + 6 : -4]) > 110


def test_every_stage_has_another_page(pictures):
    n = len(pictures) // 3
    for first, second in ((0, n), (n, 2 * n)):
        assert np.abs(pictures[first].astype(int) - pictures[second]).max() > 100


def test_the_mark_moves_along_the_losses(run_dir):
    page = RunPage(load_run(run_dir), SIZE)
    box = page.losses.get_window_extent()
    rows = slice(round(360 - box.y1) + 4, round(360 - box.y0) - 4)
    columns = slice(round(box.x0) + 12, round(box.x1) + 3)  # not the steep beginning
    marks = [
        int(page.picture(i)[rows, columns].mean(axis=(0, 2)).argmin()) for i in (1, 2)
    ]
    width = box.x1 - box.x0
    assert marks[0] == pytest.approx(width / 2 - 12, abs=4)
    assert marks[1] == pytest.approx(width * 0.99 - 12, abs=4)


def test_a_page_is_the_same_whichever_was_drawn_before(run_dir):
    page = RunPage(load_run(run_dir), SIZE)
    first = page.picture(1)
    page.picture(2)
    assert np.array_equal(page.picture(1), first)


def test_it_is_the_same_video_each_time(run_dir, video, tmp_path):
    again = training_video(run_dir, tmp_path / "again.mp4", size=SIZE)
    assert again.read_bytes() == video.read_bytes()


# Options


def test_stages_can_be_made_shorter(run_dir, tmp_path):
    out = training_video(run_dir, tmp_path / "a.mp4", seconds_per_sample=0.6, size=SIZE)
    with av.open(str(out)) as file:
        assert file.duration / 1e6 == pytest.approx(1.8, abs=0.1)


def test_fewer_stages_keep_the_first_and_the_last(run_dir):
    assert [stage.step for stage in load_run(run_dir, 2).stages] == [0, 200]
    assert [stage.step for stage in load_run(run_dir, 1).stages] == [200]
    assert [stage.step for stage in load_run(run_dir, 99).stages] == [0, 100, 200]


def test_progress_is_told_after_every_stage(run_dir, tmp_path):
    told = []
    training_video(
        run_dir,
        tmp_path / "a.mp4",
        seconds_per_sample=0.5,
        size=SIZE,
        on_stage=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fps": 0}, "from 1 to 60"),
        ({"fps": 12.5}, "from 1 to 60"),
        ({"size": (641, 360)}, "even numbers"),
        ({"size": (64, 36)}, "320 to 3840"),
        ({"seconds_per_sample": 0}, "0.5 to 600"),
        ({"n_stages": 0}, "at least 1"),
    ],
)
def test_absurd_options_are_refused_before_any_work(tmp_path, options, words):
    with pytest.raises(InputError, match=words):
        training_video(tmp_path, tmp_path / "a.mp4", **options)
    assert not list(tmp_path.iterdir())


def test_another_ending_than_mp4_is_refused(run_dir, tmp_path):
    with pytest.raises(InputError, match=r"must end in \.mp4"):
        training_video(run_dir, tmp_path / "a.avi")


# Runs that are not whole


def test_a_run_without_samples_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="train until its first sample"):
        training_video(tmp_path, tmp_path / "a.mp4")


def test_a_run_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(InputError, match="nowhere holds no samples"):
        training_video(tmp_path / "nowhere", tmp_path / "a.mp4")


def test_half_a_last_line_is_left_out(tmp_path):
    folder = write_run(tmp_path / "run")
    with (folder / "metrics.jsonl").open("a") as file:
        file.write('{"step": 201, "critic_l')
    run = load_run(folder)
    assert run.history[-1]["step"] == 200
    assert run.stages[1].measured["triad_rate"] == 0.25


def test_a_run_with_nothing_but_samples_still_has_its_music(tmp_path):
    folder = write_run(tmp_path / "run")
    (folder / "metrics.jsonl").unlink()
    (folder / "reference.json").unlink()
    out = training_video(folder, tmp_path / "a.mp4", seconds_per_sample=0.5, size=SIZE)
    audio, _ = read_audio(out)
    assert rms_dbfs(audio) > -30


def test_measures_that_are_no_numbers_are_shown_as_a_dash(tmp_path):
    folder = write_run(tmp_path / "run")
    with (folder / "metrics.jsonl").open("a") as file:
        file.write('{"step": 200, "triad_rate": NaN}\n')
    page = RunPage(load_run(folder), SIZE)
    assert page.picture(2).shape == (360, 640, 3)


@pytest.mark.parametrize("content", ["[1, 2]", "{", '{"triad_rate": "many"}'])
def test_a_damaged_reference_is_named(tmp_path, content):
    folder = write_run(tmp_path / "run")
    (folder / "reference.json").write_text(content)
    with pytest.raises(InputError, match=r"reference\.json is damaged"):
        load_run(folder)


def test_a_damaged_sample_is_named_and_leaves_no_video(tmp_path):
    folder = write_run(tmp_path / "run")
    (folder / "samples" / "step_000100.mid").write_bytes(b"MThd")
    with pytest.raises(InputError, match="step_000100"):
        training_video(folder, tmp_path / "a.mp4")
    assert not (tmp_path / "a.mp4").exists()


@needs_file_limits
def test_a_full_disk_leaves_no_half_of_a_video(run_dir, tmp_path):
    out = tmp_path / "a.mp4"
    lines = f"""
        from deepcomposer_edu.viz.video import training_video
        training_video({str(run_dir)!r}, {str(out)!r}, size={SIZE})
    """
    assert "could not be written" in refused_writing(lines, n_bytes=30_000)
    assert not list(tmp_path.iterdir())

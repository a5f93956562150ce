"""The film of edits, decoded again: what is seen, what is heard, and when."""

import itertools
from dataclasses import replace

import av
import numpy as np
import pytest
from edited import edited_of, four_voices, many_edits, some_edits
from PIL import Image

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ar_cnn import Edited
from deepcomposer_edu.music.audio import read_audio, rms_dbfs
from deepcomposer_edu.music.edit_sound import SLOWEST, Moment, moments, stages
from deepcomposer_edu.music.edits import Edit
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.viz.colours import track_colour
from deepcomposer_edu.viz.edit_film import BEFORE_SECONDS, edit_gif, edit_video
from deepcomposer_edu.viz.edit_page import EditPage
from deepcomposer_edu.viz.film import TAIL_SECONDS

SIZE, FPS = (480, 320), 10
PITCHES = (55, 60, 66)  # put in one after another; none an overtone of another
MUSIC_SECONDS = 2.0  # 32 steps at 240 quarters a minute


def rising():
    """Return a piece in which the alto gets three notes, one after another."""
    rows = np.full((4, 32), REST)
    rows[0, :4] = 84
    edits = [
        Edit(1, 8 * i, 8, REST, pitch, 1.0, i + 1) for i, pitch in enumerate(PITCHES)
    ]
    return edited_of(Grid(rows), edits)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    out = tmp_path_factory.mktemp("film") / "edits.mp4"
    return edit_video(rising(), out, tempo=240, fps=FPS, size=SIZE)


@pytest.fixture(scope="module")
def pictures(film):
    with av.open(str(film)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


def before_seconds():
    """Return how long the piece as it was is heard: one note and its echo."""
    return np.ceil((0.25 + TAIL_SECONDS) * FPS) / FPS


def edit_seconds(number):
    """Return when an edit appears in the film."""
    return before_seconds() + number * SLOWEST


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])


# The film


def test_it_holds_the_piece_before_the_edits_and_the_piece_after(film, pictures):
    with av.open(str(film)) as file:
        kinds = {s.type: s.codec_context.name for s in file.streams}
        length = file.duration / 1e6
    after = 1.5 + TAIL_SECONDS  # the last note ends at step 24
    assert kinds == {"video": "h264", "audio": "aac"}
    assert length == pytest.approx(edit_seconds(3) + after, abs=0.2)
    audio, rate = read_audio(film)
    assert len(audio) / rate == pytest.approx(len(pictures) / FPS, abs=0.05)


def test_each_edit_is_heard_at_its_pitch_when_it_appears(film):
    audio, rate = read_audio(film)
    for number, pitch in enumerate(PITCHES):
        start = edit_seconds(number) + 0.08
        part = audio[int(start * rate) : int((start + 0.28) * rate)].mean(axis=1)
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 2**17))
        hertz = 440 * 2 ** ((np.array(PITCHES) - 69) / 12)
        at = np.rint(hertz * 2**17 / rate).astype(int)
        levels = [spectrum[i - 16 : i + 17].max() for i in at]
        assert PITCHES[int(np.argmax(levels))] == pitch


def test_each_edit_is_seen_when_it_is_heard(pictures):
    page = EditPage(rising(), moments(rising().edits), SIZE)
    left, top, right, bottom = page.roll_box()
    low, high = page.roll.get_ylim()
    for number, pitch in enumerate(PITCHES):
        row = round(top + (high - pitch) / (high - low) * (bottom - top))
        column = round(left + (8 * number + 5) / 32 * (right - left))
        first = round(edit_seconds(number) * FPS)
        earlier, later = (
            pictures[i][row - 1 : row + 2, column - 4 : column + 4].mean(axis=(0, 1))
            for i in (first - 1, first)
        )
        amber = rgb(track_colour(1))
        assert np.abs(later - amber).max() < 45
        assert np.abs(earlier - amber).max() > 100


def test_then_the_finished_piece_is_played_under_a_playhead(film, pictures):
    page = EditPage(rising(), moments(rising().edits), SIZE)
    left, top, right, bottom = page.roll_box()
    start = round(edit_seconds(3) * FPS)
    for share in (0.25, 0.5, 0.7):
        picture = pictures[start + round(share * MUSIC_SECONDS * FPS)]
        part = picture[top + 4 : bottom - 4, left + 4 : right - 2]
        darkest = part.mean(axis=(0, 2)).argmin() + 4
        assert darkest / (right - left) == pytest.approx(share, abs=0.03)
    audio, rate = read_audio(film)
    music = audio[int((edit_seconds(3) + 0.1) * rate) :][: int(1.2 * rate)]
    assert -30 < rms_dbfs(music) < -14


def test_it_can_begin_with_the_edits_and_end_with_other_music(tmp_path):
    finished = Score.from_notes([(0, 72, 16)], tempo=240)
    said = []
    path = edit_video(
        rising(), tmp_path / "a.mp4", tempo=240, with_before=False, finished=finished,
        seconds=0.6, fps=FPS, size=(320, 320), on_scene=lambda *it: said.append(it),
    )  # fmt: skip
    with av.open(str(path)) as file:
        length = file.duration / 1e6
    assert length == pytest.approx(0.6 + 1.0 + TAIL_SECONDS, abs=0.2)
    assert said == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_thousands_of_edits_become_a_film_of_bounded_length(tmp_path):
    edited = many_edits(500, n_passes=10, n_steps=16)
    path = edit_video(
        edited, tmp_path / "many.mp4", seconds=1, fps=13, tempo=240, size=(320, 320)
    )
    with av.open(str(path)) as file:
        length = file.duration / 1e6
    assert length < 1.2 + 2 * (1 + TAIL_SECONDS + 0.1)


def test_a_long_piece_before_is_cut(tmp_path):
    long = four_voices(800)  # 100 seconds
    edited = replace(some_edits(), start=long, grid=long)
    edit_video(
        edited, tmp_path / "long.mp4", tempo=120, fps=1, size=(320, 320), seconds=3,
        finished=Score.from_notes([(0, 60, 4)]),
    )  # fmt: skip
    with av.open(str(tmp_path / "long.mp4")) as file:
        length = file.duration / 1e6
    assert BEFORE_SECONDS < length < BEFORE_SECONDS + 3 + 5


def test_without_edits_the_piece_is_shown_and_played(tmp_path):
    same = Edited(four_voices(16), four_voices(16), ())
    path = edit_video(same, tmp_path / "same.mp4", tempo=240, fps=5, size=(320, 320))
    assert path.stat().st_size > 1000


def test_the_playhead_of_music_that_begins_later_waits_for_it(tmp_path):
    finished = Score.from_notes([(32, 72, 16)], tempo=240)  # two bars of silence
    path = edit_video(
        rising(), tmp_path / "a.mp4", tempo=240, with_before=False, finished=finished,
        offset=32, seconds=0.6, fps=FPS, size=SIZE,
    )  # fmt: skip
    with av.open(str(path)) as file:
        frames = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
    left, top, right, bottom = EditPage(rising(), [], SIZE).roll_box()
    for second, share in ((2.2, 0.1), (2.5, 0.25), (2.9, 0.45)):
        part = frames[round((0.6 + second) * FPS)][top + 4 : bottom - 4, left:right]
        darkest = part[:, 2:].mean(axis=(0, 2)).argmin() + 2
        assert darkest / (right - left) == pytest.approx(share, abs=0.03)


# Its pages


def test_the_piece_stands_as_it_was_after_each_moment():
    edited = some_edits()
    when = moments(edited.edits)
    grids = stages(edited.start, edited.edits, when)
    assert grids[0] == edited.start
    assert np.array_equal(grids[-1].pitches, edited.grid.pitches)
    changed = [
        np.count_nonzero(a.pitches != b.pitches) for a, b in itertools.pairwise(grids)
    ]
    assert changed == [16, 4, 8]


def test_notes_struck_again_stay_so_where_nothing_is_edited():
    start = Grid([[60] * 8], [[1, 0, 0, 0, 1, 0, 0, 0]])
    edited = edited_of(start, [Edit(0, 6, 2, 60, 62, 0.5, 1)])
    after = stages(start, edited.edits, [Moment(0, 1, 0, 1)])[-1]
    assert after.onsets[0].tolist() == [1, 0, 0, 0, 1, 0, 1, 0]


def test_a_page_is_the_same_whichever_was_drawn_before():
    page = EditPage(some_edits(), moments(some_edits().edits), SIZE)
    first = page.picture(1)
    page.finished()
    assert np.array_equal(page.picture(1), first)
    assert not np.array_equal(page.picture(2), first)


def test_titles_of_all_kinds_are_written():
    title = "$x_1$ & \\alpha <b> " + "a very long title " * 9
    page = EditPage(some_edits(), moments(some_edits().edits), SIZE, title=title)
    assert page.picture(0).shape == (*SIZE[::-1], 3)


# The GIF


def test_a_gif_has_before_some_edits_and_after(tmp_path):
    path = edit_gif(many_edits(300), tmp_path / "a.gif", n_pictures=6, size=(480, 320))
    seconds, pictures = [], []
    with Image.open(path) as file:
        assert file.info["loop"] == 0
        for number in range(file.n_frames):
            file.seek(number)
            seconds.append(file.info["duration"] / 1000)
            pictures.append(file.convert("RGB").tobytes())
    assert seconds == [0.5] * 5 + [3.0]
    assert len(set(pictures)) == 6


# What is refused


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"out": "film.avi"}, "film.mp4"),
        ({"fps": 0}, "1 to 60"),
        ({"size": (641, 360)}, "even numbers"),
        ({"seconds": 1000}, "0.5 to 300"),
        ({"steps_per_bar": 0}, "at least 1"),
        ({"tempo": 0}, "above 0"),
    ],
)
def test_an_impossible_film_is_refused(tmp_path, options, words):
    out = tmp_path / options.pop("out", "film.mp4")
    with pytest.raises(InputError, match=words):
        edit_video(some_edits(), out, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"out": "film.mp4"}, "film.gif"),
        ({"n_pictures": 1}, "at least 2"),
        ({"size": (100, 100)}, "320 to 1920"),
        ({"seconds_per_picture": 0}, r"0.1 to 60"),
    ],
)
def test_an_impossible_gif_is_refused(tmp_path, options, words):
    out = tmp_path / options.pop("out", "film.gif")
    with pytest.raises(InputError, match=words):
        edit_gif(some_edits(), out, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [edit_video, edit_gif])
def test_a_piece_without_notes_is_refused(tmp_path, make):
    empty = Grid(np.full((4, 16), REST))
    ending = ".mp4" if make is edit_video else ".gif"
    with pytest.raises(InputError, match="no notes"):
        make(Edited(empty, empty, ()), tmp_path / f"film{ending}")


def test_what_on_scene_raises_stops_the_film_and_leaves_nothing(tmp_path):
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        edit_video(some_edits(), tmp_path / "a.mp4", fps=4, on_scene=stop)
    assert list(tmp_path.iterdir()) == []

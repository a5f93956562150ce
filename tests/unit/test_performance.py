"""The film of a piece, decoded again: what is seen, what is heard, and when."""

import av
import numpy as np
import pytest
from full_disk import needs_file_limits, refused_writing

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import read_audio, rms_dbfs
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.viz.colours import track_colour
from deepcomposer_edu.viz.film import TAIL_SECONDS
from deepcomposer_edu.viz.performance import performance_video
from deepcomposer_edu.viz.performance_page import PerformancePages

SIZE, FPS = (640, 360), 10
N_BARS = 16  # two pages


def song():
    """Two voices at 240 quarters a minute: a bar lasts a second."""
    melody = tuple(Note(4 * i, 60 + i % 12, 4) for i in range(4 * N_BARS))
    bass = tuple(Note(16 * i, 40, 16) for i in range(N_BARS))
    tracks = (Track(melody, "Melody"), Track(bass, "Bass"))
    return Score(tracks, tempo=240, title="A song")


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    out = tmp_path_factory.mktemp("film") / "song.mp4"
    return performance_video(song(), out, fps=FPS, size=SIZE)


@pytest.fixture(scope="module")
def pictures(film):
    with av.open(str(film)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


@pytest.fixture(scope="module")
def pages():
    pages = PerformancePages(song(), SIZE)
    pages.picture(0)
    return pages


def part_of(picture, box):
    left, top, right, bottom = box
    return picture[top:bottom, left:right].astype(int)


def playhead(picture, box):
    """Return the column of the darkest upright line of a box, as a share of it."""
    darkness = part_of(picture, box).sum(axis=2).mean(axis=0)
    return darkness.argmin() / len(darkness)


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])


# The file


def test_it_is_h264_with_aac_as_long_as_the_music_and_its_echo(film):
    with av.open(str(film)) as file:
        kinds = {s.type: s.codec_context.name for s in file.streams}
        length = file.duration / 1e6
    assert kinds == {"video": "h264", "audio": "aac"}
    assert length == pytest.approx(song().seconds + TAIL_SECONDS, abs=0.15)


def test_pictures_and_sound_last_equally_long(film, pictures):
    audio, rate = read_audio(film)
    assert len(audio) / rate == pytest.approx(len(pictures) / FPS, abs=0.05)
    assert pictures[0].shape == (360, 640, 3)


# What is heard


def test_each_note_is_heard_when_the_playhead_is_on_it(film):
    audio, rate = read_audio(film)
    for second in (2, 9, 14):
        part = audio[int(second * rate) : int((second + 0.25) * rate)].mean(axis=1)
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 2**17))
        pitches = 60 + np.arange(12)
        at = np.rint(440 * 2 ** ((pitches - 69) / 12) * 2**17 / rate).astype(int)
        levels = [spectrum[i - 20 : i + 21].max() for i in at]
        assert pitches[np.argmax(levels)] == 60 + 4 * second % 12


def test_the_sound_goes_on_over_the_turning_of_the_page(film):
    audio, rate = read_audio(film)
    seam = audio[int(7.9 * rate) : int(8.1 * rate)]
    assert rms_dbfs(seam) > -35


# What is seen


@pytest.mark.parametrize("second", [1, 4, 7, 9, 12, 15])
def test_the_playhead_crosses_a_page_in_eight_bars(pictures, pages, second):
    share = playhead(pictures[second * FPS], pages.roll_box())
    assert share == pytest.approx(second % 8 / 8, abs=0.02)


@pytest.mark.parametrize("second", [1, 7, 9, 15])
def test_below_it_crosses_the_whole_piece_once(pictures, pages, second):
    left, top, right, bottom = pages.overview_box()
    share = playhead(pictures[second * FPS], (left, top + 2, right, bottom - 2))
    assert share == pytest.approx(second / N_BARS, abs=0.02)


def test_the_page_turns_when_its_last_bar_is_over(pictures, pages):
    box = (0, pages.roll_box()[3], 640, pages.overview_box()[1] - 2)  # bar numbers
    assert np.array_equal(
        part_of(pictures[10], box) > 128, part_of(pictures[70], box) > 128
    )
    assert not np.array_equal(
        part_of(pictures[70], box) > 128, part_of(pictures[90], box) > 128
    )


def test_notes_are_pale_before_they_sound(pictures, pages):
    left, top, right, bottom = pages.roll_box()
    early, late = (
        part_of(pictures[second * FPS], (left, top, left + (right - left) // 2, bottom))
        for second in (0, 7)
    )
    assert early[:, 8:].mean() > late[:, 8:].mean() + 2


def test_keys_light_up_in_the_colour_of_the_voice_that_sounds(pictures, pages):
    lamps = pages.lamps(np.arange(0, 64) * 2.0)
    box, colour = lamps[0][0]
    assert colour == track_colour(0)
    shown = part_of(pictures[1], box)[2:-2, 2:-2].mean(axis=(0, 1))
    assert np.abs(shown - rgb(colour)).max() < 40


def test_a_key_goes_out_when_nobody_holds_it_any_more(pages):
    steps = np.arange(0, 32) * 1.0
    changes = [
        (frame, colour)
        for frame, boxes in sorted(pages.lamps(steps).items())
        for box, colour in boxes
        if box == pages.lamps(steps)[0][0][0]
    ]
    assert changes == [(0, track_colour(0)), (4, None)]


# Pieces of all kinds


@pytest.mark.parametrize(
    "score",
    [
        Score.from_notes([(0, 60, 1)]),
        Score.from_notes([(4 * i, 60, 4) for i in range(9)], pickup=4),
        Score.from_notes(
            [(4 * i, 60, 4) for i in range(60)],
            metres=(Metre(0, 3, 4), Metre(48, 7, 8)),
        ),
        Score.from_notes(
            [(4 * i, 60, 4) for i in range(40)],
            tempo_changes=((16, 399.0), (32, 20.0), (48, 300.0)),
        ),
        Score((Track((Note(0, 36, 1), Note(8, 38, 1)), "Drums", 0, True), Track())),
        Score((Track((Note(0, 60, 8),), "$x_1$ \\alpha <b>"),), title="$50 & 5 $"),
    ],
    ids=["short", "pickup", "metres", "tempos", "drums", "signs"],
)
def test_every_piece_becomes_a_film(tmp_path, score):
    path = performance_video(score, tmp_path / "film.mp4", fps=4, size=(320, 320))
    with av.open(str(path)) as file:
        length = file.duration / 1e6
    assert length == pytest.approx(score.seconds + TAIL_SECONDS, abs=0.4)


def test_all_pages_together_hold_every_bar_once():
    for n_bars in (1, 7, 8, 9, 12, 33, 100):
        notes = tuple(Note(16 * i, 60, 16) for i in range(n_bars))
        layouts = PerformancePages(Score((Track(notes),)), (320, 320)).layouts
        bars = [line for layout in layouts for line in layout.lines[:-1]]
        assert bars == [(16 * i, i + 1) for i in range(n_bars)]
        assert all(len(layout.lines) <= 13 for layout in layouts)


def test_progress_is_told_about_once_a_second(tmp_path):
    said = []
    performance_video(
        song(),
        tmp_path / "film.mp4",
        fps=4,
        size=(320, 320),
        on_frame=lambda *it: said.append(it),
    )
    assert len(said) == 17
    assert {n_all for _, n_all in said} == {68}


def test_what_on_frame_raises_stops_the_film_and_leaves_nothing(tmp_path):
    def stop(done, _):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        performance_video(song(), tmp_path / "film.mp4", fps=4, on_frame=stop)
    assert list(tmp_path.iterdir()) == []


# What is refused


def test_a_piece_without_notes_is_refused(tmp_path):
    with pytest.raises(InputError, match="no notes"):
        performance_video(Score((Track(),)), tmp_path / "film.mp4")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"out": "film.avi"}, "film.mp4"),
        ({"fps": 0}, "1 to 60"),
        ({"size": (641, 360)}, "even numbers"),
    ],
)
def test_impossible_values_are_refused(tmp_path, options, words):
    out = tmp_path / options.pop("out", "film.mp4")
    with pytest.raises(InputError, match=words):
        performance_video(song(), out, **options)


@needs_file_limits
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path):
    said = refused_writing(
        f"""
        from deepcomposer_edu.music.score import Score
        from deepcomposer_edu.viz.performance import performance_video
        score = Score.from_notes([(4 * i, 60 + i, 4) for i in range(32)])
        performance_video(score, {str(tmp_path / "film.mp4")!r}, fps=4)
        """,
        n_bytes=8_000,
    )
    assert "could not be written" in said
    assert list(tmp_path.iterdir()) == []

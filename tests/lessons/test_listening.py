"""Hearing and seeing in a notebook: course.play, course.plot, the choosers."""

import numpy as np
import pytest

from deepcomposer_edu import course
from deepcomposer_edu.course.choosing import PLAYED, TuneChooser
from deepcomposer_edu.course.listening import FADE_SECONDS, beginning, faded
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Score


@pytest.fixture(autouse=True)
def not_quick(monkeypatch):
    monkeypatch.delenv("COURSE_QUICK", raising=False)


LONG = Score.from_notes([(start, 60, 4) for start in range(0, 160, 4)], title="Long")
SHORT = Score.from_notes([(0, 60, 4)], title="A <short> one")


def test_music_longer_than_ten_seconds_is_cut_and_says_so():
    player = course.play(LONG)
    assert player.seconds == pytest.approx(10)
    assert player.caption == "Long (the first 10 seconds)"


def test_short_music_is_played_whole():
    assert course.play(SHORT).caption == "A <short> one"


def test_a_player_never_starts_by_itself():
    html = course.play(SHORT)._repr_html_()
    assert "<audio controls" in html
    assert "autoplay" not in html


def test_a_player_is_named_for_screen_readers():
    assert 'aria-label="A &lt;short&gt; one"' in course.play(SHORT)._repr_html_()


def test_a_player_stays_small():
    assert len(course.play(LONG).mp3) < 250_000


def test_a_cut_fades_to_silence():
    ones = np.ones((44100, 2), dtype=np.float32)
    cut = faded(ones, 30000, 44100)
    n_fade = int(FADE_SECONDS * 44100)
    assert cut.shape == (30000, 2)
    assert cut[-1].max() == 0
    assert (cut[:-n_fade] == 1).all()


def test_sound_that_fits_is_not_faded():
    ones = np.ones(100, dtype=np.float32)
    assert faded(ones, 100, 44100) is ones


def test_the_beginning_keeps_notes_that_start_in_time():
    assert len(beginning(LONG, 1.0).notes) == 2


def test_sound_given_as_an_array_is_played():
    tone = 0.3 * np.sin(np.arange(4410) / 10)
    assert course.play(tone, "a tone").seconds == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("music", "options", "words"),
    [
        (SHORT, {"seconds": 0}, "above 0"),
        (np.full(10, 2.0), {}, "between -1|within -1"),
        (np.zeros((10, 3)), {}, r"must be \(N,\) or \(N, 2\)"),
    ],
)
def test_what_cannot_be_played_is_refused_in_a_sentence(music, options, words):
    with pytest.raises(InputError, match=words):
        course.play(music, **options)


def test_in_quick_mode_two_seconds_are_enough(monkeypatch):
    monkeypatch.setenv("COURSE_QUICK", "1")
    assert course.play(LONG).seconds == pytest.approx(2)


def test_a_picture_says_in_words_what_it_shows():
    picture = course.plot(LONG)
    assert picture.text == "Piano roll: 1 track, 40 notes in 160 steps, from C4 to C4."


def test_a_picture_is_sharp_and_six_inches_wide():
    picture = course.plot(SHORT)
    assert picture.png.startswith(b"\x89PNG")
    n_pixels = int.from_bytes(picture.png[16:20], "big")
    assert n_pixels == 2 * picture.width == 2 * 660


def test_a_picture_has_a_caption_and_a_text_for_screen_readers():
    html = course.plot(SHORT)._repr_html_()
    assert "<figcaption>A &lt;short&gt; one</figcaption>" in html
    assert 'alt="Piano roll: 1 track, 1 note in 4 steps' in html


def test_a_grid_is_heard_and_seen_like_a_score():
    grid = Grid([[60, 60, 62, 62]])
    assert course.play(grid, "a grid").seconds > 0.5
    assert "2 notes in 4 steps" in repr(course.plot(grid))


class Keyboard:
    """A keyboard as the chooser sees it."""

    def __init__(self, score=None):
        self.has_recording = score is not None
        self.recording = lambda: score


def test_the_default_tune_is_there_without_a_click():
    assert course.choose_tune().score.title == "Ode to Joy"


def test_what_was_played_can_be_chosen():
    chooser = TuneChooser(Keyboard(SHORT))
    chooser.choose(PLAYED)
    assert chooser.score.notes == SHORT.notes


def test_nothing_played_is_said_and_the_first_tune_taken(capsys):
    chooser = TuneChooser(Keyboard())
    chooser.choose(PLAYED)
    assert chooser.score.title == "Ode to Joy"
    assert "Nothing is recorded yet" in capsys.readouterr().out


def test_without_a_keyboard_there_is_nothing_played_to_choose():
    assert PLAYED not in course.choose_tune().menus["Tune"].options


def test_an_unknown_tune_is_refused():
    with pytest.raises(InputError, match="has no choice"):
        course.choose_tune().choose("no such tune")


def test_a_chooser_shows_itself_as_a_widget_with_a_text():
    data = course.choose_tune()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == "Tune: ode-to-joy"

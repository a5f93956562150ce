"""The keyboard's takes and performance settings from Python, without any browser."""

from __future__ import annotations

import pytest
import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets import PianoKeyboard
from deepcomposer_edu.widgets.performing import SCALES
from deepcomposer_edu.widgets.takes import MOST_TAKES


def quarters(*times, pitch=60):
    """Events of notes of 300 ms, each a tone higher than the one before."""
    events = []
    for number, time in enumerate(times):
        common = {"pitch": pitch + 2 * number, "source": "mouse"}
        events.append({"time": float(time), "velocity": 90} | common)
        events.append({"time": time + 300.0, "velocity": 0} | common)
    return events


def record(keyboard, events, **more):
    """Let a take come in, as the browser sends it: all in one message."""
    take = {"events": events, "label": "recording", "tempo": keyboard.tempo}
    take |= {"is_counted": False} | more
    takes = [*keyboard.takes[: keyboard.take + 1], take]
    keyboard.set_state(
        {
            "recorded": events,
            "takes": takes,
            "take": len(takes) - 1,
            "n_takes": keyboard.n_takes + 1,
        }
    )


def strikes(keyboard):
    return [e["time"] for e in keyboard.recorded if e.get("velocity", 0) > 0]


@pytest.fixture
def keyboard():
    """A keyboard with four quarters at 100 BPM, all but the first 40 ms late."""
    keyboard = PianoKeyboard(tempo=100)
    record(keyboard, quarters(0, 640, 1240, 1840))
    return keyboard


# --- rhythm assist, trimming, undo


def test_tidy_moves_the_take_to_the_grid_at_once(keyboard):
    keyboard.tidy()
    assert strikes(keyboard) == [0, 600, 1200, 1800]


def test_tidy_takes_strength_and_grid_from_the_panel(keyboard):
    keyboard.rhythm_strength, keyboard.rhythm_grid = 0.5, "1/4"
    keyboard.tidy()
    assert strikes(keyboard) == [0, 620, 1220, 1820]


def test_tidy_can_guess_the_tempo_and_sets_it():
    keyboard = PianoKeyboard(tempo=100)
    record(keyboard, quarters(*(480 * i + 8 * (i % 2) for i in range(8))))
    keyboard.tidy(tempo="guess")
    assert keyboard.tempo == 125
    assert strikes(keyboard)[:3] == [0, 480, 960]


def test_undo_and_redo_go_through_the_takes(keyboard):
    keyboard.tidy()
    keyboard.undo()
    assert strikes(keyboard)[1] == 640
    keyboard.redo()
    assert strikes(keyboard)[1] == 600


def test_undo_brings_the_tempo_back(keyboard):
    keyboard.tidy(tempo=120)
    keyboard.undo()
    assert keyboard.tempo == 100


def test_before_the_first_take_there_is_none(keyboard):
    keyboard.undo()
    assert not keyboard.has_recording
    with pytest.raises(InputError, match="nothing to undo"):
        keyboard.undo()


def test_after_the_newest_take_there_is_nothing_to_redo(keyboard):
    with pytest.raises(InputError, match="newest take"):
        keyboard.redo()


def test_a_recording_set_from_python_can_be_undone_to():
    keyboard = PianoKeyboard()
    keyboard.recorded = quarters(0, 640)
    keyboard.tidy()
    keyboard.undo()
    assert strikes(keyboard) == [0, 640]


def test_the_history_is_bounded(keyboard):
    for number in range(30):
        keyboard.tidy(strength=number / 100)
    assert len(keyboard.takes) == MOST_TAKES


def test_trim_keeps_whole_bars(keyboard):
    keyboard.beats_per_bar = 2
    keyboard.trim(1, first_bar=2)
    assert (len(strikes(keyboard)), keyboard.n_bars) == (2, 1)
    assert keyboard.takes[-1]["label"] == "trim to 1 bar"


def test_trimming_beyond_the_end_is_refused_and_changes_nothing(keyboard):
    with pytest.raises(InputError, match="ends in bar 1"):
        keyboard.trim(4, first_bar=3)
    assert len(keyboard.takes) == 1


def test_without_a_take_a_sentence_says_what_to_do():
    for action in (PianoKeyboard().tidy, lambda: PianoKeyboard().trim(2)):
        with pytest.raises(InputError, match="press Record"):
            action()


def test_a_counted_take_has_its_bars_where_the_metronome_counted_them():
    keyboard = PianoKeyboard(tempo=100, metronome=True)
    events = quarters(1200, 1800)  # on the third and fourth beat
    record(keyboard, events, is_counted=True)
    assert [note.start for note in keyboard.score.notes] == [8, 12]


def test_a_counted_take_keeps_its_tempo_when_the_slider_moves():
    keyboard = PianoKeyboard(tempo=100)
    record(keyboard, quarters(0, 600), is_counted=True)
    keyboard.tempo = 200
    assert [note.start for note in keyboard.score.notes] == [0, 4]


def test_the_metre_of_the_score_is_that_of_the_metronome(keyboard):
    keyboard.beats_per_bar = 3
    assert keyboard.score.metres[0].numerator == 3


def test_wheels_and_pedal_do_not_disturb_the_score():
    keyboard = PianoKeyboard(tempo=100)
    wheel = {"time": 100.0, "bend": 0.5, "source": "wheel"}
    late = {"time": 9000.0, "modulation": 1.0, "source": "wheel"}
    record(keyboard, [*quarters(0), wheel, late])
    assert [note.duration for note in keyboard.score.notes] == [2]


# --- who is told


def test_a_recording_calls_back_once_with_what_is_heard(keyboard):
    heard = []
    keyboard.on_record(lambda score: heard.append([n.start for n in score.notes]))
    record(keyboard, quarters(0, 600))
    assert heard == [[0, 4]]


def test_edits_call_back_only_those_who_asked(keyboard):
    plain, edits = [], []
    keyboard.on_record(plain.append)
    keyboard.on_record(edits.append, edits=True)
    keyboard.tidy()
    keyboard.undo()
    assert (len(plain), len(edits)) == (0, 2)


# --- scales and other settings


def test_a_scale_is_locked_by_its_name():
    keyboard = PianoKeyboard()
    keyboard.lock_scale("D dorian")
    assert (keyboard.scale, keyboard.scale_lock) == ("D dorian", True)
    keyboard.unlock_scale()
    assert not keyboard.scale_lock


@pytest.mark.parametrize("name", ["H major", "C", "", "C sad", "major"])
def test_what_is_no_scale_is_refused(name):
    keyboard = PianoKeyboard()
    with pytest.raises(InputError, match="such as"):
        keyboard.lock_scale(name)
    assert keyboard.scale == "C major"


def test_every_scale_has_its_tonic_and_fits_an_octave():
    for degrees in SCALES.values():
        assert degrees[0] == 0
        assert list(degrees) == sorted(set(degrees))
        assert degrees[-1] < 12


def test_the_key_of_a_recording_is_guessed():
    keyboard = PianoKeyboard()
    record(
        keyboard, quarters(*range(0, 2400, 600), pitch=62) + quarters(3000, pitch=62)
    )
    assert keyboard.guess_scale().startswith("D")


def test_the_key_of_a_score_is_guessed():
    tune = Score.from_notes([(0, 67, 1), (1, 71, 1), (2, 74, 1), (3, 67, 4)])
    assert PianoKeyboard().guess_scale(tune) == "G major"


def test_without_notes_no_key_is_guessed():
    with pytest.raises(InputError, match="no notes"):
        PianoKeyboard().guess_scale()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"arp_rate": "1/5"}, "1/8T"),
        ({"max_bars": 65}, "from 0 to 64"),
        ({"wobble": 1}, "no setting"),
        ({"scale": "H major"}, "G major"),
        ({"recorded": []}, "no setting"),
    ],
)
def test_a_wrong_setting_of_the_panel_is_refused_in_one_sentence(setting, words):
    with pytest.raises(InputError, match=words):
        PianoKeyboard(**setting)


@pytest.mark.parametrize("tempo", [19, 301, float("nan")])
def test_a_tempo_that_nobody_can_count_is_refused(tempo):
    with pytest.raises(InputError, match="tempo"):
        PianoKeyboard().tempo = tempo


def test_a_bend_beyond_the_wheel_is_refused():
    with pytest.raises(traitlets.TraitError):
        PianoKeyboard().bend = 1.5

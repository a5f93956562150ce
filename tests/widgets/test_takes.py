"""Rhythm assist and trimming: cases worked by hand, and Python and JavaScript alike."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from needs import require

from deepcomposer_edu.corpora.tunes import load_tune, tune_names
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.widgets.takes import (
    GRIDS,
    count_bars,
    tidy_events,
    trim_events,
)
from deepcomposer_edu.widgets.tempo import guess_tempo

# At 100 BPM a quarter lasts 600 ms and a sixteenth 150 ms.
SERVER = Path(__file__).parent / "js" / "take_server.mjs"


def note(start, end, pitch=60, velocity=90):
    common = {"pitch": pitch, "source": "mouse"}
    return [
        {"time": start, "velocity": velocity} | common,
        {"time": end, "velocity": 0} | common,
    ]


def strikes(events):
    return [e["time"] for e in events if e.get("velocity", 0) > 0]


def test_full_strength_puts_notes_on_the_grid():
    events = note(1000, 1300) + note(1620, 1900, 62)
    assert strikes(tidy_events(events, 100)) == [1000, 1600]


def test_half_the_strength_goes_half_the_way():
    events = note(1000, 1300) + note(1620, 1900, 62)
    assert strikes(tidy_events(events, 100, strength=0.5)) == [1000, 1610]


def test_no_strength_leaves_the_notes_as_played():
    events = note(1000, 1300) + note(1620, 1900, 62)
    assert strikes(tidy_events(events, 100, strength=0)) == [1000, 1620]


def test_counted_takes_have_their_beats_at_the_metronomes():
    assert strikes(tidy_events(note(1020, 1300), 100, "1/4", is_counted=True)) == [1200]


def test_triplets_have_a_grid_of_their_own():
    events = note(0, 190) + note(210, 380, 62) + note(410, 590, 64)
    assert strikes(tidy_events(events, 100, "1/8T")) == [0, 200, 400]


def test_a_note_on_the_grid_lasts_at_least_one_unit():
    tidied = tidy_events(note(0, 20), 100, "1/8")
    assert [event["time"] for event in tidied] == [0, 300]


def test_two_strikes_that_fall_together_become_the_longer_one():
    tidied = tidy_events(note(0, 40) + note(60, 600), 100, "1/8")
    assert [event["time"] for event in tidied] == [0, 600]


def test_the_pedal_stays_where_it_was():
    pedal = {"time": 33.0, "pedal": True, "source": "midi"}
    assert pedal in tidy_events([*note(0, 100), pedal], 100)


def test_trimming_keeps_the_bars_asked_for():
    events = [e for i in range(16) for e in note(1000 + 600 * i, 1500 + 600 * i)]
    kept = trim_events(events, 100, n_bars=2)
    assert (len(strikes(kept)), count_bars(events, 100), count_bars(kept, 100)) == (
        8,
        4,
        2,
    )


def test_trimming_can_begin_at_a_later_bar():
    events = [e for i in range(8) for e in note(600 * i, 600 * i + 500, 60 + i)]
    kept = trim_events(events, 100, n_bars=1, first_bar=2)
    assert [e["pitch"] for e in kept if e["velocity"]] == [64, 65, 66, 67]


def test_a_note_a_little_early_belongs_to_the_bar_it_was_meant_for():
    events = note(0, 500) + note(2360, 2900, 62)  # bar 2 begins at 2400
    assert strikes(trim_events(events, 100, n_bars=1)) == [0]
    assert strikes(trim_events(events, 100, n_bars=1, first_bar=2)) == [0]


def test_a_note_that_lasts_beyond_the_last_bar_ends_with_it():
    kept = trim_events(note(0, 9000), 100, n_bars=2)
    assert kept[-1]["time"] == 4800


def test_a_pedal_held_over_the_cut_is_down_at_the_start_and_let_go_at_the_end():
    events = [
        *note(0, 500),
        {"time": 100.0, "pedal": True, "source": "midi"},
        *note(2400, 2900),
    ]
    kept = trim_events(events, 100, n_bars=1, first_bar=2)
    pedals = [(e["time"], e["pedal"]) for e in kept if "pedal" in e]
    assert pedals == [(0, True), (2400, False)]


@pytest.mark.parametrize("wrong", [{"grid": "1/5"}, {"strength": 1.1}])
def test_an_unknown_grid_or_strength_is_refused(wrong):
    with pytest.raises(InputError, match="but it must be"):
        tidy_events(note(0, 100), 100, **wrong)


def test_bars_below_one_are_refused():
    with pytest.raises(InputError, match="counted from 1"):
        trim_events(note(0, 100), 100, n_bars=0)


def test_an_empty_recording_stays_empty():
    assert (tidy_events([], 100), trim_events([], 100, 2), count_bars([], 100)) == (
        [],
        [],
        0,
    )


# --- the browser's copy


def ask(*questions):
    node = shutil.which("node")
    require(node, "Node is not installed (apt: nodejs)")
    result = subprocess.run(
        [node, str(SERVER)], input=json.dumps(questions), capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def random_recording(seed):
    draw = random.Random(seed)
    events = []
    for _ in range(draw.randrange(1, 40)):
        start = round(draw.uniform(0, 9000), 1)
        events += note(
            start, start + round(draw.uniform(5, 1500), 1), draw.choice(WHITE)
        )
    for _ in range(draw.randrange(4)):
        time = round(draw.uniform(0, 9000), 1)
        events.append({"time": time, "pedal": draw.random() < 0.5, "source": "midi"})
    return sorted(events, key=lambda event: event["time"])


WHITE = (60, 62, 64, 65, 67)
RECORDINGS = [random_recording(seed) for seed in range(40)]


def test_the_browser_tidies_like_python():
    questions, expected = [], []
    for number, events in enumerate(RECORDINGS):
        options = {
            "tempo": 60 + 7 * number,
            "grid": list(GRIDS)[number % len(GRIDS)],
            "strength": (1, 0.5, 0.3)[number % 3],
        }
        is_counted = number % 2 == 0
        questions.append(["tidy", events, options | {"isCounted": is_counted}])
        expected.append(tidy_events(events, **options, is_counted=is_counted))
    assert ask(*questions) == expected


def test_the_browser_trims_like_python():
    questions, expected = [], []
    for number, events in enumerate(RECORDINGS):
        tempo, metre, is_counted = 60 + 5 * number, 3 + number % 2, number % 3 == 0
        options = {"tempo": tempo, "nBars": 2, "firstBar": 1 + number % 2}
        options |= {"beatsPerBar": metre, "isCounted": is_counted}
        questions.append(["trim", events, options])
        expected.append(
            trim_events(events, tempo, 2, 1 + number % 2, metre, is_counted)
        )
    assert ask(*questions) == expected


def test_the_browser_guesses_the_tempo_like_python():
    questions = [["guessTempo", events] for events in RECORDINGS]
    assert ask(*questions) == [guess_tempo(events) for events in RECORDINGS]


def test_the_browser_finds_the_keys_that_python_finds():
    tunes = [load_tune(name) for name in tune_names()]
    questions = [
        [
            "guessScale",
            [
                {"pitch": n.pitch, "start": n.start, "duration": n.duration}
                for n in tune.notes
            ],
        ]
        for tune in tunes
    ]
    assert ask(*questions) == [find_key(tune).name for tune in tunes]

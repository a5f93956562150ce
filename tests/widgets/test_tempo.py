"""The tempo of what was played without a metronome."""

from __future__ import annotations

import numpy as np
import pytest

from deepcomposer_edu.corpora.tunes import load_tune, tune_names
from deepcomposer_edu.widgets.recording import score_to_song
from deepcomposer_edu.widgets.tempo import guess_tempo


def play(score, tempo, uneven_ms=0.0, seed=0):
    """Return the first eight bars as a player would record them."""
    uneven = np.random.default_rng(seed).normal(0, uneven_ms or 1e-9, 10_000)
    events = score_to_song(score.with_tempo(tempo))["events"]
    return [
        {"time": 3000 + time + uneven[i], "pitch": pitch, "velocity": velocity}
        for i, (time, _, pitch, velocity) in enumerate(events)
        if time < 8 * 4 * 60_000 / tempo
    ]


@pytest.mark.parametrize("tempo", [75, 90, 100, 120, 132])
def test_twinkle_played_evenly_gives_its_tempo(tempo):
    assert guess_tempo(play(load_tune("twinkle-twinkle"), tempo)) == pytest.approx(
        tempo, abs=1
    )


def test_three_notes_could_mean_anything():
    events = [{"time": 500 * i, "pitch": 60, "velocity": 90} for i in range(3)]
    assert guess_tempo(events) is None


def test_when_record_was_pressed_does_not_matter():
    events = play(load_tune("ode-to-joy"), 110)
    later = [event | {"time": event["time"] + 1234.5} for event in events]
    assert guess_tempo(later) == guess_tempo(events)


def test_most_tunes_played_unevenly_give_their_tempo_or_its_double_or_half():
    # 20 ms is about how unevenly amateurs play; measured: 145 of 152, 124 exactly.
    trials = [
        (tempo, guess_tempo(play(load_tune(name), tempo, uneven_ms=20)))
        for name in tune_names()
        for tempo in (60, 72, 84, 96, 108, 120, 132, 144)
    ]
    ratios = np.array([guess / tempo for tempo, guess in trials])
    fits = [np.abs(ratios / factor - 1) < 0.03 for factor in (0.5, 1, 2)]
    assert np.any(fits, axis=0).mean() >= 0.9
    assert fits[1].mean() >= 0.7

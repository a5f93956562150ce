"""The bands by ear: rendered track by track, and their loudness measured."""

from dataclasses import replace

import numpy as np
import pytest

from deepcomposer_edu.compose import compose
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.music.bands import BANDS
from deepcomposer_edu.music.score import Score, Track
from deepcomposer_edu.music.synth import Synth

RATE = 32_000
GATE = 0.4  # seconds


@pytest.fixture(scope="module")
def synth():
    return Synth()


def loudness(synth, score):
    """Return the mean loudness in dB of the passages in which something sounds."""
    mix = synth.mix(score, RATE)
    size = int(GATE * RATE)
    n_blocks = len(mix) // size
    power = (mix[: n_blocks * size] ** 2).reshape(n_blocks, -1).mean(axis=1)
    return 10 * np.log10(power[power > power.mean() / 10].mean())


def opening(tune, n_steps):
    """Return the first steps of a shipped tune."""
    given = load_tune(tune)
    notes = tuple(note for note in given.tracks[0].notes if note.end <= n_steps)
    return replace(given, tracks=(Track(notes, "Melody"),))


@pytest.mark.parametrize("style", BANDS)
def test_the_melody_is_the_loudest_and_everybody_is_heard(synth, style):
    score = compose(opening("ode-to-joy", 64), genre=style).score
    levels = {
        track.name: loudness(synth, replace(score, tracks=(track,)))
        for track in score.tracks
    }
    below = {name: levels["Melody"] - level for name, level in levels.items()}
    assert all(1 <= db <= 14 for name, db in below.items() if name != "Melody"), below


@pytest.mark.parametrize("style", BANDS)
def test_the_band_does_not_drown_the_melody(synth, style):
    score = compose(opening("ode-to-joy", 64), genre=style).score
    alone = loudness(synth, replace(score, tracks=score.tracks[:1]))
    band = loudness(synth, replace(score, tracks=score.tracks[1:]))
    assert band - alone < 3


def test_every_drum_that_is_struck_sounds(synth):
    """A kit that lacks a drum would leave a hole in the rhythm."""
    for style, band in BANDS.items():
        score = compose(opening("ode-to-joy", 256), "random", style).score
        for track in score.tracks:
            for pitch in {n.pitch for n in track.notes} if track.is_drum else ():
                hit = replace(
                    track, notes=(next(n for n in track.notes if n.pitch == pitch),)
                )
                mix = synth.mix(Score((hit,)), RATE)
                assert np.abs(mix).max() > 1e-3, (band.name, pitch)

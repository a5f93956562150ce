"""The sounds to learn from: in tune, level, kept, and apart where they must be."""

import numpy as np
import pytest

from deepcomposer_edu.corpora import sounds as module
from deepcomposer_edu.corpora.sounds import (
    DEFAULT,
    held_out_pairs,
    note_sounds,
    phrase_sounds,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import rms_dbfs
from deepcomposer_edu.music.score import frequency
from deepcomposer_edu.music.sound_measures import cents, clicks, fundamental

SMALL = {"pitches": range(48, 73, 4), "velocities": (50, 120)}


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def notes():
    return note_sounds(**SMALL)


def test_there_is_one_sound_for_each_instrument_pitch_and_velocity(notes):
    assert notes.audio.shape == (4 * 7 * 2, 8_000)
    assert notes.audio.dtype == np.float32
    rows = set(zip(notes.instrument, notes.pitch, notes.velocity, strict=True))
    assert len(rows) == len(notes) == 56
    assert notes.instruments == DEFAULT
    assert notes.name(0) == "organ C3, velocity 50"


def test_every_note_is_in_tune_and_has_no_click(notes):
    for audio, pitch in zip(notes.audio, notes.pitch, strict=True):
        hertz = frequency(int(pitch))
        assert abs(cents(fundamental(audio, notes.rate), hertz)) < 10
        assert clicks(audio, notes.rate) == 0


def test_velocity_is_heard_and_instruments_are_alike_in_level(notes):
    held = [rms_dbfs(audio[: round(0.8 * notes.rate)]) for audio in notes.audio]
    for velocity in (50, 120):
        expected = -16 + 40 * np.log10(velocity / 120)
        levels = np.array(held)[notes.velocity == velocity]
        assert np.abs(levels - expected).max() < 1


def test_held_out_pairs_are_of_pitches_that_the_other_instruments_keep(notes):
    train, valid = notes.train, notes.valid
    assert len(train) + len(valid) == len(notes)
    assert len(valid) > 0
    known = set(zip(train.instrument, train.pitch, strict=True))
    for pair in set(zip(valid.instrument, valid.pitch, strict=True)):
        assert pair not in known
        others = [(i, pair[1]) for i in range(4) if i != pair[0]]
        assert known.issuperset(others)


@pytest.mark.parametrize("n", [2, 4, 6])
def test_each_octave_lacks_two_pitches_of_each_instrument(n):
    pairs = held_out_pairs(n, seed=3)
    assert len(pairs) == 2 * n * 11
    assert len({pitch for _, pitch in pairs}) == len(pairs)
    assert pairs != held_out_pairs(n, seed=4)


def test_the_second_time_the_sounds_come_from_the_cache_bit_for_bit(monkeypatch, notes):
    def refused(*_):
        raise AssertionError("built again")

    monkeypatch.setattr(module, "SoundPlayer", refused)
    assert np.array_equal(note_sounds(**SMALL).audio, notes.audio)


def test_a_damaged_cache_is_built_again(tmp_path, monkeypatch):
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    few = {"instruments": ("oboe",), "pitches": (60,), "velocities": (90,)}
    first = note_sounds(**few).audio
    (path,) = tmp_path.glob("sounds-*")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert np.array_equal(note_sounds(**few).audio, first)
    assert path.read_bytes() == whole


def test_the_rate_changes_how_densely_a_sound_is_written_and_not_the_sound():
    few = {"instruments": ("organ",), "pitches": (60,), "velocities": (90,)}
    low, high = (note_sounds(rate=rate, **few).audio[0] for rate in (8_000, 16_000))
    assert len(high) == 2 * len(low)
    assert rms_dbfs(low) == pytest.approx(rms_dbfs(high), abs=1)


def test_the_key_is_released_after_the_held_time(notes):
    i = 2 * 7 * 2  # the harpsichord dies away by itself; the organ does not
    organ, harpsichord = notes.audio[0], notes.audio[i]
    assert notes.instruments[notes.instrument[i]] == "harpsichord"
    assert notes.held[0] == 0.8
    late = slice(round(0.97 * 8_000), None)
    assert rms_dbfs(organ[late]) < rms_dbfs(organ[4_000:6_000]) - 10
    assert abs(harpsichord[-1]) < 0.001


def test_phrases_are_the_same_for_a_seed_and_others_for_another():
    few = {"seconds": 1.0, "n": 5}
    first = phrase_sounds(seed=1, **few)
    assert np.array_equal(first.audio, phrase_sounds(seed=1, **few).audio)
    assert not np.array_equal(first.audio, phrase_sounds(seed=2, **few).audio)
    assert (first.pitch == -1).all()
    assert first.instrument.tolist() == [0, 1, 2, 3, 0]
    assert (np.abs(first.audio).max(axis=1) > 0.05).all()


def test_phrases_can_be_played_by_all_instruments_in_turn():
    together = phrase_sounds(seconds=1.0, n=8, together=True)
    assert together.held_out.reshape(2, 4).any(axis=1).tolist() == (
        together.held_out.reshape(2, 4).all(axis=1).tolist()
    )
    first, second = (
        [fundamental(audio[:2_000], 8_000) for audio in together.audio[i : i + 4]]
        for i in (0, 4)
    )
    assert max(abs(cents(f, first[0])) for f in first) < 20
    assert max(abs(cents(f, second[0])) for f in second) < 20


def test_even_the_shortest_phrase_has_a_note():
    assert np.abs(phrase_sounds(seconds=0.1, n=4).audio).max(axis=1).min() > 0.001


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"instruments": ("kazoo-9",)}, "kazoo"),
        ({"instruments": ()}, "none"),
        ({"instruments": ("organ", "organ")}, "each once"),
        ({"rate": 4_000}, "8000"),
        ({"seconds": 0}, "0.05"),
        ({"pitches": (60, 130)}, "130"),
        ({"pitches": ()}, "missing"),
        ({"velocities": (0,)}, "1 to"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_is_not_allowed_is_refused_in_a_sentence(wrong, word):
    with pytest.raises(InputError, match=word):
        note_sounds(**wrong)

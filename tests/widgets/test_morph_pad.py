"""MorphPad without a browser: mixtures, decoding in a thread, what it refuses."""

import threading

import numpy as np
import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.widgets import MorphPad
from deepcomposer_edu.widgets.morph_work import weights_at

NAMES = ["organ", "clarinet", "harpsichord", "lead"]


def decode(weights, pitch):
    """Sound that says what it was made of."""
    return np.tile(np.append(weights, pitch / 127), 10)


def pad_of(**options):
    pad = MorphPad(decode, NAMES, **{"n_side": 3} | options)
    sent = []
    pad.send = lambda message, buffers=(): sent.append((message, *buffers))
    return pad, sent


def obey(pad, **message):
    pad._obey(pad, message, [])


def test_the_weights_of_all_places_sum_to_one_and_corners_are_pure():
    for column in range(4):
        for row in range(4):
            assert weights_at((column, row), 4).sum() == pytest.approx(1)
    assert weights_at((3, 0), 4).tolist() == [0, 1, 0, 0]
    assert weights_at((0, 3), 4).tolist() == [0, 0, 1, 0]


def test_it_begins_in_the_middle_and_decodes_when_it_is_asked():
    pad, _ = pad_of()
    assert pad.n_decoded == 0
    assert pad.sound()[:5] == pytest.approx([0.25] * 4 + [60 / 127])
    assert pad.n_decoded == 1


def test_all_mixtures_of_a_pitch_are_decoded_the_wanted_one_first_then_corners():
    pad, sent = pad_of()
    obey(pad, kind="want", pitch=64, place=[1, 0], has=[])
    pad._decoding.wait()
    clips = [message for message, _ in sent if message["kind"] == "clip"]
    assert clips[0]["place"] == [1, 0]
    assert sorted(clip["place"] for clip in clips[1:5]) == [
        [0, 0],
        [0, 2],
        [2, 0],
        [2, 2],
    ]
    assert len(clips) == 9
    assert {clip["pitch"] for clip in clips} == {64}
    assert not pad.is_decoding
    assert (pad.pitch, pad.place) == (60, [1, 1])  # these are the page's to set


def test_what_is_decoded_is_kept_and_only_what_the_page_lacks_is_sent_again():
    calls = []

    def counted(weights, pitch):
        calls.append(pitch)
        return decode(weights, pitch)

    pad = MorphPad(counted, NAMES, n_side=2)
    pad.decode(wait=True)
    sent = []
    pad.send = lambda message, **_: sent.append(message["place"])
    obey(pad, kind="want", pitch=60, place=[0, 0], has=[[0, 0], [1, 1]])
    pad.decode(wait=True)
    assert sorted(sent) == [[0, 1], [1, 0]]
    assert len(calls) == 4


def test_sent_sound_is_sixteen_bits():
    pad, sent = pad_of()
    pad.sound()
    ((message, buffer),) = sent
    assert message == {"kind": "clip", "pitch": 60, "place": [1, 1]}
    back = np.frombuffer(buffer, dtype="<i2") / 32767
    assert back == pytest.approx(pad.sound(), abs=1 / 32767)


def test_several_are_decoded_at_once_where_that_is_possible():
    sizes = []

    def decode_many(weights, pitch):
        sizes.append(len(weights))
        return np.stack([decode(one, pitch) for one in weights])

    pad, _ = pad_of(decode_many=decode_many)
    pad.decode(wait=True)
    assert sizes == [8]  # the first alone, so that it is heard soon
    pad.place = [2, 1]
    assert pad.sound()[:4] == pytest.approx([0, 0.5, 0, 0.5])


def test_the_mix_of_waveforms_is_the_weighted_sum_of_the_corners():
    def sounds(pitch):
        return [np.full(4, 0.8), np.full(4, 0.4), np.zeros(2), np.zeros(2)]

    pad, sent = pad_of(sounds=sounds)
    pad.place = [1, 0]
    assert pad.sound("waves") == pytest.approx([0.6] * 4)
    pad.place = [1, 1]
    assert pad.sound("waves") == pytest.approx([0.3] * 4)
    obey(pad, kind="want", pitch=60, place=[1, 1], has=[])
    assert [m["number"] for m, _ in sent if m["kind"] == "corner"] == [0, 1, 2, 3]
    pad.decode(wait=True)


def test_without_sounds_the_decoded_corners_are_mixed():
    pad, _ = pad_of()
    pad.place = [1, 0]
    assert pad.sound("waves") == pytest.approx(pad.sound("codes"))


def test_halt_leaves_the_rest_undecoded():
    begun, go_on = threading.Event(), threading.Event()

    def slow(weights, pitch):
        begun.set()
        go_on.wait(20)
        return decode(weights, pitch)

    pad = MorphPad(slow, NAMES, n_side=5)
    pad.decode()
    assert begun.wait(20)
    assert pad.is_decoding
    pad.halt()
    go_on.set()
    pad._decoding.wait()
    assert pad.n_decoded == 1
    assert not pad.is_decoding


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda *_: np.zeros((2, 5)), "shape (2, 5)"),
        (lambda *_: np.full(5, np.nan), "no numbers"),
        (lambda *_: np.zeros(0), "shape (0,)"),
        (lambda *_: 1 / 0, "Decoding failed: ZeroDivisionError"),
    ],
)
def test_a_decoder_that_fails_is_told_in_a_sentence(wrong, words):
    pad = MorphPad(wrong, NAMES)
    pad.decode(wait=True)
    assert words in pad.problem
    assert not pad.is_decoding


def test_loud_sound_is_scaled_down_not_clipped():
    pad = MorphPad(lambda *_: np.array([2.0, -1.0]), NAMES)
    assert pad.sound().tolist() == [1.0, -0.5]


def test_places_and_pitches_stay_on_the_pad_and_the_keys():
    pad, _ = pad_of()
    pad.place = [9, -1]
    pad.pitch = 200
    assert (pad.place, pad.pitch) == ([2, 0], 72)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"decode": None}, "must be a function"),
        ({"names": ["a", "b"]}, "four names"),
        ({"n_side": 1}, "n_side is 1, but must be 2 to 9"),
        ({"rate": 100}, "rate is 100"),
        ({"pitch": 20}, "keys go from 48 to 72"),
        ({"pitches": [60, 62]}, "in a row"),
        ({"pitches": []}, "1 to 37"),
        ({"pitches": range(120, 130), "pitch": 121}, "0 to 127"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(options, words):
    with pytest.raises(InputError, match=words):
        MorphPad(**{"decode": decode, "names": NAMES} | options)


def test_corners_that_are_not_four_are_told_on_the_page():
    pad, _ = pad_of(sounds=lambda _: [np.zeros(4)] * 3)
    obey(pad, kind="want", pitch=60, place=[0, 0], has=[])
    assert "are 3, but there are four corners" in pad.problem
    with pytest.raises(InputError, match="'codes' or 'waves'"):
        pad.sound("both")

"""What the fuzzer found: each was an exception, or took minutes, and is a sentence."""

from __future__ import annotations

import copy
import json

import av
import numpy as np
import pytest
from challenge_entries import composition, four_voices

from deepcomposer_edu.challenge.entry_wav import wav_sound
from deepcomposer_edu.challenge.judging_key import read_key
from deepcomposer_edu.challenge.scores import read_scores
from deepcomposer_edu.compose.provenance import check_outline
from deepcomposer_edu.corpora.kern import read_kern
from deepcomposer_edu.corpora.partwise import read_partwise
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import parsed_json
from deepcomposer_edu.music.abc import read_abc
from deepcomposer_edu.music.audio import read_audio
from deepcomposer_edu.music.audio_reading import read_mono
from deepcomposer_edu.music.musicxml import read_musicxml
from deepcomposer_edu.music.score_dict import score_from_dict, score_to_dict
from deepcomposer_edu.training.state import read_state
from fuzz.music_targets import ONE_NOTE, mxl_of, wav_of
from fuzz.record_targets import judging, said

MANY = {"mapping_family": "255"}  # Opus with any number of channels
HEAD = "X:1\nM:4/4\nL:1/8\nK:C\n"


@pytest.mark.parametrize(
    ("tune", "words"),
    [
        (HEAD.replace("4/4", "9999/8") + "cdef|", "more than 99 beats"),
        (HEAD + "c|[M:999/8]cdef|", "more than 99 beats"),
        (HEAD.replace("4/4", "1e-300/8") + "cdef|", "more than 99 beats"),
        (HEAD.replace("4/4", "50+50/8") + "cdef|", "more than 99 beats"),
        (HEAD + "c999|cdef|", "bars are far too long"),
        (HEAD + "c999/8|cdef|", "bars are far too long"),
        (HEAD + "c'" * 999 + "|", "bars are far too long"),
        (HEAD + "cdefgabc'|" * 126, "1,008 notes, over 1,000"),
    ],
)
def test_abc_over_which_music21_would_sit_for_minutes_is_refused(tune, words):
    with pytest.raises(InputError, match=words):
        read_abc(tune)


def test_abc_with_a_long_bar_and_many_short_ones_is_still_read():
    assert len(read_abc(HEAD + "c32|" + "cdefgabc'|" * 20).notes) == 161


def test_musicxml_over_which_music21_would_sit_for_minutes_is_refused(tmp_path):
    path = tmp_path / "a.xml"
    time = b"<time><beats>%s</beats><beat-type>8</beat-type></time></attributes>"
    bar = b'<measure number="1"/>'
    for data, words in (
        (ONE_NOTE.replace(b"</attributes>", time % b"999"), "more than 99 beats"),
        (ONE_NOTE.replace(b"</attributes>", time % b"50+50"), "more than 99 beats"),
        (ONE_NOTE.replace(b"</part>", bar * 1_500 + b"</part>"), "1,500 bars"),
    ):
        path.write_bytes(data)
        with pytest.raises(InputError, match=words):
            read_musicxml(path)
    path.write_bytes(ONE_NOTE.replace(b"</attributes>", time % b"3+2"))
    assert len(read_musicxml(path).notes) == 1


@pytest.mark.parametrize(
    "bar",
    [
        b"*M4/0",
        b"*M9999/4",
        b"4" * 5_000 + b"c",
        b"4" + b"." * 5_000 + b"c",
        b"0" * 5_000 + b"c",
    ],
)
def test_kern_with_endless_numbers_is_read_or_refused(bar, tmp_path):
    path = tmp_path / "a.krn"
    path.write_bytes(b"**kern\n" + bar + b"\n=1\n*-\n")
    try:
        score, _ = read_kern(path)
        assert score.bars == []  # an interpretation that nobody knows
    except InputError as error:
        assert "small kern reader" in str(error)


@pytest.mark.parametrize(
    "data",
    [
        mxl_of(ONE_NOTE)[:40] + b"\xff" * 30 + mxl_of(ONE_NOTE)[70:],
        ONE_NOTE.replace(b"<divisions>1", b"<divisions>0"),
        ONE_NOTE.replace(b"<octave>4", b"<octave>x"),
        ONE_NOTE.replace(b"<step>C", b"<step>Q"),
        b"<score-partwise/>",
    ],
    ids=["zip", "divisions", "octave", "step", "empty"],
)
def test_the_quick_reader_of_musicxml_refuses_in_a_sentence(data, tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.xml"):
        read_partwise(path)


def _in_channels(path, n_channels):
    """Write half a second of one tone in so many channels."""
    tone = 0.3 * np.sin(0.06 * np.arange(24_000, dtype=np.float32))
    layout = f"{n_channels} channels"
    codec, options = ("libopus", MANY) if path.suffix == ".ogg" else ("pcm_s16le", {})
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=48_000, layout=layout, options=options)
        packed = np.repeat(tone, n_channels)[None]
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
        frame.sample_rate = 48_000
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("name", ["sound.wav", "sound.ogg"])
def test_more_than_eight_channels_do_not_end_the_process(name, tmp_path):
    path = _in_channels(tmp_path / name, 10)
    audio, _ = read_audio(path)
    assert audio.shape[1] == 10
    found = read_mono(path, 8_000)
    assert "10 channels to one" in found.changes
    assert np.abs(found.audio).max() == pytest.approx(0.3, abs=0.03)


def test_a_wav_file_with_a_chunk_beyond_its_end_is_refused():
    data = bytearray(wav_of())
    data[16:20] = (2**31).to_bytes(4, "little")  # how long the format is said to be
    with pytest.raises(InputError, match="damaged"):
        wav_sound(bytes(data))


@pytest.mark.parametrize("read", [read_audio, lambda path: read_mono(path, 8_000)])
@pytest.mark.parametrize(
    "data",
    [wav_of()[:36], wav_of().replace(b"\x01\x00\x01\x00", b"\x99\x99\x01\x00", 1)],
    ids=["short", "unknown codec"],
)
def test_sound_that_ends_or_that_nobody_can_decode_is_refused(read, data, tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.wav"):
        read(path)


def test_whole_numbers_that_no_float_can_hold_are_refused(tmp_path):
    huge = 10**400
    score = score_to_dict(four_voices(1))
    score["tempo"] = huge
    with pytest.raises(InputError, match="impossible number"):
        score_from_dict(score)
    with pytest.raises(ValueError, match="401 digits"):
        parsed_json(str(huge))
    content = json.loads(said())
    content["entries"]["A"]["heard_share"] = huge
    (tmp_path / "a.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match="it is no JSON"):
        read_scores(tmp_path / "a.json")
    state = '{"state": "training", "n_steps": 1e999, "problem": ""}'
    (tmp_path / "state.json").write_text(state)
    assert read_state(tmp_path) is None


def _weights_without(name):
    def change(record):
        record["weights"] = {"name": "wgan-bach", "sha256": "0" * 64}
        del record["weights"][name]

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda record: record.update(weights="x"), "'weights' has the wrong type"),
        (lambda record: record.update(weights=[1]), "'weights' has the wrong type"),
        (_weights_without("name"), "'name' is missing"),
        (_weights_without("sha256"), "'sha256' is missing"),
        (lambda r: r["parents"][0]["score"].pop("tracks"), "'tracks' is missing"),
        (
            lambda r: r["parents"][0]["score"]["tracks"][0].update(notes=[[1]]),
            "a note is not four numbers",
        ),
    ],
)
def test_provenance_with_parts_of_the_wrong_kind_is_refused(change, words):
    record = copy.deepcopy(composition(four_voices(1)).provenance)
    check_outline(record)
    change(record)
    with pytest.raises(InputError, match=words):
        check_outline(record)


@pytest.mark.parametrize(
    "change",
    [
        lambda report: report["criteria"][0].pop("name"),
        lambda report: report["criteria"][0].update(points="8"),
        lambda report: report["criteria"][0].update(points=10**400),
        lambda report: report.update(bonus=[1]),
        lambda report: report.update(worst=[1]),
        lambda report: report["worst"].update(faults=1),
        lambda report: report.update(criteria=[None]),
    ],
)
def test_the_key_of_a_judging_with_a_torn_report_is_refused(change, tmp_path):
    path = tmp_path / "key.json"
    path.write_bytes(judging())
    content = read_key(path)
    change(content["entries"][0]["report"])
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match="no key of a judging"):
        read_key(path)


def test_json_nested_too_deeply_is_a_value_error():
    with pytest.raises(ValueError, match="too deeply"):
        parsed_json("[" * 100_000 + "]" * 100_000)

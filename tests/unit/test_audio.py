"""Sound files: what is written is what is heard, or nothing is written."""

import wave

import numpy as np
import pytest
from full_disk import needs_file_limits, refused_writing

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import (
    MP3_RATES,
    peak_dbfs,
    read_audio,
    rms_dbfs,
    write_mp3,
    write_wav,
)
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.synth import render


def tone(rate=44_100, seconds=1.0, hertz=440.0, n_channels=2):
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)
    return np.repeat(wave[:, None], n_channels, axis=1).astype(np.float32)


def strongest(audio, rate):
    spectrum = np.abs(np.fft.rfft(audio[:, 0] * np.hanning(len(audio)), 2**19))
    return spectrum.argmax() * rate / 2**19


def test_a_wav_file_keeps_every_sample_to_half_a_step(tmp_path):
    audio = np.random.default_rng(0).uniform(-0.999, 0.999, (5_000, 2)).astype("f4")
    back, rate = read_audio(write_wav(tmp_path / "a.wav", audio, 22_050))
    assert rate == 22_050
    assert np.abs(back - audio).max() <= 0.5 / 32_768 + 1e-7


def test_a_wav_file_is_plain_16_bit_pcm(tmp_path):
    with wave.open(str(write_wav(tmp_path / "a.wav", tone()))) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        assert (file.getframerate(), file.getnframes()) == (44_100, 44_100)


def test_one_channel_may_come_without_its_axis(tmp_path):
    back, _ = read_audio(write_wav(tmp_path / "a.wav", tone(n_channels=1)[:, 0]))
    assert back.shape == (44_100, 1)


def test_what_is_too_loud_is_clipped_and_does_not_wrap_round(tmp_path):
    loud = np.array([[2.0], [-2.0], [1.0]], np.float32)
    back, _ = read_audio(write_wav(tmp_path / "a.wav", loud))
    assert back[:, 0] == pytest.approx([1, -1, 1], abs=1e-4)


def test_an_mp3_keeps_the_pitch_and_the_length_of_a_rendered_note(tmp_path):
    audio = render(Score.from_notes([(0, 69, 16)]))
    back, rate = read_audio(write_mp3(tmp_path / "a.mp3", audio))
    assert rate == 44_100
    assert len(back) == pytest.approx(len(audio), abs=1_152)  # one frame of MP3
    assert strongest(back, rate) == pytest.approx(440, abs=1)
    # LAME plays safe and takes 3 per cent (0.26 dB) off at this bitrate
    assert rms_dbfs(back) == pytest.approx(rms_dbfs(audio), abs=0.35)


@pytest.mark.parametrize("rate", MP3_RATES)
def test_every_rate_of_mp3_can_be_written(tmp_path, rate):
    back, found = read_audio(write_mp3(tmp_path / "a.mp3", tone(rate), rate))
    assert found == rate
    assert strongest(back, rate) == pytest.approx(440, abs=2)


def test_more_bits_make_a_larger_mp3(tmp_path):
    sizes = [
        write_mp3(tmp_path / "a.mp3", tone(), bitrate=rate).stat().st_size
        for rate in (64, 192, 320)
    ]
    assert sizes[0] < sizes[1] < sizes[2]
    assert sizes[1] == pytest.approx(192_000 / 8, rel=0.1)


@pytest.mark.parametrize(
    ("rate", "bitrate", "words"),
    [(10_000, 192, "MP3 only has"), (44_100, 5, "32 to 320"), (44_100, 999, "32 to")],
)
def test_values_that_mp3_lacks_are_refused(tmp_path, rate, bitrate, words):
    with pytest.raises(InputError, match=words):
        write_mp3(tmp_path / "a.mp3", tone(), rate, bitrate)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("write", [write_wav, write_mp3])
@pytest.mark.parametrize(
    ("audio", "words"),
    [
        (np.zeros((0, 2), np.float32), "no sound"),
        (np.zeros((2, 500), np.float32), "axes swapped"),
        (np.zeros((500, 2), np.int16), "no finite floats"),
        (np.full((500, 2), np.nan), "no finite floats"),
    ],
)
def test_what_is_no_sound_is_refused(tmp_path, write, audio, words):
    with pytest.raises(InputError, match=words):
        write(tmp_path / "a.mp3", audio)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("write", [write_wav, write_mp3])
def test_a_folder_in_the_way_is_named(tmp_path, write):
    with pytest.raises(InputError, match="is a folder"):
        write(tmp_path, tone())


@needs_file_limits
@pytest.mark.parametrize("writer", ["write_wav", "write_mp3"])
def test_a_full_disk_leaves_the_old_file_and_no_half_of_a_new_one(tmp_path, writer):
    target = tmp_path / "a.sound"
    target.write_text("old")
    lines = f"""
        import numpy
        from deepcomposer_edu.music.audio import {writer} as write
        noise = numpy.random.default_rng(0).uniform(-1, 1, (99_000, 2))
        write({str(target)!r}, noise)
    """
    assert "could not be written" in refused_writing(lines, n_bytes=9_000)
    assert [path.name for path in tmp_path.iterdir()] == ["a.sound"]
    assert target.read_text() == "old"


@pytest.mark.parametrize("content", [None, b"", b"words, not sounds", b"RIFF\0\0\0\0"])
def test_files_that_hold_no_sound_are_refused(tmp_path, content):
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.wav"):
        read_audio(path)


def test_a_folder_can_not_be_read_as_sound(tmp_path):
    with pytest.raises(InputError, match="read as sound"):
        read_audio(tmp_path)


def test_levels_of_known_waves():
    assert peak_dbfs(np.array([0.5, -1.0])) == 0
    assert peak_dbfs(np.array([0.5, -0.25])) == pytest.approx(-6.02, abs=0.01)
    assert rms_dbfs(np.array([1.0, -1.0])) == 0
    assert rms_dbfs(tone()) == pytest.approx(-6.02 - 3.01, abs=0.01)


def test_silence_and_nothing_are_infinitely_soft():
    for silent in (np.zeros((9, 2)), np.zeros((0, 2))):
        assert peak_dbfs(silent) == rms_dbfs(silent) == -np.inf

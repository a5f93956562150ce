"""A folder of recordings: what is taken, what is changed, and what is said of it."""

import wave

import av
import numpy as np
import pytest

from deepcomposer_edu.corpora import sound_folder as module
from deepcomposer_edu.corpora.sound_folder import folder_sounds, key_of_sound
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import peak_dbfs, write_mp3, write_wav
from deepcomposer_edu.music.audio_reading import read_mono
from deepcomposer_edu.music.score import frequency
from deepcomposer_edu.music.sound_measures import cents, fundamental


def tone(seconds=1.0, rate=8_000, hertz=440.0, n_channels=1, level=0.5):
    time = np.arange(round(rate * seconds)) / rate
    sound = level * np.sin(2 * np.pi * hertz * time)
    return np.repeat(sound[:, None], n_channels, axis=1).astype(np.float32)


def write_with_av(path, audio, rate, codec, form="flt"):
    """Write (N, C) sound with any codec; `form` is its sample format."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate)
        stream.layout = "stereo" if audio.shape[1] == 2 else "mono"
        frame = av.AudioFrame.from_ndarray(
            audio.reshape(1, -1), format=form, layout=stream.layout.name
        )
        frame.sample_rate = rate
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def write_film(path, has_sound):
    with av.open(str(path), "w", format="mp4") as file:
        picture = file.add_stream("mpeg4", rate=10)
        picture.width = picture.height = 64
        sound = file.add_stream("aac", rate=44_100) if has_sound else None
        for i in range(5):
            frame = av.VideoFrame.from_ndarray(
                np.full((64, 64, 3), 40 * i, np.uint8), format="rgb24"
            )
            file.mux(picture.encode(frame))
        file.mux(picture.encode(None))
        if has_sound:
            audio = np.ascontiguousarray(tone(0.5, 44_100).T)
            frame = av.AudioFrame.from_ndarray(audio, format="fltp", layout="mono")
            frame.sample_rate = 44_100
            file.mux(sound.encode(frame))
            file.mux(sound.encode(None))
    return path


def test_a_long_recording_becomes_sounds_of_one_length(tmp_path):
    write_wav(tmp_path / "a.wav", tone(3.5), 8_000)
    sounds, report = folder_sounds(tmp_path)
    assert sounds.audio.shape == (4, 8_000)
    assert sounds.rate == 8_000
    assert (sounds.pitch == 69).all()
    assert not sounds.audio[3, 4_000:].any()
    assert report[0].startswith("1 of 1 files are used: 4 sounds of 1 s at 8000 Hz")
    assert report[1] == "a.wav: 3.5 s, 4 sounds; 3 dB louder."


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 192_000])
def test_any_rate_keeps_the_pitch_and_the_report_says_so(tmp_path, rate):
    write_wav(tmp_path / "a.wav", tone(1.0, rate, 300.0, 2), rate)
    sounds, report = folder_sounds(tmp_path)
    assert abs(cents(fundamental(sounds.audio[0], 8_000), 300)) < 2
    assert "2 channels to one" in report[1]
    assert (f"{rate} Hz to 8000 Hz" in report[1]) == (rate != 8_000)


def test_what_lies_above_half_the_new_rate_is_gone_and_does_not_fold_down(tmp_path):
    both = tone(1.0, 44_100, 500.0, level=0.2) + tone(1.0, 44_100, 7_000.0, level=0.6)
    write_wav(tmp_path / "a.wav", both, 44_100)
    audio = read_mono(tmp_path / "a.wav", 8_000).audio
    spectrum = np.abs(np.fft.rfft(audio[:8_000] * np.hanning(8_000)))
    assert 20 * np.log10(spectrum[1_000] / spectrum[500]) < -50  # 7 kHz would fold here


@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [
        ("a.flac", "flac", "s16"),
        ("a.mp3", "", ""),
        ("a.wav", "pcm_f32le", "flt"),
        ("b.wav", "pcm_s24le", "s32"),
    ],
)
def test_wav_flac_and_mp3_are_read(tmp_path, name, codec, form):
    audio = tone(1.0, 44_100, 300.0)
    if name == "a.mp3":
        write_mp3(tmp_path / name, audio, 44_100)
    else:
        scale = {"s16": 2**15, "s32": 2**31}.get(form)
        kind = {"s16": np.int16, "s32": np.int32}.get(form, np.float32)
        samples = (audio * scale if scale else audio).astype(kind)
        write_with_av(tmp_path / name, samples, 44_100, codec, form)
    sound = read_mono(tmp_path / name, 8_000)
    assert abs(cents(fundamental(sound.audio, 8_000), 300)) < 2
    assert peak_dbfs(sound.audio) == pytest.approx(-6, abs=1)


def test_a_file_of_8_bits_is_read_and_called_so(tmp_path):
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(11_025)
        file.writeframes(np.uint8(128 + 60 * tone(1.0, 11_025)[:, 0]).tobytes())
    sounds, report = folder_sounds(tmp_path)
    assert "8 bits a sample" in report[1]
    assert sounds.pitch[0] == 69


def test_silence_around_a_note_is_cut_off_and_the_note_put_at_the_usual_peak(tmp_path):
    quiet = np.concatenate([np.zeros((8_000, 1)), tone(0.8, level=0.01)])
    write_wav(tmp_path / "a.wav", np.concatenate([quiet, np.zeros((4_000, 1))]), 8_000)
    sounds, report = folder_sounds(tmp_path)
    assert len(sounds) == 1
    assert peak_dbfs(sounds.audio) == pytest.approx(-3, abs=0.1)
    assert "1.5 s of silence cut off" in report[1]
    assert "37 dB louder" in report[1]
    assert np.abs(sounds.audio[0, :100]).max() > 0.1


def test_one_good_file_among_damaged_ones_is_used_and_each_other_has_its_sentence(
    tmp_path,
):
    write_wav(tmp_path / "good.wav", tone(), 8_000)
    write_wav(tmp_path / "same.wav", tone(), 8_000)
    write_wav(tmp_path / "silent.wav", np.zeros((8_000, 1), np.float32), 8_000)
    write_wav(tmp_path / "three.wav", tone()[:3], 8_000)
    nan = tone()
    nan[70] = np.nan
    write_with_av(tmp_path / "nan.wav", nan, 8_000, "pcm_f32le")
    (tmp_path / "text.wav").write_text("this is no sound")
    (tmp_path / "empty.mp3").write_bytes(b"")
    write_film(tmp_path / "film.mp4", has_sound=False).rename(tmp_path / "film.wav")
    (tmp_path / "notes.txt").write_text("not looked at")
    sounds, report = folder_sounds(tmp_path)
    assert len(sounds) == 1
    said = dict(line.split(": ", 1) for line in report[1:])
    assert "as it was" in said["good.wav"] or "louder" in said["good.wav"]
    assert "the same file as good.wav" in said["same.wav"]
    assert "is silent" in said["silent.wav"]
    assert "at least 10 ms" in said["three.wav"]
    assert "no finite numbers" in said["nan.wav"]
    assert "can't be read as sound" in said["text.wav"]
    assert "can't be read as sound" in said["empty.mp3"]
    assert "holds no sound" in said["film.wav"]
    assert "notes.txt" not in said
    assert report[0].startswith("1 of 8 files")


def test_the_sound_of_a_film_renamed_to_wav_is_taken_and_called_so(tmp_path):
    write_film(tmp_path / "a.mp4", has_sound=True).rename(tmp_path / "a.wav")
    sounds, report = folder_sounds(tmp_path, seconds=0.4)
    assert "the sound of a film" in report[1]
    assert sounds.pitch[0] == 69


def test_of_a_very_long_file_the_beginning_is_used_and_that_is_said(tmp_path):
    with wave.open(str(tmp_path / "hour.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        minute = np.int16(9_000 * np.sign(tone(60.0)[:, 0])).tobytes()
        for _ in range(60):
            file.writeframes(minute)
    sound = read_mono(tmp_path / "hour.wav", 8_000, max_seconds=180)
    assert len(sound.audio) == pytest.approx(180 * 8_000, abs=100)
    assert "only its first 3 minutes" in sound.changes


def test_of_all_files_together_only_so_much_is_used(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_SECONDS", 2.0)
    for i in range(3):
        write_wav(tmp_path / f"{i}.wav", tone(2.0, hertz=300 + i), 8_000)
    sounds, report = folder_sounds(tmp_path)
    assert len(sounds) == 2
    assert "comes after" in report[2]


def test_folders_inside_are_the_instruments_and_every_fifth_file_is_held_out(tmp_path):
    for i in range(10):
        place = tmp_path / ("oboe" if i < 5 else "cello")
        place.mkdir(exist_ok=True)
        sound = tone(1.2, hertz=frequency(60 + i))
        write_wav(place / f"{i}.wav", sound, 8_000)
    sounds, _ = folder_sounds(tmp_path)
    assert sounds.instruments == ("cello", "oboe")
    assert sounds.pitch.tolist() == [65, 66, 67, 68, 69, 60, 61, 62, 63, 64]
    assert sounds.held_out.tolist() == ([False] * 4 + [True]) * 2


def test_a_sound_of_two_pitches_or_between_two_keys_has_no_key():
    one, other = tone(0.5)[:, 0], tone(0.5, hertz=550.0)[:, 0]
    assert key_of_sound(np.concatenate([one, one]), 8_000) == 69
    assert key_of_sound(np.concatenate([one, other]), 8_000) == -1
    assert key_of_sound(tone(hertz=frequency(69.5))[:, 0], 8_000) == -1
    noise = np.random.default_rng(0).normal(0, 0.1, 8_000)
    assert key_of_sound(noise, 8_000) == -1


def test_a_folder_without_usable_sounds_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        folder_sounds(tmp_path / "none")
    with pytest.raises(InputError, match="holds 0 sound files"):
        folder_sounds(tmp_path)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    with pytest.raises(InputError, match=r"None of the 1 sound files.*a\.wav"):
        folder_sounds(tmp_path)
    with pytest.raises(InputError, match="is a file"):
        folder_sounds(tmp_path / "a.wav")


@pytest.mark.parametrize("wrong", [{"rate": 500}, {"seconds": 0}, {"seconds": 1e9}])
def test_rates_and_lengths_out_of_range_are_refused(tmp_path, wrong):
    with pytest.raises(InputError, match=r"must be|they last"):
        folder_sounds(tmp_path, **wrong)


def test_a_recording_cut_short_by_a_bad_disk_is_used_as_far_as_it_goes_or_left_out(
    tmp_path,
):
    write_wav(tmp_path / "whole.wav", tone(2.0), 8_000)
    content = (tmp_path / "whole.wav").read_bytes()
    (tmp_path / "cut.wav").write_bytes(content[: len(content) // 2])
    sounds, report = folder_sounds(tmp_path)
    assert report[0].startswith("2 of 2 files")
    assert len(sounds) == 3

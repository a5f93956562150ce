"""`deepcomposer translate`: a recorded melody by another instrument."""

import numpy as np
import pytest
import torch

from deepcomposer_edu.cli.main import main
from deepcomposer_edu.models import translation
from deepcomposer_edu.models.sound_encoder import NSynthConfig
from deepcomposer_edu.music.audio import read_audio, write_wav

TINY = NSynthConfig(
    ("organ", "clarinet"),
    encoder_channels=8,
    encoder_dilations=(1,),
    residual=8,
    skip=8,
    dilations=(1,),
)


@pytest.fixture(autouse=True)
def small_network(monkeypatch):
    torch.manual_seed(0)
    network = translation.Translator(TINY).eval()
    monkeypatch.setattr(translation, "load_translation", lambda: network)


def whistle(path, hertz=1_500.0, seconds=0.3, rate=16_000):
    t = np.arange(round(seconds * rate)) / rate
    return write_wav(path, 0.3 * np.sin(2 * np.pi * hertz * t), rate)


def test_a_whistle_becomes_a_sound_file_of_the_same_length(tmp_path, capsys):
    out = tmp_path / "out.wav"
    given = whistle(tmp_path / "whistle.wav")
    assert main(["translate", str(given), "-i", "clarinet", "-o", str(out)]) == 0
    audio, rate = read_audio(out)
    assert rate == 8_000
    assert abs(len(audio) / rate - 0.3) < 0.03
    words = capsys.readouterr().out
    assert "by the clarinet" in words
    assert "16000 Hz to 8000 Hz" in words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["whistle.wav", "-i", "kazoo"], "organ, clarinet"),
        (["nowhere.wav"], "nowhere.wav"),
        (["silent.wav"], "silent"),
    ],
)
def test_what_cannot_be_translated_is_one_sentence(
    arguments, words, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    whistle("whistle.wav")
    write_wav("silent.wav", np.zeros(8_000), 8_000)
    assert main(["translate", *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said

"""The examples of docs/composing.md run as they stand, one after the other."""

import re
from pathlib import Path

import pytest
from tiny_run import write_tiny_run

from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "composing.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)


# What takes minutes as it stands, and what a test can wait for instead.
SHORTER = {
    '"ar-cnn", ': '"ar-cnn", iterations=2, ',
    '.save("out")': '.save("out", "mid,json")',
    'recipe="small", n_steps=800': 'n_steps=1, settings={"n_channels": 8}',
    'size="small", epochs=30': 'n_steps=1, settings={"hidden_channels": 8, '
    '"critic_channels": 8, "batch_size": 2, "n_critic": 1}',
}


def write_quintets(folder):
    """Write two pieces for flute, two violins, viola, cello, in that order."""
    folder.mkdir()
    parts = (("Flute", 73, 84), ("Violin", 40, 72), ("Viola", 41, 65))
    parts += (("Cello", 42, 48), ("Second", 40, 60))
    for i in range(2):
        tracks = [
            Track(tuple(Note(4 * j, p + i * (j % 3), 4) for j in range(12)), name, n)
            for name, n, p in parts
        ]
        write_midi(Score(tuple(tracks)), folder / f"{i}.mid")


@pytest.mark.usefixtures("weights")
def test_the_examples_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)
    write_tiny_run(tmp_path / "my_music" / "my_first_wgan_1", steps=(150, 200))
    write_quintets(tmp_path / "my_midi_files")
    names = {}
    for example in EXAMPLES:
        for usual, shorter in SHORTER.items():
            example = example.replace(usual, shorter)
        exec(example, names)
    assert "row[before - low] += inertia" in capsys.readouterr().out
    assert len(EXAMPLES) >= 6

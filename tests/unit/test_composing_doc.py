"""The examples of docs/composing.md run as they stand, one after the other."""

import re
from pathlib import Path

import pytest
from tiny_run import write_tiny_run

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "composing.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)


@pytest.mark.usefixtures("weights")
def test_the_examples_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)
    write_tiny_run(tmp_path / "my_music" / "my_first_wgan_1", steps=(150, 200))
    names = {}
    for example in EXAMPLES:
        exec(example.replace('.save("out")', '.save("out", "mid,json")'), names)
    assert "row[before - low] += inertia" in capsys.readouterr().out
    assert len(EXAMPLES) >= 6

"""The worked example is what it says: a minute, with an honest score."""

import pytest

from deepcomposer_edu.challenge import example
from deepcomposer_edu.challenge.check import check_entry
from deepcomposer_edu.compose.arranging.record import arrangement_of
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.loudness import loudness
from deepcomposer_edu.music.synth import render

RATE = 16_000


def test_the_example_has_the_score_that_it_ships_with():
    shipped = example.load_example()
    report = check_entry(shipped.composition, shipped.card, replay=False)
    assert report.passed
    assert 55 <= report.seconds <= 65
    # without sound and replay there are fewer parts; those that there are, are the same
    stored = {row["name"]: row["points"] for row in shipped.check["criteria"]}
    rows = [part for row in shipped.check["criteria"] for part in row["parts"]]
    parts = [part for criterion in report.criteria for part in criterion.parts]
    points = {row["name"]: row["points"] for row in rows}
    for part in parts:
        assert part.points == pytest.approx(points[part.name], abs=0.01)
    only_stored = set(points) - {part.name for part in parts}
    assert {"It answers to its melody", "No clicks", "Even level"} <= only_stored
    assert shipped.points == pytest.approx(sum(stored.values()), abs=0.01)
    assert len(shipped.sentences) == 5  # four criteria and the worst bar
    assert shipped.card.missing() == []


def test_the_example_is_as_loud_as_its_arranger_planned():
    music = example.load_example().composition
    audio = render(music.score, RATE)
    heard = []
    for section in arrangement_of(music).sections:
        ends = (music.score.seconds_at(x) for x in (section.start, section.end))
        first, last = (round(second * RATE) for second in ends)
        heard.append(loudness(audio[first:last], RATE))
    first, varied, other, again = heard  # dynamics.py: 64, 72, 86, 76 and the close
    assert first < varied < other > again > first


def test_a_missing_or_damaged_example_gets_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(example, "data_dir", lambda: tmp_path)
    with pytest.raises(InputError, match=r"check\.json is missing or damaged; make it"):
        example.load_example()
    folder = example.example_folder()
    folder.mkdir(parents=True)
    (folder / "check.json").write_text("{")
    with pytest.raises(InputError, match=r"challenge_example\.py"):
        example.load_example()

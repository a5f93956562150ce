"""An entrant: from the brief to a zip, refused twice on the way and told why."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest
from playwright.sync_api import expect

from deepcomposer_edu.challenge.card import read_card, write_card
from deepcomposer_edu.challenge.workspace import Workspace
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.compose import arrange, compose, replay
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.music.audio import read_audio, write_wav

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def harmonised():
    """Eight bars of a psalm tune with three voices by the GAN."""
    return compose("old-hundredth", technique="wgan", seed=0)


def test_from_the_brief_to_a_zip(harmonised, tmp_path, capsys, new_context):
    folder = tmp_path / "minute"
    given = ["challenge", "new", str(folder), "--title", "Outward", "--composer", "L."]
    assert main(given) == 0
    brief = (folder / "BRIEF.md").read_text()
    assert "one minute" in brief
    assert "#aug-arch-ml-workshop" in brief
    work = Workspace(folder)

    # too long, without the AR-CNN, and half a card: told in the browser, bar by bar
    work.save(arrange(harmonised, seconds=68, seed=0), parts=("mid", "wav", "mp3"))
    page_path = tmp_path / "report.html"
    given = ["challenge", "check", str(folder), "--no-replay", "--page", str(page_path)]
    assert main(given) == 1
    page = new_context(offline=True).new_page()
    page.goto(page_path.as_uri())
    gates = page.locator(".gates")
    expect(gates).to_contain_text("68")
    expect(gates).to_contain_text("AR-CNN")
    worst = page.locator("#worst")
    bar = worst.inner_text().removeprefix("Hear bar ")
    worst.press("Enter")
    expect(page.locator("#said")).to_have_text(f"Bar {bar}")
    expect(page.locator(".roll")).to_have_class("roll playing")

    # edited, arranged to a minute, the card filled in; but the mix is too loud
    edited = compose(
        harmonised,
        technique="ar-cnn",
        mode="repair",
        voices="alto tenor bass",
        iterations=4,
        seed=0,
    )
    minute = arrange(edited, seconds=60, instruments={"B": "church organ"}, seed=0)
    work.save(minute, parts=("mid", "wav"))
    write_card(
        folder / "card.json",
        read_card(folder / "card.json").changed(
            intent="wonder",
            melody="Old Hundredth, 1551",
            melody_licence="public domain",
            licence="CC BY",
        ),
    )
    audio, rate = read_audio(work.path("wav"))
    write_wav(work.path("wav"), np.clip(20 * audio, -1, 1).astype(np.float32), rate)
    capsys.readouterr()
    assert main(["challenge", "submit", str(folder)]) == 2
    said = capsys.readouterr()
    assert "full scale" in said.out + said.err
    assert not list(folder.glob("*.zip"))

    # as it was rendered, it goes out
    write_wav(work.path("wav"), audio, rate)
    assert main(["challenge", "submit", str(folder), "--out", str(tmp_path)]) == 0
    (packed,) = tmp_path.glob("*.zip")
    with zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        process = archive.read("process_card.md").decode()
        provenance = json.loads(archive.read("entry.json"))
        report = json.loads(archive.read("check.json"))
    assert {
        "entry.mid",
        "entry.wav",
        "entry.mp3",
        "entry.musicxml",
        "card.json",
        "model_cards.md",
        "LICENCE.txt",
    } <= names
    for step in ("wgan", "ar-cnn", "arrange"):
        assert step in process
    assert report["passed"]
    assert 0 < report["points"] <= 40
    assert to_json(provenance) == to_json(minute.provenance)
    assert replay(provenance).score == minute.score

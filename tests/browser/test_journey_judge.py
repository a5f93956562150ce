"""A judge: blind, by the keyboard; then the scores of three become a leaderboard."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest
from challenge_entries import (
    card,
    composition,
    entry_files,
    four_voices,
    report,
    wav_bytes,
    zip_of,
)
from playwright.sync_api import expect

from deepcomposer_edu.challenge import judged_piece
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.music.audio import read_audio
from deepcomposer_edu.music.loudness import loudness

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLES = ("Far away", "Nearer", "Landing")


def without_networks(_, words, wav=None, replay=True):
    """Stand in for the check, which would look at real music."""
    assert wav.is_file()
    assert not replay  # what others say of their music is not run
    return report(words.title)


@pytest.fixture(scope="module")
def judging(tmp_path_factory):
    """A folder with the page for judges, made from three entries and two bad files."""
    folder = tmp_path_factory.mktemp("entries")
    for i, title in enumerate(TITLES):
        words = json.dumps(card(title=title, team=f"team-{i}").to_dict()).encode()
        sound = wav_bytes(9, 220 * (i + 1), (0.05, 0.4, 0.9)[i])
        music = composition(four_voices(up=i))
        files = entry_files(music, card_json=words, entry_wav=sound)
        (folder / f"{i}.zip").write_bytes(zip_of(files))
    (folder / "damaged.zip").write_bytes(b"PK nothing")
    out = tmp_path_factory.mktemp("judging") / "made"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judged_piece, "check_entry", without_networks)
        assert main(["challenge", "judge", str(folder), "--out", str(out)]) == 0
    return out


@pytest.fixture
def page(new_context, judging):
    """The judges' page, from the disk, with no way out."""
    context = new_context(accept_downloads=True, offline=True)
    page = context.new_page()
    page.goto((judging / "judge.html").as_uri())
    return page


def choose(page, title, mark):
    """Give a mark with the arrow keys."""
    group = page.get_by_role("group", name=title, exact=True)
    first = group.get_by_role("radio").first
    first.focus()
    page.keyboard.press("Space")
    for _ in range(mark - 1):
        page.keyboard.press("ArrowRight")
    expect(group.get_by_role("radio").nth(mark - 1)).to_be_checked()


def test_three_judges_and_a_leaderboard(page, judging, tmp_path, new_context):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    text = page.content()
    for secret in (*TITLES, "team-0", "Learner 1"):
        assert secret not in text  # also not in the page's source
    page.get_by_label(re.compile("Your name")).fill("Judge 1")
    page.keyboard.press("Enter")

    orders = []
    for number, mark in enumerate((5, 3, 2), start=1):
        expect(page.get_by_role("heading", level=2)).to_contain_text(
            f"Entry {number} of 3"
        )
        orders.append(page.get_by_role("heading", level=2).inner_text().split()[-1])
        criteria = page.locator("fieldset:has(input[type=radio]) legend")
        for title in criteria.all_inner_texts():
            choose(page, title, mark)
        expect(page.locator("#left")).to_contain_text("All scored")
        assert page.get_by_text("team-").count() == 0
        page.locator("#finish").focus()
        page.keyboard.press("Enter")
        # only now it is told whose it is
        expect(page.locator("body")).to_contain_text(re.compile("|".join(TITLES)))
        if number < 3:
            page.get_by_role("button", name="Next entry").press("Enter")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save my scores").first.press("Enter")
    first = tmp_path / "scores-1.json"
    waiting.value.save_as(first)

    said = json.loads(first.read_text())
    assert sorted(said["entries"]) == sorted(orders) == ["E01", "E02", "E03"]

    # two more judges; the second is a point stricter in everything
    for name, less in (("Judge 2", 1), ("Judge 3", 0)):
        other = json.loads(json.dumps(said))
        other["judge"] = name
        for entry in other["entries"].values():
            for key, mark in entry["scores"].items():
                entry["scores"][key] = max(mark - less, 1)
        (tmp_path / f"scores-{name[-1]}.json").write_text(json.dumps(other))
    out = tmp_path / "results"
    files = [str(path) for path in sorted(tmp_path.glob("scores-*.json"))]
    assert main(["challenge", "results", str(judging), *files, "--out", str(out)]) == 0

    board = new_context(offline=True).new_page()
    board.goto((out / "index.html").as_uri())
    key = json.loads((judging / "key.json").read_text())
    titles = {row["code"]: TITLES[int(row["file"][0])] for row in key["entries"]}
    text = board.locator("main").inner_text()
    # the first entry was given fives, the second threes, the third twos
    places = [text.index(titles[code]) for code in orders]
    assert places == sorted(places)
    assert errors == []


def test_all_entries_are_equally_loud(judging, page, tmp_path):
    # what the browser plays, not what a program says that it made
    sounds = page.evaluate(
        """async () => {
            const data = JSON.parse(document.getElementById("data").textContent);
            return data.pieces.map(piece => piece.mp3 ?? piece.sound);
        }"""
    )
    found = []
    for i, sound in enumerate(sounds):
        path = tmp_path / f"{i}.mp3"
        path.write_bytes(base64.b64decode(sound.rpartition(",")[2]))
        audio, rate = read_audio(path)
        found.append(loudness(audio, rate))
    assert len(found) == 3
    assert np.ptp(found) < 0.3

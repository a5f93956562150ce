"""A network of one's own in JupyterLab, from a folder of MIDI files to a piece."""

from __future__ import annotations

import ast

import pytest
from browser.chromium import HERE
from playwright.sync_api import expect

from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOW = """
import os, torch
torch.set_num_threads(1)
os.environ["DEEPCOMPOSER_WORK"] = os.path.abspath("work")
from deepcomposer_edu.widgets import Studio
studio = Studio("pieces")
tiny = {"hidden_channels": 8, "critic_channels": 8, "batch_size": 4}
for name, value in tiny.items():  # so small that a test can wait for it
    studio.training.do("turn", name=name, value=value)
studio
"""
TELL = """
made = studio.composition
print(repr({
    "genre": made.provenance["genre"],
    "run": made.provenance["weights"]["run"],
    "tracks": [track.name for track in made.score.tracks],
}))
"""
WITNESS = (HERE / "witness.js").read_text(encoding="utf-8")


def write_quartets(folder):
    """Write four string quartets with drums, and a file that is no music."""
    folder.mkdir()
    (folder / "notes.mid").write_text("no music")
    parts = {
        "Violin": (72, 40),
        "Second": (67, 40),
        "Viola": (60, 41),
        "Cello": (48, 42),
    }
    for i in range(4):
        tracks = [
            Track(
                tuple(Note(4 * j, p + (i + j) % 3, 4) for j in range(16 + i)), name, n
            )
            for name, (p, n) in parts.items()
        ]
        drums = Track(tuple(Note(4 * j, 38, 1) for j in range(16)), "Kit", is_drum=True)
        write_midi(Score((drums, *tracks)), folder / f"{i}.mid")


def test_a_folder_becomes_a_genre_of_the_studio_and_composes(lab_page):
    lab = lab_page([SHOW, TELL])
    write_quartets(lab.lab.root / "Quartets")
    lab.run(0)
    page = lab.page
    page.evaluate(WITNESS)
    box = lab.cell(0).locator(".dc-studio-box")
    form = box.get_by_role("group", name="Train your own")

    # The music: a folder, four of its tracks by number, and what came of it.
    form.get_by_text("Train a network of your own").click()
    form.get_by_role("radio", name="A folder of yours").check()
    folder = form.get_by_label("Folder", exact=True)
    folder.fill("Quartets")
    folder.press("Enter")
    form.get_by_label("The four voices are found").select_option("chosen")
    picks = form.get_by_label("The four tracks")
    picks.fill("2, second, program:41, 5")
    picks.press("Enter")
    form.get_by_role("button", name="Look what there is").click()
    expect(form).to_contain_text("4 of 5 files are learned from. Left out: 1 (unreada")
    form.get_by_text("Every file, and why").click()
    expect(form).to_contain_text("voices from Violin, Second, Viola, Cello")

    # The training: how often the critic learns, how long, its cost; then it starts.
    form.get_by_text("Everything that can be turned").click()
    n_critic = form.get_by_role("slider", name="Critic steps per generator step")
    n_critic.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    steps = form.get_by_label("Generator steps")
    steps.fill("6")
    steps.press("Enter")
    name = form.get_by_label("Name of the network")
    expect(name).to_have_value("quartets")
    form.get_by_role("button", name="Estimate how long").click()
    expect(form.locator(".dc-cost")).to_contain_text("6 steps of")
    form.get_by_role("button", name="Start the training").click()
    monitor = box.get_by_role("group", name="Training monitor")
    expect(monitor.locator(".dc-badge")).to_have_text("Finished")
    expect(form.locator(".dc-trained")).to_contain_text("quartets@6 can compose")

    # Its melody was heard as it learned, and the metrics stand beside the data's.
    values = monitor.locator(".dc-values").last
    expect(values).to_contain_text("data")
    monitor.get_by_role("button", name="Play this stage").click()
    page.wait_for_function("window.loudness() > 0.003")
    monitor.get_by_role("button", name="Pause the music").click()

    # In the studio it is a style like the shipped ones.
    compose = box.locator(".dc-studio-compose")
    expect(compose).to_contain_text("Your network quartets@6 is a style now")
    compose.get_by_role("radio", name="quartets@6").check()
    compose.get_by_role("button", name="Compose", exact=True).click()
    expect(box.locator(".dc-now")).to_contain_text("quartets@6")
    player = box.locator(".dc-player")
    player.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("window.loudness() > 0.003")
    lab.run(1)
    told = ast.literal_eval(lab.output(1))
    assert told["genre"] == "quartets@6"
    assert told["run"] == "quartets"
    assert told["tracks"][1:] == ["Alto", "Tenor", "Bass"]
    assert (lab.lab.root / "work" / "runs" / "quartets" / "data.json").is_file()
    assert lab.errors == []

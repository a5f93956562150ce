"""The form that trains, in Chromium on a plain page: what it shows, what it sends."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import TrainYourOwn

pytestmark = pytest.mark.browser


@pytest.fixture(name="form")
def form_fixture(open_widget, tmp_path, monkeypatch):
    """Return the page of a form whose folder was looked into, and its Python side."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    folder = tmp_path / "My Quartets"
    folder.mkdir()
    (folder / "broken.mid").write_text("no music")
    for i in range(3):
        parts = {"Violin": 72, "Second": 67, "Viola": 60, "Cello": 48}
        tracks = [
            Track(tuple(Note(4 * j, p + i * (j % 3), 4) for j in range(12)), name, 40)
            for name, p in parts.items()
        ]
        write_midi(Score(tuple(tracks)), folder / f"{i}.mid")
    own = TrainYourOwn(folder)
    own.look()
    page = open_widget(own)
    # What the page says is done by the real Python side, and its answer shown.
    own.answer = lambda: answer(page, own)
    return page, own


def answer(page, own):
    """Let Python do what the page has asked for, and show what is true then."""
    for message in page.evaluate("model.sent.splice(0)"):
        if message.get("kind") == "do":
            own.do(message["action"], **message["values"])
    own.wait()
    page.evaluate("view => model.set('view', view)", own.form.view)


def test_what_became_of_each_file_is_listed(form):
    page, _ = form
    expect(
        page.get_by_text("3 of 4 files are learned from. Left out: 1 (unrea")
    ).to_be_visible()
    expect(page.get_by_text("windows are few")).to_be_visible()
    page.get_by_text("Every file, and why").click()
    rows = page.get_by_role("table", name="What became of each file").locator(
        "tbody tr"
    )
    expect(rows.first).to_contain_text("broken.mid")
    expect(rows.first).to_contain_text("no")
    expect(rows.nth(1)).to_contain_text("voices from Violin, Second, Viola, Cello")


def test_tracks_are_chosen_from_those_that_there_are(form):
    page, own = form
    table = page.get_by_role("table", name="Tracks of 0.mid")
    expect(table.locator("tbody tr").nth(3)).to_contain_text("Cello")
    menu = page.get_by_label("The four voices are found")
    menu.select_option("chosen")
    picks = page.get_by_label("The four tracks")
    picks.fill("4, 3, 2")
    picks.press("Enter")
    own.answer()
    status = page.get_by_role("status")
    expect(status).to_contain_text("names 3, but it must be auto, texture, or four")
    picks.fill("4, 3, violin, second")
    picks.press("Enter")
    page.get_by_role("button", name="Look what there is").click()
    own.answer()
    page.get_by_text("Every file, and why").click()
    files = page.get_by_role("table", name="What became of each file")
    expect(files).to_contain_text("voices from Cello, Viola, Violin, Second")
    assert own.desk.plan.rules.tracks == (4, 3, "violin", "second")


def test_everything_can_be_chosen_with_keys_alone(form):
    page, own = form
    page.get_by_role("radio", name="small").focus()
    for key, size in (("ArrowDown", "usual"), ("ArrowUp", "small")):
        page.keyboard.press(key)
        own.answer()
        assert own.desk.size == size
    page.locator("summary", has_text="Everything that can be turned").focus()
    page.keyboard.press("Enter")
    width = page.get_by_role("slider", name="Width of the generator")
    width.focus()
    page.keyboard.press("ArrowRight")
    own.answer()
    assert own.desk.config.hidden_channels == 56
    expect(page.get_by_text("The generator learns 7")).to_be_visible()
    rate = page.get_by_label("Learning rate of the critic")
    rate.fill("0.002")
    rate.press("Enter")
    loss = page.get_by_label("Loss", exact=True)
    loss.focus()
    loss.press("o")  # the first that begins so: original
    own.answer()
    assert own.desk.config.critic_rate == 0.002
    assert own.desk.config.loss == "original"


def test_steps_and_epochs_follow_from_each_other_on_the_page(form):
    page, own = form
    page.get_by_label("or epochs").fill("8")
    page.get_by_label("or epochs").press("Enter")
    own.answer()
    steps = page.get_by_label("Generator steps")
    expect(steps).to_have_value(str(own.desk.prepared.n_steps))
    steps.fill("0")
    steps.press("Enter")
    own.answer()
    expect(page.get_by_role("status")).to_contain_text("a run takes 1 to")


def test_another_network_has_its_own_sizes_and_settings_and_no_melody(form):
    page, own = form
    networks = page.get_by_role("radiogroup", name="What is trained")
    networks.get_by_role("radio", name="harmoniser").focus()
    page.keyboard.press("ArrowDown")
    own.answer()
    assert own.desk.network == "ar-cnn"
    sizes = page.get_by_role("radiogroup", name="Size of the networks")
    expect(sizes.get_by_role("radio")).to_have_count(3)
    expect(sizes.get_by_role("radio", name="small")).to_be_checked()
    expect(page.get_by_label("Melody to hear meanwhile")).to_be_hidden()
    expect(page.get_by_label("Steps", exact=True)).to_have_value("800")
    page.get_by_text("Everything that can be turned").click()
    expect(page.get_by_label("Width of the critic")).to_be_hidden()
    width = page.get_by_role("slider", name="Width of the network")
    width.focus()
    page.keyboard.press("ArrowRight")
    own.answer()
    assert own.desk.config.n_channels == 68
    expect(page.get_by_text("The network learns 4")).to_be_visible()
    networks.get_by_role("radio", name="editor").focus()
    page.keyboard.press("ArrowUp")
    own.answer()
    expect(page.get_by_label("Generator steps")).to_have_value("800")
    expect(page.get_by_label("Width of the critic")).to_be_visible()


def test_the_time_is_estimated_before_anything_starts(form):
    page, own = form
    own.do("turn", name="hidden_channels", value=8)
    own.do("turn", name="critic_channels", value=8)
    own.do("set_length", unit="steps", value=50)
    page.get_by_role("button", name="Estimate how long").click()
    own.answer()
    expect(page.locator(".dc-cost")).to_contain_text("50 steps of")
    own.do("set_length", unit="steps", value=60)
    assert "steps of" not in own.form.view["cost"]


def test_a_name_that_is_taken_is_told_and_not_kept(form):
    page, own = form
    name = page.get_by_label("Name of the network")
    expect(name).to_have_value("my-quartets")
    name.fill("jazz")
    name.press("Enter")
    own.answer()
    expect(page.get_by_role("status")).to_contain_text("jazz is the name of a genre")
    assert own.desk.name == "my-quartets"

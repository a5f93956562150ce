"""The attention view in Chromium on a plain page: what is seen, chosen and heard."""

from __future__ import annotations

import numpy as np
import pytest
from browser.listening import RECORDER, pitch_of, recording, start_recording
from playwright.sync_api import expect

from deepcomposer_edu.music.score import Note, Score, Track, frequency
from deepcomposer_edu.widgets import AttentionView

pytestmark = pytest.mark.browser
FLUTE = 73  # sounds on, at one pitch
N = 32  # positions: two bars
A4, E5 = 69, 76


def song(program=0):
    """Two bars: A4 for the first, E5 for the second."""
    notes = (Note(0, A4, 16, 100), Note(16, E5, 16, 100))
    return Score((Track(notes, "Tune", program),), tempo=60, title="Two bars")


def one_back(distance):
    """A head that looks `distance` steps back, or at the first step."""
    weights = np.zeros((N, N))
    weights[np.arange(N), np.maximum(np.arange(N) - distance, 0)] = 1
    return weights


def uniform_with_leak():
    return np.full((N, N), 1 / N)


def view(program=0, **options):
    heads = [[one_back(1), one_back(16)], [np.eye(N), uniform_with_leak()]]
    return AttentionView(song(program), heads, **{"head": 2, **options})


@pytest.fixture(name="page")
def page_fixture(open_widget):
    return open_widget(view())


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def roll(page):
    return page.get_by_role("slider", name="Step that looks")


def button(page, name):
    return page.get_by_role("button", name=name)


def point(page, step):
    """Return where a step lies on the screen, with 34 px of keys on the left."""
    box = roll(page).bounding_box()
    width = (box["width"] - 2 - 34 - 6) / N
    return box["x"] + 1 + 34 + width * (step + 0.5), box["y"] + 80


def first_look(page):
    return page.locator(".dc-look").first


def bars(page):
    """Return in which positions the strip below the roll has a bar, most first."""
    return page.evaluate(
        """n => {
            const canvas = document.querySelector(".dc-bars");
            const ratio = canvas.width / canvas.clientWidth;
            const width = (document.querySelector(".dc-roll").clientWidth - 34 - 6) / n;
            const context = canvas.getContext("2d");
            const [red, green, blue] = [0x00, 0x72, 0xb2];
            const counts = Array.from({length: n}, (_, i) => {
                const x = Math.round(ratio * (34 + width * (i + 0.5)));
                const {data} = context.getImageData(x, 0, 1, canvas.height);
                let tall = 0;
                for (let at = 0; at < data.length; at += 4) {
                    if (Math.abs(data[at] - red) + Math.abs(data[at + 1] - green)
                        + Math.abs(data[at + 2] - blue) < 30) tall += 1;
                }
                return [tall, i];
            });
            return counts.filter(([tall]) => tall > 5).map(([, i]) => i);
        }""",
        N,
    )


# --- seeing


def test_it_shows_what_the_last_step_looks_at(page):
    expect(page.locator(".dc-sentence")).to_have_text(
        "Bar 2, beat 4¾ (E5) looks at:",
    )
    expect(first_look(page)).to_have_text("100 %Bar 1, beat 1A4")
    assert bars(page) == [15]


def test_pointing_at_a_step_shows_what_it_looks_at_and_chooses_nothing(page):
    page.mouse.move(*point(page, 20))
    expect(page.locator(".dc-sentence")).to_contain_text("Bar 2, beat 2")
    assert bars(page) == [4]
    assert value(page, "position") == N - 1
    page.mouse.move(2, 2)
    expect(page.locator(".dc-sentence")).to_contain_text("Bar 2, beat 4¾")


def test_a_click_chooses_a_step(page):
    page.mouse.click(*point(page, 24))
    assert value(page, "position") == 24


def test_another_head_looks_elsewhere(page):
    button(page, "Head 1, looks").click()
    assert value(page, "head") == 1
    assert bars(page) == [N - 2]


def test_the_layer_slider_changes_the_layer(page):
    page.get_by_role("slider", name="Layer").press("ArrowRight")
    assert value(page, "layer") == 2
    expect(page.locator(".dc-layer-text")).to_have_text("2 of 2")


def test_a_head_says_how_far_back_it_looks(page):
    expect(button(page, "Head 1, looks 0.2 beats back on average")).to_be_visible()


def test_turned_it_shows_who_looks_at_a_step(page):
    page.evaluate("model.set('position', 4)")
    button(page, "Is looked at by").click()
    expect(page.locator(".dc-sentence")).to_contain_text("is looked at by")
    assert bars(page) == [20]


def test_a_leak_is_said_in_words(page):
    expect(page.locator(".dc-leak")).to_have_count(0)
    page.evaluate("model.set('layer', 2); model.set('position', 15)")
    expect(page.locator(".dc-leak")).to_contain_text("50 % lies ahead: a leak")


def test_python_can_choose(page):
    page.evaluate("model.set('position', 18)")
    expect(page.locator(".dc-sentence")).to_contain_text("Bar 2, beat 1½")
    expect(roll(page)).to_have_attribute("aria-valuenow", "18")


# --- keys


@pytest.mark.parametrize(
    ("keys", "position"),
    [
        (["ArrowLeft"], 19),
        (["ArrowRight", "ArrowRight"], 22),
        (["ArrowDown"], 16),
        (["ArrowUp"], 24),
        (["Shift+ArrowLeft"], 16),
        (["Home"], 0),
        (["Home", "ArrowLeft"], 0),
        (["Home", "End"], N - 1),
    ],
)
def test_keys_choose_a_step(page, keys, position):
    page.evaluate("model.set('position', 20)")
    roll(page).focus()
    for key in keys:
        page.keyboard.press(key)
    assert value(page, "position") == position


def test_the_place_is_told_to_screen_readers(page):
    expect(roll(page)).to_have_attribute(
        "aria-valuetext", "Bar 2, beat 4¾, looks at 100 % Bar 1, beat 1: A4"
    )


# --- hearing


def test_while_it_plays_the_step_runs_with_the_music(page):
    page.evaluate("model.set('position', 0)")
    roll(page).focus()
    page.keyboard.press(" ")
    page.wait_for_function(
        "Number(document.querySelector('.dc-roll').dataset.position) > 2"
    )
    page.keyboard.press(" ")
    assert not value(page, "is_playing")
    assert value(page, "position") > 2


def test_enter_plays_what_a_step_looks_at(open_widget):
    page = open_widget(view(FLUTE), sampled=True, script=RECORDER)
    start_recording(page)
    roll(page).focus()
    page.keyboard.press("Enter")
    # a beat of the chord that is looked at (A4), then the one that looks (E5)
    samples, rate = recording(page, 2.2)
    beat = rate  # 60 beats a minute
    first = pitch_of(samples[beat // 4 : 3 * beat // 4], rate)
    second = pitch_of(samples[5 * beat // 4 : 7 * beat // 4], rate)
    assert 12 * np.log2(first / frequency(A4)) == pytest.approx(0, abs=0.2)
    assert 12 * np.log2(second / frequency(E5)) == pytest.approx(0, abs=0.2)


def test_a_line_of_the_list_plays_its_chord_alone(open_widget):
    page = open_widget(view(FLUTE), sampled=True, script=RECORDER)
    start_recording(page)
    first_look(page).click()
    samples, rate = recording(page, 0.8)
    found = pitch_of(samples[rate // 4 :], rate)
    assert 12 * np.log2(found / frequency(A4)) == pytest.approx(0, abs=0.2)

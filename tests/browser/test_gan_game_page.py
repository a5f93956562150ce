"""GANGame in Chromium on a plain page: what is drawn, asked for, told and heard."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from browser.listening import RECORDER, level, onsets, recording, start_recording
from playwright.sync_api import expect

from deepcomposer_edu.widgets import GANGame

pytestmark = pytest.mark.browser


def stepped(**settings):
    """Return a small game after a few steps."""
    game = GANGame(width=8, batch=16, **settings)
    game.step(3)
    return game


@pytest.fixture(name="page")
def page_fixture(open_widget):
    return open_widget(stepped())


def button(page, name):
    return page.get_by_role("button", name=name)


def sent(page):
    kinds = page.evaluate("model.sent.map(message => message.kind)")
    return [kind for kind in kinds if kind not in ("sound?", "ping")]


def pixels(page):
    """Return the plane's canvas as an array (height, width, 4)."""
    text, width = page.evaluate(
        """() => {
            const canvas = document.querySelector(".dc-plane canvas");
            const {width, height} = canvas;
            const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
            const part = (i) => String.fromCharCode(...data.subarray(i, i + 9999));
            let text = "";
            for (let i = 0; i < data.length; i += 9999) text += part(i);
            return [btoa(text), width];
        }"""
    )
    flat = np.frombuffer(base64.b64decode(text), np.uint8)
    return flat.astype(int).reshape(-1, width, 4)


def paint(page):
    """Wait until what is due has been painted."""
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => "
        "requestAnimationFrame(done)))"
    )


def test_the_buttons_ask_python(page):
    for name in ("Train", "One step", "Begin again with the same", "another seed"):
        button(page, name).click()
    assert sent(page) == ["train", "step", "reset", "reseed"]


def test_while_it_trains_the_button_pauses(page):
    page.evaluate("model.set('is_training', true)")
    pause = button(page, "Pause the training")
    expect(pause).to_be_visible()
    expect(button(page, "One step")).to_be_disabled()
    pause.press("Enter")
    assert sent(page) == ["pause"]


def test_menus_and_sliders_set_the_config(page):
    page.get_by_label("Loss", exact=True).select_option("wgan-gp")
    page.get_by_label("Critic steps (n_critic)").press("ArrowRight")
    page.get_by_label("Generator's rate").press("End")
    config = page.evaluate("model.get('config')")
    assert (config["loss"], config["n_critic"]) == ("wgan-gp", 2)
    assert config["generator_rate"] == pytest.approx(0.1)
    expect(page.get_by_label("Penalty")).to_be_visible()
    expect(page.get_by_label("Clip")).to_be_hidden()
    page.get_by_label("Loss", exact=True).select_option("wgan-clip")
    expect(page.get_by_label("Clip")).to_be_visible()


def test_what_python_sets_is_shown(page):
    page.evaluate("model.set('config', {...model.get('config'), n_critic: 7})")
    expect(page.get_by_label("Critic steps (n_critic)")).to_have_value("7")
    page.evaluate("model.set('picture', {...model.get('picture'), step: 1234})")
    expect(page.locator(".dc-step-count")).to_have_text("Step 1,234 · seed 0")


def test_the_landscape_is_blue_where_the_critic_says_real_and_orange_else(page):
    page.evaluate(
        """() => {
            const n = 36, levels = Array.from({length: n * n},
                (_, i) => i % n < n / 2 ? 0 : 255);
            model.set("picture", {step: 1, points: [], landscape:
                {n, low: -1, high: 1, middle: 0, levels}});
        }"""
    )
    paint(page)
    seen = pixels(page)
    height, width = seen.shape[:2]
    # near the lower edge, where no point lies
    left, right = (seen[height - 20, width * part // 10] for part in (2, 8))
    assert left[0] > left[2] and right[2] > right[0]


def test_points_are_drawn_where_they_lie(page):
    empty = {"n": 2, "low": 0, "high": 1, "middle": 0, "levels": [0, 0, 0, 0]}
    draw = "picture => model.set('picture', picture)"
    seen = []
    for points in ([], [120, 120]):  # one point, in the upper right
        page.evaluate(draw, {"step": 1, "points": points, "landscape": empty})
        paint(page)
        seen.append(pixels(page))
    rows, columns = np.nonzero((seen[0] != seen[1]).any(axis=2))
    size = seen[0].shape[0]
    assert rows.mean() / size == pytest.approx(0.25, abs=0.03)
    assert columns.mean() / size == pytest.approx(0.75, abs=0.03)


def test_arrow_keys_ask_the_critic_about_a_place(page):
    plane = page.locator(".dc-plane")
    plane.press("ArrowRight")
    status = page.locator(".dc-status")
    expect(status).to_contain_text("At (0.10, 0.00) the critic's score is")
    plane.press("Shift+ArrowUp")
    expect(status).to_contain_text("At (0.10, 0.60)")
    plane.press("Escape")
    expect(status).not_to_contain_text("critic's score is")


def test_a_click_asks_about_its_place(page):
    box = page.locator(".dc-plane").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    expect(page.locator(".dc-status")).to_contain_text("1.2")


def test_the_plane_tells_in_words_what_it_shows(page):
    label = page.locator(".dc-plane").get_attribute("aria-label")
    assert "of the places" in label and "step 3" in label


def test_a_broken_game_says_so_and_can_only_begin_again(page):
    page.evaluate("model.set('problem', 'The numbers are no numbers any more.')")
    expect(page.get_by_role("alert")).to_have_text(
        "The numbers are no numbers any more."
    )
    expect(button(page, "Train")).to_be_disabled()
    expect(button(page, "Begin again with the same")).to_be_enabled()


def test_bars_are_rolls_with_the_critics_scores_below(open_widget):
    page = open_widget(stepped(data="rhythm"))
    expect(page.locator(".dc-plane")).to_be_hidden()
    expect(page.locator(".dc-bars .dc-roll")).to_have_count(2)
    scores = page.evaluate("model.get('picture').scores")
    for kind in ("real", "fake"):
        dots = page.locator(f".dc-strip.dc-{kind} i")
        expect(dots).to_have_count(len(scores[kind]))
    roll = page.get_by_role("img", name="Piano roll of eight generated bars")
    expect(roll).to_be_visible()


def test_generated_and_data_are_heard_and_stop(open_widget):
    page = open_widget(stepped(data="rhythm"), sampled=True, script=RECORDER)
    start_recording(page)
    button(page, "Hear the data").click()
    samples, rate = recording(page, 1.2)
    assert level(samples) > -45 and len(onsets(samples, rate)) >= 2
    button(page, "Stop the sound").click()
    page.wait_for_function("!model.get('is_playing')")
    button(page, "Hear what is generated").click()
    page.wait_for_function("model.get('is_playing')")
    page.evaluate("receive({kind: 'silence'})")
    page.wait_for_function("!model.get('is_playing')")


def test_what_plays_goes_on_with_what_is_generated_next(open_widget):
    page = open_widget(stepped(data="rhythm"))
    button(page, "Hear what is generated").click()
    page.wait_for_function("model.get('is_playing')")
    page.evaluate(
        """() => {
            const music = structuredClone(model.get("music"));
            music.tracks[0].notes = [[0, 76, 1, 90], [16, 76, 1, 90]];
            model.set("music", music);
        }"""
    )
    assert page.evaluate("model.get('is_playing')")

"""MorphPad in Chromium on a plain page: places, keys, what is heard and drawn."""

from __future__ import annotations

import numpy as np
import pytest
from browser.listening import RECORDER, pitch_of, recording, start_recording
from playwright.sync_api import expect

from deepcomposer_edu.widgets import MorphPad

pytestmark = pytest.mark.browser

NAMES = ["Organ", "Clarinet", "Harpsichord", "Space lead"]
HERTZ = {(0, 0): 200, (2, 0): 300, (0, 2): 400, (2, 2): 500, (1, 1): 600}
GIVE = """([hertz, pitch, place]) => {
    const samples = Int16Array.from({length: 8000}, (_, i) =>
        16000 * Math.sin(2 * Math.PI * hertz * i / 8000));
    receive({kind: "clip", pitch, place}, [new DataView(samples.buffer)]);
}"""


def silent(*_):
    return np.zeros(80)


@pytest.fixture(name="page")
def page_fixture(open_widget):
    return open_widget(MorphPad(silent, NAMES, n_side=3))


def give(page, places=HERTZ, pitch=60):
    """Let decoded sounds come in, each a sine."""
    for place in places:
        page.evaluate(GIVE, [HERTZ[place], pitch, list(place)])


def pad(page):
    return page.get_by_role("application")


def status(page):
    return page.locator(".dc-status")


def asked(page):
    return page.evaluate("model.sent.filter(m => m.kind === 'want')")


def test_it_asks_for_the_middle_first_and_does_not_play_by_itself(page):
    assert asked(page) == [{"kind": "want", "pitch": 60, "place": [1, 1], "has": []}]
    give(page)
    expect(page.locator(".dc-count")).to_have_text("5 of 9 decoded")
    assert not page.evaluate("model.get('is_playing')")


def test_keys_and_mouse_move_the_place_and_its_shares_are_said(page):
    give(page)
    pad(page).focus()
    for key, place, words in (
        ("ArrowLeft", [0, 1], "Organ 50 %, Harpsichord 50 %"),
        ("2", [2, 0], "Mix of codes, C4: Clarinet 100 %."),
        ("0", [1, 1], "Organ 25 %"),
        ("4", [2, 2], "Space lead 100 %"),
    ):
        page.keyboard.press(key)
        page.wait_for_function(
            f"String(model.get('place')) === '{place[0]},{place[1]}'"
        )
        expect(status(page)).to_contain_text(words)
    box = pad(page).bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 60, steps=4)
    page.mouse.up()
    page.wait_for_function("String(model.get('place')) === '0,2'")
    spoken = pad(page).get_attribute("aria-label")
    assert "3 by 3 mixtures of Organ, Clarinet" in spoken
    assert "Harpsichord 100 %" in spoken


def test_a_dot_is_filled_when_it_is_decoded(page):
    expect(page.locator(".dc-dot")).to_have_count(9)
    expect(page.locator(".dc-ready")).to_have_count(0)
    give(page)
    expect(page.locator(".dc-ready")).to_have_count(5)


def test_another_pitch_is_asked_for_and_has_dots_of_its_own(page):
    give(page)
    page.get_by_role("button", name="E4").click()
    page.wait_for_function("model.get('pitch') === 64")
    expect(page.locator(".dc-ready")).to_have_count(0)
    assert asked(page)[-1] == {"kind": "want", "pitch": 64, "place": [1, 1], "has": []}
    page.keyboard.press("ArrowRight")
    page.wait_for_function("model.get('pitch') === 65")
    expect(page.get_by_role("button", name="F4")).to_be_focused()
    page.keyboard.press("Home")
    page.wait_for_function("model.get('pitch') === 48")
    page.get_by_role("button", name="C4", exact=True).click()
    expect(page.locator(".dc-ready")).to_have_count(5)  # kept


def test_stop_decoding_is_there_while_the_kernel_decodes(page):
    button = page.get_by_role("button", name="Stop decoding")
    expect(button).to_be_hidden()
    page.evaluate("model.set('is_decoding', true)")
    button.click()
    assert page.evaluate("model.sent.at(-1)") == {"kind": "halt"}


def test_a_problem_is_told(page):
    page.evaluate("model.set('problem', 'The decoder gave nothing.')")
    expect(page.get_by_role("alert")).to_have_text("The decoder gave nothing.")


@pytest.fixture(name="listen")
def listen_fixture(open_widget):
    widget = MorphPad(silent, NAMES, n_side=3)
    page = open_widget(widget, sampled=True, script=RECORDER)
    start_recording(page)
    # A sound that goes on is still there when a slow machine comes to listen.
    page.get_by_role("button", name="Begin again at the end").click()
    return page


def heard(page):
    """Return the pitch of what sounds from now on, a fading sound left out."""
    page.evaluate("forgetRecording()")
    samples, rate = recording(page, 0.5)
    return pitch_of(samples[round(0.2 * rate) :], rate)


def test_what_is_decoded_is_heard_and_what_is_not_comes_when_it_is_ready(listen):
    give(listen, [(0, 0), (2, 2)])
    pad(listen).focus()
    listen.keyboard.press("1")
    assert heard(listen) == pytest.approx(200, rel=0.01)
    listen.keyboard.press("ArrowDown")  # not decoded: the nearest is heard
    expect(status(listen)).to_contain_text("the nearest that is")
    listen.evaluate(GIVE, [700, 60, [0, 1]])
    expect(status(listen)).not_to_contain_text("Not decoded yet")
    assert heard(listen) == pytest.approx(700, rel=0.01)


def test_the_mix_of_waveforms_holds_all_four_sounds(listen):
    give(listen)
    listen.get_by_role("button", name="Hear the mix of codes").click()
    assert heard(listen) == pytest.approx(600, rel=0.01)
    listen.get_by_role("button", name="Hear the mix of waveforms").click()
    listen.wait_for_function("model.get('how') === 'waves'")
    assert heard(listen) == pytest.approx(100, rel=0.01)  # of 200, 300, 400 and 500
    expect(status(listen)).to_contain_text("Mix of waveforms, C4")
    listen.get_by_role("button", name="Stop the sound").click()
    expect(listen.get_by_role("button", name="Play this mixture")).to_be_visible()
    assert not listen.evaluate("model.get('is_playing')")

"""The EmbeddingMap in Chromium on a plain page: what is clicked, typed, seen, heard."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from deepcomposer_edu.widgets import EmbeddingMap

pytestmark = pytest.mark.browser
# A cross: A in the middle, B right, C left, D above, E below it.
PLACES = [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]]
VECTORS = np.array([[5, 1, 0], [4, 2, 0], [-3, 1, 1], [0, 5, 1], [1, -4, 2]])


def cross(**options):
    return EmbeddingMap(
        VECTORS,
        list("ABCDE"),
        [60, 64, 67, 71, 74],
        ["x", "y", "x", "y", "x"],
        places=PLACES,
        title="A cross",
        n_neighbours=2,
        **options,
    )


@pytest.fixture(name="page")
def page_fixture(open_widget):
    return open_widget(cross())


def value(page, trait):
    return page.evaluate("name => model.get(name)", trait)


def plane(page):
    return page.get_by_role("listbox", name="Points of the map")


def spot(page, label):
    return page.locator(".dc-spot", has=page.get_by_text(label, exact=True))


def status(page):
    return page.locator(".dc-status")


def test_a_click_chooses_and_sounds(page):
    spot(page, "B").click()
    assert value(page, "chosen") == 1
    page.wait_for_function("model.get('is_playing')")
    expect(spot(page, "B")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("heading", name="Most like B")).to_be_visible()
    expect(status(page)).to_have_text("B.")
    page.wait_for_function("!model.get('is_playing')")


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["ArrowRight"], "B"),
        (["ArrowLeft"], "C"),
        (["ArrowUp"], "D"),
        (["ArrowDown"], "E"),
        (["ArrowRight", "ArrowRight"], "B"),
        (["End"], "E"),
        (["End", "Home"], "A"),
    ],
)
def test_keys_go_from_point_to_point(page, keys, chosen):
    plane(page).focus()
    for key in keys:
        page.keyboard.press(key)
    assert "ABCDE"[value(page, "chosen")] == chosen
    active = plane(page).get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-label").startswith(chosen)


def test_neighbours_are_listed_in_order_and_sound_by_a_click(page):
    near = page.locator(".dc-near button")
    names = [text.split("\n")[0] for text in near.all_inner_texts()]
    assert names == [name for name, _ in cross().neighbours_of("A")]
    near.first.click()
    expect(status(page)).to_have_text(f"{names[0]}.")
    assert value(page, "chosen") == 0


def test_n_plays_the_point_and_its_neighbours_one_after_the_other(page):
    page.evaluate(
        """() => {
            window.heard = [];
            const look = () => {
                const now = document.querySelector(".dc-embedding").dataset.sounding;
                if (now && now !== heard.at(-1)) heard.push(now);
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    plane(page).focus()
    page.keyboard.press("n")
    page.wait_for_function("model.get('is_playing')")
    page.wait_for_function("!model.get('is_playing')")
    expected = ["A", *(name for name, _ in cross().neighbours_of("A"))]
    assert page.evaluate("heard") == expected


def test_the_slider_goes_to_a_place_of_the_walk_and_sounds(page):
    page.get_by_label("Place on the walk").fill("8")
    assert value(page, "stage") == 8
    page.wait_for_function("model.get('is_playing')")
    expect(page.locator(".dc-stage-words")).to_contain_text("Place 9 of 9 from A to E")


def test_the_walk_moves_the_slider_to_its_end(page):
    page.get_by_role("button", name="Hear the walk", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    page.wait_for_function("model.get('stage') === 8")
    page.get_by_role("button", name="Stop", exact=True).click()
    assert not value(page, "is_playing")


def test_another_walk_is_asked_of_python(page):
    page.get_by_label("Walk to", exact=True).select_option("D")
    asked = page.evaluate("model.sent.filter(m => m.kind === 'walk')")
    assert asked == [{"kind": "walk", "from": 0, "to": 3}]
    walk = cross(walk=("A", "D")).walk
    page.evaluate("walk => model.set('walk', walk)", walk)
    expect(page.locator(".dc-stage-words")).to_contain_text("from A to D")


def test_f_and_t_lay_the_walk_by_keyboard(page):
    plane(page).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("t")
    page.keyboard.press("f")
    asked = page.evaluate("model.sent.filter(m => m.kind === 'walk')")
    assert asked == [
        {"kind": "walk", "from": 0, "to": 3},
        {"kind": "walk", "from": 3, "to": 4},
    ]


def test_points_lie_where_their_places_are(page):
    box = plane(page).bounding_box()
    centre = {}
    for label in "ABCDE":
        mark = spot(page, label).locator(".dc-mark").bounding_box()
        centre[label] = (mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert centre["A"] == pytest.approx(middle, abs=3)
    assert centre["B"][0] - centre["A"][0] == pytest.approx(0.45 * box["width"], abs=3)
    assert centre["A"][1] - centre["D"][1] == pytest.approx(0.45 * box["height"], abs=3)


def test_groups_differ_in_shape_as_well_as_in_colour(page):
    shapes = page.locator(".dc-legend .dc-mark").evaluate_all(
        "marks => marks.map(mark => mark.className)"
    )
    assert len(set(shapes)) == 2


def test_without_a_kernel_it_still_sounds_and_says_what_does_not_work(page):
    page.evaluate("loseKernel()")
    spot(page, "D").click()
    page.wait_for_function("model.get('is_playing')")
    page.get_by_label("Walk to", exact=True).select_option("D")
    expect(status(page)).to_contain_text("a new walk can't be computed")

"""The studio's arranger, without a page."""

from __future__ import annotations

import pytest
from studio_hands import do, shows


def test_a_version_is_arranged_section_by_section(studio):
    assert shows(studio, "arrange")["is_empty"]
    studio.compose()
    view = shows(studio, "arrange")
    assert (view["seconds"], view["form"], view["source"]) == (60, "AABA", "Version 1")
    assert [s["name"] for s in view["sections"]] == ["A", "A'", "B"]
    do(studio, "arrange", "wish", name="form", value="a b")
    do(studio, "arrange", "wish", name="seconds", value=20)
    do(studio, "arrange", "choose_player", section="B", place="melody", program=68)
    do(studio, "arrange", "arrange")
    made = studio.composition
    assert made.score.seconds == pytest.approx(20)
    assert made.provenance["parameters"]["form"] == "A B"
    assert made.provenance["parameters"]["scoring"].startswith("B=oboe, ")
    view = shows(studio, "arrange")
    assert view["status"] == "Version 2 is ready, 20.0 seconds: hear it in step 3."
    assert view["made"] == made.notes
    assert studio.player.score.tracks == made.score.tracks


def test_an_arrangement_is_arranged_anew_from_what_it_was_made_from(studio):
    piece = studio.compose()
    studio.arrange(seconds=20, form="A")
    again = studio.arrange(form="AB")
    assert again.parents == (piece,)
    assert shows(studio, "arrange")["source"] == "Version 1"
    assert [version.parent_id for version in studio.versions][2] == (
        studio.versions.list()[0].id
    )
    assert studio.arrange(form="A") is studio.versions.list()[1].composition


def test_a_letter_can_have_the_music_of_another_version(studio):
    first = studio.compose(seed=1)
    studio.compose(seed=2)
    other = studio.versions.list()[0]
    do(studio, "arrange", "wish", name="form", value="AB")
    do(studio, "arrange", "choose_material", letter="B", id=other.id)
    do(studio, "arrange", "arrange")
    made = studio.composition.provenance
    assert list(made["materials"]) == ["B"]
    recorded = made["materials"]["B"]["composition"]["result"]
    assert recorded["sha256"] == first.provenance["result"]["sha256"]


@pytest.mark.parametrize(
    ("action", "values", "words"),
    [
        ("wish", {"name": "seconds", "value": 5}, "The length is 5 seconds"),
        ("wish", {"name": "form", "value": "A1"}, "The form is 'A1'"),
        ("wish", {"name": "tempo", "value": 0}, "tempo"),
        ("wish", {"name": "ending", "value": "bang"}, "The ending is 'bang'"),
        ("wish", {"name": "colour", "value": "red"}, "no wish 'colour'"),
        (
            "choose_player",
            {"section": "C", "place": "melody", "program": 1},
            "section 'C'",
        ),
        (
            "choose_player",
            {"section": "A", "place": "melody", "program": 128},
            "128",
        ),
        ("choose_material", {"letter": "C", "id": None}, "no letter 'C'"),
        ("choose_material", {"letter": "A", "id": "9999-abcdef"}, "no version"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_and_nothing_changes(
    studio, action, values, words
):
    studio.compose()
    before = dict(studio.session.arranging), dict(studio.session.scoring)
    do(studio, "arrange", action, **values)
    view = shows(studio, "arrange")
    assert words in view["status"]
    assert view["has_problem"]
    assert (studio.session.arranging, studio.session.scoring) == before


def test_an_arrangement_is_saved_without_becoming_another_version(studio):
    studio.compose()
    studio.arrange(seconds=20, form="AB", instruments={"A": "oboe", "B": "flute"})
    assert len(studio.composition.score.tracks) == 8
    studio.save(["mid"])
    assert len(studio.versions) == 2
    studio.player.set_track(4, instrument="violin")
    studio.save(["mid"])
    programs = [t.program for t in studio.composition.score.tracks]
    assert programs[4] == 40
    assert len(studio.versions) == 3

"""The studio's panel of a teacher's marks, without a page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from studio_hands import do, shows

from deepcomposer_edu.errors import InputError


def test_marks_are_listed_and_a_chosen_one_is_heard_with_its_fix(marked):
    assert not shows(marked, "marks")["is_looked"]
    do(marked, "marks", "look")
    view = shows(marked, "marks")
    assert len(view["marks"]) == len(marked.session.marks.faults)
    assert all("beat" in sentence for sentence in view["marks"])
    do(marked, "marks", "choose_mark", number=1)
    marked.wait()
    view = shows(marked, "marks")
    assert view["mark"] == 1
    chosen = view["chosen"]
    assert chosen["sentence"].lower().startswith(view["marks"][1].lower()[:12])
    assert chosen["before"]["tracks"][0]["notes"]
    assert chosen["fix"]
    assert marked.player.changed == marked.session.lit != []


def first_with_a_fix(studio):
    studio.look()
    for number in range(len(studio.session.marks.faults)):
        studio.session.choose_mark(number)
        if studio.session.find_fix() is not None:
            studio._refresh()
            return number
    raise AssertionError("no fix at all")


def test_a_fix_becomes_a_version_that_is_looked_at_in_turn(marked):
    first_with_a_fix(marked)
    before = len(shows(marked, "marks")["marks"])
    assert shows(marked, "marks")["chosen"]["after"]["tracks"]
    do(marked, "marks", "use_fix")
    view = shows(marked, "marks")
    assert view["status"] == "Version 2 has the fix; the one before stays."
    assert len(view["marks"]) < before
    assert view["mark"] is None
    assert marked.player.changed == []
    assert ["technique", "Mended by rule"] in shows(marked, "ask")["recipe"]
    do(marked, "ask", "replay")
    assert shows(marked, "ask")["status"].startswith("Made again from its recipe")


def test_going_to_another_version_forgets_the_marks_but_not_for_ever(marked):
    do(marked, "marks", "look")
    first = marked.session.current
    do(marked, "compose", "try_again")
    assert not shows(marked, "marks")["is_looked"]
    do(marked, "listen", "go", id=first.id)
    assert shows(marked, "marks")["is_looked"]


def test_another_mark_chosen_meanwhile_is_searched_as_well(marked, monkeypatch):
    marked.look()
    marks, asked = marked.session.marks, []

    def fix(number):
        asked.append(number)
        if len(asked) == 1:
            marked.do("marks", "choose_mark", number=2)

    monkeypatch.setattr(type(marks), "fix", lambda _self, number: fix(number))
    do(marked, "marks", "choose_mark", number=0)
    assert asked == [0, 2]
    view = shows(marked, "marks")
    assert (view["mark"], view["chosen"]["fix"][:14]) == (2, "No fix is near")
    assert not view.get("status")


def test_cancelled_mending_changes_nothing(marked, monkeypatch):
    from deepcomposer_edu.models import fixes

    def cancel(grid, metre, pickup, on_progress):
        on_progress(0, 3)
        assert shows(marked, "marks")["busy"] == {"share": 0.0, "words": "3 to go"}
        marked.session.cancel()
        on_progress(1, 2)

    monkeypatch.setattr(fixes, "mend_all", cancel)
    do(marked, "marks", "mend_all")
    assert shows(marked, "marks")["status"] == "Cancelled; nothing was changed."
    assert len(marked.versions) == 1


def test_music_for_one_voice_has_no_marks_and_a_sentence_says_why(studio):
    piece = studio.compose()
    solo = replace(piece, score=replace(piece.score, tracks=piece.score.tracks[:1]))
    studio.versions.add(solo)
    do(studio, "marks", "look")
    assert "the rules are for four" in shows(studio, "marks")["status"]
    with pytest.raises(InputError, match="Nobody has looked"):
        studio.session.use_fix()


def test_a_mark_is_heard_in_the_current_version_though_two_are_compared(marked):
    marked.compose(seed=2)
    do(marked, "marks", "look")
    marked.compare(1)
    do(marked, "listen", "hear", which="b")
    marks = shows(marked, "marks")
    assert not marks["is_empty"]
    assert "in Version 2. " in marks["words"]
    do(marked, "marks", "choose_mark", number=0)
    assert shows(marked, "listen")["compared"] is None
    assert marked.player.score.tracks == marked.composition.score.tracks
    assert marked.player.changed == marked.session.lit != []

"""FailureClinic without a browser: choose, answer, mend; what it refuses."""

from __future__ import annotations

import json

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.training import failures
from deepcomposer_edu.widgets import FailureClinic


@pytest.fixture(autouse=True)
def _short_trainings(monkeypatch):
    """Five steps are enough where only the visit is tried, not the illness."""
    make = failures.make_case

    def few(name, mended, seed, on_step):
        return make(name, mended, seed, n_steps=5, on_step=on_step)

    monkeypatch.setattr(failures, "make_case", few)


@pytest.fixture(name="clinic")
def clinic_fixture():
    clinic = FailureClinic(["mode-collapse", "wrong-track"])
    yield clinic
    clinic.close()


def send(widget, **message):
    widget._handle_custom_msg(message, [])
    widget.wait()


def test_at_first_nobody_is_there(clinic):
    assert [patient["state"] for patient in clinic.patients] == ["new", "new"]
    assert clinic.number == 0 and not clinic.patient
    assert repr(clinic) == "FailureClinic: 2 patients, 0 diagnosed, 0 mended"


def test_a_whole_visit(clinic):
    send(clinic, kind="choose", number=1)
    assert clinic.patients[0]["state"] == "open" and clinic.working == ""
    assert clinic.patient["music"]["tracks"] and clinic.real["tracks"]
    assert len(clinic.patient["rows"]) == 5 and clinic.mended == {}
    assert clinic.fix == ""

    send(clinic, kind="answer", cause="n-critic-0")
    assert [one["is_right"] for one in clinic.said] == [False]
    assert "here they moved by" in clinic.said[0]["words"] and not clinic.is_solved

    send(clinic, kind="answer", cause="mode-collapse")
    assert clinic.is_solved and clinic.fix and clinic.patients[0]["state"] == "solved"

    send(clinic, kind="mend")
    assert clinic.mended["music"] != clinic.patient["music"]
    assert clinic.patients[0]["state"] == "mended"
    assert clinic.mended_case.is_mended and not clinic.case.is_mended
    assert clinic.problem == ""
    json.dumps(clinic.get_state()["patient"], allow_nan=False)


def test_each_patient_keeps_its_own_story(clinic):
    clinic.choose(1, wait=True)
    clinic.answer("mode-collapse")
    clinic.choose(2, wait=True)
    assert clinic.said == [] and clinic.fix == ""
    names = [finding["name"] for finding in clinic.patient["findings"]]
    assert "repeat_share" in names
    first = clinic.case
    clinic.choose(1, wait=True)
    assert clinic.is_solved and len(clinic.said) == 1
    clinic.choose(2, wait=True)
    assert clinic.case is first  # it is trained once


def test_the_answer_is_not_on_the_page_before_it_is_given(clinic):
    clinic.choose(1, wait=True)
    state = clinic.get_state()
    told = {name: state[name] for name in ("patients", "patient", "fix", "said")}
    assert "collapse" not in json.dumps(told).lower()
    names = [choice["name"] for choice in clinic.choices]
    assert sorted(names) == sorted(failures.FAILURES["mode-collapse"].choices)


def test_the_right_cause_is_not_always_in_the_same_place():
    clinic = FailureClinic()
    places = set()
    for number, name in enumerate(failures.FAILURES, start=1):
        clinic.choose(number, wait=True)
        places.add([choice["name"] for choice in clinic.choices].index(name))
    assert len(places) > 2


def test_what_comes_too_early_is_refused_in_a_sentence(clinic):
    send(clinic, kind="mend")
    assert "No patient is open" in clinic.problem
    clinic.choose(1, wait=True)
    with pytest.raises(InputError, match="Find the cause first"):
        clinic.mend()
    with pytest.raises(InputError, match="cannot be chosen here"):
        clinic.answer("bad luck")


@pytest.mark.parametrize("number", [0, 3, True, None, "1"])
def test_a_patient_who_is_not_there_is_refused(clinic, number):
    with pytest.raises(InputError, match="choose one from 1 to 2"):
        clinic.choose(number)


def test_one_training_at_a_time(clinic):
    clinic.working = "patient"
    with pytest.raises(InputError, match="still going on"):
        clinic.choose(2)


def test_a_training_that_fails_is_told(clinic, monkeypatch):
    def broken(*_arguments, **_options):
        raise RuntimeError("no memory")

    monkeypatch.setattr(failures, "make_case", broken)
    clinic.choose(1, wait=True)
    assert clinic.problem == "The training failed: no memory" and clinic.working == ""


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"failures": ["flu"]}, "given \\['flu'\\]"),
        ({"failures": []}, "one or more"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_what_it_cannot_be_made_of_is_refused(wrong, words):
    with pytest.raises(InputError, match=words):
        FailureClinic(**wrong)

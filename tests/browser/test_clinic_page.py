"""FailureClinic in Chromium on a plain page: a visit step by step, by hand and keys."""

from __future__ import annotations

import pytest
from browser.listening import RECORDER, level, recording, start_recording
from playwright.sync_api import expect

from deepcomposer_edu.training import failures
from deepcomposer_edu.widgets import FailureClinic

pytestmark = pytest.mark.browser
N_STEPS = failures.MEASURE_EVERY  # two points for each curve: no illness shows yet


@pytest.fixture(name="clinic", scope="module")
def clinic_fixture():
    """One patient who has been diagnosed and mended, after short trainings."""

    def few(name, mended, seed, on_step):
        return make(name, mended, seed, n_steps=N_STEPS, on_step=on_step)

    make = failures.make_case
    clinic = FailureClinic(["mode-collapse", "temperature-0"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(failures, "make_case", few)
        clinic.choose(1, wait=True)
        clinic.answer("batch-norm")
        clinic.answer("mode-collapse")
        clinic.mend(wait=True)
    return clinic


@pytest.fixture(name="before")
def before_fixture(clinic, open_widget):
    """The page as it is before anything is answered."""
    page = open_widget(clinic)
    page.evaluate(
        """() => {
            model.set("mended", {});
            model.set("fix", "");
            model.set("said", []);
        }"""
    )
    expect(page.get_by_role("button", name="Hear it mended")).to_be_disabled()
    return page


def button(page, name):
    return page.get_by_role("button", name=name)


def sent(page):
    messages = page.evaluate("model.sent")
    return [m for m in messages if m["kind"] not in ("sound?", "ping")]


def status(page):
    return page.locator(".dc-status")


def test_at_first_there_are_patients_and_nothing_else(open_widget):
    page = open_widget(FailureClinic())
    expect(button(page, "Patient")).to_have_count(6)
    expect(page.locator(".dc-case")).to_be_hidden()
    expect(status(page)).to_contain_text("Open the first")
    button(page, "Patient 2, not seen yet").press("Enter")
    assert sent(page) == [{"kind": "choose", "number": 2}]


def test_a_patient_complains_and_is_measured(before):
    expect(before.locator(".dc-complaint")).to_contain_text("over and over")
    rows = before.locator(".dc-findings tbody tr")
    expect(rows).to_have_count(7)
    expect(rows.first).to_contain_text("different bars")
    expect(before.locator(".dc-chart:visible")).to_have_count(1)
    expect(status(before)).to_contain_text("then say what is wrong")


def test_a_cause_is_chosen_by_keys_and_nothing_is_told_before(before):
    choices = before.locator(".dc-choice")
    expect(choices).to_have_count(4)
    expect(before.locator(".dc-why")).to_have_count(0)
    expect(before.locator(".dc-cure")).to_be_hidden()
    choices.nth(2).press("Enter")
    cause = choices.nth(2).get_attribute("data-cause")
    assert sent(before) == [{"kind": "answer", "cause": cause}]


def test_a_wrong_answer_says_why_and_leaves_the_others_open(before, clinic):
    before.evaluate("said => model.set('said', said)", clinic.said[:1])
    expect(before.locator(".dc-why")).to_contain_text("moves by 0 of")
    expect(status(before)).to_contain_text("Not this one")
    expect(before.locator(".dc-choice[aria-disabled=false]")).to_have_count(3)


def test_the_focus_stays_with_who_answers_by_keys(before, clinic):
    choice = before.get_by_role("button", name="BatchNorm")
    choice.focus()
    before.evaluate("said => model.set('said', said)", clinic.said[:1])
    expect(before.locator(".dc-why")).to_have_count(1)
    expect(choice).to_be_focused()
    choice.press("Enter")  # it was tried already
    assert sent(before) == []


def test_the_right_answer_opens_the_fix(before, clinic):
    before.evaluate(
        "([said, fix]) => { model.set('said', said); model.set('fix', fix); }",
        [clinic.said, clinic.fix],
    )
    expect(before.locator(".dc-right .dc-why")).to_contain_text("moved all its noise")
    expect(before.locator(".dc-choice[aria-disabled=false]")).to_have_count(0)
    button(before, "Apply the fix").click()
    assert sent(before) == [{"kind": "mend"}]


def test_while_it_trains_the_progress_is_told(before):
    before.evaluate(
        "() => { model.set('working', 'mended'); model.set('progress', 0.4); }"
    )
    bar = before.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "40")
    expect(button(before, "Patient 2")).to_be_disabled()
    expect(status(before)).to_contain_text("40 %")


def test_mended_it_has_a_second_column_and_chart(clinic, open_widget):
    page = open_widget(clinic)
    expect(page.locator(".dc-chart:visible")).to_have_count(2)
    found = clinic.mended_case.findings["distinct_share"]
    cell = page.locator(".dc-findings tbody tr").first.locator("td").nth(1)
    expect(cell).to_have_text(f"{100 * found:.0f} %")
    expect(button(page, "Apply the fix")).to_be_disabled()


def test_patient_mended_and_data_are_heard_one_at_a_time(clinic, open_widget):
    page = open_widget(clinic, sampled=True, script=RECORDER)
    start_recording(page)
    for name in ("Hear the patient", "Hear it mended", "Hear the data"):
        page.evaluate("forgetRecording()")
        button(page, name).click()
        page.wait_for_function("model.get('is_playing')")
        samples, _ = recording(page, 0.5)
        assert level(samples) > -45
        expect(button(page, "Stop the sound")).to_have_count(1)
    button(page, "Stop the sound").click()
    page.wait_for_function("!model.get('is_playing')")


def test_the_curves_of_patient_and_mended_are_heard_one_at_a_time(clinic, open_widget):
    page = open_widget(clinic)
    for which in ("of the patient", "after the fix"):
        button(page, f"Hear the curves {which}").click()
        expect(button(page, f"Stop the curves {which}")).to_be_visible()
        page.wait_for_function("window.loudness() > 0.005")
        expect(page.get_by_role("button", name="Stop the curves")).to_have_count(1)
    button(page, "Hear the patient").click()
    expect(page.get_by_role("button", name="Stop the curves")).to_have_count(0)
    expect(page.locator(".dc-curve-words").first).to_contain_text("F#4 is 0")


def test_a_problem_stands_on_the_page(before):
    before.evaluate("model.set('problem', 'The training failed: no memory')")
    expect(before.get_by_role("alert")).to_have_text("The training failed: no memory")

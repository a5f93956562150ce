"""The dashboard: who is stuck where, whatever lies in the folder."""

import json
import os
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.classroom import class_progress
from deepcomposer_edu.classroom.class_progress import read_class
from deepcomposer_edu.classroom.dashboard import ago, dashboard_page
from deepcomposer_edu.cli import classroom_dashboard
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.course.catalogue import N_QUESTIONS, lessons
from deepcomposer_edu.errors import InputError

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def line(minutes_ago, kind, lesson, item, state, note=""):
    """Return one line of a progress file."""
    at = (NOW - timedelta(minutes=minutes_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    row = {"at": at, "kind": kind, "lesson": lesson, "item": item, "state": state}
    return json.dumps(row | {"note": note, "version": 1})


def lesson_of(item):
    return item.partition(".")[0].zfill(2)


def refused(minutes_ago, item="1.2", note="expected 440, got 44"):
    return line(minutes_ago, "check", lesson_of(item), item, "refused", note)


def passed(minutes_ago, item="1.2"):
    return line(minutes_ago, "check", lesson_of(item), item, "passed")


def write(folder, file, *lines, name=None):
    """Write a learner's file."""
    first = (
        [json.dumps({"kind": "learner", "name": name, "version": 1})] if name else []
    )
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*first, *lines]) + "\n", encoding="utf-8")
    return path


def states(folder):
    """Return each learner's state by name."""
    return {one.name: one.state(NOW) for one in read_class(folder).learners}


# --- states --------------------------------------------------------------------------


def test_a_learner_is_in_the_lesson_of_the_last_line_also_within_a_second(tmp_path):
    opened = [line(1, "lesson", number, "", "opened") for number in ("00", "01")]
    write(tmp_path, "a.jsonl", *opened, refused(1), name="Ada")
    write(tmp_path, "b.jsonl", refused(1), opened[0], name="Ben")
    shown = {one.name: one.here.lesson.number for one in read_class(tmp_path).learners}
    assert shown == {"Ada": "01", "Ben": "00"}


def test_states_follow_the_rule_on_the_page(tmp_path):
    hint = line(1, "hint", "01", "1.2", "asked")
    write(
        tmp_path, "a.jsonl", refused(3), refused(2), refused(1), name="three refusals"
    )
    write(tmp_path, "b.jsonl", refused(3), hint, hint, name="two hints")
    write(tmp_path, "c.jsonl", refused(3), refused(2), name="two refusals")
    write(tmp_path, "d.jsonl", *[refused(9)] * 4, passed(1), name="passed since")
    write(tmp_path, "e.jsonl", passed(16), name="silent")
    write(tmp_path, "f.jsonl", *[refused(9 * 60)] * 5, name="yesterday")
    write(tmp_path, "g.jsonl", name="only a name")
    everything = [
        *[passed(30, task.number) for one in lessons() for task in one.tasks],
        *[
            line(20, "quiz", one.number, f"q{q}", "right")
            for one in lessons()
            for q in range(1, N_QUESTIONS + 1)
        ],
    ]
    write(tmp_path, "h.jsonl", *everything, name="finished")
    assert states(tmp_path) == {
        "three refusals": "stuck",
        "two hints": "stuck",
        "two refusals": "working",
        "passed since": "working",
        "silent": "quiet",
        "yesterday": "away",
        "only a name": "new",
        "finished": "done",
    }


def test_a_clock_that_is_ahead_counts_as_now(tmp_path):
    write(tmp_path, "a.jsonl", passed(-300), name="Ada")
    (one,) = read_class(tmp_path).learners
    assert one.state(NOW) == "working"
    assert ago(one.last, NOW) == "just now"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.5, "just now"),
        (59, "59 min ago"),
        (60, "1 h ago"),
        (1440, "1 day ago"),
        (2880, "2 days ago"),
    ],
)
def test_times_in_words(minutes, words):
    assert ago(NOW - timedelta(minutes=minutes), NOW) == words


def test_hurdles_count_learners_not_tries_and_the_worst_comes_first(tmp_path):
    write(tmp_path, "a.jsonl", *[refused(9, "1.10", "late")] * 5, name="Ada")
    write(tmp_path, "b.jsonl", refused(9, "1.2", "early"), name="Bo")
    write(tmp_path, "c.jsonl", refused(9, "1.2", "early"), passed(8, "1.1"), name="Cy")
    write(tmp_path, "d.jsonl", refused(9, "1.2"), passed(8, "1.2"), name="Di")
    first, second = read_class(tmp_path).hurdles()
    assert (first.number, first.names, first.n_passed) == ("1.2", ("Bo", "Cy"), 1)
    assert first.sentences == (("early", 2),)
    assert (second.number, second.names, second.n_passed) == ("1.10", ("Ada",), 0)


def test_folders_of_a_hub_are_read_too_and_numbers_sort_as_numbers(tmp_path):
    for number in (10, 9, 1):
        write(tmp_path, f"seat-{number}/x.jsonl", passed(1), name=f"Learner {number}")
    write(tmp_path, "seat-1/deeper/y.jsonl", passed(1), name="too deep")
    names = [one.name for one in read_class(tmp_path).learners]
    assert names == ["Learner 1", "Learner 9", "Learner 10"]


# --- files that are wrong ------------------------------------------------------------


def test_damaged_and_hostile_files_are_named_and_the_others_shown(
    tmp_path, monkeypatch
):
    write(tmp_path, "good.jsonl", passed(1), "{torn", name="Ada")
    (tmp_path / "noise.jsonl").write_bytes(b"\xff\xfe\x00{{{")
    (tmp_path / "deep.jsonl").write_text("[" * 100_000)
    (tmp_path / "list.jsonl").write_text('[1]\n"x"\nnull\n1e999\nNaN\n')
    (tmp_path / "folder.jsonl").mkdir()
    outside = write(tmp_path.parent, "outside.jsonl", passed(1), name="elsewhere")
    (tmp_path / "link.jsonl").symlink_to(outside)
    (tmp_path / "empty.jsonl").touch()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jsonl")  # whoever opens it waits for ever
    found = read_class(tmp_path)
    assert [one.name for one in found.learners] == ["Ada", "empty"]
    wrong = {sentence.split()[0] for sentence in found.problems}
    assert {"noise.jsonl", "deep.jsonl", "list.jsonl", "link.jsonl"} <= wrong
    assert "pipe.jsonl" in wrong or not hasattr(os, "mkfifo")
    page = dashboard_page(found, NOW)
    assert "elsewhere" not in page
    assert "link.jsonl is no plain file" in page


def test_of_a_huge_file_the_end_is_read_and_the_name(tmp_path, monkeypatch):
    monkeypatch.setattr(class_progress, "MOST_BYTES", 600)
    write(tmp_path, "a.jsonl", *[passed(20, "1.1")] * 50, passed(1), name="Ada")
    (one,) = read_class(tmp_path).learners
    assert one.name == "Ada"
    assert one.progress.records[-1].item == "1.2"
    assert len(one.progress.records) < 6


def test_more_files_than_a_class_has_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(class_progress, "MOST_FILES", 2)
    for number in range(5):
        write(tmp_path, f"{number}.jsonl", passed(1))
    found = read_class(tmp_path)
    assert len(found.learners) == 2
    assert found.problems == ("3 more files are left out: a class has at most 2.",)


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(InputError, match="is no folder"):
        read_class(tmp_path / "none")


@given(text=st.text(max_size=60), name=st.text(max_size=30))
def test_nothing_in_a_file_is_more_than_text_on_the_page(tmp_path_factory, text, name):
    folder = tmp_path_factory.mktemp("share")
    for evil in (text, f"<script>{text}</script>", f'"><img src=x onerror={text}>'):
        write(folder, "a.jsonl", *[refused(1, note=evil)] * 3, name=f"<b>{name}</b>")
        page = dashboard_page(read_class(folder), NOW)
        tags = set(re.findall(r"<(/?[a-zA-Z!][a-z0-9]*)", page))
        assert not {"script", "img", "b onerror"} & tags
        assert "<b>" + name + "</b>" not in page or not name


# --- the page and the command --------------------------------------------------------


def test_two_of_one_name_are_told_apart_by_their_files(tmp_path):
    write(tmp_path, "a.jsonl", passed(1), name="Ada")
    write(tmp_path, "b.jsonl", passed(1), name="Ada")
    page = dashboard_page(read_class(tmp_path), NOW)
    assert "Ada (a.jsonl)" in page
    assert "Ada (b.jsonl)" in page


def test_the_page_says_where_each_learner_is(tmp_path):
    write(tmp_path, "a.jsonl", passed(3, "1.1"), refused(2), name="Ada")
    page = dashboard_page(read_class(tmp_path), NOW)
    n_tasks = len(lessons()[1].tasks)
    assert f'<td class="cell some here">1/{n_tasks}</td>' in page
    assert "Nobody, as far as these files say." in page


def test_a_page_that_is_made_anew_reads_itself_again(tmp_path):
    write(tmp_path, "a.jsonl", passed(1), name="Ada")
    found = read_class(tmp_path)
    assert 'http-equiv="refresh" content="10"' in dashboard_page(found, NOW, 10)
    assert 'http-equiv="refresh"' not in dashboard_page(found, NOW)


def test_the_command_writes_the_page_and_names_what_it_left_out(tmp_path, capsys):
    share = tmp_path / "share"
    write(share, "a.jsonl", passed(1), name="Ada")
    (share / "noise.jsonl").write_text("noise\n")
    page = tmp_path / "page.html"
    assert main(["classroom", "dashboard", str(share), "-o", str(page)]) == 0
    assert "Ada" in page.read_text("utf-8")
    said = capsys.readouterr().out
    assert f"1 learner: {page}" in " ".join(said.split())
    assert "noise.jsonl holds no progress" in said


def test_the_command_goes_on_while_the_folder_is_away(tmp_path, capsys, monkeypatch):
    share, page = tmp_path / "share", tmp_path / "page.html"
    write(share, "a.jsonl", passed(1), name="Ada")
    rounds = iter(["away", "still away", "back", "stop"])

    def instead_of_sleeping(seconds):
        what = next(rounds)
        if what == "away":
            share.rename(tmp_path / "elsewhere")
        elif what == "back":
            (tmp_path / "elsewhere").rename(share)
            write(share, "b.jsonl", passed(1), name="Bo")
        elif what == "stop":
            raise KeyboardInterrupt

    monkeypatch.setattr(classroom_dashboard.time, "sleep", instead_of_sleeping)
    command = ["classroom", "dashboard", str(share), "-o", str(page), "--every", "5"]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert out.count("is no folder") == 1
    assert "The folder is back." in out
    assert out.rstrip().endswith("stays as it is now.")
    assert "Bo" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--every", "1"], "--every is 1, but 2 to 3600"),
        (["-o", "page.txt"], "must end in .html"),
    ],
)
def test_what_the_command_cannot_do_is_refused(tmp_path, capsys, options, sentence):
    assert main(["classroom", "dashboard", str(tmp_path), *options]) == 2
    assert sentence in capsys.readouterr().err

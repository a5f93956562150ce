"""The judges' page and what comes of it: blind, equally loud, evened out, flagged."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from challenge_entries import (
    card,
    composition,
    entry_files,
    four_voices,
    put_entry,
    report,
    wav_bytes,
    zip_of,
)

from deepcomposer_edu.challenge import judged_piece, scores
from deepcomposer_edu.challenge.judging import prepare_judging
from deepcomposer_edu.challenge.judging_key import read_key
from deepcomposer_edu.challenge.results import read_results, results_of
from deepcomposer_edu.challenge.results_page import write_results
from deepcomposer_edu.challenge.scores import Said, Scores, declared, read_scores
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import peak_dbfs, read_audio
from deepcomposer_edu.music.loudness import loudness

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture(scope="module", name="made")
def made_fixture(tmp_path_factory):
    """A judging of three entries of different loudness, and what was left out."""
    folder = tmp_path_factory.mktemp("entries")
    for i, loud in enumerate((0.05, 0.5, 0.9)):
        words = json.dumps(card(title=f"Secret {i} {HOSTILE}").to_dict()).encode()
        music = composition(four_voices(up=i))
        sound = wav_bytes(9, 220 * (i + 1), loud)
        files = entry_files(music, card_json=words, entry_wav=sound)
        (folder / f"{i}.zip").write_bytes(zip_of(files))
    put_entry(folder, "long.zip", title="Too long")
    put_entry(folder, "odd.zip", title="Odd")
    (folder / "bad.zip").write_bytes(b"PK?")

    def check(_, card, wav=None, replay=True):
        assert wav.is_file()
        assert replay is False
        if card.title == "Odd":
            raise ZeroDivisionError
        return report(card.title, passed=card.title != "Too long")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judged_piece, "check_entry", check)
        return prepare_judging(folder, seed=3)


@pytest.fixture(scope="module", name="key")
def key_fixture(made, tmp_path_factory):
    return made.write(tmp_path_factory.mktemp("judging") / "new")["key"]


def test_the_rest_is_judged_whatever_some_entries_are(made):
    assert [piece.code for piece in made.pieces] == ["E01", "E02", "E03"]
    said = " ".join(made.skipped)
    assert "bad.zip is left out" in said
    assert "odd.zip is left out: it could not be analysed (ZeroDivisionError)" in said
    assert "long.zip is not judged: It lasts 68 s, 55 to 65 are asked for. Arr" in said


def test_all_are_equally_loud_and_none_clips(made, tmp_path):
    found = []
    for code, mp3 in made.sounds.items():
        (tmp_path / f"{code}.mp3").write_bytes(mp3)
        audio, rate = read_audio(tmp_path / f"{code}.mp3")
        found.append(loudness(audio, rate))
        assert peak_dbfs(audio) < -0.5
    assert np.ptp(found) < 0.3
    # the MP3 encoder takes 0.45 dB off every sound alike, so that none clips
    assert np.mean(found) == pytest.approx(made.lufs - 0.45, abs=0.2)
    assert np.ptp([piece.lufs for piece in made.pieces]) > 15  # as they came


def test_one_with_high_peaks_makes_all_softer_but_never_inaudible(made):
    from dataclasses import replace

    from deepcomposer_edu.challenge.judging import common_loudness

    pieces = list(made.pieces)
    click = replace(pieces[0], lufs=-35.0, peak=0.9)
    assert common_loudness([*pieces, click]) == -30
    some = replace(pieces[0], lufs=-24.0, peak=0.9)
    assert common_loudness([*pieces, some]) == pytest.approx(-24)


def test_the_page_names_nobody_and_holds_no_script_but_its_own(made):
    page = made.page()
    for secret in ("Secret", "Learner 1", "team-7", "wonder and", "0.zip"):
        assert secret not in page
    assert page.count("<script") == 2  # data, and the program
    assert re.search(r"script-src 'sha256-[\w+/]{43}='", page)
    assert "default-src 'none'" in page
    for outside in ("http://", "https://", "//cdn"):
        assert outside not in page


def test_codes_depend_on_the_seed_alone(made, key):
    files = [row["file"] for row in read_key(key)["entries"]]
    again = np.random.default_rng(3).permutation(3)
    assert files == [f"{i}.zip" for i in again]


def test_a_key_that_is_none_gets_a_sentence(tmp_path):
    with pytest.raises(InputError, match=r"key\.json could not be read"):
        read_key(tmp_path)
    for text in ("{", "[]", '{"format": "deepcomposer-edu judging"}', "[" * 9999):
        (tmp_path / "key.json").write_text(text)
        with pytest.raises(InputError, match="is no key of a judging"):
            read_key(tmp_path)


def test_a_folder_without_a_usable_entry_gets_a_sentence(tmp_path):
    (tmp_path / "bad.zip").write_bytes(b"PK?")
    with pytest.raises(InputError, match=r"no entry to judge in .*bad\.zip is left"):
        prepare_judging(tmp_path)


def test_silence_is_not_judged(tmp_path):
    files = entry_files(entry_wav=wav_bytes(9, loud=0.0))
    (tmp_path / "a.zip").write_bytes(zip_of(files))
    with pytest.raises(InputError, match="its sound is silent"):
        prepare_judging(tmp_path)


# --- scores


def said(mark=3, **changes):
    marks = dict.fromkeys(scores.KEYS, mark) if isinstance(mark, int) else mark
    return Said(**{"marks": marks, "heard": 1.0, **changes})


def three_judges(**last):
    """Scores of three judges; the second gives a mark less, the third as told."""
    rows = {"E01": 5, "E02": 4, "E03": 3}
    return [
        Scores("a", "c", {code: said(m) for code, m in rows.items()}),
        Scores("b", "c", {code: said(m - 1) for code, m in rows.items()}),
        Scores("c", "c", {code: said(m, **last) for code, m in rows.items()}),
    ]


def test_points_are_those_of_the_rubric(key):
    found = results_of(read_key(key), three_judges())
    best = found.ranked[0]
    # machine 4 x 6; judges 5, 4, 5 for the best: 14/3 in the mean, of 8 + 4 weights
    assert best.code == "E01"
    assert best.total == pytest.approx(24 + 12 * 14 / 3)
    assert best.bonus == pytest.approx(3 + 14 / 3)
    assert best.human["emotion"] == pytest.approx(4 * 14 / 3)
    assert found.lenient == pytest.approx([1 / 3, -2 / 3, 1 / 3])
    assert [one.rank for one in found.standings] == [1, 2, 3]
    assert found.kendall == pytest.approx(1)


def test_full_marks_and_all_of_the_machine_make_a_hundred_and_ten(made, key):
    data = read_key(key)
    for row in data["entries"]:
        for one in row["report"]["criteria"]:
            one["points"] = 10.0
        row["report"]["bonus"] = 5.0
    judges = [Scores(n, "c", {"E01": said(5), "E02": said(1)}) for n in "abc"]
    found = results_of(data, judges)
    best, worst = found.ranked
    assert (best.total, best.bonus, best.points) == pytest.approx((100, 10, 110))
    assert worst.total == pytest.approx(40 + 12)
    assert (best.low, best.high) == pytest.approx((110, 110))  # nobody disagrees


def test_a_strict_judge_of_some_entries_harms_nobody(key):
    judges = three_judges()
    strict = Scores("d", "c", {"E01": said(3), "E02": said(2)})  # two marks less
    found = results_of(read_key(key), [*judges, strict])
    plain = results_of(read_key(key), judges)
    gaps = [
        [r.find("E01").points - r.find(code).points for code in ("E02", "E03")]
        for r in (found, plain)
    ]
    assert gaps[0] == pytest.approx(gaps[1])


def test_fewer_than_three_judges_are_said_and_not_ranked(key):
    found = results_of(read_key(key), three_judges()[:2])
    assert found.ranked == ()
    assert "E01, E02, E03: fewer than 3 judges, so not ranked." in found.notes
    assert found.standings[0].total > 0  # told to its composers all the same


def test_your_own_entry_is_not_scored_by_you(key):
    judges = three_judges()
    own = Scores("d", "c", {"E01": Said(is_own=True), "E02": said(4), "E03": said(3)})
    found = results_of(read_key(key), [*judges, own])
    assert found.find("E01").n_judges == 3
    assert found.find("E02").n_judges == 4


def test_a_flag_comes_before_any_rank(key):
    judges = three_judges(flags=("rights",), why="a known tune")
    found = results_of(read_key(key), judges)
    assert found.ranked == ()
    assert found.find("E01").flags == ("c: rights (a known tune)",)
    cleared = results_of(read_key(key), judges, ["E01", "E02"])
    assert [one.code for one in cleared.ranked] == ["E01", "E02"]
    with pytest.raises(InputError, match="no entry 'E99'"):
        results_of(read_key(key), judges, ["E99"])


def test_ties_go_to_the_more_moving_and_else_are_shared(key):
    rhythm, moving = dict.fromkeys(scores.KEYS, 3), dict.fromkeys(scores.KEYS, 3)
    rhythm |= {"rhythm": 5}  # 4 points more
    moving |= {"emotion": 4}  # 4 points more
    entries = {"E01": said(rhythm), "E02": said(moving), "E03": said(moving)}
    found = results_of(read_key(key), [Scores(n, "c", entries) for n in "abc"])
    ranks = {one.code: one.rank for one in found.ranked}
    assert ranks == {"E02": 1, "E03": 1, "E01": 3}


def test_what_was_felt_is_held_against_what_was_meant(key):
    judges = three_judges(felt=("wonder", "calm"))
    one = results_of(read_key(key), judges).find("E02")
    assert one.felt == {"wonder": 1, "calm": 1}
    assert one.n_agree == 1  # the card says "wonder"
    assert declared("Wonder, and loneliness; not unsolemn") == ("wonder", "lonely")


def test_judges_who_heard_little_or_share_nothing_are_named_by_number(key):
    judges = three_judges(heard=0.2)
    notes = results_of(read_key(key), judges).notes
    assert "Judge 3 heard less than half of E01, E02, E03." in notes
    apart = [Scores("a", "c", {"E01": said(5)}), Scores("b", "c", {"E02": said(1)})]
    found = results_of(read_key(key), apart)
    assert any("nothing in common" in note for note in found.notes)


# --- files of scores


def score_file(path, contest, judge="a", **entries):
    """Write a file as the page saves it."""
    rows = {
        code: {
            "scores": dict.fromkeys(scores.KEYS, mark),
            "done": True,
            "heard_share": 1,
        }
        for code, mark in entries.items()
    }
    head = {"format": scores.FORMAT, "format_version": 1, "contest": contest}
    path.write_text(json.dumps({**head, "judge": judge, "entries": rows}))
    return path


def test_files_are_read_and_what_cannot_be_is_told(key, tmp_path):
    contest = read_key(key)["contest"]
    for judge in "abc":
        marks = {"E01": 4, "E02": 3, "E03": 2}
        score_file(tmp_path / f"{judge}.json", contest, judge, **marks)
    score_file(tmp_path / "again.json", contest, "A", E01=1)
    score_file(tmp_path / "other.json", "another", "x", E01=1)
    (tmp_path / "broken.json").write_text("{")
    found = read_results(key.parent, [tmp_path])
    assert [one.rank for one in found.standings] == [1, 2, 3]
    told = " ".join(found.skipped)
    assert "broken.json holds no scores: it is no JSON" in told
    assert "other.json belongs to another judging" in told
    assert "several files by" in told
    with pytest.raises(InputError, match="None of the files holds scores"):
        read_results(key.parent, [tmp_path / "broken.json"])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda d: d.update(format="x"), "format"),
        (lambda d: d.update(format_version=9), "another version"),
        (lambda d: d.update(judge="x" * 100), "judge's name"),
        (lambda d: d.update(judge=" \u202e "), "who judged"),
        (lambda d: d.update(entries=[]), "at most 300 entries"),
        (lambda d: d.update(entries={str(i): {} for i in range(400)}), "at most 300"),
        (lambda d: d["entries"].update(E01=7), "no object"),
        (lambda d: d["entries"]["E01"]["scores"].update(rhythm=6), "rhythm is not 1"),
        (lambda d: d["entries"]["E01"]["scores"].update(rhythm=True), "not 1 to 5"),
        (lambda d: d["entries"]["E01"]["scores"].pop("rhythm"), "not 1 to 5"),
        (lambda d: d["entries"]["E01"].update(comment="x" * 999), "comment on E01"),
        (lambda d: d["entries"]["E01"].update(heard_share="all"), "no number"),
    ],
)
def test_scores_are_not_believed(tmp_path, change, why):
    path = score_file(tmp_path / "a.json", "c", E01=3)
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    with pytest.raises(InputError, match=f"a.json holds no scores: .*{why}"):
        read_scores(path)


def test_what_is_unknown_in_scores_is_ignored(tmp_path):
    path = score_file(tmp_path / "a.json", "c", E01=3)
    data = json.loads(path.read_text())
    data["entries"]["E01"] |= {
        "felt": ["wonder", "rage", 7], "flags": ["rights", {}], "heard_share": 1e300,
    }  # fmt: skip
    data["entries"]["E02"] = {"scores": {"rhythm": 9}, "done": False}
    path.write_text(json.dumps(data))
    one = read_scores(path).entries
    assert set(one) == {"E01"}
    assert one["E01"].felt == ("wonder",)
    assert one["E01"].flags == ("rights",)
    assert one["E01"].heard == 1.0


# --- pages


def test_results_become_pages_that_name_no_judge(made, key, tmp_path):
    judges = [
        Scores(name, "c", {code: said(m, comment="<b>well</b>") for code, m in rows})
        for name, rows in (
            ("Karla", [("E01", 5), ("E02", 3), ("E03", 2)]),
            ("Ludwig", [("E01", 4), ("E02", 3), ("E03", 1)]),
            ("Miriam", [("E01", 5), ("E02", 2), ("E03", 2)]),
        )
    ]
    found = results_of(read_key(key), judges)
    paths = write_results(found, tmp_path / "out")
    board = paths["leaderboard"].read_text()
    sheet = paths["E01"].read_text()
    for text in (board, sheet):
        assert "<script" not in text
        assert "&lt;/script&gt;&lt;script&gt;" in text  # the hostile title
        assert not re.search("Karla|Ludwig|Miriam", text)
        assert "script-src 'none'" in text
    assert "Krippendorff" in board
    assert "Place 1 of 3" in sheet
    assert "&lt;b&gt;well&lt;/b&gt;" in sheet
    assert "Bar 2 is the worst." in sheet
    data = json.loads(paths["data"].read_text())
    assert data["judges"] == ["Karla", "Ludwig", "Miriam"]

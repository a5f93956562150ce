"""What answers are worth, results as files, and a class pooled."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from deepcomposer_edu.compose.blind import PUBLISHED, Result, judge_of, pool
from deepcomposer_edu.compose.blind.board import board_page, write_board
from deepcomposer_edu.compose.blind.clicks import clicks_words, voice_features
from deepcomposer_edu.compose.blind.deck import deck_of, seal
from deepcomposer_edu.compose.blind.page import blind_page
from deepcomposer_edu.compose.blind.pooling import Pooled
from deepcomposer_edu.compose.blind.result import Answer, Share, result_of
from deepcomposer_edu.compose.blind.result_files import MAX_BYTES, read_result
from deepcomposer_edu.compose.blind.rounds import BlindTest, Round
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import Score


def result(right=13, wrong=7, **changes):
    """A result of 10 real and 10 made rounds; the first `right` answers are right."""
    answers = []
    for i in range(20):
        is_real = i % 2 == 0
        said = is_real if i < right else not is_real
        said = said if i < right + wrong else None
        heard = {"steps": i / 20, "triads": float(said or 0)}
        answers.append(Answer(is_real, said, f"piece {i}", {"Rules": is_real}, heard))
    return replace(Result(tuple(answers), test="abc", about="a test"), **changes)


# --- one listener


def test_thirteen_of_twenty_is_not_yet_better_than_chance():
    one = result()
    assert (one.n_right, one.n_judged) == (13, 20)
    # Wilson by hand: centre 0.6258, half width 0.1929
    assert one.interval == pytest.approx((0.4329, 0.8188), abs=1e-4)
    words = one.sentences()
    assert words[0].startswith("You were right in 13 of 20 rounds, 65%")
    assert "does not show" in words[1]


def test_nineteen_of_twenty_is_and_one_of_twenty_is_a_difference_too():
    assert "you hear a difference: one who guesses" in str(result(19, 1))
    assert "0.0% of all tests" in str(result(19, 1))
    assert "take the one for the other" in str(result(1, 19))


def test_unanswered_rounds_count_for_nothing():
    one = result(5, 1)
    assert (one.n_right, one.n_judged) == (5, 6)
    assert result(0, 0).sentences() == ["No round has been judged yet."]
    assert result(0, 0).interval == (0.0, 1.0)


def test_what_each_published_figure_counts_is_counted_for_the_listener():
    answers = [(True, True)] * 3 + [(True, False)] + [(False, True)] * 2
    one = Result(tuple(Answer(real, said) for real, said in answers))
    assert one.share("right") == Share(3, 6)
    assert one.share("recognised") == Share(3, 4)
    assert one.share("spotted") == Share(0, 2)
    assert one.called_real == (Share(3, 4), Share(2, 2))
    assert "JS Fakes (Peracha 2021), machine's pieces spotted: 57.3%" in str(one)
    assert "BachBot (Liang et al. 2017), right answers: about 51%" in str(one)


def test_published_figures_stay_away_from_other_listening_tests():
    assert "JS Fakes" not in str(result(names=("book", "dice")))


def test_every_published_figure_says_what_was_measured():
    assert {figure.counts for figure in PUBLISHED} == {"right", "spotted", "recognised"}
    for figure in PUBLISHED:
        assert 0 < figure.share < 1
        assert len(figure.source) > 60


def test_the_machine_judges_are_scored_on_all_rounds():
    assert result(5, 1).judges() == {"Rules": Share(20, 20)}


def test_answers_must_fit_the_rounds():
    test = BlindTest((Round(True, Score()),))
    with pytest.raises(InputError, match="2 answers for 1 rounds"):
        result_of(test, [True, False])


# --- files


def test_a_saved_result_is_read_back_whole(tmp_path):
    one = result(player="Ada")
    assert read_result(one.save(tmp_path / "one.json")) == one


def damaged(**changes):
    content = result().to_dict()
    content.update(changes)
    return content


ROUND = {"real": True, "said": None, "title": "", "says": {}, "heard": {}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "format is not"),
        ({"format": "something else"}, "format is not"),
        (damaged(format_version=2), "another version"),
        (damaged(rounds=[]), "1 to 60 rounds"),
        (damaged(rounds=[ROUND] * 61), "1 to 60 rounds"),
        (damaged(rounds="all"), "1 to 60 rounds"),
        (damaged(rounds=["x"]), "round 1 is no object"),
        (damaged(rounds=[ROUND | {"real": 1}]), "whether it was real"),
        (damaged(rounds=[ROUND | {"said": "yes"}]), "neither true nor false"),
        (damaged(rounds=[ROUND | {"says": {"Rules": 1}}]), "a judge of round 1"),
        (damaged(rounds=[ROUND | {"says": []}]), "should not"),
        (damaged(rounds=[ROUND | {"heard": {"a": "b"}}]), "no ordinary number"),
        (damaged(rounds=[ROUND | {"heard": {"a": 1e300}}]), "no ordinary number"),
        (damaged(rounds=[ROUND | {"heard": {"a": float("nan")}}]), "no JSON"),
        (damaged(names=["Bach"]), "what person and machine are called"),
        (damaged(id=None), "its id is no text"),
        (damaged(about="x" * 999), "what was compared is no text"),
    ],
)
def test_a_damaged_file_is_refused_with_what_is_wrong(tmp_path, content, words):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match=words):
        read_result(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"<html>",
        b'{"format": 1' + b"0" * 5_000 + b"}",
        b" " * (MAX_BYTES + 1),
    ],
    ids=["empty", "no text", "deep", "html", "long number", "large"],
)
def test_a_hostile_file_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match="no result of Bach or bot"):
        read_result(path)


def test_a_title_cannot_steer_a_terminal(tmp_path):
    content = damaged(rounds=[ROUND | {"title": "BWV 1\x1b[2J"}], player="\x07Eve")
    path = tmp_path / "eve.json"
    path.write_text(json.dumps(content))
    one = read_result(path)
    assert (one.answers[0].title, one.player) == ("BWV 1[2J", "Eve")


# --- a class


def test_a_class_is_pooled_and_what_cannot_be_used_is_said(tmp_path):
    result(13, 7, id="1" * 16).save(tmp_path / "a.json")
    result(16, 4, id="2" * 16).save(tmp_path / "b.json")
    result(16, 4, id="2" * 16).save(tmp_path / "c.json")
    result(names=("book", "dice"), id="3" * 16).save(tmp_path / "d.json")
    (tmp_path / "e.json").write_text("{")
    pooled = pool([tmp_path, tmp_path / "missing.json"])
    assert pooled.share("right") == Share(29, 40)
    assert [share.n for share in pooled.of_players] == [16, 13]
    assert len(pooled.skipped) == 4
    text = " ".join(pooled.sentences())
    assert "2 listeners judged 40 rounds." in text
    assert "29 of 40" in text
    for words in ("read already", "book and dice", "is no JSON", "could not be read"):
        assert words in text


def test_the_round_that_fooled_most_comes_first():
    easy, hard = Answer(True, True, "easy"), Answer(False, True, "hard")
    some = [Result((easy, hard), test="t") for _ in range(3)]
    other = Result((Answer(True, False, "elsewhere"),), test="u")
    rounds = Pooled((*some, other)).rounds()
    assert [(title, share) for title, _, share in rounds] == [
        ("hard", Share(0, 3)),
        ("easy", Share(3, 3)),
    ]


def test_as_many_right_share_a_place_and_the_next_is_counted_on():
    players = (("Bo", 13), ("Cy", 9), ("Ada", 13), ("Di", 16))
    pooled = Pooled(tuple(result(right, player=who) for who, right in players))
    assert [(place, who, share.n) for place, who, share in pooled.places()] == [
        (1, "Di", 16),
        (2, "Ada", 13),
        (2, "Bo", 13),
        (4, "Cy", 9),
    ]


def test_the_leaderboard_has_one_test_on_it_and_names_as_text():
    hostile = "<img src=x onerror=alert(1)>"
    here = [result(16, 4, player=hostile), result(4, 16, player="")]
    other = result(20, 0, test="another", player="Elsewhere")
    page = board_page(Pooled((*here, other), ("broken.json <b>",)))
    assert "&lt;img src=x" in page
    assert hostile not in page
    assert "without a name" in page
    assert "<b>20 of 40</b> answers of 2 listeners are right" in page
    assert "Rules: 20 of 20 right" in page
    assert "Elsewhere" not in page
    assert "1 result is of another test." in page
    assert "broken.json &lt;b&gt;" in page


def test_a_class_that_has_not_listened_has_no_leaderboard(tmp_path):
    with pytest.raises(InputError, match="None of these results has a judged round"):
        write_board(Pooled((result(0, 0),)), tmp_path / "page.html")
    with pytest.raises(InputError, match=r"must end in \.html"):
        write_board(Pooled((result(),)), tmp_path / "page.txt")
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_pool_is_refused(tmp_path):
    (tmp_path / "a.json").write_text("[]")
    with pytest.raises(InputError, match="None of the files"):
        pool([tmp_path])


# --- a judge of clicks


def test_a_judge_learns_from_the_clicks_in_a_result():
    one = result()
    judge = judge_of(one)
    assert judge.most_used[0] == "triads"  # what was called real has triads 1
    assert judge.left_out == 1.0
    assert "More triads: taken for real more often" in clicks_words(judge)[1]


def test_a_judge_needs_rounds_with_features():
    bare = replace(result(), answers=(Answer(True, True), Answer(False, False)))
    with pytest.raises(InputError, match="the same features"):
        judge_of(bare)


def test_voice_features_by_hand():
    # two voices, a bar: the lower moves in eighths, up a tone and back
    upper, lower = [72] * 16, [60, 60, 62, 62] * 4
    heard = voice_features(Grid([upper, lower]))
    assert heard["notes per beat"] == 2.0
    assert heard["notes off the beat"] == 0.5
    assert heard["steps"] == 1.0
    assert heard["wide leaps"] == heard["repeated notes"] == 0.0
    assert heard["parallels per bar"] == 0.0


def test_parallels_are_counted_for_each_bar():
    fifths = Grid([[67] * 4 + [69] * 4 + [71] * 4 + [72] * 4, [60] * 4 + [62] * 12])
    assert voice_features(fifths)["parallels per bar"] == pytest.approx(1.0)


def test_one_voice_has_no_features():
    with pytest.raises(InputError, match="two voices"):
        voice_features(Grid([[60] * 16]))


# --- the page


@pytest.fixture(scope="module", name="short")
def short_fixture():
    score = Score.from_notes([(0, 60, 8)], tempo=240)
    rounds = [Round(i % 2 == 0, score, f"secret {i}", "nobody") for i in range(4)]
    return BlindTest(tuple(rounds), about="</script><b>one</b> & other")


def test_the_page_fetches_nothing_and_shows_no_answer_at_a_glance(short):
    page = blind_page(short)
    assert "default-src 'none'" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert "https://" not in page
    assert "src=" not in page
    assert "secret" not in page
    assert "nobody" not in page
    assert "<b>one</b>" not in page.partition("<script")[0]
    assert page.count("</script>") == page.count("<script") == 1


def test_the_seal_is_not_read_at_a_glance_and_no_longer_for_one_answer():
    assert len(seal([True])) > 0
    assert "real" not in seal({"real": True})


def test_a_deck_without_published_figures_for_other_names(short):
    assert len(deck_of(short)["published"]) == len(PUBLISHED)
    assert deck_of(replace(short, names=("a", "b")))["published"] == []


def test_verdicts_come_after_each_round_or_at_the_end(short):
    assert deck_of(short, "end")["verdicts"] == "end"
    with pytest.raises(InputError, match="each"):
        deck_of(short, "sometimes")

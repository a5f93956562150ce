"""Networks of your own that go on with music: like the shipped ones, and told apart."""

import pytest
from tiny_run import write_tiny_predictor, write_tiny_run

from deepcomposer_edu.compose import (
    compose,
    genre_choices,
    genre_names,
    keep,
    kept_models,
    replay,
)
from deepcomposer_edu.compose.models import find_model
from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.melody_rnn import load_melody_rnn
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets.watched_run import quiet_problem

pytestmark = pytest.mark.usefixtures("weights", "work")

TUNE = Score.from_notes([(4 * i, 72 + i % 5, 4) for i in range(8)], title="Up")


@pytest.fixture
def run(work):
    return write_tiny_predictor(work / "runs" / "fiddle")


def test_a_run_of_melody_rnn_is_a_genre_of_that_technique(run):
    made = compose(TUNE, "melody-rnn", str(run), steps=8)
    assert made.provenance["genre"] == "fiddle@10"
    assert made.provenance["weights"]["name"] == "fiddle@10"
    assert made.score != compose(TUNE, "melody-rnn", steps=8).score
    assert replay(made.provenance).score == made.score


def test_a_run_of_your_own_can_stand_under_a_genre(run):
    made = compose(TUNE, "melody-rnn", "folk", model="fiddle", steps=8)
    assert (made.provenance["genre"], made.provenance["model"]) == ("folk", "fiddle@10")
    assert replay(made.provenance).score == made.score


def test_it_is_offered_with_its_own_technique_only(run, work):
    write_tiny_run(work / "runs" / "choir")
    assert genre_names("melody-rnn") == ["folk", "fiddle@10"]
    assert "choir@20" in genre_names("wgan")
    assert "fiddle@10" not in genre_names("wgan")
    own = next(genre for genre in genre_choices() if genre.name == "fiddle@10")
    assert (own.techniques, own.tracks) == (("melody-rnn",), ("Melody",))


def test_another_technique_says_which_one_can_use_it(run):
    with pytest.raises(InputError, match="choose the technique melody-rnn"):
        compose(TUNE, "wgan", "fiddle")
    with pytest.raises(InputError, match="choose the technique melody-rnn"):
        compose(TUNE, "random", model="fiddle")


def test_a_wgan_is_no_melody_rnn(work):
    write_tiny_run(work / "runs" / "choir")
    with pytest.raises(InputError, match=r"another kind, wgan.*the technique wgan"):
        compose(TUNE, "melody-rnn", "choir")


def test_a_run_that_no_technique_uses_is_not_offered_and_says_so(work):
    run = write_tiny_predictor(work / "runs" / "prose", kind="writer")
    assert "prose@10" not in genre_names()
    with pytest.raises(InputError, match="another kind, writer"):
        compose(TUNE, "wgan", "prose")
    with pytest.raises(InputError, match="no technique composes with one"):
        keep(run, "my-prose")
    assert kept_models() == []


def test_a_kept_one_composes_the_same_notes(run):
    keep(run, "my-fiddle")
    kept, lying = (
        compose(TUNE, "melody-rnn", name, steps=8) for name in ("my-fiddle", "fiddle")
    )
    assert kept.score == lying.score
    assert kept.provenance["weights"]["sha256"] == lying.provenance["weights"]["sha256"]
    assert find_model("my-fiddle").network == "melody-rnn"
    assert "a kept model of melody-rnn" in find_model("my-fiddle").summary


def test_a_renamed_run_is_found_by_its_hash_beside_runs_of_other_kinds(run, work):
    made = compose(TUNE, "melody-rnn", "fiddle", steps=8)
    run.rename(run.with_name("renamed"))
    write_tiny_predictor(work / "runs" / "a-prose", kind="writer")
    assert replay(made.provenance).score == made.score


def test_weights_of_another_model_are_one_sentence(work):
    write_tiny_predictor(work / "runs" / "odd", kind="transformer")
    with pytest.raises(InputError, match="odd@10") as caught:
        compose(TUNE, "transformer", "odd")
    assert "\n" not in str(caught.value)


def test_the_shipped_ones_say_how_to_train_if_they_are_missing(tmp_path):
    with pytest.raises(InputError, match="deepcomposer train melody-rnn"):
        load_melody_rnn("lookback", tmp_path)


def test_a_run_that_fell_silent_is_gone_on_with_by_its_own_command(run):
    (run / "metrics.jsonl").write_text("{}")
    said = quiet_problem(run, now=(run / "metrics.jsonl").stat().st_mtime + 3600)
    assert "deepcomposer train melody-rnn --resume" in said


# --- choosing ----------------------------------------------------------------


def test_choosing_a_technique_brings_a_genre_that_it_knows(tmp_path):
    session = Session(tmp_path / "studio")
    session.choose_genre("jazz")
    session.choose_technique("melody-rnn")
    assert session.genre == "folk"
    session.choose_technique("wgan")
    assert session.genre == "jazz"
    session.choose_technique("random")
    assert session.genre == "jazz"


def test_a_genre_that_the_technique_does_not_know_is_refused(tmp_path):
    session = Session(tmp_path / "studio", technique="melody-rnn")
    with pytest.raises(InputError, match="does not know the genre jazz"):
        session.choose_genre("jazz")
    assert session.genre == "folk"


def test_a_longer_version_of_the_same_melody_stays_in_its_tree(tmp_path):
    session = Session(tmp_path / "studio", technique="random")
    first = session.compose()
    session.choose_technique("melody-rnn")
    session.turn("steps", 8)
    assert session.compose().parent_id == first.id
    session.start_from(first.id)
    assert session.compose().parent_id is not None


def test_words_are_turned_like_numbers(tmp_path):
    session = Session(tmp_path / "studio", technique="transformer")
    session.turn("mode", "Harmonise")
    assert session.values["mode"] == "harmonise"
    with pytest.raises(InputError, match="extend or harmonise"):
        session.turn("mode", "hum")

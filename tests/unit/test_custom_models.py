"""Networks of your own: kept or in a run folder, used exactly like the shipped one."""

import json
import shutil

import pytest
from tiny_run import write_tiny_run

from deepcomposer_edu.compose import (
    compose,
    forget,
    genre_choices,
    genre_names,
    keep,
    kept_models,
    replay,
    run_models,
)
from deepcomposer_edu.compose.genres import LEARNED, STYLES
from deepcomposer_edu.compose.models import find_model, load_model, models_dir
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import sha256_of
from deepcomposer_edu.music.score import Score

pytestmark = pytest.mark.usefixtures("weights", "work")

TUNE = Score.from_notes([(4 * i, 72 + i % 5, 4) for i in range(8)], title="Up")


@pytest.fixture
def run(work):
    return write_tiny_run(work / "runs" / "mine")


# --- runs --------------------------------------------------------------------


def test_a_run_folder_is_a_genre(run):
    made = compose(TUNE, genre=str(run))
    assert [track.name for track in made.score.tracks][1:] == ["Alto", "Tenor", "Bass"]
    assert made.provenance["genre"] == "mine@20"


def test_the_checkpoint_is_chosen_by_its_step(run):
    early, late = compose(TUNE, genre=f"{run}@10"), compose(TUNE, genre=f"{run}@20")
    assert early.provenance["weights"]["sha256"] != late.provenance["weights"]["sha256"]
    assert early.provenance["weights"]["step"] == 10


def test_a_run_is_found_by_its_name(run):
    assert compose(TUNE, genre="mine@10").provenance["genre"] == "mine@10"


def test_the_averaged_network_composes_as_in_the_shipped_weights(run):
    from deepcomposer_edu.training.checkpoint import load_checkpoint

    state = load_checkpoint(run / "checkpoints" / "step_000020.safetensors")
    weights = load_model("mine@20").generator.state_dict()
    average = state.part("average")
    assert all(weights[name].equal(average[name]) for name in average)


def test_the_provenance_says_run_step_and_hash_but_no_path(run):
    made = compose(TUNE, genre=str(run))
    record = made.provenance["weights"]
    assert (record["name"], record["kind"]) == ("mine@20", "run")
    assert (record["run"], record["step"]) == ("mine", 20)
    assert len(record["sha256"]) == 64
    assert str(run.parent) not in json.dumps(made.provenance)


def test_a_run_that_goes_on_is_read_anew(run):
    before = compose(TUNE, genre="mine").score
    shutil.rmtree(run)
    write_tiny_run(run, steps=(10, 30), seed=5)
    assert compose(TUNE, genre="mine").provenance["genre"] == "mine@30"
    assert compose(TUNE, genre="mine").score != before


def test_runs_lying_in_the_work_folder_are_listed(run, work):
    write_tiny_run(work / "my_music" / "another", steps=(5,))
    assert {model.name for model in run_models()} == {"mine@20", "another@5"}


def test_a_run_without_a_checkpoint_is_not_listed_and_says_why(run):
    shutil.rmtree(run / "checkpoints")
    assert run_models() == []
    with pytest.raises(InputError, match="no checkpoint yet"):
        compose(TUNE, genre=str(run))


def test_a_step_without_a_checkpoint_names_those_there_are(run):
    with pytest.raises(InputError, match="it has 10, 20"):
        compose(TUNE, genre="mine@15")


# --- kept models -------------------------------------------------------------


def test_a_kept_model_is_a_genre(run):
    keep(run, "first-try")
    made = compose(TUNE, genre="first-try")
    assert made.provenance["genre"] == "first-try"
    assert made.score == compose(TUNE, genre="mine@20").score


def test_a_kept_model_has_the_hash_of_its_checkpoint_and_of_its_file(run):
    model = keep(run, "first-try", step=10)
    kept, lying = load_model("first-try"), load_model("mine@10")
    assert kept.weight_sha256 == lying.weight_sha256 == sha256_of(model.path)


def test_a_kept_model_outlives_its_run(run):
    keep(run, "first-try")
    made = compose(TUNE, genre="first-try")
    shutil.rmtree(run)
    assert replay(made.provenance).score == made.score


def test_what_is_kept_says_where_it_comes_from(run):
    model = keep(run, "first-try", step=10)
    assert (model.run, model.step, model.kind) == ("mine", 10, "kept")
    assert kept_models() == [model]


def test_a_forgotten_model_is_gone(run):
    keep(run, "first-try")
    forget("first-try")
    assert kept_models() == []
    assert list(models_dir().iterdir()) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "1 to 40"),
        ("My Model", "1 to 40"),
        ("../x", "1 to 40"),
        ("x" * 41, "1 to 40"),
        (None, "1 to 40"),
        ("bach", "name of a genre"),
        ("jazz", "name of a genre"),
    ],
)
def test_names_that_mean_something_else_are_refused(run, name, words):
    with pytest.raises(InputError, match=words):
        keep(run, name)
    assert kept_models() == []


def test_a_taken_name_is_refused(run):
    keep(run, "first-try")
    with pytest.raises(InputError, match="kept already"):
        keep(run, "first-try", step=10)


@pytest.mark.parametrize("name", ["nothing", "../work/models/first-try", ""])
def test_only_kept_models_are_forgotten(run, name):
    keep(run, "first-try")
    with pytest.raises(InputError, match="no model or run"):
        forget(name)
    assert len(kept_models()) == 1


# --- with a band -------------------------------------------------------------


def test_a_band_plays_the_harmony_of_your_network(run):
    made = compose(TUNE, genre="classical", model="mine@10")
    assert made.provenance["genre"] == "classical"
    assert made.provenance["model"] == "mine@10"
    assert made.score != compose(TUNE, genre="classical").score
    assert replay(made.provenance).score == made.score


def test_two_networks_at_once_are_refused(run):
    with pytest.raises(InputError, match="would both be networks"):
        compose(TUNE, genre="mine@10", model="mine@20")


def test_a_technique_without_a_network_refuses_one(run):
    with pytest.raises(InputError, match="uses no network"):
        compose(TUNE, "random", genre="mine@10")


@pytest.mark.parametrize("options", [{"genre": 3}, {"genre": []}, {"model": 3}])
def test_genre_and_model_are_names(options):
    with pytest.raises(InputError, match="both are names"):
        compose(TUNE, **options)


# --- choices -----------------------------------------------------------------


def test_the_choices_are_styles_then_kept_models_then_runs(run):
    keep(run, "first-try")
    names, kinds = genre_names(), [genre.kind for genre in genre_choices()]
    assert names == [*STYLES, "first-try", "mine@20"]
    assert kinds == [*["voices"] * len(LEARNED), *["band"] * 4, "kept", "run"]


def test_every_choice_can_be_composed_with_and_has_the_tracks_it_says(run):
    keep(run, "first-try")
    for genre in genre_choices("wgan"):
        made = compose(TUNE, genre=genre.name)
        assert tuple(track.name for track in made.score.tracks) == genre.tracks


def test_an_unknown_genre_lists_your_own_too(run):
    keep(run, "first-try")
    with pytest.raises(InputError, match=r"did you mean first-try.*bach.*mine@20"):
        compose(TUNE, genre="frist-try")


# --- damage and absence ------------------------------------------------------


def test_a_missing_run_is_named_with_hash_step_and_what_to_do(run):
    made = compose(TUNE, genre="mine@10")
    digest = made.provenance["weights"]["sha256"][:12]
    shutil.rmtree(run)
    words = rf"'mine@10' \(SHA-256 {digest}, from step 10 of the run mine\), which is"
    with pytest.raises(InputError, match=words):
        replay(made.provenance)


def test_a_run_that_was_renamed_is_found_by_its_hash(run):
    made = compose(TUNE, genre="mine@10")
    run.rename(run.with_name("renamed"))
    again = replay(made.provenance)
    assert again.score == made.score
    assert "are renamed@10" in again.notes[-1]


def test_another_network_of_the_same_name_is_told_from_the_one_recorded(run):
    made = compose(TUNE, genre="mine@10")
    shutil.rmtree(run)
    write_tiny_run(run, seed=3)
    with pytest.raises(InputError, match=r"What changed: weights were mine@10"):
        replay(made.provenance)


def test_a_damaged_kept_model_is_one_sentence(run):
    model = keep(run, "first-try")
    model.path.write_bytes(model.path.read_bytes()[:-10])
    with pytest.raises(InputError, match=r"first-try.safetensors is damaged"):
        compose(TUNE, genre="first-try")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"sha256": 3, "config": {}}'])
def test_a_kept_model_with_damaged_notes_is_one_sentence(run, text):
    model = keep(run, "first-try")
    model.path.with_suffix(".json").write_text(text)
    with pytest.raises(InputError, match="keep it again from its run") as caught:
        compose(TUNE, genre="first-try")
    assert "\n" not in str(caught.value)
    assert "git checkout" not in str(caught.value)


def test_a_kept_model_without_its_notes_is_one_sentence(run):
    model = keep(run, "first-try")
    model.path.with_suffix(".json").unlink()
    with pytest.raises(InputError, match=r"first-try\.json is missing"):
        compose(TUNE, genre="first-try")


def test_a_damaged_checkpoint_is_one_sentence(run):
    (run / "checkpoints" / "step_000020.safetensors").write_bytes(b"broken")
    with pytest.raises(InputError, match="cannot be read"):
        compose(TUNE, genre=str(run))
    with pytest.raises(InputError, match="cannot be read"):
        keep(run, "first-try")
    assert kept_models() == []


def test_weights_that_do_not_fit_their_settings_are_one_sentence(run):
    path = run / "config.json"
    settings = json.loads(path.read_text())
    settings["config"]["hidden_channels"] = 32
    path.write_text(json.dumps(settings))
    with pytest.raises(InputError, match="do not fit their settings"):
        compose(TUNE, genre=str(run))


def test_a_provenance_with_a_wrong_model_is_refused():
    made = compose(TUNE)
    with pytest.raises(InputError, match="'model' has the wrong type"):
        replay({**made.provenance, "model": 3})


@pytest.mark.parametrize("name", ["../here", "/etc/passwd", r"\\server\share"])
def test_a_provenance_that_leads_to_a_path_is_refused(name):
    made = compose(TUNE)
    for changed in ({"genre": name}, {"model": name}):
        with pytest.raises(InputError, match="named by a path"):
            replay({**made.provenance, **changed})


def test_a_provenance_from_before_there_were_models_still_replays():
    made = compose(TUNE)
    old = {key: value for key, value in made.provenance.items() if key != "model"}
    assert replay(old).score == made.score


def test_the_shipped_network_has_a_name():
    assert find_model("bach").kind == "shipped"

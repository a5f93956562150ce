"""The form that trains, without a browser: what is chosen, what is refused, the run."""

import subprocess
import sys

import pytest

from deepcomposer_edu.compose import compose, genre_names, model_places
from deepcomposer_edu.compose.own_training.desk import TrainingDesk, free_name
from deepcomposer_edu.compose.own_training.runs import TrainingPlan
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.widgets import Studio, TrainingMonitor, TrainYourOwn

TINY = {"hidden_channels": 8, "critic_channels": 8, "batch_size": 4, "n_critic": 1}


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch):
    """Give every test a work folder of its own."""
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(model_places, "SEEN", {})
    return tmp_path / "work"


@pytest.fixture
def folder(tmp_path):
    """Three pieces of four voices, and a file that is no music."""
    place = tmp_path / "Folk Songs"
    place.mkdir()
    (place / "broken.mid").write_text("no music")
    for i in range(3):
        voices = [
            [Note(4 * j, p + i * (j % 3), 4) for j in range(12)]
            for p in (72, 67, 60, 48)
        ]
        write_midi(Score(tuple(Track(tuple(v)) for v in voices)), place / f"{i}.mid")
    return place


def tiny(own):
    for name, value in TINY.items():
        own.do("turn", name=name, value=value)
    own.do("set_length", unit="steps", value=2)
    return own


def test_a_folder_is_trained_on_and_the_network_is_a_genre_at_once(folder, work):
    told = []
    own = tiny(TrainYourOwn(folder, on_trained=told.append))
    assert isinstance(own.start(), TrainingMonitor)
    own.monitor.wait(300)
    assert own.trained == "folk-songs@2"
    assert told == ["folk-songs@2"]
    assert "folk-songs@2" in genre_names("wgan")
    assert "in_c_major_ratio_bass" in own.monitor.reference
    assert {0, 2} <= set(own.monitor.steps)
    made = compose("ode-to-joy", genre="folk-songs@2")
    assert made.provenance["weights"]["run"] == "folk-songs"
    assert (work / "runs" / "folk-songs" / "data.json").is_file()
    assert own.desk.name == "folk-songs-2"
    assert own.form.view["trained"] == "folk-songs@2"
    own.close()


def test_a_monitor_starts_by_a_plan(folder, tmp_path):
    plan = TrainingPlan(folder, settings=TINY, n_steps=3)
    monitor = TrainingMonitor.start("mine", plan=plan, sample_every=3)
    assert monitor.wait(300).rows[-1]["step"] == 3
    assert monitor.steps == [0, 3]
    assert (tmp_path / "mine" / "data.json").is_file()


def test_a_studio_offers_what_its_form_has_trained(folder, tmp_path):
    studio = Studio(tmp_path / "studio")
    own = tiny(studio.training)
    own.do("set_folder", folder=str(folder))
    own.start().wait(300)
    view = studio._panels["compose"].view
    assert "folk-songs@2" in [genre["name"] for genre in view["genres"]]
    assert "Your network folk-songs@2 is a style now" in view["status"]
    studio.close()


def test_a_studio_loads_no_torch_for_a_form_that_is_shut():
    code = (
        "import sys, tempfile; from deepcomposer_edu.widgets import Studio; "
        "Studio(tempfile.mkdtemp()).training.form.view; print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_while_a_training_goes_on_no_second_one_is_started(folder):
    own = tiny(TrainYourOwn(folder))
    own.do("set_length", unit="steps", value=100_000)
    monitor = own.start()
    with pytest.raises(InputError, match="A training goes on below"):
        own.start()
    assert own.form.view["is_training"]
    own.do("stop")
    monitor.wait(300)
    assert not own.form.view["is_training"]
    own.close()


@pytest.mark.parametrize(
    ("action", "values", "words"),
    [
        ("set_folder", {"folder": "nowhere"}, "does not exist"),
        ("set_folder", {"folder": " "}, "No folder is given yet"),
        ("set_rule", {"name": "tracks", "value": "1,2"}, "names 2"),
        ("set_rule", {"name": "min_bars", "value": "ten"}, "a whole number"),
        ("set_rule", {"name": "metres", "value": "5/5"}, "is not written like 4/4"),
        ("choose_size", {"size": "huge"}, "no size 'huge'"),
        ("choose_network", {"network": "piano"}, "choose one of wgan, ar-cnn"),
        ("turn", {"name": "n_channels", "value": 8}, "no setting 'n_channels' here"),
        ("turn", {"name": "loss", "value": "hinge"}, "must be one of"),
        ("turn", {"name": "critic_rate", "value": 0}, "above 0 and up to 1"),
        ("turn", {"name": "low", "value": 3}, "no setting 'low' here"),
        ("turn", {"name": "n_critic", "value": "many"}, "must be a number"),
        ("set_length", {"unit": "steps", "value": 0}, "a run takes 1 to"),
        ("set_length", {"unit": "epochs", "value": ""}, "is not a number"),
        ("choose_melody", {"melody": "nothing"}, "nothing"),
        ("set_seed", {"seed": -1}, "from 0 to"),
        ("set_name", {"name": "My Own"}, "small letters"),
        ("set_name", {"name": "jazz"}, "a genre already"),
        ("choose_source", {"source": "web"}, "bach or folder"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(action, values, words):
    own = TrainYourOwn()
    own.do(action, **values)
    own.do("look") if action == "set_folder" else None
    own.wait()
    view = own.form.view
    assert view["has_problem"]
    assert words in view["status"]
    if action != "set_folder":
        untouched = TrainYourOwn().form.view
        said = ("status", "has_problem")
        assert all(view[k] == v for k, v in untouched.items() if k not in said)


def test_an_editor_is_trained_by_the_same_form_and_is_a_genre_of_its_technique(folder):
    own = TrainYourOwn(folder)
    own.do("turn", name="n_critic", value=1)
    own.do("choose_network", network="ar-cnn")
    view = own.form.view
    assert [size["name"] for size in view["sizes"]] == [
        *("small", "orderless", "edit-events")
    ]
    assert (view["size"], view["steps"], view["melodies"]) == ("small", "Steps", [])
    titles = [setting["title"] for setting in view["settings"]]
    assert titles == ["Width of the network", "Dropout", "Learning rate", "Precision"]
    own.do("turn", name="n_channels", value=8)
    own.do("turn", name="precision", value="int8")
    assert "float32 or bfloat16" in own.form.view["status"]
    own.do("set_length", unit="steps", value=2)
    assert own.form.view["cost"].startswith("The network learns ")
    own.start().wait(300)
    assert own.trained == "folk-songs@2"
    assert {0, 2} <= set(own.monitor.steps)
    assert "folk-songs@2" in genre_names("ar-cnn")
    assert "folk-songs@2" not in genre_names("wgan")
    made = compose("ode-to-joy", "ar-cnn", "folk-songs@2", iterations=2)
    assert made.provenance["weights"]["run"] == "folk-songs"
    own.close()


@pytest.mark.parametrize("size", ["small", "edit-events"])
def test_the_cost_of_an_editor_is_measured_before_its_music_is_read(size):
    desk = TrainingDesk(size=size, network="ar-cnn")
    desk.turn("n_channels", 4)
    desk.set_length("steps", 100)
    desk.timer()()
    assert desk.prepared is None
    assert desk.estimate.n_steps == 100
    assert "Numbers to learn: the network" in desk.estimate.sentence
    desk.turn("n_channels", 8)
    assert desk.estimate is None


def test_epochs_without_music_cannot_be_estimated():
    own = TrainYourOwn()
    own.do("set_length", unit="epochs", value=2)
    own.do("estimate")
    assert "press Look first" in own.form.view["status"]


def test_choices_after_look_keep_the_music_and_the_filters_do_not(folder):
    desk = TrainingDesk(folder)
    desk.look()
    desk.turn("batch_size", 8)
    desk.set_length("epochs", 4)
    n_windows = len(desk.prepared.learn)
    assert desk.n_steps == -(-4 * n_windows // 8)
    desk.set_rule("min_bars", 2)
    assert desk.prepared is None


def test_bachs_chorales_need_no_folder():
    desk = TrainingDesk()
    assert desk.look()[0] == "Bach's chorales."
    assert desk.plan.folder is None


def test_a_name_is_made_of_the_folders(work):
    assert free_name("Händel: Messiah (1741)!") == "h-ndel-messiah-1741"
    assert free_name("jazz") == "jazz-2"
    (work / "runs" / "mine").mkdir(parents=True)
    assert free_name("mine") == "mine-2"

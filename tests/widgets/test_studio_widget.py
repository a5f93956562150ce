"""The studio's Python side: what a hand does in the panels, and what they show."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from studio_hands import do, shows
from tiny_run import write_tiny_run
from untrained import write_untrained

from deepcomposer_edu.compose import keep
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import midi_bytes, read_midi
from deepcomposer_edu.music.score import Note, Score
from deepcomposer_edu.widgets import Studio


@pytest.fixture
def untrained(tmp_path, monkeypatch):
    """Put small networks that have learned nothing in place of the shipped ones."""
    folder = write_untrained(tmp_path / "weights")
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(folder))


def test_a_new_studio_has_a_melody_and_says_what_comes_next(studio):
    assert shows(studio, "desk")["summary"].startswith("Ode to Joy: 16 bars")
    assert "Press Compose" in shows(studio, "listen")["empty"]
    assert shows(studio, "ask")["is_empty"]
    assert studio.player is None


def test_compose_by_hand_makes_a_version_and_a_player(studio):
    do(studio, "compose", "compose")
    assert (
        shows(studio, "compose")["status"] == "Version 1 is ready: hear it in step 3."
    )
    assert shows(studio, "listen")["empty"] == ""
    assert studio.player.score.tracks == studio.composition.score.tracks


def test_compose_from_python_does_the_same(studio):
    piece = studio.compose(seed=3)
    assert piece is studio.composition
    assert shows(studio, "compose")["seed"] == 3
    assert studio.player.score.tracks == piece.score.tracks


def test_what_is_wrong_is_one_sentence_in_the_panel_it_was_done_in(studio):
    do(studio, "compose", "set_seed", seed=-1)
    assert shows(studio, "compose")["status"].startswith("The seed is -1")
    assert shows(studio, "compose")["has_problem"]
    assert not shows(studio, "melody").get("status")


def test_the_next_thing_done_takes_the_sentence_away(studio):
    do(studio, "compose", "set_seed", seed=-1)
    do(studio, "compose", "set_seed", seed=1)
    assert not shows(studio, "compose").get("status")


def test_an_action_that_does_not_exist_does_nothing(studio):
    do(studio, "compose", "format_the_disk")
    assert shows(studio, "compose").get("status", "") == ""


def test_a_tune_is_chosen_moved_and_given_back(studio):
    do(studio, "melody", "choose_tune", name="twinkle-twinkle")
    do(studio, "desk", "move", semitones=3)
    view = shows(studio, "desk")
    assert (view["shift"], view["can_undo"]) == (3, True)
    assert shows(studio, "melody")["tune"] == "twinkle-twinkle"
    do(studio, "desk", "undo_melody")
    assert shows(studio, "desk")["shift"] == 0


def test_a_file_comes_in_as_bytes(studio):
    data = midi_bytes(Score.from_notes([(0, 67, 4), (4, 64, 12)], title="Cuckoo"))
    do(studio, "melody", "open_file", memoryview(data), name="cuckoo.mid")
    assert shows(studio, "desk")["summary"].startswith("Cuckoo: 1 bar")
    assert shows(studio, "melody")["tune"] is None


def test_a_file_that_is_no_music_changes_nothing_and_says_so(studio):
    do(studio, "melody", "open_file", memoryview(b"hello"), name="cat.mid")
    assert "cat.mid is neither a MIDI" in shows(studio, "melody")["status"]
    assert shows(studio, "melody")["tune"] == "ode-to-joy"


def test_the_piano_comes_when_it_is_asked_for_and_its_take_is_the_melody(studio):
    assert studio.piano is None
    do(studio, "melody", "choose_tab", tab="play")
    assert studio._places["piano"].children == (studio.piano,)
    studio.piano.recorded = [
        {"time": t, "pitch": 60 + i, "velocity": v, "source": "mouse"}
        for i, start in enumerate((0, 600))
        for t, v in ((start, 90), (start + 500, 0))
    ]
    studio.piano.n_takes += 1
    assert [note.pitch for note in studio.melody.notes] == [60, 61]
    assert shows(studio, "desk")["summary"].startswith("What you played")
    do(studio, "melody", "choose_tab", tab="tune")
    assert studio._places["piano"].children == ()


def test_what_is_edited_is_the_melody_and_undo_goes_back_in_the_editor_too(studio):
    do(studio, "desk", "toggle_editor")
    track = studio.editor.score.tracks[0]
    before = studio.melody
    higher = (Note(0, 80, 4), *track.notes[1:])
    studio.editor.score = before.__class__(
        (track.__class__(higher),), before.tempo, title=before.title
    )
    assert studio.melody.notes[0].pitch == 80
    do(studio, "desk", "undo_melody")
    assert studio.editor.score.tracks[0].notes == track.notes


def test_parameters_are_shown_with_the_line_of_code_that_they_change(tmp_path):
    studio = Studio(tmp_path)
    for parameter in shows(studio, "compose")["parameters"]:
        code = parameter["code"]
        assert code["line"] in [line["number"] for line in code["lines"]]
    studio.close()


def test_a_technique_brings_its_own_genres_and_parameters(studio, untrained):
    do(studio, "compose", "choose_technique", name="melody-rnn")
    view = shows(studio, "compose")
    assert [genre["name"] for genre in view["genres"]][:1] == ["folk"]
    assert view["genre"] == "folk"
    kinds = {p["name"]: (p["kind"], p["choices"]) for p in view["parameters"]}
    assert kinds["variant"] == ("str", ["attention", "lookback"])
    assert kinds["steps"] == ("int", [])
    do(studio, "compose", "turn", name="variant", value="lookback")
    do(studio, "compose", "turn", name="steps", value=8)
    do(studio, "compose", "compose")
    made = studio.composition
    assert made.provenance["parameters"]["variant"] == "lookback"
    assert [track.name for track in made.score.tracks] == ["Melody"]
    assert len(shows(studio, "ask")["notes"]) == len(made.given_notes)


def test_the_bars_to_edit_are_typed_and_the_rest_stays(studio, untrained):
    studio.compose()
    first = studio.session.current
    do(studio, "compose", "choose_technique", name="ar-cnn")
    rows = {p["name"]: p for p in shows(studio, "compose")["parameters"]}
    assert (rows["bars"]["kind"], rows["bars"]["choices"]) == ("str", [])
    assert rows["bars"]["example"] == "3, 5-8"
    do(studio, "compose", "start_from", id=first.id)
    for name, value in (("mode", "inpaint"), ("bars", " 3 "), ("iterations", 2)):
        do(studio, "compose", "turn", name=name, value=value)
    do(studio, "compose", "turn", name="voices", value="viola")
    assert "'viola' is no voice" in shows(studio, "compose")["status"]
    do(studio, "compose", "turn", name="voices", value="alto")
    do(studio, "compose", "compose")
    made = studio.composition
    assert made.provenance["parameters"]["bars"] == "3"
    for k in (0, 2, 3):
        assert made.score.tracks[k].notes == first.composition.score.tracks[k].notes
    assert made.score.tracks[1].notes != first.composition.score.tracks[1].notes
    assert ["bars to change", "3"] in shows(studio, "ask")["recipe"]


def test_what_was_composed_goes_on_with_its_voices(studio, untrained):
    studio.compose()
    first = studio.session.current
    do(studio, "compose", "choose_technique", name="transformer")
    do(studio, "compose", "turn", name="extension_bars", value=1)
    do(studio, "compose", "start_from", id=first.id)
    do(studio, "compose", "compose")
    alto = first.composition.score.tracks[1].notes
    assert studio.composition.score.tracks[1].notes[: len(alto)] == alto
    assert studio.session.current.parent_id == first.id


def test_two_versions_are_compared_in_the_player(studio):
    studio.compose(seed=1)
    studio.compose(seed=2)
    first, second = studio.versions.list()
    do(studio, "listen", "compare", id=first.id)
    view = shows(studio, "listen")
    assert (view["a"], view["b"], view["heard"]) == ("Version 2", "Version 1", "a")
    assert studio.player.changed
    do(studio, "listen", "hear", which="b")
    assert studio.player.score.tracks == first.composition.score.tracks
    assert studio.player.changed == studio.session.changed
    do(studio, "listen", "compare", id=None)
    assert studio.player.changed == []
    assert studio.player.score.tracks == second.composition.score.tracks


def test_asking_shows_the_changed_notes_and_a_sentence(studio):
    studio.compose()
    do(studio, "ask", "ask", note=4, semitones=2)
    assert "becomes" in shows(studio, "ask")["answer"]
    assert [0, 4] in studio.player.changed
    do(studio, "ask", "end_asking")
    assert shows(studio, "ask")["answer"] == ""


def test_an_impossible_question_is_answered_in_a_sentence(studio):
    studio.compose()
    do(studio, "ask", "ask", note=4, semitones=0)
    assert shows(studio, "ask")["has_problem"]
    assert shows(studio, "ask")["busy"] is None


def test_a_version_is_renamed_and_its_name_is_shown(studio):
    studio.compose()
    (version,) = studio.versions
    do(studio, "listen", "rename", id=version.id, text="  The calm one ")
    assert shows(studio, "listen")["versions"][0]["title"] == "The calm one"


def test_instruments_chosen_in_the_player_are_in_the_files(studio):
    studio.compose()
    studio.player.set_track(0, instrument="oboe")
    files = studio.save(["mid"])
    assert read_midi(files["mid"]).tracks[0].program == 68
    assert studio.composition.score.tracks[0].program == 68


def test_files_are_saved_by_hand_and_handed_over(studio):
    studio.compose()
    do(studio, "keep", "save", parts=["mid", "json"])
    view = shows(studio, "keep")
    assert [file["part"] for file in view["files"]] == ["mid", "json"]
    sent = []
    studio._panels["keep"].send = lambda message, buffers: sent.append(
        (message["name"], bytes(buffers[0]))
    )
    do(studio, "keep", "download", part="mid")
    assert sent == [("ode-to-joy-1.mid", studio.session.files["mid"].read_bytes())]


def test_a_file_that_is_gone_is_said_to_be_gone(studio):
    studio.compose()
    studio.save(["mid"])["mid"].unlink()
    do(studio, "keep", "download", part="mid")
    assert "no longer there" in shows(studio, "keep")["status"]


def test_saving_without_a_choice_is_refused(studio):
    studio.compose()
    do(studio, "keep", "save", parts=[])
    assert shows(studio, "keep")["has_problem"]


def test_a_studio_opened_anew_shows_what_was_composed_before(studio):
    studio.compose()
    again = Studio(studio.session.folder)
    assert "1 version from before" in shows(again, "listen")["status"]
    assert again.player.score.tracks == studio.composition.score.tracks
    again.close()


def test_the_head_says_where_each_step_stands(studio):
    studio.compose()
    studio.save(["mid"])
    assert [step["detail"] for step in shows(studio, "head")["steps"]] == [
        "Ode to Joy",
        "Bach",
        "Version 1",
        "1 file",
    ]


@pytest.mark.parametrize(
    "second", [lambda studio: studio.compose(), lambda studio: studio.ask(0, 2)]
)
def test_while_it_works_the_studio_refuses_a_second_thing(studio, second):
    refused = []

    def press_again(_progress):
        with pytest.raises(InputError, match="still at work"):
            second(studio)
        refused.append("twice")

    studio.session.compose(progress=None)
    studio._start("compose", press_again)
    studio.wait()
    assert refused == ["twice"]


def test_what_fails_unexpectedly_is_said_and_the_studio_goes_on(studio, monkeypatch):
    heard = []
    monkeypatch.setattr(threading, "excepthook", heard.append)

    def fail(_progress):
        raise ZeroDivisionError("by nothing")

    studio._start("compose", fail)
    studio.wait()
    assert "ZeroDivisionError: by nothing" in shows(studio, "compose")["status"]
    assert len(heard) == 1
    assert studio.compose() is not None


@pytest.mark.parametrize("melody", ["twinkle-twinkle", Score.from_notes([(0, 60, 4)])])
def test_the_melody_can_be_set_from_python(studio, melody):
    studio.melody = melody
    assert studio.compose().score.tracks[0].notes == studio.melody.tracks[0].notes


def test_the_melody_can_be_a_file(studio, tmp_path):
    path = tmp_path / "tune.mid"
    path.write_bytes(midi_bytes(Score.from_notes([(0, 65, 8)])))
    studio.melody = path
    assert [note.pitch for note in studio.melody.notes] == [65]


def test_every_action_that_a_panel_sends_is_known(studio):
    folder = Path(__file__).parents[2] / "widgets" / "studio"
    sources = "".join(path.read_text("utf-8") for path in folder.glob("*.js"))
    sent = set(re.findall(r'\bact\("(\w+)"', sources))
    assert len(sent) > 20
    assert [name for name in sent if not hasattr(studio, f"_do_{name}")] == []


def test_a_version_is_compared_by_number_by_composition_or_as_it_is(studio):
    piece = studio.compose(seed=1)
    studio.compose(seed=2)
    first = studio.versions.list()[0]
    sentences = {studio.compare(other).sentence for other in (1, piece, first)}
    assert len(sentences) == 1
    with pytest.raises(InputError, match="no version '7'"):
        studio.compare(7)


def test_a_network_of_your_own_stands_beside_the_styles(tmp_path, monkeypatch):
    monkeypatch.setenv("DEEPCOMPOSER_WORK", str(tmp_path / "work"))
    write_tiny_run(tmp_path / "work" / "runs" / "mine")
    keep("mine", "my-choir")
    studio = Studio(tmp_path / "studio")
    names = [genre["name"] for genre in shows(studio, "compose")["genres"]]
    assert {"bach", "jazz", "my-choir", "mine@20"} <= set(names)
    do(studio, "compose", "choose_genre", name="my-choir")
    do(studio, "compose", "compose")
    assert studio.composition.provenance["weights"]["run"] == "mine"
    assert studio.composition.provenance["genre"] == "my-choir"
    studio.close()

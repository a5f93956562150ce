"""The studio's Python side: what a hand does in the panels, and what they show."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_run import write_tiny_run
from untrained import write_untrained

from deepcomposer_edu.compose import keep, raw_sound
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import midi_bytes, read_midi
from deepcomposer_edu.music.score import Note, Score
from deepcomposer_edu.widgets import Studio


@pytest.fixture
def studio(tmp_path):
    """A studio with the technique that needs no network, so that it is quick."""
    studio = Studio(tmp_path / "studio", technique="random")
    yield studio
    studio.close()


@pytest.fixture
def untrained(tmp_path, monkeypatch):
    """Put small networks that have learned nothing in place of the shipped ones."""
    folder = write_untrained(tmp_path / "weights")
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(folder))


def do(studio, panel, action, *buffers, **values):
    """Do by hand: send what the panel would send, and wait for the work."""
    studio._panels[panel]._hear(
        None, {"kind": "do", "action": action, "values": values}, list(buffers)
    )
    studio.wait()


def shows(studio, panel):
    return studio._panels[panel].view


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


def test_while_it_works_the_studio_refuses_a_second_thing(studio):
    refused = []

    def press_again(share, words):
        with pytest.raises(InputError, match="still at work"):
            studio.compose()
        refused.append(words)

    studio.session.compose(progress=None)
    studio._start("compose", lambda _progress: press_again(None, "twice"))
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


class Tones:
    """Stands for a network that plays notes."""

    rate, lowest, highest, sha256 = 8_000, 36, 84, "tones"

    def play(self, notes, seed, on_samples):
        on_samples(1)
        sounds = [np.sin(np.arange(round(8_000 * note.seconds))) for note in notes]
        return [0.1 * sound.astype(np.float32) for sound in sounds]


@pytest.fixture
def tones(tmp_path, monkeypatch):
    """A WaveNet that is listed and plays tones."""
    about = {"config": {"instruments": ["organ", "space-lead"]}, "sha256": "ab"}
    (tmp_path / "wavenet-notes.json").write_text(json.dumps(about))
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(tmp_path))
    monkeypatch.setitem(raw_sound.PLAYERS, "wavenet", lambda _: Tones())
    raw_sound._cache.clear()
    yield
    raw_sound._cache.clear()


def test_without_weights_or_versions_no_network_is_offered(studio, monkeypatch, tones):
    assert shows(studio, "raw")["is_empty"]
    do(studio, "compose", "compose")
    assert not shows(studio, "raw")["is_empty"]
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", "/nowhere")
    do(studio, "compose", "try_again")
    assert shows(studio, "raw")["is_empty"]


def test_a_network_plays_the_version_and_its_files(studio, monkeypatch, tones):
    do(studio, "compose", "compose")
    sent = []
    panel = studio._panels["raw"]
    monkeypatch.setattr(panel, "send", lambda *said, **more: sent.append((said, more)))
    timbres = ["wavenet:space-lead", "", "", "wavenet:organ"]
    do(studio, "raw", "play_raw", timbres=timbres)
    assert "ready" in shows(studio, "raw")["status"]
    ((said, more),) = sent
    assert said == ({"kind": "sound"},)
    assert more["buffers"][0][:4] == b"RIFF"
    assert studio.composition.provenance["raw"]["timbres"] == timbres
    assert [row["timbre"] for row in shows(studio, "raw")["tracks"]] == timbres
    files = studio.save(["wav", "json"])
    assert files["wav"].stat().st_size > 100_000
    assert studio.composition.provenance["raw"]["timbres"] == timbres
    assert "space-lead" in files["json"].read_text()
    assert len(studio.versions) == 2


def test_an_instrument_chosen_in_the_player_replaces_the_network(studio, tones):
    do(studio, "compose", "compose")
    studio.session.use_timbres(["wavenet:organ"] * 4)
    studio._refresh()
    studio.player.set_track(0, instrument="violin")
    studio._take_instruments()
    record = studio.composition.provenance
    assert record["raw"]["timbres"] == ["", *["wavenet:organ"] * 3]
    assert record["instruments"] == [40, 19, 19, 19]


def test_cancelled_sound_changes_nothing(studio, tones):
    do(studio, "compose", "compose")
    before = studio.composition

    class Slow(Tones):
        def play(self, notes, seed, on_samples):
            studio.session.cancel()
            return super().play(notes, seed, on_samples)

    raw_sound.PLAYERS["wavenet"] = lambda _: Slow()
    do(studio, "raw", "play_raw", timbres=["wavenet:organ"] * 4)
    assert shows(studio, "raw")["status"] == "Cancelled; nothing was changed."
    assert studio.composition is before
    assert len(studio.versions) == 1


# --- the arranger, a teacher's marks, publishing


def test_a_version_is_arranged_section_by_section(studio):
    assert shows(studio, "arrange")["is_empty"]
    studio.compose()
    view = shows(studio, "arrange")
    assert (view["seconds"], view["form"], view["source"]) == (60, "AABA", "Version 1")
    assert [s["name"] for s in view["sections"]] == ["A", "A'", "B"]
    do(studio, "arrange", "wish", name="form", value="a b")
    do(studio, "arrange", "wish", name="seconds", value=20)
    do(studio, "arrange", "choose_player", section="B", place="melody", program=68)
    do(studio, "arrange", "arrange")
    made = studio.composition
    assert made.score.seconds == pytest.approx(20)
    assert made.provenance["parameters"]["form"] == "A B"
    assert made.provenance["parameters"]["scoring"].startswith("B=oboe, ")
    view = shows(studio, "arrange")
    assert view["status"] == "Version 2 is ready, 20.0 seconds: hear it in step 3."
    assert view["made"] == made.notes
    assert studio.player.score.tracks == made.score.tracks


def test_an_arrangement_is_arranged_anew_from_what_it_was_made_from(studio):
    piece = studio.compose()
    studio.arrange(seconds=20, form="A")
    again = studio.arrange(form="AB")
    assert again.parents == (piece,)
    assert shows(studio, "arrange")["source"] == "Version 1"
    assert [version.parent_id for version in studio.versions][2] == (
        studio.versions.list()[0].id
    )
    assert studio.arrange(form="A") is studio.versions.list()[1].composition


def test_a_letter_can_have_the_music_of_another_version(studio):
    first = studio.compose(seed=1)
    studio.compose(seed=2)
    other = studio.versions.list()[0]
    do(studio, "arrange", "wish", name="form", value="AB")
    do(studio, "arrange", "choose_material", letter="B", id=other.id)
    do(studio, "arrange", "arrange")
    made = studio.composition.provenance
    assert list(made["materials"]) == ["B"]
    recorded = made["materials"]["B"]["composition"]["result"]
    assert recorded["sha256"] == first.provenance["result"]["sha256"]


@pytest.mark.parametrize(
    ("action", "values", "words"),
    [
        ("wish", {"name": "seconds", "value": 5}, "The length is 5 seconds"),
        ("wish", {"name": "form", "value": "A1"}, "The form is 'A1'"),
        ("wish", {"name": "tempo", "value": 0}, "tempo"),
        ("wish", {"name": "ending", "value": "bang"}, "The ending is 'bang'"),
        ("wish", {"name": "colour", "value": "red"}, "no wish 'colour'"),
        (
            "choose_player",
            {"section": "C", "place": "melody", "program": 1},
            "section 'C'",
        ),
        (
            "choose_player",
            {"section": "A", "place": "melody", "program": 128},
            "128",
        ),
        ("choose_material", {"letter": "C", "id": None}, "no letter 'C'"),
        ("choose_material", {"letter": "A", "id": "9999-abcdef"}, "no version"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_and_nothing_changes(
    studio, action, values, words
):
    studio.compose()
    before = dict(studio.session.arranging), dict(studio.session.scoring)
    do(studio, "arrange", action, **values)
    view = shows(studio, "arrange")
    assert words in view["status"]
    assert view["has_problem"]
    assert (studio.session.arranging, studio.session.scoring) == before


def test_an_arrangement_is_saved_without_becoming_another_version(studio):
    studio.compose()
    studio.arrange(seconds=20, form="AB", instruments={"A": "oboe", "B": "flute"})
    assert len(studio.composition.score.tracks) == 8
    studio.save(["mid"])
    assert len(studio.versions) == 2
    studio.player.set_track(4, instrument="violin")
    studio.save(["mid"])
    programs = [t.program for t in studio.composition.score.tracks]
    assert programs[4] == 40
    assert len(studio.versions) == 3


@pytest.fixture
def marked(tmp_path):
    """A studio with two bars in which a teacher marks something."""
    studio = Studio(tmp_path / "studio", technique="random")
    studio.melody = Score.from_notes(
        [(i * 4, 67 + (0, 2, 4, 5)[i % 4], 4) for i in range(8)], title="Two bars"
    )
    studio.compose(seed=1)
    yield studio
    studio.close()


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


def test_versions_are_published_as_a_page_with_its_zip(marked, monkeypatch):
    from deepcomposer_edu.compose import gallery

    def write_nothing(_piece, stage, stem):
        for part in ("mp3", "mid", "musicxml"):
            (stage / f"{stem}.{part}").write_bytes(stem.encode())
        return 1.0

    monkeypatch.setattr(gallery, "_write_piece", write_nothing)
    marked.compose(seed=2)
    ids = [version.id for version in marked.versions]
    assert shows(marked, "publish")["current"] == ids[1]
    said = {"title": "Our <class>", "by": "Learner 1", "licence": "CC BY"}
    do(marked, "publish", "publish", ids=ids, current=ids[1], **said)
    view = shows(marked, "publish")
    assert view["status"].startswith("Published 2 pieces: open index.html")
    page = marked.session.folder / "pages" / "our-class" / "index.html"
    text = page.read_text("utf-8")
    assert "Our &lt;class&gt;" in text
    assert text.count("<audio") == 2
    assert len(view["files"]) == 7
    sent = []
    marked._panels["publish"].send = lambda message, buffers: sent.append(
        (message["name"], bytes(buffers[0]))
    )
    do(marked, "publish", "download_page")
    ((name, content),) = sent
    assert name == "our-class.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        packed = {info.filename: archive.read(info) for info in archive.infolist()}
    assert packed["our-class/index.html"] == page.read_bytes()
    assert len(packed) == 7
    page.unlink()
    do(marked, "publish", "download_page")
    assert "press Publish again" in shows(marked, "publish")["status"]


def test_what_cannot_be_published_is_said(studio):
    do(studio, "publish", "download_page")
    assert "Nothing is published yet" in shows(studio, "publish")["status"]
    with pytest.raises(InputError, match="Nothing is composed yet"):
        studio.publish()
    studio.compose()
    with pytest.raises(InputError, match="no version '9'"):
        studio.publish([9])
    with pytest.raises(InputError, match="at most 200 letters"):
        studio.publish(title="A" * 201)


def test_cancelled_publishing_writes_nothing(marked, monkeypatch):
    from deepcomposer_edu.compose import gallery

    write = gallery.write_gallery

    def cancelled(pieces, folder, title, tell):
        marked.session.cancel()
        return write(pieces, folder, title, tell)

    monkeypatch.setattr(gallery, "write_gallery", cancelled)
    ids = [version.id for version in marked.versions]
    said = {"title": "", "by": "", "licence": ""}
    do(marked, "publish", "publish", ids=ids, current=ids[0], **said)
    assert shows(marked, "publish")["status"] == "Cancelled; nothing was changed."
    assert not list((marked.session.folder / "pages").glob("*/*"))

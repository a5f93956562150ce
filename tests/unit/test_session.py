"""A session in the studio, without a screen: compose, compare, ask, chain, save."""

import json

import pytest

from deepcomposer_edu.compose import replay
from deepcomposer_edu.compose.session.base import Cancelled
from deepcomposer_edu.compose.session.parts import folder_name, melody_notes
from deepcomposer_edu.compose.session.session import Session
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import read_midi
from deepcomposer_edu.music.score import Score


@pytest.fixture
def session(tmp_path):
    """A session with the technique that needs no network, so that it is quick."""
    return Session(tmp_path / "studio", technique="random")


def test_composing_keeps_a_version_and_shows_it(session):
    version = session.compose()
    assert session.current == version
    assert session.shown is version.composition
    assert len(session.versions) == 1


def test_a_tune_as_it_ships_is_recorded_by_its_name(session):
    session.desk.set_tempo(90)
    made = session.compose().composition.provenance
    assert (made["parents"][0]["kind"], made["parents"][0]["name"]) == (
        "tune",
        "ode-to-joy",
    )
    assert made["tempo"] == 90


def test_the_melody_is_composed_as_it_lies_on_the_desk(session):
    session.desk.move(-2)
    version = session.compose()
    assert version.composition.score.tracks[0].notes == session.desk.score.notes


def test_composing_again_with_nothing_changed_adds_no_version(session):
    first = session.compose()
    session.try_again()
    session.set_seed(0)
    assert session.compose().id == first.id
    assert len(session.versions) == 2
    assert session.current.id == first.id


def test_trying_again_takes_the_next_seed(session):
    session.compose()
    assert session.try_again().composition.provenance["seed"] == 1


def test_after_the_last_seed_comes_the_first(session):
    session.set_seed(2**32 - 1)
    session.try_again()
    assert session.seed == 0


def test_a_version_is_a_child_of_the_one_before_and_a_new_melody_a_new_tree(session):
    first = session.compose()
    second = session.try_again()
    session.desk.take_tune("twinkle-twinkle")
    third = session.compose()
    assert (second.parent_id, third.parent_id) == (first.id, None)


def test_what_is_turned_is_composed_with(tmp_path):
    session = Session(tmp_path)
    session.turn("temperature", 2)
    made = session.compose().composition.provenance
    assert made["parameters"]["temperature"] == 2


def test_each_technique_keeps_what_was_turned_on_it(tmp_path):
    session = Session(tmp_path)
    session.turn("inertia", 1)
    session.choose_technique("random")
    session.choose_technique("wgan")
    assert session.values["inertia"] == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: s.turn("temprature", 1), "no parameter 'temprature'"),
        (lambda s: s.turn("temperature", 9), "must be a number from 0 to 5"),
        (lambda s: s.choose_genre("polka"), "no genre 'polka'"),
        (lambda s: s.choose_technique("magic"), "no technique 'magic'"),
        (lambda s: s.set_seed(-1), "The seed is -1"),
        (lambda s: s.start_from("9999-abcdef"), "no version"),
        (lambda s: s.compare("9999-abcdef"), "Nothing is composed yet"),
        (lambda s: s.ask(0, 2), "Nothing is composed yet"),
        (lambda s: s.save(), "Nothing is composed yet"),
        (lambda s: s.hear("b"), "compare two versions first"),
        (lambda s: s.choose_parts([]), "nothing"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path, call, words):
    with pytest.raises(InputError, match=words):
        call(Session(tmp_path))


def test_every_parameter_of_the_network_shows_a_line_of_code(tmp_path):
    session = Session(tmp_path)
    for name in session.values:
        link = session.code_of(name)
        assert (link.line, link.text) in [(n, t.strip()) for n, t in link.excerpt]


def test_a_session_opened_anew_finds_its_versions(session):
    made = [session.compose(), session.try_again()]
    session.rename(made[0].id, "The first")
    again = Session(session.folder)
    assert [v.id for v in again.versions] == [v.id for v in made]
    assert again.versions.list()[0].label == "The first"
    assert again.shown.score == made[1].composition.score


def test_a_damaged_version_is_left_out_with_a_sentence(session):
    version = session.compose()
    (session.folder / "versions" / f"{version.id}.json").write_text("{")
    again = Session(session.folder)
    assert again.current is None
    assert version.id in again.versions.problems[0]


def test_cancelling_leaves_everything_as_it_was(session):
    session.compose()

    def stop(share, words):
        session.cancel()

    with pytest.raises(Cancelled):
        session.try_again(progress=stop)
    assert len(session.versions) == 1
    assert session.seed == 0


def test_a_cancel_of_yesterday_does_not_end_what_begins_today(session):
    session.cancel()
    assert session.compose().number == 1


def test_a_folder_that_is_a_file_is_refused_before_anything_is_composed(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="is a file, but a folder is needed"):
        Session(tmp_path / "notes.txt")


# --- comparing


def test_comparing_lights_up_the_notes_that_differ_in_each(session):
    first = session.compose()
    second = session.try_again()
    pair = session.compare(first.id)
    assert session.shown is second.composition
    in_second = session.changed
    session.hear("b")
    assert session.shown.score == first.composition.score
    assert 0 not in {track for track, _ in in_second + session.changed}
    assert "seed 1 → 0" in pair.sentence


def test_every_note_that_lights_up_is_there(session):
    first = session.compose()
    session.try_again()
    session.compare(first.id)
    for which in ("a", "b"):
        session.hear(which)
        tracks = session.shown.score.tracks
        assert session.changed
        assert all(i < len(tracks[track].notes) for track, i in session.changed)


def test_a_version_is_not_compared_with_itself(session):
    version = session.compose()
    with pytest.raises(InputError, match="with itself"):
        session.compare(version.id)


def test_going_to_another_version_ends_the_comparison(session):
    first = session.compose()
    session.try_again()
    session.compare(first.id)
    session.go(first.id)
    assert session.pair is None
    assert session.changed == []


def test_undo_and_redo_walk_along_the_tree(session):
    first = session.compose()
    second = session.try_again()
    session.undo()
    assert session.current.id == first.id
    session.redo()
    assert session.current.id == second.id


# --- does it listen?


def test_asking_moves_one_note_and_keeps_no_version(tmp_path):
    session = Session(tmp_path)
    before = session.compose().composition.score.tracks[0].notes
    found = session.ask(4, 2)
    after = session.shown.score.tracks[0].notes
    moved = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert moved == [4]
    assert [0, 4] in session.changed
    assert "becomes" in found.sentence
    assert len(session.versions) == 1


def test_after_asking_the_version_is_there_as_it_was(session):
    version = session.compose()
    session.ask(4, 2)
    session.end_asking()
    assert session.shown.score == version.composition.score
    assert session.changed == []


# --- chains


def test_a_chain_starts_from_a_version_and_remembers_it(session):
    first = session.compose()
    session.desk.take_tune("twinkle-twinkle")
    session.start_from(first.id)
    session.set_seed(5)
    second = session.compose()
    assert second.parent_id == first.id
    parent = second.composition.provenance["parents"][0]
    assert parent["kind"] == "composition"
    assert second.composition.score.title == "Ode to Joy"


# --- instruments and files


def test_other_instruments_leave_every_note_and_can_be_replayed(session):
    before = session.compose()
    after = session.use_instruments(["oboe", "flute", 42, "cello"])
    tracks = after.composition.score.tracks
    assert [track.program for track in tracks] == [68, 73, 42, 42]
    old = before.composition.score.tracks
    assert [t.notes for t in tracks] == [t.notes for t in old]
    again = replay(after.composition.provenance)
    assert again.score == after.composition.score


def test_a_version_with_other_instruments_says_so_once_and_of_which(session):
    session.compose()
    session.use_instruments(["oboe"])
    assert session.use_instruments(["flute"]).label == "Version 1, other instruments"


def test_the_same_instruments_make_no_version(session):
    version = session.compose()
    programs = [track.program for track in version.composition.score.tracks]
    assert session.use_instruments(programs).id == version.id


def test_a_number_of_instruments_that_does_not_fit_is_refused(session):
    session.compose()
    with pytest.raises(InputError, match="3 instruments were given"):
        session.use_instruments(["oboe", "flute", "cello"])


def test_a_style_brings_its_own_sliders_and_their_code(tmp_path):
    session = Session(tmp_path, genre="jazz")
    session.turn("swing", 0.6)
    assert session.compose().composition.provenance["parameters"]["swing"] == 0.6
    link = session.code_of("swing")
    assert "swing" in link.text
    session.choose_genre("bach")
    assert "swing" not in session.values


def test_drums_keep_their_kit_when_the_band_changes_instruments(tmp_path):
    session = Session(tmp_path, genre="rock")
    tracks = session.compose().composition.score.tracks
    pitched = [track for track in tracks if not track.is_drum]
    after = session.use_instruments(["flute"] * len(pitched)).composition.score.tracks
    assert len(pitched) < len(tracks)
    assert [t.is_drum for t in after] == [t.is_drum for t in tracks]
    assert {t.program for t in after if not t.is_drum} == {73}


def test_saving_writes_the_chosen_parts_and_says_how_far_it_is(session):
    version = session.compose()
    told = []
    files = session.save(["mid", "json"], lambda share, _: told.append(share))
    assert list(files) == ["mid", "json"]
    assert read_midi(files["mid"]).tracks[0].notes
    sha = version.composition.provenance["result"]["sha256"]
    assert json.loads(files["json"].read_text("utf-8"))["result"]["sha256"] == sha
    assert told == sorted(told)
    assert told[-1] == 1


def test_a_cancelled_save_writes_nothing(session):
    version = session.compose()
    with pytest.raises(Cancelled):
        session.save(["mid", "json"], lambda *_: session.cancel())
    assert not (session.folder / folder_name(version)).exists()


def test_a_folder_is_named_after_the_piece_and_its_number(session):
    session.desk.take_score(Score.from_notes([(0, 60, 8)], title="Ça va? / no..no"))
    assert folder_name(session.compose()) == "ça-va-no-no-1"


def test_melody_notes_are_told_by_bar_beat_and_name(session):
    assert melody_notes(session.compose().composition)[:2] == [
        (0, "bar 1, beat 1: B4"),
        (1, "bar 1, beat 2: B4"),
    ]


def test_editing_the_melody_again_stays_in_the_same_tree(tmp_path, weights):
    session = Session(tmp_path, technique="ar-cnn")
    for name, value in (("mode", "vary"), ("bars", "2"), ("iterations", 2)):
        session.turn(name, value)
    first, second = session.compose(), session.try_again()
    assert first.composition.given_notes != second.composition.given_notes
    assert second.parent_id == first.id

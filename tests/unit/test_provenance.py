"""A composition can be made again from its JSON alone, or it is said what differs."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from untrained import write_untrained

from deepcomposer_edu.compose import ReplayError, compose, replay, technique_parameters
from deepcomposer_edu.compose.chain import MAX_PARENTS, chain_of, origin_of, steps_of
from deepcomposer_edu.compose.comparing.records import first_difference
from deepcomposer_edu.compose.provenance import notes_digest, read_provenance, to_json
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.music.score_dict import score_from_dict, score_to_dict

pytestmark = pytest.mark.usefixtures("weights")

THIRD = 4 / 3
TUNE = Score.from_notes(
    [(THIRD * i, 70 + i, THIRD) for i in range(9)],
    tempo=97.3,
    tempo_changes=((8.0, 60.0),),
    metres=(Metre(0, 3, 4), Metre(24, 4, 4)),
    pickup=4,
    title="Drei Töne",
)


@pytest.fixture
def saved(tmp_path):
    """Return a function that saves a composition's JSON and returns its path."""

    def save(composition, **changes):
        record = json.loads(to_json(composition.provenance)) | changes
        path = tmp_path / "composition.json"
        path.write_text(json.dumps(record), "utf-8")
        return path

    return save


# --- what is recorded --------------------------------------------------------


def test_the_record_says_how_the_music_was_made():
    made = compose(TUNE, seed=3, temperature=0.7, instruments="oboe", tempo=80)
    record = made.provenance
    assert record["technique"] == "wgan"
    assert record["genre"] == "bach"
    assert record["seed"] == 3
    assert record["tempo"] == 80.0
    assert record["instruments"] == [68] * 4
    defaults = {p.name: p.default for p in technique_parameters("wgan")}
    assert record["parameters"] == defaults | {"temperature": 0.7}
    assert record["weights"]["name"] == "wgan-bach"
    assert len(record["weights"]["sha256"]) == 64
    assert set(record["versions"]) >= {"deepcomposer_edu", "python", "numpy", "torch"}
    assert record["input_notes"] == made.notes
    assert record["result"]["sha256"] == notes_digest(made.score)


def test_a_file_is_recorded_by_name_and_hash_and_its_melody_by_its_notes(tmp_path):
    path = tmp_path / "tune.mid"
    write_midi(TUNE, path)
    parent = compose(path, "random").provenance["parents"][0]
    assert parent["kind"] == "file"
    assert parent["name"] == "tune.mid"
    assert len(parent["sha256"]) == 64
    assert len(parent["score"]["tracks"][0]["notes"]) == 9


def test_no_path_of_this_machine_is_recorded(tmp_path):
    path = tmp_path / "tune.mid"
    write_midi(TUNE, path)
    assert str(tmp_path) not in to_json(compose(path, "random").provenance)


def test_without_weights_none_are_recorded():
    assert compose(TUNE, "random").provenance["weights"] is None


# --- scores as JSON ----------------------------------------------------------

notes = st.builds(
    Note,
    st.floats(0, 1000),
    st.integers(0, 127),
    st.floats(0.001, 100),
    st.integers(1, 127),
)
tracks = st.builds(
    Track, st.lists(notes, max_size=6), st.text(max_size=8), st.integers(0, 127)
)


@given(st.lists(tracks, max_size=3), st.floats(1, 400), st.text(max_size=8))
def test_a_score_comes_back_from_json_exactly(given_tracks, tempo, title):
    score = Score(tuple(given_tracks), tempo=tempo, title=title)
    again = score_from_dict(json.loads(json.dumps(score_to_dict(score))))
    assert again == score
    assert notes_digest(again) == notes_digest(score)


def test_the_digest_does_not_care_whether_a_whole_number_is_a_float():
    one = Score.from_notes([(4, 60, 4)], tempo=120)
    other = Score.from_notes([(4.0, 60, 4.0)], tempo=120.0)
    assert notes_digest(one) == notes_digest(other)


def test_the_digest_sees_a_change_of_one_velocity():
    louder = replace(TUNE.tracks[0].notes[0], velocity=81)
    notes = (louder, *TUNE.tracks[0].notes[1:])
    changed = replace(TUNE, tracks=(replace(TUNE.tracks[0], notes=notes),))
    assert notes_digest(changed) != notes_digest(TUNE)


# --- replay ------------------------------------------------------------------


@pytest.mark.parametrize("technique", ["wgan", "random"])
def test_a_replay_makes_the_same_notes(technique, saved):
    made = compose(TUNE, technique, seed=4)
    again = replay(saved(made))
    assert again.score == made.score
    assert again.notes == made.notes


def test_a_replay_keeps_tempo_and_instruments(saved):
    made = compose(TUNE, "random", tempo=71.5, instruments="viola,harp")
    assert replay(saved(made)).score == made.score


def test_a_replay_needs_only_the_json(tmp_path):
    path = tmp_path / "tune.mid"
    write_midi(TUNE, path)
    compose(path, "random").save(tmp_path / "out", ["json"])
    path.unlink()
    assert replay(tmp_path / "out" / "composition.json").score.notes


def test_the_folder_is_as_good_as_the_file(tmp_path):
    made = compose(TUNE, "random")
    made.save(tmp_path, ["json"])
    assert replay(tmp_path).score == made.score


def test_a_replay_of_a_replay_is_the_same(saved):
    made = compose(TUNE, seed=9)
    again = replay(saved(made))
    assert replay(saved(again)).score == made.score


def test_chains_replay_with_their_parents(saved):
    chain = compose(compose(compose(TUNE, "random"), "wgan"), "random", seed=2)
    again = replay(saved(chain))
    assert again.score == chain.score
    assert again.parents[0].provenance["technique"] == "wgan"
    assert again.parents[0].parents[0].score == chain.parents[0].parents[0].score


def test_other_weights_are_named_with_the_first_note_that_differs(
    saved, tmp_path, monkeypatch
):
    path = saved(compose(TUNE))
    folder = write_untrained(tmp_path / "others", seed=1)
    monkeypatch.setenv("DEEPCOMPOSER_WEIGHTS", str(folder))
    with pytest.raises(ReplayError, match=r"bar \d+, beat \d+, \w+: .*wgan-bach"):
        replay(path)


def test_a_changed_note_in_the_record_is_found(saved):
    made = compose(TUNE, "random")
    result = json.loads(to_json(made.provenance))["result"]
    result["score"]["tracks"][2]["notes"][1][1] += 1
    result["sha256"] = "0" * 64
    with pytest.raises(ReplayError, match=r"Tenor: .* became"):
        replay(saved(made, result=result))


def test_other_versions_are_told_when_the_notes_are_the_same(saved):
    made = compose(TUNE, "random")
    versions = made.provenance["versions"] | {"numpy": "1.0"}
    again = replay(saved(made, versions=versions))
    assert "numpy was 1.0" in again.notes[-1]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ([(0, 60, 4), (20, 64, 4)], "bar 2, beat 2, voice 1: D4 for 4 steps became E4"),
        ([(0, 60, 4)], "bar 2, beat 2, voice 1: D4 for 4 steps became nothing"),
        ([(0, 60, 2), (20, 62, 4)], "bar 1, beat 1, voice 1: C4 for 4 steps"),
        (
            [(0, 60, 4), (20, 62, 4), (24, 62, 1)],
            "bar 2, beat 3, voice 1: nothing became",
        ),
    ],
)
def test_the_first_difference_is_named_by_bar_beat_and_voice(changed, place):
    one = Score.from_notes([(0, 60, 4), (20, 62, 4)])
    assert first_difference(one, Score.from_notes(changed)).startswith(place)


def test_equal_scores_have_no_difference():
    assert first_difference(TUNE, TUNE) is None


# --- damaged and hostile records ---------------------------------------------


def refused(path):
    with pytest.raises(InputError) as caught:
        replay(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"not json",
        b"[]",
        b"null",
        b"3",
        b"{}",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"format": NaN}',
        b'{"seed": 1e999}',
        b'{"seed": 1' + b"0" * 5000 + b"}",
        b'{"format": "deepcomposer-edu composition", "format_version": 2}',
        b'{"format": "deepcomposer-edu composition", "format_version": 1}',
    ],
)
def test_damaged_json_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "composition.json"
    path.write_bytes(content)
    assert "composition.json" in refused(path)


@pytest.mark.parametrize(
    "damage",
    [
        {"tempo": 10**400},
        {"tempo": [90]},
        {"raw": []},
        {"raw": {"timbres": [], "seed": 0}},
        {"arrangement": 3},
        {"materials": {"B": {"kind": "composition"}}},
        {"materials": {"B": {"kind": "composition", "composition": "x.json"}}},
        {"parents": [{"kind": "tune"}]},
        {"parents": [{"kind": "somewhere", "score": {}}]},
    ],
)
def test_values_that_cannot_be_are_refused_in_one_sentence(saved, damage):
    first = compose(SHORT, "random")
    record = {**first.provenance, **damage}
    parents = [{"kind": "composition", "composition": record}]
    assert refused(saved(first, **damage))
    assert refused(saved(first, parents=parents))


def test_music_inside_music_inside_music_ends_in_a_sentence(tmp_path):
    record = json.loads(to_json(compose(SHORT, "random").provenance))
    for _ in range(MAX_PARENTS + 5):
        inside = {"kind": "composition", "composition": record}
        record = {**record, "materials": {"B": inside}}
    path = tmp_path / "composition.json"
    path.write_text(json.dumps(record), "utf-8")
    assert "in a row" in refused(path)


def test_the_steps_of_a_piece_are_told_oldest_first():
    first = compose(SHORT, "random", seed=1)
    second = compose(first, "random", seed=2)
    other = compose(SHORT, "random", seed=3)
    record = second.provenance | {
        "materials": {"B": {"kind": "composition", "composition": other.provenance}}
    }
    assert [step["seed"] for step in steps_of(record)] == [1, 3, 2]
    assert [step["seed"] for step in chain_of(record)] == [1, 2]
    assert origin_of(record) == first.provenance["parents"][0]


def test_a_missing_record_is_refused(tmp_path):
    assert "does not exist" in refused(tmp_path / "composition.json")


def _walk(value, path=()):
    """Yield the path to every value inside JSON, the innermost too."""
    yield path
    inside = value.items() if isinstance(value, dict) else ()
    inside = enumerate(value) if isinstance(value, list) else inside
    for key, item in inside:
        yield from _walk(item, (*path, key))


SHORT = Score.from_notes([(0, 60, 4), (4, 62, 4)])
RECORD = json.loads(to_json(compose(compose(SHORT, "random"), "random").provenance))
PATHS = [path for path in _walk(RECORD) if path]
BAD = [None, -1, 1e308, 10**30, "x\x1b[31m", [], {}, True, [[[]]], {"kind": "tune"}]


@settings(max_examples=250)
@given(st.sampled_from(PATHS), st.sampled_from(BAD))
def test_any_wrong_value_is_refused_or_harmless(path, bad):
    record = json.loads(json.dumps(RECORD))
    place = record
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = bad
    try:
        made = replay(record)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert all(math.isfinite(note.start) for note in made.score.notes)


@settings(max_examples=100)
@given(st.sampled_from(PATHS))
def test_any_missing_part_is_refused_or_harmless(path):
    record = json.loads(json.dumps(RECORD))
    place = record
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    try:
        replay(record)
    except InputError as error:
        assert "\n" not in str(error)


def test_parameters_cannot_smuggle_in_other_arguments(saved):
    made = compose(SHORT, "random")
    assert "wrong names" in refused(saved(made, parameters={"melody": "/etc/passwd"}))


def test_a_chain_that_is_too_long_is_refused():
    made = compose(SHORT, "random")
    for _ in range(MAX_PARENTS - 1):
        made = compose(made, "random")
    with pytest.raises(InputError, match="chain of 100"):
        compose(made, "random")


def test_a_record_that_is_too_large_is_refused(tmp_path):
    path = tmp_path / "composition.json"
    with path.open("wb") as file:
        file.truncate(65 << 20)
    with pytest.raises(InputError, match="at most 64"):
        read_provenance(path)

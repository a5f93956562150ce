"""The challenge: card, workspace, gates, points by percentile, the worst bar, pages."""

import json
from dataclasses import replace

import numpy as np
import pytest

from deepcomposer_edu.challenge.brief import CRITERIA, brief_text
from deepcomposer_edu.challenge.card import Card, read_card
from deepcomposer_edu.challenge.check import check_entry, check_workspace
from deepcomposer_edu.challenge.criteria import judge_criteria
from deepcomposer_edu.challenge.gates import silent_bars, sound_gates
from deepcomposer_edu.challenge.judged import ends_on_tonic
from deepcomposer_edu.challenge.measures import (
    MEASURES,
    Piece,
    beyond_tune,
    length_distance,
    load_reference,
    note_lengths,
    own_repeats,
)
from deepcomposer_edu.challenge.roll_picture import roll_svg
from deepcomposer_edu.challenge.sound import chroma_match, n_clipped, sound_facts
from deepcomposer_edu.challenge.workspace import Workspace, new_workspace
from deepcomposer_edu.challenge.worst import worst_bar
from deepcomposer_edu.compose import arrange, compose
from deepcomposer_edu.compose.chain import steps_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.imitations import block_triads, random_notes
from deepcomposer_edu.music.audio import read_audio, write_wav
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.points import percentile_points
from deepcomposer_edu.music.score import Note, Score, Track

CARD = Card(
    title="To space",
    composers=("Learner 1",),
    intent="wonder",
    melody="Old Hundredth, 1551",
    melody_licence="public domain",
    licence="CC BY",
)


@pytest.fixture(scope="session")
def chain():
    """A melody harmonised by the GAN and edited by the AR-CNN."""
    edits = {"mode": "vary", "iterations": 8}
    return compose(compose("old-hundredth"), technique="ar-cnn", **edits)


@pytest.fixture(scope="session")
def entry(chain):
    return arrange(chain)


@pytest.fixture(scope="session")
def work(entry, tmp_path_factory):
    """A workspace with its sound."""
    work = new_workspace(tmp_path_factory.mktemp("challenge") / "work", CARD)
    work.save(entry, parts=("mid", "wav"))
    return work


@pytest.fixture(scope="session")
def report(work):
    return check_workspace(work)


def gate(report, name):
    return next(gate for gate in report.gates if gate.name == name)


def with_score(composition, score):
    """Return a composition whose notes were changed behind its back."""
    return Composition(score, composition.provenance, [], composition.parents)


# --- the card and the workspace ------------------------------------------------


def test_a_card_is_read_as_it_was_written():
    data = json.loads(json.dumps(CARD.to_dict()))
    assert Card.from_dict(data) == CARD
    assert Card.from_dict(data | {"unknown": [1]}) == CARD
    assert CARD.missing() == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", 3, "must be text"),
        ("title", "x" * 81, "81 letters"),
        ("title", "a\x00b", "cannot be seen"),
        ("title", "a\u202eb", "cannot be seen"),
        ("composers", "me", "list"),
        ("composers", ["me"] * 21, "list of at most 20"),
        ("composers", [["me"]], "must be text"),
        ("roles", [["me"]], "a name and what"),
        ("pauses", [1.5], "whole numbers"),
        ("pauses", [True], "whole numbers"),
        ("intent", "é" * 301, "301 letters"),
    ],
)
def test_a_hostile_card_is_refused_in_a_sentence(field, value, words):
    with pytest.raises(InputError, match=words):
        Card.from_dict(CARD.to_dict() | {field: value})


@pytest.mark.parametrize("data", [None, [], {"format": "zip"}, {"title": "a"}])
def test_what_is_no_card_is_refused(data):
    with pytest.raises(InputError, match="not the card"):
        Card.from_dict(data)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, b"\xff\xfe{"])
def test_a_damaged_card_file_is_named(tmp_path, text):
    path = tmp_path / "card.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=r"card\.json"):
        read_card(path)


def test_an_empty_card_says_everything_that_is_missing():
    missing = " ".join(Card().missing())
    for word in ("title", "composed", "feel", "melody", "licence"):
        assert word in missing
    forbidden = Card(melody_licence="CC BY-ND", licence="CC BY").missing()
    assert any("does not let you" in sentence for sentence in forbidden)


def test_a_workspace_is_made_once_and_keeps_versions(work, entry):
    assert (work.folder / "BRIEF.md").read_text("utf-8") == brief_text()
    assert work.composition.score == entry.score
    assert len(work.versions) == 1
    assert Workspace(work.folder).card == CARD
    with pytest.raises(InputError, match="already"):
        new_workspace(work.folder)


def test_a_workspace_without_a_card_or_music_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="challenge new"):
        Workspace(tmp_path)
    with pytest.raises(InputError, match="no music"):
        check_workspace(new_workspace(tmp_path / "new"))


def test_saving_other_music_removes_the_sound_of_the_earlier(tmp_path, entry, chain):
    work = new_workspace(tmp_path / "w")
    work.save(entry, parts=("mid",))
    work.save(chain, parts=("musicxml",))
    assert not work.path("mid").exists()
    assert len(work.versions) == 2


def test_the_brief_names_every_criterion_and_the_length():
    text = brief_text()
    assert "55 to 65 seconds" in text
    assert all(words.split(":")[0] in text for words in CRITERIA.values())


# --- measures ------------------------------------------------------------------


def test_the_reference_has_rising_percentiles_of_every_measure():
    reference = load_reference()
    assert reference.lengths.sum() == pytest.approx(1, abs=1e-3)
    for name in MEASURES:
        assert (np.diff(reference.percentiles[name]) >= 0).all()


def test_a_loop_repeats_itself_and_a_scale_does_not():
    scale = np.arange(48, 64)
    chords = np.stack([scale + 24, scale + 7, scale**2 % 13 + 50, scale % 5 + 40])
    once = Grid(np.repeat(chords, 4, axis=1))
    loop = Grid(np.tile(np.repeat(chords[:, :5], 4, axis=1), 6))
    assert own_repeats(once) == 0
    assert own_repeats(loop) > 0.7


def test_notes_of_the_given_melody_are_found_at_any_height():
    top = [60, 62, 64, 65, 67, 60, 66, 61]
    grid = Grid(np.repeat([[p + 5 for p in top], [48] * 8], 2, axis=1))
    melody = [Note(i, p, 1) for i, p in enumerate(top[:5])]
    # 8 notes above and one held below; five of them are the melody's
    assert beyond_tune(grid, melody) == pytest.approx(4 / 9)
    assert beyond_tune(grid, None) == pytest.approx(1 / 9)


def test_lengths_are_compared_as_shares():
    grid = Grid([[60] * 4 + [62] * 4 + [64] * 8])
    assert note_lengths(grid)[[3, 7]].tolist() == [2, 1]
    only_quarters = np.eye(16)[3]
    assert length_distance(grid, only_quarters) == pytest.approx(1 / 3)


def test_percentile_points_hold_for_all_three_kinds():
    values = np.arange(1, 11)
    assert percentile_points(5.5, values, "low") == 10
    assert percentile_points(10, values, "low") == 2
    assert percentile_points(11, values, "low") == 0
    assert percentile_points(1, values, "high") == 2
    assert percentile_points(5, values, "usual") == 10
    assert percentile_points(float("nan"), values, "high") == 0


@pytest.mark.parametrize(
    ("last", "is_so"),
    [
        ((67, 64, 60, 48), True),
        ((67, 63, 60, 48), True),
        ((67, 64, 60, 52), False),
        ((69, 65, 60, 48), False),
    ],
)
def test_a_close_needs_the_tonic_chord_with_its_root_below(last, is_so):
    grid = Grid(np.array(last)[:, None])
    assert ends_on_tonic(grid, Key(0)) == is_so


# --- points --------------------------------------------------------------------


@pytest.fixture(scope="module")
def chorales():
    return [c for c in load_chorales("valid") if c.metre == "4/4"][:6]


def total(grid, chorale):
    piece = Piece(grid, pickup=chorale.pickup)
    found = judge_criteria(piece, chorale.key, (), 1.0)
    return sum(criterion.points for criterion in found)


@pytest.mark.parametrize("imitate", [block_triads, random_notes])
def test_real_chorales_get_more_points_than_bad_imitations(chorales, imitate):
    real = np.mean([total(c.grid, c) for c in chorales])
    bad = np.mean([total(imitate(c.grid), c) for c in chorales])
    assert real > bad + 5


def test_no_machine_gives_points_for_emotion(report):
    names = [criterion.name for criterion in report.criteria]
    assert names == ["originality", "rhythm", "accompaniment", "cleanliness"]
    for criterion in report.criteria:
        mean = np.mean([part.points for part in criterion.parts])
        assert criterion.points == pytest.approx(mean)
        assert 0 <= criterion.points <= 10
    assert report.points == pytest.approx(sum(c.points for c in report.criteria))
    assert 0 <= report.bonus <= 5


# --- gates ---------------------------------------------------------------------


def test_a_whole_entry_passes_every_gate(report):
    assert [gate.name for gate in report.shut] == []
    assert report.passed
    assert {gate.passed for gate in report.gates} == {True}
    assert json.loads(json.dumps(report.to_dict(), allow_nan=False))["passed"] is True


def test_68_seconds_are_too_long(chain):
    found = gate(check_entry(arrange(chain, seconds=68), CARD, replay=False), "length")
    assert found.passed is False
    assert "68.0 seconds" in found.sentence
    assert "--seconds 60" in found.mend


def test_without_an_ar_cnn_the_gate_says_how_to_use_one():
    made = arrange(compose("old-hundredth"))
    found = gate(check_entry(made, CARD, replay=False), "GAN and AR-CNN")
    assert found.passed is False
    assert "No AR-CNN" in found.sentence
    assert "edit" in found.mend


def test_a_team_mates_section_counts_as_a_step(chain):
    made = arrange(compose("old-hundredth"), materials={"B": chain})
    found = gate(check_entry(made, CARD, replay=False), "GAN and AR-CNN")
    assert found.passed is True
    names = [step["technique"] for step in steps_of(made.provenance)]
    assert names.count("wgan") == 2


def test_a_note_changed_by_hand_is_found_by_replay(entry):
    record = json.loads(json.dumps(entry.provenance))
    record["result"]["score"]["tracks"][0]["notes"][3][1] += 1
    record["result"]["sha256"] = "0" * 64
    forged = Composition(entry.score, record, [], entry.parents)
    found = gate(check_entry(forged, CARD), "replay")
    assert found.passed is False
    assert "cannot be made again" in found.sentence


def test_replay_is_not_looked_at_unless_it_is_asked_for(entry):
    assert gate(check_entry(entry, CARD, replay=False), "replay").passed is None


def test_a_silent_bar_is_found_unless_the_card_names_it(entry):
    length = entry.score.metres[0].steps_per_bar
    start = entry.score.pickup + 4 * length  # bar 5
    tracks = tuple(
        replace(
            t,
            notes=tuple(
                n for n in t.notes if not (n.end > start and n.start < start + length)
            ),
        )
        for t in entry.score.tracks
    )
    quiet = with_score(entry, replace(entry.score, tracks=tracks))
    assert silent_bars(quiet.score) == [5]
    assert gate(check_entry(quiet, CARD, replay=False), "silence").passed is False
    card = CARD.changed(pauses=(5,))
    assert gate(check_entry(quiet, card, replay=False), "silence").passed is True


def test_a_note_that_hangs_is_named_with_its_bar(entry):
    first = entry.score.tracks[3].notes[0]
    notes = (replace(first, duration=80), *entry.score.tracks[3].notes[1:])
    tracks = (*entry.score.tracks[:3], replace(entry.score.tracks[3], notes=notes))
    stuck = with_score(entry, replace(entry.score, tracks=tracks))
    found = gate(check_entry(stuck, CARD, replay=False), "stuck notes")
    assert found.passed is False
    assert "20 quarters" in found.sentence


def test_a_training_chorale_is_a_copy_unless_it_was_declared():
    chorale = next(c for c in load_chorales("train") if c.metre == "4/4")
    score = from_grid(chorale.grid, tempo=100)
    copied = compose(score, technique="random")
    forged = with_score(copied, score)
    parent = copied.provenance["parents"][0] | {"score": {"tracks": []}}
    forged.provenance["parents"] = [parent]
    found = gate(check_entry(forged, CARD, replay=False), "copying")
    assert found.passed is False
    declared = arrange(score)
    assert gate(check_entry(declared, CARD, replay=False), "copying").passed is True


def test_a_card_with_gaps_shuts_its_gate(entry):
    found = gate(check_entry(entry, Card(title="x"), replay=False), "card")
    assert found.passed is False
    assert "composed" in found.mend


def gates_of_sound(score, path):
    found = sound_gates(score, sound_facts(path, score))
    return {gate.name: gate for gate in found}


def test_a_clipped_wav_is_refused(work, entry, tmp_path):
    audio, rate = read_audio(work.path("wav"))
    few = audio[: 5 * rate]
    write_wav(tmp_path / "loud.wav", np.clip(few * 40, -1, 1), rate)
    found = gates_of_sound(entry.score, tmp_path / "loud.wav")
    assert found["clipping"].passed is False
    assert "clipped at" in found["clipping"].sentence
    assert found["sound"].passed is False
    assert "lasts 5.0 seconds" in found["sound"].sentence


def test_another_pieces_wav_is_refused(work, entry, tmp_path):
    audio, rate = read_audio(work.path("wav"))
    write_wav(tmp_path / "back.wav", audio[::-1].copy(), rate)
    found = gates_of_sound(entry.score, tmp_path / "back.wav")
    assert found["sound"].passed is False
    assert "not the sound of these notes" in found["sound"].sentence


def test_a_midi_file_with_another_note_is_refused(entry, tmp_path):
    first = entry.score.tracks[1].notes[0]
    notes = (replace(first, pitch=first.pitch + 1), *entry.score.tracks[1].notes[1:])
    tracks = list(entry.score.tracks)
    tracks[1] = replace(tracks[1], notes=notes)
    path = tmp_path / "other.mid"
    write_midi(replace(entry.score, tracks=tuple(tracks)), path)
    assert (
        gate(check_entry(entry, CARD, midi=path, replay=False), "MIDI").passed is False
    )
    path.write_bytes(b"no midi")
    assert (
        gate(check_entry(entry, CARD, midi=path, replay=False), "MIDI").passed is False
    )


def test_music_without_four_voices_gets_no_points_but_gates():
    report = check_entry(arrange(compose("ode-to-joy", "melody-rnn", steps=32)), CARD)
    assert report.criteria == ()
    assert "four" in report.notes[0]
    assert gate(report, "length").passed is True
    assert gate(report, "copying").passed is None


# --- sound ---------------------------------------------------------------------


def test_clipping_needs_several_samples_at_full_scale():
    audio = np.zeros((100, 2), np.float32)
    audio[10:12, 0] = 1
    assert n_clipped(audio) == 0
    audio[50:54, 1] = -1
    assert n_clipped(audio) == 1


def test_the_sound_of_the_notes_agrees_and_a_tritone_off_does_not():
    rate, score = 8_000, Score.from_notes([(0, 60, 16), (16, 67, 16)], tempo=60)
    times = np.arange(8 * rate) / rate
    hertz = np.where(times < 4, 261.63, 392.0)
    tone = np.sin(2 * np.pi * np.cumsum(hertz) / rate)
    off = np.sin(2 * np.pi * np.cumsum(hertz * 2**0.5) / rate)
    assert chroma_match(tone, rate, score) > 0.8
    assert chroma_match(off, rate, score) < 0.2
    assert chroma_match(np.zeros(8 * rate), rate, score) == 0


# --- the worst bar and the page ------------------------------------------------


def test_the_worst_bar_is_where_faults_were_planted():
    chorale = next(c for c in load_chorales("valid") if c.metre == "4/4")
    pitches = chorale.grid.pitches.copy()
    start = int(chorale.bar_starts[4])
    number = int(np.searchsorted(chorale.bar_starts, start, side="right"))
    for beat in range(4):
        cells = slice(start + 4 * beat, start + 4 * beat + 4)
        pitches[1, cells] = 60 + beat
        pitches[3, cells] = 53 + beat  # parallel fifths, four times
    grid = Grid(pitches)
    score = from_grid(grid, tempo=100, pickup=chorale.pickup)
    found = worst_bar(Piece(grid, pickup=chorale.pickup), score)
    first_bar = 0 if chorale.pickup else 1
    assert found.bar == number - 1 + first_bar
    assert any("parallel fifths" in fault for fault in found.faults)
    assert found.start_seconds == pytest.approx(start * 0.15)


def test_the_page_shows_all_and_runs_nothing_from_the_card(report, work):
    evil = replace(report, title="<script>alert(1)</script>")
    text = evil.page(composition=work.composition, sound=work.path("mid"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert "default-src 'none'" in text
    for found in report.gates:
        assert found.name in text
    assert f"Hear bar {report.worst.bar}" in text
    assert "http" not in text.replace("http-equiv", "")


def test_a_page_without_music_has_no_script(report):
    text = report.page()
    assert "<script" not in text
    assert "script-src 'none'" in text


def test_names_in_the_picture_are_escaped():
    svg = roll_svg(Score((Track((Note(0, 60, 4),), "<b>"),), title="<b>"))
    assert "<b>" not in svg

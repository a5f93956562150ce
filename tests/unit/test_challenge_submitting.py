"""Packing an entry: refused politely, or whole; and the commands of the contest."""

from __future__ import annotations

import json
import wave
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from challenge_entries import card, composition, put_entry, report, wav_bytes

from deepcomposer_edu.challenge import judged_piece, scores, submitting
from deepcomposer_edu.challenge.check import check_entry
from deepcomposer_edu.challenge.entry import CHECKSUMS, MOST_BYTES
from deepcomposer_edu.challenge.example import load_example
from deepcomposer_edu.challenge.papers import by_bar, entry_card, model_cards
from deepcomposer_edu.challenge.reading import read_entry
from deepcomposer_edu.challenge.submitting import RefusedError, refusals, submit
from deepcomposer_edu.challenge.workspace import new_workspace
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.compose.chain import steps_of
from deepcomposer_edu.compose.export.gallery import piece_of, write_gallery
from deepcomposer_edu.compose.export.saving import save_score
from deepcomposer_edu.compose.provenance import notes_digest
from deepcomposer_edu.compose.raw_sound.timbres import raw_record, read_timbre
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import read_audio, write_wav
from deepcomposer_edu.music.score_dict import score_to_dict


@pytest.fixture(scope="module", name="example")
def example_fixture():
    return load_example()


@pytest.fixture(autouse=True)
def _without_replay(monkeypatch):
    """Make nothing again: tests/browser and test_provenance do that."""

    def check(composition, card, wav, replay, midi):
        assert replay
        return check_entry(composition, card, wav, replay=False, midi=midi)

    monkeypatch.setattr(submitting, "check_entry", check)


def workspace(tmp_path, made, wav=None, own=None):
    """Return a workspace with music, and sound of its own."""
    work = new_workspace(tmp_path / "work", own or card())
    work.save(made, ("json",))
    if wav is not None:
        work.path("wav").write_bytes(wav)
    return work


def at_another_tempo(made, factor):
    """Return a composition that lasts `factor` times as long."""
    score = replace(
        made.score,
        tempo=made.score.tempo / factor,
        tempo_changes=tuple((s, b / factor) for s, b in made.score.tempo_changes),
    )
    result = {"sha256": notes_digest(score), "score": score_to_dict(score)}
    return replace(made, score=score, provenance={**made.provenance, "result": result})


def said_to(work):
    """Return all that is in the way of an entry, and that nothing was packed."""
    with pytest.raises(RefusedError) as caught:
        submit(work)
    assert str(caught.value).startswith("Not submitted yet. ")
    assert list(work.folder.glob("*.zip")) == []
    return " ".join(refusals(caught.value.report))


def test_the_worked_example_is_packed_and_read_again(tmp_path, example):
    work = workspace(tmp_path, example.composition, own=example.card)
    told = []
    packed = submit(work, tmp_path / "entries", told.append)
    assert packed.path.name.startswith("old-hundredth-outward-bound-")
    assert packed.notes == ("There was no entry.wav, so the music was played anew.",)
    assert told[-1] == "packing it"
    entry = read_entry(packed.path)
    assert entry.card == example.card
    assert entry.composition.score == example.composition.score
    with zipfile.ZipFile(packed.path) as archive:
        names = archive.namelist()
        paper = archive.read("process_card.md").decode()
        licence = archive.read("LICENCE.txt").decode()
    assert names == [*MOST_BYTES, CHECKSUMS]
    assert "| step 2, bar 1 | ar-cnn, edits: bass 1 |" in paper
    assert "ar-cnn-orderless" in paper
    assert "earn money with it" in licence
    (tmp_path / "mp3").write_bytes(zipfile.ZipFile(packed.path).read("entry.mp3"))
    sound, rate = read_audio(tmp_path / "mp3")
    assert len(sound) / rate == pytest.approx(entry.seconds, abs=0.1)


def test_68_seconds_are_refused_with_what_to_do(tmp_path, example):
    slow = at_another_tempo(example.composition, 68 / 60)
    said = said_to(workspace(tmp_path, slow, wav_bytes(69)))
    assert "The music lasts 68.0 seconds; 55 to 65 are asked for." in said
    assert "--seconds 60" in said


def test_clipping_is_refused(tmp_path, example):
    loud = np.sign(np.sin(np.arange(61 * 8000) / 5)).astype(np.float32)
    path = write_wav(tmp_path / "loud.wav", loud, 8000)
    said = said_to(workspace(tmp_path, example.composition, path.read_bytes()))
    assert "full scale" in said


def test_an_entry_without_the_ar_cnn_is_refused(tmp_path):
    said = said_to(workspace(tmp_path, composition(), wav_bytes(10)))
    assert "AR-CNN" in said
    assert "deepcomposer edit" in said


def test_a_card_without_a_licence_is_refused(tmp_path, example):
    own = card(licence="", composers=())
    work = workspace(tmp_path, example.composition, wav_bytes(61), own)
    said = said_to(work)
    assert "Say who composed it." in said
    assert "Put the entry under a licence" in said


def test_sound_of_another_program_is_taken_and_written_plainly(tmp_path, monkeypatch):
    monkeypatch.setattr(submitting, "check_entry", lambda *_, **__: report())
    path = tmp_path / "mixed.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(3)  # 24 bits
        file.setframerate(11_000)
        tone = (4e6 * np.sin(np.arange(9 * 11_000) / 10)).astype("<i4")
        raw = np.repeat(tone, 2).view(np.uint8).reshape(-1, 4)[:, :3]
        file.writeframes(raw.tobytes())
    work = workspace(tmp_path, composition(), path.read_bytes())
    packed = submit(work, tmp_path / "mine.zip")
    assert packed.path == tmp_path / "mine.zip"
    assert packed.notes == ("Your entry.wav was written anew with 16 bits, 11000 Hz.",)
    assert read_entry(packed.path).rate == 11_000


def test_what_is_no_sound_or_no_workspace_gets_a_sentence(tmp_path, example):
    work = workspace(tmp_path, example.composition, b"no sound")
    with pytest.raises(InputError, match="can't be read as sound"):
        submit(work)
    with pytest.raises(InputError, match="no workspace of the challenge"):
        submit(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="There is no music"):
        submit(new_workspace(tmp_path / "empty", card()))


# --- papers


def test_steps_of_several_parents_are_all_told(example):
    first, second = example.composition.provenance, composition().provenance
    both = {**first, "materials": {"B": {"kind": "composition", "composition": second}}}
    names = [step["technique"] for step in steps_of(both)]
    assert names == ["wgan", "ar-cnn", "arrange", "wgan", "orchestrate"]
    hostile = {"parents": [7, {"kind": "composition"}], "materials": [1]}
    assert steps_of(hostile) == [hostile]


def test_who_did_what_is_told_by_bar(example):
    rows = by_bar(example.composition)
    assert ("step 3, bars 9 to 12", "arrange, section B") in rows
    assert ("step 2, bar 5", "ar-cnn, edits: alto 1, tenor 1") in rows


def test_texts_stay_in_their_cells(example):
    own = card(composers=("a | b <script>",), roles=(("x", "wrote\nit"),))
    paper = entry_card(example.composition, own, report())
    assert "a \\| b &lt;script&gt;" in paper
    assert "<script" not in paper


def test_each_network_has_a_model_card(example):
    found = model_cards(example.composition)
    assert found.count("### Model card") == 2
    assert model_cards(composition()) == "No network was at work.\n"


def test_a_network_that_plays_has_a_model_card_too():
    made = composition()
    raw = raw_record([read_timbre("wavenet:organ")], seed=1)
    played = replace(made, provenance={**made.provenance, **raw})
    assert "### Model card: wavenet-notes" in model_cards(played)
    own = {"raw": {"timbres": [], "seed": 0, "weights": {"a" * 5_000: "b" * 64}}}
    mine = replace(made, provenance={**made.provenance, **own})
    assert "A network of the composers' own, `bbbbbbbbbbbbbbbb`" in model_cards(mine)


# --- the command line


def test_the_contest_from_the_shell(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        judged_piece, "check_entry", lambda _, card, *__, **___: report(card.title)
    )
    for i in range(2):
        put_entry(tmp_path / "in", f"{i}.zip", title=f"Piece {i}")
    (tmp_path / "in" / "x.zip").write_bytes(b"PK\x1b[2J")
    command = ["challenge", "judge", str(tmp_path / "in"), "-o", str(tmp_path / "j")]
    assert main([*command, "--seed", "1"]) == 0
    said = capsys.readouterr().out
    assert "- x.zip is left out: the zip was cut short" in said
    assert "2 entries, all at -20 LUFS." in said
    contest = json.loads((tmp_path / "j" / "key.json").read_text())["contest"]
    for judge in "abc":
        rows = {
            code: {"scores": dict.fromkeys(scores.KEYS, mark), "done": True}
            for code, mark in (("E01", 4), ("E02", 2))
        }
        head = {"format": scores.FORMAT, "format_version": 1, "contest": contest}
        text = json.dumps({**head, "judge": judge, "entries": rows})
        (tmp_path / f"{judge}.json").write_text(text)
    files = [str(tmp_path / f"{judge}.json") for judge in "abc"]
    out = str(tmp_path / "r")
    assert main(["challenge", "results", str(tmp_path / "j"), *files, "-o", out]) == 0
    said = capsys.readouterr().out
    assert "Judge 1 heard less than half of E01, E02." in said
    # machine 24, brief 3 and 4; judges 4 x (8 + 4) for the first
    assert "  1.  79.0  Piece" in said
    out = str(tmp_path / "g")
    assert main(["challenge", "gallery", str(tmp_path / "in"), "-o", out]) == 0
    assert "2 pieces: " in capsys.readouterr().out
    assert (tmp_path / "g" / "02-piece-1.mp3").stat().st_size > 10_000


def test_wrong_input_at_the_shell_is_one_sentence(tmp_path, capsys):
    for command in (
        ["challenge", "submit", str(tmp_path)],
        ["challenge", "judge", str(tmp_path), "-o", str(tmp_path / "j")],
        ["challenge", "results", str(tmp_path), "x.json", "-o", str(tmp_path / "r")],
        ["challenge", "gallery", str(tmp_path), "-o", str(tmp_path / "g")],
        ["publish", str(tmp_path), "-o", str(tmp_path / "g")],
    ):
        assert main(command) == 2
        said = capsys.readouterr()
        assert said.err.startswith("deepcomposer: ")
        assert said.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_refused_entry_lists_all_that_is_in_the_way(tmp_path, capsys):
    work = workspace(tmp_path, composition(), wav_bytes(10))
    assert main(["challenge", "submit", str(work.folder)]) == 2
    said = capsys.readouterr()
    assert said.out.count("\n- ") >= 2
    assert "gates are shut. Mend what is named above" in said.err


def test_compositions_are_published_with_one_command(tmp_path, capsys):
    made = composition()
    save_score(made.score, tmp_path / "one", "mid")
    made.save(tmp_path / "one", "json")
    out = tmp_path / "public"
    command = ["publish", str(tmp_path / "one"), "-o", str(out), "--by", "me & you"]
    assert main(command) == 0
    assert "Put the whole folder on a web host" in capsys.readouterr().out
    assert sorted(p.name for p in out.iterdir()) == [
        "01-to-space.mid", "01-to-space.mp3", "01-to-space.musicxml", "index.html"
    ]  # fmt: skip
    page = (out / "index.html").read_text()
    assert "me &amp; you" in page
    assert "Made with wgan, bach, seed 0." in page
    assert "https://" not in page


def test_a_gallery_is_whole_or_not_there(tmp_path):
    def silent():
        raise InputError("no sound")

    piece = replace(piece_of(composition()), audio=silent)
    with pytest.raises(InputError, match="no sound"):
        write_gallery([piece], tmp_path / "g")
    assert not (tmp_path / "g").exists()
    with pytest.raises(InputError, match="1 to 300"):
        write_gallery([], tmp_path / "g")

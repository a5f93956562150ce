"""A class's chorale: one voice trained by each, handed in, and sung together."""

import json
import struct
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import torch
from safetensors.torch import save
from tiny_pieces import Piece

from deepcomposer_edu.classroom import chorale_page
from deepcomposer_edu.classroom.casting import MOST_VERSES, casting
from deepcomposer_edu.classroom.chorale import class_chorale
from deepcomposer_edu.classroom.singers import STAND_IN, Singer, Singers, read_singers
from deepcomposer_edu.cli.main import main
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.course.handing_in import hand_in
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.choir import NOBODY, Choir, agree, sing
from deepcomposer_edu.models.frames import N_CLASSES, N_PITCHES, to_classes
from deepcomposer_edu.models.orderless import MASK, Canvas
from deepcomposer_edu.models.voice_file import MAX_BYTES, read_voice, save_voice
from deepcomposer_edu.models.voice_net import LEARNED, SINGS, VoiceConfig, VoiceNet
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.midi import read_midi
from deepcomposer_edu.training.history import read_history
from deepcomposer_edu.training.pieces import piece_frames
from deepcomposer_edu.training.voice import hidden_of_voice, judge_voice, train_voice

SMALL = {"n_channels": 16, "n_layers": 2, "note_size": 8}


def net(voice="alto", seed=0):
    """A small network that has something to say."""
    torch.manual_seed(seed)
    made = VoiceNet(VoiceConfig(voice, **SMALL)).eval()
    for score in (made.by_pitch, made.by_interval):
        torch.nn.init.normal_(score.weight, std=0.5)
    return made


def canvas(classes):
    steps = torch.arange(classes.shape[-1])
    return Canvas(classes, steps % 4, steps // 4 % 4 + 1)


def singers():
    """Two altos, a tenor, three basses."""
    voices = [("alto", 2), ("tenor", 1), ("bass", 3)]
    found = [
        Singer(f"{voice} {i}", voice, net(voice, i))
        for voice, n in voices
        for i in range(n)
    ]
    return Singers(tuple(found))


# --- one voice ------------------------------------------------------------------


def test_a_singer_does_not_hear_the_notes_that_are_hidden_from_it():
    classes = to_classes(Piece(0).grid.pitches)[None]
    hidden = classes.clone()
    hidden[:, 1] = MASK
    first = net()(canvas(hidden))[0]
    assert first.shape == (1, classes.shape[-1], N_CLASSES)
    hidden[:, 2, 5] += 1  # what the tenor sings it does hear
    assert not torch.equal(first, net()(canvas(hidden))[0])


def test_a_voice_can_be_trained_without_pieces_to_judge_it(tmp_path):
    how = {"train": [Piece(0)], "valid": [], "batch_size": 1}
    train_voice(tmp_path, VoiceConfig("alto", **SMALL), n_steps=1, **how)
    assert list((tmp_path / "samples").glob("*")) == []


@pytest.mark.parametrize("row", [1, 2, 3])
def test_some_of_the_voice_is_always_hidden_and_the_soprano_never(row):
    random = torch.Generator().manual_seed(0)
    masks = torch.stack([hidden_of_voice(row, 16, random) for _ in range(60)])
    assert masks[:, row].any(1).all()
    assert not masks[:, 0].any()
    others = [r for r in (1, 2, 3) if r != row]
    assert masks[:, others].any((1, 2)).float().mean() < 1  # and often all others known


def test_who_finds_all_notes_alike_is_as_wrong_as_chance():
    blank = VoiceNet(VoiceConfig("tenor", **SMALL)).eval()
    found = judge_voice(blank, 2, [piece_frames(Piece(0))])
    bias = float(np.log(N_CLASSES))
    assert found["valid_loss"] == pytest.approx(bias, abs=1e-4)


def test_a_voice_learns_and_goes_on_to_the_same_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr("deepcomposer_edu.training.voice.SAMPLE_PASSES", 4)
    pieces = load_chorales("valid")[:4]
    how = {"train": pieces, "valid": pieces[:1], "batch_size": 4, "sample_every": 8}
    config = VoiceConfig("bass", **SMALL)
    rows = train_voice(tmp_path / "a", config, n_steps=16, **how).rows
    assert rows[-1]["valid_loss"] < rows[0]["valid_loss"] - 0.1
    assert rows[-1]["right"] > rows[0]["right"]
    train_voice(tmp_path / "b", config, n_steps=8, checkpoint_every=8, **how)
    train_voice(tmp_path / "b", n_steps=16, resume=True, **how)
    again = read_history(tmp_path / "b")[-1]
    assert again["loss"] == rows[-1]["loss"]
    sample = read_midi(tmp_path / "a" / "samples" / "step_000016.mid")
    kept = [[n.pitch for n in t.notes] for t in sample.tracks[:3]]
    assert kept == [
        [n.pitch for n in t.notes if n.start < 64]
        for t in pieces[0].to_score().tracks[:3]
    ]


# --- the file -------------------------------------------------------------------


@pytest.fixture(name="file")
def file_fixture(tmp_path):
    return save_voice(tmp_path / "a.voice", net("tenor"), "Mina", {"steps": 5})


def test_a_voice_comes_back_as_it_was_handed_in(file):
    found = read_voice(file)
    assert (found.name, found.voice, found.about) == ("Mina", "tenor", {"steps": 5})
    for key, tensor in net("tenor").state_dict().items():
        assert torch.equal(found.network.state_dict()[key], tensor.half().float())


def test_names_are_one_short_line_of_letters(tmp_path):
    path = save_voice(tmp_path / "a.voice", net(), "  Mi\x1b\nna\u202e " + "x" * 99, {})
    assert read_voice(path).name == "Mina " + "x" * 35
    with pytest.raises(InputError, match="has no name"):
        save_voice(path, net(), "\x00", {})


def pack(**changes):
    """A file with other things in its head."""
    made = net()
    head = {
        "format": "deepcomposer voice",
        "format_version": "1",
        "name": "x",
        "config": json.dumps(made.config.to_dict()),
        "about": "{}",
    } | changes
    tensors = {k: v.half().contiguous() for k, v in made.state_dict().items()}
    return save(tensors, head), tensors, head


def config(**changes):
    return json.dumps(VoiceConfig(**SMALL).to_dict() | changes)


HOSTILE = {
    "nothing": b"",
    "text": b"<script>alert(1)</script>" * 10,
    "a pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94.",
    "a head without end": struct.pack("<Q", 2**63) + b"{}",
    "cut short": pack()[0][:-9],
    "too large": b"\0" * (MAX_BYTES + 1),
    "another version": pack(format_version="2")[0],
    "a soprano": pack(config=config(voice="soprano"))[0],
    "a giant": pack(config=config(n_channels=256, n_layers=20))[0],
    "beyond all bounds": pack(config=config(n_layers=10**9))[0],
    "a size that is text": pack(config=config(n_channels="16"))[0],
    "an unknown setting": pack(config=config(more=1))[0],
    "deep settings": pack(config="[" * 9000)[0],
    "settings without sense": pack(config='{"voice": NaN}')[0],
    "numbers that are none": save(
        pack()[1] | {"by_pitch.bias": torch.full((N_CLASSES,), torch.nan).half()},
        pack()[2],
    ),
    "another network": save({"a": torch.zeros(3).half()}, pack()[2]),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence(what, tmp_path):
    path = tmp_path / "evil.voice"
    path.write_bytes(HOSTILE[what])
    with pytest.raises(InputError, match=r"^evil\.voice is left out: .+\.$"):
        read_voice(path)


def test_a_link_is_not_followed(file, tmp_path):
    link = tmp_path / "link.voice"
    link.symlink_to(file)
    with pytest.raises(InputError, match="it is a link"):
        read_voice(link)


def test_a_class_is_read_past_what_is_broken_or_twice_there(file, tmp_path):
    save_voice(tmp_path / "desk" / "b.voice", net("tenor", 1), "Mina", {})
    save_voice(tmp_path / "c.voice", net("alto"), "Leo 10", {})
    save_voice(tmp_path / "d.voice", net("alto", 1), "Leo 9", {})
    (tmp_path / "e.voice").write_bytes(b"?")
    (tmp_path / "f.voice").write_bytes(file.read_bytes())
    found = read_singers(tmp_path)
    names = ["Leo 9", "Leo 10", "Mina", "Mina 2"]
    assert [one.name for one in found.singers] == names
    assert len(found.problems) == 2
    assert found.of("bass")[0].name == STAND_IN
    only = read_singers(tmp_path, ["Leo 9"])
    assert [one.name for one in only.singers] == ["Leo 9"]
    with pytest.raises(InputError, match="Nobody called 'Zoe'"):
        read_singers(tmp_path, ["Zoe"])


# --- who sings what -------------------------------------------------------------


@pytest.mark.parametrize("n_singers", [(1, 1, 1), (2, 5, 3), (10, 10, 10), (1, 9, 4)])
def test_everybody_is_heard_and_nobody_twice_before_all(n_singers):
    cast = casting(n_singers, n_bars=8, bars_each=2)
    for voice, n in enumerate(n_singers):
        turns = cast[:, voice, ::2].ravel()
        assert set(turns) == set(range(n))
        assert (cast[:, voice, ::2] == cast[:, voice, 1::2]).all()
        for first in range(0, len(turns) - n + 1, n):
            assert len(set(turns[first : first + n])) == n


def test_other_lots_another_cast_and_the_same_lots_the_same():
    same, again, other = (casting((9, 9, 9), 8, seed=s) for s in (0, 0, 1))
    assert (same == again).all()
    assert (same != other).any()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"bars_each": 9}, "choose 1 to 8"),
        ({"bars_each": 0}, "choose 1 to 8"),
        ({"n_verses": 0}, "1 to 12"),
        ({"n_singers": (8 * MOST_VERSES + 1, 1, 1), "bars_each": 1}, "fewer bars"),
    ],
)
def test_a_cast_that_cannot_be_is_refused(how, why):
    with pytest.raises(InputError, match=why):
        casting(**{"n_singers": (2, 2, 2), "n_bars": 8} | how)


# --- singing --------------------------------------------------------------------


def choir_of(cast, seed=0):
    return Choir([net(voice, seed) for voice in LEARNED], cast)


def test_each_cell_is_sung_by_its_singer():
    classes = to_classes(Piece(0).grid.pitches)[None]
    cast = np.full((4, classes.shape[-1]), NOBODY)
    cast[1, 4:8], cast[3] = 0, 2
    logits, repeats = choir_of(cast)(canvas(classes))
    assert torch.equal(logits[:, 1, 4:8], net("alto")(canvas(classes))[0][:, 4:8])
    assert torch.equal(logits[:, 3], net("bass")(canvas(classes))[0])
    assert not logits[:, 0].any()
    assert not logits[:, 2].any()
    assert (repeats[:, 0] == -torch.inf).all()


def test_what_is_given_stays_and_what_is_cast_is_sung():
    grid, cast = Piece(0).grid, np.full((4, 24), NOBODY)
    cast[1:] = np.arange(3)[:, None]
    cast[3, :8] = NOBODY
    made = sing(choir_of(cast), grid, passes=4)
    is_given = cast == NOBODY
    assert (made.pitches[is_given] == grid.pitches[is_given]).all()
    assert (made.pitches != grid.pitches)[1].any()
    assert made == sing(choir_of(cast), grid, passes=4)
    assert made != sing(choir_of(cast), grid, passes=4, seed=1)


class Wants(torch.nn.Module):
    """A singer that wants one pitch, or one that lies so much above another voice."""

    def __init__(self, pitch=None, above=None):
        super().__init__()
        self.pitch, self.above = pitch, above

    def forward(self, canvas):
        n, _, n_steps = canvas.classes.shape
        logits = torch.zeros(n, n_steps, N_CLASSES)
        if self.above is None:
            logits[..., self.pitch] = 9.0
        else:
            row, semitones = self.above
            wanted = (canvas.classes[:, row] + semitones).clamp(0, N_PITCHES - 1)
            logits.scatter_(-1, wanted[..., None], 9.0)
        return logits, torch.zeros(n, n_steps)


def test_singers_who_can_agree_do_and_then_stop():
    grid = Piece(0, n_steps=16).grid
    cast = np.full((4, 16), NOBODY)
    cast[1], cast[3] = 0, 1
    choir = Choir([Wants(above=(3, 16)), Wants(pitch=20)], cast)
    made, rounds = agree(choir, grid)
    assert (to_classes(made.pitches)[3] == 20).all()
    assert (to_classes(made.pitches)[1] == 36).all()
    assert rounds[-1].n_changed == 0
    assert rounds[-1].share == 1
    assert rounds[0].share < 1
    untouched = [0, 2]
    assert (made.pitches[untouched] == grid.pitches[untouched]).all()


def test_singers_who_never_agree_are_stopped():
    grid = Grid(np.full((4, 8), 60))
    cast = np.full((4, 8), NOBODY)
    cast[1], cast[3] = 0, 1
    choir = Choir([Wants(above=(3, 3)), Wants(above=(1, 1))], cast)  # ever higher
    _, rounds = agree(choir, grid, most_rounds=3)
    assert len(rounds) == 3
    assert rounds[-1].n_changed


def test_nobody_is_silenced_by_a_singer_whose_numbers_are_none():
    class Broken(torch.nn.Module):
        def forward(self, canvas):
            n, _, n_steps = canvas.classes.shape
            nothing = torch.full((n, n_steps, N_CLASSES), torch.nan)
            return nothing, nothing[..., 0]

    grid, cast = Piece(0).grid, np.full((4, 24), NOBODY)
    cast[1], cast[2] = 0, 1
    choir = Choir([net(), Broken()], cast)
    made, _ = agree(choir, sing(choir, grid, passes=2))
    assert (made.pitches[3] == grid.pitches[3]).all()


# --- the whole ------------------------------------------------------------------


def test_a_class_sings_the_tune_and_everybody_is_heard():
    tune = load_tune("row-your-boat")
    made = class_chorale(tune, singers(), bars_each=4, passes=4)
    assert made.n_bars == 8
    assert {s.singer for s in made.stretches()} == set(range(6))
    by_voice = Counter(s.voice for s in made.stretches())
    assert set(by_voice) == set(LEARNED)
    for one in made.stretches():
        assert made.singers[one.singer].voice == one.voice
    assert len(made.score.tracks) == 4
    soprano = [note.pitch for note in made.score.tracks[0].notes]
    line = [note.pitch for note in tune.tracks[0].notes]
    assert soprano == line * len(made.verses)
    again = class_chorale(tune, singers(), bars_each=4, passes=4)
    assert again.score == made.score


def test_a_pickup_belongs_to_the_first_bar_and_verses_begin_alike():
    tune = load_tune("old-hundredth")
    made = class_chorale(tune, singers(), bars_each=3, n_verses=2, passes=2)
    spb, pickup = int(tune.metres[0].steps_per_bar), int(tune.pickup)
    assert made.edges[1] == pickup + spb
    pitches = [n.pitch for n in made.score.tracks[0].notes]
    length = len(pitches) // 2
    assert pitches[:length] == pitches[length:]
    starts = [n.start for n in made.score.tracks[0].notes]
    assert (starts[length] - starts[0]) % spb == 0


def test_the_page_says_in_each_bar_who_sings(tmp_path):
    made = class_chorale(load_tune("row-your-boat"), singers(), bars_each=4, passes=4)
    text = chorale_page.chorale_page(made)
    data = json.loads(text.partition('id="data">')[2].partition("</script>")[0])
    bars = data["bars"]
    assert len(bars) == len(made.verses) * made.n_bars
    assert bars[0]["start"] == 0
    assert bars[-1]["end"] == pytest.approx(data["seconds"], abs=0.01)
    for one, after in pairwise(bars):
        assert one["end"] == after["start"] > one["start"]
    for stretch in made.stretches():
        name = made.singers[stretch.singer].name
        for bar in range(stretch.first, stretch.last + 1):
            row = bars[stretch.verse * made.n_bars + bar]
            assert row["names"][SINGS[stretch.voice] - 1] == name
    for one in made.singers:
        assert f">{one.name}</th>" in text
    few = class_chorale(
        load_tune("row-your-boat"), singers(), bars_each=8, passes=1, n_verses=1
    )
    assert "sung by 3\nnetworks" in chorale_page.chorale_page(few)


def test_from_the_shell_a_run_becomes_a_file_and_files_a_page(
    tmp_path, monkeypatch, capsys
):
    pieces = load_chorales("valid")[:1]
    run, share = tmp_path / "run", tmp_path / "share"
    how = {"train": pieces, "valid": pieces, "batch_size": 2}
    train_voice(run, VoiceConfig("alto", **SMALL), n_steps=1, **how)
    monkeypatch.setenv("DEEPCOMPOSER_SHARE", str(share))
    assert main(["hand-in", str(run), "--name", "Mina Kim"]) == 0
    (file,) = share.iterdir()
    assert file.name.startswith("alto-Mina-Kim")
    assert read_voice(file).name == "Mina Kim"
    assert read_voice(hand_in(run, "Mina Kim", tmp_path)).about["steps"] == 1
    for name in ("tenor", "bass"):
        save_voice(share / f"{name}.voice", net(name), name, {})
    (share / "broken.voice").write_bytes(b"?")
    page = tmp_path / "wall.html"
    given = [str(share), "-o", str(page), "--passes", "2", "--tune", "row-your-boat"]
    assert main(["classroom", "chorale", *given]) == 0
    said = capsys.readouterr().out
    assert "broken.voice is left out" in said
    assert "Mina Kim" in page.read_text("utf-8")
    record = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert [one["name"] for one in record["singers"]] == ["Mina Kim", "tenor", "bass"]
    assert len(read_midi(page.with_suffix(".mid")).tracks) == 4


@pytest.mark.parametrize("folder", ["missing", "."])
def test_a_folder_without_voices_is_one_sentence(folder, tmp_path):
    with pytest.raises(InputError, match=r"is no folder|No voice could be read"):
        read_singers(tmp_path / folder)

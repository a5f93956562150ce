"""Entries of strangers: what is wrong with them gets a sentence and harms nothing."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from dataclasses import replace

import pytest
from challenge_entries import (
    card,
    composition,
    entry_files,
    four_voices,
    put_entry,
    wav_bytes,
    zip_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from deepcomposer_edu.challenge.entry import CHECKSUMS, MOST_BYTES, checksums
from deepcomposer_edu.challenge.reading import (
    check_size,
    read_entries,
    read_entry,
    shown,
)
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi_write import midi_bytes
from deepcomposer_edu.music.score import Metre, Score


@pytest.fixture(scope="module", name="files")
def files_fixture():
    return entry_files()


@pytest.fixture(scope="module", name="whole")
def whole_fixture(files):
    return zip_of(files)


def refused(tmp_path, data, name="entry.zip"):
    """Return the sentence with which a zip is refused; nothing new lies beside it."""
    path = tmp_path / name
    path.write_bytes(data)
    before = sorted(p.name for p in tmp_path.parent.rglob("*"))
    with pytest.raises(InputError) as caught:
        read_entry(path)
    assert sorted(p.name for p in tmp_path.parent.rglob("*")) == before
    text = str(caught.value)
    assert text.startswith(f"{name} is left out: ")
    assert text.isprintable()
    return text


def test_an_entry_comes_back_as_it_was_packed(tmp_path):
    path = put_entry(tmp_path, "one.zip", title="Far away")
    entry = read_entry(path)
    assert entry.card.title == "Far away"
    assert entry.composition.score == four_voices()
    assert entry.audio.shape == (9 * 22_050, 1)
    assert (entry.rate, entry.seconds, entry.name) == (22_050, 9.0, "one.zip")


# --- the zip


def zip_with(files, name, data=b"x", attributes=0o100644, **options):
    """Return a zip with one more member than it should have."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for own, content in {**files, CHECKSUMS: checksums(files)}.items():
            if own != name:
                archive.writestr(own, content)
        info = zipfile.ZipInfo(name)
        info.external_attr = attributes << 16
        for key, value in options.items():
            setattr(info, key, value)
        archive.writestr(info, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "/etc/passwd",
        "C:\\outside.txt",
        "..\\..\\outside.txt",
        "sub/entry.mid",
        "<script>alert(1)</script>.html",
        "inner.zip",
        "ENTRY.MID",
        "entry.mid\u202e",
    ],
)
def test_a_name_that_is_no_part_of_an_entry_is_never_unpacked(tmp_path, files, name):
    said = refused(tmp_path, zip_with(files, name))
    # one member too many is said first, whatever it is called
    assert "it holds 12 files, but an entry has 11" in said
    without = {k: v for k, v in files.items() if k != "entry.mp3"}
    assert "no part of an entry" in refused(tmp_path, zip_with(without, name))


def test_a_name_that_stands_there_twice_is_refused(tmp_path, files):
    without = {k: v for k, v in files.items() if k != "entry.mp3"}
    out = io.BytesIO(zip_of(without))
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(out, "a") as archive,
    ):
        archive.writestr("entry.mid", b"another")
    assert "holds 'entry.mid' 2 times" in refused(tmp_path, out.getvalue())


def test_links_and_passwords_are_refused(tmp_path, files):
    link = zip_with(files, "entry.mp3", b"/etc/passwd", 0o120777)
    assert "entry.mp3 is a link" in refused(tmp_path, link)
    locked = bytearray(zip_of(files))
    start = locked.rindex(b"PK\x01\x02")  # the last name's row: flags at 8
    locked[start + 8] |= 1
    assert "locked with a password" in refused(tmp_path, bytes(locked))


def test_a_bomb_is_not_blown_up(tmp_path, files):
    bomb = zip_of({**files, "LICENCE.txt": bytes(64 << 20)})
    assert len(bomb) < 1 << 20
    assert "LICENCE.txt has 67,108,864 bytes, but at most" in refused(tmp_path, bomb)


def test_a_bomb_that_lies_about_its_size_is_stopped_where_it_should_end(
    tmp_path, files
):
    bomb = bytearray(zip_of({**files, "LICENCE.txt": bytes(8 << 20)}))
    real = struct.pack("<L", 8 << 20)
    for at in (bomb.find(real), bomb.rfind(real)):
        bomb[at : at + 4] = struct.pack("<L", 60_000)
    said = refused(tmp_path, bytes(bomb))
    assert "damaged" in said or "grows to more" in said


def test_a_zip_in_a_zip_is_only_bytes(tmp_path, files, whole):
    said = refused(tmp_path, zip_of({**files, "entry.mid": whole}))
    assert "entry.mid" in said or "MIDI" in said


def test_absurd_counts_are_refused_before_they_are_read(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(3000):
            archive.writestr(f"{i}", b"")
    assert "it holds 3,000 files" in refused(tmp_path, out.getvalue())
    lying = bytearray(out.getvalue())
    lying[-12:-10] = struct.pack("<H", 11)  # so many, it says
    assert "list of names does not fit" in refused(tmp_path, bytes(lying))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is no zip"),
        (b"MThd\0\0", "it is no zip"),
        (b"PK\x03\x04" + bytes(100), "cut short"),
        (b"PK\x05\x06" + bytes(18), "it has no entry.mid"),
    ],
)
def test_what_is_no_zip_is_said_to_be_none(tmp_path, data, why):
    assert why in refused(tmp_path, data)


def test_links_folders_and_giants_are_not_opened(tmp_path, whole):
    (tmp_path / "real.bin").write_bytes(whole)
    (tmp_path / "link.zip").symlink_to(tmp_path / "real.bin")
    (tmp_path / "folder.zip").mkdir()
    with (tmp_path / "giant.zip").open("wb") as file:
        file.truncate(100 << 20)
    for name, why in (("link", "a link"), ("folder", "a link"), ("giant", "48 MB")):
        with pytest.raises(InputError, match=why):
            read_entry(tmp_path / f"{name}.zip")


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.integers(0, 255), st.integers(0, 40))
def test_a_damaged_entry_is_refused_or_whole(tmp_path_factory, at, byte, cut):
    whole = _WHOLE()
    damaged = bytearray(whole)
    damaged[at % len(damaged)] = byte
    data = bytes(damaged[: len(damaged) - cut])
    path = tmp_path_factory.mktemp("fuzz") / "entry.zip"
    path.write_bytes(data)
    try:
        entry = read_entry(path)
    except InputError as error:
        assert str(error).startswith("entry.zip is left out: ")
    else:  # a byte that means nothing, such as a date
        assert entry.composition.score == four_voices()


def _WHOLE(store=[]):  # noqa: N802, B006 - made once, and hypothesis knows no fixtures
    if not store:
        store.append(zip_of(entry_files()))
    return store[0]


@settings(max_examples=30)
@given(st.binary(max_size=300))
def test_any_bytes_get_a_sentence(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "entry.zip"
    path.write_bytes(data)
    with pytest.raises(InputError, match="is left out"):
        read_entry(path)


# --- what is in it


def test_a_file_changed_after_packing_is_found(tmp_path, files):
    other = {**files, "card.json": json.dumps(card(title="Mine").to_dict()).encode()}
    data = zip_of({**other, CHECKSUMS: checksums(files)}, is_summed=False)
    assert "card.json was changed after it was packed" in refused(tmp_path, data)


def test_a_missing_file_is_named(tmp_path, files):
    for name in MOST_BYTES:
        some = {k: v for k, v in files.items() if k != name}
        assert f"it has no {name}" in refused(tmp_path, zip_of(some))


def test_notes_that_are_not_those_of_the_provenance_are_refused(tmp_path):
    other = midi_bytes(four_voices(up=1))
    said = refused(tmp_path, zip_of(entry_files(entry_mid=other)))
    assert "entry.mid holds other notes than entry.json" in said


def test_a_provenance_whose_notes_were_edited_is_refused(tmp_path):
    made = composition()
    made.provenance["result"]["sha256"] = "0" * 64
    said = refused(tmp_path, zip_of(entry_files(made)))
    assert "not those that it was saved with" in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "no JSON object"),
        ("[]", "no JSON object"),
        ('{"format": 1e999}', "no JSON object"),
        ('{"tempo": NaN}', "no JSON object"),
        ('{"seed": ' + "9" * 5000 + "}", "no JSON object"),
        ("\ufeff{}", "no JSON object"),
        ("{}", "not the provenance"),
    ],
)
def test_hostile_json_gets_a_sentence(tmp_path, text, why):
    data = zip_of(entry_files(entry_json=text.encode()))
    assert why in refused(tmp_path, data)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "x" * 5000),
        ("title", ["a"]),
        ("title", "safe\u202egnp.exe"),
        ("title", "bell\x07"),
        ("composers", ["a"] * 1000),
        ("composers", "Learner 1"),
        ("pauses", [10**12]),
        ("roles", [["a"]]),
    ],
)
def test_a_card_is_not_believed(tmp_path, name, value):
    data = card().to_dict() | {name: value}
    files = entry_files(card_json=json.dumps(data).encode())
    assert "card" in refused(tmp_path, zip_of(files))


def test_a_script_in_a_title_is_only_a_title(tmp_path):
    path = put_entry(tmp_path, "one.zip", title="<script>alert(1)</script>")
    assert read_entry(path).card.title == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "damaged or no plain WAV"),
        (b"RIFF\0\0\0\0WAVEjunk", "damaged or no plain WAV"),
        (wav_bytes(9)[:-5000], "cut short"),
        (wav_bytes(2), "its sound lasts 2.0 s, but its notes 8.0 s"),
        (wav_bytes(9, rate=1000), "1,000 samples per second"),
        (wav_bytes(200, rate=8000), "it can last 120 s at most"),
    ],
)
def test_sound_that_is_none_or_does_not_fit_is_refused(tmp_path, data, why):
    assert why in refused(tmp_path, zip_of(entry_files(entry_wav=data)))


def test_a_header_that_promises_hours_is_not_believed(tmp_path):
    data = bytearray(wav_bytes(9))
    data[40:44] = struct.pack("<L", 0x7FFFFFFF)
    said = refused(tmp_path, zip_of(entry_files(entry_wav=bytes(data))))
    assert "it can last 120 s at most" in said


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"tempo_changes": tuple((i / 100, 90.0) for i in range(3000))}, "of tempo"),
        ({"metres": tuple(Metre(i, 4, 4) for i in range(1000))}, "changes of metre"),
        ({"metres": (Metre(0, 1, 256),)}, "bars"),
        ({"tracks": four_voices().tracks * 8}, "tracks"),
        ({"tracks": four_voices(60).tracks * 4, "tempo": 960.0}, None),
        ({"tracks": ()}, "no notes"),
    ],
)
def test_music_that_no_minute_has_is_refused(changes, what):
    score = replace(four_voices(), **changes)
    if what is None:  # many notes, but not absurdly many
        check_size(score)
        return
    with pytest.raises(InputError, match=what):
        check_size(score)


def test_very_many_notes_are_refused():
    rows = [(i / 64, 60 + i % 12, 1) for i in range(7000)]
    with pytest.raises(InputError, match="7,000 notes"):
        check_size(Score.from_notes(rows))


# --- a folder


def test_the_others_go_on(tmp_path):
    put_entry(tmp_path, "a.zip", title="First")
    (tmp_path / "b.zip").write_bytes(b"PK, or so it says")
    put_entry(tmp_path, "c.ZIP", title="Last")
    (tmp_path / "notes.txt").write_text("not looked at")
    (tmp_path / "d.zip").write_bytes((tmp_path / "a.zip").read_bytes())
    found = list(read_entries(tmp_path))
    assert [one if isinstance(one, str) else one.card.title for one in found] == [
        "First",
        found[1],
        "Last",
        "d.zip is the same file as a.zip; left out.",
    ]
    assert found[1].startswith("b.zip is left out: the zip")


def test_a_folder_that_is_none_or_empty_gets_a_sentence(tmp_path):
    with pytest.raises(InputError, match="is no folder"):
        list(read_entries(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="0 zips"):
        list(read_entries(tmp_path))


def test_a_name_cannot_steer_a_terminal_nor_fill_the_screen():
    assert shown("a\x1b[2J\u202eb") == "a[2Jb"
    assert len(shown("x" * 1000)) == 80


def test_parents_in_a_provenance_are_read_with_the_same_care(tmp_path):
    made = composition()
    deep = made.provenance
    for _ in range(120):
        deep = {
            **made.provenance,
            "parents": [{"kind": "composition", "composition": deep}],
        }
    files = entry_files(entry_json=to_json(deep).encode())
    assert "longer than 100" in refused(tmp_path, zip_of(files))

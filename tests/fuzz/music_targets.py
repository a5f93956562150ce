"""Readers of music and sound: MIDI, MusicXML, ABC, kern, WAV and what FFmpeg reads."""

from __future__ import annotations

import io
import wave
import zipfile
from functools import partial
from pathlib import Path

import av
import numpy as np
from tiny_soundfont import write_soundfont

from deepcomposer_edu.challenge.entry_wav import wav_sound
from deepcomposer_edu.compose.prepare import prepare
from deepcomposer_edu.corpora.kern import read_kern
from deepcomposer_edu.corpora.partwise import read_partwise
from deepcomposer_edu.corpora.texts import read_text
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.abc import read_abc
from deepcomposer_edu.music.audio import read_audio
from deepcomposer_edu.music.audio_reading import read_mono
from deepcomposer_edu.music.files import read_score
from deepcomposer_edu.music.locks import parse_bars, parse_notes, parse_voices
from deepcomposer_edu.music.midi import midi_bytes, read_midi
from deepcomposer_edu.music.musicxml import read_musicxml
from deepcomposer_edu.music.musicxml_write import musicxml_bytes
from deepcomposer_edu.music.score import Metre, Note, Score, Track
from deepcomposer_edu.music.soundfont import SoundFont
from fuzz.mutate import as_bytes, as_words, as_xml, either
from fuzz.target import Target, from_file

ABC = """X:1
T:Two turns
M:6/8
L:1/8
Q:3/8=100
K:Em
|:GFE B,2E|^G3/2A/ [Bd]2 z:|1 (3GAB e2:|2 =c'3-c'3|]
"""
ONE_NOTE = b"""<score-partwise><part-list><score-part id="P"><part-name>A</part-name>
</score-part></part-list><part id="P"><measure number="1"><attributes><divisions>1
</divisions></attributes><note><pitch><step>C</step><octave>4</octave></pitch>
<duration>4</duration></note></measure></part></score-partwise>"""
KERN = """!!!OPR: A mass
!!!OTL: Amen
**kern\t**kern
*ICbass\t*Icant
*M4/4\t*M4/4
*k[b-]\t*k[b-]
=1\t=1
2.F\t4a
.\t[2cc
4C\t4cc]
=2\t=2
0FF\t1r
.\t1f#
*-\t*-
"""


def score() -> Score:
    """Return two voices and drums with a pickup, a tie over a bar and two tempos."""
    high = [Note(0, 67, 4), Note(4, 72, 6), Note(10, 71, 2.5), Note(14, 74, 12)]
    low = [Note(4, 48, 16), Note(20, 43, 6), Note(20, 55, 6)]
    beat = [Note(float(step), 38, 2) for step in (4, 12, 20)]
    return Score(
        (
            Track(tuple(high), "Melody", 40),
            Track(tuple(low), "Bass", 43),
            Track(tuple(beat), "Drums", 0, True),
        ),
        tempo=96,
        tempo_changes=((20, 60),),
        metres=(Metre(), Metre(20, 3, 4)),
        pickup=4,
        title="Two bars",
    )


def midi_seeds() -> list[bytes]:
    """Return MIDI files of several tracks, of type 0, and with a running status."""
    several = midi_bytes(score())
    track = b"\0\xff\x03\x01A\0\xc0\x28\0\x90\x3c\x40\x60\x3c\0\0\x3e\x40\x60\x3e\0"
    track += b"\0\xff\x51\x03\x07\xa1\x20\0\xff\x58\x04\x03\x02\x18\x08\0\xff\x2f\0"
    header = b"MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk"
    return [several, header + len(track).to_bytes(4, "big") + track]


def read_midi_on(data: bytes, _folder: Path) -> None:
    """Read MIDI, write it again, and prepare its melody."""
    found = read_midi(data)
    assert found.seconds >= 0
    midi_bytes(found)
    prepare(found)


def read_written_midi(data: bytes, _folder: Path) -> None:
    """Read MIDI; what is written from it must be read as the same notes."""
    found = read_midi(data)
    again = read_midi(midi_bytes(found))
    assert len(again.notes) == len(found.notes)


def mxl_of(text: bytes, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return MusicXML compressed as notation programs do it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        container = '<container><rootfiles><rootfile full-path="a.xml"/></rootfiles>'
        archive.writestr("META-INF/container.xml", container + "</container>")
        archive.writestr("a.xml", text)
    return out.getvalue()


def wav_of(width: int = 2, n_channels: int = 1, rate: int = 16_000) -> bytes:
    """Return a tenth of a second of a tone as a WAV file."""
    tone = np.sin(2 * np.pi * 220 * np.arange(rate // 10) / rate)
    whole = (tone * (2 ** (8 * width - 1) - 1) * 0.9).astype("<i4")[:, None]
    whole = np.repeat(whole, n_channels, axis=1) + 128 * (width == 1)
    packed = whole.astype("<i4").tobytes()
    raw = np.frombuffer(packed, np.uint8).reshape(-1, 4)[:, :width].tobytes()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((n_channels, width, rate, 0, "NONE", ""))
        file.writeframes(raw)
    return out.getvalue()


def sound_of(container: str, codec: str, rate: int = 16_000) -> bytes:
    """Return a tenth of a second of a tone, packed by FFmpeg."""
    tone = 0.5 * np.sin(2 * np.pi * 220 * np.arange(rate // 10) / rate)
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            (tone * 32_767).astype("<i2")[None], format="s16", layout="mono"
        )
        frame.sample_rate = rate
        to_codec = av.AudioResampler(stream.format.name, "mono", rate, 1_152)
        for block in (*to_codec.resample(frame), *to_codec.resample(None)):
            file.mux(stream.encode(block))
        file.mux(stream.encode(None))
    return out.getvalue()


def sound_seeds() -> list[bytes]:
    """Return WAV of all widths, FLAC and MP3, a tenth of a second each."""
    wavs = [wav_of(1), wav_of(2, 2), wav_of(3), wav_of(4, rate=8_000)]
    return [*wavs, sound_of("flac", "flac"), sound_of("mp3", "libmp3lame")]


def read_sound(path: Path) -> None:
    """Read sound as one channel, and as it is."""
    read_mono(path, 16_000, max_seconds=20)
    read_audio(path)


def soundfont_seeds() -> list[bytes]:
    """Return a SoundFont of one short tone."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        tone = (16_384 * np.sin(np.arange(100) * 0.2)).astype("<i2")
        zones = [{43: 0 | 60 << 8}, {43: 61 | 127 << 8, 51: 3}]
        path = write_soundfont(Path(folder) / "a.sf2", zones, sample=tone)
        return [path.read_bytes()]


def read_soundfont(path: Path) -> None:
    """Read a SoundFont and what sounds of a few instruments."""
    font = SoundFont(path)
    for program, is_drum in ((0, False), (40, False), (0, True)):
        font.regions(program, 60, 90, is_drum)


def read_locks(data: bytes, _folder: Path) -> None:
    """Read what may follow --lock-voices, --lock-bars and --lock-notes."""
    text = data.decode("utf-8", "replace")
    n_refused = 0
    for parse in (parse_voices, partial(parse_bars, n_bars=8), parse_notes):
        try:
            parse(text)
        except InputError:
            n_refused += 1
    if n_refused == 3:
        raise InputError("none of the three")


def read_tune(data: bytes, _folder: Path) -> None:
    """Read ABC, as a model or a person wrote it."""
    read_abc(data.decode("utf-8", "replace"))


XML_WORDS = (b"<note>", b"<chord/>", b"<backup>", b"<tie type='stop'/>", b"<!ENTITY")
MIDI_WORDS = (b"MThd", b"MTrk", b"\0\xff\x2f\0", b"\x90\x3c\x40", b"\xff\x51\x03")
RIFF_WORDS = (b"RIFF", b"WAVE", b"fmt ", b"data", b"LIST", b"fLaC", b"ID3")
as_music = either(as_xml, as_xml, as_xml, as_words, as_bytes)

TARGETS = [
    Target("MIDI", midi_seeds, read_midi_on, words=MIDI_WORDS),
    Target("MIDI, written again", midi_seeds, read_written_midi, words=MIDI_WORDS),
    Target(
        "MusicXML",
        lambda: [musicxml_bytes(score())],
        from_file(read_musicxml, "a.musicxml"),
        as_music,
        XML_WORDS,
        most=32_768,
    ),
    Target(
        "compressed MusicXML",
        lambda: [mxl_of(ONE_NOTE), mxl_of(ONE_NOTE, zipfile.ZIP_STORED)],
        from_file(read_score, "a.mxl"),
        words=(b"PK\3\4", b"PK\1\2", b"PK\5\6", b"full-path"),
    ),
    Target(
        "MusicXML, quick reader",
        lambda: [musicxml_bytes(score()), mxl_of(musicxml_bytes(score()))],
        from_file(read_partwise, "a.xml"),
        as_music,
        XML_WORDS,
        most=32_768,
    ),
    Target("ABC", lambda: [ABC.encode()], read_tune, either(as_words, as_bytes)),
    Target(
        "kern",
        lambda: [KERN.encode()],
        from_file(read_kern, "a.krn"),
        either(as_words, as_bytes),
        (b"\t", b"**kern", b"*M3/0", b"=", b"00", b"[", b"]"),
    ),
    Target(
        "WAV, FLAC, MP3",
        sound_seeds,
        from_file(read_sound, "a.wav"),
        words=RIFF_WORDS,
        most=16_384,
    ),
    Target(
        "WAV of an entry",
        lambda: [wav_of(2, 2, 8_000)],
        lambda data, _folder: wav_sound(data),
        words=RIFF_WORDS,
    ),
    Target(
        "SoundFont",
        soundfont_seeds,
        from_file(read_soundfont, "a.sf2"),
        words=(b"phdr", b"pbag", b"inst", b"ibag", b"igen", b"shdr", b"smpl"),
    ),
    Target("text", lambda: [b"Ein Lied.\r\n"], from_file(read_text, "a.txt")),
    Target(
        "locks",
        lambda: [b"soprano,bass", b"1-4, 7", b"bass 5:1, alto 6:3.5", b"all"],
        read_locks,
        either(as_words, as_bytes),
        (b"-", b":", b",", b"all", b"melody"),
    ),
]

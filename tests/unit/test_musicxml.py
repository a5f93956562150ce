"""MusicXML: what a notation program shows is what comes back."""

import io
import warnings
import zipfile
from xml.etree import ElementTree

import pytest

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.files import read_score
from deepcomposer_edu.music.limits import MAX_UNPACKED_BYTES
from deepcomposer_edu.music.musicxml import (
    MAX_XML_NOTES,
    read_musicxml,
    write_musicxml,
)
from deepcomposer_edu.music.musicxml_write import musicxml_bytes
from deepcomposer_edu.music.score import Metre, Note, Score, Track


def there_and_back(score, folder):
    path = folder / "score.musicxml"
    write_musicxml(score, path)
    return read_musicxml(path)


def xml_score(measures, part_list='<score-part id="P1"><part-name/></score-part>'):
    """Return a MusicXML text of one part with the given measures."""
    return (
        '<?xml version="1.0"?><score-partwise version="4.0">'
        f'<part-list>{part_list}</part-list><part id="P1">{measures}</part>'
        "</score-partwise>"
    )


def xml_note(step, octave, duration, extra=""):
    return (
        f"<note><pitch><step>{step}</step><octave>{octave}</octave></pitch>"
        f"<duration>{duration}</duration>{extra}</note>"
    )


ATTRIBUTES = (
    "<attributes><divisions>1</divisions><time><beats>4</beats>"
    "<beat-type>4</beat-type></time></attributes>"
)


def read_text(text, folder):
    path = folder / "score.musicxml"
    path.write_text(text, encoding="utf-8")
    return read_musicxml(path)


def test_a_score_with_everything_comes_back(tmp_path):
    melody = Track(
        (
            Note(0, 60, 4),
            Note(4, 64, 20),  # over two bar lines
            Note(4, 67, 20),
            Note(24, 62, 4 / 3),
            Note(24 + 4 / 3, 64, 4 / 3),
            Note(24 + 8 / 3, 65, 4 / 3),
        ),
        "Melody",
        40,
    )
    bass = Track((Note(0, 36, 4), Note(0, 48, 24), Note(24, 47, 4)), "Bass", 42)
    score = Score(
        (melody, bass),
        tempo=97,
        tempo_changes=((8, 60.0),),
        metres=(Metre(0, 3, 4), Metre(16, 4, 4)),
        pickup=4,
        title="Everything",
    )
    back = there_and_back(score, tmp_path)
    assert back.title == "Everything"
    assert (back.tempo, back.tempo_changes) == (97, ((8, 60),))
    assert (back.metres, back.pickup) == (score.metres, 4)
    for track, wanted in zip(back.tracks, score.tracks, strict=True):
        assert (track.name, track.program) == (wanted.name, wanted.program)
        found = [
            (round(n.start, 6), n.pitch, round(n.duration, 6)) for n in track.notes
        ]
        assert found == [
            (round(n.start, 6), n.pitch, round(n.duration, 6)) for n in wanted.notes
        ]


def test_velocities_come_back(tmp_path):
    score = Score((Track((Note(0, 60, 4, 45), Note(4, 62, 4, 110))),))
    assert [n.velocity for n in there_and_back(score, tmp_path).notes] == [45, 110]


@pytest.mark.parametrize("pitch", range(48, 60))
def test_every_pitch_class_is_spelled_so_that_it_sounds_right(pitch, tmp_path):
    flats = Score.from_notes([(0, pitch, 4), (4, 56, 16), (20, 49, 16), (36, 53, 16)])
    assert there_and_back(flats, tmp_path).notes[0].pitch == pitch


def test_notes_off_the_grid_go_to_the_nearest_sixteenth_or_triplet(tmp_path):
    score = Score.from_notes([(0.1, 60, 3.8), (4.05, 62, 1.3)])
    back = there_and_back(score, tmp_path)
    assert [round(n.start, 4) for n in back.notes] == [0, 4]
    assert back.notes[1].duration == pytest.approx(4 / 3)


def test_drums_come_back_as_drums(tmp_path):
    drums = Track((Note(0, 36, 4), Note(4, 38, 4)), "Drums", is_drum=True)
    back = there_and_back(Score((drums,)), tmp_path)
    assert back.tracks[0].is_drum
    assert [n.pitch for n in back.notes] == [36, 38]


def test_the_same_score_gives_the_same_bytes():
    score = Score.from_notes([(0, 60, 4), (4, 62, 4)])
    assert musicxml_bytes(score) == musicxml_bytes(score)


def test_the_file_claims_no_composer():
    assert b"creator" not in musicxml_bytes(Score.from_notes([(0, 60, 4)]))


def test_a_score_without_tracks_is_refused(tmp_path):
    with pytest.raises(InputError, match="no tracks"):
        write_musicxml(Score(), tmp_path / "empty.musicxml")
    assert list(tmp_path.iterdir()) == []


def test_a_track_without_notes_is_written_as_rests(tmp_path):
    score = Score((Track((Note(0, 60, 16),), "A"), Track((), "B")))
    write_musicxml(score, tmp_path / "rests.musicxml")
    assert b"<part-name>B</part-name>" in (tmp_path / "rests.musicxml").read_bytes()


# What others write


def test_repeats_are_written_out(tmp_path):
    repeat = '<barline location="right"><repeat direction="backward"/></barline>'
    text = xml_score(
        f'<measure number="1">{ATTRIBUTES}{xml_note("C", 4, 4)}{repeat}</measure>'
    )
    assert [n.start for n in read_text(text, tmp_path).notes] == [0, 16]


def test_a_repeat_of_a_thousand_times_is_played_once(tmp_path):
    repeat = (
        '<barline location="right"><repeat direction="backward" times="1000"/>'
        "</barline>"
    )
    text = xml_score(
        f'<measure number="1">{ATTRIBUTES}{xml_note("C", 4, 4)}{repeat}</measure>'
    )
    assert len(read_text(text, tmp_path).notes) == 1


def test_a_transposing_instrument_is_read_as_it_sounds(tmp_path):
    clarinet = (
        "<attributes><divisions>1</divisions><transpose><diatonic>-1</diatonic>"
        "<chromatic>-2</chromatic></transpose></attributes>"
    )
    text = xml_score(f'<measure number="1">{clarinet}{xml_note("C", 4, 4)}</measure>')
    assert read_text(text, tmp_path).notes[0].pitch == 58


def test_grace_notes_and_chord_symbols_are_left_out(tmp_path):
    grace = "<note><grace/><pitch><step>D</step><octave>5</octave></pitch></note>"
    harmony = (
        "<harmony><root><root-step>C</root-step></root><kind>major</kind></harmony>"
    )
    text = xml_score(
        f'<measure number="1">{ATTRIBUTES}{harmony}{grace}{xml_note("C", 4, 4)}'
        "</measure>"
    )
    assert [n.pitch for n in read_text(text, tmp_path).notes] == [60]


def test_tied_notes_are_joined(tmp_path):
    first = xml_note("C", 4, 4, '<tie type="start"/>')
    second = xml_note("C", 4, 4, '<tie type="stop"/>')
    text = xml_score(
        f'<measure number="1">{ATTRIBUTES}{first}</measure>'
        f'<measure number="2">{second}</measure>'
    )
    assert [(n.start, n.duration) for n in read_text(text, tmp_path).notes] == [(0, 32)]


def test_a_compressed_file_is_read(tmp_path):
    path = tmp_path / "score.mxl"
    container = (
        '<container><rootfiles><rootfile full-path="music/tune.xml"/></rootfiles>'
        "</container>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("other.xml", "<nothing/>")
        archive.writestr(
            "music/tune.xml", musicxml_bytes(Score.from_notes([(0, 60, 4)]))
        )
    assert [n.pitch for n in read_score(path).notes] == [60]


def test_a_file_in_utf_16_is_read(tmp_path):
    path = tmp_path / "score.xml"
    text = xml_score(f'<measure number="1">{ATTRIBUTES}{xml_note("C", 4, 4)}</measure>')
    path.write_bytes(text.replace("?>", ' encoding="UTF-16"?>').encode("utf-16"))
    assert len(read_score(path).notes) == 1


# Refusing


def mxl_with(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<?xml version='1.0'?><score-partwise>", "cannot be read"),
        (b"<?xml version='1.0'?><html/>", "no score"),
        (b"PK\x03\x04 cut", "cannot be read"),
        (mxl_with(readme_txt="hello"), "holds no score"),
        (mxl_with(tune_xml=b" " * (MAX_UNPACKED_BYTES + 1)), "unpacked"),
        (
            b"<?xml version='1.0'?><!DOCTYPE score-partwise [<!ENTITY a 'b'>]>"
            b"<score-partwise>&a;</score-partwise>",
            "entities",
        ),
        (
            b"<?xml version='1.0'?><score-partwise>"
            + b"<note>" * (MAX_XML_NOTES + 1)
            + b"</score-partwise>",
            "notes, over",
        ),
        (b"<?xml version='1.0'?>\xff\xfe<score-partwise/>", "cannot be read"),
        (xml_score("").encode(), "no notes"),
    ],
)
def test_what_is_no_music_is_refused_in_one_sentence(tmp_path, content, reason):
    path = tmp_path / "score.musicxml"
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(InputError, match=reason) as caught:
            read_score(path)
    assert "score.musicxml" in str(caught.value)
    assert "\n" not in str(caught.value)


# --- drums -------------------------------------------------------------------


def beat():
    """Return two bars of a drum kit beside a bass: chords, ties and odd drums."""
    hats = [Note(2 * i, 42 if i % 4 else 46, 2) for i in range(16)]
    kicks = [Note(8 * i, 36, 4) for i in range(4)]
    others = [Note(4, 38, 4), Note(12, 38, 8), Note(24, 49, 8), Note(28, 81, 4)]
    drums = Track((*hats, *kicks, *others), "Drums", program=8, is_drum=True)
    bass = Track(tuple(Note(4 * i, 40 + i, 4) for i in range(8)), "Bass", 33)
    return Score((bass, drums))


def test_every_drum_comes_back(tmp_path):
    back = there_and_back(beat(), tmp_path)
    assert [track.is_drum for track in back.tracks] == [False, True]
    for track, read in zip(beat().tracks, back.tracks, strict=True):
        assert [(n.start, n.pitch, n.duration) for n in read.notes] == [
            (n.start, n.pitch, n.duration) for n in track.notes
        ]


def test_drums_stand_on_a_drum_staff_and_the_bass_does_not(tmp_path):
    write_musicxml(beat(), tmp_path / "beat.musicxml")
    tree = ElementTree.parse(tmp_path / "beat.musicxml").getroot()
    bass, drums = tree.findall("part")
    assert drums.findtext(".//clef/sign") == "percussion"
    assert bass.findtext(".//clef/sign") == "F"
    assert drums.find(".//pitch") is None
    assert drums.find(".//accidental") is None
    assert bass.find(".//unpitched") is None


def test_cymbals_are_crosses_and_drums_are_round(tmp_path):
    write_musicxml(beat(), tmp_path / "beat.musicxml")
    tree = ElementTree.parse(tmp_path / "beat.musicxml").getroot()
    heads = {
        note.find("instrument").get("id"): note.findtext("notehead")
        for note in tree.findall("part")[1].iter("note")
        if note.find("rest") is None
    }
    assert heads["P2-I42"] == "x"
    assert heads["P2-I46"] == "circle-x"
    assert heads["P2-I36"] is None


def test_each_drum_is_named_with_its_general_midi_number(tmp_path):
    write_musicxml(beat(), tmp_path / "beat.musicxml")
    tree = ElementTree.parse(tmp_path / "beat.musicxml").getroot()
    numbers = {
        int(midi.findtext("midi-unpitched")) - 1
        for midi in tree.findall("part-list/score-part")[1].findall("midi-instrument")
    }
    assert numbers == {36, 38, 42, 46, 49, 81}


def test_a_drum_part_with_one_instrument_needs_no_name_at_its_notes(tmp_path):
    part_list = (
        '<score-part id="P1"><part-name>Kick</part-name>'
        '<score-instrument id="K"><instrument-name>Kick</instrument-name>'
        '</score-instrument><midi-instrument id="K">'
        "<midi-unpitched>37</midi-unpitched></midi-instrument></score-part>"
    )
    note = (
        "<note><unpitched><display-step>F</display-step><display-octave>4"
        "</display-octave></unpitched><duration>1</duration></note>"
    )
    divisions = "<attributes><divisions>1</divisions></attributes>"
    measures = f'<measure number="1">{divisions}{note * 4}</measure>'
    path = tmp_path / "kick.musicxml"
    path.write_text(xml_score(measures, part_list), "utf-8")
    (track,) = read_musicxml(path).tracks
    assert track.is_drum
    assert [note.pitch for note in track.notes] == [36, 36, 36, 36]

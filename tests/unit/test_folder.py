"""A folder of your own: which tracks become voices, which files are left out."""

import numpy as np
import pytest

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.folder import bar_starts, four_voices, load_folder
from deepcomposer_edu.corpora.windows import chorale_windows
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Metre, Note, Score, Track


def track(pitch: int, name: str = "", n_notes: int = 8, **options) -> Track:
    """Quarter notes on one pitch."""
    notes = tuple(Note(4 * i, pitch, 4) for i in range(n_notes))
    return Track(notes, name=name, **options)


def choir(*pitches: int, **options) -> Score:
    """One track for each pitch, without names."""
    return Score(tuple(track(pitch, **options) for pitch in pitches))


def test_bach_written_as_midi_comes_back_as_it_was(tmp_path):
    chorale = next(c for c in load_chorales("test") if c.pickup)
    write_midi(chorale.to_score(), tmp_path / "bach.mid")
    (piece,), (report,) = load_folder(tmp_path)
    assert piece.grid == chorale.grid
    assert np.array_equal(piece.bar_starts, chorale.bar_starts)
    assert (piece.pickup, piece.metre) == (chorale.pickup, chorale.metre)
    assert report.is_used and "Soprano, Alto, Tenor, Bass" in report.reason


def test_the_pieces_can_be_cut_into_windows(tmp_path):
    for i, chorale in enumerate(load_chorales("test")[:3]):
        write_midi(chorale.to_score(), tmp_path / f"{i}.mid")
    pieces, _ = load_folder(tmp_path)
    assert chorale_windows(pieces).pitches.shape[1:] == (4, 32)


def test_named_voices_are_taken_whatever_their_order():
    names = {"Bass": 48, "Tenor 1": 55, "Flute": 84, "Alto": 64, "SOPRANO": 72}
    score = Score(tuple(track(p, name) for name, p in names.items()))
    voices = [t.name for t in four_voices(score)]
    assert voices == ["SOPRANO", "Alto", "Tenor 1", "Bass"]


def test_without_names_the_highest_and_the_three_longest_are_taken():
    short_melody = track(79, n_notes=3)
    fleeting = track(70, n_notes=1)
    others = [track(p) for p in (50, 62, 57)]
    voices = four_voices(Score((fleeting, *others, short_melody)))
    assert [t.notes[0].pitch for t in voices] == [79, 62, 57, 50]


def test_drums_are_no_voice():
    drums = track(38, is_drum=True)
    score = Score((drums, *choir(72, 64, 55, 48).tracks))
    assert len(four_voices(score)) == 4
    with pytest.raises(InputError, match="it has 3 tracks"):
        four_voices(Score((drums, *choir(72, 64, 55).tracks)))


def test_bars_follow_the_changes_of_metre():
    metres = (Metre(0, 4, 4), Metre(36, 3, 4))
    score = Score(choir(60).tracks, metres=metres, pickup=4)
    assert bar_starts(score, 70).tolist() == [4, 20, 36, 48, 60]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (choir(72, 64, 55), "it has 3 tracks with pitched notes"),
        (choir(72, 64, 55, 48, n_notes=4), "it lasts 16 steps"),
        (
            Score(
                (
                    *choir(72, 64, 55).tracks,
                    Track((Note(0, 40, 4), Note(60, 40, 4))),
                )
            ),
            "sound together in",
        ),
        (
            Score(
                tuple(
                    Track(tuple(Note(4 * i / 3, p, 1) for i in range(48)))
                    for p in (72, 64, 55, 48)
                )
            ),
            "begin between the sixteenths",
        ),
    ],
)
def test_what_does_not_fit_is_left_out_with_its_reason(tmp_path, bad, reason):
    write_midi(choir(72, 64, 55, 48), tmp_path / "good.mid")
    write_midi(bad, tmp_path / "bad.mid")
    pieces, reports = load_folder(tmp_path)
    assert [piece.source for piece in pieces] == ["good.mid"]
    assert [(r.file, r.is_used) for r in reports] == [
        ("bad.mid", False),
        ("good.mid", True),
    ]
    assert reason in reports[0].reason


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path):
    (tmp_path / "sub").mkdir()
    write_midi(choir(72, 64, 55, 48), tmp_path / "sub" / "good.MID")
    (tmp_path / "empty.mid").write_bytes(b"")
    (tmp_path / "text.mid").write_text("hello")
    (tmp_path / "notes.txt").write_text("not looked at")
    pieces, reports = load_folder(tmp_path)
    assert len(pieces) == 1
    assert [r.is_used for r in reports] == [False, True, False]
    assert "0 bytes" in str(reports[0])


def test_a_folder_without_music_files_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds 0 MIDI or MusicXML files"):
        load_folder(tmp_path)


def test_a_folder_without_a_usable_file_says_why(tmp_path):
    write_midi(choir(72, 64), tmp_path / "duet.mid")
    with pytest.raises(InputError, match=r"None of the 1 .* duet\.mid.*it has 2 track"):
        load_folder(tmp_path)


def test_a_missing_folder_and_a_file_are_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        load_folder(tmp_path / "nowhere")
    file = tmp_path / "file.mid"
    file.write_bytes(b"")
    with pytest.raises(InputError, match="is a file"):
        load_folder(file)

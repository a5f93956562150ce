"""Reading Humdrum kern: single cells by hand, whole scores as music21 reads them."""

from fractions import Fraction

import numpy as np
import pytest

from deepcomposer_edu.corpora.cache import music21_corpus
from deepcomposer_edu.corpora.kern import kern_note, read_kern
from deepcomposer_edu.corpora.on_grid import painted
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST


@pytest.mark.parametrize(
    ("token", "steps", "pitch", "is_tied"),
    [
        ("4c", 4, 60, False),  # C4: one small letter
        ("4cc", 4, 72, False),
        ("4C", 4, 48, False),  # C3: one capital
        ("4CC", 4, 36, False),
        ("2.gg", 12, 79, False),
        ("4..e", 7, 64, False),
        ("0E-", 32, 51, False),  # a breve
        ("00f#", 64, 66, False),  # a long
        ("8b--", 2, 69, False),
        ("4cn", 4, 60, False),
        ("3d", Fraction(16, 3), 62, False),  # three in a whole note
        ("[1a", 16, 69, False),
        ("2a]", 8, 69, True),
        ("1a_", 16, 69, True),
        ("4f;", 4, 65, False),  # a fermata is passed over
        ("1.r", 24, None, False),
    ],
)
def test_a_cell_says_length_pitch_and_tie(token, steps, pitch, is_tied):
    assert kern_note(token) == (steps, pitch, is_tied)


@pytest.mark.parametrize("token", ["", "c", "4", "4h", "4cd", "4c 4e", "q8g", "*M4/4"])
def test_what_is_no_single_note_is_none(token):
    assert kern_note(token) is None


def music21_pitches(source: str) -> np.ndarray:
    """Four voices as music21's own reader has them, (4, T), highest first."""
    from music21 import corpus

    score = corpus.parse(source)
    voices = [part.flatten().notes for part in score.parts]
    voices.sort(key=lambda notes: -np.mean([note.pitch.midi for note in notes]))
    end = max(float(n.offset + n.quarterLength) for notes in voices for n in notes)
    pitches = np.full((len(voices), round(4 * end)), REST)
    for k, notes in enumerate(voices):
        for note in notes:
            start, length = round(4 * note.offset), round(4 * note.quarterLength)
            pitches[k, start : start + length] = note.pitch.midi
    return pitches


def test_our_reader_agrees_with_music21():
    source = "palestrina/Benedictus_34_a.krn"
    score, records = read_kern(music21_corpus() / source)
    grid = painted([p.bars for p in score.parts], [bar.duration for bar in score.bars])
    theirs = music21_pitches(source)
    order = np.argsort([-row[row != REST].mean() for row in grid.pitches])
    assert np.array_equal(grid.pitches[order], theirs)
    assert records["OMD"] == "Benedictus" and score.title == "First Section"
    assert score.bars[0].metre == "4/2" and score.bars[0].duration == 32


def write(path, *rows):
    path.write_text("\n".join(rows) + "\n", encoding="latin-1")
    return path


def test_bars_ties_key_and_names_are_read(tmp_path):
    path = write(
        tmp_path / "two.krn",
        "!!!OTL: A test",
        "**kern\t**kern",
        "*Ibass\t*Isoprn",
        "*k[b-]\t*k[b-]",
        "*M4/4\t*M4/4",
        "=1\t=1",
        "1F\t2a",
        ".\t[2cc",
        "=2\t=2",
        "1BB-\t1cc]",
        "==\t==",
        "*-\t*-",
    )
    score, _ = read_kern(path)
    assert [part.name for part in score.parts] == ["soprn", "bass"]
    assert (score.sharps, len(score.bars), score.title) == (-1, 2, "A test")
    upper = [
        [(n.start, n.pitch, n.is_tied) for n in bar] for bar in score.parts[0].bars
    ]
    assert upper[:2] == [[(0, 69, False), (8, 72, False)], [(0, 72, True)]]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["**kern\t**text", "4c\tla"], "is no kern score"),
        (["hello"], "is no kern score"),
        (["**kern", "4c 4e"], '"4c 4e"'),
        (["**kern\t**kern", "*^\t*", "4c\t4e\t4g"], "a row of 2 columns"),
    ],
)
def test_what_it_cannot_read_is_named(tmp_path, rows, words):
    path = write(tmp_path / "bad.krn", *rows)
    with pytest.raises(InputError) as caught:
        read_kern(path)
    assert "bad.krn" in str(caught.value) and words in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.krn cannot be read"):
        read_kern(tmp_path / "gone.krn")

"""ABC: read as music, refused in one sentence, bars measured."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepcomposer_edu.corpora.texts import longest_copy, read_text, split_text
from deepcomposer_edu.corpora.tune_books import load_tune_books
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.abc import abc_tunes, read_abc
from deepcomposer_edu.music.abc_bars import bar_length, whole_bar_share
from deepcomposer_edu.music.midi_write import midi_bytes

SCALE = "T:A scale\nM:4/4\nL:1/8\nK:D\nDEFG ABcd|d8|]\n"


def notes_of(text):
    return [(n.start, n.pitch, n.duration) for n in read_abc(text).notes]


def test_pitches_follow_the_key_and_lengths_the_unit():
    pitches = [62, 64, 66, 67, 69, 71, 73, 74]
    expected = [(2.0 * i, pitch, 2.0) for i, pitch in enumerate(pitches)]
    assert notes_of(SCALE) == [*expected, (16.0, 74, 16.0)]


def test_title_metre_and_tempo_are_kept():
    score = read_abc("T:A jig\nM:6/8\nL:1/8\nK:G\nGAB dBG|G6|]")
    assert score.title == "A jig"
    assert (score.metres[0].numerator, score.metres[0].denominator) == (6, 8)
    assert score.tempo == 150.0
    assert read_abc(SCALE, tempo=77).tempo == 77


def test_repeats_are_played_and_ties_joined():
    tune = "M:2/4\nL:1/8\nK:C\nC4|D4::E4|F4|1G4:|2A4|]\n"
    pitches = [pitch for _, pitch, _ in notes_of(tune)]
    assert pitches == [60, 62, 60, 62, 64, 65, 67, 64, 65, 69]
    assert notes_of("M:2/4\nL:1/8\nK:C\nC4-|C4||") == [(0.0, 60, 16.0)]


@pytest.mark.parametrize(
    ("body", "played"),
    [
        ("C4|D4:|E4|F4:|G4|A4|]", "CDCDEFEFGA"),
        ("C4|D4:|\nE4|F4:|\nG4|A4:|", "CDCDEFEFGAGA"),
        ("|:C4|D4:|\n|:E4|F4:|G4|A4|]", "CDCDEFEFGA"),
        ("C4|D4||E4|F4:|", "CDEFEF"),
        ("C4|1D4:|2E4||F4|G4:|", "CDCEFGFG"),
        ("C4|D4|E4|F4||", "CDEF"),
    ],
)
def test_a_repeat_goes_back_to_the_beginning_of_its_part(body, played):
    pitches = [p for _, p, _ in notes_of(f"M:2/4\nL:1/8\nK:C\n{body}")]
    by_letter = dict(zip("CDEFGA", (60, 62, 64, 65, 67, 69), strict=True))
    assert pitches == [by_letter[letter] for letter in played]


def test_a_triplet_lasts_as_long_as_two():
    assert notes_of("M:2/4\nL:1/8\nK:C\n(3CDE F2||")[3][0] == 4.0


def test_an_accidental_holds_to_the_bar_line():
    pitches = [p for _, p, _ in notes_of("M:2/4\nL:1/8\nK:C\n^F2F2|F2=F2|C4||")]
    assert pitches == [66, 66, 65, 65, 60]


def test_missing_header_lines_are_filled_in():
    assert [pitch for _, pitch, _ in notes_of("K:C\nCDEF|")] == [60, 62, 64, 65]


def test_a_tune_that_breaks_off_is_played_as_far_as_it_goes():
    assert len(notes_of(SCALE + "DEF")) == 12


def test_only_the_first_tune_is_read():
    assert len(notes_of(SCALE + "\n" + SCALE)) == 9


def test_tunes_are_found_with_and_without_empty_lines():
    other = "X:2\nT:B\nK:G\nGAB|"
    assert abc_tunes(f"a remark\n\n{SCALE}{other}") == [SCALE.strip(), other]
    assert abc_tunes("no tune at all") == []
    assert abc_tunes("T:only a header\nK:D\n") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no tune in this text"),
        ("Shall I compare thee", "no tune in this text"),
        ("T:x\nK:D\n", "no tune in this text"),
        ("M:99/0\nK:D\nabc|", "cannot be read"),
        ("K:D\nA99999|", "length of a thousand"),
        ("K:D\n" + "A" * 30_000, "20,000 characters"),
        ("K:D\n[ace", "cannot be read"),
        ("K:D\nz8|", "holds no notes"),
    ],
)
def test_what_is_no_tune_is_refused_in_a_sentence(text, words):
    with pytest.raises(InputError, match=words):
        read_abc(text)


def test_bars_of_any_length_can_be_written_as_midi():
    body = "D2 D4/A,|AGF|G2A BGGA|GBAG G2A2|A,G/ Bc|dcB dB|ABA AAc|ded edc|dBg|B/d/A/|"
    for metre in ("2/4", "4/4", "6/8", "9/8"):
        midi_bytes(read_abc(f"M:{metre}\nL:1/8\nK:C\n{body}:|\n{body}:|"))


@given(st.text("ABCDEFGabcdefgz0123456789/|:[](){}<>^_=,'-\" \nKTML", max_size=60))
def test_any_letters_are_read_or_refused(letters):
    try:
        score = read_abc(f"K:D\n{letters}\n")
        assert score.notes
        midi_bytes(score)
    except InputError as error:
        assert "\n" not in str(error)


def test_shipped_books_can_be_read():
    for one in load_tune_books("test")[::25]:
        assert len(read_abc(one.abc).notes) >= 16


@pytest.mark.parametrize(
    ("bar", "length"),
    [
        ("A2B2 c4", 8),
        ("A/B/c//d//", Fraction(3, 2)),
        ("A3/2B/2", 2),
        ("A>Bc<d", 4),
        ("(3ABc d2", 4),
        ("^A=B_c,d'", 4),
        ("z2A-A", 4),
        ("", 0),
    ],
)
def test_the_length_of_a_bar_by_hand(bar, length):
    assert bar_length(bar) == length


def test_pickups_and_short_ends_do_not_count_as_wrong_bars():
    assert whole_bar_share("M:2/4\nL:1/8\nK:C\nG|C4|D4|E4|C3:|\n") == 1.0


def test_a_bar_that_is_too_long_counts():
    assert whole_bar_share("M:2/4\nL:1/8\nK:C\nC4|D5|E4|C4|]\n") == 0.5


@pytest.mark.parametrize("text", ["K:C\nC4|", "M:2/0\nL:1/8\nK:C\nC4|", "M:C\nL:1/8\n"])
def test_bars_need_a_metre(text):
    with pytest.raises(InputError, match="metre and unit"):
        whole_bar_share(text)


@given(st.text("ab", max_size=12), st.text("ab", max_size=12))
def test_the_longest_copy_is_one_and_none_is_longer(text, source):
    copy = longest_copy(text, source)
    assert copy in text
    assert copy in source
    n = len(copy) + 1
    assert not any(text[i : i + n] in source for i in range(len(text) - n + 1))


def test_text_is_read_with_one_kind_of_line_end(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffein Lied\r\nfür dich\r".encode())
    assert read_text(path) == "ein Lied\nfür dich\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"caf\xe9", "not UTF-8"),
        (b"\xff\xfea\x00", "not UTF-8"),
        (b"a\x00b", "no text"),
        (b" \n", "is empty"),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(tmp_path, content, words):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_text(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_text(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_text(tmp_path)


@given(st.text(min_size=2, max_size=50))
def test_a_split_loses_nothing_and_leaves_both_parts_something(text):
    begin, end = split_text(text)
    assert begin + end == text
    assert begin
    assert end

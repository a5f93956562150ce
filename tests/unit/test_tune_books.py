"""The tune books: cleaned right, split without relatives, kept right."""

import gzip

import pytest

from deepcomposer_edu.corpora import tune_books
from deepcomposer_edu.corpora.cache import record_of
from deepcomposer_edu.corpora.tune_books import (
    digest_of,
    expected_digest,
    load_tune_books,
    tune_book_text,
)
from deepcomposer_edu.corpora.tune_cleaning import (
    BODY,
    BookTune,
    clean_body,
    clean_tune,
    families,
    split_tunes,
    without_copies,
)
from deepcomposer_edu.errors import InputError

WHOLE = """X: 7
T:THE TESTER'S DELIGHT -- REEL
R:reel
M:C|
K:E Dorian
"_mf"u((3DEF)|.G2vGA BcdB|{d}cBcd [eg]2 e2:| % a remark
w: words that are sung
|1 G4 z4:|2 ~G4 x4|]
A2 A2 A4|B2 B2 B4|C4 C4|
"""


@pytest.fixture(scope="module")
def tunes():
    return load_tune_books("all")


def tune(title, body, source="x 1"):
    return BookTune(title, "book", source, "4/4", "1/8", "D", body)


def test_a_tune_is_cleaned_as_by_hand():
    cleaned = clean_tune(WHOLE, "ryansMammoth", "Test.abc")
    assert cleaned.title == "The Tester's Delight -- Reel"
    assert (cleaned.metre, cleaned.unit, cleaned.key) == ("2/2", "1/8", "Edor")
    assert cleaned.source == "ryansMammoth/Test.abc 7"
    assert cleaned.body == (
        "(3DEF|G2GA BcdB|cBcd e2 e2:|\n|1 G4 z4:|2 G4 z4|]\nA2 A2 A4|B2 B2 B4|C4 C4|"
    )


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("A2|| |:B", "A2||:B"),
        ("A:|:B", "A::B"),
        ("A :: B", "A::B"),
        ("A3-A B", "A3-A B"),
        ("^A =B _c", "^A =B _c"),
        ("A>B c<d", "A>B c<d"),
        ("(AB) ((3cde)", "AB (3cde"),
        ("A/2B/ \n\n C", "A/2B/\nC"),
        ('A"Am7"B"5"c', "ABc"),
    ],
)
def test_one_spelling_is_left(written, clean):
    assert clean_body(written) == clean


@pytest.mark.parametrize(
    "line", ["V:2", "K:G\nABc|", "M:3/4\nABc|", "[K:D]ABc|", "A&B|", "@Q|"]
)
def test_what_cannot_be_told_in_it_is_left_out(line):
    assert clean_tune(WHOLE + line) is None


def test_every_tune_is_clean(tunes):
    for one in tunes:
        assert BODY.fullmatch(one.body), one.source
        assert one.abc.isascii()


def test_the_splits_are_those_on_record(tunes):
    record = record_of("tune_books")
    assert digest_of(tunes) == record["sha256"]
    for split, n_tunes in record["tunes"].items():
        assert len(load_tune_books(split)) == n_tunes
        assert len(tune_book_text(split)) == record["characters"][split]


def test_no_family_stands_in_two_splits(tunes):
    split_of = {}
    for one, family in zip(tunes, families(tunes), strict=True):
        assert split_of.setdefault(family, one.split) == one.split


def test_no_title_stands_in_two_splits(tunes):
    split_of = {}
    for one in tunes:
        name = one.title.split(" -- ")[0].lower()
        assert split_of.setdefault(name, one.split) == one.split


def test_versions_of_one_tune_are_a_family():
    body = "DEFG ABcd|efga bagf|edcB AGFE|DFAd fdAF|D2F2 A2d2|"
    version = body.replace("efga", "e2ga").replace("D2F2", "D2 E/F/G")
    other = "dcdA BGAF|GEFD EDCB,|A,2CE A2ce|agfe dcBA|GFED C2A,2|"
    relatives = families([tune("A", body), tune("B", other), tune("C", version)])
    assert relatives == [0, 1, 0]


def test_tunes_of_one_title_are_a_family():
    assert families([tune("The Robin -- Reel", "ABc|"), tune("the robin", "Gfe|")]) == [
        0,
        0,
    ]


def test_a_copy_in_another_key_and_rhythm_is_dropped():
    kept = without_copies([tune("A", "DEFG|A4|"), tune("B", "G2A2B2c2|d8|")])
    assert [one.title for one in kept] == ["A"]


def test_a_tune_keeps_its_split_when_others_go(tunes):
    some = tunes[::7]
    alone = [split_tunes([one])[0].split for one in some[:50]]
    assert {"train"} <= set(alone) <= {"train", "valid", "test"}
    again = {one.source: one.split for one in split_tunes(some)}
    firsts = [
        one for one, f in zip(some, families(some), strict=True) if some[f] is one
    ]
    assert all(again[one.source] == split_tunes([one])[0].split for one in firsts)


def test_another_split_is_refused():
    with pytest.raises(InputError, match='"train", "valid"'):
        load_tune_books("exam")


def test_a_damaged_cache_is_built_again(tmp_path, monkeypatch, tunes):
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    monkeypatch.setattr(tune_books, "read_books", lambda _corpus: tunes)
    load_tune_books()
    (path,) = tmp_path.glob("tune-books-*.json.gz")
    good = path.read_bytes()
    for bad in (b"", good[:100], gzip.compress(b"[]")):
        path.write_bytes(bad)
        assert digest_of(load_tune_books("all")) == expected_digest()
        assert path.read_bytes() == good


def test_other_tunes_than_those_on_record_give_a_warning(tmp_path, monkeypatch, tunes):
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    monkeypatch.setattr(tune_books, "read_books", lambda _corpus: tunes[:-1])
    with pytest.warns(UserWarning, match="not letter for letter"):
        load_tune_books()
    assert not list(tmp_path.iterdir())

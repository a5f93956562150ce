"""The chorales: read right, split right, kept right."""

import json

import numpy as np
import pytest

from deepcomposer_edu.corpora import (
    build,
    cache,
    chorale_list,
    chorales,
    melodies,
    tune_books,
)
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.partwise import PartScore, read_partwise
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, to_grid
from deepcomposer_edu.paths import data_dir


@pytest.fixture(scope="module")
def built():
    return build.build_chorales()


@pytest.fixture(scope="module")
def all_arrays(built):
    return build.to_arrays(built)


@pytest.fixture
def count_builds(built, monkeypatch):
    """Stand in for the builder with what it gave before, and count the calls."""
    calls = []

    def give(_progress):
        calls.append(1)
        return built

    monkeypatch.setattr(chorales, "build_chorales", give)
    return calls


@pytest.fixture(scope="module")
def by_bwv():
    pieces = [*load_chorales("all"), *load_chorales("extra")]
    return {piece.bwv: piece for piece in pieces}


def music21_grid(source: str, has_repeats: bool) -> tuple[np.ndarray, np.ndarray]:
    """The four voices as music21's own reader has them, (4, T) pitches and onsets."""
    from music21 import corpus

    score = corpus.parse(source)
    score = score.expandRepeats() if has_repeats else score
    names = ("soprano", "alto", "tenor", "bass")
    voices = [
        next(p for p in score.parts if p.partName.lower().startswith(name)).flatten()
        for name in names
    ]
    end = max(float(n.offset + n.quarterLength) for v in voices for n in v.notes)
    pitches = np.full((4, round(4 * end)), REST)
    onsets = np.zeros(pitches.shape, dtype=bool)
    for k, voice in enumerate(voices):
        for note in voice.notes:
            start, length = round(4 * note.offset), round(4 * note.quarterLength)
            pitches[k, start : start + length] = note.pitch.midi
            is_tied = note.tie is not None and note.tie.type != "start"
            onsets[k, start] = not is_tied
    return pitches, onsets


@pytest.mark.parametrize(
    ("source", "has_repeats"),
    [
        ("bach/bwv269.mxl", True),  # repeats, pickup, 3/4
        ("bach/bwv66.6.mxl", False),
        ("bach/bwv248.9-1.mxl", False),  # trumpets and timpani above the voices
    ],
)
def test_our_reader_agrees_with_music21(source, has_repeats):
    score = read_partwise(cache.music21_corpus() / source)
    grid, _ = build.score_grid(score, has_repeats)
    pitches, onsets = music21_grid(source, has_repeats)
    assert np.array_equal(grid.pitches, pitches)
    assert np.array_equal(grid.onsets, onsets)


def test_the_arrays_built_now_are_those_on_record(all_arrays):
    assert cache.content_digest(all_arrays) == chorales.expected_digest()


def test_the_record_says_how_many_pieces_each_split_has(all_arrays):
    record = json.loads((data_dir() / "corpora" / "chorales.json").read_text())
    names, counts = np.unique(all_arrays["split"], return_counts=True)
    assert dict(zip(names.tolist(), counts.tolist(), strict=True)) == record["pieces"]
    assert record["pieces"] == {"extra": 24, "test": 70, "train": 211, "valid": 69}


def test_changing_one_note_changes_the_digest(all_arrays):
    changed = {**all_arrays, "pitches": all_arrays["pitches"].copy()}
    changed["pitches"][0, 0] += 1
    assert cache.content_digest(changed) != cache.content_digest(all_arrays)


def test_no_score_stands_in_two_splits():
    names = ("train", "valid", "test", "extra")
    sources = [piece.source for name in names for piece in load_chorales(name)]
    assert len(sources) == len(set(sources))


def test_no_piece_of_one_split_is_a_moved_copy_in_another():
    shapes = {}
    for name in ("train", "valid", "test", "extra"):
        for piece in load_chorales(name):
            moves = np.diff(piece.grid.pitches[:, :160].astype(int), axis=1)
            shapes.setdefault(moves.tobytes(), set()).add(name)
    assert all(len(names) == 1 for names in shapes.values())


def test_extra_pieces_do_not_open_like_a_held_out_piece():
    held_out = load_chorales("valid") + load_chorales("test")
    openings = {build.opening_of(piece.grid) for piece in held_out}
    assert all(build.opening_of(p.grid) not in openings for p in load_chorales("extra"))


def test_clean_test_pieces_share_no_tune_with_train_or_valid():
    learned = load_chorales("train") + load_chorales("valid")
    tunes = {build.tune_of(piece.grid) for piece in learned}
    clean = [build.tune_of(p.grid) not in tunes for p in load_chorales("test")]
    assert clean == [p.is_clean for p in load_chorales("test")]
    assert 40 <= sum(clean) < len(clean)


def test_a_tune_is_the_same_in_another_key(by_bwv):
    grid = by_bwv["269"].grid
    assert build.tune_of(grid) == build.tune_of(grid.transposed(3))


def test_every_chorale_has_four_voices_in_order_of_height(by_bwv):
    for piece in by_bwv.values():
        heights = [row[row != REST].mean() for row in piece.grid.pitches]
        assert heights == sorted(heights, reverse=True)


def test_every_pitch_lies_in_the_models_range(by_bwv):
    pitches = np.concatenate([p.grid.pitches.ravel() for p in by_bwv.values()])
    assert pitches[pitches != REST].min() >= 36 and pitches.max() <= 83


def test_repeated_notes_are_kept(by_bwv):
    onsets = repeats = 0
    for piece in by_bwv.values():
        pitches, struck = piece.grid.pitches, piece.grid.onsets
        onsets += struck[:, 1:].sum()
        repeats += (struck[:, 1:] & (pitches[:, 1:] == pitches[:, :-1])).sum()
    assert 0.10 < repeats / onsets < 0.18


def test_bwv_269_begins_with_a_pickup_of_one_beat(by_bwv):
    piece = by_bwv["269"]
    assert (piece.title, piece.metre) == ("Aus meines Herzens Grunde", "3/4")
    assert (piece.pickup, piece.steps_per_bar) == (4, 12)
    assert piece.bar_starts[:3].tolist() == [4, 16, 28]
    assert piece.key.name == "G major"


def test_bwv_269_begins_with_the_notes_of_the_score(by_bwv):
    grid = by_bwv["269"].grid
    assert grid.pitches[:, 0].tolist() == [67, 62, 59, 43]  # G4 D4 B3 G2
    assert grid.pitches[0, 4:16:4].tolist() == [67, 67, 74]


@pytest.mark.parametrize(
    ("bwv", "key"),
    [
        ("139.6", "E major"),  # pitch profiles alone would say B major
        ("66.6", "F# minor"),
        ("145.5", "F# minor"),  # written with one sharp too few
        ("10.7", "G minor"),
        ("38.6", "A minor"),  # ends on E, in the old Phrygian way
    ],
)
def test_keys_are_those_that_a_musician_names(by_bwv, bwv, key):
    assert by_bwv[bwv].key.name == key


def test_fermatas_stand_at_the_ends_of_lines(by_bwv):
    with_fermata = [p for p in by_bwv.values() if p.fermatas.any()]
    assert len(with_fermata) > 0.95 * len(by_bwv)
    share = np.mean([p.fermatas.mean() for p in with_fermata])
    assert 0.08 < share < 0.3


def test_first_and_second_endings_play_in_order():
    from deepcomposer_edu.corpora.partwise import Bar

    plain = Bar(16, 16, "4/4")
    first = Bar(16, 16, "4/4", closes_repeat=True, ending=1)
    second = Bar(16, 16, "4/4", ending=2)
    score = PartScore([], [plain, first, second, plain])
    assert score.playing_order() == [0, 1, 0, 2, 3]


def test_a_repeat_in_the_middle_goes_back_to_its_own_sign():
    from deepcomposer_edu.corpora.partwise import Bar

    plain = Bar(16, 16, "4/4")
    opening = Bar(16, 16, "4/4", opens_repeat=True)
    closing = Bar(16, 16, "4/4", closes_repeat=True)
    score = PartScore([], [plain, closing, opening, closing, plain])
    assert score.playing_order() == [0, 1, 0, 1, 2, 3, 2, 3, 4]


def test_a_chorale_becomes_a_score_and_comes_back(by_bwv):
    piece = by_bwv["269"]
    score = piece.to_score()
    assert to_grid(score, piece.grid.n_steps) == piece.grid
    assert (score.pickup, score.metres[0].numerator) == (4, 3)


def test_the_second_load_comes_from_the_cache(tmp_path, monkeypatch, count_builds):
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    first = load_chorales("test")
    second = load_chorales("test")
    assert len(count_builds) == 1
    assert [p.grid for p in first] == [p.grid for p in second]


@pytest.mark.parametrize("damage", ["one byte", "cut short", "empty"])
def test_a_damaged_cache_is_built_again(tmp_path, monkeypatch, count_builds, damage):
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    load_chorales("test")
    (file,) = tmp_path.iterdir()
    good = file.read_bytes()
    flipped = good[:5000] + bytes([good[5000] ^ 1]) + good[5001:]
    bad = {"one byte": flipped, "cut short": good[:5000], "empty": b""}
    file.write_bytes(bad[damage])
    assert len(load_chorales("test")) == 70
    assert len(count_builds) == 2
    load_chorales("test")
    assert len(count_builds) == 2  # repaired


def test_a_cache_that_cannot_be_written_stops_nothing(
    tmp_path, monkeypatch, count_builds
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path / "file" / "cache"))
    assert len(load_chorales("valid")) == 69


def test_other_notes_than_those_on_record_give_a_warning(
    tmp_path, monkeypatch, count_builds
):
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    monkeypatch.setattr(chorales, "expected_digest", lambda: "0" * 64)
    with pytest.warns(UserWarning, match="not note for note"):
        load_chorales("test")
    assert not list(tmp_path.iterdir())


def test_an_unknown_split_is_one_clear_sentence():
    with pytest.raises(InputError, match=r'no split "tests".*"train"'):
        load_chorales("tests")


def test_a_text_file_is_no_score(tmp_path):
    path = tmp_path / "notes.xml"
    path.write_text("not a score")
    with pytest.raises(InputError, match=r"notes\.xml cannot be read as MusicXML"):
        read_partwise(path)


@pytest.mark.parametrize("text", [None, "", "[]", '{"sha256": 1}', "\x00"])
@pytest.mark.parametrize(
    ("read", "name"),
    [
        (chorales.expected_digest, "chorales.json"),
        (melodies.expected_digest, "melodies.json"),
        (tune_books.expected_digest, "tune_books.json"),
        (chorale_list.split_map, "jsb_split.csv"),
        (chorale_list.chorale_titles, "chorale_titles.json"),
    ],
)
def test_a_missing_or_damaged_record_is_one_sentence(
    read, name, text, tmp_path, monkeypatch
):
    monkeypatch.setattr(cache, "data_dir", lambda: tmp_path)
    monkeypatch.setattr(chorale_list, "data_dir", lambda: tmp_path)
    (tmp_path / "corpora").mkdir()
    if text is not None:
        (tmp_path / "corpora" / name).write_text(text)
    if name == "chorale_titles.json" and text in ("[]", '{"sha256": 1}'):
        return  # an empty list of titles, or one title
    with pytest.raises(InputError, match=rf"{name}, cannot be read .* setup"):
        read()

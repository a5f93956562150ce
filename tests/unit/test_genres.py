"""The genres: on the grid, split by work, counted, kept in a cache that is checked."""

import json
from collections import Counter, defaultdict

import numpy as np
import pytest

from deepcomposer_edu.corpora import cache, genres
from deepcomposer_edu.corpora.cache import content_digest, music21_corpus
from deepcomposer_edu.corpora.genre_build import (
    BUILT,
    halved,
    painted,
    quartet_sections,
    quartet_title,
    split_by_group,
)
from deepcomposer_edu.corpora.genres import (
    four_part_windows,
    four_voices,
    genre_arrays,
    left_out,
    load_genre,
    with_local_keys,
)
from deepcomposer_edu.corpora.partwise import Bar, Part, PartNote, PartScore
from deepcomposer_edu.corpora.windows import chorale_windows, normalised
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid, to_grid
from deepcomposer_edu.music.repertoire import GENRES, genre_index, genre_info
from deepcomposer_edu.paths import data_dir

RECORD = json.loads((data_dir() / "corpora" / "genres.json").read_text())
SPLITS = ("train", "valid", "test")


@pytest.fixture(scope="module")
def pieces():
    return {genre: load_genre(genre, "all") for genre in BUILT}


def test_the_arrays_are_those_on_record():
    assert content_digest(genre_arrays(show_progress=False)) == RECORD["sha256"]


def test_the_record_counts_pieces_works_and_steps(pieces):
    for genre, some in pieces.items():
        assert Counter(piece.split for piece in some) == RECORD["pieces"][genre]
        assert len({piece.work for piece in some}) == RECORD["works"][genre]
        assert sum(piece.grid.n_steps for piece in some) == RECORD["steps"][genre]


def test_what_was_left_out_and_what_is_there_make_all_of_palestrina(pieces):
    files = len(list((music21_corpus() / "palestrina").glob("*.krn")))
    assert len(pieces["palestrina"]) + sum(left_out()["palestrina"].values()) == files


def test_no_work_stands_in_two_splits(pieces):
    for some in pieces.values():
        splits = defaultdict(set)
        for piece in some:
            splits[piece.work].add(piece.split)
        assert all(len(names) == 1 for names in splits.values())


def test_masses_of_one_name_stand_in_one_split(pieces):
    splits = defaultdict(set)
    for piece in pieces["palestrina"]:
        splits[piece.work.split("(")[0].strip()].add(piece.split)
    assert len(splits["Missa L'homme arme"]) == 1  # two masses on one song
    assert all(len(names) == 1 for names in splits.values())


def test_no_voice_of_a_mass_that_is_held_out_was_heard_in_training(pieces):
    """No 24 notes in a row, intervals and rhythm alike, stand on two sides."""
    heard = defaultdict(set)
    for piece in pieces["palestrina"]:
        for pitches, onsets in zip(piece.grid.pitches, piece.grid.onsets, strict=True):
            at = np.flatnonzero(onsets)
            moves = np.stack([np.diff(pitches[at].astype(int)), np.diff(at)], axis=1)
            for i in range(len(moves) - 22):
                heard[moves[i : i + 23].tobytes()].add(piece.split)
    assert len(heard) > 100_000
    assert all(len(splits) == 1 for splits in heard.values())


def test_every_piece_has_four_voices_and_whole_bars(pieces):
    for some in pieces.values():
        for piece in some:
            assert piece.grid.n_voices == 4
            assert np.diff(piece.bar_starts).min(initial=piece.steps_per_bar) > 0
            assert piece.fermatas.shape == (piece.grid.n_steps,)


def test_palestrina_has_bars_of_four_quarters_and_white_notes(pieces):
    some = pieces["palestrina"]
    assert Counter(p.metre for p in some).most_common(1)[0][0] == "4/4"
    windows = normalised(chorale_windows([p for p in some if p.split == "test"]))
    sounding = windows.pitches[windows.pitches != REST] % 12
    assert np.isin(sounding, (0, 2, 4, 5, 7, 9, 11)).mean() > 0.94
    pitches = np.concatenate([p.grid.pitches.ravel() for p in some])
    assert pitches[pitches != REST].min() >= 36 and pitches.max() <= 83


def test_the_rag_begins_with_the_notes_of_the_score(pieces):
    (piece,) = pieces["ragtime"]
    assert (piece.title, piece.metre, piece.pickup) == ("Maple Leaf Rag", "2/4", 2)
    # the left hand's pickup in octaves: E flat, then A flat
    assert piece.grid.pitches[:, [0, 2]].tolist()[2:] == [[51, 56], [39, 44]]
    assert load_genre("ragtime", "valid") == load_genre("ragtime", "test") == []


def test_a_quartet_without_odd_notes_is_what_music21_reads():
    from music21 import corpus

    source = "mozart/k156/movement1.mxl"
    out = Counter()
    (piece,) = quartet_sections(music21_corpus() / source, source, out)
    score = corpus.parse(source)
    theirs = np.full((4, piece.grid.n_steps), REST)
    for k, part in enumerate(score.parts):
        for note in part.flatten().notes:
            if note.duration.isGrace:
                continue
            heights = [pitch.midi for pitch in note.pitches]
            start, length = round(4 * note.offset), round(4 * note.quarterLength)
            chosen = min(heights) if k == 3 else max(heights)
            theirs[k, start : start + length] = chosen
    assert np.array_equal(piece.grid.pitches, theirs)
    assert piece.split == "valid" and not any(out.values())


def bars(*notes: PartNote, n_bars: int = 1) -> list[list[PartNote]]:
    return [list(notes)] * n_bars


def test_a_triplet_ends_a_stretch(tmp_path, monkeypatch):
    plain, odd = [PartNote(0, 16, 60)], [PartNote(0, 16 / 3, 60)]
    part = Part("Violin", [plain] * 9 + [odd] + [plain] * 3)
    score = PartScore([part] * 4, [Bar(16, 16, "4/4")] * 13)
    module = "deepcomposer_edu.corpora.genre_build.read_partwise"
    monkeypatch.setattr(module, lambda _: score)
    out = Counter()
    (piece,) = quartet_sections(tmp_path, "mozart/k1/movement1.mxl", out)
    assert piece.grid.n_steps == 9 * 16 and piece.source.endswith("#1-9")
    assert piece.work == "mozart/k1" and piece.split == "train"
    assert out == {
        "bars in stretches of fewer than 8": 3,
        "bars with notes between the steps of the grid": 1,
    }


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("mozart/k155/movement1.mxl", "Mozart, K. 155, movement 1, bars 1 to 9"),
        ("beethoven/opus74.mxl", "Beethoven, op. 74, bars 1 to 9"),
        ("haydn/opus1no1/movement5.mxl", "Haydn, op. 1 no. 1, movement 5, bars 1 to 9"),
    ],
)
def test_a_quartet_is_named_in_words(source, title):
    assert quartet_title(source, 1, 9) == title


def test_halving_keeps_the_number_of_beats():
    score = PartScore([Part("", bars(PartNote(4, 8, 60)))], [Bar(32, 32, "4/2")])
    half = halved(score)
    assert half.bars == [Bar(16, 16, "4/4")]
    assert half.parts[0].bars == [[PartNote(2, 4, 60)]]


def test_of_a_chord_the_highest_counts_and_in_the_bass_the_lowest():
    chord = bars(PartNote(0, 4, 64), PartNote(0, 4, 60))
    grid = painted([chord, chord], [4])
    assert grid.pitches[:, 0].tolist() == [64, 60]


def test_a_tied_note_does_not_begin_again():
    grid = painted([bars(PartNote(0, 2, 60), PartNote(2, 2, 60, is_tied=True))], [4])
    assert grid.onsets.tolist() == [[True, False, False, False]]


def test_groups_go_whole_into_splits_of_about_a_tenth():
    groups = [f"mass {i // 5}" for i in range(500)]
    splits = split_by_group(groups)
    counts = Counter(splits[group] for group in groups)
    assert counts == {"train": 400, "valid": 50, "test": 50}
    assert splits == split_by_group(groups[::-1])


def test_chorales_and_tunes_are_genres_too():
    chorale, tune = (load_genre(genre, "valid")[0] for genre in ("chorale", "folk"))
    assert (chorale.genre, tune.genre) == ("chorale", "folk")
    assert (tune.grid.pitches[1:] == REST).all() and tune.melody.sounding.any()


@pytest.mark.parametrize("genre", GENRES)
def test_a_piece_becomes_a_score_with_its_genres_instruments(genre):
    piece = load_genre(genre, "train")[0]
    score = piece.to_score()
    about = genre_info(genre)
    assert tuple(track.program for track in score.tracks) == about.programs
    assert score.tempo == about.tempo and score.title == piece.title
    assert to_grid(score, piece.grid.n_steps) == piece.grid


def test_missing_voices_rest():
    grid = four_voices(Grid([[60, 62]]))
    assert grid.pitches.tolist() == [[60, 62], *[[REST, REST]] * 3]
    with pytest.raises(InputError, match="5 voices, but at most 4"):
        four_voices(Grid(np.full((5, 2), 60)))


def test_four_part_windows_sound_and_fit_the_models(pieces):
    windows = four_part_windows(pieces["quartet"][:6])
    sounds = windows.pitches != REST
    assert len(windows) > 50 and sounds.mean(axis=2).min() >= 0.5
    moved = normalised(windows).pitches
    assert moved[moved != REST].min() >= 36 and moved.max() <= 83


def test_a_window_has_the_key_of_the_bars_around_it(pieces):
    scale = np.array([60, 62, 64, 65, 67, 69, 71, 72]).repeat(16)  # 8 bars of C major
    row = np.concatenate([scale, scale + 6])  # then 8 bars of F sharp major
    piece = pieces["ragtime"][0]
    fake = type(piece)(
        **{
            **piece.__dict__,
            "grid": Grid(np.stack([row, row - 12, row - 12, row - 24])),
            "bar_starts": np.array([0, 208]),
            "steps_per_bar": 16,
        }
    )
    windows = with_local_keys(chorale_windows([fake]), [fake])
    assert windows.keys.tolist() == [0, -6]


def test_a_damaged_cache_is_built_again(tmp_path, monkeypatch):
    arrays = genre_arrays()
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    monkeypatch.setattr(genres, "_arrays_now", lambda _: calls.append(1) or arrays)
    calls = []
    genre_arrays(show_progress=False)
    genre_arrays(show_progress=False)
    assert len(calls) == 1
    (path,) = tmp_path.glob("genres-*.npz")
    path.write_bytes(b"not a zip")
    genre_arrays(show_progress=False)
    assert len(calls) == 2


def test_other_notes_than_on_record_give_a_warning(monkeypatch, tmp_path):
    arrays = genre_arrays()
    changed = {**arrays, "pitches": arrays["pitches"].copy()}
    changed["pitches"][0, 40] += 1
    monkeypatch.setenv("DEEPCOMPOSER_CACHE", str(tmp_path))
    monkeypatch.setattr(genres, "_arrays_now", lambda _: changed)
    with pytest.warns(UserWarning, match=r"music21 10\.5\.1 gives the same"):
        genre_arrays(show_progress=False)
    assert not list(tmp_path.iterdir())


def test_a_missing_record_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(cache, "data_dir", lambda: tmp_path)
    with pytest.raises(InputError, match=r"genres\.json, cannot be read"):
        left_out()


def test_unknown_genres_and_splits_are_refused():
    with pytest.raises(InputError, match="no repertoire 'polka'; choose one of chor"):
        load_genre("polka")
    with pytest.raises(InputError, match='no split "dev"'):
        load_genre("quartet", "dev")
    with pytest.raises(InputError, match="no repertoire"):
        genre_info("jazz")


def test_every_repertoire_has_four_instruments_and_a_line_about_it():
    for number, genre in enumerate(GENRES):
        about = genre_info(genre)
        assert about.name == genre and genre_index(genre) == number
        assert len(about.programs) == 4 and all(0 <= p < 128 for p in about.programs)
        assert about.description and not about.description.endswith(".")
        assert 40 <= about.tempo <= 160

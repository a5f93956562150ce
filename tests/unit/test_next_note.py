"""The next-note network: its examples by hand, its training, its shipped weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from deepcomposer_edu.corpora.voice_notes import class_pairs, read_voice, read_voices
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.next_note import (
    GENRES,
    INSTRUMENTS,
    LENGTHS,
    LOW_PITCH,
    N_PITCHES,
    NOTES,
    PLAYERS,
    REST_NOTE,
    START_NOTE,
    NextNote,
    NextNoteConfig,
    length_number,
    load_next_note,
    note_number,
    play_on,
)
from deepcomposer_edu.music.circle import circle_shares, class_means
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.vectors import nearest
from deepcomposer_edu.training.next_note import (
    Examples,
    loss,
    note_bits,
    shuffled_bits,
    train_next_note,
)
from deepcomposer_edu.training.predictor import TrainingSettings

SMALL = NextNoteConfig(n_context=3, embedding=8, hidden=16)


@dataclass
class Piece:
    grid: Grid
    steps_per_bar: int = 16
    pickup: int = 0


def piece(*rows, pickup=0, onsets=None):
    return Piece(Grid(np.array(rows), onsets), pickup=pickup)


def scale():
    """Two voices of eighths up and down, 64 steps."""
    up = np.repeat([60, 62, 64, 65, 67, 69, 71, 72], 2)
    return piece(np.tile([*up, *up[::-1]], 2), np.tile([*up[::-1] - 12, *up - 12], 2))


@pytest.fixture(scope="module")
def shipped():
    return load_next_note()


def test_a_voice_is_read_with_its_rests_lengths_and_places():
    voice = read_voice(piece([60, 60, -1, -1, 62, 62, 62, -1], pickup=4), 0)
    assert voice.pitches.tolist() == [60, -1, 62, -1]
    assert voice.lengths.tolist() == [2, 2, 3, 1]
    assert voice.places.tolist() == [12, 14, 0, 3]


def test_repeated_notes_stay_apart():
    struck = [[True, False, True, False]]
    assert read_voice(piece([60] * 4, onsets=struck), 0).pitches.tolist() == [60, 60]


def test_voices_that_hardly_sing_are_left_out():
    assert read_voices([piece([60, 62], [-1, -1], [55, 55])])[0].voice == 0
    assert len(read_voices([piece([60, 62], [-1, -1], [55, 55])])) == 1


def test_class_pairs_count_both_ways_and_leave_rests_out():
    (voice,) = read_voices([piece([60, -1, 67, 60])])
    side_by_side = class_pairs([voice], 1)
    assert side_by_side[0, 7] == side_by_side[7, 0] == 2  # C G and G C
    assert side_by_side.sum() == 4
    assert class_pairs([voice], 2)[0, 0] == 2  # the two Cs, both ways


@pytest.mark.parametrize(
    ("pitch", "name"), [(36, "C2"), (96, "C7"), (-1, "rest"), (97, "C#6"), (35, "B2")]
)
def test_notes_have_numbers_and_far_ones_come_in_by_octaves(pitch, name):
    assert NOTES[note_number(pitch)] == name


@pytest.mark.parametrize(("steps", "length"), [(1, 1), (5, 4), (9, 8), (100, 32)])
def test_lengths_are_taken_to_the_nearest(steps, length):
    assert LENGTHS[length_number(steps)] == length


def test_every_genre_has_four_players_of_the_table():
    assert set(PLAYERS) == set(GENRES)
    assert all(set(names) <= set(INSTRUMENTS) for names in PLAYERS.values())


def test_examples_by_hand():
    examples = Examples({"quartet": [piece([60, 62, -1, 64], pickup=2)]}, 2)
    context, notes, lengths = examples.at(examples.targets)
    low = [60 - LOW_PITCH, 62 - LOW_PITCH, REST_NOTE, 64 - LOW_PITCH]
    assert notes.tolist() == low
    start = START_NOTE
    assert context.notes.tolist() == [
        [start, start], [start, low[0]], [low[0], low[1]], [low[1], low[2]]
    ]  # fmt: skip
    assert context.places[:, -1].tolist() == [14, 15, 0, 1]
    assert [LENGTHS[i] for i in lengths] == [1, 1, 1, 1]
    assert {INSTRUMENTS[i] for i in context.instruments} == {"violin"}
    assert {GENRES[i] for i in context.genres} == {"quartet"}


def test_no_example_sees_the_voice_before():
    examples = Examples({"folk": [piece([60, 62]), piece([70, 72])]}, 2)
    context, _, _ = examples.at(examples.targets[2:3])
    assert context.notes.tolist() == [[START_NOTE, START_NOTE]]


def test_small_genres_are_drawn_by_the_root_of_their_size():
    large = piece(np.tile([60, 62], 128))  # 256 notes
    few = piece(np.tile([64, 65], 8))  # 16 notes: a quarter of the root
    examples = Examples({"folk": [large], "ragtime": [few]}, 2)
    context, _, _ = examples.batch(torch.Generator().manual_seed(0), 4000)
    share = (context.genres == GENRES.index("ragtime")).float().mean()
    assert share == pytest.approx(0.2, abs=0.03)  # 4 of 4 + 16


def test_nothing_to_learn_from_is_said():
    with pytest.raises(InputError, match="no piece to learn from"):
        Examples({"folk": []}, 3)


def test_all_four_tables_matter_to_the_guess():
    network = NextNote(SMALL)
    examples = Examples({"chorale": [scale()]}, SMALL.n_context)
    loss(network, examples.batch(torch.Generator().manual_seed(0), 16)).backward()
    for name in network.tables():
        assert getattr(network, name).weight.grad.abs().sum() > 0


def test_it_learns_a_scale_and_resumes_to_the_same_numbers(tmp_path):
    pieces = {"folk": [scale()]}
    quickly = TrainingSettings(learning_rate=0.02)
    given = {"config": SMALL, "train": pieces, "valid": pieces, "settings": quickly}
    rest = {"sample_every": 20, "checkpoint_every": 20}
    whole, history = train_next_note(tmp_path / "a", n_steps=40, **given, **rest)
    train_next_note(tmp_path / "b", n_steps=20, **given, **rest)
    resumed, _ = train_next_note(
        tmp_path / "b", train=pieces, valid=pieces, n_steps=40, resume=True, **rest
    )
    first, last = history.rows[0], history.rows[-1]
    assert last["valid_note_bits"] < first["valid_note_bits"] - 1
    for key, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[key])
    assert (tmp_path / "a" / "samples" / "step_000040.mid").exists()


def test_the_shipped_network_needs_each_of_the_four(shipped):
    from deepcomposer_edu.corpora.chorales import load_chorales
    from deepcomposer_edu.corpora.melodies import load_melodies

    valid = {
        "chorale": load_chorales("valid")[:20],
        "folk": load_melodies("valid")[:40],
    }
    examples = Examples(valid, shipped.config.n_context)
    told = note_bits(shipped, examples)
    assert told < 3  # 5.98 knows nothing
    for part in ("notes", "places", "instruments", "genres"):
        # with two genres, a lie about the genre is true half the time
        assert shuffled_bits(shipped, examples, part) > told + 0.05
    with pytest.raises(InputError, match="no part 'keys'"):
        shuffled_bits(shipped, examples, "keys")


def test_the_shipped_table_holds_a_circle_of_fifths(shipped):
    rows = shipped.tables()["notes"].numpy()[:N_PITCHES]
    classes = class_means(rows, np.arange(N_PITCHES) + LOW_PITCH)
    share = circle_shares(classes)[4]
    rng = np.random.default_rng(0)
    by_chance = [circle_shares(classes[rng.permutation(12)])[4] for _ in range(500)]
    assert share > max(by_chance)


def test_bass_and_cello_were_found_alike(shipped):
    table = shipped.tables()["instruments"].numpy()
    names = [INSTRUMENTS[i] for i in nearest(table, INSTRUMENTS.index("cello"), 1)]
    assert names == ["bass"]


def test_a_melody_has_the_length_the_first_note_and_the_seed_asked_for(shipped):
    one = play_on(shipped, "viola", "quartet", 40, first=62, seed=3)
    assert one.notes[0].pitch == 62
    assert one.end <= 40
    assert one.tracks[0].program == 41
    assert one == play_on(shipped, "viola", "quartet", 40, first=62, seed=3)
    assert one != play_on(shipped, "viola", "quartet", 40, first=62, seed=4)


def test_a_vector_stands_for_its_name(shipped):
    row = shipped.tables()["genres"][GENRES.index("folk")]
    by_name = play_on(shipped, "violin", "folk", 32)
    assert play_on(shipped, "violin", row, 32).notes == by_name.notes


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"instrument": "kazoo"}, "no instrument 'kazoo'; choose one of soprano"),
        ({"genre": "techno"}, "no genre 'techno'"),
        ({"genre": torch.zeros(3)}, r"shape \(3,\), but \(32,\) is needed"),
        ({"n_steps": 0}, "must be at least 1"),
        ({"temperature": 0}, "The temperature is 0"),
        ({"top_p": 1.5}, "top_p is 1.5"),
    ],
)
def test_what_cannot_be_played_is_said_in_a_sentence(shipped, options, words):
    with pytest.raises(InputError, match=words):
        play_on(shipped, **options)


@pytest.mark.parametrize("values", [{"n_context": 0}, {"dropout": 1.0}])
def test_settings_that_cannot_be_are_refused(values):
    with pytest.raises(InputError):
        NextNoteConfig(**values)


def test_weights_of_another_network_are_refused():
    with pytest.raises(InputError, match="not those of a next-note network"):
        load_next_note("wgan-bach")

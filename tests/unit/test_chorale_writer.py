"""The Transformer at work: what is given stays, what is forbidden does not come."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.chorale_writer import (
    ChoraleWriter,
    load_transformer,
    transformer_of,
)
from deepcomposer_edu.models.frames import REST_CLASS
from deepcomposer_edu.models.page import Page, Taste
from deepcomposer_edu.models.transformer import (
    Frames,
    FrameTransformer,
    TransformerConfig,
)
from deepcomposer_edu.music.battery import battery
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.training.pieces import piece_frames

CONFIG = TransformerConfig(
    n_channels=16, n_layers=2, n_heads=2, n_distances=8, note_size=8, ahead=4
)
GIVEN = Grid(
    np.array([[72, 72, 74, 74], [67, 67, 67, 67], [64, 64, 62, 62], [48, 48, 43, 43]])
)
MELODY = Grid(np.array([[72, 74, 76, -1, 77, 77, 120, 20]]))


@pytest.fixture(scope="module")
def writer():
    torch.manual_seed(0)
    return ChoraleWriter(FrameTransformer(CONFIG))


def test_the_given_music_stays_and_as_many_steps_as_asked_for_follow(writer):
    grid = writer.extend(GIVEN, 12)
    assert grid.n_steps == 16
    assert grid.crop(0, 4) == GIVEN


def test_with_and_without_a_cache_the_same_notes_come(writer):
    options = {"seed": 3, "genre": "quartet", "steps_per_bar": 12, "pickup": 4}
    assert writer.extend(GIVEN, 20, **options) == writer.extend(
        GIVEN, 20, use_cache=False, **options
    )
    assert writer.harmonise(MELODY, seed=1) == writer.harmonise(
        MELODY, seed=1, use_cache=False
    )


def test_an_lstm_composes_too():
    torch.manual_seed(0)
    lstm = ChoraleWriter(FrameTransformer(replace(CONFIG, backbone="lstm")))
    assert lstm.extend(GIVEN, 6) == lstm.extend(GIVEN, 6, use_cache=False)


def test_cached_logits_are_those_of_the_whole_pass(writer):
    grid = writer.extend(GIVEN, 28)
    piece = piece_frames(Bare(grid))
    frames = Frames(
        piece.classes[None],
        torch.zeros(1, dtype=torch.long),
        piece.families[None],
        piece.bar_beat[None],
        piece.phase[None],
    )
    with torch.no_grad():
        whole = writer.network.hidden(frames)
        caches, parts = writer.network.new_caches(), []
        for t in range(frames.classes.shape[-1]):
            parts.append(writer.network.hidden(frames.until(t + 1), caches, t))
    torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-5, rtol=1e-5)


def test_a_melody_stays_note_for_note_whatever_its_range(writer):
    grid = writer.harmonise(MELODY)
    assert grid.voices(0) == MELODY
    assert grid.n_voices == 4


def test_a_melody_alone_is_harmonised_and_then_gone_on_with(writer):
    grid = writer.extend(MELODY, 8)
    assert grid.n_steps == 16
    assert grid.voices(0).crop(0, 8) == MELODY


def test_a_seed_is_the_same_music_and_another_seed_is_not(writer):
    first, again, other = (writer.extend(GIVEN, 24, seed=s) for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_nobody_rests_longer_than_allowed(writer):
    silence = Grid(np.full((4, 4), -1))
    with torch.no_grad():
        bias = writer.network.heads[0].by_pitch.bias
        bias[REST_CLASS] += 20  # a soprano that loves to rest
        free, hurried = (
            longest_rest(writer.extend(silence, 60, max_rest=n)) for n in (0, 6)
        )
        bias[REST_CLASS] -= 20
    assert hurried == 6 < free


def test_under_a_melody_no_voice_falls_silent_unless_it_is_folk(writer):
    melody = Grid(np.full((1, 80), 72))
    with torch.no_grad():
        biases = [head.by_pitch.bias for head in writer.network.heads[1:]]
        for bias in biases:
            bias[REST_CLASS] += 20  # three voices that love to rest
        grids = {g: writer.harmonise(melody, genre=g) for g in ("palestrina", "folk")}
        for bias in biases:
            bias[REST_CLASS] -= 20
    assert (grids["palestrina"].onsets[1:].sum(axis=1) >= 4).all()
    assert not grids["folk"].onsets[1:].any()


def test_nobody_holds_a_note_longer_than_allowed(writer):
    with torch.no_grad():
        bias = writer.network.heads[0].by_pitch.bias
        bias[40] += 20  # a soprano that loves one note
        free, held = (
            writer.extend(GIVEN, 60, max_note=n, avoid_parallels=False).crop(4, 64)
            for n in (0, 3)
        )
        bias[40] -= 20
    assert longest_note(held) == 3 < longest_note(free)


def test_parallels_are_passed_over_unless_they_are_allowed(writer):
    # an untrained network draws many: with the rule, none is left
    allowed = writer.extend(GIVEN, 400, top_k=6, avoid_parallels=False)
    avoided = writer.extend(GIVEN, 400, top_k=6)
    names = ("parallel_fifths_per_1000", "parallel_octaves_per_1000")
    assert sum(battery([allowed])[name] for name in names) > 0
    assert sum(battery([avoided])[name] for name in names) == 0


def test_the_page_forbids_what_would_run_in_parallel():
    page = Page(GIVEN, 5)
    page.classes[0, 4] = page.classes[0, 3] + 2  # the soprano rises by a tone
    page.classes[3, 3] = page.classes[0, 3] - 24  # two octaves above the bass
    banned = page.forbidden(3, 4, [0], Taste())
    assert banned == {int(page.classes[3, 3]) + 2}
    assert page.forbidden(3, 4, [0], Taste(avoid_parallels=False)) == set()


def test_the_page_counts_how_long_a_voice_rests():
    page = Page(Grid(np.array([[60, -1, -1]] * 4)), 4)
    assert page.steps_since(0, 3) == 2
    assert page.forbidden(0, 3, [], Taste(max_rest=2)) == {REST_CLASS}
    assert page.forbidden(0, 3, [], Taste(max_rest=3)) == set()


def test_progress_is_told_and_can_end_the_work(writer):
    told = []
    writer.extend(GIVEN, 5, on_progress=lambda *parts: told.append(parts))
    assert told == [(i, 5) for i in range(1, 6)]

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writer.extend(GIVEN, 5, on_progress=stop)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"genre": "polka"}, "genre 'polka' is not known"),
        ({"temperature": 0.0}, "temperature is 0"),
        ({"top_k": 1000}, "top_k is 1000, but the vocabulary has 73"),
        ({"max_rest": -1}, "longest rest is -1"),
        ({"n_steps": 10**6}, "a piece has 1 to"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(writer, options, words):
    with pytest.raises(InputError, match=words):
        writer.extend(GIVEN, **{"n_steps": 4, **options})


def test_two_or_three_voices_are_refused(writer):
    with pytest.raises(InputError, match="has 2 voices"):
        writer.extend(GIVEN.voices(0, 1), 4)


def test_weights_of_another_network_do_not_fit():
    with pytest.raises(RuntimeError):
        transformer_of(CONFIG, {"wrong": torch.zeros(1)}, "x", "y")


def test_missing_weights_are_one_sentence(tmp_path):
    with pytest.raises(InputError, match=r"transformer\.json is missing"):
        load_transformer(folder=tmp_path)


class Bare:
    """A piece of which nothing is known but its notes."""

    steps_per_bar, pickup = 16, 0

    def __init__(self, grid):
        self.grid = grid


def longest_rest(grid):
    """The most steps on end that the soprano rests."""
    longest = run = 0
    for pitch in grid.pitches[0]:
        run = run + 1 if pitch < 0 else 0
        longest = max(longest, run)
    return longest


def longest_note(grid):
    """The most steps that any note of the soprano lasts."""
    longest = run = 0
    for pitch, onset in zip(grid.pitches[0], grid.onsets[0], strict=True):
        run = 1 if onset else run + (pitch >= 0)
        longest = max(longest, run)
    return longest

"""Bach or bot: rounds that are cut and played alike, and give nothing away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tiny_run import write_tiny_run

from deepcomposer_edu.compose.blind import (
    ClickJudge,
    blind_test,
    blind_test_of,
    judge_of,
    voice_features,
)
from deepcomposer_edu.compose.blind.chorales import best_try
from deepcomposer_edu.compose.blind.clicks import rows
from deepcomposer_edu.compose.blind.excerpts import bot_plays, excerpts_of, pick
from deepcomposer_edu.compose.blind.judges import critic_score, threshold
from deepcomposer_edu.compose.blind.result import result_of
from deepcomposer_edu.compose.blind.rounds import flip
from deepcomposer_edu.compose.blind.sound import (
    SAMPLE_RATE,
    clip_seconds,
    matched_clips,
    mp3_of,
)
from deepcomposer_edu.corpora.build import tune_of
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import read_audio
from deepcomposer_edu.music.loudness import loudness
from deepcomposer_edu.music.score import Note, Score, Track

pytestmark = pytest.mark.data


@pytest.fixture(scope="module", name="chorales")
def chorales_fixture():
    return {split: load_chorales(split) for split in ("train", "valid", "test")}


@pytest.fixture(scope="module", name="test")
def test_fixture():
    """A test of 30 rounds: Bach against random notes, two bars each."""
    return blind_test(30, bot="random", n_bars=2, judges=())


@pytest.fixture(scope="module", name="clips")
def clips_fixture(test):
    return matched_clips([r.score for r in test.rounds])


@pytest.fixture(scope="module", name="decoded")
def decoded_fixture(clips, tmp_path_factory):
    """What a listener hears: each clip as MP3 and back, its file's size beside it."""
    path = tmp_path_factory.mktemp("clips") / "clip.mp3"
    heard = []
    for clip in clips:
        size = path.write_bytes(mp3_of(clip))
        heard.append((size, read_audio(path)[0][:, 0]))
    return heard


# --- what is played


def test_no_chorale_and_no_tune_is_played_twice(test):
    pieces = [r.title.partition(",")[0] for r in test.rounds]
    assert len(set(pieces)) == 30
    tunes = [tuple(np.diff(r.grid.pitches[0].astype(int))) for r in test.rounds]
    assert len(set(tunes)) == 30


def test_only_test_chorales_are_played_whose_tune_no_network_has_learned(
    test, chorales
):
    allowed = {f"BWV {c.bwv}": c for c in chorales["test"]}
    learned = {tune_of(c.grid) for c in chorales["train"] + chorales["valid"]}
    for one in test.rounds:
        piece = allowed[one.title.partition(",")[0]]
        assert tune_of(piece.grid) not in learned


def test_a_real_round_is_bach_note_for_note_and_a_made_one_only_his_melody(chorales):
    test = blind_test(12, bot="random", n_bars=2, judges=())
    pieces = {f"BWV {c.bwv}": c for c in chorales["test"]}
    for one in test.rounds:
        name, _, bars = one.title.partition(", bars ")
        piece, first = pieces[name], int(bars.split()[0])
        start = piece.pickup + 16 * (first - 1)
        own = piece.grid.crop(start, start + 32)
        assert np.array_equal(own.pitches[0], one.grid.pitches[0])
        assert (own == one.grid) == one.is_real


def test_all_rounds_have_the_same_length_voices_and_instrument(test):
    assert {r.grid.pitches.shape for r in test.rounds} == {(4, 32)}
    assert {t.program for r in test.rounds for t in r.score.tracks} == {0}
    assert {r.score.tempo for r in test.rounds} == {80.0}


def test_no_excerpt_has_a_rest(test):
    assert all(r.grid.sounding.all() for r in test.rounds)


def test_the_same_seed_makes_the_same_test_and_another_a_different_one(test):
    again, other = (
        blind_test(30, bot="random", n_bars=2, judges=(), seed=seed) for seed in (0, 1)
    )
    assert again.digest == test.digest != other.digest


def test_the_coin_is_fair_and_remembers_nothing():
    coins = flip(20_000, np.random.default_rng(0))
    assert coins.mean() == pytest.approx(0.5, abs=0.015)  # four standard errors
    after_real = coins[1:][coins[:-1]]
    assert after_real.mean() == pytest.approx(0.5, abs=0.02)


def test_excerpts_are_picked_before_the_coin_so_both_kinds_have_the_same_melodies():
    tests = [
        blind_test(8, bot="random", n_bars=1, judges=(), seed=s) for s in range(12)
    ]
    height = {True: [], False: []}
    for one in (r for test in tests for r in test.rounds):
        height[one.is_real].append(one.grid.pitches[0].mean())
    difference = np.mean(height[True]) - np.mean(height[False])
    spread = np.hypot(*(np.std(h) / np.sqrt(len(h)) for h in height.values()))
    assert abs(difference) < 4 * spread


# --- how it sounds


def test_all_clips_have_one_length_and_their_files_one_size(clips, decoded):
    assert {len(clip) for clip in clips} == {round(6.6 * SAMPLE_RATE)}
    assert len({size for size, _ in decoded}) == 1
    assert len({len(heard) for _, heard in decoded}) == 1


def test_all_clips_are_equally_loud_to_a_tenth_of_a_decibel_after_decoding(decoded):
    levels = [loudness(heard, SAMPLE_RATE) for _, heard in decoded]
    assert max(levels) - min(levels) < 0.1
    assert -22 < levels[0] < -19


def test_no_clip_is_cut_off_at_its_peak_or_silent_or_ends_with_a_click(clips):
    for clip in clips:
        assert 0.1 < np.abs(clip).max() <= 0.9001
        assert np.abs(clip[-320:]).max() < 0.005
        assert np.argmax(np.abs(clip) > 0.01) < 0.05 * SAMPLE_RATE


def given_away(decoded, truth):
    """Return how well a judge of everything but the music does: (left out, usual)."""
    previous = np.concatenate([[0.5], truth[:-1].astype(float)])
    features = [
        [
            size,
            len(heard),
            loudness(heard, SAMPLE_RATE),
            np.argmax(np.abs(heard) > 0.01),
            number,
            previous[number],
        ]
        for number, (size, heard) in enumerate(decoded)
    ]
    judge = ClickJudge(features, truth)
    return judge.left_out, judge.usual


def test_a_judge_of_size_length_level_start_and_order_does_no_better_than_chance(
    test, decoded
):
    truth = np.array([r.is_real for r in test.rounds])
    left_out, _ = given_away(decoded, truth)
    # three standard errors of a guess over 30 rounds
    assert left_out < 0.5 + 3 * np.sqrt(0.25 / 30)


def test_the_same_judge_finds_a_machine_that_is_half_a_decibel_louder(test, decoded):
    truth = np.array([r.is_real for r in test.rounds])
    louder = [
        (size, heard if is_real else heard * 10 ** (0.5 / 20))
        for (size, heard), is_real in zip(decoded, truth, strict=True)
    ]
    assert given_away(louder, truth)[0] > 0.9


def test_loudness_does_not_depend_on_velocity_or_number_of_voices():
    loud = Score.from_notes([(0, 60, 16)], tempo=120)
    soft = replace(
        loud, tracks=(Track((Note(0, 60, 16, 30),)), Track((Note(0, 36, 16, 90),)))
    )
    levels = [loudness(c, SAMPLE_RATE) for c in matched_clips([loud, soft])]
    assert levels[0] == pytest.approx(levels[1], abs=0.02)


# --- the bots and the machine judges


def test_a_bot_hears_a_bar_before_and_after_but_plays_only_the_excerpt(chorales):
    excerpt = excerpts_of(chorales["test"][:3], 2)[0][1]
    made = bot_plays(excerpt, "random", None, 5)
    assert made.pitches.shape == (4, 32)
    assert np.array_equal(made.pitches[0], excerpt.grid.pitches[0])
    assert made == bot_plays(excerpt, "random", None, 5)


@pytest.mark.usefixtures("weights")
def test_the_bots_own_critic_and_the_rules_answer_too():
    test = blind_test(3, bot="wgan", n_bars=1, seed=2)
    assert set(test.rounds[0].says) == {"Rule grade", "The bot's own critic"}
    assert all(isinstance(v, bool) for r in test.rounds for v in r.says.values())


@pytest.mark.usefixtures("weights")
def test_a_run_of_your_own_plays_and_its_critic_answers(tmp_path):
    run = write_tiny_run(tmp_path / "mine")
    test = blind_test(2, bot="wgan", n_bars=1, model=run, judges=("critic", "bach"))
    assert "(mine@20)" in test.about
    assert set(test.rounds[0].says) == {"The bot's own critic", "Critic of bach"}


def test_a_critic_scores_an_excerpt_alike_in_every_key(chorales):
    from deepcomposer_edu.models.harmonise import load_harmoniser

    harmoniser = load_harmoniser("bach")
    excerpt = excerpts_of(chorales["valid"][:2], 2)[0][0]
    to_c = excerpt.chorale.key.to_c
    here = critic_score(harmoniser, excerpt.grid, to_c)
    there = critic_score(harmoniser, excerpt.grid.transposed(2), to_c - 2)
    assert there == pytest.approx(here, abs=1e-4)


@pytest.mark.parametrize(
    ("real", "made", "cut"),
    [
        ([2.0, 3.0], [0.0, 1.0], 1.5),
        ([1.0, 5.0, 6.0], [0.0, 2.0, 3.0], 4.0),  # one of each side is lost
    ],
)
def test_a_critics_threshold_parts_most(real, made, cut):
    assert threshold(real, made) == cut


# --- a bot that answers its listener


def fan_of(test, feature, least):
    """A listener who takes for Bach whatever has enough of one thing."""
    said = [r.heard[feature] >= least for r in test.rounds]
    return judge_of(result_of(test, said))


def test_a_bot_that_has_learned_from_clicks_fools_that_listener_more_often(test):
    least = float(np.median([r.heard["triads"] for r in test.rounds]))
    judge = fan_of(test, "triads", least)
    options = {"bot": "random", "n_bars": 2, "judges": (), "seed": 7}
    plain, learned = (
        blind_test(20, learned_from=one, **options) for one in (None, judge)
    )
    made = [
        (a.heard["triads"], b.heard["triads"])
        for a, b in zip(plain.rounds, learned.rounds, strict=True)
        if not a.is_real
    ]
    before, after = np.mean(made, axis=0)
    assert after > before + 0.05
    real = zip(plain.rounds, learned.rounds, strict=True)
    assert all(a.grid == b.grid for a, b in real if a.is_real)


def test_the_judge_likes_the_best_try_at_least_as_well_as_the_first(test, chorales):
    judge = fan_of(test, "steps", 0.5)
    for some in excerpts_of(chorales["valid"], 1)[:5]:
        tries = [
            bot_plays(some[0], "random", None, 3),
            best_try(some[0], "random", None, 3, judge),
        ]
        chances = judge.probability(
            rows([voice_features(g) for g in tries], judge.names)
        )
        assert chances[1] >= chances[0]


def test_a_judge_of_other_things_is_refused(test):
    judge = ClickJudge([[0.0], [1], [0], [1]], [False, True, False, True], ["rhythm"])
    with pytest.raises(InputError, match="'rhythm', which is not counted here"):
        blind_test(8, bot="random", judges=(), n_bars=1, learned_from=judge)


# --- any two lists of scores


def beats(pitches, title=""):
    notes = tuple(Note(4 * i, p, 1) for i, p in enumerate(pitches))
    return Score((Track(notes, "Beat", is_drum=True),), tempo=100, title=title)


def test_any_two_lists_of_scores_make_a_test():
    real = [beats([36, 38, 36, 38], f"book {i}") for i in range(6)]
    made = [beats([36 + i] * 4, f"dice {i}") for i in range(6)]
    test = blind_test_of(real, made, 6, names=("book", "dice"), n_steps=16)
    assert len({r.title for r in test.rounds}) == 6
    assert all(r.title.startswith("book") == r.is_real for r in test.rounds)
    assert all(r.made_by == ("book" if r.is_real else "dice") for r in test.rounds)


def test_scores_of_other_lengths_tempos_and_instruments_are_made_alike():
    long = Score.from_notes([(0, 60, 40)], tempo=60)
    short = replace(
        Score.from_notes([(0, 67, 16)], tempo=140),
        tracks=(Track((Note(0, 67, 16),), "Flute", 73),),
    )
    test = blind_test_of([long] * 4, [short] * 4, 4, seed=1)
    assert {r.is_real for r in test.rounds} == {True, False}
    assert {(r.score.end, r.score.tempo) for r in test.rounds} == {(16, 60)}
    assert {r.score.tracks[0].program for r in test.rounds} == {0}
    assert test.seconds == clip_seconds([r.score for r in test.rounds]) == 4.6


# --- what cannot be done


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"n_rounds": 0}, "a test has 1 to 60"),
        ({"n_rounds": True}, "a test has 1 to 60"),
        ({"n_rounds": 60}, "only .* chorales have such an excerpt"),
        ({"n_bars": 9}, "they have 1 to 8"),
        ({"bot": "human"}, "only wgan, transformer, random"),
        ({"seed": -1}, "The seed is -1"),
        ({"bot": "random", "model": "bach"}, "need none; leave it out"),
        ({"model": "nowhere"}, "nowhere"),
        ({"judges": ("nobody",), "bot": "random"}, "nobody"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(options, words):
    with pytest.raises(InputError, match=words):
        blind_test(**{"n_rounds": 2, "judges": (), "n_bars": 1, **options})


@pytest.mark.parametrize(
    ("real", "options", "words"),
    [
        ([beats([36])], {"n_rounds": 2}, "so 2 of each are needed"),
        ([beats([36])] * 2, {"names": ("a", "a")}, "two different ones"),
        ([beats([36])] * 2, {"names": "ab"}, "two different ones"),
        ([Score()] * 2, {"seed": 0}, "has no notes"),
        ([beats([36] * 200)] * 2, {"n_steps": 800}, "at most 60 s"),
    ],
)
def test_lists_that_make_no_test_are_refused(real, options, words):
    with pytest.raises(InputError, match=words):
        blind_test_of(real, real, **{"n_rounds": 2, **options})


def test_too_few_tunes_are_refused_and_not_repeated(chorales):
    offered = [some[:1] for some in excerpts_of(chorales["test"][:2], 1)]
    with pytest.raises(InputError, match="5 rounds were asked for, but only 2"):
        pick([*offered, *offered], 5, np.random.default_rng(0))

"""How the answers of lesson 14 on arranging a minute are judged."""

import numpy as np

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.music.arranging import scale_shift
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import Key

_C, _D = Key(0), Key(2)
_NEAREST = "The nearest whole number is wanted, neither always up nor always down."

# 14.1 bars_for --------------------------------------------------------------------


def bars_are_whole(learner: Learner) -> None:
    """Half a bar is no bar."""
    learner.expect_type(
        learner(60, 100), int, cause="`round` of one number gives an int."
    )


def bars_of_a_minute(learner: Learner) -> None:
    """A minute at 100 quarters a minute has 25 bars of four."""
    learner.expect_equal(
        learner(60, 100),
        25,
        "A quarter lasts 60 / 100 s, a bar of four of them 2.4 s, and 60 / 2.4 is 25.",
        known=[
            (100, "That is the number of beats; a bar has `beats_per_bar` of them."),
            (400, "Divide by the beats of a bar; do not multiply."),
            (36, "Seconds per beat are 60 / tempo, not tempo / 60."),
        ],
    )


def bars_of_other_metres(learner: Learner) -> None:
    """Bars of three quarters are shorter, so there are more of them."""
    learner.expect_equal(
        learner(60, 100, beats_per_bar=3),
        33,
        "A bar of three quarters lasts 1.8 s, and 60 / 1.8 is 33.3.",
        known=[(25, "`beats_per_bar` was not looked at."), (34, _NEAREST)],
    )
    learner.expect_equal(
        learner(30, 50),
        6,
        "A bar lasts 4.8 s, and 30 / 4.8 is 6.25.",
        known=[(12, "`seconds` was not looked at: this is a minute."), (7, _NEAREST)],
    )


def bars_are_the_nearest(learner: Learner) -> None:
    """23.75 bars are nearly 24."""
    learner.expect_equal(
        learner(60, 95), 24, "60 s are 23.75 bars.", known=[(23, _NEAREST)]
    )
    learner.expect_equal(
        learner(60, 101), 25, "60 s are 25.25 bars.", known=[(26, _NEAREST)]
    )


def bars_are_at_least_one(learner: Learner) -> None:
    """Nobody can play no bar."""
    learner.expect_equal(
        learner(0.5, 60), 1, "An eighth of a bar becomes one bar: at least 1."
    )


# 14.2 sequence --------------------------------------------------------------------

_FIGURE = Grid([[60, 64, 67, 67], [48, REST, 52, 52]], [[1, 1, 1, 0], [1, 0, 1, 1]])


def _in_scale(degrees: int, key: Key, grid: Grid = _FIGURE) -> np.ndarray:
    moved = [[scale_shift(int(p), degrees, key) for p in row] for row in grid.pitches]
    return np.where(grid.sounding, moved, REST)


def sequence_is_a_grid(learner: Learner) -> None:
    """The passage and two more make three times the steps."""
    got = learner(_FIGURE, [1, 2], _C)
    learner.expect_type(got, Grid, cause="Put pitches and onsets into `Grid(...)`.")
    learner.expect_equal(
        got.n_steps,
        12,
        "The passage has 4 steps, then come two repetitions of it.",
        known=[(8, "The passage itself comes first, before the repetitions.")],
    )
    learner.expect_equal(got.n_voices, 2, "All voices are moved together.")


def sequence_moves_in_the_scale(learner: Learner) -> None:
    """A third stays a third of the scale, great or small."""
    got = learner(_FIGURE, [1], _C).pitches[0].tolist()
    by_semitones = [60, 64, 67, 67, 61, 65, 68, 68]
    learner.expect_equal(
        got,
        [60, 64, 67, 67, 62, 65, 69, 69],
        "C E G one degree higher in C major are D F A: `scale_shift(pitch, 1, key)`.",
        known=[
            (by_semitones, "A degree is a step of the scale, not a semitone."),
            ([62, 65, 69, 69, 60, 64, 67, 67], "The passage as it is comes first."),
        ],
    )


def sequence_keeps_rests(learner: Learner) -> None:
    """Silence cannot be moved."""
    got = learner(_FIGURE, [1], _C).pitches[1]
    learner.expect(
        bool(got[5] == REST),
        f"{learner.call}: at step 5 the second voice rests, but it sounds {got[5]}. "
        "REST is -1, no pitch: `grid.sounding` says where a voice sounds.",
    )


def sequence_keeps_onsets(learner: Learner) -> None:
    """What was held is held, what was struck again is struck again."""
    got = learner(_FIGURE, [1], _C)
    learner.expect_equal(
        got.onsets,
        np.concatenate([_FIGURE.onsets] * 2, axis=1),
        "The second voice strikes its E twice, so the repetition strikes twice: give "
        "Grid the onsets, too.",
        axes=("voice", "step"),
    )


def sequence_counts_from_the_passage(learner: Learner) -> None:
    """Every repetition is so far from the passage, not from the last one."""
    got = learner(_FIGURE, [1, 2], _C).pitches
    wrong = np.concatenate([_FIGURE.pitches, _in_scale(1, _C), _in_scale(3, _C)], 1)
    learner.expect_equal(
        got,
        np.concatenate([_FIGURE.pitches, _in_scale(1, _C), _in_scale(2, _C)], axis=1),
        "Each number says how far its repetition lies above the passage itself.",
        known=[(wrong, "The second repetition was moved from the first: count each "
                "from the passage.")],
        axes=("voice", "step"),
    )  # fmt: skip


def sequence_in_its_key(learner: Learner) -> None:
    """In D major the note above E is F sharp."""
    figure = Grid([[64]])
    learner.expect_equal(
        learner(figure, [1, -1], _D).pitches.tolist(),
        [[64, 66, 62]],
        "In D major F# lies above E, and D below it.",
        known=[([[64, 65, 62]], "The key was not looked at: that is C major.")],
    )


# 14.3 join_jump -------------------------------------------------------------------


def jump_is_a_number(learner: Learner) -> None:
    """How many semitones is one number."""
    learner.expect_number(learner(Grid([[60]]), Grid([[64]])))


def jump_of_one_voice(learner: Learner) -> None:
    """From the last note to the first, whether up or down."""
    learner.expect_equal(
        learner(Grid([[60, 67]]), Grid([[64, 72]])),
        3,
        "From G (67) down to E (64) it is 3 semitones.",
        known=[
            (-3, "Up or down does not matter: take `abs`."),
            (4, "That is from first note to first note; a join is between the last of "
             "the one and the first of the other."),
            (5, "That is from last note to last note."),
            (0, "Take the widest jump, whether up or down: `abs`."),
        ],
    )  # fmt: skip


def jump_of_the_widest(learner: Learner) -> None:
    """One voice that leaps is heard, however quiet the others are."""
    learner.expect_equal(
        learner(Grid([[72], [67], [60], [48]]), Grid([[74], [67], [67], [47]])),
        7,
        "The voices move by 2, 0, 7 and 1.",
        known=[
            (10, "That is the sum; the widest jump is wanted."),
            (2.5, "That is the mean; the widest jump is wanted."),
            (2, "Only the first voice was looked at."),
            (1, "Only the last voice was looked at."),
            (0, "That is the smallest jump."),
        ],
    )


def jump_over_rests(learner: Learner) -> None:
    """A voice that breathes at the join jumps all the same."""
    learner.expect_equal(
        learner(Grid([[60, REST]]), Grid([[REST, 65]])),
        5,
        "The last that sounds is 60, the first that sounds 65.",
        known=[
            (0, "Look past the rests, to what sounds before and after."),
            (66, "A rest, -1, was taken for a pitch."),
            (61, "A rest, -1, was taken for a pitch."),
        ],
    )


def jump_of_silence(learner: Learner) -> None:
    """Who does not sing does not jump."""
    learner.causes["IndexError"] = learner.causes["ValueError"] = (
        "A voice may never sound in a passage: then it does not jump."
    )
    learner.expect_equal(
        learner(Grid([[REST], [60]]), Grid([[60], [62]])),
        2,
        "The first voice is silent before the join, so only the second one moves.",
        known=[(61, "A rest, -1, was taken for a pitch.")],
    )
    learner.expect_equal(
        learner(Grid([[REST]]), Grid([[60]])), 0, "Nobody jumps, so the jump is 0."
    )


# 14.4 ritardando ------------------------------------------------------------------


def slowing_is_a_list(learner: Learner) -> None:
    """A number for each beat."""
    got = learner(4, 0.6)
    learner.expect_type(got, list, tuple, np.ndarray, cause="One share for each beat.")
    learner.expect_equal(len(got), 4, "There are as many shares as beats.")


def slowing_by_hand(learner: Learner) -> None:
    """Four equal steps from 1 to 0.6."""
    known = [
        (list(np.linspace(1, 0.6, 4)),
         "1 is the beat before the first that slows; it is not in the list."),
        ([0.6, 0.7, 0.8, 0.9], "It should become slower, not faster."),
        ([1 - 0.1 * i for i in range(4)],
         "1 is the beat before the first that slows, and the last one is `slowest`."),
        ([0.6 ** ((i + 1) / 4) for i in range(4)],
         "Equal steps are wanted: the same difference, not the same ratio."),
    ]  # fmt: skip
    learner.expect_close(
        list(learner(4, 0.6)),
        [0.9, 0.8, 0.7, 0.6],
        1e-6,
        "From 1 to 0.6 in four equal steps, each is 0.1.",
        known=known,
    )


def slowing_of_one_beat(learner: Learner) -> None:
    """One beat has no time to lose."""
    learner.expect_close(
        list(learner(1, 0.5)), [0.5], 1e-6, "One beat is the last one: `slowest`."
    )


def slowing_follows_slowest(learner: Learner) -> None:
    """How slow it becomes is said by the caller."""
    learner.expect_close(
        list(learner(5, 0.75)),
        [0.95, 0.9, 0.85, 0.8, 0.75],
        1e-6,
        "From 1 to 0.75 in five equal steps, each is 0.05.",
    )
    learner.expect_close(
        list(learner(3, 1.0)), [1.0, 1.0, 1.0], 1e-6, "1 means: nobody slows down."
    )

"""How the answers of lesson 02 on tokenizers are judged."""

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.tokens.grid_tokens import read_steps

_MELODY = [60, 60, 60, 64, REST, REST, 64]
_STRUCK = [True, False, True, True, False, False, True]
_BASS = [48, 48, 48, 48, 43, 43, 43]
_GRID = Grid([_MELODY, _BASS], [_STRUCK, [True] + [False] * 6])
_TEXTS = ["C4", "hold", "C4", "E4", "rest", "rest", "E4"]


def expect_texts(learner: Learner, got: object, cause: str) -> None:
    """Refuse what is no list of texts."""
    learner.expect_type(got, list, cause="Collect the tokens in a list.")
    for item in got:
        learner.expect(
            isinstance(item, str),
            f"{learner.call}: expected a list of texts, got {item!r} in it. {cause}",
        )


def expect_tokens(
    learner: Learner,
    got: object,
    expected: list[str],
    cause: str,
    known: Sequence[tuple[list[str], str]] = (),
) -> None:
    """Refuse unless the tokens are those, and say which is the first that is not."""
    learner.expect_type(got, list, cause="Collect the tokens in a list.")
    if got == expected:
        return
    for wrong, mistake in known:
        cause = mistake if got == wrong else cause
    pairs = enumerate(zip_longest(expected, got, fillvalue="nothing more"))
    i, (wanted, found) = next((i, pair) for i, pair in pairs if pair[0] != pair[1])
    learner.expect(
        False,
        f"{learner.call}: token {i}: expected {wanted!r}, got {found!r}. {cause}",
    )


# 2.1 step_texts -----------------------------------------------------------------


def steps_are_texts(learner: Learner) -> None:
    """The answer is a list of T texts."""
    got = learner(_GRID, 0)
    expect_texts(learner, got, "note_name(pitch) gives the name of a pitch.")
    learner.expect_equal(len(got), 7, cause="There is one token for each step.")


def steps_by_hand(learner: Learner) -> None:
    """A name where a note begins, hold while it sounds, rest where it is silent."""
    named = ["C4", "C4", "C4", "E4", "rest", "rest", "E4"]
    melted = ["C4", "hold", "hold", "E4", "rest", "rest", "E4"]
    held_rest = ["C4", "hold", "C4", "E4", "hold", "hold", "E4"]
    one_rest = ["C4", "hold", "C4", "E4", "rest", "hold", "E4"]
    learner.expect_equal(
        learner(_GRID, 0),
        _TEXTS,
        cause="Look at the pitch for rests and at the onset for everything else.",
        known=[
            (named, "A held note is named once, where it begins; then comes hold."),
            (melted, "C4 is struck again at step 2, which only the onsets show."),
            (held_rest, "Silence is not held: where the pitch is REST, write rest."),
            (one_rest, "Every silent step is a rest, not only the first."),
        ],
    )


def the_voice_is_chosen(learner: Learner) -> None:
    """The voice asked for is written."""
    learner.expect_equal(
        learner(_GRID, 1),
        ["C3", "hold", "hold", "hold", "G2", "hold", "hold"],
        cause="Use the rows with the number `voice`.",
        known=[(_TEXTS, "That is voice 0, but voice 1 was asked for.")],
    )


def steps_can_be_read_back(learner: Learner) -> None:
    """Reading the tokens gives every grid back."""
    for grid in _random_grids():
        texts = learner(grid, 0)
        learner.expect(
            read_steps(texts) == grid,
            f"{learner.call}: reading the tokens back gives another melody, so "
            f"something was lost on the way. The tokens were {texts}.",
        )


def _random_grids() -> list[Grid]:
    rng = np.random.default_rng(0)
    return [
        Grid(rng.choice([REST, 60, 67], (1, 12)), rng.random((1, 12)) < 0.5)
        for _ in range(20)
    ]


# 2.2 read_steps -----------------------------------------------------------------


def reading_gives_a_grid(learner: Learner) -> None:
    """The answer is a grid of one voice."""
    learner.causes["InputError"] = (
        "A grid has the shape (voices, steps): put the list of pitches into another "
        "list."
    )
    got = learner(_TEXTS)
    learner.expect_type(got, Grid, cause="Make it with Grid([pitches], [onsets]).")
    learner.expect_equal(
        got.pitches.shape, (1, 7), cause="One voice, and a step for each token."
    )


def pitches_by_hand(learner: Learner) -> None:
    """A hold sounds on, a rest is silent."""
    short = [60, REST, 60, 64, REST, REST, 64]
    learner.expect_equal(
        learner(_TEXTS).pitches[0].tolist(),
        _MELODY,
        cause="A name sets the pitch, hold keeps it, rest ends it.",
        known=[
            (short, "hold lets the note before it sound on; it is not a rest."),
            (
                [60, 60, 60, 64, 64, 64, 64],
                "At a rest the voice is silent; the note before it ends.",
            ),
        ],
    )


def repeated_notes_are_struck(learner: Learner) -> None:
    """Every name is an onset, also of the same note again."""
    got = learner(_TEXTS).onsets[0].tolist()
    melted = Grid([_MELODY]).onsets[0].tolist()
    everywhere = [pitch != REST for pitch in _MELODY]
    learner.expect_equal(
        got,
        _STRUCK,
        cause="An onset stands where a name stands.",
        known=[
            (
                melted,
                "The second C4 has melted into the first: a grid needs the onsets, "
                "too.",
            ),
            (everywhere, "A held note has one onset, where its name stands."),
        ],
    )


def a_hold_needs_a_note(learner: Learner) -> None:
    """A hold at the start or after a rest is silence."""
    got = learner(["hold", "C4", "rest", "hold"]).pitches[0].tolist()
    learner.expect_equal(
        got,
        [REST, 60, REST, REST],
        cause="With no note to hold, hold is silence.",
        known=[
            (
                [REST, 60, REST, 60],
                "After a rest nothing sounds that could be held: a rest must be "
                "remembered, too.",
            )
        ],
    )


def nothing_is_lost(learner: Learner) -> None:
    """Writing and reading give every melody back."""
    from deepcomposer_edu.music.tokens.grid_tokens import step_texts

    for grid in _random_grids():
        learner.expect(
            learner(step_texts(grid, 0)) == grid,
            f"{learner.call}: expected the melody that these tokens were written "
            "from, got another one.",
        )


# 2.3 add_shifts -----------------------------------------------------------------

_TIMED = [(0, "on C4"), (4, "off C4"), (4, "on E4"), (10, "off E4")]


def shifts_are_texts(learner: Learner) -> None:
    """The answer is a list of texts."""
    got = learner(_TIMED, 10)
    expect_texts(learner, got, 'Write a shift as a text, as in f"shift {n}".')


def shifts_are_differences(learner: Learner) -> None:
    """A shift says how many steps go by."""
    right = ["on C4", "shift 4", "off C4", "on E4", "shift 6", "off E4"]
    absolute = ["on C4", "shift 4", "off C4", "on E4", "shift 10", "off E4"]
    zeros = ["shift 0", "on C4", "shift 4", "off C4", "shift 0", "on E4", "shift 6"]
    after = ["on C4", "off C4", "shift 4", "on E4", "off E4", "shift 6"]
    expect_tokens(
        learner,
        learner(_TIMED, 10),
        right,
        cause="From step 4 to step 10 it is 6 steps.",
        known=[
            (absolute, "A shift counts from the last event, not from the beginning."),
            ([*zeros, "off E4"], "Where no time goes by, no shift is written."),
            (after, "The shift stands before the event that it leads to."),
            (
                ["on C4", "off C4", "on E4", "off E4"],
                "The time is missing: write shifts.",
            ),
        ],
    )


def no_time_no_shift(learner: Learner) -> None:
    """Nothing is written where no time goes by."""
    expect_tokens(
        learner,
        learner([(0, "on C4"), (0, "on E4"), (0, "on G4")], 0),
        ["on C4", "on E4", "on G4"],
        cause="A chord has no time between its notes, and no shift 0.",
    )


def long_times_are_cut(learner: Learner) -> None:
    """A long time takes several shifts."""
    expect_tokens(
        learner,
        learner([(3, "on C4"), (40, "off C4")], 40),
        ["shift 3", "on C4", "shift 16", "shift 16", "shift 5", "off C4"],
        cause="At most LONGEST_SHIFT (16) steps fit in one token; the rest comes last.",
        known=[
            (
                ["shift 3", "on C4", "shift 37", "off C4"],
                "There is no token `shift 37`: the longest is LONGEST_SHIFT, 16.",
            ),
            (
                ["shift 3", "on C4", "shift 16", "off C4"],
                "Only 16 of the 37 steps are written; go on with a `while`.",
            ),
            (
                ["shift 3", "on C4", "shift 16", "shift 16", "off C4"],
                "The last 5 steps are missing.",
            ),
        ],
    )


def the_end_is_reached(learner: Learner) -> None:
    """The shifts reach to the end of the music."""
    events = ["on C4", "shift 4", "off C4", "on E4", "shift 6", "off E4"]
    for n_steps, end in ((10, []), (13, ["shift 3"]), (30, ["shift 16", "shift 4"])):
        expect_tokens(
            learner,
            learner(_TIMED, n_steps),
            events + end,
            cause=f"After the last event at step 10, time goes on to step {n_steps}.",
            known=[(events, "The silence after the last event is missing.")],
        )
    expect_tokens(
        learner,
        learner([], 20),
        ["shift 16", "shift 4"],
        cause="A piece without any event is silence, and has its length.",
    )

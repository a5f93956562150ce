"""How the answers of lesson 02 are judged that are about bars and positions."""

from deepcomposer_edu.course.checks.ch02_judging import expect_texts, expect_tokens
from deepcomposer_edu.course.learner import Learner

_NOTES = [(0, "pitch C4"), (0, "duration 8"), (8, "pitch D4"), (16, "pitch E4")]


def bars_are_texts(learner: Learner) -> None:
    """The answer is a list of texts."""
    expect_texts(learner, learner(_NOTES, 16), 'Write f"position {n}".')


def positions_count_from_the_bar(learner: Learner) -> None:
    """A position counts from the beginning of its bar."""
    first = ["bar", "position 0", "pitch C4", "duration 8", "position 8", "pitch D4"]
    each = first[:3] + ["position 0"] + first[3:]
    late = [*first, "position 16", "pitch E4"]
    expect_tokens(
        learner,
        learner(_NOTES, 16),
        [*first, "bar", "position 0", "pitch E4"],
        cause="Step 16 is position 0 of the second bar.",
        known=[
            (
                [*first, "bar", "position 16", "pitch E4"],
                "That is counted from the beginning of the piece; subtract where the "
                "bar begins.",
            ),
            (late, "A new bar begins at step 16 itself: compare with `>=`."),
            (
                [*each, "bar", "position 0", "pitch E4"],
                "The position is written once for all texts of one step.",
            ),
            (
                [*first[1:], "bar", "position 0", "pitch E4"],
                "The first bar needs its `bar`, too.",
            ),
        ],
    )


def one_position_for_each_step(learner: Learner) -> None:
    """All that stands at one step shares its position."""
    chord = [(4, "pitch C4"), (4, "pitch E4"), (4, "pitch G4")]
    expect_tokens(
        learner,
        learner(chord, 16),
        ["bar", "position 4", "pitch C4", "pitch E4", "pitch G4"],
        cause="A chord has one position.",
    )


def empty_bars_are_written(learner: Learner) -> None:
    """A bar in which nothing happens is written, too."""
    expect_tokens(
        learner,
        learner([(2, "pitch C4"), (53, "pitch D4")], 16),
        ["bar", "position 2", "pitch C4", "bar", "bar", "bar", "position 5"]
        + ["pitch D4"],
        cause="Step 53 lies in the fourth bar, so four bars have begun.",
        known=[
            (
                ["bar", "position 2", "pitch C4", "bar", "position 5", "pitch D4"],
                "The bars in which nothing happens are missing, so D4 would come too "
                "early.",
            ),
            (
                ["bar", "position 2", "pitch C4", "bar", "position 37", "pitch D4"],
                "Several bars can begin between two notes: `while`, not `if`.",
            ),
        ],
    )


def other_bars_and_pickups(learner: Learner) -> None:
    """Bars of 12 steps, and music that begins within a bar."""
    expect_tokens(
        learner,
        learner([(13, "pitch C4")], 12),
        ["bar", "bar", "position 1", "pitch C4"],
        cause="A bar has `steps_per_bar` steps, not always 16.",
    )
    expect_tokens(
        learner,
        learner([(0, "pitch C4"), (4, "pitch D4")], 16, first_bar=-12),
        ["bar", "position 12", "pitch C4", "bar", "position 0", "pitch D4"],
        cause="The first bar began 12 steps before the music, at step -12.",
        known=[
            (
                ["bar", "position 0", "pitch C4", "position 4", "pitch D4"],
                "`first_bar` says where the first bar begins; it is not always 0.",
            )
        ],
    )

"""How the answers of lesson 04 are judged that are about the longest run."""

from deepcomposer_edu.course.learner import Learner


def run_is_a_number(learner: Learner) -> None:
    """The answer is a whole number."""
    learner.expect_type(learner([60, 62, 62, 62, 60]), int)


def run_by_hand(learner: Learner) -> None:
    """In 60 62 62 62 60 60 62 the longest stretch has three."""
    learner.expect_equal(
        learner([60, 62, 62, 62, 60, 60, 62]),
        3,
        cause="62 comes three times in a row.",
        known=[
            (4, "That is how often 62 comes at all. Count it only in a row."),
            (2, "Three in a row are three, not two repetitions."),
            (1, "That is the stretch at the end. Keep the longest that you saw."),
            (7, "That is how many tokens there are."),
        ],
    )


def runs_at_both_ends(learner: Learner) -> None:
    """A stretch may stand at the beginning or the end."""
    for tokens in ([5, 5, 5, 1, 2], [1, 2, 5, 5, 5]):
        learner.expect_equal(
            learner(tokens),
            3,
            cause="The longest stretch stands at one end here.",
            known=[(1, "The stretch at the end is lost."), (2, "A token is lost.")],
        )


def no_tokens_no_run(learner: Learner) -> None:
    """Without tokens there is no run."""
    learner.expect_equal(learner([]), 0, cause="Think of the empty case.")
    learner.expect_equal(learner([7]), 1, cause="One token is a stretch of one.")


def letters_work_too(learner: Learner) -> None:
    """Letters are tokens as well."""
    learner.expect_equal(learner("AAB"), 2, cause="Compare tokens with `==` alone.")

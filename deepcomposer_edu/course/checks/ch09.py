"""The exercises of lesson 09: Edit like Bach."""

from deepcomposer_edu.course.checks import ch09_judging as judge
from deepcomposer_edu.course.checks import ch09_judging_budgets as budgets
from deepcomposer_edu.course.checks import ch09_judging_loss as loss
from deepcomposer_edu.course.checks import ch09_judging_orders as orders
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="9.1",
        function="deepcomposer_edu.nn.edits.edit_target",
        title="Which edits lead to Bach?",
        difficulty="easy",
        minutes=7,
        needed_later="when your network learns",
        hints=(
            "A wrong note sounds and should not; a missing one should sound and does "
            "not. What have both kinds of cells in common?",
            "A cell needs an edit where `now` and `goal` differ. Count these cells for "
            "each piece, over steps and pitches, and share 1 among them.",
            "Three lines: a comparison, as float; its sum over the last two axes, with "
            "`keepdim=True`; the quotient. `clamp(min=1)` keeps a piece without "
            "differences from a division by 0.",
        ),
        checks=(
            judge.target_shape,
            judge.target_by_hand,
            judge.target_of_each_piece,
            judge.target_of_a_finished_piece,
        ),
    ),
    Exercise(
        number="9.2",
        function="deepcomposer_edu.nn.edits.corrupt",
        title="Spoil Bach",
        difficulty="easy",
        minutes=7,
        needed_later="when your network learns",
        hints=(
            "For a cell that sounds, which chance decides what becomes of it, and "
            "which for a cell that is empty?",
            "Draw one number from 0 to 1 for each cell. A cell turns around where its "
            "number lies below its own chance: `removed` if it sounds, `added` if not.",
            "Three lines: `torch.rand(...)` with the roll's shape and `generator=`; a "
            "comparison with `torch.where(...)`; and the exclusive or, `^`, which "
            "turns cells around.",
        ),
        checks=(
            judge.corrupted_shape,
            judge.nothing_and_everything,
            judge.each_cell_by_itself,
            judge.how_much_is_lost,
        ),
    ),
    Exercise(
        number="9.3",
        function="deepcomposer_edu.nn.edits.edit_loss",
        title="How wrong are the network's wishes?",
        difficulty="hard",
        minutes=12,
        needed_later="when your network learns",
        hints=(
            "One edit is chosen of all cells of a piece. Over which axes must the "
            "network's probabilities sum to 1, and over which must they not?",
            "Flatten steps and pitches, take `log_softmax`, and sum "
            "target · (ln target - ln q) over the cells of each piece. Then the mean "
            "over the pieces whose target is not all zeros.",
            "Five lines: the logarithms of q; the flattened target; the sum, where "
            "`torch.xlogy(x, x)` is x ln x and knows that 0 ln 0 is 0; which pieces "
            "count; their mean, with `clamp(min=1)` below the line.",
        ),
        checks=(
            loss.loss_is_a_number,
            loss.loss_by_hand,
            loss.loss_of_each_piece,
            loss.loss_without_finished_pieces,
            loss.loss_of_large_logits,
        ),
    ),
    Exercise(
        number="9.4",
        function="deepcomposer_edu.nn.edits.allowed_edits",
        title="Keep to the budgets",
        difficulty="medium",
        minutes=12,
        needed_later="whenever your network edits",
        hints=(
            "You may add three notes and have added three. Which edits are forbidden "
            "now, and which are still allowed although they put a note where there is "
            "none?",
            "Begin with what is not locked. If as many cells as `max_added` sound that "
            "did not at the start, keep only those edits that do not add to them. "
            "Likewise for the cells that have fallen silent.",
            "Six lines: a copy of `may_change`; twice an `if` that counts cells with "
            "`&` and `~` and `.sum()`, followed by one line that narrows the mask with "
            "`&=`; the `return`.",
        ),
        checks=(
            budgets.allowed_shape,
            budgets.everything_within_the_budgets,
            budgets.no_note_beyond_the_budget,
            budgets.no_loss_beyond_the_budget,
            budgets.no_budget_at_all,
            budgets.locks_are_kept,
        ),
    ),
    Exercise(
        number="9.5",
        function="deepcomposer_edu.nn.edits.edit_probabilities",
        title="Choose an edit, with more or less risk",
        difficulty="medium",
        minutes=10,
        needed_later="whenever your network edits",
        hints=(
            "Three cells are allowed and one is not. What must the three probabilities "
            "sum to, and may the forbidden logit have any say in that?",
            "Divide by the temperature, set what is forbidden to minus infinity, take "
            "the largest of the rest away, and only then exp, over the sum of all.",
            "Six lines: an `if not allowed.any()` that gives zeros back; the scaled "
            "logits; one line that subtracts the largest allowed one and fills with "
            '`float("-inf")`; exp; the quotient by the sum over everything.',
        ),
        checks=(
            budgets.probabilities_shape,
            budgets.forbidden_cells_have_none,
            budgets.temperature_by_hand,
            budgets.large_logits,
            budgets.nothing_is_allowed,
        ),
    ),
    Exercise(
        number="9.6",
        function="deepcomposer_edu.nn.orders.random_cells",
        title="Hide any cells",
        difficulty="medium",
        minutes=9,
        needed_later="when the second network learns",
        hints=(
            "Toss a coin for each of 100 cells. About how many are hidden, every time? "
            "What would the network never learn then?",
            "Two draws: how many cells are hidden, each number from 1 to all alike; "
            "and which. For the latter give each cell a random number and hide those "
            "whose numbers are smallest.",
            "Five lines: `torch.rand(...)`, flattened; `torch.randint(...)` plus 1 as "
            "an int; a mask of `torch.zeros(..., dtype=torch.bool)`; set it to True at "
            "the first places of `argsort()`; give it its shape with `view`.",
        ),
        checks=(
            orders.cells_shape,
            orders.cells_come_from_the_generator,
            orders.any_number_of_cells,
            orders.from_one_cell_to_all,
            orders.every_cell_alike,
        ),
    ),
    Exercise(
        number="9.7",
        function="deepcomposer_edu.nn.orders.annealed_share",
        title="From a draft to the details",
        difficulty="easy",
        minutes=6,
        needed_later="in the next section, where it composes",
        hints=(
            "A draft is rewritten from end to end, a finished piece polished note by "
            "note. How should the share of notes that are drawn anew go, from the "
            "first pass to the last?",
            "A straight line from `high`, in pass 0, that reaches `low` after "
            "`over * n` passes; then it stays there.",
            "One line: the larger of `low` and the straight line, which is `high` less "
            "the whole fall times the share of the way that is done.",
        ),
        checks=(
            orders.share_at_the_ends,
            orders.share_in_between,
            orders.share_stays_low,
            orders.share_of_other_settings,
        ),
    ),
)

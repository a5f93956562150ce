"""The exercises of lesson 04: AI writer, AI composer."""

from deepcomposer_edu.course.checks import ch04_judging as judge
from deepcomposer_edu.course.checks import ch04_judging_drawing as drawing
from deepcomposer_edu.course.checks import ch04_judging_long_runs as long_runs
from deepcomposer_edu.course.checks import ch04_judging_runs as runs
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="4.1",
        function="deepcomposer_edu.models.writer.number_characters",
        title="Number the characters",
        difficulty="easy",
        minutes=5,
        needed_later="by every model that reads text",
        hints=(
            "How many different characters has `abba`? Which comes first in sorted "
            "order?",
            "A set keeps each character once, but in no order that you can rely on. "
            "Sort it, then count along.",
            "One line: a dictionary made with `enumerate(...)` over something sorted.",
        ),
        checks=(
            judge.numbers_are_a_dictionary,
            judge.each_character_once,
            judge.numbers_in_sorted_order,
            judge.nothing_has_no_numbers,
        ),
    ),
    Exercise(
        number="4.2",
        function="deepcomposer_edu.training.writer.shift",
        title="What comes next, everywhere at once",
        difficulty="easy",
        minutes=5,
        needed_later="whenever a network learns to predict",
        hints=(
            "The network has read `t`, `u`, `n`. What should it have said after each?",
            "Inputs and targets are the same row, cut at different ends. Both are one "
            "shorter than the row.",
            "Two slices of the second axis: one leaves out the last place, the other "
            "the first. The first axis stays whole: `[:, ...]`.",
        ),
        checks=(
            judge.shift_gives_two,
            judge.shift_by_hand,
            judge.shift_keeps_rows_apart,
        ),
    ),
    Exercise(
        number="4.3",
        function="deepcomposer_edu.nn.sampling.softmax",
        title="From logits to probabilities",
        difficulty="medium",
        minutes=10,
        needed_later="in every lesson that draws",
        hints=(
            "What becomes of the logits 2 and 0 at temperature 2? And of exp(2) / "
            "(exp(2) + exp(0))?",
            "First divide by the temperature. Then powers of e, then divide each row "
            "by its own sum. If you take the largest logit of a row away first, the "
            "result is the same and no power grows too large.",
            "Three lines. `x.amax(dim=-1, keepdim=True)` and `x.sum(dim=-1, "
            "keepdim=True)` look at each row by itself.",
        ),
        checks=(
            drawing.probabilities_have_the_shape,
            drawing.probabilities_by_hand,
            drawing.temperature_by_hand,
            drawing.each_row_by_itself,
            drawing.large_logits_stay_finite,
            drawing.softmax_as_torch_has_it,
        ),
    ),
    Exercise(
        number="4.4",
        function="deepcomposer_edu.nn.sampling.sample",
        title="Draw the next token",
        difficulty="medium",
        minutes=15,
        needed_later="by the n-gram, the writer, MelodyRNN and the Transformer",
        hints=(
            "If the probabilities are 0.7, 0.2 and 0.1, how often in a thousand draws "
            "should the third token come?",
            "Four stations, in this order: divide by the temperature, keep the top k "
            "if asked to, keep the nucleus if asked to, then draw from the "
            "probabilities with the given generator.",
            "`torch.multinomial` draws from the rows of a matrix (rows, V), one number "
            "each. So make the logits a matrix first and give the result the shape of "
            "the logits without their last axis.",
        ),
        checks=(
            drawing.drawn_numbers_have_the_shape,
            drawing.the_likeliest_for_top_k_1,
            drawing.as_often_as_probable,
            drawing.temperature_changes_how_often,
            drawing.only_the_top_k,
            drawing.only_the_nucleus,
            drawing.top_k_before_the_nucleus,
            drawing.the_generator_decides,
        ),
    ),
    Exercise(
        number="4.5",
        function="deepcomposer_edu.models.writer.continue_tokens",
        title="Write on",
        difficulty="medium",
        minutes=15,
        needed_later="whenever a network writes",
        hints=(
            "After the network has read the start, how many tokens must it read to "
            "write the next one? What does it know the others from?",
            "One loop. Call the network with what it has not read yet and with its "
            "last state; draw from the logits at the last place; what was drawn is all "
            "that it reads next.",
            "`read` begins as the start and becomes a list of one number; `state` "
            "begins as None and becomes what the network gives back. `yield` hands "
            "each token on.",
        ),
        checks=(
            judge.as_many_tokens_as_asked,
            judge.the_start_is_read_first,
            judge.then_one_token_at_a_time,
            judge.the_state_is_handed_on,
            judge.drawn_after_the_last_token,
        ),
    ),
    Exercise(
        number="4.6",
        function="deepcomposer_edu.nn.repeats.longest_run",
        title="Measure how it is stuck",
        difficulty="easy",
        minutes=5,
        needed_later="to judge melodies",
        hints=(
            "In A B A A A B B, which stretch is the longest, and how long is it?",
            "Go through the tokens and count. Where a token differs from the one "
            "before, the count begins again. Keep the largest count that you saw.",
            "`itertools.groupby` cuts a sequence into stretches of equal tokens; "
            "`max(..., default=0)` also knows what to do with nothing.",
        ),
        checks=(
            runs.run_is_a_number,
            runs.run_by_hand,
            runs.runs_at_both_ends,
            runs.no_tokens_no_run,
            runs.letters_work_too,
        ),
    ),
    Exercise(
        number="4.7",
        function="deepcomposer_edu.nn.repeats.forbid_long_runs",
        title="Repair: no more than so many in a row",
        difficulty="medium",
        minutes=10,
        hints=(
            "Which tokens of `written` do you have to look at if a token may come at "
            "most three times in a row?",
            "Take the last `max_run` tokens. Only if there are so many and all are the "
            "same is something forbidden: that token, and nothing else.",
            "`len(set(...))` says how many different tokens there are. Change a "
            "`clone()`; the logits belong to the caller. NEVER is the logit of what "
            "must not come.",
        ),
        checks=(
            long_runs.forbids_after_a_run,
            long_runs.allows_before_the_run_is_full,
            long_runs.looks_at_the_end_only,
            long_runs.a_forbidden_token_never_comes,
        ),
    ),
)

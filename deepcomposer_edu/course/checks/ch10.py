"""The exercises of lesson 10: Attention and the Transformer."""

from deepcomposer_edu.course.checks import ch10_judging as judge
from deepcomposer_edu.course.checks import ch10_judging_memory as memory
from deepcomposer_edu.course.checks import ch10_judging_parallels as parallels
from deepcomposer_edu.course.checks import ch10_judging_sampling as sampling
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="10.1",
        function="deepcomposer_edu.nn.attention.attend",
        title="Ask the past",
        difficulty="medium",
        minutes=12,
        needed_later="in the rest of this lesson",
        hints=(
            "One query and five keys: which operation turns them into five numbers, "
            "and which axis of the result must sum to 1?",
            "Scores first: a matrix product of the queries with the keys, whose last "
            "two axes change places, over the root of D. Then the bias, then the mask, "
            "then the softmax. The answer is one more matrix product.",
            "Seven lines: `scores = ...`; two lines for each of the two `if ... is not "
            "None`; `weights = ...` along the last axis; a `return` of two. "
            "`masked_fill` wants True where it shall fill, so turn the mask with `~`.",
        ),
        checks=(
            judge.attend_shapes,
            judge.weights_are_shares,
            judge.attend_by_hand,
            judge.attend_with_a_bias,
            judge.attend_under_a_mask,
            judge.attend_as_torch_does,
        ),
    ),
    Exercise(
        number="10.2",
        function="deepcomposer_edu.nn.attention.causal_mask",
        title="Hide the future",
        difficulty="easy",
        minutes=7,
        needed_later="in the next section",
        hints=(
            "Step 2 of a melody may look at the steps 0, 1 and 2. What holds for the "
            "numbers of the two steps wherever looking is allowed?",
            "The keys are the steps 0 to S - 1, the queries the last T of them. "
            "Compare each query's step with each key's: a column against a row.",
            "Two lines: `torch.arange(first, last)` for the queries' steps, with "
            "`[:, None]` to make a column; one comparison that is returned.",
        ),
        checks=(
            judge.mask_by_hand,
            judge.mask_of_one_new_step,
            judge.mask_of_some_new_steps,
        ),
    ),
    Exercise(
        number="10.3",
        function="deepcomposer_edu.nn.leaks.leak",
        title="Catch a network that looks ahead",
        difficulty="medium",
        minutes=9,
        needed_later="in the next cell, where four masks are put to the test",
        hints=(
            "If you change the last bar of a piece, which of the network's outputs may "
            "change, and which may not?",
            "Make a second input that equals `x` up to and with `step` and `other` "
            "after it. Run the network on both, and compare the outputs up to `step`.",
            "Three lines: `torch.cat` of two slices along axis 1; the difference of "
            "two outputs; the largest `.abs()` of its first `step + 1` steps, as a "
            "number with `.item()`.",
        ),
        checks=(
            sampling.leak_is_a_number,
            sampling.no_leak_in_a_sum,
            sampling.own_step_may_be_seen,
            sampling.a_look_ahead_is_found,
        ),
    ),
    Exercise(
        number="10.4",
        function="deepcomposer_edu.nn.attention.relative_bias",
        title="Know how far back",
        difficulty="medium",
        minutes=8,
        needed_later="in the network that you train below",
        hints=(
            "You stand at step 20 and look at step 4. Which place of the table says "
            "what that is worth, and what if the table has only ten places?",
            "Make the distances as a (T, S) table of whole numbers, keep them between "
            "0 and the last place with `clamp`, and pick with them from the table.",
            "Three lines: the queries' steps as in 10.2; the distances, a column minus "
            "a row; `table[:, ...]` with the clamped distances as index.",
        ),
        checks=(
            memory.bias_shape,
            memory.bias_by_hand,
            memory.bias_far_away,
            memory.bias_with_a_cache,
        ),
    ),
    Exercise(
        number="10.5",
        function="deepcomposer_edu.nn.attention.Cache.extend",
        title="Never compute a step twice",
        difficulty="easy",
        minutes=6,
        needed_later="in the next cell",
        hints=(
            "To write step 100, which keys and values does the network need, and which "
            "of them has it computed before?",
            "If there is something in the cache, put the new behind it along the axis "
            "of the steps; keep the result; give it back. Keys and values alike.",
            "Five lines: an `if` that asks whether there is something already, with a "
            "`torch.cat([old, new], dim=...)` for each of the two; one line that keeps "
            "both; the `return`.",
        ),
        checks=(
            memory.first_steps_are_kept,
            memory.new_steps_come_behind,
            memory.the_cache_grows,
        ),
    ),
    Exercise(
        number="10.6",
        function="deepcomposer_edu.nn.sampling.keep_nucleus",
        title="Draw from the nucleus",
        difficulty="hard",
        minutes=12,
        needed_later="whenever `top_p` is below 1",
        hints=(
            "The probabilities are 0.5, 0.3, 0.15 and 0.05. How many of the tokens "
            "does p = 0.7 need, and which sum tells you for each of them whether it is "
            "needed?",
            "Sort, largest first. A token is outside when all likelier ones together "
            "reach p already: the running sum minus its own share. Then carry this "
            "yes or no back to the tokens' own places.",
            "Six lines: `logits.sort(..., descending=True)` gives values and places; "
            "`softmax` of the sorted; `cumsum` minus the shares; an empty bool tensor "
            "that `scatter_` fills at the places; `masked_fill` with `NEVER`.",
        ),
        checks=(
            sampling.nucleus_shape,
            sampling.nucleus_by_hand,
            sampling.nucleus_keeps_the_likeliest,
            sampling.nucleus_of_each_row,
            sampling.nucleus_is_smallest,
        ),
    ),
    Exercise(
        number="10.7",
        function="deepcomposer_edu.models.counterpoint.parallel_classes",
        title="Forbid parallel fifths and octaves",
        difficulty="medium",
        minutes=10,
        needed_later="when the network draws with `avoid_parallels`",
        hints=(
            "The bass goes from C3 to D3, and you sang G3 above it. Which single note "
            "must you not sing now, and how does it follow from the bass's move?",
            "Go through the other voices, each with its pitch before and now. Pass "
            "over rests and voices that stay. If the interval before was a fifth or an "
            "octave (modulo 12), ban your own pitch moved as the other moved.",
            "An empty dictionary; a `for` over `zip(...)` of the two lists; an `if "
            "...: continue`; the interval as `abs(...) % 12`; an `if ... in PERFECT:` "
            "that sets one entry to True; the `return`.",
        ),
        checks=(
            parallels.parallels_of_a_fifth,
            parallels.parallels_below,
            parallels.parallels_across_octaves,
            parallels.a_voice_that_stays_bans_nothing,
            parallels.thirds_may_be_parallel,
            parallels.rests_ban_nothing,
            parallels.parallels_with_several_voices,
        ),
    ),
)

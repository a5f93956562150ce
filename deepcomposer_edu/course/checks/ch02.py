"""The exercises of lesson 02: Tokens."""

from deepcomposer_edu.course.checks import ch02_judging as judge
from deepcomposer_edu.course.checks import ch02_judging_bars as bars
from deepcomposer_edu.course.checks import ch02_judging_counts as counts
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="2.1",
        function="deepcomposer_edu.music.tokens.grid_tokens.step_texts",
        title="A token for every step",
        difficulty="easy",
        minutes=5,
        needed_later="by every model that writes step by step, the Transformer too",
        hints=(
            "In a step where no note begins, there are two possibilities. Which?",
            "Go through the pitches and the onsets side by side. A rest is seen from "
            "the pitch; whether the name or `hold` is written, from the onset.",
            "A loop over `zip(pitches, onsets)` of the voice's two rows, with one "
            "`if` for REST and a choice for the other two. `note_name(pitch)` gives "
            "the name.",
        ),
        checks=(
            judge.steps_are_texts,
            judge.steps_by_hand,
            judge.the_voice_is_chosen,
            judge.steps_can_be_read_back,
        ),
    ),
    Exercise(
        number="2.2",
        function="deepcomposer_edu.music.tokens.grid_tokens.read_steps",
        title="Read the tokens back",
        difficulty="medium",
        minutes=10,
        needed_later="whenever a model's tokens become sound",
        hints=(
            "While you read from left to right, what must you remember to know what "
            "a `hold` means?",
            "Keep the pitch that sounds now. A name changes it, `rest` sets it to "
            "REST, `hold` leaves it alone. The onsets are easier: they stand where "
            "the names are.",
            "`PITCHES.get(text, REST)` gives the pitch of a name and REST for any "
            "other word. A loop that appends one pitch for each token, a list of "
            "bools, and `Grid([pitches], [onsets])`: the outer brackets make one "
            "voice.",
        ),
        checks=(
            judge.reading_gives_a_grid,
            judge.pitches_by_hand,
            judge.repeated_notes_are_struck,
            judge.a_hold_needs_a_note,
            judge.nothing_is_lost,
        ),
    ),
    Exercise(
        number="2.3",
        function="deepcomposer_edu.music.tokens.event_tokens.add_shifts",
        title="Write the time between events",
        difficulty="medium",
        minutes=10,
        needed_later="",
        hints=(
            "The last event was at step 4, the next is at step 40. Which tokens stand "
            "between them?",
            "Keep the step that has been reached. Before each text, go forward by at "
            "most LONGEST_SHIFT at a time until its step is reached. The end of the "
            "music can be treated like one more event.",
            "A loop over the events, and inside it a `while` that appends shifts as "
            "long as the reached step is below the event's; `min(..., LONGEST_SHIFT)` "
            "is the length of one shift. After the loop, the same up to `n_steps`.",
        ),
        checks=(
            judge.shifts_are_texts,
            judge.shifts_are_differences,
            judge.no_time_no_shift,
            judge.long_times_are_cut,
            judge.the_end_is_reached,
        ),
    ),
    Exercise(
        number="2.4",
        function="deepcomposer_edu.music.tokens.remi_tokens.add_bars",
        title="Write bars and positions",
        difficulty="hard",
        minutes=15,
        needed_later="",
        hints=(
            "How many `bar` tokens stand before a note at step 33, if it is the first "
            "of the piece?",
            "Remember two numbers: where the next bar begins, and the step of the last "
            "position. While the note's step has reached the next bar, write a bar. "
            "If the step is a new one, write its position.",
            "A loop over the events. In it a `while step >= ...` that writes bars and "
            "moves on by a bar's length, an `if` that writes the position counted "
            "from the beginning of the bar, and then the text.",
        ),
        checks=(
            bars.bars_are_texts,
            bars.positions_count_from_the_bar,
            bars.one_position_for_each_step,
            bars.empty_bars_are_written,
            bars.other_bars_and_pickups,
        ),
    ),
    Exercise(
        number="2.5",
        function="deepcomposer_edu.models.ngram.count_followers",
        title="Count what follows",
        difficulty="medium",
        minutes=8,
        needed_later="",
        hints=(
            "In C D C E, which contexts of 0, 1 and 2 tokens come before the E?",
            "For each place in the piece take every context that ends right before "
            "it, from the empty one to the longest allowed, and count the token once "
            "for each.",
            "Two loops: `for i, token in enumerate(tokens)` and, in it, one over the "
            "lengths from 0 to the smaller of `order - 1` and `i`. A slice that ends "
            "before `i`, made a tuple, is the key; `setdefault(key, Counter())` gives "
            "its counter.",
        ),
        checks=(
            counts.followers_are_a_dictionary,
            counts.contexts_are_tuples,
            counts.followers_by_hand,
            counts.every_length_is_counted,
            counts.the_beginning_has_short_contexts,
        ),
    ),
    Exercise(
        number="2.6",
        function="deepcomposer_edu.models.ngram.blend",
        title="Blend long and short memory",
        difficulty="medium",
        minutes=8,
        needed_later="",
        hints=(
            "Counts 3 and 1 and 0 add up to 4. How many different tokens were counted, "
            "and what do the probabilities add up to if you forget to divide?",
            "Count the entries above 0: that is D. Each token gets its count and D "
            "times its share in the shorter guess; the sum of it all is N + D.",
            "One number, `np.count_nonzero(...)`; one `if` for the context that was "
            "never seen; one line of array arithmetic.",
        ),
        checks=(
            counts.blend_has_a_shape,
            counts.nothing_counted_changes_nothing,
            counts.blend_by_hand,
            counts.blend_sums_to_one,
            counts.many_counts_speak_for_themselves,
        ),
    ),
    Exercise(
        number="2.7",
        function="deepcomposer_edu.models.ngram.surprise",
        title="Measure surprise",
        difficulty="easy",
        minutes=5,
        needed_later="in every lesson that trains a network: its loss is this number",
        hints=(
            "How often must 1 be halved to become 1/8?",
            "The logarithm to base 2 counts the halvings. For numbers below 1 it is "
            "negative, and surprise is not.",
            "One line with `np.log2`, and a sign.",
        ),
        checks=(
            counts.surprise_is_a_number,
            counts.a_coin_is_one_bit,
            counts.halving_adds_a_bit,
            counts.certainty_is_no_surprise,
        ),
    ),
)

"""The exercises of lesson 14: One minute to space."""

from deepcomposer_edu.course.checks import ch14_arranging as arranging
from deepcomposer_edu.course.checks import ch14_judging as judging
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="14.1",
        function="deepcomposer_edu.music.arranging.bars_for",
        title="How many bars are a minute?",
        difficulty="easy",
        minutes=5,
        needed_later="for the plan of your minute",
        hints=(
            "At 120 quarters a minute, how long is a bar of four?",
            "Seconds of a beat, seconds of a bar, then how often a bar fits into the "
            "wanted length; the nearest whole number of that, and never none.",
            "One division for a beat, one product for a bar, and a `max` with 1 around "
            "a `round`.",
        ),
        checks=(
            arranging.bars_are_whole,
            arranging.bars_of_a_minute,
            arranging.bars_of_other_metres,
            arranging.bars_are_the_nearest,
            arranging.bars_are_at_least_one,
        ),
    ),
    Exercise(
        number="14.2",
        function="deepcomposer_edu.music.arranging.sequence",
        title="A sequence",
        difficulty="medium",
        minutes=12,
        needed_later="in the middle section",
        hints=(
            "C E G, one step of the C major scale higher: is its third still a great "
            "one?",
            "The passage, and for each number a copy whose pitches all went through "
            "`scale_shift`. Where a voice rests nothing is moved. The onsets are those "
            "of the passage, as often as it sounds.",
            "A list that begins with `grid.pitches`; a loop that appends "
            "`np.where(grid.sounding, moved, REST)`; twice `np.concatenate(..., "
            "axis=1)`, for pitches and for onsets; and `Grid(pitches, onsets)`.",
        ),
        checks=(
            arranging.sequence_is_a_grid,
            arranging.sequence_moves_in_the_scale,
            arranging.sequence_keeps_rests,
            arranging.sequence_keeps_onsets,
            arranging.sequence_counts_from_the_passage,
            arranging.sequence_in_its_key,
        ),
    ),
    Exercise(
        number="14.3",
        function="deepcomposer_edu.music.arranging.join_jump",
        title="What jumps at the join?",
        difficulty="medium",
        minutes=8,
        needed_later="to find out where sections do not fit",
        hints=(
            "A choir sings a phrase, breathes, and sings the next. Between which two "
            "notes does the alto jump?",
            "Voice by voice: the last pitch that sounds before, the first that sounds "
            "after, and the distance between them. The widest of these is the answer.",
            "`before.pitches[voice][before.sounding[voice]]` are the sounding pitches "
            "of a voice. A list that begins with 0, a loop, an `if` for voices that "
            "are silent in one of the two, `max` in the end.",
        ),
        checks=(
            arranging.jump_is_a_number,
            arranging.jump_of_one_voice,
            arranging.jump_of_the_widest,
            arranging.jump_over_rests,
            arranging.jump_of_silence,
        ),
    ),
    Exercise(
        number="14.4",
        function="deepcomposer_edu.music.arranging.ritardando",
        title="Slow down",
        difficulty="easy",
        minutes=6,
        needed_later="at the end of your minute",
        hints=(
            "From 1 to 0.5 in two steps: where is one after the first step?",
            "How much is lost on the whole way, and how much of it in each beat? After "
            "the first beat one step is lost, after the last beat all of them.",
            "One line for the step, (1 - slowest) / n_beats; one list over "
            "`range(n_beats)` in which `beat + 1` steps are taken from 1.",
        ),
        checks=(
            arranging.slowing_is_a_list,
            arranging.slowing_by_hand,
            arranging.slowing_of_one_beat,
            arranging.slowing_follows_slowest,
        ),
    ),
    Exercise(
        number="14.5",
        function="deepcomposer_edu.music.points.percentile_points",
        title="Points by percentile",
        difficulty="medium",
        minutes=8,
        needed_later="by every number of the check",
        hints=(
            "Three of four chorales have more parallels than yours. Should it lose "
            "points for having some?",
            "Three cases. For the usual, lesson 13 has the share already. For the "
            "other two, a share of the reference; doubled, at most 1, times the "
            "points.",
            '`if better == "usual"` returns `most * typicality(...)`. Then '
            "`values >= value` or `values <= value`, whose `np.mean` is a share, and "
            "`min(1, 2 * ...)`. nan is at least nothing and at most nothing, so it "
            "takes care of itself.",
        ),
        checks=(
            judging.points_are_a_number,
            judging.points_if_low_is_better,
            judging.points_if_high_is_better,
            judging.points_if_usual_is_better,
            judging.points_of_other_amounts,
            judging.points_for_nothing,
        ),
    ),
    Exercise(
        number="14.6",
        function="deepcomposer_edu.music.ratings.leniency",
        title="Lenient judges",
        difficulty="hard",
        minutes=15,
        needed_later="for the results",
        hints=(
            "A judge heard the three best entries only, and has the highest mean. Does "
            "that show a kind heart?",
            "Each rating is an equation: this judge's number plus this entry's number "
            "is the rating. There are more equations than numbers, so take the least "
            "squares, and of the answer the judges' part, moved to the mean 0.",
            "`np.nonzero(~np.isnan(table))` gives judge and entry of every rating. "
            "`np.eye(n)[judge]` makes rows with a single 1; two of these side by side "
            "(`np.hstack`), `np.linalg.lstsq(rows, values, rcond=None)[0]`, its first "
            "J numbers, minus their mean.",
        ),
        checks=(
            judging.leniency_is_a_row,
            judging.leniency_by_hand,
            judging.leniency_is_fair,
            judging.leniency_ignores_the_scale,
        ),
    ),
    Exercise(
        number="14.7",
        function="deepcomposer_edu.music.ratings.agreement",
        title="Do the judges agree?",
        difficulty="hard",
        minutes=14,
        needed_later="for the results",
        hints=(
            "Everybody gives 3 to everything. Do these judges agree about which entry "
            "is good?",
            "`pair_differences` is the S of the docstring. Once for each entry with "
            "two ratings or more, divided by its m - 1 and added up; once for all "
            "these ratings together, divided by n - 1. Alpha is 1 minus the quotient.",
            "A list of the columns of the table without their nan; of these the ones "
            "with more than one rating; `np.concatenate` for all of them; a sum, a "
            "division, and nan where there is no entry or nothing differs.",
        ),
        checks=(
            judging.agreement_is_a_number,
            judging.agreement_of_twins,
            judging.agreement_by_hand,
            judging.agreement_on_the_level,
            judging.agreement_weighs_entries,
            judging.agreement_about_nothing,
        ),
    ),
)

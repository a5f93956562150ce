"""The exercises of lesson 13: Is it good?"""

from deepcomposer_edu.course.checks import ch13_judging as judge
from deepcomposer_edu.course.checks import ch13_judging_licences as licences
from deepcomposer_edu.course.checks import ch13_judging_shares as shares
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="13.1",
        function="deepcomposer_edu.music.metrics.in_scale_ratio",
        start="deepcomposer_edu.music.faulty_metrics.in_scale_ratio",
        title="Mend the scale",
        difficulty="easy",
        minutes=7,
        needed_later="in the table below",
        hints=(
            "In a row of twelve pitches cut into blocks of seven, where does the C of "
            "the next octave lie?",
            "`pitch_histogram` has the right classes already. What remains is to add "
            "up some of its twelve numbers, and to say which.",
            "One line for the histogram, a question about silence, one about the key "
            '"best", one about "C"; at the end the sum of the histogram at the seven '
            "places of a list made of `key.scale`.",
        ),
        checks=(
            judge.scale_is_a_number,
            judge.scale_of_white_and_black,
            judge.scale_counts_time,
            judge.scale_of_a_key,
            judge.scale_that_fits_best,
            judge.scale_of_silence,
        ),
    ),
    Exercise(
        number="13.2",
        function="deepcomposer_edu.music.metrics.histogram_distance",
        start="deepcomposer_edu.music.faulty_metrics.histogram_distance",
        title="Mend the distance",
        difficulty="easy",
        minutes=6,
        needed_later="in the table below",
        hints=(
            "Which of its two arguments does the faulty function never look at?",
            "Make two histograms, then compare them place by place. How much time has "
            "to move from one class to another to make them equal?",
            "`isinstance(x, np.ndarray)` tells a histogram from music, for each of the "
            "two. `.any()` of a histogram is False for silence. Then absolute "
            "differences, a sum, a half.",
        ),
        checks=(
            judge.distance_is_a_number,
            judge.distance_to_itself,
            judge.distance_by_hand,
            judge.distance_at_its_largest,
            judge.distance_from_silence,
        ),
    ),
    Exercise(
        number="13.3",
        function="deepcomposer_edu.music.typical.typicality",
        title="Neither too little nor too much",
        difficulty="medium",
        minutes=8,
        needed_later="in this section",
        hints=(
            "A hundred chorales have between 50 % and 77 % triads. Which is the more "
            "unusual, a piece with 49 % or one with 95 %?",
            "Two shares: how many reference values are as small or smaller, how many "
            "as large or larger. The smaller share says at which end the value lies.",
            "An array of the reference compared with the value gives True and False, "
            "and their mean is a share. Twice the smaller one, and a `min` with 1.",
        ),
        checks=(
            judge.typical_is_a_number,
            judge.typical_low_end,
            judge.typical_high_end,
            judge.typical_middle,
            judge.typical_in_any_order,
            judge.typical_of_nothing,
        ),
    ),
    Exercise(
        number="13.4",
        function="deepcomposer_edu.music.shares.wilson_interval",
        title="What eleven of twenty are worth",
        difficulty="medium",
        minutes=10,
        needed_later="for your own score below",
        hints=(
            "Somebody has 10 of 10 right. Would you bet a house on the eleventh?",
            "The docstring holds the formula. The two ends differ in one sign, so all "
            "the rest is needed once: p, z, the part before ±, the part after it.",
            "z from `NormalDist().inv_cdf(...)` of a share that leaves half of the "
            "doubt above it; the middle; half the length with a `sqrt`; and both ends, "
            "each divided by 1 + z² / n.",
        ),
        checks=(
            shares.interval_is_a_pair,
            shares.interval_of_eleven,
            shares.interval_of_all_right,
            shares.interval_follows_confidence,
            shares.interval_shrinks,
        ),
    ),
    Exercise(
        number="13.5",
        function="deepcomposer_edu.music.shares.chance_of_at_least",
        title="Could a coin do that?",
        difficulty="medium",
        minutes=8,
        needed_later="for your own score below",
        hints=(
            "Of the eight ways in which three coins can fall, how many show at least "
            "two heads?",
            "Exactly k right answers have the probability that the docstring gives. At "
            "least some number of them: exactly so many, or one more, or two more, and "
            "so on up to all.",
            "A sum over a `range` that begins with `n_right` and takes in `n_answers`; "
            "`comb(n, k)` is C(n, k).",
        ),
        checks=(
            shares.chance_is_a_number,
            shares.chance_of_two_coins,
            shares.chance_of_anything,
            shares.chance_of_fourteen,
            shares.chance_with_other_odds,
        ),
    ),
    Exercise(
        number="13.6",
        function="deepcomposer_edu.music.shares.answers_needed",
        title="How many answers does it take?",
        difficulty="easy",
        minutes=7,
        needed_later="when you plan a test",
        hints=(
            "Half the difference to a coin: do you need twice as many answers, or "
            "more than that?",
            "The docstring holds the formula. Compute a and b first; the two roots are "
            "the spreads of one who guesses and of one who hears.",
            "Two calls of `NormalDist().inv_cdf`, one sum of two products, a division, "
            "a square, and `ceil` around all of it.",
        ),
        checks=(
            shares.needed_is_a_whole_number,
            shares.needed_for_three_quarters,
            shares.needed_for_little,
            shares.needed_below_chance,
            shares.needed_for_other_wishes,
        ),
    ),
    Exercise(
        number="13.7",
        function="deepcomposer_edu.compose.rights.in_the_way",
        title="What is in the way?",
        difficulty="medium",
        minutes=10,
        needed_later="in the cell below",
        hints=(
            "A song of a friend over a beat that may not be sold: may you sell it, if "
            "the friend agrees?",
            "Begin with the set of what is needed: the use itself. For changes, every "
            "share-alike layer adds to it all that its own licence allows. In the way "
            "is whoever does not allow everything that is needed.",
            "A set with one member; a loop that makes it larger for one of the uses; a "
            "list of `.what` with a condition. `a <= b` is True if the set a lies "
            "within the set b, and `a |= b` adds b to a.",
        ),
        checks=(
            licences.way_is_a_list,
            licences.way_of_every_layer,
            licences.way_is_free,
            licences.way_of_share_alike,
        ),
    ),
)

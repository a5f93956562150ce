"""The exercises of lesson 07: WGAN-GP."""

from deepcomposer_edu.course.checks import ch07_judging as judge
from deepcomposer_edu.course.checks import ch07_judging_critic as critic
from deepcomposer_edu.course.checks import ch07_judging_slopes as slopes
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="7.1",
        function="deepcomposer_edu.nn.wasserstein.earth_mover_distance",
        title="How far is one heap from the other?",
        difficulty="easy",
        minutes=8,
        needed_later="throughout this lesson",
        hints=(
            "Between two bins stands a border guard. The fakes have 0.7 to his left, "
            "the real ones 0.4. How much must pass him?",
            "At every border it is the difference of two sums from the left. Running "
            "sums are made by `cumsum`. Whoever passes a border walks one width.",
            "Two lines: the running sum of one difference, and then the width times a "
            "sum of sizes without sign.",
        ),
        checks=(
            judge.distance_is_a_number,
            judge.distance_by_hand,
            judge.distance_grows_with_the_way,
            judge.distance_has_no_sign,
            judge.distance_of_widths,
            judge.distance_is_scipys,
        ),
    ),
    Exercise(
        number="7.2",
        function="deepcomposer_edu.nn.wasserstein.transport_plan",
        title="Who goes where",
        difficulty="hard",
        minutes=15,
        needed_later="when a melody is carried to other pitches",
        hints=(
            "The leftmost fake has 0.5 to give, the leftmost real place misses 0.3. "
            "How much is carried, and which of the two is done with?",
            "Keep two places, i among the fakes and j among the real ones, and two "
            "histograms of what is left to give and what is missing. Carry the smaller "
            "of the two amounts, take it from both, and move on the one that is at 0.",
            "Copies with `.clone()`; a table of zeros; a `while` as long as both "
            "places lie inside; `torch.minimum`; three lines that book the amount; and "
            "one `if left[i] == 0`.",
        ),
        checks=(
            judge.plan_is_a_table,
            judge.plan_by_hand,
            judge.plan_carries_everything,
            judge.plan_takes_the_shortest_way,
        ),
    ),
    Exercise(
        number="7.3",
        function="deepcomposer_edu.nn.wasserstein.jensen_shannon",
        title="What the loss of 2014 measures",
        difficulty="medium",
        minutes=8,
        needed_later="in the next picture",
        hints=(
            "In which bins does the histogram in the middle have a share of 0? What "
            "have both others there?",
            "Twice the same sum, once with `real` and once with `fake` for p. "
            "`torch.xlogy(p, m)` is p log m and gives 0 where p is 0, whatever m is.",
            "The middle; `torch.stack` of both; a difference of two `xlogy`, all added "
            "up and halved.",
        ),
        checks=(
            judge.divergence_is_a_number,
            judge.divergence_by_hand,
            judge.divergence_of_strangers,
            judge.divergence_of_twins,
            judge.divergence_is_scipys,
        ),
    ),
    Exercise(
        number="7.4",
        function="deepcomposer_edu.nn.wasserstein.best_critic",
        title="The best critic on a line",
        difficulty="medium",
        minutes=12,
        needed_later="in the next picture",
        hints=(
            "All fakes lie left of all real ones, and no step from bin to bin may "
            "change the score by more than 1. What are the scores of the best critic?",
            "Exercise 7.1 says at each border how much must cross it, and to which "
            "side: its sign. The score rises there by one width, falls by one, or "
            "stays. The scores are the running sum of these rises, from 0.",
            "Three lines: the surplus as in 7.1; the `sign` of all but its last; and "
            "`torch.cat` of one zero and a `cumsum`.",
        ),
        checks=(
            critic.critic_scores_each_bin,
            critic.critic_by_hand,
            critic.critic_keeps_the_slope,
            critic.critic_reaches_the_distance,
            critic.critic_of_widths,
        ),
    ),
    Exercise(
        number="7.5",
        function="deepcomposer_edu.nn.wasserstein.slope_bound",
        title="How steep can a critic be?",
        difficulty="medium",
        minutes=8,
        needed_later="in the next picture",
        hints=(
            "One layer can make a vector up to 3 times as long, the next one up to 2 "
            "times. And both together?",
            "How much longer a matrix can make a vector is its largest singular value. "
            "Not every vector is made so much longer, which is why it is a bound.",
            "A loop with a product, or `torch.stack(...).prod()`; "
            "`torch.linalg.matrix_norm(weight, ord=2)` is the largest singular value.",
        ),
        checks=(
            slopes.bound_is_a_number,
            slopes.bound_of_one_map,
            slopes.bound_of_a_chain,
            slopes.bound_of_a_turn,
            slopes.bound_is_never_exceeded,
        ),
    ),
    Exercise(
        number="7.6",
        function="deepcomposer_edu.nn.wasserstein.slopes_by_nudging",
        title="Measure the slope with your hands",
        difficulty="hard",
        minutes=15,
        needed_later="to catch the trap of BatchNorm",
        hints=(
            "On a hillside in fog you want to know how steep it is. You take one step "
            "east and one step west, and then north and south. What do you note?",
            "For every number of every piece: a tensor of zeros with one nudge in it, "
            "added and subtracted. Of the scores that come back, only that of the "
            "nudged piece counts. At the end, each piece's slopes make one length.",
            "`product(*map(range, pieces.shape))` gives every place as a tuple, which "
            "indexes a tensor; `place[0]` is the piece. Last line: `flatten(1)`, "
            "squares, `sum(dim=1)`, root.",
        ),
        checks=(
            slopes.slopes_have_a_shape,
            slopes.slopes_of_a_plane,
            slopes.slopes_of_each_piece,
            slopes.slopes_of_many_axes,
            slopes.slopes_nudge_one_piece,
            slopes.slopes_agree_with_autograd,
            slopes.slopes_leave_the_pieces_alone,
        ),
    ),
)

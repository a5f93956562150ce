"""The exercises of lesson 12: Sounds into codes."""

from deepcomposer_edu.course.checks import ch12_judging as judge
from deepcomposer_edu.course.checks import ch12_judging_revival as revival
from deepcomposer_edu.course.checks import ch12_judging_shares as shares
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="12.1",
        function="deepcomposer_edu.nn.quantise.nearest_code",
        title="Find the nearest code",
        difficulty="medium",
        minutes=9,
        needed_later="in every frame that your quantiser hears",
        hints=(
            "How far apart are two points on paper, by their coordinates? And what of "
            "it do you need if you only ask which of several points is nearest?",
            "For each vector and each code, the sum of the squared differences; of all "
            "codes the one where it is smallest. A new axis in the vectors, "
            "`vectors.unsqueeze(-2)`, lets all pairs meet.",
            "Two lines: squared distances of shape (..., K), summed over the last "
            "axis; `argmin` along the codes.",
        ),
        checks=(
            judge.nearest_shape,
            judge.nearest_is_not_the_longest,
            judge.nearest_by_hand,
            judge.nearest_agrees_with_torch,
        ),
    ),
    Exercise(
        number="12.2",
        function="deepcomposer_edu.nn.quantise.straight_through",
        title="Let the gradient pass",
        difficulty="easy",
        minutes=6,
        needed_later="whenever your quantiser learns",
        hints=(
            "In lesson 08 a drawn note kept the gradient of the softmax. What was "
            "added to what there?",
            "The values must be those of `quantised`, the gradient that of `vectors`. "
            "Start from the vectors and add what is missing, as a plain number without "
            "a history.",
            "One line: a sum of two terms. The second one, the difference, is "
            "detached as a whole.",
        ),
        checks=(
            judge.through_value,
            judge.through_gradient,
            judge.through_not_to_the_codes,
        ),
    ),
    Exercise(
        number="12.3",
        function="deepcomposer_edu.nn.quantise.vq_loss",
        title="Bring codes and vectors together",
        difficulty="medium",
        minutes=10,
        needed_later="whenever your quantiser learns",
        hints=(
            "Two people walk towards each other, one at full speed and one at a "
            "quarter of it. How would you write two distances so that each moves only "
            "one of them?",
            "Both terms have the same value, the mean squared difference. In the "
            "first one the vectors are detached, so that it moves the codes; in the "
            "second one the codes are.",
            "Three lines: `F.mse_loss(...)` twice, with `.detach()` at different "
            "places; the first plus `commitment` times the second.",
        ),
        checks=(
            judge.vq_loss_by_hand,
            judge.vq_loss_moves_the_codes,
            judge.vq_loss_moves_the_vectors,
        ),
    ),
    Exercise(
        number="12.4",
        function="deepcomposer_edu.nn.quantise.revive_codes",
        title="Wake dead codes",
        difficulty="medium",
        minutes=9,
        needed_later="when your second codebook learns",
        hints=(
            "A code is used by nobody, so no gradient ever moves it. Where would you "
            "put it so that somebody uses it at once?",
            "Find the places with a count of 0. For each of them draw the number of "
            "one vector, and put that vector there, in a copy of the codebook.",
            "Five lines: the dead places by `nonzero()`; a random order of the vectors "
            "by `torch.randperm(..., generator=random)`; the first ones of it; "
            "`codebook.clone()`; an assignment by index.",
        ),
        checks=(
            revival.revived_shape,
            revival.living_codes_stay,
            revival.dead_codes_become_vectors,
            revival.each_dead_code_its_own,
        ),
    ),
    Exercise(
        number="12.5",
        function="deepcomposer_edu.nn.quantise.argmax_shares",
        title="Share without exp",
        difficulty="easy",
        minutes=6,
        needed_later="in the argmax autoencoder",
        hints=(
            "A softmax never gives exactly 0 or exactly 1. Which function makes exact "
            "zeros, and how do you make the rest sum to 1?",
            "Cut off what is below 0, then divide by the sum of each place. Where "
            "everything was cut off the sum is 0: keep it away from that.",
            "Two lines: `F.relu`; the quotient by its sum along the last axis, with "
            "`keepdim=True` and something very small added.",
        ),
        checks=(
            shares.shares_shape,
            shares.shares_by_hand,
            shares.shares_of_nothing,
            shares.shares_have_a_gradient,
        ),
    ),
    Exercise(
        number="12.6",
        function="deepcomposer_edu.models.ada.stacked_field",
        title="How far does a stack reach?",
        difficulty="easy",
        minutes=6,
        needed_later="",
        hints=(
            "A film has 24 pictures in a second. A model that remembers 48 pictures: "
            "how many seconds does it remember?",
            "How many samples does one unit of a level last? Its own hop times all "
            "hops below. Then times the number of units that it sees.",
            "A loop over both lists at once: keep the product of the hops so far, and "
            "append the field times that product.",
        ),
        checks=(
            shares.stacked_numbers,
            shares.stacked_by_hand,
            shares.stacked_of_three,
            shares.stacked_of_one,
        ),
    ),
    Exercise(
        number="12.7",
        function="deepcomposer_edu.nn.population.exploit",
        title="Who goes on from whom?",
        difficulty="medium",
        minutes=9,
        needed_later="in your population",
        hints=(
            "Of four runs one is clearly failing. Would you rather start it anew from "
            "nothing, or from a copy of a run that goes well?",
            "Sort the members by their scores. Those in the worst share, and whoever "
            "died, each draw one of those in the best share; the others go on from "
            "themselves.",
            "Six or seven lines: how many (at least one); the members in order of "
            "their scores; the best that live; a list of 0 to n - 1; a loop that "
            "replaces an entry of it by one of the best, drawn with "
            "`torch.randint(..., generator=random)`.",
        ),
        checks=(
            shares.exploit_numbers,
            shares.worst_copies_best,
            shares.worst_share_copies_best_share,
            shares.dead_members_come_back,
            shares.exploit_is_drawn,
        ),
    ),
)

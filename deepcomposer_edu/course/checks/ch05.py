"""The exercises of lesson 05: Linear layers and normalization."""

from deepcomposer_edu.course.checks import ch05_judging as judge
from deepcomposer_edu.course.checks import ch05_judging_help as against
from deepcomposer_edu.course.checks import ch05_judging_running as running
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="5.1",
        function="deepcomposer_edu.nn.layers.linear",
        title="A fully connected layer",
        difficulty="easy",
        minutes=5,
        needed_later="in every network",
        hints=(
            "A weight matrix of 2 rows and 3 columns: how many inputs, how many "
            "outputs?",
            "Each output is the sum of the products of one row of weights with the "
            "inputs. A matrix product does all of them at once, if the matrix stands "
            "the right way round.",
            "One product with `@`, with the two axes of the weights exchanged, then "
            "the bias, unless it is None.",
        ),
        checks=(
            judge.linear_has_a_shape,
            judge.linear_by_hand,
            judge.linear_without_bias,
            judge.linear_of_many_axes,
            judge.linear_is_torchs,
        ),
    ),
    Exercise(
        number="5.2",
        function="deepcomposer_edu.nn.layers.conv1d",
        title="A convolution over time",
        difficulty="hard",
        minutes=15,
        needed_later="in lessons 08 and 11",
        hints=(
            "A kernel of 3 over 8 steps without padding: at how many places can it "
            "stand?",
            "First the zeros at both ends. Then cut out the window of K steps at every "
            "place: (B, C_in, T_out, K). What remains is the sum of products over two "
            "axes, the input channels and the steps of the kernel.",
            "`nn.functional.pad(x, (left, right))` pads the last axis, "
            "`x.unfold(axis, size, 1)` cuts the windows, and `torch.einsum` multiplies "
            "and adds: name the axes of both by letters; those that are not behind the "
            "arrow are added up.",
        ),
        checks=(
            judge.conv_has_a_shape,
            judge.conv_by_hand,
            judge.conv_adds_channels,
            judge.conv_pads_both_ends,
            judge.conv_is_torchs,
        ),
    ),
    Exercise(
        number="5.3",
        function="deepcomposer_edu.nn.layers.normalise",
        title="Mean 0 and variance 1",
        difficulty="medium",
        minutes=8,
        needed_later="in every norm",
        hints=(
            "If x has shape (4, 3, 8) and the axes are (0, 2), how many means are "
            "there? Which shape lets you subtract them from x?",
            "Subtract the mean, then take the mean of the squares of what is left: "
            "that is the variance. EPSILON is added to it before the root.",
            "`x.mean(dim=..., keepdim=True)` keeps the axes with length 1, so that "
            "mean and x fit together.",
        ),
        checks=(
            judge.normalise_keeps_the_shape,
            judge.normalise_by_hand,
            judge.normalise_over_two_axes,
            judge.normalise_survives_silence,
            judge.normalise_is_torchs,
        ),
    ),
    Exercise(
        number="5.4",
        function="deepcomposer_edu.nn.layers.running_statistics",
        title="What BatchNorm remembers",
        difficulty="medium",
        minutes=10,
        needed_later="",
        hints=(
            "With momentum 0.1, how much of the old memory is left after one batch? "
            "And after two?",
            "Bring the channels to the front and lay everything else in one row for "
            "each: then mean and variance of a channel are those of its row. Both are "
            "mixed with the old ones in the same way.",
            "`x.detach()` forgets the gradient, `transpose(0, 1)` and `flatten(1)` "
            "make the rows, and `.var(dim=1)` divides by n - 1 unless told otherwise. "
            "Return a pair.",
        ),
        checks=(
            running.memory_is_a_pair,
            running.memory_by_hand,
            running.memory_of_three_axes,
            running.memory_keeps_no_gradient,
            running.memory_is_torchs,
        ),
    ),
    Exercise(
        number="5.5",
        function="deepcomposer_edu.nn.layers.dropout",
        title="Dropout",
        difficulty="medium",
        minutes=8,
        needed_later="in lesson 10",
        hints=(
            "If half of all numbers fall, what becomes of their sum? What would the "
            "next layer notice when dropout is switched off?",
            "Draw one number from 0 to 1 for each number of x. It stays where the draw "
            "is at least the rate. What stays is made larger, so that the sum is kept "
            "on average.",
            "`torch.rand(x.shape, generator=generator)` compared with the rate gives "
            "True and False; a tensor times those keeps or drops.",
        ),
        checks=(
            against.dropout_keeps_the_shape,
            against.dropout_of_nothing,
            against.dropout_drops_its_share,
            against.dropout_keeps_the_sum,
            against.dropout_follows_the_generator,
        ),
    ),
    Exercise(
        number="5.6",
        function="deepcomposer_edu.nn.layers.weight_penalty",
        title="The price of large weights",
        difficulty="easy",
        minutes=5,
        needed_later="in the runs of this lesson",
        hints=(
            "What do the weights 3 and -4 cost with l1 = 1? And with l2 = 1?",
            "Two sums over all numbers of all tensors: of their sizes without sign, "
            "and of their squares. Each has its own price.",
            "One long tensor made of all, or a sum over the tensors; `.abs()`, "
            "`.square()`, `.sum()`.",
        ),
        checks=(
            against.penalty_is_a_number,
            against.penalty_of_l1,
            against.penalty_of_l2,
            against.penalty_of_both,
            against.penalty_has_a_slope,
        ),
    ),
    Exercise(
        number="5.7",
        function="deepcomposer_edu.music.augment.transpositions",
        title="The tune in every key",
        difficulty="medium",
        minutes=10,
        needed_later="in the runs of this lesson",
        hints=(
            "A tune goes from pitch 60 to 72, and the range allows 55 to 74. By which "
            "semitones can it be moved?",
            "Look at the notes once, without the rests: a shift fits if all of them, "
            "moved, lie in the range. Then move the whole grid by each shift that "
            "fits.",
            "`grid.pitches[grid.sounding]` are the notes, `grid.transposed(...)` moves "
            "and keeps the onsets. A loop over SHIFTS with a condition gives the list.",
        ),
        checks=(
            against.copies_are_a_list,
            against.copies_in_twelve_keys,
            against.copies_keep_rests_and_onsets,
            against.copies_leave_out_what_does_not_fit,
            against.copies_look_at_every_voice,
        ),
    ),
)

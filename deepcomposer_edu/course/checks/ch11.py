"""The exercises of lesson 11: WaveNet."""

from deepcomposer_edu.course.checks import ch11_judging as judge
from deepcomposer_edu.course.checks import ch11_judging_queue as queue
from deepcomposer_edu.course.checks import ch11_judging_reach as reach
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="11.1",
        function="deepcomposer_edu.nn.waves.mu_law",
        title="Sound as 256 numbers",
        difficulty="medium",
        minutes=10,
        needed_later="in everything that your network hears and says",
        hints=(
            "Where are the 256 steps fine and where coarse: for quiet samples or for "
            "loud ones? What does the logarithm of 1 + 255 |x| do to a small |x|?",
            "Clip to -1 to 1. Squeeze: the logarithm of 1 + mu |x|, divided by that of "
            "1 + mu, with the sign of x put back. Then move -1 to 1 onto 0 to mu and "
            "round to the nearest whole number.",
            "Four lines: mu; x, by `.clamp(-1, 1)`; y, by `.sign()` and `torch.log1p`, "
            "which takes the logarithm of 1 + its argument; the codes, where adding "
            "0.5 and `.floor()` round, and `.long()` makes them int64.",
        ),
        checks=(
            judge.codes_are_whole_numbers,
            judge.codes_of_silence_and_the_ends,
            judge.codes_by_hand,
            judge.codes_of_few_classes,
            judge.codes_of_what_is_too_loud,
            judge.every_code_comes_back,
        ),
    ),
    Exercise(
        number="11.2",
        function="deepcomposer_edu.nn.waves.causal_convolution",
        title="A convolution without a future",
        difficulty="hard",
        minutes=15,
        needed_later="in every layer of your network",
        hints=(
            "The output at sample t uses x at t, at t - dilation, at t - 2 dilation. "
            "What is there to use for t = 0, and on which side is it missing?",
            "Put (K - 1) times dilation zeros in front, and nowhere else. Then tap k "
            "is a stretch of N samples that begins k times dilation into the padded "
            "sound. Each tap is multiplied by its own matrix; the sum is the output.",
            "Four lines: K and N from the shapes; `F.pad(x, (0, 0, front, 0))`, whose "
            "first two numbers are for the channels; a list of K slices; their sum "
            "over `@`, or one `torch.cat` along the last axis and one `@`.",
        ),
        checks=(
            judge.convolution_shape,
            judge.convolution_by_hand,
            judge.convolution_with_dilation,
            judge.convolution_sees_no_future,
            judge.convolution_as_torch_does,
        ),
    ),
    Exercise(
        number="11.3",
        function="deepcomposer_edu.nn.waves.receptive_field",
        title="How far back does it hear?",
        difficulty="easy",
        minutes=6,
        needed_later="whenever a network's memory is told in seconds and beats",
        hints=(
            "One layer with two taps, one sample apart, sees two samples. How many "
            "more does each further layer of that kind see: as many again, or one?",
            "A kernel of K taps has K - 1 gaps between them, each as long as the "
            "dilation. The layers' reaches add up; and the newest sample counts, too.",
            "One line: one, plus a product of a number of gaps and the `sum` of the "
            "dilations.",
        ),
        checks=(
            reach.field_of_plain_layers,
            reach.field_of_dilated_layers,
            reach.field_of_other_kernels,
            reach.field_of_no_layers,
            reach.field_as_a_gradient_finds_it,
        ),
    ),
    Exercise(
        number="11.4",
        function="deepcomposer_edu.nn.waves.count_paths",
        title="On how many paths?",
        difficulty="medium",
        minutes=12,
        needed_later="in this section, to correct a rule",
        hints=(
            "With one layer of two taps, an input one sample back is reached on one "
            "path. Put another such layer on top: in which two ways can you go back "
            "one sample now?",
            "Begin with one path to lag 0. For each layer make a longer list of zeros; "
            "each path to a lag goes on to as many lags as there are taps, and where "
            "two paths meet they add up.",
            "A list that begins as [1] and three loops inside one another: over the "
            "dilations, over the lags with `enumerate`, over the taps. The innermost "
            "line is a `+=`.",
        ),
        checks=(
            reach.paths_are_a_list,
            reach.paths_of_plain_layers,
            reach.paths_that_double,
            reach.paths_of_repeated_blocks,
            reach.paths_with_gaps,
            reach.paths_of_other_kernels,
        ),
    ),
    Exercise(
        number="11.5",
        function="deepcomposer_edu.nn.waves.gated",
        title="A gate",
        difficulty="easy",
        minutes=5,
        needed_later="in every layer of your network",
        hints=(
            "One half of the channels says what, the other how much of it. Which of "
            "tanh and sigmoid can say `nothing` and `all`, but never `minus`?",
            "Cut the last axis in the middle. tanh of the first half, times sigmoid of "
            "the second.",
            "Two lines: `chunk(2, dim=...)` into two names, and a product.",
        ),
        checks=(
            judge.gate_shape,
            judge.gate_by_hand,
            judge.gate_takes_halves,
            judge.gate_as_torch_does,
        ),
    ),
    Exercise(
        number="11.6",
        function="deepcomposer_edu.nn.waves.queue_step",
        title="Compute nothing twice",
        difficulty="medium",
        minutes=12,
        needed_later="where your network becomes fast",
        hints=(
            "The layer's dilation is 4 and sample 100 comes in. Which two inputs does "
            "its output need, and which of them did you see four samples ago?",
            "The queue holds the last `dilation` inputs. Its oldest one is what the "
            "old tap needs. Then the oldest leaves at one end, and `now` joins at the "
            "other.",
            "Two lines: the output, a sum of two products with `@`; and the `return` "
            "of it with a new queue, `torch.cat` of all but the oldest and of `now` "
            "with an axis more, along the axis of time.",
        ),
        checks=(
            queue.queue_gives_two_tensors,
            queue.queue_of_one,
            queue.queue_uses_the_oldest,
            queue.queue_moves_on,
            queue.queue_equals_the_full_pass,
        ),
    ),
)

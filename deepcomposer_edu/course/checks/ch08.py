"""The exercises of lesson 08: Harmonise like Bach."""

from deepcomposer_edu.course.checks import ch08_judging as judge
from deepcomposer_edu.course.checks import ch08_judging_convergence as convergence
from deepcomposer_edu.course.checks import ch08_judging_losses as losses
from deepcomposer_edu.course.checks import ch08_judging_metrics as measured
from deepcomposer_edu.course.checks import ch08_judging_penalty as penalty
from deepcomposer_edu.course.checks import ch08_judging_spectra as spectra
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="8.1",
        function="deepcomposer_edu.nn.drawing.draw_one_hot",
        title="Draw a note and keep the gradient",
        difficulty="medium",
        minutes=10,
        needed_later="whenever the generator draws a voice",
        hints=(
            "If you nudge one logit a little, how much does the largest of them change "
            "its place? What does that say about the gradient of `argmax`?",
            "Make two answers from the noisy logits: the soft one (`softmax`) has a "
            "gradient, the hard one (`argmax`, then `F.one_hot`) has the right values. "
            "A tensor plus itself minus itself `.detach()`ed adds nothing to the "
            "values, but the gradient of the part that was not detached stays.",
            "Four or five lines: add the scaled noise if the temperature is above 0; "
            "soft; hard, brought to soft's dtype with `.to(...)`; and a `return` of "
            "three terms, one of them detached.",
        ),
        checks=(
            judge.drawn_shape,
            judge.likeliest_without_noise,
            judge.noise_is_scaled,
            judge.draws_follow_the_softmax,
            judge.gradient_is_the_softmax_one,
        ),
    ),
    Exercise(
        number="8.2",
        function="deepcomposer_edu.models.one_hot.same_as_before",
        title="Hear that a note stays",
        difficulty="easy",
        minutes=6,
        needed_later="in the next section, where the critic listens",
        hints=(
            "Multiply two one-hot vectors place by place and add up. What comes out "
            "when they are equal, and what when they differ?",
            "Slice the steps twice: all but the first, and all but the last. Their "
            "product, summed over the classes, compares each step with the one before.",
            "Two lines. That product has T - 1 steps; `F.pad(x, (1, 0))` puts one zero "
            "in front of the last axis.",
        ),
        checks=(
            judge.stays_shape,
            judge.stays_by_hand,
            judge.stays_of_mixtures,
            judge.stays_has_a_gradient,
        ),
    ),
    Exercise(
        number="8.3",
        function="deepcomposer_edu.models.ear.interval",
        title="Hear an interval on the circle",
        difficulty="medium",
        minutes=8,
        needed_later="in the next section, where the critic listens",
        hints=(
            "On a clock of twelve pitch classes, C stands at 0 and E at 4. How far "
            "does the hand turn from C to E, and how far from G to B?",
            "The docstring holds the two formulas of school for cos(a - b) and "
            "sin(a - b). Each needs two products of what you are given.",
            "One `torch.cat` of a list of two tensors, each a sum or a difference of "
            "two products, along the last axis.",
        ),
        checks=(
            spectra.interval_shape,
            spectra.interval_of_a_third,
            spectra.interval_is_directed,
            spectra.interval_ignores_transposition,
            spectra.interval_of_a_rest,
        ),
    ),
    Exercise(
        number="8.4",
        function="deepcomposer_edu.nn.gan.critic_loss",
        title="What the critic wants",
        difficulty="easy",
        minutes=6,
        needed_later="in the training step",
        hints=(
            "A loss is made as small as possible. Which mean must be large for a good "
            "critic, and which small?",
            "For the two Wasserstein kinds it is one difference of two means. For the "
            "other two, the docstring says which softplus belongs to which scores.",
            "An `if kind in (...)` with a `return` of two means added together, and "
            "after it a `return` of two means, one taken from the other. "
            "`F.softplus(x)` is log(1 + e^x), computed without overflow.",
        ),
        checks=(
            losses.loss_is_a_number,
            losses.wasserstein_by_hand,
            losses.both_wasserstein_kinds,
            losses.cross_entropy_as_in_torch,
            losses.loss_of_sure_scores,
        ),
    ),
    Exercise(
        number="8.5",
        function="deepcomposer_edu.nn.gan.mix",
        title="Stand between Bach and the generator",
        difficulty="easy",
        minutes=5,
        needed_later="in the training step",
        hints=(
            "`share` has one axis and `real` has several. If you multiply them as they "
            "are, with which axis of `real` does torch line up `share`?",
            "Give `share` the shape (B, 1, 1, ...), with as many axes as `real`; then "
            "broadcasting does the rest.",
            "Two lines: `share.reshape(-1, ...)` with `real.dim() - 1` ones, and the "
            "formula of the docstring.",
        ),
        checks=(
            losses.mix_shape,
            losses.mix_at_the_ends,
            losses.mix_piece_by_piece,
            losses.mix_of_any_shape,
        ),
    ),
    Exercise(
        number="8.6",
        function="deepcomposer_edu.nn.gan.gradient_penalty",
        title="The gradient penalty",
        difficulty="hard",
        minutes=15,
        needed_later="in the training step",
        hints=(
            "The critic is score = 3 x + 4 y, a plane. How steep is it, and what is "
            "the penalty?",
            "`torch.autograd.grad(scores.sum(), inputs, ...)` gives one gradient for "
            "each input: in the sum, each piece's score depends on its own numbers "
            "alone. Flatten all but the batch, join the inputs side by side, and take "
            "one norm for each piece.",
            "Four lines: the gradients, with `create_graph=True`; `flatten(1)` and "
            "`torch.cat` along axis 1; the root of the summed squares plus 1e-12; the "
            "mean of the squared distance from 1.",
        ),
        checks=(
            penalty.penalty_is_a_number,
            penalty.penalty_of_a_plane,
            penalty.penalty_of_each_piece,
            penalty.penalty_of_two_inputs,
            penalty.penalty_by_finite_differences,
            penalty.penalty_teaches_the_critic,
            penalty.penalty_at_a_flat_place,
        ),
    ),
    Exercise(
        number="8.7",
        function="deepcomposer_edu.music.metrics.chroma",
        title="Repair the scale metric",
        difficulty="medium",
        minutes=8,
        needed_later="in the next table, and whenever a model is measured",
        hints=(
            "The roll begins at MIDI pitch `low`. With low = 33, which columns of the "
            "roll are Cs?",
            "Go through the columns one by one. Each adds its track-by-step picture to "
            "one of the twelve classes.",
            "`np.zeros` with the shape of the answer and a type of int; a loop over "
            "the P columns; `+=` at class `(roll.low + p) % 12` of the last axis.",
        ),
        checks=(
            measured.chroma_shape,
            measured.chroma_of_a_chord,
            measured.chroma_starts_at_low,
            measured.chroma_counts_octaves,
            measured.chroma_turns_with_the_music,
        ),
    ),
    Exercise(
        number="8.8",
        function="deepcomposer_edu.music.metrics.empty_bar_rate",
        title="Repair the empty-bar rate",
        difficulty="easy",
        minutes=5,
        needed_later="in the next table",
        hints=(
            "What must this metric say about pure silence?",
            "`pitch_classes_per_bar` gives a number for each bar of each track. A bar "
            "is empty where that number is 0.",
            "Two lines: ask it, with `steps_per_bar`; then the mean of a comparison as "
            "a `float`, and `nan` when there is nothing to take a mean of (`.size`).",
        ),
        checks=(
            measured.rate_is_a_number,
            measured.rate_of_silence,
            measured.rate_of_each_track,
            measured.rate_of_other_bars,
            measured.rate_of_no_bars,
        ),
    ),
    Exercise(
        number="8.9",
        function="deepcomposer_edu.training.history.has_converged",
        title="When to stop",
        difficulty="medium",
        minutes=8,
        needed_later="in the history of the shipped model",
        hints=(
            "Of a thousand rows, which ones say anything about triads? And how many of "
            "those have to be good?",
            "Keep the rows that hold all the names, take the last few of them, and ask "
            "whether every metric of every one of them is near enough.",
            "Two lists and a `return`: a list with a condition; a slice that counts "
            "from the end; the right length `and all(...)` of a comparison with "
            "`abs(...)` on both sides.",
        ),
        checks=(
            convergence.converged_is_a_bool,
            convergence.converged_when_near,
            convergence.converged_needs_patience,
            convergence.converged_from_both_sides,
            convergence.converged_by_shares,
            convergence.converged_in_every_metric,
            convergence.converged_passes_over_losses,
        ),
    ),
)

"""The exercises of lesson 06: GAN, the game."""

from deepcomposer_edu.course.checks import ch06_judging as judge
from deepcomposer_edu.course.checks import ch06_judging_modes as modes
from deepcomposer_edu.course.checks import ch06_judging_turns as turns
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="6.1",
        function="deepcomposer_edu.nn.gan_basics.guess_loss",
        title="What a guess costs",
        difficulty="easy",
        minutes=7,
        needed_later="to judge your own guesses, and by every critic of this lesson",
        hints=(
            "You said 0.9 for a rhythm that was real, and 0.9 for one that was a fake. "
            "How much of your belief did the truth get, each time?",
            "First make one tensor of what the truth was given: D where the piece is "
            "real, 1 - D where it is not; `torch.where` chooses place by place. Then "
            "comes the logarithm.",
            "Two lines: `torch.where(..., ..., ...)`, and a `return` of minus the mean "
            "of the logarithm of what `clamp_min(LEAST)` leaves.",
        ),
        checks=(
            judge.guess_is_a_number,
            judge.guess_by_hand,
            judge.guess_without_knowledge,
            judge.guess_of_sure_mistakes,
            judge.guess_is_torchs,
        ),
    ),
    Exercise(
        number="6.2",
        function="deepcomposer_edu.nn.gan_basics.best_critic",
        title="The best critic there can be",
        difficulty="easy",
        minutes=7,
        needed_later="to see what the generator has to reach",
        hints=(
            "Of 100 bars with a certain rhythm, 75 were written by people. What would "
            "you answer when you hear it?",
            "It is the real ones by all there are. One case is left: a rhythm that "
            "nobody ever made. What is 0 divided by 0, and what should it be here?",
            "Two lines: the sum of both, and a `return torch.where(...)` with the "
            "share where that sum is above 0, and 0.5 elsewhere.",
        ),
        checks=(
            judge.best_has_a_shape,
            judge.best_by_hand,
            judge.best_of_a_perfect_fake,
            judge.best_of_the_unheard,
            judge.best_beats_all_others,
        ),
    ),
    Exercise(
        number="6.3",
        function="deepcomposer_edu.training.tiny_gan.critic_turn",
        title="The critic's turn",
        difficulty="medium",
        minutes=12,
        needed_later="in every training of this lesson",
        hints=(
            "The fakes come from the generator, and they remember how they were made. "
            "Whose weights must not get a gradient in this turn?",
            "`fake.detach()` is the same numbers without the memory. Then it is a "
            "training step like any other: loss, old gradients to zero, `backward`, "
            "`step`.",
            "Five lines: `value = loss(critic, ..., ...)`, three calls with nothing in "
            "their brackets, and a `return` of `value.item()`.",
        ),
        checks=(
            turns.critic_returns_the_loss,
            turns.critic_leaves_the_generator,
            turns.critic_steps_in_order,
            turns.critic_learns,
            turns.critic_forgets_old_gradients,
        ),
    ),
    Exercise(
        number="6.4",
        function="deepcomposer_edu.training.tiny_gan.generator_turn",
        title="The generator's turn",
        difficulty="medium",
        minutes=10,
        needed_later="in every training of this lesson",
        hints=(
            "The generator has no data. Through whom does it learn whether a bar was "
            "good?",
            "Noise goes through the generator, what it made goes through the critic, "
            "and the loss looks at the scores. `backward` then walks the whole way "
            "back. Nothing may be detached on that way.",
            "Five lines, as in 6.3; the first holds three calls, one within the other.",
        ),
        checks=(
            turns.generator_returns_the_loss,
            turns.generator_goes_through_the_critic,
            turns.generator_steps_in_order,
            turns.generator_learns,
            turns.generator_forgets_old_gradients,
        ),
    ),
    Exercise(
        number="6.5",
        function="deepcomposer_edu.nn.gan_basics.push",
        title="The non-saturating trick",
        difficulty="easy",
        minutes=8,
        needed_later="in the picture below",
        hints=(
            "The critic is quite sure that a bar is a fake: D is nearly 0. For which "
            "loss does the generator then get a push near 0, and for which near 1?",
            "The docstring holds the three answers. D is `torch.sigmoid(score)`, and "
            "1 - D is the sigmoid of the score with its sign turned.",
            "Two `if`s with a `return` each, and a last `return` of as many ones as "
            "there are scores.",
        ),
        checks=(
            judge.push_has_a_shape,
            judge.push_of_a_sure_critic,
            judge.push_is_the_slope,
            judge.push_stays_a_number,
        ),
    ),
    Exercise(
        number="6.6",
        function="deepcomposer_edu.training.tiny_statistics.modes_covered",
        title="Count what is left out",
        difficulty="hard",
        minutes=14,
        needed_later="to see a collapse, and to see it mended",
        hints=(
            "A point lies near one mode and far from all others. Which two numbers do "
            "you need of each point?",
            "`torch.cdist(points, modes)` holds all distances, (N, M); `.min(dim=1)` "
            "gives of each row the smallest and where it stands. Keep where they stand "
            "for the points that are near enough, and `bincount` them.",
            "Three lines: distance and nearest mode; the counts, with "
            "`minlength=len(modes)`; and how many of them reach FAIR_SHARE times "
            "N / M, as an `int`.",
        ),
        checks=(
            modes.modes_are_a_number,
            modes.modes_by_hand,
            modes.modes_need_their_share,
            modes.modes_of_nothing_near,
            modes.modes_that_come_last,
        ),
    ),
)

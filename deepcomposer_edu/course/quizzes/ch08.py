"""The quiz of lesson 08: Harmonise like Bach."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "The critic's loss goes up and down for a thousand steps. What do you do?",
        (
            Answer(
                "Stop at once: it should fall",
                "the generator changes the critic's task all the time, so its loss "
                "cannot settle like that of a classifier.",
            ),
            Answer(
                "Nothing, but listen to samples and look at the metrics",
                "oscillation is normal; a loss that skyrockets, plunges to 0 or is "
                "stuck is not.",
                is_right=True,
            ),
            Answer(
                "Raise the learning rates",
                "that makes it less steady. First see whether anything is wrong.",
            ),
        ),
    ),
    Question(
        "Why does the critic take several steps for each step of the generator?",
        (
            Answer(
                "Because it is the larger network",
                "size has nothing to do with it; here the generator is larger.",
            ),
            Answer(
                "So that it is near its best, where its slope shows the way to Bach",
                "only then do the scores estimate a distance worth following.",
                is_right=True,
            ),
            Answer(
                "So that the generator cannot win",
                "nobody should win. In a Wasserstein game a good critic helps the "
                "generator; in the game of 2014 it silenced it.",
            ),
        ),
    ),
    Question(
        "What would batch normalisation in the critic break?",
        (
            Answer(
                "The penalty, which asks for the gradient of each piece alone",
                "batch normalisation lets the score of one piece depend on all others.",
                is_right=True,
            ),
            Answer(
                "The speed of training",
                "it costs little. The trouble is what the gradient then means.",
            ),
            Answer(
                "The generator, which then cannot use noise",
                "the noise goes into the generator, where nothing changes.",
            ),
        ),
    ),
    Question(
        "A model has 100 % of its notes in the best scale. Bach has 94 %. So?",
        (
            Answer(
                "It is better than Bach in this respect",
                "random notes from a scale reach 100 % as well. More is not better.",
            ),
            Answer(
                "It differs from Bach: it never leaves the scale, and he does",
                "the data's own value is the aim, from both sides.",
                is_right=True,
            ),
            Answer(
                "The metric must be broken",
                "it may well be right: a scale played up and down has 100 %.",
            ),
        ),
    ),
    Question(
        "You move one melody note, and the lower voices stay the same to the note. "
        "What does that say?",
        (
            Answer(
                "The network is stable, which is good",
                "a chord that fitted the old note may clash with the new one. Not to "
                "react means not to listen.",
            ),
            Answer(
                "At this note the network does not listen to the melody",
                "look at other notes and seeds; if nothing ever changes, the melody "
                "has no influence at all.",
                is_right=True,
            ),
            Answer(
                "The seed was the same, so it must be so",
                "the same seed gives the same noise. The melody is another input.",
            ),
        ),
    ),
)

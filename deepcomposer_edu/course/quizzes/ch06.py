"""The quiz of lesson 06: GAN, the game."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "How does the generator learn what real bars are like?",
        (
            Answer(
                "From the gradient that comes back through the critic",
                "it is the only signal that it gets; it never sees a real bar.",
                is_right=True,
            ),
            Answer(
                "It compares its bars with real ones",
                "no loss of the generator holds a real bar; look at generator_turn.",
            ),
            Answer(
                "It learns them by heart",
                "it would need to see them for that, and nobody shows it any.",
            ),
        ),
    ),
    Question(
        "A critic that could not be better says 0.5 of everything. What does that "
        "mean?",
        (
            Answer(
                "Real and generated pieces come equally often, each kind of them",
                "then real / (real + fake) is a half everywhere, and nobody can tell.",
                is_right=True,
            ),
            Answer(
                "The critic has not learned anything",
                "a poor critic says 0.5, too, but the question is about the best one: "
                "from the value alone the two cannot be told apart.",
            ),
            Answer(
                "Half of the generated pieces are good",
                "it says 0.5 of each piece, not of half of them.",
            ),
        ),
    ),
    Question(
        "The critic's turn detaches the fakes. What would happen without it?",
        (
            Answer(
                "Gradients would also be left at the generator's weights, for a goal "
                "that is not its own",
                "they say how the critic's loss would fall: make worse fakes. If "
                "nobody sets them to zero, the generator's next step follows them.",
                is_right=True,
            ),
            Answer(
                "The critic would learn nothing",
                "it would learn the same; the harm is done at the generator.",
            ),
            Answer(
                "torch would stop with an error",
                "it would not, and that is why the mistake is hard to find.",
            ),
        ),
    ),
    Question(
        "Why is the non-saturating loss used in place of the original one?",
        (
            Answer(
                "Where the critic is sure of a fake, the original has no slope, and "
                "the generator learns nothing when it needs it most",
                "log(1 - D) is flat where D is near 0; -log D is steep there.",
                is_right=True,
            ),
            Answer(
                "It has another goal, and a better one",
                "both are best where D = 1; they differ in how they push on the way.",
            ),
            Answer(
                "It makes the critic weaker",
                "the critic's own loss is the same for both.",
            ),
        ),
    ),
    Question(
        "The generator's loss is low, and all its bars are one and the same. What is "
        "it?",
        (
            Answer(
                "A mode collapse",
                "one good bar is enough to please a critic that looks at one bar at a "
                "time and is slow to follow.",
                is_right=True,
            ),
            Answer(
                "Overfitting",
                "that would be many bars learned by heart; here there is one.",
            ),
            Answer(
                "A saturated loss",
                "then the loss would be high and nothing would move.",
            ),
        ),
    ),
)

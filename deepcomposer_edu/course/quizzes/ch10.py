"""The quiz of lesson 10: Attention and the Transformer."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "What does one head of attention give for a step?",
        (
            Answer(
                "The one earlier step that matters most",
                "that would be a choice, which has no gradient. A head mixes all steps "
                "that it may see, some of them with a share near 0.",
            ),
            Answer(
                "A weighted mean of the values of the steps that it may see",
                "the weights are the softmax of query times key, so they sum to 1.",
                is_right=True,
            ),
            Answer(
                "The next note",
                "that comes after the last layer, from one more linear map.",
            ),
        ),
    ),
    Question(
        "A network for the next step reaches a loss of nearly 0 after ten rounds of "
        "training, and what it writes is noise. What do you look at first?",
        (
            Answer(
                "The learning rate: it is too high",
                "then the loss would not have come near 0.",
            ),
            Answer(
                "The mask: it may see the step that it should predict",
                "in training it copies, and when it writes there is nothing to copy.",
                is_right=True,
            ),
            Answer(
                "The temperature: it is too low",
                "that makes music repeat itself, and it has nothing to do with the "
                "loss in training.",
            ),
        ),
    ),
    Question(
        "Without positions, what would attention make of C4 E4 G4 and of G4 E4 C4?",
        (
            Answer(
                "The same, as seen from the note that follows",
                "a weighted mean does not depend on the order of what it takes the "
                "mean of.",
                is_right=True,
            ),
            Answer(
                "Two different things, since the mask lets each note see fewer",
                "the note that follows sees all three in both cases.",
            ),
            Answer(
                "An error, since the queries would not fit the keys",
                "all shapes fit; nothing fails, and that makes it hard to notice.",
            ),
        ),
    ),
    Question(
        "What does a cache of keys and values change?",
        (
            Answer(
                "The music: it remembers more",
                "the cache holds what the network would compute again, number for "
                "number. It remembers nothing that was not seen without it.",
            ),
            Answer(
                "The time: each step is computed once, not again with every new step",
                "the notes stay the same, up to rounding; a test compares the two.",
                is_right=True,
            ),
            Answer(
                "The memory: less of it is needed",
                "it is the other way round. The keys and values of all steps are kept.",
            ),
        ),
    ),
    Question(
        "At one step the network is nearly sure, at the next it sees twenty notes as "
        "about equally good. What do top-k with k = 3 and a nucleus of 0.9 do there?",
        (
            Answer(
                "Both keep three notes at both steps",
                "the nucleus counts probability, not notes.",
            ),
            Answer(
                "Top-k keeps three at both; the nucleus one or two, then about twenty",
                "so top-k lets bad notes in where the network is sure, and shuts good "
                "ones out where it is not.",
                is_right=True,
            ),
            Answer(
                "The nucleus keeps about twenty at the first and one at the second",
                "the surer the network is, the fewer notes reach 0.9 together.",
            ),
        ),
    ),
)

"""The quiz of lesson 05: Linear layers and normalization."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "A block of numbers has shape (32 pieces, 64 channels, 16 steps). How many "
        "means does BatchNorm compute?",
        (
            Answer(
                "64",
                "one for each channel, over all pieces and steps.",
                is_right=True,
            ),
            Answer("32", "that would be one for each piece: LayerNorm over the rest."),
            Answer(
                "512",
                "32 times 16 is how many LayerNorm over channels takes: one for each "
                "step of each piece.",
            ),
        ),
    ),
    Question(
        "You continue a tune note by note, with one melody at a time. Which norm may "
        "stay in training mode?",
        (
            Answer(
                "LayerNorm",
                "it uses only the numbers of that melody, in training and after.",
                is_right=True,
            ),
            Answer(
                "BatchNorm",
                "with one piece its mean is the number itself: nothing is left of it. "
                "It needs eval(), where it uses what it remembers.",
            ),
            Answer(
                "Both",
                "BatchNorm needs a batch to take a mean of, or eval().",
            ),
        ),
    ),
    Question(
        "Why has a critic with a gradient penalty no BatchNorm?",
        (
            Answer(
                "The penalty asks for the slope of each piece, and BatchNorm mixes "
                "the pieces",
                "then a score depends on other pieces, too, and its slope is no longer "
                "that of one piece.",
                is_right=True,
            ),
            Answer(
                "BatchNorm is too slow",
                "it costs next to nothing; the reason lies in what it mixes.",
            ),
            Answer(
                "A critic must not be normalised",
                "LayerNorm is fine: it looks at one piece alone, and the authors of "
                "the WGAN-GP recommend it.",
            ),
        ),
    ),
    Question(
        "The train loss falls to 0.1 and the valid loss rises from 3.7 to 7. What is "
        "the network doing?",
        (
            Answer(
                "It learns its pieces by heart",
                "it is sure of what it has seen, and just as sure, and wrong, about "
                "what it has not.",
                is_right=True,
            ),
            Answer(
                "It needs more steps",
                "more of the same makes it worse: the best moment was long ago.",
            ),
            Answer(
                "It has not learned enough yet",
                "a train loss of 0.1 is nearly perfect, on the pieces it knows.",
            ),
        ),
    ),
    Question(
        "Dropout with rate 0.5 keeps a number 6. What does it become in training, and "
        "what after?",
        (
            Answer(
                "12 in training, 6 after",
                "the half that stays is doubled, so nothing needs to change later.",
                is_right=True,
            ),
            Answer(
                "6 in training, 3 after",
                "that works, too, but torch and this "
                "course scale in training, so that afterwards dropout is nothing.",
            ),
            Answer("3 in training, 6 after", "then the sum would shrink to a quarter."),
        ),
    ),
)

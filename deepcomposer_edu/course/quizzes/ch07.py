"""The quiz of lesson 07: WGAN-GP."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "A tune is moved up by five semitones. How far is its heap of pitches from the "
        "old one, by the earth mover?",
        (
            Answer(
                "5 semitones a note",
                "every note is carried by five, and nobody can do with less.",
                is_right=True,
            ),
            Answer(
                "It depends on which notes the tune has",
                "which bins are filled in both does not matter; how far the heap as a "
                "whole must go does.",
            ),
            Answer(
                "log 2, as no pitch is the same",
                "that is what the Jensen-Shannon divergence says, whether it is moved "
                "by five octaves or by a little.",
            ),
        ),
    ),
    Question(
        "Why is a nearly perfect critic good in a Wasserstein game and bad in the game "
        "of 2014?",
        (
            Answer(
                "There its probability is flat at the fakes, here its slope stays near "
                "1",
                "the generator learns from the slope, and a flat place has none.",
                is_right=True,
            ),
            Answer(
                "Because the Wasserstein critic is the smaller network",
                "the networks may be the same; what differs is what is asked of them.",
            ),
            Answer(
                "Because in a Wasserstein game the generator may win",
                "nobody wins: the distance becomes small, and both stop moving.",
            ),
        ),
    ),
    Question(
        "The frozen critic gave the ruined music higher marks than Bach. What was "
        "wrong?",
        (
            Answer(
                "The critic had been trained too little",
                "it was the shipped one, and knew many mistakes. Any critic has "
                "something that it cannot hear.",
            ),
            Answer(
                "It was never shown the new mistakes",
                "the generator walked to where this one critic is wrong. A critic must "
                "go on learning.",
                is_right=True,
            ),
            Answer(
                "Higher marks mean better music, so nothing",
                "listen again, and look at the triads.",
            ),
        ),
    ),
    Question(
        "A critic has BatchNorm. All generated pieces are transposed up by two "
        "octaves. What does it say?",
        (
            Answer(
                "The distance has grown",
                "it compares the pieces with their own mean, which has moved with "
                "them.",
            ),
            Answer(
                "The same as before",
                "what all pieces of a batch have in common is taken away before the "
                "critic hears it.",
                is_right=True,
            ),
            Answer(
                "Nothing: torch stops with an error",
                "it runs, and the numbers look fine. That makes it a trap.",
            ),
        ),
    ),
    Question(
        "A report says: trained with an update ratio of 5. What do you know?",
        (
            Answer(
                "The critic took 5 steps for each of the generator",
                "perhaps, or the other way round: sources use the word both ways.",
            ),
            Answer(
                "Nothing certain, until it says which is counted for which",
                "n_critic = 5 would have said it.",
                is_right=True,
            ),
            Answer(
                "The generator learned five times as fast",
                "a ratio of steps says nothing about learning rates.",
            ),
        ),
    ),
)

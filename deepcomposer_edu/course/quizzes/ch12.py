"""The quiz of lesson 12: Sounds into codes."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "You add the waveforms of an organ and of a theremin, half of each. What do "
        "you hear?",
        (
            Answer(
                "Two instruments that play at the same time",
                "a sum of waves is what two loudspeakers make of them. To get one "
                "instrument between the two, the codes are mixed, and one sound is "
                "made of the mixture.",
                is_right=True,
            ),
            Answer(
                "One instrument that lies between the two",
                "the air adds waves all day long, and nobody hears one instrument "
                "where two play.",
            ),
            Answer(
                "Nothing, for the two waves cancel",
                "that would need one to be the exact opposite of the other, at each "
                "sample.",
            ),
        ),
    ),
    Question(
        "To choose the nearest code has no gradient. What does the encoder get by the "
        "straight-through trick?",
        (
            Answer(
                "The exact gradient of the choice",
                "that is 0 almost everywhere: nudge a vector a little and the same "
                "code is still the nearest.",
            ),
            Answer(
                "The gradient that the decoder has at the code, as if the vector "
                "itself had been passed on",
                "a copy, and so an approximation. The nearer the vector is to its "
                "code, the better it is; that is one reason for the commitment term.",
                is_right=True,
            ),
            Answer(
                "The gradient of the codebook",
                "the codes have a loss of their own. The trick passes them by.",
            ),
        ),
    ),
    Question(
        "Of 64 codes 60 are never chosen. Why does learning not mend that by itself?",
        (
            Answer(
                "The learning rate is too low",
                "a code that nobody chooses gets a gradient of exactly 0, and 0 times "
                "any learning rate is 0.",
            ),
            Answer(
                "A code that nobody chooses gets no gradient, so it stays where nobody "
                "chooses it",
                "somebody has to put it where the encoder's vectors are.",
                is_right=True,
            ),
            Answer(
                "Four codes are enough for music",
                "four codes can tell apart four kinds of frames. With two instruments "
                "and two octaves there are more than that.",
            ),
        ),
    ),
    Question(
        "The argmax autoencoder cuts scores off at 0 and divides by their sum. Why "
        "not a softmax?",
        (
            Answer(
                "A softmax has no gradient",
                "it has one everywhere; that is why it is used so often.",
            ),
            Answer(
                "A softmax never gives exactly 0 and 1, so what the argmax makes of it "
                "always differs from it",
                "shares that are cut off can be exactly one-hot. Then the "
                "quantised value and the continuous one are the same and nothing is "
                "lost by the choice.",
                is_right=True,
            ),
            Answer(
                "A softmax would need a codebook",
                "neither needs one to choose. The diversity loss is what keeps all "
                "codes in use.",
            ),
        ),
    ),
    Question(
        "In population-based training, a member that does badly is replaced. What "
        "exactly happens to it?",
        (
            Answer(
                "It starts anew from random weights, with other settings",
                "that would throw away everything that the population has learned so "
                "far.",
            ),
            Answer(
                "It takes over the weights and the settings of a good one, and the "
                "settings are then changed a little",
                "exploit, then explore. So a good schedule of settings is found within "
                "one training.",
                is_right=True,
            ),
            Answer(
                "Its weights are mixed with those of a good one",
                "nobody is mixed: one is copied. The mean of two networks is seldom a "
                "good network.",
            ),
        ),
    ),
)

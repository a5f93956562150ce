"""The quiz of lesson 11: WaveNet."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "What do the 256 steps of mu-law favour, beside 256 equal steps?",
        (
            Answer(
                "Low frequencies: there the steps are finer",
                "mu-law looks at one sample at a time and knows of no frequency. A "
                "low and a high tone of the same loudness get the same steps.",
            ),
            Answer(
                "Small amplitudes: there the steps are finer",
                "a quiet sound keeps its shape, and a loud one can hide coarse steps.",
                is_right=True,
            ),
            Answer(
                "Large amplitudes: what is loud matters most",
                "it is the other way round. Near -1 and 1 the steps are widest.",
            ),
        ),
    ),
    Question(
        "A stack has the dilations 1, 2, 4, 8 and two taps a layer. How many samples "
        "does an output depend on?",
        (
            Answer(
                "16",
                "one for the newest sample, and 1 + 2 + 4 + 8 more.",
                is_right=True,
            ),
            Answer(
                "5",
                "so many four layers without dilation would give. Here each reaches "
                "as far as its dilation.",
            ),
            Answer(
                "15",
                "the newest sample itself is one of them.",
            ),
        ),
    ),
    Question(
        "Your network has a wonderful loss, but what it generates is noise. Which test "
        "comes first?",
        (
            Answer(
                "Generate at a lower temperature",
                "that may make noise duller. It does not say why the loss is so good.",
            ),
            Answer(
                "Count the paths through the stack",
                "a stack with many paths can still be causal, and one with a single "
                "path can still look ahead.",
            ),
            Answer(
                "Change the future and see whether the past of the output changes",
                "a network that sees the sample it is asked for only copies it, and "
                "when it generates there is nothing to copy.",
                is_right=True,
            ),
        ),
    ),
    Question(
        "Why is a queue in each layer so much faster, and yet gives the same samples?",
        (
            Answer(
                "It leaves out layers that add little",
                "every layer is computed, with all its weights, for every sample.",
            ),
            Answer(
                "What a layer gave for an earlier sample does not change any more, so "
                "it is kept instead of computed again",
                "causal means that no later sample can change it. The naive loop "
                "computes the whole receptive field for each sample.",
                is_right=True,
            ),
            Answer(
                "It rounds the numbers, and the ear does not notice",
                "nothing is rounded: logits agree to the last digits of floats.",
            ),
        ),
    ),
    Question(
        "A network hears a quarter of a second back. What can it not know while it "
        "plays?",
        (
            Answer(
                "The note that sounds at the moment",
                "a quarter of a second holds many periods of every note that one can "
                "sing.",
            ),
            Answer(
                "The timbre of the instrument",
                "timbre is in the shape of each period, and that fits into a few "
                "milliseconds.",
            ),
            Answer(
                "How the phrase began, unless somebody tells it",
                "what lies further back than its receptive field does not exist for "
                "it. That is why it is told the note from outside.",
                is_right=True,
            ),
        ),
    ),
)

"""The quiz of lesson 01: Music as numbers."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "What is the pitch number of the C an octave below middle C?",
        (
            Answer("48", "middle C is 60, and an octave is 12.", is_right=True),
            Answer(
                "52",
                "that is 8 below middle C. An octave has 12 semitones: white and black "
                "keys count alike.",
            ),
            Answer("59", "that is one semitone below middle C: B3."),
            Answer("30", "halving works for frequencies, but pitches are counted."),
        ),
    ),
    Question(
        "A receiver gets the bytes [144, 64, 0]. What should it do?",
        (
            Answer(
                "Stop E4",
                "a note-on with velocity 0 is a note-off.",
                is_right=True,
            ),
            Answer(
                "Play E4 as softly as possible",
                "then the note would never stop: velocity 0 means off.",
            ),
            Answer(
                "Ignore it",
                "then the E4 that was sounding would go on for ever.",
            ),
        ),
    ),
    Question(
        "C4 is held for a bar, or struck four times in it. Which array tells the two "
        "apart?",
        (
            Answer(
                "onsets",
                "it has one True for the held note and four for the struck ones.",
                is_right=True,
            ),
            Answer(
                "held",
                "the key is down in every step of both, so `held` is the same.",
            ),
            Answer(
                "Neither; it cannot be told apart",
                "not from `held` alone. That is why the course keeps a second array.",
            ),
        ),
    ),
    Question(
        "A model's music lies 100 % in the best scale, Bach's 94 %. What follows?",
        (
            Answer(
                "The model uses fewer notes from outside the scale than Bach",
                "that is all. It may never change key, which is a weakness, not a "
                "strength.",
                is_right=True,
            ),
            Answer(
                "The model is better than Bach",
                "more is not better here: one note repeated for ever has 100 % too.",
            ),
            Answer(
                "The measurement must be wrong",
                "it can be right: white keys at random have 100 % as well.",
            ),
        ),
    ),
    Question(
        "Why are the windows shuffled before each epoch?",
        (
            Answer(
                "So that a batch is a mixture of many pieces",
                "its average then says where to go for the whole corpus, not for one "
                "chorale.",
                is_right=True,
            ),
            Answer(
                "So that no window is used twice",
                "each comes once an epoch with or without shuffling.",
            ),
            Answer(
                "So that the test pieces stay unknown",
                "they are in another part of the split and never in these batches.",
            ),
        ),
    ),
)

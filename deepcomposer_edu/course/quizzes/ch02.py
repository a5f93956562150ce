"""The quiz of lesson 02: Tokens."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "C4 is struck twice, two steps each. Which tokens say so?",
        (
            Answer(
                "C4, hold, C4, hold",
                "a name begins a note, and hold lets it sound on.",
                is_right=True,
            ),
            Answer("C4, hold, hold, hold", "that is one C4 of four steps."),
            Answer(
                "C4, C4, C4, C4",
                "that is four notes of one step each. Tokens that name the pitch at "
                "every step cannot tell the two apart at all.",
            ),
        ),
    ),
    Question(
        "A tokenizer is lossless. What has been shown?",
        (
            Answer(
                "Decoding what it encodes gives the same music back",
                "that is the whole promise. It says nothing about how easily a model "
                "learns from the tokens.",
                is_right=True,
            ),
            Answer(
                "It keeps everything that a pianist does",
                "only what its input holds. A grid has no loudness and no tempo, so "
                "its tokens have none.",
            ),
            Answer(
                "Its tokens are the shortest possible",
                "a grid of hold after hold is lossless, and long.",
            ),
        ),
    ),
    Question(
        "Note tokens join pitch and length into one word. What does that cost?",
        (
            Answer(
                "A large vocabulary, most of it rare",
                "every pitch at every length is a word of its own, and a rare word "
                "has few examples to learn from.",
                is_right=True,
            ),
            Answer("Longer pieces", "they are the shortest of the four."),
            Answer(
                "Repeated notes melt together",
                "each note has a token of its own, so they do not.",
            ),
        ),
    ),
    Question(
        "With grid tokens a model reaches 1 bit per token, with note tokens 3.4. "
        "Which one predicts the music better?",
        (
            Answer(
                "That cannot be said from these numbers",
                "a note takes several grid tokens and one note token. Compare bits "
                "for the same music, such as bits per note.",
                is_right=True,
            ),
            Answer(
                "The one with grid tokens",
                "most of its tokens are an easy hold. The question is what a whole "
                "note costs.",
            ),
            Answer(
                "The one with note tokens",
                "it may be so, but not because its number is larger.",
            ),
        ),
    ),
    Question(
        "An n-gram of order 12 is sure of every note of its training tunes and "
        "poor on new ones. Why?",
        (
            Answer(
                "Eleven notes in a row occur once: it has learned the tunes by heart",
                "after such a context it has seen one continuation. In a new tune the "
                "context itself is new.",
                is_right=True,
            ),
            Answer(
                "Its temperature is too low",
                "the temperature matters when notes are drawn, not when they are "
                "guessed.",
            ),
            Answer(
                "Twelve notes are too few to hold a melody",
                "more would make it worse: longer contexts are rarer still.",
            ),
        ),
    ),
)

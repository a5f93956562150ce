"""The quiz of lesson 04: AI writer, AI composer."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "A network reads 'tun' of the word 'tune'. What are its targets?",
        (
            Answer("une", "after each character, the next one.", is_right=True),
            Answer(
                "tun", "then it would learn to repeat what it has read a moment before."
            ),
            Answer("e", "that is one target; it can learn at every place at once."),
            Answer("nut", "backwards is another task."),
        ),
    ),
    Question(
        "The loss of a new model falls to 0.01 within a minute. What do you think?",
        (
            Answer(
                "It can see the answer; look at how inputs and targets are cut",
                "no text can be foreseen so well: there is always something new in it.",
                is_right=True,
            ),
            Answer(
                "It is an excellent model",
                "then every next character would be certain before it is read.",
            ),
            Answer(
                "The temperature is too low",
                "temperature is for drawing; training does not know it.",
            ),
        ),
    ),
    Question(
        "You write with temperature 0.2. What do you expect?",
        (
            Answer(
                "Few surprises, and the same turns again and again",
                "the likely becomes nearly certain.",
                is_right=True,
            ),
            Answer(
                "Wild text with many spelling mistakes",
                "that is a high temperature, which makes all tokens more alike.",
            ),
            Answer(
                "The same text whatever the seed",
                "nearly, but only top_k=1 or a temperature near 0 is certain to do it.",
            ),
        ),
    ),
    Question(
        "After 'K:' three keys are likely, after 'K:G' and a line's end hundreds of "
        "beginnings are. Which limit adapts to that?",
        (
            Answer(
                "The nucleus (top_p)",
                "it keeps few tokens where the network is sure and many where it is "
                "not.",
                is_right=True,
            ),
            Answer(
                "top_k",
                "it keeps the same number at every place, sure or not.",
            ),
            Answer(
                "The temperature",
                "it makes all differences larger or smaller and forbids nothing.",
            ),
        ),
    ),
    Question(
        "While it writes, the network reads one token at a time. Where is everything "
        "that came before?",
        (
            Answer(
                "In the state that is handed on from step to step",
                "lose the state and it has forgotten the key, the metre and the tune.",
                is_right=True,
            ),
            Answer(
                "In the weights",
                "they hold what it learned in training, nothing of this tune.",
            ),
            Answer(
                "In the text, which it reads again each time",
                "an LSTM need not. A Transformer does look back; that is lesson 10.",
            ),
        ),
    ),
)

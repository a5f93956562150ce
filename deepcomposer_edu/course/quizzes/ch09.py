"""The quiz of lesson 09: Edit like Bach."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "A roll differs from Bach in four cells. What does a network of edit events "
        "learn to answer?",
        (
            Answer(
                "The one edit that comes first",
                "there is no first one: whichever of the four is made, three are left.",
            ),
            Answer(
                "A quarter for each of the four cells, notes to add and to take away "
                "alike",
                "the target is uniform over the symmetric difference.",
                is_right=True,
            ),
            Answer(
                "Bach's whole roll at once",
                "that would be a picture of all notes. Here one edit is made, then the "
                "network looks again.",
            ),
        ),
    ),
    Question(
        "You allow two notes to be added, and the result has three that were not there "
        "at the start. Where do you look first?",
        (
            Answer(
                "At the comparison: at most two made, or fewer than two made?",
                "asked before the edit, 'at most two' lets a third one through.",
                is_right=True,
            ),
            Answer(
                "At the temperature: it is too high",
                "a temperature changes which allowed edit is drawn. What the mask "
                "forbids has a probability of 0 at any temperature.",
            ),
            Answer(
                "At the training: the network has not learned the limit",
                "no network learns the budgets. They are a rule, put on when an edit "
                "is drawn.",
            ),
        ),
    ),
    Question(
        "In training, each cell of a canvas was hidden by the toss of a coin. What can "
        "the network not do afterwards?",
        (
            Answer(
                "Mend one wrong note in a piece that is otherwise known",
                "true, but so is the opposite: an empty page it has not met either.",
            ),
            Answer(
                "Begin with an empty page, or mend one note when all others are known",
                "about half of the cells were hidden every time, so it met neither "
                "case.",
                is_right=True,
            ),
            Answer(
                "Nothing: in the long run every mask comes up",
                "of 256 cells about 128 are hidden. One or 256 never come up in any "
                "training that ends.",
            ),
        ),
    ),
    Question(
        "Why does blocked Gibbs sampling hide many cells in its first passes and few "
        "in its last ones?",
        (
            Answer(
                "To save time: fewer cells are faster to draw",
                "a pass of the network costs the same however many cells are hidden.",
            ),
            Answer(
                "Many cells drawn at once do not hear each other; that is good enough "
                "for a draft, and few at a time make them fit",
                "each cell is drawn from what is known. Two that are drawn together "
                "know nothing of each other.",
                is_right=True,
            ),
            Answer(
                "So that the first notes are the best ones and stay",
                "it is the other way round: the draft is there to be replaced.",
            ),
        ),
    ),
    Question(
        "You lock the soprano and bars 5 to 8. How can you be sure that nothing there "
        "was changed?",
        (
            Answer(
                "The probabilities of locked cells are very small",
                "very small is not never. In a long piece it happens.",
            ),
            Answer(
                "The network was trained with locks",
                "what a network has learned, it usually keeps to. A lock must hold "
                "always.",
            ),
            Answer(
                "Locked cells are never written, and comparing them before and after "
                "shows it",
                "a rule that needs no trust, and a test that anybody can run.",
                is_right=True,
            ),
        ),
    ),
)

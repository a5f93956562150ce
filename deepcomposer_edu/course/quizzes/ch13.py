"""The quiz of lesson 13: Is it good?"""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "A new model has 85 % triads. Bach's chorales have about 64 %. What does that "
        "say?",
        (
            Answer(
                "Its harmony is better than Bach's",
                "a metric is good near the value of the data. Block triads have even "
                "more.",
            ),
            Answer(
                "It differs from Bach: fewer passing notes, sevenths and suspensions",
                "too many is as unusual as too few. What the difference sounds like, "
                "only listening tells.",
                is_right=True,
            ),
            Answer(
                "Nothing, for triads cannot be measured",
                "they can. What cannot be measured by them is whether music is good.",
            ),
        ),
    ),
    Question(
        "A listener has 13 of 20 right in Bach or bot. A coin reaches that in one case "
        "of eight. What follows?",
        (
            Answer(
                "The listener guesses",
                "that is not shown either: the interval goes up to about 82 %. Too few "
                "answers are no proof that there is no difference.",
            ),
            Answer(
                "The listener hears the difference",
                "in a class of eight coins one would do as well.",
            ),
            Answer(
                "Nothing certain yet: more rounds are needed",
                "the interval holds both a coin and a good ear.",
                is_right=True,
            ),
        ),
    ),
    Question(
        "You compare a piece with Bach in twenty metrics. In one of them it lies "
        "outside the middle 95 % of his chorales. Is it unlike Bach?",
        (
            Answer(
                "Yes, one is enough",
                "by chance alone a chorale of his own lies outside in one of twenty.",
            ),
            Answer(
                "That happens to his own pieces, too",
                "see how far out it lies, and how often that happens to him.",
                is_right=True,
            ),
            Answer(
                "No: nineteen of twenty is a majority",
                "a single one may be decisive, such as 460 parallels. It is the "
                "distance that counts, not a vote.",
            ),
        ),
    ),
    Question(
        "A piece gets a perfect grade and has 100 % of its eight-chord runs in common "
        "with the training set. What is it?",
        (
            Answer(
                "The best that the model has written",
                "it has not written it: it has copied.",
            ),
            Answer("A copy", "only novelty shows it; no grade can.", is_right=True),
            Answer(
                "A mistake of the novelty measure",
                "short runs are often shared, runs of eight chords seldom.",
            ),
        ),
    ),
    Question(
        "You find a MIDI file of a Bach chorale on a web page without any licence. May "
        "you publish it again?",
        (
            Answer(
                "Yes: Bach has been dead for more than 70 years",
                "the work is free. Whoever typed it may have rights in the file.",
            ),
            Answer(
                "Not without asking: the work is free, the edition may not be",
                "no licence is no permission. You may type the notes yourself from an "
                "old print.",
                is_right=True,
            ),
            Answer(
                "Yes, if you earn nothing with it",
                "without a licence, passing it on for nothing is not allowed either.",
            ),
        ),
    ),
)

"""The quiz of lesson 03: Embeddings by ear."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "A one-hot row of 63 places is multiplied by a table of shape (63, 32). What "
        "comes out?",
        (
            Answer(
                "One row of the table",
                "all other rows are multiplied by 0. So an embedding layer looks the "
                "row up and saves the multiplication.",
                is_right=True,
            ),
            Answer("One column of the table", "columns are numbers of all 63 notes."),
            Answer(
                "The sum of all rows",
                "that would need a 1 in every place; a one-hot has a single 1.",
            ),
        ),
    ),
    Question(
        "A note is struck by a violin in a fiddle tune. Its four embeddings are added. "
        "Which of them differ from the next note's?",
        (
            Answer(
                "Those of the note and of its place in the bar",
                "instrument and genre belong to the whole melody.",
                is_right=True,
            ),
            Answer(
                "All four",
                "the melody has one instrument and one genre for all of its notes.",
            ),
            Answer(
                "Only that of the note",
                "the next note begins somewhere else in the bar.",
            ),
        ),
    ),
    Question(
        "In this lesson's table C and D lie on top of each other in the picture of the "
        "first two principal axes. What follows?",
        (
            Answer(
                "Nothing yet: they may be far apart along the other axes",
                "a picture shows two axes of many. Cosines use all 32 numbers.",
                is_right=True,
            ),
            Answer(
                "The network can't tell C from D",
                "it has 32 numbers for each, and the picture shows two.",
            ),
            Answer(
                "C and D are each other's nearest neighbours",
                "neighbours are found with all 32 numbers, and here they are others.",
            ),
        ),
    ),
    Question(
        "The share of the fifths is 39 % in a trained table. Against what should you "
        "hold that before you speak of a circle of fifths?",
        (
            Answer(
                "The share in the same vectors, with the twelve names shuffled",
                "so you see what chance gives with exactly these vectors.",
                is_right=True,
            ),
            Answer(
                "100 %",
                "then the vectors would be good for nothing else. A share far above "
                "chance is what an order looks like among other things.",
            ),
            Answer(
                "0 %",
                "random vectors do not have 0 %: each of the circles gets its part.",
            ),
        ),
    ),
    Question(
        "Fiddle tunes and quartets share the instrument violin. Why is that good for "
        "learning the embedding of a genre?",
        (
            Answer(
                "Only so can the network tell what comes from the genre and what from "
                "the instrument",
                "if each genre had instruments of its own, one vector could do the "
                "work of the other.",
                is_right=True,
            ),
            Answer(
                "It makes the table smaller",
                "by one row; what counts is what the rows come to mean.",
            ),
            Answer(
                "Violins are easier to learn",
                "the network hears no sound; it sees numbers of notes.",
            ),
        ),
    ),
)

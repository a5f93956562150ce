"""The quiz of lesson 00: First sound."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "Which notes of the composition came from you, or from the tune you chose?",
        (
            Answer(
                "The highest voice",
                "the melody stays, note for note, on top; the network adds the rest.",
                is_right=True,
            ),
            Answer(
                "The lowest voice",
                "the bass is the network's. Look at the piano roll: your tune is on "
                "top.",
            ),
            Answer(
                "All of them, changed a little",
                "the melody is not changed at all, and the other three voices are new.",
            ),
        ),
    ),
    Question(
        "You compose twice with the same melody and the same seed. What do you get?",
        (
            Answer(
                "The same notes twice",
                "all of the network's chance comes from the seed.",
                is_right=True,
            ),
            Answer(
                "Two different pieces",
                "for that, the seed must differ. The same seed gives the same notes.",
            ),
            Answer(
                "The same rhythm with other notes",
                "the seed decides pitches and rhythm alike, so both stay.",
            ),
        ),
    ),
    Question(
        "In a piano roll, where are the low notes that sound late?",
        (
            Answer(
                "At the bottom right",
                "time runs to the right, and pitch goes up.",
                is_right=True,
            ),
            Answer("At the top right", "right is late, but the top is high."),
            Answer("At the bottom left", "the bottom is low, but left is early."),
        ),
    ),
    Question(
        "What did the critic do while the network learned?",
        (
            Answer(
                "It scored how much given voices look like Bach's",
                "and the generator learned from its scores how to do better.",
                is_right=True,
            ),
            Answer(
                "It corrected wrong notes in the generator's voices",
                "it never changes a note. It only scores what it is shown.",
            ),
            Answer(
                "It chose the melodies",
                "the melodies are Bach's. The critic looks at whole pieces, real and "
                "generated.",
            ),
        ),
    ),
    Question(
        "You want to change one note in a notation program. Which file do you take?",
        (
            Answer(
                "The MIDI file",
                "it holds notes, which a program can show and change.",
                is_right=True,
            ),
            Answer(
                "The MP3 file",
                "that is sound. The notes in it are mixed like paints and hard to "
                "part again.",
            ),
            Answer(
                "The PNG file",
                "that is a picture of the notes, to look at.",
            ),
        ),
    ),
)

"""The quiz of lesson 14: One minute to space."""

from deepcomposer_edu.course.quizzing import Answer, Question

QUESTIONS = (
    Question(
        "The form is A A' B A. A network wrote eight bars, and you let it write eight "
        "more for B. Why not four times eight new bars?",
        (
            Answer(
                "What comes back is what a listener remembers",
                "nobody can follow a minute in which nothing returns. And a return is "
                "heard as one because something else came between.",
                is_right=True,
            ),
            Answer(
                "To save computing time",
                "eight bars take a second. It is the listener's time that counts.",
            ),
            Answer(
                "Because networks cannot write more than eight bars",
                "these harmonise melodies of any length, and lesson 10 writes on for "
                "as long as you like. What they lack is a plan.",
            ),
        ),
    ),
    Question(
        "At a join the tenor jumps by 14 semitones. All other voices move by a step. "
        "What is the best thing to do?",
        (
            Answer(
                "Fade one section out while the other fades in",
                "then two harmonies sound at once for a while. That is worse than a "
                "jump, unless both are the same chord.",
            ),
            Answer(
                "Move voices by octaves, or take another version, and measure again",
                "the jump is a number, so versions can be compared, and the one with "
                "the smallest is taken.",
                is_right=True,
            ),
            Answer(
                "Leave it: the mean jump is small",
                "a listener does not hear means. The widest jump is what stands out.",
            ),
        ),
    ),
    Question(
        "Your entry has the percentile 50 in chords on the beats: half of Bach's own "
        "chorales have fewer. How many of the 10 points does it get?",
        (
            Answer(
                "5",
                "then the middle one of Bach's own chorales would be worth five, too.",
            ),
            Answer(
                "10",
                "who is as good as the middle chorale gets all of them. More than that "
                "is no better, only different.",
                is_right=True,
            ),
            Answer(
                "It cannot be said without the value itself",
                "the value has done its work when it was compared with the chorales.",
            ),
        ),
    ),
    Question(
        "Judge 1 gave 5, 5 and 4, judge 2 gave 2, 3 and 1, to other entries. Is judge "
        "1 lenient?",
        (
            Answer(
                "Yes, by about two and a half points",
                "perhaps. Perhaps the entries were better: they were others.",
            ),
            Answer(
                "No, judges differ, that is all",
                "they may, and it can be measured, but not from this.",
            ),
            Answer(
                "It cannot be said: they have no entry in common",
                "nothing tells a lenient judge from good entries here. So each judge "
                "should share some entries with others.",
                is_right=True,
            ),
        ),
    ),
    Question(
        "The check finds three faults in bar 7. The AR-CNN edits the bar with all "
        "others locked, and the faults are gone. What belongs on the process card?",
        (
            Answer(
                "Nothing: the piece is what counts",
                "who did what is part of what is handed in. A judge may want to know, "
                "and so may you, next year.",
            ),
            Answer(
                "That bar 7 was edited by the AR-CNN, and with which seed",
                "the composition knows it already: each edit stands in its provenance, "
                "from which the card is filled and the notes can be made again.",
                is_right=True,
            ),
            Answer(
                "That bar 7 was composed by hand",
                "it was chosen by hand and written by a network.",
            ),
        ),
    ),
)

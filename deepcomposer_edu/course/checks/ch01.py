"""The exercises of lesson 01: Music as numbers."""

from deepcomposer_edu.course.exercises import Exercise
from deepcomposer_edu.course.learner import Learner

# 1.1 note_name ------------------------------------------------------------------


def name_is_text(learner: Learner) -> None:
    """A name is a text."""
    learner.expect_type(
        learner(60), str, cause='Put letter and octave together, as in f"{a}{b}".'
    )


def name_of_middle_c(learner: Learner) -> None:
    """Middle C is C4."""
    learner.expect_equal(
        learner(60),
        "C4",
        cause="Pitch 60 is the C that begins octave 4.",
        known=[
            ("C5", "Octave -1 begins at pitch 0, so one must be subtracted."),
            ("C3", "Some programs call middle C C3; in this course it is C4."),
            ("C4.0", "`/` gives a fraction; `//` gives whole octaves."),
            ("A4", "The letters of NOTE_NAMES begin with C, not with A."),
            ("C", "The octave is missing."),
            ("C 4", "There is no space between letter and octave."),
        ],
    )


def names_around_the_octave(learner: Learner) -> None:
    """An octave begins at its C: B3 lies right below C4."""
    learner.expect_equal(
        learner(59),
        "B3",
        cause="The octave number changes between B and C.",
        known=[("B4", "The octave number changes between B and C, not after.")],
    )
    learner.expect_equal(
        learner(69), "A4", cause="The letters repeat every twelve pitches."
    )


def names_of_black_keys(learner: Learner) -> None:
    """Black keys are written with a sharp."""
    learner.expect_equal(learner(54), "F#3", cause="Take the letters from NOTE_NAMES.")


def name_of_lowest_pitch(learner: Learner) -> None:
    """The lowest MIDI pitch is C-1."""
    learner.expect_equal(
        learner(0),
        "C-1",
        cause="Pitch 0 begins octave -1.",
        known=[("C0", "Octave -1 begins at pitch 0.")],
    )


# 1.2 frequency ------------------------------------------------------------------


def frequency_of_a4(learner: Learner) -> None:
    """A4 is 440 Hz."""
    got = learner(69)
    learner.expect_number(got)
    learner.expect_close(got, 440.0, 1e-6, "A4 is pitch 69 and swings 440 times.")


def octave_doubles(learner: Learner) -> None:
    """An octave up is twice the frequency, an octave down half."""
    for pitch, expected in ((81, 880.0), (57, 220.0), (93, 1760.0)):
        learner.expect_close(
            learner(pitch),
            expected,
            1e-6,
            "Twelve semitones up must double, twelve down must halve.",
            known=[
                (440.0 + (pitch - 69), "Semitones multiply; they do not add hertz."),
                (
                    440.0 * (1 + (pitch - 69) / 12),
                    "That goes up in a straight line. Each semitone multiplies by "
                    "the same factor, so a power of 2 is needed.",
                ),
                (440.0 * 2 ** (pitch - 69), "That doubles at every semitone."),
                (440.0 * 2 ** ((69 - pitch) / 12), "Higher pitches swing faster."),
            ],
        )


def middle_c_in_hertz(learner: Learner) -> None:
    """Middle C is about 261.63 Hz."""
    learner.expect_close(
        learner(60),
        261.6255653,
        1e-4,
        "Twelve equal factors make an octave.",
        known=[
            (264.0, "3/5 of 440 is the pure sixth; here all semitones are equal."),
            (220.0, "`//` cuts the fraction of an octave off; use `/`."),
        ],
    )


def semitones_are_equal(learner: Learner) -> None:
    """Every semitone multiplies by the same factor."""
    for pitch in (0, 33, 61, 126):
        learner.expect_close(
            learner(pitch + 1) / learner(pitch),
            2 ** (1 / 12),
            1e-6,
            f"The step from pitch {pitch} to {pitch + 1} differs from the others.",
        )


EXERCISES = (
    Exercise(
        number="1.1",
        function="deepcomposer_edu.music.score.note_name",
        title="Name a note",
        difficulty="easy",
        minutes=5,
        needed_later="in every lesson",
        hints=(
            "Twelve pitches make an octave. What do `60 // 12` and `60 % 12` give, and "
            "what do `61 // 12` and `61 % 12`?",
            "The remainder says which letter of NOTE_NAMES it is. The whole division "
            "says which octave, but it counts from 0, and octaves count from -1.",
            "One line: a text made of `NOTE_NAMES[...]` and a number, put together "
            'with an f-string, `f"{...}{...}"`.',
        ),
        checks=(
            name_is_text,
            name_of_middle_c,
            names_around_the_octave,
            names_of_black_keys,
            name_of_lowest_pitch,
        ),
    ),
    Exercise(
        number="1.2",
        function="deepcomposer_edu.music.score.frequency",
        title="From pitch to hertz",
        difficulty="easy",
        minutes=5,
        needed_later="in lesson 11",
        hints=(
            "How many octaves above A4 is pitch 81? And pitch 75?",
            "Count the octaves from A4, as a fraction: (pitch - 69) / 12. Every octave "
            "multiplies by 2.",
            "One line: 440 times 2 to the power of something; `**` is the power.",
        ),
        checks=(
            frequency_of_a4,
            octave_doubles,
            middle_c_in_hertz,
            semitones_are_equal,
        ),
    ),
)

"""How the answers of lesson 01 on notes and piano rolls are judged."""

import numpy as np

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.music.score import Note

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


# 1.3 draw_notes -----------------------------------------------------------------

_DRAWN = (Note(0, 60, 3), Note(3, 60, 1), Note(4, 64, 2.25), Note(6, 67, 0.25))
_OPTIONS = {"n_steps": 8, "low": 60, "n_pitches": 12}


def two_pictures(learner: Learner) -> None:
    """The answer is two pictures of shape (T, P)."""
    got = learner(_DRAWN, **_OPTIONS)
    learner.expect_type(got, tuple, list, cause="Return `held, onsets`.")
    learner.expect_equal(len(got), 2, cause="Return two pictures: `held, onsets`.")
    for picture in got:
        learner.expect_shape(picture, (8, 12))
        learner.expect_dtype(
            picture, bool, cause="A cell is on or off: np.zeros(..., dtype=bool)."
        )


def held_by_hand(learner: Learner) -> None:
    """A note is drawn from its start to before its end."""
    held, _ = learner(_DRAWN, **_OPTIONS)
    right = np.zeros((8, 12), dtype=bool)
    right[0:4, 0] = right[4:6, 4] = right[6, 7] = True
    early = right.copy()
    early[2, 0] = early[3, 0] = early[5, 4] = early[6, 7] = False
    late = right.copy()
    late[4, 0] = late[6, 4] = late[7, 7] = True
    no_short = right.copy()
    no_short[6, 7] = False
    learner.expect_equal(
        held,
        right,
        cause="Look at the steps from start to before end.",
        known=[
            (
                early,
                "The last step of each note is missing: a slice leaves its end out.",
            ),
            (late, "Each note is one step too long: its end is not part of it."),
            (no_short, "The very short note is lost; note_span gives it one step."),
            (right[:, ::-1], "Column 0 is the lowest pitch."),
        ],
        axes=("step", "column"),
    )


def onsets_by_hand(learner: Learner) -> None:
    """A note begins once, and a repeated note begins again."""
    held, onsets = learner(_DRAWN, **_OPTIONS)
    right = np.zeros((8, 12), dtype=bool)
    right[0, 0] = right[3, 0] = right[4, 4] = right[6, 7] = True
    melted = right.copy()
    melted[3, 0] = False
    learner.expect_equal(
        onsets,
        right,
        cause="An onset stands at the first step of each note.",
        known=[
            (held, "A held note has one onset, at its first step, not one at each."),
            (melted, "The second C4 is struck again at step 3 and needs an onset."),
        ],
        axes=("step", "column"),
    )


def low_moves_the_columns(learner: Learner) -> None:
    """The lowest pitch of the picture is column 0."""
    for low in (24, 36, 48):
        held, _ = learner([Note(0, 60, 1)], n_steps=1, low=low, n_pitches=48)
        learner.expect_equal(
            np.flatnonzero(held[0]).tolist(),
            [60 - low],
            cause=f"C4 is {60 - low} above the lowest pitch {low}: subtract `low`.",
        )


def far_pitches_are_folded(learner: Learner) -> None:
    """A pitch outside comes in by octaves, and long music is cut."""
    notes = [Note(0, 36, 1), Note(1, 95, 1), Note(6, 60, 9), Note(30, 60, 1)]
    held, onsets = learner(notes, **_OPTIONS)
    learner.expect_equal(
        np.argwhere(held).tolist(),
        [[0, 0], [1, 11], [6, 0], [7, 0]],
        cause="Use fold_pitch for pitches outside, and leave out what lies beyond "
        "n_steps.",
    )
    learner.expect_equal(
        np.argwhere(onsets).tolist(),
        [[0, 0], [1, 11], [6, 0]],
        cause="The onsets must be folded like the notes.",
    )

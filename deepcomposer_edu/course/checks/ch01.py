"""The exercises of lesson 01: Music as numbers."""

from deepcomposer_edu.course.checks import ch01_judging as judge
from deepcomposer_edu.course.checks import ch01_judging_sets as sets
from deepcomposer_edu.course.checks import ch01_judging_voices as voices
from deepcomposer_edu.course.exercises import Exercise

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
            judge.name_is_text,
            judge.name_of_middle_c,
            judge.names_around_the_octave,
            judge.names_of_black_keys,
            judge.name_of_lowest_pitch,
        ),
    ),
    Exercise(
        number="1.2",
        function="deepcomposer_edu.music.score.frequency",
        title="From pitch to hertz",
        difficulty="easy",
        minutes=5,
        needed_later="when sound itself is made",
        hints=(
            "How many octaves above A4 is pitch 81? And pitch 75?",
            "Count the octaves from A4, as a fraction: (pitch - 69) / 12. Every octave "
            "multiplies by 2.",
            "One line: 440 times 2 to the power of something; `**` is the power.",
        ),
        checks=(
            judge.frequency_of_a4,
            judge.octave_doubles,
            judge.middle_c_in_hertz,
            judge.semitones_are_equal,
        ),
    ),
    Exercise(
        number="1.3",
        function="deepcomposer_edu.music.pianoroll.draw_notes",
        title="Draw the notes",
        difficulty="medium",
        minutes=10,
        needed_later="by every model that sees piano rolls",
        hints=(
            "Which cells of `held` does Note(start=1, pitch=62, duration=2) fill? And "
            "which cell of `onsets`?",
            "Begin with two empty pictures of False. For each note, find its two steps "
            "and its column; fill a whole stretch of the first picture and one cell of "
            "the second.",
            "`np.zeros((n_steps, n_pitches), dtype=bool)` makes a picture. A loop over "
            "the notes; `picture[start:end, column] = True` fills a stretch, and a "
            "slice may run beyond the end without an error, where a single index may "
            "not.",
        ),
        checks=(
            judge.two_pictures,
            judge.held_by_hand,
            judge.onsets_by_hand,
            judge.low_moves_the_columns,
            judge.far_pitches_are_folded,
        ),
    ),
    Exercise(
        number="1.4",
        function="deepcomposer_edu.music.grid.voice_notes",
        title="Read the notes back",
        difficulty="hard",
        minutes=15,
        needed_later="whenever a model's grid becomes sound",
        hints=(
            "Where can a note end? There are three places.",
            "Collect the steps where something changes: an onset, or a rest. "
            "`np.flatnonzero(...)` turns an array of bools into a list of steps. From "
            "each of them to the next, one thing happens: a note or a rest.",
            "A loop over those steps with `enumerate`. If an onset stands there, the "
            "note ends at the next step of the list, or at `grid.n_steps` when there "
            "is none. `|` is `or` for arrays.",
        ),
        checks=(
            voices.notes_are_a_list,
            voices.one_held_note,
            voices.repeated_notes_and_rests,
            voices.velocity_is_passed_on,
            voices.notes_give_the_grid_back,
        ),
    ),
    Exercise(
        number="1.5",
        function="deepcomposer_edu.music.keys.scale_shares",
        title="How much lies in the scale",
        difficulty="medium",
        minutes=10,
        needed_later="when a model is measured",
        hints=(
            "Which seven numbers of the histogram belong to G major, tonic 7?",
            "Make an array of twelve zeros with ones at the places of MAJOR_SCALE. "
            "Turned by `tonic` places it marks the scale on that tonic.",
            "Treat the empty histogram first. Then one sum for each of the twelve "
            "tonics: the turned mask times the histogram, added up (`@` does both), "
            "divided by the histogram's own sum. `np.roll` turns.",
        ),
        checks=(
            sets.shares_have_a_shape,
            sets.c_major_is_whole,
            sets.shares_of_every_scale,
            sets.sharps_go_the_right_way,
            sets.silence_has_no_scale,
            sets.transposing_turns_the_shares,
        ),
    ),
    Exercise(
        number="1.6",
        function="deepcomposer_edu.corpora.windows.batches",
        title="Cut a corpus into batches",
        difficulty="medium",
        minutes=10,
        needed_later="in every lesson that trains",
        hints=(
            "If you shuffle each array by itself, what becomes of row 3 and its key?",
            "Shuffle the row numbers, not the rows: one permutation of 0 to N - 1 "
            "serves all arrays. Cut it into pieces of `batch_size`.",
            "`np.random.default_rng(seed).permutation(n)` gives the order. A loop "
            "over `range(0, n, batch_size)`, a slice of the order, and a `yield` of a "
            "tuple. The InputError is a courtesy to the caller; the check does not ask "
            "for it.",
        ),
        checks=(
            sets.batches_have_sizes,
            sets.every_row_comes_once,
            sets.order_is_shuffled,
            sets.arrays_stay_together,
            sets.seed_decides,
        ),
    ),
)

"""The exercises of lesson 03: Embeddings by ear."""

from deepcomposer_edu.course.checks import ch03_judging as judge
from deepcomposer_edu.course.checks import ch03_judging_circles as circles
from deepcomposer_edu.course.checks import ch03_judging_tables as tables
from deepcomposer_edu.course.exercises import Exercise

EXERCISES = (
    Exercise(
        number="3.1",
        function="deepcomposer_edu.nn.embeddings.one_hot",
        title="One place for each thing",
        difficulty="easy",
        minutes=6,
        needed_later="in this lesson, and by the networks of lesson 08",
        hints=(
            "Compare the number 2 with each of 0, 1, 2, 3. Which answers do you get, "
            "and what do they look like as numbers?",
            "`torch.arange(n_things)` holds all places. Compared with one number, it "
            "gives a row of True and False. A last axis of length 1 on the numbers "
            "makes torch compare every number with every place.",
            "Two steps: `numbers[..., None]` has shape (..., 1); `==` with the places "
            "has shape (..., V). `.float()` makes 0.0 and 1.0 of it.",
        ),
        checks=(
            judge.a_row_for_each_number,
            judge.one_hot_by_hand,
            judge.rows_are_floats,
            judge.one_hot_of_a_batch,
            judge.it_looks_up_rows,
        ),
    ),
    Exercise(
        number="3.2",
        function="deepcomposer_edu.nn.embeddings.add_embeddings",
        title="What, when, who and in which style",
        difficulty="medium",
        minutes=8,
        needed_later="by every network that knows genres",
        hints=(
            "Two of the four have an axis of notes, two have none. To which note of a "
            "melody does its genre belong?",
            "Give instrument and genre an axis of length 1 where the notes are. Adding "
            "then repeats them for every note by itself.",
            "`vector[:, None]` turns (B, D) into (B, 1, D). The whole answer is a sum "
            "of four terms.",
        ),
        checks=(
            judge.sums_have_a_shape,
            judge.sum_by_hand,
            judge.each_melody_has_its_own_genre,
        ),
    ),
    Exercise(
        number="3.3",
        function="deepcomposer_edu.music.vectors.cosine_similarities",
        title="Alike in direction",
        difficulty="easy",
        minutes=7,
        needed_later="in this lesson",
        hints=(
            "What becomes of the cosine if one vector gets twice as long?",
            "The dot product of two vectors grows with their lengths. Divide by both "
            "lengths, and the direction alone is left.",
            "`table @ vector` is all dot products at once. "
            "`np.linalg.norm(table, axis=1)` is the length of each row.",
        ),
        checks=(
            tables.a_number_for_each_row,
            tables.cosines_by_hand,
            tables.length_does_not_count,
            tables.cosines_stay_within_one,
        ),
    ),
    Exercise(
        number="3.4",
        function="deepcomposer_edu.music.vectors.nearest",
        title="Find the neighbours",
        difficulty="medium",
        minutes=8,
        needed_later="in this lesson",
        hints=(
            "Which row is always most like row 5?",
            "Compute the cosines of all rows, put the row itself out of the race, sort "
            "from the largest down, and keep the first n.",
            "`-np.inf` is smaller than every cosine. `np.argsort` sorts upwards; with "
            "a minus before its argument it sorts downwards.",
        ),
        checks=(
            tables.neighbours_are_a_list,
            tables.nobody_neighbours_itself,
            tables.neighbours_by_hand,
            tables.long_rows_are_no_nearer,
        ),
    ),
    Exercise(
        number="3.5",
        function="deepcomposer_edu.music.vectors.principal_axes",
        title="Where they differ most",
        difficulty="medium",
        minutes=10,
        needed_later="when latent spaces are drawn",
        hints=(
            "If all vectors are moved by the same amount, should the axes change?",
            "Take the mean row away first. The singular value decomposition writes the "
            "rest as rotations and stretches; the stretches squared are in proportion "
            "to the variances.",
            "`np.linalg.svd(..., full_matrices=False)` gives three things; the third "
            "holds the axes as rows. Square the second and divide by its sum.",
        ),
        checks=(
            tables.axes_and_shares,
            tables.axes_by_hand,
            tables.moving_all_changes_nothing,
            tables.axes_stand_at_right_angles,
            tables.shares_are_variances,
        ),
    ),
    Exercise(
        number="3.6",
        function="deepcomposer_edu.music.circle.circle_shares",
        title="How much of a circle",
        difficulty="hard",
        minutes=15,
        hints=(
            "A pointer makes five turns while you walk through the twelve classes. "
            "Which hour does it show at C, at C#, and at G?",
            "The discrete Fourier transform does the adding up for all numbers of "
            "turns at once: `np.fft.fft(vectors, axis=0)` has a row for 0 to 11 turns. "
            "Square the lengths and add up over D. Row 0 is the mean: leave it out.",
            "You then have 12 numbers. Number k and number 12 - k belong together, for "
            "k from 1 to 5; number 6 has no partner. Divide the six by their sum, "
            "unless the sum is 0.",
        ),
        checks=(
            circles.six_shares,
            circles.fifths_are_the_fifth,
            circles.both_ways_round_count,
            circles.the_mean_does_not_count,
            circles.turning_changes_nothing,
            circles.equal_vectors_have_no_circle,
        ),
    ),
)

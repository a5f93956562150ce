"""How the answers of lesson 01 are judged that are about notes of a voice."""

import numpy as np

from deepcomposer_edu.course.learner import Learner
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.score import Note


def _small_grid() -> Grid:
    """Return C4 held, C4 struck twice more, a rest and a last D4, in two voices."""
    melody = [60, 60, 60, 60, 60, REST, 62, 62]
    struck = [True, False, True, True, False, False, True, False]
    bass = [48] * 8
    return Grid([melody, bass], [struck, [True] + [False] * 7])


def notes_are_a_list(learner: Learner) -> None:
    """The answer is a list of notes."""
    learner.causes["InputError"] = "A rest (-1) is no note: leave it out."
    got = learner(_small_grid(), 1)
    learner.expect_type(got, list, cause="Collect the notes in a list.")
    learner.expect(
        all(isinstance(note, Note) for note in got),
        f"{learner.call}: expected a list of Note, got something else in the list. "
        "Make each with Note(start, pitch, duration, velocity).",
    )


def one_held_note(learner: Learner) -> None:
    """A held note is one note, up to the end of the grid."""
    got = _triples(learner(_small_grid(), 1))
    learner.expect_equal(
        got,
        [(0, 48, 8)],
        cause="The second voice holds C3 through all 8 steps.",
        known=[
            ([(i, 48, 1) for i in range(8)], "A held note is one note, not eight."),
            ([], "The last note has no next onset; it ends with the grid."),
            ([(0, 48, 7)], "The end is the step after the last one that sounds."),
        ],
    )


def repeated_notes_and_rests(learner: Learner) -> None:
    """Repeated notes stay apart, and a rest ends a note."""
    learner.causes["InputError"] = "A rest (-1) is no note: leave it out."
    got = _triples(learner(_small_grid(), 0))
    right = [(0, 60, 2), (2, 60, 1), (3, 60, 2), (6, 62, 2)]
    learner.expect_equal(
        got,
        right,
        cause="Onsets begin notes; onsets, rests and the end of the grid end them.",
        known=[
            (
                [(0, 60, 5), (6, 62, 2)],
                "The repeated notes melted together: ask `grid.onsets` where a note "
                "begins, not where the pitch changes.",
            ),
            (
                [*right[:2], (3, 60, 3), right[3]],
                "The note at step 3 ends at the rest.",
            ),
            (right[:3], "The last note has no next onset; it ends with the grid."),
            (
                [(start, pitch, end - 1) for start, pitch, end in right],
                "Each note is one step short: a duration is end minus start.",
            ),
            (
                [(start, pitch, start + n) for start, pitch, n in right],
                "The third value is the duration, not the end.",
            ),
        ],
    )


def velocity_is_passed_on(learner: Learner) -> None:
    """Every note has the velocity that was asked for."""
    got = learner(_small_grid(), 0, velocity=33)
    learner.expect_equal(
        sorted({note.velocity for note in got}),
        [33],
        cause="Pass `velocity` on to each Note.",
    )


def notes_give_the_grid_back(learner: Learner) -> None:
    """Drawing the notes again gives the same grid."""
    rng = np.random.default_rng(0)
    pitches = rng.choice([REST, 60, 62, 64], (3, 32), p=[0.2, 0.4, 0.2, 0.2])
    grid = Grid(pitches, rng.random((3, 32)) < 0.3)
    for voice in range(3):
        row = np.full(32, REST)
        onsets = np.zeros(32, dtype=bool)
        for note in learner(grid, voice):
            row[int(note.start) : int(note.end)] = note.pitch
            onsets[int(note.start)] = True
        learner.expect_equal(
            row, grid.pitches[voice].astype(int), "Drawn again, the notes differ."
        )
        learner.expect_equal(onsets, grid.onsets[voice], "A note begins elsewhere.")


def _triples(notes: list[Note]) -> list[tuple]:
    return [(note.start, note.pitch, note.duration) for note in notes]

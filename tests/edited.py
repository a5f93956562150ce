"""Edited pieces made by hand, for tests of what is shown and heard of edits."""

from deepcomposer_edu.models.ar_cnn import Edited
from deepcomposer_edu.music.edits import Edit, replay_edits
from deepcomposer_edu.music.grid import REST, Grid


def edited_of(start, edits):
    """Return the piece that edits make of a grid."""
    return Edited(start, list(replay_edits(start, edits))[-1], tuple(edits))


def four_voices(n_steps=32):
    """Return one long note in each of four voices."""
    return Grid([[pitch] * n_steps for pitch in (76, 67, 60, 48)])


def some_edits(n_steps=32):
    """Return a piece with an addition, a change and a removal, in three passes."""
    rows = four_voices(n_steps).pitches.copy()
    rows[1, :16] = REST
    edits = [
        Edit(1, 0, 16, REST, 65, 0.9, 1),
        Edit(2, 16, 4, 60, 62, 0.2, 2),
        Edit(3, 24, 8, 48, REST, 0.6, 3),
    ]
    return edited_of(Grid(rows), edits)


def many_edits(n_edits, n_passes=10, n_steps=64):
    """Return a piece in which a voice goes up and down by a tone all the time."""
    edits, now = [], {}
    for number in range(n_edits):
        voice, start = 1 + number % 3, 4 * (number // 3 % (n_steps // 4))
        pitch = (67, 60, 48)[voice - 1]
        before = now.get((voice, start), pitch)
        after = pitch + 2 if before == pitch else pitch
        now[voice, start] = after
        iteration = 1 + number * n_passes // n_edits
        edits.append(Edit(voice, start, 4, before, after, 0.5, iteration))
    return edited_of(four_voices(n_steps), edits)

"""Wrong answers that learners bring to lesson 01, each refused by name."""

from itertools import pairwise

import numpy as np
from refusals import refuses

from deepcomposer_edu.music.grid import REST
from deepcomposer_edu.music.keys import MAJOR_SCALE
from deepcomposer_edu.music.pianoroll import fold_pitch, note_span
from deepcomposer_edu.music.score import NOTE_NAMES, Note


def octave_from_zero(pitch):
    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12}"


def fractional_octave(pitch):
    return f"{NOTE_NAMES[pitch % 12]}{pitch / 12 - 1}"


def letters_from_a(pitch):
    names = NOTE_NAMES[9:] + NOTE_NAMES[:9]
    return f"{names[pitch % 12]}{pitch // 12 - 1}"


def prints_the_name(pitch):
    print(f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}")


def straight_line(pitch):
    return 440 * (1 + (pitch - 69) / 12)


def doubles_each_semitone(pitch):
    return 440.0 * 2 ** (pitch - 69)


def upside_down(pitch):
    return 440 * 2 ** ((69 - pitch) / 12)


def whole_octaves_only(pitch):
    return 440.0 * 2.0 ** ((pitch - 69) // 12)


def filled(notes, n_steps, low, n_pitches, first=0, last=0, axes=(0, 1)):
    held = np.zeros((n_steps, n_pitches), dtype=bool)
    onsets = np.zeros_like(held)
    for note in notes:
        start, end = note_span(note)
        pitch = fold_pitch(note.pitch, low, low + n_pitches - 1)
        held[start : end + last, pitch - low] = True
        onsets[start + first : start + first + 1, pitch - low] = True
    return held.transpose(axes), onsets.transpose(axes)


def pitches_before_steps(notes, n_steps, low=0, n_pitches=128):
    return filled(notes, n_steps, low, n_pitches, axes=(1, 0))


def one_step_short(notes, n_steps, low=0, n_pitches=128):
    return filled(notes, n_steps, low, n_pitches, last=-1)


def onsets_everywhere(notes, n_steps, low=0, n_pitches=128):
    held, _ = filled(notes, n_steps, low, n_pitches)
    return held, held.copy()


def onsets_where_it_turns_on(notes, n_steps, low=0, n_pitches=128):
    held, _ = filled(notes, n_steps, low, n_pitches)
    before = np.zeros_like(held)
    before[1:] = held[:-1]
    return held, held & ~before


def melts_repeated_notes(grid, voice, velocity=80):
    row, notes, start = grid.pitches[voice], [], 0
    for step in range(1, grid.n_steps + 1):
        if step == grid.n_steps or row[step] != row[start]:
            if row[start] != REST:
                notes.append(Note(start, int(row[start]), step - start, velocity))
            start = step
    return notes


def a_note_for_every_step(grid, voice, velocity=80):
    row = grid.pitches[voice]
    return [Note(i, int(p), 1, velocity) for i, p in enumerate(row) if p != REST]


def loses_the_last_note(grid, voice, velocity=80):
    row, onsets = grid.pitches[voice], grid.onsets[voice]
    breaks = np.flatnonzero(onsets | (row == REST))
    return [
        Note(int(start), int(row[start]), int(end - start), velocity)
        for start, end in pairwise(breaks)
        if onsets[start]
    ]


def plays_the_rests(grid, voice, velocity=80):
    row, onsets = grid.pitches[voice], grid.onsets[voice]
    breaks = [*np.flatnonzero(onsets | (row == REST)), grid.n_steps]
    return [
        Note(int(start), int(row[start]), int(end - start), velocity)
        for start, end in pairwise(breaks)
    ]


def counts_instead_of_shares(histogram):
    mask = np.isin(np.arange(12), MAJOR_SCALE)
    return np.array([np.roll(mask, tonic) @ histogram for tonic in range(12)])


def seven_neighbours(histogram):
    total = histogram.sum() or 1
    return np.array([np.roll(histogram, -t)[:7].sum() / total for t in range(12)])


def turned_backwards(histogram):
    mask = np.isin(np.arange(12), MAJOR_SCALE)
    total = histogram.sum() or 1
    return np.array([np.roll(mask, -t) @ histogram / total for t in range(12)])


def forgets_silence(histogram):
    mask = np.isin(np.arange(12), MAJOR_SCALE)
    shares = [np.roll(mask, t) @ histogram / histogram.sum() for t in range(12)]
    return np.array(shares)


def drops_the_rest(arrays, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(arrays[0]))
    for i in range(len(order) // batch_size):
        chosen = order[i * batch_size : (i + 1) * batch_size]
        yield tuple(array[chosen] for array in arrays)


def draws_with_repeats(arrays, batch_size, seed):
    rng, n = np.random.default_rng(seed), len(arrays[0])
    for start in range(0, n, batch_size):
        chosen = rng.integers(0, n, min(batch_size, n - start))
        yield tuple(array[chosen] for array in arrays)


def shuffles_apart(arrays, batch_size, seed):
    rng = np.random.default_rng(seed)
    arrays = [rng.permutation(array) for array in arrays]
    for start in range(0, len(arrays[0]), batch_size):
        yield tuple(array[start : start + batch_size] for array in arrays)


def never_shuffles(arrays, batch_size, seed):
    for start in range(0, len(arrays[0]), batch_size):
        yield tuple(array[start : start + batch_size] for array in arrays)


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("1.1", octave_from_zero, "Octave -1 begins at pitch 0"),
    ("1.1", fractional_octave, "`//` gives whole octaves"),
    ("1.1", letters_from_a, "begin with C, not with A"),
    ("1.1", prints_the_name, "prints its answer"),
    ("1.2", straight_line, "straight line"),
    ("1.2", doubles_each_semitone, "doubles at every semitone"),
    ("1.2", upside_down, "Higher pitches swing faster"),
    ("1.2", whole_octaves_only, "cuts the fraction"),
    ("1.3", pitches_before_steps, "The last two axes look swapped"),
    ("1.3", one_step_short, "a slice leaves its end out"),
    ("1.3", onsets_everywhere, "one onset, at its first step"),
    ("1.3", onsets_where_it_turns_on, "struck again at step 3"),
    ("1.4", melts_repeated_notes, "melted together"),
    ("1.4", a_note_for_every_step, "one note, not eight"),
    ("1.4", loses_the_last_note, "ends with the grid"),
    ("1.4", plays_the_rests, "A rest (-1) is no note"),
    ("1.5", counts_instead_of_shares, "That is a count"),
    ("1.5", seven_neighbours, "seven neighbours"),
    ("1.5", turned_backwards, "wrong order"),
    ("1.5", forgets_silence, "dividing by it gives nan"),
    ("1.6", drops_the_rest, "must not be lost"),
    ("1.6", draws_with_repeats, "Some rows come twice"),
    ("1.6", shuffles_apart, "shuffled apart"),
    ("1.6", never_shuffles, "random order"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)

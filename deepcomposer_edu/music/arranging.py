"""How a few bars become a minute: lengths, forms, sequences, joins, an ending.

All of it is arithmetic on notes; nothing here is learned.
`compose/arranging/arranger.py` uses these functions to arrange whole scores.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.keys import Key

MAX_SECTIONS = 16
SLOWEST = 0.6  # of the tempo, in the last beat of a ritardando


def bars_for(seconds: float, tempo: float, beats_per_bar: float = 4) -> int:
    """Return how many whole bars come nearest to a length in seconds.

    A beat is a quarter here and lasts 60 / tempo seconds.

    Args:
        seconds: the wanted length, above 0.
        tempo: quarters per minute, above 0.
        beats_per_bar: quarters in a bar: 4 for 4/4, 3 for 3/4 and for 6/8.

    Returns:
        A whole number, at least 1.

    >>> bars_for(60, tempo=100), bars_for(60, tempo=100, beats_per_bar=3)
    (25, 33)
    """
    seconds_per_bar = beats_per_bar * 60 / tempo
    return max(round(seconds / seconds_per_bar), 1)


def section_names(form: str) -> list[str]:
    """Return the sections of a form; a letter that follows itself gets a prime.

    Letters name music: the same letter is the same music. Heard twice in a row, it is
    varied the second time, and written with a prime: A'. You may write the prime, or
    spaces, yourself.

    Args:
        form: 1 to 16 letters, such as "AABA" or "A A' B A".

    Returns:
        A name for each section.

    Raises:
        InputError: if there is anything but letters, or too many of them.

    >>> section_names("AABA"), section_names("A A' B A")
    (['A', "A'", 'B', 'A'], ['A', "A'", 'B', 'A'])
    """
    letters = "".join(form.replace("'", "").upper().split())
    has_only = all("A" <= letter <= "Z" for letter in letters)
    if not has_only or not 1 <= len(letters) <= MAX_SECTIONS:
        raise InputError(
            f"The form is {form[:40]!r}, but it must be 1 to {MAX_SECTIONS} letters, "
            'such as "AABA".'
        )
    before = [" ", *letters]
    return [x + "'" * (x == y) for x, y in zip(letters, before, strict=False)]


def scale_shift(pitch: int, degrees: int, key: Key) -> int:
    """Return a pitch moved along the scale of a key.

    `key.scale` has the seven pitch classes of the scale. A pitch on the scale goes to
    the scale note so many places above, or below if `degrees` is negative. A pitch
    between two scale notes keeps its distance above the scale note below it: C#, in
    C major, is C and one semitone.

    Args:
        pitch: MIDI number.
        degrees: places along the scale; 7 is an octave.
        key: whose scale.

    Returns:
        A MIDI number, which may lie outside 0 to 127.

    >>> [scale_shift(pitch, 1, Key(0)) for pitch in (60, 64, 61)]
    [62, 65, 63]
    """
    steps = sorted((c - key.tonic) % 12 for c in key.scale)
    octave, above_tonic = divmod(pitch - key.tonic, 12)
    place = max(i for i, step in enumerate(steps) if step <= above_tonic)
    octaves, new_place = divmod(place + degrees, 7)
    rest = above_tonic - steps[place]
    return key.tonic + 12 * (octave + octaves) + steps[new_place] + rest


def sequence(grid: Grid, degrees: Sequence[int], key: Key) -> Grid:
    """Return a passage followed by itself moved along the scale: a sequence.

    Baroque composers build whole sections so: a figure, the same a step higher, once
    more a step higher. Use `scale_shift` for every pitch; rests stay rests, and notes
    begin where they began.

    Args:
        grid: the passage, K voices over T steps.
        degrees: for each repetition, how far it lies above the passage, in degrees of
            the scale; below it if negative.
        key: whose scale.

    Returns:
        A grid of K voices over T * (1 + len(degrees)) steps.

    >>> sequence(Grid([[60, 64]]), [1, -1], Key(0)).pitches.tolist()
    [[60, 64, 62, 65, 59, 62]]
    """
    parts = [grid.pitches]
    for n in degrees:
        moved = [[scale_shift(int(p), n, key) for p in row] for row in grid.pitches]
        parts.append(np.where(grid.sounding, moved, REST))
    onsets = np.concatenate([grid.onsets] * len(parts), axis=1)
    return Grid(np.concatenate(parts, axis=1), onsets)


def join_jump(before: Grid, after: Grid) -> int:
    """Return the widest jump that a voice makes where one passage follows another.

    A voice jumps from its last sounding pitch of the one to its first of the other;
    rests in between do not count (`grid.sounding` is False there), and a voice that
    never sounds in one of them does not jump.

    Args:
        before: K voices.
        after: the K voices that follow.

    Returns:
        Semitones, 0 or more, whether up or down.

    >>> join_jump(Grid([[72, 67], [60, -1]]), Grid([[-1, 72], [58, 58]]))
    5
    """
    jumps = [0]
    for voice in range(before.n_voices):
        last = before.pitches[voice][before.sounding[voice]]
        first = after.pitches[voice][after.sounding[voice]]
        if len(last) and len(first):
            jumps.append(abs(int(first[0]) - int(last[-1])))
    return max(jumps)


def ritardando(n_beats: int, slowest: float = SLOWEST) -> list[float]:
    """Return how fast each of the last beats is, as a share of the tempo.

    The shares fall in equal steps from 1, which is the tempo of the beat before, to
    `slowest` in the last beat.

    Args:
        n_beats: how many beats become slower, at least 1.
        slowest: above 0, at most 1.

    Returns:
        A share for each beat, `n_beats` of them.

    >>> ritardando(2, slowest=0.5), ritardando(4, slowest=0.6)
    ([0.75, 0.5], [0.9, 0.8, 0.7, 0.6])
    """
    step = (1 - slowest) / n_beats
    return [round(1 - step * (beat + 1), 9) for beat in range(n_beats)]


def loudness_at(step: float, plan: Sequence[tuple[float, float]]) -> int:
    """Return how hard the notes at a step are struck, by a plan of the dynamics.

    Between two points of the plan the loudness goes in a straight line: a crescendo or
    a diminuendo. Before the first and after the last it stays as it is there.

    Args:
        step: where, in steps.
        plan: (step, velocity) points in order of time, at least one.

    Returns:
        A velocity from 1 to 127, a whole number.

    >>> loudness_at(8, [(0, 60), (16, 90)]), loudness_at(99, [(0, 60), (16, 90)])
    (75, 90)
    """
    steps, velocities = zip(*plan, strict=True)
    return int(np.clip(round(float(np.interp(step, steps, velocities))), 1, 127))

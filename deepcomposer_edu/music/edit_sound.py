"""How editing sounds: every edit is heard at its pitch when it appears.

A model that makes a hundred edits is followed one by one. One that makes thousands is
followed pass by pass: what is edited at the same moment is heard together, one note a
voice, so that the ear gets at most a dozen moments a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import REST, VOICE_NAMES, Grid
from deepcomposer_edu.music.score import Note, Score, Track

if TYPE_CHECKING:
    from deepcomposer_edu.music.edits import Edit

SLOWEST, FASTEST = 0.4, 0.08  # seconds from one moment to the next
USUAL_SECONDS = 20.0  # at most, for all the edits of a piece
MAX_SECONDS = 300.0
RINGING = 0.15  # seconds: the shortest note
LOUDEST, SOFTEST = 110, 30  # velocities of a sure and of an unsure edit
TEMPO = 150.0  # at which a step lasts STEP_SECONDS
STEP_SECONDS = 0.1
VIBRAPHONE, PIZZICATO = 11, 45  # General MIDI: what is put in, what is taken away


@dataclass(frozen=True)
class Moment:
    """Edits that appear together.

    Args:
        first: number of its first edit, from 0.
        stop: number of the edit after its last.
        start: in seconds after the first moment.
        seconds: until the next moment.
    """

    first: int
    stop: int
    start: float
    seconds: float


def moments(edits: Sequence[Edit], seconds: float | None = None) -> list[Moment]:
    """Return when each edit appears.

    Edits come one by one, 0.4 seconds apart, faster when there are many. Where they
    would come faster than 0.08 seconds apart, neighbours of one pass appear together,
    more of them the more edits a pass has.

    Args:
        edits: in the order in which they were made.
        seconds: how long all of them take at most, 0.5 to 300; None: 20. A few edits
            take less.

    Returns:
        The moments in order; together they hold every edit once.

    Raises:
        InputError: if `seconds` is out of range.
    """
    if seconds is not None and not 0.5 <= seconds <= MAX_SECONDS:
        raise InputError(
            f"The edits should take {seconds} seconds, but 0.5 to {MAX_SECONDS:.0f} "
            "are possible; leave it out for a usual speed."
        )
    if not edits:
        return []
    seconds = USUAL_SECONDS if seconds is None else seconds
    groups = _groups(edits, max(int(seconds / FASTEST), 1))
    gap = min(seconds / len(groups), SLOWEST)
    return [
        Moment(first, stop, number * gap, gap)
        for number, (first, stop) in enumerate(groups)
    ]


def _groups(edits: Sequence[Edit], most: int) -> list[tuple[int, int]]:
    """Return at most `most` runs of edits, those of one pass together if possible.

    A pass with four times as many edits gets twice as many runs: where much is edited
    it goes fast, and the last few edits can be followed one by one.
    """
    if len(edits) <= most:
        return [(number, number + 1) for number in range(len(edits))]
    passes = [len(list(same)) for _, same in groupby(edits, lambda it: it.iteration)]
    if len(passes) > most:
        passes = [len(edits)]  # so many passes that several must appear together
    weights = np.sqrt(passes)
    spare = (most - len(passes)) * weights / weights.sum()
    n_runs = np.minimum(1 + np.floor(spare).astype(int), passes)
    groups, first = [], 0
    for n_edits, n in zip(passes, n_runs.tolist(), strict=True):
        edges = first + np.linspace(0, n_edits, n + 1).round().astype(int)
        groups += pairwise(edges.tolist())
        first += n_edits
    return groups


def stages(start: Grid, edits: Sequence[Edit], when: Sequence[Moment]) -> list[Grid]:
    """Return the piece before the first moment and after each.

    Args:
        start: how the piece was, (K, T).
        edits: in order.
        when: their moments.

    Returns:
        One grid more than there are moments; notes that are struck again are so as
        long as nothing there was edited.
    """
    pitches = start.pitches.copy()
    found = [start]
    for moment in when:
        for edit in edits[moment.first : moment.stop]:
            pitches[edit.voice, edit.start : edit.start + edit.n_steps] = edit.after
        found.append(Grid(pitches, start.onsets & (pitches == start.pitches)))
    return found


def edit_score(edits: Sequence[Edit], when: Sequence[Moment] | None = None) -> Score:
    """Return edits as music: time is the order in which they were made.

    A note that is put in sounds as a vibraphone, the louder the likelier the model
    thought it. A note that is taken away is a plucked string; where there is time, a
    note that is changed is heard so first. Of edits at the same moment, the last one of
    each voice is heard.

    Args:
        edits: in order.
        when: their moments; None: the usual ones.

    Returns:
        A track for each voice and one for what is taken away; a step lasts 0.1 seconds.
        Without edits it has no notes.
    """
    when = moments(edits) if when is None else when
    n_voices = max((edit.voice for edit in edits), default=0) + 1
    tracks: list[list[Note]] = [[] for _ in range(n_voices + 1)]  # the last: taken away
    for moment in when:
        last = {edit.voice: edit for edit in edits[moment.first : moment.stop]}
        for voice, edit in last.items():
            for is_new, note in _notes(edit, moment):
                tracks[voice if is_new else n_voices].append(note)
    names = [VOICE_NAMES[i] if i < 4 else f"Voice {i + 1}" for i in range(n_voices)]
    voices = [
        Track(tuple(notes), name, VIBRAPHONE)
        for notes, name in zip(tracks[:-1], names, strict=True)
    ]
    taken = Track(tuple(tracks[-1]), "Taken away", PIZZICATO)
    return Score((*voices, taken), tempo=TEMPO, title="Edits")


def _notes(edit: Edit, moment: Moment) -> Iterator[tuple[bool, Note]]:
    """Yield what is heard of an edit: whether it is put in, and the note."""
    start, length = moment.start, moment.seconds
    loudness = round(SOFTEST + edit.probability * (LOUDEST - SOFTEST))
    has_time = length > 2 * FASTEST or edit.after == REST
    if edit.before != REST and has_time:
        yield False, _note(start, edit.before, RINGING, loudness)
        start, length = start + length / 2, length / 2
    if edit.after != REST:
        yield True, _note(start, edit.after, max(length, RINGING), loudness)


def _note(start: float, pitch: int, seconds: float, velocity: int) -> Note:
    """Return a note whose place and length are given in seconds."""
    velocity = min(max(velocity, 1), 127)
    return Note(start / STEP_SECONDS, pitch, seconds / STEP_SECONDS, velocity)

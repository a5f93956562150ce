"""Scores to and from pypianoroll's Multitrack: the one place that knows pypianoroll."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.music.grid import nearest_step
from deepcomposer_edu.music.pianoroll import N_PITCHES
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Note, Score, Track

if TYPE_CHECKING:
    import pypianoroll


def to_pypianoroll(score: Score) -> pypianoroll.Multitrack:
    """Return the score as a pypianoroll Multitrack of 4 steps to a quarter.

    A pypianoroll picture holds loudness, shape (T, 128), and no onsets: repeated notes
    become one held note. Tempo changes, metres and the title go along where they can.
    """
    import pypianoroll

    n_steps = max((nearest_step(n.end) for n in score.notes), default=0)
    tracks = []
    for track in score.tracks:
        picture = np.zeros((n_steps, N_PITCHES), dtype=np.uint8)  # (T, 128)
        for note in track.notes:
            start = min(nearest_step(note.start), n_steps - 1)
            picture[start : max(nearest_step(note.end), start + 1), note.pitch] = (
                note.velocity
            )
        tracks.append(
            pypianoroll.StandardTrack(
                name=track.name,
                program=track.program,
                is_drum=track.is_drum,
                pianoroll=picture,
            )
        )
    # pypianoroll's own reader makes this (T, 1), which its writer cannot write
    tempo = np.full(n_steps, float(score.tempo))
    for step, bpm in score.tempo_changes:
        tempo[max(floor(step), 0) :] = bpm
    downbeat = np.zeros(n_steps, dtype=bool)
    for i, metre in enumerate(score.metres):
        begin = metre.step if i else score.pickup
        following = score.metres[i + 1 :]
        end = min(following[0].step if following else n_steps, n_steps)
        bars = np.arange(begin, end, metre.steps_per_bar).astype(int)
        downbeat[bars] = True
    return pypianoroll.Multitrack(
        name=score.title,
        resolution=STEPS_PER_QUARTER,
        tempo=tempo,
        downbeat=downbeat,
        tracks=tracks,
    )


def from_pypianoroll(multitrack: pypianoroll.Multitrack) -> Score:
    """Return the score in a pypianoroll Multitrack; every run is one held note.

    A change of loudness within a run does not begin a new note; the first counts.
    """
    scale = STEPS_PER_QUARTER / multitrack.resolution
    tracks = []
    for track in multitrack.tracks:
        picture = np.asarray(track.pianoroll)  # (T, 128)
        if picture.dtype == bool:
            picture = picture * 80
        edges = np.diff((picture > 0).astype(np.int8), axis=0, prepend=0, append=0)
        notes = []
        for pitch in np.flatnonzero(edges.any(axis=0)):
            starts = np.flatnonzero(edges[:, pitch] == 1)
            stops = np.flatnonzero(edges[:, pitch] == -1)
            for start, stop in zip(starts, stops, strict=True):
                velocity = int(np.clip(picture[start, pitch], 1, 127))
                duration = float((stop - start) * scale)
                notes.append(Note(float(start * scale), int(pitch), duration, velocity))
        tracks.append(
            Track(tuple(notes), track.name or "", int(track.program), track.is_drum)
        )
    tempos = [120.0]
    if multitrack.tempo is not None and len(multitrack.tempo):
        tempos = [float(bpm) for bpm in np.ravel(multitrack.tempo)]
    changes = tuple(
        (i * scale, tempos[i])
        for i in range(1, len(tempos))
        if tempos[i] != tempos[i - 1]
    )
    return Score(
        tuple(tracks),
        tempo=tempos[0],
        tempo_changes=changes,
        title=multitrack.name or "",
    )

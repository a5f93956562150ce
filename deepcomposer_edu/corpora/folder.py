"""Four-part pieces from a folder of MIDI or MusicXML files of your own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deepcomposer_edu.corpora.chorales import Chorale
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.files import (
    MIDI_SUFFIXES,
    MUSICXML_SUFFIXES,
    read_score,
)
from deepcomposer_edu.music.grid import VOICE_NAMES, to_grid
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.score import Metre, Score, Track

N_VOICES = 4
MAX_FILES = 10_000
MIN_STEPS = 32  # two bars of 4/4
MIN_FULL_SHARE = 0.5  # of the steps: all four voices sound
MAX_OFF_GRID = 0.2  # of the notes: may begin far from a sixteenth
OFF_GRID_STEPS = 0.2  # what is far: a triplet eighth is a third of a step away


@dataclass(frozen=True)
class FileReport:
    """What became of one file of a folder."""

    file: str
    is_used: bool
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {'used' if self.is_used else 'left out'}, {self.reason}"


def load_folder(folder: str | Path) -> tuple[list[Chorale], list[FileReport]]:
    """Return the four-part pieces in a folder, and what became of each file.

    The four voices are the tracks named Soprano, Alto, Tenor and Bass. Without those
    names they are the track that lies highest and, of the others, the three that sound
    longest, in order of their mean pitch. Drums never count. A file is left out if it
    cannot be read, has fewer than four such tracks, is shorter than two bars of 4/4,
    seldom lets all four voices sound together, or does not keep to the sixteenth grid.

    Args:
        folder: searched with the folders inside it for .mid, .midi, .mxl, .musicxml
            and .xml files, at most 10,000.

    Returns:
        The pieces, all in split "train" and without fermatas, in the order of their
        paths; and one report a file.

    Raises:
        InputError: if there is no such folder, or no file in it can be used.
    """
    folder = Path(folder)
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise InputError(
            f"{folder} {what}, but a folder of four-voice MIDI or MusicXML files is "
            "needed; give its path."
        )
    suffixes = MIDI_SUFFIXES + MUSICXML_SUFFIXES
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in suffixes)
    if not 0 < len(files) <= MAX_FILES:
        raise InputError(
            f"{folder} holds {len(files):,} MIDI or MusicXML files, but 1 to "
            f"{MAX_FILES:,} can be used; choose another folder."
        )
    pieces, reports = [], []
    for path in files:
        name = str(path.relative_to(folder))
        try:
            piece, note = _piece(path, name)
        except InputError as error:
            reports.append(FileReport(name, False, str(error)))
        else:
            pieces.append(piece)
            reports.append(FileReport(name, True, note))
    if not pieces:
        raise InputError(
            f"None of the {len(files)} music files in {folder} can be used; the first: "
            f"{reports[0]}"
        )
    return pieces, reports


def _piece(path: Path, name: str) -> tuple[Chorale, str]:
    """Return a file's piece and which tracks it was made from.

    Raises:
        InputError: with the reason why the file is left out.
    """
    score = read_score(path)
    tracks = four_voices(score)
    _check_rhythm(tracks)
    grid = to_grid(Score(tuple(tracks)))
    if grid.n_steps < MIN_STEPS:
        raise InputError(
            f"it lasts {grid.n_steps} steps of a sixteenth, but {MIN_STEPS} are needed."
        )
    full = grid.sounding.all(axis=0).mean()
    if full < MIN_FULL_SHARE:
        raise InputError(
            f"its four voices sound together in {full:.0%} of the time only, but "
            f"{MIN_FULL_SHARE:.0%} is needed."
        )
    metre = score.metres[0]
    starts = bar_starts(score, grid.n_steps)
    piece = Chorale(
        title=score.title or path.stem,
        bwv="",
        source=name,
        split="train",
        grid=grid,
        key=find_key(grid),
        metre=f"{metre.numerator}/{metre.denominator}",
        steps_per_bar=round(metre.steps_per_bar),
        pickup=int(starts[0]),
        bar_starts=starts,
        fermatas=np.zeros(grid.n_steps, dtype=bool),
    )
    names = [track.name or "a track without a name" for track in tracks]
    return piece, f"{len(starts)} bars, voices from {', '.join(names)}."


def four_voices(score: Score) -> list[Track]:
    """Return the tracks of a score that make four voices, the highest first.

    Args:
        score: music with any number of tracks.

    Raises:
        InputError: if fewer than four tracks hold pitched notes.
    """
    tracks = [t for t in score.tracks if t.notes and not t.is_drum]
    if len(tracks) < N_VOICES:
        raise InputError(
            f"it has {len(tracks)} tracks with pitched notes, but four voices need "
            "four, one for each."
        )
    named = [
        next((t for t in tracks if t.name.lower().startswith(name.lower())), None)
        for name in VOICE_NAMES
    ]
    if None not in named:
        return named
    by_height = sorted(tracks, key=_mean_pitch, reverse=True)
    highest, others = by_height[0], by_height[1:]
    longest = sorted(others, key=_sounding, reverse=True)[: N_VOICES - 1]
    return [highest, *sorted(longest, key=_mean_pitch, reverse=True)]


def _sounding(track: Track) -> float:
    """How many steps a track sounds, chords counted note by note."""
    return sum(note.duration for note in track.notes)


def _mean_pitch(track: Track) -> float:
    """How high a track lies: its mean pitch, long notes counting more."""
    return sum(n.pitch * n.duration for n in track.notes) / _sounding(track)


def _check_rhythm(tracks: Sequence[Track]) -> None:
    starts = np.array([note.start for track in tracks for note in track.notes])
    is_off = np.abs(starts - np.round(starts)) > OFF_GRID_STEPS
    if is_off.mean() > MAX_OFF_GRID:
        raise InputError(
            f"{is_off.mean():.0%} of its notes begin between the sixteenths (triplets, "
            f"or free playing), but {MAX_OFF_GRID:.0%} is the most that fits the grid."
        )


def bar_starts(score: Score, n_steps: int) -> np.ndarray:
    """Return the steps at which whole bars begin, shape (number of bars,), int.

    The pickup comes before the first; each bar has the length of the last time
    signature before it.

    Raises:
        InputError: if a time signature asks for bars shorter than a step.
    """
    starts: list[int] = []
    position = float(score.pickup)
    while position < n_steps:
        starts.append(round(position))
        metre = _metre_at(score.metres, position)
        if metre.steps_per_bar < 1:
            raise InputError(
                f"its time signature is {metre.numerator}/{metre.denominator}, but a "
                "bar must last a sixteenth or more."
            )
        position += metre.steps_per_bar
    return np.array(starts, dtype=np.int64)


def _metre_at(metres: Sequence[Metre], position: float) -> Metre:
    """The time signature that holds at a step: the last that begins by then."""
    begun = [metre for metre in metres if metre.step <= position]
    return begun[-1] if begun else metres[0]

"""Four-part pieces from a folder of MIDI or MusicXML files of your own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deepcomposer_edu.corpora.bar_lines import bar_starts
from deepcomposer_edu.corpora.chorales import Chorale
from deepcomposer_edu.corpora.folder_rules import TEXTURE, FolderRules, LeftOutError
from deepcomposer_edu.corpora.own_files import files_of
from deepcomposer_edu.corpora.voice_choice import (
    four_voices,
    pitched_tracks,
    track_rows,
    voices_of,
)
from deepcomposer_edu.corpora.windows import HIGH, LOW
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import home_path
from deepcomposer_edu.music.files import (
    MIDI_SUFFIXES,
    MUSICXML_SUFFIXES,
    read_score,
)
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.score import Track

__all__ = [
    "FileReport",
    "bar_starts",
    "first_tracks",
    "four_voices",
    "load_folder",
    "music_files",
    "summary",
]

MAX_FILES = 10_000
MIN_STEPS = 32  # two bars of 4/4
OFF_GRID_STEPS = 0.2  # what is far: a triplet eighth is a third of a step away
USUAL = FolderRules()


@dataclass(frozen=True)
class FileReport:
    """What became of one file of a folder.

    Args:
        file: its path below the folder.
        is_used: whether it is learned from.
        reason: a sentence: which voices were taken, or why it was left out.
        cause: why it was left out in a word or two, "" for a file that is used.
    """

    file: str
    is_used: bool
    reason: str
    cause: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {'used' if self.is_used else 'left out'}, {self.reason}"


def load_folder(
    folder: str | Path,
    rules: FolderRules = USUAL,
    on_file: Callable[[int, int], None] | None = None,
) -> tuple[list[Chorale], list[FileReport]]:
    """Return the four-part pieces in a folder, and what became of each file.

    Without other rules the four voices are the tracks named Soprano, Alto, Tenor and
    Bass, or else the track that lies highest and, of the others, the three that sound
    longest. Drums never count. A file is left out if it cannot be read, lacks the
    tracks, is shorter than two bars of 4/4, seldom lets all four voices sound together,
    does not keep to the sixteenth grid, loses too many notes under others, holds the
    same music as a file before it, or breaks another of the rules.

    Args:
        folder: searched with the folders inside it for .mid, .midi, .mxl, .musicxml
            and .xml files, at most 10,000.
        rules: which tracks are the voices, and what is left out.
        on_file: called after each file with how many are done, and of how many.

    Returns:
        The pieces, all in split "train" and without fermatas, in the order of their
        paths; and one report a file.

    Raises:
        InputError: if there is no such folder, or no file in it can be used.
    """
    folder = home_path(folder)
    files = music_files(folder)
    pieces, reports = [], []
    seen: dict[bytes, str] = {}
    for done, path in enumerate(files, 1):
        name = str(path.relative_to(folder))
        try:
            piece, note = _piece(path, name, rules)
            twin = seen.setdefault(_music_of(piece), name)
            if twin != name and not rules.keep_twins:
                raise LeftOutError("twice", f"it holds the same music as {twin}.")
        except InputError as error:
            cause = error.cause if isinstance(error, LeftOutError) else "unreadable"
            reason = str(error).replace(str(path), path.name)
            reports.append(FileReport(name, False, reason, cause))
        else:
            pieces.append(piece)
            reports.append(FileReport(name, True, note))
        if on_file is not None:
            on_file(done, len(files))
    if not pieces:
        raise InputError(
            f"None of the {len(files)} music files in {folder} can be used; the first: "
            f"{reports[0]}"
        )
    return pieces, reports


def music_files(folder: Path) -> list[Path]:
    """Return the music files of a folder and the folders inside it, by their paths.

    Raises:
        InputError: if there is no such folder, or too few or too many files in it.
    """
    suffixes = MIDI_SUFFIXES + MUSICXML_SUFFIXES
    return files_of(folder, suffixes, "MIDI or MusicXML files", "music", MAX_FILES)


def summary(reports: Sequence[FileReport]) -> str:
    """Return what became of all files in a sentence or two.

    >>> used = FileReport("a.mid", True, "8 bars.")
    >>> summary([used, FileReport("b.mid", False, "it is in 3/4.", "metre")])
    '1 of 2 files is learned from. Left out: 1 (metre).'
    """
    n_used = sum(report.is_used for report in reports)
    verb = "is" if n_used == 1 else "are"
    noun = "file" if len(reports) == 1 else "files"
    text = f"{n_used} of {len(reports)} {noun} {verb} learned from."
    causes = Counter(report.cause for report in reports if not report.is_used)
    if causes:
        listed = ", ".join(f"{n} ({cause})" for cause, n in causes.most_common())
        text += f" Left out: {listed}."
    return text


def first_tracks(folder: str | Path) -> tuple[str, list[dict[str, object]]]:
    """Return the name of a folder's first readable file, and what its tracks are.

    It helps to choose four of them; see `voice_choice.track_rows` for the rows.

    Raises:
        InputError: if there is no such folder, or no file in it can be read.
    """
    folder = home_path(folder)
    problem = None
    for path in music_files(folder)[:50]:
        try:
            return str(path.relative_to(folder)), track_rows(read_score(path))
        except InputError as error:
            problem = problem or error
    raise problem


def _piece(path: Path, name: str, rules: FolderRules) -> tuple[Chorale, str]:
    """Return a file's piece and which tracks it was made from.

    Raises:
        InputError: with the reason why the file is left out.
    """
    score = read_score(path)
    rules.check_score(score)
    if not pitched_tracks(score):
        raise LeftOutError("tracks", "it has no track with pitched notes.")
    grid, sources = voices_of(score, rules.tracks)
    _check_rhythm(sources, rules.max_off_grid)
    if grid.n_steps < MIN_STEPS:
        raise LeftOutError(
            "length",
            f"it lasts {grid.n_steps} steps of a sixteenth, but {MIN_STEPS} are "
            "needed.",
        )
    full = grid.sounding.all(axis=0).mean()
    if full < rules.min_full_share:
        raise LeftOutError(
            "thin",
            f"its four voices sound together in {full:.0%} of the time only, but "
            f"{rules.min_full_share:.0%} is needed.",
        )
    hidden = _hidden_share(grid, sources)
    if hidden > rules.max_hidden:
        raise LeftOutError(
            "chords",
            f"{hidden:.0%} of its notes lie under others of their voice, but at most "
            f'{rules.max_hidden:.0%} may be lost; tracks="texture" loses fewer.',
        )
    metre = score.metres[0]
    starts = bar_starts(score, grid.n_steps)
    rules.check_size(len(starts), int(grid.onsets.sum()))
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
    return piece, _note(piece, sources, hidden, rules)


def _note(
    piece: Chorale, sources: Sequence[Track], hidden: float, rules: FolderRules
) -> str:
    """Return the sentence about a piece that is used."""
    if rules.tracks == TEXTURE:
        names = f"all notes of {len(sources)} track{'s' * (len(sources) != 1)}"
    else:
        names = ", ".join(t.name or "a track without a name" for t in sources)
    text = f"{len(piece.bar_starts)} bars, voices from {names}"
    if hidden >= 0.005:
        text += f"; {hidden:.0%} of the notes lie under others and are lost"
    outside = _outside_share(piece)
    if outside >= 0.005:
        text += f"; {outside:.0%} lie outside C2 to B5 and are moved by octaves"
    return f"{text}."


def _hidden_share(grid: Grid, sources: Sequence[Track]) -> float:
    """Which share of the sources' notes is not in the voices, 0 to 1."""
    n_notes = sum(len(track.notes) for track in sources)
    return max(0.0, 1 - int(grid.onsets.sum()) / n_notes)


def _outside_share(piece: Chorale) -> float:
    """Which share of the notes no transposition to C brings into the models' range."""
    pitches = piece.grid.pitches[piece.grid.onsets].astype(int)
    shifts = [piece.key.to_c + octave for octave in (0, -12, 12)]
    return min(
        float(((pitches + s < LOW) | (pitches + s > HIGH)).mean()) for s in shifts
    )


def _music_of(piece: Chorale) -> bytes:
    """Return the music itself as bytes: the same in whichever key it stands."""
    pitches = piece.grid.pitches
    moved = np.where(pitches >= 0, pitches - pitches.max(), 1)
    return moved.astype(np.int16).tobytes() + piece.grid.onsets.tobytes()


def _check_rhythm(tracks: Sequence[Track], most: float) -> None:
    starts = np.array([note.start for track in tracks for note in track.notes])
    is_off = np.abs(starts - np.round(starts)) > OFF_GRID_STEPS
    if is_off.mean() > most:
        raise LeftOutError(
            "off the grid",
            f"{is_off.mean():.0%} of its notes begin between the sixteenths (triplets, "
            f"or free playing), but {most:.0%} is the most that fits the grid.",
        )

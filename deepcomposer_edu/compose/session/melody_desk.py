"""The desk a melody lies on before it is composed: choose, move, put right, undo.

Whatever comes in, a tune, a recording, a file, becomes one melody by the rules of
`prepare`. Pitch, tempo, rhythm and length are settings on top of it: each can be turned
back, and nothing is lost. Every change is a step that can be undone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from deepcomposer_edu.compose.parameters import checked_tempo
from deepcomposer_edu.compose.prepare import MAX_STEPS, prepare
from deepcomposer_edu.compose.session.melody_state import GRIDS, MelodyState, n_bars_of
from deepcomposer_edu.corpora.tunes import load_tune, tune_info, tune_names
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.files import read_score
from deepcomposer_edu.music.limits import refuse_too_many_bytes
from deepcomposer_edu.music.score import STEPS_PER_BAR, Score
from deepcomposer_edu.music.words import counted

MAX_SHIFT = 24  # semitones up or down
MAX_BARS = MAX_STEPS // STEPS_PER_BAR
MAX_UNDO = 100  # steps that can be taken back
BAR_CHOICES = (2, 4, 8, 16)  # lengths to trim to; AWS DeepComposer took at most 8 bars


class MelodyDesk:
    """The melody in hand, with undo and redo.

    Args:
        tune: the tune that lies there at first.

    >>> desk = MelodyDesk("ode-to-joy")
    >>> desk.move(2)
    >>> desk.state.shift, desk.score.notes[0].pitch - desk.state.base.notes[0].pitch
    (2, 2)
    """

    def __init__(self, tune: str = "ode-to-joy") -> None:
        self._steps: list[MelodyState] = []
        self._place = -1
        self._listeners: list[Callable[[], None]] = []
        self.take_tune(tune)

    # --- what lies there

    @property
    def state(self) -> MelodyState:
        """The melody with its settings."""
        return self._steps[self._place]

    @property
    def score(self) -> Score:
        """The melody with its settings applied, one track."""
        return self.state.score

    @property
    def said(self) -> list[str]:
        """One sentence for each thing that was done to what came in."""
        return self.state.sentences

    @property
    def n_bars(self) -> int:
        """How many whole bars the melody has as it came in, after its pickup."""
        return n_bars_of(self.state.base)

    @staticmethod
    def tunes() -> list[dict]:
        """Return what is known about each tune that ships, see `tune_info`."""
        return [tune_info(name) for name in tune_names()]

    @property
    def summary(self) -> str:
        """The melody in a sentence: title, length, key, notes, tempo."""
        return self.state.summary

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each change."""
        self._listeners.append(callback)

    # --- taking a melody

    def take(self, melody: Score | str | Path) -> None:
        """Take a score, a tune by its name, or a file by its path.

        Raises:
            InputError: if it is none of these, or there is no melody in it.
        """
        if isinstance(melody, Score):
            self.take_score(melody)
        elif isinstance(melody, Path) or (isinstance(melody, str) and _is_path(melody)):
            self.take_file(melody)
        else:
            self.take_tune(melody)

    def take_tune(self, name: str) -> None:
        """Take a tune that ships with the course.

        Raises:
            InputError: if there is no such tune.
        """
        row = tune_info(name)
        score = replace(load_tune(row["name"]), title=row["title"])
        self._push(MelodyState(score, "tune", row["name"]))

    def take_score(self, score: Score, title: str = "", source: str = "score") -> None:
        """Take a score; one of its tracks is the melody, by the rules of `prepare`.

        Raises:
            InputError: if there is no melody in it, or it is too long.
        """
        prepared = prepare(score)
        base = replace(prepared.frame, tracks=(prepared.given,))
        if title:
            base = replace(base, title=title)
        said = tuple(
            text for text in prepared.notes if text.startswith("The melody is")
        )
        self._push(MelodyState(base, source, title or score.title, said))

    def take_recording(self, score: Score) -> None:
        """Take what was played on a keyboard.

        Raises:
            InputError: if no note was played.
        """
        self.take_score(score, "What you played", "played")

    def take_file(self, path: str | Path) -> None:
        """Take a MIDI or MusicXML file.

        Raises:
            InputError: if it cannot be read, or there is no melody in it.
        """
        path = Path(path)
        score = read_score(path)
        self.take_score(score, score.title or path.stem, "file")

    def take_bytes(self, name: str, data: bytes) -> None:
        """Take a file that a browser sent, by name and content.

        Raises:
            InputError: as `take_file` does.
        """
        shown = Path(name.replace("\\", "/")).name[:100] or "the file"
        refuse_too_many_bytes(len(data), shown)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"given{Path(shown).suffix[:10]}"
            path.write_bytes(data)
            try:
                score = read_score(path)
            except InputError as problem:
                raise InputError(str(problem).replace(str(path), shown)) from None
        self.take_score(score, score.title or Path(shown).stem, "file")

    # --- turning its settings

    def move(self, semitones: int) -> None:
        """Move the melody by semitones from where it came in, -24 to 24.

        Raises:
            InputError: if it is further, or a note would leave the MIDI range.
        """
        if isinstance(semitones, bool) or not isinstance(semitones, int):
            raise InputError(
                f"The melody cannot be moved by {str(semitones)[:20]!r} semitones; "
                f"give a whole number from {-MAX_SHIFT} to {MAX_SHIFT}."
            )
        if not -MAX_SHIFT <= semitones <= MAX_SHIFT:
            raise InputError(
                f"The melody cannot be moved by {semitones} semitones; it goes "
                f"{MAX_SHIFT} up or down, two octaves."
            )
        moved = replace(self.state, shift=semitones)
        heights = [note.pitch + semitones for note in moved.base.notes]
        if min(heights) < 0 or max(heights) > 127:
            raise InputError(
                f"Moved by {semitones} semitones the melody would go from pitch "
                f"{min(heights)} to {max(heights)}, but MIDI pitches go from 0 to 127; "
                "move it less far."
            )
        self._push(moved)

    def set_tempo(self, tempo: float | None) -> None:
        """Set quarter notes per minute, 10 to 400; None takes the melody's own.

        Raises:
            InputError: if the tempo lies outside.
        """
        checked = None if tempo is None else checked_tempo(tempo)
        self._push(replace(self.state, tempo=checked))

    def put_rhythm_right(self, rhythm: str) -> None:
        """Move the notes to "sixteenths", "eighths", "quarters"; or "as it is".

        Raises:
            InputError: if the rhythm is none of these.
        """
        if rhythm not in GRIDS:
            raise InputError(
                f"The rhythm is {str(rhythm)[:30]!r}, but it is one of: "
                f"{', '.join(GRIDS)}."
            )
        self._push(replace(self.state, rhythm=rhythm))

    def trim(self, n_bars: int | None) -> None:
        """Keep the first 1 to MAX_BARS bars; None keeps all.

        Raises:
            InputError: if the number lies outside, or no note would be left.
        """
        is_whole = isinstance(n_bars, int) and not isinstance(n_bars, bool)
        if n_bars is not None and not (is_whole and 1 <= n_bars <= MAX_BARS):
            raise InputError(
                f"The melody is to be trimmed to {str(n_bars)[:20]} bars, but it must "
                f"be a whole number from 1 to {MAX_BARS:,}."
            )
        trimmed = replace(self.state, n_bars=n_bars)
        if not trimmed.score.notes:
            raise InputError(
                f"No note begins in the first {counted(n_bars, 'bar')}; keep more."
            )
        self._push(trimmed)

    def edit(self, score: Score) -> None:
        """Take the melody as an editor changed it; settings so far become part of it.

        Raises:
            InputError: if no note is left.
        """
        if not score.notes:
            raise InputError(
                "The melody has no notes left; draw at least one, or undo."
            )
        title, now = self.state.score.title, self.state
        if replace(score, title=title) == now.score:
            return
        self._push(
            MelodyState(replace(score, title=title), "edited", now.name, now.said)
        )

    # --- undo

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return self._place < len(self._steps) - 1

    def undo(self) -> None:
        """Take the last step back, if there is one."""
        if self.can_undo:
            self._place -= 1
            self._tell()

    def redo(self) -> None:
        """Take the step that was taken back, if there is one."""
        if self.can_redo:
            self._place += 1
            self._tell()

    def _push(self, state: MelodyState) -> None:
        if self._steps and state == self.state:
            return
        del self._steps[self._place + 1 :]
        self._steps.append(state)
        del self._steps[: -MAX_UNDO - 1]
        self._place = len(self._steps) - 1
        self._tell()

    def _tell(self) -> None:
        for callback in self._listeners:
            callback()


def _is_path(text: str) -> bool:
    """Return whether a melody is given as a path, not as the name of a tune."""
    return bool(Path(text).suffix) or any(sign in text for sign in "/\\")

"""A note editor in the notebook: draw, move, stretch and erase notes, and hear them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.score import Note, Score
from deepcomposer_edu.music.score_dict import score_from_dict, score_to_dict
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.editing import (
    MOST_NOTES,
    EditHistory,
    Room,
    checked_key,
    find_notes,
    whole_number,
)
from deepcomposer_edu.widgets.editor_traits import GRIDS, EditorTraits


class Editor(EditorTraits, SoundWidget, bundle="editor"):
    """A piano roll whose notes can be drawn, moved, stretched, erased and heard.

    Everything works by mouse, by finger and by keys alone, and can be undone. `score`
    is the music as it stands; assigning another score is one more edit.

    Args:
        score: a Score, a composition, or the path of a MIDI or MusicXML file; None
            begins with empty paper.
        voice: the track that is drawn in, from 0.
        locked: tracks that no edit may touch.
        grid: where notes begin: "1/4", "1/8", "1/8T" (triplets), "1/16", "1/16T",
            "1/32" or "off".
        key: a Key, "G minor", "guess", or None; drawn and moved notes then keep to its
            notes while `in_key` is on.
        in_key: whether notes keep to the key; None: if a key was given.
        one_at_a_time: whether a voice sings one note at a time, as a melody does; a
            new note then ends the one before.
        max_bars: whole bars that the music may have; None: no limit.
        max_tracks: the most tracks that a score given to it may have.
        max_notes: the most notes that may be drawn.
        lowest: the lowest pitch that may be drawn, 0 to 127.
        highest: the highest pitch.
        volume: loudness from 0 to 1.

    Raises:
        InputError: if a value lies outside its range, or the score is larger than that.

    >>> editor = Editor(Score.from_notes([(0, 60, 4), (4, 64, 4)]), key="C major")
    >>> editor.select(bars=(1, 1))
    [[0, 0], [0, 1]]
    """

    def __init__(
        self,
        score: object = None,
        *,
        voice: int = 0,
        locked: Iterable[int] = (),
        grid: str = "1/16",
        key: Key | str | None = None,
        in_key: bool | None = None,
        one_at_a_time: bool = False,
        max_bars: int | None = None,
        max_tracks: int = 16,
        max_notes: int = MOST_NOTES,
        lowest: int = 0,
        highest: int = 127,
        volume: float = 0.8,
    ) -> None:
        self._room = Room(max_bars, max_tracks, max_notes, lowest, highest)
        self._one_at_a_time = bool(one_at_a_time)
        if grid not in GRIDS:
            raise InputError(
                f"The grid is {grid!r}, but it must be one of {', '.join(GRIDS)}."
            )
        if not 0 <= volume <= 1:
            raise InputError(f"The volume is {volume}, but it must be from 0 to 1.")
        first = self._room.checked(score)
        n_voices = len(first.tracks)
        self._history = EditHistory()
        self._last: dict = score_to_dict(first)  # the music before the next change
        self._number = 0  # of the last change that was followed
        self._change_callbacks: list[Callable[[Score], None]] = []
        super().__init__(
            music=self._last,
            voice=whole_number(voice, "voice", 0, n_voices - 1),
            locked=[whole_number(v, "locked", 0, n_voices - 1) for v in locked],
            grid=grid,
            volume=float(volume),
            limits=self._limits(first),
        )
        self.set_key(key, in_key=in_key)
        self.on_msg(self._answer)

    # --- the music

    @property
    def score(self) -> Score:
        """The music as it stands; assigning a score is one edit that can be undone."""
        return score_from_dict(self.music)

    @score.setter
    def score(self, score: object) -> None:
        self.replace(score)

    def replace(self, score: object, label: str = "replace the music") -> None:
        """Take other music as one edit, which can be undone.

        Raises:
            InputError: if it is no music, or more than this editor allows.
        """
        music = score_to_dict(self._room.checked(score))
        if music == self.music:
            return
        self._history.remember(self.music, label)
        self._set_music(music, kind="edit", label=label)

    def load(self, score: object) -> None:
        """Take other music and forget the history.

        Raises:
            InputError: if it is no music, or more than this editor allows.
        """
        music = score_to_dict(self._room.checked(score))
        self._history = EditHistory()
        self._set_music(music, kind="load")

    def on_change(self, callback: Callable[[Score], None]) -> None:
        """Call `callback` with the Score after each change, whoever made it."""
        self._change_callbacks.append(callback)

    # --- history

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._history.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone edit to make again."""
        return bool(self._history.future)

    def undo(self) -> bool:
        """Take the last edit back; False if there is none."""
        return self._step("undo")

    def redo(self) -> bool:
        """Make the edit again that was undone last; False if there is none."""
        return self._step("redo")

    def _step(self, kind: str) -> bool:
        found = self._history.step(kind, self.music)
        if found is None:
            return False
        music, label = found
        self._set_music(music, kind=kind, label=label)
        return True

    # --- selection

    def select(
        self,
        voice: int | None = None,
        bars: tuple[int, int] | None = None,
        pitches: tuple[int, int] | None = None,
        notes: Sequence[Sequence[int]] | None = None,
    ) -> list[list[int]]:
        """Select notes; without arguments, all.

        Args:
            voice: only notes of this track.
            bars: only notes that begin in these bars, first and last; a pickup is 0.
            pitches: only notes from the lowest to the highest of these pitches.
            notes: only these, each as [track, index].

        Returns:
            What is selected now, each note as [track, index].

        Raises:
            InputError: if a note is named that is not there.
        """
        self.selected = find_notes(self.score, voice, bars, pitches, notes)
        return self.selected

    def deselect(self) -> None:
        """Select nothing."""
        self.selected = []

    @property
    def selected_notes(self) -> list[Note]:
        """The selected notes."""
        tracks = self.score.tracks
        return [tracks[track].notes[i] for track, i in self.selected]

    # --- settings

    def set_key(self, key: Key | str | None, in_key: bool | None = None) -> None:
        """Choose the key that drawn and moved notes keep to.

        Args:
            key: a Key, "G minor", "guess" for the one that fits best, or None.
            in_key: whether notes keep to it; None: if there is a key.

        Raises:
            InputError: if it is not a key.
        """
        found = checked_key(key, self.score)
        self.key = (
            {}
            if found is None
            else {"tonic": found.tonic, "mode": found.mode, "name": found.name}
        )
        self.in_key = bool(found) if in_key is None else bool(in_key and found)

    @traitlets.validate("voice")
    def _check_voice(self, proposal: dict) -> int:
        n_voices = len(self.music.get("tracks", []))
        return whole_number(proposal["value"], "voice", 0, max(n_voices - 1, 0))

    @traitlets.validate("locked")
    def _check_locked(self, proposal: dict) -> list[int]:
        n_voices = len(self.music.get("tracks", []))
        return sorted({voice for voice in proposal["value"] if voice < n_voices})

    # --- sound

    def play(self, step: float | None = None) -> None:
        """Play from a step, or from the cursor."""
        self.send({"kind": "play", "step": step})

    def stop(self) -> None:
        """Stop playing."""
        self.send({"kind": "stop"})

    # --- between the browser and Python

    def _limits(self, score: Score) -> dict:
        return self._room.limits(score) | {"one_at_a_time": self._one_at_a_time}

    def _set_music(self, music: dict, kind: str, label: str = "") -> None:
        with self.hold_sync():
            self.voice = min(self.voice, len(music["tracks"]) - 1)
            self.selected = []
            self.music = music
            self.locked = self.locked  # without the tracks that are gone
            self.change = {
                "kind": kind,
                "by": "python",
                "label": label,
                "number": self.change["number"] + 1,
            }
            self._settle()

    @traitlets.observe("change")
    def _take_change(self, change: dict) -> None:
        """Follow a change that was made in the browser."""
        done = change["new"]
        if done.get("by") != "browser":
            return
        try:
            score_from_dict(self.music)
        except InputError as error:
            self.status = str(error)
            self._set_music(self._last, kind="edit")
            return
        kind = done.get("kind")
        is_known = kind in ("undo", "redo") and self._history.follow(
            kind, self._last, self.music
        )
        # What belongs to the step before does so only if Python knows that step.
        is_next = done.get("number") == self._number + 1
        is_continued = done.get("is_continued") and is_next and self.can_undo
        if not is_known and not is_continued and self.music != self._last:
            self._history.remember(self._last, done.get("label", ""))
        self._settle()

    def _settle(self) -> None:
        """Count the change, and tell those who asked for it."""
        self._number = self.change["number"]
        is_new = self.music != self._last
        self._last = self.music
        self.n_undo, self.n_redo = len(self._history.past), len(self._history.future)
        self.limits = self._limits(self.score)
        if not is_new:
            return
        self.n_edits += 1
        for callback in self._change_callbacks:
            callback(self.score)

    def _answer(self, _widget: object, message: dict, _buffers: list) -> None:
        """Undo or redo what a page that was loaded again does not know of any more."""
        if message.get("kind") in ("undo", "redo"):
            self._step(message["kind"])

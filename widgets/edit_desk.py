"""The AR-CNN at a desk: lock what must stay, let it edit, watch and hear each edit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, replace

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.edit_traits import EditTraits
from deepcomposer_edu.widgets.edit_work import Working, live_edits
from deepcomposer_edu.widgets.score_input import to_score

GRID_TEMPO = 80.0  # of a grid, which has none


class EditDesk(EditTraits, Working, SoundWidget, bundle="edit_desk"):
    """A piece that a network edits while you watch, listen and play along.

    Lock voices, bars and single notes; choose what the network is to do, how much it
    may add and take away and how much it may risk; press Go. Every edit appears with
    its probability and its sound, in the roll and in words. In loop mode the piece goes
    round and round while the network writes one bar anew each time, and you play the
    others.

    Args:
        music: one to four voices, the highest first: a Score, a Grid, something with a
            `score`, or the path of a file.
        mode: "repair", "vary", "inpaint", "harmonise" or "continue".
        voices: voices to lock, such as "soprano bass".
        bars: bars to lock, such as "3, 5-8".
        notes: notes to lock, such as "bass 5:1" (bar 5, beat 1).
        editor: what edits; None: the shipped network of `variant`.
        variant: "orderless" or "edit-events".
        **settings: any of max_added (notes), max_removed (per cent), iterations,
            temperature, avoid_parallels, n_bars and seed.

    Raises:
        InputError: if the music or a setting is not allowed.

    >>> from deepcomposer_edu.corpora.tunes import load_tune
    >>> desk = EditDesk(load_tune("ode-to-joy"), mode="harmonise", bars="1")
    >>> desk.locked_bars, desk.mode
    ([0], 'harmonise')
    """

    desk = None  # the EditingDesk; not there yet if the music is refused

    def __init__(
        self,
        music: object,
        mode: str = "repair",
        voices: str = "",
        bars: str = "",
        notes: str = "",
        editor: object = None,
        variant: str = "orderless",
        **settings: object,
    ) -> None:
        from deepcomposer_edu.compose.edit_desk.desk import EditingDesk
        from deepcomposer_edu.compose.edit_desk.wishes import MODES, make_wish

        if isinstance(music, Grid):
            score = from_grid(music, GRID_TEMPO)
        else:
            score = to_score(music, "The edit desk")
        wish = make_wish(mode=mode, **settings)
        self.desk = EditingDesk(score, editor, variant)
        self._drawing = threading.RLock()
        self._round = 0  # of the loop: each has a seed of its own
        super().__init__(modes=[list(row) for row in MODES.items()], **asdict(wish))
        self.lock(voices, bars, notes)
        self._show()
        self.on_msg(self._obey)
        self.observe(self._looping_changed, "is_looping")

    # --- what there is

    @property
    def score(self) -> Score:
        """The piece as it stands, after all edits."""
        return self.desk.score

    @property
    def grid(self) -> Grid:
        """The piece as it stands, as cells (4, T)."""
        return self.desk.grid

    @property
    def edits(self) -> tuple:
        """What the network did last, edit by edit (`music.edits.Edit`)."""
        edited = self.desk.edited
        return () if edited is None else tuple(edited.edits)

    # --- locking

    def lock(self, voices: str = "", bars: str = "", notes: str = "") -> None:
        """Lock voices, bars and notes besides those that are locked.

        Args:
            voices: such as "soprano bass", or "all".
            bars: such as "3, 5-8"; 0 is an incomplete first bar.
            notes: such as "bass 5:1, alto 6:3": voice, bar and beat of each.

        Raises:
            InputError: if there is no such voice, bar or note.
        """
        found = self.desk.find(voices, bars, notes)
        old = self.locks
        with self.hold_sync():
            self.locked_voices = sorted(old.voices | found.voices)
            self.locked_bars = sorted(old.bars | found.bars)
            self.locked_notes = sorted(map(list, old.notes | found.notes))

    def unlock(self) -> None:
        """Unlock everything."""
        with self.hold_sync():
            self.locked_voices, self.locked_bars, self.locked_notes = [], [], []

    # --- editing

    def edit(self, wait: bool = True, **settings: object) -> tuple:
        """Let the network edit what is not locked, as the Go button does.

        Args:
            wait: whether to come back when it has finished.
            **settings: to change before, such as temperature=0.8.

        Returns:
            The edits; none yet if it does not wait.

        Raises:
            InputError: if a setting is not allowed, nothing is left to edit, or it is
                at work already.
        """
        from deepcomposer_edu.compose.edit_desk.wishes import make_wish

        wish = make_wish(**(asdict(self.wish) | settings))
        with self.hold_sync():
            for name, value in asdict(wish).items():
                setattr(self, name, value)
        locks = self.locks
        task = self.desk.task(wish, locks)  # refused here, if it is, not in a thread
        live = live_edits(self.send, task.start, task.steps_per_bar, task.pickup)

        def work(tell: Callable[[int, int], None]) -> str:
            def progress(done: int, of: int) -> None:
                tell(done, of)
                live.flush()

            return self._told(self.desk.edit(wish, locks, progress, live.add))

        self._work(work)
        if wait:
            self.wait()
            if self.problem:
                raise InputError(self.problem)
        return self.edits if wait else ()

    def edit_bar(self, place: int | None = None, wait: bool = True) -> tuple:
        """Let the network write one bar anew, as loop mode does each time round.

        Args:
            place: which of `bars`, from 0; None: the network's bar.
            wait: whether to come back when it has finished.

        Raises:
            InputError: if there is no such bar, all of it is locked, or the network is
                at work already.
        """
        if place is None:
            place = min(self.model_bar, len(self.bars) - 1)
        self._round += 1
        wish = replace(self.wish, seed=(self.seed + self._round) % 2**31)
        locks = self.locks
        self.desk.bar_task(place, wish, locks)
        work = self.desk.edit_bar
        self._work(lambda tell: self._told(work(place, wish, locks, tell)))
        if wait:
            self.wait()
        return self.edits if wait else ()

    def undo(self) -> bool:
        """Take the last step back; False if there is none."""
        return self._step(self.desk.undo, "Undone.")

    def redo(self) -> bool:
        """Take the step again that was undone last; False if there is none."""
        return self._step(self.desk.redo, "Done again.")

    def move_note(self, voice: int, step: int, semitones: int) -> int:
        """Move the note that sounds there, and return its new pitch.

        Raises:
            InputError: if no note sounds there, it would leave 0 to 127, or the network
                is at work.
        """
        self._expect_quiet()
        pitch = self.desk.move_note(voice, step, semitones)
        self._show()
        return pitch

    def play_notes(self, notes: list) -> None:
        """Write notes as if they were played: (voice, start, steps, pitch) of each.

        Notes in the network's bar are locked, so that it keeps them.

        Raises:
            InputError: if there is no such voice, place or pitch.
        """
        self.desk.play_notes(notes)
        start, end, _ = self.bars[min(self.model_bar, len(self.bars) - 1)]
        yours = [
            [int(v), int(s)] for v, s, _, p in notes if start <= s < end and p >= 0
        ]
        new = [note for note in yours if note not in self.locked_notes]
        if new and self.is_looping:
            self.locked_notes = [*self.locked_notes, *new]
        self._show()

    def play(self) -> None:
        """Play the piece; a browser is silent until somebody has clicked."""
        self.send({"kind": "play"})

    def stop(self) -> None:
        """Stop the sound, and loop mode."""
        self.is_looping = False
        self.send({"kind": "stop"})

    def close(self) -> None:
        """End the network's work and close the widget."""
        if self.desk is not None:
            self.cancel()
        super().close()

    def __repr__(self) -> str:
        return f"EditDesk: {len(self.bars)} bars, {self.mode}, {len(self.edits)} edits"

    # --- how it works

    def _step(self, action: Callable[[], bool], words: str) -> bool:
        self._expect_quiet()
        is_done = action()
        if is_done:
            self._show()
            self.status = words
        return is_done

    def _told(self, edited: object) -> str:
        """Show what the network did, and say it in words."""
        from deepcomposer_edu.compose.edit_desk.thought import summary

        self._show(is_new=True)
        return summary(edited)

    def _looping_changed(self, change: dict) -> None:
        if change["new"]:
            self._round = 0
            self.desk.remember()
            self.can_undo, self.can_redo = self.desk.can_undo, self.desk.can_redo

    def _show(self, is_new: bool = False) -> None:
        """Tell the browser of the piece; `is_new`: with edits to be watched."""
        from deepcomposer_edu.compose.edit_desk.thought import thought_of

        with self._drawing, self.hold_sync():
            desk = self.desk
            number = self.thought.get("number", 0) + 1
            thought = thought_of(desk.edited, desk.steps_per_bar, desk.pickup)
            self.bars = [list(bar) for bar in desk.bars]
            self.music = score_to_dict(desk.score)
            self.shown = len(thought["edits"])
            self.thought = thought | {"number": number, "is_new": is_new}
            self.can_undo, self.can_redo = desk.can_undo, desk.can_redo

    def _obey(self, _widget: object, message: dict, _buffers: list) -> None:
        """Do what the browser asks for."""
        actions = {
            "go": lambda: self.edit(wait=False),
            "again": lambda: self.edit_bar(wait=False),
            "cancel": self.cancel,
            "undo": self.undo,
            "redo": self.redo,
            "played": lambda: self.play_notes(message.get("notes", [])),
            "move": lambda: self.move_note(*message.get("note", ())),
        }
        kind = message.get("kind")
        if kind not in actions or (kind == "again" and self.is_working):
            return
        try:
            self.problem = ""
            actions[kind]()
        except InputError as refusal:
            self.problem = str(refusal)
            if kind == "again":
                self.is_looping = False

"""The takes of a keyboard: what was recorded, tidied, trimmed, undone."""

from __future__ import annotations

from collections.abc import Callable

import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.widgets.recording import check_tempo, events_to_score
from deepcomposer_edu.widgets.takes import (
    GRIDS,
    MOST_TAKES,
    check_grid,
    count_bars,
    tidy_events,
    trim_events,
)
from deepcomposer_edu.widgets.tempo import guess_tempo

NOTHING_RECORDED = (
    "Nothing is recorded yet: press Record, play some notes, press Stop, then run this "
    "cell again."
)


class Takes(traitlets.HasTraits):
    """What a keyboard has recorded, and the history of it.

    A take is a dictionary: `events`, a `label` (what made it), the `tempo` it is
    counted in, and `is_counted`, whether its time 0 is a bar line (the metronome ran).
    """

    recorded = traitlets.List().tag(sync=True)  # events, as widgets/recording.py says
    n_takes = traitlets.Int(0).tag(sync=True)  # how many recordings have ended
    takes = traitlets.List().tag(sync=True)  # the history, oldest first
    take = traitlets.Int(-1).tag(sync=True)  # which of them is in force; -1: none

    # Rhythm assist: what the button and tidy() do.
    rhythm_assist = traitlets.Bool(False).tag(sync=True)  # after each recording
    rhythm_grid = traitlets.Enum(list(GRIDS), "1/16").tag(sync=True)
    rhythm_strength = traitlets.Float(1.0, min=0.0, max=1.0).tag(sync=True)

    def __init__(self, *arguments: object, **traits: object) -> None:
        self._record_callbacks: list[Callable[[Score], None]] = []
        self._edit_callbacks: list[Callable[[Score], None]] = []
        self._told: tuple[int, list] = (0, [])  # n_takes, recorded
        super().__init__(*arguments, **traits)

    # --- what there is

    @property
    def has_recording(self) -> bool:
        """Whether at least one note is recorded."""
        return any(event.get("velocity", 0) > 0 for event in self.recorded)

    @property
    def _current(self) -> dict:
        """The take in force; one of its own where only `recorded` was set."""
        if 0 <= self.take < len(self.takes):
            current = self.takes[self.take]
            if current["events"] == self.recorded:
                return current
        return {
            "events": self.recorded,
            "label": "recording",
            "tempo": self.tempo,
            "is_counted": False,
        }

    @property
    def n_bars(self) -> int:
        """In how many bars the notes of the take begin; 0 without notes."""
        take = self._current
        tempo = take["tempo"] if take["is_counted"] else self.tempo
        counted = take["is_counted"]
        return count_bars(self.recorded, tempo, self.beats_per_bar, counted)

    def recording(
        self,
        tempo: float | str | None = None,
        quantise: bool = True,
        start: str | None = None,
    ) -> Score:
        """Return what was recorded last.

        Args:
            tempo: beats per minute to count in; None takes the metronome's if it ran,
                else the widget's own, and "guess" finds the one that fits (the
                widget's, with under four notes).
            quantise: whether to move notes to the sixteenth grid.
            start: "note", "beat", "bar" or "record"; see `events_to_score`. None means
                "bar" if the metronome ran, so that bars lie where it counted them, else
                "note".

        Returns:
            A score of one track. Its tempo is the one it was counted in, so it sounds
            as fast as it was played.

        Raises:
            InputError: if nothing was recorded, or an argument is not allowed.
        """
        if not self.has_recording:
            raise InputError(NOTHING_RECORDED)
        take = self._current
        if tempo == "guess":
            tempo = guess_tempo(self.recorded)
        if tempo is None:
            tempo = take["tempo"] if take["is_counted"] else self.tempo
        return events_to_score(
            self.recorded,
            tempo=tempo,
            quantise=quantise,
            start=start or ("bar" if take["is_counted"] else "note"),
            program=self.instrument,
            beats_per_bar=self.beats_per_bar,
        )

    @property
    def score(self) -> Score:
        """The recording on the sixteenth grid."""
        return self.recording()

    # --- who wants to know

    def on_record(self, callback: Callable[[Score], None], edits: bool = False) -> None:
        """Call `callback` with the Score each time a recording ends.

        With rhythm assist switched on it gets the tidied one. An empty recording calls
        nobody.

        Args:
            callback: is given the Score.
            edits: whether to call it also after rhythm assist, trimming, undo, redo.
        """
        self._record_callbacks.append(callback)
        if edits:
            self._edit_callbacks.append(callback)

    @traitlets.observe("n_takes", "take", "takes")
    def _tell(self, _change: object) -> None:
        """Tell of a new recording or an edited one, once for each."""
        told, self._told = self._told, (self.n_takes, list(self.recorded))
        if not self.has_recording or told == self._told:
            return
        is_new = told[0] != self.n_takes
        for callback in self._record_callbacks if is_new else self._edit_callbacks:
            callback(self.recording())

    # --- what can be done with it

    def tidy(
        self,
        grid: str | None = None,
        strength: float | None = None,
        tempo: float | str | None = None,
    ) -> None:
        """Move the notes of the take towards the beat: rhythm assist.

        Undo takes it back.

        Args:
            grid: "1/4", "1/8", "1/16" or "1/32", or triplets, "1/8T" and "1/16T"; None
                takes `rhythm_grid`.
            strength: 0 (as played) to 1 (on the grid); None takes `rhythm_strength`.
            tempo: beats per minute; None takes the metronome's if it ran, else the
                widget's, and "guess" finds the one that fits.

        Raises:
            InputError: if nothing is recorded, or an argument is not allowed.
        """
        grid = self.rhythm_grid if grid is None else grid
        strength = self.rhythm_strength if strength is None else strength
        check_grid(grid, strength)
        take = self._take_to_edit()
        if tempo == "guess":
            tempo = guess_tempo(self.recorded)
        if tempo is None:
            tempo = take["tempo"] if take["is_counted"] else self.tempo
        tempo = check_tempo(tempo)
        counted = take["is_counted"]
        events = tidy_events(self.recorded, tempo, grid, strength, counted)
        self._add_take(events, "rhythm assist", tempo, counted)

    def trim(self, n_bars: int, first_bar: int = 1) -> None:
        """Keep some bars of the take. Undo takes it back.

        Without a metronome the first note begins bar 1.

        Args:
            n_bars: how many bars to keep.
            first_bar: the first of them, counted from 1.

        Raises:
            InputError: if nothing is recorded, or there are no such bars.
        """
        take = self._take_to_edit()
        tempo = take["tempo"] if take["is_counted"] else self.tempo
        counted = take["is_counted"]
        events = trim_events(
            self.recorded, tempo, n_bars, first_bar, self.beats_per_bar, counted
        )
        if not any(event.get("velocity", 0) > 0 for event in events):
            raise InputError(
                f"There are no notes in the bars asked for, from bar {first_bar} on: "
                f"the take ends in bar {self.n_bars}."
            )
        bars = "1 bar" if n_bars == 1 else f"{n_bars} bars"
        self._add_take(events, f"trim to {bars}", tempo, True)

    def undo(self) -> None:
        """Go back to the take before; before the first there is none.

        Raises:
            InputError: if there is nothing to undo.
        """
        if self.take < 0:
            raise InputError("There is nothing to undo: no take was recorded yet.")
        self._go_to(self.take - 1)

    def redo(self) -> None:
        """Take back the last undo.

        Raises:
            InputError: if there is nothing to do again.
        """
        if self.take >= len(self.takes) - 1:
            raise InputError("There is nothing to do again: this is the newest take.")
        self._go_to(self.take + 1)

    def _take_to_edit(self) -> dict:
        if not self.has_recording:
            raise InputError(NOTHING_RECORDED)
        return self._current

    def _add_take(
        self, events: list, label: str, tempo: float, is_counted: bool
    ) -> None:
        before = self._current
        kept = self.takes[: self.take + 1]
        if not kept or kept[-1]["events"] != before["events"]:
            kept = [*kept, before]  # set from Python: undo should find it
        added = {
            "events": events,
            "label": label,
            "tempo": tempo,
            "is_counted": is_counted,
        }
        self._set_takes([*kept, added][-MOST_TAKES:], added)

    def _go_to(self, take: int) -> None:
        kept = self.takes[take] if take >= 0 else {"events": [], "tempo": self.tempo}
        with self.hold_trait_notifications(), self.hold_sync():
            self.recorded = kept["events"]
            self.tempo = kept["tempo"]
            self.take = take

    def _set_takes(self, takes: list, current: dict) -> None:
        with self.hold_trait_notifications(), self.hold_sync():
            self.recorded = current["events"]
            self.tempo = current["tempo"]
            self.takes = takes
            self.take = len(takes) - 1

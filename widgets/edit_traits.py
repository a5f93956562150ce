"""What the EditDesk and its browser side tell each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from deepcomposer_edu.music.grid import VOICE_NAMES
from deepcomposer_edu.viz.colours import TRACK_COLOURS

if TYPE_CHECKING:
    from deepcomposer_edu.compose.edit_desk.locks import Locks
    from deepcomposer_edu.compose.edit_desk.wishes import Wish


class EditTraits(traitlets.HasTraits):
    """Traits of an EditDesk: the piece, the edits, locks, wishes, the loop."""

    # The piece, as score_to_dict() gives it, and its bars as [start, end, number].
    music = traitlets.Dict().tag(sync=True)
    bars = traitlets.List().tag(sync=True)
    voices = traitlets.List(list(VOICE_NAMES)).tag(sync=True)
    track_colours = traitlets.List(list(TRACK_COLOURS)).tag(sync=True)  # as in figures

    # What the network did last: {"number", "pitches", "onsets", "edits"}, or {}. Each
    # edit: [voice, start, n_steps, before, after, probability, iteration, sentence].
    thought = traitlets.Dict().tag(sync=True)
    shown = traitlets.Int(0, min=0).tag(sync=True)  # how many of its edits are seen

    # What must not change.
    locked_voices = traitlets.List(traitlets.Int()).tag(sync=True)
    locked_bars = traitlets.List(traitlets.Int()).tag(sync=True)  # places in `bars`
    locked_notes = traitlets.List().tag(sync=True)  # [voice, step] of each

    # What is asked for; see compose/edit_desk/wishes.py.
    modes = traitlets.List().tag(sync=True)  # [name, words] of each
    mode = traitlets.Unicode("repair").tag(sync=True)
    max_added = traitlets.Int(0).tag(sync=True)  # notes
    max_removed = traitlets.Float(0.0).tag(sync=True)  # per cent
    iterations = traitlets.Int(1).tag(sync=True)
    temperature = traitlets.Float(1.0).tag(sync=True)  # the creative risk
    avoid_parallels = traitlets.Bool(True).tag(sync=True)
    n_bars = traitlets.Int(1).tag(sync=True)  # that "continue" adds
    seed = traitlets.Int(0).tag(sync=True)

    # Loop mode: the network has one bar, you have the others.
    is_looping = traitlets.Bool(False).tag(sync=True)
    model_bar = traitlets.Int(0, min=0).tag(sync=True)  # place in `bars`
    played_voice = traitlets.Int(0, min=0, max=3).tag(sync=True)  # yours
    low = traitlets.Int(60, min=24, max=84).tag(sync=True)  # leftmost key on the screen

    # What happens.
    can_undo = traitlets.Bool(False).tag(sync=True)
    can_redo = traitlets.Bool(False).tag(sync=True)
    is_playing = traitlets.Bool(False).tag(sync=True)
    volume = traitlets.Float(0.8, min=0.0, max=1.0).tag(sync=True)

    @property
    def wish(self) -> Wish:
        """What is asked for now.

        Raises:
            InputError: if a value was set that is not allowed.
        """
        from deepcomposer_edu.compose.edit_desk.wishes import Wish

        names = Wish.__dataclass_fields__
        return Wish(**{name: getattr(self, name) for name in names})

    @property
    def locks(self) -> Locks:
        """What is locked now."""
        from deepcomposer_edu.compose.edit_desk.locks import Locks

        notes = frozenset((int(voice), int(step)) for voice, step in self.locked_notes)
        return Locks(frozenset(self.locked_voices), frozenset(self.locked_bars), notes)

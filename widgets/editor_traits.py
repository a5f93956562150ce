"""What the Editor and its browser side tell each other."""

from __future__ import annotations

import traitlets

from deepcomposer_edu.viz.colours import TRACK_COLOURS

GRIDS = ("1/4", "1/8", "1/8T", "1/16", "1/16T", "1/32", "off")  # T: triplets
WELCOME = (
    "Draw: drag on the grid. Select: click notes or drag a box. "
    "Arrow keys move what is selected; press ? for all keys."
)


class EditorTraits(traitlets.HasTraits):
    """Traits of an Editor: the music, what led to it, settings, what is selected."""

    # The music, in the form of score_to_dict(), and the step that led to it:
    # {"kind": "edit" | "undo" | "redo" | "load", "by": "browser" | "python",
    #  "label": what was done, "number": counts up, "is_continued": one with the last}
    music = traitlets.Dict().tag(sync=True)
    change = traitlets.Dict({"kind": "load", "by": "python", "number": 0}).tag(
        sync=True
    )
    n_undo = traitlets.Int(0).tag(sync=True)  # edits that Python can take back
    n_redo = traitlets.Int(0).tag(sync=True)
    n_edits = traitlets.Int(0).tag(sync=True)  # how often the music has changed

    # Settings, changed from Python or in the widget.
    voice = traitlets.Int(0, min=0).tag(sync=True)  # the track that is drawn in
    locked = traitlets.List(traitlets.Int(min=0)).tag(sync=True)  # tracks left alone
    grid = traitlets.Enum(GRIDS, "1/16").tag(sync=True)
    key = traitlets.Dict().tag(sync=True)  # {"tonic", "mode", "name"}; {} without a key
    in_key = traitlets.Bool(False).tag(sync=True)  # whether notes keep to the key
    volume = traitlets.Float(0.8, min=0.0, max=1.0).tag(sync=True)
    tool = traitlets.Enum(("draw", "select", "erase"), "draw").tag(sync=True)
    limits = traitlets.Dict().tag(sync=True)  # max_steps, max_notes, lowest, highest, …

    # What happens in the browser; read these, or observe them.
    selected = traitlets.List().tag(sync=True)  # [track, index] of each selected note
    is_playing = traitlets.Bool(False).tag(sync=True)
    status = traitlets.Unicode(WELCOME).tag(sync=True)  # the sentence below the notes

    track_colours = traitlets.List(list(TRACK_COLOURS)).tag(sync=True)  # as in figures

"""The course's colours: one per track, the same in every figure and widget.

Colour-blind readers can tell the first four apart (tests/unit/test_rolls.py computes
all three kinds), and they differ in lightness, so print in grey works. Nothing here
needs matplotlib, so widgets may use it.
"""

from __future__ import annotations

TRACK_COLOURS = (
    "#0b4f94",  # deep blue: soprano, the melody
    "#f2b134",  # amber: alto
    "#c2487f",  # rose: tenor
    "#4fb0d8",  # light blue: bass
    "#6b4a1f",  # brown
    "#e3dca8",  # sand
    "#222222",  # near black
    "#8b949e",  # grey
)
INK = "#222222"  # text and axes
FAINT_INK = "#6f7680"  # what stands behind: tick labels, the data's own values
GRID = "#d5d9de"  # bar lines
SHADE = "#f3f4f6"  # rows of the black keys


def track_colour(track: int) -> str:
    """Return the colour of a track by its number from 0; after eight they repeat."""
    return TRACK_COLOURS[track % len(TRACK_COLOURS)]


def darker(colour: str, share: float = 0.45) -> str:
    """Return a colour nearer to black: `share` 0 leaves it, 1 gives black.

    >>> darker("#ffffff", 0.5)
    '#808080'
    """
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(value * (1 - share)):02x}" for value in channels)

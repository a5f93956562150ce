"""What the pages of all films have in common: a canvas, its pixels, names of tracks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from deepcomposer_edu.viz.colours import track_colour
from deepcomposer_edu.viz.figures import style_axes
from deepcomposer_edu.viz.film import Box

WIDTH_INCHES = 9.6
MAX_NAMES = 6  # of tracks, above the roll
MAX_TITLE = 48  # letters


class FilmPage:
    """A page to draw on, as large as a film's picture.

    What stays the same is drawn once and kept; a picture adds to a copy of it.

    Args:
        size: width and height in pixels.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        width, height = size
        dpi = width / WIDTH_INCHES
        self.figure = Figure(figsize=(WIDTH_INCHES, height / dpi), dpi=dpi)
        self.canvas = FigureCanvasAgg(self.figure)
        self._kept: object = None

    def axes(self, place: tuple[float, float, float, float]) -> Axes:
        """Return new axes at left, bottom, width, height, in shares of the page."""
        ax = self.figure.add_axes(place)
        style_axes(ax)
        return ax

    def box(self, ax: Axes) -> Box:
        """Return where axes lie in the picture: left, top, right, bottom, in pixels."""
        box, height = ax.get_window_extent(), self.size[1]
        edges = (box.x0, height - box.y1, box.x1, height - box.y0)
        return tuple(round(edge) for edge in edges)

    def keep(self) -> None:
        """Draw the page as it is now, for `restore` to come back to."""
        self.canvas.draw()
        self._kept = self.canvas.copy_from_bbox(self.figure.bbox)

    def restore(self) -> None:
        """Take away what was drawn since `keep`."""
        self.canvas.restore_region(self._kept)

    def pixels(self, added: Iterable[Artist] = ()) -> np.ndarray:
        """Return the page with some artists, which are removed from its figure.

        Returns:
            The picture, shape (height, width, 3), uint8.
        """
        for artist in added:
            self.figure.draw_artist(artist)
            artist.remove()
        return np.array(self.canvas.buffer_rgba())[:, :, :3]


def columns(box: Box, first: float, last: float, steps: np.ndarray) -> np.ndarray:
    """Return the pixel column of each step where `first` to `last` fill a box."""
    left, _, right, _ = box
    share = np.clip((steps - first) / (last - first), 0, 1)
    return np.rint(left + share * (right - left)).astype(int)


def name_tracks(
    target: Axes | Figure, names: Sequence[tuple[int, str]], loc: str, at: tuple
) -> None:
    """Put tracks' names with their colours on one line.

    Args:
        target: the axes or the figure that `at` refers to.
        names: number and name of each track.
        loc: which corner of the line lies at `at`, such as "lower left".
        at: x and y, in shares.
    """
    target.legend(
        handles=[
            Patch(color=track_colour(number), label=plain_text(name[:24]))
            for number, name in names[:MAX_NAMES]
        ],
        loc=loc, bbox_to_anchor=at, ncols=MAX_NAMES, fontsize=8.5, frameon=False,
        handlelength=1.2, handleheight=0.7, columnspacing=1.4,
    )  # fmt: skip


def short_title(title: str, n_letters: int = MAX_TITLE) -> str:
    """Return a piece's title as it can be written above a roll."""
    title = title.strip()
    return plain_text(f"{title[: n_letters - 1]}…" if len(title) > n_letters else title)


def plain_text(text: str) -> str:
    """Return text in which matplotlib finds no formula."""
    return text.replace("$", r"\$")

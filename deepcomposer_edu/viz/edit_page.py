"""One page of the film of edits.

It shows the roll as it stands, what was edited last, and how sure the model was of each
edit so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.ticker import MaxNLocator, PercentFormatter

from deepcomposer_edu.music.edit_sound import Moment, stages
from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.words import counted
from deepcomposer_edu.viz.colours import FAINT_INK, INK, track_colour
from deepcomposer_edu.viz.edits import note_parts, part_bars, piece_layout, score_of
from deepcomposer_edu.viz.figures import add_grid
from deepcomposer_edu.viz.film import Box
from deepcomposer_edu.viz.film_page import FilmPage, columns, name_tracks, short_title
from deepcomposer_edu.viz.rolls import draw_empty_roll, draw_notes

if TYPE_CHECKING:
    from deepcomposer_edu.models.ar_cnn import Edited
    from deepcomposer_edu.music.edits import Edit

MAX_TITLE = 60  # letters
TOLD = 2  # sentences: the last edit and the one before it
_ROLL = (0.062, 0.29, 0.918, 0.475)  # left, bottom, width, height of the page
_CHANCES = (0.062, 0.09, 0.918, 0.115)
_HALO = 0.45  # semitones between a note and the frame around it
_TITLE, _FIRST_SENTENCE, _LINE = 0.935, 0.87, 0.042


class EditPage:
    """Draws a piece as it stands after each moment.

    Args:
        edited: how the piece was, its edits, and how it is.
        when: the moments at which edits appear, in order.
        size: width and height in pixels.
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
        title: of the piece.
    """

    def __init__(
        self,
        edited: Edited,
        when: Sequence[Moment],
        size: tuple[int, int],
        steps_per_bar: int = 16,
        pickup: int = 0,
        title: str = "",
    ) -> None:
        self.edited, self.when, self.size = edited, when, size
        self.bars = steps_per_bar, pickup
        self.n_passes = max((edit.iteration for edit in edited.edits), default=0)
        self.grids = stages(edited.start, edited.edits, when)
        self.page = FilmPage(size)
        self.figure = self.page.figure
        self.roll = self.page.axes(_ROLL)
        pitches = [*(grid.pitches for grid in self.grids), edited.grid.pitches]
        union = Grid(np.concatenate([_extremes(rows) for rows in pitches]))
        self.layout = piece_layout([score_of(union, *self.bars)], edited.grid.n_steps)
        draw_empty_roll(self.roll, self.layout)
        self._name_voices()
        self.chances = self._draw_chances() if edited.edits else None
        self._name_piece(title)
        self.page.keep()
        self._dotted = self._all_chances() if edited.edits else None

    def picture(self, number: int) -> np.ndarray:
        """Return the page after a moment, shape (height, width, 3), uint8.

        Args:
            number: of the moment, from 0; -1 is the page before the first.
        """
        edits, grid = self.edited.edits, self.grids[number + 1]
        if number < 0:
            words = ("Before the first edit", "", [])
            return self._drawn(grid, 0, [], words)
        moment = self.when[number]
        here = edits[moment.first : moment.stop]
        return self._drawn(grid, moment.stop, here, self._told(moment))

    def finished(self) -> np.ndarray:
        """Return the page of the finished piece; what is new has an outline."""
        edits, grid = self.edited.edits, self.edited.grid
        added = [
            self.roll.add_collection(
                part_bars(
                    note_parts(grid, grid.pitches != self.edited.start.pitches),
                    facecolors="none", edgecolors=INK, linewidths=0.8, zorder=5,
                ),
                autolim=False,
            )
        ]  # fmt: skip
        n_new = len(added[0].get_paths())
        outlined = f"{counted(n_new, 'note')} with an outline: what is new"
        words = (
            f"After {counted(len(edits), 'edit')}",
            "",
            [outlined] if edits else [],
        )
        return self._drawn(grid, len(edits), [], words, added)

    def roll_box(self) -> Box:
        """Return where the roll lies in the picture: left, top, right, bottom."""
        return self.page.box(self.roll)

    def columns(self, steps: np.ndarray) -> np.ndarray:
        """Return the pixel column of each position in steps, within the roll."""
        return columns(self.roll_box(), 0, self.layout.n_steps, steps)

    def _drawn(
        self,
        grid: Grid,
        n_edits: int,
        here: Sequence[Edit],
        words: tuple[str, str, list[str]],
        added: Sequence[Artist] = (),
    ) -> np.ndarray:
        """Return the page with notes, marks and words on it."""
        self.page.restore()
        if self.chances is not None:
            self._show_chances(n_edits)
        artists: list[Artist] = [
            *draw_notes(self.roll, score_of(grid, *self.bars), self.layout),
            *added,
            *self._mark(here),
            *self._write(*words),
        ]
        if here:
            first = n_edits - len(here)
            artists.append(self._dots(first, n_edits, size=26, linewidths=0.8))
        return self.page.pixels(artists)

    def _told(self, moment: Moment) -> tuple[str, str, list[str]]:
        """Return title, what stands beside it, and the last edits in words."""
        edits = self.edited.edits
        last = edits[moment.stop - 1]
        about = f"of {self.n_passes}  ·  edit {moment.stop:,} of {len(edits):,}"
        first = max(moment.stop - TOLD, 0)
        sentences = [
            edit.sentence(*self.bars).split(": ", 1)[1]
            for edit in reversed(edits[first : moment.stop])
        ]
        sentences = [text[:1].upper() + text[1:] for text in sentences]
        n_others = moment.stop - moment.first - 1
        if n_others:
            others = f"and {counted(n_others, 'other edit')} at the same moment"
            sentences = [sentences[0], others]
        return f"Pass {last.iteration}", about, sentences

    def _mark(self, here: Sequence[Edit]) -> list[PolyCollection]:
        """Outline what was just edited; what was taken away is dashed."""
        shapes = [(edit.voice, edit.start, edit.start + edit.n_steps) for edit in here]
        new = [
            (*shape, edit.after)
            for shape, edit in zip(shapes, here, strict=True)
            if edit.after != REST
        ]
        gone = [
            (*shape, edit.before)
            for shape, edit in zip(shapes, here, strict=True)
            if edit.before != REST
        ]
        marks = [
            part_bars(
                gone, facecolors="none", edgecolors=FAINT_INK, linewidths=1.2,
                linestyles=(0, (2, 1.5)), zorder=4,
            ),
            part_bars(
                new, _HALO, facecolors="none", edgecolors=INK, linewidths=1.8, zorder=5
            ),
        ]  # fmt: skip
        return [self.roll.add_collection(mark, autolim=False) for mark in marks]

    def _all_chances(self) -> np.ndarray:
        """Return the panel with a dot for every edit, to be shown piece by piece."""
        dots = self._dots(0, len(self.edited.edits), size=9, linewidths=0)
        left, top, right, bottom = self.page.box(self.chances)
        return self.page.pixels([dots])[top:bottom, left:right]

    def _show_chances(self, n_edits: int) -> None:
        """Put a dot for each edit so far on the page."""
        left, top, right, _ = self.page.box(self.chances)
        n_columns = round((right - left) * n_edits / len(self.edited.edits))
        page = np.asarray(self.page.canvas.buffer_rgba())
        shown = self._dotted[:, :n_columns]
        page[top : top + len(shown), left : left + n_columns, :3] = shown

    def _dots(
        self, first: int, stop: int, size: float, linewidths: float
    ) -> PathCollection:
        """Return dots that say how sure the model was of some of the edits."""
        edits = self.edited.edits[first:stop]
        n_voices = self.edited.grid.n_voices
        colours = np.array([track_colour(voice) for voice in range(n_voices)])
        return self.chances.scatter(
            np.arange(first, stop) + 0.5,
            [edit.probability for edit in edits],
            size,
            colours[[edit.voice for edit in edits]],
            linewidths=linewidths,
            edgecolors=INK,
            zorder=3,
        )

    def _write(self, title: str, about: str, sentences: list[str]) -> list[Artist]:
        """Say how far the editing is."""
        written = [
            self.figure.text(
                _ROLL[0], _TITLE, title, fontsize=17, weight="bold", color=INK
            )
        ]
        end = written[0].get_window_extent(self.page.canvas.get_renderer()).x1
        written.append(
            self.figure.text(
                end / self.size[0] + 0.01, _TITLE, about, fontsize=10, color=FAINT_INK
            )
        )
        for line, sentence in enumerate(sentences):
            colour, y = (FAINT_INK if line else INK), _FIRST_SENTENCE - line * _LINE
            written.append(
                self.figure.text(_ROLL[0], y, sentence, fontsize=11, color=colour)
            )
        return written

    def _draw_chances(self) -> Axes:
        """Draw the empty panel of the probabilities."""
        ax = self.page.axes(_CHANCES)
        n_edits = len(self.edited.edits)
        ax.set(xlim=(0, n_edits), ylim=(-0.06, 1.08))
        ax.set_yticks([0, 0.5, 1])
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_xlabel("edits in order: how probable each was when it was drawn")
        add_grid(ax)
        return ax

    def _name_voices(self) -> None:
        """Put the voices' names above the roll, on its right."""
        tracks = score_of(self.edited.grid, *self.bars).tracks
        names = [(i, track.name) for i, track in enumerate(tracks)]
        name_tracks(self.roll, names, "lower right", (1, 1))

    def _name_piece(self, title: str) -> None:
        self.figure.text(
            _ROLL[0] + _ROLL[2], _TITLE, short_title(title, MAX_TITLE),
            ha="right", fontsize=10, color=FAINT_INK,
        )  # fmt: skip


def _extremes(pitches: np.ndarray) -> np.ndarray:
    """Return the lowest and the highest sounding pitch as a row, shape (1, 2)."""
    sounding = pitches[pitches != REST]
    ends = [sounding.min(), sounding.max()] if sounding.size else [REST, REST]
    return np.array([ends])

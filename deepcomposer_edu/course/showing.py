"""Show package code and music in a notebook."""

from __future__ import annotations

import base64
import inspect
import io
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import deepcomposer_edu
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.score import Score, note_name
from deepcomposer_edu.music.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SCREEN_DPI = 110  # pictures have twice as many, for sharp screens


@dataclass(frozen=True)
class Source:
    """Code that shows itself with the notebook's own highlighting.

    Args:
        code: the text.
        place: where it stands.
    """

    code: str
    place: str

    def __repr__(self) -> str:
        return f"# {self.place}\n{self.code}"

    def _repr_markdown_(self) -> str:
        return f"`{self.place}`\n\n```python\n{self.code}\n```"


def show(thing: Callable) -> Source:
    """Return the source of a package function, class or method, to be displayed.

    Args:
        thing: the function itself, without brackets.

    Raises:
        InputError: if it has no Python source.
    """
    thing = inspect.unwrap(thing) if callable(thing) else thing
    try:
        lines, first = inspect.getsourcelines(thing)
        path = Path(inspect.getsourcefile(thing))
    except (TypeError, OSError) as error:
        raise InputError(
            f"There is no source to show for {thing!r}; give a function or class of "
            "the package by its name, without brackets."
        ) from error
    root = Path(deepcomposer_edu.__file__).parent.parent
    place = (
        path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    )
    code = inspect.cleandoc("\n" + "".join(lines))
    return Source(code.rstrip(), f"{place}, line {max(first, 1)}")


@dataclass(frozen=True)
class Picture:
    """A figure that shows itself with a caption, and in words for screen readers.

    Args:
        png: the encoded image, two pixels to a point.
        text: what it shows, in a sentence.
        width: in points.
        caption: the sentence under it, if there is one.
    """

    png: bytes
    text: str
    width: int
    caption: str = ""

    def __repr__(self) -> str:
        return f"{self.caption}. {self.text}" if self.caption else self.text

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode()
        caption = f"<figcaption>{escape(self.caption)}</figcaption>"
        return (
            '<figure style="margin: 0.3em 0">'
            f'<img alt="{escape(self.text, quote=True)}" width="{self.width}" '
            f'style="max-width: 100%; background: white" '
            f'src="data:image/png;base64,{data}">'
            f"{caption if self.caption else ''}</figure>"
        )


def plot(music: Score | Grid, caption: str = "") -> Picture:
    """Return the piano roll of a score as a picture; as a last line it shows itself.

    Args:
        music: a score, or a grid of voices.
        caption: the sentence under it; by default the score's title.
    """
    from deepcomposer_edu.viz.rolls import plot_pianoroll

    score = from_grid(music) if isinstance(music, Grid) else music
    figure = plot_pianoroll(score).figure
    return picture(figure, in_words(score), caption or score.title)


def picture(figure: Figure | Axes, text: str, caption: str = "") -> Picture:
    """Return a matplotlib figure as a picture.

    Args:
        figure: the figure, or axes of one.
        text: what it shows, in a sentence.
        caption: the sentence under it.
    """
    figure = getattr(figure, "figure", figure)  # that of the axes
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=2 * SCREEN_DPI)
    width = round(figure.get_figwidth() * SCREEN_DPI)
    return Picture(buffer.getvalue(), text, width, caption)


def in_words(score: Score) -> str:
    """Return what a piano roll shows, as a sentence.

    >>> in_words(Score.from_notes([(0, 60, 4), (4, 67, 4)]))
    'Piano roll: 1 track, 2 notes in 8 steps, from C4 to G4.'
    """
    heights = [n.pitch for t in score.tracks if not t.is_drum for n in t.notes]
    span = ""
    if heights:
        span = f", from {note_name(min(heights))} to {note_name(max(heights))}"
    tracks = counted(len(score.tracks), "track")
    notes = counted(len(score.notes), "note")
    return f"Piano roll: {tracks}, {notes} in {score.n_steps} steps{span}."

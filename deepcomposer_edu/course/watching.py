"""Watch a training: its curves, its stages on a slider, its film."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.course.listening import SAMPLE_RATE, Player, heard_html, play
from deepcomposer_edu.course.showing import Picture, picture
from deepcomposer_edu.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from deepcomposer_edu.widgets import TrainingMonitor

SHOWN_WIDTH = 768  # of a film in the notebook, in points
MAX_FILM_BYTES = 30 << 20


def curves(
    rows: Sequence[Mapping[str, float]],
    *names: str,
    reference: Mapping[str, float] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Picture:
    """Return how values moved through a training, as a picture.

    Args:
        rows: the history; see `training.history.read_history`.
        *names: the values to draw, such as "triad_rate".
        reference: the data's own values, drawn as dashed lines.
        title: above the picture.
        ax: axes to draw into; new ones if None.

    Raises:
        InputError: if no row has one of the names.
    """
    from deepcomposer_edu.viz.history import plot_history, series
    from deepcomposer_edu.viz.names import label_of

    axes = plot_history(rows, ax, names=names, reference=reference)
    if title:
        axes.set_title(title, loc="left", fontsize=9, pad=20)
    texts = []
    for name in names:
        steps, values = series(rows, name)
        if values:
            texts.append(f"{label_of(name)} from {values[0]:.3g} to {values[-1]:.3g}")
            last = steps[-1]
    text = f"Curves up to step {last:.0f}: {', '.join(texts)}."
    return picture(axes.figure, f"{title}. {text}" if title else text)


def hear_curves(
    rows: Sequence[Mapping[str, float]],
    *names: str,
    title: str = "",
    seconds: float | None = None,
) -> Player:
    """Return how values moved through a training, as sound: a player with a caption.

    A higher value is a higher tone; steep gradients make it rough, values off the scale
    rattle, and what is no number is noise. The caption says it in words.

    Args:
        rows: the history, or a run folder's; see `training.history.read_history`.
        *names: one or two values, such as "loss"; the losses if none is given. Those
            that no row has are left out, as in `curves`.
        title: before the caption.
        seconds: how long it takes, 1 to 60; 8 or less if None.

    Raises:
        InputError: if there is nothing to hear, or `seconds` is out of range.
    """
    from deepcomposer_edu.viz.run_sound import sonify

    present = [name for name in names if any(name in row for row in rows)]
    heard = sonify(rows, *(present or names), seconds=seconds)
    audio = heard.audio()
    caption = f"{title}. {heard.words}" if title else heard.words
    return play(audio, caption, seconds=len(audio) / SAMPLE_RATE)


def voice_curves(
    rows: Sequence[Mapping[str, float]],
    metric: str,
    reference: Mapping[str, float] | None = None,
) -> Picture:
    """Return how a metric of alto, tenor and bass moved, each in its own colour.

    Args:
        rows: the history.
        metric: the name of the metric without the voice, such as "empty_bar_rate".
        reference: the data's own values, drawn as dashed lines.

    Raises:
        InputError: if no row has the metric.
    """
    from deepcomposer_edu.viz.colours import track_colour
    from deepcomposer_edu.viz.history import plot_history, series
    from deepcomposer_edu.viz.names import label_of

    voices = {f"{metric}_{voice}": voice for voice in ("alto", "tenor", "bass")}
    axes = plot_history(
        rows,
        names=list(voices),
        reference=reference,
        labels=voices,
        colours={name: track_colour(1 + i) for i, name in enumerate(voices)},
    )
    axes.set_title(label_of(metric), loc="left", fontsize=9, pad=20)
    last = {voice: series(rows, name)[1][-1:] for name, voice in voices.items()}
    ends = ", ".join(
        f"{voice} {value[0]:.3g}" for voice, value in last.items() if value
    )
    return picture(axes.figure, f"Curves of {label_of(metric)}; at the end: {ends}.")


def watch(
    n_steps: int,
    reference: Mapping[str, float] | None = None,
    run_dir: str | Path | None = None,
) -> Callable[[Mapping[str, float]], None]:
    """Return a function for an `on_step` that shows how training goes, in a monitor.

    It is for a loop of your own, or a `train_wgan` that the cell waits for;
    `TrainingMonitor.start` trains while the notebook stays free.

    Args:
        n_steps: how many steps there will be.
        reference: the data's own metrics, drawn as dashed lines.
        run_dir: the run folder, if the loop writes one: then its music is heard, too.
    """
    from deepcomposer_edu.widgets import TrainingMonitor

    monitor = TrainingMonitor(run_dir)
    monitor.n_steps, monitor.state = n_steps, "training"
    monitor.reference = dict(reference or monitor.reference)
    is_shown = False

    def on_step(row: Mapping[str, float]) -> None:
        nonlocal is_shown
        if run_dir is None:  # else it is read from the folder
            monitor.add(row)
        if not is_shown:
            is_shown = True
            _show(monitor)
        if row["step"] >= n_steps:
            monitor.refresh()
            monitor.state = "finished"
            if not _is_notebook():
                print(monitor)

    return on_step


def _is_notebook() -> bool:
    """Return whether what is displayed can be a widget."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")


def _show(thing: object) -> None:
    """Show a widget; as a line of text where there is no notebook."""
    if not _is_notebook():
        print(thing)
        return
    from IPython.display import display

    display(thing)


def time_machine(run_dir: str | Path, n_stages: int | None = None) -> TrainingMonitor:
    """Return a slider over a run's stages; as a cell's last line it shows itself.

    It moves the piano roll, the curves and the sound.

    Args:
        run_dir: a run folder with samples.
        n_stages: at most that many stages, spread over the run; 60 if None.

    Raises:
        InputError: if the folder holds no samples.
    """
    from deepcomposer_edu.widgets import TrainingMonitor

    return TrainingMonitor(run_dir, n_stages, follow=False)


@dataclass(frozen=True)
class Film:
    """A video that shows itself in the notebook."""

    path: Path
    caption: str
    heard: str = ""  # what is to be heard, in words

    def __repr__(self) -> str:
        heard = f". {self.heard}" if self.heard else ""
        return f"Video: {self.caption} ({self.path.name}){heard}"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.path.read_bytes()).decode()
        caption = escape(self.caption)
        return (
            f'<figure style="margin: 0.3em 0"><figcaption>{caption}</figcaption>'
            f'<video controls preload="metadata" aria-label="{caption}" '
            f'style="width: 100%; max-width: {SHOWN_WIDTH}px" '
            f'src="data:video/mp4;base64,{data}"></video>{heard_html(self.heard)}'
            "</figure>"
        )


def film(path: str | Path, caption: str = "", heard: str = "") -> Film:
    """Return an MP4 video that shows itself; it never starts by itself.

    Args:
        path: the file.
        caption: what it is; by default its name.
        heard: what is to be heard, in words; by default what can be said of its sound.

    Raises:
        InputError: if there is no such file, or it is too large for a notebook.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"There is no video {path}; make it first.")
    if path.stat().st_size > MAX_FILM_BYTES:
        raise InputError(
            f"The video {path.name} has {path.stat().st_size >> 20} MB, more than the "
            f"{MAX_FILM_BYTES >> 20} MB that a notebook should hold; open the file "
            "itself."
        )
    return Film(path, caption or path.stem, heard or _heard_of(path))


def _heard_of(path: Path) -> str:
    """Return what the sound of a film is like, in words; "" if it has none."""
    from deepcomposer_edu.music.audio import read_audio
    from deepcomposer_edu.music.heard import heard_sound

    try:
        audio, rate = read_audio(path)
    except InputError:
        return ""
    return heard_sound(audio, rate)

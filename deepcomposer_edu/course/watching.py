"""Watch a training: its curves, its stages on a slider, its film."""

from __future__ import annotations

import base64
import io
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from deepcomposer_edu.course.listening import Player, play
from deepcomposer_edu.course.showing import Picture, picture
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.midi import read_midi

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes

PAGE_SIZE = (1152, 648)  # pixels of a stage's page, 9.6 inches wide
SHOWN_WIDTH = 768  # of a page or film in the notebook, in points
MAX_FILM_BYTES = 30 << 20
SECONDS_PER_PICTURE = 4.0  # a live curve is drawn anew no more often than this


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
    from deepcomposer_edu.viz.history import label_of, plot_history, series

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
    from deepcomposer_edu.viz.history import label_of, plot_history, series

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
    """Return a function for `train_wgan(on_step=...)` that shows how training goes.

    Where pictures can be shown it draws the losses and, once there are measurements,
    the musical metrics, anew every few seconds; elsewhere it prints a line.

    Args:
        n_steps: how many steps there will be.
        reference: the data's own metrics, drawn as dashed lines.
        run_dir: the run folder, to hear its newest sample while training goes on.
    """
    rows: list[Mapping[str, float]] = []
    curve, sound = _Place(), _Place()
    begun = time.monotonic()

    def on_step(row: Mapping[str, float]) -> None:
        rows.append(row)
        is_last = row["step"] >= n_steps
        if len(rows) > 1 and (is_last or curve.age > SECONDS_PER_PICTURE):
            seconds = time.monotonic() - begun
            curve.show(_progress_page(rows, n_steps, seconds, reference))
        if run_dir is not None and curve.is_used:  # the sound stands below
            samples = sorted((Path(run_dir) / "samples").glob("step_*.mid"))
            if samples and samples[-1] != sound.content:
                sound.content = samples[-1]
                step = int(samples[-1].stem.removeprefix("step_"))
                sound.show(play(read_midi(samples[-1]), f"The melody at step {step}"))

    return on_step


class _Place:
    """A place in a cell's output where one thing takes the place of another."""

    def __init__(self) -> None:
        self.content: object = None
        self.is_used = False
        self._handle: object = None
        self._shown_at = -math.inf

    @property
    def age(self) -> float:
        """Seconds since something was shown here."""
        return time.monotonic() - self._shown_at

    def show(self, thing: object) -> None:
        """Show a picture or a player; as a line of text where there is no notebook."""
        self._shown_at = time.monotonic()
        self.is_used = True
        if self._handle is not None:
            self._handle.update(thing)
            return
        try:
            from IPython.display import display

            self._handle = display(thing, display_id=True)
        except ImportError:
            print(thing)


def _progress_page(
    rows: Sequence[Mapping[str, float]],
    n_steps: int,
    seconds: float,
    reference: Mapping[str, float] | None,
) -> Picture:
    """Return losses above metrics, with how far the training is as a title."""
    from deepcomposer_edu.viz.figures import new_axes
    from deepcomposer_edu.viz.history import LOSSES, MEASURES, plot_history

    measured = [row for row in rows if any(name in row for name in MEASURES)]
    panels = new_axes(2) if measured else [new_axes()]
    title = f"step {rows[-1]['step']} of {n_steps}, {seconds:.0f} seconds"
    if measured:
        plot_history(rows, panels[1], names=MEASURES[:4], reference=reference)
    return curves(rows, *LOSSES, title=title, ax=panels[0])


@dataclass(frozen=True)
class Moment:
    """One stage of a training: its page, its sound, and what they hold in words."""

    step: int
    png: bytes
    player: Player
    text: str

    def to_html(self) -> str:
        """Return picture and player as HTML."""
        data = base64.b64encode(self.png).decode()
        return (
            f'<img src="data:image/png;base64,{data}" alt="{escape(self.text)}" '
            f'style="width: 100%; max-width: {SHOWN_WIDTH}px">'
            f"{self.player._repr_html_()}"
        )


class TimeMachine:
    """A slider over the stages of a training: see and hear each.

    Args:
        run_dir: a run folder with samples.
        n_stages: at most that many stages, spread over the run; all if None.

    Raises:
        InputError: if the folder holds no samples.
    """

    def __init__(self, run_dir: str | Path, n_stages: int | None = None) -> None:
        from deepcomposer_edu.viz.run_page import RunPage
        from deepcomposer_edu.viz.runs import load_run

        self.run = load_run(run_dir, n_stages)
        self._page = RunPage(self.run, PAGE_SIZE)
        self._moments: dict[int, Moment] = {}

    @property
    def steps(self) -> list[int]:
        """The training steps that can be visited."""
        return [stage.step for stage in self.run.stages]

    def at(self, step: int) -> Moment:
        """Return the stage at a step of `steps`; the second time it is at hand.

        Raises:
            InputError: if there is no stage at that step.
        """
        if step not in self.steps:
            known = ", ".join(map(str, self.steps))
            raise InputError(f"There is no stage at step {step}; choose {known}.")
        if step not in self._moments:
            number = self.steps.index(step)
            score = self.run.stages[number].score
            self._moments[step] = Moment(
                step,
                _png(self._page.picture(number)),
                play(score, f"The melody after {step} steps"),
                f"The melody after {step} steps, with losses and metrics.",
            )
        return self._moments[step]

    def widget(self) -> ipywidgets.VBox:
        """Return the slider with the picture and the player below it."""
        import ipywidgets

        slider = ipywidgets.SelectionSlider(
            options=[(f"{step:,}", step) for step in self.steps],
            value=self.steps[-1],
            description="Step",
            continuous_update=False,
            layout={"width": f"{SHOWN_WIDTH}px", "max_width": "100%"},
        )
        shown = ipywidgets.HTML(self.at(slider.value).to_html())

        def go(change: dict) -> None:
            shown.value = self.at(change["new"]).to_html()

        slider.observe(go, names="value")
        return ipywidgets.VBox([slider, shown])

    def __repr__(self) -> str:
        steps = ", ".join(map(str, self.steps))
        return f"Time machine with the steps {steps}; for example machine.at(0)."

    def _repr_mimebundle_(self, **options: object) -> dict:
        for step in self.steps:  # so that the slider answers at once
            self.at(step)
        bundle = self.widget()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        return {**data, "text/plain": repr(self)}


def time_machine(run_dir: str | Path, n_stages: int | None = None) -> TimeMachine:
    """Return a slider over a run's stages; as a cell's last line it shows itself."""
    return TimeMachine(run_dir, n_stages)


def _png(pixels: object) -> bytes:
    """Return a picture of shape (height, width, 3), uint8, as PNG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return buffer.getvalue()


@dataclass(frozen=True)
class Film:
    """A video that shows itself in the notebook."""

    path: Path
    caption: str

    def __repr__(self) -> str:
        return f"Video: {self.caption} ({self.path.name})"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.path.read_bytes()).decode()
        caption = escape(self.caption)
        return (
            f'<figure style="margin: 0.3em 0"><figcaption>{caption}</figcaption>'
            f'<video controls preload="metadata" aria-label="{caption}" '
            f'style="width: 100%; max-width: {SHOWN_WIDTH}px" '
            f'src="data:video/mp4;base64,{data}"></video></figure>'
        )


def film(path: str | Path, caption: str = "") -> Film:
    """Return an MP4 video that shows itself; it never starts by itself.

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
    return Film(path, caption or path.stem)

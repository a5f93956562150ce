"""Make the film on the first page: `python docs/images/film.py`.

It writes film.mp4 and film.gif, which show what a learner meets: a tune, a network
before, while and after it learns, edits, a band, the widgets. All of it is composed,
played and drawn by the course itself, from seed 0; the widgets are the pictures that
widgets.py takes. The GIF has no sound, fewer pictures, and goes faster.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from make import TUNE, edited, first_bars, untrained_voices
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from deepcomposer_edu.compose import compose
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.music.edit_sound import moments
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.synth import Synth, render
from deepcomposer_edu.paths import data_dir
from deepcomposer_edu.viz.colours import FAINT_INK, INK
from deepcomposer_edu.viz.edit_film import edit_scenes, in_whole_pictures
from deepcomposer_edu.viz.edit_page import EditPage
from deepcomposer_edu.viz.figures import style_axes
from deepcomposer_edu.viz.film import (
    PALE,
    SAMPLE_RATE,
    Scene,
    Sweep,
    steps_at,
    write_film,
)
from deepcomposer_edu.viz.gif import write_gif
from deepcomposer_edu.viz.rolls import (
    RollLayout,
    draw_empty_roll,
    draw_notes,
    roll_layout,
)
from deepcomposer_edu.viz.run_page import RunPage
from deepcomposer_edu.viz.runs import Run, load_run
from deepcomposer_edu.viz.video import stage_scene

HERE = Path(__file__).resolve().parent
SIZE, FPS = (960, 540), 20
GIF_SIZE, GIF_EVERY, GIF_SECONDS, GIF_COLOURS = (720, 405), 1.0, 0.6, 224
TITLE_SECONDS, CARD_SECONDS, PICTURE_SECONDS = 2.5, 4.0, 2.0
N_STAGES, STAGE_SECONDS, EDIT_SECONDS = 5, 1.6, 8.0
SHORT, LONG = 2, 4  # bars
FADE_SECONDS = 0.4
LEFT, WIDTH = 0.062, 0.918  # shares of the page
# Name of the picture, the share of its height at which its part begins, and the words.
WIDGETS = [
    ("studio", 0.0, "The studio: a melody, a style, versions, files"),
    ("studio", 0.4, "Two versions compared: what differs lights up"),
    ("edit_desk", 0.0, "You and a network edit the same piece"),
    ("gan_game", 0.0, "Two tiny networks play against each other, live"),
    ("keyboard-panel", 0.0, "A piano that records what you play"),
]


def new_page(headline: str, words: str = "") -> Figure:
    """Return an empty page with a headline and, below it, a line of words."""
    dpi = 100
    figure = Figure(figsize=(SIZE[0] / dpi, SIZE[1] / dpi), dpi=dpi)
    FigureCanvasAgg(figure)
    bold = {"fontsize": 19, "weight": "bold", "color": INK}
    figure.text(LEFT, 0.905, headline, **bold)
    figure.text(LEFT, 0.85, words, fontsize=12, color=FAINT_INK)
    return figure


def picture_of(figure: Figure) -> np.ndarray:
    """Return a page as a picture, shape (height, width, 3), uint8."""
    figure.canvas.draw()
    return np.array(figure.canvas.buffer_rgba())[:, :, :3]


def silence(_: int, n_samples: int) -> np.ndarray:
    """Return no sound, shape (n_samples, 2)."""
    return np.zeros((n_samples, 2), np.float32)


def heard(audio: np.ndarray, at: float, is_last: bool) -> Callable:
    """Return what a scene sounds like: a part of a recording.

    Args:
        audio: shape (N, 2).
        at: the second at which the scene begins.
        is_last: whether it is faded out at its end.
    """

    def sound(_: int, n_samples: int) -> np.ndarray:
        first = round(at * SAMPLE_RATE)
        part = audio[first : first + n_samples].copy()
        n_fade = min(round(FADE_SECONDS * SAMPLE_RATE), len(part)) if is_last else 0
        part[len(part) - n_fade :] *= np.linspace(1, 0, n_fade)[:, None]
        return part

    return sound


def card(headline: str, lines: list[str], seconds: float) -> Scene:
    """Return a page of words alone."""
    figure = new_page("")
    big = {"fontsize": 34, "weight": "bold", "color": INK}
    figure.text(0.5, 0.62, headline, ha="center", **big)
    for row, line in enumerate(lines):
        is_command = line.startswith("python ")
        family = "monospace" if is_command else "sans-serif"
        figure.text(
            0.5, 0.5 - 0.085 * row, line, ha="center", fontsize=16, family=family,
            color=INK if is_command else FAINT_INK,
        )  # fmt: skip
    page = picture_of(figure)
    return Scene(round(seconds * FPS), lambda: page, [], silence)


def played(
    score: Score,
    n_bars: int,
    layout: RollLayout,
    words: tuple[str, str],
    sound: Callable | None = None,
) -> Scene:
    """Return some bars of 4/4 under a playhead.

    Args:
        score: what is played, from its beginning.
        n_bars: how many of its bars.
        layout: pitches and bars that the roll shows.
        words: the headline, and what stands below it.
        sound: what is heard; None: the bars alone.
    """
    shown = first_bars(score, n_bars)
    seconds = n_bars * 4 * 60 / score.tempo
    figure = new_page(*words)
    ax = figure.add_axes((LEFT, 0.11, WIDTH, 0.7))
    style_axes(ax)
    draw_empty_roll(ax, layout)
    draw_notes(ax, shown, layout)
    page = picture_of(figure)
    box = ax.get_window_extent()
    left, right = round(box.x0), round(box.x1)
    n_frames = math.ceil(seconds * FPS)
    share = steps_at(score, np.arange(n_frames) / FPS) / layout.n_steps
    columns = np.rint(left + np.clip(share, 0, 1) * (right - left)).astype(int)
    place = (left, round(SIZE[1] - box.y1), right, round(SIZE[1] - box.y0))
    audio = sound or heard(render(shown, SAMPLE_RATE), 0, is_last=True)
    return Scene(n_frames, lambda: page, [Sweep(place, columns)], audio)


def widget(name: str, begins: float, words: str, sound: Callable) -> Scene:
    """Return the picture of a widget, or the part of it that fits, on a page."""
    figure = new_page(words)
    image = Image.open(HERE / f"{name}.png").convert("RGB")
    image = image.crop((0, round(begins * image.height), image.width, image.height))
    room = round(SIZE[0] * WIDTH), round(SIZE[1] * 0.84)
    scale = min(room[0] / image.width, 0.72)
    size = round(image.width * scale), round(image.height * scale)
    image = image.resize(size, Image.Resampling.LANCZOS)
    page = Image.fromarray(picture_of(figure))
    part = image.crop((0, 0, size[0], min(size[1], room[1])))
    page.paste(part, ((SIZE[0] - size[0]) // 2, round(SIZE[1] * 0.14)))
    pixels = np.array(page)
    return Scene(round(PICTURE_SECONDS * FPS), lambda: pixels, [], sound)


def edits() -> Iterator[Scene]:
    """Yield how another network writes voices below the tune, edit by edit."""
    found = edited("harmonise", TUNE)
    when = in_whole_pictures(moments(found.edited.edits, EDIT_SECONDS), FPS)
    title = "Another network edits: watch it think"
    page = EditPage(found.edited, when, SIZE, found.steps_per_bar, found.pickup, title)
    yield from edit_scenes(page, found.edited, when, Synth(), FPS)


def learning(run: Run) -> Iterator[Scene]:
    """Yield a training, stage by stage."""
    page, synth = RunPage(run, SIZE), Synth()
    for number, stage in enumerate(run.stages):
        yield stage_scene(page, number, stage.score, synth, STAGE_SECONDS, FPS)


def scenes() -> list[Scene]:
    """Return the whole film."""
    tune = load_tune(TUNE)
    before, after = untrained_voices(tune), compose(TUNE, seed=0).score
    jazz = compose(TUNE, seed=0, genre="jazz").score
    bars = [first_bars(score, LONG) for score in (tune, after)]
    narrow, wide = roll_layout(bars), roll_layout([first_bars(before, SHORT)])
    band = render(jazz, SAMPLE_RATE)
    bar_seconds = 4 * 60 / jazz.tempo
    run = load_run(data_dir() / "runs" / "wgan-bach", N_STAGES)
    n_steps = run.stages[-1].step
    words = (
        ("You play a melody, or pick one", "The Ode to Joy"),
        ("A network adds three voices", "before it has learned anything"),
        ("It learns from Bach's chorales", f"after {n_steps:,} steps of training"),
        ("The same harmony, played by a jazz band", "by rules written by hand"),
    )
    film = [
        card(
            "DeepComposer EDU",
            ["Learn generative AI by making music,", "on your own laptop"],
            TITLE_SECONDS,
        ),
        played(tune, SHORT, roll_layout([first_bars(tune, SHORT)]), words[0]),
        played(before, SHORT, wide, words[1]),
        *learning(run),
        played(after, LONG, narrow, words[2]),
        *edits(),
        played(
            jazz,
            LONG,
            roll_layout([first_bars(jazz, LONG)]),
            words[3],
            heard(band, 0, is_last=False),
        ),
    ]
    at = LONG * bar_seconds
    for number, (name, begins, said) in enumerate(WIDGETS):
        sound = heard(band, at, is_last=number == len(WIDGETS) - 1)
        film.append(widget(name, begins, said, sound))
        at += PICTURE_SECONDS
    lines = ["python course.py lab", "Fifteen lessons. Everything works offline."]
    film.append(card("One command, no account", lines, CARD_SECONDS))
    return film


def still(scene: Scene, number: int) -> np.ndarray:
    """Return one picture of a scene, with its playhead, as the film shows it."""
    picture = np.array(scene.draw())
    for sweep in scene.sweeps:
        (left, top, right, bottom), at = sweep.box, int(sweep.columns[number])
        part = picture[top:bottom, max(at, left) : right]
        part += ((255 - part) * PALE).astype(np.uint8)
        picture[top:bottom, at : at + 2] = 34
    small = Image.fromarray(picture).resize(GIF_SIZE, Image.Resampling.LANCZOS)
    return np.array(small)


def write_as_gif(film: list[Scene], out: Path) -> None:
    """Write some pictures of the film: one of each second, one of each page at least.

    Of scenes that are shorter, such as edits, only those at whole seconds are taken.
    """
    pictures, at, due = [], 0.0, 0.0
    for scene in film:
        seconds = scene.n_frames / FPS
        while due < at + seconds:
            number = min(int((due - at) * FPS), scene.n_frames - 1)
            pictures.append(still(scene, max(number, 0)))
            due += GIF_EVERY
        at += seconds
    # thin rows of all pages, so that every page's colours count
    colours = np.concatenate([picture[::7] for picture in pictures])
    write_gif(out, pictures, [GIF_SECONDS] * len(pictures), colours, GIF_COLOURS)


def main() -> None:
    """Make both files."""
    film = scenes()
    write_film(HERE / "film.mp4", film, FPS, SIZE)
    write_as_gif(film, HERE / "film.gif")
    for name in ("film.mp4", "film.gif"):
        print(f"wrote {name}, {(HERE / name).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

"""A piece as a film: the piano roll turns its pages while the music is played."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.synth import render
from deepcomposer_edu.viz.film import (
    SAMPLE_RATE,
    TAIL_SECONDS,
    Scene,
    Sweep,
    check_film,
    steps_at,
    write_film,
)
from deepcomposer_edu.viz.performance_page import PerformancePages


def performance_video(
    score: Score,
    out: str | Path,
    *,
    fps: int = 30,
    size: tuple[int, int] = (1280, 720),
    audio: Callable[[], np.ndarray] | None = None,
    on_frame: Callable[[int, int], None] | None = None,
) -> Path:
    """Make an MP4 of a piece: piano roll, playhead, keys that light up, and sound.

    A page shows about eight bars; below it lies the whole piece, with what has been
    played.

    Args:
        score: what to play, with at least one note.
        out: the video, a name that ends in .mp4; it appears whole or not at all.
        fps: pictures per second, 1 to 60.
        size: width and height in pixels, both even, 320 to 3840.
        audio: gives the piece's sound at 44,100 hertz, shape (N, 2), if there is one
            already; asked for when it is needed.
        on_frame: called with (pictures done, pictures in all), about once a second of
            film; what it raises stops the work, and no file is left.

    Returns:
        The path of the video.

    Raises:
        InputError: if there are no notes, a value is out of range, or the file can't
            be written.
    """
    check_film(out, fps, size)
    if not score.notes:
        raise InputError(
            "There is nothing to show: the piece has no notes; add some first."
        )
    heard: list[np.ndarray] = []

    def sound(first: int, n_samples: int) -> np.ndarray:
        if not heard:
            heard.append(render(score, SAMPLE_RATE) if audio is None else audio())
        return heard[0][first : first + n_samples]

    pages = PerformancePages(score, size)
    n_frames = math.ceil((score.seconds + TAIL_SECONDS) * fps)
    steps = steps_at(score, np.arange(n_frames) / fps)
    scenes = []
    for number, (first, last) in _frames_of_pages(pages, steps):
        here = steps[first:last]
        scenes.append(
            Scene(
                n_frames=last - first,
                draw=lambda number=number: pages.picture(number),
                sweeps=[
                    Sweep(pages.roll_box(), pages.columns(number, here)),
                    Sweep(pages.overview_box(), pages.overview_columns(here)),
                ],
                sound=sound,
                lamps=pages.lamps(here),
            )
        )
    return write_film(out, scenes, fps, size, on_frame=on_frame)


def _frames_of_pages(
    pages: PerformancePages, steps: np.ndarray
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield each page's number, its first picture and the one after its last.

    A page that goes by between two pictures is left out.
    """
    edges = np.searchsorted(steps, [page.lines[0][0] for page in pages.layouts])
    edges = [*edges.tolist(), len(steps)]
    for number, (first, last) in enumerate(pairwise(edges)):
        if first < last:
            yield number, (first, last)

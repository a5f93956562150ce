"""The stages of a training as a GIF, small enough for the first page of a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.viz.run_page import RunPage
from deepcomposer_edu.viz.runs import load_run

SIZE = (800, 450)
N_STAGES = 12
SECONDS, LAST_SECONDS = 0.7, 3.0  # of a stage; the last is looked at longest
N_COLOURS = 48


def training_gif(
    run_dir: str | Path,
    out: str | Path,
    *,
    seconds_per_sample: float = SECONDS,
    n_stages: int = N_STAGES,
    size: tuple[int, int] = SIZE,
) -> Path:
    """Make a GIF of a training run: one picture a stage, over and over, no sound.

    Each picture is a page of `viz.video.training_video`: piano roll, losses, metrics.

    Args:
        run_dir: the folder that training wrote.
        out: the picture, a name that ends in .gif; it appears whole or not at all.
        seconds_per_sample: how long each stage but the last is seen, 0.1 to 60.
        n_stages: at most that many samples, spread over the run.
        size: width and height in pixels, 320 to 1920.

    Returns:
        The path of the GIF.

    Raises:
        InputError: if the run has no samples, a value is out of range, or the file
            can't be written.
    """
    if n_stages < 1:
        raise InputError(
            f"The GIF should have {n_stages} stages, but it needs at least one stage."
        )
    check_gif(out, seconds_per_sample, size)
    run = load_run(run_dir, n_stages)
    page = RunPage(run, size)
    pages = [page.picture(i) for i in range(len(run.stages))]
    lengths = [seconds_per_sample] * len(pages)
    lengths[-1] = max(seconds_per_sample, LAST_SECONDS)
    return write_gif(out, pages, lengths)


def write_gif(
    out: str | Path,
    pictures: Sequence[np.ndarray],
    seconds: Sequence[float],
    colours_of: np.ndarray | None = None,
    n_colours: int = N_COLOURS,
) -> Path:
    """Write pictures as a GIF that goes on for ever.

    Args:
        out: the file; it appears whole or not at all.
        pictures: of one size, shape (height, width, 3), uint8; at least one.
        seconds: how long each is seen.
        colours_of: the picture whose colours all of them get, of any size; the last
            of them if None.
        n_colours: so many of its colours, 2 to 256.

    Returns:
        The path of the GIF.
    """
    from PIL import Image  # installed with matplotlib

    pages = [Image.fromarray(picture) for picture in pictures]
    model = pages[-1] if colours_of is None else Image.fromarray(colours_of)
    colours = model.quantize(n_colours, dither=Image.Dither.NONE)
    frames = [
        one.quantize(palette=colours, dither=Image.Dither.NONE)  # one palette for all
        for one in pages
    ]
    with atomic_path(out) as temporary:
        frames[0].save(
            temporary,
            format="GIF",
            save_all=True,
            append_images=frames[1:],
            duration=[round(1000 * length) for length in seconds],
            loop=0,
            optimize=True,
        )
    return Path(out)


def check_gif(out: str | Path, seconds: float, size: tuple[int, int]) -> None:
    """Say what is wrong with a value before any work is done.

    Raises:
        InputError: if the name does not end in .gif, or a number is out of range.
    """
    if Path(out).suffix.lower() != ".gif":
        raise InputError(
            f"The picture's name is {Path(out).name!r}, but it must end in .gif; "
            f"call it {Path(out).stem or 'training'}.gif."
        )
    if not 0.1 <= seconds <= 60:
        raise InputError(
            f"A picture should be seen for {seconds} seconds, but 0.1 to 60 seconds "
            "are possible."
        )
    if any(n != int(n) or not 320 <= n <= 1920 for n in size):
        raise InputError(
            f"The picture's size is {size}, but width and height must be whole numbers "
            f"from 320 to 1920; {SIZE} is usual."
        )

"""The stages of a training as a GIF, small enough for the first page of a project."""

from __future__ import annotations

from pathlib import Path

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
    _check(out, seconds_per_sample, n_stages, size)
    from PIL import Image  # installed with matplotlib

    run = load_run(run_dir, n_stages)
    page = RunPage(run, size)
    pages = [Image.fromarray(page.picture(i)) for i in range(len(run.stages))]
    colours = pages[-1].quantize(N_COLOURS, dither=Image.Dither.NONE)
    frames = [
        one.quantize(palette=colours, dither=Image.Dither.NONE)  # one palette for all
        for one in pages
    ]
    lengths = [round(1000 * seconds_per_sample)] * len(frames)
    lengths[-1] = max(lengths[-1], round(1000 * LAST_SECONDS))
    with atomic_path(out) as temporary:
        frames[0].save(
            temporary,
            format="GIF",
            save_all=True,
            append_images=frames[1:],
            duration=lengths,
            loop=0,
            optimize=True,
        )
    return Path(out)


def _check(
    out: str | Path, seconds: float, n_stages: int, size: tuple[int, int]
) -> None:
    """Say what is wrong with a value before any work is done."""
    if Path(out).suffix.lower() != ".gif":
        raise InputError(
            f"The picture's name is {Path(out).name!r}, but it must end in .gif; "
            f"call it {Path(out).stem or 'training'}.gif."
        )
    if not 0.1 <= seconds <= 60 or n_stages < 1:
        raise InputError(
            f"{n_stages} stages of {seconds} seconds were asked for, but at least one "
            "stage of 0.1 to 60 seconds is needed."
        )
    if any(n != int(n) or not 320 <= n <= 1920 for n in size):
        raise InputError(
            f"The picture's size is {size}, but width and height must be whole numbers "
            f"from 320 to 1920; {SIZE} is usual."
        )

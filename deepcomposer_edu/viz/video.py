"""The training video: hear and see the same melody at every stage of a run."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.synth import Synth, render
from deepcomposer_edu.viz.film import (
    SAMPLE_RATE,
    TAIL_SECONDS,
    Scene,
    Sweep,
    check_film,
    steps_at,
    write_film,
)
from deepcomposer_edu.viz.run_page import RunPage
from deepcomposer_edu.viz.runs import load_run

_FADE_SECONDS = 0.1  # at the end of each stage's sound


def training_video(
    run_dir: str | Path,
    out: str | Path,
    *,
    seconds_per_sample: float | None = None,
    n_stages: int | None = None,
    fps: int = 10,
    size: tuple[int, int] = (1280, 720),
    on_stage: Callable[[int, int], None] | None = None,
) -> Path:
    """Make an MP4 of a training run, with its music as the soundtrack.

    For each sample of the run it shows the piano roll, the losses with a mark that
    moves, and the metrics beside the data's own, while the sample is played.

    Args:
        run_dir: the folder that training wrote.
        out: the video, a name that ends in .mp4; it appears whole or not at all.
        seconds_per_sample: how long each stage lasts; as long as its music if None.
        n_stages: at most that many samples, spread over the run; all if None.
        fps: pictures per second, 1 to 60.
        size: width and height in pixels, both even, 320 to 3840.
        on_stage: called with (stages done, stages in all), for a progress bar.

    Returns:
        The path of the video.

    Raises:
        InputError: if the run has no samples, a value is out of range, or the file
            can't be written.
    """
    check_film(out, fps, size)
    _check(seconds_per_sample, n_stages)
    run = load_run(run_dir, n_stages)
    page, synth = RunPage(run, size), Synth()
    scenes = [
        stage_scene(page, number, stage.score, synth, seconds_per_sample, fps)
        for number, stage in enumerate(run.stages)
    ]
    return write_film(out, scenes, fps, size, on_scene=on_stage)


def stage_scene(
    page: RunPage,
    number: int,
    score: Score,
    synth: Synth,
    seconds: float | None,
    fps: int,
) -> Scene:
    """Return a stage of the run as a scene.

    Args:
        page: draws the stages.
        number: of the stage, from 0.
        score: what the model made by then.
        synth: plays it.
        seconds: how long the scene lasts; as long as its music if None.
        fps: pictures per second.
    """
    n_frames = max(math.ceil((seconds or score.seconds + TAIL_SECONDS) * fps), 1)

    def sound(_: int, n_samples: int) -> np.ndarray:
        audio = np.zeros((n_samples, 2), np.float32)
        rendered = render(score, SAMPLE_RATE, synth=synth)[:n_samples]
        audio[: len(rendered)] = rendered
        n_fade = min(round(_FADE_SECONDS * SAMPLE_RATE), n_samples)
        fade = np.linspace(1, 0, n_fade, dtype=np.float32)
        audio[n_samples - n_fade :] *= fade[:, None]
        return audio

    steps = steps_at(score, np.arange(n_frames) / fps)
    return Scene(
        n_frames=n_frames,
        draw=lambda: page.picture(number),
        sweeps=[Sweep(page.roll_box(), page.columns(steps))],
        sound=sound,
    )


def _check(seconds_per_sample: float | None, n_stages: int | None) -> None:
    """Say what is wrong with a value before any work is done."""
    if seconds_per_sample is not None and not 0.5 <= seconds_per_sample <= 600:
        raise InputError(
            f"A stage should last {seconds_per_sample} seconds, but 0.5 to 600 are "
            "possible; leave it out to hear all of each sample."
        )
    if n_stages is not None and n_stages < 1:
        raise InputError(
            f"The video should have {n_stages} stages, but it needs at least 1."
        )

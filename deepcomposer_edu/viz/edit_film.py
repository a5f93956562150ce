"""Watch it think: edit by edit, as a film with sound and as a GIF.

First the piece as it was, then every edit at the moment at which it is heard, then the
finished piece. `music/edit_sound.py` says which edits appear together.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.edit_sound import Moment, edit_score, moments
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Score
from deepcomposer_edu.music.synth import Synth, render
from deepcomposer_edu.viz.edit_page import EditPage
from deepcomposer_edu.viz.edits import score_of
from deepcomposer_edu.viz.film import (
    SAMPLE_RATE,
    TAIL_SECONDS,
    Scene,
    Sweep,
    check_film,
    steps_at,
    write_film,
)
from deepcomposer_edu.viz.gif import check_gif, write_gif

if TYPE_CHECKING:
    from deepcomposer_edu.models.ar_cnn import Edited

BEFORE_SECONDS = 15.0  # the piece as it was is heard for so long at most
FADE_SECONDS = 0.3
GIF_SIZE = (800, 450)
GIF_SECONDS, GIF_LAST_SECONDS = 0.5, 3.0  # of a picture; the last is looked at longest


def edit_video(
    edited: Edited,
    out: str | Path,
    *,
    tempo: float = 80.0,
    steps_per_bar: int = 16,
    pickup: int = 0,
    title: str = "",
    finished: Score | None = None,
    offset: int = 0,
    with_before: bool = True,
    seconds: float | None = None,
    fps: int = 20,
    size: tuple[int, int] = (1280, 720),
    on_scene: Callable[[int, int], None] | None = None,
) -> Path:
    """Make an MP4 of how a piece was edited, with every edit heard.

    Args:
        edited: the piece before, the edits in order, the piece after.
        out: the video, a name that ends in .mp4; it appears whole or not at all.
        tempo: of the piece in quarter notes per minute.
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
        title: of the piece.
        finished: what is played at the end, such as the piece with its band; None: its
            voices.
        offset: step of `finished` at which the voices begin.
        with_before: whether the piece as it was is played first, 15 seconds at most.
        seconds: how long the edits take; see `music.edit_sound.moments`.
        fps: pictures per second, 1 to 60; at 20 the fastest edits still come one by
            one.
        size: width and height in pixels, both even, 320 to 3840.
        on_scene: called with (scenes done, scenes in all); what it raises stops the
            work, and no file is left.

    Returns:
        The path of the video.

    Raises:
        InputError: if there are no notes, a value is out of range, or the file can't
            be written.
    """
    check_film(out, fps, size)
    _check_notes(edited)
    when = in_whole_pictures(moments(edited.edits, seconds), fps)
    bars = (steps_per_bar, pickup, tempo)
    finished = score_of(edited.grid, *bars) if finished is None else finished
    page = EditPage(edited, when, size, steps_per_bar, pickup, title)
    synth = Synth()
    scenes = []
    n_heard = math.ceil(BEFORE_SECONDS * tempo * STEPS_PER_QUARTER / 60)
    before = score_of(edited.start.crop(0, n_heard), *bars)
    if with_before and before.notes:
        picture = partial(page.picture, -1)
        scenes.append(_played(page, before, picture, synth, fps))
    scenes += edit_scenes(page, edited, when, synth, fps)
    scenes.append(_played(page, finished, page.finished, synth, fps, offset))
    return write_film(out, scenes, fps, size, on_scene=on_scene)


def edit_gif(
    edited: Edited,
    out: str | Path,
    *,
    steps_per_bar: int = 16,
    pickup: int = 0,
    title: str = "",
    n_pictures: int = 24,
    seconds_per_picture: float = GIF_SECONDS,
    size: tuple[int, int] = GIF_SIZE,
) -> Path:
    """Make a GIF of how a piece was edited: the same pages, over and over, no sound.

    Args:
        edited: the piece before, the edits in order, the piece after.
        out: the picture, a name that ends in .gif; it appears whole or not at all.
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
        title: of the piece.
        n_pictures: at most that many, spread over the edits; at least 2.
        seconds_per_picture: how long each but the last is seen, 0.1 to 60.
        size: width and height in pixels, 320 to 1920.

    Returns:
        The path of the GIF.

    Raises:
        InputError: if there are no notes, a value is out of range, or the file can't
            be written.
    """
    check_gif(out, seconds_per_picture, size)
    _check_notes(edited)
    if n_pictures < 2:
        raise InputError(
            f"The GIF should have {n_pictures} pictures, but it needs at least 2: "
            "before and after."
        )
    when = moments(edited.edits)
    page = EditPage(edited, when, size, steps_per_bar, pickup, title)
    shown = np.linspace(-1, len(when) - 1, min(n_pictures - 1, len(when) + 1))
    pictures = [page.picture(int(number)) for number in np.rint(shown)]
    pictures.append(page.finished())
    lengths = [seconds_per_picture] * len(pictures)
    lengths[-1] = max(seconds_per_picture, GIF_LAST_SECONDS)
    return write_gif(out, pictures, lengths)


def in_whole_pictures(when: list[Moment], fps: int) -> list[Moment]:
    """Return moments that begin with a picture each, so that ear and eye agree.

    Args:
        when: moments as `music.edit_sound.moments` gives them.
        fps: pictures per second.
    """
    found, at = [], 0
    for moment in when:
        until = max(round((moment.start + moment.seconds) * fps), at + 1)
        found.append(Moment(moment.first, moment.stop, at / fps, (until - at) / fps))
        at = until
    return found


def edit_scenes(
    page: EditPage, edited: Edited, when: list[Moment], synth: Synth, fps: int
) -> list[Scene]:
    """Return a scene for each moment; they share one soundtrack.

    Args:
        page: draws what there is after each moment.
        edited: the piece whose edits are shown.
        when: the moments, each a whole number of pictures long.
        synth: plays the edits.
        fps: pictures per second.
    """
    heard: list[np.ndarray] = []

    def sound(moment: Moment, _: int, n_samples: int) -> np.ndarray:
        if not heard:
            music = edit_score(edited.edits, when)
            heard.append(render(music, SAMPLE_RATE, synth=synth))
        first = round(moment.start * SAMPLE_RATE)
        part = heard[0][first : first + n_samples]
        return faded(part) if moment is when[-1] else part

    return [
        Scene(
            n_frames=round(moment.seconds * fps),
            draw=partial(page.picture, number),
            sweeps=[],
            sound=partial(sound, moment),
        )
        for number, moment in enumerate(when)
    ]


def _played(
    page: EditPage,
    score: Score,
    draw: Callable[[], np.ndarray],
    synth: Synth,
    fps: int,
    offset: int = 0,
) -> Scene:
    """Return a scene in which a piece is played under a playhead.

    The page begins at its step `offset`.
    """
    n_frames = math.ceil((score.seconds + TAIL_SECONDS) * fps)
    steps = steps_at(score, np.arange(n_frames) / fps) - offset

    def sound(_: int, n_samples: int) -> np.ndarray:
        return faded(render(score, SAMPLE_RATE, synth=synth)[:n_samples])

    return Scene(n_frames, draw, [Sweep(page.roll_box(), page.columns(steps))], sound)


def faded(audio: np.ndarray) -> np.ndarray:
    """Return sound, shape (N, 2), that ends softly."""
    n_fade = min(round(FADE_SECONDS * SAMPLE_RATE), len(audio))
    audio = audio.copy()
    audio[len(audio) - n_fade :] *= np.linspace(1, 0, n_fade, dtype=np.float32)[:, None]
    return audio


def _check_notes(edited: Edited) -> None:
    if not edited.start.sounding.any() and not edited.grid.sounding.any():
        raise InputError(
            "There is nothing to show: the piece has no notes, before or after."
        )

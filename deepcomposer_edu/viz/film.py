"""Pages with a moving playhead and their sound, as an MP4 file.

A page is drawn once. From picture to picture only the playhead moves, and the notes
that have sounded light up, so that a frame costs copies of a few columns. Sound is made
and encoded in a thread of its own meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Score

if TYPE_CHECKING:
    import av

SAMPLE_RATE = 44_100
TAIL_SECONDS = 0.8  # after the last note, for its echo
PALE = 0.62  # how much of a note's colour is taken away before it has sounded
_ENCODERS = 2  # threads that encode pictures
_BT709 = 1  # the usual colours of HD video
_PLAYHEAD = (40, 128, 128)  # near black in Y, U and V
# constant quality without look-ahead: most of a picture is the same as the last one
_X264 = {"preset": "ultrafast", "qp": "20"}

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels


@dataclass(frozen=True)
class Sweep:
    """A part of a page over which a playhead moves.

    Args:
        box: where it is.
        columns: of the playhead in each picture, shape (n_frames,), within the box.
    """

    box: Box
    columns: np.ndarray


@dataclass(frozen=True)
class Scene:
    """A page of a film: how it looks, what moves on it, and what is heard.

    Args:
        n_frames: how many pictures it lasts.
        draw: gives the page, shape (height, width, 3), uint8.
        sweeps: where playheads move.
        sound: called with the film's sample at which the scene begins and the number
            of its samples; gives at most so many, shape (n, 2), float32.
        lamps: for a picture's number, boxes to fill with a colour such as "#0b4f94";
            None shows the page again.
    """

    n_frames: int
    draw: Callable[[], np.ndarray]
    sweeps: Sequence[Sweep]
    sound: Callable[[int, int], np.ndarray]
    lamps: dict[int, list[tuple[Box, str | None]]] = field(default_factory=dict)


def write_film(
    out: str | Path,
    scenes: Sequence[Scene],
    fps: int,
    size: tuple[int, int],
    on_frame: Callable[[int, int], None] | None = None,
    on_scene: Callable[[int, int], None] | None = None,
) -> Path:
    """Write scenes one after another as H.264 with AAC.

    Args:
        out: the video; it appears whole or not at all.
        scenes: at least one.
        fps: pictures per second, 1 to 60.
        size: width and height in pixels, both even.
        on_frame: called with (pictures done, pictures in all), about once a second of
            film; what it raises stops the work, and no file is left.
        on_scene: called with (scenes done, scenes in all).

    Returns:
        The path of the video.

    Raises:
        InputError: if the file can't be written.
    """
    import av

    n_all, first = sum(scene.n_frames for scene in scenes), 0
    with (
        atomic_path(out) as temporary,
        ThreadPoolExecutor(1) as beside,
        av.open(str(temporary), "w", format="mp4") as file,
    ):
        pictures = _picture_stream(file, fps, size)
        sound = file.add_stream("aac", rate=SAMPLE_RATE, options={"aac_coder": "fast"})
        sound.bit_rate, sound.layout = 128_000, "stereo"
        soundtrack = _Soundtrack(sound, fps)
        encoded = [beside.submit(soundtrack.packets, scene) for scene in scenes]
        try:
            for number, scene in enumerate(scenes):
                for planes in _frames(scene, size):
                    frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
                    frame.pts = first
                    file.mux(pictures.encode(frame))
                    if on_frame is not None and first % fps == 0:
                        on_frame(first, n_all)
                    first += 1
                file.mux(encoded[number].result())
                if on_scene is not None:
                    on_scene(number + 1, len(scenes))
            file.mux(pictures.encode(None))
            file.mux(sound.encode(None))
        finally:
            beside.shutdown(cancel_futures=True)
    return Path(out)


def check_film(out: str | Path, fps: int, size: tuple[int, int]) -> None:
    """Say what is wrong with a value before any work is done.

    Raises:
        InputError: if the name does not end in .mp4, or a number is out of range.
    """
    if Path(out).suffix.lower() != ".mp4":
        raise InputError(
            f"The video's name is {Path(out).name!r}, but it must end in .mp4; "
            f"call it {Path(out).stem or 'music'}.mp4."
        )
    if fps != int(fps) or not 1 <= fps <= 60:
        raise InputError(
            f"The video should have {fps} pictures per second, but a whole number "
            "from 1 to 60 is needed; 10 is usual."
        )
    if any(n != int(n) or n % 2 or not 320 <= n <= 3840 for n in size):
        raise InputError(
            f"The video's size is {size}, but width and height must be even numbers "
            "from 320 to 3840; (1280, 720) is usual."
        )


def steps_at(score: Score, seconds: np.ndarray) -> np.ndarray:
    """Return which step of the score is reached at each time; it stays at the end."""
    changes = [(0.0, score.tempo)]
    changes += [change for change in score.tempo_changes if change[0] < score.n_steps]
    steps = np.array([step for step, _ in changes] + [score.n_steps])
    per_step = 60 / (np.array([bpm for _, bpm in changes]) * STEPS_PER_QUARTER)
    return np.interp(seconds, np.append(0, np.cumsum(np.diff(steps) * per_step)), steps)


class _Soundtrack:
    """Plays the scenes one after the other into an audio stream."""

    def __init__(self, stream: av.AudioStream, fps: int) -> None:
        self.stream, self.fps = stream, fps
        self.n_frames = self.n_samples = 0

    def packets(self, scene: Scene) -> list[av.Packet]:
        """Return the encoded sound of a scene."""
        import av

        # from the pictures so far, so that rounding never adds up
        self.n_frames += scene.n_frames
        n_samples = self.n_frames * SAMPLE_RATE // self.fps - self.n_samples
        audio = np.zeros((2, n_samples), np.float32)
        heard = scene.sound(self.n_samples, n_samples).T
        audio[:, : heard.shape[1]] = heard
        frame = av.AudioFrame.from_ndarray(audio, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = SAMPLE_RATE, self.n_samples
        self.n_samples += n_samples
        return list(self.stream.encode(frame))


def _picture_stream(
    file: av.container.OutputContainer, fps: int, size: tuple[int, int]
) -> av.VideoStream:
    """Return a new H.264 stream of a file."""
    stream = file.add_stream("libx264", rate=fps, options=_X264)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.gop_size = 10 * fps  # a place to jump to every ten seconds
    context = stream.codec_context
    context.thread_count = _ENCODERS
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    return stream


def _frames(scene: Scene, size: tuple[int, int]) -> Iterator[np.ndarray]:
    """Yield a scene's pictures as Y, U and V planes, shape (1.5 * height, width).

    It is the same array each time, changed where something has moved.
    """
    picture = np.array(scene.draw())
    whole = _yuv(picture)
    lit = _planes(whole.copy(), size)
    boxes = [tuple(edge // 2 * 2 for edge in sweep.box) for sweep in scene.sweeps]
    for left, top, right, bottom in boxes:
        part = picture[top:bottom, left:right]
        part += ((255 - part) * PALE).astype(np.uint8)
    if boxes:
        whole = _yuv(picture)
    now, plain = _planes(whole, size), _planes(whole.copy(), size)
    shown = [left for left, *_ in boxes]
    for number in range(scene.n_frames):
        for i, (_, top, _, bottom) in enumerate(boxes):
            column = int(scene.sweeps[i].columns[number]) // 2 * 2
            _copy(now, lit, (shown[i], top, column, bottom))
            _fill(now, _PLAYHEAD, (column, top, column + 2, bottom))
            shown[i] = column
        for box, colour in scene.lamps.get(number, ()):
            if colour is None:
                _copy(now, plain, box)
            else:
                _fill(now, _yuv_of(colour), box)
        yield whole


def _copy(planes: Sequence[np.ndarray], source: Sequence[np.ndarray], box: Box) -> None:
    """Copy a box from other planes."""
    for plane, other, part in zip(planes, source, _parts(box), strict=True):
        plane[part] = other[part]


def _fill(planes: Sequence[np.ndarray], colour: Sequence[int], box: Box) -> None:
    """Fill a box with a colour in Y, U and V."""
    for plane, ink, part in zip(planes, colour, _parts(box), strict=True):
        plane[part] = ink


def _parts(box: Box) -> Iterator[tuple[slice, slice]]:
    """Yield a box in the Y, U and V planes: the last two are half as high and wide."""
    left, top, right, bottom = box
    for half in (1, 2, 2):
        yield slice(top // half, bottom // half), slice(left // half, right // half)


def _yuv_of(colour: str) -> tuple[int, int, int]:
    """Return a colour such as "#0b4f94" in Y, U and V."""
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    patch = np.broadcast_to(np.array(rgb, np.uint8), (16, 16, 3))
    return tuple(int(plane[0, 0]) for plane in _planes(_yuv(patch), (16, 16)))


def _yuv(picture: np.ndarray) -> np.ndarray:
    """Return an RGB picture (height, width, 3) as planes (1.5 * height, width)."""
    import av

    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
    return frame.reformat(format="yuv420p", dst_colorspace="ITU709").to_ndarray()


def _planes(whole: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, ...]:
    """Return views of the planes: Y (height, width), U and V half as high and wide."""
    width, height = size
    flat, n = whole.reshape(-1), width * height
    u, v = flat[n : n * 5 // 4], flat[n * 5 // 4 :]
    half = (height // 2, width // 2)
    return flat[:n].reshape(height, width), u.reshape(half), v.reshape(half)

"""The training video: hear and see the same melody at every stage of a run.

A stage's page is drawn once. From picture to picture only the playhead moves, and the
notes that have sounded light up, so that a frame costs two copies of a few columns.
Sound is made and encoded in a thread of its own meanwhile.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.synth import Synth, render
from deepcomposer_edu.viz.run_page import RunPage
from deepcomposer_edu.viz.runs import load_run

if TYPE_CHECKING:
    import av

SAMPLE_RATE = 44_100
TAIL_SECONDS = 0.8  # after the last note, for its echo
PALE = 0.62  # how much of a note's colour is taken away before it has sounded
_FADE_SECONDS = 0.1  # at the end of each stage's sound
_ENCODERS = 2  # threads that encode pictures
_BT709 = 1  # the usual colours of HD video
_PLAYHEAD = (40, 128, 128)  # near black in Y, U and V
# constant quality without look-ahead: most of a picture is the same as the last one
_X264 = {"preset": "ultrafast", "qp": "20"}


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
    import av

    _check(out, seconds_per_sample, n_stages, fps, size)
    run = load_run(run_dir, n_stages)
    page = RunPage(run, size)
    lengths = [_n_frames(stage.score, seconds_per_sample, fps) for stage in run.stages]
    with (
        atomic_path(out) as temporary,
        ThreadPoolExecutor(1) as beside,
        av.open(str(temporary), "w", format="mp4") as file,
    ):
        pictures = file.add_stream("libx264", rate=fps, options=_X264)
        pictures.width, pictures.height = size
        pictures.codec_context.thread_count = _ENCODERS
        pictures.pix_fmt = "yuv420p"
        pictures.codec_context.colorspace = _BT709
        pictures.codec_context.color_primaries = _BT709
        pictures.codec_context.color_trc = _BT709
        pictures.gop_size = 10 * fps  # a place to jump to every ten seconds
        sound = file.add_stream("aac", rate=SAMPLE_RATE, options={"aac_coder": "fast"})
        sound.bit_rate, sound.layout = 128_000, "stereo"
        soundtrack = _Soundtrack(sound, fps)
        encoded = [
            beside.submit(soundtrack.packets, stage.score, n_frames)
            for stage, n_frames in zip(run.stages, lengths, strict=True)
        ]
        try:
            first = 0
            for number, (stage, n_frames) in enumerate(
                zip(run.stages, lengths, strict=True)
            ):
                for planes in _frames(page, number, stage.score, n_frames, fps):
                    frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
                    frame.pts = first
                    first += 1
                    file.mux(pictures.encode(frame))
                file.mux(encoded[number].result())
                if on_stage is not None:
                    on_stage(number + 1, len(lengths))
            file.mux(pictures.encode(None))
            file.mux(sound.encode(None))
        finally:
            beside.shutdown(cancel_futures=True)
    return Path(out)


class _Soundtrack:
    """Plays the stages one after the other into an audio stream."""

    def __init__(self, stream: av.AudioStream, fps: int) -> None:
        self.stream, self.fps = stream, fps
        self.synth = Synth()
        self.n_frames = self.n_samples = 0

    def packets(self, score: Score, n_frames: int) -> list[av.Packet]:
        """Return the encoded sound of a stage that lasts `n_frames` pictures."""
        import av

        # from the pictures so far, so that rounding never adds up
        self.n_frames += n_frames
        n_samples = self.n_frames * SAMPLE_RATE // self.fps - self.n_samples
        audio = np.zeros((2, n_samples), np.float32)
        rendered = render(score, SAMPLE_RATE, synth=self.synth)[:n_samples].T
        audio[:, : rendered.shape[1]] = rendered
        n_fade = min(round(_FADE_SECONDS * SAMPLE_RATE), n_samples)
        audio[:, n_samples - n_fade :] *= np.linspace(1, 0, n_fade, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(audio, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = SAMPLE_RATE, self.n_samples
        self.n_samples += n_samples
        return list(self.stream.encode(frame))


def _check(
    out: str | Path,
    seconds_per_sample: float | None,
    n_stages: int | None,
    fps: int,
    size: tuple[int, int],
) -> None:
    """Say what is wrong with a value before any work is done."""
    if Path(out).suffix.lower() != ".mp4":
        raise InputError(
            f"The video's name is {Path(out).name!r}, but it must end in .mp4; "
            "call it training.mp4."
        )
    if seconds_per_sample is not None and not 0.5 <= seconds_per_sample <= 600:
        raise InputError(
            f"A stage should last {seconds_per_sample} seconds, but 0.5 to 600 are "
            "possible; leave it out to hear all of each sample."
        )
    if n_stages is not None and n_stages < 1:
        raise InputError(
            f"The video should have {n_stages} stages, but it needs at least 1."
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


def _n_frames(score: Score, seconds: float | None, fps: int) -> int:
    """Return how many pictures a stage lasts."""
    return max(math.ceil((seconds or score.seconds + TAIL_SECONDS) * fps), 1)


def _frames(
    page: RunPage, number: int, score: Score, n_frames: int, fps: int
) -> Iterator[np.ndarray]:
    """Yield a stage's pictures as Y, U and V planes, shape (1.5 * height, width).

    It is the same array each time, changed where the playhead has moved.
    """
    left, top, right, bottom = (edge // 2 * 2 for edge in page.roll_box())
    picture = page.picture(number)
    lit = _planes(_yuv(picture), page.size)
    roll = picture[top:bottom, left:right]
    roll += ((255 - roll) * PALE).astype(np.uint8)
    whole = _yuv(picture)
    shown = left
    for column in page.columns(_steps_at(score, np.arange(n_frames) / fps)) // 2 * 2:
        # U and V have half as many rows and columns
        for plane, source, ink, half in zip(
            _planes(whole, page.size), lit, _PLAYHEAD, (1, 2, 2), strict=True
        ):
            rows = slice(top // half, bottom // half)
            sounded = slice(shown // half, column // half)
            plane[rows, sounded] = source[rows, sounded]
            plane[rows, column // half : (column + 2) // half] = ink
        shown = column
        yield whole


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


def _steps_at(score: Score, seconds: np.ndarray) -> np.ndarray:
    """Return which step of the score is reached at each time."""
    steps = np.arange(score.n_steps + 1)
    return np.interp(seconds, [score.seconds_at(step) for step in steps], steps)

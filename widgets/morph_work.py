"""Decoding the mixtures of a pad in a thread: what is wanted first, then the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np

from deepcomposer_edu.errors import InputError

AT_ONCE = 8  # mixtures that are decoded together, where that is possible
Place = tuple[int, int]  # column and row, both from 0
Clip = tuple[int, int, int]  # pitch, column, row


def weights_at(place: Sequence[int], n_side: int) -> np.ndarray:
    """Return how much of each corner a place has, shape (4,), summing to 1.

    Args:
        place: column and row from 0, row 0 above.
        n_side: places along a side.

    >>> weights_at((0, 0), 5).tolist(), weights_at((2, 2), 5).tolist()
    ([1.0, 0.0, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25])
    """
    x, y = (at / (n_side - 1) for at in place)
    return np.array([(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y])


def sound_of(audio: object, what: str) -> np.ndarray:
    """Return sound as float32, shape (N,), within -1 and 1.

    Args:
        audio: what a decoder gave back, array or tensor; louder sound is scaled down.
        what: its name in the sentence of a refusal.

    Raises:
        InputError: if it is no sound.
    """
    wave = np.asarray(audio, dtype=np.float32)
    if wave.ndim != 1 or not len(wave):
        raise InputError(
            f"{what} gave an array of the shape {wave.shape}, but sound of the shape "
            "(samples,) is needed."
        )
    if not np.isfinite(wave).all():
        raise InputError(f"{what} gave samples that are no numbers.")
    return wave / max(1.0, float(np.abs(wave).max()))


class Decoding:
    """The mixtures of a pad, decoded one after another and kept.

    Args:
        decode: weights (4,) and a pitch to sound (N,).
        decode_many: the same for several weights (M, 4), to (M, N); or None.
        n_side: places along a side.
        on_clip: called in the thread with each clip that is ready.
        on_state: called in the thread with whether it works, and a problem or "".
    """

    def __init__(
        self,
        decode: Callable,
        decode_many: Callable | None,
        n_side: int,
        on_clip: Callable[[Clip], None],
        on_state: Callable[[bool, str], None],
    ) -> None:
        self.clips: dict[Clip, np.ndarray] = {}
        self._decode, self._decode_many = decode, decode_many
        self._n_side = n_side
        self._on_clip, self._on_state = on_clip, on_state
        self._lock = threading.Lock()
        self._wanted: Clip | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_working = False

    def want(self, clip: Clip) -> None:
        """Decode a clip next, then the rest of its pitch, in a thread."""
        with self._lock:
            self._stop.clear()
            self._wanted = clip
            if self._is_working or self._next() is None:
                return
            self._is_working = True
            self._thread = threading.Thread(
                target=self._run, args=(self._thread,), name="morph pad", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Decode nothing more after what is being decoded."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until everything that was asked for is decoded."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def clip(self, clip: Clip) -> np.ndarray:
        """Return a clip, decoded now if it is not there.

        Raises:
            InputError: if the decoder gives no sound.
        """
        if clip not in self.clips:
            weights = weights_at(clip[1:], self._n_side)
            self._keep([clip], [self._decode(weights, clip[0])])
        return self.clips[clip]

    def _keep(self, clips: Sequence[Clip], sounds: Sequence[object]) -> None:
        for clip, sound in zip(clips, sounds, strict=True):
            self.clips[clip] = sound_of(sound, "The decoder")
            self._on_clip(clip)

    def _next(self) -> list[Clip] | None:
        """Return what to decode next, or None: the wanted clip, then the nearest."""
        if self._wanted is None:
            return None
        pitch, column, row = self._wanted
        side = range(self._n_side)
        last = self._n_side - 1
        missing = [(pitch, c, r) for c in side for r in side]
        missing = [clip for clip in missing if clip not in self.clips]
        if not missing:
            return None
        if self._wanted in missing:
            return [self._wanted]

        def is_inner(clip: Clip) -> bool:
            return not {clip[1], clip[2]} <= {0, last}

        def distance(clip: Clip) -> float:
            return (clip[1] - column) ** 2 + (clip[2] - row) ** 2

        missing.sort(key=lambda clip: (is_inner(clip), distance(clip)))
        return missing[: AT_ONCE if self._decode_many else 1]

    def _run(self, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()  # it may still be telling that it has ended
        problem = ""
        self._on_state(True, "")
        try:
            while True:
                with self._lock:
                    clips = None if self._stop.is_set() else self._next()
                    if clips is None:
                        # within the lock: a wish that comes now begins a new thread
                        self._is_working = False
                        break
                if len(clips) == 1:
                    self.clip(clips[0])
                else:
                    weights = [weights_at(clip[1:], self._n_side) for clip in clips]
                    sounds = self._decode_many(np.stack(weights), clips[0][0])
                    self._keep(clips, list(sounds))
        except InputError as refusal:
            problem = str(refusal)
        except Exception as error:  # told on the page, for nobody awaits a thread
            problem = f"Decoding failed: {type(error).__name__}: {error}"
        if problem:
            with self._lock:
                self._is_working = False
        self._on_state(False, problem)

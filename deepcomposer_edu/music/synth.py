"""From notes to sound: plays a score with recorded instruments, in numpy alone.

`render` is all that a learner needs. Every piece is as loud (`common_loudness.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.common_loudness import at_common_loudness
from deepcomposer_edu.music.regions import Region
from deepcomposer_edu.music.sample_rates import checked_rate
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Note, Score, Track
from deepcomposer_edu.music.soundfont import SoundFont, load_soundfont
from deepcomposer_edu.music.voices import (
    longest,
    oscillator,
    release_curve,
    volume_curve,
)

MAX_SECONDS = 3_600  # an hour: 1.3 GB of sound at 44.1 kHz
CACHE_BYTES = 128 * 2**20

_CLEAN_RATE = 32_000  # lower rates are played faster and thinned out, against aliasing
_CUT_SECONDS = 0.01  # how fast one drum stops another
_REPORT_EVERY = 64  # voices between two reports of progress


def render(
    score: Score,
    sample_rate: int = 44_100,
    *,
    synth: Synth | None = None,
    progress: Callable[[float], None] | None = None,
) -> np.ndarray:
    """Return the sound of a score, at a loudness that is the same for every piece.

    The same score gives the same samples, bit for bit. Velocities say how loud a note
    is beside the others; the loudness of the whole follows `music.common_loudness`.

    Args:
        score: what to play; tempo changes and drums are followed.
        sample_rate: samples per second, 8,000 to 48,000.
        synth: a Synth to use again; it saves time when many pieces are played.
        progress: called with the share done, 0 to 1; what it raises stops the playing.

    Returns:
        Left and right channel in [-1, 1], shape (N, 2), float32. N lasts until the
        last note has faded; a score without notes gives N = 0.

    Raises:
        InputError: if the rate is out of range or the piece is longer than an hour.
    """
    sample_rate = checked_rate(sample_rate)
    if score.seconds > MAX_SECONDS:
        raise InputError(
            f"The piece lasts {score.seconds / 60:.0f} minutes, but at most "
            f"{MAX_SECONDS // 60} are turned into sound; shorten it or raise its tempo."
        )
    factor = -(-_CLEAN_RATE // sample_rate)
    synth = Synth() if synth is None else synth
    mix = synth.mix(score, factor * sample_rate, progress)
    if factor > 1 and len(mix):
        from scipy.signal import resample_poly  # slow to load, seldom needed

        mix = resample_poly(mix, 1, factor, axis=0).astype(np.float32, copy=False)
    return at_common_loudness(mix, sample_rate)


@dataclass(frozen=True)
class _Voice:
    """One region of one note, placed in time; lengths are in samples.

    The key is held for `n_held`, then the voice fades; it ends after `n_samples`. The
    last `n_close` are faded out quickly because another drum stops this one.
    """

    region: Region
    key: int
    velocity: int
    start: int
    n_held: int
    n_samples: int
    n_close: int

    @property
    def patch_name(self) -> tuple:
        """What makes the voice's sound different from another's."""
        softness = self.velocity if self.region.softness_to_filter else 0
        return self.region, self.key, softness


@dataclass(frozen=True)
class _Patch:
    """A region at one key: its sound and its loudness while held, shape (N,) each."""

    wave: np.ndarray
    loudness: np.ndarray


class Synth:
    """Plays scores and remembers the sound of every key, so that repeating it is cheap.

    Give one to `render` when many pieces are played; what it returns is the same, bit
    for bit, as with a new one.

    Args:
        soundfont: the instruments; by default those that are installed.
    """

    def __init__(self, soundfont: SoundFont | None = None) -> None:
        self.soundfont = load_soundfont() if soundfont is None else soundfont
        self._patches: OrderedDict[tuple, _Patch] = OrderedDict()
        self._n_bytes = 0

    def mix(
        self,
        score: Score,
        sample_rate: int,
        progress: Callable[[float], None] | None = None,
    ) -> np.ndarray:
        """Return all notes of `score` added up, not yet at their final loudness.

        `progress` is called with the share done, as `render` has it.

        Returns:
            Shape (N, 2), float32; N reaches to the end of the last note's release.
        """
        releases: dict[float, np.ndarray] = {}
        voices = []
        for track in score.tracks:
            voices += self._plan(track, score, sample_rate, releases)
        voices.sort(key=lambda voice: voice.start)
        longest_of: dict[tuple, int] = {}
        for voice in voices:
            known = longest_of.get(voice.patch_name, 0)
            longest_of[voice.patch_name] = max(known, voice.n_samples)

        n_samples = max((voice.start + voice.n_samples for voice in voices), default=0)
        mix = np.zeros((n_samples, 2), np.float32)
        for i, voice in enumerate(voices):
            if progress is not None and i % _REPORT_EVERY == 0:
                progress(i / len(voices))
            patch = self._patch(voice, longest_of[voice.patch_name], sample_rate)
            release = releases[voice.region.volume.release]
            sound = _shaped(voice, patch, release)
            left, right = _gains(voice)
            place = mix[voice.start : voice.start + voice.n_samples]
            place[:, 0] += sound * left
            place[:, 1] += sound * right
        return mix

    def _plan(
        self,
        track: Track,
        score: Score,
        sample_rate: int,
        releases: dict[float, np.ndarray],
    ) -> list[_Voice]:
        """Return the voices of a track and put the fades that they need in `releases`.

        A note stops earlier ones of its exclusive class: a closed hi-hat, an open one.
        """
        edges = np.array([(note.start, note.end) for note in track.notes]).reshape(
            -1, 2
        )
        frames = np.rint(_seconds(score, edges) * sample_rate).astype(np.int64)
        sounding: list[tuple[Region, Note, int, int]] = []
        starts_of: dict[int, list[int]] = {}
        for note, (start, stop) in zip(track.notes, frames.tolist(), strict=True):
            for region in self.soundfont.regions(
                track.program, note.pitch, note.velocity, track.is_drum
            ):
                sounding.append((region, note, start, stop))
                starts_of.setdefault(region.exclusive_class, []).append(start)

        voices = []
        for region, note, start, stop in sounding:
            seconds = region.volume.release
            if seconds not in releases:
                releases[seconds] = release_curve(seconds, sample_rate)
            n_all = int(min(longest(region, note.pitch, sample_rate), 2**40))
            n_held = min(max(stop - start, 1), n_all)
            n_samples = min(n_held + len(releases[seconds]), n_all)
            n_close = 0
            if region.exclusive_class:
                starts = starts_of[region.exclusive_class]
                later = bisect_right(starts, start)
                if later < len(starts) and starts[later] - start < n_samples:
                    n_close = round(_CUT_SECONDS * sample_rate)
                    n_samples = min(n_samples, starts[later] - start + n_close)
                    n_held, n_close = min(n_held, n_samples), min(n_close, n_samples)
            velocity = note.velocity
            if region.fixed_velocity > 0:
                velocity = min(region.fixed_velocity, 127)
            if n_samples > 0:
                voices.append(
                    _Voice(
                        region, note.pitch, velocity, start, n_held, n_samples, n_close
                    )
                )
        return voices

    def _patch(self, voice: _Voice, n_samples: int, sample_rate: int) -> _Patch:
        """Return the voice's sound for at least `n_samples`, made or remembered."""
        name = (*voice.patch_name, sample_rate)
        patch = self._patches.pop(name, None)
        if patch is not None and len(patch.wave) < n_samples:
            self._n_bytes -= 2 * patch.wave.nbytes
            patch = None
        if patch is None:
            region, key = voice.region, voice.key
            samples = self.soundfont.samples
            patch = _Patch(
                oscillator(
                    region, samples, key, voice.velocity, n_samples, sample_rate
                ),
                volume_curve(region.volume, key, n_samples, sample_rate),
            )
            self._n_bytes += 2 * patch.wave.nbytes
        self._patches[name] = patch  # now the most recently used
        while self._n_bytes > CACHE_BYTES and len(self._patches) > 1:
            _, oldest = self._patches.popitem(last=False)
            self._n_bytes -= 2 * oldest.wave.nbytes
        return patch


def _shaped(voice: _Voice, patch: _Patch, release: np.ndarray) -> np.ndarray:
    """Return the voice's sound with its rise, its fall and its end, shape (N,)."""
    held, all_of_it = voice.n_held, voice.n_samples
    sound = np.empty(all_of_it, np.float32)
    np.multiply(patch.wave[:held], patch.loudness[:held], out=sound[:held])
    # from the key's release on, the last level fades away
    fade = release[: all_of_it - held] * patch.loudness[held - 1]
    np.multiply(patch.wave[held:all_of_it], fade, out=sound[held:])
    if voice.n_close:
        sound[-voice.n_close :] *= np.linspace(1, 0, voice.n_close, dtype=np.float32)
    return sound


def _gains(voice: _Voice) -> tuple[np.float32, np.float32]:
    """Return the factors of the left and right channel.

    Velocity acts by its square, as the SoundFont specification wants it; pan keeps
    the power of both channels together the same.
    """
    loudness = (voice.velocity / 127) ** 2 * 10 ** (-voice.region.attenuation_db / 20)
    angle = (voice.region.pan + 1) * np.pi / 4
    return np.float32(loudness * np.cos(angle)), np.float32(loudness * np.sin(angle))


def _seconds(score: Score, steps: np.ndarray) -> np.ndarray:
    """Return what `score.seconds_at` gives, for many steps at once."""
    changes = np.array([0.0, *(step for step, _ in score.tempo_changes)])
    tempos = np.array([score.tempo, *(tempo for _, tempo in score.tempo_changes)])
    per_step = 60 / (tempos * STEPS_PER_QUARTER)
    at_changes = np.concatenate(([0.0], np.cumsum(np.diff(changes) * per_step[:-1])))
    section = np.maximum(np.searchsorted(changes, steps, side="left") - 1, 0)
    return at_changes[section] + (steps - changes[section]) * per_step[section]

"""Pictures of sound by frequency: pitch upwards, time to the right."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter, NullLocator

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import frequency, note_name
from deepcomposer_edu.viz.figures import new_axes
from deepcomposer_edu.viz.waves import HEAT, Sounds, check_rate, waves_of

QUIETEST = -70.0  # dB below the loudest, where the scale ends
WINDOW_SECONDS = 0.064  # of sound behind each column
BINS_PER_OCTAVE = 36
MOST_FRAMES = 400  # columns


def plot_spectrogram(
    audio: Sounds, rate: float, lowest: float = 40.0, ax: Axes | None = None
) -> list[Axes]:
    """Draw how loud each frequency is at each moment; frequencies on a log scale.

    Args:
        audio: a sound, or up to 6 by name, shape (N,).
        rate: samples a second.
        lowest: the lowest frequency that is drawn, in Hz.
        ax: where to draw a single sound; new axes if None.

    Returns:
        One Axes for each sound, from top to bottom; all share their scale of decibels,
        which is 0 at the loudest place of all of them.

    Raises:
        InputError: if a sound is none, or `lowest` is not below half the rate.
    """
    check_rate(rate)
    if not 1 <= lowest < rate / 2:
        raise InputError(
            f"The lowest frequency is {lowest!r} Hz, but must be from 1 to "
            f"{rate / 2:g}, half the sample rate."
        )
    waves = waves_of(audio)
    if ax is not None:
        axes = [ax]
    else:
        axes = new_axes(len(waves), 1.9 if len(waves) > 1 else 2.5)
        axes = axes if isinstance(axes, list) else [axes]
    pictures = [_log_spectrogram(wave, rate, lowest) for wave in waves.values()]
    top = max(levels.max() for _, _, levels in pictures)
    for ax, name, (times, hertz, levels) in zip(axes, waves, pictures, strict=False):
        image = ax.pcolormesh(
            times, hertz, np.maximum(levels - top, QUIETEST), cmap=HEAT,
            vmin=QUIETEST, vmax=0, shading="nearest", rasterized=True,
        )  # fmt: skip
        _mark_octaves(ax, lowest, rate / 2)
        ax.set_ylabel("pitch")
        if name:
            ax.set_title(name, fontsize=8, loc="left")
        bar = ax.figure.colorbar(image, ax=ax, pad=0.015, aspect=18)
        bar.ax.tick_params(labelsize=7, length=2)
        bar.set_label("dB", size=7)
        bar.outline.set_visible(False)
    axes[-1].set_xlabel("time in s")
    return axes


def _log_spectrogram(
    wave: np.ndarray, rate: float, lowest: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return seconds (T,), frequencies (F,) in Hz and levels (F, T) in dB."""
    size = max(16, round(WINDOW_SECONDS * rate))
    hop = max(1, size // 8, -(-len(wave) // MOST_FRAMES))
    padded = np.pad(wave, (size // 2, size))
    starts = np.arange(0, len(wave), hop)
    frames = padded[starts[:, None] + np.arange(size)] * np.hanning(size)
    magnitudes = np.abs(np.fft.rfft(frames, 4 * size))  # finer steps between the bins
    n_octaves = np.log2(rate / 2 / lowest)
    n_bins = max(2, round(n_octaves * BINS_PER_OCTAVE))
    hertz = lowest * 2 ** np.linspace(0, n_octaves, n_bins)
    places = np.minimum(hertz / rate * 4 * size, magnitudes.shape[1] - 1.0)
    below = np.minimum(places.astype(int), magnitudes.shape[1] - 2)
    share = places - below
    levels = magnitudes[:, below] * (1 - share) + magnitudes[:, below + 1] * share
    return starts / rate, hertz, 20 * np.log10(levels.T + 1e-6)


def _mark_octaves(ax: Axes, lowest: float, highest: float) -> None:
    """Put a tick at every C of a log axis of frequency."""
    ax.set_yscale("log")
    ax.set_ylim(lowest, highest)
    all_c = [p for p in range(0, 128, 12) if lowest <= frequency(p) <= highest]
    labels = [f"{note_name(p)}  {frequency(p):.0f} Hz" for p in all_c]
    ax.set_yticks([frequency(p) for p in all_c], labels)
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_minor_formatter(NullFormatter())

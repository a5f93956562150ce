"""Pictures of sound as numbers: waveforms, mu-law, the next sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.ticker import LogLocator, NullLocator

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.viz.colours import FAINT_INK, track_colour
from deepcomposer_edu.viz.figures import add_grid, new_axes

MOST_DOTS = 400  # samples that are drawn as dots; more are only a line
MOST_WAVES = 6
PANEL = 1.35  # inches: height of one waveform of several
HEAT = LinearSegmentedColormap.from_list("heat", ["#ffffff", "#4fb0d8", "#0b2c5e"])
Sounds = np.ndarray | Mapping[str, np.ndarray]


def waves_of(audio: Sounds) -> dict[str, np.ndarray]:
    """Return sounds by name, each mono, float64, shape (N,).

    Args:
        audio: one sound (then its name is empty) or several by name; shape (N,), or
            (N, 2), which is mixed to mono; an array or tensor.

    Raises:
        InputError: if there is none or too many, or one has no or not finite samples.
    """
    groups = audio if isinstance(audio, Mapping) else {"": audio}
    if not 1 <= len(groups) <= MOST_WAVES:
        raise InputError(
            f"{len(groups)} sounds were given, but 1 to {MOST_WAVES} can be drawn."
        )
    waves = {}
    for name, sound in groups.items():
        wave = np.asarray(sound, dtype=float)
        wave = wave.mean(axis=1) if wave.ndim == 2 and wave.shape[1] == 2 else wave
        called = f"The sound {name!r}" if name else "The sound"
        if wave.ndim != 1 or not len(wave):
            raise InputError(
                f"{called} has the shape {np.shape(sound)}, but (samples,) is needed."
            )
        if not np.isfinite(wave).all():
            raise InputError(
                f"{called} has samples that are no numbers; replace them by 0."
            )
        waves[name] = wave
    return waves


def check_rate(rate: float) -> None:
    """Refuse a sample rate that is none.

    Raises:
        InputError: if it is not above 0.
    """
    if not rate > 0:
        raise InputError(f"The rate is {rate!r} samples a second, but must be above 0.")


def plot_waves(
    audio: Sounds, rate: float, start: float = 0.0, seconds: float | None = None
) -> list[Axes]:
    """Draw waveforms one below the other, or a short piece of them sample by sample.

    Args:
        audio: a sound, or up to 6 by name, shape (N,), in [-1, 1].
        rate: samples a second.
        start: where the drawn piece begins, in seconds.
        seconds: how long it is; None: to the end. Up to 400 samples are drawn as dots.

    Returns:
        One Axes for each sound, from top to bottom.

    Raises:
        InputError: if a sound is none, or nothing of it lies in the piece.
    """
    check_rate(rate)
    waves = waves_of(audio)
    first = round(start * rate)
    if first < 0 or (seconds is not None and not seconds > 0):
        raise InputError(
            f"The piece from {start} on, {seconds} long, can't be drawn; give seconds "
            "from 0 and above 0."
        )
    last = None if seconds is None else first + max(round(seconds * rate), 1)
    cuts = {name: wave[first:last] for name, wave in waves.items()}
    for name, cut in cuts.items():
        if not len(cut):
            raise InputError(
                f"The sound {name!r} lasts {len(waves[name]) / rate:.3g} seconds, so "
                f"nothing of it lies after {start:g}; choose an earlier start."
            )
    longest = max(len(cut) for cut in cuts.values())
    unit, factor = ("ms", 1000) if longest / rate < 0.5 else ("s", 1)
    reach = max(np.abs(np.concatenate(list(cuts.values()))).max(), 1e-3) * 1.08
    height = PANEL if len(cuts) > 1 else 2.0
    axes = new_axes(len(cuts), height)
    axes = axes if isinstance(axes, list) else [axes]
    for number, (ax, (name, cut)) in enumerate(zip(axes, cuts.items(), strict=True)):
        times = (first + np.arange(len(cut))) / rate * factor
        has_dots = len(cut) <= MOST_DOTS
        width = 0.7 if has_dots or len(cut) > 4000 else 1.0
        ax.axhline(0, color=FAINT_INK, linewidth=0.5)
        ax.plot(times, cut, color=track_colour(number), linewidth=width)
        if has_dots:
            ax.plot(times, cut, ".", color=track_colour(number), markersize=3.5)
        ax.set_ylim(-reach, reach)
        ax.set_xlim(first / rate * factor, (first + longest) / rate * factor)
        ax.set_ylabel("amplitude")
        if name:
            ax.set_title(name, fontsize=8, loc="left")
    axes[-1].set_xlabel(f"time in {unit}")
    return axes


def plot_mu_law(n_classes: int = 16) -> list[Axes]:
    """Draw which value is left of each amplitude, and how far the values lie apart.

    Args:
        n_classes: how many codes there are, 4 to 256; 16 can be seen one by one.

    Returns:
        Two Axes: the staircases of mu-law and of equal steps; the size of the steps.

    Raises:
        InputError: if `n_classes` is not allowed.
    """
    import torch

    from deepcomposer_edu.nn.waves import mu_law, mu_law_decode

    if isinstance(n_classes, bool) or n_classes not in range(4, 257):
        raise InputError(f"{n_classes!r} codes can't be drawn; give 4 to 256.")
    amplitudes = torch.linspace(-1, 1, 4001)
    codes = mu_law(amplitudes, n_classes)
    curves = {
        "mu-law": mu_law_decode(codes, n_classes).numpy(),
        "equal steps": _rounded(amplitudes.numpy(), n_classes),
    }
    top, bottom = new_axes(2, 2.1)
    for number, (name, left) in enumerate(curves.items()):
        colour, dashes = (
            track_colour(2 * number),
            (None, None) if number == 0 else (3, 2),
        )
        top.plot(
            amplitudes, left, color=colour, linewidth=1.2, label=name, dashes=dashes
        )
        values = np.unique(left)
        middles, steps = (values[1:] + values[:-1]) / 2, np.diff(values)
        bottom.plot(
            middles, steps, color=colour, linewidth=1.2, label=name, dashes=dashes,
            marker="." if n_classes <= 64 else "",
        )  # fmt: skip
    top.set_ylabel("what is left of it")
    bottom.set_ylabel("size of the step")
    bottom.set_yscale("log")
    bottom.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    bottom.yaxis.set_major_formatter(lambda step, _: f"{step:.2g}")
    bottom.yaxis.set_minor_locator(NullLocator())
    bottom.set_xlabel("amplitude")
    bottom.set_xlim(-1, 1)
    for ax in (top, bottom):
        add_grid(ax)
    top.legend(loc="upper left", fontsize=8, frameon=False)
    return [top, bottom]


def _rounded(amplitudes: np.ndarray, n_classes: int) -> np.ndarray:
    """Return amplitudes in [-1, 1] rounded to `n_classes` equally spaced values."""
    codes = np.round((amplitudes + 1) / 2 * (n_classes - 1))
    return 2 * codes / (n_classes - 1) - 1


def plot_next_sample(
    probabilities: np.ndarray,
    codes: Sequence[int] | np.ndarray | None = None,
    rate: float = 8000,
    ax: Axes | None = None,
) -> Axes:
    """Draw what a network expects of each next sample: the darker, the likelier.

    Args:
        probabilities: of each mu-law code at each sample, shape (N, Q).
        codes: those that came, shape (N,); drawn as dots.
        rate: samples a second.
        ax: where to draw; new axes, 6 x 2.5 inches, if None.

    Raises:
        InputError: if the shapes are others or the values no probabilities.
    """
    import torch

    from deepcomposer_edu.nn.waves import mu_law_decode

    check_rate(rate)
    shares = np.asarray(probabilities, dtype=float)
    if shares.ndim != 2 or not len(shares) or shares.shape[1] < 2:
        raise InputError(
            f"The probabilities have the shape {shares.shape}, but (samples, codes) is "
            "needed."
        )
    if not (np.isfinite(shares).all() and shares.min() >= 0):
        raise InputError(
            "The values are no probabilities: some are below 0 or no numbers; give "
            "softmax(logits)."
        )
    n_samples, n_classes = shares.shape
    if codes is not None and np.shape(codes) != (n_samples,):
        raise InputError(
            f"The codes have the shape {np.shape(codes)}, but there are probabilities "
            f"for {n_samples} samples; give one code for each."
        )
    values = mu_law_decode(torch.arange(n_classes), n_classes).numpy()
    edges = np.concatenate([[values[0]], (values[1:] + values[:-1]) / 2, [values[-1]]])
    times = (np.arange(n_samples + 1) - 0.5) / rate * 1000
    ax = new_axes() if ax is None else ax
    image = ax.pcolormesh(
        times, edges, shares.T, cmap=HEAT, rasterized=True,
        norm=PowerNorm(0.5, vmin=0, vmax=max(float(shares.max()), 1e-9)),
    )  # fmt: skip
    if codes is not None:
        came = values[np.asarray(codes)]
        size = 3.0 if n_samples <= MOST_DOTS else 1.0
        ax.plot(times[:-1] + 500 / rate, came, ".", color="#d98613", markersize=size)
        reach = max(float(np.abs(came).max()) * 1.6, 0.02)
    else:
        is_likely = shares.max(axis=0) > 0.02 * shares.max()
        reach = max(float(np.abs(values[is_likely]).max()) * 1.2, 0.02)
    ax.set_ylim(-min(reach, 1), min(reach, 1))
    ax.set_xlabel("time in ms")
    ax.set_ylabel("amplitude")
    bar = ax.figure.colorbar(image, ax=ax, pad=0.015, aspect=18)
    bar.ax.tick_params(labelsize=7, length=2)
    bar.set_label("probability", size=7)
    bar.outline.set_visible(False)
    return ax

"""Pictures of what an autoencoder makes of sound: which codes it uses, and when."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.viz.colours import track_colour
from deepcomposer_edu.viz.figures import add_grid, new_axes

PANEL = 1.5  # inches: height of one of several panels
MOST_PANELS = 6
MOST_DOTS = 200  # codes that are drawn as dots beside their steps


def code_shares(counts: np.ndarray) -> tuple[np.ndarray, int, float]:
    """Return the shares of codes, how many are used at all, and their perplexity.

    Args:
        counts: how often each code was used, shape (K,).

    Returns:
        Shares (K,) that sum to 1; the number of codes with a share above 0; e to the
        entropy in nats: K if all are used equally often, 1 if only one is.

    Raises:
        InputError: if there are no counts, or no code was ever used.

    >>> code_shares(np.array([2, 2, 0, 0]))[1:]
    (2, 2.0)
    """
    counts = np.asarray(counts, dtype=float)
    if counts.ndim != 1 or not len(counts):
        raise InputError(
            f"The counts have the shape {counts.shape}, but (codes,) is needed."
        )
    if not np.isfinite(counts).all() or counts.min() < 0 or counts.sum() <= 0:
        raise InputError(
            "The counts of codes must be from 0 up and not all 0; count the codes of "
            "some sounds first."
        )
    shares = counts / counts.sum()
    used = shares[shares > 0]
    perplexity = float(np.exp(-(used * np.log(used)).sum()))
    return shares, len(used), round(perplexity, 6)


def plot_code_use(groups: Mapping[str, np.ndarray]) -> list[Axes]:
    """Draw how often each code is used, the most frequent first.

    Args:
        groups: by name, how often each code was used, shape (K,); up to 6 groups,
            each with a panel of its own.

    Returns:
        One Axes for each group; its title says how many codes are used.

    Raises:
        InputError: if there are no groups, too many, or one has no counts.
    """
    if not 1 <= len(groups) <= MOST_PANELS:
        raise InputError(
            f"{len(groups)} groups of codes were given, but 1 to {MOST_PANELS} can be "
            "drawn."
        )
    found = {name: code_shares(counts) for name, counts in groups.items()}
    axes = _panels(len(groups))
    for number, (ax, name) in enumerate(zip(axes, found, strict=True)):
        shares, n_used, perplexity = found[name]
        places = np.arange(1, len(shares) + 1)
        ax.bar(places, np.sort(shares)[::-1], 0.85, color=track_colour(number))
        ax.axvspan(n_used + 0.5, len(shares) + 0.5, facecolor="none", hatch="////",
                   edgecolor="#c3c8ce", linewidth=0)  # fmt: skip
        told = f"{n_used} of {len(shares)} codes used, perplexity {perplexity:.1f}"
        ax.set_title(f"{name}: {told}" if name else told, fontsize=8, loc="left")
        ax.set_xlim(0.5, len(shares) + 0.5)
        ax.set_ylabel("share")
        ax.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.3g}%")
        ax.yaxis.set_major_locator(MaxNLocator(4))
        add_grid(ax)
    axes[-1].set_xlabel("codes, the most frequent first")
    return axes


def plot_codes(
    codes: np.ndarray | Mapping[str, np.ndarray], seconds: float
) -> list[Axes]:
    """Draw the codes of a sound as time goes by.

    Args:
        codes: whole numbers, shape (F,), drawn as steps; or numbers, shape (F, D),
            drawn as a heat map; or up to 6 of them by name, such as the levels of a
            stack. Arrays or tensors.
        seconds: how long the sound lasts that they stand for.

    Returns:
        One Axes for each, from top to bottom.

    Raises:
        InputError: if a shape is another one, or `seconds` is not above 0.
    """
    if not seconds > 0:
        raise InputError(f"The sound lasts {seconds!r} seconds, but must last above 0.")
    groups = codes if isinstance(codes, Mapping) else {"": codes}
    if not 1 <= len(groups) <= MOST_PANELS:
        raise InputError(
            f"{len(groups)} rows of codes were given, but 1 to {MOST_PANELS} can be "
            "drawn."
        )
    axes = _panels(len(groups))
    for number, (ax, (name, some)) in enumerate(zip(axes, groups.items(), strict=True)):
        values = np.asarray(some)
        if values.ndim not in (1, 2) or not values.size:
            raise InputError(
                f"The codes {name!r} have the shape {values.shape}, but (frames,) or "
                "(frames, numbers) is needed."
            )
        edges = np.linspace(0, seconds, len(values) + 1)
        if values.ndim == 2:
            reach = max(float(np.abs(values).max()), 1e-9)
            image = ax.pcolormesh(
                edges, np.arange(values.shape[1] + 1) + 0.5, values.T, cmap="PuOr",
                vmin=-reach, vmax=reach, rasterized=True,
            )  # fmt: skip
            ax.set_ylabel("number")
            bar = ax.figure.colorbar(image, ax=ax, pad=0.015, aspect=12)
            bar.ax.tick_params(labelsize=7, length=2)
            bar.outline.set_visible(False)
        else:
            ax.stairs(values, edges, baseline=None, color=track_colour(number))
            if len(values) <= MOST_DOTS:
                middles = (edges[1:] + edges[:-1]) / 2
                ax.plot(middles, values, ".", color=track_colour(number), markersize=3)
            ax.set_ylabel("code")
            add_grid(ax)
        ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        ax.set_xlim(0, seconds)
        if name:
            told = f"{name}: {len(values)} codes, {len(values) / seconds:.4g} a second"
            ax.set_title(told, fontsize=8, loc="left")
    axes[-1].set_xlabel("time in s")
    return axes


def _panels(n: int) -> list[Axes]:
    axes = new_axes(n, PANEL if n > 1 else 2.2)
    return axes if isinstance(axes, list) else [axes]

"""Sound as numbers in a notebook: waveforms, fields, expectations, codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from deepcomposer_edu.course.showing import Picture, picture
from deepcomposer_edu.music.score import note_name

Sounds = np.ndarray | Mapping[str, np.ndarray]


def waveform(
    audio: Sounds,
    rate: float,
    first: float = 0.0,
    seconds: float | None = None,
    caption: str = "",
) -> Picture:
    """Return a sound as a line, or a short piece of it sample by sample.

    Args:
        audio: a sound, or up to 6 by name, shape (N,), in [-1, 1].
        rate: samples a second.
        first: where the drawn piece begins, in seconds.
        seconds: how long it is; None: to the end. Up to 400 samples are drawn as dots.
        caption: the sentence under it.

    Raises:
        InputError: if a sound is none, or nothing of it lies in the piece.
    """
    from deepcomposer_edu.viz.waves import plot_waves, waves_of

    axes = plot_waves(audio, rate, first, seconds)
    told = []
    for name, wave in waves_of(audio).items():
        n_first = round(first * rate)
        last = None if seconds is None else n_first + max(round(seconds * rate), 1)
        cut = wave[n_first:last]
        told.append(
            f"{name or 'the sound'}: {len(cut)} samples between {cut.min():.2f} and "
            f"{cut.max():.2f}"
        )
    return picture(axes[0], f"Waveform. {_listed(told)}.", caption)


def spectrogram(
    audio: Sounds, rate: float, caption: str = "", lowest: float = 40.0
) -> Picture:
    """Return how loud each frequency is at each moment: the darker, the louder.

    Args:
        audio: a sound, or up to 6 by name, shape (N,).
        rate: samples a second.
        caption: the sentence under it.
        lowest: the lowest frequency that is drawn, in Hz.

    Raises:
        InputError: if a sound is none, or `lowest` is not below half the rate.
    """
    from deepcomposer_edu.viz.spectrogram import plot_spectrogram
    from deepcomposer_edu.viz.waves import waves_of

    axes = plot_spectrogram(audio, rate, lowest)
    told = []
    for name, wave in waves_of(audio).items():
        power = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
        hertz = np.fft.rfftfreq(len(wave), 1 / rate)
        loudest = hertz[power.argmax()]
        told.append(
            f"{name or 'the sound'}: {len(wave) / rate:.2f} seconds, strongest at "
            f"{loudest:.0f} Hz{_near(loudest)}"
        )
    return picture(axes[0], f"Spectrogram. {_listed(told)}.", caption)


def _near(hertz: float) -> str:
    """Return the note nearest to a frequency, in words for the end of a sentence."""
    pitch = 69 + 12 * np.log2(max(hertz, 1e-9) / 440)
    return f", near {note_name(round(pitch))}" if 0 <= round(pitch) <= 127 else ""


def mu_law_steps(n_classes: int = 16, caption: str = "") -> Picture:
    """Return what mu-law and equal steps leave of each amplitude, and their steps.

    Args:
        n_classes: how many codes there are, 4 to 256.
        caption: the sentence under it.

    Raises:
        InputError: if `n_classes` is not allowed.
    """
    from deepcomposer_edu.viz.waves import plot_mu_law

    axes = plot_mu_law(n_classes)
    steps = axes[1].get_lines()[0].get_ydata()
    text = (
        f"Two staircases of {n_classes} values each. The steps of mu-law are "
        f"smallest around amplitude 0, {steps.min():.2g}, and grow to "
        f"{steps.max():.2g} for loud samples; equal steps are "
        f"{2 / (n_classes - 1):.2g} everywhere."
    )
    return picture(axes[0], text, caption)


def next_sample(
    probabilities: np.ndarray,
    codes: Sequence[int] | np.ndarray | None = None,
    rate: float = 8000,
    caption: str = "",
) -> Picture:
    """Return what a network expects of each next sample: the darker, the likelier.

    Args:
        probabilities: of each mu-law code at each sample, shape (N, Q).
        codes: those that came, shape (N,); drawn as dots.
        rate: samples a second.
        caption: the sentence under it.

    Raises:
        InputError: if the shapes are others or the values no probabilities.
    """
    from deepcomposer_edu.viz.waves import plot_next_sample

    axes = plot_next_sample(probabilities, codes, rate)
    shares = np.asarray(probabilities, dtype=float)
    sure = np.sort(shares, axis=1)[:, ::-1].cumsum(axis=1)
    n_needed = (sure < 0.9 - 1e-9).sum(axis=1) + 1
    text = (
        f"Heat map of {len(shares)} samples and {shares.shape[1]} codes. The median "
        f"sample needs {np.median(n_needed):.0f} codes to hold nine tenths of the "
        "probability"
    )
    if codes is not None:
        mean = shares[np.arange(len(shares)), np.asarray(codes)].mean()
        text += f"; the code that came had {mean:.1%} on average"
    return picture(axes, f"{text}.", caption)


def code_use(groups: Mapping[str, np.ndarray], caption: str = "") -> Picture:
    """Return how often each code of a codebook is used, the most frequent first.

    Args:
        groups: by name, how often each code was used, shape (K,); up to 6 groups.
        caption: the sentence under it.

    Raises:
        InputError: if there are no groups, too many, or one has no counts.
    """
    from deepcomposer_edu.viz.sound_codes import code_shares, plot_code_use

    axes = plot_code_use(groups)
    told = []
    for name, counts in groups.items():
        shares, n_used, perplexity = code_shares(counts)
        told.append(
            f"{name}: {n_used} of {len(shares)} codes used, perplexity "
            f"{perplexity:.1f}, the most frequent {shares.max():.0%}"
        )
    return picture(axes[0], f"Bars of code use. {_listed(told)}.", caption)


def sound_codes(
    codes: np.ndarray | Mapping[str, np.ndarray], seconds: float, caption: str = ""
) -> Picture:
    """Return the codes of a sound as time goes by.

    Args:
        codes: whole numbers, shape (F,); or numbers, shape (F, D); or up to 6 of them
            by name, such as the levels of a stack.
        seconds: how long the sound lasts that they stand for.
        caption: the sentence under it.

    Raises:
        InputError: if a shape is another one, or `seconds` is not above 0.
    """
    from deepcomposer_edu.viz.sound_codes import plot_codes

    axes = plot_codes(codes, seconds)
    groups = codes if isinstance(codes, Mapping) else {"the sound": codes}
    told = []
    for name, some in groups.items():
        values = np.asarray(some)
        if values.ndim == 1:
            told.append(
                f"{name}: {len(values)} codes, {len(set(values.tolist()))} kinds"
            )
        else:
            told.append(f"{name}: {len(values)} frames of {values.shape[1]} numbers")
    return picture(axes[0], f"Codes over {seconds:.3g} s. {_listed(told)}.", caption)


def field(
    dilations: Sequence[int], kernel: int = 2, lag: int | None = None, caption: str = ""
) -> Picture:
    """Return the tree of a stack: which inputs reach one output, and on which paths.

    Args:
        dilations: of each layer, from the input up.
        kernel: taps of each layer.
        lag: an input, in samples before the output; its paths are drawn thick.
        caption: the sentence under it.

    Raises:
        InputError: if the stack is none, or has more than 64 inputs.
    """
    from deepcomposer_edu.nn.waves import count_paths
    from deepcomposer_edu.viz.field import paths_words, plot_field

    axes = plot_field(dilations, kernel, lag)
    counts = count_paths(list(dilations), kernel)
    text = f"Tree of {len(list(dilations))} layers over {paths_words(counts)}"
    if lag is not None:
        n_paths = counts[lag] if 0 <= lag < len(counts) else 0
        text += f"; {n_paths:,} to the input {lag} samples back"
    return picture(axes, f"{text}.", caption)


def paths(
    dilations: Sequence[int] | Mapping[str, Sequence[int]],
    kernel: int = 2,
    caption: str = "",
) -> Picture:
    """Return how many paths lead from an output to each input.

    Args:
        dilations: of each layer, from the input up; or those of up to 6 stacks by name.
        kernel: taps of each layer.
        caption: the sentence under it.

    Raises:
        InputError: if there are no stacks, too many, or one is no stack.
    """
    from deepcomposer_edu.nn.waves import check_layers, count_paths
    from deepcomposer_edu.viz.field import paths_words, plot_paths

    stacks = dilations if isinstance(dilations, Mapping) else None
    if stacks is None:
        listed = [str(one) for one in dilations]
        listed = [*listed[:8], "…"] if len(listed) > 10 else listed
        stacks = {f"dilations {', '.join(listed)}": dilations}
    for stack in stacks.values():
        check_layers(list(stack), kernel)
    counts = {name: count_paths(list(stack), kernel) for name, stack in stacks.items()}
    axes = plot_paths(counts)
    told = [f"{name}: {paths_words(some)}" for name, some in counts.items()]
    return picture(axes[0], f"Bars of paths. {_listed(told)}.", caption)


def _listed(told: Sequence[str]) -> str:
    return "; ".join(told)

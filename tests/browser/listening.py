"""What a page's sound really renders, and what can be heard in it.

page = open_widget(Player(score), sampled=True, script=RECORDER)
start_recording(page)
...
samples, rate = recording(page, seconds=1.0)
"""

from __future__ import annotations

import base64

import numpy as np
from browser.chromium import HERE

RECORDER = (HERE / "recorder.js").read_text(encoding="utf-8")


def start_recording(page):
    """Wait for the sampled sound, then write down all that is rendered from now on."""
    page.wait_for_function("window.sound().kind === 'sampled'")
    page.evaluate("startRecording()")


def recording(page, seconds, whole=False):
    """Return (samples, rate) of `seconds` from the first sound on.

    With `whole`, return all since the recording began or was last forgotten.
    """
    clock = "secondsRecorded" if whole else "secondsHeard"
    page.wait_for_function(f"{clock}() > {seconds}")
    answer = page.evaluate(f"recording({str(whole).lower()})")
    samples = np.frombuffer(base64.b64decode(answer["samples"]), dtype=np.float32)
    rate = answer["rate"]
    return samples[: round(seconds * rate)].astype(float), rate


def level(samples):
    """Return the loudness in decibels below full scale."""
    return 20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9)


def spectrum(samples, rate):
    """Return (frequencies, magnitudes)."""
    windowed = samples * np.hanning(len(samples))
    return np.fft.rfftfreq(len(samples), 1 / rate), np.abs(np.fft.rfft(windowed))


def level_at(samples, rate, hertz, width=0.02):
    """Return the strongest magnitude near a frequency, in decibels."""
    frequencies, magnitudes = spectrum(samples, rate)
    near = np.abs(frequencies - hertz) <= width * hertz
    return 20 * np.log10(magnitudes[near].max() + 1e-9)


def pitch_of(samples, rate, low=50.0, high=1500.0):
    """Return the fundamental in hertz: where the sound resembles itself most."""
    size = 2 ** int(np.ceil(np.log2(2 * len(samples))))
    power = np.abs(np.fft.rfft(samples - samples.mean(), size)) ** 2
    likeness = np.fft.irfft(power)[: len(samples) // 2]
    likeness /= np.arange(len(samples), len(samples) // 2, -1)[: len(likeness)]
    shortest, longest = round(rate / high), round(rate / low)
    lags = np.arange(shortest, longest)
    best = likeness[lags].max()
    # the first peak that is nearly as high: later ones are multiples of the period
    peak = next(
        lag
        for lag in lags[1:-1]
        if likeness[lag] > 0.9 * best
        and likeness[lag] >= likeness[lag - 1]
        and likeness[lag] >= likeness[lag + 1]
    )
    left, middle, right = likeness[peak - 1 : peak + 2]
    shift = (left - right) / (2 * (left - 2 * middle + right))
    return rate / (peak + shift)


def brightness(samples, rate):
    """Return the middle of the spectrum in hertz."""
    frequencies, magnitudes = spectrum(samples, rate)
    return float((frequencies * magnitudes).sum() / magnitudes.sum())


def onsets(samples, rate, quiet=0.15):
    """Return when sounds begin, in seconds: where it gets loud after a fall."""
    hop = round(0.005 * rate)
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    loudness = np.sqrt((frames**2).mean(axis=1))
    threshold = quiet * loudness.max()
    begun, is_loud = [], False
    for number, value in enumerate(loudness):
        if not is_loud and value > threshold:
            begun.append(number * hop / rate)
        is_loud = value > threshold / 2 if is_loud else value > threshold
    return begun

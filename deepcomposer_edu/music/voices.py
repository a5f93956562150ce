"""One sounding note: a recording at a new pitch, filtered and shaped in loudness.

The chain is the SoundFont's: the oscillator walks through the recording (round and
round its loop), a low-pass filter takes away brightness, the volume envelope opens and
closes the sound. What moves slowly (filter, vibrato) is computed once per block of 64
samples.
"""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.music.regions import (
    NO_FILTER_CENTS,
    Envelope,
    Region,
    Vibrato,
)

BLOCK = 64  # samples between two values of what moves slowly
CHUNK = 256 * BLOCK  # samples worked on at a time: they fit into the processor's cache
SILENCE_DB = 90.0  # a voice that fell this far can't be heard any more
LONGEST_RELEASE = 5.0  # seconds; a few cymbals would ring for minutes
SHORTEST_RELEASE = 0.008  # seconds; quicker ones click
_FULL_RANGE_DB = 100.0  # decay and release times are for this way down
_CUTOFF_STEP = 25  # cents: the filter follows its envelope in steps of this size


def pitch_ratio(region: Region, key: int) -> float:
    """Return how many times faster than recorded `region` plays for `key`."""
    if region.fixed_key >= 0:
        key = region.fixed_key
    cents = (key - region.root_key) * region.cents_per_key + region.tuning_cents
    return 2.0 ** (cents / 1_200)


def longest(region: Region, key: int, sample_rate: int) -> float:
    """Return how many samples a held note can sound, infinity for a held loop."""
    length = np.inf
    if not region.has_loop:
        step = region.sample_rate / sample_rate * pitch_ratio(region, key)
        length = (region.end - region.start) / step
    volume = region.volume
    if volume.sustain >= SILENCE_DB:
        decay = _stretched(volume.decay, volume.key_to_decay, key)
        hold = _stretched(volume.hold, volume.key_to_hold, key)
        seconds = volume.delay + volume.attack + hold + decay
        length = min(
            length, seconds * SILENCE_DB / _FULL_RANGE_DB * sample_rate + BLOCK
        )
    return length


def oscillator(
    region: Region,
    samples: np.ndarray,
    key: int,
    velocity: int,
    n_samples: int,
    sample_rate: int,
) -> np.ndarray:
    """Return the filtered sound of a held key, before its volume envelope.

    Args:
        region: what to play.
        samples: the SoundFont's recordings, int16.
        key: MIDI pitch of the note.
        velocity: of the note; it may change the filter.
        n_samples: how long, N. A longer call begins with the same samples.
        sample_rate: samples per second of the result.

    Returns:
        The wave in [-1, 1], shape (N,), float32; zeros after the recording's end.
    """
    wave = np.zeros(n_samples, np.float32)
    curves, loop_length = _curves(region, samples)
    turn = region.loop_start - region.start + 1
    step = region.sample_rate / sample_rate * pitch_ratio(region, key)
    begin = 0.0
    for first in range(0, n_samples, CHUNK):
        n = min(CHUNK, n_samples - first)
        if _bends(region):
            bend = _bend_cents(region, key, first, n, sample_rate)
            path = np.cumsum(np.repeat(step * 2.0 ** (bend / 1_200), BLOCK)[:n])
            position = np.concatenate(([begin], begin + path[:-1]))
            begin += path[-1]
        else:
            position = np.arange(first, first + n) * step
        whole = position.astype(np.int64)
        fraction = (position - whole).astype(np.float32)
        if loop_length:
            # go round one sample late, so that all four neighbours lie in the loop
            rounds = np.maximum((whole - turn) // loop_length, 0)
            whole -= rounds * loop_length
        else:
            n = int(np.searchsorted(whole, curves.shape[1]))  # the recording ends
            whole, fraction = whole[:n], fraction[:n]
        part = curves[3].take(whole)
        for curve in curves[2::-1]:  # Horner's rule
            part *= fraction
            part += curve.take(whole)
        wave[first : first + n] = part
        if n < CHUNK:
            break
    _low_pass(wave, region, key, velocity, sample_rate)
    if region.tremolo_to_volume_db:
        swing = region.tremolo_to_volume_db * _triangle(
            region.tremolo, 0, n_samples, sample_rate
        )
        at_blocks = np.arange(len(swing)) * BLOCK
        decibels = np.interp(np.arange(n_samples), at_blocks, swing)
        wave *= (10 ** (decibels / 20)).astype(np.float32)
    return wave


def volume_curve(
    envelope: Envelope, key: int, n_samples: int, sample_rate: int
) -> np.ndarray:
    """Return the loudness of a held note: delay, attack, hold, decay, sustain.

    The attack rises in amplitude, the decay falls in decibels, which the ear hears
    as even.

    Args:
        envelope: the region's volume envelope.
        key: MIDI pitch of the note; it may stretch hold and decay.
        n_samples: how long the key is held.
        sample_rate: samples per second of the result.

    Returns:
        Amplitudes between 0 and 1, shape (n_samples,), float32.
    """
    hold = _stretched(envelope.hold, envelope.key_to_hold, key)
    decay = _stretched(envelope.decay, envelope.key_to_decay, key)
    n_delay = round(envelope.delay * sample_rate)
    n_attack = max(round(envelope.attack * sample_rate), 1)
    top = n_delay + n_attack + round(hold * sample_rate)
    db_per_sample = _FULL_RANGE_DB / (decay * sample_rate)
    bottom = top + int(min(envelope.sustain, SILENCE_DB) / db_per_sample) + 1

    curve = np.ones(n_samples, np.float32)
    curve[bottom:] = _amplitude(envelope.sustain)
    fall = np.arange(max(min(bottom, n_samples) - top, 0), dtype=np.float32)
    curve[top : top + len(fall)] = _amplitude(fall * np.float32(db_per_sample))
    rise = np.linspace(0, 1, n_attack, endpoint=False, dtype=np.float32)
    curve[:n_delay] = 0
    curve[n_delay : n_delay + n_attack] = rise[: max(n_samples - n_delay, 0)]
    return curve


def release_curve(seconds: float, sample_rate: int) -> np.ndarray:
    """Return how a note fades once the key is let go, from 1 to 0.

    Args:
        seconds: time of the whole way from full to silent, as the SoundFont says it.
        sample_rate: samples per second of the result.

    Returns:
        Amplitudes, shape (N,), float32; the last hundredth of a second closes to 0.
    """
    seconds = max(seconds, SHORTEST_RELEASE)
    audible = min(seconds * SILENCE_DB / _FULL_RANGE_DB, LONGEST_RELEASE)
    time = np.arange(int(audible * sample_rate)) / sample_rate
    curve = 10 ** (-_FULL_RANGE_DB / 20 * time / seconds)
    n_close = min(len(curve), sample_rate // 100)
    curve[len(curve) - n_close :] *= np.linspace(1, 0, n_close)
    return curve.astype(np.float32)


def _stretched(seconds: float, cents_per_key: float, key: int) -> float:
    """Return a time that grows or shrinks with the distance from middle C."""
    return seconds * 2.0 ** (cents_per_key * (60 - key) / 1_200)


def _amplitude(attenuation_db: np.ndarray | float) -> np.ndarray | float:
    """Return the factor of an attenuation in decibels; 0 where it is silent."""
    if isinstance(attenuation_db, float):
        return 10 ** (-attenuation_db / 20) if attenuation_db < SILENCE_DB else 0.0
    return np.exp(attenuation_db * np.float32(-np.log(10) / 20))


def _curves(region: Region, samples: np.ndarray) -> tuple[np.ndarray, int]:
    """Return cubics through each four neighbours of a recording, and its loop's length.

    Catmull-Rom interpolation: between samples i and i + 1 the sound is
    c[0] + c[1] x + c[2] x^2 + c[3] x^3 with x from 0 to 1, and meets both samples.

    Returns:
        c, shape (4, length of the recording up to its loop's end), float32, and the
        length of the loop, 0 without one.
    """
    if region.has_loop:
        length = region.loop_end - region.loop_start
        # behind the loop's end comes its beginning
        behind = samples[region.loop_start : region.loop_start + 3]
        body = samples[region.start : region.loop_end]
    else:
        length, behind = 0, [0, 0]
        body = samples[region.start : region.end]
    sound = np.concatenate(([0], body, behind)).astype(np.float32) / 32_768
    before, here, after, later = sound[:-3], sound[1:-2], sound[2:-1], sound[3:]
    curves = (
        here,
        (after - before) / 2,
        before - 2.5 * here + 2 * after - later / 2,
        (later - before) / 2 + 1.5 * (here - after),
    )
    return np.stack(curves), length


def _bends(region: Region) -> bool:
    """Return whether the pitch moves while a key is held."""
    return bool(
        region.tremolo_to_pitch or region.vibrato_to_pitch or region.envelope_to_pitch
    )


def _bend_cents(
    region: Region, key: int, first: int, n_samples: int, sample_rate: int
) -> np.ndarray:
    """Return the change of pitch in cents, one value per block."""
    span = (first, n_samples, sample_rate)
    cents = region.tremolo_to_pitch * _triangle(region.tremolo, *span)
    cents = cents + region.vibrato_to_pitch * _triangle(region.vibrato, *span)
    return cents + region.envelope_to_pitch * _moving(region.modulation, key, *span)


def _block_times(first: int, n_samples: int, sample_rate: int) -> np.ndarray:
    """Return when each block starts, in seconds."""
    return np.arange(first, first + n_samples, BLOCK) / sample_rate


def _triangle(
    wave: Vibrato, first: int, n_samples: int, sample_rate: int
) -> np.ndarray:
    """Return a triangle wave between -1 and 1, 0 before its delay is over."""
    time = np.maximum(_block_times(first, n_samples, sample_rate) - wave.delay, 0)
    return 1 - np.abs((time * wave.hertz + 0.75) % 1 * 4 - 2)


def _moving(
    envelope: Envelope, key: int, first: int, n_samples: int, sample_rate: int
) -> np.ndarray:
    """Return the modulation envelope of a held note, one value 0 to 1 per block."""
    time = _block_times(first, n_samples, sample_rate) - envelope.delay
    hold = _stretched(envelope.hold, envelope.key_to_hold, key)
    decay = _stretched(envelope.decay, envelope.key_to_decay, key)
    # convex rise, as the specification wants it: fast at first
    rise = np.clip(time / envelope.attack, 0, 1) ** 0.5
    fall = np.clip((time - envelope.attack - hold) / decay, 0, 1)
    return np.minimum(rise, np.maximum(1 - fall, envelope.sustain))


def _low_pass(
    wave: np.ndarray, region: Region, key: int, velocity: int, sample_rate: int
) -> None:
    """Filter `wave` in place, following the envelope and tremolo of the cutoff."""
    softness = 1 - velocity / 127
    still = region.cutoff_cents + region.softness_to_filter * softness
    if min(still, still + region.envelope_to_filter) >= NO_FILTER_CENTS:
        return
    from scipy.signal import lfilter  # loads slowly, so only when a sound needs it

    span = (0, len(wave), sample_rate)
    cents = still + region.envelope_to_filter * _moving(region.modulation, key, *span)
    if region.tremolo_to_filter:
        cents = cents + region.tremolo_to_filter * _triangle(region.tremolo, *span)
    cents = np.clip(cents, 1_500, NO_FILTER_CENTS)
    cents = np.rint(cents / _CUTOFF_STEP).astype(np.int64) * _CUTOFF_STEP
    changes = np.flatnonzero(np.diff(cents)) + 1  # blocks where the cutoff moves
    starts = np.union1d(changes, np.arange(0, len(cents), CHUNK // BLOCK)) * BLOCK
    state = np.zeros(2)
    for start, stop in zip(starts, [*starts[1:], len(wave)], strict=True):
        forward, back = _biquad(cents[start // BLOCK], region.resonance_db, sample_rate)
        wave[start:stop], state = lfilter(forward, back, wave[start:stop], zi=state)


def _biquad(
    cutoff_cents: float, resonance_db: float, sample_rate: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return a second-order low-pass as (feed-forward, feedback) coefficients.

    Robert Bristow-Johnson's cookbook form. A resonance of 0 dB is the flat
    (Butterworth) filter; a peak of more is taken back by half of its height, as the
    SoundFont specification asks (section 8.1.3, generator 9).
    """
    hertz = min(8.176 * 2.0 ** (cutoff_cents / 1_200), 0.45 * sample_rate)
    quality = 10 ** ((resonance_db - 3.01) / 20)
    angle = 2 * np.pi * hertz / sample_rate
    width = np.sin(angle) / (2 * quality)
    middle = 1 - np.cos(angle)
    gain = 10 ** (-resonance_db / 40)
    forward = gain * np.array([middle / 2, middle, middle / 2])
    back = np.array([1 + width, -2 * np.cos(angle), 1 - width])
    return forward / back[0], back / back[0]

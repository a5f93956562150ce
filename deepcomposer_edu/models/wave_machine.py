"""The loop of `wave_numba`, written for numba: import it only where numba is there.

Each function is plain Python over arrays, too slow until numba compiles it. Matrices
have a row for each input, so that the innermost loop runs over neighbours in memory.
"""

from __future__ import annotations

import math

import numba
import numpy as np


def _compile(function):
    """Compile at the first call; keep the code unless no folder can be written."""
    loosely = {"contract", "reassoc", "nsz", "nnan", "ninf", "arcp"}
    options = {"nogil": True, "fastmath": loosely}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # neither beside this file nor in the user's cache folder
        return numba.njit(**options)(function)


@_compile
def _add_product(sums, x, matrix):
    """Add x (D_in,) times matrix (D_in, D_out) to sums (D_out,); D_in of eights."""
    for i in range(0, matrix.shape[0], 8):
        a, b, c, d = x[i], x[i + 1], x[i + 2], x[i + 3]
        e, f, g, h = x[i + 4], x[i + 5], x[i + 6], x[i + 7]
        for j in range(matrix.shape[1]):
            sums[j] += (
                a * matrix[i, j]
                + b * matrix[i + 1, j]
                + c * matrix[i + 2, j]
                + d * matrix[i + 3, j]
                + e * matrix[i + 4, j]
                + f * matrix[i + 5, j]
                + g * matrix[i + 6, j]
                + h * matrix[i + 7, j]
            )


@_compile
def _tanh(x):
    """Replace each number by its tanh, to 2e-7: Lambert's continued fraction.

    It is taken of a quarter, where five terms are enough; then the argument is doubled
    twice, by tanh 2t = 2 tanh t / (1 + tanh^2 t), all as one fraction.
    """
    quarter, two = np.float32(0.25), np.float32(2)
    a, b, c = np.float32(945), np.float32(105), np.float32(420)
    for j in range(x.shape[0]):
        t = quarter * min(max(x[j], np.float32(-12)), np.float32(12))
        s = t * t
        above, below = t * (a + s * (b + s)), a + s * (c + np.float32(15) * s)
        above, below = two * above * below, above * above + below * below
        x[j] = two * above * below / (above * above + below * below)


@_compile
def _draw(logits, chance, sharpness):
    """Return the code at which the sum of the probabilities passes the chance."""
    highest = logits[0]
    for logit in logits:
        highest = max(highest, logit)
    total = 0.0
    powers = np.empty(logits.shape[0])
    for j in range(logits.shape[0]):
        power = (np.float64(logits[j]) - highest) * sharpness
        powers[j] = math.exp(power) if power > -40.0 else 0.0  # 4e-18 counts as 0
        total += powers[j]
    passed, goal = 0.0, chance * total
    for j in range(logits.shape[0]):
        passed += powers[j]
        if passed > goal:
            return j
    return logits.shape[0] - 1


@_compile
def play(
    codes,
    chances,
    first,
    last,
    n_known,
    sharpness,
    embed,
    taps,
    start,
    out,
    out_bias,
    read,
    read_bias,
    final,
    final_bias,
    dilations,
    first_row,
    kernel,
    moments,
    n_held,
    queues,
):
    """Draw the samples from `first` to `last` of one sound into `codes` (N,)."""
    width, n_skip = embed.shape[1], read_bias.shape[0]
    n_local, half = moments.shape[1], np.float32(0.5)
    inputs = np.zeros(taps.shape[1], np.float32)
    gates = np.empty(2 * width, np.float32)
    passed = np.zeros(out.shape[1], np.float32)
    onward = np.empty(width + n_skip, np.float32)
    x = np.empty(width, np.float32)
    total = np.zeros(read.shape[0], np.float32)
    hidden = np.zeros(final.shape[0], np.float32)
    logits = np.empty(final_bias.shape[0], np.float32)
    for t in range(first, last):
        code = codes[t - 1] if t > 0 else embed.shape[0] // 2
        x[:] = embed[code]
        total[:] = 0
        for i in range(n_local):
            inputs[kernel * width + i] = moments[t // n_held, i]
        for layer in range(taps.shape[0]):
            length = (kernel - 1) * dilations[layer]
            for k in range(kernel - 1):  # the oldest first
                row = first_row[layer] + (t + k * dilations[layer]) % length
                for j in range(width):
                    inputs[k * width + j] = queues[row, j]
            newest = first_row[layer] + t % max(length, 1)
            for j in range(width):
                inputs[(kernel - 1) * width + j] = x[j]
                if kernel > 1:
                    queues[newest, j] = x[j]  # in the place of the oldest
            gates[:] = start[layer]
            _add_product(gates, inputs, taps[layer])
            _tanh(gates)
            for j in range(width):
                passed[j] = gates[j] * (half + half * gates[width + j])
            onward[:] = out_bias[layer]
            _add_product(onward, passed, out[layer])
            for j in range(width):
                x[j] += onward[j]
            for j in range(n_skip):
                total[j] += onward[width + j]
        if t < n_known:
            continue
        for j in range(n_skip):
            total[j] = max(total[j], np.float32(0))
        hidden[:n_skip] = read_bias
        _add_product(hidden[:n_skip], total, read)
        for j in range(n_skip):
            hidden[j] = max(hidden[j], np.float32(0))
        logits[:] = final_bias
        _add_product(logits, hidden, final)
        codes[t] = _draw(logits, chances[t], sharpness)

"""Does the small NSynth give notes back, and does it mix timbres?

    python benchmarks/nsynth.py                 # minutes on one core
    python benchmarks/nsynth.py --fast          # every third note
    python benchmarks/nsynth.py --temperature 0.3

Notes are encoded and decoded: the pairs of instrument and pitch that were held out of
training (C3 to C5, velocity 120), and as many that were not. Printed is, for each
instrument, the median of

- dB: the spectral distance (`music.sound_measures.spectral_distance`) between the note
  and what came back;
- mu-law: the same for the note after 8-bit mu-law alone, which no code can beat;
- cents: how far the fundamental is off the note's own, and the share within 30 cents;
- level: decoded power beside the note's own, in dB.

Mixtures: beside each note stand the weighted sums of its waveform and another
instrument's at the same pitch. "Better than 90 : 10" is the share of such pairs where
what came back is nearer to the note than a sum with 10 % of the other; "as near as"
is the median share of the other that may be in the sum until it is farther.

Interpolation: codes of two instruments are mixed in steps of a quarter and decoded;
the distance from the first should rise from step to step and that from the second fall.
"""

from __future__ import annotations

import argparse
from itertools import permutations

import numpy as np
import torch

from deepcomposer_edu.corpora.sounds import SoundSet, note_sounds
from deepcomposer_edu.models.nsynth import TEMPERATURE, SoundAutoencoder, load_nsynth
from deepcomposer_edu.models.sound_codes import blend
from deepcomposer_edu.music.audio import rms_dbfs
from deepcomposer_edu.music.score import frequency
from deepcomposer_edu.music.sound_measures import cents, fundamental, spectral_distance
from deepcomposer_edu.nn.waves import mu_law, mu_law_decode

SHARES = np.linspace(0.02, 0.98, 49)  # of the other waveform
SHOWN = (0.1, 0.25, 0.5)
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
NEAR_CENTS = 30
AT_ONCE = 48  # sounds that are decoded together


def decoded(
    network: SoundAutoencoder, codes: torch.Tensor, pitch: np.ndarray, heat: float
) -> np.ndarray:
    """Return the sounds of codes (N, F, W) at pitches (N,)."""
    parts = [
        network.decode(
            codes[i : i + AT_ONCE],
            torch.as_tensor(pitch[i : i + AT_ONCE]),
            temperature=heat,
        )
        for i in range(0, len(codes), AT_ONCE)
    ]
    return np.concatenate(parts)


def chosen(sounds: SoundSet, every: int) -> np.ndarray:
    """Return the held-out notes and, of each instrument, as many others."""
    out = np.flatnonzero(sounds.held_out)[::every]
    random = np.random.default_rng(0)
    seen = [
        random.choice(
            np.flatnonzero(~sounds.held_out & (sounds.instrument == i)),
            (sounds.instrument[out] == i).sum(),
            replace=False,
        )
        for i in range(len(sounds.instruments))
    ]
    return np.concatenate([out, *seen])


def show_notes(sounds: SoundSet, rows: np.ndarray, made: np.ndarray) -> np.ndarray:
    """Print the table of notes; return each one's distance."""
    rate = sounds.rate
    found = []
    for row, audio in zip(rows, made, strict=True):
        note = sounds.audio[row]
        near = frequency(int(sounds.pitch[row]))
        as_codes = mu_law_decode(mu_law(torch.as_tensor(note))).numpy()
        pitches = [fundamental(x, rate, near=near) for x in (audio, note)]
        found.append(
            (
                spectral_distance(audio, note, rate),
                spectral_distance(as_codes, note, rate),
                abs(cents(*pitches)),
                rms_dbfs(audio) - rms_dbfs(note),
            )
        )
    found = np.array(found)
    print(
        f"{'':24}{'notes':>6}{'dB':>7}{'mu-law':>8}{'cents':>7}{'in 30':>7}{'level':>7}"
    )
    for out in (True, False):
        for i, name in enumerate([*sounds.instruments, "all"]):
            which = sounds.held_out[rows] == out
            if name != "all":
                which &= sounds.instrument[rows] == i
            some = found[which]
            near = np.mean(np.nan_to_num(some[:, 2], nan=1e9) <= NEAR_CENTS)
            middle = np.nanmedian(some, axis=0)  # no pitch is heard: counts in `near`
            label = f"{'held out' if out else 'seen'}, {name}"
            print(
                f"{label:24}{len(some):6}{middle[0]:7.2f}{middle[1]:8.2f}"
                f"{middle[2]:7.1f}{100 * near:6.0f}%{middle[3]:+7.2f}"
            )
    return found[:, 0]


def show_mixtures(sounds: SoundSet, rows: np.ndarray, distances: np.ndarray) -> None:
    """Print how near what came back is, beside sums of waveforms."""
    nearer, equal = [], []
    for row, distance in zip(rows, distances, strict=True):
        note = sounds.audio[row]
        same = (sounds.pitch == sounds.pitch[row]) & (
            sounds.instrument != sounds.instrument[row]
        )
        for other in sounds.audio[same]:
            sums = [
                spectral_distance((1 - w) * note + w * other, note, sounds.rate)
                for w in SHARES
            ]
            nearer.append([distance < np.interp(w, SHARES, sums) for w in SHOWN])
            farther = np.flatnonzero(np.array(sums) > distance)
            equal.append(SHARES[farther[0]] if len(farther) else 1.0)
    shares = "   ".join(
        f"{100 * (1 - w):.0f} : {100 * w:.0f}  {100 * x:.0f} %"
        for w, x in zip(SHOWN, np.mean(nearer, axis=0), strict=True)
    )
    print(f"\nmixtures of waveforms, {len(nearer)} pairs; better than   {shares}")
    low, middle, high = (100 * np.quantile(equal, q) for q in (0.1, 0.5, 0.9))
    print(
        f"as near as a sum with {middle:.0f} % of the other (a tenth of the pairs "
        f"below {low:.0f} %, a tenth above {high:.0f} %)"
    )


def show_ways(
    network: SoundAutoencoder, sounds: SoundSet, pitches: list[int], heat: float
) -> None:
    """Print how mixtures of codes lie between the sounds that were mixed."""
    ends, codes, heights = [], [], []
    for pitch in pitches:
        at = [
            np.flatnonzero((sounds.pitch == pitch) & (sounds.instrument == i))[0]
            for i in range(len(sounds.instruments))
        ]
        own = network.encode(sounds.audio[at])
        for a, b in permutations(range(len(at)), 2):
            if a < b:
                ends.append((sounds.audio[at[a]], sounds.audio[at[b]]))
                codes += [blend(own[[a, b]], [1 - w, w]) for w in STEPS]
                heights += [pitch] * len(STEPS)
    made = decoded(network, torch.stack(codes), np.array(heights), heat)
    made = made.reshape(len(ends), len(STEPS), -1)
    table = np.array(
        [
            [[spectral_distance(x, end, sounds.rate) for x in row] for end in pair]
            for pair, row in zip(ends, made, strict=True)
        ]
    )  # (pairs, 2, steps)
    print(f"\ninterpolation, {len(ends)} pairs; mean distance in dB of the step from")
    for label, row in zip(("first", "second"), table.mean(axis=0), strict=True):
        print(f"  the {label:8}" + "".join(f"{x:8.2f}" for x in row))
    rising = np.diff(table[:, 0], axis=1) > 0
    falling = np.diff(table[:, 1], axis=1) < 0
    share = np.mean(np.concatenate([rising, falling]))
    print(f"steps away from the first or towards the second: {100 * share:.0f} %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fast", action="store_true", help="every third note")
    parser.add_argument("--temperature", type=float, default=TEMPERATURE)
    parser.add_argument("--weights", default="nsynth")
    options = parser.parse_args()
    torch.set_num_threads(1)
    network, heat = load_nsynth(options.weights), options.temperature
    sounds = note_sounds(velocities=(120,))
    rows = chosen(sounds, 3 if options.fast else 1)
    made = decoded(
        network, network.encode(sounds.audio[rows]), sounds.pitch[rows], heat
    )
    print(f"temperature {heat:g}")
    distances = show_notes(sounds, rows, made)
    show_mixtures(sounds, rows, distances)
    show_ways(network, sounds, [55, 67] if options.fast else [50, 55, 60, 67], heat)


if __name__ == "__main__":
    main()

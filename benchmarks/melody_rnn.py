"""Does MelodyRNN write melodies? Its continuations beside the tunes it learned from.

    python benchmarks/melody_rnn.py                        # some minutes on one core
    python benchmarks/melody_rnn.py --variants lookback    # one variant alone

Each variant continues the first two bars of 100 tunes that it was not trained on by 240
steps: 30 seconds at 120 quarters a minute. The last eight bars, furthest from the
primer, are measured with `deepcomposer_edu.music.melody_metrics` and held against the
middle 90 % of the training tunes (as many bars behind their first two). A statistic
passes if the median of the 100 lies inside. Then: how surprising each test tune is, in
bits a sixteenth, to both variants and to an n-gram that counts.
"""

from __future__ import annotations

import argparse

import numpy as np

from deepcomposer_edu.corpora.melodies import Melody, load_melodies
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.melody_events import to_events
from deepcomposer_edu.models.melody_network import VARIANTS
from deepcomposer_edu.models.melody_rnn import (
    MelodyRNN,
    load_melody_rnn,
    move_to_range,
)
from deepcomposer_edu.models.ngram import NGram
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.melody_metrics import NAMES, melody_statistics

N_ADDED = 240  # steps: 30 seconds at 120
PRIMER_BARS, MEASURED_BARS = 2, 8
NGRAM_ORDERS = (3, 5, 8)


def statistics_of(grids: list[tuple[Grid, int]]) -> dict[str, np.ndarray]:
    """Return each statistic of (melody, steps a bar) with at least two notes."""
    rows = []
    for grid, size in grids:
        try:
            rows.append(melody_statistics(grid, size))
        except InputError:
            continue
    return {name: np.array([row[name] for row in rows]) for name in NAMES}


def corpus_stretches(melodies: list[Melody]) -> list[tuple[Grid, int]]:
    """Return eight bars behind the first two of each tune that is long enough."""
    found = []
    for melody in melodies:
        size = melody.steps_per_bar
        start = melody.pickup + PRIMER_BARS * size
        stop = start + MEASURED_BARS * size
        if melody.grid.n_steps >= stop:
            found.append((melody.grid.crop(start, stop), size))
    return found


def continued(
    model: MelodyRNN, melodies: list[Melody], **settings: float
) -> list[tuple[Grid, int]]:
    """Return the last eight bars of each continuation."""
    found = []
    for seed, melody in enumerate(melodies):
        size = melody.steps_per_bar
        grid = model.continue_melody(
            melody.grid.crop(0, melody.pickup + PRIMER_BARS * size),
            N_ADDED,
            steps_per_bar=size,
            pickup=melody.pickup,
            seed=seed,
            **settings,
        )
        stop = grid.n_steps - (grid.n_steps - melody.pickup) % size
        found.append((grid.crop(stop - MEASURED_BARS * size, stop), size))
    return found


def show(name: str, found: dict, corpus: dict) -> None:
    """Print one row a statistic: median, share inside the corpus' middle, verdict."""
    print(f"\n{name}: {len(found['range'])} melodies")
    print(f"{'':18} {'5 %':>7} {'corpus':>7} {'95 %':>7} {'ours':>7} {'inside':>7}")
    for statistic in NAMES:
        low, middle, high = np.percentile(corpus[statistic], [5, 50, 95])
        values = found[statistic]
        median = np.median(values)
        inside = np.mean((values >= low) & (values <= high))
        verdict = "" if low <= median <= high else "  outside"
        print(
            f"{statistic:18} {low:7.2f} {middle:7.2f} {high:7.2f} {median:7.2f} "
            f"{inside:7.0%}{verdict}"
        )


def bits_of_ngram(order: int, train: list[Melody], test: list[Melody]) -> float:
    """Return bits a step of an n-gram that reads each tune in C major or A minor."""

    def texts(melodies: list[Melody]) -> list[list[str]]:
        moved = (m.grid.transposed(m.key.to_c) for m in melodies)
        return [[str(e) for e in to_events(move_to_range(g)[0])] for g in moved]

    learned, tested = texts(train), texts(test)
    words = sorted({word for text in learned + tested for word in text})
    return NGram(learned, order=order, vocabulary=words).bits_per_token(tested)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--melodies", type=int, default=100)
    parser.add_argument("--variants", nargs="*", default=VARIANTS, choices=VARIANTS)
    parser.add_argument("--temperature", type=float, default=1.0)
    options = parser.parse_args()
    train, test = load_melodies("train"), load_melodies("test")
    primers = [m for m in test if m.grid.n_steps >= 64][: options.melodies]
    corpus = statistics_of(corpus_stretches(train))
    print(f"corpus: eight bars of {len(corpus['range'])} training tunes")
    show("test tunes", statistics_of(corpus_stretches(test)), corpus)
    print(f"\nbits a sixteenth, {len(test)} test tunes")
    for variant in options.variants:
        model = load_melody_rnn(variant)
        bits = [model.bits(m.grid, m.steps_per_bar, m.pickup) for m in test]
        print(f"  {variant:12} {np.concatenate(bits).mean():.3f}", flush=True)
    for order in NGRAM_ORDERS:
        bits = bits_of_ngram(order, train, test)
        print(f"  {order}-gram in C  {bits:.3f}", flush=True)
    for variant in options.variants:
        model = load_melody_rnn(variant)
        found = continued(model, primers, temperature=options.temperature)
        name = f"{variant}, temperature {options.temperature:g}"
        show(name, statistics_of(found), corpus)


if __name__ == "__main__":
    main()

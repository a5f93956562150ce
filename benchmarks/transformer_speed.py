"""How much does the cache of keys and values save? Processor time for the same notes.

    python benchmarks/transformer_speed.py               # about a minute on one core
    python benchmarks/transformer_speed.py --whole 64    # a few seconds

With the shipped Transformer, on one thread, for pieces of 64, 128, 256 and 512 steps:

next step    what the network computes to know the last step of a piece of this length,
             from the cache of the steps before, and again from the beginning
whole piece  writing it from its first beat on, drawing the notes included, both ways
one voice    the same for melodies of 64 to 512 tokens by the plain Transformer of
             lesson 10 (untrained, its usual size), which draws one token a step

Drawing costs the same with a cache and without, so a whole piece gains less than a
step. That both ways write the same notes is checked, too.
"""

from __future__ import annotations

import argparse
import copy
import functools
import os
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.models.chorale_writer import ChoraleWriter, load_transformer
from deepcomposer_edu.models.melody_transformer import (
    MelodyTransformer,
    MelodyTransformerConfig,
)
from deepcomposer_edu.models.transformer import Frames
from deepcomposer_edu.training.pieces import piece_frames

N_GIVEN = 4
LENGTHS = (64, 128, 256, 512)  # steps of the whole piece
N_TIMES = 10  # that a step is computed; the mean is told


def seconds(action: Callable[[int], object], n_times: int = 1) -> float:
    """Return the mean processor time of an action, called with 0, 1, 2, ..."""
    begin = time.process_time()
    for i in range(n_times):
        action(i)
    return (time.process_time() - begin) / n_times


@torch.inference_mode()
def of_the_next_step(writer: ChoraleWriter, n_steps: int) -> tuple[float, float]:
    """Return the seconds of the last of `n_steps`, from the cache and again."""
    network = writer.network
    long = next(p for p in load_chorales("train") if p.grid.n_steps >= n_steps)
    piece = piece_frames(long)
    frames = Frames(
        piece.classes[None],
        torch.tensor([piece.genre]),
        piece.families[None],
        piece.bar_beat[None],
        piece.phase[None],
    ).until(n_steps)
    filled = network.new_caches()
    network.hidden(frames.until(n_steps - 1), filled)
    # a step makes a cache longer: each of the repetitions gets its own
    caches = [[copy.copy(cache) for cache in filled] for _ in range(N_TIMES)]
    cached = seconds(lambda i: network.hidden(frames, caches[i], n_steps - 1), N_TIMES)
    again = seconds(lambda _: network.hidden(frames), N_TIMES)
    return cached, again


def of_a_piece(writer: ChoraleWriter, n_steps: int) -> tuple[float, float, bool]:
    """Return the seconds of a whole piece, both ways, and whether they agree."""
    start = load_chorales("valid")[0].grid.crop(0, N_GIVEN)
    written, times = [], []
    for use_cache in (True, False):
        begin = time.process_time()
        written.append(writer.extend(start, n_steps - N_GIVEN, use_cache=use_cache))
        times.append(time.process_time() - begin)
    return *times, written[0] == written[1]


def of_a_melody(n_tokens: int) -> tuple[float, float, bool]:
    """Return the seconds of a melody of lesson 10's network, both ways."""
    torch.manual_seed(0)
    network = MelodyTransformer(MelodyTransformerConfig())
    start, written, times = torch.tensor([24]), [], []
    for use_cache in (True, False):
        begin = time.process_time()
        written.append(network.write(start, n_tokens - 1, uses_cache=use_cache))
        times.append(time.process_time() - begin)
    return *times, torch.equal(*written)


def show(name: str, times: Callable[[int], tuple], longest: int = LENGTHS[-1]) -> None:
    """Print the seconds of pieces of several lengths, both ways."""
    print(f"{name:12}{'cached, s':>12}{'again, s':>12}{'times':>8}  same notes")
    for n_steps in LENGTHS:
        if n_steps <= longest:
            cached, again, is_same = times(n_steps)
            print(
                f"{n_steps:12}{cached:12.2f}{again:12.2f}{again / cached:8.1f}", end=""
            )
            print(f"  {'yes' if is_same else 'no'}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--whole", type=int, default=512, help="longest whole piece")
    options = parser.parse_args()
    torch.set_num_threads(1)
    writer = load_transformer()
    of_a_piece(writer, 8)  # the first call of anything is slow
    print(f"{'next step':12}{'cached, ms':>12}{'again, ms':>12}{'times':>8}")
    for n_steps in LENGTHS:
        cached, again = of_the_next_step(writer, n_steps)
        print(f"{n_steps:12}{1000 * cached:12.1f}{1000 * again:12.1f}", end="")
        print(f"{again / cached:8.1f}", flush=True)
    show("whole piece", functools.partial(of_a_piece, writer), options.whole)
    show("one voice", of_a_melody)


if __name__ == "__main__":
    main()

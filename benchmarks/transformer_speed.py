"""How much does the cache of keys and values save? Processor time for the same notes.

    python benchmarks/transformer_speed.py               # about a minute on one core
    python benchmarks/transformer_speed.py --steps 128   # a few seconds

For pieces of 64, 128, 256 and 512 steps, with the shipped Transformer, on one thread:

next step    what the network computes to know the last step of a piece of this length,
             from the cache of the steps before, and again from the beginning
whole piece  writing it from its first beat on, drawing the notes included, both ways

Drawing costs the same with a cache and without, so a whole piece gains less than a
step. That both ways write the same notes is checked, too.
"""

from __future__ import annotations

import argparse
import copy
import os
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.models.chorale_writer import ChoraleWriter, load_transformer
from deepcomposer_edu.models.transformer import Frames
from deepcomposer_edu.training.transformer import piece_frames

N_GIVEN = 4
SHORTEST, LONGEST = 64, 512  # steps of the whole piece
N_TIMES = 20  # that a step is computed; the mean is told


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
    caches = [copy.copy(filled) for _ in range(N_TIMES)]  # a cache keeps new tensors
    for made in caches:
        made[:] = [copy.copy(cache) for cache in filled]
    cached = seconds(lambda i: network.hidden(frames, caches[i], n_steps - 1), N_TIMES)
    again = seconds(lambda _: network.hidden(frames), N_TIMES)
    return cached, again


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=LONGEST, help="longest piece")
    options = parser.parse_args()
    torch.set_num_threads(1)
    writer = load_transformer()
    start = load_chorales("valid")[0].grid.crop(0, N_GIVEN)
    writer.extend(start, 8)  # the first call of anything is slow
    print(f"{'':8}{'next step, ms':>26}{'whole piece, s':>26}")
    columns = "".join(f"{name:>10}" for name in ("cached", "again")) + f"{'times':>6}"
    print(f"{'steps':>8}{columns}{columns}  same notes")
    n_steps = SHORTEST
    while n_steps <= options.steps:
        cached, again = of_the_next_step(writer, n_steps)
        written = {}

        def write(use_cache: bool, more: int = n_steps - N_GIVEN, kept=written) -> None:
            kept[use_cache] = writer.extend(start, more, use_cache=use_cache)

        fast, slow = (seconds(lambda _, u=use: write(u)) for use in (True, False))
        print(
            f"{n_steps:8}{1000 * cached:10.1f}{1000 * again:10.1f}{again / cached:6.1f}"
            f"{fast:10.2f}{slow:10.2f}{slow / fast:6.1f}  "
            f"{'yes' if written[True] == written[False] else 'no'}",
            flush=True,
        )
        n_steps *= 2


if __name__ == "__main__":
    main()

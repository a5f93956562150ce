"""How fast do the models that edit work? Beside the original's procedure, in one run.

    python benchmarks/ar_cnn_speed.py                # a minute or two, one thread
    python benchmarks/ar_cnn_speed.py --threads 2    # two threads for all

100 edits    of a roll of eight bars, one edit for each pass of the network: as in the
             sample notebooks of AWS DeepComposer (their U-Net, at its own size, with
             random weights, on 128 steps x 128 pitches; their softmax, masks and draw,
             with arrays where they have Python sets), and by the shipped edit-event
             model, one cell per edit and whole notes
harmonising  a melody of 4 to 32 bars with the default settings by both shipped models;
             the seconds per bar tell whether the cost grows with the length and no
             faster

The original's U-Net is larger, sees 128 pitches in place of 48, and would have to be
trained for days: less work is what makes the difference, not the same work done faster.
Processor time is told; on a quiet machine with one thread it is the time that passes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch
from original_nets import UNet, check_sizes, n_numbers

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.models.ar_cnn import Editor, EditTask, load_ar_cnn
from deepcomposer_edu.models.edit_events import EditEvents
from deepcomposer_edu.music.grid import Grid

N_EDITS, N_STEPS, N_PITCHES = 100, 128, 128
BARS = (4, 8, 16, 32)
N_TIMES = 4  # that an action is taken; the fastest is told
N_TIMES_ORIGINAL = 2  # the same of the original, which takes long


@torch.inference_mode()
def original_edits(network: UNet, roll: np.ndarray) -> np.ndarray:
    """Return a roll (128, 128) after N_EDITS edits by the original's procedure."""
    start, now = roll.copy(), roll.copy()
    random = np.random.default_rng(0)
    max_added, max_removed = 500, int(start.sum())
    n_added = n_removed = 0
    for _ in range(N_EDITS):
        x = torch.from_numpy(now)[None, None].float()
        logits = network(x)[0, 0].numpy()
        p = np.exp(logits / 1.0)
        p = p / p.sum()
        if n_removed >= max_removed:
            p = np.where(now & start, 0, p)
        if n_added > max_added:  # one too late, as it is there
            p = np.where(~now & ~start, 0, p)
        p = (p / p.sum()).astype(float).ravel()
        step, pitch = divmod(int(random.choice(p.size, p=p / p.sum())), N_PITCHES)
        was_there = start[step, pitch]
        n_removed += (1 if now[step, pitch] else -1) if was_there else 0
        n_added += 0 if was_there else (-1 if now[step, pitch] else 1)
        now[step, pitch] = ~now[step, pitch]
    return now


def harmonising(grid: Grid, iterations: int = 64) -> EditTask:
    """Return the task to write three voices under the first one."""
    free = np.ones(grid.pitches.shape, dtype=bool)
    free[0] = False
    return EditTask(grid, free, free, iterations=iterations)


def varying(grid: Grid) -> EditTask:
    """Return the task to make N_EDITS edits anywhere."""
    free = np.ones(grid.pitches.shape, dtype=bool)
    return EditTask(grid, free, ~free, iterations=N_EDITS, max_added=10_000)


def seconds(action: Callable[[], object], n_times: int = N_TIMES) -> float:
    """Return the least processor time of a few times that an action takes."""
    found = []
    for _ in range(n_times):
        begin = time.process_time()
        action()
        found.append(time.process_time() - begin)
    return min(found)


def longer(grid: Grid, n_steps: int) -> Grid:
    """Return a piece of this length: the piece again and again."""
    pitches = np.tile(grid.pitches, -(-n_steps // grid.n_steps))
    return Grid(pitches).crop(0, n_steps)


def edits_part(n_threads: int) -> None:
    check_sizes()
    network = UNet().eval()
    n_weights = n_numbers(network)
    roll = np.zeros((N_STEPS, N_PITCHES), dtype=bool)
    grid = load_chorales("valid")[0].grid.crop(0, N_STEPS)
    for row in grid.pitches:
        roll[np.arange(N_STEPS)[row >= 0], row[row >= 0]] = True
    print(f"{N_EDITS} edits of 8 bars, {n_threads} threads", flush=True)
    plain = seconds(lambda: original_edits(network, roll), N_TIMES_ORIGINAL)
    print(f"  the original, {n_weights:,} weights{plain:10.3f} s")
    network.to(memory_format=torch.channels_last)
    best = min(plain, seconds(lambda: original_edits(network, roll), N_TIMES_ORIGINAL))
    print(f"  the same, channels last, if faster{best:11.3f} s")
    editor = load_ar_cnn("edit-events")
    n_own = sum(p.numel() for p in editor.network.parameters())
    for whole_notes in (False, True):
        own = EditEvents(editor.network, whole_notes=whole_notes)
        task = varying(grid)
        n_made = len(own.edit(task).edits)
        took = seconds(lambda own=own, task=task: own.edit(task))
        what = "whole notes" if whole_notes else "one cell each"
        print(
            f"  edit-events, {n_own:,} weights, {what}{took:10.3f} s, {n_made} edits: "
            f"{best / took:.0f} times faster"
        )


def length_part() -> None:
    piece = load_chorales("valid")[0].grid
    for variant in ("orderless", "edit-events"):
        editor: Editor = load_ar_cnn(variant)
        print(f"harmonising, {variant}, 64 passes")
        for n_bars in BARS:
            task = harmonising(longer(piece, 16 * n_bars))
            took = seconds(lambda editor=editor, task=task: editor.edit(task))
            print(
                f"  {n_bars:3} bars{took:8.3f} s{1000 * took / n_bars:8.1f} ms per bar",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    edits_part(options.threads)
    length_part()


if __name__ == "__main__":
    main()

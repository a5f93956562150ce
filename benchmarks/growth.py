"""How does the cost grow? Longer pieces, larger batches, larger populations.

    python benchmarks/growth.py                          # all parts: half an hour
    python benchmarks/growth.py batch population         # some of them: three minutes
    python benchmarks/growth.py compose --longest 64     # two minutes
    python benchmarks/growth.py compose --ways wgan      # half a minute

compose     `compose()` of a tune played again and again, 8 to 1,024 bars, by every
            technique; those that go on after the end get 8 bars and write up to 128,
            the most that they can be asked for
batch       a step of WGAN-GP by the windows in its batch, harmonisations that are tried
            at once, sounds that a WaveNet draws at once
population  autoencoders that are trained in turns, 2 to 16 of them, beside one alone

One thread; processor seconds, so that a busy machine changes little. "times" is to the
row before, where everything doubles: 2 is in proportion. Each table comes from a
process of its own, whose memory is the most that it held so far. `--limit` is the
longest that one row may take, if it takes four times as long as the one before; what is
left out for that is said.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from seats import peak_of

BARS = (8, 16, 32, 64, 128, 256, 512, 1024)
TUNE, FAST = "ode-to-joy", 240.0  # at this tempo 1,024 bars last 17 minutes
SHORT = 2.0  # seconds below which a row is measured again and the least is told
# Name: technique, its parameters, and the one that says how much is written after 8
# bars; without it, the melody gets longer.
WAYS = {
    "random": ("random", {}, None),
    "wgan": ("wgan", {}, None),
    "ar-cnn, edit-events": ("ar-cnn", {"variant": "edit-events"}, None),
    "ar-cnn, orderless": ("ar-cnn", {}, None),
    "transformer, harmonise": ("transformer", {"mode": "harmonise"}, None),
    "transformer, extend": ("transformer", {"mode": "extend"}, "extension_bars"),
    "melody-rnn": ("melody-rnn", {}, "steps"),
}
MOST_ADDED = 128  # bars
BATCHES = (8, 16, 32, 64, 128, 256)
CANDIDATES = (1, 2, 4, 8, 16, 32)
SOUNDS = (1, 2, 4, 8, 16, 32)
N_SAMPLES = 400  # of each sound
MEMBERS = (2, 4, 8, 16)
ROUNDS, ROUND_STEPS = 2, 10


def seconds(action: Callable[[], object]) -> float:
    """Return the processor time of an action; if it is short, the least of three."""
    found = []
    while not found or (len(found) < 3 and found[0] < SHORT):
        begin = time.process_time()
        action()
        found.append(time.process_time() - begin)
    return min(found)


def grow(
    name: str,
    unit: str,
    sizes: Iterable[int],
    action: Callable[[int], Callable[[], object]],
    limit: float,
) -> None:
    """Print a table: what an action takes for each size.

    Args:
        name: of the table.
        unit: what the sizes count.
        sizes: each twice the one before.
        action: from a size to what is measured.
        limit: seconds that a row may take.
    """
    print(
        f"\n{name:27}{'CPU s':>10}{'times':>8}{f'ms a {unit}':>16}{'MB':>8}",
        flush=True,
    )
    before = None
    for size in sizes:
        if before is not None and 4 * before > limit:
            print(f"{size:16,} {unit}s and more: left out, over {limit:.0f} s")
            return
        took = seconds(action(size))
        times = "" if before is None else f"{took / before:.2f}"
        print(
            f"{size:16,} {unit + 's' * (size > 1):<10}{took:10.3f}{times:>8}"
            f"{1000 * took / size:16.2f}{peak_of(os.getpid()):8.0f}",
            flush=True,
        )
        before = took


# --- longer pieces --------------------------------------------------------------------


def compose_part(way: str, longest: int, limit: float) -> None:
    """Print how composing grows with the length of the piece."""
    from deepcomposer_edu.compose import compose
    from deepcomposer_edu.corpora.tunes import load_tune
    from deepcomposer_edu.music.score import STEPS_PER_BAR, Score

    technique, parameters, added = WAYS[way]
    notes = load_tune(TUNE).tracks[0].notes
    n_bars = round(max(note.end for note in notes) / STEPS_PER_BAR)

    def piece(bars: int) -> Score:
        again = range(-(-bars // n_bars))
        rows = (
            (note.start + turn * n_bars * STEPS_PER_BAR, note.pitch, note.duration)
            for turn in again
            for note in notes
        )
        end = bars * STEPS_PER_BAR
        kept = [(start, pitch, n) for start, pitch, n in rows if start + n <= end]
        return Score.from_notes(kept, tempo=FAST)

    def action(bars: int) -> Callable[[], object]:
        if added is None:
            return partial(compose, piece(bars), technique, **parameters)
        n_new = bars * (STEPS_PER_BAR if added == "steps" else 1)
        return partial(compose, piece(8), technique, **parameters, **{added: n_new})

    action(8)()  # loads the network
    most = longest if added is None else min(longest, MOST_ADDED)
    sizes = [bars for bars in BARS if bars <= most]
    grow(way, "bar", sizes, action, limit)


# --- larger batches -------------------------------------------------------------------


def gan_part(limit: float) -> None:
    """Print how a step of WGAN-GP grows with its batch."""
    from dataclasses import replace

    from deepcomposer_edu.corpora.chorales import load_chorales
    from deepcomposer_edu.corpora.windows import chorale_windows
    from deepcomposer_edu.models.wgan import WGANConfig
    from deepcomposer_edu.training.wgan_data import TrainingSet
    from deepcomposer_edu.training.wgan_game import WGANGame

    windows = chorale_windows(load_chorales("train")[:60], WGANConfig().n_steps)

    def action(batch: int) -> Callable[[], object]:
        config = replace(WGANConfig(), batch_size=batch)
        game, data = WGANGame(config), TrainingSet.of(windows, config)
        game.step(data, 1)
        return partial(game.step, data, 2)

    grow("a step of WGAN-GP", "window", BATCHES, action, limit)


def candidates_part(limit: float) -> None:
    """Print how harmonising 8 bars grows with the candidates that are tried."""
    from deepcomposer_edu.compose import compose

    def action(candidates: int) -> Callable[[], object]:
        return partial(compose, TUNE, candidates=candidates)

    action(1)()
    grow("harmonising 8 bars", "candidate", CANDIDATES, action, limit)


def sounds_part(engine: str, limit: float) -> None:
    """Print how drawing sounds grows with how many are drawn at once."""
    import torch

    from deepcomposer_edu.models.note_wavenet import load_notes_wavenet
    from deepcomposer_edu.models.wave_generation import generate

    network = load_notes_wavenet()

    def action(n_sounds: int) -> Callable[[], object]:
        pitches = torch.linspace(50, 70, n_sounds)
        nothing = torch.zeros(n_sounds, dtype=torch.int64)
        velocities = torch.full((n_sounds,), 85.0)
        local, whole = network.condition(pitches, nothing, velocities, N_SAMPLES)
        draw = partial(generate, network.wavenet, N_SAMPLES, local, whole)
        return partial(draw, seed=list(range(n_sounds)), engine=engine)

    action(1)()  # compiles, where that is needed
    grow(f"sounds, {N_SAMPLES} samples, {engine}", "sound", SOUNDS, action, limit)


# --- larger populations ---------------------------------------------------------------


def population_part(limit: float) -> None:
    """Print how a population grows with its members, beside one that learns alone."""
    from deepcomposer_edu.models.ada_config import AdaConfig
    from deepcomposer_edu.training.ada import SETTINGS, train_ada
    from deepcomposer_edu.training.ada_crops import usual_sounds
    from deepcomposer_edu.training.population_run import train_population

    given = {"config": AdaConfig(), "settings": SETTINGS, "sounds": usual_sounds()}
    n_steps = ROUNDS * ROUND_STEPS

    def alone() -> None:
        with TemporaryDirectory() as folder:
            train_ada(folder, n_steps=n_steps, sample_every=ROUND_STEPS, **given)

    def action(members: int) -> Callable[[], object]:
        def train() -> None:
            with TemporaryDirectory() as folder:
                train_population(
                    Path(folder) / "run",
                    train_ada,
                    {"learning_rate": (3e-4, 1e-2)},
                    members,
                    ROUNDS,
                    ROUND_STEPS,
                    arguments=given,
                )

        return train

    alone()
    print(f"\none autoencoder alone, {n_steps} steps: {seconds(alone):.3f} s")
    name = f"{ROUNDS} rounds of {ROUND_STEPS} steps"
    grow(name, "member", MEMBERS, action, limit)


def tables(options: argparse.Namespace) -> Mapping[str, list[Callable[[], None]]]:
    """Return what is printed for each part, in its order."""
    limit = options.limit
    return {
        "compose": [
            partial(compose_part, way, options.longest, limit) for way in options.ways
        ],
        "batch": [
            partial(gan_part, limit),
            partial(candidates_part, limit),
            *(partial(sounds_part, name, limit) for name in engines()),
        ],
        "population": [partial(population_part, limit)],
    }


def engines() -> tuple[str, ...]:
    """Return the fast engines that are installed here."""
    return ("queue", "numba") if importlib.util.find_spec("numba") else ("queue",)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--longest", type=int, default=BARS[-1], help="in bars")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--limit", type=float, default=900.0, help="seconds a row")
    options = parser.parse_args()
    known = tables(options)
    unknown = set(options.parts) - set(known)
    if unknown:
        parser.error(f"no part is {min(unknown)!r}; the parts: {', '.join(known)}")
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = "1"
    context = multiprocessing.get_context("spawn")
    for part in options.parts or known:
        for table in known[part]:
            process = context.Process(target=table)  # Python begins anew in it
            process.start()
            process.join()
            if process.exitcode:
                raise SystemExit(process.exitcode)


if __name__ == "__main__":
    main()

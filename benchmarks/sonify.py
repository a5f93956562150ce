"""What is heard of real trainings: is the tone where the loss is, and what is told?

    python benchmarks/sonify.py [--seeds 3]

For each patient of the failure clinic, with its fault and without, what the curves of
both losses are called in each seed. For the generator's loss of each, and for the
shipped run, how far the pitch that is measured in the sound lies from the pitch that
the value should have (semitones, median and 95th percentile of all twelfths of a second
that the scale holds), and how many times faster than real time the sound is made.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.music.pitch_track import pitch_track
from deepcomposer_edu.music.sonify import HIGHEST, LOWEST
from deepcomposer_edu.training.failures import FAILURES, make_case
from deepcomposer_edu.training.history import read_history, shipped_run
from deepcomposer_edu.viz.run_sound import TONES_A_SECOND, sonify

RATE = 22_050


def errors(rows: Sequence[dict[str, float]]) -> list[float]:
    """Return how far the measured pitch lies from the wanted one, in semitones."""
    heard = sonify(rows, "generator_loss")
    audio = heard.audio(RATE, marks=False)[:, 0]
    hertz = pitch_track(audio, RATE, RATE // TONES_A_SECOND).hertz
    wanted = heard.tones.pitch[0]
    inside = (wanted > LOWEST) & (wanted < HIGHEST) & (heard.tones.swing[0] < 1)
    found = 69 + 12 * np.log2(hertz[: len(wanted)] / 440)
    return np.abs(found - wanted[: len(found)])[inside[: len(found)]].tolist()


def spread(far: Sequence[float]) -> str:
    """Return median and 95th percentile of some distances, in words."""
    if not far:
        return "all off the scale, or swinging"
    return f"{np.median(far):.2f} (95 % within {np.percentile(far, 95):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(parser.parse_args().seeds)
    for name in FAILURES:
        for mended in (False, True):
            runs = [make_case(name, mended, seed).rows for seed in seeds]
            told = Counter(
                " and ".join(shape.kind for shape in sonify(rows).shapes)
                for rows in runs
            )
            words = ", ".join(f"{kinds} {n}x" for kinds, n in told.most_common())
            far = [error for rows in runs for error in errors(rows)]
            state = "mended" if mended else "patient"
            print(f"{name:16} {state:8} {words}; semitones {spread(far)}", flush=True)
    rows = read_history(shipped_run())
    print(f"shipped run: semitones {spread(errors(rows))}")
    heard = sonify(rows)
    started = time.process_time()
    heard.audio()
    seconds = time.process_time() - started
    print(f"{heard.seconds:.0f} s of sound in {seconds:.2f} s of one core")


if __name__ == "__main__":
    main()

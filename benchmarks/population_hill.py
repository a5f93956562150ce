"""The hill of population-based training: taking turns, against every member alone.

    python benchmarks/population_hill.py          # seconds

Two members that each see one axis of a hill (`training/population_hill.py`) take 200
steps: alone, and as a population compared every 4 steps, with 200 seeds. The top
is 1.2. A population without exploring (both factors 1) shows which part does what.
"""

from __future__ import annotations

import argparse

import numpy as np

from deepcomposer_edu.training.population import evolve
from deepcomposer_edu.training.population_hill import (
    BEGIN_WEIGHTS,
    RANGES,
    TOP,
    HillMembers,
)

N_STEPS, ROUND_STEPS = 200, 4
WAYS = {
    "each alone": (1, (1.0,)),
    "exploit only": (N_STEPS // ROUND_STEPS, (1.0,)),
    "exploit and explore": (N_STEPS // ROUND_STEPS, (0.8, 1.2)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200)
    options = parser.parse_args()
    print(f"height after {N_STEPS} steps, {options.seeds} seeds; the top is {TOP}")
    for name, (n_rounds, factors) in WAYS.items():
        heights = [
            evolve(
                HillMembers(N_STEPS // n_rounds),
                RANGES,
                2,
                n_rounds,
                begin=BEGIN_WEIGHTS,
                factors=factors,
                seed=seed,
            ).best.score
            for seed in range(options.seeds)
        ]
        low, middle, high = np.percentile(heights, (5, 50, 95))
        print(f"{name:20} median {middle:.3f}, 5 to 95 % {low:.3f} to {high:.3f}")


if __name__ == "__main__":
    main()

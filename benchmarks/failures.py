"""The planted failures over several seeds: does each show its sign, and only its own?

    python benchmarks/failures.py [--seeds 5]

Each patient of the failure clinic is trained with its fault and without. Told are the
finding that gives the cause away, one that is heard, how often the sign (and only it,
of the causes that can be chosen) is there, and the seconds of one core.
"""

from __future__ import annotations

import argparse
import time

from deepcomposer_edu.training.failures import FAILURES, make_case
from deepcomposer_edu.training.findings import CAUSES, value_words

HEARD = {"wrong-track": "repeat_share", "batch-norm": "known_share"}
HEARD |= {"n-critic-0": "known_share", "exploded-critic": "known_share"}


def spread(name: str, values: list[float]) -> str:
    """Return the least and the greatest of some values, in words."""
    low, high = value_words(name, min(values)), value_words(name, max(values))
    return low if low == high else f"{low} to {high}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    seeds = range(parser.parse_args().seeds)
    make_case("mode-collapse", n_steps=1)  # the tune books are read once
    make_case("wrong-track", n_steps=1)
    for name, failure in FAILURES.items():
        sign, heard = CAUSES[name].sign, HEARD.get(name, "distinct_share")
        for mended in (False, True):
            started = time.process_time()
            cases = [make_case(name, mended, seed) for seed in seeds]
            seconds = (time.process_time() - started) / len(cases)
            found = [case.findings for case in cases]
            expected = set() if mended else {name}
            n_right = sum(
                {n for n in failure.choices if CAUSES[n].holds(one)} == expected
                for one in found
            )
            print(
                f"{name:16} {'mended' if mended else 'patient':8}"
                f"{sign:>21} {spread(sign, [one[sign] for one in found]):18}"
                f"{heard:>15} {spread(heard, [one[heard] for one in found]):14}"
                f" told {n_right}/{len(cases)}  {seconds:.1f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()

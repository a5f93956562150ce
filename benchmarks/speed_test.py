"""Does the speed test at the start say how long a lesson's training takes here?

    python benchmarks/speed_test.py

The first line is `REFERENCE_SECONDS` of `deepcomposer_edu/course/speed.py`: what a step
of its small network costs one core's processor, quickest quarter. Then, with one thread
and with all, as busy as the computer is: its speed by the test, and by steps of three
networks that lessons train, each relative to what the step costs one core alone. The
nearer they are, the more the test is worth.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
import torch.nn.functional as F

from deepcomposer_edu.course.speed import REFERENCE_SECONDS, step_seconds
from deepcomposer_edu.models.melody_transformer import (
    MelodyTransformer,
    MelodyTransformerConfig,
)
from deepcomposer_edu.models.wavenet import WaveNet, WaveNetConfig
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.training.estimate import StepTimer

SECONDS = 4.0  # of each row


def quarter(times: list[float]) -> float:
    """Return the quickest quarter's longest time."""
    return sorted(times)[len(times) // 4]


def times_of(step: Callable[[], object], clock: Callable[[], float]) -> list[float]:
    """Return what steps cost, one by one, after the first."""
    step()
    times: list[float] = []
    while len(times) < 5 or sum(times) < SECONDS:
        began = clock()
        step()
        times.append(clock() - began)
    return times


def predictor_step(network: torch.nn.Module, codes: torch.Tensor) -> Callable:
    """Return a training step of a network that predicts codes, (B, N)."""
    adam = torch.optim.Adam(network.parameters())

    def step() -> None:
        adam.zero_grad()
        F.cross_entropy(network(codes).flatten(0, 1), codes.flatten()).backward()
        adam.step()

    return step


def steps() -> dict[str, Callable[[], object]]:
    """Return a training step of each network, by its name."""
    torch.manual_seed(0)
    timer = StepTimer(WGANConfig(batch_size=16))
    batch = timer._batch(16)
    transformer = MelodyTransformerConfig()
    tokens = torch.randint(3, (8, 128))
    return {
        "harmoniser (lesson 08)": lambda: timer.game.generator_step(batch),
        "Transformer (lesson 10)": predictor_step(
            MelodyTransformer(transformer), tokens
        ),
        "WaveNet (lesson 11)": predictor_step(
            WaveNet(WaveNetConfig()), torch.randint(256, (2, 1500))
        ),
    }


def main() -> None:
    """Measure and print."""
    n_cores = torch.get_num_threads()
    networks = steps()
    torch.set_num_threads(1)
    cost = quarter(step_seconds(time.thread_time, SECONDS))
    print(f"the test's step on one core: {1000 * cost:.1f} ms of its processor")
    print(f"REFERENCE_SECONDS says       {1000 * REFERENCE_SECONDS:.1f} ms")
    alone = {
        name: quarter(times_of(s, time.thread_time)) for name, s in networks.items()
    }
    print("\nspeed relative to one core alone, by the clock, as busy as it is now")
    for n_threads in dict.fromkeys((1, n_cores)):
        torch.set_num_threads(n_threads)
        said = cost / quarter(step_seconds(time.perf_counter, SECONDS))
        print(f"{n_threads} threads: the test says {said:.2f}")
        for name, step in networks.items():
            found = alone[name] / quarter(times_of(step, time.perf_counter))
            print(f"  {name:<26} {found:.2f}")


if __name__ == "__main__":
    main()

"""How fast is a sound drawn from the shipped WaveNet? Three engines side by side.

    python benchmarks/wavenet_speed.py      # a minute, one thread

naive   the whole network for each sample, over its receptive field
queue   what each layer still needs is kept (Le Paine et al. 2016), in torch
numba   the same queues in machine code

One stream, one thread, the same seed: the codes are compared too, and the logits of the
queue with those of the whole pass. Processor time is told: on a quiet machine with one
thread it is the time that passes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import torch

from deepcomposer_edu.models.note_wavenet import NAME, load_notes_wavenet
from deepcomposer_edu.models.wave_generation import Queues, generate
from deepcomposer_edu.models.wave_numba import has_numba

PITCH, VELOCITY = 60.0, 85.0
N_SAMPLES = {"naive": 60, "queue": 2_000, "numba": 20_000}
N_TIMES = 2  # the fastest is told
RATES = (8_000, 16_000)


def seconds_of(work: Callable[[], object]) -> float:
    """Return the processor time of some work, the shortest of N_TIMES."""
    spent = []
    for _ in range(N_TIMES):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", default=NAME)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = load_notes_wavenet(options.weights)
    config = network.wavenet.config
    n_weights = sum(p.numel() for p in network.parameters())
    print(
        f"{options.weights}: {n_weights:,} weights, {len(config.dilations)} layers, "
        f"receptive field {config.receptive_field:,} samples"
    )
    local, whole = network.condition(
        torch.tensor([PITCH]),
        torch.tensor([0]),
        torch.tensor([VELOCITY]),
        max(N_SAMPLES.values()),
    )
    local, whole = local[0], whole[0]
    engines = [name for name in N_SAMPLES if name != "numba" or has_numba()]
    speeds, drawn = {}, {}
    for name in engines:
        n = N_SAMPLES[name]

        def draw(name: str = name, n: int = n) -> torch.Tensor:
            # the first samples see little: the naive loop begins behind a full field
            primer = torch.full((config.receptive_field,), 128)
            total = n + len(primer) if name == "naive" else n
            known = primer if name == "naive" else None
            return generate(
                network.wavenet, total, local[:total], whole, primer=known, engine=name
            )

        draw()  # compiles, where that is needed
        speeds[name] = n / seconds_of(draw)
        drawn[name] = generate(
            network.wavenet, 100, local[:100], whole, seed=1, engine=name
        )
    print(f"\n{'engine':8}{'samples/s':>12}{'x naive':>10}", end="")
    print("".join(f"{f'x real time, {rate // 1_000} kHz':>22}" for rate in RATES))
    for name in engines:
        times = "".join(f"{speeds[name] / rate:22.2f}" for rate in RATES)
        ratio = speeds[name] / speeds["naive"]
        print(f"{name:8}{speeds[name]:12,.0f}{ratio:10,.1f}{times}")
    same = all(torch.equal(codes, drawn["naive"]) for codes in drawn.values())
    print(
        f"\n100 codes of one seed are {'the same' if same else 'NOT the same'} in all"
    )
    queues = Queues(network.wavenet, 1, local[None], whole[None])
    codes = drawn["naive"]
    with torch.no_grad():
        wanted = network.wavenet(codes[None], local[None, :100], whole[None])[0]
        past = torch.cat([torch.tensor([128]), codes[:-1]])
        found = torch.cat([queues.step(code[None]) for code in past])
    far = float((found - wanted).abs().max())
    print(f"logits of queue and whole pass differ by at most {far:.1e}")


if __name__ == "__main__":
    main()

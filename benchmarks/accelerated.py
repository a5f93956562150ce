"""Is every shipped shortcut one? The plain way and the fast way to the same, in turn.

    python benchmarks/accelerated.py                 # three minutes, one thread
    python benchmarks/accelerated.py --rounds 1      # one minute: ratios are rough

Each job is done by each of its ways in turn, `--rounds` times; the median is told, how
many times faster than the first way it is, and by how much the results differ.

edit network   one roll of 8 bars through the AR-CNN's U-Net: plain PyTorch, then each
               shortcut of `models/edit_net.py` added to those before
training       a step in float32 and in bfloat16 (`precision`), which pays only where
               the processor has instructions for it; and the edit network's with its
               memory in order of channels
attention      written out as in lesson 10, and torch's own function
next step      the Transformer without and with its cache of keys and values
a sample       of the WaveNet: the whole field again, the queues, the queues by numba
harmonising    eight candidates one after another, and at once
a minute       of a band: every note's sound computed, and remembered
upsampling     and a 4 x 4 convolution, as in the sample notebooks, and folded into one:
               only `benchmarks/originals.py` uses it, no network of the course has one

Processor seconds. What differs by more than rounding is another draw from the same
network: a random number falls on the other side of a boundary.
"""

from __future__ import annotations

import argparse
import copy
import os
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from original_nets import convolve_then_spread, fold, spread_then_convolve
from synth import BAND, piece
from torch import Tensor, nn
from transformer_speed import of_the_next_step

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.corpora.tunes import load_tune
from deepcomposer_edu.models.ar_cnn import load_ar_cnn
from deepcomposer_edu.models.chorale_writer import load_transformer
from deepcomposer_edu.models.edit_net import Convolution, EditNet, Widening
from deepcomposer_edu.models.harmonise import load_harmoniser
from deepcomposer_edu.models.note_wavenet import load_notes_wavenet
from deepcomposer_edu.models.orderless import OrderlessConfig, OrderlessNet
from deepcomposer_edu.models.transformer import FrameTransformer, TransformerConfig
from deepcomposer_edu.models.wave_generation import generate
from deepcomposer_edu.models.wave_numba import has_numba
from deepcomposer_edu.models.wgan import WGANConfig
from deepcomposer_edu.music.grid import to_grid
from deepcomposer_edu.music.synth import Synth, render
from deepcomposer_edu.nn.attention import SelfAttention, attend, join_heads
from deepcomposer_edu.training.edit_events import edit_task, new_network
from deepcomposer_edu.training.orderless import HiddenSet, hidden_loss
from deepcomposer_edu.training.pieces import PieceSet
from deepcomposer_edu.training.predictor import Learner, Task, TrainingSettings
from deepcomposer_edu.training.transformer import frame_loss
from deepcomposer_edu.training.wgan_data import TrainingSet
from deepcomposer_edu.training.wgan_game import WGANGame

Ways = Mapping[str, Callable[[], object]]
PRECISIONS = ("float32", "bfloat16")
N_PIECES = 40  # of the chorales, to learn from
N_STEPS = 128  # 8 bars
N_CANDIDATES = 8
SAMPLES = {"naive": 20, "queue": 200, "numba": 4_000}


def seconds(action: Callable[[], object]) -> tuple[float, object]:
    """Return the processor time of an action, and what it gave."""
    begin = time.process_time()
    found = action()
    return time.process_time() - begin, found


def compare(
    name: str, ways: Ways, rounds: int, per: Mapping[str, int] | None = None
) -> None:
    """Print what each way of a job takes.

    Args:
        name: of the job.
        ways: by name; the first is the plain one. What they return is compared, if it
            is a tensor or a number.
        rounds: how often each is done, in turn, after once that does not count.
        per: how many things a way makes at once, where the time is told for one.
    """
    found: dict[str, list[float]] = {way: [] for way in ways}
    results = {way: action() for way, action in ways.items()}
    for _ in range(rounds):
        for way, action in ways.items():
            found[way].append(seconds(action)[0] / (per or {}).get(way, 1))
    first = next(iter(ways))
    for way, times in found.items():
        middle = statistics.median(times)
        print(
            f"{name:<28}{way:<30}{1000 * middle:12.3f}"
            f"{statistics.median(found[first]) / middle:8.2f}"
            f"{difference(results[first], results[way])}",
            flush=True,
        )
        name = ""


def difference(first: object, other: object) -> str:
    """Return by how much two results differ; empty where they are no numbers."""
    if first is other or not isinstance(first, Tensor | float):
        return ""
    one, two = torch.as_tensor(first).double(), torch.as_tensor(other).double()
    if one.shape != two.shape:
        return ""
    return f"{(one - two).abs().max().item():12.1e}"


# --- the jobs -------------------------------------------------------------------------


def edit_ways(network: EditNet) -> dict[str, EditNet]:
    """Return copies of a network, each with one shortcut more."""

    def copied(*kept: type[nn.Module], is_last: bool = True) -> EditNet:
        made = copy.deepcopy(network)
        for part in made.modules():
            for own, plain in PLAIN.items():
                if isinstance(part, own) and own not in kept:
                    part.__class__ = plain
        if not is_last:
            made.to(memory_format=torch.contiguous_format)
            made.stem.register_forward_pre_hook(lambda _, x: (x[0].contiguous(),))
        return made

    return {
        "plain": copied(is_last=False),
        "channels last": copied(),
        "and one linear layer to widen": copied(Widening),
        "and the fast library by name": copied(Widening, Convolution),
    }


PLAIN = {Convolution: nn.Conv2d, Widening: nn.ConvTranspose2d}


def edit_network(rounds: int) -> None:
    network = load_ar_cnn("edit-events").network
    roll = (torch.rand(1, 1, N_STEPS, 48) < 0.08).float()

    def passed(way: EditNet) -> Tensor:
        with torch.inference_mode():
            return way(roll)

    ways = edit_ways(network.eval())
    compare(
        "edit network, one roll",
        {name: partial(passed, way) for name, way in ways.items()},
        20 * rounds,
    )


def learning(
    network: Callable[[], nn.Module], task: Task, precision: str = "float32"
) -> Callable[[], float]:
    """Return a step of training as an action that gives the loss."""
    torch.manual_seed(0)
    learner = Learner(network(), TrainingSettings(precision=precision), seed=0)
    steps = iter(range(1, 1_000_000))
    return lambda: learner.step(task, next(steps))["loss"]


def training(rounds: int) -> None:
    pieces = load_chorales("train")[:N_PIECES]
    config = WGANConfig()
    windows = TrainingSet.of(windows_of(pieces, config.n_steps), config)

    def game(precision: str) -> Callable[[], float]:
        made = WGANGame(config, precision=precision)
        return lambda: made.step(windows, 1)["critic_loss"]

    compare("training, WGAN-GP", {name: game(name) for name in PRECISIONS}, rounds)
    frames, hidden = PieceSet({"chorale": pieces}), HiddenSet(pieces)
    tasks = {
        "Transformer": (
            lambda: FrameTransformer(TransformerConfig()),
            Task(frames.batch, frame_loss, lambda _: {}),
        ),
        "orderless AR-CNN": (
            lambda: OrderlessNet(OrderlessConfig()),
            Task(hidden.batch, hidden_loss, lambda _: {}),
        ),
        "edit network": (new_network, edit_task(pieces, pieces)),
    }
    for name, (network, task) in tasks.items():
        ways = {one: learning(network, task, one) for one in PRECISIONS}
        compare(f"training, {name}", ways, rounds)
    ways = {
        name: learning(lambda way=way: way, tasks["edit network"][1])
        for name, way in list(edit_ways(new_network()).items())[:3]
    }
    compare("training, edit network", ways, rounds)


def windows_of(pieces: list, n_steps: int) -> list:
    """Return the windows that a WGAN learns from."""
    from deepcomposer_edu.corpora.windows import chorale_windows

    return chorale_windows(pieces, n_steps)


def attention(rounds: int) -> None:
    torch.manual_seed(0)
    layer, x = SelfAttention(192, 4, 256), torch.randn(1, 512, 192)

    @torch.inference_mode()
    def written_out() -> Tensor:
        query, key, value = layer._heads(x)
        bias = layer._bias(x.shape[1], x.shape[1])
        return layer.to_output(join_heads(attend(query, key, value, bias=bias)[0]))

    own = torch.inference_mode()(lambda: layer(x))
    compare(
        "attention, 512 steps",
        {"written out": written_out, "torch's function": own},
        5 * rounds,
    )


def next_step(rounds: int) -> None:
    writer = load_transformer()
    for n_steps in (128, 512):
        both = [of_the_next_step(writer, n_steps) for _ in range(rounds)]
        cached, again = (
            statistics.median(column) for column in zip(*both, strict=True)
        )
        name = f"next step, {n_steps} before"
        print(f"{name:<28}{'from the beginning':<30}{1000 * again:12.3f}{1:8.2f}")
        ratio = again / cached
        print(f"{'':28}{'with the cache':<30}{1000 * cached:12.3f}{ratio:8.2f}")


def samples(rounds: int) -> None:
    network = load_notes_wavenet()
    field = network.wavenet.config.receptive_field
    total = field + max(SAMPLES.values())
    given = (torch.tensor([60.0]), torch.tensor([0]), torch.tensor([85.0]), total)
    local, whole = (part[0] for part in network.condition(*given))

    def draw(engine: str) -> None:
        n, primer = SAMPLES[engine], None
        if engine == "naive":  # it begins behind a full field, where it is slowest
            primer, n = torch.full((field,), 128), n + field
        generate(network.wavenet, n, local[:n], whole, primer=primer, engine=engine)

    engines = [name for name in SAMPLES if name != "numba" or has_numba()]
    ways = {name: partial(draw, name) for name in engines}
    compare("a sample of the WaveNet", ways, rounds, SAMPLES)


def harmonising(rounds: int) -> None:
    harmoniser, melody = load_harmoniser(), to_grid(load_tune("ode-to-joy"))

    def one_by_one() -> None:
        for seed in range(N_CANDIDATES):
            harmoniser.harmonise(melody, seed=seed)

    ways = {
        f"{N_CANDIDATES}, one after another": one_by_one,
        "at once, and the best chosen": lambda: harmoniser.harmonise(
            melody, candidates=N_CANDIDATES
        ),
    }
    compare("harmonising", ways, rounds)


def sound(rounds: int) -> None:
    score, synth = piece(BAND, False), Synth()
    compare(
        "a minute of a band",
        {
            "each note computed": lambda: torch.from_numpy(
                render(score, synth=Synth())
            ),
            "remembered": lambda: torch.from_numpy(render(score, synth=synth)),
        },
        rounds,
    )


def upsampling(rounds: int) -> None:
    torch.manual_seed(0)
    x = torch.randn(16, 128, 8, 32).contiguous(memory_format=torch.channels_last)
    weight = torch.randn(64, 128, 4, 4) / 45
    folded = fold(weight)
    ways = {
        "upsampled, then convolved": lambda: spread_then_convolve(x, weight),
        "folded": lambda: convolve_then_spread(x, folded),
    }
    compare("upsampling", ways, 3 * rounds)


JOBS = (
    *(edit_network, training, attention, next_step),
    *(samples, harmonising, sound, upsampling),
)


def instructions() -> str:
    """Return which instructions for bfloat16 the processor has, in words."""
    try:
        flags = set(Path("/proc/cpuinfo").read_text("utf-8").split())
    except OSError:
        return "unknown"
    return ", ".join(sorted(flags & {"avx512_bf16", "amx_bf16"})) or "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"instructions for bfloat16: {instructions()}; {options.rounds} rounds")
    print(f"{'':58}{'ms':>12}{'times':>8}{'differ by':>12}")
    for job in JOBS:
        job(options.rounds)


if __name__ == "__main__":
    main()

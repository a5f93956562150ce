"""The sample notebooks' models at their own sizes, in TensorFlow and in PyTorch.

    python benchmarks/originals.py --tensorflow FOLDER   # 15 minutes on two quiet cores
    python benchmarks/originals.py                       # PyTorch alone
    python benchmarks/originals.py --jobs gan "own work" # some of the jobs

FOLDER is a virtual environment of its own; if it is not there, it is made and
TensorFlow is installed in it (2 GB). The same work is done by both: networks with the
same layers and as many numbers (`original_nets.py`, `original_nets_tf.py`), random
weights, the same batches. Every job is done by each way in turn, `--rounds` times, and
the median is told, with the ratio to TensorFlow's.

gan iteration     five critic steps with gradient penalty, one generator step, batch 64
cnn step          one training step of the U-Net, batch 32
cnn 100 passes    one pass over one roll for each of 100 edits, as the samples compose

own work: our own models do what a learner does with them. DIFFERENT work, with smaller
networks of our own, said to show what a learner waits for.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from original_nets import SIZES, Critic, Generator, UNet, check_sizes

TENSORFLOW = "tensorflow-cpu==2.21.*"
SETTINGS = {"gan_batch": 64, "n_critic": 5, "cnn_batch": 32, "n_edits": 100}
TINY = {"gan_batch": 2, "n_critic": 1, "cnn_batch": 1, "n_edits": 1}
JOBS = {"gan": "gan iteration", "cnn step": "cnn step", "cnn passes": "cnn passes"}
OWN = "own work"
# name: (channels last, folded, bfloat16)
WAYS = {
    "torch, plain": (False, False, False),
    "channels last": (True, False, False),
    "and folded": (True, True, False),
    "and bfloat16": (True, True, True),
}


class TensorFlow:
    """A process with TensorFlow that does the jobs it is told."""

    def __init__(self, folder: Path, settings: dict[str, int]) -> None:
        python = folder / (
            "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
        )
        if not python.exists():
            print(f"installing {TENSORFLOW} in {folder}", flush=True)
            venv.create(folder, with_pip=True)
            subprocess.run(
                [python, "-m", "pip", "install", "-q", TENSORFLOW], check=True
            )
        script = Path(__file__).with_name("original_nets_tf.py")
        self.process = subprocess.Popen(
            [python, script, json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        begun = self._read()
        self.name = f"TensorFlow {begun['version']}"
        if begun["sizes"] != SIZES:
            raise SystemExit(f"The sizes differ: {begun['sizes']}, not {SIZES}.")

    def _read(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("TensorFlow's process has ended; its words stand above.")
        return json.loads(line)

    def seconds(self, job: str) -> float:
        """Return how long a job took, in seconds that passed."""
        self.process.stdin.write(json.dumps({"job": job}) + "\n")
        self.process.stdin.flush()
        return self._read()["seconds"]

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


class Torch:
    """The same jobs in this process, in one of WAYS."""

    def __init__(self, name: str, settings: dict[str, int]) -> None:
        self.name, self.settings = name, settings
        self.is_last, is_folded, self.is_half = WAYS[name]
        self.generator, self.critic = Generator(is_folded), Critic()
        self.u_net, self.player = UNet(is_folded), UNet(is_folded).eval()
        for network in (self.generator, self.critic, self.u_net, self.player):
            if self.is_last:
                network.to(memory_format=torch.channels_last)
        self.adams = [
            torch.optim.Adam(network.parameters(), lr=1e-3, betas=(0.5, 0.9))
            for network in (self.generator, self.critic, self.u_net)
        ]
        n = settings["gan_batch"]
        self.melody = self.laid(torch.randn(n, 1, 32, 128).sign())
        self.rolls = self.laid(torch.randn(n, 4, 32, 128).sign())
        self.roll = self.laid(
            (torch.rand(settings["cnn_batch"], 1, 128, 128) < 0.02).float()
        )

    def laid(self, x: torch.Tensor) -> torch.Tensor:
        """Return a picture in the order of memory that this way has."""
        return x.contiguous(memory_format=torch.channels_last) if self.is_last else x

    def noise(self) -> torch.Tensor:
        """Return what the generator begins with at its narrowest."""
        return self.laid(torch.randn(self.settings["gan_batch"], 512, 2, 8))

    def critic_step(self) -> None:
        """Real against made, with the slope on the way between them held at 1."""
        with torch.no_grad():
            fake = self.generator(self.melody, self.noise()).float()
        share = torch.rand(len(fake), 1, 1, 1)
        mixed = (share * self.rolls + (1 - share) * fake).requires_grad_()
        score = self.critic(self.melody, mixed).sum()
        (slopes,) = torch.autograd.grad(score, mixed, create_graph=True)
        norm = (slopes.float().flatten(1) + 1e-12).norm(dim=1)
        loss = self.critic(self.melody, fake).mean()
        loss = loss - self.critic(self.melody, self.rolls).mean()
        loss = loss + 10 * (norm - 1).square().mean()
        self.adams[1].zero_grad()
        loss.backward()
        self.adams[1].step()

    def generator_step(self) -> None:
        """Once for the generator; the critic's weights need no slopes here."""
        for weight in self.critic.parameters():
            weight.requires_grad_(False)
        loss = -self.critic(
            self.melody, self.generator(self.melody, self.noise())
        ).mean()
        self.adams[0].zero_grad()
        loss.backward()
        self.adams[0].step()
        for weight in self.critic.parameters():
            weight.requires_grad_(True)

    def cnn_step(self) -> None:
        """One step of Adam on the U-Net."""
        logits = self.u_net(self.roll).float().reshape(1, -1)
        loss = F.cross_entropy(logits, (self.roll / self.roll.sum()).reshape(1, -1))
        self.adams[2].zero_grad()
        loss.backward()
        self.adams[2].step()

    def do(self, job: str) -> None:
        """Do one job."""
        if job == "gan":
            for _ in range(self.settings["n_critic"]):
                self.critic_step()
            self.generator_step()
        elif job == "cnn step":
            self.cnn_step()
        else:
            with torch.inference_mode():
                for _ in range(self.settings["n_edits"]):
                    self.player(self.roll[:1]).float().numpy()

    def seconds(self, job: str) -> float:
        """Return how long a job took, in seconds that passed."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.is_half):
            return timed(lambda: self.do(job))

    def close(self) -> None:
        """Nothing to end."""


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that pass during an action."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def own_work() -> dict[str, Callable[[], object]]:
    """Return what our models do at their own sizes: different work."""
    from deepcomposer_edu.corpora.chorales import load_chorales
    from deepcomposer_edu.corpora.windows import chorale_windows
    from deepcomposer_edu.models.wgan import WGANConfig
    from deepcomposer_edu.models.wgan_sizes import find_size
    from deepcomposer_edu.training.wgan_data import TrainingSet
    from deepcomposer_edu.training.wgan_game import WGANGame

    windows = chorale_windows(load_chorales("train")[:60], WGANConfig().n_steps)

    def step(config: WGANConfig, precision: str) -> Callable[[], object]:
        game = WGANGame(config, precision=precision)
        data = TrainingSet.of(windows, config)
        return lambda: game.step(data, 1)

    return {
        "our gan, iteration, usual size": step(WGANConfig(), "float32"),
        "the same in bfloat16": step(WGANConfig(), "bfloat16"),
        "our gan, iteration, small size": step(find_size("small").config, "float32"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tensorflow", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", nargs="+", choices=[*JOBS, OWN], metavar="JOB",
                        default=[*JOBS, OWN], help=", ".join([*JOBS, OWN]))  # fmt: skip
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--tiny", action="store_true", help="a smoke test: no figures")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    check_sizes()
    settings = TINY if options.tiny else SETTINGS
    ways: list[TensorFlow | Torch] = [Torch(name, settings) for name in WAYS]
    if options.tensorflow:
        given = {**settings, "threads": options.threads}
        ways.insert(0, TensorFlow(options.tensorflow, given))
    print(
        f"{platform.processor() or platform.machine()}, {options.threads} threads, ",
        end="",
    )
    print(f"torch {torch.__version__}, {options.rounds} rounds, medians, {settings}")
    for job in filter(JOBS.get, options.jobs):
        name = JOBS[job]
        for way in ways:
            way.seconds(job)  # warm
        found: dict[str, list[float]] = {way.name: [] for way in ways}
        for _ in range(options.rounds):
            for way in ways:
                found[way.name].append(way.seconds(job))
        middle = {way: statistics.median(values) for way, values in found.items()}
        first = middle[ways[0].name]
        for way, value in middle.items():
            print(
                f"{name:16s}{way:22s}{value:9.3f} s{first / value:7.2f} x", flush=True
            )
    for way in ways:
        way.close()
    if OWN not in options.jobs:
        return
    print("different work, by our own networks:")
    for name, action in own_work().items():
        action()
        value = statistics.median(timed(action) for _ in range(options.rounds))
        print(f"{name:38s}{value:9.3f} s", flush=True)


if __name__ == "__main__":
    main()

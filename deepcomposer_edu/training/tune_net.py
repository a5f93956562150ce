"""Training the small tune network, with any of the ways against overfitting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.models.tune_net import TuneNet, TuneNetConfig, examples
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.nn.layers import weight_penalty
from deepcomposer_edu.training.predictor import Learner, Task, TrainingSettings


@dataclass(frozen=True)
class TuneRun:
    """How a tune network is trained.

    Args:
        network: its settings.
        l1: price of the weights' sizes.
        l2: price of their squares.
        batch_size: examples of a batch.
        learning_rate: of Adam.
    """

    network: TuneNetConfig = field(default_factory=TuneNetConfig)
    l1: float = 0.0
    l2: float = 0.0
    batch_size: int = 64
    learning_rate: float = 1e-3


def chorale_melodies(n_train: int = 24) -> tuple[list[Grid], list[Grid]]:
    """Return melodies to learn from and melodies to judge by, of Bach's chorales.

    None of the second has the same tune as any train piece.

    Args:
        n_train: how many to learn from, spread evenly over the train pieces.

    Returns:
        Two lists of grids of shape (1, T).
    """
    pieces = load_chorales("train")
    places = torch.linspace(0, len(pieces) - 1, n_train).long().tolist()
    train = [pieces[place].melody for place in places]
    valid = [piece.melody for piece in load_chorales("valid") if piece.is_clean]
    return train, valid


def mean_loss(network: nn.Module, before: Tensor, after: Tensor) -> float:
    """Return the mean surprise at the next notes, in nats, without dropout."""
    was_training = network.training
    network.eval()
    with torch.no_grad():
        loss = F.cross_entropy(network(before), after).item()
    network.train(was_training)
    return loss


def train_tune_net(
    run: TuneRun,
    train: Sequence[Grid],
    valid: Sequence[Grid],
    n_steps: int,
    seed: int = 0,
    judge_every: int = 50,
    on_step: Callable[[dict[str, float]], None] | None = None,
) -> tuple[TuneNet, list[dict[str, float]]]:
    """Return a trained network and its history.

    Args:
        run: the settings.
        train: melodies to learn from, copies in other keys among them, if you like.
        valid: melodies to judge by.
        n_steps: how many batches it sees.
        seed: from which weights, batches and dropout follow.
        judge_every: steps between two rows of the history.
        on_step: called with each row.

    Returns:
        The network, in eval(), and rows with "step", "loss" (of the train melodies,
        without dropout and penalty) and "valid_loss", both in nats a note.
    """
    context = run.network.context
    before, after = examples(train, context)
    judged = examples(valid, context)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = TuneNet(run.network)

    def batch(random: torch.Generator) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(len(after), (run.batch_size,), generator=random)
        return before[chosen], after[chosen]

    def loss(network: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        weights = [p for p in network.parameters() if p.dim() > 1]
        cost = F.cross_entropy(network(batch[0]), batch[1])
        return cost + weight_penalty(weights, run.l1, run.l2)

    learner = Learner(network, TrainingSettings(run.learning_rate, clip=0), seed)
    task = Task(batch, loss, judge=lambda _: {})
    heard = slice(None, None, max(1, len(after) // 1000))  # enough to know the mean
    rows = []
    for step in range(n_steps + 1):
        if step:
            learner.step(task, step)
        if step % judge_every == 0 or step == n_steps:
            row = {
                "step": step,
                "loss": mean_loss(network, before[heard], after[heard]),
            }
            rows.append(row | {"valid_loss": mean_loss(network, *judged)})
            if on_step is not None:
                on_step(rows[-1])
    return network.eval(), rows

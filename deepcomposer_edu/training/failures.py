"""Planted failures: seeded trainings of a tiny GAN that go wrong, each for one reason.

Every case is trained when it is asked for, in seconds: the patient with its fault, or
mended. What is wrong can be told from what is measured of a case (`findings.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.tiny_gan import (
    LOWEST_DEGREE,
    N_DEGREES,
    TinyConfig,
    bars_to_score,
    to_bars,
)
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.training.findings import findings_of
from deepcomposer_edu.training.live_game import adapt
from deepcomposer_edu.training.tiny_data import real_bars
from deepcomposer_edu.training.tiny_gan import TinyGame
from deepcomposer_edu.training.tiny_statistics import statistics

N_STEPS = 200
MEASURE_EVERY = 25  # steps
N_MEASURED = 256  # bars, during the training
N_BARS = 8  # that are heard

_PLAIN = TinyConfig(
    data="rhythm",
    loss="non-saturating",
    n_critic=1,
    generator_rate=1e-3,
    critic_rate=1e-3,
    batch=64,
)
_PENALTY = TinyConfig(
    data="rhythm",
    loss="wgan-gp",
    n_critic=3,
    generator_rate=2e-3,
    critic_rate=2e-3,
    gradient_penalty=1.0,
    batch=64,
)


def changed(config: TinyConfig, **settings: object) -> TinyConfig:
    """Return a config with some settings changed."""
    return TinyConfig(**config.to_dict() | settings)


_DEEP = changed(_PENALTY, depth=4, critic_rate=1e-2)  # steep enough to be heard


@dataclass(frozen=True)
class Failure:
    """A training that goes wrong, and the same one mended.

    Args:
        name: for Python, such as "mode-collapse".
        complaint: what is heard, in a sentence that does not name the cause.
        fix: what is changed, in a sentence.
        broken, mended: the settings of the two trainings.
        choices: names of the causes to choose from, the right one among them.
        drawn_at: temperature that the bars of the patient are drawn at after the
            training; None: that of its settings.
        wrong_track: whether the patient learns from the drone instead of the tune.
    """

    name: str
    complaint: str
    fix: str
    broken: TinyConfig
    mended: TinyConfig
    choices: tuple[str, ...]
    drawn_at: float | None = None
    wrong_track: bool = False


FAILURES = {
    failure.name: failure
    for failure in (
        Failure(
            "mode-collapse",
            "It has one bar, and plays it over and over.",
            "The generator learns at the critic's pace: both rates are 0.001.",
            changed(_PLAIN, generator_rate=1e-2, critic_rate=1e-4),
            _PLAIN,
            ("mode-collapse", "temperature-0", "n-critic-0", "batch-norm"),
        ),
        Failure(
            "exploded-critic",
            "Its rhythms stumble, and the numbers of the curves have no end.",
            "The gradient penalty is back (weight 1): slopes of the score stay near 1.",
            changed(_DEEP, gradient_penalty=0.0),
            _DEEP,
            ("exploded-critic", "batch-norm", "mode-collapse", "n-critic-0"),
        ),
        Failure(
            "batch-norm",
            "The critic tells real from generated well, and yet the bars are noise.",
            "The critic has no BatchNorm any more: each bar is judged by itself.",
            changed(_PENALTY, normalisation="batch"),
            _PENALTY,
            ("batch-norm", "n-critic-0", "exploded-critic", "temperature-0"),
        ),
        Failure(
            "n-critic-0",
            "The generator's loss falls as in a dream, and it sounds like no music.",
            "The critic takes three steps before each step of the generator.",
            changed(_PENALTY, n_critic=0),
            _PENALTY,
            ("n-critic-0", "mode-collapse", "batch-norm", "exploded-critic"),
        ),
        Failure(
            "wrong-track",
            "One note, again and again, though the rhythm is alive.",
            "The tune's track is learned, not the drone's.",
            changed(_PLAIN, data="melody"),
            changed(_PLAIN, data="melody"),
            ("wrong-track", "mode-collapse", "temperature-0", "n-critic-0"),
            wrong_track=True,
        ),
        Failure(
            "temperature-0",
            "The training went well, but it plays hardly more than two or three bars.",
            "The bars are drawn at temperature 1, as in the training.",
            _PLAIN,
            _PLAIN,
            ("temperature-0", "mode-collapse", "n-critic-0", "batch-norm"),
            drawn_at=0.0,
        ),
    )
}


@dataclass
class Case:
    """A training that is over, with all that the clinic shows of it.

    Args:
        failure: which one.
        is_mended: whether this is the training without the fault.
        seed: of the training.
        game: as it stands at the end.
        rows: losses and the critic's mean scores of each step; statistics every
            MEASURE_EVERY steps.
        findings: what is measured at the end, see `findings.findings_of`.
        reference: the statistics of what it should have learned from.
    """

    failure: Failure
    is_mended: bool
    seed: int
    game: TinyGame
    rows: list[dict[str, float]] = field(default_factory=list)
    findings: dict[str, float] = field(default_factory=dict)
    reference: dict[str, float] = field(default_factory=dict)

    def score(self, n_bars: int = N_BARS) -> Score:
        """Return bars that it makes, to be heard."""
        data = self.game.config.data
        return bars_to_score(to_bars(self.game.points(n_bars, seed=0), data), data)

    def real_score(self, n_bars: int = N_BARS) -> Score:
        """Return bars of the music that it should have learned from."""
        data = self.game.config.data
        chosen = torch.randint(
            len(real_bars(data)), (n_bars,), generator=torch.Generator().manual_seed(0)
        )
        return bars_to_score(real_bars(data)[chosen], data)


def make_case(
    name: str,
    mended: bool = False,
    seed: int = 0,
    *,
    n_steps: int = N_STEPS,
    on_step: Callable[[int], bool | None] | None = None,
) -> Case:
    """Train a case: the patient, or the same training without its fault.

    Args:
        name: one of FAILURES.
        mended: whether to train without the fault.
        seed: of everything that is left to chance.
        n_steps: steps of the generator, 1 or more.
        on_step: called with the number of each step; if it returns False, the training
            ends there.

    Raises:
        InputError: if there is no such failure, or `n_steps` is below 1.
    """
    if name not in FAILURES:
        raise InputError(
            f"There is no failure {name!r}; there are {', '.join(FAILURES)}."
        )
    if n_steps < 1:
        raise InputError(f"{n_steps} steps were asked for; ask for 1 or more.")
    failure = FAILURES[name]
    game = TinyGame(failure.mended if mended else failure.broken, seed)
    data = game.config.data
    reference = game.reference()
    if failure.wrong_track and not mended:
        game.data.bars = drone(game.data.bars)
    case = Case(failure, mended, seed, game, reference=reference)
    first = [weight.detach().clone() for weight in game.critic.parameters()]
    for step in range(1, n_steps + 1):
        row = {"step": step, **game.step()}
        if step % MEASURE_EVERY == 0 or step == 1:
            row |= statistics(game.points(N_MEASURED, seed), data)
        case.rows.append(row)
        if on_step is not None and on_step(step) is False:
            break
    if failure.drawn_at is not None and not mended:
        adapt(game, changed(game.config, temperature=failure.drawn_at))
    case.findings = findings_of(game, case.rows, first)
    return case


def drone(bars: Tensor) -> Tensor:
    """Return melodies (N, 16) as a drone plays them: the tonic in the tune's rhythm."""
    return bars.where(bars >= N_DEGREES, torch.full_like(bars, -LOWEST_DEGREE))

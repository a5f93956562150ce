"""What is measured of a tiny GAN that may be ill, and what each cause looks like in it.

A cause has a sign: something that holds if it is the cause, and not for the others that
can be chosen beside it. So a diagnosis can be reasoned out from the findings alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from deepcomposer_edu.models.tiny_gan import to_bars
from deepcomposer_edu.training.tiny_gan import TinyGame

N_LAST = 20  # rows that the critic's gap is the mean of
N_ASKED = 64  # bars that the critic is asked about
N_DRAWN = 200  # bars that are drawn twice from the same noise


@dataclass(frozen=True)
class Finding:
    """Something that is measured of every case.

    Args:
        label: what it is called, in a few words.
        is_share: whether it lies between 0 and 1 and is told in per cent.
        note: one sentence on what it means.
    """

    label: str
    is_share: bool
    note: str


FINDINGS = {
    "distinct_share": Finding(
        "different bars", True, "Of 1000 generated bars, how many are different."
    ),
    "top_share": Finding(
        "the most frequent bar", True, "How many of 1000 bars are that one bar."
    ),
    "known_share": Finding(
        "bars that are in the data", True, "Generated bars that a tune book holds, too."
    ),
    "repeat_share": Finding(
        "moves to the same note", True, "How often a note is followed by itself."
    ),
    "learned_repeat_share": Finding(
        "the same, in what it learns from",
        True,
        "Moves to the same note in the bars that the training really read.",
    ),
    "gap": Finding(
        "critic's gap",
        False,
        "Mean score of real bars less that of generated ones, last 20 steps.",
    ),
    "critic_moved": Finding(
        "how far the critic moved",
        False,
        "Change of its weights since the start, beside their size at the start.",
    ),
    "company": Finding(
        "score that depends on company",
        False,
        "How far a bar's score moves when other bars are judged with it, beside the "
        "spread of the scores.",
    ),
    "chance": Finding(
        "steps that chance decides",
        True,
        "Steps of a bar that differ when it is drawn twice from the same noise.",
    ),
}


def findings_of(
    game: TinyGame, rows: Sequence[dict[str, float]], first: Sequence[Tensor]
) -> dict[str, float]:
    """Return what is measured, by the names of FINDINGS (some only for melodies).

    Args:
        game: after its training.
        rows: what `TinyGame.step` told.
        first: the critic's weights before the first step.
    """
    last = [row["gap"] for row in rows[-N_LAST:]]
    measured = game.statistics()
    measured["learned_repeat_share"] = game.reference().get("repeat_share", 0.0)
    measured |= {
        "gap": sum(last) / len(last),
        "critic_moved": moved(game, first),
        "company": company(game),
        "chance": chance(game),
    }
    is_melody = game.config.data == "melody"
    names = [name for name in FINDINGS if is_melody or "repeat" not in name]
    return {name: measured[name] for name in names}


def moved(game: TinyGame, first: Sequence[Tensor]) -> float:
    """Return ||w - w_0|| / ||w_0|| of the critic's weights w."""
    with torch.no_grad():
        now = torch.cat([weight.flatten() for weight in game.critic.parameters()])
        then = torch.cat([weight.flatten() for weight in first])
        return ((now - then).norm() / then.norm()).item()


def company(game: TinyGame) -> float:
    """Return how far scores of the same bars lie apart in two kinds of company.

    Real bars are scored once beside other real ones, once beside generated ones, as in
    training, where BatchNorm uses the batch's own mean. The result is the mean absolute
    difference, in standard deviations of the scores. 0 where each is judged alone.
    """
    asked = game.real(N_ASKED, seed=1)
    beside = game.real(N_ASKED, seed=2), game.points(N_ASKED, seed=2)
    was_training = game.critic.training
    kept = {name: value.clone() for name, value in game.critic.state_dict().items()}
    game.critic.train()
    with torch.no_grad():
        one, other = (game.critic(torch.cat([asked, rest])) for rest in beside)
    game.critic.load_state_dict(kept)  # BatchNorm remembers whom it has met
    game.critic.train(was_training)
    one, other = one[:N_ASKED], other[:N_ASKED]
    apart = (one - other).abs().mean().item()
    return apart / max(one.std().item(), 1e-9)


@torch.no_grad()
def chance(game: TinyGame) -> float:
    """Return the share of steps that differ between two draws from the same noise."""
    source = torch.Generator().manual_seed(0)
    noise = torch.randn((N_DRAWN, game.config.noise), generator=source)
    one, other = (
        to_bars(game.generator(noise, source), game.config.data) for _ in range(2)
    )
    return (one != other).float().mean().item()


@dataclass(frozen=True)
class Cause:
    """What may be wrong.

    Args:
        words: the cause in a sentence.
        explanation: why it sounds as it does.
        sign: which finding shows it.
        holds: whether the findings have the sign.
        against: why it is not this, with {value} for what was found.
    """

    words: str
    explanation: str
    sign: str
    holds: Callable[[dict[str, float]], bool]
    against: str

    def refuted(self, findings: dict[str, float]) -> str:
        """Return why it is not this cause, as measured."""
        value = value_words(self.sign, findings.get(self.sign, 0.0))
        return self.against.format(value=value)


CAUSES = {
    "mode-collapse": Cause(
        "Mode collapse: the generator learns much faster than the critic.",
        "The generator found a bar that the critic likes, and moved all its noise "
        "there before the critic could answer. Its losses look calm: to the critic "
        "one good bar is as good as many. Only statistics over many bars, or ears, "
        "notice.",
        "top_share",
        lambda f: f["top_share"] >= 0.5 and f["chance"] > 0 and f["critic_moved"] > 0,
        "After a mode collapse one bar takes most of the places, though there is still "
        "chance in the draw and the critic learns; here the most frequent bar has "
        "{value}. Look at the other findings, too.",
    ),
    "exploded-critic": Cause(
        "Exploded critic: nothing bounds its slopes (the penalty is missing).",
        "A Wasserstein critic wants to push real and generated scores apart as far as "
        "it can. Without penalty or clipping it can do so for ever; its loss then says "
        "nothing about the music, and the generator is thrown about. The bars suffer "
        "less than the curves, because Adam divides each gradient by its usual size.",
        "gap",
        lambda f: abs(f["gap"]) >= 3.0,
        "Then the critic's gap would grow without end; here it is {value}.",
    ),
    "batch-norm": Cause(
        "BatchNorm in a critic with gradient penalty.",
        "BatchNorm mixes the bars of a batch, so the score of a bar depends on its "
        "company: real and generated batches are told apart by their means. The "
        "penalty asks for a slope of 1 for each bar by itself, which then means "
        "nothing, and the generator follows a gradient that leads nowhere. "
        "Gulrajani et al. (2017, section 4) leave BatchNorm out of the critic.",
        "company",
        lambda f: f["company"] >= 0.02,
        "Then a bar's score would depend on the bars beside it; here it moves by "
        "{value} of the scores' spread.",
    ),
    "n-critic-0": Cause(
        "The critic never learns: n_critic is 0.",
        "The generator pleases a critic whose weights are still those that chance "
        "gave it. Its loss falls nicely, but it measures nothing: a falling loss of "
        "the generator is no sign of better music.",
        "critic_moved",
        lambda f: f["critic_moved"] == 0,
        "Then the critic's weights would be those of the start; here they moved by "
        "{value} of their size.",
    ),
    "wrong-track": Cause(
        "The data: it learned from the drone's track, not from the tune's.",
        "The training itself is healthy. The generator does what its data do, and "
        "they hold one note in many rhythms. Losses and statistics beside the data's "
        "own look right, since the data are wrong. Listen to the data first.",
        "learned_repeat_share",
        lambda f: f.get("learned_repeat_share", 0.0) >= 0.9,
        "Then the bars that it reads would hold one note; here {value} of their moves "
        "stay on the same note.",
    ),
    "temperature-0": Cause(
        "Temperature 0: nothing is left to chance in the draw.",
        "The network gives each step a chance, and was trained with draws by it. At "
        "temperature 0 the likeliest is taken at every step, so what is only fairly "
        "likely never comes: the safest bars are left.",
        "chance",
        lambda f: f["chance"] == 0 and f["critic_moved"] > 0,
        "Then two draws from the same noise would be the same bar; here {value} of the "
        "steps differ.",
    ),
}


def value_words(name: str, value: float) -> str:
    """Return a finding as a text: "41 %", "0.38", "0"."""
    if value == 0:
        return "0 %" if FINDINGS[name].is_share else "0"
    if FINDINGS[name].is_share:
        percent = 100 * value
        return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2g}"

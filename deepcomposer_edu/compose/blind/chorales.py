"""Bach or bot: Bach's own voices against those of a technique, under one melody."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from deepcomposer_edu.compose.blind.clicks import ClickJudge, rows, voice_features
from deepcomposer_edu.compose.blind.excerpts import (
    N_BARS,
    TEMPO,
    Excerpt,
    bot_plays,
    checked_bot,
    excerpts_of,
    pick,
)
from deepcomposer_edu.compose.blind.judges import (
    OWN_CRITIC,
    RULE_GRADE,
    critic_score,
    rule_grade_says,
    threshold,
)
from deepcomposer_edu.compose.blind.rounds import (
    NAMES,
    BlindTest,
    Round,
    checked_rounds,
    flip,
)
from deepcomposer_edu.compose.models import find_model, load_model
from deepcomposer_edu.compose.parameters import checked_seed
from deepcomposer_edu.compose.techniques.catalogue import find_technique
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid

N_TRIES = 8  # harmonisations of a bot that has learned from clicks
N_LEARNED_FROM = 12  # excerpts of each kind from which a critic's threshold is learned
BOT_NAMES = {
    "wgan": "the WGAN-GP",
    "transformer": "the Transformer",
    "random": "random notes of the key",
}


def blind_test(
    n_rounds: int = 20,
    bot: str = "wgan",
    seed: int = 0,
    n_bars: int = 4,
    model: str | Path | None = None,
    judges: Sequence[str | Path] = ("rules", "critic"),
    learned_from: ClickJudge | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> BlindTest:
    """Return a listening test: Bach's chorales against a machine that harmonises.

    Excerpts come from test chorales whose tune no network has learned from. In each
    round a coin decides, after the excerpt was chosen, whether Bach's own three lower
    voices are heard or the bot's under the same melody.

    Args:
        n_rounds: 1 to 60, as far as there are chorales; 20 is usual.
        bot: "wgan", "transformer" or "random".
        seed: of the excerpts, the coins and the bot.
        n_bars: length of an excerpt, 1 to 8.
        model: a network of your own instead of the shipped one, as in `compose`.
        judges: which machines answer too: "rules", the rule grade; "critic", the bot's
            own critic, if it is a WGAN-GP; or a network of your own, named as `model`
            is, whose critic answers. Where a critic says "Bach" is learned on
            validation chorales.
        learned_from: a judge trained on clicks. Of N_TRIES harmonisations the bot plays
            the one that this judge takes for real most likely: it answers its listener,
            as a generator answers its critic.
        on_progress: called with (parts done, parts in all); what it raises ends the
            work.

    Raises:
        InputError: if a value is not allowed, or there are too few chorales.

    >>> test = blind_test(n_rounds=4, bot="random", judges=())  # doctest: +SKIP
    """
    n_rounds, seed, bot = checked_rounds(n_rounds), checked_seed(seed), checked_bot(bot)
    _check_bars(n_bars)
    network = _network(bot, model)
    critics = _critics(judges, bot, network)
    n_parts = n_rounds + 2 * N_LEARNED_FROM * len(critics)
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        if on_progress is not None:
            on_progress(done, n_parts)

    random = np.random.default_rng(seed)
    clean = [c for c in load_chorales("test") if c.is_clean]
    chosen = pick(excerpts_of(clean, n_bars), n_rounds, random)
    coins = flip(n_rounds, random)
    seeds = random.integers(1 << 32, size=n_rounds)
    says = {name: _critic_says(model, n_bars, tell) for name, model in critics.items()}
    if "rules" in judges:
        says = {RULE_GRADE: lambda grid, _to_c: rule_grade_says(grid), **says}
    rounds = []
    for excerpt, coin, own_seed in zip(chosen, coins, seeds.tolist(), strict=True):
        if coin:
            grid = excerpt.grid
        elif learned_from is None:
            grid = bot_plays(excerpt, bot, network, own_seed)
        else:
            grid = best_try(excerpt, bot, network, own_seed, learned_from)
        rounds.append(_round(excerpt, grid, bool(coin), bot, says))
        tell()
    own = "" if model is None else f" ({network.name})"
    about = f"Bach's own voices against {BOT_NAMES[bot]}{own}, under Bach's melodies"
    if learned_from is not None:
        about += "; of each melody the best for your ears of several"
    return BlindTest(tuple(rounds), NAMES, seed, about)


def _check_bars(n_bars: object) -> None:
    """Raise an InputError unless an excerpt may have so many bars."""
    low, high = N_BARS
    if isinstance(n_bars, bool) or n_bars not in range(low, high + 1):
        raise InputError(
            f"Excerpts of {str(n_bars)[:40]} bars were asked for, but they have {low} "
            f"to {high}; 4 bars last 12 seconds."
        )


def _round(
    excerpt: Excerpt, grid: Grid, is_real: bool, bot: str, says: dict[str, Callable]
) -> Round:
    """Return a round in which `grid` is heard, with what the machines say to it."""
    to_c = excerpt.chorale.key.to_c
    return Round(
        is_real=is_real,
        score=from_grid(grid, TEMPO),
        title=excerpt.title,
        made_by="Bach" if is_real else f"Bach's melody over {BOT_NAMES[bot]}",
        grid=grid,
        says={name: ask(grid, to_c) for name, ask in says.items()},
        heard=voice_features(grid),
    )


def best_try(
    excerpt: Excerpt, bot: str, network: object, seed: int, judge: ClickJudge
) -> Grid:
    """Return the harmonisation of N_TRIES that a judge of clicks likes best.

    The first is the one that the bot plays without a judge, so the judge likes what is
    returned at least as well as that.
    """
    more = np.random.default_rng(seed).integers(1 << 32, size=N_TRIES - 1).tolist()
    tries = [bot_plays(excerpt, bot, network, one) for one in (seed, *more)]
    heard = rows([voice_features(grid) for grid in tries], judge.names)
    return tries[int(judge.probability(heard).argmax())]


def _network(bot: str, model: str | Path | None) -> object:
    """Return the network to use; None for a technique without one."""
    kind = find_technique(bot).network
    if kind is None:
        if model is not None:
            raise InputError(
                f"A network was given, but {BOT_NAMES[bot]} need none; leave it out, "
                'or choose "wgan".'
            )
        return None
    found = find_model("bach" if model is None else model)
    if found.kind != "shipped" and found.network != kind:
        raise InputError(
            f"{found.name} is a network of {found.network}, but the bot {bot} needs "
            f"one of {kind}; choose another, or another bot."
        )
    return found


def _critics(judges: Sequence[str | Path], bot: str, network: object) -> dict:
    """Return whose critics answer, by what they are called."""
    critics = {}
    for judge in judges:
        if judge == "critic" and bot == "wgan":
            critics[OWN_CRITIC] = network
        elif judge not in ("rules", "critic"):
            found = find_model(judge)
            if found.kind != "shipped" and found.network != "wgan":
                raise InputError(
                    f"{found.name} is a network of {found.network}, which has no "
                    "critic; name a WGAN-GP as a judge."
                )
            critics[f"Critic of {found.name}"[:40]] = found
    return critics


def _critic_says(network: object, n_bars: int, tell: Callable[[], None]) -> Callable:
    """Return whether a critic takes a grid for real, given its distance to C."""
    harmoniser = load_model(network, "wgan", "bach")
    cut = _learned_cut(network, n_bars, harmoniser.weight_sha256)
    for _ in range(2 * N_LEARNED_FROM):
        tell()
    return lambda grid, to_c: critic_score(harmoniser, grid, to_c) >= cut


@functools.lru_cache(maxsize=8)
def _learned_cut(network: object, n_bars: int, _weights: str) -> float:
    """Return where a critic cuts, learned on validation chorales.

    Half of them are as Bach wrote them, half harmonised by the critic's own generator.
    """
    harmoniser = load_model(network, "wgan", "bach")
    clean = [c for c in load_chorales("valid") if c.is_clean]
    random = np.random.default_rng(0)
    chosen = pick(excerpts_of(clean, n_bars), 2 * N_LEARNED_FROM, random)
    scores: tuple[list[float], list[float]] = ([], [])
    for number, one in enumerate(chosen):
        is_made = number % 2
        grid = bot_plays(one, "wgan", network, number) if is_made else one.grid
        scores[is_made].append(critic_score(harmoniser, grid, one.chorale.key.to_c))
    return threshold(*scores)

"""Excerpts of chorales for a listening test, chosen before anybody knows who plays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from deepcomposer_edu.compose.parameters import checked_seed
from deepcomposer_edu.compose.prepare import Melody
from deepcomposer_edu.compose.request import Request
from deepcomposer_edu.compose.techniques.catalogue import find_technique
from deepcomposer_edu.corpora.chorales import Chorale
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, from_grid, stacked, to_grid

BAR = 16  # steps; only pieces in 4/4 are taken, so that all excerpts last alike
TEMPO = 80.0
N_BARS = (1, 8)
BOTS = ("wgan", "transformer", "random")


@dataclass(frozen=True)
class Excerpt:
    """A few bars of a chorale, and as much around them as a bot gets to hear.

    Args:
        chorale: where it comes from.
        start: its first step in the chorale, at a bar line.
        n_bars: how long it is.
    """

    chorale: Chorale
    start: int
    n_bars: int

    @property
    def grid(self) -> Grid:
        """Bach's four voices, shape (4, 16 * n_bars)."""
        return self.chorale.grid.crop(self.start, self.start + BAR * self.n_bars)

    @property
    def title(self) -> str:
        """What it is called: "BWV 253, bars 3 to 6"."""
        first = (self.start - self.chorale.pickup) // BAR + 1
        last = first + self.n_bars - 1
        bars = f"bar {first}" if first == last else f"bars {first} to {last}"
        return f"BWV {self.chorale.bwv}, {bars}"

    @property
    def tune(self) -> tuple[int, ...]:
        """The melody as intervals: equal for one tune in two keys."""
        return tuple(np.diff(self.grid.pitches[0].astype(int)).tolist())


def excerpts_of(chorales: Sequence[Chorale], n_bars: int) -> list[list[Excerpt]]:
    """Return the excerpts that each chorale has to offer, one list for each.

    An excerpt begins at a bar line, lies within the piece, and no voice rests in it:
    whoever counted rests could tell Bach from a network that knows none. Pieces that
    are not in 4/4, or have none, are left out.
    """
    found = []
    for chorale in chorales:
        if chorale.metre != "4/4":
            continue
        some = [
            Excerpt(chorale, int(start), n_bars)
            for start in chorale.bar_starts
            if start + BAR * n_bars <= chorale.grid.n_steps
        ]
        some = [one for one in some if one.grid.sounding.all()]
        if some:
            found.append(some)
    return found


def pick(
    offered: Sequence[Sequence[Excerpt]], n: int, random: np.random.Generator
) -> list[Excerpt]:
    """Return `n` excerpts in random order: no chorale and no tune twice.

    Raises:
        InputError: if there are too few pieces for that.
    """
    picked: list[Excerpt] = []
    tunes: set[tuple[int, ...]] = set()
    for piece in random.permutation(len(offered)):
        some = offered[piece]
        one = some[int(random.integers(len(some)))]
        if len(picked) < n and one.tune not in tunes:
            picked.append(one)
            tunes.add(one.tune)
    if len(picked) < n:
        raise InputError(
            f"{n} rounds were asked for, but only {len(picked)} chorales have such an "
            "excerpt and a tune that no network has learned; ask for fewer rounds."
        )
    return picked


def checked_bot(bot: str) -> str:
    """Return the name of a technique that can play against Bach.

    Raises:
        InputError: for any other name.
    """
    if bot not in BOTS:
        raise InputError(
            f"The bot is {str(bot)[:40]!r}, but only {', '.join(BOTS)} write voices "
            "below a melody; choose one of these."
        )
    return bot


def bot_plays(excerpt: Excerpt, bot: str, model: object, seed: int) -> Grid:
    """Return the excerpt with Bach's melody and three voices by a technique.

    The technique hears the melody from the bar before the excerpt to the bar after it,
    where there are such bars; then its music is cut exactly as Bach's is.

    Args:
        excerpt: what to harmonise; the key of the chorale is told.
        bot: "wgan", "transformer" or "random".
        model: the network, as `compose.models.find_model` gives it.
        seed: of everything that is drawn.

    Returns:
        Four voices, shape (4, 16 * n_bars), soprano first.
    """
    chorale, length = excerpt.chorale, BAR * excerpt.n_bars
    before = BAR if excerpt.start >= BAR else 0
    stop = min(excerpt.start + length + BAR, chorale.grid.n_steps)
    heard = chorale.melody.crop(excerpt.start - before, stop)
    score = from_grid(heard, TEMPO)
    melody = Melody(
        given=score.tracks[0],
        frame=score,
        grid=heard,
        key=chorale.key,
    )
    technique = find_technique(bot)
    parameters = {one.name: one.default for one in technique.parameters}
    if bot == "transformer":  # Bach's excerpts have no rests, so it may hardly rest
        parameters |= {"mode": "harmonise", "max_rest": 0.25}
    request = Request(
        melody, checked_seed(seed), parameters, model, style=technique.learned[0]
    )
    tracks = technique.compose(request).tracks
    below = [
        to_grid(replace(score, tracks=(track,)), heard.n_steps)
        for track in tracks  # one at a time, so that a silent voice stays a voice
    ]
    return stacked([heard, *below]).crop(before, before + length)

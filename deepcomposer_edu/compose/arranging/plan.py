"""How many bars each section of an arrangement gets, and how fast it goes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from deepcomposer_edu.compose.parameters import TEMPO_RANGE
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.arranging import ritardando
from deepcomposer_edu.music.score import STEPS_PER_QUARTER, Metre

CLOSE_BARS = 2  # subdominant and dominant in one, the tonic in the other
TOLERANCE = 5.0  # seconds that a minute may be shorter or longer
_ROOM = 4.0  # seconds that are used of it
MAX_BARS = 4_000


@dataclass(frozen=True)
class Plan:
    """Bars and tempos of an arrangement.

    Args:
        names: the sections, such as ("A", "A'", "B", "A").
        bars: how many each has.
        tempo: quarters per minute.
        slowing: (step, quarters per minute) of the ritardando.
        n_steps: where the music ends.
        close: the step at which the close begins; `n_steps` if there is none.
    """

    names: tuple[str, ...]
    bars: tuple[int, ...]
    tempo: float
    slowing: tuple[tuple[float, float], ...]
    n_steps: float
    close: float


def plan_bars(
    names: Sequence[str],
    theme_bars: int,
    metre: Metre,
    pickup: float,
    seconds: float,
    tempo: float,
    is_fixed: bool,
    has_close: bool,
) -> Plan:
    """Return the plan that comes nearest to a length.

    Sections are made of whole themes if that fits, else of half themes, of four or two
    bars, or of any number. Without a fixed tempo the music goes a little faster or
    slower, so that it lasts as long as wanted; with one, it lasts as long as whole
    bars do.

    Args:
        names: of the sections.
        theme_bars: bars of the first theme.
        metre: of all bars.
        pickup: length of the upbeat in steps.
        seconds: the wanted length.
        tempo: quarters per minute, of the given music or as wanted.
        is_fixed: whether it must be kept.
        has_close: whether bars for a close are added.

    Raises:
        InputError: if the sections do not fit into the length at that tempo.
    """
    bar = metre.steps_per_bar
    options = []
    for unit in _units(theme_bars):
        wanted = seconds / _seconds(1, bar, pickup, tempo, metre, has_close=False)
        n_units = max(round((wanted - CLOSE_BARS * has_close) / unit), 1)
        for n in {max(n_units + d, len(names)) for d in (-2, -1, 0, 1, 2)}:
            if n * unit > MAX_BARS:
                continue
            lasts = _seconds(n * unit, bar, pickup, tempo, metre, has_close)
            faster = math.log(lasts / seconds)
            misses = is_fixed and abs(lasts - seconds) > _ROOM
            cost = 4 * abs(faster) + _awkward(unit, theme_bars) + 100 * misses
            cost += 0.1 * (n % len(names) > 0)
            options.append((round(cost, 9), -unit, n, lasts))
    if not options:
        raise _too_long(names, seconds, tempo)
    _, unit, n_units, lasts = min(options)
    if not is_fixed:
        tempo = tempo * lasts / seconds
    low, high = TEMPO_RANGE
    if not low <= tempo <= high or (is_fixed and abs(lasts - seconds) > TOLERANCE):
        raise _too_long(names, seconds, tempo)
    bars = tuple(n * -unit for n in _shared(n_units, len(names)))
    close = sum(bars) * bar
    end = close + (pickup + CLOSE_BARS * bar if has_close else 0)
    slowing = _slowing(close, bar, pickup, tempo, metre) if has_close else ()
    return Plan(tuple(names), bars, tempo, slowing, end, close)


def _units(theme_bars: int) -> list[int]:
    """Return the numbers of bars that sections may be made of, each once."""
    half = [theme_bars // 2] if theme_bars % 2 == 0 else []
    others = [n for n in (4, 2, 1) if n < theme_bars]
    return list(dict.fromkeys([theme_bars, *half, *others]))


def _awkward(unit: int, theme_bars: int) -> float:
    """Return how much is lost where sections are made of so many bars."""
    if unit == theme_bars:
        return 0.0
    if 2 * unit == theme_bars:
        return 0.2 if unit >= 4 else 0.5
    return 0.8 if unit > 1 and theme_bars % unit == 0 else 1.5


def _shared(n_units: int, n_sections: int) -> list[int]:
    """Return the units of each section; what is over goes to the first ones.

    >>> _shared(6, 4)
    [2, 2, 1, 1]
    """
    each, over = divmod(n_units, n_sections)
    return [each + (i < over) for i in range(n_sections)]


def _beat(metre: Metre) -> float:
    """Return the steps of a beat of the metre, no more than a bar."""
    return min(16 / metre.denominator, metre.steps_per_bar)


def _slowing(
    close: float, bar: float, pickup: float, tempo: float, metre: Metre
) -> tuple[tuple[float, float], ...]:
    """Return the tempos of the close: slower with each beat of its first bar."""
    beat = _beat(metre)
    n_beats = max(int(bar // beat), 1)
    start = close + pickup
    shares = ritardando(n_beats)
    return tuple((start + i * beat, tempo * share) for i, share in enumerate(shares))


def _seconds(
    n_bars: int, bar: float, pickup: float, tempo: float, metre: Metre, has_close: bool
) -> float:
    """Return how long so many bars last, with the close and its ritardando."""
    per_step = 60 / (tempo * STEPS_PER_QUARTER)
    steps = n_bars * bar
    if has_close:
        shares = ritardando(max(int(bar // _beat(metre)), 1))
        beat = _beat(metre)
        steps += pickup + sum(beat / share for share in shares[:-1])
        last = CLOSE_BARS * bar - beat * (len(shares) - 1)
        steps += last / shares[-1]
    return steps * per_step


def _too_long(names: Sequence[str], seconds: float, tempo: float) -> InputError:
    return InputError(
        f"{len(names)} sections do not fit into {seconds:g} seconds in whole bars at "
        f"{tempo:.0f} quarters a minute; give another tempo, another length or a "
        "shorter form."
    )

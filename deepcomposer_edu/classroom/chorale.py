"""The class's chorale: a tune, and below it the voices that learners have trained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from deepcomposer_edu.classroom.casting import casting
from deepcomposer_edu.classroom.singers import Singer, Singers
from deepcomposer_edu.compose.prepare import Melody, prepare
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.choir import NOBODY, Choir, Round, agree, sing
from deepcomposer_edu.models.voice_net import LEARNED, SINGS
from deepcomposer_edu.music.grid import REST, Grid, from_grid
from deepcomposer_edu.music.instruments import find_instrument
from deepcomposer_edu.music.score import Metre, Score

PASSES = 96
MOST_BARS = 64  # of a tune
INSTRUMENT = "choir aahs"
TEMPO = 84.0  # the fastest, if nobody says
OnProgress = Callable[[int, int], None] | None


@dataclass(frozen=True)
class Verse:
    """The tune once, in four voices.

    Args:
        cast: (3, bars) number of who sings each bar of alto, tenor and bass, among
            `ClassChorale.singers`.
        drawn: (4, T) the verse as it was drawn, before the singers were asked again.
        grid: (4, T) the verse on which they agreed, or which they left.
        rounds: how they came to agree.
    """

    cast: np.ndarray
    drawn: Grid = field(repr=False)
    grid: Grid = field(repr=False)
    rounds: tuple[Round, ...]

    @property
    def is_agreed(self) -> bool:
        """Whether nobody changed a note any more in the last round."""
        return self.rounds[-1].n_changed == 0


@dataclass(frozen=True)
class Stretch:
    """Bars in a row in which a voice has one singer.

    Args:
        verse: its number, from 0.
        voice: one of LEARNED.
        singer: number in `ClassChorale.singers`.
        first: the first bar of it, from 0.
        last: the last one.
    """

    verse: int
    voice: str
    singer: int
    first: int
    last: int


@dataclass(frozen=True)
class ClassChorale:
    """A chorale by a class, and who sings in it.

    Args:
        title: of the tune.
        singers: everybody who sings, stand-ins too.
        verses: in order.
        edges: (bars + 1,) steps of a verse at which its bars begin, and its end; a
            pickup belongs to the first bar.
        score: all verses one after the other.
        seed: from which all of it follows.
        problems: a sentence for each file that was left out.
    """

    title: str
    singers: tuple[Singer, ...]
    verses: tuple[Verse, ...]
    edges: np.ndarray
    score: Score = field(repr=False)
    seed: int = 0
    problems: tuple[str, ...] = ()

    @property
    def n_bars(self) -> int:
        """How many bars a verse has."""
        return len(self.edges) - 1

    def stretches(self) -> Iterator[Stretch]:
        """Yield who sings which bars, verse by verse and voice by voice."""
        for number, verse in enumerate(self.verses):
            for voice, row in zip(LEARNED, verse.cast, strict=True):
                cuts = np.flatnonzero(np.diff(row)) + 1
                for part in np.split(np.arange(len(row)), cuts):
                    singer = int(row[part[0]])
                    yield Stretch(number, voice, singer, int(part[0]), int(part[-1]))

    def bars_sung(self) -> dict[int, int]:
        """Return how many bars each singer has, by number."""
        return dict(Counter(int(i) for v in self.verses for i in v.cast.flat))

    def record(self) -> dict[str, object]:
        """Return what is needed to make it again, ready for JSON."""
        return {
            "title": self.title,
            "seed": self.seed,
            "singers": [
                {"name": one.name, "voice": one.voice, "sha256": one.sha256}
                for one in self.singers
            ],
            "verses": [verse.cast.tolist() for verse in self.verses],
            "agreed": [
                [[r.n_notes, r.n_content, r.n_changed] for r in verse.rounds]
                for verse in self.verses
            ],
        }


def class_chorale(
    tune: Score,
    singers: Singers,
    *,
    bars_each: int = 2,
    n_verses: int | None = None,
    temperature: float = 0.8,
    tempo: float | None = None,
    instrument: str = INSTRUMENT,
    passes: int = PASSES,
    seed: int = 0,
    on_progress: OnProgress = None,
) -> ClassChorale:
    """Return the chorale that a class sings under a tune.

    By lot each singer gets some bars; everybody is heard before anybody is heard again.
    In each verse the singers draw their notes together (`models.choir.sing`), then they
    go round until they agree (`models.choir.agree`).

    Args:
        tune: the melody; the soprano sings it.
        singers: of `read_singers`.
        bars_each: how many bars in a row somebody sings.
        n_verses: how often the tune is sung; None: so often that everybody is heard.
        temperature: creative risk of the draw, above 0.
        tempo: quarters a minute; None: the tune's own, but at most TEMPO.
        instrument: who plays the voices, by name.
        passes: of Gibbs sampling, in each verse.
        seed: of lots and draws.
        on_progress: called with (passes done, passes in all).

    Raises:
        InputError: if a value is not allowed, or the tune cannot be used.
    """
    program = find_instrument(instrument)
    melody = prepare(tune)
    edges = bar_edges(melody)
    if len(edges) - 1 > MOST_BARS:
        raise InputError(
            f"The tune has {len(edges) - 1} bars, but a class's chorale has at most "
            f"{MOST_BARS}; give a part of it."
        )
    by_voice = [singers.of(voice) for voice in LEARNED]
    everybody = tuple(one for found in by_voice for one in found)
    lots = casting(
        [len(found) for found in by_voice], len(edges) - 1, bars_each, n_verses, seed
    )
    firsts = np.cumsum([0, *(len(found) for found in by_voice[:-1])])
    lots = lots + firsts[:, None]  # from numbers within the voice to those of all
    verses = []
    for number, cast in enumerate(lots):
        tell = _part_of(on_progress, number, len(lots))
        how = {"passes": passes, "temperature": temperature, "seed": seed + number}
        how["on_progress"] = tell
        verses.append(_verse(melody, edges, everybody, cast, how))
    joined = _joined([verse.grid for verse in verses], melody.steps_per_bar)
    return ClassChorale(
        tune.title or "Untitled",
        everybody,
        tuple(verses),
        edges,
        _score(tune, melody, joined, len(verses), tempo, program),
        seed,
        singers.problems,
    )


def bar_edges(melody: Melody) -> np.ndarray:
    """Return where the bars of a melody begin, and its end; (bars + 1,) steps.

    A pickup belongs to the first bar.
    """
    n_steps = melody.grid.n_steps
    starts = range(melody.pickup + melody.steps_per_bar, n_steps, melody.steps_per_bar)
    return np.array([0, *starts, n_steps])


def _verse(
    melody: Melody,
    edges: np.ndarray,
    singers: tuple[Singer, ...],
    cast: np.ndarray,
    how: dict[str, object],
) -> Verse:
    """Return one verse, drawn and agreed on."""
    n_steps = melody.grid.n_steps
    cells = np.full((len(SINGS), n_steps), NOBODY)
    cells[1:] = cast.repeat(np.diff(edges), axis=1)
    pitches = np.full(cells.shape, REST)
    pitches[0] = melody.grid.pitches[0]
    onsets = np.zeros(cells.shape, dtype=bool)
    onsets[0] = melody.grid.onsets[0]
    choir = Choir([one.network for one in singers], cells)
    bars = {"steps_per_bar": melody.steps_per_bar, "pickup": melody.pickup}
    drawn = sing(choir, Grid(pitches, onsets), **bars, **how)
    grid, rounds = agree(choir, drawn, **bars)
    return Verse(cast, drawn, grid, tuple(rounds))


def _joined(verses: list[Grid], steps_per_bar: int) -> Grid:
    """Return verses one after the other, each filled up to whole bars with rests."""
    pad = -verses[0].n_steps % steps_per_bar
    width = ((0, 0), (0, pad))
    return Grid(
        np.concatenate(
            [np.pad(v.pitches, width, constant_values=REST) for v in verses], axis=1
        ),
        np.concatenate([np.pad(v.onsets, width) for v in verses], axis=1),
    )


def _score(
    tune: Score,
    melody: Melody,
    grid: Grid,
    n_verses: int,
    tempo: float | None,
    program: int,
) -> Score:
    """Return the verses as a score, in the tune's metre, where the tune lies."""
    metre = tune.metres[0]
    if metre.steps_per_bar != melody.steps_per_bar:  # it did not fit the grid
        metre = Metre()
    score = from_grid(
        grid.transposed(-12 * melody.octaves),
        tempo=min(tune.tempo, TEMPO) if tempo is None else tempo,
        programs=[program] * grid.n_voices,
        metres=[replace(metre, step=0)],
        pickup=melody.pickup,
        title=tune.title or "Untitled",
    )
    length = grid.n_steps // n_verses
    soprano, *below = score.tracks
    notes = tuple(  # the tune's own, which the singers may have heard folded
        replace(note, start=note.start - melody.offset + i * length)
        for i in range(n_verses)
        for note in melody.given.notes
    )
    return replace(score, tracks=(replace(soprano, notes=notes), *below))


def _part_of(on_progress: OnProgress, number: int, n: int) -> OnProgress:
    """Return what tells the progress of one verse as part of all."""
    if on_progress is None:
        return None
    return lambda done, total: on_progress(number * total + done, n * total)

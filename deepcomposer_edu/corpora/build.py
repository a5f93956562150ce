"""Building the chorale arrays from the scores that install with music21.

The scores stay where they are: their licence lets you use them, not hand them on (see
data/README.md). So the course ships the map of the split and a checksum, and each
machine makes the arrays once, in seconds, from its own copy of music21.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from deepcomposer_edu.corpora.cache import music21_corpus
from deepcomposer_edu.corpora.chorale_list import (
    bwv_of,
    chorale_titles,
    map_rows,
    split_map,
)
from deepcomposer_edu.corpora.on_grid import bar_positions
from deepcomposer_edu.corpora.partwise import PartScore, read_partwise
from deepcomposer_edu.music.grid import REST, VOICE_NAMES, Grid
from deepcomposer_edu.music.keys import Key, duration_histogram

TUNE_LENGTH = 48  # soprano intervals from step to step that tell one tune from another
COPY_AGREEMENT = 0.95  # voice-steps that two editions of one setting have in common
OPENING_LENGTH = 8  # intervals from note to note: a stricter test, deaf to rhythm


@dataclass(frozen=True)
class RawChorale:
    """One chorale on the grid, with what its score says about it."""

    source: str
    split: str
    title: str
    grid: Grid
    key: Key
    metre: str
    steps_per_bar: int
    pickup: int
    bar_starts: np.ndarray  # (number of whole bars,), steps
    fermatas: np.ndarray  # (T,), bool


def score_grid(score: PartScore, has_repeats: bool) -> tuple[Grid, np.ndarray]:
    """Return a chorale's four voices on the grid, and where its fermatas stand.

    The voices are the parts named Soprano, Alto, Tenor and Bass; without those names,
    the last four. Rests at the very end are cut off.

    Args:
        score: the written score.
        has_repeats: whether repeated sections sound twice.

    Returns:
        The grid (4, T), and fermatas (T,), bool: where the soprano holds one.
    """
    order = score.playing_order() if has_repeats else list(range(len(score.bars)))
    lengths = [score.bars[i].duration for i in order]
    starts = np.cumsum([0.0, *lengths])
    n_steps = round(starts[-1])
    pitches = np.full((4, n_steps), REST, dtype=np.int16)  # (K, T)
    onsets = np.zeros((4, n_steps), dtype=bool)
    fermatas = np.zeros(n_steps, dtype=bool)
    for k, part in enumerate(_four_parts(score)):
        for bar_start, index in zip(starts[:-1], order, strict=True):
            for note in part.bars[index]:
                start = round(bar_start + note.start)
                end = max(round(bar_start + note.start + note.duration), start + 1)
                pitches[k, start:end] = note.pitch
                onsets[k, start:end] = False
                onsets[k, start : start + 1] = not note.is_tied
                if k == 0 and note.has_fermata:
                    fermatas[start:end] = True
    sounding = np.flatnonzero((pitches != REST).any(axis=0))
    last = sounding[-1] + 1 if len(sounding) else 0
    return Grid(pitches[:, :last], onsets[:, :last]), fermatas[:last]


def _four_parts(score: PartScore) -> list:
    named = [
        next((p for p in score.parts if p.name.lower().startswith(name.lower())), None)
        for name in VOICE_NAMES
    ]
    return score.parts[-4:] if None in named else named


def chorale_key(grid: Grid, sharps: int) -> Key:
    """Return the key of a chorale from its last bass note and its key signature.

    A chorale ends on its key note. Where the signature agrees, that settles it; else
    (old modal signatures, endings on the fifth) the candidates are major and minor on
    the last bass note and the two keys of the signature, and the notes decide: the
    share of them in the scale, plus half the share of them in the tonic triad.

    Args:
        grid: the four voices, bass last.
        sharps: the key signature, -7 to 7.
    """
    bass = grid.pitches[-1]
    last = int(bass[bass != REST][-1]) % 12
    signature = [Key(7 * sharps % 12, "major"), Key((7 * sharps + 9) % 12, "minor")]
    for key in signature:
        if key.tonic == last:
            return key
    histogram = duration_histogram(grid)
    histogram = histogram / histogram.sum()

    def fit(key: Key) -> float:
        triad = [key.scale[degree] for degree in (0, 2, 4)]
        return histogram[list(key.scale)].sum() + histogram[triad].sum() / 2

    return max([Key(last, "major"), Key(last, "minor"), *signature], key=fit)


def tune_of(grid: Grid) -> tuple[int, ...]:
    """Return the start of the melody as intervals: equal for one tune in two keys."""
    soprano = grid.pitches[0].astype(int)
    return tuple(np.diff(soprano[soprano != REST])[:TUNE_LENGTH].tolist())


def opening_of(grid: Grid) -> tuple[int, ...]:
    """Return the melody's first intervals from note to note, rhythm left out."""
    soprano = grid.pitches[0].astype(int)
    steps = np.diff(soprano[soprano != REST])
    return tuple(steps[steps != 0][:OPENING_LENGTH].tolist())


def build_chorales(progress: Callable[[Iterable], Iterable] = iter) -> list[RawChorale]:
    """Return every usable chorale of music21's Bach folder, read afresh.

    Split "extra" holds four-part chorales outside the canonical list whose opening no
    valid or test piece shares, and which repeat no listed setting; they may be trained
    on.

    Args:
        progress: wraps the list of files to show how far the reading is, as tqdm does.

    Raises:
        InputError: if music21's scores are not installed.
    """
    corpus = music21_corpus()
    chosen = split_map()
    doubtful = {row["music21_path"] for row in map_rows() if row["split"] != "train"}
    scores = sorted((corpus / "bach").glob("*.mxl"), key=lambda path: path.name)
    scores += sorted((corpus / "bach").glob("*.xml"))
    titles = chorale_titles()
    chorales = []
    for path in progress(scores):
        source = f"bach/{path.name}"
        split, has_repeats = chosen.get(source, ("extra", False))
        score = read_partwise(path)
        if split == "extra" and (source in doubtful or not _is_chorale(score)):
            continue
        chorales.append(_raw(score, source, split, has_repeats, titles))
    listed = [c for c in chorales if c.split != "extra"]
    held_out = {opening_of(c.grid) for c in listed if c.split != "train"}

    def is_wanted(chorale: RawChorale) -> bool:
        return opening_of(chorale.grid) not in held_out and not any(
            _is_copy(chorale.grid, other.grid)
            for other in listed
            if other.grid.n_steps == chorale.grid.n_steps
        )

    return [c for c in chorales if c.split != "extra" or is_wanted(c)]


def _is_copy(first: Grid, second: Grid) -> bool:
    """Whether two grids of equal length are one setting, perhaps in two keys."""
    both = first.sounding & second.sounding
    distances = first.pitches[both].astype(int) - second.pitches[both]
    common = np.bincount(distances + 128).max()
    return bool(common > COPY_AGREEMENT * distances.size)


def _is_chorale(score: PartScore) -> bool:
    names = tuple(part.name.strip().lower() for part in score.parts)
    return names == tuple(name.lower() for name in VOICE_NAMES)


def _raw(
    score: PartScore,
    source: str,
    split: str,
    has_repeats: bool,
    titles: dict[str, str],
) -> RawChorale:
    grid, fermatas = score_grid(score, has_repeats)
    bar_starts = bar_positions(score, has_repeats, grid.n_steps)
    whole = next(bar for bar in score.bars if bar.duration >= bar.full)
    return RawChorale(
        source=source,
        split=split,
        title=titles.get(bwv_of(source), f"BWV {bwv_of(source)}"),
        grid=grid,
        key=chorale_key(grid, score.sharps),
        metre=whole.metre,
        steps_per_bar=round(whole.full),
        pickup=int(bar_starts[0]),
        bar_starts=bar_starts,
        fermatas=fermatas,
    )


def to_arrays(chorales: list[RawChorale]) -> dict[str, np.ndarray]:
    """Return the chorales as a few plain arrays, all pieces laid end to end.

    Returns:
        `pitches` (4, total steps) int16, `onsets` (4, total) bool, `fermatas` (total,)
        bool, `offsets` (pieces + 1,): piece i is steps offsets[i] to offsets[i + 1];
        `bar_starts` and `bar_offsets` likewise; one entry a piece for the rest.
    """
    train = {tune_of(c.grid) for c in chorales if c.split == "train"}
    seen = train | {tune_of(c.grid) for c in chorales if c.split == "valid"}
    shared = {"valid": train, "test": seen}
    lengths = [c.grid.n_steps for c in chorales]
    bars = [len(c.bar_starts) for c in chorales]
    return {
        "pitches": np.concatenate([c.grid.pitches for c in chorales], axis=1),
        "onsets": np.concatenate([c.grid.onsets for c in chorales], axis=1),
        "fermatas": np.concatenate([c.fermatas for c in chorales]),
        "offsets": np.cumsum([0, *lengths], dtype=np.int64),
        "bar_starts": np.concatenate([c.bar_starts for c in chorales]),
        "bar_offsets": np.cumsum([0, *bars], dtype=np.int64),
        "source": np.array([c.source for c in chorales]),
        "split": np.array([c.split for c in chorales]),
        "title": np.array([c.title for c in chorales]),
        "tonic": np.array([c.key.tonic for c in chorales], dtype=np.int64),
        "is_minor": np.array([c.key.mode == "minor" for c in chorales]),
        "metre": np.array([c.metre for c in chorales]),
        "steps_per_bar": np.array([c.steps_per_bar for c in chorales], dtype=np.int64),
        "pickup": np.array([c.pickup for c in chorales], dtype=np.int64),
        "is_clean": np.array(
            [tune_of(c.grid) not in shared.get(c.split, ()) for c in chorales]
        ),
    }

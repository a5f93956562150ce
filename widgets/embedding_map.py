"""A map of an embedding: click a point to hear it, and its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import traitlets

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.music.score_dict import score_to_dict
from deepcomposer_edu.music.vectors import (
    cosine_similarities,
    line_between,
    nearest,
    principal_axes,
)
from deepcomposer_edu.viz.colours import TRACK_COLOURS
from deepcomposer_edu.widgets.base import SoundWidget
from deepcomposer_edu.widgets.score_input import to_score

LEAST_POINTS, MOST_POINTS = 3, 200
MOST_GROUPS = 8  # as many as there are colours
NOTE_STEPS = 6  # of a point that is one pitch
N_STAGES = 9  # places on a line, both ends included
N_MIXED = 3  # rows that sound together on a line
SHARPNESS = 12.0  # how much more a nearer row is heard than one less near
WELCOME = (
    "Click a point to hear it, or use the arrow keys. Its neighbours are listed beside "
    "the map."
)


class EmbeddingMap(SoundWidget, bundle="embedding"):
    """Things as points on a plane, each with its sound, its neighbours, and a walk.

    The plane shows the first two principal axes of the vectors, unless `places` says
    otherwise; neighbours and the walk are computed with all D numbers. On the walk from
    one point to another, `make` turns each vector into music. Without it the three rows
    that are most alike sound together, the nearer the louder.

    Args:
        vectors: a table of an embedding, shape (V, D), 3 to 200 rows.
        labels: a name for each row, V texts.
        sounds: what is heard for each row: a MIDI pitch, a Score, or something with a
            `score`.
        groups: a word for each row, by which points are coloured; at most 8 words.
        places: where the points lie, shape (V, 2).
        axes: what the two axes show.
        title: what it is a map of.
        n_neighbours: how many are listed, 1 to V - 1.
        walk: the two labels that the walk first leads from and to.
        make: a function that makes a Score of a vector, shape (D,).

    Raises:
        InputError: if the arguments do not fit each other.

    >>> table = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]])
    >>> map = EmbeddingMap(table, ["C4", "G4", "F#4"], [60, 67, 66], n_neighbours=1)
    >>> map.neighbours_of("C4")
    [('G4', 0.994)]
    """

    title = traitlets.Unicode().tag(sync=True)
    # [{label, group, x, y, music}]: x and y from 0 to 1, music as score_to_dict() gives
    points = traitlets.List().tag(sync=True)
    groups = traitlets.List().tag(sync=True)  # the words, in the order of the colours
    axes = traitlets.List().tag(sync=True)  # two texts
    neighbours = traitlets.List().tag(sync=True)  # for each point [[number, cosine]]
    chosen = traitlets.Int(0).tag(sync=True)  # number of the chosen point

    # The walk, {from, to, stages: [{near: [[number, cosine]], music}]}, and the place
    walk = traitlets.Dict().tag(sync=True)
    stage = traitlets.Int(0).tag(sync=True)

    is_playing = traitlets.Bool(False).tag(sync=True)
    status = traitlets.Unicode(WELCOME).tag(sync=True)  # the sentence below
    colours = traitlets.List(list(TRACK_COLOURS)).tag(sync=True)  # as in figures

    def __init__(
        self,
        vectors: object,
        labels: Sequence[str],
        sounds: Sequence[object],
        groups: Sequence[str] | None = None,
        *,
        places: object = None,
        axes: tuple[str, str] | None = None,
        title: str = "",
        n_neighbours: int = 5,
        walk: tuple[str, str] | None = None,
        make: Callable[[np.ndarray], Score] | None = None,
    ) -> None:
        self.vectors = _checked_vectors(vectors)
        n_points = len(self.vectors)
        self.labels = [str(label) for label in labels]
        words = [""] * n_points if groups is None else [str(word) for word in groups]
        given = {"labels": labels, "sounds": sounds, "groups": words}
        _refuse_wrong_numbers(n_points, given, n_neighbours)
        kinds = list(dict.fromkeys(words))
        self._scores = [_as_score(sound) for sound in sounds]
        self._make = make
        shown, self.axis_shares = _shown(self.vectors, places)
        first, last = walk or (self.labels[0], self.labels[-1])
        super().__init__(
            title=title,
            groups=kinds,
            axes=list(axes or _axis_words(self.axis_shares) or ("", "")),
            points=[
                {
                    "label": label,
                    "group": kinds.index(word),
                    "x": float(x),
                    "y": float(y),
                    "music": score_to_dict(score),
                }
                for label, word, (x, y), score in zip(
                    self.labels, words, shown, self._scores, strict=True
                )
            ],
            neighbours=[
                self._likeness(vector, nearest(self.vectors, row, n_neighbours))
                for row, vector in enumerate(self.vectors)
            ],
            chosen=self._number(first),
            walk=self._walk(first, last),
        )
        self.on_msg(self._asked)

    def neighbours_of(self, label: str) -> list[tuple[str, float]]:
        """Return the neighbours of a point and how alike they are, the nearest first.

        Raises:
            InputError: if there is no such point.
        """
        found = self.neighbours[self._number(label)]
        return [(self.labels[number], cosine) for number, cosine in found]

    def choose(self, label: str) -> None:
        """Choose a point, as a click does, but without a sound.

        Raises:
            InputError: if there is no such point.
        """
        self.chosen = self._number(label)

    def walk_between(self, start: str, end: str) -> None:
        """Lay the walk from one point to another, and stand at its beginning.

        Raises:
            InputError: if there is no such point.
        """
        walk = self._walk(start, end)
        with self.hold_sync():
            self.stage = 0
            self.walk = walk

    def _walk(self, start: str, end: str) -> dict:
        """Return the walk from one point to another, as the page gets it."""
        first, last = self._number(start), self._number(end)
        line = line_between(self.vectors[first], self.vectors[last], N_STAGES)
        stages = []
        for vector in line:
            near = self._nearest_rows(vector)
            score = self._make(vector) if self._make else self._mixed(near)
            stages.append({"near": near, "music": score_to_dict(score)})
        return {"from": first, "to": last, "stages": stages}

    def _asked(self, _widget: object, message: dict, _buffers: list) -> None:
        """Lay the walk that was chosen in the browser."""
        if message.get("kind") != "walk":
            return
        try:
            ends = [self.labels[int(message[name])] for name in ("from", "to")]
        except (KeyError, IndexError, TypeError, ValueError):
            return  # not from our page
        try:
            self.walk_between(*ends)
        except InputError as error:
            self.status = str(error)

    def _number(self, label: str) -> int:
        if label not in self.labels:
            raise InputError(
                f"There is no point {str(label)[:40]!r}; the first ones are "
                f"{', '.join(self.labels[:5])}."
            )
        return self.labels.index(label)

    def _likeness(self, vector: np.ndarray, rows: Sequence[int]) -> list[list]:
        """Return [row, cosine] of some rows."""
        cosines = cosine_similarities(self.vectors, vector)
        return [[int(row), round(float(cosines[row]), 3)] for row in rows]

    def _nearest_rows(self, vector: np.ndarray) -> list[list]:
        """Return [row, cosine] of the rows that are most like a vector."""
        if not vector.any():  # half-way between opposite points
            return []
        order = np.argsort(-cosine_similarities(self.vectors, vector), kind="stable")
        return self._likeness(vector, order[:N_MIXED])

    def _mixed(self, near: list[list]) -> Score:
        """Return the sounds of some rows together, the more alike the louder."""
        if not near:
            return Score(title="silence")
        strengths = np.exp(SHARPNESS * np.array([cosine for _, cosine in near]))
        tracks = []
        for (row, _), share in zip(near, strengths / strengths.max(), strict=True):
            for track in self._scores[row].tracks:
                notes = (
                    replace(note, velocity=max(1, round(note.velocity * share)))
                    for note in track.notes
                )
                tracks.append(replace(track, notes=tuple(notes)))
        return Score(tuple(tracks), self._scores[near[0][0]].tempo)


def _as_score(sound: object) -> Score:
    """Return what is heard for a row as a score."""
    if isinstance(sound, bool) or not isinstance(sound, int | np.integer):
        return to_score(sound, "The map")
    return Score((Track((Note(0, int(sound), NOTE_STEPS),)),))


def _refuse_wrong_numbers(
    n_points: int, given: dict[str, Sequence], n_neighbours: int
) -> None:
    """Raise an InputError unless all that was given fits the number of points."""
    for name, values in given.items():
        if len(values) != n_points:
            raise InputError(
                f"There are {n_points} vectors but {len(values)} {name}; give one for "
                "each row of the table."
            )
    if not 1 <= n_neighbours < n_points:
        raise InputError(
            f"{n_neighbours} neighbours were asked for, but {n_points} points have 1 "
            f"to {n_points - 1} each."
        )
    n_groups = len(set(given["groups"]))
    if n_groups > MOST_GROUPS:
        raise InputError(
            f"There are {n_groups} groups, but only {MOST_GROUPS} colours; make fewer "
            "groups."
        )


def _axis_words(shares: Sequence[float] | None) -> tuple[str, ...]:
    """Return what two principal axes are called, with their shares of the variance."""
    rows = zip(("first", "second"), shares, strict=True) if shares is not None else ()
    return tuple(f"{which} axis, {share:.0%} of the variance" for which, share in rows)


def _checked_vectors(vectors: object) -> np.ndarray:
    """Return the table as float64 of shape (V, D), or refuse it."""
    given = getattr(vectors, "detach", lambda: vectors)()
    try:
        table = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        table = np.zeros(0)
    if table.ndim != 2 or table.shape[1] < 2:
        raise InputError(
            f"The vectors have the shape {np.shape(given)}, but a table (V, D) with D "
            "of at least 2 is needed, one row for each thing."
        )
    if not LEAST_POINTS <= len(table) <= MOST_POINTS:
        raise InputError(
            f"There are {len(table)} vectors, but a map shows {LEAST_POINTS} to "
            f"{MOST_POINTS}."
        )
    if not np.isfinite(table).all() or not table.any(axis=1).all():
        raise InputError(
            "A vector holds something that is no finite number, or only zeros, which "
            "point nowhere; leave its row out."
        )
    return table


def _shown(
    vectors: np.ndarray, places: object
) -> tuple[np.ndarray, tuple[float, float] | None]:
    """Return the points, x and y from 0 to 1, and the shares of variance if known."""
    if places is None:
        axes, shares = principal_axes(vectors)
        found = (vectors - vectors.mean(axis=0)) @ axes[:2].T  # (V, 2)
        known = (float(shares[0]), float(shares[1]))
    else:
        found, known = np.asarray(places, dtype=np.float64), None
        if found.shape != (len(vectors), 2) or not np.isfinite(found).all():
            raise InputError(
                f"The places have the shape {found.shape}, but ({len(vectors)}, 2) "
                "finite numbers are needed."
            )
    low, high = found.min(axis=0), found.max(axis=0)
    # one scale for both axes, so that a circle looks like one
    size = max(float((high - low).max()), 1e-9)
    return (found - (low + high) / 2) / size + 0.5, known

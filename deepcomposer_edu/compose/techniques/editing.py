"""The technique that edits: it adds, takes away and changes single notes.

What may be edited is said in a musician's words: voices, bars, and single notes that
must stay. Every note outside comes back as it was given, to the last bit; inside, a
note that the network leaves alone does, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.compose.genres import VOICES
from deepcomposer_edu.compose.prepare import Melody
from deepcomposer_edu.compose.request import QUIETER, Request, Voices, as_given
from deepcomposer_edu.compose.techniques.edit_record import edit_sentences, edits_record
from deepcomposer_edu.compose.techniques.edited_notes import edited_notes
from deepcomposer_edu.compose.techniques.extending import (
    following,
    lengthened,
    usual_velocity,
    with_voices,
)
from deepcomposer_edu.compose.techniques.lengths import (
    check_length,
    heard_steps,
    up_to_a_bar,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.edits import notes_added, notes_removed
from deepcomposer_edu.music.grid import REST, Grid, voice_notes
from deepcomposer_edu.music.locks import (
    count_bars,
    locked_cells,
    parse_bars,
    parse_notes,
    parse_voices,
    region_cells,
)
from deepcomposer_edu.music.score import Track

if TYPE_CHECKING:
    from deepcomposer_edu.models.ar_cnn import Edited

MODES = ("harmonise", "vary", "repair", "inpaint", "continue")
N_VOICES = len(VOICES)
MELODY, LOWER = 0, tuple(range(1, N_VOICES))
MANY = 1000  # notes to add: no limit from here on
MAX_TOLD = 8  # edits that are told one by one in a composition's notes


@dataclass(frozen=True)
class EditPlan:
    """What the network is asked to edit.

    Args:
        grid: what was given, and rests where something is to be written; (4, T).
        may_change: the cells that it may write, (4, T) bool.
        unknown: the cells of which it is told nothing, (4, T) bool.
        n_given: the steps that were given; the rest goes on after them.
    """

    grid: Grid
    may_change: np.ndarray
    unknown: np.ndarray
    n_given: int


def compose_ar_cnn(request: Request) -> Voices:
    """Edit the melody or the voices below it, or write them anew."""
    from deepcomposer_edu.compose.models import load_model, weights_record
    from deepcomposer_edu.models.ar_cnn import EditTask

    melody, chosen = request.melody, request.parameters
    plan = edit_plan(melody, request.below, chosen)
    editor = load_model(request.model, "ar-cnn", str(chosen["variant"]))
    task = EditTask(
        plan.grid,
        plan.may_change,
        plan.unknown,
        mode="repair" if chosen["mode"] == "repair" else "rewrite",
        steps_per_bar=melody.steps_per_bar,
        pickup=melody.pickup,
        iterations=int(chosen["iterations"]),
        temperature=float(chosen["temperature"]),
        max_added=_most_added(plan.grid, int(chosen["max_added"])),
        max_removed=float(chosen["max_removed"]),
        avoid_parallels=bool(chosen["avoid_parallels"]),
        seed=request.seed,
    )
    edited = editor.edit(task, on_progress=request.on_progress)
    before, after = (g.crop(0, plan.n_given) for g in (plan.grid, edited.grid))
    line = edited_notes(melody, melody.given.notes, before, after, MELODY)
    return Voices(
        _tracks(request, plan, edited),
        weights_record(request.model, editor),
        following(melody, edited.grid, MELODY, melody.velocity, plan.n_given),
        (*edited.notes, *_told(melody, edited)),
        None if line == melody.given.notes else line,
        edits_record(melody, edited, first_line(melody)),
    )


# --- what may be edited ------------------------------------------------------


def edit_plan(
    melody: Melody, below: Sequence[Track], chosen: Mapping[str, object]
) -> EditPlan:
    """Return which cells may change, and which the network is to write anew.

    Args:
        melody: the prepared melody.
        below: the voices that were given with it, three or none.
        chosen: the technique's parameters, checked.

    Raises:
        InputError: if the mode, the voices, the bars and the notes to keep do not fit
            each other or the music.
    """
    mode, is_longer = chosen["mode"], chosen["mode"] == "continue"
    if is_longer and chosen["bars"]:
        raise InputError(
            "The mode continue writes new bars after the end, so bars says nothing "
            "there; leave it out, and set extension_bars."
        )
    if mode == "inpaint" and not (chosen["voices"] or chosen["bars"]):
        raise InputError(
            "The mode inpaint writes a part of the music anew; say which by voices, by "
            'bars or by both, for example bars="5-8".'
        )
    n_given = heard_steps(melody, below)
    n_new = _new_steps(melody, n_given, chosen) if is_longer else 0
    given = with_voices(melody, below, n_given) if below else _alone(melody, n_given)
    grid = _followed_by_rests(given, n_new)
    is_there = np.zeros(grid.pitches.shape, dtype=bool)  # (4, T)
    is_there[: N_VOICES if below else 1, :n_given] = True
    is_meant = _region(melody, grid, chosen, _usual_voices(chosen, bool(below)))
    if mode in ("harmonise", "inpaint"):
        may_change, unknown = is_meant, is_meant | ~is_there
    elif is_longer:
        may_change, unknown = is_meant & ~is_there, ~is_there
    else:
        may_change, unknown = is_meant & is_there, ~is_there
    if not may_change.any():
        raise InputError(
            f"Nothing may change: with the mode {mode}, the voices, bars and notes to "
            "keep leave no note to edit; allow more."
        )
    return EditPlan(grid, may_change, unknown, n_given)


def _usual_voices(chosen: Mapping[str, object], has_lower: bool) -> Sequence[int]:
    """Return the voices that may change: those named, or what the mode suggests."""
    mode, named = chosen["mode"], parse_voices(str(chosen["voices"]))
    if mode == "harmonise" and MELODY in named:
        raise InputError(
            "The mode harmonise writes voices below the melody, so the soprano cannot "
            "be among them; name alto, tenor or bass, or choose another mode."
        )
    if mode in ("vary", "repair") and not has_lower and set(named) - {MELODY}:
        raise InputError(
            f"The mode {mode} edits voices that are there, but only a melody was "
            "given; leave voices out, or harmonise it first."
        )
    if named:
        return named
    if mode == "harmonise" or (mode == "vary" and has_lower):
        return LOWER
    if mode == "continue" or has_lower:
        return range(N_VOICES)
    return (MELODY,)


def _region(
    melody: Melody, grid: Grid, chosen: Mapping[str, object], voices: Sequence[int]
) -> np.ndarray:
    """Return the cells of the chosen voices and bars without the notes to keep, (4, T).

    Bars are counted as in the score, silent ones before the melody, too.
    """
    silent, pickup = melody.offset, first_line(melody)
    before = ((0, 0), (silent, 0))
    whole = Grid(
        np.pad(grid.pitches, before, constant_values=REST), np.pad(grid.onsets, before)
    )
    bar = melody.steps_per_bar
    bars = parse_bars(
        str(chosen["bars"]), count_bars(whole.n_steps, bar, pickup), pickup > 0
    )
    cells = region_cells(whole, bar, pickup, voices=voices, bars=bars or None)
    kept = parse_notes(str(chosen["keep"]))
    return (cells & ~locked_cells(whole, bar, pickup, notes=kept))[:, silent:]


def first_line(melody: Melody) -> int:
    """Return the steps before the score's first bar line, 0 without an upbeat."""
    return melody.offset % melody.steps_per_bar if melody.offset else melody.pickup


def _most_added(grid: Grid, chosen: int) -> int:
    """Return how many notes may be added; no more than there are cells, ever."""
    return chosen if chosen < MANY else grid.pitches.size


def _new_steps(melody: Melody, n_given: int, chosen: Mapping[str, object]) -> int:
    """Return how many steps are to follow."""
    n_new = int(chosen["extension_bars"]) * melody.steps_per_bar
    n_new = up_to_a_bar(melody, n_given, n_new)
    check_length(melody, n_given + n_new)
    return n_new


def _alone(melody: Melody, n_steps: int) -> Grid:
    """Return the melody over three silent voices, (4, T)."""
    top, lower = lengthened(melody.grid, n_steps), ((0, len(LOWER)), (0, 0))
    return Grid(
        np.pad(top.pitches, lower, constant_values=REST), np.pad(top.onsets, lower)
    )


def _followed_by_rests(grid: Grid, n_new: int) -> Grid:
    """Return a grid with so many more steps of silence."""
    after = ((0, 0), (0, n_new))
    pitches = np.pad(grid.pitches, after, constant_values=REST)
    return Grid(pitches, np.pad(grid.onsets, after))


# --- what comes back ---------------------------------------------------------


def _tracks(request: Request, plan: EditPlan, edited: Edited) -> tuple[Track, ...]:
    """Return the voices below the melody, those that were given as they were."""
    melody, n_given = request.melody, plan.n_given
    quieter = max(round(melody.velocity * QUIETER), 1)
    if not request.below:
        return tuple(
            Track(as_given(melody, voice_notes(edited.grid, voice), quieter), name)
            for voice, name in enumerate(VOICES[1:], start=1)
        )
    tracks = []
    before, after = (grid.crop(0, n_given) for grid in (plan.grid, edited.grid))
    for voice, track in enumerate(request.below, start=1):
        velocity = usual_velocity(track, melody)
        now = edited_notes(melody, track.notes, before, after, voice, velocity)
        new = following(melody, edited.grid, voice, velocity, n_given)
        tracks.append(replace(track, notes=(*now, *new)))
    return tuple(tracks)


def _told(melody: Melody, edited: Edited) -> tuple[str, ...]:
    """Return what was edited, in sentences; every edit if they are few."""
    n_added = notes_added(edited.start, edited.grid)
    n_removed = notes_removed(edited.start, edited.grid)
    if not edited.edits:
        return ("The network found nothing to edit.",)
    n = len(edited.edits)
    summary = (
        f"The network made {n} edit{'s' if n > 1 else ''}; in the end {n_added} "
        f"note{'s are' if n_added != 1 else ' is'} new and {n_removed} "
        f"{'are' if n_removed != 1 else 'is'} gone."
    )
    if n > MAX_TOLD:
        return (summary,)
    bars = (melody.offset, melody.steps_per_bar, first_line(melody))
    return (summary, *edit_sentences(edited.edits, *bars))

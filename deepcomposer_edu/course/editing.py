"""Edits in a notebook: seen on the roll, heard one by one, watched as a film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from deepcomposer_edu.course.listening import (
    GRID_TEMPO,
    SAMPLE_RATE,
    Player,
    beginning,
    play,
)
from deepcomposer_edu.course.session import is_quick, my_music
from deepcomposer_edu.course.showing import Picture, picture
from deepcomposer_edu.course.watching import Film, film
from deepcomposer_edu.music.edits import notes_added, notes_removed
from deepcomposer_edu.music.grid import Grid
from deepcomposer_edu.music.score import note_name

if TYPE_CHECKING:
    from deepcomposer_edu.models.ar_cnn import Edited

FILM_SIZE, FILM_FPS = (960, 540), 20
QUICK_SIZE, QUICK_FPS, QUICK_SECONDS = (320, 320), 4, 1.0  # in tests
NOTHING = "Nothing was edited."
TOLD = 3  # notes that the words beside a picture name


def edits(
    edited: Edited, caption: str = "", steps_per_bar: int = 16, pickup: int = 0
) -> Picture:
    """Return the piano roll with what was edited; as a last line it shows itself.

    Notes that stayed are pale, new ones darker the surer the model was, those that are
    gone hollow.

    Args:
        edited: what an editor of `models.ar_cnn` gave back.
        caption: the sentence under it.
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
    """
    from deepcomposer_edu.viz.edits import plot_edits

    axes = plot_edits(edited, steps_per_bar, pickup)
    return picture(axes, _in_words(edited), caption)


def passes(edited: Edited, n_passes: int, caption: str = "") -> Picture:
    """Return how many edits each pass made, and how sure the model was of them.

    Args:
        edited: what an editor gave back.
        n_passes: how many passes it made, its `iterations`.
        caption: the sentence under it.

    Raises:
        InputError: if an edit belongs to a later pass.
    """
    from deepcomposer_edu.viz.edits import plot_passes

    panels = plot_passes(edited.edits, n_passes)
    made = [edit.iteration for edit in edited.edits]
    halves = [sum(n <= n_passes / 2 for n in made), sum(n > n_passes / 2 for n in made)]
    text = (
        f"{len(made)} edits in {n_passes} passes: {halves[0]} in the first half, "
        f"{halves[1]} in the second."
    )
    return picture(panels[0].figure, text, caption)


def likely(
    probabilities: np.ndarray,
    low: int,
    grid: Grid | None = None,
    caption: str = "",
    steps_per_bar: int = 16,
    pickup: int = 0,
) -> Picture:
    """Return how likely a note is in each cell of a roll: the darker, the likelier.

    Args:
        probabilities: array or tensor of shape (T, P), 0 to 1, pitches from `low` up.
        low: MIDI pitch of the first column.
        grid: notes whose outlines are drawn above it, such as one voice.
        caption: the sentence under it.
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.

    Raises:
        InputError: if the shape is another one.
    """
    from deepcomposer_edu.viz.likely import plot_likely

    shares = np.asarray(probabilities, dtype=float)
    axes = plot_likely(shares, low, grid, steps_per_bar, pickup)
    step, pitch = np.unravel_index(shares.argmax(), shares.shape)
    text = (
        f"Heat map of {shares.shape[0]} steps; the likeliest is "
        f"{note_name(low + int(pitch))} at step {step}, {100 * shares.max():.3g}%."
    )
    return picture(axes, text, caption)


def one_note(
    groups: Mapping[str, Sequence[float]],
    names: Sequence[str],
    caption: str = "",
) -> Picture:
    """Return what may sound in one cell, under several conditions side by side.

    Args:
        groups: for each condition, by name, the probability of each note, P of them.
        names: what to call each note, P of them; the likeliest 16 are drawn.
        caption: the sentence under it.

    Raises:
        InputError: if a group has not as many values as there are names.
    """
    from deepcomposer_edu.viz.likely import plot_one_note

    axes = plot_one_note(groups, names)
    told = []
    for name, values in groups.items():
        order = np.argsort(-np.asarray(values), kind="stable")[:TOLD]
        shares = ", ".join(f"{names[i]} {float(values[i]):.0%}" for i in order)
        told.append(f"{name}: {shares}")
    return picture(axes, f"Bars of probability. {'; '.join(told)}.", caption)


def hear_edits(edited: Edited, caption: str = "", seconds: float = 10.0) -> Player:
    """Return a player of the edits alone, in the order in which they were made.

    Each is heard at its pitch, the louder the surer the model was; a plucked string is
    a note that is taken away.

    Args:
        edited: what an editor gave back.
        caption: what it is; without edits there is half a second of silence.
        seconds: how long they take at most, 0.5 to 300.
    """
    from deepcomposer_edu.music.edit_sound import edit_score, moments

    if not edited.edits:
        silence = np.zeros((SAMPLE_RATE // 2, 2), dtype=np.float32)
        return play(silence, NOTHING)
    score = edit_score(edited.edits, moments(edited.edits, seconds))
    caption = caption or f"{len(edited.edits)} edits, one after another"
    return play(score, caption, score.seconds + 1)


def watch_edits(
    edited: Edited,
    out: str | Path | None = None,
    caption: str = "",
    tempo: float = GRID_TEMPO,
    steps_per_bar: int = 16,
    pickup: int = 0,
    seconds: float | None = None,
    with_before: bool = True,
) -> Film:
    """Return a film of the edits with sound; as a cell's last line it shows itself.

    The piece as it was, each edit as it is made, the finished piece. It never starts by
    itself.

    Args:
        edited: what an editor gave back.
        out: the file, a name that ends in .mp4; None: edits.mp4 among your music.
        caption: what it is.
        tempo: of the piece in quarter notes per minute.
        steps_per_bar: length of a bar, 16 for 4/4.
        pickup: steps before the first bar line.
        seconds: how long the edits take at most; None: 20.
        with_before: whether the piece as it was is played first.

    Raises:
        InputError: if there are no notes or the file can't be written.
    """
    from deepcomposer_edu.music.heard import heard_words
    from deepcomposer_edu.viz.edit_film import edit_video
    from deepcomposer_edu.viz.edits import score_of

    path = my_music() / "edits.mp4" if out is None else Path(out)
    options = {"with_before": with_before, "seconds": seconds, "fps": FILM_FPS}
    if is_quick():
        score = score_of(edited.grid, steps_per_bar, pickup, tempo)
        options = {"with_before": False, "seconds": QUICK_SECONDS, "fps": QUICK_FPS}
        options["finished"] = beginning(score, QUICK_SECONDS)
    edit_video(
        edited,
        path,
        tempo=tempo,
        steps_per_bar=steps_per_bar,
        pickup=pickup,
        title=caption,
        size=QUICK_SIZE if is_quick() else FILM_SIZE,
        **options,
    )
    title = f"{len(edited.edits)} edits, one after another"
    finished = heard_words(score_of(edited.grid, steps_per_bar, pickup, tempo))
    heard = f"Edits as they are made, then the finished piece. {finished}"
    return film(path, caption or (title if edited.edits else NOTHING), heard)


def _in_words(edited: Edited) -> str:
    """Return what changed, as a sentence."""
    if not edited.edits:
        return f"Piano roll of {edited.grid.n_voices} voices. {NOTHING}"
    added = notes_added(edited.start, edited.grid)
    removed = notes_removed(edited.start, edited.grid)
    return (
        f"Piano roll of {edited.grid.n_voices} voices after {len(edited.edits)} edits: "
        f"{added} notes are new and {removed} are gone."
    )

"""The techniques that go on where the given music ends.

The given notes stay as they are. What follows begins at the next sixteenth and ends
with a bar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from deepcomposer_edu.compose.genres import CHORALE, PLAIN
from deepcomposer_edu.compose.prepare import Melody
from deepcomposer_edu.compose.request import Request, Voices, as_given, voices_below
from deepcomposer_edu.compose.techniques.lengths import (
    check_length,
    heard_steps,
    steps_lasting,
    up_to_a_bar,
)
from deepcomposer_edu.music.grid import Grid, to_grid, voice_notes
from deepcomposer_edu.music.pianoroll import fold_pitch
from deepcomposer_edu.music.score import (
    STEPS_PER_BAR,
    STEPS_PER_QUARTER,
    Note,
    Score,
    Track,
)
from deepcomposer_edu.music.theory import VOICE_RANGES

LONGEST_BAR = 31  # steps that a MelodyRNN can count
Progress = Callable[[int, int], None] | None


def compose_melody_rnn(request: Request) -> Voices:
    """Go on with the melody alone."""
    from deepcomposer_edu.compose.models import load_model, weights_record

    melody, chosen = request.melody, dict(request.parameters)
    n_given = heard_steps(melody)
    primer = lengthened(melody.grid, n_given)
    variant, n_new = str(chosen.pop("variant")), int(chosen.pop("steps"))
    n_new = n_new or up_to_a_bar(melody, n_given, steps_lasting(melody, n_given))
    check_length(melody, n_given + n_new)
    network = load_model(request.model, "melody-rnn", variant)
    grid = network.continue_melody(
        primer,
        n_new,
        **_countable(melody),
        seed=request.seed,
        on_progress=request.on_progress,
        **chosen,
    )
    return Voices(
        (),
        weights_record(request.model, network),
        following(melody, grid, 0, melody.velocity, n_given),
        (_told(melody, n_given, n_new),),
    )


def compose_transformer(request: Request) -> Voices:
    """Go on with the melody and its voices, or harmonise it."""
    from deepcomposer_edu.compose.models import load_model, weights_record

    melody, chosen = request.melody, dict(request.parameters)
    is_longer = chosen.pop("mode") == "extend"
    n_input, n_new = int(chosen.pop("input_bars")), int(chosen.pop("extension_bars"))
    limits = {
        name: round(chosen.pop(name) * STEPS_PER_QUARTER)
        for name in ("max_rest", "max_note")
    }
    n_given = heard_steps(melody, request.below)
    n_new = up_to_a_bar(melody, n_given, n_new * melody.steps_per_bar)
    if is_longer:
        check_length(melody, n_given + n_new)
    network = load_model(request.model, "transformer")
    weights = weights_record(request.model, network)
    options = {**chosen, "genre": _repertoire(request.style), "seed": request.seed}

    if request.below:
        given, n_drawn = with_voices(melody, request.below, n_given), 0
    else:
        given, n_drawn = lengthened(melody.grid, n_given), n_given
        progress = _part(request.on_progress, 0, n_drawn, n_new if is_longer else 0)
        bars = _bars(melody, 0)
        given = network.harmonise(given, **bars, **options, on_progress=progress)
    tracks = request.below or voices_below(melody, given)
    if not is_longer:
        return Voices(tracks, weights, notes=silent_voices(tracks))
    first = max(n_given - n_input * melody.steps_per_bar, 0) if n_input else 0
    grid = network.extend(
        given.crop(first, n_given),
        n_new,
        **limits,
        **_bars(melody, first),
        **options,
        on_progress=_part(request.on_progress, n_drawn, n_new, 0),
    )
    heard = (n_given - first, first)
    longer = tuple(
        _longer(
            track, following(melody, grid, voice, usual_velocity(track, melody), *heard)
        )
        for voice, track in enumerate(tracks, start=1)
    )
    return Voices(
        longer,
        weights,
        following(melody, grid, 0, melody.velocity, *heard),
        (_told(melody, n_given, n_new), *_kept(request.below), *silent_voices(longer)),
    )


# --- what the network hears --------------------------------------------------


def lengthened(grid: Grid, n_steps: int) -> Grid:
    """Return a grid with rests up to `n_steps`; a gap of one step is held."""
    gap = n_steps - grid.n_steps
    if gap == 0:
        return grid
    around = ((0, 0), (0, gap))
    pitches = (
        np.pad(grid.pitches, around, mode="edge")
        if gap == 1
        else np.pad(grid.pitches, around, constant_values=-1)
    )
    return Grid(pitches, np.pad(grid.onsets, around))


def with_voices(melody: Melody, below: Sequence[Track], n_steps: int) -> Grid:
    """Return the melody over its given voices as the network hears them.

    They move by as many octaves as the melody does; notes that are still outside of
    their voice's range are folded by octaves.

    Args:
        melody: the prepared melody.
        below: three tracks in the score's time.
        n_steps: T, the length of the grid.

    Returns:
        Four voices, shape (4, T).
    """
    heard = []
    for track, (low, high) in zip(below, VOICE_RANGES[1:], strict=True):
        low, high = low - melody.key.to_c, high - melody.key.to_c
        notes = [
            Note(
                start,
                fold_pitch(note.pitch + 12 * melody.octaves, low, high),
                note.end - melody.offset - start,
            )
            for note in track.notes
            if note.end - melody.offset
            > (start := max(note.start - melody.offset, 0)) + 1e-6
        ]
        heard.append(Track(tuple(notes)))
    lower = to_grid(Score(tuple(heard)), n_steps)
    top = lengthened(melody.grid, n_steps)
    return Grid(
        np.concatenate([top.pitches, lower.pitches]),
        np.concatenate([top.onsets, lower.onsets]),
    )


# --- what comes back ---------------------------------------------------------


def following(
    melody: Melody,
    grid: Grid,
    voice: int,
    velocity: int,
    n_heard: int,
    first: int = 0,
) -> tuple[Note, ...]:
    """Return a voice's notes after those that were given, in the score's time.

    A note that the network holds on from the given music begins anew: the given one
    stays as long as it is.

    Args:
        melody: the prepared melody.
        grid: what the network returned: what it heard and what follows.
        voice: which row of it.
        velocity: how loud the notes become.
        n_heard: how many of its steps were given.
        first: step of `melody.grid` at which `grid` begins.
    """
    new = voice_notes(grid.crop(n_heard, grid.n_steps), voice)
    return as_given(melody, new, velocity, first + n_heard)


def _longer(track: Track, notes: Sequence[Note]) -> Track:
    """Return a track with more notes at its end."""
    return replace(track, notes=(*track.notes, *notes))


def usual_velocity(track: Track, melody: Melody) -> int:
    """Return how loud a track is; an empty one is as loud as the melody."""
    loudness = sorted(note.velocity for note in track.notes)
    return loudness[len(loudness) // 2] if loudness else melody.velocity


def _bars(melody: Melody, first: int) -> dict[str, int]:
    """Return where bars lie, counted from a step of the grid."""
    return {
        "steps_per_bar": melody.steps_per_bar,
        "pickup": (melody.pickup - first) % melody.steps_per_bar,
    }


def _countable(melody: Melody) -> dict[str, int]:
    """Return bars as a MelodyRNN can count them: a very long bar as two or four."""
    length = melody.steps_per_bar
    while length > LONGEST_BAR and length % 2 == 0:
        length //= 2
    if length > LONGEST_BAR:
        return {"steps_per_bar": STEPS_PER_BAR, "pickup": 0}
    return {"steps_per_bar": length, "pickup": melody.pickup % length}


def _repertoire(style: str) -> str:
    """Return what a network calls a genre."""
    return CHORALE if style == PLAIN else style


def _part(on_progress: Progress, before: int, own: int, after: int) -> Progress:
    """Return the progress of one part of the work, told as that of the whole."""
    if on_progress is None:
        return None

    def tell(done: int, total: int) -> None:
        on_progress(before + round(own * done / max(total, 1)), before + own + after)

    return tell


def _told(melody: Melody, n_given: int, n_new: int) -> str:
    """Return the sentence about what follows."""
    bars = n_new / melody.steps_per_bar
    begin, end = (
        melody.frame.seconds_at(melody.offset + step)
        for step in (n_given, n_given + n_new)
    )
    return (
        f"The network wrote {bars:.3g} bar{'s' if bars != 1 else ''} "
        f"({end - begin:.0f} seconds) after the given music."
    )


def _kept(below: Sequence[Track]) -> tuple[str, ...]:
    """Return the sentence about voices that were given, if there were any."""
    if not below:
        return ()
    return ("The voices below the melody are kept and go on with it.",)


def silent_voices(tracks: Sequence[Track]) -> tuple[str, ...]:
    """Return the sentence about voices for which the network wrote nothing."""
    names = [track.name.lower() for track in tracks if not track.notes]
    if not names:
        return ()
    return (f"The network left silent: {', '.join(names)}.",)

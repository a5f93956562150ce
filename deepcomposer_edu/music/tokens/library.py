"""REMI by MidiTok, a well-kept library, to hold our own beside.

MidiTok (Fradet et al. 2021) writes MIDI files as tokens in a dozen ways and is what
research uses. It is an optional extra, because with it come 35 MB of packages, among
them a client for a model server, which the course never calls: everything here works
with the network off.
"""

from __future__ import annotations

from collections.abc import Iterable

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.grid import Grid, voice_notes
from deepcomposer_edu.music.midi_write import TICKS_PER_QUARTER, TICKS_PER_STEP
from deepcomposer_edu.music.score import STEPS_PER_BAR, STEPS_PER_QUARTER, note_name
from deepcomposer_edu.music.tokens.base import LONGEST

MISSING = (
    "MidiTok is not installed here; `pip install miditok` brings it. The course's own "
    "tokenizers do without it."
)


def miditok_remi(grid: Grid, steps_per_bar: int = STEPS_PER_BAR) -> list[str]:
    """Return the REMI tokens that MidiTok writes for some voices.

    Each voice is a track with a General MIDI program of its own, from 0; one voice
    alone has no tokens for its program.

    Args:
        grid: shape (K, T), at most 128 voices.
        steps_per_bar: length of a bar, a whole number of quarters (4 steps each).

    Returns:
        MidiTok's own words, such as "Bar_None", "Position_0", "Pitch_60".

    Raises:
        InputError: if MidiTok is not installed, or the bar is no number of quarters.
    """
    try:
        import miditok
        import symusic
    except ImportError as error:
        raise InputError(MISSING) from error
    n_quarters, rest = divmod(steps_per_bar, STEPS_PER_QUARTER)
    if rest or n_quarters < 1:
        raise InputError(
            f"A bar of {steps_per_bar} steps was asked for, but it must be 4, 8, 12, "
            "... steps: a whole number of quarters."
        )
    config = miditok.TokenizerConfig(
        pitch_range=(0, 127),
        beat_res={(0, LONGEST // STEPS_PER_QUARTER): STEPS_PER_QUARTER},
        num_velocities=1,
        use_programs=grid.n_voices > 1,
        one_token_stream_for_programs=True,
        use_time_signatures=True,  # without, every bar is taken for one of 4/4
        time_signature_range={4: [n_quarters]},
        special_tokens=["PAD"],
    )
    tokenizer = miditok.REMI(config)
    score = symusic.Score(TICKS_PER_QUARTER)
    score.time_signatures.append(symusic.TimeSignature(0, n_quarters, 4))
    for k in range(grid.n_voices):
        track = symusic.Track(f"voice {k}", k, False)
        for n in voice_notes(grid, k):
            start = int(n.start) * TICKS_PER_STEP
            duration = int(n.duration) * TICKS_PER_STEP
            track.notes.append(symusic.Note(start, duration, n.pitch, n.velocity))
        score.tracks.append(track)
    found = tokenizer(score)
    found = found[0] if isinstance(found, list) else found
    return list(found.tokens)


def in_our_words(tokens: Iterable[str]) -> list[str]:
    """Return MidiTok's REMI tokens as ours, without loudness and metre.

    A grid has no loudness, and our tokenizer is told its metre when it is made.


    >>> in_our_words(["Bar_None", "Pitch_60", "Velocity_127", "Duration_1.2.4"])
    ['bar', 'pitch C4', 'duration 6']
    """
    texts = []
    for token in tokens:
        kind, _, value = token.partition("_")
        if kind == "Bar":
            texts.append("bar")
        elif kind == "Position":
            texts.append(f"position {value}")
        elif kind == "Program":
            texts.append(f"voice {value}")
        elif kind == "Pitch":
            texts.append(f"pitch {note_name(int(value))}")
        elif kind == "Duration":
            beats, part, parts = (int(number) for number in value.split("."))
            steps = beats * STEPS_PER_QUARTER + part * STEPS_PER_QUARTER // parts
            texts.append(f"duration {steps}")
    return texts

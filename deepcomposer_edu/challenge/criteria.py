"""The machine's points: four criteria, each the mean of what its numbers are worth.

A number earns points by its percentile among real chorales; what no chorale can tell,
such as whether the sound is clipped, earns all or nothing. For emotional resonance
there are none: no machine knows what you felt.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.challenge.answers import DEAF
from deepcomposer_edu.challenge.brief import CRITERIA
from deepcomposer_edu.challenge.judged import ends_on_tonic
from deepcomposer_edu.challenge.measures import (
    MEASURES,
    Piece,
    load_reference,
    measured,
    own_repeats,
)
from deepcomposer_edu.challenge.report import MOST, Criterion, Part
from deepcomposer_edu.challenge.sound import SoundFacts
from deepcomposer_edu.compose.comparing.listens import (
    FLOOR,
    FLOOR_AFTER,
    ListeningScore,
)
from deepcomposer_edu.corpora.novelty import training_index
from deepcomposer_edu.music.arranging import join_jump
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.points import percentile_points

LOOP_FROM, LOOP_TO = 0.6, 0.9  # of a piece that it has had before: points fall to none
WIDEST_JOIN = 7  # semitones
SHORTEST_NOTE = 1.0  # steps: a sixteenth
NOTHING = "None of its numbers loses half of its points."


def judge_criteria(
    piece: Piece,
    key: Key,
    joins: Sequence[int],
    shortest: float,
    sound: SoundFacts | None = None,
    answer: ListeningScore | None = None,
) -> tuple[Criterion, ...]:
    """Return the four criteria that a machine has something to say about.

    Args:
        piece: four voices.
        key: of the piece.
        joins: the steps at which a section begins that is not the first.
        shortest: the shortest note of all tracks, in steps.
        sound: what was measured of the WAV file; None: nothing is said about it.
        answer: how it answers to its melody; None: nobody asked.
    """
    reference = load_reference()
    known = set(training_index().places)
    values = measured(piece, reference.lengths, known)
    parts: dict[str, list[Part]] = {name: [] for name in CRITERIA if name != "emotion"}
    for name, measure in MEASURES.items():
        table = reference.percentiles[name]
        points = percentile_points(values[name], table, measure.better, MOST)
        usual = tuple(float(table[rank]) for rank in (5, 50, 95))
        words = _words(values[name], usual, measure.words, measure.is_share)
        part = Part(measure.words, values[name], points, usual, words)
        parts[measure.criterion].append(part)
    parts["originality"].append(_loop_part(piece))
    parts["accompaniment"].append(
        _yes_or_no(
            "Close on the tonic",
            ends_on_tonic(piece.grid, key),
            f"The last chord is that of {key.name}, as in "
            f"{reference.tonic_rate:.0%} of the chorales.",
            f"The last chord is not that of {key.name}, as it is in "
            f"{reference.tonic_rate:.0%} of the chorales.",
        )
    )
    parts["accompaniment"] += [] if answer is None else [_answer_part(answer)]
    parts["cleanliness"] += _clean_parts(piece, joins, shortest)
    parts["cleanliness"] += [] if sound is None else _sound_parts(sound)
    return tuple(_criterion(name, found) for name, found in parts.items())


def _criterion(name: str, parts: Sequence[Part]) -> Criterion:
    points = float(np.mean([part.points for part in parts]))
    costly = sorted((p for p in parts if p.points < MOST / 2), key=lambda p: p.points)
    sentence = " ".join(part.sentence for part in costly[:3]) or NOTHING
    return Criterion(name, CRITERIA[name], points, tuple(parts), sentence)


def _words(value: float, usual: Sequence[float], words: str, is_share: bool) -> str:
    """Return a number beside what is usual, in words."""
    low, middle, high = (_number(x, is_share) for x in usual)
    own = _number(value, is_share)
    return f"{words}: {own} (chorales {middle}, nine of ten {low} to {high})."


def _number(value: float, is_share: bool) -> str:
    return f"{value:.1%}".replace(".0%", "%") if is_share else f"{value:.2g}"


def _loop_part(piece: Piece) -> Part:
    """Return the part about repetition: a form comes back, a loop says nothing new."""
    share = own_repeats(piece.grid)
    points = MOST * float(np.clip((LOOP_TO - share) / (LOOP_TO - LOOP_FROM), 0, 1))
    return Part(
        "Runs that were heard before",
        share,
        points,
        None,
        f"{share:.0%} of its runs of four chords were heard before in the piece; from "
        f"{LOOP_FROM:.0%} on it costs points.",
    )


def _answer_part(answer: ListeningScore) -> Part:
    """Return the part about listening: from the floor on it is worth everything."""
    has_voices = answer.at_note is not None
    none, whole = (DEAF, FLOOR) if has_voices else (0.0, FLOOR_AFTER)
    points = MOST * float(np.clip((answer.score - none) / (whole - none), 0, 1))
    told = f"{answer.score:.0%} of what follows the melody change"
    if has_voices:
        near, far = answer.at_note, answer.elsewhere or 0.0
        told = f"{near:.0%} of the notes with it change, and {far:.0%} far from it"
    n = answer.n_moved
    sentence = (
        f"When a note of the melody moves by a third ({n} tried), {told}: "
        f"{answer.score:.2f}, where {whole:g} is worth all points and {none:g} none."
    )
    return Part("It answers to its melody", answer.score, points, None, sentence)


def _yes_or_no(name: str, is_so: bool, yes: str, no: str) -> Part:
    return Part(name, float(is_so), MOST * is_so, None, yes if is_so else no)


def _clean_parts(piece: Piece, joins: Sequence[int], shortest: float) -> list[Part]:
    """Return what is all or nothing in the notes."""
    grid = piece.grid
    inside = [step for step in joins if 0 < step < grid.n_steps]
    jumps = {
        step: join_jump(grid.crop(0, step), grid.crop(step, grid.n_steps))
        for step in inside
    }
    widest = max(jumps.values(), default=0)
    return [
        _yes_or_no(
            "Joins without jumps",
            widest <= WIDEST_JOIN,
            f"No voice jumps by more than {WIDEST_JOIN} semitones where sections join.",
            f"Where sections join, a voice jumps by {widest} semitones; {WIDEST_JOIN} "
            "are allowed.",
        ),
        _yes_or_no(
            "No crumbs",
            shortest >= SHORTEST_NOTE - 1e-6,
            "No note is shorter than a sixteenth.",
            f"A note lasts {shortest:.2g} sixteenths; nothing shorter than one should "
            "be left.",
        ),
    ]


def _sound_parts(sound: SoundFacts) -> list[Part]:
    """Return what can be said of the sound: all or nothing, but for clicks."""
    return [
        _yes_or_no(
            "Headroom",
            sound.peak_dbfs <= sound.MOST_PEAK,
            f"The highest peak is {abs(sound.peak_dbfs):.1f} dB below full scale.",
            f"The highest peak is at {sound.peak_dbfs:.1f} dBFS; leave "
            f"{-sound.MOST_PEAK:g} dB of room.",
        ),
        _yes_or_no(
            "Loudness",
            sound.QUIETEST <= sound.lufs <= sound.LOUDEST,
            f"It is {sound.lufs:.1f} LUFS loud.",
            f"It is {sound.lufs:.1f} LUFS loud; {sound.QUIETEST:g} to "
            f"{sound.LOUDEST:g} are usual.",
        ),
        _yes_or_no(
            "Clean tail",
            sound.tail_dbfs <= sound.MOST_TAIL,
            "The sound dies away before the file ends.",
            f"The sound is cut off at the end, at {sound.tail_dbfs:.0f} dBFS.",
        ),
        _click_part(sound),
        _level_part(sound),
    ]


def _click_part(sound: SoundFacts) -> Part:
    """Return the part about clicks: each costs the same, until nothing is left."""
    n = sound.n_clicks
    words = "No clicks were found."
    if n:
        words = f"It clicks {'once' if n == 1 else f'{n} times'}: {sound.clicks_at}."
    points = MOST * max(1 - n / sound.MOST_CLICKS, 0)
    return Part("No clicks", float(n), points, None, words)


def _level_part(sound: SoundFacts) -> Part:
    """Return the part about faults of level."""
    spread, most = sound.spread, sound.MOST_SPREAD
    faults = list(sound.level_faults)
    if spread > most:
        faults.append(
            f"Its loudest section is {spread:.1f} LU louder than its softest; up to "
            f"{most:g} are music, more is a mix that was not evened out."
        )
    yes = f"No holes were found, and its sections lie {spread:.1f} LU apart."
    return _yes_or_no("Even level", not faults, yes, " ".join(faults))

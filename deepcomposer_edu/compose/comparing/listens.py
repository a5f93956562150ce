"""Does a technique listen at all? One number for any of them, and a floor to pass.

One note of a melody moves by a third, everything else stays the same, the dice too, and
the technique composes again. What listens answers there: the voices that sound with the
note change, and those far from it stay. The score is the share that changes at the note
less the share that changes elsewhere. Who writes from left to right cannot come back
after another turn, so of before and after the note the side that changes less counts as
elsewhere. Voices that ignore the melody get 0, and so do voices that fall to pieces
everywhere at the smallest change.

A technique that only goes on after the melody has no voices at the note; its score is
the share of its own notes that change at all, from which falling to pieces cannot be
told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from deepcomposer_edu.compose.comparing.listening import changed_shares
from deepcomposer_edu.compose.interface import compose
from deepcomposer_edu.compose.prepare import prepare
from deepcomposer_edu.compose.sources import melody_of
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Note, Score

# Half way between what is deaf and what listens least among the shipped techniques, on
# sopranos of the validation split: benchmarks/listening.py measures both sides.
FLOOR = 0.43
# A technique that goes on after the melody: what is deaf changes nothing there, so half
# of what the one that listens least changes.
FLOOR_AFTER = 0.2
MOVES = (-4, -3, 3, 4)  # semitones: a major or a minor third
TUNES = ("ode-to-joy", "twinkle-twinkle", "old-hundredth")
Write = Callable[[Score, int], Score]  # (melody, seed) -> melody with its voices


@dataclass(frozen=True)
class ListeningScore:
    """How much a technique answers to single notes of its melodies.

    Args:
        score: `at_note` less `elsewhere`, -1 to 1; of a technique without voices at
            the note the share of its notes that changed, 0 to 1.
        at_note: mean share of the voices' notes that sound with the moved note and
            changed, 0 to 1; None if none sounds there.
        elsewhere: the same of those more than two beats before or after it, while the
            melody lasts, whichever side changes less; None if there are none.
        n_moved: how many notes were moved, one at a time.
        passes: whether the score reaches FLOOR, or FLOOR_AFTER without voices there.
        sentence: all of it in words.
    """

    score: float
    at_note: float | None
    elsewhere: float | None
    n_moved: int
    passes: bool
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def listening_score(
    technique: str = "wgan",
    melodies: Sequence[Score | str | Path] = TUNES,
    n_notes: int = 4,
    seed: int = 0,
    genre: str | None = None,
    **parameters: object,
) -> ListeningScore:
    """Return how much a technique listens to its melodies.

    Args:
        technique: one of `technique_names()`.
        melodies: scores, files or names of shipped tunes; at least one.
        n_notes: how many notes of each melody are moved, at least 1.
        seed: the dice of the technique, and which notes are moved.
        genre: as for `compose`.
        **parameters: the technique's own.

    Raises:
        InputError: if anything given cannot be used.
    """

    def write(melody: Score, seed: int) -> Score:
        return compose(melody, technique, genre, seed, **parameters).score

    return listening_of(write, melodies, n_notes, seed)


def listening_of(
    write: Write,
    melodies: Sequence[Score | str | Path],
    n_notes: int = 4,
    seed: int = 0,
) -> ListeningScore:
    """Return how much a function listens: any model of your own can be asked.

    Args:
        write: gets a melody (a score of one track) and a seed, and returns a score
            whose first track begins with the melody.
        melodies: scores, files or names of shipped tunes; at least one.
        n_notes: how many notes of each melody are moved, at least 1.
        seed: given to `write`; it chooses the notes as well.

    Raises:
        InputError: if there is no melody, or no note is to be moved.
    """
    if n_notes < 1 or not melodies:
        raise InputError(
            f"{n_notes} notes of {len(melodies)} melodies were to be moved, but at "
            "least one note of one melody is needed."
        )
    random = np.random.default_rng(seed)
    found = [_probe(write, melody, n_notes, seed, random) for melody in melodies]
    rows = [shares for some in found for shares in some]
    at_note, elsewhere, everywhere = (_mean([row[i] for row in rows]) for i in range(3))
    if at_note is None:
        score = everywhere or 0.0
        told, floor = (
            f"{score:.0%} of what it plays after the melody changes",
            FLOOR_AFTER,
        )
    else:
        score, floor = at_note - (elsewhere or 0.0), FLOOR
        far = "nothing" if not elsewhere else f"{elsewhere:.0%}"
        told = f"{at_note:.0%} of the notes with it change, and {far} elsewhere"
    passes = score >= floor
    verdict = "it listens" if passes else f"it does not listen (the floor is {floor:g})"
    sentence = (
        f"Listening score {score:.2f}: {verdict}. When a melody note moves by a "
        f"third ({len(rows)} tried), {told}."
    )
    return ListeningScore(score, at_note, elsewhere, len(rows), passes, sentence)


def _mean(shares: Sequence[float | None]) -> float | None:
    """Return the mean of the shares that there are, None if there is none."""
    known = [share for share in shares if share is not None]
    return float(np.mean(known)) if known else None


def _probe(
    write: Write,
    melody: Score | str | Path,
    n_notes: int,
    seed: int,
    random: np.random.Generator,
) -> list[tuple[float | None, float | None, float | None]]:
    """Return what changes at, far from and anywhere around each moved note."""
    score = melody if isinstance(melody, Score) else melody_of(melody)
    prepared = prepare(score)
    line = prepared.given
    alone = replace(prepared.frame, tracks=(line,))
    before = write(alone, seed)
    rows = []
    for index in _chosen(line.notes, before, n_notes, random):
        note = line.notes[index]
        pitch = note.pitch + int(random.choice(MOVES))
        notes = list(line.notes)
        notes[index] = replace(note, pitch=int(np.clip(pitch, 0, 127)))
        moved = replace(alone, tracks=(replace(line, notes=tuple(notes)),))
        after = write(moved, seed)
        rows.append(changed_shares(before, after, note, len(notes), line.end))
    return rows


def _chosen(
    notes: Sequence[Note], before: Score, n: int, random: np.random.Generator
) -> list[int]:
    """Return which notes move: from the middle half, so that both sides can be heard.

    Where nothing sounds with the melody but only after it, the last notes, which what
    follows has most reason to answer.
    """
    end = notes[-1].end
    others = [note for track in before.tracks[1:] for note in track.notes]
    if not any(note.start < end for note in others):
        return list(range(max(len(notes) - n, 0), len(notes)))
    first, last = len(notes) // 4, max(len(notes) - len(notes) // 4, 1)
    return sorted(int(i) for i in first + random.permutation(last - first)[:n])

"""How many notes has a piece gained and lost while it was edited?

Counted by ear, as in `music.edits`: a note is still there as long as any of its steps
sounds at its pitch in its voice. To count a whole piece after each edit would make an
edit the dearer the longer the piece is, so a change is counted where it is: as far as
the notes reach that it touches.
"""

from __future__ import annotations

import numpy as np

from deepcomposer_edu.music.grid import REST, Grid

REACH = 16  # steps around a change in which the ends of its notes are looked for first


class NoteBalance:
    """Notes added to and removed from a piece, kept up change by change.

    Args:
        start: the piece before the first edit, (K, T).
        keeps_strikes: whether a note that is struck again at the start is struck there
            whatever its pitch becomes; else only while its pitch is the one at the
            start.
    """

    def __init__(self, start: Grid, keeps_strikes: bool) -> None:
        self.start, self.keeps_strikes = start, keeps_strikes

    def struck(self, pitches: np.ndarray, steps: slice = slice(None)) -> np.ndarray:
        """Return where given notes are struck, (K, S) bool.

        Args:
            pitches: (K, S) of those steps.
            steps: which of the T steps they are; all if left out.
        """
        if self.keeps_strikes:
            stays = pitches != REST
        else:
            stays = pitches == self.start.pitches[:, steps]
        return self.start.onsets[:, steps] & stays

    def change(
        self, pitches: np.ndarray, wanted: np.ndarray, first: int = 0
    ) -> np.ndarray:
        """Return how many more notes are added and removed after a change, (2,).

        Args:
            pitches: (K, T) MIDI numbers now, -1 for a rest.
            wanted: (K, S) what is to sound from step `first` on.
            first: the step, from 0.
        """
        stop = first + wanted.shape[1]
        moves = (pitches[:, first:stop] != wanted).any(axis=1)
        found = np.zeros(2, dtype=int)
        for voice in np.flatnonzero(moves):
            found += self._change(pitches[voice], wanted[voice], int(voice), first)
        return found

    def _change(
        self, row: np.ndarray, wanted: np.ndarray, voice: int, first: int
    ) -> np.ndarray:
        """Return what a change of one voice adds to both counts, (2,)."""
        n_steps, stop, reach = len(row), first + len(wanted), REACH
        while True:
            low, high = max(first - reach, 0), min(stop + reach, n_steps)
            before, after = row[low:high], row[low:high].copy()
            after[first - low : stop - low] = wanted
            given = self.start.pitches[voice, low:high]
            rows = [
                (now, self._held(now, voice, low)) for now in (given, before, after)
            ]
            is_end = ~np.any([held for _, held in rows], axis=0)  # no note is cut there
            ends = np.flatnonzero(np.append(is_end, high == n_steps))
            left, right = ends[ends <= first - low], ends[ends >= stop - low]
            if len(left) and len(right):
                kept = np.s_[left[-1] : right[0]]
                given, before, after = ((now[kept], held[kept]) for now, held in rows)
                return _gained_and_lost(given, after) - _gained_and_lost(given, before)
            reach *= 4

    def _held(self, now: np.ndarray, voice: int, low: int) -> np.ndarray:
        """Return where a note goes on from the step before, (S,) bool.

        What is not known of the first step, for it lies in the middle of the piece,
        counts as if a note went on there.
        """
        steps = np.s_[low : low + len(now)]
        given, onsets = (
            self.start.pitches[voice, steps],
            self.start.onsets[voice, steps],
        )
        held = now != REST
        held[1:] &= now[1:] == now[:-1]
        held[0] &= low > 0
        return held & ~(onsets if self.keeps_strikes else onsets & (now == given))


Row = tuple[np.ndarray, np.ndarray]  # (S,) pitches, and (S,) where a note goes on


def _gained_and_lost(given: Row, now: Row) -> np.ndarray:
    """Return how many notes of a row are new, and how many of those given are gone."""
    is_same = (now[0] == given[0]) & (given[0] != REST)
    return np.array([_n_without(now, is_same), _n_without(given, is_same)])


def _n_without(row: Row, is_same: np.ndarray) -> int:
    """Return how many notes of a row have none of these steps."""
    pitches, held = row
    numbers = np.cumsum((pitches != REST) & ~held)
    return int(numbers[-1]) - len(set(numbers[is_same].tolist()))

"""Who sings it? From four voices to the cells of a roll, and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepcomposer_edu.models.counterpoint import parallel_classes
from deepcomposer_edu.music.grid import REST

USUAL = (70.6, 65.1, 59.6, 50.8)  # mean pitch of each voice in Bach's chorales
PER_SEMITONE = 0.1  # how much a semitone counts beside one voice too few or too many
NEAR = 16  # steps in which a voice's last and next notes are looked for


def shift_into(pitches: np.ndarray, low: int, n_pitches: int) -> int:
    """Return by how many semitones to move music so that a window holds most of it.

    Args:
        pitches: MIDI numbers, any shape, -1 for a rest.
        low: lowest pitch of the window.
        n_pitches: how many pitches it has.

    Returns:
        -24 to 24; of equally good moves the smallest, 0 where all fits.
    """
    heights = pitches[pitches != REST].astype(int)
    moves = sorted(range(-24, 25), key=abs)

    def n_outside(by: int) -> int:
        moved = heights + by
        return int(((moved < low) | (moved >= low + n_pitches)).sum())

    return min(moves, key=n_outside)


def cells_of(pitches: np.ndarray, low: int, n_pitches: int) -> np.ndarray:
    """Return which cells of a roll sound, (S, P) bool; pitches beyond it do not show.

    Args:
        pitches: (4, S), -1 for a rest.
        low: MIDI number of the first of the P pitches.
        n_pitches: P.
    """
    found = np.zeros((pitches.shape[1], n_pitches), dtype=bool)
    places = pitches.astype(int) - low
    is_seen = (pitches != REST) & (places >= 0) & (places < n_pitches)
    voices, steps = np.nonzero(is_seen)
    found[steps, places[voices, steps]] = True
    return found


def singing_voice(
    pitches: np.ndarray, may_change: np.ndarray, step: int, pitch: int
) -> int | None:
    """Return the lowest voice that sings a pitch and may change; None if none does.

    Args:
        pitches: (4, T).
        may_change: (4, T) bool.
        step: where.
        pitch: MIDI number.
    """
    found = np.flatnonzero((pitches[:, step] == pitch) & may_change[:, step])
    return int(found[-1]) if len(found) else None


def free_voice(
    pitches: np.ndarray,
    may_change: np.ndarray,
    step: int,
    pitch: int,
    n_above: float | None = None,
    n_below: float | None = None,
) -> int | None:
    """Return the resting voice that a pitch suits best; None if no voice can take it.

    No voice takes a pitch above a higher voice or below a lower one. Of the others it
    is the one that leaves as many voices free for notes above and below as are still
    expected there, and whose notes nearby lie near.

    Args:
        pitches: (4, T).
        may_change: (4, T) bool.
        step: where.
        pitch: MIDI number.
        n_above: how many notes are expected to be added above; None if nobody knows.
        n_below: how many below.
    """
    rests = np.flatnonzero((pitches[:, step] == REST) & may_change[:, step])
    found = [voice for voice in rests if in_order(pitches[:, step], voice, pitch)]
    if not found:
        return None

    def cost(voice: int) -> float:
        far = _distance(pitches, voice, step, pitch)
        if n_above is None or n_below is None:
            return far
        above, below = (rests < voice).sum(), (rests > voice).sum()
        missed = abs(min(n_above, len(rests)) - above)
        missed += abs(min(n_below, len(rests)) - below)
        return PER_SEMITONE * far + float(missed)

    return int(min(found, key=cost))


def in_order(column: np.ndarray, voice: int, pitch: int) -> bool:
    """Return whether a voice could sing a pitch without crossing another voice.

    Args:
        column: (4,) what the voices sing at this step, -1 for a rest.
        voice: from 0, the highest.
        pitch: MIDI number.
    """
    above, below = column[:voice], column[voice + 1 :]
    return not (((above != REST) & (above < pitch)).any() or (below > pitch).any())


def free_pitches(
    pitches: np.ndarray, may_change: np.ndarray, low: int, n_pitches: int
) -> np.ndarray:
    """Return which pitches some resting voice could sing in order, (T, P) bool.

    Args:
        pitches: (4, T).
        may_change: (4, T) bool.
        low: MIDI number of the first of the P pitches.
        n_pitches: P.
    """
    heights = np.arange(low, low + n_pitches)
    found = np.zeros((pitches.shape[1], n_pitches), dtype=bool)
    for voice in range(len(pitches)):
        is_free = may_change[voice] & (pitches[voice] == REST)  # (T,)
        above = np.where(pitches[:voice] == REST, 128, pitches[:voice])
        ceiling = above.min(axis=0, initial=128)
        floor = pitches[voice + 1 :].max(axis=0, initial=REST)  # a rest is no floor
        fits = (heights <= ceiling[:, None]) & (heights >= floor[:, None])
        found |= fits & is_free[:, None]
    return found


def _distance(pitches: np.ndarray, voice: int, step: int, pitch: int) -> float:
    """Return how far a pitch lies from a voice, in semitones."""
    usual = abs(pitch - USUAL[voice])
    near = [abs(pitch - height) for height in _around(pitches[voice], step)]
    return float(0.3 * usual + 0.7 * np.mean(near)) if near else float(usual)


def _around(row: np.ndarray, step: int) -> list[int]:
    """Return the last and the next pitch of a voice nearby, as far as there are any."""
    before = row[max(step - NEAR, 0) : step]
    after = row[step + 1 : step + 1 + NEAR]
    before, after = before[before != REST], after[after != REST]
    return [int(pitch) for pitch in (*before[-1:], *after[:1])]


def runs_parallel(pitches: np.ndarray, voice: int, steps: Sequence[int]) -> bool:
    """Return whether a stretch of a voice makes parallel fifths or octaves.

    Args:
        pitches: (4, T), the stretch in place.
        voice: whose it is.
        steps: the stretch, one step after another.
    """
    others = [u for u in range(len(pitches)) if u != voice]
    for step in (steps[0], steps[-1] + 1):  # into the stretch, and out of it
        if 0 < step < pitches.shape[1]:
            before, now = pitches[:, step - 1].astype(int), pitches[:, step].astype(int)
            banned = parallel_classes(
                int(before[voice]), before[others].tolist(), now[others].tolist()
            )
            if int(now[voice]) in banned:
                return True
    return False

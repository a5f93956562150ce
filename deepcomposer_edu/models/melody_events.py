"""A melody as a row of events, and what MelodyRNN is told at each of them.

After Magenta's MelodyRNN (Waite, "Generating long-term structure in songs and
stories", magenta.tensorflow.org, 2016): one event for each sixteenth, which is "nothing
new", "the note ends", or a pitch that begins. With three octaves that makes 38 events.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from deepcomposer_edu.music.grid import REST, Grid

NO_EVENT, NOTE_OFF, FIRST_PITCH = 0, 1, 2
LOW, N_PITCHES = 48, 36  # C3 to B5, as Magenta's
N_EVENTS = FIRST_PITCH + N_PITCHES
LOOKBACK_BARS = (1, 2)
# A label of its own for "as one bar ago" and "as two bars ago".
N_LABELS = N_EVENTS + len(LOOKBACK_BARS)
STEP_BITS, BAR_BITS = 5, 3  # of the step in its bar, of the bar in eight
N_COUNTERS = 2 * STEP_BITS + BAR_BITS
ABSENT = -1  # an event before the beginning


def to_events(grid: Grid) -> np.ndarray:
    """Return a melody's events.

    Args:
        grid: one voice, (1, T), pitches from LOW to LOW + 35.

    Returns:
        (T,), int64: NO_EVENT, NOTE_OFF, or FIRST_PITCH + pitch - LOW.
    """
    pitches, begins = grid.pitches[0].astype(np.int64), grid.onsets[0]
    ends = np.zeros(len(pitches), dtype=bool)
    ends[1:] = (pitches[1:] == REST) & (pitches[:-1] != REST)
    events = np.full(len(pitches), NO_EVENT, dtype=np.int64)
    events[begins] = FIRST_PITCH + pitches[begins] - LOW
    events[ends] = NOTE_OFF
    return events


def from_events(events: np.ndarray) -> Grid:
    """Return the melody that events stand for; `to_events` of it are the same events.

    Args:
        events: (T,), 0 to N_EVENTS - 1.

    Returns:
        One voice, (1, T). A note lasts to the next event.
    """
    pitches = np.full((1, len(events)), REST, dtype=np.int16)
    sounding = REST
    for step, event in enumerate(events):
        if event != NO_EVENT:
            sounding = REST if event == NOTE_OFF else LOW + event - FIRST_PITCH
        pitches[0, step] = sounding
    return Grid(pitches, np.asarray(events)[None] >= FIRST_PITCH)


def places_in_time(n_steps: int, steps_per_bar: int, pickup: int) -> np.ndarray:
    """Return the steps of a melody counted from its first whole bar, (n_steps,).

    A pickup has numbers below 0.
    """
    return np.arange(n_steps) - pickup % steps_per_bar


def counters(places: Tensor, steps_per_bar: Tensor) -> Tensor:
    """Return where in the metre each step stands, in binary digits of -1 and 1.

    Magenta counts steps to 32. Here the step in its bar, the bar in eight and the
    length of a bar are counted, as a jig's bar has 12 steps and a reel's 16.

    Args:
        places: (B, T), steps counted from the first whole bar.
        steps_per_bar: (B,).

    Returns:
        (B, T, N_COUNTERS).
    """
    size = steps_per_bar[:, None].expand_as(places)
    numbers = (
        (places % size, STEP_BITS),
        (torch.div(places, size, rounding_mode="floor") % (1 << BAR_BITS), BAR_BITS),
        (size, STEP_BITS),
    )
    digits = [
        (number[..., None] >> torch.arange(n_bits)) & 1 for number, n_bits in numbers
    ]
    return torch.cat(digits, dim=-1).float() * 2 - 1


def looked_back(events: Tensor, distance: Tensor) -> Tensor:
    """Return the event that stood `distance` steps before each one, ABSENT if none.

    Args:
        events: (B, T).
        distance: (B,), 1 or more.

    Returns:
        (B, T).
    """
    source = torch.arange(events.shape[1]) - distance[:, None]  # (B, T)
    found = events.gather(1, source.clamp(min=0))
    return found.masked_fill(source < 0, ABSENT)


def to_labels(events: Tensor, steps_per_bar: Tensor) -> Tensor:
    """Return what the lookback variant is taught to answer instead of each event.

    Where the event is that of two bars ago, or else of one bar ago, the answer is
    "repeat": label N_EVENTS + 1 and N_EVENTS. So a repeated bar is one answer given
    many times.

    Args:
        events: (B, T).
        steps_per_bar: (B,).

    Returns:
        (B, T), 0 to N_LABELS - 1.
    """
    labels = events.clone()
    for i, n_bars in enumerate(LOOKBACK_BARS):
        is_same = looked_back(events, n_bars * steps_per_bar) == events
        labels[is_same] = N_EVENTS + i
    return labels


def features(
    events: Tensor, places: Tensor, steps_per_bar: Tensor, has_lookback: bool
) -> Tensor:
    """Return what the network is told before each step, and after the last one.

    That is the last event; where the next step stands in the metre; and with lookback
    the events one and two bars before the next step, and whether the last event
    repeated the one that stood one and two bars before it.

    Args:
        events: (B, T), ABSENT for steps before the beginning.
        places: (B, T + 1), the steps counted from the first whole bar, one more than
            there are events.
        steps_per_bar: (B,).
        has_lookback: whether the last two are told.

    Returns:
        (B, T + 1, n_features(has_lookback)); row t knows events before step t only.
    """
    # An event that nobody has heard yet stands in the last row, and is never looked at.
    longer = F.pad(events, (0, 1), value=ABSENT)  # (B, T + 1)
    one = torch.ones_like(steps_per_bar)
    last = looked_back(longer, one)
    told = [_one_hot(last), counters(places, steps_per_bar)]
    if has_lookback:
        for n_bars in LOOKBACK_BARS:
            distance = n_bars * steps_per_bar
            told.append(_one_hot(looked_back(longer, distance)))
            is_same = (looked_back(longer, distance + 1) == last) & (last != ABSENT)
            told.append(is_same[..., None].float())
    return torch.cat(told, dim=-1)


def n_features(has_lookback: bool) -> int:
    """Return the length of a row of `features`."""
    lookback = len(LOOKBACK_BARS) * (N_EVENTS + 1) if has_lookback else 0
    return N_EVENTS + N_COUNTERS + lookback


def _one_hot(events: Tensor) -> Tensor:
    """Return (..., N_EVENTS); an absent event is all zeros."""
    return F.one_hot(events + 1, N_EVENTS + 1)[..., 1:].float()


def event_scores(logits: Tensor, events: Tensor, steps_per_bar: Tensor) -> Tensor:
    """Return the log-probabilities of events from those of labels.

    An event can be answered by its own label or by "repeat"; both count for it. Where
    there is nothing yet to repeat, that answer counts for none.

    Args:
        logits: (B, T, N_LABELS) of the labels, or (B, T, N_EVENTS) of the events.
        events: (B, T), the events; only those before each step are looked at, so the
            last one may be ABSENT.
        steps_per_bar: (B,).

    Returns:
        (B, T, N_EVENTS).
    """
    scores = logits.float().log_softmax(dim=-1)
    own, repeats = scores[..., :N_EVENTS], scores[..., N_EVENTS:]
    for i in range(repeats.shape[-1]):
        back = looked_back(events, LOOKBACK_BARS[i] * steps_per_bar)  # (B, T)
        meant = F.one_hot(back.clamp(min=0), N_EVENTS).bool()
        added = torch.logaddexp(own, repeats[..., i : i + 1])
        own = torch.where(meant & (back != ABSENT)[..., None], added, own)
    return own.log_softmax(dim=-1)

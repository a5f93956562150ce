"""Sounds to learn from, made at first use: single notes, and short melodies.

A small NSynth (Engel et al. 2017): every pitch of a range, at several velocities, by
every instrument, all of one length, played by the course's own synth. The same
arguments give the same samples; what was made is kept in the cache folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from deepcomposer_edu.corpora.cache import UNREADABLE
from deepcomposer_edu.corpora.sound_player import (
    VOICES,
    SoundPlayer,
    melody_piece,
    voice_of,
)
from deepcomposer_edu.corpora.sound_set import SoundSet
from deepcomposer_edu.corpora.tunes import tune_names
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.music.sample_rates import checked_rate
from deepcomposer_edu.paths import cache_dir

DEFAULT = ("organ", "clarinet", "harpsichord", "space-lead")
VELOCITIES = (50, 85, 120)
HELD_SHARE = 0.8  # of a note's length the key is down
MAX_SOUNDS = 20_000
_FORM = 1  # of what is in the cache; another number makes everything anew

Progress = Callable[[float], None]


def note_sounds(
    rate: int = 8_000,
    seconds: float = 1.0,
    instruments: Sequence[str] = DEFAULT,
    pitches: Sequence[int] = range(48, 73),
    velocities: Sequence[int] = VELOCITIES,
    seed: int = 0,
    on_progress: Progress | None = None,
    held_share: float = HELD_SHARE,
) -> SoundSet:
    """Return every instrument at every pitch and velocity, one note a sound.

    The key is down for the first `held_share` of the time. All notes of one velocity
    have the same power while a key is held for 0.8 s, and one colour: velocity only
    acts on the loudness, by its square. The held-out
    sounds are pairs of instrument and pitch: of each octave, two pitches of each
    instrument, which up to six instruments share with none of the others.

    Args:
        rate: samples per second, 8,000 to 48,000.
        seconds: of each sound, 0.05 to 10.
        instruments: names of `VOICES`, or General MIDI instruments such as "oboe".
        pitches: MIDI numbers, 12 to 108.
        velocities: 1 to 127.
        seed: of the choice of held-out pairs; other pitches have no part in it.
        on_progress: called with the share done, 0 to 1; what it raises stops it.
        held_share: above 0, at most 1.

    Raises:
        InputError: if a value is not allowed.
    """
    instruments, rate = _checked(instruments, rate, seconds, seed)
    if not 0 < held_share <= 1:
        raise InputError(
            f"The key would be down for {held_share:g} of each sound, but it takes a "
            "share above 0 and at most 1."
        )
    pitches = _whole(pitches, 12, 108, "pitch")
    velocities = _whole(velocities, 1, 127, "velocity")
    rows = _combinations(len(instruments), pitches, velocities)
    out = held_out_pairs(len(instruments), seed)
    held = held_share * seconds

    def build() -> np.ndarray:
        player = SoundPlayer(rate, seconds)
        sounds = []
        for i, (instrument, pitch, velocity) in enumerate(rows):
            _report(on_progress, i, len(rows))
            note = [(0.0, held, pitch, velocity)]
            sounds.append(player.play(instruments[instrument], note))
        return np.stack(sounds)

    settings = ("notes", rate, seconds, instruments, pitches, velocities)
    if held_share != HELD_SHARE:
        settings = (*settings, held_share)
    instrument, pitch, velocity = np.array(rows).T
    return SoundSet(
        _kept(settings, (len(rows), round(seconds * rate)), build),
        rate,
        pitch,
        velocity,
        instrument,
        instruments,
        np.array([(i, p) in out for i, p, _ in rows]),
        np.full(len(rows), held),
    )


def _combinations(
    n_instruments: int, pitches: Sequence[int], velocities: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Return (instrument, pitch, velocity) of each note, unless there are too many."""
    if n_instruments * len(pitches) * len(velocities) > MAX_SOUNDS:
        raise InputError(
            f"{n_instruments} instruments at {len(pitches)} pitches and "
            f"{len(velocities)} velocities are more than {MAX_SOUNDS} sounds; take "
            "fewer of one of them."
        )
    return list(product(range(n_instruments), pitches, velocities))


def phrase_sounds(
    rate: int = 8_000,
    seconds: float = 4.0,
    n: int = 80,
    seed: int = 0,
    instruments: Sequence[str] = DEFAULT,
    pitches: Sequence[int] = range(48, 73),
    together: bool = False,
    on_progress: Progress | None = None,
) -> SoundSet:
    """Return short melodies: pieces of the shipped tunes, each by one instrument.

    Place in the tune, key and tempo (80 to 132 quarters a minute) are drawn. Every
    fifth tune is held out, with whatever is cut from it.

    Args:
        rate: samples per second, 8,000 to 48,000.
        seconds: of each sound, 0.05 to 10.
        n: how many sounds.
        seed: of all that is drawn.
        instruments: names of `VOICES`, or of General MIDI; they take turns.
        pitches: the lowest and the highest are the limits of the melodies; they are an
            octave apart or more.
        together: whether each melody is played by all instruments, one after another:
            sounds 0 to 3 are one melody by four instruments.
        on_progress: called with the share done, 0 to 1; what it raises stops it.

    Returns:
        The sounds; their `pitch` is -1, and `held` their whole length.

    Raises:
        InputError: if a value is not allowed.
    """
    instruments, rate = _checked(instruments, rate, seconds, seed)
    pitches = _whole(pitches, 12, 108, "pitch")
    low, high = min(pitches), max(pitches)
    if high - low < 12 or not 1 <= n <= MAX_SOUNDS:
        raise InputError(
            f"{n} melodies between {low} and {high} were asked for, but it takes 1 to "
            f"{MAX_SOUNDS} of them, and an octave (12) between the lowest and highest."
        )
    names, k = tune_names(), len(instruments)
    n_melodies = -(-n // k) if together else n
    drawn = [
        melody_piece(np.random.default_rng((seed, i)), names, seconds, low, high)
        for i in range(n_melodies)
    ]
    melodies = [drawn[i // k if together else i] for i in range(n)]

    def build() -> np.ndarray:
        player, sounds = SoundPlayer(rate, seconds), []
        for i, (_, notes) in enumerate(melodies):
            _report(on_progress, i, n)
            sounds.append(player.play(instruments[i % k], notes))
        return np.stack(sounds)

    settings = ("phrases", rate, seconds, instruments, n, seed, low, high, together)
    return SoundSet(
        _kept(settings, (n, round(seconds * rate)), build),
        rate,
        np.full(n, -1),
        np.full(n, 85),
        np.arange(n) % k,
        instruments,
        np.array([names.index(tune) % 5 == 4 for tune, _ in melodies]),
        np.full(n, float(seconds)),
    )


def held_out_pairs(n_instruments: int, seed: int = 0) -> set[tuple[int, int]]:
    """Return pairs of an instrument's number and a pitch that are kept from training.

    Of each octave every instrument lacks two pitches. With two to six instruments all
    the others keep them.

    Args:
        n_instruments: 1 or more.
        seed: of the choice.
    """
    random = np.random.default_rng((seed, 7))
    pairs = set()
    for octave in range(11):
        order = random.permutation(12)
        for i in range(n_instruments):
            for j in range(2):
                pairs.add((i, 12 * octave + int(order[(2 * i + j) % 12])))
    return pairs


def _kept(
    settings: tuple, shape: tuple[int, int], build: Callable[[], np.ndarray]
) -> np.ndarray:
    """Return sounds as float32, from the cache or built now, (N, n)."""
    words = json.dumps([_FORM, *settings, VOICES]).encode()
    name = f"sounds-{settings[0]}-{hashlib.sha256(words).hexdigest()[:12]}.npz"
    try:
        with np.load(cache_dir() / name, allow_pickle=False) as file:
            whole = file["audio"]
        if whole.shape == shape and whole.dtype == np.int16:
            return whole.astype(np.float32) / np.float32(32_767)
    except (InputError, *UNREADABLE):
        pass  # not there yet, or damaged
    whole = build()
    try:
        path = cache_dir() / name
        with atomic_path(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, audio=whole)
    except (InputError, OSError):
        pass  # nothing can be written there: built anew each time
    return whole.astype(np.float32) / np.float32(32_767)


def _report(on_progress: Progress | None, i: int, n: int) -> None:
    if on_progress is not None and i % 16 == 0:
        on_progress(i / n)


def _checked(
    instruments: Sequence[str], rate: int, seconds: float, seed: int
) -> tuple[tuple[str, ...], int]:
    """Return the instruments and the rate, or say what is wrong with the request."""
    if isinstance(instruments, str):
        instruments = instruments.split(",")
    names = tuple(str(name).strip() for name in instruments)
    for name in names:
        voice_of(name)
    if not names or len(set(names)) < len(names):
        raise InputError(
            f"The instruments are {', '.join(names) or 'none'}, but it takes one or "
            f"more, each once, such as {', '.join(DEFAULT)}."
        )
    rate = checked_rate(rate, usual=8_000)
    if not 0.05 <= seconds <= 10:
        raise InputError(
            f"The sounds would last {seconds:g} s, but they last 0.05 to 10 s."
        )
    if int(seed) != seed or seed < 0:
        raise InputError(f"The seed is {seed}, but it must be a whole number from 0.")
    return names, rate


def _whole(values: Sequence[int], low: int, high: int, what: str) -> list[int]:
    """Return whole numbers in a range, or say which one is none."""
    values = list(values)
    wrong = [x for x in values if int(x) != x or not low <= x <= high]
    if wrong or not values or len(set(values)) < len(values):
        got = wrong[0] if wrong else "given twice" if values else "missing"
        raise InputError(
            f"A {what} is {got}, but it takes one or more whole numbers from {low} to "
            f"{high}, each once."
        )
    return [int(x) for x in values]

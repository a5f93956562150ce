"""Score to raw: a piece played note by note by a network that makes sound samples.

Every different note (timbre, pitch, length) is drawn once, many side by side, and kept.
Then the notes are put where the score has them, as loud as their velocity says, and
each track is made as loud as its usual instrument would be.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from deepcomposer_edu.compose.raw_sound.players import (
    PLAYERS,
    VELOCITY,
    NoteAsked,
    NotePlayer,
)
from deepcomposer_edu.compose.raw_sound.timbres import (
    Timbre,
    checked_timbres,
    with_timbres,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.common_loudness import at_common_loudness
from deepcomposer_edu.music.sample_rates import checked_rate
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.music.synth import Synth

MAX_DRAWN_SECONDS = 1_800  # of different notes in a piece
CACHE_BYTES = 64 * 2**20
LONGEST_SECONDS = 30.0  # a longer note fades away then
_STEP_MS = 10  # lengths are rounded to it, so that more notes are the same
_MIX_RATE = 32_000  # at which the usual instruments play
_AT_ONCE, _AT_ONCE_SECONDS = 64, 100.0  # notes drawn side by side, and together

Kept = tuple[str, str, NoteAsked, int]  # weights, timbre, note, seed
_cache: OrderedDict[Kept, np.ndarray] = OrderedDict()


def render_raw(
    score: Score,
    timbres: str | Timbre | Sequence[str | Timbre | None],
    *,
    rate: int = 8_000,
    seed: int = 0,
    on_progress: Callable[[float], None] | None = None,
    players: dict[str, Callable[[Timbre], NotePlayer]] | None = None,
) -> np.ndarray:
    """Return the sound of a score whose notes a raw-audio network makes.

    The same arguments and weights give the same sound. A pitch beyond those that the
    network has learned is drawn an octave or two nearer, and played twice as fast or
    half as fast. Tracks without a timbre, and drums, are played as `synth.render` does.

    Args:
        score: what to play.
        timbres: such as "wavenet:organ" or "nsynth:organ+clarinet": one for all tracks,
            two for the first and the rest, or one for each track that is not drums; ""
            or None: the track's usual instrument.
        rate: samples per second, 8,000 to 48,000; the networks work at a lower one, so
            more adds no brightness.
        seed: of all draws.
        on_progress: called with the share done, 0 to 1; what it raises stops the work.
        players: what plays the notes of each network; None: the shipped networks.

    Returns:
        Left and right channel in [-1, 1], shape (N, 2), float32, at the loudness of
        `synth.render`; a score without notes gives N = 0.

    Raises:
        InputError: if a timbre is unknown, its weights are missing, the rate is out of
            range, or the piece has more different notes than can be drawn.
    """
    rate = checked_rate(rate, usual=8_000)
    pitched = [track for track in score.tracks if not track.is_drum]
    chosen = checked_timbres(timbres, len(pitched))
    score = with_timbres(score, chosen)
    makers = PLAYERS if players is None else players
    of_timbre = {
        timbre: makers[timbre.network](timbre)
        for timbre in chosen
        if timbre is not None
    }
    left = list(chosen)
    pairs = [(t, None if t.is_drum else left.pop(0)) for t in score.tracks]
    asked = [
        (of_timbre[timbre], timbre, _asked(note, score, of_timbre[timbre]))
        for track, timbre in pairs
        if timbre is not None
        for note in track.notes
    ]
    sounds = _drawn(asked, int(seed), on_progress)
    synth, parts = Synth(), []
    for track, timbre in pairs:
        usual = synth.mix(replace(score, tracks=(track,)), _MIX_RATE)
        if timbre is None:
            parts.append(_resampled(usual, _MIX_RATE, rate))
            continue
        player = of_timbre[timbre]
        mono = _placed(track, score, player, lambda ask, t=timbre: sounds[t, ask])
        mono *= _gain(mono, player.rate, usual, _MIX_RATE)
        parts.append(_resampled(np.stack([mono, mono], 1), player.rate, rate))
    if on_progress is not None:
        on_progress(1.0)
    return at_common_loudness(_added(parts), rate)


def _added(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return sounds (N, 2) added up, as long as the longest."""
    mix = np.zeros((max((len(part) for part in parts), default=0), 2), np.float32)
    for part in parts:
        mix[: len(part)] += part
    return mix


def _asked(note: Note, score: Score, player: NotePlayer) -> tuple[NoteAsked, int]:
    """Return which note to draw, and how many octaves higher it is then played."""
    seconds = score.seconds_at(note.end) - score.seconds_at(note.start)
    octaves = 0
    while note.pitch - 12 * octaves > player.highest:
        octaves += 1
    while note.pitch - 12 * octaves < player.lowest:
        octaves -= 1
    held = min(seconds, LONGEST_SECONDS) * 1_000 * 2.0**octaves
    held_ms = max(round(held / _STEP_MS), 1) * _STEP_MS
    return NoteAsked(note.pitch - 12 * octaves, held_ms), octaves


def _drawn(
    asked: Sequence[tuple[NotePlayer, Timbre, tuple[NoteAsked, int]]],
    seed: int,
    on_progress: Callable[[float], None] | None,
) -> dict[tuple[Timbre, NoteAsked], np.ndarray]:
    """Return the sound of each different note, from the cache or drawn now."""
    found, missing = {}, {}
    for player, timbre, (note, _) in asked:
        kept = (player.sha256, str(timbre), note, seed)
        if kept in _cache:
            _cache.move_to_end(kept)
            found[timbre, note] = _cache[kept]
        else:
            missing.setdefault(timbre, (player, {}))[1][note] = kept
    rows = [(p, t, n) for t, (p, notes) in missing.items() for n in notes]
    seconds = sum(note.seconds for _, _, note in rows)
    if seconds > MAX_DRAWN_SECONDS:
        raise InputError(
            f"The piece has {len(rows)} different notes of together {seconds / 60:.0f} "
            f"minutes, but at most {MAX_DRAWN_SECONDS // 60} are drawn at once; take a "
            "shorter piece, or fewer tracks."
        )
    n_all = sum(player.rate * note.seconds for player, _, note in rows)
    n_done = 0.0

    def told(n_samples: float) -> None:
        if on_progress is not None:
            on_progress(min(0.98 * (n_done + n_samples) / max(n_all, 1), 0.98))

    told(0)
    for timbre, (player, notes) in missing.items():
        for some in _side_by_side(list(notes)):
            own = player.rate * sum(note.seconds for note in some)
            drawn = player.play(some, seed, lambda n, own=own: told(min(n, own)))
            for note, sound in zip(some, drawn, strict=True):
                found[timbre, note] = sound
                _keep(notes[note], sound)
            n_done += own
    return found


def _side_by_side(notes: Sequence[NoteAsked]) -> list[list[NoteAsked]]:
    """Return notes in groups that fit into memory, the shortest first."""
    groups: list[list[NoteAsked]] = [[]]
    for note in sorted(notes, key=lambda note: (note.held_ms, note.pitch)):
        n_more = len(groups[-1]) + 1
        if n_more > _AT_ONCE or (
            n_more > 1 and n_more * note.seconds > _AT_ONCE_SECONDS
        ):
            groups.append([])
        groups[-1].append(note)
    return groups


def _keep(kept: Kept, sound: np.ndarray) -> None:
    """Remember a note, and forget those used longest ago when there are too many."""
    _cache[kept] = sound
    while sum(sound.nbytes for sound in _cache.values()) > CACHE_BYTES:
        _cache.popitem(last=False)


def _placed(
    track: Track,
    score: Score,
    player: NotePlayer,
    sound_of: Callable[[NoteAsked], np.ndarray],
) -> np.ndarray:
    """Return a track's notes at their places and velocities, one channel, (n,)."""
    placed = []
    for note in track.notes:
        ask, octaves = _asked(note, score, player)
        sound = _shifted(sound_of(ask), octaves) * (note.velocity / VELOCITY) ** 2
        placed.append((round(score.seconds_at(note.start) * player.rate), sound))
    audio = np.zeros(max((i + len(x) for i, x in placed), default=0), np.float32)
    for first, sound in placed:
        audio[first : first + len(sound)] += sound
    return audio


def _shifted(sound: np.ndarray, octaves: int) -> np.ndarray:
    """Return a sound played 2 ** octaves times as fast, as a sampler does."""
    if octaves == 0:
        return sound
    from scipy.signal import resample_poly

    up, down = (1, 2**octaves) if octaves > 0 else (2**-octaves, 1)
    return resample_poly(sound, up, down).astype(np.float32)


def _gain(
    audio: np.ndarray, rate: int, usual: np.ndarray, usual_rate: int
) -> np.float32:
    """Return the factor that gives a track the energy of its usual instrument.

    Args:
        audio: one channel, (n,).
        rate: its samples per second.
        usual: what the instrument that stands for it plays, (N, 2).
        usual_rate: its samples per second.
    """
    energy = float(np.square(audio, dtype=np.float64).sum()) / rate
    wanted = float(np.square(usual, dtype=np.float64).sum()) / 2 / usual_rate
    return np.float32(np.sqrt(wanted / energy)) if energy > 0 else np.float32(1)


def _resampled(audio: np.ndarray, own: int, rate: int) -> np.ndarray:
    """Return sound (N, 2) at another rate, float32."""
    if own == rate or len(audio) == 0:
        return audio.astype(np.float32, copy=False)
    from math import gcd

    from scipy.signal import resample_poly

    both = gcd(own, rate)
    moved = resample_poly(audio, rate // both, own // both, axis=0)
    return moved.astype(np.float32, copy=False)

"""A close put after a passage, for any tracks: its chords in the tracks' own voices."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deepcomposer_edu.music.cadence import close_voices
from deepcomposer_edu.music.keys import Key
from deepcomposer_edu.music.passages import Passage
from deepcomposer_edu.music.score import Note, Track

KICK, CRASH = 36, 49  # General MIDI drums
MOST_TONES = 4  # that a track with chords plays in the close


@dataclass(frozen=True)
class _Voice:
    """One line of the close: which track it belongs to and where it comes from."""

    track: int
    pitch: int
    height: float  # mean pitch of the track
    velocity: int


def with_close(
    passage: Passage, pickup: float, beat: float, key: Key
) -> tuple[Track, ...]:
    """Return a passage's tracks with a close on the tonic after it.

    One bar of subdominant and dominant, one of the tonic. With an upbeat, the passage
    ends before a bar line, and the subdominant fills what is missing.

    Args:
        passage: what comes before.
        pickup: length of the upbeat in steps.
        beat: steps of a beat.
        key: whose tonic.

    Returns:
        The tracks; they end at `pickup` and two bars after the passage.
    """
    bar, start = passage.bar_steps, passage.n_steps
    n_beats = max(int(bar // beat), 1)
    dominant = start + pickup + n_beats // 2 * beat
    tonic = start + pickup + bar
    spans = [(start, dominant), (dominant, tonic), (tonic, tonic + bar)]
    voices = _voices(passage)
    ranges = [_range(passage.tracks[voice.track]) for voice in voices]
    chords = close_voices([voice.pitch for voice in voices], key, ranges)
    added: list[list[Note]] = [[] for _ in passage.tracks]
    for (first, last), chord in zip(spans, chords, strict=True):
        if last <= first:
            continue
        for voice, pitch in zip(voices, chord, strict=True):
            note = Note(first, pitch, last - first, voice.velocity)
            if note not in added[voice.track]:
                added[voice.track].append(note)
    tracks = []
    for track, notes in zip(passage.tracks, added, strict=True):
        if track.is_drum:
            hit = max((note.velocity for note in track.notes), default=80)
            notes = [Note(tonic, drum, beat, hit) for drum in (KICK, CRASH)]
        tracks.append(replace(track, notes=(*track.notes, *notes)))
    return tuple(tracks)


def _voices(passage: Passage) -> list[_Voice]:
    """Return the lines that sound at the end of each pitched track, highest first."""
    found = []
    for k, track in enumerate(passage.tracks):
        if track.is_drum or not track.notes:
            continue
        last = track.notes[-1]
        together = {n.pitch for n in track.notes if n.end > last.start}
        height = sum(n.pitch for n in track.notes) / len(track.notes)
        for pitch in sorted(together, reverse=True)[:MOST_TONES]:
            found.append(_Voice(k, pitch, height, last.velocity))
    return sorted(found, key=lambda v: (-v.height, v.track, -v.pitch))


def _range(track: Track) -> tuple[int, int]:
    """Return where a track may go in the close: where it has been, and a bit more."""
    pitches = [note.pitch for note in track.notes]
    return max(min(pitches) - 4, 0), min(max(pitches) + 3, 127)

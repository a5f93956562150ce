"""What the bands make of the network's harmony, measured on every shipped tune.

    python benchmarks/bands.py [--seeds 5] [--no-sound]

Each tune is harmonised with the default settings and played in every style. "Rubs" are
semitones (or their octaves) against the melody on a beat, of all meetings of a note of
the band with one of the melody on a beat. "In the chords" is how many of the network's
notes on the beat belong to the chord that the band plays there: the share of its
harmony that arrives. Loudness is how far each player lies below the melody, from sound
rendered track by track.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from deepcomposer_edu.compose import compose
from deepcomposer_edu.corpora.tunes import tune_names
from deepcomposer_edu.music.bands import BANDS
from deepcomposer_edu.music.bands.song import read_song
from deepcomposer_edu.music.keys import find_key
from deepcomposer_edu.music.score import Score, Track
from deepcomposer_edu.music.synth import Synth

RATE = 32_000
GATE = 0.4  # seconds
HEARD = ("ode-to-joy", "greensleeves", "silent-night", "sakura")  # for loudness
BASSES = ("Bass", "Cello")


def meetings(score: Score, tracks: Iterable[Track]) -> tuple[int, int]:
    """Return how often the tracks meet the melody on a beat, and how often they rub."""
    melody = score.tracks[0].notes
    n_meet = n_rub = 0
    for track in tracks:
        for note in track.notes:
            for other in melody:
                start = max(note.start, other.start)
                if start < min(note.end, other.end) and start % 4 == 0:
                    n_meet += 1
                    n_rub += (note.pitch - other.pitch) % 12 in (1, 11)
    return n_meet, n_rub


def in_key(score: Score) -> float:
    """Return the share of the accompaniment's time that lies in the melody's key."""
    key = find_key(Score(score.tracks[:1]))
    inside = whole = 0.0
    for track in score.tracks[1:]:
        for note in () if track.is_drum else track.notes:
            whole += note.duration
            inside += note.duration * (note.pitch % 12 in key.scale)
    return inside / whole


def arriving(plain: Score, style: str) -> tuple[float, float]:
    """Return the shares of melody and voices on the beat that are in the chords."""
    band, key = BANDS[style], find_key(Score(plain.tracks[:1]))
    song = read_song(
        plain, key, 0, band.costs, band.options, band.waltz_of_eighths, band.close
    )
    counts = np.zeros((2, 2))
    for measure in song.measures:
        for pulse in measure.pulses:
            classes = song.span_at(pulse.start).chord.classes
            for row, voices in enumerate(([song.melody], song.voices)):
                for voice in voices:
                    for note in voice:
                        if note.start <= pulse.start < note.end:
                            counts[row] += (note.pitch % 12 in classes, 1)
    return tuple(counts[:, 0] / counts[:, 1])


def loudness(synth: Synth, score: Score) -> float:
    """Return the mean loudness in dB of the passages in which something sounds."""
    mix = synth.mix(score, RATE)
    size = int(GATE * RATE)
    n_blocks = len(mix) // size
    power = (mix[: n_blocks * size] ** 2).reshape(n_blocks, -1).mean(axis=1)
    return float(10 * np.log10(power[power > power.mean() / 10].mean()))


def figures(style: str, seeds: range, technique: str = "wgan") -> list[str]:
    """Return one row of the table."""
    rubs, bass, keys, fits, density, seconds = [], [], [], [], [], []
    for tune in tune_names():
        for seed in seeds:
            plain = compose(tune, technique, seed=seed).score
            begin = time.perf_counter()
            score = compose(tune, technique, style, seed=seed).score
            seconds.append(time.perf_counter() - begin)
            pitched = [track for track in score.tracks[1:] if not track.is_drum]
            rubs.append(meetings(score, pitched))
            bass.append(meetings(score, [t for t in pitched if t.name in BASSES]))
            keys.append(in_key(score))
            density.append(len(score.notes) / score.seconds)
            if style in BANDS:
                fits.append(arriving(plain, style))
    (meet, rub), (low_meet, low_rub) = np.sum(rubs, axis=0), np.sum(bass, axis=0)
    shares = [f"{100 * share:.0f}" for share in np.mean(fits, axis=0)] if fits else []
    return [
        f"{100 * np.mean(keys):.1f}",
        f"{100 * rub / meet:.1f}",
        f"{100 * low_rub / low_meet:.1f}",
        *(shares or ["-", "-"]),
        f"{np.mean(density):.1f}",
        f"{1000 * np.mean(seconds):.0f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--no-sound", action="store_true")
    options = parser.parse_args()
    seeds = range(options.seeds)
    heads = ("in key %", "rubs %", "of bass %", "melody in chords %",
             "voices in chords %", "notes a s", "ms")  # fmt: skip
    print(f"{len(tune_names())} tunes, {len(seeds)} seeds")
    print(" " * 20 + "".join(f"{head:>{len(head) + 2}}" for head in heads))
    rows = [("wgan", style) for style in ("bach", *BANDS)]
    rows += [("random", style) for style in ("bach", *BANDS)]
    for technique, style in rows:
        cells = figures(style, seeds, technique)
        line = "".join(
            f"{cell:>{len(head) + 2}}" for cell, head in zip(cells, heads, strict=True)
        )
        print(f"{technique + ', ' + style:<20}{line}", flush=True)
    if options.no_sound:
        return
    synth = Synth()
    print(f"\ndB beside the melody, mean of {', '.join(HEARD)}")
    for style in BANDS:
        levels: dict[str, list[float]] = {}
        for tune in HEARD:
            score = compose(tune, genre=style).score
            alone = loudness(synth, replace(score, tracks=score.tracks[:1]))
            for track in score.tracks[1:]:
                level = loudness(synth, replace(score, tracks=(track,))) - alone
                levels.setdefault(track.name, []).append(level)
        told = [f"{name} {np.mean(values):+.1f}" for name, values in levels.items()]
        print(f"{style:<10} {', '.join(told)}")


if __name__ == "__main__":
    main()

"""How long does it take until a network has played a minute of four voices?

    python benchmarks/raw_sound.py           # the shipped WaveNet, about two minutes
    python benchmarks/raw_sound.py nsynth    # NSynth's decoder

Chorales of the test split at 80 quarters a minute, one after another, cut after 60 s,
played by one timbre for the melody and another for the other voices. "Different" is the
length of the notes that are really drawn, each once. Times are of one core: processor
seconds, and seconds on the clock, which other programs on the machine lengthen. Then
the same piece again, from the kept notes; and with another seed, all drawn anew, to
stop it after two seconds.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
import time
from dataclasses import replace

import numpy as np
import torch

from deepcomposer_edu.compose.raw_sound import rendering
from deepcomposer_edu.compose.raw_sound.timbres import WEIGHTS
from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.music.score import Score, Track
from deepcomposer_edu.music.sound_measures import clicks

SECONDS, TEMPO = 60.0, 80.0


def piece() -> Score:
    """Return a minute of four voices."""
    last_step = SECONDS * TEMPO * 4 / 60
    voices: list[list] = [[], [], [], []]
    first = 0.0
    for chorale in load_chorales("test"):
        score = chorale.to_score(TEMPO)
        for voice, track in zip(voices, score.tracks, strict=True):
            voice += [
                replace(note, start=note.start + first)
                for note in track.notes
                if note.start + first < last_step
            ]
        first += max(track.end for track in score.tracks)
        if first >= last_step:
            break
    cut = [
        [
            replace(note, duration=min(note.duration, last_step - note.start))
            for note in voice
        ]
        for voice in voices
    ]
    return Score(tuple(Track(tuple(voice)) for voice in cut), tempo=TEMPO)


def timed(score: Score, timbres: list[str], seed: int = 0, stop: float = np.inf):
    """Return the sound (None if it was stopped), clock and processor seconds."""
    clock, processor = time.perf_counter(), time.process_time()

    def watch(_share: float) -> None:
        if time.perf_counter() - clock > stop:
            raise InterruptedError

    try:
        audio = rendering.render_raw(score, timbres, seed=seed, on_progress=watch)
    except InterruptedError:
        audio = None
    return audio, time.perf_counter() - clock, time.process_time() - processor


def main() -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    network = sys.argv[1] if len(sys.argv) > 1 else "wavenet"
    if network not in WEIGHTS:
        sys.exit(f"give one of {', '.join(WEIGHTS)}, not {network}")
    timbres = [f"{network}:space-lead", f"{network}:organ"]
    score = piece()
    print(f"{score.seconds:.0f} s, {len(score.notes)} notes, {', '.join(timbres)}")
    short = Score((Track(score.tracks[0].notes[:1]),), tempo=TEMPO)
    _, clock, _ = timed(short, timbres[1:], seed=9)
    print(f"one note, with loading and compiling: {clock:.1f} s")
    rendering._cache.clear()
    audio, clock, processor = timed(score, timbres)
    drawn = sum(key[2].seconds for key in rendering._cache)
    print(
        f"different notes: {len(rendering._cache)}, together {drawn:.0f} s\n"
        f"drawn and mixed: {processor:.1f} s of the processor, {clock:.1f} s on the "
        f"clock; {drawn / processor:.1f} times real time, "
        f"{score.seconds / processor:.1f} times of the piece"
    )
    _, clock, processor = timed(score, timbres)
    print(f"again, from the kept notes: {clock:.1f} s")
    _, clock, _ = timed(score, timbres, seed=1, stop=2.0)
    print(f"stopped after 2 s: ended at {clock:.1f} s")
    print(f"clicks a second in the mix: {clicks(audio[:, 0], 8_000):.2f}")


if __name__ == "__main__":
    main()

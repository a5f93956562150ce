"""How long does the training video of 60 samples of 8 bars take?

    python benchmarks/video.py               # under a minute; aim: 20 s on two cores

The samples are random four-part music at 120 quarters a minute, 16 seconds each.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from pathlib import Path

from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track
from deepcomposer_edu.viz.video import training_video

N_SAMPLES, N_BARS = 60, 8
VOICES = (("Soprano", 60, 79), ("Alto", 55, 72), ("Tenor", 48, 67), ("Bass", 41, 60))


def write_run(folder: Path) -> None:
    """Write a run folder with random samples and metrics."""
    dice = random.Random(0)
    lines = []
    for sample in range(N_SAMPLES):
        tracks = []
        for name, low, high in VOICES:
            steps = range(0, 16 * N_BARS, 4)
            notes = tuple(Note(step, dice.randint(low, high), 4) for step in steps)
            tracks.append(Track(notes, name=name))
        score = Score(tuple(tracks), tempo=120)
        write_midi(score, folder / "samples" / f"step_{100 * sample:06d}.mid")
        for step in range(100 * sample, 100 * sample + 100):
            row = {"step": step, "seconds": step, "critic_loss": dice.random()}
            lines.append(json.dumps(row | {"generator_loss": 1.0, "triad_rate": 0.3}))
    (folder / "metrics.jsonl").write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    """Print how long it took and what came out."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "samples").mkdir()
        write_run(folder)
        wall, processor = time.perf_counter(), time.process_time()
        path = training_video(folder, folder / "training.mp4")
        wall = time.perf_counter() - wall
        processor = time.process_time() - processor
        print(f"{N_SAMPLES} samples of {N_BARS} bars: {wall:.1f} s on {os.cpu_count()}")
        print(f"cores, {processor:.1f} s of processor time,", end=" ")
        print(f"{path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

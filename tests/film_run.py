"""A short training run whose stages each play another note, for films of it."""

import json

from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.score import Note, Score, Track

STEPS = (0, 100, 200)
PITCHES = (57, 63, 68)  # each stage plays another one, none an overtone of another


def stage_score(pitch):
    notes = tuple(Note(4 * i, pitch, 4) for i in range(4))
    return Score((Track(notes, name="Soprano"),), tempo=120)


def write_run(folder):
    """Write the folder of a short training run, as training itself does."""
    (folder / "samples").mkdir(parents=True)
    lines = []
    for step in range(201):
        row = {"step": step, "seconds": 0.5 * step}
        if step:
            row |= {"critic_loss": -20 / step, "generator_loss": step / 100}
        if step in STEPS:
            row |= {"triad_rate": step / 400, "dissonant_pair_rate": 0.3}
            score = stage_score(PITCHES[STEPS.index(step)])
            write_midi(score, folder / "samples" / f"step_{step:06d}.mid")
        lines.append(json.dumps(row))
    (folder / "metrics.jsonl").write_text("\n".join(lines) + "\n")
    reference = {"triad_rate": 0.64, "dissonant_pair_rate": 0.11}
    (folder / "reference.json").write_text(json.dumps(reference))
    return folder

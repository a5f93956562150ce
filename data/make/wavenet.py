"""Make the shipped WaveNet that plays notes: mini-NSynth's notes, sample by sample.

    python data/make/wavenet.py train runs/wavenet     # log: 82 minutes, shared core
    python data/make/wavenet.py export runs/wavenet    # seconds

It learns from four instruments at 8 kHz, pitches 36 to 84, three velocities, long and
short notes; two pitches of each octave of each instrument are held out. `train` may be
stopped at any time and goes on where it was. The loss of the held-out notes is lowest
after half of the steps; what it plays is in tune more often, nearer to the data's level
and clicks less at the end, so the last step is shipped.

`--harmonics 0 --pitch-width 8` trains one that is told the pitch but not the phase.

`export` writes data/weights/wavenet-notes.safetensors, .json and .log.jsonl: the
averaged network in half precision, its settings, the losses.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from deepcomposer_edu.models.note_wavenet import NAME, NoteConfig
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.shipping import ship
from deepcomposer_edu.training.wavenet import (
    KIND,
    SETTINGS,
    train_wavenet,
    usual_sounds,
)

MADE_BY = "python data/make/wavenet.py"
DATA = (
    "Single notes of an organ, a clarinet, a harpsichord and a synthesiser lead, "
    "rendered by the course's own synth over the SoundFont that installs with "
    "pretty_midi; two pitches of each octave of each instrument held out"
)
# 1, 2, ... 512, then up to 32 once more: the network sees 1,087 samples
DILATIONS = tuple(2**i for i in range(10)) + tuple(2**i for i in range(6))


def train(run: Path, n_steps: int, harmonics: int, pitch_width: int) -> None:
    sounds = usual_sounds()
    train_wavenet(
        run,
        NoteConfig(
            sounds.instruments,
            sounds.rate,
            harmonics=harmonics,
            pitch_width=pitch_width,
            dilations=DILATIONS,
        ),
        sounds,
        n_steps=n_steps,
        settings=replace(SETTINGS, cosine_steps=n_steps, precision="bfloat16"),
        resume=(run / "config.json").exists(),
        on_step=told_every(50),
        sample_every=500,
        checkpoint_every=500,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    parser.add_argument("--steps", type=int, default=9_000)
    parser.add_argument("--harmonics", type=int, default=4)
    parser.add_argument("--pitch-width", type=int, default=0)
    parser.add_argument("--step", type=int, help="export this checkpoint")
    options = parser.parse_args()
    if options.job == "export":
        print(
            ship(options.run, NAME, KIND, data=DATA, made_by=MADE_BY, step=options.step)
        )
        return
    torch.set_num_threads(1)
    train(options.run, options.steps, options.harmonics, options.pitch_width)


if __name__ == "__main__":
    main()

"""Make the shipped music translator: one encoder, a decoder for each instrument.

    python data/make/nsynth.py train runs/nsynth             # first: it begins there
    python data/make/translation.py train runs/translation --nsynth runs/nsynth
    python data/make/translation.py export runs/translation

It learns from melodies: the course's own tunes, played by four instruments with the
course's own synth. Encoder and decoders begin as those of the small NSynth. The log of
the shipped run says 14 minutes, on one busy core; `train` may be stopped at any time
and goes on where it was.
`export` writes data/weights/translation.safetensors, .json and .log.jsonl.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from deepcomposer_edu.models.nsynth import load_nsynth
from deepcomposer_edu.models.translation import NAME
from deepcomposer_edu.training.checkpoint import latest_checkpoint
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.shipping import ship
from deepcomposer_edu.training.translation import KIND, SETTINGS, train_translation

N_STEPS = 1_500
MADE_BY = "python data/make/translation.py"
DATA = "melodies of the course's own tunes by four instruments, from its own synth"


def train(run: Path, nsynth: Path | None) -> None:
    state = latest_checkpoint(nsynth) if nsynth is not None else None
    begin = state.part("average") if state else load_nsynth().state_dict()
    train_translation(
        run,
        settings=replace(SETTINGS, cosine_steps=N_STEPS, precision="bfloat16"),
        n_steps=N_STEPS,
        begin_from=begin,
        resume=(run / "config.json").exists(),
        on_step=told_every(100),
        sample_every=500,
        checkpoint_every=500,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    parser.add_argument(
        "--nsynth", type=Path, help="run folder to begin from; else the shipped weights"
    )
    parser.add_argument("--step", type=int, help="export this checkpoint")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.job == "train":
        train(options.run, options.nsynth)
        return
    step = options.step
    print(ship(options.run, NAME, KIND, data=DATA, made_by=MADE_BY, step=step))


if __name__ == "__main__":
    main()

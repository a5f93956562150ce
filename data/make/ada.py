"""Make the shipped discrete autoencoders: argmax, codebook, and a stack of two levels.

    python data/make/ada.py train runs/ada
    python data/make/ada.py export runs/ada    # seconds

The logs say 2 minutes (argmax), 3 minutes (vq) and 1 minute (stack), on one core.

`train` leaves runs/ada/argmax, runs/ada/vq and runs/ada/stack; stopped, it goes on
where it was. All sounds are made by the course's own synth: notes of four wind
instruments for the autoencoders, melodies by them for the stack, whose lower level is
the codebook. `export` writes data/weights/ada-argmax, ada-vq and ada-stack.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from deepcomposer_edu.models.ada import Ada
from deepcomposer_edu.models.ada_config import KINDS, AdaConfig
from deepcomposer_edu.training import ada, ada_stack
from deepcomposer_edu.training.checkpoint import latest_checkpoint
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.shipping import ship

MADE_BY = "python data/make/ada.py"
NOTES = (
    "notes of flute, ocarina, clarinet and recorder, one octave from C4, played by "
    "the course's synth; a fifth of them held out"
)
PHRASES = "pieces of the course's tunes, played by the same instruments and synth"
N_STEPS, STACK_STEPS = 1_600, 800
STACK_BELOW = "vq"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("runs", type=Path)
    parser.add_argument("--steps", type=int, default=N_STEPS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.job == "train":
        train(options.runs, options.steps)
    else:
        export(options.runs)


def train(runs: Path, n_steps: int) -> None:
    for kind in KINDS:
        ada.train_ada(
            runs / kind,
            AdaConfig(kind=kind),
            ada.usual_settings(n_steps, "bfloat16"),
            n_steps=n_steps,
            resume=(runs / kind / "config.json").exists(),
            on_step=told_every(100),
            sample_every=500,
            checkpoint_every=250,
        )
    network = Ada(AdaConfig(kind=STACK_BELOW))
    network.load_state_dict(latest_checkpoint(runs / STACK_BELOW).part("network"))
    ada_stack.train_ada_stack(
        runs / "stack",
        network.eval().requires_grad_(False),
        settings=ada.usual_settings(STACK_STEPS, "bfloat16"),
        n_steps=STACK_STEPS,
        resume=(runs / "stack" / "config.json").exists(),
        on_step=told_every(100),
        sample_every=500,
        checkpoint_every=250,
    )


def export(runs: Path) -> None:
    for kind in KINDS:
        print(ship(runs / kind, f"ada-{kind}", ada.KIND, data=NOTES, made_by=MADE_BY))
    print(
        ship(
            runs / "stack",
            "ada-stack",
            ada_stack.KIND,
            data=PHRASES,
            made_by=MADE_BY,
        )
    )


if __name__ == "__main__":
    main()

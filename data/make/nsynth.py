"""Make the shipped small NSynth: notes into codes, and codes into notes.

    python data/make/nsynth.py train runs/nsynth     # log: 25 minutes, one core
    python data/make/nsynth.py export runs/nsynth    # seconds

It learns from notes that the course's own synth plays (`corpora.sounds`): four
instruments, every pitch from C2 to C6, but for the pairs of instrument and pitch that
are held out. `train` may be stopped at any time and goes on where it was. The decoder
begins with the layers of the shipped WaveNet (`data/make/wavenet.py`), which plays the
same notes: it need not learn once more what a tone is.

`export` writes data/weights/nsynth.safetensors, .json and .log.jsonl: the averaged
network in half precision, and with it the codes of each instrument's notes, so that a
timbre can be played with no recording at hand.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from deepcomposer_edu.corpora.sounds import SoundSet, note_sounds
from deepcomposer_edu.models.note_wavenet import load_notes_wavenet
from deepcomposer_edu.models.nsynth import NAME, NOTE_CODES, load_nsynth
from deepcomposer_edu.models.sound_encoder import NSynthConfig
from deepcomposer_edu.models.weights import load_weights, save_weights
from deepcomposer_edu.training.nsynth import KIND, PITCHES, SETTINGS, train_nsynth
from deepcomposer_edu.training.options import told_every
from deepcomposer_edu.training.shipping import ship

N_STEPS = 6_000
MADE_BY = "python data/make/nsynth.py"
DATA = "notes of four instruments that the course's own synth plays, C2 to C6"
CODE_VELOCITY = 120  # of the notes whose codes are kept: the loudest, least noisy


def train(run: Path) -> None:
    sounds, notes = note_sounds(pitches=PITCHES), load_notes_wavenet()
    config = NSynthConfig(
        sounds.instruments,
        harmonics=notes.config.harmonics,
        residual=notes.config.residual,
        skip=notes.config.skip,
        kernel=notes.config.wavenet.kernel,
        dilations=notes.config.dilations,
    )
    settings = replace(SETTINGS, learning_rate=2e-3, cosine_steps=N_STEPS)
    train_nsynth(
        run,
        config,
        sounds,
        settings=replace(settings, precision="bfloat16"),
        n_steps=N_STEPS,
        decoder=notes,
        n_frames=12,
        resume=(run / "config.json").exists(),
        on_step=told_every(100),
        sample_every=1_000,
        checkpoint_every=500,
    )


def export(run: Path, step: int | None) -> None:
    ship(run, NAME, KIND, data=DATA, made_by=MADE_BY, step=step)
    sounds = note_sounds(pitches=PITCHES, velocities=(CODE_VELOCITY,))
    network = load_nsynth()
    frames = round(float(sounds.held[0]) * sounds.rate / network.config.hop)
    about = {
        "lowest": min(PITCHES),
        "velocity": CODE_VELOCITY,
        "held_frames": frames,
    }
    weights = load_weights(NAME)
    tensors = {**weights.tensors, NOTE_CODES: note_codes(network, sounds)}
    print(save_weights(NAME, tensors, {**weights.info, NOTE_CODES: about}))


def note_codes(network: torch.nn.Module, sounds: SoundSet) -> torch.Tensor:
    """Return the codes of notes in the order of instrument and pitch, (M, P, F, W)."""
    code = network.encode(sounds.audio)
    return code.unflatten(0, (len(sounds.instruments), -1)).to(torch.float16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("job", choices=("train", "export"))
    parser.add_argument("run", type=Path)
    parser.add_argument("--step", type=int, help="export this checkpoint")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.job == "export":
        export(options.run, options.step)
    else:
        train(options.run)


if __name__ == "__main__":
    main()

"""Does the WaveNet that plays notes play the notes that it is asked for?

    python benchmarks/wavenet.py                     # two minutes of one core
    python benchmarks/wavenet.py --weights runs/x    # the last checkpoint of a run

Two octaves (C3 to C5), each instrument, one note of a second for each pitch, beside the
data: the synth's notes, of which two in each octave of each instrument were held out
from training. Fundamentals are measured by autocorrelation, without being told where to
look; a note without a clear one counts as wrong by more than 30 cents.

Notes are drawn at the temperature at which the course plays them; `--temperature 0.7`
shows a livelier one.

pitch    median error in cents against equal temperament, and the share within 30 cents
level    how far the power lies from that of the data's note, in dB: median and largest
clicks   per second (`music.sound_measures.clicks`)
nats     -ln p of the held-out notes, for each sample
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from deepcomposer_edu.corpora.sounds import SoundSet, note_sounds
from deepcomposer_edu.models.note_wavenet import (
    NAME,
    TEMPERATURE,
    NoteWaveNet,
    load_notes_wavenet,
    note_wavenet_of,
)
from deepcomposer_edu.models.wave_generation import generate
from deepcomposer_edu.music.audio import rms_dbfs
from deepcomposer_edu.music.sound_measures import cents, clicks, fundamental
from deepcomposer_edu.nn.waves import mu_law, mu_law_decode
from deepcomposer_edu.training.checkpoint import checkpoints, load_checkpoint
from deepcomposer_edu.training.predictor import read_settings
from deepcomposer_edu.training.wavenet import KIND, nats_per_sample

PITCHES = range(48, 73)
VELOCITY = 85
CLOSE = 30  # cents


def network_of(weights: str) -> NoteWaveNet:
    """Return shipped weights by name, or the last checkpoint of a run folder."""
    if not Path(weights).is_dir():
        return load_notes_wavenet(weights)
    config, _, _ = read_settings(weights, KIND)
    state = load_checkpoint(checkpoints(Path(weights))[-1])
    print(f"step {state.step} of {weights}")
    return note_wavenet_of(config, state.part("average"))


def played(
    network: NoteWaveNet, sounds: SoundSet, temperature: float, seed: int
) -> np.ndarray:
    """Return what the network plays where it is asked for the data's notes, (N, n)."""
    n = sounds.audio.shape[1]
    found = []
    for first in range(0, len(sounds), 25):
        part = sounds.pick(np.arange(first, min(first + 25, len(sounds))))
        told = (torch.from_numpy(x) for x in (part.pitch, part.instrument))
        local, whole = network.condition(
            *told, torch.from_numpy(part.velocity), n, torch.from_numpy(part.held)
        )
        codes = generate(network.wavenet, n, local, whole, temperature, seed + first)
        found.append(mu_law_decode(codes).numpy())
    return np.concatenate(found)


def errors(audio: np.ndarray, sounds: SoundSet) -> np.ndarray:
    """Return how far each sound is from its pitch, in cents, nan if unclear."""
    wanted = 440 * 2 ** ((sounds.pitch - 69) / 12)
    heard = [fundamental(sound, sounds.rate) for sound in audio]
    return np.array([cents(f, g) for f, g in zip(heard, wanted, strict=True)])


def line(name: str, off: np.ndarray, data_off: np.ndarray) -> str:
    """Return one row of the table of pitches."""
    parts = [f"{name:24}{len(off):4} notes"]
    for x in (np.abs(off), np.abs(data_off)):
        wrong = np.where(np.isnan(x), np.inf, x)
        parts.append(f"{np.median(wrong):6.1f} cents {np.mean(wrong <= CLOSE):7.1%}")
    return "   ".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", default=NAME)
    parser.add_argument("--temperature", type=float, default=TEMPERATURE)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = network_of(options.weights)
    config = network.config
    everything = note_sounds(config.rate, pitches=range(36, 85))
    asked = np.isin(everything.pitch, PITCHES) & (everything.velocity == VELOCITY)
    sounds = everything.pick(asked)
    began = time.process_time()
    audio = played(network, sounds, options.temperature, options.seed)
    spent = time.process_time() - began
    print(f"temperature {options.temperature:g}, seed {options.seed}")
    print(f"{len(sounds)} notes of {sounds.seconds:g} s in {spent:.0f} s\n")
    coded = mu_law_decode(mu_law(torch.from_numpy(sounds.audio))).numpy()
    off, data_off = errors(audio, sounds), errors(sounds.audio, sounds)
    print(f"{'pitch':38}{'WaveNet':24}data")
    for number, name in enumerate(config.instruments):
        own = sounds.instrument == number
        print(line(name, off[own], data_off[own]))
    out = sounds.held_out
    for name, rows in (("all", out | True), ("seen", ~out), ("held-out pairs", out)):
        print(line(name, off[rows], data_off[rows]))
    level = np.array([rms_dbfs(sound) for sound in audio])
    level -= np.array([rms_dbfs(sound) for sound in sounds.audio])
    for name, rows in (("all", out | True), ("held-out pairs", out)):
        print(
            f"level, {name:16} median {np.median(level[rows]):+.1f} dB, "
            f"farthest {level[rows][np.argmax(np.abs(level[rows]))]:+.1f} dB"
        )
    for name, made in (
        ("WaveNet", audio),
        ("data", sounds.audio),
        ("data, 8 bit", coded),
    ):
        rate = np.mean([clicks(sound, sounds.rate) for sound in made])
        print(f"clicks, {name:12} {rate:.2f} per second")
    with torch.no_grad():
        for name, part in (("seen", everything.train), ("held-out", everything.valid)):
            print(f"nats, {name:9} {nats_per_sample(network, part, 48):.3f} per sample")


if __name__ == "__main__":
    main()

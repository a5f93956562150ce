"""Does the translator play a melody's notes, and does it sound like the instrument?

    python benchmarks/translation.py            # minutes on one core
    python benchmarks/translation.py --fast     # two melodies

Melodies of tunes that were held out of training are played by the course's synth with
each of the four instruments and with three that the translator never heard, and
translated into each of the four. Printed is, for each instrument that was heard,

- in tune: the share of frames where the translation has a pitch within 50 cents of the
  melody's, octaves aside (melodies may be moved by octaves);
- nearest: how often the translation, of the same melody by the four instruments, is
  nearest to the one that was wanted by spectral distance (chance is a quarter);
- from: the mean spectral distance of the heard sound to the wanted one's, in dB, and
- to: that of the translation.

At the end the last two lines are the critic's: how often it tells the instrument from
the code. Nothing here was trained on.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch

from deepcomposer_edu.corpora.sounds import SoundSet, phrase_sounds
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.nsynth import TEMPERATURE
from deepcomposer_edu.models.sound_encoder import squeezed
from deepcomposer_edu.models.translation import (
    Translator,
    load_translation,
    translate,
)
from deepcomposer_edu.music.pitch_track import pitch_track
from deepcomposer_edu.music.sound_measures import spectral_distance
from deepcomposer_edu.training.melody_excerpts import tracks

UNHEARD = ("flute", "oboe", "whistle")
NEAR_SEMITONES = 0.5
N_MELODIES = 48  # drawn; those of held-out tunes are used


def in_tune(audio: np.ndarray, hertz: np.ndarray, rate: int, hop: int) -> float:
    """Return the share of frames of a translation whose pitch is the melody's."""
    try:
        found = pitch_track(audio, rate, hop)
    except InputError:
        return 0.0
    off = 12 * np.log2(found.hertz / hertz[: len(found.hertz)])
    off = np.abs((off + 6) % 12 - 6)
    return float(np.mean((off < NEAR_SEMITONES) & found.voiced))


def critic_right(network: Translator, sounds: SoundSet) -> float:
    """Return the share of frames whose instrument the critic tells from the code."""
    with torch.no_grad():
        code = network.encoder(squeezed(torch.as_tensor(sounds.audio)))
        guessed = network.guesses(code).argmax(-1).numpy()
    return float(np.mean(guessed == sounds.instrument[:, None]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fast", action="store_true", help="two melodies")
    parser.add_argument("--temperature", type=float, default=TEMPERATURE)
    parser.add_argument("--weights", default="translation")
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = load_translation(options.weights)
    config, names = network.config, network.config.instruments
    known = phrase_sounds(n=len(names) * N_MELODIES, together=True, instruments=names)
    other = phrase_sounds(
        n=len(UNHEARD) * N_MELODIES, together=True, instruments=UNHEARD
    )
    held = np.flatnonzero(known.held_out[:: len(names)])[: 2 if options.fast else 6]
    print(f"{len(held)} melodies, temperature {options.temperature:g}")
    print(f"{'heard':14}{'in tune':>9}{'nearest':>9}{'from':>8}{'to':>8}")
    heights = tracks(
        known.pick((held[:, None] * len(names) + np.arange(len(names))).ravel()),
        config.hop,
        together=True,
    )[:: len(names)]
    for j, heard in enumerate([*names, *UNHEARD]):
        rows = []
        for melody, hertz in zip(held, heights, strict=True):
            wanted = known.audio[melody * len(names) :][: len(names)]
            sounds = wanted if j < len(names) else other.audio[melody * len(UNHEARD) :]
            source = sounds[j % len(names)]
            for i, name in enumerate(names):
                if name == heard:
                    continue
                made, rate = translate(
                    source,
                    known.rate,
                    name,
                    network=network,
                    temperature=options.temperature,
                )
                distances = [spectral_distance(made, x, rate) for x in wanted]
                rows.append(
                    (
                        in_tune(made, hertz, rate, config.hop),
                        float(np.argmin(distances) == i),
                        spectral_distance(source, wanted[i], rate),
                        distances[i],
                    )
                )
        a, b, c, d = np.mean(rows, axis=0)
        print(f"{heard:14}{100 * a:8.0f}%{100 * b:8.0f}%{c:8.2f}{d:8.2f}", flush=True)
    right = critic_right(network, known.valid)
    print(f"the critic tells the instrument of {100 * right:.0f} % of the frames")
    print(f"chance: {100 / len(names):.0f} %")


if __name__ == "__main__":
    main()

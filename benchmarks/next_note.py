"""The next-note network on music kept back, and the circles in its table of notes.

    python benchmarks/next_note.py

Bits are the surprise at the next note (its length left out) on the test split, beside
n-grams that have counted the same notes (Witten and Bell 1991, method C). n-grams are
not told instrument, genre or place in the bar. Then: what a lie about each embedding
costs, and the share of each circle in the table, beside what shuffling its twelve
pitch classes a thousand times gives.
"""

from __future__ import annotations

import numpy as np
import torch

from deepcomposer_edu.corpora.genres import load_genre
from deepcomposer_edu.corpora.voice_notes import read_voices
from deepcomposer_edu.models.next_note import (
    GENRES,
    LOW_PITCH,
    N_PITCHES,
    Context,
    load_next_note,
    note_number,
)
from deepcomposer_edu.models.ngram import NGram
from deepcomposer_edu.music.circle import CIRCLES, circle_shares, class_means
from deepcomposer_edu.training.next_note import Examples, note_bits, shuffled_bits

ORDERS = (3, 4, 5)
N_SHUFFLES = 1000
EVERY = 10**9  # examples: all of them


def main() -> None:
    torch.set_num_threads(1)
    network = load_next_note()
    train, test = (
        {genre: load_genre(genre, split) for genre in GENRES}
        for split in ("train", "test")
    )
    examples = Examples(test, network.config.n_context)
    told = note_bits(network, examples, EVERY)
    print(f"{len(examples):,} test notes, bits a note")
    print(f"  network              {told:.3f}")
    for part in Context._fields:
        bits = shuffled_bits(network, examples, part, EVERY)
        print(f"    {part + ' wrong':19s}{bits:.3f}")
    notes = [
        [
            [str(note_number(int(pitch))) for pitch in voice.pitches]
            for pieces in split.values()
            for voice in read_voices(pieces)
        ]
        for split in (train, test)
    ]
    vocabulary = [str(number) for number in range(N_PITCHES + 1)]
    for order in ORDERS:
        counted = NGram(notes[0], order=order, vocabulary=vocabulary)
        print(f"  {order}-gram               {counted.bits_per_token(notes[1]):.3f}")

    table = network.tables()["notes"].numpy()[:N_PITCHES]
    classes = class_means(table, np.arange(N_PITCHES) + LOW_PITCH)
    rng = np.random.default_rng(0)
    shuffled = np.array(
        [circle_shares(classes[rng.permutation(12)]) for _ in range(N_SHUFFLES)]
    )
    print("circle          share   shuffled: mean, largest")
    for name, share, chance in zip(
        CIRCLES, circle_shares(classes), shuffled.T, strict=True
    ):
        print(f"{name:15s}{share:6.1%}  {chance.mean():6.1%} {chance.max():6.1%}")


if __name__ == "__main__":
    main()

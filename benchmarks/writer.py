"""The writer on tunes that it has not read: surprise, bars, copies, speed.

    python benchmarks/writer.py [--length 20000] [--tunes 40]

Bits a character are taken on the test split of the tune books, beside those of n-grams
that have counted the same training text (Witten and Bell 1991, method C). What it
writes is measured by whether the bars add up (`music/abc_bars.py`), whether a tune can
be read as music, and how long a piece of it stands letter for letter in the training
text. The last row is the test split's own tunes.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from deepcomposer_edu.corpora.texts import longest_copy
from deepcomposer_edu.corpora.tune_books import joined, load_tune_books, tune_book_text
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.ngram import NGram
from deepcomposer_edu.models.writer import load_writer
from deepcomposer_edu.music.abc import abc_tunes, read_abc
from deepcomposer_edu.music.abc_bars import whole_bar_share

TEMPERATURES = (0.3, 0.7, 1.0, 1.3)
ORDERS = range(3, 8)


def bars_that_add_up(tunes: list[str]) -> float:
    """Return the mean share of whole bars; a tune that lost its metre has none."""
    shares = []
    for tune in tunes:
        try:
            shares.append(whole_bar_share(tune))
        except InputError:
            shares.append(0.0)
    return float(np.mean(shares))


def readable(tunes: list[str]) -> float:
    """Return the share of tunes that can be read as music."""
    n_read = 0
    for tune in tunes:
        try:
            read_abc(tune)
            n_read += 1
        except InputError:
            pass
    return n_read / len(tunes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--length", type=int, default=20_000)
    parser.add_argument("--tunes", type=int, default=40, help="tunes read as music")
    options = parser.parse_args()
    writer = load_writer()
    train, valid, test = (tune_book_text(s) for s in ("train", "valid", "test"))
    print(f"{'bits a character':24s}{'valid':>8s}{'test':>8s}")
    best = np.inf
    for order in ORDERS:
        counted = NGram([train], order, vocabulary=writer.vocabulary.characters)
        bits = [counted.bits_per_token([text]) for text in (valid, test)]
        best = min(best, bits[1])
        print(f"{order}-gram{'':18s}{bits[0]:8.3f}{bits[1]:8.3f}", flush=True)
    bits = [writer.bits_per_character(text) for text in (valid, test)]
    print(f"{writer.name:24s}{bits[0]:8.3f}{bits[1]:8.3f}")
    print(f"better than the best n-gram by {1 - bits[1] / best:.1%} (test)\n")
    header = ("bars %", "read %", "longest copy", "chars/s")
    print(f"{'temperature':24s}" + "".join(f"{name:>14s}" for name in header))
    for temperature in TEMPERATURES:
        began = time.perf_counter()
        text = writer.write("", options.length, temperature, seed=0)
        speed = options.length / (time.perf_counter() - began)
        tunes = abc_tunes(text)[:-1]  # the last one breaks off
        print(
            f"{temperature:<24g}{100 * bars_that_add_up(tunes):14.1f}"
            f"{100 * readable(tunes[: options.tunes]):14.1f}"
            f"{len(longest_copy(text, train)):14d}{speed:14.0f}",
            flush=True,
        )
    real = [tune.abc for tune in load_tune_books("test")]
    copy = longest_copy(joined(load_tune_books("test"))[: options.length], train)
    print(
        f"{'real tunes (test)':24s}{100 * bars_that_add_up(real):14.1f}"
        f"{100 * readable(real[: options.tunes]):14.1f}{len(copy):14d}"
    )


if __name__ == "__main__":
    main()

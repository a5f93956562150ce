"""How well are hidden notes predicted? Definitions B and C, beside published figures.

    python benchmarks/ar_cnn.py                     # music21's chorales, half an hour
    python benchmarks/ar_cnn.py --jsb jsb16.json    # and the canonical arrays
    python benchmarks/ar_cnn.py --quick             # 8 pieces of each split
    python benchmarks/ar_cnn.py --bfloat16          # half the time on some processors

Definition B: some cells of a piece are hidden, any number as likely as any other; the
mean -ln p of a hidden cell, over masks and pieces. It equals the mean cost of a note if
notes are told in random orders, so definition A (`jsb_nll.py`) may stand beside it.

Definition C: Coconet's framewise figure (Huang et al. 2017, Algorithm 1), nats per
frame of four notes: a mixture of five random orders for each frame, so it is no joint
likelihood, and nothing but other figures of C may stand beside it. An untrained network
reads 4 ln 48 = 15.48.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from jsb_nll import Bare, Pieces, read_jsb

from deepcomposer_edu.corpora.chorales import load_chorales
from deepcomposer_edu.models.orderless import OrderlessConfig, OrderlessNet
from deepcomposer_edu.models.weights import load_weights
from deepcomposer_edu.training.orderless_measures import nats_any_order, nats_by_frame
from deepcomposer_edu.training.pieces import piece_frames

PUBLISHED = """\
published, nats (only B beside B, only C beside C):
  C, canonical test: Coconet, sixteenths, random orders 0.57 +- 0.01 (Huang et al. 2017)
  a re-run of Coconet with 170 thousand weights: B valid 0.442, C 0.614 +- 0.015"""
N_MASKS = 8  # of each piece, in B
C_STEPS = 64  # of each piece, in C: the cost grows with the square of the length
QUICK_PIECES = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jsb", type=Path, help="the canonical arrays")
    parser.add_argument("--quick", action="store_true", help="a few pieces only")
    parser.add_argument("--splits", help="only these, with commas between them")
    parser.add_argument("--bfloat16", action="store_true", help="of 8 bits' precision")
    parser.add_argument("--weights", default="ar-cnn-orderless")
    options = parser.parse_args()
    torch.set_num_threads(1)
    splits: dict[str, Pieces] = {
        name: [piece.grid.pitches for piece in load_chorales(name)]
        for name in ("valid", "test")
    }
    if options.jsb:
        splits |= read_jsb(options.jsb)
    if options.splits:
        wanted = [name.strip() for name in options.splits.split(",")]
        splits = {name: found for name, found in splits.items() if name in wanted}
    stored = load_weights(options.weights)
    config = OrderlessConfig.of(stored.info["config"])
    network, untrained = OrderlessNet(config), OrderlessNet(config)
    network.load_state_dict({k: v.float() for k, v in stored.tensors.items()})
    n_pieces = QUICK_PIECES if options.quick else None
    print(f"{'nats':20}{'pieces':>8}{'B':>10}{'C':>10}{'+-':>8}")
    with torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16):
        first = [piece_frames(Bare(next(iter(splits.values()))[0]))]
        row("untrained", untrained, first, 16)
        for name, found in splits.items():
            pieces = [piece_frames(Bare(p)) for p in found[:n_pieces]]
            row(name, network, pieces, C_STEPS)
    print(PUBLISHED)


def row(name: str, network: OrderlessNet, pieces: list, n_steps: int) -> None:
    b = nats_any_order(network, pieces, N_MASKS)
    c, error = nats_by_frame(network, pieces, n_steps=n_steps)
    print(f"{name:20}{len(pieces):8}{b:10.4f}{c:10.3f}{error:8.3f}", flush=True)


if __name__ == "__main__":
    main()

"""How does a class's chorale sound, and after how much training?

    python benchmarks/class_chorale.py              # a quarter of an hour on one core
    python benchmarks/class_chorale.py --quick      # minutes; its figures mean nothing

For each voice some small networks are trained from different seeds
(`deepcomposer train voice`), and read again after fewer steps of the same runs. Then
they sing under the sopranos of test chorales, the first 128 steps of each, two bars a
singer in turn, as `deepcomposer classroom chorale` lets a class sing. The battery of
`deepcomposer_edu.music.battery` is taken as drawn and when they have agreed, beside
Bach under the same sopranos, and beside the shipped orderless network in the same
choir. Nothing was trained on or chosen by the test pieces.

Seconds are of the processor, which a computer that does nothing else takes by the
clock.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from transformer_quality import COLUMNS, row

from deepcomposer_edu.classroom.chorale import Verse, class_chorale
from deepcomposer_edu.classroom.singers import Singer, Singers
from deepcomposer_edu.corpora.chorales import Chorale, load_chorales
from deepcomposer_edu.models.ar_cnn import load_ar_cnn
from deepcomposer_edu.models.choir import VoiceOf
from deepcomposer_edu.models.voice_file import MAX_BYTES, save_voice
from deepcomposer_edu.models.voice_net import LEARNED, SINGS, VoiceConfig, VoiceNet
from deepcomposer_edu.music.battery import CROP_STEPS
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.music.score import Metre, Score
from deepcomposer_edu.training.checkpoint import checkpoint_path, load_checkpoint
from deepcomposer_edu.training.pieces import piece_frames
from deepcomposer_edu.training.voice import N_STEPS, judge_voice, train_voice


@dataclass
class Trained:
    """A run of one voice: its networks by step, and the seconds until then."""

    voice: str
    networks: dict[int, VoiceNet]
    seconds: dict[int, float]


def train(voice: str, seed: int, stages: Sequence[int], folder: Path) -> Trained:
    """Train a voice once and read it at each of the stages."""
    run, begun, found = folder / f"{voice}-{seed}", time.process_time(), {}

    def tell(line: dict[str, float]) -> None:
        if line["step"] in stages:
            found[int(line["step"])] = time.process_time() - begun

    config = VoiceConfig(voice)
    train_voice(
        run,
        config,
        n_steps=max(stages),
        seed=seed,
        valid=(load_chorales("valid")[0],),
        sample_every=max(stages),
        checkpoint_every=min(stages),
        on_step=tell,
    )
    networks = {}
    for step in stages:
        networks[step] = VoiceNet(config).eval()
        state = load_checkpoint(checkpoint_path(run, step))
        networks[step].load_state_dict(state.part("average"))
    return Trained(voice, networks, found)


def soprano_of(piece: Chorale) -> Score:
    """Return the beginning of a chorale's soprano as a tune."""
    beats, beat_type = (int(part) for part in piece.metre.split("/"))
    return from_grid(
        piece.melody.crop(0, CROP_STEPS),
        tempo=80.0,
        metres=[Metre(0, beats, beat_type)],
        pickup=piece.pickup,
        title=piece.title,
    )


def sung(pieces: Sequence[Chorale], singers: Singers) -> tuple[list[Verse], float]:
    """Return a verse under each soprano, and the seconds of one."""
    begun, verses = time.process_time(), []
    for seed, piece in enumerate(pieces):
        made = class_chorale(soprano_of(piece), singers, n_verses=1, seed=seed)
        verses += made.verses
    return verses, (time.process_time() - begun) / len(pieces)


def show(name: str, pieces: Sequence[Chorale], singers: Singers) -> None:
    """Print the battery before and after agreeing, and how they agreed."""
    verses, seconds = sung(pieces, singers)
    row(f"{name}, as drawn", [verse.drawn for verse in verses])
    row(f"{name}, agreed", [verse.grid for verse in verses])
    first = sum(verse.rounds[0].share for verse in verses) / len(verses)
    last = sum(verse.rounds[-1].share for verse in verses) / len(verses)
    n_agreed = sum(verse.is_agreed for verse in verses)
    print(
        f"    content with {first:.0%} of the notes in the first round, {last:.0%} in "
        f"the last; agreed in {n_agreed} of {len(verses)}; {seconds:.1f} s a verse",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="to see that it runs")
    parser.add_argument("--singers", type=int, default=2, help="of each voice")
    options = parser.parse_args()
    torch.set_num_threads(1)
    stages = (2, 4) if options.quick else (N_STEPS // 4, N_STEPS // 2, N_STEPS)
    test = [piece for piece in load_chorales("test") if piece.is_clean]
    pieces = [piece for piece in test if piece.grid.n_steps >= CROP_STEPS]
    pieces = pieces[: 1 if options.quick else 12]
    frames = [piece_frames(piece) for piece in pieces]
    with tempfile.TemporaryDirectory() as folder:
        runs = [
            train(voice, seed, stages, Path(folder))
            for voice in LEARNED
            for seed in range(options.singers)
        ]
        file = save_voice(Path(folder, "x.voice"), runs[0].networks[stages[0]], "x", {})
        print(
            f"a file has {file.stat().st_size:,} bytes, at most {MAX_BYTES:,} are read"
        )
    print(f"\nnotes of Bach found, of {len(pieces)} test chorales, the others heard")
    print(f"{'':24}" + "".join(f"{voice:>10}" for voice in LEARNED) + f"{'s each':>10}")
    for step in stages:
        found = [
            [
                judge_voice(r.networks[step], SINGS[v], frames)["right"]
                for r in runs
                if r.voice == v
            ]
            for v in LEARNED
        ]
        seconds = sum(run.seconds[step] for run in runs) / len(runs)
        values = "".join(f"{sum(x) / len(x):10.1%}" for x in found)
        print(f"{step:6} steps{'':12}{values}{seconds:10.0f}", flush=True)
    shipped = {v: VoiceOf(load_ar_cnn().network, SINGS[v]) for v in LEARNED}
    values = (judge_voice(shipped[v], SINGS[v], frames)["right"] for v in LEARNED)
    print(f"{'shipped orderless':24}" + "".join(f"{x:10.1%}" for x in values))

    print(f"\n{'':34}" + "".join(f"{title:>10}" for _, title, _ in COLUMNS))
    row("Bach", [piece.grid.crop(0, CROP_STEPS) for piece in pieces])
    for step in stages:
        singers = [
            Singer(f"{r.voice} {i}", r.voice, r.networks[step])
            for i, r in enumerate(runs)
        ]
        show(f"{step} steps", pieces, Singers(tuple(singers)))
    network = [Singer("shipped", voice, shipped[voice]) for voice in LEARNED]
    show("shipped", pieces, Singers(tuple(network)))


if __name__ == "__main__":
    main()

"""Trainings that are to be killed with kill -9; see `benchmarks/kills.py`."""

from __future__ import annotations

import json
from pathlib import Path

from killed_work import Work


class Training(Work):
    """A training that goes on after each kill until it is done; then a new one."""

    lost_words = "steps after the last checkpoint"
    modules = ("deepcomposer_edu.training.wgan", "deepcomposer_edu.training.writer")
    end_words = "the same bytes as a run never killed"
    n_steps, every = 30, 1

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.number = 0

    @property
    def run(self) -> Path:
        """The run folder that is trained in now."""
        return self.folder / f"run{self.number}"

    def train(self, run: Path) -> None:
        """Begin or go on in a run folder."""
        from tiny_training import train

        options = {"sample_every": 10, "checkpoint_every": self.every}
        train(run, self.n_steps, resume=(run / "config.json").exists(), **options)

    def alone(self) -> None:
        """Train without a kill."""
        self.train(self.folder / "whole")

    def act(self) -> None:
        """Train until the end."""
        self.train(self.run)

    def look(self) -> int:
        """Every file is whole; at the end they are those of the whole run."""
        from deepcomposer_edu.music.midi import read_midi
        from deepcomposer_edu.training.checkpoint import checkpoints, load_checkpoint
        from deepcomposer_edu.training.history import read_history

        for path in self.run.glob("*.json"):
            json.loads(path.read_text("utf-8"))
        for path in self.run.glob("samples/[!.]*.mid"):
            read_midi(path)
        steps = [load_checkpoint(path).step for path in checkpoints(self.run)]
        rows = [row["step"] for row in read_history(self.run)]
        lost = int(rows[-1] if rows else 0) - (steps[-1] if steps else 0)
        assert lost <= self.every, (rows, steps)
        if self.ended:
            assert not list(self.run.rglob(".*.part*"))  # left by kills, swept since
            ours, theirs = (self.made(self.folder / r) for r in (self.run, "whole"))
            assert ours == theirs
            self.number += 1
        return lost

    def made(self, run: Path) -> tuple[bytes, list[dict]]:
        """Return what two equal trainings have in common to the last bit."""
        from tiny_training import without_seconds

        from deepcomposer_edu.training.checkpoint import checkpoint_path
        from deepcomposer_edu.training.history import read_history

        rows = without_seconds(read_history(run))
        return checkpoint_path(run, self.n_steps).read_bytes(), rows


class WriterTraining(Training):
    """The same with another network, whose state is carried from step to step."""

    n_steps, every = 60, 5

    def train(self, run: Path) -> None:
        """Begin or go on in a run folder."""
        from deepcomposer_edu.models.writer import WriterConfig
        from deepcomposer_edu.training.writer import train_writer

        config = WriterConfig(8, 16, sequence_length=16, batch_size=4)
        options = {"sample_every": 20, "checkpoint_every": self.every}
        goes_on = (run / "config.json").exists()
        text = "the quick brown fox jumps over the lazy dog\n" * 40
        train_writer(run, config, text=text, n_steps=60, resume=goes_on, **options)

"""Work that is to be killed with kill -9, and what must be true after each kill.

`benchmarks/kills.py` does the killing.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))


class Work:
    """Something that is done, killed, and looked after.

    Args:
        folder: an empty folder for it.
    """

    lost_words = ""  # what `look` counts
    end_words = "whole"  # what was seen when it was left alone at last
    modules = ("deepcomposer_edu.files",)  # what it needs that takes long to load

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tell: Callable[[object], object] = print  # `act` says what is finished
        self.told: list[str] = []  # what it said before it was killed
        self.ended = False  # whether it came to its end before

    def alone(self) -> None:
        """Do once, unkilled, what the rest is compared with; in another process."""

    def after_alone(self) -> None:
        """Take note, in this process, of what `alone` did."""

    def act(self) -> None:
        """Do it, in another process."""
        raise NotImplementedError

    def look(self) -> int:
        """Look after a kill, or after the end; return how much is lost."""
        raise NotImplementedError


class Export(Work):
    """Two compositions in turn, each saved over the other."""

    lost_words = "files that are of neither save"
    modules = ("deepcomposer_edu.compose.export.saving", "deepcomposer_edu.viz.rolls")
    parts = ("mid", "wav", "mp3", "png", "json")

    def save(self, seed: int, folder: Path) -> None:
        """Compose by a seed and save."""
        from deepcomposer_edu.compose import compose
        from deepcomposer_edu.corpora.tunes import load_tune

        made = compose(load_tune("ode-to-joy"), "random", seed=seed)
        made.save(folder, self.parts)

    def alone(self) -> None:
        """Save each once where nobody kills."""
        for seed in (1, 2):
            self.save(seed, self.folder / str(seed))

    def act(self) -> None:
        """Save one over the other."""
        for seed in (1, 2):
            self.save(seed, self.folder / "here")
            self.tell(seed)

    def look(self) -> int:
        """Each file is whole, and after the next save all are of one composition."""
        from deepcomposer_edu.compose.export.saving import save_score
        from deepcomposer_edu.music.score import Score

        here = self.folder / "here"
        both = [contents(self.folder / seed) for seed in "12"]
        for name, data in contents(here).items():
            assert data in [one[name] for one in both], name
        other = Score.from_notes([(0, 60, 4)])
        save_score(other, here, "mid", name="other")
        (here / "other.mid").unlink()
        left = contents(here)
        assert left in [*both, {}], sorted(left)
        assert [path.name for path in here.iterdir() if path.name[0] == "."] == []
        return 0


class Submit(Work):
    """The worked example, packed over an earlier entry."""

    lost_words = "zips that are neither the old nor the new"
    modules = ("deepcomposer_edu.challenge.submitting", "torch")

    def alone(self) -> None:
        """Make a workspace, an earlier zip, and the zip as it is to be."""
        from dataclasses import replace

        from deepcomposer_edu.challenge.example import load_example
        from deepcomposer_edu.challenge.submitting import submit
        from deepcomposer_edu.challenge.workspace import new_workspace

        example = load_example()
        work = new_workspace(self.folder / "work", example.card)
        work.save(example.composition)
        work.save_card(replace(example.card, title="An earlier title"))
        submit(work, self.folder / "old.zip")
        work.save_card(example.card)
        submit(work, self.folder / "new.zip")
        shutil.copy(self.folder / "old.zip", self.folder / "entry.zip")
        shutil.copytree(self.folder / "work", self.folder / "work.before")

    def act(self) -> None:
        """Submit."""
        from deepcomposer_edu.challenge.submitting import submit

        submit(self.folder / "work", self.folder / "entry.zip")

    def look(self) -> int:
        """The zip is the old one or the new one; the workspace is as it was."""
        from deepcomposer_edu.challenge.reading import read_entry

        entry, kinds = self.folder / "entry.zip", ("old.zip", "new.zip")
        read_entry(entry)
        found = [(self.folder / kind).read_bytes() for kind in kinds]
        assert entry.read_bytes() in found
        before, after = (contents(self.folder / f"work{x}") for x in (".before", ""))
        assert before == after
        shutil.copy(self.folder / "old.zip", entry)
        return 0


class Notebook(Work):
    """A lesson that JupyterLab saves, each time with another text in it."""

    lost_words = "finished saves that are gone"
    modules = ("jupyter_server.services.contents.largefilemanager",)
    n_saves = 5

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.last = 0

    def manager(self):
        """Return what JupyterLab saves and opens notebooks with."""
        from jupyter_server.services.contents.largefilemanager import (
            AsyncLargeFileManager,
        )

        return AsyncLargeFileManager(root_dir=str(self.folder))

    def alone(self) -> None:
        """Save as often as in one turn."""
        self.act()

    def after_alone(self) -> None:
        """Go on from there."""
        self.last = self.n_saves

    def act(self) -> None:
        """Save it some times."""
        first = self.last + 1

        async def save_all() -> None:
            manager = self.manager()
            for number in range(first, first + self.n_saves):
                model = {"type": "notebook", "format": "json", "content": book(number)}
                await manager.save(model, "lesson.ipynb")
                self.tell(number)

        asyncio.run(save_all())

    def look(self) -> int:
        """What opens is the last finished save, or the one that was being written."""
        finished = int(self.told[-1]) if self.told else self.last
        model = asyncio.run(self.manager().get("lesson.ipynb"))
        cells = model["content"]["cells"]
        self.last = int(cells[0]["source"])
        assert len(cells) == len(book(0)["cells"])
        assert finished <= self.last <= finished + 1, (finished, self.last)
        return 0


def book(number: int) -> dict:
    """Return a notebook of half a megabyte that begins with a number."""
    output = {"output_type": "stream", "name": "stdout", "text": "C4 D4 E4 F4\n" * 4000}
    code = {"cell_type": "code", "metadata": {}, "execution_count": 1}
    cells = [{**code, "source": str(number), "outputs": []}]
    cells += [{**code, "source": "play()", "outputs": [output]} for _ in range(10)]
    cells = [{**cell, "id": f"cell{i}"} for i, cell in enumerate(cells)]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


class Progress(Work):
    """Lines about a learner, added to one file."""

    lost_words = "finished lines that are gone"
    modules = ("deepcomposer_edu.course.progress",)
    n_lines = 1000

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.n_before = 0

    def alone(self) -> None:
        """Write as many lines as in one turn."""
        self.act()

    def after_alone(self) -> None:
        """Go on from there."""
        self.n_before = self.n_lines

    def act(self) -> None:
        """Write lines."""
        from deepcomposer_edu.course.progress_log import record

        os.environ["DEEPCOMPOSER_PROGRESS"] = str(self.folder / "progress.jsonl")
        for number in range(self.n_lines):
            record("check", "07", "7.1", "refused", note=f"line {number}")
            self.tell(number)

    def look(self) -> int:
        """Every line that was finished is there."""
        from deepcomposer_edu.course.progress import parse_progress

        text = (self.folder / "progress.jsonl").read_text("utf-8")
        n_there = len(parse_progress(text).records)
        assert 0 <= n_there - self.n_before - len(self.told) <= 1
        self.n_before = n_there
        return 0


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of every file in a folder that can be seen, by its name."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }

"""Everything that writes files, let loose on a closed folder and on a full disk.

Run as a program by `unit/test_closed_folders.py`: it prints what each writer said.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from challenge_entries import card, composition, four_voices

from deepcomposer_edu.challenge.card import write_card
from deepcomposer_edu.challenge.workspace import new_workspace
from deepcomposer_edu.classroom.hub_folder import prepare_folder
from deepcomposer_edu.classroom.seats import make_seats, write_seats
from deepcomposer_edu.classroom.slips import write_slips
from deepcomposer_edu.compose.export.cards import process_card
from deepcomposer_edu.compose.export.gallery import piece_of, write_gallery
from deepcomposer_edu.compose.export.saving import save_score
from deepcomposer_edu.compose.versions import Versions
from deepcomposer_edu.course.copies import sync_lessons, write_notes
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.weights import save_weights
from deepcomposer_edu.music.audio import write_mp3, write_wav
from deepcomposer_edu.music.midi import write_midi
from deepcomposer_edu.music.musicxml_write import write_musicxml
from deepcomposer_edu.training.checkpoint import Checkpoint, write_checkpoint
from deepcomposer_edu.training.claim import claimed
from deepcomposer_edu.training.history import History
from deepcomposer_edu.training.run_settings import write_settings
from deepcomposer_edu.training.state import RunState, write_state
from deepcomposer_edu.web_page import write_page

ROOT = Path(__file__).resolve().parent.parent
PIECE = composition(four_voices(1))
TONE = np.zeros((8_000, 2), np.float32)
SEATS = make_seats(["Learner 1", "Learner 2"])


def _claim(folder: Path) -> None:
    with claimed(folder / "run"):
        pass


WRITERS: dict[str, Callable[[Path], object]] = {
    "MIDI": lambda to: write_midi(PIECE.score, to / "a.mid"),
    "MusicXML": lambda to: write_musicxml(PIECE.score, to / "a.musicxml"),
    "WAV": lambda to: write_wav(to / "a.wav", TONE, 8_000),
    "MP3": lambda to: write_mp3(to / "a.mp3", TONE, 8_000),
    "composition": lambda to: save_score(PIECE.score, to / "out", "mid"),
    "version": lambda to: Versions(to / "versions").add(PIECE),
    "card of a composition": lambda to: process_card(PIECE).save(to / "a.md"),
    "gallery": lambda to: write_gallery([piece_of(PIECE)], to / "g"),
    "page": lambda to: write_page(to / "a.html", "<p>"),
    "workspace": lambda to: new_workspace(to / "work", card()),
    "card": lambda to: write_card(to / "card.json", card()),
    "seats": lambda to: write_seats(SEATS, to / "seats.json"),
    "slips": lambda to: write_slips(SEATS, "http://127.0.0.1", to / "slips.html"),
    "hub": lambda to: prepare_folder(to / "hub", ["Learner 1"], False),
    "lessons": lambda to: sync_lessons(ROOT / "lessons", to / "my_work"),
    "notes of lessons": lambda to: write_notes(to, {"a.ipynb": "0"}),
    "weights": lambda to: save_weights("a", {"a": torch.zeros(2)}, {}, to),
    "checkpoint": lambda to: write_checkpoint(to, Checkpoint(1, {})),
    "run: settings": lambda to: write_settings(to, {}, {}),
    "run: state": lambda to: write_state(to, RunState("training", 1)),
    "run: history": lambda to: History(to).add({"step": 1}),
    "run: claim": _claim,
}


def said(write: Callable[[Path], object], folder: Path) -> str:
    """Return what a writer says, or which other error it raises."""
    try:
        write(folder)
    except InputError as error:
        return str(error)
    except Exception as error:
        return f"!! {type(error).__name__}: {error}"
    return "!! written"


def seen(folder: Path) -> list[str]:
    """Return what is in a folder now."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


def main() -> None:
    """Let every writer try both, and print what it said and left."""
    place, told = Path(sys.argv[1]), {}
    for number, (name, write) in enumerate(WRITERS.items()):
        closed = place / f"closed{number}"
        closed.mkdir()
        closed.chmod(0o555)
        told[name] = {"closed": [said(write, closed), seen(closed)]}
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for number, (name, write) in enumerate(WRITERS.items()):
        full = place / f"full{number}"
        full.mkdir()
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        words = said(write, full)
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        told[name]["full"] = [words, seen(full)]
    print(json.dumps(told))


if __name__ == "__main__":
    main()

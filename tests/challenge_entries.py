"""Entries of the challenge for tests: real files, made by hand, without networks."""

from __future__ import annotations

import io
import json
import wave
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.entry import CHECKSUMS, MOST_BYTES, checksums
from deepcomposer_edu.challenge.report import CheckReport, Criterion, Gate, Worst
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.provenance import (
    FORMAT,
    FORMAT_VERSION,
    notes_digest,
    to_json,
)
from deepcomposer_edu.music.grid import Grid, from_grid
from deepcomposer_edu.music.midi_write import midi_bytes
from deepcomposer_edu.music.score import Score
from deepcomposer_edu.music.score_dict import score_to_dict

RATE = 22_050
CHORDS = ([72, 67, 64, 48], [74, 67, 62, 47], [76, 67, 60, 48], [72, 65, 60, 53])


def four_voices(n_bars: int = 4, up: int = 0, tempo: float = 120.0) -> Score:
    """Return chords of four voices, a new one on each beat."""
    pitches = np.array([CHORDS[i % 4] for i in range(4 * n_bars)]).T + up  # (4, beats)
    grid = Grid(np.repeat(pitches, 4, axis=1))
    return from_grid(grid, tempo=tempo, title="To space")


def composition(score: Score | None = None) -> Composition:
    """Return a composition that says it was made by the wgan, and was not."""
    score = score or four_voices()
    melody = {"kind": "score", "name": "test", "score": score_to_dict(score)}
    provenance = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "technique": "wgan",
        "genre": "bach",
        "parameters": {},
        "seed": 0,
        "tempo": None,
        "instruments": [0],
        "n_given": len(score.tracks[0].notes),
        "weights": None,
        "versions": {},
        "input_notes": [],
        "result": {"sha256": notes_digest(score), "score": score_to_dict(score)},
        "parents": [melody],
    }
    return Composition(score, provenance)


def card(**changes: object) -> Card:
    """Return a card with everything on it."""
    whole = Card(
        "To space", ("Learner 1",), "team-7", (), "wonder", "own", "own work", "CC BY"
    )
    return replace(whole, **changes)


def wav_bytes(
    seconds: float = 9.0, hertz: float = 220.0, loud: float = 0.3, rate: int = RATE
) -> bytes:
    """Return a tone as the bytes of a WAV file of 16 bits."""
    tone = loud * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((tone * 32_767).astype("<i2").tobytes())
    return out.getvalue()


def entry_files(made: Composition | None = None, **changes: bytes) -> dict[str, bytes]:
    """Return the files of an entry; `changes` replaces some, with _ for a point."""
    made = made or composition()
    files = dict.fromkeys(MOST_BYTES, b"(not looked at)\n")
    files["entry.mid"] = midi_bytes(made.score)
    files["entry.wav"] = wav_bytes(made.score.seconds + 1)
    files["entry.json"] = to_json(made.provenance).encode()
    files["card.json"] = json.dumps(card().to_dict()).encode()
    for name, data in changes.items():
        files[name.replace("_", ".")] = data
    return files


def zip_of(files: dict[str, bytes], is_summed: bool = True) -> bytes:
    """Return files as the bytes of a zip, with their checksums if wanted."""
    out = io.BytesIO()
    if is_summed:
        files = {**files, CHECKSUMS: checksums(files)}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def put_entry(folder: Path, name: str, score: Score | None = None, **words) -> Path:
    """Write an entry into a folder; `words` goes to its card."""
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(card(**words).to_dict()).encode()
    path = folder / name
    path.write_bytes(zip_of(entry_files(composition(score), card_json=data)))
    return path


def report(title: str = "To space", points: float = 6.0, passed: bool = True):
    """Return what a machine might say."""
    criteria = tuple(
        Criterion(name, name.capitalize(), points, (), "Something costs most.")
        for name in ("originality", "rhythm", "accompaniment", "cleanliness")
    )
    mend = "Arrange it to 60 seconds."
    gate = Gate("length", passed, "It lasts 68 s, 55 to 65 are asked for.", mend)
    worst = Worst(2, 16, 32, 2.0, 4.0, ("Parallel fifths.",), "Bar 2 is the worst.")
    return CheckReport(title, 60.0, (gate,), criteria, worst, 3.0, 40.0)

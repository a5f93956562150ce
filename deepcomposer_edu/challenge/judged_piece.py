"""One entry as it is judged: its sound measured, its secrets put aside."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.check import check_entry
from deepcomposer_edu.challenge.entry import Entry
from deepcomposer_edu.challenge.papers import by_bar
from deepcomposer_edu.challenge.reading import shown
from deepcomposer_edu.challenge.report import CheckReport
from deepcomposer_edu.challenge.submitting import refusals
from deepcomposer_edu.compose.arranging.record import arrangement_of
from deepcomposer_edu.compose.blind.sound import matched_clips, mp3_of
from deepcomposer_edu.compose.chain import networks_of, steps_of
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import MP3_RATES, write_wav
from deepcomposer_edu.music.grid import from_grid
from deepcomposer_edu.music.loudness import loudness
from deepcomposer_edu.music.score import Score

N_PEAKS = 240  # columns of the picture of a sound
MAX_SECTIONS, MAX_MADE = 12, 60
SILENT = 1e-4  # -80 dBFS


@dataclass(frozen=True)
class JudgedPiece:
    """One entry as it is judged.

    Args:
        name: of its file.
        sha256: of its file.
        notes_sha256: of its notes.
        card: what its composers say.
        report: what a machine says.
        seconds: how long its sound is.
        rate: samples per second of the stored sound.
        lufs: how loud it was handed in.
        peak: its highest sample, 0 to 1.
        peaks: the highest sample of each column of a picture, 0 to 99.
        sections: (name, start, end) in seconds, to be heard again.
        made: how it was made, as rows (what, words).
        clips: (words, MP3 as base64): a passage, and the closest of Bach's.
        store: where its sound lies, as numbers of 16 bits.
        code: what judges call it.
    """

    name: str
    sha256: str
    notes_sha256: str
    card: Card
    report: CheckReport = field(repr=False)
    seconds: float
    rate: int
    lufs: float
    peak: float
    peaks: tuple[int, ...] = field(repr=False)
    sections: tuple[tuple[str, float, float], ...]
    made: tuple[tuple[str, str], ...] = field(repr=False)
    clips: tuple[tuple[str, str], ...] = field(repr=False)
    store: Path = field(repr=False)
    code: str = ""

    def coded(self, code: str) -> JudgedPiece:
        """Return the same with a code."""
        return replace(self, code=code)

    def revealed(self) -> dict[str, object]:
        """Return what a judge sees when an entry is finished: no names even then."""
        report, worst = self.report, self.report.worst
        return {
            "title": self.card.title,
            "intent": self.card.intent,
            "made": [list(row) for row in self.made],
            "points": [
                [one.title, f"{one.points:.1f}", one.sentence]
                for one in report.criteria
            ],
            "gates": refusals(report),
            "worst": worst
            and {
                "sentence": worst.sentence,
                "start": worst.start_seconds,
                "end": worst.end_seconds,
            },
            "closest": str(report.novelty) if report.novelty else "Not looked for.",
            "clips": [list(clip) for clip in self.clips],
        }

    def record(self) -> dict[str, object]:
        """Return what key.json says of it."""
        return {
            "code": self.code,
            "file": self.name,
            "sha256": self.sha256,
            "card": self.card.to_dict(),
            "report": self.report.to_dict(),
        }


def judged_piece(entry: Entry, store: Path, replay: bool = False) -> JudgedPiece:
    """Return an entry as it is judged.

    Args:
        entry: as it was read.
        store: where to put its sound; the ending is added.
        replay: whether its music is made again from its provenance.

    Raises:
        InputError: if its sound is silent, or nothing can be said of it.
    """
    audio, rate = playable(entry)
    peak = float(np.abs(audio).max())
    if peak < SILENT:
        raise InputError("its sound is silent.")
    wav = store.with_suffix(".wav")
    write_wav(wav, entry.audio, entry.rate)
    report = check_entry(entry.composition, entry.card, wav, replay=replay)
    stored = store.with_suffix(".npy")
    np.save(stored, np.rint(audio * 32_767).astype(np.int16))
    return JudgedPiece(
        name=entry.name,
        sha256=entry.sha256,
        notes_sha256=entry.composition.provenance["result"]["sha256"],
        card=entry.card,
        report=report,
        seconds=len(audio) / rate,
        rate=rate,
        lufs=loudness(audio, rate),
        peak=peak,
        peaks=peaks_of(audio),
        sections=sections_of(entry.composition, len(audio) / rate),
        made=tuple(_made(entry.composition)),
        clips=tuple(_closest(report, entry.composition.score)),
        store=stored,
    )


def playable(entry: Entry) -> tuple[np.ndarray, int]:
    """Return an entry's sound, (N, C), and a rate that MP3 has, from 22,050 on."""
    if entry.rate in MP3_RATES and entry.rate >= 22_050:
        return entry.audio, entry.rate
    from scipy.signal import resample_poly

    moved = resample_poly(entry.audio, 44_100, entry.rate, axis=0)
    return np.clip(moved, -1, 1).astype(np.float32), 44_100


def peaks_of(audio: np.ndarray, n: int = N_PEAKS) -> tuple[int, ...]:
    """Return the highest sample of each of n equal parts, 0 to 99 of the highest.

    Args:
        audio: shape (N, C).
        n: parts.
    """
    heights = np.abs(audio).max(axis=1)
    columns = [part.max(initial=0) for part in np.array_split(heights, n)]
    most = max(*columns, 1e-9)
    return tuple(int(99 * height / most) for height in columns)


def sections_of(
    composition: Composition, seconds: float
) -> tuple[tuple[str, float, float], ...]:
    """Return the sections of a piece in seconds: its own, or quarters of its bars."""
    score = composition.score
    try:
        sections = arrangement_of(composition).sections[:MAX_SECTIONS]
        steps = [(shown(s.name, 8), float(s.start)) for s in sections]
    except (InputError, TypeError, ValueError, KeyError):
        steps = []  # it was not arranged, or its record cannot be used
    starts = [start for _, start in steps]
    in_order = starts == sorted(starts) and all(0 <= s < score.end for s in starts)
    if len(steps) < 2 or not in_order:
        bar = score.metres[0].steps_per_bar
        n_bars = max(round(score.end / bar), 1)
        bars = sorted({round(n_bars * part / 4) for part in range(4)})
        steps = [(f"bar {n + 1}", n * bar) for n in bars]
    starts = [min(score.seconds_at(step), seconds) for _, step in steps]
    starts[0] = 0.0
    ends = [*starts[1:], seconds]
    return tuple(
        (name, round(start, 2), round(end, 2))
        for (name, _), start, end in zip(steps, starts, ends, strict=True)
    )


def _made(composition: Composition) -> Iterator[tuple[str, str]]:
    """Yield how a piece was made, step by step and bar by bar: no names."""
    for number, step in enumerate(steps_of(composition.provenance), 1):
        names = " and ".join(networks_of(step))
        told = [step.get("technique"), step.get("genre"), f"seed {step.get('seed')}"]
        told.append(f"network {names}" if names else "no network")
        yield f"step {number}", shown(", ".join(map(str, told)), 200)
    rows = by_bar(composition)
    yield from rows[:MAX_MADE]
    if len(rows) > MAX_MADE:
        yield "and more", f"{len(rows) - MAX_MADE} rows are left out"


def _closest(report: CheckReport, score: Score) -> Iterator[tuple[str, str]]:
    """Yield the passage most like one of Bach's, and Bach's, as MP3."""
    found = report.novelty
    if found is None:
        return
    passage = found.closest
    tempo = min(max(score.tempo, 60.0), 140.0)
    pair = [from_grid(grid, tempo=tempo) for grid in (passage.own, passage.grid)]
    if not all(one.notes for one in pair):
        return
    words = (
        f"bar {passage.own_bar} of this entry",
        f"bar {passage.bar} of Bach's {passage.title}",
    )
    for told, clip in zip(words, matched_clips(pair), strict=True):
        yield told, base64.b64encode(mp3_of(clip)).decode()

"""Music as files: notes, sound, notation, picture, film and provenance, all or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.export.lanes import Job, Report, run_lanes
from deepcomposer_edu.compose.export.staging import staged
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.compose.raw_sound.timbres import (
    Timbre,
    checked_timbres,
    recorded_timbres,
    with_timbres,
)
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.score import Score

PART_WORDS = {
    "mid": "notes, for every music program",
    "wav": "sound, as it is",
    "mp3": "sound, a tenth as large",
    "musicxml": "notation, for MuseScore and its like",
    "png": "picture of the piano roll",
    "mp4": "film: the piano roll with a playhead and the sound",
    "json": "how it was made, for `replay`",
}
PARTS = tuple(PART_WORDS)
DEFAULT_PARTS = ("mid", "wav", "mp3", "png", "json")
SAMPLE_RATE = 44100  # of every sound, in hertz
BASENAME = "composition"

Progress = Callable[[float, str], None]


def save_composition(
    composition: Composition,
    folder: str | Path,
    parts: str | Sequence[str] | None = None,
    progress: Progress | None = None,
) -> dict[str, Path]:
    """Write the chosen parts of a composition into a folder, all of them or none.

    See `save_score`; a composition also has its provenance to write, the part "json",
    and its provenance says which timbres of a raw-audio network play it.
    """
    timbres, seed = recorded_timbres(composition.provenance)
    return save_score(
        composition.score,
        folder,
        parts,
        progress,
        provenance=to_json(composition.provenance),
        timbres=timbres,
        seed=seed,
    )


def save_score(
    score: Score,
    folder: str | Path,
    parts: str | Sequence[str] | None = None,
    progress: Progress | None = None,
    *,
    name: str = BASENAME,
    provenance: str | None = None,
    timbres: str | Sequence[str | Timbre | None] | None = None,
    seed: int = 0,
) -> dict[str, Path]:
    """Write music into a folder in the chosen forms, all of them or none.

    Everything is made in a hidden folder inside the target first, so that a full disk,
    an interrupt or a failure on the way leaves what was there before and nothing new.
    What a killed process leaves behind, the next save into the folder removes.

    Args:
        score: the music.
        folder: where; it is made if it does not exist.
        parts: which of `PARTS`; None: `DEFAULT_PARTS`, as far as there are such.
        progress: called in this thread with the share done, 0 to 1, and what is being
            done in words. What it raises stops the export, and nothing is written.
        name: of the files, without ending.
        provenance: the text of the part "json"; without it there is none.
        timbres: such as "wavenet:organ", one for all tracks, two for the first and the
            rest, or one for each track that is not drums; what is None or "" is played
            by its usual instrument. See `raw_sound.render_raw`.
        seed: of the timbres' sound.

    Returns:
        The path of each part written.

    Raises:
        InputError: if a part is unknown or something cannot be written.
    """
    chosen = checked_parts(parts, has_provenance=provenance is not None)
    folder = check_target(folder, chosen, name)
    n_pitched = sum(not track.is_drum for track in score.tracks)
    raw = checked_timbres(timbres, n_pitched)
    score = with_timbres(score, raw)
    names = [f"{name}.{part}" for part in chosen]
    with staged(folder, names) as stage:
        targets = {part: stage / f"{name}.{part}" for part in chosen}
        files = _Files(score, targets, provenance, raw, seed)
        run_lanes(_lanes(files), progress)
    return {part: folder / f"{name}.{part}" for part in chosen}


def checked_parts(
    parts: str | Sequence[str] | None, *, has_provenance: bool = True
) -> tuple[str, ...]:
    """Return the parts to write in their usual order.

    Args:
        parts: names, in a list or with commas; None: the usual ones; "all": all.
        has_provenance: whether there is a part "json".

    Raises:
        InputError: if one is unknown or there are none.
    """
    possible = [part for part in PARTS if has_provenance or part != "json"]
    if parts is None:
        return tuple(part for part in DEFAULT_PARTS if part in possible)
    if isinstance(parts, str):
        parts = [part for part in parts.replace(",", " ").split() if part]
    wanted = [str(part).lower().lstrip(".") for part in parts]
    if wanted == ["all"]:
        return tuple(possible)
    if "json" in wanted and not has_provenance:
        raise InputError(
            "The part json says how a composition was made, but this is a file that "
            f"says nothing of it; choose from: {', '.join(possible)}."
        )
    unknown = [part for part in wanted if part not in PARTS]
    if unknown or not wanted:
        got = repr(unknown[0][:20]) if unknown else "nothing"
        raise InputError(
            f"The parts to write have {got}, but they are chosen from: "
            f"{', '.join(possible)}."
        )
    return tuple(part for part in PARTS if part in wanted)


def check_target(
    folder: str | Path, parts: Sequence[str] = PARTS, name: str = BASENAME
) -> Path:
    """Return the folder if the files can be put there.

    Raises:
        InputError: if the folder is a file, or a folder has the name of a part.
    """
    folder = Path(folder).absolute()
    for place in (folder, *folder.parents):
        if os.path.lexists(place) and not place.is_dir():
            raise InputError(
                f"{place} is a file, but a folder is needed to write the composition "
                "into; choose another name."
            )
    for part in parts:
        path = folder / f"{name}.{part}"
        if path.is_dir():
            raise InputError(
                f"{path} is a folder, but a file is to be written there; choose "
                "another folder."
            )
    return folder


@dataclass(frozen=True)
class _Files:
    """Writes each part to its place; sound is played once, for all that need it."""

    score: Score
    targets: Mapping[str, Path]
    provenance: str | None
    timbres: Sequence[Timbre | None]
    seed: int
    audio: Future[np.ndarray] = field(default_factory=Future)

    def sound(self, report: Report) -> None:
        try:
            played = _played(self.score, self.timbres, self.seed, report)
            self.audio.set_result(played)
        except BaseException as error:
            self.audio.set_exception(error)
            raise

    def wav(self, report: Report) -> None:
        from deepcomposer_edu.music.audio import write_wav

        audio = self.audio.result()
        write_wav(self.targets["wav"], audio, SAMPLE_RATE, progress=report)

    def mp3(self, report: Report) -> None:
        from deepcomposer_edu.music.audio import write_mp3

        audio = self.audio.result()
        write_mp3(self.targets["mp3"], audio, SAMPLE_RATE, progress=report)

    def mid(self, _: Report) -> None:
        from deepcomposer_edu.music.midi import write_midi

        write_midi(self.score, self.targets["mid"])

    def json(self, _: Report) -> None:
        self.targets["json"].write_text(self.provenance or "", encoding="utf-8")

    def png(self, _: Report) -> None:
        from deepcomposer_edu.viz.figures import save_figure
        from deepcomposer_edu.viz.rolls import plot_pianoroll

        save_figure(plot_pianoroll(self.score), self.targets["png"])

    def musicxml(self, _: Report) -> None:
        from deepcomposer_edu.music.musicxml_write import write_musicxml

        write_musicxml(self.score, self.targets["musicxml"])

    def mp4(self, report: Report) -> None:
        from deepcomposer_edu.viz.performance import performance_video

        performance_video(
            self.score,
            self.targets["mp4"],
            audio=lambda: _awaited(self.audio, report),
            on_frame=lambda done, n_frames: report(done / n_frames),
        )


def _lanes(files: _Files) -> list[list[Job]]:
    """Return what is to be done: sound in one lane, the rest in another.

    The weights are processor seconds as measured, see benchmarks/export.py.
    """
    seconds, n_notes = files.score.seconds, len(files.score.notes)
    works = {
        "mid": Job("writing the MIDI file", 0.1 + n_notes / 10_000, files.mid),
        "json": Job("writing how it was made", 0.01, files.json),
        "png": Job("drawing the picture", 0.5 + n_notes / 20_000, files.png),
        "musicxml": Job("writing the notation", 0.5 + n_notes / 1_500, files.musicxml),
        "mp4": Job("making the film", 1 + seconds / 20, files.mp4),
        "wav": Job("writing the WAV file", seconds / 1_000, files.wav),
        "mp3": Job("writing the MP3 file", seconds / 40, files.mp3),
    }
    for_sound = [works[part] for part in ("wav", "mp3") if part in files.targets]
    if for_sound or "mp4" in files.targets:
        raw_seconds = seconds if any(files.timbres) else 0.0  # a network is far slower
        weight = 0.3 + seconds / 300 + raw_seconds
        for_sound.insert(0, Job("playing the music", weight, files.sound))
    others = ("mid", "json", "png", "musicxml", "mp4")
    return [for_sound, [works[part] for part in others if part in files.targets]]


def _played(
    score: Score, timbres: Sequence[Timbre | None], seed: int, report: Report
) -> np.ndarray:
    """Return the sound of a score, (N, 2), by its instruments or its timbres."""
    if any(timbres):
        from deepcomposer_edu.compose.raw_sound.rendering import render_raw

        return render_raw(
            score, timbres, rate=SAMPLE_RATE, seed=seed, on_progress=report
        )
    from deepcomposer_edu.music.synth import render

    return render(score, SAMPLE_RATE, progress=report)


def _awaited(audio: Future[np.ndarray], report: Report) -> np.ndarray:
    """Return the sound when it is there, and stop waiting when the others stop."""
    while not audio.done():
        wait([audio], timeout=0.2)
        report(0)
    return audio.result()

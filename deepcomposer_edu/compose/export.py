"""A composition as files: music, sound, picture and provenance, all of them or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import write_error

PARTS = ("mid", "wav", "mp3", "png", "json")
SAMPLE_RATE = 44100  # of WAV and MP3, in hertz
BASENAME = "composition"


def save_composition(
    composition: Composition,
    folder: str | Path,
    parts: str | Sequence[str] | None = None,
) -> dict[str, Path]:
    """Write the chosen parts of a composition into a folder, all of them or none.

    Everything is made in a temporary folder beside the target first, so that a full
    disk or a failure on the way leaves what was there before and nothing new.

    Args:
        composition: what to write.
        folder: where; it is made if it does not exist.
        parts: which of `PARTS`; None: all.

    Returns:
        The path of each part written.

    Raises:
        InputError: if a part is unknown or something cannot be written.
    """
    chosen = checked_parts(parts)
    folder = check_target(folder, chosen)
    made = []  # folders that were not there before
    try:
        missing = [f for f in (folder, *folder.parents) if not f.exists()]
        for parent in reversed(missing):
            parent.mkdir(exist_ok=True)
            made.append(parent)
        stage = Path(tempfile.mkdtemp(prefix=".composition-", dir=folder))
        try:
            _write_parts(composition, stage, chosen)
            paths = _move_all(stage, folder, chosen)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except BaseException as error:
        _remove_empty(made)
        cause = error if isinstance(error, OSError) else error.__cause__
        if isinstance(cause, OSError):  # name the folder, not a file in the making
            raise write_error(folder, cause) from cause
        raise
    return paths


def checked_parts(parts: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the parts to write in their usual order.

    Raises:
        InputError: if one is unknown or there are none.
    """
    if parts is None:
        return PARTS
    if isinstance(parts, str):
        parts = [part for part in parts.replace(",", " ").split() if part]
    wanted = [str(part).lower().lstrip(".") for part in parts]
    unknown = [part for part in wanted if part not in PARTS]
    if unknown or not wanted:
        got = repr(unknown[0][:20]) if unknown else "nothing"
        raise InputError(
            f"The parts to write have {got}, but they are chosen from: "
            f"{', '.join(PARTS)}."
        )
    return tuple(part for part in PARTS if part in wanted)


def check_target(folder: str | Path, parts: Sequence[str] = PARTS) -> Path:
    """Return the folder if its composition files can be put there.

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
        path = folder / f"{BASENAME}.{part}"
        if path.is_dir():
            raise InputError(
                f"{path} is a folder, but a file is to be written there; choose "
                "another folder."
            )
    return folder


def _write_parts(composition: Composition, stage: Path, parts: Sequence[str]) -> None:
    """Make each part in `stage`: sound in one thread, the rest in another."""

    def sound() -> None:
        if not {"wav", "mp3"} & set(parts):
            return
        from deepcomposer_edu.music.audio import write_mp3, write_wav
        from deepcomposer_edu.music.synth import render

        audio = render(composition.score, SAMPLE_RATE)  # (N, 2)
        if "wav" in parts:
            write_wav(stage / f"{BASENAME}.wav", audio, SAMPLE_RATE)
        if "mp3" in parts:
            write_mp3(stage / f"{BASENAME}.mp3", audio, SAMPLE_RATE)

    def the_rest() -> None:
        if "mid" in parts:
            from deepcomposer_edu.music.midi import write_midi

            write_midi(composition.score, stage / f"{BASENAME}.mid")
        if "json" in parts:
            text = to_json(composition.provenance)
            (stage / f"{BASENAME}.json").write_text(text, encoding="utf-8")
        if "png" in parts:
            from deepcomposer_edu.viz.figures import save_figure
            from deepcomposer_edu.viz.rolls import plot_pianoroll

            axes = plot_pianoroll(composition.score)
            save_figure(axes, stage / f"{BASENAME}.png")

    _in_parallel(sound, the_rest)


def _in_parallel(*jobs: Callable[[], None]) -> None:
    """Run the jobs at the same time; raise the first error when all have ended."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(job) for job in jobs]
    for future in futures:
        future.result()


def _move_all(stage: Path, folder: Path, parts: Sequence[str]) -> dict[str, Path]:
    """Move every part into the folder; if one fails, put back what was there."""
    moved: list[tuple[Path, Path | None]] = []
    try:
        for part in parts:
            target = folder / f"{BASENAME}.{part}"
            old = stage / f"old.{part}" if os.path.lexists(target) else None
            if old:
                target.replace(old)
            moved.append((target, old))
            (stage / f"{BASENAME}.{part}").replace(target)
    except OSError:
        for target, old in reversed(moved):
            with suppress(OSError):
                target.unlink(missing_ok=True)
                if old:
                    old.replace(target)
        raise
    return {part: folder / f"{BASENAME}.{part}" for part in parts}


def _remove_empty(folders: Sequence[Path]) -> None:
    """Remove folders that were made on the way, the innermost first."""
    for folder in reversed(folders):
        with suppress(OSError):
            folder.rmdir()

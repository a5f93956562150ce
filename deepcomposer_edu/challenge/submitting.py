"""Packing an entry: checked first, refused politely, and then one zip file."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deepcomposer_edu.challenge.card import Card
from deepcomposer_edu.challenge.check import check_entry
from deepcomposer_edu.challenge.entry import write_entry
from deepcomposer_edu.challenge.entry_wav import wav_sound
from deepcomposer_edu.challenge.papers import entry_card, licence_text, model_cards
from deepcomposer_edu.challenge.reading import check_size, read_entry
from deepcomposer_edu.challenge.report import CheckReport
from deepcomposer_edu.challenge.workspace import Workspace
from deepcomposer_edu.compose.composition import Composition
from deepcomposer_edu.compose.export.html_page import plain_data
from deepcomposer_edu.compose.export.saving import SAMPLE_RATE, save_score
from deepcomposer_edu.compose.provenance import to_json
from deepcomposer_edu.compose.raw_sound.timbres import recorded_timbres
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.audio import read_audio, write_mp3, write_wav

Progress = Callable[[str], None]


class RefusedError(InputError):
    """An entry that cannot go out yet; `report` says all that is in the way."""

    def __init__(self, report: CheckReport) -> None:
        self.report = report
        first, *others = refusals(report)
        more = f" And {len(others)} more: see `challenge check`." if others else ""
        super().__init__(f"Not submitted yet. {first}{more}")


@dataclass(frozen=True)
class Submitted:
    """An entry that was packed.

    Args:
        path: the zip.
        report: what the machine said about it.
        notes: a sentence for each thing that was done on the way.
    """

    path: Path
    report: CheckReport
    notes: tuple[str, ...] = ()


def refusals(report: CheckReport) -> list[str]:
    """Return a sentence for each gate that is shut: what is wrong, how to mend it."""
    return [f"{gate.sentence} {gate.mend}".strip() for gate in report.shut]


def submit(
    work: Workspace | str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Submitted:
    """Check the entry of a workspace and pack it as a zip.

    The notes, the notation and the MP3 are made anew, so that nothing in the zip is
    older than the rest. The sound is the workspace's own `entry.wav`, which you may
    have mixed by hand; where there is none, it is rendered. The music is made again
    from its provenance, to see that it can be.

    Args:
        work: the workspace or its folder.
        out: the zip, or a folder for it; None: in the workspace.
        progress: called with what is being done, in words.

    Returns:
        The zip's path, and what the machine said.

    Raises:
        RefusedError: if a gate is shut.
        InputError: if something is missing, damaged, or cannot be written.
    """
    work = work if isinstance(work, Workspace) else Workspace(work)
    tell = progress or (lambda _: None)
    card, composition = work.card, work.composition
    try:
        check_size(composition.score)
    except InputError as error:
        raise InputError(f"The entry is no minute of music: {error}.") from None
    with tempfile.TemporaryDirectory() as name:
        stage = Path(name)
        notes = _notes_and_sound(work, composition, stage, tell)
        tell("checking the entry")
        wav, midi = stage / "entry.wav", stage / "entry.mid"
        report = check_entry(composition, card, wav, replay=True, midi=midi)
        if not report.passed:
            raise RefusedError(report)
        tell("writing notation and MP3")
        save_score(composition.score, stage, "musicxml", name="entry")
        audio, rate = wav_sound(wav.read_bytes())
        write_mp3(stage / "entry.mp3", *_for_mp3(audio, rate))
        tell("packing it")
        (stage / "card.json").write_text(_json(card.to_dict()), "utf-8")
        (stage / "check.json").write_text(_json(report.to_dict()), "utf-8")
        text = entry_card(composition, card, report)
        (stage / "process_card.md").write_text(text, "utf-8")
        (stage / "model_cards.md").write_text(model_cards(composition), "utf-8")
        (stage / "LICENCE.txt").write_text(licence_text(card), "utf-8")
        files = {path.name: path.read_bytes() for path in stage.iterdir()}
        path = write_entry(_target(work, card, composition, out), files)
    read_entry(path)  # what a judge will do with it
    return Submitted(path, report, tuple(notes))


def _notes_and_sound(
    work: Workspace, composition: Composition, stage: Path, tell: Progress
) -> list[str]:
    """Write notes, provenance and sound into a folder; say what was done to them."""
    own, notes = work.path("wav"), []
    timbres, seed = recorded_timbres(composition.provenance)
    if not own.is_file():
        tell("playing the music")
        notes.append("There was no entry.wav, so the music was played anew.")
    save_score(
        composition.score,
        stage,
        ("mid", "json") if own.is_file() else ("mid", "json", "wav"),
        name="entry",
        provenance=to_json(composition.provenance),
        timbres=timbres,
        seed=seed,
    )
    wav = stage / "entry.wav"
    if own.is_file():
        wav.write_bytes(own.read_bytes())
    try:
        wav_sound(wav.read_bytes())
    except InputError:  # 24 bits, say, from a program for mixing
        audio, rate = read_audio(wav)
        write_wav(wav, audio[:, :2], rate)
        wav_sound(wav.read_bytes())
        notes.append(f"Your entry.wav was written anew with 16 bits, {rate} Hz.")
    return notes


def _for_mp3(audio: object, rate: int) -> tuple[object, int]:
    """Return sound at a rate that MP3 has."""
    from deepcomposer_edu.music.audio import MP3_RATES

    if rate in MP3_RATES:
        return audio[:, :2], rate
    from scipy.signal import resample_poly

    return resample_poly(audio[:, :2], SAMPLE_RATE, rate, axis=0), SAMPLE_RATE


def _target(
    work: Workspace, card: Card, composition: Composition, out: str | Path | None
) -> Path:
    """Return the path of the zip; its name is the title's letters and a digest."""
    words = re.sub(r"[^a-z0-9]+", "-", card.title.lower()).strip("-")[:40]
    digest = composition.provenance["result"]["sha256"][:8]
    name = f"{words or 'entry'}-{digest}.zip"
    if out is None:
        return work.folder / name
    out = Path(out)
    if out.suffix.lower() == ".zip":
        return out
    if out.exists() and not out.is_dir():
        raise InputError(
            f"{out} is a file, but a folder or a name that ends in .zip is needed."
        )
    return out / name


def _json(data: object) -> str:
    data = plain_data(data)
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

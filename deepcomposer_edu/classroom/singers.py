"""The voices that a class has handed in, read from a folder without believing them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from torch import nn

from deepcomposer_edu.classroom.class_progress import by_number
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.choir import VoiceOf
from deepcomposer_edu.models.voice_file import SUFFIX, SungVoice, read_voice
from deepcomposer_edu.models.voice_net import LEARNED, SINGS

MOST_FILES = 200
STAND_IN = "the course's network"


@dataclass(frozen=True)
class Singer:
    """Who can sing a voice.

    Args:
        name: as it is shown.
        voice: one of LEARNED.
        network: from a Canvas to the logits of this voice.
        about: what is told of the training; nobody has checked it.
        sha256: hash of the file; of the weights for a stand-in.
    """

    name: str
    voice: str
    network: nn.Module = field(repr=False)
    about: dict[str, float] = field(default_factory=dict)
    sha256: str = ""


@dataclass(frozen=True)
class Singers:
    """A class's singers.

    Args:
        singers: those whose files could be read, by voice and name.
        problems: a sentence for each file that could not.
    """

    singers: tuple[Singer, ...]
    problems: tuple[str, ...] = ()

    def of(self, voice: str) -> list[Singer]:
        """Return the singers of a voice; where there are none, the stand-in."""
        found = [one for one in self.singers if one.voice == voice]
        return found or [stand_in(voice)]


def stand_in(voice: str) -> Singer:
    """Return the shipped orderless network as the singer of a voice.

    Raises:
        InputError: if its weights are missing or damaged.
    """
    from deepcomposer_edu.models.ar_cnn import load_ar_cnn

    shipped = load_ar_cnn()
    network = VoiceOf(shipped.network, SINGS[voice])
    return Singer(STAND_IN, voice, network, sha256=shipped.weight_sha256)


def read_singers(folder: str | Path, only: Sequence[str] = ()) -> Singers:
    """Return the singers whose files lie in a folder, or one folder below it.

    A file that was handed in twice counts once. Two singers of a voice who have the
    same name are told apart by a number.

    Args:
        folder: the class's shared folder.
        only: names of those who are to sing; empty for all.

    Raises:
        InputError: if there is no such folder, nobody in it can sing, or one of `only`
            has handed in nothing.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(
            f"{folder} is no folder; give the one in which the class's voices lie."
        )
    try:
        paths = sorted(_files(folder))
    except OSError as error:
        raise InputError(
            f"{folder} could not be listed: {error.strerror}; check your permissions."
        ) from error
    found, problems = _read(paths[:MOST_FILES])
    if len(paths) > MOST_FILES:
        problems.append(f"{len(paths) - MOST_FILES} more files are left out.")
    _refuse_unknown(only, found)
    wanted = [one for one in found if not only or one.name in only]
    if not wanted:
        why = f" ({problems[0].rstrip('.')})" if problems else ""
        raise InputError(
            f"No voice could be read in {folder}{why}; let the class train and hand in "
            "with `deepcomposer hand-in`."
        )
    return Singers(tuple(_told_apart(wanted)), tuple(problems))


def _read(paths: Sequence[Path]) -> tuple[list[SungVoice], list[str]]:
    found: dict[str, SungVoice] = {}
    problems = []
    for path in paths:
        try:
            voice = read_voice(path)
        except InputError as error:
            problems.append(str(error))
            continue
        if voice.sha256 in found:
            first = found[voice.sha256].file
            problems.append(f"{voice.file} is the same file as {first}: sung once.")
        else:
            found[voice.sha256] = voice
    return list(found.values()), problems


def _refuse_unknown(only: Sequence[str], found: Sequence[SungVoice]) -> None:
    names = sorted({one.name for one in found}, key=by_number)
    for name in only:
        if name not in names:
            raise InputError(
                f"Nobody called {name[:40]!r} has handed in a voice; those who have: "
                f"{', '.join(names) or 'nobody'}."
            )


def _told_apart(voices: Sequence[SungVoice]) -> Iterator[Singer]:
    """Yield singers by voice and name; the second of a name gets a 2."""
    seen: dict[tuple[str, str], int] = {}
    order = sorted(
        voices, key=lambda v: (LEARNED.index(v.voice), by_number(v.name), v.sha256)
    )
    for one in order:
        number = seen[one.voice, one.name] = seen.get((one.voice, one.name), 0) + 1
        name = one.name if number == 1 else f"{one.name} {number}"
        yield Singer(name, one.voice, one.network, dict(one.about), one.sha256)


def _files(folder: Path) -> Iterator[Path]:
    """Yield what is named like a voice, in the folder and one below."""
    for entry in os.scandir(folder):
        if entry.name.endswith(SUFFIX):
            yield Path(entry.path)
        elif entry.is_dir(follow_symlinks=False):
            try:
                inside = list(os.scandir(entry.path))
            except OSError:  # closed, or gone meanwhile
                continue
            yield from (Path(e.path) for e in inside if e.name.endswith(SUFFIX))

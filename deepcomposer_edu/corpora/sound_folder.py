"""Sounds of one length from a folder of recordings of your own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from deepcomposer_edu.corpora.own_files import files_of
from deepcomposer_edu.corpora.sounds import SoundSet
from deepcomposer_edu.errors import InputError
from deepcomposer_edu.files import home_path, sha256_of
from deepcomposer_edu.music.audio import peak_dbfs
from deepcomposer_edu.music.audio_reading import FileSound, read_mono
from deepcomposer_edu.music.sample_rates import checked_rate
from deepcomposer_edu.music.score import frequency
from deepcomposer_edu.music.sound_measures import cents, fundamental

SOUND_SUFFIXES = (".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac")
SOUND_SUFFIXES += (".aif", ".aiff", ".au", ".wma", ".webm", ".mp4", ".mka")
MAX_FILES = 5_000
MAX_FILE_SECONDS = 600.0
MAX_SECONDS = 3_600.0  # of all sounds together
PEAK_DBFS = -3.0  # the highest peak of each file is put there
_SHORTEST_SHARE = 0.25  # a last part so short is left out, if it isn't the only one
_SILENT_DB = 50.0  # below the file's peak a part is silent
_STEADY_CENTS = 35.0  # so near a key both halves must lie to have its pitch


def folder_sounds(
    folder: str | Path,
    rate: int = 8_000,
    seconds: float = 1.0,
    on_file: Callable[[int, int], None] | None = None,
) -> tuple[SoundSet, list[str]]:
    """Return the recordings in a folder as sounds of one length, and what was done.

    Each file is averaged to one channel, resampled, trimmed of silence at both ends,
    brought to a peak of -3 dBFS and cut into parts of `seconds`, the last one filled
    with silence. The folders inside the folder are its instruments; without any, all is
    one. Where both halves of a part have one pitch, and it lies within 35 cents of a
    key, that is its pitch. Every fifth file is held out, or a fifth of the parts where
    there are fewer than five files.

    Args:
        folder: searched with the folders inside it for sound files, at most 5,000;
            of one file the first 10 minutes are used, of all together an hour.
        rate: samples per second, 8,000 to 48,000.
        seconds: of each sound, 0.05 to 60.
        on_file: called after each file with how many are done, and of how many.

    Returns:
        The sounds, and sentences: a summary, then one for each file.

    Raises:
        InputError: if there is no such folder, or no file in it can be used.
    """
    _check_lengths(rate, seconds)
    folder = home_path(folder)
    files = sound_files(folder)
    names = sorted({_instrument(path, folder) for path in files})
    parts, report = _parts(files, folder, rate, seconds, on_file)
    if not parts:
        raise InputError(
            f"None of the {len(files)} sound files in {folder} can be used; the first: "
            f"{report[0]}"
        )
    n_of = [len(cut) for _, cut in parts]
    order = np.repeat(np.arange(len(parts)), n_of)  # of which file each sound is
    numbers = [names.index(_instrument(path, folder)) for path, _ in parts]
    instrument = np.repeat(numbers, n_of)
    audio = np.concatenate([cut for _, cut in parts])
    used = sorted(set(instrument.tolist()))
    sounds = SoundSet(
        audio,
        rate,
        np.array([key_of_sound(part, rate) for part in audio]),
        np.zeros(len(audio), np.int64),
        np.searchsorted(used, instrument),
        tuple(names[i] for i in used),
        _held_out(order, len(parts)),
        np.full(len(audio), float(seconds)),
    )
    return sounds, [_summary(sounds, len(parts), len(files)), *report]


def _parts(
    files: Sequence[Path],
    folder: Path,
    rate: int,
    seconds: float,
    on_file: Callable[[int, int], None] | None,
) -> tuple[list[tuple[Path, np.ndarray]], list[str]]:
    """Return each file that can be used and its sounds (n, N), and words of each."""
    parts: list[tuple[Path, np.ndarray]] = []
    report: list[str] = []
    seen: dict[str, str] = {}
    n_kept = 0
    for done, path in enumerate(files, 1):
        name = str(path.relative_to(folder))
        try:
            if n_kept * seconds >= MAX_SECONDS:
                raise InputError(f"{name} comes after {MAX_SECONDS / 60:.0f} minutes.")
            twin = seen.setdefault(sha256_of(path), name)
            if twin != name:
                raise InputError(f"{name} is the same file as {twin}.")
            sound = read_mono(path, rate, MAX_FILE_SECONDS)
            cut = _cut(sound.audio, round(seconds * rate))
        except InputError as error:
            report.append(f"{name}: left out; {error}")
        else:
            parts.append((path, cut))
            n_kept += len(cut)
            report.append(f"{name}: {_words(sound, len(cut))}")
        if on_file is not None:
            on_file(done, len(files))
    return parts, report


def sound_files(folder: Path) -> list[Path]:
    """Return the sound files of a folder and the folders inside it, by their paths.

    Raises:
        InputError: if there is no such folder, or too few or too many files in it.
    """
    kind = "sound files (WAV, FLAC, MP3, ...)"
    return files_of(folder, SOUND_SUFFIXES, kind, "sounds", MAX_FILES)


def key_of_sound(audio: np.ndarray, rate: int) -> int:
    """Return the MIDI pitch of a sound, or -1 where it has not one steady pitch.

    Args:
        audio: shape (n,).
        rate: samples per second.
    """
    heard = [fundamental(half, rate) for half in np.array_split(audio, 2) if half.any()]
    if not heard or not np.isfinite(heard).all():
        return -1
    key = round(69 + cents(heard[0], 440.0) / 100)
    off = [abs(cents(hertz, frequency(key))) for hertz in heard]
    return key if 0 <= key <= 127 and max(off) <= _STEADY_CENTS else -1


def _cut(audio: np.ndarray, n: int) -> np.ndarray:
    """Return a sound in parts of n samples at the usual peak, (parts, n), float32."""
    audio = audio * np.float32(10 ** ((PEAK_DBFS - peak_dbfs(audio)) / 20))
    parts = np.pad(audio, (0, -len(audio) % n)).reshape(-1, n)
    if len(parts) > 1 and len(audio) % n and len(audio) % n < _SHORTEST_SHARE * n:
        parts = parts[:-1]
    peaks = np.abs(parts).max(axis=1)
    return parts[peaks > peaks.max() * 10 ** (-_SILENT_DB / 20)]


def _held_out(order: np.ndarray, n_files: int) -> np.ndarray:
    """Return which parts are kept from training, given their files' numbers, (N,)."""
    if n_files >= 5:
        return order % 5 == 4
    n = len(order)
    return np.arange(n) >= n - n // 5  # the last ones: what lies beside is alike


def _instrument(path: Path, folder: Path) -> str:
    """Return the folder that a file lies in, of those directly inside `folder`."""
    inside = path.relative_to(folder).parts
    return inside[0] if len(inside) > 1 else folder.resolve().name or "sounds"


def _words(sound: FileSound, n_parts: int) -> str:
    """Return what became of a file that is used."""
    gain = PEAK_DBFS - peak_dbfs(sound.audio)
    changes = [*sound.changes]
    if abs(gain) >= 0.5:
        changes.append(f"{abs(gain):.0f} dB {'louder' if gain > 0 else 'softer'}")
    noun = "sound" if n_parts == 1 else "sounds"
    text = f"{len(sound.audio) / sound.rate:.1f} s, {n_parts} {noun}"
    return text + (f"; {', '.join(changes)}." if changes else ", as it was.")


def _summary(sounds: SoundSet, n_used: int, n_files: int) -> str:
    """Return what became of the whole folder."""
    n_pitched = int((sounds.pitch >= 0).sum())
    return (
        f"{n_used} of {n_files} files are used: {len(sounds)} sounds of "
        f"{sounds.seconds:g} s at {sounds.rate} Hz, {n_pitched} of them of one pitch, "
        f"{int(sounds.held_out.sum())} kept from training; instruments: "
        f"{', '.join(sounds.instruments)}."
    )


def _check_lengths(rate: int, seconds: float) -> None:
    """Refuse a rate or length that is not allowed."""
    checked_rate(rate, usual=8_000)
    if not 0.05 <= seconds <= 60:
        raise InputError(
            f"The sounds would last {seconds:g} s, but they last 0.05 to 60 s."
        )

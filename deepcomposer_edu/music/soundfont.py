"""Recorded instruments: reads a SoundFont 2 file into regions that a synth can play.

A SoundFont is a tree. A *preset* (instrument 0 to 127 of General MIDI, or a drum kit)
points to *instruments*; an instrument is a list of *zones*; a zone says for which keys
and velocities it plays which recorded *sample*, and how: loudness, envelope, filter,
pan. Here every pair of preset zone and instrument zone becomes one `Region` in plain
units: seconds, cents and decibels.

The numbers of the generators follow the SoundFont 2.01 specification, section 8.1.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

import numpy as np

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.music.regions import Region
from deepcomposer_edu.music.soundfont_zones import (
    INSTRUMENT,
    SAMPLE,
    VELOCITY_TO_FILTER,
    Recording,
    make_region,
)

DRUM_BANK = 128

_TABLES = {
    "phdr": "name:S20 program:u2 bank:u2 bag:u2 library:u4 genre:u4 morphology:u4",
    "pbag": "generator:u2 modulator:u2",
    "pgen": "kind:u2 amount:i2",
    "inst": "name:S20 bag:u2",
    "ibag": "generator:u2 modulator:u2",
    "imod": "source:u2 target:u2 amount:i2 amount_source:u2 transform:u2",
    "igen": "kind:u2 amount:i2",
    "shdr": "name:S20 start:u4 end:u4 loop_start:u4 loop_end:u4 rate:u4 "
    "root:u1 correction:i1 link:u2 kind:u2",
}

_VELOCITY_DOWN = 0x0102  # modulator source: velocity, 1 when softest, 0 when hardest
_FILTER_CUTOFF = 8


class SoundFont:
    """The instruments of one SoundFont 2 file.

    Args:
        path: the .sf2 file.

    Attributes:
        samples: every recording, one after the other, shape (N,), int16.

    Raises:
        InputError: if the file is missing or is not a whole SoundFont 2 file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise InputError(
                f"The SoundFont {self.path} can't be read ({error.strerror}); give the "
                "path of a .sf2 file, or install pretty_midi again, which brings one."
            ) from None
        try:
            chunks = _read_chunks(content)
            self.samples = np.frombuffer(chunks["smpl"], "<i2")
            self._tables = {
                name: np.frombuffer(chunks[name], _record(fields)).tolist()
                for name, fields in _TABLES.items()
            }
            self._presets = {
                (header[2], header[1]): number
                for number, header in enumerate(self._tables["phdr"][:-1])
            }
            self._first_preset = min(self._presets)
        except (KeyError, IndexError, ValueError):
            raise InputError(
                f"{self.path} is not a whole SoundFont 2 file; give a .sf2 file, or "
                "install pretty_midi again, which brings one."
            ) from None
        self._regions: dict[int, tuple[Region, ...]] = {}

    def regions(
        self, program: int, key: int, velocity: int, is_drum: bool = False
    ) -> tuple[Region, ...]:
        """Return what sounds when a key is pressed: no region, one or several.

        An instrument that the font lacks is played by its first one (the piano, or
        the standard drum kit). A key beyond an instrument's own is played by its
        nearest recording; a drum that a kit lacks stays silent.

        Args:
            program: General MIDI instrument or drum kit, 0 to 127.
            key: MIDI pitch, 0 to 127.
            velocity: 1 to 127.
            is_drum: whether `program` names a drum kit.
        """
        bank = DRUM_BANK if is_drum else 0
        if (bank, program) in self._presets:
            number = self._presets[bank, program]
        elif (bank, 0) in self._presets:
            number = self._presets[bank, 0]
        else:
            number = self._presets[self._first_preset]
        if number not in self._regions:
            try:
                self._regions[number] = tuple(self._read_preset(number))
            except (IndexError, KeyError):
                raise InputError(
                    f"{self.path} is damaged at instrument {program}; give another "
                    ".sf2 file, or install pretty_midi again, which brings one."
                ) from None
        regions = self._regions[number]
        playing = tuple(r for r in regions if r.plays(key, velocity))
        if playing or is_drum or not regions:
            return playing
        nearest = min(region.distance(key, velocity) for region in regions)
        return tuple(r for r in regions if r.distance(key, velocity) == nearest)

    def _read_preset(self, number: int) -> list[Region]:
        """Return every region of one preset."""
        regions = []
        first, last = (self._tables["phdr"][number + i][3] for i in (0, 1))
        for preset_zone in self._zones("p", first, last, INSTRUMENT):
            instrument = preset_zone[INSTRUMENT]
            first, last = (self._tables["inst"][instrument + i][1] for i in (0, 1))
            for zone in self._zones("i", first, last, SAMPLE):
                recording = Recording(*self._tables["shdr"][zone[SAMPLE]][1:])
                region = make_region(zone, preset_zone, recording, len(self.samples))
                if region is not None:
                    regions.append(region)
        return regions

    def _zones(
        self, level: str, first: int, last: int, link: int
    ) -> list[dict[int, int]]:
        """Return the zones of a preset ("p") or instrument ("i") as generators.

        A first zone without the link to an instrument or sample is the global one:
        it holds what the others do not say themselves.
        """
        bags, generators = self._tables[level + "bag"], self._tables[level + "gen"]
        zones, shared = [], {}
        for i in range(first, last):
            zone = dict(generators[bags[i][0] : bags[i + 1][0]])
            if level == "i":
                zone |= self._velocity_to_filter(bags[i][1], bags[i + 1][1])
            if link in zone:
                zones.append(shared | zone)
            elif i == first:
                shared = zone
        return zones

    def _velocity_to_filter(self, first: int, last: int) -> dict[int, int]:
        """Return the one modulator that matters here, as if it were a generator."""
        for source, target, amount, *_ in self._tables["imod"][first:last]:
            if source == _VELOCITY_DOWN and target == _FILTER_CUTOFF:
                return {VELOCITY_TO_FILTER: amount}
        return {}


def soundfont_path() -> Path:
    """Return the path of the SoundFont that the package pretty_midi brings.

    Raises:
        InputError: if pretty_midi or its SoundFont is not installed.
    """
    package = importlib.util.find_spec("pretty_midi")
    if package is not None and package.origin:
        folder = Path(package.origin).parent
        for path in (folder / "TimGM6mb.sf2", *sorted(folder.glob("*.sf2"))):
            if path.is_file():
                return path
    raise InputError(
        "The instrument sounds (TimGM6mb.sf2) are missing; install pretty_midi again: "
        "pip install --force-reinstall pretty_midi."
    )


@lru_cache(maxsize=4)
def load_soundfont(path: Path | None = None) -> SoundFont:
    """Return the SoundFont at `path` (or the one installed), read only once."""
    return SoundFont(soundfont_path() if path is None else path)


def _record(fields: str) -> np.dtype:
    """Return the layout of one table row from "name:type name:type"."""
    pairs = (field.split(":") for field in fields.split())
    return np.dtype(
        [(name, kind if kind[0] == "S" else "<" + kind) for name, kind in pairs]
    )


def _read_chunks(content: bytes) -> dict[str, memoryview]:
    """Return the innermost RIFF chunks of a SoundFont by name."""
    if content[:4] != b"RIFF" or content[8:12] != b"sfbk":
        raise ValueError("no SoundFont")
    view, chunks = memoryview(content), {}

    def walk(position: int, end: int) -> None:
        while position + 8 <= end:
            name = content[position : position + 4]
            size = int.from_bytes(content[position + 4 : position + 8], "little")
            if position + 8 + size > end:
                raise ValueError("cut short")
            if name == b"LIST":
                walk(position + 12, position + 8 + size)
            else:
                chunks[name.decode("latin-1")] = view[
                    position + 8 : position + 8 + size
                ]
            position += 8 + size + size % 2

    walk(12, len(content))
    return chunks

"""What is fuzzed: a reader, sound inputs to begin with, and ways to damage them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzz.mutate import Mutator, as_bytes


@dataclass(frozen=True)
class Target:
    """One reader of outside data.

    Args:
        name: what it reads, in a word or two.
        seeds: makes sound inputs, which must be read without an error.
        read: reads an input, given a folder of its own to put files into, and uses
            what came out as the course does; raises InputError for what is refused.
        mutate: damages an input.
        words: what the format is made of, for the fuzzer's dictionary.
        most: bytes of an input in the long run.
    """

    name: str
    seeds: Callable[[], list[bytes]]
    read: Callable[[bytes, Path], object]
    mutate: Mutator = as_bytes
    words: Sequence[bytes] = ()
    most: int = 8_192


def from_file(read: Callable[[Path], object], name: str) -> Callable:
    """Return a `Target.read` that writes the input into a file and reads that."""

    def read_data(data: bytes, folder: Path) -> object:
        path = folder / name
        path.write_bytes(data)
        return read(path)

    return read_data

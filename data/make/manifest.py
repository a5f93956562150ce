"""Write data/manifest.json: what each data file is, and where it comes from.

    python data/make/manifest.py           write the manifest anew
    python data/make/manifest.py --check   compare only; exit code 1 if out of date

Every file in data/ has a row with its source, licence, size, sha256 and the command
that makes it, but for what is no data: the programs in make/, README.md and the
manifest itself. A new kind of file needs a new row in KINDS first.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from deepcomposer_edu.files import atomic_path, sha256_of
from deepcomposer_edu.paths import data_dir

OURS = "MIT, as the course"
NO_DATA = ("make/*", "README.md", "manifest.json")
CHORALES = (
    "Bach's chorales (1685-1750) as they install with music21, most of them encoded by "
    "Margaret Greentree; no note of them is in the file"
)
GENRES = (
    "masses by Palestrina (about 1525-1594), string quartets by Haydn, Mozart and "
    "Beethoven and a rag by Joplin (1899) as they install with music21, typed by many "
    "people whom the files name; no note of them is in the file"
)
TUNE_BOOKS = (
    "O'Neill's Music of Ireland (1903), Ryan's Mammoth Collection (1883) and Aird's "
    "Airs (1782-1801) as they install with music21, typed by many volunteers whom the "
    "files name; no tune is in the file"
)
SOUNDFONT = (
    "the SoundFont that installs with pretty_midi; no sound of it is in the file"
)


@dataclass(frozen=True)
class Kind:
    """What the files of one pattern have in common."""

    pattern: str
    source: str
    licence: str
    made_by: str


KINDS = (  # the first pattern that fits counts
    Kind(
        "tunes/*",
        "melodies in the public domain (index.json says why), written down as text for "
        "this course",
        OURS,
        "python data/make/tunes.py",
    ),
    Kind(
        "corpora/jsb_split.csv",
        "which score of music21's corpus each piece of the JSB Chorales benchmark "
        "(Boulanger-Lewandowski et al. 2012) is, found by aligning the notes",
        OURS,
        "kept as it is: the alignment was done once, before the course",
    ),
    Kind(
        "corpora/chorale_titles.json",
        "German titles of chorales that music21's lists leave out",
        OURS,
        "by hand",
    ),
    Kind(
        "corpora/chorales.json",
        f"checksum and counts of the arrays made from {CHORALES}",
        OURS,
        "python data/make/chorales.py --record",
    ),
    Kind(
        "corpora/genres.json",
        f"checksum and counts of the arrays made from {GENRES}",
        OURS,
        "python data/make/genres.py --record",
    ),
    Kind(
        "corpora/bach_reference.json",
        f"metrics measured on {CHORALES}",
        OURS,
        "python data/make/reference.py",
    ),
    Kind(
        "corpora/rule_grade.json",
        f"what features of part-writing are usual and what they cost, from {CHORALES}",
        OURS,
        "python data/make/rule_grade.py",
    ),
    Kind(
        "corpora/habits.json",
        "how often sets of pitch classes and ways of singing stand in the training "
        f"chorales, and how much each says of a wrong note, counted in {CHORALES}",
        OURS,
        "python data/make/habits.py",
    ),
    Kind(
        "corpora/novelty.json",
        f"how much unseen chorales repeat the training ones, measured on {CHORALES}",
        OURS,
        "python data/make/novelty.py",
    ),
    Kind(
        "challenge/example/*",
        "a minute arranged from the shipped tune old-hundredth by the course's own "
        "networks and rules, with its papers",
        OURS,
        "python data/make/challenge_example.py",
    ),
    Kind(
        "challenge/reference.json",
        f"what is usual in four voices, for the challenge, measured on {CHORALES}",
        OURS,
        "python data/make/challenge.py",
    ),
    Kind(
        "corpora/tune_books.json",
        f"checksum and counts of the clean text made from {TUNE_BOOKS}",
        OURS,
        "python data/make/tune_books.py --record",
    ),
    Kind(
        "corpora/melodies.json",
        f"checksum and counts of the arrays made from {TUNE_BOOKS}",
        OURS,
        "python data/make/melodies.py --record",
    ),
    Kind(
        "weights/melody-rnn*",
        f"trained by this project on {TUNE_BOOKS}",
        OURS,
        "python data/make/melody_rnn.py",
    ),
    Kind(
        "weights/writer-abc*",
        f"trained by this project on {TUNE_BOOKS}",
        OURS,
        "python data/make/writer.py",
    ),
    Kind(
        "weights/tune-net-*",
        f"trained by this project on {CHORALES}",
        OURS,
        "python data/make/tune_net.py",
    ),
    Kind(
        "weights/wgan-small*",
        f"trained by this project on {CHORALES}",
        OURS,
        "python data/make/wgan.py",
    ),
    Kind(
        "weights/wgan-bach*",
        f"trained by this project on {CHORALES}",
        OURS,
        "python data/make/wgan.py",
    ),
    Kind(
        "weights/wgan-genres*",
        f"trained by this project on {CHORALES} and on {GENRES}",
        OURS,
        "python data/make/wgan.py",
    ),
    Kind(
        "weights/transformer*",
        f"trained by this project on {CHORALES}, on {GENRES} and on {TUNE_BOOKS}",
        OURS,
        "python data/make/transformer.py",
    ),
    Kind(
        "weights/ar-cnn-orderless*",
        f"trained by this project on {CHORALES} and on pieces that its Transformer "
        f"made up, which had learned from those, from {GENRES} and from {TUNE_BOOKS}",
        OURS,
        "python data/make/ar_cnn.py",
    ),
    Kind(
        "weights/ar-cnn-events*",
        f"trained by this project on {CHORALES}",
        OURS,
        "python data/make/ar_cnn_events.py",
    ),
    Kind(
        "weights/frame-lstm*",
        f"trained by this project on {CHORALES}",
        OURS,
        "python data/make/transformer.py --lstm",
    ),
    Kind(
        "weights/next-note*",
        f"trained by this project on {CHORALES}, on {GENRES} and on {TUNE_BOOKS}",
        OURS,
        "python data/make/next_note.py",
    ),
    Kind(
        "weights/ada-*",
        "trained by this project on notes and tunes that its synth plays with "
        f"{SOUNDFONT}",
        OURS,
        "python data/make/ada.py",
    ),
    Kind(
        "weights/wavenet-notes*",
        f"trained by this project on notes that its synth plays with {SOUNDFONT}",
        OURS,
        "python data/make/wavenet.py",
    ),
    Kind(
        "weights/nsynth*",
        f"trained by this project on notes that its synth plays with {SOUNDFONT}",
        OURS,
        "python data/make/nsynth.py",
    ),
    Kind(
        "weights/translation*",
        f"trained by this project on its own tunes, played with {SOUNDFONT}",
        OURS,
        "python data/make/translation.py",
    ),
    Kind(
        "runs/wgan-bach/*",
        "records of that training, and Ode to Joy harmonised at its stages; "
        f"trained on {CHORALES}",
        OURS,
        "python data/make/wgan.py",
    ),
)


def data_files() -> list[str]:
    """Return the paths of all data files inside data/, sorted."""
    root = data_dir()
    paths = (p.relative_to(root) for p in root.rglob("*") if p.is_file())
    visible = (p for p in paths if not any(part[0] in "._" for part in p.parts))
    names = sorted(path.as_posix() for path in visible)
    return [n for n in names if not any(fnmatch(n, pattern) for pattern in NO_DATA)]


def row(name: str) -> dict[str, str | int]:
    """Return the manifest's row for one file.

    Raises:
        LookupError: if no kind fits the file.
    """
    kind = next((kind for kind in KINDS if fnmatch(name, kind.pattern)), None)
    if kind is None:
        raise LookupError(f"data/{name} fits no row of KINDS in data/make/manifest.py")
    path = data_dir() / name
    return {
        "path": name,
        "source": kind.source,
        "licence": kind.licence,
        "size": path.stat().st_size,
        "sha256": sha256_of(path),
        "made_by": kind.made_by,
    }


def manifest() -> str:
    """Return the text of the manifest for the files as they are now."""
    rows = [row(name) for name in data_files()]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write or check the manifest; return 0, or 1 if it is out of date."""
    path: Path = data_dir() / "manifest.json"
    text = manifest()
    if "--check" in arguments:
        is_current = path.exists() and path.read_text(encoding="utf-8") == text
        print("The manifest is up to date." if is_current else "It is out of date.")
        return 0 if is_current else 1
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(data_files())} files written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

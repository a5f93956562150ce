"""Build the clean tunes and record their checksum in data/corpora/tune_books.json.

    python data/make/tune_books.py            build, compare with the record, cache
    python data/make/tune_books.py --record   build and write the record anew

The tunes themselves are not in the repository: see data/README.md. Run with --record
only when the cleaning or the release of music21 has changed on purpose; weights trained
on the old text then name a checksum that is no longer made.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from importlib.metadata import version

from deepcomposer_edu.corpora.cache import music21_corpus
from deepcomposer_edu.corpora.tune_books import digest_of, joined, load_tune_books
from deepcomposer_edu.corpora.tune_cleaning import SPLITS, read_books
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import data_dir


def main() -> int:
    """Build the tunes; return 0 if they are those on record, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--record", action="store_true", help="write the record anew")
    record_anew = parser.parse_args().record
    tunes = read_books(music21_corpus())
    by_split = {s: [tune for tune in tunes if tune.split == s] for s in SPLITS}
    record = {
        "sha256": digest_of(tunes),
        "music21": version("music21"),
        "tunes": {split: len(some) for split, some in by_split.items()},
        "characters": {split: len(joined(some)) for split, some in by_split.items()},
        "books": dict(sorted(Counter(tune.book for tune in tunes).items())),
    }
    path = data_dir() / "corpora" / "tune_books.json"
    if record_anew:
        with atomic_path(path) as temporary:
            temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(record)
    if json.loads(path.read_text(encoding="utf-8"))["sha256"] != record["sha256"]:
        print("The tunes differ from data/corpora/tune_books.json.", file=sys.stderr)
        return 1
    load_tune_books()
    return 0


if __name__ == "__main__":
    sys.exit(main())

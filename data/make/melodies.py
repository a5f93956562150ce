"""Build the melodies' arrays and record their checksum in data/corpora/melodies.json.

    python data/make/melodies.py            build, compare with the record, cache
    python data/make/melodies.py --record   build and write the record anew

The arrays themselves are not in the repository: see data/README.md. Run with --record
only when the tune books, the reader or the release of music21 has changed on purpose;
weights trained on the old arrays then name a checksum that is no longer made.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from importlib.metadata import version

from deepcomposer_edu.corpora.cache import content_digest
from deepcomposer_edu.corpora.melodies import build_melodies, melody_arrays, to_arrays
from deepcomposer_edu.corpora.tune_books import load_tune_books
from deepcomposer_edu.files import atomic_path
from deepcomposer_edu.paths import data_dir


def main() -> int:
    """Build the arrays; return 0 if they are those on record, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--record", action="store_true", help="write the record anew")
    record_anew = parser.parse_args().record
    start = time.perf_counter()
    melodies, left_out = build_melodies(load_tune_books("all"))
    arrays = to_arrays(melodies)
    seconds = time.perf_counter() - start
    record = {
        "sha256": content_digest(arrays),
        "music21": version("music21"),
        "melodies": dict(sorted(Counter(arrays["split"].tolist()).items())),
        "steps": int(arrays["offsets"][-1]),
        "left_out": dict(sorted(left_out.items())),
    }
    path = data_dir() / "corpora" / "melodies.json"
    if record_anew:
        with atomic_path(path) as temporary:
            temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"{len(melodies)} melodies in {seconds:.1f} s: {record['melodies']}")
    print(f"left out: {record['left_out']}")
    if json.loads(path.read_text(encoding="utf-8"))["sha256"] != record["sha256"]:
        print("The arrays differ from data/corpora/melodies.json.", file=sys.stderr)
        return 1
    melody_arrays()
    return 0


if __name__ == "__main__":
    sys.exit(main())
